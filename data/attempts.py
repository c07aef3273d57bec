"""Failed sign-ins are counted, and each one more makes the next wait longer.

Counted are an account as tried from one address, an address, and an account from addresses that it has never signed in
from. So somebody who guesses locks out neither the account's owner at the usual place nor the others of an office
behind one address. A name that does not exist is counted like any other.
"""

import hashlib
import ipaddress
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Column, Connection, Float, String, Table, delete, insert, select, update

from data import database
from data.snapshots import Store


@dataclass(frozen=True)
class Limit:
    """So many failures are free, and one is forgiven every `forgiven` seconds; each one more doubles the wait, from
    `first` to `longest` seconds.
    """

    free: int
    forgiven: float
    first: float
    longest: float

    def wait(self, failures: float) -> float:
        """Seconds after so many failures.

        >>> limit = Limit(free=5, forgiven=600, first=30, longest=3600)
        >>> [limit.wait(failures) for failures in (4, 5, 6, 7, 30)]
        [0.0, 30.0, 60.0, 120.0, 3600.0]
        """
        beyond = round(failures) - self.free
        return 0.0 if beyond < 0 else float(min(self.first * 2 ** min(beyond, 30), self.longest))


PAIR: Final = Limit(free=5, forgiven=600, first=30, longest=900)
ADDRESS: Final = Limit(free=40, forgiven=60, first=60, longest=900)
ACCOUNT: Final = Limit(free=30, forgiven=600, first=60, longest=900)

_ATTEMPTS: Final = Table(
    "sign_in_attempts",
    database.METADATA,
    Column("key", String(64), primary_key=True),
    Column("failures", Float, nullable=False),
    Column("at", Float, nullable=False),
    Column("until", Float, nullable=False),
)
A_DAY: Final = 24 * 60 * 60


def keys(name: str, address: str, known: bool) -> dict[str, Limit]:
    """What is counted of an attempt; `known` where the account has signed in from this address before.

    Names are hashed: in a hurry people write their password where the name belongs.
    """
    where = network(address)
    counted = {_key("pair", name, where): PAIR, _key("address", where): ADDRESS}
    return counted if known else counted | {_key("account", name): ACCOUNT}


def network(address: str) -> str:
    """What one client can be told by: an IPv6 subscriber has a /64 of addresses.

    >>> network("192.0.2.7"), network("2001:db8::1:2:3:4"), network("testclient")
    ('192.0.2.7', '2001:db8::/64', 'testclient')
    """
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address
    return str(ipaddress.ip_network((found, 64), strict=False)) if found.version == 6 else str(found)


def begin(store: Store, counted: dict[str, Limit], now: float) -> float:
    """Counts an attempt as failed before it is judged, so that many at once are all counted. Returns the seconds to
    wait where it may not be judged at all, else 0.
    """

    def change(connection: Connection) -> float:
        connection.execute(delete(_ATTEMPTS).where(_ATTEMPTS.c.at < now - A_DAY))
        rows = connection.execute(select(_ATTEMPTS).where(_ATTEMPTS.c.key.in_(counted)).with_for_update()).all()
        found = {row.key: row for row in rows}
        wait = max((row.until - now for row in rows), default=0.0)
        if wait > 0:
            return float(wait)
        connection.execute(delete(_ATTEMPTS).where(_ATTEMPTS.c.key.in_(counted)))
        for key, limit in counted.items():
            before = found.get(key)
            left = max(0.0, before.failures - (now - before.at) / limit.forgiven) if before else 0.0
            until = now + limit.wait(left + 1)
            connection.execute(insert(_ATTEMPTS).values(key=key, failures=left + 1, at=now, until=until))
        return 0.0

    return database.write(store, change)


def succeeded(connection: Connection, name: str, address: str) -> None:
    """Forgets what was counted of an account and of the account here, and takes one failure back from the address."""
    where = network(address)
    gone = (_key("pair", name, where), _key("account", name))
    connection.execute(delete(_ATTEMPTS).where(_ATTEMPTS.c.key.in_(gone)))
    here = _ATTEMPTS.c.key == _key("address", where)
    connection.execute(update(_ATTEMPTS).where(here).values(failures=_ATTEMPTS.c.failures - 1, until=0.0))


def _key(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()
