"""Labels as they come out of a printer: pages, words, and what a phone reads from them."""

import pypdfium2
import zxingcpp

DPI = 300


def pages(pdf: bytes) -> int:
    """Return how many pages a PDF has."""
    with pypdfium2.PdfDocument(pdf) as document:
        return len(document)


def words(pdf: bytes) -> str:
    """Return the text of all pages, spaces put together."""
    with pypdfium2.PdfDocument(pdf) as document:
        said = [page.get_textpage().get_text_bounded() for page in document]
    return " ".join(" ".join(said).split())


def codes(pdf: bytes) -> list[str]:
    """Return what the codes on the first page say, byte for byte."""
    with pypdfium2.PdfDocument(pdf) as document:
        picture = document[0].render(scale=DPI / 72).to_pil()
    return [found.text for found in zxingcpp.read_barcodes(picture)]
