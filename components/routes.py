"""Addresses beside the screens, and short pages outside the app."""

import hashlib
from functools import lru_cache
from html import escape
from pathlib import Path
from typing import Final

from starlette.responses import HTMLResponse, Response

from data.places.reference import Level
from data.wording import DEFAULT, LANGUAGES, Value, translate

STATIC: Final = Path(__file__).parent / "static"
BORDERS: Final = "-borders"


@lru_cache
def static_url(name: str) -> str:
    """The address of a file in `components/static`, with its content's mark, so that browsers may keep it for good.

    >>> static_url("padan.css").partition("?")[0]
    '/lokal/padan.css'
    """
    return f"/lokal/{name}?v={hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:12]}"


def geometry_url(place: str, by: Level, etag: str, borders: bool = False) -> str:
    return f"/geo/{place or 'id'}/{by}{BORDERS if borders else ''}.geojson?v={etag}"


def download_url(ticket: str) -> str:
    return f"/unduh/{ticket}"


def plain(status: int, title: str, text: str, **values: Value) -> Response:
    """A short page outside the app, in both languages, because no screen says which one is read; `values` are those
    that its sentences name.
    """
    said = "".join(
        f"<section lang={language}><h1>{escape(translate(title, language, **values))}</h1>"
        f"<p>{escape(translate(text, language, **values))}</p></section>"
        for language in LANGUAGES
    )
    return HTMLResponse(
        f"<!doctype html><html lang={DEFAULT}><meta charset=utf-8><meta name=viewport content='width=device-width'>"
        f'<title>Padan</title><link rel=stylesheet href="{static_url("plain.css")}"><main>{said}'
        '<p><a href="/">Padan</a></p></main></html>',
        status_code=status,
    )
