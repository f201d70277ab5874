"""A row of an import of members: one person, and one plot if there is one."""

import re
from dataclasses import dataclass
from datetime import date

from flask_babel import lazy_gettext as _l

from shop.forms.areas import Region, read_area
from shop.forms.characters import plain
from shop.forms.imports.columns import Column
from shop.forms.imports.readers import read_code, read_gender
from shop.forms.imports.row_fields import RowFields
from shop.forms.phones import national, read_phone
from shop.forms.text import read_line, read_name
from shop.forms.values import ValueRefused
from shop.forms.years import read_birth_year

_SHORT_YEAR = re.compile(r"(?:\d{1,2}([/.-])\d{1,2}\1)?\d{2}")
_AREAS = {"m2": "m2", "ha": "ha", "sao": "sào", "cong": "công", "metvuong": "m2"}

COLUMNS = (
    Column(
        "code",
        _l("Mã xã viên"),
        ("ma", "maxavien", "mathanhvien", "matv", "maxv", "maho", "code", "membercode", "sothe"),
        meaning=_l("Để trống thì hệ thống cấp mã; dòng nhập lại được nhận ra bằng tên và số."),
    ),
    Column(
        "full_name",
        _l("Họ và tên"),
        ("hoten", "hovaten", "ten", "tenxavien", "tenthanhvien", "hotenchuho", "chuho", "tenho",
         "name", "fullname"),
    ),
    Column(
        "phone",
        _l("Số điện thoại"),
        ("dienthoai", "sodienthoai", "sdt", "dt", "didong", "sodidong", "phone", "phonenumber",
         "mobile", "tel"),
        meaning=_l("Định dạng cột là Văn bản (Text) để Excel không bỏ số 0 ở đầu."),
    ),
    Column(
        "birth_year",
        _l("Năm sinh"),
        ("namsinh", "ngaysinh", "sinhnam", "birthyear", "yearofbirth", "dateofbirth"),
    ),
    Column(
        "gender",
        _l("Giới tính"),
        ("gioitinh", "gioi", "phai", "namnu", "gender", "sex"),
    ),
    Column(
        "hamlet",
        _l("Thôn, xóm"),
        ("thon", "xom", "thonxom", "xomthon", "ap", "ban", "todanpho", "khupho", "diachi",
         "hamlet", "village", "address"),
        meaning=_l("Nơi có thửa đất."),
    ),
    Column(
        "plot",
        _l("Mã thửa"),
        ("mathua", "thua", "sothua", "malo", "plot", "plotcode"),
        meaning=_l("Xã viên có nhiều thửa thì ghi mỗi thửa một dòng."),
    ),
    Column(
        "plot_name",
        _l("Tên thửa"),
        ("tenthua", "xudong", "plotname"),
    ),
    Column(
        "crop",
        _l("Cây trồng"),
        ("caytrong", "cay", "loaicay", "giong", "crop"),
    ),
    Column(
        "area",
        _l("Diện tích"),
        ("dientich", "dt2", "area"),
        units=_AREAS,
        meaning=_l("Ghi kèm đơn vị: 720 m2, 2 sào, 0,5 ha."),
    ),
)  # fmt: skip

_NO_PHONE = _l(
    "Số điện thoại chỉ gồm chữ số, bắt đầu bằng 0. Ví dụ 0912 345 678. Không có thì để trống"
)


@dataclass(frozen=True, slots=True)
class MemberRow:
    """What one row says; `None` is an empty cell, which leaves what is there."""

    code: str | None
    full_name: str | None
    phone: str | None
    birth_year: int | None
    gender: str | None
    hamlet: str | None
    plot: str | None
    plot_name: str | None
    crop: str | None
    area_m2: int | None

    @property
    def has_plot(self) -> bool:
        """Return whether the row says anything about land."""
        told = (self.plot, self.plot_name, self.crop, self.area_m2, self.hamlet)
        return any(value is not None for value in told)


def read_member(fields: RowFields, *, region: Region, today: date) -> MemberRow:
    """Return what the row says; its faults stand in `fields`."""
    if not fields.has("full_name") and not fields.has("code"):
        fields.note("", ValueRefused("row_without_person"))
    unit = fields.header.units.get("area")
    area = fields.read("area", read_area, region=region, unit=unit)
    return MemberRow(
        code=fields.read("code", read_code),
        full_name=fields.read("full_name", _read_full_name),
        phone=fields.read_or_take(
            "phone", read_phone, _with_zero, instead={"phone_unreadable": _NO_PHONE}
        ),
        birth_year=fields.read_or_take(
            "birth_year", read_birth_year, _of_two_figures, today=today
        ),
        gender=fields.read("gender", read_gender),
        hamlet=fields.read("hamlet", read_line, longest=120),
        plot=fields.read("plot", read_code),
        plot_name=fields.read("plot_name", read_line, longest=80),
        crop=fields.read("crop", read_line, longest=60),
        area_m2=area.m2 if area else None,
    )


def _with_zero(refused: ValueRefused) -> str | None:
    """Return the number whose 0 a spreadsheet dropped; nothing where the refusal is another."""
    proposed = refused.values.get("proposed_phone")
    if refused.code != "phone_missing_zero" or not isinstance(proposed, str):
        return None
    return read_phone(national(proposed))


def _of_two_figures(refused: ValueRefused) -> int | None:
    """Return the one year of birth that `58` or `5/11/58` can be; nothing for other refusals."""
    typed, proposed = str(refused.values.get("typed", "")), refused.values.get("proposed")
    is_short = refused.code == "year_unsure" and _SHORT_YEAR.fullmatch(plain(typed))
    return proposed if is_short and isinstance(proposed, int) else None


def _read_full_name(text: str) -> str:
    name = read_name(text, longest=80)
    if sum(letter.isalpha() for letter in name) < 2:
        raise ValueRefused("person_unreadable", typed=text)
    return name
