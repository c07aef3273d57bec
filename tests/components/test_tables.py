import pandas as pd

from components.colours import scale
from components.tables import areas, ranking
from data.definitions.catalogue import INDICATORS
from data.definitions.indicators import Indicator

UPDATED, PERSONS, UNKNOWN = (INDICATORS[key] for key in ("dtks_updated_share", "dtks_persons", "nik_unknown_share"))


BESIDE = tuple(INDICATORS[key] for key in ("nik_valid_share", "dtks_families"))


def frame() -> pd.DataFrame:
    made = pd.DataFrame(
        {
            "code": ["74.71.01.1005", "74.71.01.1006", "74.71.01.1007", "74.71.01.1008"],
            "name": ["Mandonga", "Korumba", "Labibia", "Alolama"],
            "parent_name": ["Mandonga"] * 4,
            "dtks_persons": pd.array([100, 400, 200, None], dtype="Float64"),
            "dtks_families": pd.array([30, 100, 60, None], dtype="Float64"),
        }
    )
    for key in ("dtks_updated_share", "nik_valid_share", "nik_unknown_share"):
        made[key] = pd.array([0.5, 0.2, 0.9, None], dtype="Float64")
        made[f"{key}_numerator"] = pd.array([50, 80, 180, None], dtype="Int64")
        made[f"{key}_denominator"] = pd.array([100, 400, 200, None], dtype="Int64")
        made[f"{key}_change"] = pd.array([0.1, -0.05, None, None], dtype="Float64")
    return made


def names(indicator: object) -> list[str]:
    return [row["name"] for row in ranking(frame(), indicator, scale(indicator, [1.0, 2.0]), 0.4, "", "id")["rows"]]  # type: ignore[arg-type]


def test_the_worst_comes_first_and_the_unknown_last() -> None:
    assert names(UPDATED) == ["Korumba", "Mandonga", "Labibia", "Alolama"]


def test_where_low_is_good_the_highest_is_the_worst() -> None:
    assert names(UNKNOWN) == ["Labibia", "Mandonga", "Korumba", "Alolama"]


def test_a_count_begins_with_the_largest_and_has_no_average() -> None:
    data = ranking(frame(), PERSONS, scale(PERSONS, [100.0, 400.0]), 700.0, "", "id")
    assert [row["name"] for row in data["rows"]] == ["Korumba", "Labibia", "Mandonga", "Alolama"]
    assert data["rows"][0]["length"] == 1.0
    assert data["average"] is None


def test_the_chosen_kelurahan_is_marked_in_both() -> None:
    chosen = "74.71.01.1006"
    ranked = ranking(frame(), UPDATED, scale(UPDATED, []), 0.4, chosen, "id")["rows"]
    tabled = areas(frame(), UPDATED, BESIDE, "kelurahan", chosen, "id")["rows"]
    assert [row["code"] for row in (*ranked, *tabled) if row["chosen"]] == [chosen, chosen]


def test_the_table_shows_unknown_as_a_dash_and_judges_changes() -> None:
    rows = {row["cells"][0]: row for row in areas(frame(), UPDATED, BESIDE, "kelurahan", "", "id")["rows"]}
    assert rows["Mandonga"]["cells"] == ["Mandonga", "100", "50", "50,0%", "▲ 10,0", "50,0%", "30"]
    assert rows["Mandonga"]["tones"][4] == "better"
    assert rows["Korumba"]["tones"][4] == "worse"
    assert rows["Alolama"]["cells"][1:] == ["–"] * 6


def test_a_count_has_no_fraction_and_no_column_twice() -> None:
    table = areas(frame().assign(dtks_persons_change=None), PERSONS, (PERSONS, *BESIDE), "kelurahan", "", "id")
    assert table["columns"] == ["Kelurahan", "Jiwa", "Perubahan", "NIK padan", "Keluarga"]
    assert table["sort"] == {"column": 1, "down": True}


def test_a_share_without_a_target_fills_the_track_with_its_largest_value() -> None:
    data = ranking(frame(), UNKNOWN, scale(UNKNOWN, []), 0.45, "", "id")
    assert data["rows"][0]["length"] == 1.0
    assert data["average"] == 0.5
    assert ranking(frame(), UPDATED, scale(UPDATED, []), 0.45, "", "id")["average"] == 0.45


def test_a_share_of_too_few_never_heads_the_ranking() -> None:
    small = frame()
    small["dtks_updated_share_denominator"] = pd.array([100, 12, 200, None], dtype="Int64")
    rows = ranking(small, UPDATED, scale(UPDATED, []), 0.4, "", "id")["rows"]
    assert [row["name"] for row in rows] == ["Mandonga", "Labibia", "Korumba", "Alolama"]
    assert [row["few"] for row in rows] == ["", "", "n = 12", ""]
    table = areas(small, UPDATED, BESIDE, "kelurahan", "", "id")
    assert "25" in table["note"]
    assert [row["cells"][0] for row in table["rows"] if row["few"] is not None] == ["Korumba"]
    assert not areas(frame(), UPDATED, BESIDE, "kelurahan", "", "id")["note"]


def test_a_row_of_the_ranking_tells_its_numerator_and_denominator() -> None:
    rows = ranking(frame(), UPDATED, scale(UPDATED, []), 0.4, "", "id")["rows"]
    assert rows[0]["title"] == "Korumba · 80 dari 400"


def test_a_number_opens_the_list_of_those_it_counts_where_there_is_one() -> None:
    def opens(code: str, counted: Indicator) -> str:
        return f"{code}/{counted.key}" if code.endswith("1005") else ""

    data = areas(frame(), UPDATED, BESIDE, "kelurahan", "", "id", opens)
    lists = {row["code"]: row["lists"] for row in data["rows"]}
    code = "74.71.01.1005"
    families = data["columns"].index("Keluarga")
    assert lists[code] == {2: f"{code}/dtks_updated_share", families: f"{code}/dtks_families"}
    assert not any(found for area, found in lists.items() if area != code)
