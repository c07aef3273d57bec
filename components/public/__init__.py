"""Hands out a published folder: the public screen and its tables, to anybody, from memory and nothing else.

The folder is read whole, because it is small; a request then touches no file, and can ask for nothing that was not
published. A newer edition takes the old one's place once all of it is there.
"""

import gzip
import json
import logging
import mimetypes
import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Final

from starlette.concurrency import run_in_threadpool
from starlette.types import Receive, Scope, Send

from data.home import home
from data.public.site import LIST, POLICY, mark
from data.wording import DEFAULT, LANGUAGES, N_, translate

log: Final = logging.getLogger("padan.public")

STORE: Final = "public"
CURRENT: Final = "current"
"""The file that names the newest of several editions in a folder."""
NAME: Final = re.compile(r"[\w-]+")
MARKED: Final = re.compile(r"\.[0-9a-f]{12}\.\w+$")
"""A name with a mark of its content: what it stands for never changes."""
FOR_GOOD: Final = b"public, max-age=31536000, immutable"
ASK_AGAIN: Final = b"no-cache"
SOON: Final = 1.0
"""Seconds for which a look at the folder holds."""
HEADERS: Final = (
    (b"content-security-policy", f"{POLICY}; frame-ancestors 'self'".encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"permissions-policy", b"camera=(), geolocation=(), microphone=()"),
    (b"cross-origin-opener-policy", b"same-origin"),
)
TYPES: Final = {".js": "text/javascript", ".json": "application/json", ".woff2": "font/woff2", ".csv": "text/csv"}
TEXT: Final = ("text/", "application/json", "image/svg")
NOT_HERE: Final = (N_("There is no such page"), N_("The address may be old, or a letter may be missing."))
NOTHING: Final = (
    N_("Nothing has been published yet"),
    N_("The screen begins by itself as soon as there is something."),
)

Answer = tuple[int, list[tuple[bytes, bytes]], bytes]
"""Status, headers and body."""


@dataclass(frozen=True)
class Held:
    """A file as it is sent: plain and compressed (None where that saves nothing), with the headers of both."""

    plain: bytes
    packed: bytes | None
    etag: bytes
    headers: tuple[tuple[bytes, bytes], ...]


class Incomplete(Exception):
    """The folder holds no edition, or not all of it yet."""


class Published:
    """The newest edition in `folder`, an ASGI application: `folder` is an edition, or holds editions and `current`."""

    def __init__(self, folder: Callable[[], Path]) -> None:
        self._folder = folder
        self._files: Mapping[str, Held] = {}
        self._seen: tuple[object, ...] = ()
        self._looked = -SOON

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        if not self._files or time.monotonic() - self._looked >= SOON:
            self._looked = time.monotonic()
            await run_in_threadpool(self.look)
        status, headers, body = self.answer(scope)
        start = {"type": "http.response.start", "status": status, "headers": [*headers, *HEADERS]}
        await send(start)
        await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else body})

    def look(self) -> None:
        """Takes the folder's edition where it is another one; one that is still on its way waits for the next look."""
        try:
            folder = edition(self._folder())
            told = (folder / LIST).stat()
            seen = (folder, told.st_mtime_ns, told.st_size)
            if seen != self._seen:
                self._files, self._seen = read(folder), seen
        except (Incomplete, OSError, ValueError) as error:
            log.debug("no whole edition: %s", type(error).__name__)

    def answer(self, scope: Scope) -> Answer:
        if scope["method"] not in ("GET", "HEAD"):
            return 405, [(b"allow", b"GET, HEAD"), (b"content-length", b"0")], b""
        name = scope["path"].removeprefix(scope.get("root_path", "")).removeprefix("/")
        held = self._files.get(name or "index.html")
        if held is None:
            return _missing(bool(self._files))
        asked = {name: value for name, value in scope["headers"] if name in (b"accept-encoding", b"if-none-match")}
        if held.etag in asked.get(b"if-none-match", b""):
            return 304, list(held.headers), b""
        packed = held.packed if b"gzip" in asked.get(b"accept-encoding", b"") else None
        body = held.plain if packed is None else packed
        encoding = [] if packed is None else [(b"content-encoding", b"gzip")]
        return 200, [*held.headers, (b"content-length", str(len(body)).encode()), *encoding], body


def edition(folder: Path) -> Path:
    """The folder of the newest edition: the one that `current` names, else `folder` itself."""
    current = folder / CURRENT
    if not current.is_file():
        return folder
    name = current.read_text(encoding="utf-8").strip()
    if not NAME.fullmatch(name):
        raise Incomplete
    return folder / name


def read(folder: Path) -> Mapping[str, Held]:
    """The listed files of an edition by address, and no others. Raises Incomplete while one of them is not there."""
    if not (folder / LIST).is_file():
        raise Incomplete
    listed = json.loads((folder / LIST).read_text(encoding="utf-8"))
    return {name: _held(folder, name, wanted) for name, wanted in listed.items()}


def _held(folder: Path, name: str, wanted: str) -> Held:
    path = folder / name
    if not path.is_file() or not path.resolve().is_relative_to(folder.resolve()):
        raise Incomplete
    plain = path.read_bytes()
    if mark(plain) != wanted:
        raise Incomplete
    kind = TYPES.get(path.suffix) or mimetypes.guess_type(name)[0] or "application/octet-stream"
    text = kind.startswith(TEXT)
    packed = gzip.compress(plain, 9, mtime=0) if text else plain
    return Held(
        plain=plain,
        packed=packed if len(packed) < len(plain) else None,
        etag=f'W/"{wanted}"'.encode(),
        headers=(
            (b"content-type", f"{kind}; charset=utf-8".encode() if text else kind.encode()),
            (b"cache-control", FOR_GOOD if MARKED.search(name) else ASK_AGAIN),
            (b"etag", f'W/"{wanted}"'.encode()),
            (b"vary", b"accept-encoding"),
        ),
    )


def _missing(published: bool) -> Answer:
    title, text = NOT_HERE if published else NOTHING
    said = "".join(
        f"<section lang={language}><h1>{escape(translate(title, language))}</h1><p>{escape(translate(text, language))}"
        "</p></section>"
        for language in LANGUAGES
    )
    again = "" if published else "<meta http-equiv=refresh content=30>"
    head = f"<!doctype html><html lang={DEFAULT}><meta charset=utf-8>{again}<title>Padan</title>"
    body = f"{head}<main>{said}</main></html>".encode()
    kind = (b"content-type", b"text/html; charset=utf-8")
    return 404, [kind, (b"cache-control", b"no-store"), (b"content-length", str(len(body)).encode())], body


def mounted() -> Published:
    """The public screen of this installation's own store, beside the officers' screens."""
    return Published(lambda: home() / STORE)
