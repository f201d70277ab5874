"""VietQR, the national format of transfer codes (NAPAS, version 1.0, 09/2021): README.md."""

from integrations.vietqr.accounts import mask_account
from integrations.vietqr.banks import Bank, all_banks, find_bank, read_banks
from integrations.vietqr.content import FAST_TRANSFER_LIMIT_VND, Point, Service, VietQR
from integrations.vietqr.decoding import decode
from integrations.vietqr.encoding import encode
from integrations.vietqr.errors import InvalidVietQR, Kind
from integrations.vietqr.memos import find_order_code, memo
from integrations.vietqr.objects import crc16

__all__ = [
    "FAST_TRANSFER_LIMIT_VND",
    "Bank",
    "InvalidVietQR",
    "Kind",
    "Point",
    "Service",
    "VietQR",
    "all_banks",
    "crc16",
    "decode",
    "encode",
    "find_bank",
    "find_order_code",
    "mask_account",
    "memo",
    "read_banks",
]
