"""The door: whoever is not signed in gets nothing but the page to sign in with, whatever the address.

Every request and every message of an open connection is looked at here before anything else sees it; what is not named
as open is closed. Screens and questions ask `viewer` again themselves.
"""

import hashlib
import re
import time
from collections.abc import Callable
from html import escape
from typing import Final
from urllib.parse import quote, urlsplit

import streamlit as st
from starlette.concurrency import run_in_threadpool
from starlette.requests import HTTPConnection, Request
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from components.address import say
from components.routes import plain
from data import accounts
from data.access import NOT_YOURS, Viewer
from data.accounts import COOKIE, Session
from data.definitions.roles import Right, rights_of
from data.home import home
from data.snapshots import Store
from data.wording import N_

STORE: Final = Store(home())
NOBODY: Final = Viewer("")
SIGN_IN, SIGN_OUT, PASSWORD, LEFT = "/masuk", "/keluar", "/sandi", "/sesi"
OPEN: Final = (SIGN_IN, "/masuk/oidc", "/publik", "/_stcore/health", "/favicon.ico", "/favicon.png")
"""Addresses that are answered to everybody."""
OPEN_BELOW: Final = ("/lokal/", "/static/", "/publik/", "/masuk/oidc/")
BELOW: Final = ("/geo/", "/unduh/", "/media/", "/component/", "/_stcore/")
"""Where else there is something for those who are signed in, besides screens."""
UNTIL_CHANGED: Final = (PASSWORD, SIGN_OUT)
"""What somebody reaches who has yet to change a first password."""
UPLOADS: Final = "/_stcore/upload_file/"
BRINGING: Final = frozenset({Right.IMPORT, Right.REVIEW})
"""Whoever has one of these has a screen that takes files."""
SCREEN: Final = re.compile(r"/[a-z-]*")
READING: Final = ("GET", "HEAD", "OPTIONS")
FIELD: Final = "form"
"""Name of the hidden field without which no form of ours is taken."""
NO_PAGE: Final = (
    N_("There is no such page"),
    N_("The address may have been copied in part. Everything can be reached from the first page."),
)
NOT_HERE: Final = (
    N_("You are not signed in"),
    N_("Sign in, then open this address again."),
)
FOREIGN: Final = (
    N_("This request does not come from Padan"),
    N_("Nothing was done. Open Padan itself and try again."),
)
NOT_YET: Final = (
    N_("Choose a password of your own first"),
    N_("Until then nothing else can be opened."),
)


def viewer(request: HTTPConnection | None = None) -> Viewer:
    """Whoever sends this request, or looks at the screen that is being drawn: as their account is at this moment."""
    cookies = st.context.cookies if request is None else request.cookies
    address = (st.context.ip_address or "") if request is None else address_of(request)
    return accounts.viewer_of(STORE, cookies.get(COOKIE, ""), address) or NOBODY


def later() -> Callable[[], Viewer]:
    """Asks for whoever looks at the screen that is being drawn, when it is asked: for what is made in the background,
    where there is no screen any more.
    """
    token = st.context.cookies.get(COOKIE, "")
    return lambda: accounts.viewer_of(STORE, token, "") or NOBODY


def address_of(request: HTTPConnection) -> str:
    """Where a request comes from. What a proxy says of it counts only from proxies named in FORWARDED_ALLOW_IPS, which
    the server has looked at before.
    """
    return request.client.host if request.client else ""


def admit() -> None:
    """Ends the screen that is being drawn where nobody is signed in any more."""
    if viewer() is NOBODY:
        words = escape(say(N_("Your session has ended.")))
        st.html(
            f'<h1 class="title">{words}</h1><p class="sentence"><a href="{SIGN_IN}" target="_self">'
            f"{escape(say(N_('Sign in again')))}</a></p>"
        )
        st.stop()


def form_token(token: str | None = None) -> str:
    """What a form has to carry besides the cookie: known to our own pages only. Without `token`, that of the session in
    which the screen is being drawn.
    """
    of = st.context.cookies.get(COOKIE, "") if token is None else token
    return hashlib.sha256(f"form {of}".encode()).hexdigest()


def fields() -> dict[str, str]:
    """Names and values of the hidden fields of a form on the screen that is being drawn."""
    return {FIELD: form_token()}


def use(request: HTTPConnection) -> None:
    """Notes that somebody is at the screen."""
    accounts.mark_seen(STORE, request.cookies.get(COOKIE, ""))


def left(request: HTTPConnection) -> int:
    """Seconds until the session ends unless it is used; 0 where there is none."""
    session = accounts.session_of(STORE, request.cookies.get(COOKIE, ""))
    return max(0, session.ends - int(time.time())) if session else 0


def same_origin(request: HTTPConnection) -> bool:
    """Whether a page of ours has sent it. Browsers say where a form or a connection comes from; who says nothing is not
    believed.
    """
    origin, secure = request.headers.get("origin"), request.url.scheme in ("https", "wss")
    if origin is None:
        return request.headers.get("sec-fetch-site") == "same-origin"
    try:
        told = urlsplit(origin)
    except ValueError:
        return False
    schemes = ("https",) if secure else ("http", "https")
    return told.scheme in schemes and bool(told.netloc) and told.netloc == request.headers.get("host")


def own_path(wanted: str) -> str:
    """Where to go on after signing in: a screen of ours, else the first page; never another site.

    >>> own_path("/cakupan?place=74.71"), own_path("//evil.example"), own_path("/keluar")
    ('/cakupan?place=74.71', '/', '/')
    """
    path, _, query = wanted.partition("?")
    if not SCREEN.fullmatch(path) or path in (SIGN_IN, SIGN_OUT, LEFT) or not query.isprintable() or "\\" in query:
        return "/"
    return wanted.partition("#")[0]


class Gate:
    """Lets through whoever is signed in."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            await self._request(scope, receive, send)
        elif scope["type"] == "websocket":
            await self._connection(scope, receive, send)
        else:
            await self.app(scope, receive, send)

    async def _request(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        refusal = await _refusal(request)
        await (refusal or self.app)(scope, receive, send)

    async def _connection(self, scope: Scope, receive: Receive, send: Send) -> None:
        """A connection stays open for hours, so that every message on it is looked at anew."""
        connection = HTTPConnection(scope)
        token = connection.cookies.get(COOKIE, "")
        if not same_origin(connection) or await _viewer(token) is None:
            await send({"type": "websocket.close", "code": 1008})
            return

        async def received() -> Message:
            message = await receive()
            if message["type"] == "websocket.receive" and await _viewer(token) is None:
                await send({"type": "websocket.close", "code": 1008})
                return {"type": "websocket.disconnect", "code": 1008}
            return message

        await self.app(scope, received, send)


async def _viewer(token: str) -> Viewer | None:
    return await run_in_threadpool(accounts.viewer_of, STORE, token, "")


async def _session(request: Request) -> Session | None:
    return await run_in_threadpool(accounts.session_of, STORE, request.cookies.get(COOKIE, ""))


async def _refusal(request: Request) -> Response | None:
    """What is said instead of what was asked for; None where it may be had."""
    path = request.url.path
    if (request.method not in READING or "origin" in request.headers) and not same_origin(request):
        return plain(403, *FOREIGN)
    if path in OPEN or (path.startswith(OPEN_BELOW) and ".." not in path):
        return None
    session = await _session(request)
    if session is None:
        return _to_sign_in(request)
    if session.account.must_change and path not in UNTIL_CHANGED:
        return _elsewhere(PASSWORD, request) or plain(403, *NOT_YET)
    if path.startswith(UPLOADS) and not BRINGING & rights_of(session.account.roles):
        return plain(403, NOT_YOURS[Right.IMPORT], "")
    if SCREEN.fullmatch(path) and path != LEFT:
        await run_in_threadpool(use, request)
    return None if SCREEN.fullmatch(path) or path.startswith(BELOW) else plain(404, *NO_PAGE)


def _to_sign_in(request: Request) -> Response:
    return _elsewhere(SIGN_IN, request) or plain(401, *NOT_HERE)


def _elsewhere(path: str, request: Request) -> Response | None:
    """The way to a page of ours and back; None for what is not a screen."""
    asked = request.url.path
    if request.method not in ("GET", "HEAD") or not SCREEN.fullmatch(asked) or asked == LEFT:
        return None
    back = own_path(f"{asked}?{request.url.query}" if request.url.query else asked)
    target = path if back == "/" else f"{path}?next={quote(back, safe='')}"
    return RedirectResponse(target, status_code=303, headers={"Cache-Control": "no-store"})
