"""The simulator's pages: what a buyer sees of VNPay, and what a person sees behind it."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta, timezone

from markupsafe import Markup

from integrations.payments.vnpay.codes import ANSWERS
from integrations.payments.vnpay.simulator.bank import CHOICES
from integrations.payments.vnpay.simulator.notices import FAULTS as NOTICE_FAULTS
from integrations.payments.vnpay.simulator.records import Call, Notice, Transaction

__all__ = ["API_FAULTS", "STYLE", "behind", "payment", "refused"]

API_FAULTS = {
    "time-out": "Không trả lời",
    "reset": "Đứt giữa chừng",
    "drip": "Nhỏ giọt từng chữ",
    "500": "Lỗi 500",
    "garbage": "Trả lời vô nghĩa",
    "unsigned": "Trả lời không có chữ ký",
    "wrong_amount": "Trả lời sai số tiền (ký đúng)",
}

STYLE = """
:root { color-scheme: light dark; --nen: #f4f6fb; --mat: #fff; --muc: #14202e; --xanh: #0b4f9e; }
@media (prefers-color-scheme: dark) {
  :root { --nen: #10161f; --mat: #1a2330; --muc: #eef2f8; --xanh: #9cc4ff; }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--nen); color: var(--muc);
  font: 1.125rem/1.5 system-ui, "Segoe UI", Roboto, "Noto Sans", sans-serif; }
header { background: #f2b705; color: #1c1c1c; font-weight: 700; text-align: center;
  padding: .75rem 1rem; }
main { max-width: 44rem; margin: 0 auto; padding: 1rem; }
h1 { font-size: 1.5rem; } h2 { font-size: 1.25rem; margin-top: 2rem; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .25rem 1rem; }
dd { margin: 0; font-weight: 700; overflow-wrap: anywhere; }
button, select { font: inherit; min-height: 3rem; padding: .5rem 1rem; border-radius: .4rem; }
button { width: 100%; margin-top: .5rem; border: 2px solid var(--xanh); background: var(--mat);
  color: var(--xanh); font-weight: 700; cursor: pointer; }
button.chinh { background: #0b4f9e; border-color: #0b4f9e; color: #fff; }
:focus-visible { outline: 3px solid #f2b705; outline-offset: 2px; }
label { display: flex; gap: .75rem; align-items: center; min-height: 3rem; }
input[type=checkbox] { flex: none; width: 1.75rem; height: 1.75rem; }
select { width: 100%; } a { color: var(--xanh); }
.bang { overflow-x: auto; } table { border-collapse: collapse; width: 100%; font-size: 1rem; }
th, td { text-align: left; padding: .35rem .6rem; border-bottom: 1px solid #8884;
  vertical-align: top; }
"""

_PAGE = Markup(
    """<!doctype html>
<html lang="vi">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>{title} · VNPay giả lập</title>
<link rel="stylesheet" href="{style}">
</head>
<body>
<header>Trang giả lập VNPay để tập. Không có tiền thật.</header>
<main>
{body}
</main>
</body>
</html>
"""
)
_GMT7 = timezone(timedelta(hours=7))


def _page(title: str, body: Markup, *, style: str) -> str:
    return _PAGE.format(title=title, body=body, style=style)


def _dong(hundredths: str) -> str:
    return f"{int(hundredths) // 100:,} ₫".replace(",", ".")


def payment(transaction: Transaction, *, style: str, choose: str, proof: str) -> str:
    """Return the page on which a person chooses how the payment ends."""
    buttons = Markup("\n").join(
        Markup('<button name="code" value="{code}"{kind}>{words}</button>').format(
            code=code, words=words, kind=Markup(' class="chinh"') if code == "00" else ""
        )
        for code, (_status, words) in CHOICES.items()
    )
    body = Markup(
        """<h1>Thanh toán qua VNPay</h1>
<dl>
<dt>Số tiền</dt><dd>{amount}</dd>
<dt>Nội dung</dt><dd>{info}</dd>
<dt>Mã giao dịch</dt><dd>{reference}</dd>
</dl>
<form method="post" action="{choose}">
<input type="hidden" name="terminal" value="{terminal}">
<input type="hidden" name="reference" value="{reference}">
<input type="hidden" name="proof" value="{proof}">
<label><input type="checkbox" name="stay" value="1"> Khách đóng trình duyệt, không quay về</label>
<label><input type="checkbox" name="silent" value="1"> VNPay không báo cho cửa hàng</label>
<h2>Chọn kết quả</h2>
{buttons}
</form>"""
    ).format(
        amount=_dong(transaction.amount),
        info=transaction.info,
        reference=transaction.reference,
        terminal=transaction.terminal,
        choose=choose,
        proof=proof,
        buttons=buttons,
    )
    return _page("Thanh toán", body, style=style)


def refused(code: str, text: str, *, style: str) -> str:
    """Return VNPay's own error page."""
    body = Markup(
        "<h1>Không thanh toán được</h1>\n<p>{text} (mã {code}).</p>\n"
        "<p>Quay lại trang bán hàng và thử lại.</p>"
    ).format(text=text, code=code)
    return _page("Không thanh toán được", body, style=style)


def closed(*, style: str) -> str:
    """Return what a buyer sees who stays on VNPay's side."""
    body = Markup("<h1>Đã xong ở VNPay</h1>\n<p>Có thể đóng trang này.</p>")
    return _page("Đã xong", body, style=style)


def behind(
    terminal: str,
    *,
    notices: Sequence[Notice],
    calls: Sequence[Call],
    refunds: Sequence[dict[str, str]],
    pace: str,
    style: str,
    act: str,
) -> str:
    """Return what happened between VNPay and one site, and what can be made to happen."""
    forms = Markup("\n").join(
        [
            _form(act, terminal, "pace", "Nhịp gọi lại", _PACES, pace),
            _form(act, terminal, "notice", "Lỗi của lần báo tiếp theo", NOTICE_FAULTS),
            _form(act, terminal, "api", "Lỗi của lần hỏi tiếp theo", API_FAULTS),
        ]
    )
    body = Markup(
        """<h1>VNPay giả lập: mã website {terminal}</h1>
<p>Cửa hàng trả lời thông báo bằng các mã: {answers}. Mã 00 và 02 thì VNPay thôi gọi.</p>
{forms}
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
                    _dong(one["amount"]),
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
    return _page(f"Mã website {terminal}", body, style=style)


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
