"""The codes in a photo of a label, read here: any browser can send a photo, few can scan."""

from shop.errors import FieldRefused
from shop.services.photos import open_picture


def codes_in(content: bytes) -> list[str]:
    """Return what the codes in a photo say: QR, Data Matrix or bars, in the order they are found.

    `content` are the bytes of the file. Raises `FieldRefused` for `photo`: `label_unreadable`
    where no code can be read, and as `photos.open_picture` where it is no photo.
    """
    import zxingcpp

    found = zxingcpp.read_barcodes(open_picture(content))
    said = [one.text for one in found if one.text.strip()]
    if not said:
        raise FieldRefused("photo", "label_unreadable")
    return said
