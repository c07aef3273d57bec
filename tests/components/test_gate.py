"""The door of a real server: forged requests and messages, foreign pages, stolen and ended sessions get no data."""

import http.client
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from urllib.parse import urlencode, urlsplit

import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import connect

from components.gate import own_path
from components.navigation import SCREENS
from data import accounts
from data.access import OWNER
from data.accounts import COOKIE
from data.intake.importing import import_file
from data.sample import build
from data.snapshots import Store
from tests.browser.driver import PASSWORD, Server, serving, signed_in

NAMES = re.compile(rb"\b(?:LA|WA)(?: ODE)? [A-Z]{3,}")
"""What the people of the sample are called."""
PLACE = "74.71"
LIST = f"/rumah-tangga?place={PLACE}"
FORM = re.compile(r'name="form" value="([0-9a-f]{64})"')


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("gate")
    store = Store(folder / "home")
    for file in build(folder / "files", place=PLACE, scale=0.01, latest=1):
        import_file(store, file.path, period=file.period, place=file.place, sample=True)
    with serving(store.path, folder) as running:
        yield running


@pytest.fixture(scope="module")
def store(server: Server) -> Store:
    return Store(server.home)


@dataclass(frozen=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    cookies: tuple[str, ...]
    body: bytes

    @property
    def location(self) -> str:
        return self.headers.get("location", "")

    def cookie(self, name: str) -> str:
        """What stands after the name of a cookie that is set."""
        return next((told.partition("=")[2] for told in self.cookies if told.startswith(f"{name}=")), "")


@dataclass
class Client:
    """Somebody who speaks HTTP, with the cookies that the server has set."""

    server: Server
    cookies: dict[str, str] = field(default_factory=dict)

    def ask(self, method: str, address: str, body: str | None = None, **headers: str) -> Answer:
        host = urlsplit(self.server.url).netloc
        connection = http.client.HTTPConnection(host, timeout=20)
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        if self.cookies:
            sent["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        if body is not None:
            sent.setdefault("Content-Type", "application/x-www-form-urlencoded")
        connection.request(method, address, body, sent)
        found = connection.getresponse()
        told = tuple(value for name, value in found.getheaders() if name.lower() == "set-cookie")
        answer = Answer(found.status, {k.lower(): v for k, v in found.getheaders()}, told, found.read())
        connection.close()
        for one in told:
            name, _, value = one.partition(";")[0].partition("=")
            self.cookies[name] = value.strip('"')
        return answer

    def get(self, address: str, **headers: str) -> Answer:
        return self.ask("GET", address, **headers)

    def send(self, address: str, fields: Mapping[str, str], **headers: str) -> Answer:
        """A form as a browser sends it from a page of the server itself."""
        headers.setdefault("Origin", self.server.url)
        return self.ask("POST", address, urlencode(fields), **headers)

    def form(self, address: str) -> str:
        """The token of the form that stands on a page."""
        found = FORM.search(self.get(address).body.decode())
        assert found
        return found[1]

    def sign_in(self, name: str, password: str, **more: str) -> Answer:
        fields = {"form": self.form("/masuk"), "name": name, "password": password}
        return self.send("/masuk", fields | more)


@pytest.fixture
def stranger(server: Server) -> Client:
    return Client(server)


def entered(server: Server, name: str = "perencana", roles: tuple[str, ...] = ("planner",)) -> Client:
    return Client(server, {COOKIE: signed_in(server.home, name, roles, (PLACE,))})


def script(address: str) -> bytes:
    """The message that asks for a screen, as the browser sends it."""
    asked = urlsplit(address)
    message = BackMsg()
    message.rerun_script.query_string = asked.query
    message.rerun_script.page_name = asked.path.strip("/")
    return message.SerializeToString()


def told(socket: object) -> bytes:
    """All that the server says until a screen is drawn or the connection is closed."""
    received = []
    try:
        while True:
            piece = socket.recv(timeout=30)  # type: ignore[attr-defined]
            received.append(piece)
            if ForwardMsg.FromString(piece).WhichOneof("type") == "script_finished":
                break
    except ConnectionClosed:
        pass
    return b"".join(received)


def opened(server: Server, token: str, origin: str | None = ""):  # type: ignore[no-untyped-def]
    """A connection as the browser's; raises InvalidStatus where the server refuses it."""
    headers = {"Cookie": f"{COOKIE}={token}"} if token else {}
    if origin is not None:
        headers["Origin"] = origin or server.url
    address = server.url.replace("http", "ws") + "/_stcore/stream"
    return connect(address, additional_headers=headers, subprotocols=["streamlit"], max_size=None)


# Addresses


@pytest.mark.parametrize("address", sorted(["", "akun", "catatan", "apa-saja", *(one for one, _ in SCREENS.values())]))
def test_a_deep_link_of_a_stranger_leads_to_the_sign_in_and_back(stranger: Client, address: str) -> None:
    asked = f"/{address}?place={PLACE}&lang=en"
    answer = stranger.get(asked)
    assert answer.status == 303
    assert answer.location == "/masuk?" + urlencode({"next": asked})
    assert not answer.body


@pytest.mark.parametrize(
    "address",
    [
        "/geo/74.71/kelurahan.geojson",
        "/unduh/guessed",
        "/sesi",
        "/media/0123456789abcdef.pdf",
        "/component/streamlit_folium.st_folium/index.html",
        "/_stcore/host-config",
        "/_stcore/metrics",
        "/_stcore/stream",
        "/_stcore/upload_file/some-session/some-file",
        "/_stcore/bidi-components/padan_areas/x.js",
        "/_stcore/agent/anything",
        "/pages/households.py",
        "/static/../_stcore/metrics",
        "/lokal/../../data/access.py",
        "/lokal/%2e%2e/%2e%2e/README.md",
        "//rumah-tangga",
        "/oauth2callback",
    ],
)
@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "DELETE", "HEAD"])
def test_a_stranger_gets_nothing_from_any_other_address(stranger: Client, address: str, method: str) -> None:
    answer = stranger.ask(method, address, Origin=stranger.server.url)
    assert answer.status in (400, 401, 403, 404, 405)
    assert not NAMES.search(answer.body)
    assert b"coordinates" not in answer.body


@pytest.mark.parametrize("token", ["x", "0" * 43, "' OR 1=1 --", "../../padan.db"])
def test_an_invented_session_is_no_session(server: Server, token: str) -> None:
    assert Client(server, {COOKIE: token}).get(LIST).status == 303
    with pytest.raises(InvalidStatus):
        opened(server, token)


def test_what_the_sign_in_page_needs_is_open(stranger: Client) -> None:
    page = stranger.get("/masuk").body.decode()
    for address in re.findall(r'(?:href|src)="(/lokal/[^"]+)"', page):
        assert stranger.get(address).status == 200
    assert stranger.get("/_stcore/health").status == 200
    assert "<script" not in page


# Forged connections and messages


def test_a_planner_gets_names_over_the_connection(server: Server) -> None:
    """What the tests below look for is really there."""
    with opened(server, entered(server).cookies[COOKIE]) as socket:
        socket.send(script(LIST))
        assert NAMES.search(told(socket))


def test_a_connection_without_a_session_is_refused(server: Server) -> None:
    with pytest.raises(InvalidStatus):
        opened(server, "")


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "http://127.0.0.1:1", "file://", None])
def test_a_foreign_page_cannot_use_the_session_of_its_visitor(server: Server, origin: str | None) -> None:
    with pytest.raises(InvalidStatus):
        opened(server, entered(server).cookies[COOKIE], origin)


def test_a_stolen_cookie_is_worth_nothing_after_its_owner_signed_out(server: Server) -> None:
    client = entered(server)
    stolen = client.cookies[COOKIE]
    assert client.send("/keluar", {"form": client.form("/keluar")}).location == "/masuk"
    assert Client(server, {COOKIE: stolen}).get(LIST).status == 303
    with pytest.raises(InvalidStatus):
        opened(server, stolen)


def test_an_open_connection_answers_nothing_after_its_session_has_ended(server: Server, store: Store) -> None:
    client = entered(server)
    with opened(server, client.cookies[COOKIE]) as socket:
        socket.send(script(LIST))
        assert NAMES.search(told(socket))
        accounts.sign_out_everywhere(store, "perencana")
        socket.send(script(LIST))
        assert not NAMES.search(told(socket))
        with pytest.raises(ConnectionClosed):
            socket.recv(timeout=5)


def test_an_expired_session_opens_nothing(server: Server, store: Store) -> None:
    signed_in(server.home, "perencana", ("planner",), (PLACE,))
    long_ago = accounts.open_session(store, "perencana", "127.0.0.1", now=1_000_000_000)
    assert Client(server, {COOKIE: long_ago.token}).get(LIST).status == 303
    with pytest.raises(InvalidStatus):
        opened(server, long_ago.token)


def test_another_role_holds_at_the_next_message_of_an_open_connection(server: Server, store: Store) -> None:
    client = entered(server, "berubah")
    with opened(server, client.cookies[COOKIE]) as socket:
        socket.send(script(LIST))
        assert NAMES.search(told(socket))
        accounts.change(store, OWNER, "berubah", ("auditor",), (PLACE,))
        socket.send(script(LIST))
        assert not NAMES.search(told(socket))
        accounts.change(store, OWNER, "berubah", ("planner",), ("74.72",))
        socket.send(script(LIST))
        assert not NAMES.search(told(socket))


def test_a_disabled_account_is_out_at_once(server: Server, store: Store) -> None:
    client = entered(server, "pergi")
    with opened(server, client.cookies[COOKIE]) as socket:
        accounts.disable(store, OWNER, "pergi")
        socket.send(script(LIST))
        assert not NAMES.search(told(socket))
        with pytest.raises(ConnectionClosed):
            socket.recv(timeout=5)
    assert client.get(LIST).status == 303
    accounts.enable(store, OWNER, "pergi")


def test_who_has_a_first_password_reaches_nothing_but_its_change(server: Server, store: Store) -> None:
    first = accounts.add(store, OWNER, "baru", ("planner",), (PLACE,))
    client = Client(server)
    assert client.sign_in("baru", first, next=LIST).status == 303
    assert client.get(LIST).location == "/sandi?" + urlencode({"next": LIST})
    assert client.get("/geo/74.71/kelurahan.geojson").status == 403
    with pytest.raises(InvalidStatus):
        opened(server, client.cookies[COOKIE])
    fields = {"form": client.form("/sandi"), "old": first, "new": PASSWORD, "again": PASSWORD, "next": LIST}
    before = client.cookies[COOKIE]
    answer = client.send("/sandi", fields)
    assert (answer.status, answer.location) == (303, LIST)
    assert client.cookies[COOKIE] != before
    assert client.get(LIST).status == 200


# Signing in


def test_signing_in_leads_to_where_somebody_wanted_to_go(server: Server, stranger: Client) -> None:
    entered(server)
    answer = stranger.sign_in("perencana", PASSWORD, next=LIST)
    assert (answer.status, answer.location) == (303, LIST)
    assert stranger.get(LIST).status == 200


def test_the_cookie_is_kept_from_scripts_and_from_other_sites(server: Server, stranger: Client) -> None:
    entered(server)
    told = stranger.sign_in("perencana", PASSWORD).cookie(COOKIE).lower()
    assert "httponly" in told
    assert "samesite=lax" in told
    assert "path=/" in told
    assert "secure" not in told
    assert "domain" not in told


def test_the_cookie_stays_on_https_where_the_browser_came_by_https(server: Server, stranger: Client) -> None:
    entered(server)
    https = server.url.replace("http:", "https:")
    fields = {"form": stranger.form("/masuk"), "name": "perencana", "password": PASSWORD}
    answer = stranger.send("/masuk", fields, X_Forwarded_Proto="https", Origin=https)
    assert "secure" in answer.cookie(COOKIE).lower()
    assert stranger.send("/masuk", fields, X_Forwarded_Proto="https", Origin=server.url).status == 403


def test_a_session_that_somebody_was_given_before_is_not_the_one_they_get(server: Server) -> None:
    entered(server)
    planted = "A" * 43
    victim = Client(server, {COOKIE: planted})
    assert victim.sign_in("perencana", PASSWORD).status == 303
    assert victim.cookies[COOKIE] != planted
    assert Client(server, {COOKIE: planted}).get(LIST).status == 303


def test_signing_in_ends_the_session_that_the_browser_had(server: Server, store: Store) -> None:
    before = entered(server, "lama").cookies[COOKIE]
    entered(server)
    client = Client(server)
    fields = {"form": client.form("/masuk"), "name": "perencana", "password": PASSWORD}
    client.cookies[COOKIE] = before
    assert client.send("/masuk", fields).status == 303
    assert accounts.session_of(store, before) is None


@pytest.mark.parametrize(
    ("name", "password"), [("perencana", "wrong"), ("nobody", "wrong"), ("", ""), ("perencana", "")]
)
def test_a_wrong_password_opens_nothing(server: Server, stranger: Client, name: str, password: str) -> None:
    entered(server)
    answer = stranger.sign_in(name, password)
    assert answer.status == 403
    assert not answer.cookie(COOKIE)
    assert "Nama atau kata sandi salah." in answer.body.decode()


def test_too_many_wrong_passwords_have_to_wait_and_others_do_not(server: Server, stranger: Client) -> None:
    entered(server, "korban")
    entered(server)
    for _ in range(5):
        assert stranger.sign_in("korban", "wrong").status == 403
    answer = stranger.sign_in("korban", PASSWORD)
    assert answer.status == 429
    assert not answer.cookie(COOKIE)
    assert stranger.sign_in("perencana", PASSWORD).status == 303


@pytest.mark.parametrize(
    "wanted",
    [
        "https://evil.example/",
        "//evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "/%2f/evil.example",
        "javascript:alert(1)",
        "/masuk?next=//evil.example",
        "/keluar",
        "/cakupan\r\nSet-Cookie: a=b",
        "evil.example",
        "/unduh/x",
    ],
)
def test_nobody_is_sent_elsewhere_after_signing_in(server: Server, stranger: Client, wanted: str) -> None:
    entered(server)
    answer = stranger.sign_in("perencana", PASSWORD, next=wanted)
    assert (answer.status, answer.location) == (303, "/")
    assert own_path(wanted) == "/"


def test_what_somebody_typed_is_shown_as_text(stranger: Client) -> None:
    page = stranger.sign_in('"><script>alert(1)</script>', "x").body.decode()
    assert "<script>" not in page
    assert "&lt;script&gt;" in page


def test_a_form_is_small(stranger: Client) -> None:
    assert stranger.sign_in("x" * 20_000, "x").status == 413


# Requests from other sites


def test_a_form_of_another_site_signs_nobody_in_or_out(server: Server) -> None:
    client = entered(server)
    form = client.form("/keluar")
    for headers in (
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Origin": "", "Sec_Fetch_Site": "cross-site"},
    ):
        assert client.send("/keluar", {"form": form}, **headers).status == 403
        assert client.send("/masuk", {"name": "perencana", "password": PASSWORD}, **headers).status == 403
    assert client.ask("POST", "/keluar", urlencode({"form": form})).status == 403
    assert client.get(LIST).status == 200


def test_a_form_without_its_token_does_nothing(server: Server) -> None:
    client = entered(server)
    for form in ("", "0" * 64, Client(server).form("/masuk")):
        assert client.send("/keluar", {"form": form}).status == 403
        assert client.send("/sandi", {"form": form, "end": "all"}).status == 403
        assert Client(server).send("/masuk", {"form": form, "name": "perencana", "password": PASSWORD}).status == 400
    assert client.get(LIST).status == 200


def test_a_link_signs_nobody_out(server: Server) -> None:
    client = entered(server)
    assert client.get("/keluar").status == 200
    assert client.get(LIST).status == 200


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
def test_uploads_and_everything_else_that_writes_come_from_our_own_pages(server: Server, method: str) -> None:
    answer = entered(server).ask(method, "/_stcore/upload_file/a/b", "x", Origin="http://evil.example")
    assert answer.status == 403


# What belongs to the place


def test_shapes_are_for_those_who_see_figures_there(server: Server) -> None:
    shapes = f"/geo/{PLACE}/kelurahan.geojson"
    answer = entered(server).get(shapes)
    assert answer.status == 200
    assert "private" in answer.headers["cache-control"] or answer.headers["cache-control"] == "no-cache"
    assert entered(server, "pemeriksa", ("auditor",)).get(shapes).status == 403
    for beyond in ("31.71", "74.72", "74.99"):
        assert entered(server).get(f"/geo/{beyond}/kelurahan.geojson").status == 403


def test_a_guessed_download_is_not_there(server: Server) -> None:
    client = entered(server)
    for word in ("x", "0" * 32, PLACE, "..%2f..%2fpadan.db"):
        answer = client.get(f"/unduh/{word}")
        assert answer.status in (404, 400)
        assert not NAMES.search(answer.body)


def test_how_long_a_session_lasts_is_told_to_its_owner(server: Server) -> None:
    client = entered(server)
    answer = client.get("/sesi")
    assert answer.status == 200
    assert 3500 <= int(re.findall(rb"\d+", answer.body)[0]) <= 3600
    assert client.send("/sesi", {}).status == 200
    assert client.send("/sesi", {}, Origin="http://evil.example").status == 403


# One's own sessions


def test_one_ends_ones_own_sessions_and_nobody_elses(server: Server) -> None:
    one, other, stranger = entered(server, "dua"), entered(server, "dua"), entered(server)
    page = one.get("/sandi").body.decode()
    numbers = re.findall(r'name="end" value="([0-9a-f]+)"', page)
    assert len(numbers) >= 2
    assert stranger.send("/sandi", {"form": stranger.form("/sandi"), "end": numbers[0]}).status == 303
    assert one.get(LIST).status == other.get(LIST).status == 200
    assert one.send("/sandi", {"form": one.form("/sandi"), "end": "all"}).status == 303
    assert one.get(LIST).status == other.get(LIST).status == 303
    assert stranger.get(LIST).status == 200


# The demonstration


def test_a_demonstration_offers_an_account_a_role_with_one_click(server: Server, stranger: Client) -> None:
    page = stranger.get("/masuk").body.decode()
    offered = re.findall(r'name="demonstration" value="([\w-]+)"', page)
    assert offered == [f"contoh-{role}" for role in ("official", "planner", "operator", "auditor", "administrator")]
    fields = {"form": stranger.form("/masuk"), "demonstration": "contoh-planner", "next": LIST}
    assert stranger.send("/masuk", fields).location == LIST
    assert stranger.get(LIST).status == 200
    for other in ("perencana", "contoh-public", "contoh-owner", "penguji"):
        fields = {"form": Client(server).form("/masuk"), "demonstration": other}
        assert Client(server).send("/masuk", fields).status in (400, 403)
