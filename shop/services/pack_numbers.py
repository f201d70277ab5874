"""The numbers and addresses that are free for goods: asked once for any number of drafts."""

from collections.abc import Iterable, Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from shop.errors import FieldRefused
from shop.forms.drafts import PackDraft, ProductDraft
from shop.models.catalog import FormerAddress, Pack, Product, Seller
from shop.queries import imports as reading
from shop.search.folding import slug as slug_of
from traceability import gtin as gtins

INTERNAL_PREFIX = "020"
"""GTIN-13 numbers beginning with 20, for use inside an installation (`design.md` 2)."""

_MOST = 10_000


class FreeNumbers:
    """Gives out addresses, codes and GTINs that nothing has, and none of them twice.

    What is taken is read when it is first asked for, for all the drafts together. The keys of the
    tables settle a race.
    """

    def __init__(self, session: Session, seller: Seller, drafts: Sequence[ProductDraft]) -> None:
        self._session, self._seller = session, seller
        self._drafts = drafts
        self._slugs: set[str] | None = None
        self._skus: set[str] | None = None
        self._gtins: set[str] | None = None
        self._highest: int | None = None

    def slug(self, name: str) -> str:
        """Return the address of a product of this name; none that another product ever had."""
        if self._slugs is None:
            self._slugs = self._taken_slugs()
        return _first_free(slug_of(name) or "san-pham", self._slugs)

    def sku(self, product: Product, draft: PackDraft) -> str:
        """Return a code for a pack that nobody gave one."""
        if self._skus is None:
            of_seller = select(Pack.sku).where(Pack.seller_id == self._seller.id)
            self._skus = set(self._session.scalars(of_seller))
            self._skus |= {pack.sku for one in self._drafts for pack in one.packs if pack.sku}
        words = slug_of(product.name).split("-")
        initials = "".join(word[0] for word in words if word)[:4].upper()
        stem = f"{self._seller.lot_prefix}-{initials}-{draft.net_quantity}"
        return _first_free(stem, self._skus)

    def licensed_gtin(self, draft: PackDraft, position: int) -> str:
        """Return the GTIN that `draft` says; raise `FieldRefused` where another pack has it."""
        gtin = gtins.validate(draft.gtin or "")
        if self._gtins is None:
            said = {pack.gtin for one in self._drafts for pack in one.packs if pack.gtin}
            wanted = {gtins.validate(one) for one in said}
            self._gtins = set(reading.owners_of_gtins(self._session, wanted))
        if gtin in self._gtins:
            raise FieldRefused(f"packs-{position}-gtin", "gtin_taken", gtin=gtin)
        self._gtins.add(gtin)
        return gtin

    def next_gtin(self) -> str:
        """Return the next internal number."""
        if self._highest is None:
            internal = select(func.max(Pack.gtin)).where(Pack.gtin.startswith(INTERNAL_PREFIX))
            highest = self._session.scalar(internal)
            self._highest = int(highest[3:13]) if highest else 0
        self._highest += 1
        payload = f"{INTERNAL_PREFIX}{self._highest:010}"
        return payload + gtins.check_digit(payload)

    def _taken_slugs(self) -> set[str]:
        found: set[str] = set()
        for column in (Product.slug, FormerAddress.slug):
            wanted = select(column)
            if len(self._drafts) == 1:
                stem = slug_of(self._drafts[0].name) or "san-pham"
                wanted = wanted.where(column.startswith(stem))
            found |= set(self._session.scalars(wanted))
        return found


def _first_free(stem: str, taken: set[str]) -> str:
    """Return `stem`, or the first of its numbered forms that is free, and note it as taken."""
    numbered: Iterable[str] = (f"{stem}-{number}" for number in range(2, _MOST))
    found = stem if stem not in taken else next(one for one in numbered if one not in taken)
    taken.add(found)
    return found
