"""Texts without signs that nobody sees: what turns the direction of writing, parts letters, or steers a machine.

With them a name can be shown as another one, and two names that look alike are not the same.
"""

import re
import unicodedata
from typing import Final

UNSEEN: Final = r"[\p{Cc}\p{Cf}\x{034f}\x{115f}\x{1160}\x{3164}\x{ffa0}]"
"""The same signs as a pattern of RE2, which DuckDB understands; line breaks and tabs are among them."""
HIDDEN: Final = r"[\p{Cf}\x{034f}\x{115f}\x{1160}\x{3164}\x{ffa0}]"
"""Those of them that take more than a byte, and no line breaks."""
_FILLERS: Final = "\u034f\u115f\u1160\u3164\uffa0"
_BLANKS: Final = re.compile(r"[\t\n\v\f\r\x1c-\x1f\x85\u2028\u2029]")


def visible(text: str) -> str:
    """The text without signs that cannot be seen; what parts words or lines becomes a blank.

    >>> visible("BUDI \\u202eOTNASUS\\u202c"), visible("SI\\u200bTI"), visible("a\\nb")
    ('BUDI OTNASUS', 'SITI', 'a b')
    """
    if text.isascii() and text.isprintable():
        return text
    spaced = _BLANKS.sub(" ", text)
    return "".join(one for one in spaced if unicodedata.category(one) not in ("Cc", "Cf") and one not in _FILLERS)
