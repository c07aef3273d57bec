"""Signing in and out, and one's own password and sessions: pages of plain HTML that need no script.

A form is taken only where the browser says that it comes from a page of ours (see `gate.same_origin`) and where it
carries what only a page of ours could have written into it.
"""

import secrets
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from datetime import datetime
from hmac import compare_digest
from html import escape
from typing import Final
from urllib.parse import parse_qsl, urlencode

from babel.dates import format_datetime
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from components import gate, routes
from components.gate import FIELD, FOREIGN, PASSWORD, SIGN_IN, SIGN_OUT, form_token
from components.gate import address_of as address_of
from components.gate import own_path as own_path
from data import accounts, identity
from data.access import Refused
from data.accounts import COOKIE, Account, Session, TooMany
from data.definitions.roles import ROLES
from data.places.reference import find
from data.wording import DEFAULT, LANGUAGES, N_, Language, Value, translate

FORM_COOKIE: Final = "padan-form"
"""Of somebody who is not signed in yet: what the sign-in form has to fit."""
LARGEST: Final = 16 * 1024
"""Bytes of a form."""
SPOKEN: Final[Mapping[Language, str]] = {"id": "Bahasa Indonesia", "en": "English"}
Answer = Callable[["_Asked"], Awaitable[Response]]


class _Asked:
    """A request for one of these pages: its fields, its language, where it wants to go on."""

    def __init__(self, request: Request, fields: Mapping[str, str]) -> None:
        self.request = request
        self.fields = fields
        told = fields.get("lang") or request.query_params.get("lang")
        self.language: Language = next((one for one in LANGUAGES if one == told), DEFAULT)
        self.next = own_path(fields.get("next") or request.query_params.get("next", ""))
        self.token = request.cookies.get(COOKIE, "")
        self.address = address_of(request)

    def say(self, message: str, **values: Value) -> str:
        """HTML."""
        return escape(translate(message, self.language, **values))

    def to(self, path: str, **more: str) -> str:
        """An address of these pages that keeps the language and the way on."""
        kept = {
            "lang": self.language if self.language != DEFAULT else "",
            "next": self.next if self.next != "/" else "",
        }
        asked = {key: value for key, value in (kept | more).items() if value}
        return f"{path}?{urlencode(asked)}" if asked else path

    def onward(self) -> str:
        """Where to go on, in the language that was chosen here."""
        if self.language == DEFAULT or "lang=" in self.next:
            return self.next
        return f"{self.next}{'&' if '?' in self.next else '?'}lang={self.language}"

    def form(self, path: str, content: str, of: str, name: str = "") -> str:
        hidden = {FIELD: form_token(of), "lang": self.language, "next": self.next}
        inputs = "".join(f'<input type="hidden" name="{key}" value="{escape(value)}">' for key, value in hidden.items())
        return f'<form method="post" action="{path}" class="{name}">{inputs}{content}</form>'

    def sent(self, of: str) -> bool:
        """Whether the form that was sent is ours."""
        return bool(of) and compare_digest(self.fields.get(FIELD, "").encode(), form_token(of).encode())


def _answering(answer: Answer) -> Callable[[Request], Awaitable[Response]]:
    async def endpoint(request: Request) -> Response:
        fields: dict[str, str] = {}
        if request.method == "POST":
            length = request.headers.get("content-length", "")
            if not length.isdecimal() or int(length) > LARGEST:
                return routes.plain(413, *FOREIGN)
            with suppress(ValueError):  # more fields than any form of ours has
                fields = dict(parse_qsl((await request.body()).decode("utf-8", "replace"), max_num_fields=20))
        response = await answer(_Asked(request, fields))
        response.headers["Cache-Control"] = "no-store"
        return response

    return endpoint


# Sign-in


async def _sign_in(asked: _Asked) -> Response:
    if asked.request.method != "POST":
        if await run_in_threadpool(accounts.session_of, gate.STORE, asked.token):
            return RedirectResponse(asked.onward(), 303)
        return await _sign_in_page(
            asked, N_("Your session has ended.") if "ended" in asked.request.query_params else ""
        )
    if not asked.sent(asked.request.cookies.get(FORM_COOKIE, "")):
        return await _sign_in_page(asked, N_("Please try again."), 400)
    try:
        session = await run_in_threadpool(_opened, asked)
    except Refused as refused:
        return await _sign_in_page(asked, str(refused), _status(refused), **refused.values)
    return welcome(asked.request, session, asked.onward())


def _status(refused: Refused) -> int:
    return 429 if isinstance(refused, TooMany) else 403


def _opened(asked: _Asked) -> Session:
    """Whatever session the browser had before is not this one, and ends."""
    if demonstrated := asked.fields.get("demonstration"):
        session = accounts.sign_in_demonstration(gate.STORE, demonstrated, asked.address)
    else:
        name, password = asked.fields.get("name", ""), asked.fields.get("password", "")
        session = accounts.sign_in(gate.STORE, name, password, asked.address)
    accounts.sign_out(gate.STORE, asked.token)
    return session


def welcome(request: Request, session: Session, target: str) -> Response:
    """Goes on to `target`, signed in."""
    return _with_session(request, RedirectResponse(target, 303), session.token)


def _with_session(request: Request, response: Response, token: str) -> Response:
    # "lax": a link in a letter or a chat opens the screen that it names, and so does the way back from an identity
    # provider. What changes anything is a POST, which this cookie does not accompany from elsewhere.
    secure = request.url.scheme == "https"
    response.set_cookie(COOKIE, token, httponly=True, secure=secure, samesite="lax", path="/")
    response.delete_cookie(FORM_COOKIE, path=SIGN_IN)
    response.headers["Cache-Control"] = "no-store"
    return response


async def _sign_in_page(asked: _Asked, message: str = "", status: int = 200, **values: Value) -> Response:
    mark = asked.request.cookies.get(FORM_COOKIE) or secrets.token_urlsafe(32)
    demonstrated = await run_in_threadpool(accounts.demonstration, gate.STORE)
    message = message or (
        accounts.NOBODY_YET if await run_in_threadpool(accounts.lacks_administrator, gate.STORE) else ""
    )
    note = f'<p class="note" role="alert">{asked.say(message, **values)}</p>' if message else ""
    fields = (
        _input("name", asked.say(N_("Account name")), "username", "text", asked.fields.get("name", ""))
        + _input("password", asked.say(N_("Password")), "current-password")
        + f'<button class="main">{asked.say(N_("Sign in"))}</button>'
    )
    content = (
        '<section class="picture" aria-hidden="true"></section>'
        f'<section class="card"><h1>{asked.say(N_("Sign in"))}</h1>'
        f"{note}{asked.form(SIGN_IN, fields, mark)}{_provided(asked)}{_demonstration(asked, demonstrated, mark)}"
        f'<p class="small">{asked.say(N_("Who looks at people by name is put on record."))}</p>'
        f"{_public(asked)}</section>"
    )
    response = _page(asked, SIGN_IN, N_("Sign in"), content, "door", status)
    secure = asked.request.url.scheme == "https"
    response.set_cookie(FORM_COOKIE, mark, httponly=True, secure=secure, samesite="strict", path=SIGN_IN)
    return response


def _provided(asked: _Asked) -> str:
    """The way through an identity provider, where there is one."""
    try:
        provider = identity.provider()
    except identity.Misconfigured:
        return ""
    if provider is None:
        return ""
    return f'<p><a class="button" href="{escape(asked.to("/masuk/oidc/"))}">{escape(provider.label)}</a></p>'


def _demonstration(asked: _Asked, found: tuple[Account, ...], mark: str) -> str:
    if not found:
        return ""
    place = find(found[0].places[0])
    buttons = "".join(
        f'<button name="demonstration" value="{account.name}"><b>{asked.say(role.label)}</b>'
        f"<span>{asked.say(role.about)}</span></button>"
        for account in found
        for role in (ROLES[account.roles[0]],)
    )
    words = asked.say(
        N_("Everybody in this store is invented. Look around {place} as:"), place=place.name if place else ""
    )
    return (
        f'<div class="demonstration"><p><span class="badge">{asked.say(N_("SAMPLE DATA"))}</span> {words}</p>'
        f"{asked.form(SIGN_IN, buttons, mark, 'roles')}</div>"
    )


def _public(asked: _Asked) -> str:
    """The way to what everybody may see, where it has been published."""
    if not (gate.STORE.path / "public" / "current").exists():
        return ""
    return f'<p class="small"><a href="/publik/">{asked.say(N_("Public screen"))}</a></p>'


# Sign-out


async def _sign_out(asked: _Asked) -> Response:
    if asked.request.method != "POST":
        button = f'<button class="main">{asked.say(N_("Sign out"))}</button>'
        content = f"<h1>{asked.say(N_('Sign out'))}</h1>{asked.form(SIGN_OUT, button, asked.token)}{_back(asked)}"
        return _page(asked, SIGN_OUT, N_("Sign out"), f'<section class="card">{content}</section>')
    if not asked.sent(asked.token):
        return routes.plain(403, *FOREIGN)
    await run_in_threadpool(accounts.sign_out, gate.STORE, asked.token)
    response = RedirectResponse(asked.to(SIGN_IN), 303)
    response.delete_cookie(COOKIE, path="/")
    return response


# One's own password and sessions


async def _own(asked: _Asked) -> Response:
    if asked.request.method != "POST":
        done = N_("Your password has been changed.") if "changed" in asked.request.query_params else ""
        return await _own_page(asked, done)
    if not asked.sent(asked.token):
        return routes.plain(403, *FOREIGN)
    if "end" in asked.fields:
        await run_in_threadpool(
            accounts.end_own_session, gate.STORE, asked.token, asked.fields["end"].removeprefix("all")
        )
        return RedirectResponse(asked.to(PASSWORD), 303)
    try:
        session = await run_in_threadpool(_changed, asked)
    except Refused as refused:
        return await _own_page(asked, str(refused), _status(refused), **refused.values)
    target = asked.onward() if asked.next != "/" else asked.to(PASSWORD, changed="1")
    return _with_session(asked.request, RedirectResponse(target, 303), session.token)


def _changed(asked: _Asked) -> Session:
    old, new, again = (asked.fields.get(name, "") for name in ("old", "new", "again"))
    return accounts.change_password(gate.STORE, asked.token, old, new, again, asked.address)


async def _own_page(asked: _Asked, message: str = "", status: int = 200, **values: Value) -> Response:
    own = await run_in_threadpool(accounts.session_of, gate.STORE, asked.token)
    if own is None:
        return RedirectResponse(asked.to(SIGN_IN), 303)
    found = await run_in_threadpool(accounts.own_sessions, gate.STORE, asked.token)
    note = f'<p class="note" role="alert">{asked.say(message, **values)}</p>' if message else ""
    first = own.account.must_change
    title = N_("Choose a password of your own") if first else N_("Password and sessions")
    why = f"<p>{asked.say(N_('The first password was only for this first time.'))}</p>" if first else ""
    parts = [f"<h1>{asked.say(title)}</h1>{note}{why}{_change(asked, own)}"]
    if not first:
        parts.append(_open_sessions(asked, own, found) + _back(asked))
    content = "".join(f'<section class="card">{part}</section>' for part in parts)
    return _page(asked, PASSWORD, title, content, status=status)


def _change(asked: _Asked, own: Session) -> str:
    if own.account.outside or own.account.sample:
        return f"<p>{asked.say(N_('The password of this account is not kept here.'))}</p>"
    fields = (
        # So that a browser knows whose password it keeps.
        f'<input class="unseen" name="name" value="{escape(own.account.name)}" autocomplete="username" tabindex="-1" '
        f'aria-hidden="true" readonly>{_input("old", asked.say(N_("Present password")), "current-password")}'
        f"{_input('new', asked.say(N_('New password, at least 12 characters')), 'new-password')}"
        f"{_input('again', asked.say(N_('New password once more')), 'new-password')}"
        f'<button class="main">{asked.say(N_("Change password"))}</button>'
    )
    return asked.form(PASSWORD, fields, asked.token)


def _open_sessions(asked: _Asked, own: Session, found: tuple[Session, ...]) -> str:
    rows = "".join(
        f"<li><p><b>{escape(one.address)}</b>{_this(asked, one, own)}<br>"
        f"{asked.say(N_('since {time}'), time=_when(asked, one.opened))}"
        f" · {asked.say(N_('last used {time}'), time=_when(asked, one.seen))}</p>"
        f'<button name="end" value="{one.number}">{asked.say(N_("End"))}</button></li>'
        for one in found
    )
    everywhere = f'<button name="end" value="all">{asked.say(N_("Sign out everywhere"))}</button>'
    listed = asked.form(PASSWORD, f"<ul>{rows}</ul>{everywhere}", asked.token, "sessions")
    return f"<h2>{asked.say(N_('Where you are signed in'))}</h2>{listed}"


def _this(asked: _Asked, one: Session, own: Session) -> str:
    return f' <span class="badge">{asked.say(N_("this one"))}</span>' if one.number == own.number else ""


def _when(asked: _Asked, seconds: int) -> str:
    return format_datetime(datetime.fromtimestamp(seconds).astimezone(), "d MMM y HH.mm", locale=asked.language)


# A page


def _back(asked: _Asked) -> str:
    return f'<p><a href="{escape(asked.onward())}">{asked.say(N_("Back to Padan"))}</a></p>'


def _input(name: str, label: str, autocomplete: str, kind: str = "password", value: str = "") -> str:
    return (
        f'<label for="{name}">{label}</label><input id="{name}" name="{name}" type="{kind}" required maxlength="200" '
        f'autocomplete="{autocomplete}" autocapitalize="none" spellcheck="false" value="{escape(value)}">'
    )


def _page(asked: _Asked, path: str, title: str, content: str, kind: str = "", status: int = 200) -> HTMLResponse:
    others = "".join(
        f'<a href="{escape(asked.to(path, lang=other))}" lang="{other}" hreflang="{other}">{SPOKEN[other]}</a>'
        for other in LANGUAGES
        if other != asked.language
    )
    return HTMLResponse(
        f'<!doctype html><html lang="{asked.language}"><head><meta charset="utf-8">'
        f"<title>{asked.say(title)} · Padan</title>"
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<link rel="icon" href="{routes.static_url("icon.svg")}">'
        f'<link rel="stylesheet" href="{routes.static_url("signin.css")}"></head><body class="{kind}">'
        f'<header><span class="brand">pa<b>dan</b></span>{others}</header><main>{content}</main></body></html>',
        status_code=status,
    )


ROUTES: Final[list[BaseRoute]] = [
    Route(path, _answering(answer), methods=["GET", "POST"])
    for path, answer in ((SIGN_IN, _sign_in), (SIGN_OUT, _sign_out), (PASSWORD, _own))
]
