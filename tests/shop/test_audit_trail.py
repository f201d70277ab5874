"""The audit trail: who, for whom, when, from where, before and after; searched, never changed."""

import csv
import io
import json
from datetime import datetime, timedelta

import pytest
from openpyxl import load_workbook
from sqlalchemy import delete, insert, text, update
from sqlalchemy.exc import DatabaseError

from shop import formats
from shop.clock import VIETNAM
from shop.forms.batch_step import KNOWN
from shop.models.people import AuditEntry, Role
from shop.pages import step_words
from tests import factories
from tests.support.breaking import engine_for_breaking
from tests.support.office import open_office, sign_in
from tests.support.pages import Visitor

LIST = "/quan-ly/lich-su"
CHROME = (
    "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/131.0.0.0 Mobile Safari/537.36"
)


def entry(office, **values):
    """Write an entry into the trail and return it."""
    written = AuditEntry(
        **{
            "at": office.now,
            "seller_id": office.seller.id,
            "actor_kind": "account",
            "action": "member_changed",
            "subject_kind": "member",
            "subject_id": 1,
            "origin": "192.0.2.7",
        }
        | values
    )
    office.session.add(written)
    office.session.commit()
    return written


def history(office, **query):
    """Return the page of the history as the director searches it by its form."""
    page = office.visitor(Role.DIRECTOR).open(LIST)
    return page.submit(query, press="Tìm") if query else page


def rows_of(page):
    """Return what the rows of the history say, without the form above them."""
    return page.text.partition("xem tất cả")[2].partition("Tải bảng")[0]


@pytest.fixture
def told(office):
    """An office whose history tells three acts of three people."""
    chanh = office.member(full_name="Hoàng Thị Chanh")
    que = office.member(full_name="Đỗ Thị Quế")
    he = factories.make_account(office.session, name="Bùi Thị Hẹ")
    bong = factories.make_account(office.session, name="Lê Thị Bòng")
    entry(
        office,
        actor_id=he.id,
        for_member_id=chanh.id,
        subject_id=chanh.id,
        device=CHROME,
        before={"show_name": False},
        after={"show_name": True},
    )
    entry(office, actor_id=bong.id, subject_id=que.id, after={"full_name": "Đỗ Thị Quế Lâm"})
    entry(
        office,
        actor_id=bong.id,
        subject_id=que.id,
        action="plot_added",
        at=office.now - timedelta(days=3),
    )
    office.session.commit()
    return {"office": office, "chanh": chanh, "que": que, "he": he, "bong": bong}


def test_a_row_tells_who_for_whom_when_from_where_before_and_after(told):
    page = history(told["office"])

    moment = " ".join(formats.moment(told["office"].now).split())
    assert "Sửa thông tin xã viên Xã viên: Hoàng Thị Chanh" in page.text
    assert "cho hiện tên: không → có" in page.text
    assert f"{moment} · Bùi Thị Hẹ, làm hộ Hoàng Thị Chanh" in page.text
    assert "cho hiện tên không có Từ đâu: Chrome trên Android, 192.0.2.7" in page.text
    assert f"Máy tự xưng: {CHROME}" in page.text


@pytest.mark.parametrize(
    ("query", "seen", "unseen"),
    [
        ({"q": "hoang thi chanh"}, "Hoàng Thị Chanh", "Đỗ Thị Quế"),
        ({"q": "Quế Lâm"}, "Đỗ Thị Quế Lâm", "Hoàng Thị Chanh"),
        ({"q": "ghi thêm nương"}, "Ghi thêm nương", "Sửa thông tin xã viên"),
        ({"q": "GHI THEM NUONG"}, "Ghi thêm nương", "Sửa thông tin xã viên"),
    ],
)
def test_words_find_people_acts_and_what_was_changed(told, query, seen, unseen):
    table = rows_of(history(told["office"], **query))

    assert seen in table
    assert unseen not in table


def test_the_history_is_narrowed_by_who_acted_for_whom_and_when(told):
    office, three_ago = told["office"], told["office"].today - timedelta(days=3)

    by_he = history(office, ai=str(told["he"].id))
    for_chanh = history(office, cho=str(told["chanh"].id))
    then = history(office, tu=formats.day(three_ago), den=formats.day(three_ago))
    since = history(office, tu=formats.day(three_ago + timedelta(days=1)))

    assert "1 việc" in by_he.text
    assert "Hoàng Thị Chanh" in rows_of(by_he)
    assert "1 việc" in for_chanh.text
    assert "Ghi thêm nương" in rows_of(then)
    assert "1 việc" in then.text
    assert "2 việc" in since.text


@pytest.mark.both_databases
def test_orders_batches_and_products_are_found_by_code_lot_and_name(office):
    order = office.paid_order()
    level = office.level()
    batch = level.batch_pack.batch
    entry(office, subject_kind="batch", subject_id=batch.id, action="batch_held")
    product_id = level.batch_pack.pack.product_id
    entry(office, subject_kind="product", subject_id=product_id, action="product_changed")
    visitor = office.visitor(Role.DIRECTOR)

    by_code = visitor.open(f"{LIST}?q={order.code[:2]}+{order.code[2:].lower()}")
    by_lot = visitor.open(f"{LIST}?q={batch.lot.lower()}")
    by_name = visitor.open(f"{LIST}?q=che+moc+cau&nhom=kho")
    by_nothing = visitor.open(f"{LIST}?q=khong+co+chu+nay")

    assert f"Khách đặt đơn Đơn: {order.code}" in by_code.text
    assert f"Tạm giữ lô Lô: {batch.lot}" in by_lot.text
    assert "Khách đặt đơn" not in rows_of(by_lot)
    assert "Sửa sản phẩm Món hàng: Chè móc câu" in by_name.text
    assert "Không có việc nào khớp." in by_nothing.text


def test_the_day_begins_at_midnight_in_viet_nam(office):
    day = office.today - timedelta(days=10)
    midnight = datetime.combine(day, datetime.min.time(), VIETNAM)
    member = office.member()
    entry(office, subject_id=member.id, at=midnight, action="plot_added")
    entry(office, subject_id=member.id, at=midnight - timedelta(seconds=1))

    page = history(office, tu=formats.day(day), den=formats.day(day))

    assert "1 việc" in page.text
    assert "Ghi thêm nương" in page.text


def test_a_day_that_cannot_be_read_is_asked_for_again_and_narrows_nothing(told):
    page = history(told["office"], tu="31/11/2026")

    assert "chỉ có 30 ngày" in page.text
    assert "3 việc" in page.text


def test_the_filtered_rows_are_exported_as_csv_and_workbook(app, told):
    office = told["office"]
    client = office.client(Role.DIRECTOR)
    query = f"?ai={told['he'].id}"

    as_csv = client.get(f"{LIST}.csv{query}")
    as_xlsx = client.get(f"{LIST}.xlsx{query}")

    heads, *rows = csv.reader(io.StringIO(as_csv.get_data().decode("utf-8-sig")))
    sheet = list(load_workbook(io.BytesIO(as_xlsx.get_data())).active.values)
    assert heads[:3] == ["Lúc", "Ai", "Cho ai"]
    assert heads[-2:] == ["Máy tự xưng", "Dòng gốc (JSON)"]
    stored = json.loads(rows[0][-1])
    assert stored["before"] == {"show_name": False}
    assert stored["subject"] == f"member:{told['chanh'].id}"
    assert [row[1:-1] for row in rows] == [
        [
            "Bùi Thị Hẹ",
            "Hoàng Thị Chanh",
            "Sửa thông tin xã viên",
            "Xã viên: Hoàng Thị Chanh",
            "cho hiện tên: không",
            "cho hiện tên: có",
            "192.0.2.7",
            "Chrome trên Android",
            CHROME,
        ]
    ]
    assert [list(line[1:]) for line in sheet[1:]] == [row[1:] for row in rows]


def test_formulas_in_the_trail_are_neutralised_in_the_file(office):
    member = office.member(full_name="=1+1")
    entry(office, subject_id=member.id, after={"full_name": "=1+1"})

    body = office.client(Role.DIRECTOR).get(f"{LIST}.csv").get_data(as_text=True)

    assert ",=1+1" not in body


def test_the_trail_of_another_seller_is_not_found(app, app_session, office):
    other = open_office(app, app_session)
    member = other.member(full_name="Người Nơi Khác")
    entry(other, subject_id=member.id)

    page = history(office, q="nguoi noi khac")

    assert "Không có việc nào khớp." in page.text
    assert "Người Nơi Khác" not in page.body


def test_the_device_of_a_sign_in_stands_beside_the_address(app, office):
    member = office.member()
    helper = office.helper(member)
    client = sign_in(app, helper)
    session = office.session
    session.execute(text("UPDATE sign_in SET device = :said"), {"said": CHROME})
    session.commit()
    visitor = Visitor.of(client)
    visitor.open("/thanh-vien/lam-ho").submit(press="bác Chanh")

    values = {"name": "Mật ong rừng"}
    visitor.open("/thanh-vien/ban-hang/moi").submit(values, form="/ban-hang/moi", press="Lưu nháp")

    assert "Từ đâu: Chrome trên Android, 127.0.0.1" in history(office).text


@pytest.mark.both_databases
@pytest.mark.parametrize("how", ["update", "delete", "truncate"])
def test_nothing_changes_or_deletes_what_the_trail_tells(session, how):
    values = {
        "at": factories.NOW,
        "actor_kind": "system",
        "origin": "",
        "action": "x",
        "subject_kind": "member",
        "subject_id": 1,
    }
    session.execute(insert(AuditEntry).values(**values))
    statement = {
        "update": update(AuditEntry).values(action="y"),
        "delete": delete(AuditEntry),
        "truncate": text("TRUNCATE audit_entry"),
    }[how]
    if how == "truncate" and session.get_bind().dialect.name == "sqlite":
        statement = delete(AuditEntry).where(AuditEntry.id > 0)

    with pytest.raises(DatabaseError, match="append-only"):
        session.execute(statement)


@pytest.mark.parametrize("written", ["INSERT OR REPLACE", "REPLACE"])
def test_sqlite_puts_nothing_in_the_place_of_what_the_trail_tells(session, written):
    values = "(id, at, actor_kind, origin, action, subject_kind, subject_id)"
    first = f"INTO audit_entry {values} VALUES (9001, '2026-11-22', 'system', '', 'x', 'm', 1)"
    session.execute(text(f"INSERT {first}"))

    with pytest.raises(DatabaseError, match="append-only"):
        session.execute(text(f"{written} {first}"))


@pytest.mark.parametrize(("table", "key"), [("ledger_entry", "key"), ("trace_event", "client_id")])
def test_no_unique_key_of_a_table_that_grows_lets_a_row_be_replaced(shop_url, table, key):
    engine = engine_for_breaking(shop_url)
    with engine.connect() as connection:
        names = [name for _at, name, *_rest in connection.exec_driver_sql(
            f"PRAGMA table_info({table})") if name != "id"]  # fmt: skip
        columns = ", ".join(names)
        row = connection.scalar(text(f"SELECT MIN(id) FROM {table} WHERE {key} IS NOT NULL"))
        copy = f"INSERT OR REPLACE INTO {table} ({columns}) SELECT {columns} FROM {table}"

        with pytest.raises(DatabaseError, match="append-only"):
            connection.execute(text(f"{copy} WHERE id = :row"), {"row": row})
    engine.dispose()


@pytest.mark.parametrize(
    ("prefix", "words"), [("", "bước: sàng, phân loại"), ("/en", "step: sorting")]
)
def test_a_step_is_told_in_words_and_not_by_its_code(office, prefix, words):
    batch = office.level().batch_pack.batch
    after = {"step": "sort", "out_g": 900}
    entry(office, subject_kind="batch", subject_id=batch.id, action="step_added", after=after)

    page = office.visitor(Role.DIRECTOR).open(f"{prefix}/quan-ly/lich-su")

    assert words in page.text
    assert "step: sort " not in page.text.replace("sorting", "")


def test_every_step_that_rules_know_has_words():
    assert {code for code, *_beginnings in KNOWN} == set(step_words.STEPS)


@pytest.fixture
def found(office):
    """An office in which two people acted, one of them for a member, from different places."""
    dao = office.member(full_name="Trần Thị Đào", phone="+84912345678")
    lan = factories.make_account(office.session, name="Vũ Thị Lan", phone="+84987000111")
    hung = factories.make_account(office.session, name="Phạm Văn Hưng")
    entry(office, actor_id=lan.id, subject_id=dao.id, origin="203.0.113.9", device=CHROME)
    entry(
        office,
        actor_id=hung.id,
        action="product_changed",
        subject_kind="product",
        subject_id=9_999,
        before={"packs": {"CMC-200": 80_000}},
        after={"packs": {"CMC-200": 95_000}, "name": "Chè đinh tháng bảy"},
    )
    office.session.commit()
    return office


@pytest.mark.both_databases
@pytest.mark.parametrize(
    "question",
    [
        "0912 345 678",
        "0912.345.678",
        "0912345678",
        "+84912345678",
        "+84 912 345 678",
        "84912345678",
        "345 678",
        "tran thi dao",
        "DAO",
        "vu thi lan",
        "0987 000 111",
        "203.0.113",
        "203.0.113.9",
        "chrome",
    ],
)
def test_an_act_is_found_by_phone_name_and_address_as_people_write_them(found, question):
    page = history(found, q=question)

    assert "1 việc" in page.text
    assert "Trần Thị Đào" in rows_of(page)


@pytest.mark.both_databases
@pytest.mark.parametrize("question", ["che dinh thang bay", "95.000", "95000 đ", "cmc-200"])
def test_what_was_changed_is_found_without_marks_and_by_its_amount(found, question):
    page = history(found, q=question)

    assert "1 việc" in page.text
    assert "Phạm Văn Hưng" in rows_of(page)


@pytest.mark.parametrize(
    ("narrowing", "who"),
    [
        ({"viec": "product_changed"}, "Phạm Văn Hưng"),
        ({"gi": "product"}, "Phạm Văn Hưng"),
        ({"gi": "product", "so": "9999"}, "Phạm Văn Hưng"),
        ({"viec": "member_changed"}, "Vũ Thị Lan"),
        ({"gi": "member"}, "Vũ Thị Lan"),
    ],
)
def test_the_history_is_narrowed_by_act_and_by_what_it_is_about(found, narrowing, who):
    query = "&".join(f"{name}={value}" for name, value in narrowing.items())

    page = found.visitor(Role.DIRECTOR).open(f"{LIST}?{query}")

    assert "1 việc" in page.text
    assert who in rows_of(page)


def test_one_thing_keeps_its_history_while_it_is_searched(found):
    visitor = found.visitor(Role.DIRECTOR)
    page = visitor.open(f"{LIST}?gi=product&so=9999")

    page = page.submit({"q": "lan"}, press="Tìm")

    assert "Không có việc nào khớp." in page.text


def test_what_is_gone_is_named_as_it_was_called(office):
    entry(
        office,
        action="import_row_removed",
        subject_kind="batch",
        subject_id=77_777,
        before={"lot": "LBT-261101-01", "goods": "Chè móc câu", "made_on": "2026-11-01"},
    )

    page = history(office, q="LBT-261101-01")

    assert "Bỏ món đã nhập từ tệp Lô: LBT-261101-01" in page.text
    assert "ngày làm: 01/11/2026" in page.text
