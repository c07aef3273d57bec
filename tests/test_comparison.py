"""What changed between two snapshots, worked out by hand on small registers."""

import json
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest

from data import comparison
from data.access import OWNER, Refused
from data.exports import write
from data.scope import Scope
from data.snapshots import Snapshot, Store
from tests.builders import (
    BENDE,
    DATED,
    DESTROYED,
    HEADINGS,
    KADIA,
    KENDARI,
    MANDONGA,
    PERIOD,
    PONDAMBEA,
    Row,
    in_full,
    kk,
    nik,
    people,
    person,
    register,
    somebody,
    stored,
)

BEFORE = date(2020, 1, 31)


def compared(
    folder: Path, before: Iterable[Row], after: Iterable[Row], headings: Mapping[str, str] = DATED, **told: Any
) -> Store:
    store = Store(folder / "home")
    stored(store, register(folder / "before.csv", before, headings), BEFORE, place=told.get("place", KENDARI))
    stored(store, register(folder / "after.csv", after, headings), PERIOD, place=KENDARI)
    return store


def totals(store: Store, place: str = KENDARI) -> dict[str, int | None]:
    return dict(comparison.between(store, OWNER, Scope(place)).totals)


def names(store: Store, kind: str, place: str = KENDARI) -> list[str]:
    return sorted(comparison.changed(store, OWNER, Scope(place), kind).rows["name"])


NOBODY = {"entered": 0, "left": 0, "moved": 0, "decile": None, "updated": 0, "nik_mended": 0}

CAME, WENT = person(20), person(21)
EARLIER = [
    person(1),
    person(2),
    person(3),
    person(4, nik=DESTROYED),
    person(5, nik=""),
    person(6, updated_on="2019-01-01"),
    person(7, MANDONGA),
    WENT,
]
LATER = [
    person(1),
    person(2, PONDAMBEA),  # moved to another kelurahan, and kept the family's numbers
    person(3, kk=kk(1), family_register_id="CONT-000001"),  # joined the family of 1
    person(4),  # the NIK is there again
    person(5),
    person(6, updated_on="2020-12-01"),
    person(7, MANDONGA, kk=kk(99)),  # another family card, the same family number
    CAME,
]


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    return compared(tmp_path_factory.mktemp("compared"), EARLIER, LATER)


def test_every_kind_of_change_is_counted_once(store: Store) -> None:
    assert totals(store) == {"entered": 1, "left": 1, "moved": 2, "decile": None, "updated": 1, "nik_mended": 2}
    found = comparison.between(store, OWNER, Scope(KENDARI))
    assert (found.moved_kelurahan, found.moved_family, found.moved_away) == (1, 1, 0)
    assert found.identified == {"nik": 5, "same_family": 2}
    assert (found.now, found.then, found.undecided) == (8, 8, 0)


def test_the_list_names_exactly_those_who_are_counted(store: Store) -> None:
    listed = {kind: names(store, kind) for kind in comparison.KINDS}
    assert listed == {
        "entered": [CAME["name"]],
        "left": [WENT["name"]],
        "moved": [person(2)["name"], person(3)["name"]],
        "decile": [],
        "updated": [person(6)["name"]],
        "nik_mended": [person(4)["name"], person(5)["name"]],
    }
    everything = comparison.changed(store, OWNER, Scope(KENDARI), "all")
    assert everything.count == 7
    assert comparison.changed(store, OWNER, Scope(KENDARI), "nonsense").count == 0


def test_a_person_who_moves_counts_where_they_stand_now_and_as_moved_away_where_they_stood(store: Store) -> None:
    frame = comparison.by_area(store, OWNER, Scope(KENDARI), "kelurahan").set_index("code")
    assert len(frame) == 65
    assert frame.loc[PONDAMBEA, ["entered", "left", "moved", "moved_away"]].tolist() == [0, 0, 1, 0]
    assert frame.loc[BENDE, ["entered", "left", "moved", "moved_away"]].tolist() == [1, 1, 1, 1]
    assert frame["decile"].isna().all()
    here = comparison.between(store, OWNER, Scope(PONDAMBEA))
    assert (here.totals["moved"], here.totals["entered"], here.now, here.then) == (1, 0, 1, 0)
    away = comparison.between(store, OWNER, Scope(BENDE))
    assert (away.totals["left"], away.moved_away, away.now, away.then) == (1, 1, 6, 7)
    assert comparison.between(store, OWNER, Scope(KADIA)).moved_away == 0


def test_a_row_says_how_it_was_before(store: Store) -> None:
    viewer = in_full(store)
    row = comparison.changed(store, viewer, Scope(KENDARI), "moved", unmasked=True).rows.set_index("name")
    moved, joined = row.loc[person(2)["name"]], row.loc[person(3)["name"]]
    assert (moved["kelurahan_name_before"], moved["kelurahan_name"], moved["file_row"]) == ("Bende", "Pondambea", 3)
    assert (joined["kk_before"], joined["kk"], joined["identified_by"]) == (kk(3), kk(1), "nik")
    left = comparison.changed(store, OWNER, Scope(KENDARI), "left").rows.iloc[0]
    assert (left["kelurahan_name"], left["file_row_before"]) == ("Bende", 9)
    mended = comparison.changed(store, viewer, Scope(KENDARI), "nik_mended", unmasked=True).rows.set_index("name")
    assert mended.loc[person(4)["name"], ["nik_state_before", "nik"]].tolist() == ["destroyed", nik(4)]


def test_numbers_are_masked_unless_asked_for_in_full_and_allowed(store: Store) -> None:
    clerk = somebody("clerk", KADIA)
    for viewer, unmasked in ((in_full(store), False), (clerk, True)):
        page = comparison.changed(store, viewer, Scope(KADIA), "all", unmasked=unmasked)
        assert page.count
        written = page.rows.to_csv()
        assert not [number for number in (nik(2), kk(3), nik(4)) if number[4:] in written]


def test_the_list_is_refused_outside_the_viewers_places(store: Store) -> None:
    clerk = somebody("clerk", KADIA)
    with pytest.raises(Refused):
        comparison.changed(store, clerk, Scope(KENDARI), "entered")
    with pytest.raises(Refused):
        comparison.listing(store, clerk, Scope(MANDONGA), "id", "entered")


def test_the_export_holds_the_list_and_says_what_was_compared(store: Store, tmp_path: Path) -> None:
    listing = comparison.listing(store, OWNER, Scope(KENDARI), "en", "all")
    assert listing is not None
    path = tmp_path / "changes.parquet"
    assert write(duckdb.connect(), listing.sql, listing.columns, listing.cover, "parquet", path, "en") == 7
    rows = duckdb.execute("SELECT * FROM read_parquet(?)", [str(path)]).df()
    assert sorted(rows["changes"]) == ["NIK mended", "NIK mended", "entered", "left", "moved", "moved", "newly updated"]
    assert nik(2) not in rows.to_csv()
    told = dict(listing.cover.lines)
    assert "after.csv" in told["Newer file"]
    assert "before.csv" in told["Earlier file"]


def test_pages_together_are_the_whole_list(store: Store) -> None:
    pages = [comparison.changed(store, OWNER, Scope(KENDARI), "all", page, size=3) for page in (1, 2, 3)]
    assert [len(page.rows) for page in pages] == [3, 3, 1]
    together = [name for page in pages for name in page.rows["name"]]
    assert together == list(comparison.changed(store, OWNER, Scope(KENDARI), "all").rows["name"])


def test_the_number_of_the_register_comes_before_the_nik(tmp_path: Path) -> None:
    headings = {**DATED, "person_register_id": "IDARTBDT"}
    before = [person(1, person_register_id="A-1"), person(2, person_register_id="A-2")]
    after = [person(1, person_register_id="A-2"), person(2, person_register_id="A-1")]
    found = comparison.between(compared(tmp_path, before, after, headings), OWNER, Scope(KENDARI))
    assert found.identified == {"register_id": 2}


def test_a_nik_with_another_name_and_birth_date_is_another_person(tmp_path: Path) -> None:
    stranger = person(2, nik=nik(1), kk=kk(2), birth_date="1999-09-09")
    renamed = person(3, name="WARGA LAIN")
    found = comparison.between(compared(tmp_path, [person(1), person(3)], [stranger, renamed]), OWNER, Scope(KENDARI))
    assert found.identified == {"nik": 1}
    assert (found.undecided, found.undecided_before) == (1, 1)
    assert (found.totals["entered"], found.totals["left"]) == (0, 0)


def test_a_nik_in_several_rows_is_told_apart_by_the_name(tmp_path: Path) -> None:
    rows = [person(1), person(2, nik=nik(1))]
    found = comparison.between(compared(tmp_path, rows, [*reversed(rows)]), OWNER, Scope(KENDARI))
    assert found.identified == {"nik_and_name": 2}


def test_without_a_nik_the_name_the_birth_date_and_the_sex_decide_near_before_far(tmp_path: Path) -> None:
    bare = {"nik": "", "kk": "", "family_register_id": ""}
    before = [person(1, **bare), person(2, **bare), person(3, MANDONGA, **bare)]
    after = [person(1, **bare), person(2, PONDAMBEA, **bare), person(3, MANDONGA, **{**bare, "sex": "LAKI-LAKI"})]
    found = comparison.between(compared(tmp_path, before, after), OWNER, Scope(KENDARI))
    assert found.identified == {"same_kelurahan": 1, "same_city": 1}
    assert (found.totals["entered"], found.totals["left"], found.totals["moved"]) == (1, 1, 1)


def test_names_are_compared_without_punctuation_and_spaces(tmp_path: Path) -> None:
    bare = {"nik": "", "kk": "", "family_register_id": ""}
    store = compared(tmp_path, [person(1, name="ST. WARGA  A", **bare)], [person(1, name="st warga a", **bare)])
    assert totals(store) == NOBODY


def test_two_namesakes_cannot_be_decided_and_neither_enter_nor_leave(tmp_path: Path) -> None:
    twins = [{**person(number, nik="", kk="", family_register_id=""), "name": "WARGA KEMBAR"} for number in (1, 2)]
    found = comparison.between(compared(tmp_path, [twins[0], person(9)], [*twins, person(9)]), OWNER, Scope(KENDARI))
    assert (found.undecided, found.undecided_before, found.identified) == (2, 1, {"nik": 1})
    assert (found.totals["entered"], found.totals["left"]) == (0, 0)
    page = comparison.changed(Store(tmp_path / "home"), OWNER, Scope(KENDARI), "undecided")
    assert page.count == 3


def test_a_row_with_nothing_to_recognise_it_by_cannot_be_decided(tmp_path: Path) -> None:
    unknown = person(1, nik="", birth_date="")
    found = comparison.between(compared(tmp_path, [person(9)], [person(9), unknown]), OWNER, Scope(KENDARI))
    assert (found.undecided, found.totals["entered"]) == (1, 0)


def test_two_valid_nik_in_two_kelurahan_are_two_persons(tmp_path: Path) -> None:
    same = {"name": "WARGA SAMA"}
    store = compared(tmp_path, [person(1, **same), person(9)], [person(2, MANDONGA, **same), person(9)])
    assert (totals(store)["entered"], totals(store)["left"]) == (1, 1)


def test_a_repeated_row_does_not_count(tmp_path: Path) -> None:
    assert totals(compared(tmp_path, people(3), [*people(3), person(2)])) == NOBODY


def test_without_update_dates_a_changed_record_is_newly_updated_and_marked_as_derived(tmp_path: Path) -> None:
    after = people(3)
    after[0]["address"] = "JL. BARU"
    store = compared(tmp_path, people(3), after, HEADINGS)
    assert totals(store)["updated"] == 1
    assert comparison.between(store, OWNER, Scope(KENDARI)).context.derived


def test_an_update_after_the_date_of_the_data_is_none(tmp_path: Path) -> None:
    assert totals(compared(tmp_path, people(1), people(1, updated_on="2021-02-01"))) == NOBODY


def test_only_the_area_that_both_snapshots_cover_is_compared(tmp_path: Path) -> None:
    store = Store(tmp_path / "home")
    bende = [person(number) for number in range(1, 12)]
    stored(store, register(tmp_path / "before.csv", bende), BEFORE)
    stored(store, register(tmp_path / "after.csv", [*bende, *(person(30 + n, MANDONGA) for n in range(9))]), PERIOD)
    found = comparison.between(store, OWNER, Scope(KENDARI))
    assert (found.totals["entered"], found.now, found.then) == (0, 11, 11)
    frame = comparison.by_area(store, OWNER, Scope(KENDARI), "kelurahan").set_index("code")
    assert frame["entered"].notna().sum() == 1
    assert not comparison.between(store, OWNER, Scope(MANDONGA)).known


def test_one_snapshot_alone_compares_to_nothing(tmp_path: Path) -> None:
    store = Store(tmp_path / "home")
    stored(store, register(tmp_path / "one.csv", people(3)), PERIOD)
    found = comparison.between(store, OWNER, Scope(KENDARI))
    assert (found.known, found.context.period, found.context.compare) == (False, PERIOD, None)
    assert comparison.by_area(store, OWNER, Scope(KENDARI), "kelurahan")["entered"].isna().all()
    assert comparison.changed(store, OWNER, Scope(KENDARI)).count == 0
    assert comparison.listing(store, OWNER, Scope(KENDARI), "id") is None


def test_an_empty_store_and_an_unknown_register_compare_to_nothing(tmp_path: Path) -> None:
    store = Store(tmp_path / "home")
    for scope in (Scope(KENDARI), Scope(), Scope(KENDARI, register="nonsense")):
        assert not comparison.between(store, OWNER, scope).known


def test_the_compared_date_can_be_chosen(tmp_path: Path) -> None:
    store = compared(tmp_path, people(5), people(6))
    stored(store, register(tmp_path / "first.csv", people(2)), date(2019, 1, 31), place=KENDARI)
    assert totals(store)["entered"] == 1
    earlier = Scope(KENDARI, compare=date(2019, 1, 31))
    assert comparison.between(store, OWNER, earlier).totals["entered"] == 4
    assert comparison.between(store, OWNER, Scope(KENDARI, period=BEFORE)).totals["entered"] == 3


def test_what_is_kept_can_be_thrown_away(tmp_path: Path) -> None:
    store = compared(tmp_path, EARLIER, LATER)
    before = totals(store)
    for path in (store.path / "cubes").rglob("*-with-*"):
        path.unlink()
    assert totals(store) == before


def altered(snapshot: Snapshot, columns: str, **manifest: Any) -> None:
    """Gives a stored snapshot further columns and another manifest, as a register of another layout would have."""
    other = snapshot.folder / "other.parquet"
    duckdb.execute(f"COPY (SELECT *, {columns} FROM read_parquet('{snapshot.rows}')) TO '{other}' (FORMAT parquet)")
    other.replace(snapshot.rows)
    path = snapshot.folder / "manifest.json"
    path.write_text(json.dumps(json.loads(path.read_text(encoding="utf-8")) | manifest), encoding="utf-8")


def test_another_decile_is_a_change_and_so_is_one_that_was_not_determined(tmp_path: Path) -> None:
    store = compared(tmp_path, people(4), people(4))
    deciles = {PERIOD: "[1, 2, 3, NULL]", BEFORE: "[1, 4, NULL, NULL]"}
    for snapshot in store.snapshots():
        column = f"({deciles[snapshot.period]})[file_row - 1]::SMALLINT AS decile"
        altered(snapshot, column, fields=[*snapshot.fields, "decile"])
    assert totals(store)["decile"] == 2
    rows = comparison.changed(store, OWNER, Scope(KENDARI), "decile").rows.set_index("name")
    assert rows.loc[person(2)["name"], ["decile_before", "decile"]].tolist() == [4, 2]
    assert rows.loc[person(3)["name"], "decile"] == 3


def test_of_lists_of_families_families_are_compared_by_their_numbers(tmp_path: Path) -> None:
    before = [person(1), person(2), person(3, kk="")]
    after = [person(1, nik=""), person(2, PONDAMBEA, kk=""), person(3, kk=""), person(4)]
    store = compared(tmp_path, before, after)
    for snapshot in store.snapshots():
        altered(snapshot, "1 AS one", grain="family")
    found = comparison.between(store, OWNER, Scope(KENDARI))
    assert (found.grain, found.identified) == ("family", {"kk": 1, "family_id": 2})
    assert (found.totals["entered"], found.totals["left"], found.totals["moved"]) == (1, 0, 1)


def test_a_list_of_families_is_not_compared_with_a_list_of_persons(tmp_path: Path) -> None:
    store = compared(tmp_path, people(2), people(2))
    altered(store.snapshots()[0], "1 AS one", grain="family")
    assert not comparison.between(store, OWNER, Scope(KENDARI)).known
