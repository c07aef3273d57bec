from dataclasses import replace

from components.accounts import called, grantable, line, sentence
from data.access import Viewer
from data.accounts import Account, Listed
from data.definitions.roles import rights_of

SITI = Listed(Account("siti", "Siti Nur", ("planner",), ("74.71",)), seen=1_600_000_000, sessions=1)


def administrator(*places: str) -> Viewer:
    return Viewer("kepala", places, rights_of(("administrator",)))


def test_an_account_is_shown_with_name_role_area_and_state() -> None:
    told = line(SITI, "id")
    for words in ("Siti Nur", "siti", "Perencana", "Kota Kendari", "sedang masuk"):
        assert words in told
    assert "dinonaktifkan" in line(replace(SITI, account=replace(SITI.account, disabled=True)), "id")
    assert "belum diganti" in line(replace(SITI, account=replace(SITI.account, must_change=True)), "id")
    assert "belum pernah masuk" in line(replace(SITI, seen=None, sessions=0), "id")


def test_a_hostile_name_is_shown_as_text() -> None:
    hostile = replace(SITI, account=replace(SITI.account, full_name="<img src=x onerror=alert(1)>"))
    assert "<img" not in line(hostile, "id")
    assert "&lt;img" in line(hostile, "id")


def test_the_sentence_names_those_who_keep_their_first_password() -> None:
    assert "<strong>" not in sentence([SITI], "en")
    waiting = replace(SITI, account=replace(SITI.account, must_change=True))
    assert "<strong>1 have not" in sentence([SITI, waiting], "en")


def test_only_areas_within_the_own_one_can_be_given() -> None:
    found = grantable(administrator("74.71.08"), ("31", "74.71"))
    assert "74.71.08" in found
    assert "74.71.08.1002" in found
    assert all(code.startswith("74.71.08") for code in found)


def test_of_a_large_area_places_with_data_are_offered_one_by_one() -> None:
    found = grantable(administrator(""), ("74.71",))
    assert {"", "74", "31.71", "74.71.08.1002"} <= set(found)
    assert "31.71.01" not in found
    assert "31.71" not in grantable(administrator("74"), ("74.71",))


def test_a_kelurahan_is_told_from_another_of_its_name() -> None:
    assert called("74.71.08.1002", "id") == "Bende, Kadia (74.71.08.1002)"
