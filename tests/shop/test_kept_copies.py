"""What the public worker keeps of a batch page: nothing that may be false tomorrow."""

import re
from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from shop import clock
from shop.models.batches import NoticeKind
from shop.resources import PACKAGE
from tests import factories
from tests.support.pages import Page, Visitor, faults
from tests.support.whole_batch import Whole, make_whole_batch, stop_clock

CUT = re.compile(r"^const OF_TODAY = /(.*)/g;$", re.MULTILINE)
TODAY_ALONE = re.compile(
    r"VietGAP|OCOP|data-claim|hasCertification|InStock|Lô đang bán|Mua |\bcòn \d", re.IGNORECASE
)


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    stop_clock(monkeypatch)


def kept(page: Page) -> str:
    """Return what is left of a page after the cut that stands in the worker."""
    worker = (PACKAGE / "static/js/public-worker.js").read_text(encoding="utf-8")
    found = CUT.search(worker)
    assert found is not None
    pattern = found[1].replace("[^]", r"[\s\S]").replace("\\/", "/")
    return re.sub(pattern, "", page.body)


@pytest.mark.parametrize("days", [300, 3])
def test_a_kept_batch_names_no_claim_no_verdict_and_no_days_left(
    visitor: Visitor, app_session: Session, days: int
) -> None:
    made_on = clock.today() - timedelta(days=27)
    whole = make_whole_batch(
        app_session, made_on=made_on, expires_on=clock.today() + timedelta(days=days)
    )
    page = visitor.open(whole.path)
    said_now = TODAY_ALONE.findall(page.body)

    copy = kept(page)

    assert page.headers["Dacsan-Keep"] == "lo"
    assert {"VietGAP", "data-claim"} <= set(said_now)
    assert TODAY_ALONE.findall(copy) == []
    assert whole.batch.lot in copy
    assert faults(copy) == []


@pytest.mark.parametrize(
    ("kind", "words"),
    [(NoticeKind.RECALL, "Đang thu hồi."), (NoticeKind.HOLD, "HTX đang kiểm tra lô này")],
)
def test_a_kept_recall_stays_a_recall_and_a_hold_a_hold(
    visitor: Visitor, app_session: Session, kind: NoticeKind, words: str
) -> None:
    whole: Whole = make_whole_batch(app_session)
    factories.make_notice(app_session, whole.batch, kind=kind)
    app_session.commit()
    page = visitor.open(whole.path)

    copy = kept(page)

    assert page.headers["Dacsan-Keep"] == "canh-bao"
    assert words in copy
    assert TODAY_ALONE.findall(copy) == []
    assert faults(copy) == []
