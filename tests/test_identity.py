"""What claims of an identity provider make of somebody."""

from pathlib import Path

import pytest

from data import identity
from data.access import Refused
from data.identity import Claim, Misconfigured, Provider

OFFICE = Provider(
    issuer="https://sso.example",
    client_id="padan",
    client_secret="-",
    label="SSO",
    scope="openid",
    roles=Claim("realm_access.roles", {"perencana": "planner", "warga": "public"}),
    places=Claim("wilayah", {"Kelurahan Bende": "74.71.08.1001"}),
)


def test_a_claim_may_lie_deep_and_be_a_list_or_words() -> None:
    assert Claim("a.b").of({"a": {"b": ["x", "y", 3]}}) == ("x", "y")
    assert Claim("a").of({"a": "x, y"}) == ("x", "y")
    assert Claim("a.b").of({"a": "x"}) == ()


def test_words_with_blanks_stand_for_an_area() -> None:
    found = identity.person(
        OFFICE, {"sub": "1", "realm_access": {"roles": ["perencana"]}, "wilayah": "Kelurahan Bende"}
    )
    assert (found.roles, found.places, found.name) == (("planner",), ("74.71.08.1001",), "1")


@pytest.mark.parametrize(
    "claims",
    [
        {"sub": "", "realm_access": {"roles": ["perencana"]}, "wilayah": "74.71"},
        {"sub": "1", "realm_access": {"roles": ["warga"]}, "wilayah": "74.71"},
        {"sub": "1", "realm_access": {"roles": ["root", "owner"]}, "wilayah": "74.71"},
        {"sub": "1", "realm_access": {"roles": ["perencana"]}, "wilayah": ""},
        {"sub": "1", "realm_access": {"roles": ["perencana"]}, "wilayah": ["*", "74.7"]},
        {"sub": "1"},
    ],
)
def test_without_subject_role_or_area_nobody_is_let_in(claims: dict[str, object]) -> None:
    with pytest.raises(Refused):
        identity.person(OFFICE, claims)


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("client_id = 'padan'", "issuer"),
        ("issuer = [", "oidc.toml"),
        ("issuer='x'\nclient_id='y'\n[roles]\nclaim='r'\nvalues={a='king'}\n[places]\nclaim='p'", "roles.values"),
        ("issuer='x'\nclient_id='y'\n[roles]\nclaim='r'\n[places]\nclaim='p'\nvalues={a='1.2'}", "places.values"),
        ("issuer='x'\nclient_id='y'\n[roles]\nclaim='r'\n[places]\nclaim='p'", "client_secret"),
        ("issuer='x'\nclient_id='y'\n[roles]\nvalues={}\n[places]\nclaim='p'", "roles.claim"),
    ],
)
def test_a_file_that_cannot_be_used_says_by_which_key(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, written: str, said: str
) -> None:
    (tmp_path / "oidc.toml").write_text(written)
    monkeypatch.setenv("PADAN_OIDC", str(tmp_path / "oidc.toml"))
    with pytest.raises(Misconfigured, match=said):
        identity.provider()


def test_without_a_file_there_is_no_provider(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PADAN_OIDC", str(tmp_path / "none.toml"))
    assert identity.provider() is None
