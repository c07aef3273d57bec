"""Identity providers: which claims of OpenID Connect make somebody what, and where.

PADAN_OIDC names a TOML file (default: oidc.toml in the store's folder); without it there are local accounts only.

    issuer = "https://sso.example.go.id/realms/pemkot"
    client_id = "padan"
    client_secret_file = "/etc/padan/oidc-secret"   # or PADAN_OIDC_SECRET, or client_secret
    label = "SSO Pemkot"
    scope = "openid profile"                        # more where the claims below need it
    redirect = "https://padan.example.go.id/masuk/oidc/kembali"   # where Padan does not know its own address

    [roles]                                         # values of a claim, and the roles they stand for
    claim = "groups"
    values = { "padan-perencana" = "planner", "padan-operator" = "operator" }

    [places]                                        # a claim that holds codes of areas, or words that stand for some
    claim = "wilayah"
    values = { "Kelurahan Bende" = "74.71.08.1001" }
"""

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from data.access import Refused
from data.definitions.roles import ROLES
from data.home import home
from data.places.reference import find
from data.wording import N_

FILE: Final = "oidc.toml"
NO_ROLE: Final = N_("The sign-in worked, but your account has no role or no area in Padan. Ask your administrator.")


class Misconfigured(Exception):
    """The file cannot be used; `str()` says which key of it (never a value)."""


@dataclass(frozen=True)
class Claim:
    """A claim and what its values stand for; `claim` may be a path with dots, as in `realm_access.roles`."""

    claim: str
    values: Mapping[str, str] = field(default_factory=dict)

    def of(self, claims: Mapping[str, Any]) -> tuple[str, ...]:
        """What the claims hold there, as words: a list, or words between commas or blanks."""
        found: Any = claims
        for step in self.claim.split("."):
            found = found.get(step) if isinstance(found, Mapping) else None
        if isinstance(found, str):
            # "Kelurahan Bende" is one word of the mapping and two words of a list.
            words = [found] if found in self.values else found.replace(",", " ").split()
        else:
            words = [word for word in found if isinstance(word, str)] if isinstance(found, list) else []
        return tuple(dict.fromkeys(self.values.get(word, word) for word in words))


@dataclass(frozen=True)
class Provider:
    """An identity provider that this office trusts to say who somebody is."""

    issuer: str
    client_id: str
    client_secret: str = field(repr=False)
    label: str
    scope: str
    roles: Claim
    places: Claim
    redirect: str = ""

    @property
    def metadata(self) -> str:
        """Where the provider describes itself (OpenID Connect Discovery 1.0)."""
        return self.issuer.rstrip("/") + "/.well-known/openid-configuration"


@dataclass(frozen=True)
class Person:
    """Who the provider says it is. `subject` is the provider's own and never changes; `name` is for the eye."""

    issuer: str
    subject: str
    name: str
    full_name: str
    roles: tuple[str, ...]
    places: tuple[str, ...]


def provider() -> Provider | None:
    """The configured provider; None where there is none. Raises Misconfigured."""
    path = Path(os.environ.get("PADAN_OIDC") or home() / FILE)
    if not path.is_file():
        return None
    try:
        told = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise Misconfigured(path.name) from error
    for key in ("issuer", "client_id", "roles", "places"):
        if not told.get(key):
            raise Misconfigured(key)
    roles, places = (_mapping(key, told[key]) for key in ("roles", "places"))
    unknown = set(roles.values.values()) - set(ROLES)
    if unknown or any(find(code) is None for code in places.values.values()):
        raise Misconfigured("roles.values" if unknown else "places.values")
    return Provider(
        issuer=str(told["issuer"]),
        client_id=str(told["client_id"]),
        client_secret=_secret(told),
        label=str(told.get("label") or "OpenID Connect"),
        scope=" ".join(dict.fromkeys(["openid", *str(told.get("scope") or "profile").split()])),
        roles=roles,
        places=places,
        redirect=str(told.get("redirect") or ""),
    )


def _mapping(key: str, told: Any) -> Claim:
    if not isinstance(told, dict) or not isinstance(told.get("claim"), str):
        raise Misconfigured(f"{key}.claim")
    values = told.get("values", {})
    if not isinstance(values, dict) or not all(isinstance(value, str) for value in values.values()):
        raise Misconfigured(f"{key}.values")
    return Claim(told["claim"], values)


def _secret(told: Mapping[str, Any]) -> str:
    if given := os.environ.get("PADAN_OIDC_SECRET"):
        return given
    if file := told.get("client_secret_file"):
        try:
            return Path(str(file)).read_text(encoding="utf-8").strip()
        except OSError as error:
            raise Misconfigured("client_secret_file") from error
    if not told.get("client_secret"):
        raise Misconfigured("client_secret")
    return str(told["client_secret"])


def person(provider: Provider, claims: Mapping[str, Any]) -> Person:
    """Who the claims of a checked ID token are about. Only declared roles and existing places count; raises Refused
    where none is left of either.
    """
    subject = str(claims.get("sub") or "")
    roles = tuple(role for role in provider.roles.of(claims) if role in ROLES and ROLES[role].rights)
    places = tuple(place for place in provider.places.of(claims) if place and find(place) is not None)
    if not (subject and roles and places):
        raise Refused(NO_ROLE)
    name = next((str(claims[key]) for key in ("preferred_username", "email", "name") if claims.get(key)), subject)
    return Person(provider.issuer, subject, name[:200], str(claims.get("name") or name)[:200], roles, places)
