"""Accounts and sessions: who may sign in, who is signed in, and what that makes them.

A session is a random token of which only the hash is kept. It ends after a time without use, after a working day in any
case, and at once when its account is disabled or somebody ends it. Roles and places are looked up at every question.
"""

import hashlib
import os
import re
import secrets
import time
from collections.abc import Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Connection,
    Integer,
    Row,
    String,
    Table,
    Text,
    UniqueConstraint,
    delete,
    insert,
    select,
    update,
)

from data import attempts, audit, database, grants, passwords
from data.access import Refused, Viewer, answers, narrowed
from data.area import within
from data.definitions.roles import ROLES, Right, rights_of
from data.identity import Person
from data.places.reference import find
from data.snapshots import Store
from data.visible import visible
from data.wording import N_

COOKIE: Final = "padan-session"
ADMINISTRATOR: Final = "administrator"
FIRST: Final = "admin"
"""Name of the account that a store without an administrator begins with."""
EVERYWHERE: Final = "*"
"""Stands for the whole store where an account's places are written down."""
MINUTE, HOUR, DAY = 60, 60 * 60, 24 * 60 * 60
REMEMBERED: Final = 90 * DAY
"""Seconds for which ended sessions are kept, because they tell the addresses that an account is used from."""

_ACCOUNTS: Final = Table(
    "accounts",
    database.METADATA,
    Column("name", String(200), primary_key=True),
    Column("full_name", String(200), nullable=False),
    Column("roles", Text, nullable=False),
    Column("places", Text, nullable=False),
    Column("password", String(200), nullable=False),
    Column("must_change", Boolean, nullable=False),
    Column("disabled", Boolean, nullable=False),
    Column("issuer", String(200)),
    Column("subject", String(200)),
    Column("made_at", BigInteger, nullable=False),
    UniqueConstraint("issuer", "subject"),
)
_SESSIONS: Final = Table(
    "sessions",
    database.METADATA,
    Column("number", String(16), primary_key=True),
    Column("token", String(64), nullable=False, unique=True),
    Column("account", String(200), nullable=False, index=True),
    Column("address", String(64), nullable=False),
    Column("opened", BigInteger, nullable=False),
    Column("seen", BigInteger, nullable=False),
    Column("ended", Integer, nullable=False),
)

WRONG: Final = N_("Name or password is wrong.")
LATER: Final = N_("Too many attempts. Please wait {minutes} minutes, or ask your administrator.")
NOBODY_YET: Final = N_("Nobody can keep accounts yet. In a terminal on the server: python -m data users first")
NO_ACCOUNT: Final = N_("There is no such account.")


class TooMany(Refused):
    """Too many attempts: `minutes` until the next one."""

    def __init__(self, minutes: int) -> None:
        super().__init__(LATER)
        self.values = {"minutes": minutes}


@dataclass(frozen=True)
class Account:
    """Somebody who may sign in. `places` are codes of any level, `("",)` is everything. `outside`: an identity provider
    says who it is, and there is no password. `sample`: an account of the demonstration.
    """

    name: str
    full_name: str
    roles: tuple[str, ...]
    places: tuple[str, ...]
    must_change: bool = False
    disabled: bool = False
    outside: bool = False
    sample: bool = False


@dataclass(frozen=True)
class Session:
    """Somebody who is signed in, from `address`, since `opened` (seconds since 1970, as `seen`). `token` is known only
    to whoever has just signed in.
    """

    number: str
    account: Account
    address: str
    opened: int
    seen: int
    token: str = field(default="", repr=False)

    @property
    def ends(self) -> int:
        """When it ends unless it is used."""
        return min(self.seen + idle(), self.opened + longest())


@dataclass(frozen=True)
class Listed:
    """An account as its administrator sees it; `seen` is None where nobody has signed in yet."""

    account: Account
    seen: int | None
    sessions: int


def idle() -> int:
    """Seconds without use after which a session ends."""
    return int(float(os.environ.get("PADAN_IDLE_MINUTES") or 60) * MINUTE)


def longest() -> int:
    """Seconds after which a session ends in any case."""
    return int(float(os.environ.get("PADAN_SESSION_HOURS") or 12) * HOUR)


# Sessions


def sign_in(store: Store, name: str, password: str, address: str, now: float | None = None) -> Session:
    """Raises Refused, with the same words and after the same time whether the name or the password was wrong."""
    now = time.time() if now is None else now
    name = _name(name)
    account, kept = _local(store, name)
    wait = attempts.begin(store, attempts.keys(name, address, _known(store, name, address)), now)
    if wait:
        raise TooMany(int(wait // MINUTE) + 1)
    right = passwords.fits(password, kept) and account is not None and not account.disabled
    if account is None or not right:
        _failed(store, account, address)
        raise Refused(WRONG)
    renewed = passwords.hashed(password) if passwords.outdated(kept) else ""

    def change(connection: Connection) -> None:
        attempts.succeeded(connection, name, address)
        if renewed:
            connection.execute(update(_ACCOUNTS).where(_ACCOUNTS.c.name == name).values(password=renewed))

    database.write(store, change)
    return open_session(store, name, address, now)


def sign_in_provided(store: Store, person: Person, address: str) -> Session:
    """For somebody of whom an identity provider has said who it is: roles and places are what it says now. Raises
    Refused where we have disabled the account.
    """
    owned = (_ACCOUNTS.c.issuer == person.issuer) & (_ACCOUNTS.c.subject == person.subject)
    told = {
        "full_name": visible(person.full_name),
        "roles": _joined(person.roles),
        "places": _joined(person.places),
    }

    def change(connection: Connection) -> str:
        found = connection.execute(select(_ACCOUNTS).where(owned)).first()
        if found:
            connection.execute(update(_ACCOUNTS).where(owned).values(**told))
            return str(found.name)
        name = _free(connection, person.name)
        about = {"name": name, "issuer": person.issuer, "subject": person.subject}
        connection.execute(insert(_ACCOUNTS).values(**about, **told, **_fresh("", must_change=False)))
        return name

    name = database.write(store, change)
    account = _account(store, name)
    if account is None or account.disabled:
        _failed(store, account, address)
        raise Refused(N_("This account is disabled. Ask your administrator."))
    return open_session(store, name, address)


def open_session(store: Store, account: str, address: str, now: float | None = None) -> Session:
    """Signs somebody in who has shown who they are. Always a token of its own: nobody can be made to use one that
    another already knows. Raises Refused where there is no such account, or it is disabled.
    """
    moment = int(time.time() if now is None else now)
    found = _account(store, account)
    if found is None or found.disabled:
        raise Refused(NO_ACCOUNT)
    token, number = secrets.token_urlsafe(32), secrets.token_hex(6)
    values = {"number": number, "token": _hash(token), "account": found.name, "address": address[:64]}

    def change(connection: Connection) -> None:
        connection.execute(delete(_SESSIONS).where(_SESSIONS.c.opened < moment - REMEMBERED))
        connection.execute(insert(_SESSIONS).values(**values, opened=moment, seen=moment, ended=0))

    database.write(store, change)
    session = Session(number, found, address, moment, moment, token)
    audit.record(store, _viewer(session), "sign-in")
    return session


@dataclass(frozen=True)
class _Kept:
    touched: tuple[int, ...]
    session: Session | None
    granted: Any


_sessions: Final[dict[tuple[str, str], _Kept]] = {}
MOST: Final = 10_000


def session_of(store: Store, token: str, now: float | None = None) -> Session | None:
    """Who is signed in with a token; None where it is unknown, has ended, or its account is no more or disabled.

    Costs a look at two files while nobody writes to the database.
    """
    return _lasting(store, _kept(store, token), time.time() if now is None else now) if token else None


def _lasting(store: Store, kept: _Kept, now: float) -> Session | None:
    session = kept.session
    if session is None or session.ends <= now:
        return None
    return session if not session.account.sample or demonstrating(store) else None


def viewer_of(store: Store, token: str, address: str) -> Viewer | None:
    """What somebody who is signed in may see now; None for everybody else, and until a first password was changed."""
    if not token:
        return None
    kept, now = _kept(store, token), time.time()
    session = _lasting(store, kept, now)
    if session is None or session.account.must_change:
        return None
    open_still = kept.granted if kept.granted and kept.granted.until.timestamp() > now else None
    return replace(_viewer(session), address=address or session.address, grant=open_still)


def mark_seen(store: Store, token: str, now: float | None = None) -> None:
    """Notes that a session is being used, once a minute at most."""
    moment = int(time.time() if now is None else now)
    session = session_of(store, token, moment)
    if session and moment - session.seen >= min(MINUTE, idle() // 4):
        used = update(_SESSIONS).where(_SESSIONS.c.number == session.number).values(seen=moment)
        database.write(store, lambda connection: connection.execute(used).rowcount)


def sign_out(store: Store, token: str) -> None:
    if session := session_of(store, token):
        audit.record(store, _viewer(session), "sign-out")
        _end(store, _SESSIONS.c.number == session.number)


def sign_out_everywhere(store: Store, account: str) -> None:
    """Ends all sessions of an account."""
    _end(store, _SESSIONS.c.account == _name(account))


def own_sessions(store: Store, token: str) -> tuple[Session, ...]:
    """The open sessions of whoever is signed in with this token, the last used first."""
    own = session_of(store, token)
    if own is None:
        return ()
    with database.reading(store) as connection:
        asked = select(_SESSIONS).where(_SESSIONS.c.account == own.account.name, _SESSIONS.c.ended == 0)
        rows = connection.execute(asked.order_by(_SESSIONS.c.seen.desc())).all() if connection else []
    found = [Session(row.number, own.account, row.address, row.opened, row.seen) for row in rows]
    return tuple(session for session in found if session.ends > time.time())


def end_own_session(store: Store, token: str, number: str) -> None:
    """Ends one session of one's own, of those that `own_sessions` names; "" ends all of them."""
    own = session_of(store, token)
    if own is None:
        return
    audit.record(store, _viewer(own), "sessions-ended", about=number or EVERYWHERE)
    mine = _SESSIONS.c.account == own.account.name
    _end(store, mine & (_SESSIONS.c.number == number) if number else mine)


def change_password(store: Store, token: str, old: str, new: str, again: str, address: str) -> Session:
    """Changes one's own password, ends all one's sessions and opens a new one. Raises Refused."""
    own = session_of(store, token)
    if own is None or own.account.outside or own.account.sample:
        raise Refused(N_("The password of this account is not kept here."))
    name = own.account.name
    wait = attempts.begin(store, attempts.keys(name, address, known=True), time.time())
    if wait:
        raise TooMany(int(wait // MINUTE) + 1)
    if not passwords.fits(old, _local(store, name)[1]):
        raise Refused(N_("The present password is wrong."))
    if new != again:
        raise Refused(N_("The new password was not written the same way twice."))
    if secrets.compare_digest(new.encode(), old.encode()):
        raise Refused(N_("The new password is the old one."))
    if wrong := passwords.weakness(new, name):
        raise Refused(wrong)
    kept = passwords.hashed(new)

    def change(connection: Connection) -> None:
        attempts.succeeded(connection, name, address)
        mine = _ACCOUNTS.c.name == name
        connection.execute(update(_ACCOUNTS).where(mine).values(password=kept, must_change=False))
        connection.execute(update(_SESSIONS).where(_SESSIONS.c.account == name).values(ended=1))

    audit.record(store, _viewer(own), "password-changed")
    database.write(store, change)
    return open_session(store, name, address)


# Accounts


@answers(Right.ACCOUNTS, narrowed)
def listing(store: Store, viewer: Viewer) -> tuple[Listed, ...]:
    """The accounts whose area lies within the viewer's, by name."""
    with database.reading(store) as connection:
        rows = connection.execute(select(_ACCOUNTS).order_by(_ACCOUNTS.c.name)).all() if connection else []
        sessions = connection.execute(select(_SESSIONS)).all() if connection else []
    found = []
    for account in (_read(row) for row in rows):
        if _covers(viewer, account.places):
            own = [row for row in sessions if row.account == account.name]
            still = [row for row in own if not row.ended and _session(row, account).ends > time.time()]
            found.append(Listed(account, max((row.seen for row in own), default=None), len(still)))
    return tuple(found)


@answers(Right.ACCOUNTS, narrowed)
def add(
    store: Store, viewer: Viewer, name: str, roles: tuple[str, ...], places: tuple[str, ...], full_name: str = ""
) -> str:
    """Makes an account; returns its first password, which has to be changed at the first sign-in. Raises Refused."""
    name = _name(name)
    if not re.fullmatch(r"[a-z0-9][a-z0-9._@-]{1,99}", name) or name in _demonstrated():
        raise Refused(
            N_("A name has 2 to 100 small letters, digits or the signs . _ - @, and begins with a letter or digit.")
        )
    _check(viewer, roles, places)
    password = passwords.made()
    values = {
        "name": name,
        "full_name": visible(full_name).strip()[:200],
        "roles": _joined(roles),
        "places": _joined(places),
    }
    fresh = _fresh(passwords.hashed(password), must_change=True)

    def change(connection: Connection) -> bool:
        if connection.execute(select(_ACCOUNTS.c.name).where(_ACCOUNTS.c.name == name)).first():
            return False
        connection.execute(insert(_ACCOUNTS).values(**values, **fresh))
        return True

    if not database.write(store, change):
        raise Refused(N_("There is an account of this name already."))
    _recorded(store, viewer, "account-added", name, roles, places)
    return password


@answers(Right.ACCOUNTS, narrowed)
def change(store: Store, viewer: Viewer, name: str, roles: tuple[str, ...], places: tuple[str, ...]) -> None:
    """Gives an account other roles and places, which hold from its next question on. Raises Refused."""
    account = _theirs(store, viewer, name)
    if account.name == viewer.name:
        raise Refused(N_("Nobody changes their own roles and places; ask another administrator."))
    if account.outside:
        raise Refused(N_("What this account may do is said by the identity provider."))
    _check(viewer, roles, places)
    if ADMINISTRATOR not in roles:
        _keep_an_administrator(store, account)
    _recorded(store, viewer, "account-changed", account.name, roles, places)
    _set(store, account.name, roles=_joined(roles), places=_joined(places))


@answers(Right.ACCOUNTS, narrowed)
def disable(store: Store, viewer: Viewer, name: str) -> None:
    """Nobody signs in with the account any more; its sessions end. Raises Refused."""
    account = _theirs(store, viewer, name)
    if account.name == viewer.name:
        raise Refused(N_("Nobody disables their own account; ask another administrator."))
    _keep_an_administrator(store, account)
    _recorded(store, viewer, "account-disabled", account.name)
    _set(store, account.name, disabled=True)
    sign_out_everywhere(store, account.name)


@answers(Right.ACCOUNTS, narrowed)
def enable(store: Store, viewer: Viewer, name: str) -> None:
    """Raises Refused."""
    account = _theirs(store, viewer, name)
    _recorded(store, viewer, "account-enabled", account.name)
    _set(store, account.name, disabled=False)


@answers(Right.ACCOUNTS, narrowed)
def reset(store: Store, viewer: Viewer, name: str) -> str:
    """Gives an account a new first password, ends its sessions, and returns the password. Raises Refused."""
    account = _theirs(store, viewer, name)
    if account.outside:
        raise Refused(N_("The password of this account is not kept here."))
    password = passwords.made()
    _recorded(store, viewer, "account-reset", account.name)
    _set(store, account.name, password=passwords.hashed(password), must_change=True)
    sign_out_everywhere(store, account.name)
    return password


@answers(Right.ACCOUNTS, narrowed)
def end_sessions(store: Store, viewer: Viewer, name: str) -> None:
    """Signs somebody out everywhere. Raises Refused."""
    account = _theirs(store, viewer, name)
    _recorded(store, viewer, "sessions-ended", account.name)
    sign_out_everywhere(store, account.name)


def account_of(store: Store, viewer: Viewer) -> Account | None:
    """The viewer's own account; None for the store's owner at the command line."""
    return _account(store, viewer.name)


def viewer_named(store: Store, name: str) -> Viewer:
    """What an account may see, for whoever runs the command line as it. Raises Refused."""
    account = _account(store, name)
    if account is None or account.disabled:
        raise Refused(NO_ACCOUNT)
    return _viewer(Session("", account, "", 0, 0))


def lacks_administrator(store: Store) -> bool:
    """Whether nobody could keep accounts, though the store is no demonstration."""
    return not demonstrating(store) and not _administrators(store)


def first_administrator(store: Store, viewer: Viewer) -> str:
    """The password of a first administrator, over everything."""
    if not _account(store, FIRST):
        return add(store, viewer, FIRST, (ADMINISTRATOR,), ("",))
    _set(store, FIRST, roles=ADMINISTRATOR, places=EVERYWHERE, disabled=False)
    return reset(store, viewer, FIRST)


# The demonstration


def demonstrating(store: Store) -> bool:
    """Whether the store holds demonstration data and nothing else."""
    return _only_samples(store, _published(store))


def demonstration(store: Store) -> tuple[Account, ...]:
    """The accounts that everybody may use while the store holds nothing but demonstration data: one a role."""
    if not demonstrating(store):
        return ()
    place = _sample_place(store, _published(store))
    return tuple(replace(account, places=(place,)) for account in _demonstrated().values())


def shared(name: str) -> bool:
    """Whether everybody may use the account of this name: what one of them brings along is nobody else's."""
    return name in _demonstrated()


def sign_in_demonstration(store: Store, name: str, address: str) -> Session:
    """Raises Refused where the store holds anything real."""
    if name not in {account.name for account in demonstration(store)}:
        raise Refused(NO_ACCOUNT)
    return open_session(store, name, address)


def _published(store: Store) -> tuple[int, ...]:
    """Changes with every snapshot that comes or goes. Asked at every question of a demonstration: the store's own state
    would take ten times as long.
    """
    with suppress(FileNotFoundError):
        found = (store.path / "snapshots").stat()
        return (found.st_mtime_ns, found.st_nlink, found.st_size)
    return ()


@lru_cache
def _demonstrated() -> Mapping[str, Account]:
    found = (Account(f"contoh-{key}", "", (key,), (), sample=True) for key, role in ROLES.items() if role.rights)
    return {account.name: account for account in found}


@lru_cache(maxsize=4)
def _only_samples(store: Store, _published: tuple[int, ...]) -> bool:
    snapshots = store.snapshots()
    return bool(snapshots) and all(snapshot.sample for snapshot in snapshots)


@lru_cache(maxsize=4)
def _sample_place(store: Store, _published: tuple[int, ...]) -> str:
    """Where most registers of the demonstration are from."""
    found = [snapshot.place for snapshot in store.snapshots()]
    return max(sorted(set(found)), key=found.count, default="")


# Within


def _failed(store: Store, account: Account | None, address: str) -> None:
    """Records a sign-in that was refused. A name that is not an account's is not written down: in a hurry people write
    their password there.
    """
    who = Viewer(account.name, account.places, address=address) if account else Viewer("?", address=address)
    audit.record(store, who, "sign-in-failed")


def _name(text: str) -> str:
    return text.strip().casefold()[:200]


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _joined(words: Collection[str]) -> str:
    return " ".join(word or EVERYWHERE for word in dict.fromkeys(words))


def _split(text: str) -> tuple[str, ...]:
    return tuple("" if word == EVERYWHERE else word for word in text.split())


def _read(row: Row[Any]) -> Account:
    return Account(
        row.name,
        row.full_name,
        _split(row.roles),
        _split(row.places),
        bool(row.must_change),
        bool(row.disabled),
        outside=row.issuer is not None,
    )


def _session(row: Row[Any], account: Account) -> Session:
    return Session(row.number, account, row.address, row.opened, row.seen)


def _viewer(session: Session) -> Viewer:
    account = session.account
    return Viewer(account.name, account.places, rights_of(account.roles), None, session.number, session.address)


def _account(store: Store, name: str) -> Account | None:
    wanted = _name(name)
    if wanted in _demonstrated():
        return next((account for account in demonstration(store) if account.name == wanted), None)
    with database.reading(store) as connection:
        asked = select(_ACCOUNTS).where(_ACCOUNTS.c.name == wanted)
        row = connection.execute(asked).first() if connection else None
    return _read(row) if row else None


def _local(store: Store, name: str) -> tuple[Account | None, str]:
    """An account and its kept password, where it has one."""
    with database.reading(store) as connection:
        asked = select(_ACCOUNTS).where(_ACCOUNTS.c.name == name, _ACCOUNTS.c.issuer.is_(None))
        row = connection.execute(asked).first() if connection else None
    return (_read(row), row.password) if row else (None, "")


def _known(store: Store, name: str, address: str) -> bool:
    with database.reading(store) as connection:
        asked = select(_SESSIONS.c.number).where(_SESSIONS.c.account == name, _SESSIONS.c.address == address[:64])
        return bool(connection and connection.execute(asked.limit(1)).first())


def _kept(store: Store, token: str) -> _Kept:
    key, touched = (database.url(store), _hash(token)), database.touched(store)
    kept = _sessions.get(key)
    if kept is None or kept.touched != touched:
        if len(_sessions) >= MOST:
            _sessions.clear()
        session = _look_up(store, key[1])
        granted = grants.current(store, session.number) if session else None
        kept = _sessions[key] = _Kept(touched, session, granted)
    return kept


def _look_up(store: Store, hashed: str) -> Session | None:
    with database.reading(store) as connection:
        asked = select(_SESSIONS).where(_SESSIONS.c.token == hashed, _SESSIONS.c.ended == 0)
        row = connection.execute(asked).first() if connection else None
    account = _account(store, row.account) if row else None
    return _session(row, account) if row and account and not account.disabled else None


def _end(store: Store, which: Any) -> None:
    database.write(
        store, lambda connection: connection.execute(update(_SESSIONS).where(which).values(ended=1)).rowcount
    )


def _set(store: Store, name: str, **values: Any) -> None:
    changed = update(_ACCOUNTS).where(_ACCOUNTS.c.name == name).values(**values)
    database.write(store, lambda connection: connection.execute(changed).rowcount)


def _fresh(password: str, must_change: bool) -> dict[str, Any]:
    return {"password": password, "must_change": must_change, "disabled": False, "made_at": int(time.time())}


def _free(connection: Connection, wanted: str) -> str:
    """The name, or the name with a number where somebody else has it."""
    base = re.sub(r"[^a-z0-9._@-]+", "-", _name(wanted)).strip("-.")[:90] or "akun"
    taken = {*connection.execute(select(_ACCOUNTS.c.name)).scalars(), *_demonstrated()}
    return next(name for name in (base, *(f"{base}-{n}" for n in range(2, len(taken) + 3))) if name not in taken)


def _covers(viewer: Viewer, places: Collection[str]) -> bool:
    return all(any(within(place, area) for area in viewer.places) for place in places)


def _theirs(store: Store, viewer: Viewer, name: str) -> Account:
    """An account that the viewer may change; one elsewhere is as if there were none."""
    account = _account(store, name)
    if account is None or account.sample or not _covers(viewer, account.places):
        raise Refused(NO_ACCOUNT)
    return account


def _check(viewer: Viewer, roles: Collection[str], places: Collection[str]) -> None:
    if not roles or not set(roles) <= set(ROLES):
        raise Refused(N_("An account needs a role that exists."))
    if not places or any(place and find(place) is None for place in places):
        raise Refused(N_("An account needs an area: the code of a place that exists."))
    if not _covers(viewer, places):
        raise Refused(N_("You cannot give rights over places outside your own area."))


def _administrators(store: Store, besides: str = "") -> int:
    with database.reading(store) as connection:
        asked = select(_ACCOUNTS).where(_ACCOUNTS.c.disabled.is_(False), _ACCOUNTS.c.name != besides)
        rows = connection.execute(asked).all() if connection else []
    return sum(ADMINISTRATOR in _split(row.roles) for row in rows)


def _keep_an_administrator(store: Store, account: Account) -> None:
    last = ADMINISTRATOR in account.roles and not account.disabled and not _administrators(store, account.name)
    if last:
        raise Refused(N_("This is the last administrator: nobody could keep accounts any more."))


def _recorded(
    store: Store, viewer: Viewer, action: str, name: str, roles: Collection[str] = (), places: Collection[str] = ()
) -> None:
    about = " ".join(filter(None, (name, ",".join(roles), _joined(places))))
    place = next(iter(places)) if len(places) == 1 else ""
    audit.record(store, viewer, action, place=place, about=about)
