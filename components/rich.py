"""Sentences with emphasis, safe to put into a page."""

import re
from html import escape

from data.wording import Language, Value, shown, translate


def rich(message: str, language: Language, **values: Value) -> str:
    """The translated sentence as HTML: `**words**` are strong, values are escaped.

    >>> rich("**{name}** is here", "en", name="<b>")
    '<strong>&lt;b&gt;</strong> is here'
    """
    template = re.sub(r"\*\*(.+?)\*\*", r"<strong>\1</strong>", escape(translate(message, language), quote=False))
    return template.format_map({key: escape(shown(value, language)) for key, value in values.items()})
