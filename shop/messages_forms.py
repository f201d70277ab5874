"""The sentence for each way a typed value can be refused: what is wrong, what to do, an example.

Values in the sentences are named for their kind: `..._vnd`, `..._g`, `..._ml`, `..._m2`, `..._on`
and `..._phone` are formatted here, in the reader's language; `typed` is cut short.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any

from flask_babel import get_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from shop import formats
from shop.forms.phones import LANDLINE_DIGITS
from shop.forms.values import ValueRefused
from shop.messages_imports import SENTENCES as OF_IMPORTS

_LONGEST_QUOTE = 40
_OUR_LISTS = frozenset(("faults", "expected", "missing", "units", "packs", "sum"))
"""Names of columns, containers and packs, which are ours and not what somebody typed."""
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f]")
"""What would break a page or a terminal that quotes it."""

SENTENCES: Mapping[str, Any] = {
    # money
    "price_empty": _l("Chưa ghi giá. Xin ghi bằng số, ví dụ 50.000"),
    "price_unreadable": _l("Chưa đọc được giá “%(typed)s”. Xin ghi bằng số, ví dụ 50.000"),
    "price_ambiguous": _l(
        "Chưa rõ giá “%(typed)s” là %(high_vnd)s hay %(low_vnd)s. Xin ghi đủ số, ví dụ 50.500"
    ),
    "price_not_positive": _l("Giá phải lớn hơn 0 đồng. Ví dụ 50.000"),
    "price_too_low": _l("Giá %(typed_vnd)s có vẻ thiếu số 0. Có phải là %(proposed_vnd)s?"),
    "price_per_measure": _l(
        "Giá %(price_vnd)s là của %(per)s. Xin ghi giá của cả gói, ví dụ 50.000"
    ),
    "price_of_other_weight": _l(
        "Giá %(price_vnd)s là của %(per)s, vậy %(pack)s là %(proposed_vnd)s. Đúng không? "
        "Không thì ghi giá của %(pack)s"
    ),
    "price_slang": _l("Giá “%(typed)s” có phải là %(proposed_vnd)s? Xin ghi bằng số"),
    "price_said": _l("Giá “%(typed)s” hiểu là %(proposed_vnd)s. Đúng không?"),
    "price_range": _l(
        "“%(typed)s” là từ %(low_vnd)s đến %(high_vnd)s. Xin ghi một giá, ví dụ 50.000"
    ),
    "price_rough": _l("“%(typed)s” là giá ước chừng. Xin ghi đúng một giá, ví dụ 50.000"),
    "price_foreign": _l("Giá ghi bằng đồng Việt Nam, ví dụ 50.000"),
    "price_per_count": _l(
        "Giá %(price_vnd)s là của %(per)s. Xin ghi giá của đúng một món bán ra, ví dụ 50.000"
    ),
    "price_of_other_count": _l(
        "Giá %(price_vnd)s là của %(per)s, còn đóng gói là %(pack)s. Xin ghi giá của %(pack)s"
    ),
    "price_dear": _l("Giá %(said)s thì cao quá cho một món. Xin xem lại các số 0"),
    "price_too_high": _l("Giá cao nhất ghi được là %(maximum_vnd)s. Xin xem lại các số 0"),
    "amount_empty": _l("Chưa ghi số tiền. Xin ghi bằng số, ví dụ 50.000"),
    "amount_unreadable": _l("Chưa đọc được số tiền “%(typed)s”. Xin ghi bằng số, ví dụ 50.000"),
    "amount_ambiguous": _l(
        "Chưa rõ số tiền “%(typed)s” là %(high_vnd)s hay %(low_vnd)s. Xin ghi đủ số, ví dụ 50.500"
    ),
    "amount_not_positive": _l("Số tiền phải lớn hơn 0 đồng. Ví dụ 50.000"),
    "amount_negative": _l("Số tiền không được có dấu trừ. Nếu không có tiền thì ghi 0"),
    "amount_too_low": _l("Số tiền ít nhất là %(minimum_vnd)s. Xin xem lại có thiếu số 0 không"),
    "amount_too_high": _l("Số tiền nhiều nhất là %(maximum_vnd)s. Xin xem lại các số 0"),
    # tables of delivery fees, tracking
    "fee_rows": _l("%(faults)s"),
    "fee_rows_many": _l("Bảng phí nhiều nhất %(most)s dòng. Gộp các nơi cùng phí vào một dòng"),
    "fee_row_parts": _l("“%(typed)s” chưa đủ phần. Ví dụ Huế, Đà Nẵng | 2 kg | 25k"),
    "fee_row_endless": _l("Phí thêm mỗi kg cần một mức cân nặng. Ví dụ Huế | 2 kg | 25k | 5k"),
    "fee_place_unknown": _l(
        "Không thấy tỉnh “%(typed)s”. Ghi tên tỉnh hiện nay, hoặc xã kèm tỉnh trong ngoặc, ví dụ "
        "xã Quảng Điền (Huế), hoặc Cả nước"
    ),
    "fee_place_unclear": _l(
        "Không thấy xã “%(typed)s”. Ghi đủ dấu và tên tỉnh trong ngoặc, ví dụ xã Quảng Điền (Huế)"
    ),
    "tracking_code_unreadable": _l(
        "Mã vận đơn chỉ gồm chữ không dấu, số và gạch nối, nhiều nhất 40 chữ. Ví dụ EB123456789VN"
    ),
    "tracking_template_unreadable": _l(
        "Địa chỉ bắt đầu bằng https:// và có {code} một lần ở chỗ mã vận đơn. "
        "Ví dụ https://buudien.example/tra?ma={code}"
    ),
    # whole numbers
    "count_empty": _l("Chưa ghi số lượng. Ví dụ 12"),
    "count_unreadable": _l("Chưa đọc được số lượng “%(typed)s”. Chỉ ghi số, ví dụ 12"),
    "count_not_whole": _l("Số lượng phải là số nguyên, không lẻ như “%(typed)s”. Ví dụ 12"),
    "count_rough": _l("“%(typed)s” là ước chừng. Xin đếm rồi ghi số, ví dụ 12"),
    "count_in_tens": _l(
        "Một chục chỗ thì 10, chỗ thì 12 hay 14. “%(typed)s” có phải là %(proposed)s?"
    ),
    "count_of_other_unit": _l(
        "Ở đây đếm theo %(unit)s, còn “%(typed)s” đếm theo %(word)s. Xin ghi số, ví dụ 12"
    ),
    "count_too_low": _l("Số lượng ít nhất là %(minimum)s. Xin xem lại"),
    "count_too_high": _l("Số lượng nhiều nhất là %(maximum)s. Xin xem lại các số 0"),
    "number_mangled_by_excel": _l(
        "“%(typed)s” đã bị Excel làm hỏng. Định dạng cột là Văn bản (Text), ghi lại đủ các số "
        "rồi nhập lại"
    ),
    # weights, volumes, land
    "weight_empty": _l("Chưa ghi số cân. Ví dụ 12,5 kg"),
    "weight_unreadable": _l("Chưa đọc được “%(typed)s”. Xin ghi số kèm đơn vị, ví dụ 12,5 kg"),
    "weight_ambiguous": _l(
        "Chưa rõ “%(typed)s” là bao nhiêu. Số lẻ ghi dấu phẩy, số nghìn ghi liền, "
        "ví dụ 12,5 kg hoặc 1250 kg"
    ),
    "weight_of_either": _l("Chưa rõ “%(typed)s” là %(high_g)s hay %(low_g)s"),
    "weight_range": _l(
        "“%(typed)s” là từ %(low_g)s đến %(high_g)s. Xin ghi số cân được, ví dụ 12,5 kg"
    ),
    "weight_rough": _l("“%(typed)s” là ước chừng. Xin ghi số cân được, ví dụ 12,5 kg"),
    "weight_each_or_all": _l("“%(typed)s”: tất cả được %(high_g)s hay %(low_g)s?"),
    "weight_in_litres": _l(
        "Ở đây ghi số cân, không ghi lít. %(said_ml)s cân được bao nhiêu? Ví dụ 12,5 kg"
    ),
    "weight_counted": _l(
        "Ở đây ghi số cân, không ghi số đếm. %(count)s %(word)s cân được bao nhiêu? Ví dụ 12,5 kg"
    ),
    "weight_from_packs": _l("Ở đây ghi số cân. %(sum)s, cân được %(proposed_g)s. Đúng không?"),
    "weight_of_packs": _l(
        "Ở đây ghi số cân. “%(typed)s” là loại nào: %(packs)s? Xin ghi số cân hoặc bấm một loại"
    ),
    "weight_unit_missing": _l("“%(typed)s” là kg hay g? Xin ghi kèm đơn vị, ví dụ 12,5 kg"),
    "weight_not_positive": _l("Số cân phải lớn hơn 0. Ví dụ 12,5 kg"),
    "weight_too_fine": _l("Số cân chỉ ghi đến gam. Ví dụ 12,5 kg hoặc 500 g"),
    "weight_too_low": _l("Số cân ít nhất là %(minimum_g)s. Xin xem lại đơn vị, kg hay g"),
    "weight_too_high": _l("Số cân nhiều nhất là %(maximum_g)s. Xin xem lại đơn vị, kg hay g"),
    "weight_implausible": _l(
        "Một gói nặng %(typed_g)s? Có phải là %(proposed_g)s? Xin xem lại đơn vị, kg hay g"
    ),
    "weight_too_heavy_for_pack": _l(
        "Một gói nặng %(typed_g)s là nặng quá. Xin xem lại đơn vị, kg hay g, ví dụ 500 g"
    ),
    "volume_empty": _l("Chưa ghi dung tích. Ví dụ 500 ml"),
    "volume_unreadable": _l(
        "Chưa đọc được “%(typed)s”. Xin ghi số kèm đơn vị, ví dụ 500 ml hoặc 1,5 lít"
    ),
    "volume_ambiguous": _l(
        "Chưa rõ “%(typed)s” là bao nhiêu. Số lẻ ghi dấu phẩy, số nghìn ghi liền, "
        "ví dụ 1,5 lít hoặc 500 ml"
    ),
    "volume_unit_missing": _l("“%(typed)s” là lít hay ml? Xin ghi kèm đơn vị, ví dụ 500 ml"),
    "volume_not_positive": _l("Dung tích phải lớn hơn 0. Ví dụ 500 ml"),
    "volume_too_fine": _l("Dung tích chỉ ghi đến ml. Ví dụ 500 ml"),
    "volume_too_low": _l("Dung tích ít nhất là %(minimum_ml)s. Xin xem lại đơn vị, lít hay ml"),
    "volume_too_high": _l(
        "Dung tích nhiều nhất là %(maximum_ml)s. Xin xem lại đơn vị, lít hay ml"
    ),
    "area_empty": _l("Chưa ghi diện tích. Ví dụ 2 sào hoặc 720 m²"),
    "area_unreadable": _l(
        "Chưa đọc được “%(typed)s”. Xin ghi số kèm đơn vị, ví dụ 2 sào hoặc 720 m²"
    ),
    "area_ambiguous": _l(
        "Chưa rõ “%(typed)s” là bao nhiêu. Số lẻ ghi dấu phẩy, số nghìn ghi liền, "
        "ví dụ 0,5 ha hoặc 720 m²"
    ),
    "area_unit_missing": _l("“%(typed)s” là sào hay m²? Xin ghi kèm đơn vị, ví dụ 2 sào"),
    "area_not_positive": _l("Diện tích phải lớn hơn 0. Ví dụ 720 m²"),
    "area_too_high": _l("Diện tích nhiều nhất là %(maximum_m2)s. Xin xem lại đơn vị"),
    # packs as members say them
    "pack_empty": _l("Chưa ghi đóng gói. Ví dụ gói 200 g hoặc chai 500 ml"),
    "pack_unreadable": _l(
        "Chưa đọc được “%(typed)s”. Xin ghi đựng bằng gì và bao nhiêu, ví dụ gói 200 g"
    ),
    "pack_content_missing": _l(
        "Mỗi %(unit)s được bao nhiêu? Ghi thêm số cân hoặc dung tích, ví dụ %(unit)s 300 g"
    ),
    "pack_weight_missing": _l("“%(pieces)s” nặng chừng bao nhiêu? Ví dụ %(pieces)s 600 g"),
    "pack_ten_ambiguous": _l(
        "Một chục chỗ thì 10, chỗ thì 12 hay 14. Xin ghi rõ mấy quả, nặng chừng nào, "
        "ví dụ 10 quả 600 g"
    ),
    "pack_each_or_all": _l(
        "“%(typed)s”: mỗi %(one)s như vậy, tất cả là %(each_total)s, hay tất cả chỉ bấy nhiêu?"
    ),
    "pack_heavy": _l(
        "“%(said)s” thì nhiều quá cho một món. Xin xem lại đơn vị, kg hay g, lít hay ml"
    ),
    "pack_unit_missing": _l("“%(typed)s” là ml hay g? Xin ghi kèm đơn vị, ví dụ %(proposed)s"),
    "pack_cheap": _l(
        "Giá %(price_vnd)s cho %(said)s thì rẻ quá. Xin xem lại giá và đơn vị, kg hay g"
    ),
    # dates and times
    "date_empty": _l("Chưa ghi ngày. Ví dụ 05/11/2026"),
    "date_unreadable": _l(
        "Chưa đọc được ngày “%(typed)s”. Xin ghi ngày/tháng/năm, ví dụ 05/11/2026"
    ),
    "date_year_missing": _l("Ngày còn thiếu năm. Có phải là %(proposed_on)s?"),
    "date_said": _l("“%(typed)s” có phải là ngày %(proposed_on)s?"),
    "date_beginning": _l(
        "“%(typed)s” là ngày âm hay ngày dương? Ngày dương thì có phải là %(proposed_on)s?"
    ),
    "date_lunar": _l("“%(typed)s” là ngày âm lịch. Xin ghi ngày dương, ví dụ 05/11/2026"),
    "date_vague": _l("Chưa rõ “%(typed)s” là ngày nào. Xin ghi ngày/tháng, ví dụ 05/11/2026"),
    "date_not_come": _l("Ngày %(day_on)s chưa tới. Có phải là năm ngoái, %(proposed_on)s?"),
    "date_not_come_too_old": _l(
        "Ngày %(day_on)s chưa tới. Ở đây ghi từ %(earliest_on)s đến hôm nay; "
        "việc năm ngoái xin báo HTX ghi"
    ),
    "date_day_missing": _l(
        "“%(typed)s” mới có tháng và năm. Xin ghi đủ ngày/tháng/năm, ví dụ %(first_on)s"
    ),
    "date_month_first": _l(
        "“%(typed)s” ghi tháng trước ngày. Có phải là %(proposed_on)s? Xin ghi ngày trước"
    ),
    "date_invalid": _l(
        "Tháng %(month)s năm %(year)s chỉ có %(days)s ngày. Xin xem lại ngày “%(typed)s”"
    ),
    "date_month_invalid": _l(
        "Một năm chỉ có 12 tháng. Xin ghi ngày trước, tháng sau, ví dụ 25/11/2026"
    ),
    "date_too_early": _l("Ngày sớm nhất ghi được là %(earliest_on)s. Xin xem lại ngày và năm"),
    "date_too_late": _l("Ngày muộn nhất ghi được là %(latest_on)s. Xin xem lại ngày và năm"),
    "date_in_past": _l("Ngày này đã qua. Xin ghi từ hôm nay, %(earliest_on)s, trở đi"),
    "date_in_future": _l("Ngày này chưa tới. Xin ghi đến hôm nay, %(latest_on)s"),
    "expiry_before_production": _l(
        "Hạn sử dụng (%(expires_on)s) trước ngày sản xuất (%(made_on)s). Xin xem lại hai ngày"
    ),
    "year_unreadable": _l("Chưa đọc được năm sinh “%(typed)s”. Ghi đủ bốn số, ví dụ 1958"),
    "year_implausible": _l(
        "Năm sinh “%(typed)s” không phải của người %(youngest)s đến %(oldest)s tuổi. Xin xem lại"
    ),
    "year_unsure": _l("Chưa rõ năm sinh “%(typed)s”. Có phải là %(proposed)s? Ghi đủ bốn số"),
    "month_unreadable": _l("Chưa đọc được tháng “%(typed)s”. Ví dụ 11/2026"),
    "time_empty": _l("Chưa ghi giờ. Ví dụ 14:05"),
    "time_unreadable": _l("Chưa đọc được giờ “%(typed)s”. Ví dụ 14:05"),
    "time_invalid": _l("Giờ chỉ từ 0 đến 23, phút từ 0 đến 59. Ví dụ 14:05"),
    "moment_unreadable": _l(
        "Chưa đọc được “%(typed)s”. Xin ghi giờ rồi đến ngày, ví dụ 14:05 05/11/2026"
    ),
    # phones
    "password_too_short": _l("Mật khẩu mới ngắn quá. Ví dụ ba bốn từ dễ nhớ."),
    "password_too_long": _l("Mật khẩu dài quá. Xin bớt lại."),
    "email_unreadable": _l("Địa chỉ thư chưa đúng. Ví dụ hoa@gmail.com, hoặc để trống"),
    "phone_empty": _l("Chưa ghi số điện thoại. Ví dụ 0912 345 678"),
    "phone_unreadable": _l("Số điện thoại chỉ gồm chữ số, bắt đầu bằng 0. Ví dụ 0912 345 678"),
    "phone_foreign": _l("Chỉ nhận số điện thoại Việt Nam. Ví dụ 0912 345 678"),
    "phone_missing_zero": _l("Số điện thoại thiếu số 0 ở đầu. Có phải là %(proposed_phone)s?"),
    "phone_more_than_one": _l(
        "Có hơn một số điện thoại. Chỉ ghi một số, ví dụ %(proposed_phone)s"
    ),
    "phone_too_short": _l(
        "Số điện thoại thiếu %(missing)s số. Số đúng có %(digits)s chữ số, ví dụ %(example_phone)s"
    ),
    "phone_too_long": _l(
        "Số điện thoại thừa %(surplus)s số. Số đúng có %(digits)s chữ số, ví dụ %(example_phone)s"
    ),
    "phone_old_eleven_digits": _l(
        "Số di động 11 chữ số đã đổi sang 10 chữ số. Có phải nay là %(proposed_phone)s?"
    ),
    "phone_landline_invalid": _l("Mã vùng của số máy bàn chưa đúng. Ví dụ 0208 3855 123"),
    "phone_unknown_prefix": _l(
        "Không có số bắt đầu như vậy. Số di động bắt đầu bằng 03, 05, 07, 08 hoặc 09, "
        "ví dụ 0912 345 678"
    ),
    # text
    "name_empty": _l("Chưa ghi tên"),
    "synonyms_too_few": _l("Ghi ít nhất hai từ, cách nhau bằng dấu phẩy. Ví dụ lạc, đậu phộng"),
    "synonyms_too_many": _l("Nhiều từ quá. Mỗi nhóm nhiều nhất %(most)s từ"),
    "synonym_too_short": _l("“%(typed)s” mới có một chữ cái. Ghi đủ từ, ví dụ ngô, bắp"),
    "synonym_too_long": _l("“%(typed)s” dài quá. Mỗi từ nhiều nhất 4 tiếng, ví dụ đậu phộng"),
    "synonym_odd": _l("“%(typed)s” có dấu lạ. Chỉ ghi chữ, ví dụ ngô, bắp"),
    "synonym_twice": _l("“%(typed)s” đã có trong nhóm. Bỏ bớt từ này"),
    "name_too_short": _l("“%(typed)s” mới có một chữ cái. Ghi đủ tên, ví dụ Mật ong rừng"),
    "name_too_long": _l("Tên dài quá %(longest)s chữ. Xin bớt %(surplus)s chữ"),
    "name_has_markup": _l("Tên có mã lạ. Xin chỉ ghi chữ, ví dụ Chè ngon"),
    "text_empty": _l("Chỗ này còn trống. Xin ghi vài chữ"),
    "text_too_long": _l("Dài quá %(longest)s chữ. Xin bớt %(surplus)s chữ"),
    "text_has_control": _l("Có ký tự ẩn không đọc được. Xin gõ lại thay vì chép dán"),
    "text_damaged": _l("Chữ bị hỏng khi chép, hiện dấu �. Xin gõ lại"),
    "legacy_encoding": _l(
        "Chữ viết bằng phông cũ %(encoding)s, không phải Unicode. Có phải là “%(proposed)s”?"
    ),
    "letters_broken": _l("Chữ có dấu bị hỏng khi chép sang. Có phải là “%(proposed)s”?"),
    "contact_empty": _l(
        "Chưa ghi số điện thoại hay địa chỉ thư. Ví dụ 0912 345 678 hoặc hoa@gmail.com"
    ),
    "voucher_code_short": _l("Mã cần ít nhất %(least)s chữ hoặc số. Ví dụ TET2027"),
    # tax codes and invoices
    "tax_code_empty": _l("Chưa ghi mã số thuế. Ví dụ 0300588569"),
    "tax_code_unreadable": _l("Mã số thuế chỉ gồm chữ số. Ví dụ 0300588569"),
    "tax_code_length": _l(
        "Mã số thuế có 10 chữ số, chi nhánh thêm 3 số; đang có %(count)s số. Ví dụ 0300588569"
    ),
    "tax_code_wrong": _l("Mã số thuế này sai một chữ số. Xem lại từng số trên giấy đăng ký"),
    "household_code_length": _l(
        "Hộ kinh doanh dùng số định danh 12 chữ số của chủ hộ, hoặc mã số thuế cũ 10 số; "
        "đang có %(count)s số"
    ),
    "personal_number_length": _l(
        "Số định danh cá nhân có 12 chữ số; đang có %(count)s số. Không muốn ghi thì để trống"
    ),
    "invoice_number_empty": _l("Chưa ghi số hóa đơn. Ví dụ 1C26TLB 00000123"),
    "invoice_number_unreadable": _l("Số hóa đơn phải có chữ số. Ví dụ 1C26TLB 00000123"),
    "problem_reason_empty": _l("Chưa chọn chuyện gì. Chọn dòng giống nhất, ví dụ Thiếu hàng"),
    # reviews
    "stars_empty": _l("Chưa chọn số sao. Chọn từ 1 đến 5 sao"),
    "review_has_phone": _l(
        "Ai cũng đọc được đánh giá, nên xin bỏ số điện thoại. Cần HTX gọi lại thì báo sự cố"
    ),
    "review_has_link": _l("Đánh giá không ghi được địa chỉ trang web hay thư. Xin bỏ chỗ đó"),
    "review_has_markup": _l("Có mã lạ trong lời viết. Xin chỉ ghi chữ, ví dụ Chè thơm, nước xanh"),
    # codes and bank accounts
    "lot_empty": _l("Chưa ghi mã lô. Ví dụ LBT-261103-01"),
    "lot_too_long": _l("Mã lô dài quá %(longest)s chữ. Ví dụ LBT-261103-01"),
    "lot_not_one": _l("Đây không phải mã lô. Chép đúng mã in trên tem. Ví dụ LBT-261103-01"),
    "lot_has_other_letters": _l("Mã lô chỉ gồm chữ cái, chữ số và dấu gạch. Ví dụ LBT-261103-01"),
    "account_empty": _l("Chưa ghi số tài khoản. Ví dụ 0011001932418"),
    "account_unreadable": _l("Số tài khoản chỉ gồm chữ số và chữ cái. Ví dụ 0011001932418"),
    "account_too_short": _l("Số tài khoản còn thiếu số. Ví dụ 0011001932418"),
    "account_too_long": _l("Số tài khoản nhiều nhất 19 chữ số. Ví dụ 0011001932418"),
    "looks_like_card_number": _l(
        "Đây là số in trên thẻ (bắt đầu bằng 9704). Xin nhập số tài khoản ngân hàng, "
        "ví dụ 0011001932418"
    ),
    "holder_empty": _l("Chưa ghi tên chủ tài khoản. Ví dụ NGUYEN THI MAN"),
    "holder_unreadable": _l("Tên chủ tài khoản chỉ gồm chữ cái. Ví dụ NGUYEN THI MAN"),
    "holder_too_long": _l("Tên chủ tài khoản dài quá %(longest)s chữ. Ví dụ NGUYEN THI MAN"),
}

_BY_KIND: Mapping[str, Callable[[Any, str], str]] = {
    "vnd": formats.money,
    "g": formats.weight,
    "ml": formats.volume,
    "m2": formats.area,
    "on": formats.day,
    "phone": lambda number, _lang: formats.phone(number),
}
_EXAMPLE_MOBILE, _EXAMPLE_LANDLINE = "+84912345678", "+842083855123"


def sentence(refused: ValueRefused) -> str:
    """Return the sentence to show beside the field, in the language of the request."""
    return sentence_for(refused.code, refused.values)


def sentence_for(code: str, values: Mapping[str, object]) -> str:
    """Return the sentence of `code` filled with `values`; `KeyError` for a code without one."""
    locale = get_locale()
    lang = "en" if locale is not None and locale.language == "en" else "vi"
    filled = {name: _shown(name, value, lang) for name, value in values.items()}
    filled["example_phone"] = formats.phone(
        _EXAMPLE_LANDLINE if values.get("digits") == LANDLINE_DIGITS else _EXAMPLE_MOBILE
    )
    found = SENTENCES[code] if code in SENTENCES else OF_IMPORTS[code]
    return str(found) % filled


def quotable(text: str) -> str:
    """Return `text` with U+FFFD for each character that a page or a terminal cannot show."""
    return _CONTROL.sub("\ufffd", text)


def understood(value: str) -> str:
    """Return the line under a field that shows what was understood: `Hiểu là 12,5 kg`."""
    return str(_("Hiểu là %(value)s", value=value))


def _shown(name: str, value: object, lang: str) -> str:
    kind = name.rpartition("_")[2]
    if kind in _BY_KIND and "_" in name:
        return _BY_KIND[kind](value, lang)
    if name in {"minimum", "maximum", "longest", "surplus", "most"} and isinstance(value, int):
        return formats.number(value, lang)
    text = quotable(str(value))
    if name in _OUR_LISTS:
        return text
    return text if len(text) <= _LONGEST_QUOTE else text[:_LONGEST_QUOTE] + "…"
