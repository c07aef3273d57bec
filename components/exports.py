"""The buttons that export a complete list."""

from typing import Final

import streamlit as st

from components import unmask
from components.address import language, say
from components.ask import viewer
from components.rich import rich
from components.routes import STATIC, download_url
from components.tickets import Order, issue
from data.exports import Format
from data.scope import Scope
from data.wording import N_

FORMATS: Final[tuple[tuple[Format, str], ...]] = (("xlsx", "XLSX"), ("csv.zip", "CSV"), ("parquet", "Parquet"))

MASKED: Final = N_("Export all {count} rows")
IN_FULL: Final = N_("Export all {count} rows, numbers in full")

_exports = st.components.v2.component(
    "padan_exports",
    html='<div class="exports" role="group"></div>',
    css=(STATIC / "exports.css").read_text(),
    js=(STATIC / "exports.js").read_text(),
)


def buttons(scope: Scope, rows: int, unmasked: bool = False, text: str = "") -> None:
    """A button a format for the list of `scope`; a click exchanges the order for a ticket and starts the download.
    Numbers are in full where they are shown so (`unmasked`), and as many rows are left of the request.
    """
    full, reader = unmasked and unmask.left(viewer()) >= rows, language()

    def ordered() -> None:
        if wanted := st.session_state["exports"].get("format"):
            st.session_state["ticket"] = download_url(issue(Order(viewer(), scope, wanted, reader, full, text)))

    data = {
        "label": say(IN_FULL if full else MASKED, count=rows),
        "formats": [{"format": format, "name": name} for format, name in FORMATS],
        "ready": rows > 0,
        "ticket": st.session_state.pop("ticket", ""),
    }
    _exports(key="exports", data=data, on_format_change=ordered)
    if unmasked and not full:
        words = N_("This file comes masked: it has more rows than the {left} that are left of your request.")
        st.html(f'<p class="export-note">{rich(words, reader, left=unmask.left(viewer()))}</p>')
