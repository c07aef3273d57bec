"""What is answered beside the screens: shapes of places, files on their way out, fonts and scripts of our own."""

import gzip
import os
from typing import Any, Final

from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response, StreamingResponse
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from components import gate, oidc, opening, public, signin
from components.gate import Gate
from components.headers import SecurityHeaders
from components.routes import BORDERS, STATIC, plain
from components.tickets import redeem
from data.access import Refused
from data.definitions.roles import Right
from data.home import home
from data.places.geometry import Geometry, geometry
from data.places.reference import LEVELS, find
from data.wording import N_

FOR_GOOD: Final = "max-age=31536000, immutable"


async def _shapes(request: Request) -> Response:
    by, _, kind = request.path_params["file"].partition("-")
    code = request.path_params["place"]
    place, viewer = find(code), await run_in_threadpool(gate.viewer, request)
    if not viewer.may(Right.FIGURES) or not viewer.reaches(code):
        return Response(status_code=403)
    if by not in LEVELS or kind not in ("", BORDERS[1:]) or place is None:
        return Response(status_code=404)
    shapes = await run_in_threadpool(geometry, home(), code, by)
    etag = f'"{shapes.etag}{kind}"'
    kept = f"private, {FOR_GOOD}" if request.query_params.get("v") == shapes.etag else "no-cache"
    headers = {"ETag": etag, "Cache-Control": kept, "Vary": "Accept-Encoding, Cookie"}
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
        marked = b"v=" in scope["query_string"]
        response.headers["Cache-Control"] = f"public, {FOR_GOOD if marked else 'max-age=86400'}"
        return response


async def _download(request: Request) -> Response:
    viewer = await run_in_threadpool(gate.viewer, request)
    order = redeem(request.path_params["ticket"], viewer)
    if order is None:
        return plain(404, *NO_TICKET)
    try:
        file = await run_in_threadpool(order.file)
    except Refused as refusal:
        return plain(403, str(refusal), "", **refusal.values)
    if file is None:
        return plain(404, *NO_TICKET)
    headers = {"Content-Disposition": f'attachment; filename="{file.name}"', "Cache-Control": "no-store"}
    return StreamingResponse(file.pieces, media_type=file.media_type, headers=headers)


NO_TICKET: Final = (
    N_("This download link is no longer valid"),
    N_("A link works once, for two minutes, and only for whoever asked for it. Go back and export again."),
)


async def _nothing(_: Request) -> Response:
    return plain(404, *gate.NO_PAGE)


async def _left(request: Request) -> Response:
    """How many seconds the session still has; a POST says that somebody is at the screen."""
    if request.method == "POST":
        await run_in_threadpool(gate.use, request)
    return JSONResponse({"left": await run_in_threadpool(gate.left, request)}, headers={"Cache-Control": "no-store"})


ROUTES: Final[list[BaseRoute]] = [
    Route("/geo/{place}/{file}.geojson", _shapes),
    Route("/unduh/{ticket:path}", _download),
    Route("/geo/{rest:path}", _nothing),
    Mount("/lokal", _Files(directory=STATIC)),
    Route(gate.LEFT, _left, methods=["GET", "POST"]),
    *signin.ROUTES,
    *oidc.ROUTES,
    Route("/publik", lambda _: RedirectResponse("/publik/")),
    Mount("/publik", app=public.mounted()),
    *opening.ROUTES,
]
"""Every address that is ours; the others are Streamlit's."""
_hosts: Final = [one for one in os.environ.get("PADAN_HOSTS", "*").split(",") if one]
MIDDLEWARE: Final = [
    Middleware(SecurityHeaders),
    # The names by which browsers may know this server; "*" is any.
    Middleware(TrustedHostMiddleware, allowed_hosts=_hosts, www_redirect=False),
    Middleware(Gate),
]
