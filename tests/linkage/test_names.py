"""Names are read the way an Indonesian clerk reads them."""

import time

import duckdb
import pytest

from data.definitions import names as tables
from data.linkage.names import canonical, forms, people, sound, spelled

SAME_WRITTEN_OUT = [
    ("MUH. ARIF", "MOCH ARIF", "M. ARIF", "MUHAMMAD ARIF", "Drs. H. Muh. Arif, S.Pd., M.Si", "MUHAMMADARIF"),
    ("ABD. RAHMAN", "ABDURRAHMAN", "ABDUL RAHMAN", "Abdul Rahman (alm)", "ABD RAHMAN, SE"),
    ("ST. AMINAH", "SITI AMINAH", "SITTI AMINAH", "HJ. ST. AMINAH", "SITIAMINAH", "ST AMINAH BINTI HASAN"),
    ("LD. HAMID", "LA ODE HAMID", "LAODE HAMID", "L. ODE HAMID", "LA D. HAMID"),
    ("WD. SARINA", "WA ODE SARINA", "WAODE SARINA"),
    ("MA’RUF", "MA'RUF", "MARUF", "MA\x92RUF", "MAâ€™RUF"),
    ("ANDI TENRI", "Andi  Tenri", "ANDI TENRI, A.MD.KEB", "IBU ANDI TENRI"),
]

SOUND_ALIKE = [
    ("DJOKO SOESANTO", "JOKO SUSANTO"),
    ("TJOEI NIO", "CUI NIO"),
    ("JUSUF", "YUSUP"),
    ("SOERJADI WIDJAJA", "SURYADI WIJAYA"),
    ("NUR HAYATI", "NURHAYATI", "NOERHAYATI", "NORHAYATI"),
    ("KHAIRUN NISA", "KHOIRUNNISA", "HAIRUNNISA"),
    ("FATHIMAH AZZAHRA", "PATIMA AZ ZAHRA"),
    ("RIZKY", "RISKI", "RESKI", "RIZQI"),
    ("DEDI", "DEDDY", "DEDY"),
    ("SYAMSUDDIN", "SAMSUDIN", "SJAMSUDDIN"),
    ("QOMARIYAH", "KOMARIAH"),
    ("AL-FARIZI", "ALFARIZI", "AL FARISI"),
    ("DZULFIKAR", "ZULFIKAR", "SULPIKAR"),
    ("RACHMAT", "ROHMAT", "RAHMAD"),
]

SOUND_APART = [
    ("HASAN", "HUSEN"),
    ("SITI AMINAH", "SITI AISYAH"),
    ("BUDI SANTOSO", "BUDI SUSANTO"),
    ("RIAN", "RANI"),
    ("AHMAD FAUZAN", "AHMAD FAUZI"),
    ("WA ODE SARINA", "LA ODE SARINA"),
]


@pytest.mark.parametrize("written", SAME_WRITTEN_OUT, ids=lambda written: written[0])
def test_abbreviations_titles_and_marks_do_not_make_another_name(written: tuple[str, ...]) -> None:
    assert len({canonical(name) for name in written}) == 1


@pytest.mark.parametrize("written", SOUND_ALIKE, ids=lambda written: written[0])
def test_spellings_of_one_name_sound_alike(written: tuple[str, ...]) -> None:
    assert len({sound(canonical(name)) for name in written}) == 1


@pytest.mark.parametrize(("one", "other"), SOUND_APART)
def test_names_of_different_people_do_not_sound_alike(one: str, other: str) -> None:
    assert sound(canonical(one)) != sound(canonical(other))


def test_a_title_that_is_all_there_is_stays_a_name() -> None:
    assert [canonical(name) for name in ("H.", "ST.", "BINTI", "MA", "IBU")] == ["H", "SITI", "BINTI", "MA", "IBU"]


def test_a_family_name_that_looks_like_a_prefix_stays_whole() -> None:
    assert canonical("ISKANDAR SITINJAK") == "ISKANDAR SITINJAK"
    assert canonical("ABDULLAH") == canonical("ABDULOH") == "ABDULLAH"


def test_initials_are_kept_but_a_first_m_is_muhammad() -> None:
    assert canonical("M. Y. KALLA") == "M Y KALLA"
    assert canonical("M. KALLA") == "MUHAMMAD KALLA"
    assert canonical("SITI N.") == "SITI N"


def test_what_follows_bin_is_the_fathers_name() -> None:
    assert canonical("DAUD BIN HASAN") == "DAUD"
    assert canonical("NURLELA BINTI ABD. KADIR") == "NURLELA"


def test_the_baby_of_a_mother_is_not_its_mother() -> None:
    assert canonical("BY. NY. SITI AMINAH") == "BAYI SITI AMINAH"
    assert canonical("NY. SITI AMINAH") == "SITI AMINAH"


def test_what_is_no_name_is_empty() -> None:
    for nothing in (None, "", "-", "...", "123", "   ", "\x00", "李明"):
        assert forms(nothing) == ("", "", "", "")


def test_whatever_a_cell_holds_is_read_and_read_again_the_same() -> None:
    cells = [
        "A" * 5_000,
        "X " * 3_000,
        "ÀÉÎ Õü",
        "R1ZKI 4MELIA",
        "((((",
        "BIN BIN BIN",
        ", , S.PD",
        "'",
        "M.",
        "\ufeffANI",
    ]
    cells += [name for names in SAME_WRITTEN_OUT + SOUND_ALIKE for name in names]
    for cell in cells:
        assert canonical(canonical(cell)) == canonical(cell)
        assert len(forms(cell)[0]) <= 2 * 200


def test_a_cell_with_both_parents_names_two_people() -> None:
    assert people("SITI AMINAH / ABD. RAHIM") == ("SITI AMINAH", "ABDUL RAHIM")
    assert people("Ayah: Budi, Ibu: Sri") == ("BUDI", "SRI")
    assert people("ROSDIANA & HASAN") == people("ROSDIANA DAN HASAN") == ("ROSDIANA", "HASAN")
    assert people("DANIEL RAMADAN") == ("DANIEL RAMADAN",)
    assert people("-") == people(None) == ()


def test_no_spelling_stands_for_two_names() -> None:
    heard: dict[str, set[str]] = {}
    for table in (tables.SPELLINGS, tables.FAMILIAR):
        for form, name in table.items():
            assert form != name
            heard.setdefault(sound(form), set()).add(sound(name))
    assert [form for form, names in heard.items() if len(names) > 1] == []


def test_a_register_gets_its_names_by_different_text_and_keeps_its_rows() -> None:
    con = duckdb.connect()
    con.execute("CREATE TABLE rows AS SELECT * FROM (VALUES (1, 'MUH. ARIF', 'ANI / BUDI'), (2, NULL, '-'),"
                " (3, 'MUH. ARIF', NULL)) AS t(id, name, parent_name)")  # fmt: skip
    spelled(con, "rows", "named", ["name"], ["parent_name"])
    found = con.sql("SELECT id, name_canonical, name_sorted, parent_name_names FROM named ORDER BY id").fetchall()
    assert found == [
        (1, "MUHAMMAD ARIF", "ARIP MUHAMAT", ["ANI", "BUDI"]),
        (2, None, None, None),
        (3, "MUHAMMAD ARIF", "ARIP MUHAMAT", None),
    ]


def test_fifty_thousand_different_names_take_seconds() -> None:
    con = duckdb.connect()
    con.execute(
        "CREATE TABLE rows AS SELECT 'SITI NUR' || chr((65 + i % 26)::INT) || chr((65 + i // 26 % 26)::INT) || ' '"
        " || chr((65 + i // 676 % 26)::INT) || 'AH' || i // 17576 || ' BINTI X' AS name FROM range(50000) AS t(i)"
    )
    started = time.perf_counter()
    spelled(con, "rows", "named", ["name"])
    assert time.perf_counter() - started < 10
