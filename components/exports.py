"""The buttons that export a complete list."""

from collections.abc import Callable
from typing import Final

import streamlit as st

from components.address import say
from components.routes import STATIC, download_url
from components.tickets import Order, issue
from data.exports import Format
from data.wording import N_

FORMATS: Final[tuple[tuple[Format, str], ...]] = (("xlsx", "XLSX"), ("csv.zip", "CSV"), ("parquet", "Parquet"))

_exports = st.components.v2.component(
    "padan_exports",
    html='<div class="exports" role="group"></div>',
    css=(STATIC / "exports.css").read_text(),
    js=(STATIC / "exports.js").read_text(),
)


def buttons(order: Callable[[Format], Order], rows: int) -> None:
    """A button a format; a click exchanges the order for a ticket and starts the download."""

    def ordered() -> None:
        if wanted := st.session_state["exports"].get("format"):
            st.session_state["ticket"] = download_url(issue(order(wanted)))

    data = {
        "label": say(N_("Export all {count} rows"), count=rows),
        "formats": [{"format": format, "name": name} for format, name in FORMATS],
        "ready": rows > 0,
        "ticket": st.session_state.pop("ticket", ""),
    }
    _exports(key="exports", data=data, on_format_change=ordered)
