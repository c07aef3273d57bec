"""The headers of every answer: what its content may load and run, who may frame it, what may be kept of it.

Nothing is ever fetched from elsewhere. Streamlit's own page may run the scripts that this server sends and no others:
none written into a page, none made of text. `tests/security/test_headers.py` walks every screen in a browser.
"""

import base64
import hashlib
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

import streamlit as st
from starlette.types import ASGIApp, Message, Receive, Scope, Send

Policy = Mapping[str, str]
Header = tuple[bytes, bytes]


def _written(policy: Policy) -> bytes:
    return "; ".join(f"{directive} {sources}".strip() for directive, sources in policy.items()).encode()


def _own_scripts(page: str) -> str:
    """The marks of the scripts that Streamlit writes into its page: these may run, whatever else is written there."""
    found = re.findall(r"<script>(.*?)</script>", page, re.S)
    return "".join(f" 'sha256-{base64.b64encode(hashlib.sha256(one.encode()).digest()).decode()}'" for one in found)


SEALED: Final[Policy] = {
    "default-src": "'none'",
    "base-uri": "'none'",
    "form-action": "'none'",
    "frame-ancestors": "'none'",
    "sandbox": "",
}
"""Files and data: nothing in them runs or loads, not even where somebody opens them as a page."""

PLAIN: Final[Policy] = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "font-src": "'self' data:",
    "connect-src": "'self'",
    "base-uri": "'none'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
}
"""Pages that we write ourselves: sign-in, messages, the public screen. No script or style stands in the page."""

SCREEN: Final[Policy] = {
    **PLAIN,
    # A component's script comes over the websocket and runs from a blob; the reader of Streamlit's messages counts in
    # WebAssembly, which is no way to make scripts of text.
    "script-src": "'self' blob: 'wasm-unsafe-eval'"
    + _own_scripts((Path(st.__file__).parent / "static" / "index.html").read_text("utf-8")),
    # Streamlit writes the styles of components into the page, and charts have styles of their own.
    "style-src": "'self' 'unsafe-inline'",
    "img-src": "'self' data: blob:",
    "frame-src": "'self'",
}
"""Streamlit's page, which draws all screens."""

FRAME: Final[Policy] = {
    **PLAIN,
    # The map is sent as a script that its frame evaluates; only figures and names of places stand in it.
    "script-src": "'self' 'unsafe-eval' 'unsafe-inline'",
    "style-src": "'self' 'unsafe-inline'",
    "form-action": "'none'",
    "frame-ancestors": "'self'",
}
"""The frame of the map."""

POLICIES: Final[tuple[tuple[str, Policy], ...]] = (
    ("/component/streamlit_folium.st_folium/", FRAME),
    *((path, SEALED) for path in ("/unduh/", "/geo/", "/lokal/", "/media/", "/_stcore/", "/component/", "/static/")),
    *((path, PLAIN) for path in ("/masuk", "/masuk/", "/keluar", "/sandi", "/publik", "/publik/")),
)
"""Addresses, or with a slash at their end all below, and what holds there; everything else may be a screen."""

ALWAYS: Final = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"x-permitted-cross-domain-policies", b"none"),
    (
        b"permissions-policy",
        b"accelerometer=(), autoplay=(), bluetooth=(), camera=(), display-capture=(), geolocation=(), gyroscope=(),"
        b" hid=(), local-fonts=(), magnetometer=(), microphone=(), midi=(), payment=(), publickey-credentials-get=(),"
        b" screen-wake-lock=(self), serial=(), usb=(), web-share=(), xr-spatial-tracking=(), fullscreen=(self)",
    ),
)
HTTPS: Final = (b"strict-transport-security", b"max-age=31536000")
"""Only where the browser came by https: without it nobody could come back to a server that has no certificate."""
NOT_KEPT: Final = (b"cache-control", b"no-store")


def policy(path: str) -> Policy:
    """The policy of an address.

    >>> policy("/unduh/x") is SEALED, policy("/keluar") is PLAIN, policy("/keluarga") is SCREEN
    (True, True, True)
    """
    return next(
        (found for named, found in POLICIES if path == named or (named[-1] == "/" and path.startswith(named))), SCREEN
    )


def headers(path: str, scheme: str) -> tuple[Header, ...]:
    """What stands on an answer of this address; `scheme` is what the browser used."""
    own = ((b"content-security-policy", _WRITTEN[id(policy(path))]), *ALWAYS)
    return (*own, HTTPS) if scheme == "https" else own


_WRITTEN: Final = {id(one): _written(one) for one in (SEALED, PLAIN, SCREEN, FRAME)}


class SecurityHeaders:
    """Puts the headers on every answer, in place of what an answer says itself.

    What nobody said may be kept is not kept, and pages and files on their way out never are.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        own = headers(scope["path"], scope["scheme"])

        async def marked(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = _marked(message.get("headers", ()), own, scope["path"])
            await send(message)

        await self.app(scope, receive, marked)


KEPT: Final = ("/lokal/", "/static/", "/component/", "/geo/")
"""Where an answer may say for how long browsers keep it: nothing there names a person."""
OWN: Final = "/publik"
"""The public screen, which also runs apart from here: it has headers of its own, and only missing ones are added."""


def _marked(said: Iterable[Header], ours: Iterable[Header], path: str) -> list[Header]:
    here = {name.lower(): value for name, value in said if path.startswith(OWN)}
    set_by_us = [pair for pair in ours if pair[0] not in here]
    names = {name for name, _ in set_by_us}
    kept = [pair for pair in said if pair[0].lower() not in names]
    if path.startswith((*KEPT, OWN)) and any(name.lower() == b"cache-control" for name, _ in kept):
        return [*kept, *set_by_us]
    return [*(pair for pair in kept if pair[0].lower() != b"cache-control"), *set_by_us, NOT_KEPT]
