"""The public pages against a bare application that reads one row by its primary key."""

from collections.abc import Iterator

from flask import Flask
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from benchmarks.shop import asking, bare, tag_of
from benchmarks.turns import Figure, compare
from shop.models.batches import Batch, BatchInput, BatchPack, BatchState, BatchStep
from shop.models.catalog import Pack, Product

UNIT = "Flask trần đọc một dòng theo khoá — bare Flask that reads one row by its key"


def figures(app: Flask, engine: Engine) -> Iterator[Figure]:
    """Yield the pages that people open most, the heaviest of the demo of each kind.

    Rendered anew, and asked for again by a browser that kept them.
    """
    unit = asking(bare(engine), "/1")
    batch, product = _heaviest(engine)
    pages = (
        ("trang lô — batch page", batch, 45.0),
        ("trang sản phẩm — product page", f"/san-pham/{product}", 50.0),
        ("danh sách — list", "/san-pham", 60.0),
        ("tìm — search", "/san-pham?q=che+la+bang", 55.0),
    )
    for name, path, limit in pages:
        yield compare(name, asking(app, path), UNIT, unit, limit=limit)
    for name, path, _limit in pages[:3]:
        kept = asking(app, path, tag=tag_of(app, path))
        yield compare(f"{name}, 304", kept, UNIT, unit, limit=5.0)


def _heaviest(engine: Engine) -> tuple[str, str]:
    """Return the address of the batch with the longest story, and its product's."""
    with Session(engine) as session:
        told = (
            select(Batch.id, (func.count(BatchStep.id.distinct())
                   + func.count(BatchInput.id.distinct())).label("told"))
            .join(BatchStep, BatchStep.batch_id == Batch.id)
            .join(BatchInput, BatchInput.batch_id == Batch.id)
            .where(Batch.state == BatchState.RELEASED)
            .group_by(Batch.id)
            .subquery()
        )  # fmt: skip
        gtin, lot, slug = session.execute(
            select(Pack.gtin, Batch.lot, Product.slug)
            .join(BatchPack, BatchPack.batch_id == Batch.id)
            .join(Pack, Pack.id == BatchPack.pack_id)
            .join(Product, Product.id == Pack.product_id)
            .join(told, told.c.id == Batch.id)
            .order_by(told.c.told.desc(), Batch.id)
            .limit(1)
        ).one()
    return f"/01/{gtin}/10/{lot}", slug
