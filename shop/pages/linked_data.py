"""What search engines read: the facts of a page in the words of schema.org, as JSON-LD.

Only what the page itself says stands here: prices and stock of this moment, claims with papers
that hold for the batch that would be sent, ratings of reviews that are shown.
"""

import json
from collections.abc import Iterable, Sequence
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from markupsafe import Markup

from shop import delivery_fees
from shop.claims import claim_words
from shop.clock import day_of
from shop.locales import whole_address
from shop.models.legal import LegalPage
from shop.pages import own_words
from shop.pages.place_words import place
from shop.pages.reviews import author
from shop.queries.catalog_product import PackForSale, ProductRows
from shop.queries.catalog_seller import SellerRows
from shop.services.batch_story import Story

Thing = dict[str, Any]

_SCHEMA = "https://schema.org"
_BEST = 5


def script(things: Sequence[Thing] | None) -> Markup:
    """Return `things` as one block of data for the head of a page; nothing for none.

    What could end the block early stands as an escape of JSON, so that a name may hold anything.
    """
    if not things:
        return Markup("")
    text = json.dumps(
        {"@context": _SCHEMA, "@graph": [_filled(thing) for thing in things]},
        ensure_ascii=False,
        separators=(",", ":"),
    )
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    # the text is data: its characters were made harmless above
    return Markup('<script type="application/ld+json">{}</script>').format(Markup(text))  # noqa: S704


def _filled(thing: Thing) -> Thing:
    """Return `thing` without the members that say nothing."""
    return {
        name: _filled(value) if isinstance(value, dict) else value
        for name, value in thing.items()
        if value not in (None, "", [], {})
    }


def home() -> list[Thing]:
    """Return the shop itself, with the search that engines may offer beside it."""
    address = whole_address(url_for("catalog.home"))
    search = whole_address(url_for("catalog.products")) + "?q={words}"
    return [
        {
            "@type": "WebSite",
            "@id": f"{address}#web",
            "name": "Đặc Sản",
            "url": address,
            "potentialAction": {
                "@type": "SearchAction",
                "target": {"@type": "EntryPoint", "urlTemplate": search},
                "query-input": "required name=words",
            },
        }
    ]


def goods(title: str, address: str, rows: Iterable[Any]) -> list[Thing]:
    """Return a list of goods, each with the address of its own page."""
    entries = [
        {
            "@type": "ListItem",
            "position": position,
            "url": whole_address(url_for("catalog.product", slug=row.slug)),
        }
        for position, row in enumerate(rows, 1)
    ]
    trail = [(_("Đặc sản"), url_for("catalog.products"))]
    if title:
        trail.append((title, address))
    listed = {"@type": "ItemList", "itemListElement": entries} if entries else {}
    return [thing for thing in (listed, _trail(*trail)) if thing]


def product(
    rows: ProductRows, *, picture: str, first: PackForSale | None, papers: Sequence[Any]
) -> list[Thing]:
    """Return a product with an offer for each pack; `papers` speak for what would be sent."""
    head = rows.head
    address = url_for("catalog.product", slug=head.slug)
    seller = _maker(head.seller_slug, head.seller_name)
    thing = {
        "@type": "Product",
        "@id": f"{whole_address(address)}#hang",
        "name": head.name,
        "url": whole_address(address),
        "image": whole_address(picture),
        "alternateName": own_words.gloss(head.english),
        "description": own_words.plain(head.description, head.english.get("description"))
        or f"{head.name}, {head.short_name}",
        "category": own_words.kind(head.kind),
        "brand": {"@type": "Brand", "name": head.brand} if head.brand else {},
        "manufacturer": seller,
        "productionDate": _day(first.row.made_on) if first else "",
        "hasCertification": [_certification(paper) for paper in papers],
        "offers": [_offer(pack, head, rows.deliveries, seller) for pack in rows.packs],
        **_ratings(rows),
    }
    return [
        thing,
        _trail((_("Đặc sản"), url_for("catalog.products")), (head.name, address)),
    ]


def _offer(pack: PackForSale, head: Any, deliveries: Sequence[Any], seller: Thing) -> Thing:
    row = pack.row
    fees = [rate for way in deliveries if (rate := _rate(way, row.mass_g))]
    return _filled(
        {
            "@type": "Offer",
            "name": own_words.plain(row.label, row.label_en),
            "sku": row.sku,
            # internal numbers mean nothing outside of this shop (GS1 prefix 20)
            "gtin": "" if row.gtin_is_internal else row.gtin,
            "price": row.price_vnd,
            "priceCurrency": "VND",
            "availability": f"{_SCHEMA}/{'InStock' if pack.available else 'OutOfStock'}",
            "itemCondition": f"{_SCHEMA}/NewCondition",
            "url": whole_address(url_for("catalog.product", slug=head.slug)),
            "seller": seller,
            "shippingDetails": _shipping(min(fees, key=_amount)) if fees else {},
            "hasMerchantReturnPolicy": _returns(head.seller_slug),
        }
    )


def _rate(way: Any, weight_g: int) -> Thing:
    """Return what it costs to bring a pack anywhere, by a table the most; nothing by a way that
    leaves places out."""
    table = way.fee_table or ()
    if way.province_codes or (table and delivery_fees.reached(table) is not None):
        return {}
    if not table:
        return {"value": way.fee_vnd}
    highest_vnd = delivery_fees.most(table, weight_g)
    return {} if highest_vnd is None else {"maxValue": highest_vnd}


def _amount(rate: Thing) -> int:
    return int(max(rate.values()))


def _shipping(rate: Thing) -> Thing:
    return {
        "@type": "OfferShippingDetails",
        "shippingRate": {"@type": "MonetaryAmount", **rate, "currency": "VND"},
        "shippingDestination": {"@type": "DefinedRegion", "addressCountry": "VN"},
    }


def _returns(slug: str) -> Thing:
    """Return where the seller says what comes back: the days and terms are its own words."""
    address = url_for("legal.of_seller", slug=slug, page=LegalPage.RETURNS.value)
    return {"@type": "MerchantReturnPolicy", "merchantReturnLink": whole_address(address)}


def _certification(paper: Any) -> Thing:
    return _filled(
        {
            "@type": "Certification",
            "name": str(claim_words(paper.kind, paper.extra)),
            "certificationIdentification": paper.number,
            "issuedBy": {"@type": "Organization", "name": paper.issuer},
            "validFrom": _day(paper.issued_on),
            "expires": _day(paper.expires_on),
        }
    )


def _ratings(rows: ProductRows) -> Thing:
    counts = {stars: getattr(rows.head, f"stars_{stars}") or 0 for stars in range(1, _BEST + 1)}
    total = sum(counts.values())
    if not total:
        return {}
    points = sum(stars * count for stars, count in counts.items())
    shown = {row.id: row for row in rows.reviews}
    return {
        "aggregateRating": {
            "@type": "AggregateRating",
            "ratingValue": (20 * points + total) // (2 * total) / 10,
            "ratingCount": total,
            "bestRating": _BEST,
            "worstRating": 1,
        },
        "review": [
            _filled(
                {
                    "@type": "Review",
                    "author": {"@type": "Person", "name": author(row.salutation, row.initial)},
                    "datePublished": _day(day_of(row.submitted_at)),
                    "reviewBody": row.text,
                    "reviewRating": {
                        "@type": "Rating",
                        "ratingValue": row.stars,
                        "bestRating": _BEST,
                    },
                }
            )
            for row in shown.values()
        ],
    }


def seller(rows: SellerRows) -> list[Thing]:
    """Return who sells, with address and telephone, as its page tells them."""
    one = rows.seller
    address = url_for("catalog.seller", slug=one.slug)
    since = one.settings.get("since_year")
    return [
        {
            **_maker(one.slug, one.name),
            "@type": "Store",
            "alternateName": one.short_name,
            "description": one.about,
            "telephone": one.phone,
            "taxID": one.tax_code,
            "foundingDate": str(since or ""),
            "currenciesAccepted": "VND",
            "address": {
                "@type": "PostalAddress",
                "streetAddress": one.hamlet,
                "addressLocality": place(one.commune),
                "addressRegion": place(one.province),
                "addressCountry": "VN",
            },
        },
        _trail((one.short_name, address)),
    ]


def batch(story: Story, *, title: str, description: str, picture: str) -> list[Thing]:
    """Return the page of a batch and the goods it is about; it offers nothing for sale."""
    head = story.head
    address = url_for("batches.show", gtin=head.gtin, lot=head.lot)
    goods_address = url_for("catalog.product", slug=head.slug)
    return [
        {
            "@type": "WebPage",
            "name": title,
            "description": description,
            "url": whole_address(address),
            "primaryImageOfPage": {"@type": "ImageObject", "url": whole_address(picture)},
            "about": {
                "@type": "Product",
                "name": head.name,
                "productionDate": _day(head.made_on or head.packed_on),
                "manufacturer": _maker(head.seller_slug, head.seller_name),
                "identifier": {
                    "@type": "PropertyValue",
                    "propertyID": _("Mã lô"),
                    "value": head.lot,
                },
            },
        },
        _trail((head.name, goods_address), (_("Lô %(lot)s", lot=head.lot), address)),
    ]


def _maker(slug: str, name: str) -> Thing:
    address = whole_address(url_for("catalog.seller", slug=slug))
    return {"@type": "Organization", "@id": f"{address}#noi-ban", "name": name, "url": address}


def _trail(*steps: tuple[str, str]) -> Thing:
    whole = [(_("Trang chủ"), url_for("catalog.home")), *steps]
    return {
        "@type": "BreadcrumbList",
        "itemListElement": [
            {
                "@type": "ListItem",
                "position": position,
                "name": str(name),
                "item": whole_address(address),
            }
            for position, (name, address) in enumerate(whole, 1)
        ],
    }


def _day(day: Any) -> str:
    return str(day.isoformat()) if day is not None else ""
