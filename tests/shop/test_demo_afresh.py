"""`dacsan demo --today` moves the days of the demo, and never takes away what people entered."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from shop.backup import archive
from shop.cli import main
from shop.config import Settings
from shop.db import make_engine, open_session
from shop.models.batches import Batch
from shop.models.catalog import Product, Seller, SellerMode
from shop.models.people import Account
from shop.services import batches
from shop.services.actors import SYSTEM
from tests.factories import NOW, make_product, make_seller
from tests.support.applications import MakeSettings

Said = pytest.CaptureFixture[str]


@pytest.fixture
def demo(
    demo_database_url: str, make_settings: MakeSettings, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Session]:
    """The demo, on which commands work."""
    settings = make_settings(database_url=demo_database_url)
    for name, value in (
        ("VAR", settings.var),
        ("DATABASE_URL", demo_database_url),
        ("LANG", "vi"),
    ):
        monkeypatch.setenv(f"DACSAN_{name}", str(value))
    engine = make_engine(demo_database_url)
    with open_session(engine, settings) as session:
        yield session
    engine.dispose()


def enter_an_account(session: Session) -> None:
    session.add(Account(phone="+84911222333", name="Trần Thật", password_hash="-", created_at=NOW))


def enter_a_product(session: Session) -> None:
    make_product(session, session.scalars(select(Seller)).first())


def enter_a_batch(session: Session) -> None:
    product = session.scalars(select(Product)).first()
    assert product is not None
    batches.open_batch(
        session,
        product,
        lot="THAT-01",
        made_on=NOW.date(),
        expires_on=None,
        actor=SYSTEM,
        now=NOW,
    )


def test_an_untouched_demo_is_moved_without_a_word(demo: Session, capsys: Said) -> None:
    demo.rollback()

    code = main(["demo", "--today", "--json"])

    told = json.loads(capsys.readouterr().out)
    assert code == 0
    assert (told["sellers"], told["products"]) == (5, 15)
    assert "backup" not in told


@pytest.mark.parametrize(
    ("enter", "named"),
    [
        (enter_an_account, "1 tài khoản"),
        (enter_a_product, "1 sản phẩm"),
        (enter_a_batch, "1 lô"),
    ],
)
def test_what_people_entered_is_never_taken_away(
    demo: Session, capsys: Said, enter: object, named: str
) -> None:
    assert callable(enter)
    enter(demo)
    demo.commit()
    before = [set(demo.scalars(select(model.id))) for model in (Account, Product, Batch)]
    demo.rollback()

    code = main(["demo", "--today"])

    said = capsys.readouterr().err
    after = [set(demo.scalars(select(model.id))) for model in (Account, Product, Batch)]
    assert code == 1
    assert named in said
    assert "dacsan demo --reset" in said
    assert after == before


def test_a_reset_keeps_everything_in_a_backup_first_and_says_where(
    demo: Session, capsys: Said
) -> None:
    enter_an_account(demo)
    demo.commit()

    code = main(["demo", "--reset", "--json"])

    path = Path(json.loads(capsys.readouterr().out)["backup"])
    assert code == 0
    assert path.is_relative_to(Settings().var.resolve() / "backups")
    assert archive.DATABASE in {part.name for part, _content in archive.read(path)}
    assert demo.scalar(select(Account.id).where(Account.is_sample.is_(False))) is None


@pytest.mark.parametrize("flag", ["--today", "--reset"])
def test_nothing_is_wiped_beside_a_real_seller(demo: Session, capsys: Said, flag: str) -> None:
    make_seller(demo, name="HTX Thật", mode=SellerMode.LIVE)
    demo.commit()

    code = main(["demo", flag])

    assert code == 1
    assert "HTX Thật" in capsys.readouterr().err
