"""What commands say when they cannot do their work: what happened, and what to do next."""

from shop.cli.language import Language

Sentence = dict[Language, str]

SENTENCES: dict[str, Sentence] = {
    "demo_beside_live": {
        "vi": "Ở đây đã có nơi bán thật ({seller}) nên không nạp lại dữ liệu mẫu từ đầu. Dùng một "
        "thư mục dữ liệu khác để tập.",
        "en": "There is a real seller here ({seller}), so the sample data are not loaded afresh. "
        "Use another data folder to practise.",
    },
    "database_missing": {
        "vi": "Chưa có cơ sở dữ liệu ở {where}. Chạy dacsan run một lần để tạo, hoặc "
        "dacsan restore để lấy lại từ bản sao lưu.",
        "en": "There is no database at {where}. Run dacsan run once to make it, or dacsan "
        "restore to bring one back from a backup.",
    },
    "database_empty": {
        "vi": "Cơ sở dữ liệu còn trống, chưa có bảng nào. Chạy dacsan run một lần để tạo.",
        "en": "The database has no tables yet. Run dacsan run once to make them.",
    },
    "database_old": {
        "vi": "Cơ sở dữ liệu thuộc bản cũ ({revision}). Chạy dacsan run một lần để nâng cấp.",
        "en": "The database is of an older release ({revision}). Run dacsan run once to bring it "
        "up to date.",
    },
    "database_new": {
        "vi": "Cơ sở dữ liệu thuộc bản mới hơn ({revision}) mà chương trình này chưa biết. "
        "Hãy cập nhật chương trình.",
        "en": "The database is of a newer release ({revision}) that this program does not know. "
        "Update the program.",
    },
    "database_locked": {
        "vi": "Cơ sở dữ liệu đang bận vì một chương trình khác giữ lâu. Đợi một phút rồi chạy "
        "lại lệnh này.",
        "en": "The database is busy: another program holds it. Wait a minute and run this "
        "command again.",
    },
    "database_readonly": {
        "vi": "Không ghi được cơ sở dữ liệu: tệp hoặc thư mục chỉ cho đọc. Chạy lệnh bằng tài "
        "khoản đã cài chương trình.",
        "en": "The database cannot be written: the file or its folder is read-only. Use the "
        "account that installed the program.",
    },
    "database_unopened": {
        "vi": "Không mở được cơ sở dữ liệu. Kiểm tra thư mục dữ liệu và quyền ghi, rồi chạy lại.",
        "en": "The database cannot be opened. Check the data folder and its rights, then run "
        "this again.",
    },
    "database_damaged": {
        "vi": "Tệp cơ sở dữ liệu bị hỏng hoặc không phải cơ sở dữ liệu. Lấy lại bản sao lưu gần "
        "nhất bằng dacsan restore.",
        "en": "The database file is damaged or is no database. Bring back the last backup with "
        "dacsan restore.",
    },
    "database_unreachable": {
        "vi": "Không nối được với máy chủ cơ sở dữ liệu. Kiểm tra PostgreSQL đã chạy và "
        "DACSAN_DATABASE_URL đúng.",
        "en": "The database server cannot be reached. See that PostgreSQL runs and that "
        "DACSAN_DATABASE_URL is right.",
    },
    "disk_full": {
        "vi": "Ổ đĩa đã đầy. Xoá bớt tệp không dùng rồi chạy lại.",
        "en": "The disk is full. Remove files you do not need, then run this again.",
    },
    "file_too_large": {
        "vi": "Ổ này không nhận tệp lớn như vậy (USB định dạng FAT32 chỉ nhận tới 4 GB). Định "
        "dạng lại thành exFAT, hoặc chọn ổ khác.",
        "en": "This disk takes no file of that size (a USB stick with FAT32 takes 4 GB). Format "
        "it as exFAT, or choose another.",
    },
    "not_writable": {
        "vi": "Không ghi được vào {where}. Kiểm tra quyền ghi của thư mục này.",
        "en": "{where} cannot be written. Check the rights of this folder.",
    },
    "file_missing": {
        "vi": "Không có tệp {where}.",
        "en": "There is no file {where}.",
    },
    "folder_missing": {
        "vi": "Không có thư mục {where}. Tạo thư mục ấy, hoặc ghi vào chỗ khác.",
        "en": "There is no folder {where}. Make it, or write elsewhere.",
    },
    "setting_wrong": {
        "vi": "Thiết lập chưa đúng: {names}. Sửa biến môi trường này rồi chạy lại.",
        "en": "A setting is wrong: {names}. Correct this environment variable and run this again.",
    },
    "address_unreadable": {
        "vi": "DACSAN_PUBLIC_URL ({url}) không phải địa chỉ. Viết như https://ten-mien.vn",
        "en": "DACSAN_PUBLIC_URL ({url}) is no address. Write it like https://shop.example",
    },
    "passwords_differ": {
        "vi": "Hai lần gõ mật khẩu không giống nhau. Chạy lại lệnh này.",
        "en": "The two passwords differ. Run this command again.",
    },
    "role_missing": {
        "vi": "Cần nói rõ vai của tài khoản này, ví dụ --role office --seller la-bang",
        "en": "Say which role the account has, for example --role office --seller la-bang",
    },
    "account_unknown": {
        "vi": "Không có tài khoản nào với số {phone}. Xem các tài khoản: dacsan user list",
        "en": "There is no account with the number {phone}. See them all: dacsan user list",
    },
    "run_unknown": {
        "vi": "Không có lần nhập số {run}. Số ghi ở trang Nhập tệp của văn phòng.",
        "en": "There is no run {run}. Its number stands on the office's page for files.",
    },
    "seller_unknown": {
        "vi": "Không có nơi bán {seller}. Tên cần viết là phần cuối của địa chỉ /htx/..., ghi ở "
        "trang Cửa hàng; chưa có thì người quản trị mở gian hàng ở /quan-ly trước.",
        "en": "There is no seller {seller}. Write the end of its address /htx/..., which stands "
        "on the page of the shop; without one the administrator opens it at /quan-ly first.",
    },
    "backup_not_a_backup": {
        "vi": "Tệp này không phải bản sao lưu của Đặc Sản, hoặc đã bị cắt cụt.",
        "en": "This file is no backup of Đặc Sản, or it was cut short.",
    },
    "backup_other_version": {
        "vi": "Bản sao lưu này thuộc một bản chương trình khác. Hãy cập nhật chương trình.",
        "en": "This backup is of another release of the program. Update the program.",
    },
    "backup_parts_differ": {
        "vi": "Trong bản sao lưu thừa hoặc thiếu phần {part}. Không dùng bản này.",
        "en": "The backup has a part too many or lacks one: {part}. Do not use it.",
    },
    "backup_part_damaged": {
        "vi": "Phần {part} của bản sao lưu đã hỏng hoặc bị sửa. Không dùng bản này.",
        "en": "The part {part} of the backup is damaged or was altered. Do not use it.",
    },
    "backup_unsafe_name": {
        "vi": "Bản sao lưu muốn ghi ra ngoài thư mục dữ liệu ({part}). Không dùng bản này.",
        "en": "The backup wants to write outside of the data folder ({part}). Do not use it.",
    },
    "backup_database_damaged": {
        "vi": "Cơ sở dữ liệu ({part}) bị hỏng nên dừng lại, chưa thay đổi gì.",
        "en": "The database ({part}) is damaged, so this stops here; nothing was changed.",
    },
    "backup_database_empty": {
        "vi": "Cơ sở dữ liệu chưa có bảng nào nên không có gì để sao lưu.",
        "en": "The database has no tables yet, so there is nothing to keep.",
    },
    "backup_other_database": {
        "vi": "Bản sao lưu này của cơ sở dữ liệu {part}, máy này dùng loại khác. Đặt "
        "DACSAN_DATABASE_URL cho đúng loại rồi chạy lại.",
        "en": "This backup is of a {part} database, and this machine uses another kind. Set "
        "DACSAN_DATABASE_URL to that kind and run this again.",
    },
    "backup_newer_release": {
        "vi": "Bản sao lưu thuộc bản chương trình mới hơn ({part}). Hãy cập nhật chương trình.",
        "en": "The backup is of a newer release ({part}). Update the program.",
    },
    "backup_program_failed": {
        "vi": "Chương trình của PostgreSQL báo lỗi: {part}",
        "en": "The program of PostgreSQL failed: {part}",
    },
    "backup_has_faults": {
        "vi": "Dữ liệu trong bản sao lưu có {count} chỗ sai nên chưa thay gì. Chỗ đầu tiên: "
        "{first} Vẫn muốn lấy lại thì thêm --with-faults.",
        "en": "The data of the backup has {count} faults, so nothing was changed. The first: "
        "{first} To bring it back all the same, add --with-faults.",
    },
    "program_missing": {
        "vi": "Máy chưa có chương trình {name} của PostgreSQL. Trên Debian, Ubuntu cài bằng: "
        "sudo apt install postgresql-client",
        "en": "The machine lacks {name} of PostgreSQL. On Debian or Ubuntu install it with: "
        "sudo apt install postgresql-client",
    },
    "shop_is_running": {
        "vi": "Cửa hàng đang chạy. Dừng nó bằng Ctrl-C ở cửa sổ dacsan run rồi chạy lại lệnh này.",
        "en": "The shop is running. Stop it with Ctrl-C in the window of dacsan run, then run "
        "this again.",
    },
    "database_in_use": {
        "vi": "Một chương trình khác đang mở cơ sở dữ liệu. Dừng cửa hàng và phần việc nền rồi "
        "chạy lại lệnh này.",
        "en": "Another program has the database open. Stop the shop and the worker, then run "
        "this again.",
    },
    "restore_under_way": {
        "vi": "Một lần khôi phục khác đang diễn ra. Đợi nó xong.",
        "en": "Another restore is under way. Wait until it is done.",
    },
    "part_missing": {
        "vi": "Lệnh này cần phần cửa hàng mà máy chưa cài (thiếu {module}). Cài bằng: "
        'pip install "dacsan[shop]"',
        "en": "This command needs the shop, which is not installed ({module} is missing). "
        'Install it with: pip install "dacsan[shop]"',
    },
    "stopped": {
        "vi": "Đã dừng theo yêu cầu.",
        "en": "Stopped as asked.",
    },
}
