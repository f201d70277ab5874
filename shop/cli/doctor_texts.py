"""What `dacsan doctor` says: by what was looked at and what was found."""

from shop.cli.language import Language

Sentence = dict[Language, str]

TEXTS: dict[str, Sentence] = {
    "python_fine": {"vi": "Python {version}.", "en": "Python {version}."},
    "folder_fine": {
        "vi": "Ghi được vào thư mục dữ liệu {where}.",
        "en": "{where} can be written.",
    },
    "folder_missing": {
        "vi": "Chưa có thư mục dữ liệu {where}. Chạy dacsan run một lần để tạo.",
        "en": "There is no data folder {where} yet. Run dacsan run once to make it.",
    },
    "folder_unwritable": {
        "vi": "Không ghi được vào thư mục dữ liệu {where}. Kiểm tra quyền ghi, hoặc ổ đĩa có bị "
        "khoá không.",
        "en": "The data folder {where} cannot be written. Check its rights, and whether the disk "
        "is locked.",
    },
    "disk_fine": {"vi": "Ổ đĩa còn trống {free}.", "en": "{free} of the disk are free."},
    "disk_low": {
        "vi": "Ổ đĩa chỉ còn {free}. Nên xoá bớt tệp không dùng.",
        "en": "Only {free} of the disk are left. Remove files you do not need.",
    },
    "disk_full": {
        "vi": "Ổ đĩa chỉ còn {free}, sắp không ghi được nữa. Xoá bớt tệp ngay.",
        "en": "Only {free} of the disk are left: soon nothing can be written. Remove files now.",
    },
    "database_fine": {
        "vi": "Cơ sở dữ liệu mở được, đúng bản ({revision}).",
        "en": "The database opens and is of this release ({revision}).",
    },
    "database_damaged": {
        "vi": "Cơ sở dữ liệu bị hỏng. Lấy lại bản sao lưu gần nhất bằng dacsan restore.",
        "en": "The database is damaged. Bring back the last backup with dacsan restore.",
    },
    "guards_fine": {
        "vi": "Sổ tiền, kho và nhật ký được canh, không ai sửa lùi được.",
        "en": "Money, stock and journal are guarded: nobody can change what was written.",
    },
    "guards_missing": {
        "vi": "Các bảng sau không còn được canh: {tables}. Báo người phụ trách kỹ thuật.",
        "en": "These tables are not guarded any more: {tables}. Tell whoever looks after the "
        "program.",
    },
    "worker_fine": {
        "vi": "Phần việc nền đang chạy (báo lần cuối {seconds} giây trước).",
        "en": "The worker is alive (last heard of {seconds} seconds ago).",
    },
    "worker_asleep": {
        "vi": "Phần việc nền không chạy, vì cửa hàng đang đóng.",
        "en": "The worker does not run, because the shop is closed.",
    },
    "worker_dead": {
        "vi": "Cửa hàng mở mà phần việc nền không chạy: thư không gửi, hàng giữ không trả lại. "
        "Dừng rồi chạy lại dacsan run.",
        "en": "The shop is open and the worker does not run: no letters, no stock set free. Stop "
        "dacsan run and start it again.",
    },
    "outbox_fine": {
        "vi": "Không có lời nhắn nào bị kẹt ({pending} đang chờ gửi).",
        "en": "No message is stuck ({pending} wait to be sent).",
    },
    "outbox_late": {
        "vi": "{pending} lời nhắn chờ gửi, lâu nhất đã {minutes} phút. Kiểm tra mạng.",
        "en": "{pending} messages wait, the oldest for {minutes} minutes. Check the network.",
    },
    "outbox_dead": {
        "vi": "{dead} lời nhắn không gửi được và đã thôi thử. Xem và gửi lại ở trang quản lý.",
        "en": "{dead} messages were given up. Look at them in the office pages and send them "
        "again.",
    },
    "notices_fine": {
        "vi": "Thông báo của cổng thanh toán không bị từ chối nhiều lần.",
        "en": "The notices of payment gateways are not refused again and again.",
    },
    "notices_refused": {
        "vi": "{count} thông báo thanh toán bị từ chối trong một ngày (nơi bán số {sellers}). "
        "Khóa bí mật có thể sai: xem ở Cửa hàng, Thanh toán qua cổng. Sửa xong chạy "
        "dacsan notices.",
        "en": "{count} payment notices were refused within a day (seller {sellers}). The secret "
        "may be wrong: see the shop's payment contracts. Then run dacsan notices.",
    },
    "contracts_fine": {
        "vi": "Địa chỉ trong các hợp đồng thanh toán dùng được.",
        "en": "The addresses of the payment contracts can be used.",
    },
    "contracts_out_of_reach": {
        "vi": "{count} hợp đồng thanh toán đang dùng, nhưng cổng không gọi được {address} để báo "
        "kết quả. Đặt DACSAN_PUBLIC_URL là địa chỉ https công khai, rồi gửi địa chỉ IPN cho cổng.",
        "en": "{count} payment contracts are in use, but no gateway can call {address} to tell "
        "how a payment ended. Set DACSAN_PUBLIC_URL to a public https address, then send the "
        "gateway the IPN address.",
    },
    "contracts_wrong": {
        "vi": "{count} hợp đồng thanh toán có địa chỉ sai: http://, cổng giả lập, hoặc lẫn thử "
        "với thật (người bán số {sellers}). Ở trang Thanh toán qua cổng, thêm hợp đồng với địa "
        "chỉ đúng hoặc đóng hợp đồng ấy.",
        "en": "{count} payment contracts have a wrong address: http://, a simulator, or trying "
        "mixed with real money (seller number {sellers}). On the page of payment gateways add a "
        "contract with the right addresses, or close that one.",
    },
    "secrets_fine": {
        "vi": "Khoá bí mật mở được mọi thứ đã cất.",
        "en": "The secret key opens everything that was locked with it.",
    },
    "secrets_of_another_key": {
        "vi": "Khoá bí mật hiện có không mở được {contracts} hợp đồng thanh toán và bước hai của "
        "{people} người: khoá đã bị đổi. Đặt lại khoá cũ, hoặc nhập lại hợp đồng và cho những "
        "người ấy đặt lại bước hai.",
        "en": "The secret key of today does not open {contracts} payment contracts and the second "
        "step of {people} people: it was changed. Bring the old one back, or enter the contracts "
        "again and let those people set up their second step again.",
    },
    "clock_fine": {"vi": "Đồng hồ máy: {now}.", "en": "The clock of this machine: {now}."},
    "clock_back": {
        "vi": "Đồng hồ máy ({now}) chạy lùi so với việc ghi lần cuối ({last}). Chỉnh lại giờ máy; "
        "pin đồng hồ có thể đã hết.",
        "en": "The clock of this machine ({now}) is behind what was written last ({last}). Set "
        "it; its battery may be empty.",
    },
    "clock_moved": {
        "vi": "Giờ của chương trình bị dời {days} ngày (DACSAN_CLOCK_DAYS), chỉ dùng khi thử.",
        "en": "The program's time is moved by {days} days (DACSAN_CLOCK_DAYS), for trials only.",
    },
    "key_fine": {"vi": "Có khoá bí mật, cất đúng cách.", "en": "The secret key is kept well."},
    "key_missing": {
        "vi": "Chưa có khoá bí mật; chương trình sẽ tạo khi chạy lần đầu.",
        "en": "There is no secret key yet; the first start makes one.",
    },
    "key_lost": {
        "vi": "Có dữ liệu mà không có khoá bí mật {where}. Lấy lại khoá từ bản sao lưu, nếu không "
        "phải nhập lại mã các nhà cung cấp.",
        "en": "There is data and no secret key {where}. Bring the key back from a backup, or the "
        "codes of the providers must be typed again.",
    },
    "key_open": {
        "vi": "Tài khoản khác trên máy đọc được khoá bí mật {where}. Sửa bằng: chmod 600 {where}",
        "en": "Other accounts of this machine can read the secret key {where}. Correct it with: "
        "chmod 600 {where}",
    },
    "key_short": {
        "vi": "DACSAN_SECRET_KEY quá ngắn, dễ đoán. Cần ít nhất 32 ký tự ngẫu nhiên.",
        "en": "DACSAN_SECRET_KEY is short and can be guessed. It needs 32 random characters.",
    },
    "address_fine": {
        "vi": "Địa chỉ cửa hàng: {url}.",
        "en": "The address of the shop: {url}.",
    },
    "address_here_only": {
        "vi": "Cửa hàng chỉ mở cho máy này ({url}); tem in ra không mở được trên điện thoại "
        "khách. Khi bán thật, đặt DACSAN_PUBLIC_URL.",
        "en": "The shop is for this machine alone ({url}); labels will not open on buyers' "
        "phones. To sell, set DACSAN_PUBLIC_URL.",
    },
    "address_plain": {
        "vi": "Địa chỉ {url} không mã hoá (http). Dùng https, hoặc đặt DACSAN_ALLOW_HTTP=1 nếu "
        "chỉ dùng trong mạng nội bộ.",
        "en": "The address {url} is not encrypted (http). Use https, or set DACSAN_ALLOW_HTTP=1 "
        "inside a local network.",
    },
    "address_plain_allowed": {
        "vi": "Địa chỉ {url} không mã hoá, được cho phép trong mạng nội bộ.",
        "en": "The address {url} is not encrypted, as was allowed for a local network.",
    },
    "address_unreadable": {
        "vi": "DACSAN_PUBLIC_URL ({url}) không phải địa chỉ. Viết như https://ten-mien.vn",
        "en": "DACSAN_PUBLIC_URL ({url}) is no address. Write it like https://shop.example",
    },
    "port_fine": {
        "vi": "Cổng {port} còn trống, cửa hàng đang đóng.",
        "en": "Port {port} is free; the shop is closed.",
    },
    "port_ours": {
        "vi": "Cửa hàng đang mở ở cổng {port}.",
        "en": "The shop is open on port {port}.",
    },
    "port_taken": {
        "vi": "Cổng {port} bị chương trình khác chiếm. Tắt chương trình ấy, hoặc đặt DACSAN_PORT.",
        "en": "Port {port} is taken by another program. Stop it, or set DACSAN_PORT.",
    },
    "port_not_allowed": {
        "vi": "Tài khoản này không được mở cổng {port}. Đặt DACSAN_PORT từ 1024 trở lên.",
        "en": "This account may not open port {port}. Set DACSAN_PORT to 1024 or more.",
    },
    "port_host_not_here": {
        "vi": "Địa chỉ DACSAN_HOST không phải của máy này.",
        "en": "The address DACSAN_HOST is not of this machine.",
    },
    "fonts_fine": {"vi": "Có phông chữ để in tem.", "en": "The font for labels is there."},
    "fonts_missing": {
        "vi": 'Thiếu phông chữ để in tem. Cài bằng: pip install "dacsan[labels]"',
        "en": 'The font for labels is missing. Install it with: pip install "dacsan[labels]"',
    },
    "backup_fine": {
        "vi": "Sao lưu lần cuối {days} ngày trước.",
        "en": "The last backup is {days} days old.",
    },
    "backup_here_only": {
        "vi": "Bản sao lưu cuối ({days} ngày trước) nằm cùng ổ với dữ liệu. Chép thêm ra ổ USB: "
        "dacsan backup THƯ_MỤC_USB",
        "en": "The last backup ({days} days old) lies on the same disk as the data. Copy one to a "
        "USB stick: dacsan backup FOLDER",
    },
    "backup_old": {
        "vi": "Bản sao lưu cuối đã {days} ngày. Sao lưu ngay: dacsan backup",
        "en": "The last backup is {days} days old. Make one now: dacsan backup",
    },
    "backup_never": {
        "vi": "Chưa sao lưu lần nào. Sao lưu ngay: dacsan backup",
        "en": "There is no backup at all. Make one now: dacsan backup",
    },
    "backup_not_yet": {
        "vi": "Chưa sao lưu lần nào; mới chỉ có dữ liệu tập huấn.",
        "en": "There is no backup yet; there is only practice data.",
    },
}
