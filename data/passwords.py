"""Passwords: how they are kept (argon2id), made and judged."""

import secrets
import threading
from functools import lru_cache
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from data.wording import N_

SHORTEST, LONGEST = 12, 200
SIGNS: Final = "23456789abcdefghjkmnpqrstuvwxyz"
"""Of passwords that we make: none that is read as another one."""
MADE: Final = 20
"""Signs of such a password: 31 different ones, 99 bits."""
EXPECTED: Final = ("password", "katasandi", "kata sandi", "rahasia", "indonesia", "qwerty", "123456", "padan")
"""What a password may hold only as a part of more."""

_hasher: Final = PasswordHasher()
_at_once: Final = threading.BoundedSemaphore(2)
"""A check takes 64 MiB and most of a core: a flood of them must not take the server down."""


def made() -> str:
    """A long random password, in groups that can be read out.

    >>> len(made().replace("-", "")) == MADE
    True
    """
    signs = "".join(secrets.choice(SIGNS) for _ in range(MADE))
    return "-".join(signs[at : at + 5] for at in range(0, MADE, 5))


def hashed(password: str) -> str:
    with _at_once:
        return _hasher.hash(password)


def fits(password: str, kept: str) -> bool:
    """Whether it is the password; takes as long where there is none (`kept` empty), so that nobody learns from it who
    has an account.
    """
    with _at_once:
        try:
            return _hasher.verify(kept or _nobody(), password[: LONGEST + 1]) and bool(kept)
        except (VerificationError, InvalidHashError):
            return False


def outdated(kept: str) -> bool:
    """Whether it was hashed with weaker parameters than now."""
    return _hasher.check_needs_rehash(kept)


@lru_cache
def _nobody() -> str:
    return _hasher.hash(secrets.token_urlsafe())


def weakness(password: str, name: str) -> str:
    """What is wrong with a password that somebody has chosen (a message id); "" where it will do.

    >>> weakness("short", "siti"), bool(weakness("Siti-siti-siti", "siti")), weakness("empat kuda makan jagung", "siti")
    ('The password needs at least 12 characters.', True, '')
    """
    if len(password) < SHORTEST:
        return N_("The password needs at least 12 characters.")
    if len(password) > LONGEST:
        return N_("The password is too long.")
    left = password.casefold()
    for word in sorted((name.casefold(), *EXPECTED), key=len, reverse=True):
        left = left.replace(word, "") if word else left
    if len(set(left)) < 5 or len(left) < SHORTEST // 2:
        return N_("This password is too easy to guess: it repeats itself, or is made of your name or a common word.")
    return ""
