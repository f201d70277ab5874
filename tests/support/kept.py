"""Public pages as a browser keeps them: the bytes, and the tag it asks with."""

from collections.abc import Iterable
from dataclasses import dataclass

from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from shop.models.batches import Batch, BatchKind, BatchPack, BatchState
from shop.models.catalog import Certificate, Pack, Product, ProductState, Seller


@dataclass(frozen=True)
class Copy:
    """An answer as it was: its tag is empty when the page is not to be kept."""

    status: int
    tag: str
    body: bytes


def paths(session: Session) -> list[str]:
    """Return the address of every page that is kept, as the tables have them."""
    found = ["/", "/san-pham", "/san-pham?con=1&xep=price"]
    found += [f"/htx/{slug}" for slug in session.scalars(select(Seller.slug))]
    published = select(Product.slug).where(Product.state == ProductState.PUBLISHED)
    found += [f"/san-pham/{slug}" for slug in session.scalars(published)]
    found += [f"/giay-to/{number}" for number in session.scalars(select(Certificate.id))]
    labels = (
        select(Pack.gtin, Batch.lot)
        .join(BatchPack, BatchPack.pack_id == Pack.id)
        .join(Batch, Batch.id == BatchPack.batch_id)
        .where(Batch.state != BatchState.DRAFT)
    )
    found += [f"/01/{gtin}/10/{lot}" for gtin, lot in session.execute(labels)]
    bulk = (
        select(Seller.slug, Batch.lot)
        .join(Batch, Batch.seller_id == Seller.id)
        .where(Batch.kind != BatchKind.RETAIL, Batch.state != BatchState.DRAFT)
    )
    return found + [f"/lo/{slug}/{lot}" for slug, lot in session.execute(bulk)]


def copies(client: FlaskClient, addresses: Iterable[str]) -> dict[str, Copy]:
    """Return the pages at `addresses` as they are rendered now."""
    found = {}
    for path in addresses:
        answer = client.get(path)
        found[path] = Copy(answer.status_code, answer.headers.get("ETag", ""), answer.data)
    return found


def is_confirmed(client: FlaskClient, path: str, tag: str) -> bool:
    """Return whether the shop says of the page with this tag that it is still the same."""
    return client.get(path, headers={"If-None-Match": tag}).status_code == 304


def wrongly_kept(before: dict[str, Copy], after: dict[str, Copy]) -> list[str]:
    """Return the addresses whose bytes changed while their tag stayed."""
    return [
        path
        for path, copy in before.items()
        if path in after and copy.tag and copy.tag == after[path].tag
        if copy.body != after[path].body
    ]


def needlessly_new(before: dict[str, Copy], after: dict[str, Copy]) -> list[str]:
    """Return the addresses whose tag changed while their bytes stayed."""
    return [
        path
        for path, copy in before.items()
        if path in after and copy.tag != after[path].tag and copy.body == after[path].body
    ]
