"""What a person sees behind the simulated VNPay: its first page, and one site's affairs."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta, timezone

from markupsafe import Markup

from integrations.payments.vnpay.codes import ANSWERS
from integrations.payments.vnpay.simulator.layout import dong, page
from integrations.payments.vnpay.simulator.notices import FAULTS as NOTICE_FAULTS
from integrations.payments.vnpay.simulator.records import Call, Notice

__all__ = [
    "FAULTS",
    "behind",
    "fault",
    "home",
]

_PAY_FAULTS = {"500": "Trang lỗi 500", "08": "Hệ thống ngân hàng đang bảo trì"}

_QUERY_FAULTS = {
    "time-out": "Không trả lời",
    "reset": "Đứt giữa chừng",
    "drip": "Nhỏ giọt từng chữ",
    "500": "Lỗi 500",
    "garbage": "Trả lời vô nghĩa",
    "unsigned": "Trả lời không có chữ ký",
    "wrong_amount": "Trả lời sai số tiền (ký đúng)",
}

FAULTS: dict[str, dict[str, str]] = {
    "pay": _PAY_FAULTS,
    "notice": NOTICE_FAULTS,
    "query": _QUERY_FAULTS,
    "refund": _QUERY_FAULTS
    | {
        "closed": "Giờ này không nhận hoàn tiền (mã 16)",
        "91": "Không có giao dịch này (mã 91)",
        "93": "Số tiền hoàn không hợp lệ (mã 93)",
        "94": "Yêu cầu này đã nhận, đang xử lý (mã 94)",
        "95": "Giao dịch không thành công ở VNPay (mã 95)",
    },
}
"""What can go wrong, by the kind of call that it happens to."""

_PLACES = {
    "pay": "Lỗi của trang trả tiền, lần mở tiếp theo",
    "notice": "Lỗi của lần báo (IPN) tiếp theo",
    "query": "Lỗi của lần hỏi (querydr) tiếp theo",
    "refund": "Lỗi của lần nhận hoàn tiền (refund) tiếp theo",
}

_GMT7 = timezone(timedelta(hours=7))


def home(*, style: str, find: str, unknown: str = "") -> str:
    """Return the first page: what this is, and the way to what happened at one site.

    `find` is the address that takes a site's code as `ma`; `unknown` is one that nobody has.
    """
    wrong = Markup("<p role='alert'>Không có mã website <b>{code}</b> ở đây.</p>")
    body = Markup(
        """<h1>VNPay giả lập</h1>
<p>Nơi này đóng vai VNPay cho gian hàng tập huấn: nhận khách sang trả tiền, báo kết quả cho cửa
hàng, trả lời khi cửa hàng hỏi, nhận hoàn tiền. Không phải VNPay thật.</p>
<p>Trang trả tiền tự mở khi khách chọn VNPay lúc đặt hàng.</p>
<h2>Xem phía VNPay của một website</h2>
{wrong}
<form action="{find}">
<label for="ma">Mã website (vnp_TmnCode), ở văn phòng: Cửa hàng, Xem hợp đồng</label>
<input type="text" id="ma" name="ma" maxlength="8" autocomplete="off" required>
<button class="chinh">Xem</button>
</form>
<p lang="en">This is a simulator of VNPay for training shops. No real money moves here. Type the
code of a site to see its notices, calls and refunds, and to order faults.</p>"""
    ).format(find=find, wrong=wrong.format(code=unknown) if unknown else Markup(""))
    return page("VNPay giả lập", body, style=style)


_FAULT_WORDS = {
    403: "Tài khoản này không được đặt lỗi cho website này. Cần người quản lý cửa hàng ấy.",
    404: "Ở đây không có trang này.",
    500: "Trang này đang lỗi, như đã đặt. Quay lại cửa hàng và thử lại.",
}


def fault(status: int, *, style: str, home: str, lang: str = "vi") -> str:
    """Return the page of an address that cannot be answered; in English for a buyer's 500."""
    if lang == "en":
        words = Markup(
            "<h1>This page cannot be opened</h1>\n"
            "<p>It fails, as was ordered. Go back to the shop and try again.</p>"
        )
        return page("Cannot be opened", words, style=style, lang=lang)
    body = Markup(
        "<h1>Không mở được trang này</h1>\n<p>{words}</p>\n"
        '<p><a href="{home}">Trang đầu của VNPay giả lập</a></p>'
    ).format(words=_FAULT_WORDS.get(status, "Yêu cầu không đúng."), home=home)
    return page("Không mở được", body, style=style)


def behind(
    terminal: str,
    *,
    notices: Sequence[Notice],
    calls: Sequence[Call],
    refunds: Sequence[dict[str, str]],
    pace: str,
    style: str,
    act: str,
    is_guarded: bool,
) -> str:
    """Return what happened between VNPay and one site, and what can be made to happen."""
    forms = Markup("\n").join(
        [
            _form(act, terminal, "pace", "Nhịp gọi lại", _PACES, pace),
            *(_form(act, terminal, place, _PLACES[place], FAULTS[place]) for place in FAULTS),
        ]
    )
    body = Markup(
        """<h1>VNPay giả lập: mã website {terminal}</h1>
<p>Cửa hàng trả lời thông báo bằng các mã: {answers}. Mã 00 và 02 thì VNPay thôi gọi.</p>
{sign_in}{forms}
<h2>Thông báo gửi cửa hàng</h2>
{notices}
<h2>Hoàn tiền</h2>
{refunds}
<h2>Các cuộc gọi</h2>
{calls}"""
    ).format(
        terminal=terminal,
        answers=", ".join(f"{code} {said}" for code, said in ANSWERS.values()),
        forms=forms,
        sign_in=Markup("<p>Đặt lỗi thì cần đăng nhập bằng tài khoản quản lý cửa hàng.</p>\n")
        if is_guarded
        else "",
        notices=_table(
            ("Mã giao dịch", "Số lần", "Trả lời", "Gọi tiếp", ""),
            (
                (
                    one.reference,
                    str(one.tries),
                    one.answer or "chưa",
                    _time(one.due),
                    _again(act, terminal, one),
                )
                for one in notices
            ),
        ),
        refunds=_table(
            ("Mã giao dịch", "Số tiền", "Trạng thái", ""),
            (
                (
                    one["reference"],
                    dong(one["amount"]),
                    one["status"],
                    _settle(act, terminal, one),
                )
                for one in refunds
            ),
        ),
        calls=_table(
            ("Lúc", "Việc", "Mã giao dịch", "Kết quả"),
            ((_time(one.at), one.what, one.reference, one.outcome) for one in calls),
        ),
    )
    return page(f"Mã website {terminal}", body, style=style)


_PACES = {"1": "Như thật: 5 phút", "60": "5 giây", "300": "1 giây"}


def _form(
    act: str, terminal: str, name: str, words: str, options: dict[str, str], chosen: str = ""
) -> Markup:
    listed = Markup("").join(
        Markup('<option value="{value}"{mark}>{words}</option>').format(
            value=value, words=text, mark=Markup(" selected") if value == chosen else ""
        )
        for value, text in options.items()
    )
    return Markup(
        """<form method="post" action="{act}">
<input type="hidden" name="terminal" value="{terminal}">
<label for="o-{name}">{words}</label>
<select id="o-{name}" name="{name}">{listed}</select>
<button>Đặt</button>
</form>"""
    ).format(act=act, terminal=terminal, name=name, words=words, listed=listed)


def _button(act: str, terminal: str, name: str, value: str, words: str) -> Markup:
    return Markup(
        '<form method="post" action="{act}"><input type="hidden" name="terminal" '
        'value="{terminal}"><button name="{name}" value="{value}">{words}</button></form>'
    ).format(act=act, terminal=terminal, name=name, value=value, words=words)


def _again(act: str, terminal: str, notice: Notice) -> Markup:
    return _button(act, terminal, "again", str(notice.id), "Báo lại")


def _settle(act: str, terminal: str, refund: dict[str, str]) -> Markup:
    if refund["status"] != "05":
        return Markup("")
    done = _button(act, terminal, "settle", refund["request_id"], "Hoàn xong")
    return done + _button(act, terminal, "reject", refund["request_id"], "Từ chối")


def _table(heads: Sequence[str], rows: Iterable[Sequence[str | Markup]]) -> Markup:
    lines = [
        Markup("<tr>{cells}</tr>").format(
            cells=Markup("").join(Markup("<td>{cell}</td>").format(cell=cell) for cell in row)
        )
        for row in rows
    ]
    if not lines:
        return Markup("<p>Chưa có gì.</p>")
    head = Markup("").join(
        Markup("<th>{head}</th>").format(head=head) if head else Markup("<td></td>")
        for head in heads
    )
    return Markup(
        '<div class="bang" tabindex="0"><table><tr>{head}</tr>{lines}</table></div>'
    ).format(head=head, lines=Markup("\n").join(lines))


def _time(moment: float | None) -> str:
    if moment is None:
        return "thôi gọi"
    return datetime.fromtimestamp(moment, UTC).astimezone(_GMT7).strftime("%H:%M:%S %d/%m")
