"""The office's yes: a member's goods become a product on the shelf, with what the office changed.

Until then nothing of a submission is public; the product is created or changed only here.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from shop.errors import FieldRefused, NotFound, ShopError
from shop.forms.drafts import PackDraft, ProductDraft
from shop.forms.text import is_same
from shop.models.catalog import NetUnit, Product
from shop.models.submissions import Submission, SubmissionKind, SubmissionState
from shop.services import photos, products, submissions
from shop.services.actors import Actor


class SentByOneself(ShopError):
    """Who sent an entry for a member does not approve it; `member` is for whom."""

    code = "sent_by_oneself"
    status = 403


def draft_of(submission: Submission, product: Product | None) -> ProductDraft:
    """Return the product as it would be if the submission were approved as it was sent.

    Of a product that is there only name, words, and the price and size of the pack meant change;
    what a new one lacks (ingredients, allergens, storage) stays empty for the office to fill in.
    """
    wish = submission.understood
    pack = _pack(wish, product)
    if product is None:
        return ProductDraft(
            name=wish["name"],
            kind="",
            description=wish["words"],
            ingredients=[],
            allergens=[],
            allergens_stated=False,
            storage="",
            storage_min_c=None,
            storage_max_c=None,
            shelf_life_days=None,
            directions="",
            cautions=[],
            is_chilled=False,
            tax_class="unprocessed",
            packs=[pack],
        )
    others = [_as_it_is(one) for one in product.packs]
    known = [number for number, one in enumerate(others) if one.pack_id == pack.pack_id]
    if known and pack.pack_id is not None:
        others[known[0]] = pack
    else:
        others.append(pack)
    return ProductDraft(
        name=wish["name"],
        kind=product.kind,
        description=wish["words"] or product.description,
        ingredients=product.ingredients,
        allergens=product.allergens,
        allergens_stated=product.allergens_stated,
        storage=product.storage,
        storage_min_c=product.storage_min_c,
        storage_max_c=product.storage_max_c,
        shelf_life_days=product.shelf_life_days,
        directions=product.directions,
        cautions=product.cautions,
        is_chilled=product.is_chilled,
        tax_class=product.tax_class,
        packs=others,
    )


def _pack(wish: Mapping[str, Any], product: Product | None) -> PackDraft:
    """Return the pack meant: one that the product has in this size, else a new one."""
    size = (wish["unit"], wish["net_quantity"], NetUnit(wish["net_unit"]))
    same = next(
        (
            pack
            for pack in (product.packs if product else [])
            if (pack.unit, pack.net_quantity, pack.net_unit) == size
        ),
        None,
    )
    return PackDraft(
        label=same.label if same else wish["pack"],
        unit=wish["unit"],
        net_quantity=wish["net_quantity"],
        net_unit=NetUnit(wish["net_unit"]),
        mass_g=same.mass_g if same else wish["net_quantity"],
        price_vnd=wish["price_vnd"],
        gtin=_licensed(same),
        pack_id=same.id if same else None,
    )


def _as_it_is(pack: Any) -> PackDraft:
    return PackDraft(
        label=pack.label,
        unit=pack.unit,
        net_quantity=pack.net_quantity,
        net_unit=pack.net_unit,
        mass_g=pack.mass_g,
        price_vnd=pack.price_vnd,
        is_offered=pack.is_offered,
        gtin=_licensed(pack),
        pack_id=pack.id,
    )


def _licensed(pack: Any) -> str | None:
    return pack.gtin if pack is not None and not pack.gtin_is_internal else None


def approve(
    session: Session,
    submission: Submission,
    draft: ProductDraft,
    *,
    version: int,
    folder: Path,
    actor: Actor,
    now: datetime,
) -> Product:
    """Make `draft` the product and put it on the shelf; return it.

    The row must be locked. Raises what `submissions.require_waiting` and `require_another` raise,
    `Incomplete` naming what a buyer must know first, and what `products.create` and
    `products.change` refuse.
    """
    if submission.kind is not SubmissionKind.PRODUCT:
        raise NotFound(f"submission {submission.id} is a {submission.kind}")
    submissions.require_waiting(session, submission, version=version, actor=actor)
    require_another(submission, actor=actor)
    changed = changed_by_office(submission, draft)
    by: dict[str, Any] = {"actor": actor, "now": now}
    if submission.product is None:
        product = products.create(
            session, submission.seller, draft, member=submission.member, **by
        )
    else:
        product = submission.product
        products.change(session, product, draft, version=product.version, **by)
    photo = _add_photo(session, submission, product, folder=folder, **by)
    products.publish(session, product, **by)
    submission.product_id, submission.product = product.id, product
    submission.office_changes = changed
    told = {"product": product.name, **({"photo": photo} if photo else {}), **changed}
    submissions.decide(session, submission, SubmissionState.APPROVED, after=told, **by)
    return product


def require_another(submission: Submission, *, actor: Actor) -> None:
    """Raise `SentByOneself` where `actor` sent the entry for its member: somebody else says yes.

    One person who is helper and clerk would else put goods on the shelf that nobody looked at.
    """
    is_helper = submission.made_by_id != submission.member.account_id
    if is_helper and actor.account_id is not None and submission.made_by_id == actor.account_id:
        raise SentByOneself(
            f"account {actor.account_id} sent submission {submission.id}",
            member=submission.member.full_name,
        )


def _add_photo(
    session: Session, submission: Submission, product: Product, *, folder: Path, **by: Any
) -> str:
    """Return the key of the submission's photo as one of the product; empty where none waits."""
    if not submission.photo:
        return ""
    try:
        added = photos.add_staged(session, product, submission.photo, folder=folder, **by)
    except FieldRefused as refused:
        if refused.sentence_code != "image_gone":
            raise
        return ""
    if added is not product.photos[0]:
        photos.make_first(session, added, **by)
    return added.key


def changed_by_office(submission: Submission, draft: ProductDraft) -> dict[str, Any]:
    """Return what the office changed of what was sent: field -> [as sent, as approved].

    What the member did not say and the office wrote stands there too, its first value empty.
    """
    asked = draft_of(submission, submission.product)
    pairs = {
        name: [_as_data(getattr(asked, field)), _as_data(getattr(draft, field))]
        for name, field in _COMPARED.items()
    }
    pairs["allergens"] = [_allergens(asked), _allergens(draft)]
    pairs |= _packs_changed(submission.understood, asked.packs, draft.packs)
    return {name: pair for name, pair in pairs.items() if not is_same(*pair)}


_COMPARED = {"name": "name", "words": "description"} | {
    name: name
    for name in (
        "kind",
        "ingredients",
        "storage",
        "storage_min_c",
        "storage_max_c",
        "shelf_life_days",
        "directions",
        "cautions",
        "is_chilled",
        "tax_class",
    )
}
"""Fields that are compared as they are, by what a member's page calls them."""


def _as_data(value: Any) -> Any:
    """Return a value as the database keeps it; nothing for a list without entries."""
    return list(value) or None if isinstance(value, list | tuple) else value


def _allergens(draft: ProductDraft) -> list[str] | None:
    """Return the allergens; nothing where nobody has said yet whether there are any."""
    return sorted(draft.allergens) if draft.allergens_stated else None


def _packs_changed(
    wish: Mapping[str, Any], asked: Sequence[PackDraft], approved: Sequence[PackDraft]
) -> dict[str, list[Any]]:
    """Return what changed of the pack that was meant, and of the others as one."""
    size = (wish["unit"], wish["net_quantity"], NetUnit(wish["net_unit"]))
    meant, others = _parted(asked, size)
    now, others_now = _parted(approved, size)
    if meant is None or now is None:
        return {"pack": [wish["pack"], ", ".join(one.label for one in approved)]}
    return {
        "packs": [_listed(others), _listed(others_now)],
        "price_vnd": [meant.price_vnd, now.price_vnd],
        "pack": [meant.label, now.label],
    }


def _parted(
    packs: Sequence[PackDraft], size: tuple[str, int, NetUnit]
) -> tuple[PackDraft | None, list[PackDraft]]:
    """Return the pack of this size that is offered, and the other ones."""
    offered = [one for one in packs if one.is_offered]
    of_size = [one for one in offered if (one.unit, one.net_quantity, one.net_unit) == size]
    return (of_size[-1] if of_size else None), [one for one in offered if one not in of_size]


def _listed(packs: Sequence[PackDraft]) -> list[list[Any]]:
    return [[one.label, one.price_vnd] for one in packs]
