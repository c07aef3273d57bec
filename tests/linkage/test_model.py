import logging
from collections.abc import Iterator
from pathlib import Path

import pyarrow.parquet as pq
import pytest
import sqlglot
from splink import SettingsCreator

from data import engine
from data.definitions.catalogue import LINKAGES
from data.definitions.linkages import DIFFERS, UNKNOWN, Linkage, Model
from data.linkage import model as models
from data.linkage import records
from data.linkage.score import MODEL, PAIRS, UNITS, score
from data.snapshots import Store
from tests.builders import KENDARI
from tests.linkage import neighbourhood
from tests.linkage.neighbourhood import CHILDREN, PERSONS, dtks, eppgbm, listed, match

MODELS = [(linkage, model) for linkage in LINKAGES.values() for model in linkage.models]
NAMES = [f"{linkage.key}-{model.rule}" for linkage, model in MODELS]


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    folder = tmp_path_factory.mktemp("model")
    store = Store(folder / "home")
    dtks(store, folder / "dtks.csv", PERSONS)
    eppgbm(store, folder / "eppgbm.csv", CHILDREN)
    return store


@pytest.mark.parametrize(("linkage", "model"), MODELS, ids=NAMES)
def test_every_degree_has_its_shipped_chances(linkage: Linkage, model: Model) -> None:
    chances = models.shipped(linkage.key)[model.rule]
    for comparison in model.comparisons:
        assert list(chances[comparison.key]) == list(comparison.degrees)
        for kind in ("m", "u"):
            total = sum(chance[kind] for chance in chances[comparison.key].values())
            assert 0.9 < total < 1.2, (comparison.key, kind)


@pytest.mark.parametrize(("linkage", "model"), MODELS, ids=NAMES)
def test_the_closest_degree_speaks_for_a_pair_and_difference_against_it(linkage: Linkage, model: Model) -> None:
    for key, degrees in models.shipped(linkage.key)[model.rule].items():
        if key != "nik":  # A NIK of a parent comes before the same one.
            closest = next(iter(degrees.values()))
            assert closest["m"] > closest["u"], key
        assert degrees[DIFFERS]["m"] < degrees[DIFFERS]["u"], key


@pytest.mark.parametrize(("linkage", "model"), MODELS, ids=NAMES)
def test_rules_speak_of_comparisons_and_degrees_that_there_are(linkage: Linkage, model: Model) -> None:
    known = {comparison.key: {*comparison.degrees, UNKNOWN} for comparison in model.comparisons}
    said = [rule.when for rule in linkage.rules if rule.finds == model.finds and rule.when]
    for condition in (*said, model.settles, model.asks):
        parsed = sqlglot.parse_one(condition, dialect="duckdb")
        assert {column.name for column in parsed.find_all(sqlglot.exp.Column)} <= known.keys()
        for node in parsed.find_all(sqlglot.exp.EQ, sqlglot.exp.NEQ, sqlglot.exp.In):
            words = {literal.name for literal in node.find_all(sqlglot.exp.Literal)}
            assert words <= known[node.this.name], node.sql()


@pytest.mark.parametrize(("linkage", "model"), MODELS, ids=NAMES)
def test_the_same_definition_speaks_to_spark(linkage: Linkage, model: Model) -> None:
    """Splink takes it in Spark's dialect, and nothing of DuckDB's own is left in any condition."""
    told = models.settings(model, models.shipped(linkage.key)[model.rule], "spark")
    taken = SettingsCreator(**told).get_settings("spark")
    assert len(taken.comparisons) == len(model.comparisons)
    conditions = [rule["blocking_rule"] for rule in told["blocking_rules_to_generate_predictions"]]
    for comparison in told["comparisons"]:
        conditions += [level["sql_condition"] for level in comparison["comparison_levels"]]
    for condition in conditions:
        if condition == "ELSE":
            continue
        parsed = sqlglot.parse_one(condition, dialect="spark")
        called = {node.name.upper() for node in parsed.find_all(sqlglot.exp.Anonymous)}
        assert called <= {"ARRAYS_OVERLAP", "FORALL", "SIZE"}, condition
        assert "&&" not in condition
        assert not any(word in condition.upper() for word in ("LIST_", "LAMBDA", "REGEXP_MATCHES", "ANY_")), condition


def test_the_same_registers_give_the_same_answer_twice(store: Store, tmp_path: Path) -> None:
    linkage = LINKAGES["children"]
    left, right = store.select(linkage.left, KENDARI), store.select(linkage.rights, KENDARI)
    for name in ("first", "second"):
        (tmp_path / name).mkdir()
        score(linkage, left, right, tmp_path / name)
    for file in (PAIRS, UNITS):
        assert pq.read_table(tmp_path / "first" / file).equals(pq.read_table(tmp_path / "second" / file))
    assert (tmp_path / "first" / MODEL).read_bytes() == (tmp_path / "second" / MODEL).read_bytes()


@pytest.fixture
def log(caplog: pytest.LogCaptureFixture) -> Iterator[pytest.LogCaptureFixture]:
    with caplog.at_level(logging.DEBUG):
        yield caplog


def test_an_empty_side_finds_nothing_and_says_nothing_of_anybody(
    store: Store, tmp_path: Path, log: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    linkage = LINKAGES["children"]
    left = store.select(linkage.left, KENDARI)
    (tmp_path / "none").mkdir()
    assert score(linkage, left, (), tmp_path / "none").units == len(CHILDREN)
    (tmp_path / "nobody").mkdir()
    assert score(linkage, (), store.select(linkage.rights, KENDARI), tmp_path / "nobody").units == 0
    assert pq.read_table(tmp_path / "none" / PAIRS).num_rows == 0
    assert log.text == ""
    assert capsys.readouterr() == ("", "")


def test_a_register_without_sex_parents_dates_and_rt_is_matched_by_what_it_has(tmp_path: Path) -> None:
    few = ("nik", "name", "birth_date", "province", "kabkota", "kecamatan", "kelurahan", "measured_on", "height",
           "height_for_age")  # fmt: skip
    headings = {key: neighbourhood.HEADINGS[key] for key in few}
    poor = Store(tmp_path / "home")
    dtks(poor, tmp_path / "dtks.csv", PERSONS)
    eppgbm(poor, tmp_path / "eppgbm.csv", [listed(3, "GALIH PRAMUDITA", ""), CHILDREN[0]], headings)
    found = match(poor, "children", tmp_path / "matched")
    assert found.accepted("GALIH PRAMUDITA") == [("GALIH PRAMUDITA", "SAME_NAME_BIRTH_DATE_AND_KELURAHAN")]
    assert found.accepted(CHILDREN[0]["name"])


def test_rare_names_weigh_more_than_common_ones(store: Store, tmp_path: Path) -> None:
    linkage = LINKAGES["children"]
    person = linkage.models[0]
    with engine.connect(tmp_path).con as con:
        records.load(con, store.select(linkage.left, KENDARI), store.select(linkage.rights, KENDARI), "person")
        con.execute("UPDATE right_person SET name_canonical = 'GALIH PRAMUDITA' WHERE unique_id % 3 = 0")
        table = models.weighed(
            con, person, models.shipped(linkage.key)[person.rule], "left_person", "right_person", -99
        )
        weights = dict(
            con.execute(
                f"SELECT name_canonical, max(name_weight) FROM {table} JOIN left_person ON unique_id = unique_id_l"
                " WHERE name = 'same' GROUP BY ALL"
            ).fetchall()
        )
    assert weights["YOGA PERWIRA"] > weights["GALIH PRAMUDITA"] + 3


def test_a_chance_that_is_just_as_shipped_counts_as_seen(tmp_path: Path) -> None:
    """Half of all strangers are of the same sex, here as elsewhere."""
    person = LINKAGES["children"].models[0]
    boys = [listed(number, f"ANAK {number}", "", sex="LP"[number % 2]) for number in range(40)]
    men = [neighbourhood.person(100 + number, sex=("LAKI-LAKI", "PEREMPUAN")[number % 2]) for number in range(40)]
    half = Store(tmp_path / "home")
    dtks(half, tmp_path / "dtks.csv", men)
    eppgbm(half, tmp_path / "eppgbm.csv", boys)
    with engine.connect(tmp_path).con as con:
        records.load(con, half.select("eppgbm", KENDARI), half.select("dtks", KENDARI), "person")
        chances = models.counted(con, person, models.shipped("children")[person.rule], "left_person", "right_person")
    assert chances["sex"]["same"]["u"] == pytest.approx(0.5)
    assert chances["sex"][DIFFERS]["u"] == pytest.approx(0.5)
