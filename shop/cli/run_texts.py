"""What `dacsan run` says, in Vietnamese and English."""

from collections.abc import Sequence
from dataclasses import dataclass

from shop.cli.failures import Refused
from shop.cli.language import Language


class CannotStart(Refused):
    """The shop cannot be opened; one sentence says why and what to do."""

    def sentence(self, lang: Language) -> str:
        """Return what happened and what to do next."""
        return REFUSALS[self.kind][lang].format(**self.values)


REFUSALS: dict[str, dict[Language, str]] = {
    "port_taken": {
        "vi": "Cổng {port} đang có chương trình khác dùng. Tắt chương trình đó, hoặc chọn cổng "
        "khác, ví dụ: DACSAN_PORT={other} {command}",
        "en": "Port {port} is used by another program. Stop that program, or choose another port, "
        "for example: DACSAN_PORT={other} {command}",
    },
    "port_not_allowed": {
        "vi": "Tài khoản này không được mở cổng {port}. Chọn cổng từ 1024 trở lên, ví dụ: "
        "DACSAN_PORT=8000 {command}",
        "en": "This account may not open port {port}. Choose one from 1024 up, for example: "
        "DACSAN_PORT=8000 {command}",
    },
    "host_not_here": {
        "vi": "Địa chỉ {host} không phải của máy này. Sửa DACSAN_HOST rồi chạy lại.",
        "en": "The address {host} is not of this machine. Correct DACSAN_HOST and run this again.",
    },
    "already_running": {
        "vi": "Đặc Sản đang mở sẵn tại {url} (tiến trình {pid}). Mở địa chỉ đó, hoặc bấm Ctrl-C ở "
        "cửa sổ đang chạy nó.",
        "en": "Đặc Sản is running already at {url} (process {pid}). Open that address, or press "
        "Ctrl-C in the window it runs in.",
    },
    "folder_unwritable": {
        "vi": "Không ghi được vào thư mục {where}. Kiểm tra quyền ghi, hoặc chọn thư mục khác "
        "bằng DACSAN_VAR.",
        "en": "The folder {where} cannot be written. Check its rights, or choose another with "
        "DACSAN_VAR.",
    },
    "web_does_not_start": {
        "vi": "Không mở được trang web; lý do nằm ở các dòng phía trên.",
        "en": "The web server does not start; the lines above say why.",
    },
    "one_process_on_sqlite": {
        "vi": "Nhiều tiến trình web cần PostgreSQL. Đặt DACSAN_WORKERS=1, hoặc đặt "
        "DACSAN_DATABASE_URL.",
        "en": "Several web processes need PostgreSQL. Set DACSAN_WORKERS=1, or set "
        "DACSAN_DATABASE_URL.",
    },
}

PROGRESS: dict[str, dict[Language, str]] = {
    "migrating": {
        "vi": "Đang chuẩn bị cơ sở dữ liệu…",
        "en": "Preparing the database…",
    },
    "loading_demo": {
        "vi": "Đang nạp dữ liệu mẫu, lần đầu mất ít giây…",
        "en": "Loading the sample data, a few seconds the first time…",
    },
    "leftovers": {
        "vi": "Đã dọn phần còn sót của lần chạy trước: {names}.",
        "en": "Ended what an earlier run had left: {names}.",
    },
    "died": {
        "vi": "{name} dừng bất ngờ (mã {code}), đang chạy lại.",
        "en": "{name} ended unexpectedly (code {code}) and is started again.",
    },
    "open_plainly": {
        "vi": "Chú ý: địa chỉ {url} không mã hoá (http) nên không in được tem. Đặt "
        "DACSAN_PUBLIC_URL là địa chỉ https; trong mạng nội bộ đặt DACSAN_ALLOW_HTTP=1.",
        "en": "Mind: the address {url} is not encrypted (http), so no labels can be printed. Set "
        "DACSAN_PUBLIC_URL to an https address; inside a local network set DACSAN_ALLOW_HTTP=1.",
    },
    "stopping": {"vi": "Đang dừng…", "en": "Stopping…"},
    "stopped": {"vi": "Đã dừng.", "en": "Stopped."},
}

NAMES: dict[str, dict[Language, str]] = {
    "web": {"vi": "Trang web", "en": "The web server"},
    "worker": {"vi": "Phần việc nền", "en": "The worker"},
}

ROLES: dict[str, dict[Language, str]] = {
    "director": {"vi": "Giám đốc", "en": "Director"},
    "treasurer": {"vi": "Thủ quỹ", "en": "Treasurer"},
    "office": {"vi": "Văn phòng", "en": "Office"},
    "technician": {"vi": "Kỹ thuật", "en": "Technician"},
    "member": {"vi": "Xã viên", "en": "Member"},
    "helper": {"vi": "Người giúp", "en": "Helper"},
}

_OPEN: dict[Language, str] = {
    "vi": "Đặc Sản đã mở. Ctrl-C để dừng.\n\n  Cửa hàng:   {shop}\n  Văn phòng:  {office}",
    "en": "Đặc Sản is open. Ctrl-C stops it.\n\n  Shop:    {shop}\n  Office:  {office}",
}
_ALSO: dict[Language, str] = {
    "vi": "  Máy khác trong mạng: {url}",
    "en": "  From other machines: {url}",
}
_SIGN_INS: dict[Language, str] = {
    "vi": "Đăng nhập mẫu (mật khẩu {password}):",
    "en": "Sample sign-ins (password {password}):",
}
_SECOND_CODE: dict[Language, str] = {
    "vi": "  Giám đốc và thủ quỹ giữ tiền nên máy hỏi thêm mã 6 số: gõ mã hiện trong ô “Máy tạo "
    "mã tập huấn (giả lập)”.",
    "en": "  The director and the treasurer keep money, so a 6-digit code is asked for: type the "
    "one in the box “Training code generator (simulated)”.",
}
_TO_TRY: dict[Language, str] = {
    "vi": "Bốn việc để thử:\n"
    "  1. Mua một món ở {shop}, chọn chuyển khoản, và xem mã VietQR của đơn.\n"
    "  2. Đăng nhập văn phòng ở {office}, ghi đã nhận tiền cho đơn ấy, rồi gói hàng.\n"
    "  3. Mở trang của một lô như khi quét tem: {label}\n"
    "  4. Trên điện thoại, đăng nhập xã viên rồi đăng một món; văn phòng duyệt thì món lên kệ.",
    "en": "Four things to try:\n"
    "  1. Buy something at {shop}, choose a bank transfer, and see the order's VietQR code.\n"
    "  2. Sign in to the office at {office}, note that the money came, then pack the order.\n"
    "  3. Open the page of a batch as a scanned label does: {label}\n"
    "  4. On a phone, sign in as the member and offer something; the office approves it.",
}


@dataclass(frozen=True)
class Opening:
    """What there is to say once the shop is open."""

    url: str
    network_url: str = ""
    sign_ins: Sequence[tuple[str, str, str]] = ()
    label_path: str = ""

    def text(self, lang: Language) -> str:
        """Return the addresses, and with the demo its sign-ins and what to try first."""
        prefix = "/en" if lang == "en" else ""
        pages = {"shop": f"{self.url}{prefix}/", "office": f"{self.url}{prefix}/quan-ly"}
        lines = [_OPEN[lang].format(**pages)]
        if self.network_url:
            lines.append(_ALSO[lang].format(url=f"{self.network_url}{prefix}/"))
        if self.sign_ins:
            lines += ["", _SIGN_INS[lang].format(password=self.sign_ins[0][2])]
            lines += [
                f"  {ROLES[role][lang] if role in ROLES else role:<12} {phone}"
                for role, phone, _ in self.sign_ins
            ]
            lines.append(_SECOND_CODE[lang])
            label = f"{self.url}{prefix}{self.label_path or '/tra-cuu'}"
            lines += ["", _TO_TRY[lang].format(**pages, label=label)]
        return "\n".join(lines) + "\n"
