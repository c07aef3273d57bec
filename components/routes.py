"""Addresses beside the screens: shapes of places, files on their way out, fonts and scripts of our own."""

import gzip
import hashlib
from functools import lru_cache
from html import escape
from pathlib import Path
from typing import Any, Final

from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response, StreamingResponse
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from components.tickets import redeem
from data.access import Refused
from data.home import home
from data.places.geometry import Geometry, geometry
from data.places.reference import LEVELS, Level, find
from data.wording import DEFAULT, LANGUAGES, N_, translate

STATIC: Final = Path(__file__).parent / "static"
YEAR: Final = "public, max-age=31536000, immutable"
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


async def _shapes(request: Request) -> Response:
    by, _, kind = request.path_params["file"].partition("-")
    code = request.path_params["place"]
    place = find(code)
    if by not in LEVELS or kind not in ("", BORDERS[1:]) or place is None:
        return Response(status_code=404)
    shapes = await run_in_threadpool(geometry, home(), code, by)
    etag = f'"{shapes.etag}{kind}"'
    current = request.query_params.get("v") == shapes.etag
    headers = {"ETag": etag, "Cache-Control": YEAR if current else "no-cache", "Vary": "Accept-Encoding"}
    if request.headers.get("If-None-Match") == etag:
        return Response(status_code=304, headers=headers)
    body = await run_in_threadpool(_compressed, shapes, bool(kind))
    return Response(body, headers=headers | {"Content-Encoding": "gzip"}, media_type="application/geo+json")


_packed: dict[str, bytes] = {}


def _compressed(shapes: Geometry, borders: bool) -> bytes:
    key = f"{shapes.etag}{borders}"
    if key not in _packed:
        while len(_packed) >= 64:
            _packed.pop(next(iter(_packed)))
        _packed[key] = gzip.compress(shapes.borders if borders else shapes.geojson, 6)
    return _packed[key]


class _Files(StaticFiles):
    """Our own files; those asked for with their content's mark may be kept for good."""

    def file_response(self, *args: Any, **kwargs: Any) -> Response:
        response = super().file_response(*args, **kwargs)
        scope: Scope = args[2] if len(args) > 2 else kwargs["scope"]
        response.headers["Cache-Control"] = YEAR if b"v=" in scope["query_string"] else "public, max-age=86400"
        return response


class SecurityHeaders:
    """Puts the headers on every answer. Nothing may be fetched from elsewhere, and nobody else may frame the app."""

    HEADERS: Final = (
        (
            b"content-security-policy",
            b"default-src 'self' 'unsafe-inline' 'unsafe-eval' blob: data:; connect-src 'self' ws: wss: blob: data:;"
            b" object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'self'",
        ),
        (b"x-content-type-options", b"nosniff"),
        (b"referrer-policy", b"same-origin"),
        (b"permissions-policy", b"camera=(), geolocation=(), microphone=()"),
    )

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def marked(message: Message) -> None:
            if message["type"] == "http.response.start":
                named = {name for name, _ in self.HEADERS}
                kept = [pair for pair in message.get("headers", ()) if pair[0].lower() not in named]
                message["headers"] = [*kept, *self.HEADERS]
            await send(message)

        await self.app(scope, receive, marked if scope["type"] == "http" else send)


def download_url(ticket: str) -> str:
    return f"/unduh/{ticket}"


async def _download(request: Request) -> Response:
    order = redeem(request.path_params["ticket"])
    if order is None:
        return plain(404, *NO_TICKET)
    try:
        file = await run_in_threadpool(order.file)
    except Refused as refusal:
        return plain(403, refusal.args[0], "")
    if file is None:
        return plain(404, *NO_TICKET)
    headers = {"Content-Disposition": f'attachment; filename="{file.name}"', "Cache-Control": "no-store"}
    return StreamingResponse(file.pieces, media_type=file.media_type, headers=headers)


NO_TICKET: Final = (
    N_("This download link is no longer valid"),
    N_("A link works once and for two minutes. Go back to the household list and export again."),
)


def plain(status: int, title: str, text: str) -> Response:
    """A short page outside the app, in both languages, because no screen says which one is read."""
    said = "".join(
        f"<section lang={language}><h1>{escape(translate(title, language))}</h1><p>{escape(translate(text, language))}"
        "</p></section>"
        for language in LANGUAGES
    )
    return HTMLResponse(
        f"<!doctype html><html lang={DEFAULT}><meta charset=utf-8><meta name=viewport content='width=device-width'>"
        f'<title>Padan</title><link rel=stylesheet href="{static_url("plain.css")}"><main>{said}'
        '<p><a href="/">Padan</a></p></main></html>',
        status_code=status,
    )


ROUTES: Final[list[BaseRoute]] = [
    Route("/geo/{place}/{file}.geojson", _shapes),
    Route("/unduh/{ticket}", _download),
    Mount("/lokal", _Files(directory=STATIC)),
]
MIDDLEWARE: Final = [Middleware(SecurityHeaders)]
