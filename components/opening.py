"""What a browser is given before the first screen is drawn: our style from the start, outlines of what is coming."""

import re
from functools import lru_cache
from html import escape
from pathlib import Path
from typing import Final

import streamlit as st
from starlette.convertors import Convertor, register_url_convertor
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import BaseRoute, Route

from components import routes
from components.gate import NO_PAGE
from components.navigation import MEETING, SCREENS
from data.wording import DEFAULT, N_, translate

PAGE: Final = Path(st.__file__).parent / "static" / "index.html"
OUTLINES: Final = (
    '<div id="outlines" aria-hidden="true"><i class="of-top"></i><b class="of-title"></b><b class="of-sentence"></b>'
    '<p><b class="of-choice"></b><b class="of-choice"></b><b class="of-choice"></b></p>'
    '<p class="of-figures"><i></i><i></i><i></i><i></i></p><p class="of-areas"><i></i><i></i></p></div>'
)


@lru_cache
def page(outlines: bool = True) -> str:
    """Streamlit's page with our language, title, stylesheet and, until the screen comes, its outlines; and with the
    watch over the session.

    The stylesheet stands at the end of the body, because of two equal rules the later one wins.
    """
    found = PAGE.read_text(encoding="utf-8")
    words = escape(translate(N_("This page needs JavaScript."), DEFAULT))
    found = re.sub(r"<noscript>.*?</noscript>", f"<noscript><p>{words}</p></noscript>", found, count=1, flags=re.S)
    found = re.sub(r'<html lang="\w+"', f'<html lang="{DEFAULT}"', found, count=1)
    found = re.sub(r"<title>.*?</title>", "<title>Padan</title>", found, count=1)
    # Streamlit's own font is not ours.
    found = re.sub(r'<link\s+rel="preload"[^>]*SourceSans[^>]*>', "", found, count=1)
    style = f'<link rel="stylesheet" href="{routes.static_url("padan.css")}">'
    watch = f'<script src="{routes.static_url("session.js")}"></script>'
    return found.replace("</body>", f"{OUTLINES if outlines else ''}{style}{watch}</body>", 1)


class Word(Convertor[str]):
    """An address of one word, as screens have; Streamlit's own have other signs, too."""

    regex = "[a-z-]+"

    def convert(self, value: str) -> str:
        return value

    def to_string(self, value: str) -> str:
        return value


async def _page(request: Request) -> HTMLResponse:
    slides = request.query_params.get("mode") == MEETING
    return HTMLResponse(page(outlines=not slides), headers={"Cache-Control": "no-store"})


async def _nothing(_: Request) -> Response:
    return routes.plain(404, *NO_PAGE)


register_url_convertor("word", Word())
ROUTES: Final[list[BaseRoute]] = [
    *(Route(f"/{address}", _page) for address in ("", *(address for address, _ in SCREENS.values()))),
    Route("/{address:word}", _nothing),
]
"""The addresses of all screens, and what is said of others like them; everything else is Streamlit's."""
