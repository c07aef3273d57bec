"""What becomes of everybody on the left: the figures, what pairs under review could change, the lists behind them."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from data import overlap, queries
from data.access import OWNER, Refused, Viewer
from data.definitions.catalogue import LINKAGES
from data.linkage import decisions, outcomes, runs
from data.linkage.decisions import Verdict
from data.linkage.estimate import Band, of_bands, wilson
from data.linkage.links import COLUMNS, NotLinked, links
from data.scope import Scope
from data.snapshots import Store
from tests.builders import (
    BENDE,
    DTSEN,
    KENDARI,
    KRS,
    MANDONGA,
    PONDAMBEA,
    Row,
    kk,
    nik,
    person,
    register,
    somebody,
    stored,
)
from tests.linkage import worked
from tests.linkage.worked import EARLIER, LATER

CHILDREN = LINKAGES["children"]
HERE = Scope(KENDARI)
OUTCOMES = ("registered", "family_only", "unregistered", "undecided")


@pytest.fixture(scope="module")
def matched(tmp_path_factory: pytest.TempPathFactory) -> Store:
    return worked.matched(tmp_path_factory.getbasetemp())


@pytest.fixture
def own(matched: Store, tmp_path: Path) -> Store:
    return worked.another(matched, tmp_path)


def told(store: Store, scope: Scope = HERE) -> dict[str, tuple[int, int, int]]:
    """Number, lowest and highest, by outcome."""
    found = overlap.summary(store, OWNER, scope, "children").counts
    return {key.removeprefix("stunted_"): (one.value, one.low, one.high) for key, one in found.items()}


def names(store: Store, outcome: str, place: str = KENDARI, period: date | None = None) -> list[str]:
    scope = Scope(place, period, register="eppgbm", filters=(("match", outcome),))
    page = queries.people(store, OWNER, scope)
    assert page.count == page.persons == len(page.rows)
    return sorted(page.rows["name"])


def decide(store: Store, verdict: Verdict) -> None:
    """About the child with another person's NIK."""
    (run,) = runs.current(store, "children", KENDARI)
    pairs = outcomes.resolved(store, run)
    (pair,) = pairs.filter(pairs.rule == "SAME_NIK_OTHER_PERSON").to_pyarrow().to_pylist()
    decisions.decide(store, OWNER, "children", pair, verdict)


def test_every_stunted_child_gets_one_outcome_and_a_pair_under_review_leaves_two_open(matched: Store) -> None:
    assert told(matched) == {
        "registered": (1, 1, 2), "family_only": (1, 1, 1), "unregistered": (3, 2, 3), "undecided": (1, 1, 1),
    }  # fmt: skip
    total = overlap.summary(matched, OWNER, HERE, "children").total
    assert total == overlap.Count(6, 6, 6)


def test_the_list_behind_a_figure_has_exactly_its_children(matched: Store) -> None:
    assert names(matched, "registered") == ["RAFI SAPUTRA"]
    assert names(matched, "family_only") == ["NADIA HARTONO"]
    assert names(matched, "unregistered") == ["ILHAM PRATAMA", "YUSUF KALLA PUTRA", "ZULKIFLI BAHRI"]
    assert names(matched, "undecided") == ["BAYI"]
    assert names(matched, "review") == ["ILHAM PRATAMA"]
    assert len(names(matched, "gap")) == 5
    assert names(matched, "decile_1") == names(matched, "nonsense") == []
    for place in (BENDE, PONDAMBEA, MANDONGA, KENDARI):
        for outcome, numbers in told(matched, Scope(place)).items():
            assert len(names(matched, outcome, place)) == numbers[0], (place, outcome)


def test_the_list_of_an_earlier_date_is_that_of_the_register_of_then(matched: Store) -> None:
    there = ["FAJAR SETIAWAN", "GALANG WICAKSONO", "RAFI SAPUTRA", "ZULKIFLI BAHRI"]
    assert names(matched, "unregistered", period=EARLIER) == there
    assert names(matched, "unregistered", period=date(2021, 1, 31)) == there
    assert names(matched, "registered", period=EARLIER) == []


@pytest.mark.parametrize(
    ("verdict", "registered", "unregistered"),
    [("accept", (2, 2, 2), (2, 2, 2)), ("reject", (1, 1, 1), (3, 3, 3)), ("unsure", (1, 1, 2), (3, 2, 3))],
)
def test_a_decision_settles_the_figure_and_the_list(
    own: Store, verdict: Verdict, registered: tuple[int, int, int], unregistered: tuple[int, int, int]
) -> None:
    before = queries.state(own)
    decide(own, verdict)
    assert queries.state(own) != before
    found = told(own)
    assert (found["registered"], found["unregistered"]) == (registered, unregistered)
    assert len(names(own, "registered")) == registered[0]
    decide(own, "withdraw")
    assert told(own)["registered"] == (1, 1, 2)


def test_a_decision_holds_when_new_files_come(own: Store, tmp_path: Path) -> None:
    decide(own, "accept")
    later = date(2021, 3, 31)
    worked.dtks(own, tmp_path, (*worked.REGISTERED, person(300, PONDAMBEA, name="ORANG BARU")), later)
    runs.link(own)
    assert overlap.summary(own, OWNER, HERE, "children").context.period == later
    assert told(own)["registered"] == (2, 2, 2)


def test_what_the_list_says_in_words_goes_into_every_export(matched: Store) -> None:
    scope = Scope(KENDARI, register="eppgbm", filters=(("match", "gap"),))
    found = queries.listing(matched, OWNER, scope, "en")
    assert found is not None
    keys = [column.key for column in found.columns]
    rows = {row[keys.index("name")]: dict(zip(keys, row, strict=True)) for row in _rows(found.sql)}
    nadia, ilham = rows["NADIA HARTONO"], rows["ILHAM PRATAMA"]
    assert nadia["match_label"] == "Family registered, child not yet"
    assert nadia["match_do"] == "Add the child to its family in the register."
    assert nadia["match_kelurahan_name"] == "Bende"
    assert (nadia["match_status"], ilham["match_status"]) == ("accepted", "under review")
    assert ilham["match_label"] == "Not registered"
    sources = [text for label, text in found.cover.lines if label == "Source file"]
    assert [text.partition(" ")[0] for text in sources] == ["eppgbm-2021-02-28.csv", "dtks-2021-01-31.csv"]


def _rows(sql: str) -> Sequence[tuple[object, ...]]:
    import duckdb

    return duckdb.connect().execute(sql).fetchall()


def test_names_are_only_for_those_who_may_see_them(matched: Store) -> None:
    for nobody in (Viewer("public"), somebody("Kadia", BENDE)):
        with pytest.raises(Refused):
            queries.people(matched, nobody, Scope(KENDARI, register="eppgbm", filters=(("match", "gap"),)))
        with pytest.raises(Refused):
            links(matched, nobody, "eppgbm", "dtks", KENDARI)


def test_what_became_of_those_who_were_not_registered(matched: Store) -> None:
    found = overlap.flow(matched, OWNER, HERE, "children")
    assert found is not None
    assert (found.before, found.after, found.unregistered) == (EARLIER, LATER, 4)
    now = {"registered": 1, "unregistered": 1, "healthier": 1, "gone": 1, "family_only": 0, "undecided": 0}
    assert dict(found.now) == now
    assert found.new == 2
    assert overlap.flow(matched, OWNER, replace(HERE, period=EARLIER), "children") is None


def test_the_gaps_name_the_post_and_what_is_to_be_done_there(matched: Store) -> None:
    found = overlap.gaps(matched, OWNER, HERE, "children")
    rows = found.set_index(["name", "post"])[["family_only", "unregistered", "undecided"]].to_dict("index")
    assert {key: tuple(row.values()) for key, row in rows.items()} == {
        ("Bende", "Melati"): (1, 0, 0), ("Pondambea", "Mawar"): (0, 1, 0), ("Korumba", "Mawar"): (0, 0, 1),
        ("Mandonga", "Melati"): (0, 2, 0),
    }  # fmt: skip
    post = Scope(KENDARI, register="eppgbm", filters=(("match", "gap"), ("post", "mawar")))
    assert queries.people(matched, OWNER, post).count == 2
    assert queries.people(matched, OWNER, post.with_filter("post", "Melati")).count == 3
    assert queries.people(matched, OWNER, post.with_filter("post", "Anggrek")).count == 0


def test_children_are_counted_by_age_and_sex(matched: Store) -> None:
    found = overlap.by_kind(matched, OWNER, HERE, "children")
    numbers = {(row.kind, row.group, row.outcome): row.count for row in found.itertuples(index=False)}
    assert numbers["age", "12-23", "family_only"] == 1
    assert numbers["age", "24-35", "registered"] == 1
    assert numbers["age", "unknown", "undecided"] == 1
    assert numbers["sex", "P", "family_only"] == 1
    assert sum(count for (kind, *_), count in numbers.items() if kind == "sex") == 6


def test_history_and_areas_tell_the_same_numbers(matched: Store) -> None:
    past = overlap.history(matched, OWNER, HERE, "children")
    assert past["period"].tolist() == [EARLIER, LATER]
    assert past["total"].tolist() == [4, 6]
    assert past["stunted_unregistered"].tolist() == [4, 3]
    areas = overlap.by_area(matched, OWNER, HERE, "children", "kelurahan").set_index("code")
    assert areas["total"].sum() == 6
    assert areas.loc[MANDONGA, "stunted_unregistered_low"] == 1
    assert areas.loc[MANDONGA, "stunted_unregistered_before"] == 1


def test_what_is_not_known_says_why(matched: Store, tmp_path: Path) -> None:
    assert overlap.summary(matched, OWNER, HERE, "risk_families").why == "no_left"
    assert overlap.summary(matched, OWNER, replace(HERE, period=date(2019, 1, 1)), "children").why == "no_left"
    store = Store(tmp_path / "home")
    worked.eppgbm(store, tmp_path, worked.MEASURED, LATER)
    assert overlap.summary(store, OWNER, HERE, "children").why == "no_right"
    worked.dtks(store, tmp_path, worked.REGISTERED, date(2021, 1, 31))
    found = overlap.summary(store, OWNER, HERE, "children")
    assert (found.why, found.total, found.counts) == ("not_matched", None, {})
    assert names(store, "unregistered") == []


def test_where_the_right_register_does_not_speak_nothing_is_said(tmp_path: Path) -> None:
    store = Store(tmp_path / "home")
    worked.eppgbm(store, tmp_path, worked.MEASURED, LATER)
    kadia = [row for row in worked.REGISTERED if row["kecamatan"] == "KADIA"]
    snapshot = worked.dtks(store, tmp_path, kadia, date(2021, 1, 31), place="74.71.08")
    assert snapshot.covers == "74.71.08"
    runs.link(store)
    areas = overlap.by_area(store, OWNER, HERE, "children", "kecamatan").set_index("code")
    assert areas.loc["74.71.08", "total"] == 3
    assert areas["total"].isna().sum() == len(areas) - 1
    assert overlap.summary(store, OWNER, HERE, "children").why == "partly"
    assert names(store, "gap") == names(store, "gap", "74.71.08") == ["NADIA HARTONO", "ZULKIFLI BAHRI"]
    assert set(overlap.gaps(store, OWNER, HERE, "children")["name"]) == {"Bende", "Pondambea"}


def test_links_name_the_rows_of_the_files_whichever_side_is_named_first(matched: Store) -> None:
    found = links(matched, OWNER, "eppgbm", "dtks").to_pylist()
    accepted = [(row["left_row"], row["right_row"]) for row in found if row["status"] == "accepted"]
    # Rafi was measured twice.
    registered = {name: number for number, name in enumerate((row["name"] for row in worked.REGISTERED), 2)}
    assert accepted == [
        (2, registered["RAFI SAPUTRA"]),
        (3, registered["RAFI SAPUTRA"]),
        (8, registered["FAJAR SETIAWAN"]),
    ]
    turned = links(matched, OWNER, "dtks", "eppgbm").to_pylist()
    assert sorted((row["right_row"], row["left_row"]) for row in turned if row["status"] == "accepted") == accepted
    snapshots = [snapshot.id for snapshot in matched.snapshots() if snapshot.period == EARLIER]
    assert [row for row in links(matched, OWNER, snapshots[0], "dtks").to_pylist() if row["status"] == "accepted"] == []
    for asked, reason in {("eppgbm", "krs"): "not_declared", ("eppgbm", "x"): "unknown"}.items():
        with pytest.raises(NotLinked, match=reason):
            links(matched, OWNER, *asked)
    with pytest.raises(NotLinked, match="not_matched"):
        links(matched, OWNER, "eppgbm", "dtks", period=date(2019, 1, 1))


def test_links_of_a_place_are_not_those_of_a_file_that_does_not_speak_for_it(own: Store, tmp_path: Path) -> None:
    (older,) = (run.left[0].snapshot for run in runs.current(own, "children", KENDARI))
    worked.eppgbm(own, tmp_path, [worked.ILHAM], date(2021, 4, 30), place=MANDONGA)
    runs.link(own)
    (run,) = runs.current(own, "children", KENDARI)
    assert {part.snapshot.period for part in run.left} == {LATER, date(2021, 4, 30)}
    assert links(own, OWNER, older.id, "dtks", BENDE).num_rows > 0
    nothing = links(own, OWNER, older.id, "dtks", MANDONGA)
    assert (nothing.num_rows, nothing.column_names) == (0, list(COLUMNS))


def test_what_the_matching_itself_says_is_kept_apart_from_what_was_decided(own: Store) -> None:
    (run,) = runs.current(own, "children", KENDARI)
    outcomes.undecided(own, run)
    outcomes.resolved(own, run)
    kept = {path.name.partition("-")[0] for path in (own.path / "cubes" / run.id).iterdir()}
    assert {"undecided", "resolved"} <= kept


def _family(number: int, decile: str, **fields: str) -> Row:
    """The head of a family, in the newer layout of DTSEN."""
    return (
        person(number, kk=kk(number), relation="Kepala Keluarga", name=HEADS[number - 1]) | {"decile": decile} | fields
    )


HEADS = ("LA ODE SYARIF", "MUHAMMAD RIZAL", "ABDUL GAFUR", "SYAMSUDDIN", "HERMAN YASIN", "IBRAHIM TAHIR")


def test_families_at_risk_are_told_by_the_decile_of_their_family(tmp_path: Path) -> None:
    store = Store(tmp_path / "home")
    registered = [_family(1, "1"), _family(2, "4"), _family(3, "8"), _family(4, "Belum Ada Desil")]
    stored(
        store, register(tmp_path / "dtsen.csv", registered, DTSEN), date(2021, 1, 31), register="dtsen", place=KENDARI
    )
    risks = {"couple": "1", "pregnant": "2", "no_water": "1", "no_latrine": "2", "mother_too_old": "2",
             "no_modern_contraception": "1", "wife_name": ""}  # fmt: skip
    at_risk = [person(n, kk=kk(n), name=HEADS[n - 1]) | risks for n in range(1, 6)]
    stored(store, register(tmp_path / "krs.csv", at_risk, KRS), date(2021, 2, 28), register="krs", place=KENDARI)
    runs.link(store)
    found = overlap.summary(store, OWNER, HERE, "risk_families").counts
    numbers = {key.removeprefix("krs_"): one.value for key, one in found.items() if one.value}
    assert numbers == {
        "decile_1_4": 2, "decile_1": 1, "decile_4": 1, "decile_5_10": 1, "no_decile": 1, "unregistered": 1,
    }  # fmt: skip
    poor = Scope(KENDARI, register="krs", filters=(("match", "decile_1_4"),))
    assert sorted(queries.people(store, OWNER, poor).rows["name"]) == sorted(HEADS[:2])
    assert nik(1) not in queries.people(store, OWNER, poor).rows["nik"].tolist()


def test_the_quality_is_estimated_only_from_enough_decided_pairs(own: Store) -> None:
    decide(own, "reject")
    found = overlap.summary(own, OWNER, HERE, "children").quality
    assert (found.reviewed, found.precision, found.recall) == (1, None, None)
    assert found.lacking["accepted"] == 2


def test_precision_and_recall_follow_from_the_bands() -> None:
    bands = {"accepted": Band(1000, 200, 198), "review": Band(40, 40, 10), "rejected": Band(300, 60, 3)}
    found = of_bands(bands)
    # Of 1,000 accepted pairs 990 are true; 13 more were found by people; 12 of the 240 not looked at may be true.
    assert found.precision == pytest.approx(0.99)
    assert found.recall == pytest.approx(1003 / 1015)
    assert found.precision_low is not None
    assert found.recall_low is not None
    assert found.precision_low == pytest.approx(wilson(198, 200)[1])
    assert found.recall_low < 1003 / 1015 < (found.recall_high or 0)
    assert of_bands(bands | {"rejected": Band(300, 29, 0)}).recall is None
    assert of_bands(bands | {"accepted": Band(1000, 29, 29)}).precision is None
