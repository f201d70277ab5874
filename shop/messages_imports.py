"""The sentences of imports: why a file, a row or a cell cannot be taken, and what to do instead.

Values are shown as in `shop.messages_forms`, which reads this table too.
"""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l

SENTENCES: Mapping[str, Any] = {
    # the file
    "file_missing": _l("Chưa chọn tệp. Chọn tệp CSV hoặc XLSX rồi gửi lại."),
    "file_empty": _l("Tệp không có dòng nào. Xem lại có chọn đúng tệp không."),
    "file_too_large": _l(
        "Tệp quá %(megabytes)s MB. Chép phần cần nhập sang tệp mới, bỏ ảnh, rồi gửi lại."
    ),
    "file_is_old_workbook": _l(
        "Tệp Excel đời cũ (.xls) chưa đọc được. Mở bằng Excel, chọn Lưu thành (Save As), "
        "kiểu Excel Workbook (.xlsx), rồi gửi lại."
    ),
    "file_is_binary_workbook": _l(
        "Tệp .xlsb chưa đọc được. Mở bằng Excel, chọn Lưu thành (Save As), kiểu Excel Workbook "
        "(.xlsx), rồi gửi lại."
    ),
    "file_is_locked": _l(
        "Tệp có mật khẩu nên không đọc được. Mở bằng Excel, bỏ mật khẩu ở Tệp > Thông tin > "
        "Bảo vệ, lưu lại rồi gửi."
    ),
    "file_is_open_document": _l(
        "Tệp OpenDocument (.ods) chưa đọc được. Chọn Lưu thành, kiểu Excel (.xlsx) hoặc CSV, "
        "rồi gửi lại."
    ),
    "file_is_numbers": _l(
        "Tệp Numbers chưa đọc được. Chọn Tệp > Xuất sang > Excel, rồi gửi tệp .xlsx."
    ),
    "file_is_pdf": _l("Đây là tệp PDF, không phải bảng tính. Xin gửi tệp Excel (.xlsx) hoặc CSV."),
    "file_is_picture": _l("Đây là ảnh, không phải bảng tính. Xin gửi tệp Excel (.xlsx) hoặc CSV."),
    "file_is_document": _l(
        "Đây là tệp văn bản Word. Chép bảng sang Excel, lưu kiểu .xlsx, rồi gửi lại."
    ),
    "file_is_packed": _l(
        "Đây là tệp nén. Giải nén, rồi gửi tệp Excel (.xlsx) hoặc CSV ở bên trong."
    ),
    "file_is_web_page": _l(
        "Tệp này là trang web đổi tên. Mở bằng Excel, chọn Lưu thành (Save As), kiểu .xlsx, "
        "rồi gửi lại."
    ),
    "file_is_no_table": _l(
        "Tệp này không phải bảng tính đọc được. Xin gửi tệp Excel (.xlsx) hoặc CSV."
    ),
    "file_damaged": _l(
        "Tệp bị hỏng hoặc chép chưa hết. Mở bằng Excel, lưu lại thành tệp mới (.xlsx), rồi gửi."
    ),
    "file_too_much_inside": _l(
        "Bên trong tệp có quá nhiều ô hoặc dòng trống. Chép riêng phần có chữ sang tệp mới "
        "rồi gửi."
    ),
    "file_too_many_rows": _l(
        "Tệp có hơn %(most)s dòng. Chia thành nhiều tệp, mỗi tệp nhiều nhất %(most)s dòng."
    ),
    "file_encoding_unknown": _l(
        "Chưa rõ tệp dùng bảng mã nào. Mở bằng Excel, chọn Lưu thành, kiểu CSV UTF-8 hoặc .xlsx, "
        "rồi gửi lại."
    ),
    "file_quote_unclosed": _l(
        "Từ dòng %(row)s có dấu ngoặc kép mở mà không đóng. Sửa dấu ngoặc kép ở dòng đó, "
        "hoặc gửi tệp .xlsx."
    ),
    # its sheets and columns
    "sheet_unclear": _l("Tệp có nhiều trang tính: %(sheets)s. Chọn một trang để nhập."),
    "sheet_hidden": _l(
        "Chỉ trang đang ẩn có tên cột: %(sheets)s. Bỏ ẩn trang ấy trong Excel, hoặc chọn nó ở đây."
    ),
    "sheet_missing": _l("Không có trang tính “%(sheet)s”. Các trang có: %(sheets)s."),
    "header_missing": _l(
        "Không thấy dòng tên cột. Dòng đầu cần có tên cột, ví dụ: %(expected)s. "
        "Tải tệp mẫu để xem."
    ),
    "columns_missing": _l(
        "Thiếu cột %(missing)s. Tệp có các cột: %(present)s. Thêm cột rồi gửi lại."
    ),
    "columns_twice": _l(
        "Có hai cột cùng nghĩa: %(columns)s. Bỏ một cột, hoặc đổi tên cột không dùng."
    ),
    "no_rows": _l("Dưới dòng tên cột không có dòng nào. Ghi mỗi món một dòng."),
    # one row
    "row_cut_short": _l("Tệp bị đứt ở dòng này. Chép lại tệp cho đủ rồi gửi."),
    "row_too_wide": _l(
        "Dòng có nhiều ô hơn số cột. Chữ có dấu phẩy phải đặt trong dấu ngoặc kép, hoặc gửi .xlsx."
    ),
    "row_without_name": _l("Dòng chưa có mã hàng hay tên sản phẩm. Ghi một trong hai."),
    "row_without_person": _l("Dòng chưa có họ tên hay mã xã viên. Ghi một trong hai."),
    "row_twice": _l("Trùng với dòng %(first)s. Giữ một dòng, bỏ dòng kia."),
    # one cell
    "cell_merged": _l("Ô này bị gộp với ô trên. Bỏ gộp ô rồi ghi đủ từng dòng."),
    "cell_formula_empty": _l(
        "Công thức chưa có kết quả. Mở tệp bằng Excel rồi lưu lại, hoặc dán dạng giá trị."
    ),
    "cell_is_formula": _l("“%(typed)s” là công thức. Ghi chữ hoặc số, bỏ dấu = hay @ ở đầu."),
    "cell_became_date": _l(
        "Excel đã đổi ô này thành ngày. Định dạng cột là Văn bản (Text), rồi ghi lại mã hay tên."
    ),
    "code_is_day": _l(
        "“%(typed)s” là ngày do Excel tự đổi từ mã. Ghi lại mã, ví dụ %(meant)s. Mã đúng như vậy "
        "thì gửi tệp .xlsx, cột mã định dạng Văn bản (Text)."
    ),
    "cell_error": _l("Ô báo lỗi “%(typed)s”. Sửa công thức trong Excel, hoặc ghi giá trị đúng."),
    "cell_too_narrow": _l(
        "“%(typed)s” là cột hẹp quá nên Excel không ghi số ra. Kéo rộng cột rồi lưu lại."
    ),
    "cell_needed_for_new": _l("Món mới cần ô này. Ví dụ %(example)s"),
    "cell_differs": _l(
        "Khác với dòng %(first)s, là dòng của cùng một món. Ghi giống nhau ở mọi dòng."
    ),
    "code_unreadable": _l("Mã “%(typed)s” chưa đúng. Chỉ dùng chữ, số, dấu gạch, ví dụ LBT-200"),
    "code_too_long": _l("Mã dài quá %(longest)s chữ. Xin ghi ngắn lại"),
    "code_taken": _l("Mã %(value)s đang dùng cho %(name)s. Dùng mã khác"),
    "gtin_wrong": _l(
        "Mã vạch “%(typed)s” chưa đúng. So lại từng số in dưới mã vạch, hoặc để trống"
    ),
    "gtin_taken": _l("Mã vạch %(gtin)s đã dùng cho loại khác. Xem lại số in trên gói"),
    "unit_unknown": _l("Chưa rõ “%(typed)s” là đồ đựng gì. Chọn một trong: %(units)s"),
    "pack_said_twice": _l(
        "“%(typed)s” khác với cột Đựng bằng hoặc Khối lượng. Ghi giống nhau, hoặc bỏ trống một nơi"
    ),
    "pack_in_use": _l(
        "Loại này đã có lô in tem nên không đổi tên, khối lượng, mã vạch được. Thêm một mã mới."
    ),
    "pack_unclear": _l("“%(name)s” có nhiều loại gói như vậy. Ghi thêm mã hàng: %(skus)s"),
    "product_unknown": _l(
        "Không có “%(name)s” ở trang Sản phẩm. Thêm sản phẩm trước, hoặc sửa lại tên, mã."
    ),
    "person_unreadable": _l("Họ tên “%(typed)s” không có chữ. Ghi họ và tên"),
    "text_letters_lost": _l(
        "Chữ có dấu đã hỏng khi lưu tệp. Mở tệp gốc bằng Excel, lưu kiểu .xlsx hoặc CSV UTF-8, "
        "rồi gửi lại"
    ),
    "date_unsure": _l("Chưa rõ ngày “%(typed)s”. Có phải là %(proposed_on)s? Ghi ngày/tháng/năm"),
    "gender_unreadable": _l("Chưa rõ “%(typed)s”. Ghi nam hoặc nữ, hoặc để trống"),
    "date_is_serial": _l(
        "“%(typed)s” là số ngày của Excel. Có phải là %(proposed_on)s? Ghi ngày/tháng/năm"
    ),
    "member_unclear": _l("Có %(count)s xã viên tên như vậy. Ghi thêm mã xã viên: %(codes)s"),
    "member_name_differs": _l(
        "Mã %(value)s là của %(name)s. Xem lại mã, hoặc sửa tên ở trang Xã viên trước"
    ),
    "member_name_needed": _l("Chưa có xã viên mang mã này. Người mới cần họ và tên"),
    "plot_taken": _l("Mã thửa %(value)s là thửa của %(name)s. Dùng mã khác"),
    "lot_needed": _l("Chưa ghi mã lô. Ghi mã in trên bao, ví dụ LO-CHE-15-10"),
    "made_on_needed": _l("Chưa ghi ngày sản xuất. Ví dụ 15/10/2026"),
    "lot_taken": _l("Mã lô %(lot)s đã có cho %(name)s. Dùng mã khác, hoặc mở lô cũ"),
    "lot_closed": _l(
        "Lô %(lot)s đã có và đã ghi việc vào sổ nên tệp không sửa được. Mở lô để xem"
    ),
    "units_without_pack": _l("Ghi số gói thì cần mã hàng, để biết là loại gói nào: %(skus)s"),
}


TICKS: Mapping[str, Any] = {
    "legacy_file": _l(
        "Tệp dùng phông cũ %(encoding)s, không phải Unicode. Chuyển giúp tôi: đọc ra “%(after)s”. "
        "Xem các tên bên dưới rồi đánh dấu."
    ),
    "legacy_encoding": _l(
        "Tệp dùng phông cũ %(encoding)s, không phải Unicode. Chuyển giúp tôi: “%(before)s” "
        "thành “%(after)s”. Xem các tên bên dưới rồi đánh dấu."
    ),
    "letters_broken": _l(
        "Chữ trong tệp đã hỏng do một lần chuyển bảng mã sai, và đã được sửa lại: “%(before)s” "
        "thành “%(after)s”. Xem các tên bên dưới rồi đánh dấu."
    ),
    "columns_unknown": _l("Bỏ qua cột không dùng: %(columns)s."),
    "total_rows": _l("Bỏ qua dòng cộng: dòng %(rows)s."),
    "names_below": _l(
        "Bỏ qua dòng %(rows)s ở cuối danh sách: chỉ có tên, giống tên người ký. Nếu là dòng cần "
        "nhập thì ghi thêm một ô nữa rồi gửi lại."
    ),
    "hidden_rows": _l("Nhập cả %(count)s dòng đang ẩn trong Excel."),
    "codes_as_numbers": _l(
        "Mã ở dòng %(rows)s được Excel giữ dạng số. Nếu mã có số 0 ở đầu thì số 0 đã mất: "
        "đúng là mã như đang hiện."
    ),
    "codes_as_days": _l(
        "Mã ở dòng %(rows)s giống ngày tháng: %(typed)s. Excel có thể đã đổi mã thành ngày; nếu "
        "vậy thì ghi lại mã rồi gửi lại. Đúng là mã như đang hiện."
    ),
    "codes_as_serials": _l(
        "Mã ở dòng %(rows)s có thể là số ngày của Excel: %(typed)s. Nếu vậy thì ghi lại mã rồi "
        "gửi lại. Đúng là mã như đang hiện."
    ),
    "dates_swapped": _l(
        "Cột %(column)s có ngày Excel hiểu được và ngày không. Excel có thể đã đảo ngày với "
        "tháng: dòng %(rows)s. Đúng là ngày như đang hiện."
    ),
    "product_renamed": _l(
        "Dòng %(rows)s đổi tên cả sản phẩm “%(old)s” thành “%(new)s”, kể cả loại gói không có "
        "trong tệp: %(others)s."
    ),
    "prices_said": _l("Giá ghi bằng chữ ở dòng %(rows)s được hiểu là: %(read)s. Đúng như vậy."),
    "phones_without_zero": _l(
        "Số điện thoại ở %(count)s dòng thiếu số 0 ở đầu. Thêm số 0: %(examples)s. Đúng như vậy."
    ),
    "years_short": _l(
        "Năm sinh ở %(count)s dòng chỉ ghi hai số, được hiểu là: %(examples)s. Đúng như vậy."
    ),
    "net_tiny": _l("Dòng %(rows)s: gói nặng dưới 5 g. Đúng là như vậy, không mất số 0."),
    "same_person": _l(
        "Dòng %(rows)s: đã có xã viên cùng tên hoặc cùng số điện thoại. Đúng là người khác."
    ),
    "batch_expired": _l("Dòng %(rows)s: lô đã hết hạn. Vẫn ghi vào sổ."),
    "stock_left_out": _l(
        "Không ghi tồn kho của dòng %(rows)s: tồn phải thuộc một lô có ngày sản xuất."
    ),
    "stock_differs": _l(
        "Không sửa tồn kho của dòng %(rows)s: sổ đang ghi số khác. Muốn sửa thì kiểm kê ở trang "
        "Tồn kho."
    ),
}
"""What somebody must tick before rows are brought in."""

NOTES: Mapping[str, Any] = {
    "titles": _l("Bỏ qua %(count)s dòng tiêu đề ở trên tên cột."),
    "sheet": _l("Đọc trang “%(sheet)s”, bỏ qua: %(others)s."),
    "header_again": _l("Bỏ qua dòng lặp lại tên cột: dòng %(rows)s."),
    "numbering": _l("Bỏ qua dòng đánh số cột: dòng %(rows)s."),
    "closing": _l("Bỏ qua phần ghi ngày và ký tên ở cuối: dòng %(rows)s."),
    "formulas": _l("Có ô là công thức; lấy kết quả đã lưu trong tệp."),
    "encoding": _l("Bảng mã của tệp: %(encoding)s."),
}
"""What is good to know and needs no answer."""

NEEDED: Mapping[str, str] = {"name": "Chè móc câu La Bằng", "net": "200 g", "price": "90.000"}
"""What a new product needs, with an example each."""

WRITTEN: Mapping[str, Any] = {
    "goods": _l("Hàng có trước khi ghi sổ"),
    "counted": _l("Đếm hàng có sẵn"),
    "taken_back": _l("Rút lại tệp đã nhập"),
}
"""What is written into the books: the data of a batch, in the language of who brought it in."""
