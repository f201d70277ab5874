"""What a buyer sees of the simulated VNPay, in the language that the shop asked for.

`vnp_Locale` (documentation 2.1.0, command `pay`) is `vn` or `en`.
"""

from markupsafe import Markup

from integrations.payments.vnpay.simulator.bank import CHOICES
from integrations.payments.vnpay.simulator.layout import dong, page
from integrations.payments.vnpay.simulator.records import Transaction

__all__ = ["closed", "language", "payment", "refused"]

_WORDS = {
    "vi": {
        "title": "Thanh toán qua VNPay",
        "amount": "Số tiền",
        "info": "Nội dung",
        "reference": "Mã giao dịch",
        "stay": "Khách đóng trình duyệt, không quay về",
        "silent": "VNPay không báo cho cửa hàng",
        "choose": "Chọn kết quả",
        "more": "Lỗi khác của thẻ và tài khoản",
        "refused": "Không thanh toán được",
        "code": "mã {code}",
        "again": "Quay lại trang bán hàng và thử lại.",
        "done": "Đã xong ở VNPay",
        "close": "Có thể đóng trang này.",
    },
    "en": {
        "title": "Pay through VNPay",
        "amount": "Amount",
        "info": "For",
        "reference": "Reference",
        "stay": "The buyer closes the browser and does not come back",
        "silent": "VNPay does not tell the shop",
        "choose": "Choose how it ends",
        "more": "Other faults of cards and accounts",
        "refused": "This payment cannot be made",
        "code": "code {code}",
        "again": "Go back to the shop and try again.",
        "done": "Done at VNPay",
        "close": "You may close this page.",
    },
}

_ENDS = {
    "00": {"vi": "Trả thành công", "en": "Paid"},
    "24": {"vi": "Khách hủy", "en": "Cancelled by the buyer"},
    "51": {"vi": "Không đủ tiền", "en": "Not enough money"},
    "13": {"vi": "Sai mã OTP", "en": "Wrong one-time code"},
    "75": {"vi": "Ngân hàng bảo trì", "en": "Bank under maintenance"},
    "11": {"vi": "Hết giờ chờ", "en": "Out of time"},
    "09": {"vi": "Thẻ chưa đăng ký Internet Banking", "en": "Card not registered for this"},
    "10": {"vi": "Sai thông tin thẻ quá 3 lần", "en": "Wrong card details, 3 times"},
    "12": {"vi": "Thẻ bị khóa", "en": "Card locked"},
    "65": {"vi": "Vượt hạn mức trong ngày", "en": "Over the daily limit"},
    "79": {"vi": "Sai mật khẩu quá số lần", "en": "Wrong password too often"},
    "07": {
        "vi": "Trả rồi, nhưng bị nghi gian lận",
        "en": "Charged, but suspected of fraud",
    },
    "99": {"vi": "Lỗi khác", "en": "Another fault"},
}
"""What each of the `CHOICES` is called on the page."""

_RARE = frozenset({"09", "10", "12", "65", "79"})
"""Ends that stand folded, so that the page stays short."""

_REFUSALS = {
    "01": {"vi": "Giao dịch đã tồn tại", "en": "The reference was used before"},
    "02": {"vi": "Mã website không tồn tại", "en": "There is no such site"},
    "03": {
        "vi": "Dữ liệu gửi sang không đúng định dạng",
        "en": "The data of the shop is malformed",
    },
    "08": {"vi": "Hệ thống ngân hàng đang bảo trì", "en": "The bank is under maintenance"},
    "15": {
        "vi": "Giao dịch đã quá thời gian chờ thanh toán",
        "en": "The time to pay is over",
    },
    "70": {"vi": "Sai chữ ký", "en": "The signature is wrong"},
}
"""What VNPay's own error page says; the codes as clients report them (list unconfirmed)."""


def language(locale: str) -> str:
    """Return `vi` or `en` for the value of `vnp_Locale`."""
    return "en" if locale == "en" else "vi"


def _button(code: str, lang: str) -> Markup:
    return Markup('<button name="code" value="{code}"{kind}>{words}</button>').format(
        code=code,
        words=_ENDS[code][lang],
        kind=Markup(' class="chinh"') if code == "00" else "",
    )


def payment(transaction: Transaction, *, style: str, choose: str, proof: str) -> str:
    """Return the page on which a person chooses how the payment ends."""
    lang = language(transaction.locale)
    words = _WORDS[lang]
    buttons, rare = (
        Markup("\n").join(_button(code, lang) for code in CHOICES if (code in _RARE) is is_rare)
        for is_rare in (False, True)
    )
    body = Markup(
        """<h1>{words[title]}</h1>
<dl>
<dt>{words[amount]}</dt><dd>{amount}</dd>
<dt>{words[info]}</dt><dd>{info}</dd>
<dt>{words[reference]}</dt><dd>{reference}</dd>
</dl>
<form method="post" action="{choose}">
<input type="hidden" name="terminal" value="{terminal}">
<input type="hidden" name="reference" value="{reference}">
<input type="hidden" name="proof" value="{proof}">
<label><input type="checkbox" name="stay" value="1"> {words[stay]}</label>
<label><input type="checkbox" name="silent" value="1"> {words[silent]}</label>
<h2>{words[choose]}</h2>
{buttons}
<details><summary>{words[more]}</summary>
{rare}
</details>
</form>"""
    ).format(
        words=words,
        amount=dong(transaction.amount, lang),
        info=transaction.info,
        reference=transaction.reference,
        terminal=transaction.terminal,
        choose=choose,
        proof=proof,
        buttons=buttons,
        rare=rare,
    )
    return page(words["title"], body, style=style, lang=lang)


def refused(code: str, *, lang: str, style: str) -> str:
    """Return VNPay's own error page."""
    words = _WORDS[lang]
    body = Markup("<h1>{title}</h1>\n<p>{text} ({code}).</p>\n<p>{again}</p>").format(
        title=words["refused"],
        text=_REFUSALS[code][lang],
        code=words["code"].format(code=code),
        again=words["again"],
    )
    return page(words["refused"], body, style=style, lang=lang)


def closed(*, lang: str, style: str) -> str:
    """Return what a buyer sees who stays on VNPay's side."""
    words = _WORDS[lang]
    body = Markup("<h1>{done}</h1>\n<p>{close}</p>").format(
        done=words["done"], close=words["close"]
    )
    return page(words["done"], body, style=style, lang=lang)
