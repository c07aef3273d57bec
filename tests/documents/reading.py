"""What stands in a made file, and names that would be markup or a formula somewhere."""

import io
from typing import Final

from pypdf import PdfReader

MARKUP: Final = '#import "x": * $a$ *b* \\ <img src=x> @y'
FORMULA: Final = '=HYPERLINK("http://x","y")'


def pages(pdf: bytes) -> list[str]:
    """The text of every page, as one line."""
    return [" ".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(pdf)).pages]
