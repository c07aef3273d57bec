import asyncio
from concurrent.futures import ThreadPoolExecutor

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Match, Route

from components import opening
from components.navigation import SCREENS


def answer(path: str, query: str = "") -> Response | None:
    """What the first of our routes that fits says; None where the address is Streamlit's."""
    scope = {"type": "http", "method": "GET", "path": path, "query_string": query.encode(), "headers": []}
    fitting = (one for one in opening.ROUTES if one.matches(scope)[0] == Match.FULL)
    route = next(fitting, None)
    if not isinstance(route, Route):
        return None
    # A browser test of the same process has a loop running in this thread.
    with ThreadPoolExecutor(1) as beside:
        return beside.submit(asyncio.run, route.endpoint(Request(scope))).result()


def text(path: str, query: str = "") -> str:
    found = answer(path, query)
    return bytes(found.body).decode() if found else ""


def test_every_screen_opens_with_our_language_title_and_style() -> None:
    for address in ("", *(address for address, _ in SCREENS.values())):
        page = text(f"/{address}")
        unscripted = page.split("<noscript>")[1].split("</noscript>")[0]
        assert '<html lang="id"' in page
        assert "<title>Padan</title>" in page
        assert unscripted == "<p>Halaman ini memerlukan JavaScript.</p>"


def test_the_style_comes_after_everything_that_streamlit_brings() -> None:
    page = opening.page()
    assert page.index("/lokal/padan.css") > page.rindex("</head>")
    assert 'id="root"' in page


def test_slides_are_not_announced_with_the_outlines_of_a_screen() -> None:
    assert 'id="outlines"' in text("/cakupan")
    assert 'id="outlines"' not in text("/cakupan", "mode=rapat")


def test_an_address_that_no_screen_has_is_not_found() -> None:
    found = answer("/tidak-ada")
    assert found is not None
    assert found.status_code == 404
    assert "Halaman ini tidak ada" in text("/tidak-ada")


def test_what_streamlit_serves_is_left_to_it() -> None:
    for path in ("/_stcore/health", "/static/js/index.js", "/favicon.png", "/oauth2callback"):
        assert answer(path) is None
