"""Signing in by an identity provider: a real one on loopback, a real server, a client that does what browsers do."""

import json
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2 as httpx
import pytest

from data import accounts
from data.access import OWNER
from data.accounts import COOKIE
from data.identity import FILE
from data.snapshots import Store
from tests.browser.driver import ROOT, Server, serving

PLANNER = {"groups": ["padan-perencana", "printing"], "wilayah": ["74.71"], "name": "Ani Contoh"}
CONFIGURED = """
issuer = "{issuer}"
client_id = "{client}"
client_secret = "a secret of the tests, long enough for a key"
label = "SSO Contoh"
[roles]
claim = "groups"
values = {{ "padan-perencana" = "planner", "padan-pemeriksa" = "auditor" }}
[places]
claim = "wilayah"
"""


@dataclass
class Office:
    """A Padan and the provider that it trusts."""

    padan: Server
    issuer: str
    folder: Path

    def people(self, **claims: dict[str, Any]) -> None:
        told = {name: {"password": f"password of {name}", "claims": said} for name, said in claims.items()}
        (self.folder / "people.json").write_text(json.dumps(told))

    def trust(self, issuer: str = "", client: str = "padan") -> None:
        written = CONFIGURED.format(issuer=issuer or self.issuer, client=client)
        (self.padan.home / FILE).write_text(written)

    def at_the_provider(self, client: httpx.Client, name: str, target: str = "") -> httpx.Response:
        """Somebody follows the button, signs in there, and is about to be sent back."""
        answer = client.get(f"{self.padan.url}/masuk/oidc/", params={"next": target})
        while answer.has_redirect_location and "/kembali" not in answer.headers["location"]:
            answer = client.get(answer.next_request.url if answer.next_request else "")
        if answer.has_redirect_location:
            return answer
        answer = client.post(answer.url, data={"username": name, "password": f"password of {name}"})
        while "/kembali" not in answer.headers.get("location", ""):
            assert answer.next_request, answer.text[:500]
            answer = client.get(answer.next_request.url)
        return answer

    def sign_in(self, client: httpx.Client, name: str, target: str = "") -> httpx.Response:
        answer = self.at_the_provider(client, name, target)
        assert answer.next_request
        return client.get(answer.next_request.url)


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    folder = tmp_path_factory.mktemp("office")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with serving(folder / "home", folder) as padan, (folder / "provider.log").open("wb") as log:
        found = Office(padan, f"http://127.0.0.1:{port}/o", folder)
        found.people(**dict.fromkeys(("ani", "budi", "citra", "dewi"), PLANNER))
        back = f"{padan.url}/masuk/oidc/kembali"
        arguments = [sys.executable, "-m", "tests.provider", str(port), str(folder), back]
        running = subprocess.Popen(arguments, cwd=ROOT, env=dict(os.environ), stdout=log, stderr=subprocess.STDOUT)
        try:
            _until_answering(f"{found.issuer}/.well-known/openid-configuration", folder / "provider.log")
            yield found
        finally:
            running.terminate()
            running.wait(20)


def _until_answering(url: str, log: Path) -> None:
    for _ in range(300):
        try:
            httpx.get(url)
            return
        except httpx.TransportError:
            time.sleep(0.1)
    pytest.fail(f"The provider did not start:\n{log.read_text()}", pytrace=False)


@pytest.fixture
def client(office: Office) -> Iterator[httpx.Client]:
    office.people(**dict.fromkeys(("ani", "budi", "citra", "dewi"), PLANNER))
    office.trust()
    with httpx.Client() as client:
        yield client


def signed_in(office: Office, client: httpx.Client) -> accounts.Account | None:
    session = accounts.session_of(Store(office.padan.home), client.cookies.get(COOKIE) or "")
    return session.account if session else None


def test_the_sign_in_page_offers_the_provider_by_its_name(office: Office, client: httpx.Client) -> None:
    assert re.search(r'href="/masuk/oidc/[^"]*">SSO Contoh<', client.get(f"{office.padan.url}/masuk").text)


def test_whom_the_provider_knows_gets_the_roles_and_places_of_the_claims(office: Office, client: httpx.Client) -> None:
    answer = office.sign_in(client, "ani", "/cakupan?place=74.71")
    assert answer.headers["location"] == "/cakupan?place=74.71"
    account = signed_in(office, client)
    assert account
    assert (account.roles, account.places, account.full_name) == (("planner",), ("74.71",), "Ani Contoh")
    assert client.get(f"{office.padan.url}/cakupan").status_code == 200


def test_what_the_provider_takes_away_is_gone_with_the_next_sign_in(office: Office, client: httpx.Client) -> None:
    office.sign_in(client, "ani")
    office.people(ani=PLANNER | {"groups": ["padan-pemeriksa"], "wilayah": ["74.71.08"]})
    office.sign_in(client, "ani")
    account = signed_in(office, client)
    assert account
    assert (account.roles, account.places) == (("auditor",), ("74.71.08",))


@pytest.mark.parametrize(
    "claims", [{"groups": []}, {"groups": ["printing"]}, {"wilayah": []}, {"wilayah": ["99.99"]}, {"wilayah": [""]}]
)
def test_who_has_no_role_or_no_area_stays_out(office: Office, client: httpx.Client, claims: dict[str, Any]) -> None:
    office.people(budi=PLANNER | claims)
    assert office.sign_in(client, "budi").status_code == 403
    assert signed_in(office, client) is None


def test_whom_we_have_disabled_stays_out_and_their_session_ends(office: Office, client: httpx.Client) -> None:
    office.sign_in(client, "citra")
    account = signed_in(office, client)
    assert account
    accounts.disable(Store(office.padan.home), OWNER, account.name)
    assert signed_in(office, client) is None
    assert office.sign_in(client, "citra").status_code == 403
    assert signed_in(office, client) is None


def test_nobody_signs_in_with_a_password_to_an_account_of_the_provider(office: Office, client: httpx.Client) -> None:
    office.sign_in(client, "dewi")
    account = signed_in(office, client)
    assert account
    with pytest.raises(accounts.Refused):
        accounts.sign_in(Store(office.padan.home), account.name, "", "127.0.0.1")


def test_a_name_that_a_local_account_has_takes_nothing_from_it(office: Office, client: httpx.Client) -> None:
    store = Store(office.padan.home)
    accounts.add(store, OWNER, "budi", ("administrator",), ("",))
    office.sign_in(client, "budi")
    account = signed_in(office, client)
    assert account
    assert account.name != "budi"
    assert account.roles == ("planner",)


def test_the_way_back_works_once_and_only_in_the_browser_that_left(office: Office, client: httpx.Client) -> None:
    back = office.at_the_provider(client, "ani").headers["location"]
    with httpx.Client() as other:
        assert other.get(back).status_code == 403
        assert signed_in(office, other) is None
    assert client.get(back).status_code == 303
    with httpx.Client(cookies={"padan-oidc": client.cookies.get("padan-oidc") or ""}) as replayed:
        assert replayed.get(back).status_code == 403


def test_a_forged_state_or_code_signs_nobody_in(office: Office, client: httpx.Client) -> None:
    back = office.at_the_provider(client, "ani").headers["location"]
    for forged in (re.sub(r"state=[^&]+", "state=forged", back), re.sub(r"code=[^&]+", "code=forged", back)):
        assert client.get(forged).status_code == 403
        assert signed_in(office, client) is None


def test_a_token_signed_with_the_shared_secret_is_refused(office: Office, client: httpx.Client) -> None:
    office.trust(client="shared-secret")
    assert office.sign_in(client, "ani").status_code == 403
    assert signed_in(office, client) is None


def test_another_issuer_than_the_one_named_is_refused(office: Office, client: httpx.Client) -> None:
    office.trust(issuer=office.issuer + "/")
    assert office.sign_in(client, "ani").status_code == 403
    assert signed_in(office, client) is None


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example", "/\\evil.example", "/masuk"])
def test_the_way_on_never_leaves_padan(office: Office, client: httpx.Client, target: str) -> None:
    assert office.sign_in(client, "ani", target).headers["location"] == "/"


def test_a_provider_that_is_away_is_said_in_words(office: Office, client: httpx.Client) -> None:
    office.trust(issuer="http://127.0.0.1:9/o")
    answer = client.get(f"{office.padan.url}/masuk/oidc/")
    assert answer.status_code == 502
    assert "Traceback" not in answer.text


def test_neither_claims_nor_tokens_stand_in_the_log(office: Office, client: httpx.Client) -> None:
    office.sign_in(client, "ani")
    log = office.padan.log.read_text()
    for secret in (
        "Ani Contoh",
        "padan-perencana",
        "a secret of the tests, long enough for a key",
        client.cookies.get(COOKIE) or "?",
    ):
        assert secret not in log
