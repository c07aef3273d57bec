"""What every role finds in the bar, at its start and in its corner, and what stands instead of what it may not open."""

from datetime import UTC, datetime, timedelta

import pytest

from components import account, navigation, refused, unmask
from components.navigation import NEEDED, SCREENS, needed, start, tabs
from data.access import BEYOND_AREA, NOT_YOURS, Grant, Refused, Viewer
from data.definitions.roles import ROLES, Right, rights_of

FIGURES = ["overview", "coverage", "poverty", "ppks", "stunting", "overlap", "interventions"]
COMPARED = ["relation", "comparison", "summaries", "quality"]
BARS = {
    "public": [],
    "official": [*FIGURES, "households", *COMPARED],
    "planner": [*FIGURES, "households", *COMPARED],
    "operator": [*FIGURES, "households", *COMPARED, "review", "imports"],
    "auditor": ["audit"],
    "administrator": [*FIGURES, *COMPARED, "accounts"],
}
HOSTILE = "<img src=x onerror=alert(1)>"


def viewer(role: str, *places: str) -> Viewer:
    return Viewer("dewi", places or ("74.71",), rights_of((role,)))


@pytest.mark.parametrize("role", ROLES)
def test_the_bar_of_a_role_holds_what_it_may_open_and_nothing_else(role: str) -> None:
    shown = [screen for tab in tabs(viewer(role)) for screen in tab.screens]
    assert shown == BARS[role]
    for screen in SCREENS:
        assert viewer(role).may(needed(screen)) is (
            screen in shown or (screen == "household" and "households" in shown)
        )


def test_every_role_starts_on_a_screen_that_it_may_open() -> None:
    starts = {role: start(viewer(role)) for role in ROLES if ROLES[role].rights}
    assert starts == dict.fromkeys(starts, "overview") | {"auditor": "audit"}


def test_what_a_screen_needs_is_a_right_that_some_role_has() -> None:
    assert set(NEEDED) <= set(SCREENS)
    for screen in SCREENS:
        assert any(needed(screen) in role.rights for role in ROLES.values())


def test_an_entry_of_the_bar_that_is_left_with_one_screen_is_called_after_it() -> None:
    assert [tab.name for tab in tabs(viewer("auditor"))] == ["Access log"]
    assert "Data" in [tab.name for tab in tabs(viewer("official"))]


def test_a_refusal_says_whether_the_role_or_the_area_is_in_the_way() -> None:
    role = refused.reason(Refused(NOT_YOURS[Right.IMPORT]), "imports", viewer("official"), "74.71", "id")
    area = refused.reason(Refused(BEYOND_AREA), "households", viewer("planner", "74.71.08"), "74.71", "id")
    late = refused.reason(Refused(BEYOND_AREA), "overview", viewer("planner"), "74.71", "id")
    assert role == "Halaman <strong>Impor data</strong> tidak termasuk peran Anda."
    assert "hanya terbuka untuk wilayah Anda sendiri, sedangkan Kota Kendari" in area
    assert late == "Wilayah ini berada di luar wilayah Anda."


def test_the_corner_says_who_it_is_in_which_role_and_where() -> None:
    drawn = account.build(viewer("planner"), "Dewi Lestari", {"form": "x"}, "id")
    assert (drawn["initials"], drawn["name"], drawn["account"]) == ("DL", "Dewi Lestari", "dewi")
    assert (drawn["role"], drawn["area"]) == ("Perencana", "Kota Kendari")
    assert drawn["language"] == {"key": "en", "name": "English"}
    assert account.build(viewer("planner"), "", {}, "en")["name"] == "dewi"


def test_whoever_has_several_roles_is_called_by_those_that_tell_something() -> None:
    assert [role.key for role in account.roles(viewer("operator"))] == ["operator"]
    both = Viewer("a", ("",), rights_of(("planner", "official", "auditor")))
    assert [role.key for role in account.roles(both)] == ["planner", "auditor"]


def test_what_is_said_of_an_account_is_no_markup() -> None:
    who = Viewer(HOSTILE, (HOSTILE,), frozenset({Right.FIGURES}))
    assert "<img" not in account.described(who, "id")


def test_rows_left_are_those_of_an_open_request_only() -> None:
    now = datetime.now(UTC)
    grant = Grant("J-2026-000001", "verification", now + timedelta(minutes=5), 120)
    planner = viewer("planner")
    asked = Viewer("dewi", ("74.71",), planner.rights, grant)
    over = Viewer("dewi", ("74.71",), planner.rights, Grant("J", "verification", now - timedelta(seconds=1), 120))
    official = Viewer("dewi", ("74.71",), viewer("official").rights, grant)
    assert [unmask.left(one) for one in (planner, asked, over, official)] == [0, 120, 0, 0]
    assert unmask.remaining(grant, now) == 300
    assert unmask.remaining(grant, now + timedelta(hours=1)) == 0


def test_every_screen_has_a_place_in_the_bar() -> None:
    assert all(navigation.tab_of(screen) for screen in SCREENS)
