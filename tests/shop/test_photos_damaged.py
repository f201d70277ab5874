"""A photo that breaks off, or has too many pixels, is told as what it is."""

import io
import subprocess
import sys
from pathlib import Path

import pytest
from flask import Flask
from PIL import Image

from shop import messages
from shop.errors import FieldRefused
from shop.services.photos import open_picture


def photo(kind: str, size: tuple[int, int] = (800, 600)) -> bytes:
    output = io.BytesIO()
    Image.effect_noise(size, 60).convert("RGB").save(output, kind)
    return output.getvalue()


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("share", [0.5, 0.9, 0.001])
def test_a_photo_cut_off_on_its_way_is_said_to_be_damaged(
    app: Flask, kind: str, share: float
) -> None:
    whole = photo(kind)
    cut = whole[: max(16, int(len(whole) * share))]

    with pytest.raises(FieldRefused) as refused:
        open_picture(cut)

    assert refused.value.sentence_code == "image_damaged"
    with app.test_request_context("/"):
        said = messages.sentence(refused.value)
    assert said == "Ảnh bị đứt hoặc hỏng, không mở được. Chụp lại, hoặc gửi lại ảnh gốc."


@pytest.mark.parametrize(
    ("kind", "options", "size", "said"),
    [
        ("JPEG", {}, (9_000, 8_000), "nhiều nhất 64 triệu điểm ảnh"),
        ("JPEG", {"progressive": True}, (6_100, 4_000), "nhiều nhất 24 triệu điểm ảnh"),
        ("PNG", {}, (20_000, 20_000), "triệu điểm ảnh"),
        ("PNG", {}, (3_100, 3_000), "nhiều nhất 9 triệu điểm ảnh"),
        ("WEBP", {}, (3_100, 3_000), "nhiều nhất 9 triệu điểm ảnh"),
    ],
)
def test_a_picture_of_too_many_pixels_is_told_the_limit_of_its_kind(
    app: Flask, kind: str, options: dict[str, bool], size: tuple[int, int], said: str
) -> None:
    output = io.BytesIO()
    Image.new("L" if kind == "JPEG" else "1", size).save(output, kind, **options)

    with pytest.raises(FieldRefused) as refused:
        open_picture(output.getvalue())

    assert refused.value.sentence_code == "image_too_many_pixels"
    with app.test_request_context("/"):
        assert said in messages.sentence(refused.value)


@pytest.mark.parametrize(
    "content", [b"no picture at all", b"%PDF-1.7", b"RIFF\x00\x00\x00\x00WAVE"]
)
def test_what_never_was_a_photo_is_not_said_to_be_damaged(content: bytes) -> None:
    with pytest.raises(FieldRefused) as refused:
        open_picture(content)

    assert refused.value.sentence_code == "image_unreadable"


MEASURED = """
import re, sys
from pathlib import Path
from PIL import Image, ImageOps
from shop.services.photos import open_picture
def most():
    return int(re.search(r"VmHWM:\\s+(\\d+) kB", Path("/proc/self/status").read_text())[1])
content = Path(sys.argv[1]).read_bytes()
before = most()
open_picture(content)
print((most() - before) // 1024)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="the most memory is counted otherwise here")
@pytest.mark.parametrize(
    ("kind", "mode", "size"), [("PNG", "RGBA", (3_000, 3_000)), ("JPEG", "RGB", (8_000, 8_000))]
)
def test_the_largest_picture_that_is_taken_leaves_the_shop_its_memory(
    tmp_path: Path, kind: str, mode: str, size: tuple[int, int]
) -> None:
    path = tmp_path / "photo"
    Image.new(mode, size, "olive").save(path, kind)

    asked = [sys.executable, "-c", MEASURED, str(path)]
    megabytes = int(subprocess.run(asked, check=True, capture_output=True, timeout=60).stdout)

    assert 0 < megabytes < 130
