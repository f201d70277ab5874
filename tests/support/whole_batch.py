"""A batch that tells everything the rules ask for, and a reader of how its page lists that."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from xml.etree.ElementTree import Element

import pytest
from sqlalchemy import Engine, event
from sqlalchemy.orm import Session

from shop import clock
from shop.models.batches import Batch, BatchInput, BatchKind, BatchPack, BatchStep, InputKind
from shop.models.catalog import Certificate, Pack, Photo, Product, Seller
from shop.models.people import Member, Plot
from shop.services import journal
from tests import factories
from traceability import gtin as gtins

LOT = "CHE-261103-01"


def stop_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the application live on the day of the factories, whatever the calendar says."""
    monkeypatch.delenv("DACSAN_CLOCK_DAYS", raising=False)
    monkeypatch.setenv("DACSAN_CLOCK_DAYS", str((factories.TODAY - clock.today()).days))


@dataclass(frozen=True)
class Whole:
    """The rows of one batch; a test changes one of them."""

    seller: Seller
    product: Product
    photo: Photo
    pack: Pack
    batch: Batch
    batch_pack: BatchPack
    member: Member
    plot: Plot
    delivery: Batch
    harvest: BatchInput
    spraying: BatchInput
    step: BatchStep
    certificate: Certificate

    @property
    def path(self) -> str:
        """Return the address of the page."""
        return f"/01/{self.pack.gtin}/10/{self.batch.lot}"


def make_whole_batch(session: Session, **batch_values: Any) -> Whole:
    """Write down one batch of tea of which nothing is missing, and commit."""
    seller = factories.make_seller(
        session, short_name="HTX Chè La Bằng", name="Hợp tác xã Chè La Bằng",
        tax_code="4600000001", old_address="xã La Bằng, huyện Đại Từ, tỉnh Thái Nguyên",
    )  # fmt: skip
    product = factories.make_product(
        session, seller, name="Chè xanh La Bằng", storage="Nơi khô, mát", shelf_life_days=540,
        cautions=["Có caffeine"], brand="Chè La Bằng", ingredients=["Búp chè tươi 100 %"],
    )  # fmt: skip
    photo = Photo(
        product_id=product.id, key=f"che-{product.id}", extension="jpg", width=960, height=960,
        created_at=factories.NOW,
    )  # fmt: skip
    number = f"952132110{seller.id % 1000:03}"
    pack = factories.make_pack(
        session, product, label="Chè móc câu, gói 200 g", gtin_is_internal=False,
        gtin=f"0{number}{gtins.check_digit(number)}",
    )  # fmt: skip
    values = {"lot": LOT, "retained_sample_g": 100} | batch_values
    level = factories.make_level(session, pack, on_hand=53, **values)
    batch_pack = session.get_one(BatchPack, level.batch_pack_id)
    batch = session.get_one(Batch, batch_pack.batch_id)
    member = Member(
        seller_id=seller.id, code="tv-01", party_id=journal.new_party_id(), kind="member",
        full_name="Triệu Văn Lim", gender="nam", birth_year=1958, phone="+84912345678",
        show_name=True,
    )  # fmt: skip
    session.add_all([photo, member])
    session.flush()
    plot = Plot(
        seller_id=seller.id, member_id=member.id, code="LB-T03",
        party_id=journal.new_party_id(), name="Nương Đồng Mít", hamlet="Xóm La Bằng",
    )  # fmt: skip
    delivery = factories.make_batch(
        session, product, kind=BatchKind.DELIVERY, lot="CHEN-261102-01", goods="Búp chè tươi",
        quantity_g=130_000,
    )  # fmt: skip
    session.add(plot)
    session.flush()
    origin: dict[str, Any] = {"member_id": member.id, "plot_id": plot.id}
    harvest = BatchInput(
        batch_id=batch.id, kind=InputKind.RAW_MATERIAL, name="Búp chè tươi",
        quantity_g=130_000, source_id=delivery.id, harvested_on=date(2026, 11, 2), **origin,
    )  # fmt: skip
    spraying = BatchInput(
        batch_id=batch.id, kind=InputKind.PESTICIDE, name="Matrine 0,6 %",
        applied_on=date(2026, 10, 25), harvested_on=date(2026, 11, 2), phi_days=5,
        details={"dose": "20 ml/bình 16 lít"}, **origin,
    )  # fmt: skip
    step = BatchStep(
        batch_id=batch.id, seq=1, code="fixation", name="Diệt men", place="Xưởng",
        started_at=datetime(2026, 11, 2, 10, 0, tzinfo=UTC),
        ended_at=datetime(2026, 11, 2, 12, 0, tzinfo=UTC), in_g=130_000, out_g=27_500,
        loss_g=102_500, operator_id=member.id, details={"temp_c": 240, "minutes_per_load": 8},
    )  # fmt: skip
    born = BatchInput(
        batch_id=delivery.id, kind=InputKind.RAW_MATERIAL, name="Búp chè tươi",
        quantity_g=130_000, harvested_on=date(2026, 11, 2), **origin,
    )  # fmt: skip
    session.add_all([harvest, spraying, step, born])
    certificate = factories.make_certificate(session, seller, products=[product])
    session.commit()
    return Whole(
        seller, product, photo, pack, batch, batch_pack, member, plot, delivery, harvest,
        spraying, step, certificate,
    )  # fmt: skip


def missing_items(root: Element) -> set[tuple[str, str]]:
    """Return regulation and item of all that a batch page calls missing."""
    found = set()
    for section in root.iter("details"):
        title = ""
        for element in section.iter():
            if element.tag == "h3":
                title = _text(element)
            elif element.tag == "div" and title:
                label, said = _text(element[0]), _text(element[1])
                if said.startswith("chưa có"):
                    found.add((title, label))
    return found


def _text(element: Element) -> str:
    return " ".join("".join(element.itertext()).split())


class Statements:
    """Counts what is asked of a database while it is open."""

    def __init__(self, engine: Engine) -> None:
        self._engine, self.asked = engine, list[str]()

    def __enter__(self) -> "Statements":
        event.listen(self._engine, "before_cursor_execute", self._note)
        return self

    def __exit__(self, *_error: object) -> None:
        event.remove(self._engine, "before_cursor_execute", self._note)

    def _note(self, *arguments: Any) -> None:
        statement: str = arguments[2]
        if not statement.startswith(("BEGIN", "PRAGMA")):
            self.asked.append(statement)
