"""Files are looked at first, brought in once, and taken back."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from threading import Barrier

import pytest
from sqlalchemy import func, select

from shop.db import open_session
from shop.errors import Changed
from shop.models.batches import Batch, BatchState
from shop.models.catalog import Pack, Product, ProductState, Seller
from shop.models.imports import ImportRun
from shop.models.inventory import StockLevel
from shop.models.people import AuditEntry, Member, Plot
from shop.services import products as product_services
from shop.services.actors import SYSTEM
from shop.services.imports import running, undoing
from shop.services.imports.plan import Doing, RowAct
from shop.services.imports.product_drafts import draft_of
from shop.services.imports.running import Consent, RowsRefused, TicksMissing, Wanted
from tests import factories
from tests.factories import NOW
from tests.support.databases import SETTINGS
from tests.support.imports import csv_file

THREE = csv_file(
    "sku,ten,gia,khoi_luong_g",
    "LBT-200,Chè móc câu,90000,200",
    "LBT-500,Chè móc câu,210000,500",
    "NKG-1000,Giò trứng,185000,1000",
)
PEOPLE = csv_file(
    "Mã xã viên;Họ và tên;SĐT;Năm sinh;Giới tính;Xóm;Mã thửa;Diện tích",
    "TV-1;Nguyễn Thị Mẫu;0540 000 101;1958;nữ;Xóm Đồng;T-1;2 sào",
    "TV-1;Nguyễn Thị Mẫu;;;;Xóm Đồng;T-2;500 m2",
    "TV-2;Trần Văn Mẫu;0540000102;01/02/1964;Nam;;;",
)


def acts(plan):
    return [row.act.value for row in plan.rows]


def count(session, model):
    return session.scalar(select(func.count()).select_from(model))


@pytest.mark.both_databases
def test_looking_at_a_file_writes_nothing(importing):
    plan = importing.look(THREE)

    assert acts(plan) == ["new", "new", "new"]
    assert not importing.session.new
    assert not importing.session.dirty
    assert count(importing.session, Product) == 0


@pytest.mark.both_databases
def test_rows_of_one_name_become_one_product_with_its_packs(importing):
    importing.bring_in(THREE)

    tea, sausage = importing.session.scalars(select(Product).order_by(Product.id))
    assert (tea.name, tea.state) == ("Chè móc câu", ProductState.DRAFT)
    assert [(pack.sku, pack.label, pack.price_vnd) for pack in tea.packs] == [
        ("LBT-200", "gói 200 g", 90_000),
        ("LBT-500", "gói 500 g", 210_000),
    ]
    assert [pack.net_quantity for pack in sausage.packs] == [1000]
    assert importing.faults() == []


@pytest.mark.both_databases
def test_the_same_file_again_changes_nothing(importing):
    first = importing.bring_in(THREE)

    plan, again = importing.look(THREE), importing.bring_in(THREE)

    assert acts(plan) == ["unchanged"] * 3
    assert first is not None
    assert again is None
    assert (count(importing.session, Pack), count(importing.session, ImportRun)) == (3, 1)


@pytest.mark.both_databases
def test_the_same_page_confirmed_twice_is_one_run(importing):
    first = importing.bring_in(THREE, token="a" * 32)
    second = importing.bring_in(THREE, token="a" * 32)

    assert first is not None
    assert second is not None
    assert first.id == second.id


def test_a_file_of_codes_and_prices_changes_prices_alone(importing):
    importing.bring_in(THREE)
    prices = csv_file("Mã hàng\tGiá bán", "lbt-200\t95k", "NKG-1000\t185.000")

    plan = importing.look(prices)
    importing.bring_in(prices)

    assert acts(plan) == ["changed", "unchanged"]
    assert [(d.name, d.old, d.new) for d in plan.rows[0].differences] == [
        ("price_vnd", 90_000, 95_000)
    ]
    pack = importing.session.scalars(select(Pack).where(Pack.sku == "LBT-200")).one()
    assert pack.price_vnd == 95_000


@pytest.mark.both_databases
def test_a_run_is_taken_back_whole(importing):
    importing.bring_in(THREE)
    change = csv_file("sku,gia,ten,khoi_luong", "LBT-200,95000,,", "MOI-1,50000,Món mới,100 g")
    run = importing.bring_in(change)

    undoing.undo(importing.session, run, actor=SYSTEM, now=NOW + timedelta(days=3))

    importing.session.commit()
    prices = dict(importing.session.execute(select(Pack.sku, Pack.price_vnd)).all())
    assert prices == {"LBT-200": 90_000, "LBT-500": 210_000, "NKG-1000": 185_000}
    assert count(importing.session, Product) == 2
    assert [row.kept_because for row in run.rows] == [None] * len(run.rows)
    assert importing.faults() == []


def test_what_somebody_changed_since_is_left_and_told(importing):
    run = importing.bring_in(THREE)
    tea = importing.session.scalars(select(Product).order_by(Product.id)).first()
    pack = tea.packs[0]
    draft = draft_of(tea)
    dearer = draft.packs[0].__class__(**{
        name: getattr(draft.packs[0], name) for name in draft.packs[0].__slots__
    } | {"price_vnd": 99_000})  # fmt: skip
    draft = draft.__class__(**{
        name: getattr(draft, name) for name in draft.__slots__
    } | {"packs": (dearer, draft.packs[1])})  # fmt: skip
    product_services.change(
        importing.session, tea, draft, version=tea.version, actor=SYSTEM, now=NOW
    )

    undoing.undo(importing.session, run, actor=SYSTEM, now=NOW)

    kept = {row.title: row.kept_because for row in run.rows if row.kept_because}
    assert kept == {"LBT-200": "changed_since", "Chè móc câu": "in_use"}
    assert pack.price_vnd == 99_000
    assert [row[0] for row in importing.session.execute(select(Pack.sku))] == ["LBT-200"]


def test_a_product_that_has_a_batch_is_withdrawn_instead(importing):
    run = importing.bring_in(THREE)
    pack = importing.session.scalars(select(Pack).where(Pack.sku == "LBT-200")).one()
    factories.make_level(importing.session, pack, on_hand=3)

    undoing.undo(importing.session, run, actor=SYSTEM, now=NOW)

    assert not pack.is_offered
    kept = {row.title: row.kept_because for row in run.rows if row.kept_because}
    assert kept == {"LBT-200": "withdrawn", "Chè móc câu": "in_use"}


def test_undo_ends_after_thirty_days_and_happens_once(importing):
    run = importing.bring_in(THREE)

    with pytest.raises(undoing.UndoneTooLate):
        undoing.undo(importing.session, run, actor=SYSTEM, now=NOW + timedelta(days=31))
    for _ in range(2):
        undoing.undo(importing.session, run, actor=SYSTEM, now=NOW)

    told = select(func.count()).where(AuditEntry.action == "import_undone")
    assert importing.session.scalar(told) == 1


def test_a_file_with_one_bad_row_is_refused_whole_unless_the_good_rows_are_wanted(importing):
    file = csv_file("sku,ten,gia,khoi_luong_g", "A-1,Chè,90000,200", 'A-2,Trà,"50,5",100')

    with pytest.raises(RowsRefused) as refused:
        importing.bring_in(file)
    importing.session.rollback()
    assert count(importing.session, Product) == 0

    run = importing.bring_in(file, only_good=True)

    fault = refused.value.values["plan"].faults[0]
    assert (fault.row, fault.column, fault.code) == (3, "gia", "price_ambiguous")
    assert fault.told.startswith("Dòng 3, cột gia: Chưa rõ giá “50,5”")
    assert run.counts == {"new": 1, "changed": 0, "unchanged": 0, "refused": 1}


def test_what_must_be_looked_at_is_asked_before_anything_is_written(importing):
    file = csv_file("sku,ten,gia,khoi_luong_g,Ghi chú riêng", "A-1,Chè,90000,200,x")

    with pytest.raises(TicksMissing) as missing:
        importing.bring_in(file, tick_all=False)

    assert missing.value.values["codes"] == ["columns_unknown"]


def test_a_file_is_not_brought_in_over_goods_that_changed_since_it_was_looked_at(importing):
    importing.bring_in(THREE)
    prices = csv_file("sku,gia", "LBT-200,95000")
    seen = importing.look(prices).fingerprint
    importing.bring_in(csv_file("sku,gia", "LBT-200,91000"))

    with pytest.raises(Changed):
        running.bring_in(
            importing.session,
            importing.seller,
            Wanted(importing.kinds.PRODUCTS, prices),
            Consent(fingerprint=seen),
            token="b" * 32,
            actor=SYSTEM,
            now=NOW,
            today=importing.today,
        )


@pytest.mark.both_databases
def test_stock_becomes_a_draft_batch_when_the_day_of_making_is_given(importing):
    file = csv_file("sku,ten,gia,khoi_luong_g,ton", "A-1,Chè,90000,200,40", "A-2,Chè,210k,500,12")
    made_on = date(2026, 11, 1)

    run = importing.bring_in(file, stock_made_on=made_on)

    levels = importing.session.scalars(select(StockLevel).order_by(StockLevel.batch_pack_id))
    assert [level.on_hand for level in levels] == [40, 12]
    batch = importing.session.scalars(select(Batch)).one()
    assert (batch.state, batch.made_on) == (BatchState.DRAFT, made_on)
    assert importing.faults() == []
    assert acts(importing.look(file, stock_made_on=made_on)) == ["unchanged"] * 2

    undoing.undo(importing.session, run, actor=SYSTEM, now=NOW)

    assert importing.session.scalars(select(StockLevel.on_hand)).all() == [0, 0]
    assert importing.faults() == []


def test_stock_without_a_day_is_left_out_and_said(importing):
    file = csv_file("sku,ten,gia,khoi_luong_g,ton", "A-1,Chè,90000,200,40")

    plan = importing.look(file)

    assert [tick.code for tick in plan.ticks] == ["stock_left_out"]
    assert plan.rows[0].values["stock"] == 40


@pytest.mark.both_databases
def test_members_come_in_with_their_plots_and_go_again(importing):
    run = importing.bring_in(PEOPLE, "members")

    first, second = importing.session.scalars(select(Member).order_by(Member.code))
    assert (first.full_name, first.phone, first.birth_year, first.gender) == (
        "Nguyễn Thị Mẫu", "+84540000101", 1958, "nữ",
    )  # fmt: skip
    assert [(p.code, p.area_m2, p.hamlet) for p in first.plots] == [
        ("T-1", 720, "Xóm Đồng"), ("T-2", 500, "Xóm Đồng"),
    ]  # fmt: skip
    assert (second.birth_year, second.plots) == (1964, [])
    assert acts(importing.look(PEOPLE, "members")) == ["unchanged"] * 3
    assert importing.faults() == []

    undoing.undo(importing.session, run, actor=SYSTEM, now=NOW)

    importing.session.commit()
    assert (count(importing.session, Member), count(importing.session, Plot)) == (0, 0)
    assert importing.faults() == []


def test_members_without_codes_are_known_again_by_name_and_phone(importing):
    file = csv_file("Họ tên,Điện thoại,Thôn", "Nguyễn Thị Mẫu,0540000101,Thôn 1", "Lê Mẫu,,Thôn 2")

    importing.bring_in(file, "members")

    assert acts(importing.look(file, "members")) == ["unchanged"] * 2
    assert [p.hamlet for p in importing.session.scalars(select(Plot))] == ["Thôn 1", "Thôn 2"]


def test_somebody_of_a_known_name_with_another_phone_is_asked_about(importing):
    importing.bring_in(csv_file("ho ten,sdt", "Nguyễn Thị Mẫu,0540000101"), "members")

    plan = importing.look(csv_file("ho ten,sdt", "Nguyễn Thị Mẫu,0540000109"), "members")

    assert acts(plan) == ["new"]
    assert [tick.code for tick in plan.ticks] == ["same_person"]


@pytest.mark.both_databases
def test_batches_come_in_as_drafts_and_go_again(importing):
    importing.bring_in(THREE)
    file = csv_file(
        "Mã lô;Mã hàng;NSX;HSD;Số gói",
        " lô chè 15 / 10 ;LBT-200;15/10/2026;15/10/2027;40",
        "LO-CHE-15-10;LBT-500;15/10/2026;15/10/2027;12",
        "LO-GIO-1;NKG-1000;20/11/2026;;",
    )

    run = importing.bring_in(file, "batches")

    tea, sausage = importing.session.scalars(select(Batch).order_by(Batch.lot))
    assert (tea.lot, tea.state, tea.expires_on) == (
        "LO-CHE-15-10", BatchState.DRAFT, date(2027, 10, 15),
    )  # fmt: skip
    assert [made.produced for made in tea.packs] == [40, 12]
    assert (sausage.packs, sausage.expires_on) == ([], None)
    assert importing.faults() == []
    assert acts(importing.look(file, "batches")) == ["unchanged"] * 3

    undoing.undo(importing.session, run, actor=SYSTEM, now=NOW)

    importing.session.commit()
    assert importing.session.scalars(select(Batch.lot)).all() == ["LO-CHE-15-10"]
    kept = {row.title: row.kept_because for row in run.rows if row.kept_because}
    assert kept == {"LO-CHE-15-10": "lot_stays"}
    assert importing.faults() == []


@pytest.mark.parametrize(
    ("row", "column", "code"),
    [
        ("L-1,LBT-200,31/11/2026,,", "NSX", "date_invalid"),
        ("L-1,LBT-200,21/11/2026,20/11/2026,", "HSD", "expiry_before_production"),
        ("L-1,LBT-200,46331,,", "NSX", "date_is_serial"),
        ("L-1,LBT-200,01/12/2026,,", "NSX", "date_in_future"),
        ("L-1,KHONG-CO,01/11/2026,,", "sku", "product_unknown"),
        ("L-1,LBT-200,01/11/2026,,1.5", "so goi", "count_not_whole"),
        (",LBT-200,01/11/2026,,", "lo", "lot_needed"),
        ("1.5E+10,LBT-200,01/11/2026,,", "lo", "number_mangled_by_excel"),
    ],
)
def test_a_row_of_a_batch_is_refused_beside_its_cell(importing, row, column, code):
    importing.bring_in(THREE)

    plan = importing.look(csv_file("lo,sku,NSX,HSD,so goi", row), "batches")

    assert [(fault.row, fault.column, fault.code) for fault in plan.faults] == [(2, column, code)]
    assert plan.rows[0].act is RowAct.REFUSED


@pytest.mark.both_databases
def test_two_processes_with_the_same_file_bring_it_in_once(importing, engine):
    wanted = Wanted(importing.kinds.PRODUCTS, THREE, "tep.csv")
    importing.session.commit()
    start = Barrier(4)

    def send(number):
        start.wait()
        with open_session(engine, SETTINGS) as own:
            seller = own.get_one(Seller, importing.seller.id)
            outcome = running.bring_in(
                own, seller, wanted, Consent(), token=f"{number:032}", actor=SYSTEM,
                now=NOW, today=importing.today,
            )  # fmt: skip
            own.commit()
            return outcome.run is not None

    with ThreadPoolExecutor(4) as pool:
        wrote = list(pool.map(send, range(4)))

    assert sorted(wrote) == [False, False, False, True]
    assert (count(importing.session, Pack), count(importing.session, ImportRun)) == (3, 1)


@pytest.mark.both_databases
def test_a_run_that_is_cut_off_leaves_nothing(importing):
    file = csv_file("sku,ten,gia,khoi_luong_g,ma_vach", "A-1,Chè,90000,200,", "A-2,Trà,9k,100,")
    plan = importing.look(file)
    first = plan.work[0](Doing(importing.session, SYSTEM, NOW, "tep.csv", "c" * 32))
    assert len(first) == 4

    importing.session.rollback()

    assert (count(importing.session, Pack), count(importing.session, ImportRun)) == (0, 0)


@pytest.mark.parametrize(
    ("kind", "lines", "told"),
    [
        (
            "products",
            ("sku,ten,gia,khoi_luong_g", "MOI-1,Món mới,90000,200"),
            {
                "pack": {"sku": "MOI-1", "product": "Món mới", "price_vnd": 90_000},
                "product": {"name": "Món mới", "state": "draft"},
            },
        ),
        (
            "members",
            ("ma,ho ten,dien thoai,thua,cay trong", "X-1,Lê Thị Mẫu,0912345678,N-1,chè"),
            {
                "member": {"code": "X-1", "full_name": "Lê Thị Mẫu", "phone": "+84912345678"},
                "plot": {"code": "N-1", "member": "Lê Thị Mẫu", "crop": "chè"},
            },
        ),
        (
            "batches",
            ("lo,sku,NSX", "MOI-1,LBT-200,15/10/2026"),
            {"batch": {"lot": "MOI-1", "goods": "Chè móc câu", "made_on": "2026-10-15"}},
        ),
    ],
)
def test_the_trail_keeps_what_an_undo_took_out(importing, kind, lines, told):
    importing.bring_in(THREE)
    run = importing.bring_in(csv_file(*lines), kind)

    undoing.undo(importing.session, run, actor=SYSTEM, now=NOW)

    importing.session.commit()
    removed = select(AuditEntry).where(AuditEntry.action == "import_row_removed")
    kept = {one.subject_kind: one.before for one in importing.session.scalars(removed)}
    assert kept.keys() == told.keys()
    for table, values in told.items():
        assert values.items() <= kept[table].items()


@pytest.mark.both_databases
@pytest.mark.parametrize(
    ("kind", "model"), [("products", Pack), ("members", Member), ("batches", Batch)]
)
def test_what_comes_after_an_undo_never_has_the_trail_of_what_was_taken_out(
    importing, kind, model
):
    importing.bring_in(THREE)
    first, second = {
        "products": (csv_file("sku,ten,gia,khoi_luong_g", f"{sku},{sku},90000,200")
                     for sku in ("CU-1", "MOI-1")),
        "members": (csv_file("ma,ho ten", f"{code},Lê Thị Mẫu") for code in ("CU-1", "MOI-1")),
        "batches": (csv_file("lo,sku,NSX", f"{lot},LBT-200,15/10/2026")
                    for lot in ("CU-1", "MOI-1")),
    }[kind]  # fmt: skip
    run = importing.bring_in(first, kind)
    taken_out = importing.session.scalars(select(model).order_by(model.id.desc())).first().id

    undoing.undo(importing.session, run, actor=SYSTEM, now=NOW)
    importing.session.commit()
    importing.bring_in(second, kind)

    newest = importing.session.scalars(select(model).order_by(model.id.desc())).first()
    assert newest.id > taken_out
    trail = importing.session.scalars(
        select(AuditEntry.action).where(
            AuditEntry.subject_kind == model.__tablename__, AuditEntry.subject_id == newest.id
        )
    )
    assert "import_row_removed" not in set(trail)
