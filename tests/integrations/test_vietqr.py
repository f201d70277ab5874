"""VietQR beyond the shared cases: what must hold for every code and every input."""

import doctest
import string
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integrations import payments, vietqr
from integrations.errors import IntegrationError
from integrations.vietqr import accounts, banks, errors, memos, objects
from integrations.vietqr.objects import crc16, join

PRINTABLE = [chr(number) for number in range(0x20, 0x7F)]
TRANSFER = "0010A00000072701240006970422011009870001110208QRIBFTTA"
STANDARD = (("00", "01"), ("01", "11"), ("38", TRANSFER), ("53", "704"), ("58", "VN"))
REFERENCE = {"memo": "QT1A2B3C", "amount": 35000}


def printable(longest):
    return st.none() | st.text(PRINTABLE, min_size=1, max_size=longest)


texts = st.fixed_dictionaries(
    {},
    optional={
        "memo": printable(25),
        "reference": printable(10),
        "terminal": printable(10),
        "store": printable(10),
        "name": printable(25),
        "city": printable(15),
        "postal": printable(10),
        "mcc": st.none() | st.text(string.digits, min_size=4, max_size=4),
    },
)
anything = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(st.characters())
    | st.text(st.characters(categories=["Cs", "Cc", "Nd", "Mn"]))
    | st.binary(),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=2), inner),
    max_leaves=3,
)


def signed(*pairs):
    """Return a code of these objects with a right check value."""
    content = join(pairs) + "6304"
    return content + crc16(content)


def standard(**changes):
    """Return a valid code with objects changed or added, as in `standard(_54="100")`."""
    changes = {key.removeprefix("_"): value for key, value in changes.items()}
    return signed(*(dict(STANDARD) | changes).items())


def refusal_of(text):
    with pytest.raises(vietqr.InvalidVietQR) as refusal:
        vietqr.decode(text)
    return refusal.value.kind, refusal.value.field


@given(
    bank=st.text(string.digits, min_size=6, max_size=6),
    account=st.text(string.digits + string.ascii_letters, min_size=1, max_size=19),
    service=st.sampled_from(vietqr.Service),
    point=st.sampled_from(vietqr.Point),
    amount=st.none() | st.integers(1, 9_999_999_999_999),
    texts=texts,
)
def test_what_is_encoded_is_decoded_again(bank, account, service, point, amount, texts):
    given = {"bin": bank, "account": account, "service": service, "point": point, **texts}

    code = vietqr.decode(vietqr.encode(amount=amount, **given))

    assert code == vietqr.VietQR(amount_vnd=amount, **given)


@given(anything)
def test_reading_anything_at_all_raises_nothing_but_our_own_error(text):
    with pytest.raises(vietqr.InvalidVietQR):
        vietqr.decode(text)


@given(st.lists(st.tuples(st.from_regex(r"[0-9]{2}", fullmatch=True), st.text(max_size=99))))
def test_reading_well_formed_nonsense_raises_nothing_but_our_own_error(pairs):
    content = join([("00", "01"), *pairs]) + "6304"
    text = content + crc16(content.encode(errors="replace").decode())

    with pytest.raises(vietqr.InvalidVietQR):
        vietqr.decode(text)


@given(st.text(max_size=130))
def test_any_text_in_the_place_of_the_account_is_read_whole_or_refused(account):
    transfer = join([("00", "A000000727"), ("01", f"000697042201{account}"), ("02", "QRIBFTTA")])
    text = standard(_38=transfer)

    try:
        read = vietqr.decode(text).account
    except vietqr.InvalidVietQR:
        return

    assert account == f"{len(read):02d}{read}"


@given(st.sampled_from(["bin", "account", "amount", "memo", "point", "service", "mcc"]), anything)
def test_encoding_anything_at_all_raises_nothing_but_our_own_error(name, value):
    values = {"bin": "970422", "account": "0987000111", name: value}

    try:
        code = vietqr.decode(vietqr.encode(**values))
    except vietqr.InvalidVietQR:
        return

    read = code.amount_vnd if name == "amount" else getattr(code, name)
    assert value in (None, "", read, {"static": "11", "dynamic": "12"}.get(value))


@given(position=st.integers(0, 115), character=st.sampled_from(PRINTABLE))
def test_one_altered_character_is_always_noticed(position, character):
    payload = vietqr.encode("970422", "0987000111", **REFERENCE)
    altered = payload[:position] + character + payload[position + 1 :]
    same = altered[:-4] == payload[:-4] and altered[-4:].upper() == payload[-4:]

    try:
        vietqr.decode(altered)
    except vietqr.InvalidVietQR:
        assert not same
    else:
        assert same


@pytest.mark.parametrize(
    "text",
    ["0" * 10_000_000, "0002" + "01" * 5_000_000, standard(_80="x" * 99) * 100],
    ids=["zeros", "pairs", "a code a hundred times"],
)
def test_a_text_longer_than_any_qr_code_is_malformed(text):
    assert refusal_of(text) == ("malformed", None)


@pytest.mark.parametrize("text", ["", " ", "\r\n\t", "\u3000"])
def test_nothing_but_blanks_is_empty(text):
    assert refusal_of(text) == ("empty", None)


@pytest.mark.parametrize(
    ("text", "kind", "field"),
    [
        (signed(*STANDARD[1:], ("00", "01")), "malformed", None),
        (standard() + "\n", "malformed", None),
        ("000２01", "malformed", None),
        (standard(_62="0801~").replace("~", "\ud800"), "malformed", None),
        (signed(*STANDARD, ("00", "01")), "duplicate_field", "00"),
        (signed(*STANDARD, ("80", "1"), ("80", "1")), "duplicate_field", "80"),
        (standard(_62="0801A0801A"), "duplicate_field", "62.08"),
        (standard(_38=TRANSFER + "0208QRIBFTTC"), "duplicate_field", "38.02"),
        (signed(("00", "01"), ("02", "4" * 16), ("53", "704")), "unsupported_scheme", "02"),
        (standard(_38="0010A0000007750110broken"), "unsupported_scheme", "38.00"),
        (standard(_62="0805A"), "template_malformed", "62"),
        (standard(_62="0800"), "template_malformed", "62"),
        (standard(_00=None), "missing_field", "00"),
        (standard(_01=None), "missing_field", "01"),
        (standard(_53=None), "missing_field", "53"),
        (standard(_58=None), "missing_field", "58"),
        (standard(_38=TRANSFER[14:]), "missing_field", "38.00"),
        (standard(_38=TRANSFER[:14]), "missing_field", "38.01"),
        (standard(_55="02"), "missing_field", "56"),
        (standard(_55="03"), "missing_field", "57"),
        (standard(_00="02"), "bad_value", "00"),
        (standard(_58="US"), "bad_value", "58"),
        (standard(_54="0"), "bad_value", "54"),
        (standard(_54="00."), "bad_value", "54"),
        (standard(_54="50 000"), "bad_value", "54"),
        (standard(_54="50.000"), "bad_value", "54"),
        (standard(_54="1" * 14), "bad_value", "54"),
        (standard(_54="٣٥"), "bad_value", "54"),
        (standard(_55="04"), "bad_value", "55"),
        (standard(_52="54A1"), "bad_value", "52"),
        (standard(_38=TRANSFER.replace("QRIBFTTA", "QRCASH  ")), "bad_value", "38.02"),
        (standard(_38=TRANSFER.replace("970422", "97O422")), "bad_value", "38.01.00"),
        (standard(_38=TRANSFER.replace("0987000111", "0987 00111")), "bad_value", "38.01.01"),
        (standard(_62="0826" + "M" * 26), "bad_value", "62.08"),
        (standard(_62="0803A\nB"), "bad_value", "62.08"),
        (standard(_62="0803A\u202eB"), "bad_value", "62.08"),
        (standard(_59="N" * 26), "bad_value", "59"),
        (standard(_60="C" * 16), "bad_value", "60"),
    ],
)
def test_a_code_that_breaks_a_rule_is_refused_with_its_reason_and_place(text, kind, field):
    assert refusal_of(text) == (kind, field)


def test_lengths_in_bytes_are_read_when_everything_fits_them():
    memo = "Trà La Bằng"
    object_62 = f"08{len(memo.encode()):02d}{memo}"
    content = join(STANDARD) + f"62{len(object_62.encode()):02d}{object_62}6304"

    code = vietqr.decode(content + crc16(content))

    assert code.memo == memo


def test_lengths_partly_in_bytes_and_partly_in_characters_are_refused():
    memo = "Trà La Bằng"
    text = standard(_62=f"08{len(memo.encode()):02d}{memo}")

    assert refusal_of(text) == ("template_malformed", "62")


def test_a_length_in_bytes_that_ends_inside_a_character_is_refused():
    content = join(STANDARD) + "590300é590200é6304"

    assert refusal_of(content + crc16(content)) == ("malformed", None)


def test_objects_without_a_name_here_are_kept_in_their_order():
    text = standard(_80="046", _26="0010A000000775", _62="0503ABC0901M", _64="0002en")

    code = vietqr.decode(text)

    assert code.reference == "ABC"
    assert code.others == (
        ("80", "046"),
        ("26", "0010A000000775"),
        ("62.09", "M"),
        ("64", "0002en"),
    )


def test_a_code_that_does_not_name_its_service_leaves_it_open():
    code = vietqr.decode(standard(_38=TRANSFER.removesuffix("0208QRIBFTTA")))

    assert (code.account, code.service) == ("0987000111", None)


@pytest.mark.parametrize(
    ("values", "kind", "field"),
    [
        ({"bin": "９７０４２２"}, "bad_bin", None),
        ({"bin": "970422\n"}, "bad_bin", None),
        ({"bin": 970422}, "bad_bin", None),
        ({"account": "0987.000"}, "bad_account", None),
        ({"amount": True}, "bad_amount", None),
        ({"amount": 1000.0}, "bad_amount", None),
        ({"amount": "1000"}, "bad_amount", None),
        ({"amount": "50.000"}, "bad_amount", None),
        ({"amount": 10_000_000_000_000}, "bad_amount", None),
        ({"amount": 10**5000}, "bad_amount", None),
        ({"memo": "A\nB"}, "bad_memo", None),
        ({"memo": "\ud800"}, "bad_memo", None),
        ({"memo": 1}, "bad_memo", None),
        ({"store": "S" * 26}, "bad_value", "store"),
        ({"city": "C" * 16}, "bad_value", "city"),
        ({"postal": "P" * 11}, "bad_value", "postal"),
        ({"name": "Tên"}, "bad_value", "name"),
        ({"mcc": "54"}, "bad_value", "mcc"),
        ({"mcc": 0}, "bad_value", "mcc"),
        ({"point": "13"}, "bad_value", "point"),
        ({"point": []}, "bad_value", "point"),
        ({"service": "cash"}, "bad_value", "service"),
        ({"service": {}}, "bad_value", "service"),
        ({"store": "S" * 25, "bill_number": "B" * 25, "customer": "C" * 25, "memo": "M" * 9},
         "bad_value", "62"),
    ],
)  # fmt: skip
def test_a_value_that_breaks_a_rule_is_refused_with_its_reason_and_name(values, kind, field):
    given = {"bin": "970422", "account": "0987000111"} | values

    with pytest.raises(vietqr.InvalidVietQR) as refusal:
        vietqr.encode(**given)

    assert (refusal.value.kind, refusal.value.field) == (kind, field)


def test_an_empty_text_is_left_out():
    with_empty = vietqr.encode("970422", "0987000111", memo="", store="", mcc="")

    assert with_empty == vietqr.encode("970422", "0987000111")


def test_an_error_never_repeats_what_the_code_says():
    text = vietqr.encode("970422", "0987000111", **REFERENCE).replace("QT1A", "QT1B")

    with pytest.raises(vietqr.InvalidVietQR) as refusal:
        vietqr.decode(text)

    assert "0987000111" not in f"{refusal.value!r} {refusal.value.message()}"


def test_every_kind_has_a_sentence_in_both_languages():
    assert set(errors.MESSAGES) == set(get_args(vietqr.Kind))
    assert {frozenset(texts) for texts in errors.MESSAGES.values()} == {frozenset({"vi", "en"})}


def test_the_error_can_be_caught_as_one_of_this_library():
    with pytest.raises(IntegrationError):
        vietqr.decode("")


def test_the_format_is_found_among_the_payments():
    assert payments.vietqr is vietqr


@pytest.mark.parametrize(("amount", "exceeds"), [(499_999_999, False), (500_000_000, True)])
def test_an_amount_too_large_for_one_fast_transfer_is_told(amount, exceeds):
    code = vietqr.decode(vietqr.encode("970422", "0987000111", amount=amount))

    assert code.exceeds_fast_transfer is exceeds


@pytest.mark.parametrize(
    ("account", "masked"),
    [("0011001932418", "•••• 2418"), ("12345", "•••• 45"), ("7", "••••"), ("", "••••")],
)
def test_a_masked_account_shows_four_characters_and_at_most_half(account, masked):
    assert vietqr.mask_account(account) == masked


@given(st.text(st.characters()))
def test_a_memo_holds_only_what_every_bank_takes(text):
    memo = vietqr.memo(text)

    assert set(memo) <= set(string.ascii_letters + string.digits + " -.,")
    assert memo == " ".join(memo.split())
    assert vietqr.memo(memo) == memo


@given(before=st.text(max_size=20), after=st.text(max_size=20))
def test_an_order_code_is_found_whatever_stands_round_it(before, after):
    found = vietqr.find_order_code(f"{before}LB7K2QF9{after}", ["LB7K2QF9"])

    assert found == "LB7K2QF9"


def test_old_letters_for_the_crossed_d_are_read_as_one():
    assert vietqr.memo("Ðặng ðình Đức đạt") == "Dang dinh Duc dat"


def test_codes_that_differ_only_in_punctuation_are_left_to_a_person():
    assert vietqr.find_order_code("LB7K2QF9", ["LB7K2QF9", "lb-7K2QF9", "---"]) is None


def test_a_bank_is_found_by_its_bin_alone():
    assert vietqr.find_bank("970405").label == "Agribank"
    assert vietqr.find_bank("970460").label == "Công ty Tài chính cổ phần Xi Măng"
    assert vietqr.find_bank("VBA") is None
    assert vietqr.find_bank("") is None


def test_a_newer_table_of_banks_can_be_read():
    table = vietqr.read_banks('[banks.970999]\nname = "Ngân hàng Mới"\nkind = "bank"\n'
                              "state_bank_2023 = false\n")  # fmt: skip

    assert table["970999"].label == "Ngân hàng Mới"


@pytest.mark.parametrize(
    "text",
    ["", "banks = 1", "[banks]\n1 = 2", '[banks.97]\nname = "A"', "[banks.970999]\nnam = 1", "?"],
)
def test_a_text_that_is_no_table_of_banks_is_refused(text):
    with pytest.raises(ValueError, match=r"\S"):
        vietqr.read_banks(text)


@pytest.mark.parametrize("module", [accounts, banks, memos, objects], ids=lambda m: m.__name__)
def test_the_examples_in_the_code_are_true(module):
    result = doctest.testmod(module)

    assert result.attempted > 0
    assert result.failed == 0
