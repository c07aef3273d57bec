"""How good the matching is, measured on pairs of registers of which it is known who is who (`data.sample.pairs`).

Only seeds that nothing was tuned with are used. Beside our own answer stand three that anybody could have: the same
NIK; the same name and birth date; Splink with the settings that its documentation starts with.
"""

import itertools
import multiprocessing
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Final

import duckdb
import pyarrow as pa
from splink import DuckDBAPI, Linker, SettingsCreator, block_on
from splink import comparison_library as cl

from data import engine
from data.definitions.catalogue import LINKAGES
from data.definitions.linkages import Linkage
from data.intake.importing import import_file
from data.linkage import febrl
from data.linkage.model import silent
from data.linkage.resolve import resolve
from data.linkage.runs import PAIRS
from data.linkage.score import score
from data.sample.pairs import HELD_OUT, Pair, children, families
from data.snapshots import Part, Store
from data.wording import DEFAULT, N_, Language, translate

CHILDREN: Final = (7_000, 113_000)
FAMILIES: Final = (4_000, 113_000)
LARGE: Final = (50_000, 1_000_000)
"""Left records and right persons of the trials."""

CERTAIN: Final = 0.9
"""The probability from which Splink's own tutorials take pairs for links."""

OURS, NIK, NAME_AND_DATE, STOCK = "padan", "same_nik", "same_name_and_birth_date", "splink_stock"
ACCEPTED, WITH_REVIEW = "accepted", "accepted_and_review"
PERSON_OUTCOMES: Final = ("registered", "family_only", "unregistered")
BANDS: Final = (0.2, 0.5, 0.8, 0.9, 0.97, 0.99, 1.0)
"""Limits between which pairs are counted to see whether their probabilities come true."""


@dataclass(frozen=True)
class Score:
    """What a way of matching found: `links` it made, how many of these are `right`, true pairs there are (`true`) and
    how many of them were `found`.
    """

    links: int = 0
    right: int = 0
    true: int = 0
    found: int = 0

    def __add__(self, other: "Score") -> "Score":
        return Score(
            self.links + other.links, self.right + other.right, self.true + other.true, self.found + other.found
        )

    @property
    def precision(self) -> float:
        return self.right / self.links if self.links else 0.0

    @property
    def recall(self) -> float:
        return self.found / self.true if self.true else 0.0

    @property
    def f1(self) -> float:
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0

    def told(self) -> dict[str, float | int]:
        """Shares rounded to four digits, with the numbers behind them."""
        shares = {name: round(getattr(self, name), 4) for name in ("precision", "recall", "f1")}
        return {**shares, "links": self.links, "right": self.right, "true": self.true, "found": self.found}


@dataclass(frozen=True)
class Case:
    """A pair of registers in a store, and what is true of it.

    `persons` and `homes`: who and of which family a left unit is (several where its rows speak of several); `people`
    and `houses`: the same of right units and right families. `kind` and `slips` of left units are those of
    `pairs.Pair`.
    """

    linkage: Linkage
    left: tuple[Part, ...]
    right: tuple[Part, ...]
    persons: Mapping[int, frozenset[int]]
    homes: Mapping[int, frozenset[int]]
    kind: Mapping[int, str]
    slips: Mapping[int, str]
    people: Mapping[int, int]
    houses: Mapping[int, int]

    def right_answer(self, unit: int, other: int, finds: str) -> bool:
        if finds == "person":
            return self.people.get(other) in self.persons[unit]
        return self.houses.get(other) in self.homes[unit]


def prepared(pair: Pair, home: Path, linkage: str) -> Case:
    """Imports the two files into a store at `home`, like any other."""
    store = Store(home)
    for file in (pair.left, pair.right):
        result = import_file(
            store, file.path, register=file.register, period=file.period, place=file.place, sample=True
        )
        if result.snapshot is None:
            raise ValueError(file.register)
    declared = LINKAGES[linkage]
    left = store.select(declared.left, pair.left.place)
    right = store.select(declared.rights, pair.left.place, None, declared.needs)
    (one,), (other,) = left, right
    mine, theirs = _units(one.snapshot.rows, pair.left_truth), _units(other.snapshot.rows, pair.right_truth)
    houses: dict[int, Counter[int]] = {}
    for row in theirs:
        houses.setdefault(row["house"], Counter())[row["family"]] += 1
    return Case(
        declared,
        left,
        right,
        persons=_gathered(mine, "person"),
        homes=_gathered(mine, "family"),
        kind={row["unit"]: row["kind"] for row in mine},
        slips={row["unit"]: row["slips"] for row in mine},
        people={row["unit"]: row["person"] for row in theirs},
        houses={house: found.most_common(1)[0][0] for house, found in houses.items()},
    )


def _units(rows: Path, truth: pa.Table) -> list[dict[str, Any]]:
    """The counted rows with what is true of them; the row that speaks for its unit comes last."""
    known = set(engine.schema(rows).names)
    unit = "unit_no" if "unit_no" in known else "file_row"
    newest = "newest" if "newest" in known else "file_row"
    with engine.connect().con as con:
        con.register("truth", truth)
        found: list[dict[str, Any]] = (
            con.sql(
                f"SELECT {unit} AS unit, family_no AS house, truth.* FROM '{engine.quoted(rows)}' JOIN truth"
                f" USING (file_row) WHERE counted ORDER BY {newest}, file_row"
            )
            .to_arrow_table()
            .to_pylist()
        )
    return found


def _gathered(rows: Sequence[Mapping[str, Any]], what: str) -> dict[int, frozenset[int]]:
    found: dict[int, set[int]] = {}
    for row in rows:
        found.setdefault(row["unit"], set()).add(row[what])
    return {unit: frozenset(each) for unit, each in found.items()}


# What is measured


def measured(case: Case, pairs: Iterator[tuple[int, int]] | Sequence[tuple[int, int]], finds: str) -> Score:
    """Pairs of left unit and right unit (or family) against the truth.

    Families are looked for of children who are not registered themselves: a family found for another child counts as
    a link, right or wrong, and not as found.
    """
    known = frozenset(case.people.values()), frozenset(case.houses.values())
    if finds == "person":
        wanted = {unit for unit, persons in case.persons.items() if not persons.isdisjoint(known[0])}
    else:
        wanted = {unit for unit, homes in case.homes.items() if not homes.isdisjoint(known[1])}
        if case.linkage.grain == "person":
            wanted = {unit for unit in wanted if case.persons[unit].isdisjoint(known[0])}
    links = set(pairs)
    right = {(unit, other) for unit, other in links if case.right_answer(unit, other, finds)}
    return Score(len(links), len(right), len(wanted), len({unit for unit, _ in right} & wanted))


def answered(case: Case, folder: Path) -> pa.Table:
    """Our own answer: the pairs with their status, see `data.linkage.resolve`."""
    score(case.linkage, case.left, case.right, folder)
    return resolve(engine.read(folder / PAIRS), {}, case.linkage)


def of_answer(case: Case, pairs: pa.Table) -> dict[str, dict[str, Score]]:
    """Scores of our answer by what was looked for, for accepted pairs and for these with those under review."""
    columns = (pairs[name].to_pylist() for name in ("left_unit", "right_unit", "finds", "status"))
    rows = list(zip(*columns, strict=True))
    found = {}
    for finds in ("person", "family") if case.linkage.grain == "person" else ("family",):
        counting = {ACCEPTED: ("accepted",), WITH_REVIEW: ("accepted", "review")}
        found[finds] = {
            which: measured(
                case, [(left, right) for left, right, what, said in rows if what == finds and said in status], finds
            )
            for which, status in counting.items()
        }
    return found


def outcomes(case: Case, pairs: pa.Table) -> Counter[tuple[str, str]]:
    """How many left units have which true outcome and which one by the accepted links."""
    known_people, known_houses = frozenset(case.people.values()), frozenset(case.houses.values())
    accepted: dict[int, set[str]] = {}
    for unit, finds, status in zip(
        *(pairs[name].to_pylist() for name in ("left_unit", "finds", "status")), strict=True
    ):
        if status == "accepted":
            accepted.setdefault(unit, set()).add(finds)

    def outcome(person: bool, family: bool) -> str:
        return PERSON_OUTCOMES[0 if person else 1 if family else 2]

    found: Counter[tuple[str, str]] = Counter()
    for unit, persons in case.persons.items():
        true = outcome(not persons.isdisjoint(known_people), not case.homes[unit].isdisjoint(known_houses))
        told = accepted.get(unit, set())
        found[true, outcome("person" in told, "family" in told)] += 1
    return found


def calibration(case: Case, pairs: pa.Table) -> Counter[tuple[str, bool]]:
    """How many weighed pairs of each band of probability are right, and how many are not."""
    certain = {rule.key for rule in case.linkage.rules if rule.when}
    found: Counter[tuple[str, bool]] = Counter()
    for unit, other, finds, rule, chance in zip(
        *(pairs[name].to_pylist() for name in ("left_unit", "right_unit", "finds", "rule", "probability")), strict=True
    ):
        if rule in certain:
            continue
        for low, high in itertools.pairwise(BANDS):
            if low <= chance < high or chance == high == 1:
                found[f"{low:g}–{high:g}", case.right_answer(unit, other, finds)] += 1
    return found


def missed(case: Case, pairs: pa.Table, finds: str = "person") -> dict[str, Counter[str]]:
    """What was wrong with the records that were not linked (`missed`), of those in review (`review`), and of those
    linked with somebody else (`wrong`): numbers of units by slip; `all` of those to be found.
    """
    score_of: dict[int, str] = {}
    wrong: set[int] = set()
    for unit, other, what, status in zip(
        *(pairs[name].to_pylist() for name in ("left_unit", "right_unit", "finds", "status")), strict=True
    ):
        if what != finds or status == "rejected":
            continue
        if case.right_answer(unit, other, finds):
            score_of[unit] = min(status, score_of.get(unit, "z"))
        elif status == "accepted":
            wrong.add(unit)
    found: dict[str, Counter[str]] = {key: Counter() for key in ("all", "missed", "review", "wrong")}
    known = frozenset((case.people if finds == "person" else case.houses).values())
    for unit, mine in (case.persons if finds == "person" else case.homes).items():
        if unit in wrong:
            found["wrong"].update([case.kind[unit], *case.slips[unit].split()])
        if mine.isdisjoint(known):
            continue
        slips = case.slips[unit].split() or ["none"]
        found["all"].update(slips)
        status = score_of.get(unit)
        if status != "accepted":
            found["review" if status else "missed"].update(slips)
    return found


# What anybody could do


def _sides(con: duckdb.DuckDBPyConnection, case: Case) -> None:
    """The tables `a` and `b` of what a plain match would look at, one row a left unit and a right person or family."""
    for name, part in (("a", case.left[0]), ("b", case.right[0])):
        known = set(engine.schema(part.snapshot.rows).names)
        unit = "unit_no" if "unit_no" in known else "file_row"
        newest = "AND newest" if "newest" in known else ""
        columns = {
            "name": "upper(name)",
            "nik": "nik",
            "kk": "kk",
            "birth_date": "birth_date",
            "sex": "sex",
            "kelurahan": "kelurahan_code",
            "house": "family_no",
            "place": "place_in_family",
            "parent": f"upper({'mother_name' if name == 'b' else 'parent_name'})",
            "wife": "upper(wife_name)",
        }
        inner = {"parent": "mother_name" if name == "b" else "parent_name", "wife": "wife_name",
                 "birth_date": "birth_date", "sex": "sex", "kk": "kk"}  # fmt: skip
        shown = [f"{'NULL' if inner.get(key, 'name') not in known else said} AS {key}" for key, said in columns.items()]
        con.execute(
            f"CREATE OR REPLACE TEMP TABLE {name} AS SELECT {unit} AS unit, {', '.join(shown)}"
            f" FROM '{engine.quoted(part.snapshot.rows)}' WHERE counted {newest}"
        )
    if case.linkage.grain == "family":
        con.execute(
            "CREATE OR REPLACE TEMP TABLE families AS SELECT house AS unit, max(name) FILTER (place = 0) AS name,"
            " max(name) FILTER (place = 1) AS wife, max(nik) FILTER (place = 0) AS nik, max(kk) AS kk,"
            " max(kelurahan) AS kelurahan FROM b GROUP BY house"
        )


_PLAIN: Final[Mapping[str, Mapping[str, str]]] = {
    "person": {
        NIK: "SELECT DISTINCT a.unit, b.unit FROM a JOIN b USING (nik)",
        NAME_AND_DATE: "SELECT DISTINCT a.unit, b.unit FROM a JOIN b USING (name, birth_date)",
    },
    "family": {
        "same_kk": "SELECT DISTINCT a.unit, families.unit FROM a JOIN families USING (kk)",
        NIK: "SELECT DISTINCT a.unit, b.house FROM a JOIN b USING (nik)",
        "same_name_and_kelurahan": "SELECT DISTINCT a.unit, families.unit FROM a JOIN families USING (name, kelurahan)",
    },
}
"""By grain: pairs of left and right unit."""


def baselines(case: Case) -> dict[str, Score]:
    """Scores of the plain ways, and of Splink as it comes."""
    with engine.connect().con as con:
        _sides(con, case)
        grain = case.linkage.grain
        found = {name: con.execute(query).fetchall() for name, query in _PLAIN[grain].items()}
        found[STOCK] = _stock(con, grain)
        return {name: measured(case, pairs, grain) for name, pairs in found.items()}


def _stock(con: duckdb.DuckDBPyConnection, grain: str) -> list[tuple[int, int]]:
    """Splink's comparisons and training as its documentation has them, nothing of ours."""
    persons = grain == "person"
    right = "b" if persons else "families"
    shared = "unit, name, nik, kelurahan, " + ("birth_date, sex, parent" if persons else "kk, wife")
    for name, source in (("stock_a", "a"), ("stock_b", right)):
        con.execute(f"CREATE OR REPLACE TEMP TABLE {name} AS SELECT {shared} FROM {source}")
    compared: list[Any] = [
        cl.NameComparison("name"),
        cl.ExactMatch("nik"),
        cl.ExactMatch("kelurahan").configure(term_frequency_adjustments=True),
    ]
    blocks: list[Any] = [block_on("nik")]
    sure: list[Any] = [block_on("nik", "name")]
    if persons:
        compared += [
            cl.DateOfBirthComparison("birth_date", input_is_string=False),
            cl.ExactMatch("sex"),
            cl.NameComparison("parent"),
        ]
        blocks += [block_on("name"), block_on("birth_date"), block_on("parent", "kelurahan")]
        sure += [block_on("name", "birth_date")]
        training = [block_on("birth_date", "sex"), block_on("name")]
    else:
        compared += [cl.NameComparison("wife"), cl.ExactMatch("kk")]
        blocks += [block_on("kk"), block_on("name", "kelurahan"), block_on("wife", "kelurahan")]
        sure += [block_on("kk", "name")]
        training = [block_on("name", "kelurahan"), block_on("kk")]
    settings = SettingsCreator(
        link_type="link_only",
        unique_id_column_name="unit",
        comparisons=compared,
        blocking_rules_to_generate_predictions=blocks,
    )
    with silent():
        api = DuckDBAPI(con)
        tables = [api.register(name, dataset_display_name=name) for name in ("stock_a", "stock_b")]
        linker = Linker(tables, settings, log_level=None)
        linker.training.estimate_probability_two_random_records_match(sure, recall=0.7)
        linker.training.estimate_u_using_random_sampling(max_pairs=1e6, seed=1)
        for rule in training:
            linker.training.estimate_parameters_using_expectation_maximisation(rule)
        predicted = linker.inference.predict(threshold_match_probability=CERTAIN)
    pairs = con.execute(f"SELECT unit_l, unit_r FROM {predicted.physical_name}").fetchall()
    predicted.drop_table_from_database_and_remove_from_cache()
    return [(int(left), int(right)) for left, right in pairs]


# The report


@dataclass(frozen=True)
class Trial:
    """One kind of registers to be matched: how it is made, under which linkage, left records and right persons."""

    key: str
    linkage: str
    make: Callable[[Path, int, int, int], Pair]
    sizes: tuple[int, int]


TRIALS: Final = (
    Trial("children", "children", children, CHILDREN),
    Trial("children_masked", "children", partial(children, masked=True), CHILDREN),
    Trial("families", "risk_families", families, FAMILIES),
)


def report(
    scale: float = 1.0,
    seeds: Sequence[int] = HELD_OUT,
    wheel: Path | None = None,
    timed: Sequence[tuple[int, int]] = (),
    of: Sequence[Trial] = TRIALS,
    progress: Callable[[str], None] = lambda _step: None,
) -> dict[str, Any]:
    """All that is measured, ready for JSON: shares are 0–1, times in seconds, memory in MiB.

    `scale` multiplies the sizes of the trials. `wheel` is the file that `febrl.PACKAGE` comes in; without it FEBRL 4 is
    left out and the report says so. `timed`: sizes (left records, right persons) of which time and memory are
    measured, each in a process of its own. `of`: the trials that are made. `progress` is told what is done next.

    Keys: `seeds`, `trials` (by `TRIALS`: `sizes`, `methods` by way of matching and what it finds, over all seeds
    together, and `worst_f1`, that of our accepted links in the worst seed), `outcomes` (true → found → units),
    `calibration` (band of probability → weighed pairs, and how many of these are right), `febrl4` (None where left
    out), `speed`.
    """
    trials, confusion, calibrated = {}, Counter[tuple[str, str]](), Counter[tuple[str, bool]]()
    for trial in of:
        left, right = (max(round(size * scale), 1) for size in trial.sizes)
        methods: dict[str, dict[str, Score]] = {}
        worst = 1.0
        for seed in seeds:
            progress(f"{trial.key} {seed}")
            found, told, came_true = _tried(trial, seed, left, right)
            for method, scores in found.items():
                known = methods.setdefault(method, {})
                for which, one in scores.items():
                    known[which] = known.get(which, Score()) + one
            worst = min(worst, found[OURS][f"{LINKAGES[trial.linkage].grain}_{ACCEPTED}"].f1)
            confusion += told
            calibrated += came_true
        trials[trial.key] = {
            "sizes": [left, right],
            "methods": {
                method: {which: one.told() for which, one in scores.items()} for method, scores in methods.items()
            },
            "worst_f1": round(worst, 4),
        }
    progress("febrl4")
    return {
        "seeds": list(seeds),
        "trials": trials,
        "outcomes": {true: {told: confusion[true, told] for told in PERSON_OUTCOMES} for true in PERSON_OUTCOMES},
        "calibration": {
            band: {"pairs": calibrated[band, True] + calibrated[band, False], "right": calibrated[band, True]}
            for band in (f"{low:g}–{high:g}" for low, high in itertools.pairwise(BANDS))
        },
        "febrl4": None if wheel is None else febrl4(wheel).told(),
        "speed": [speed(left, right) for left, right in timed],
    }


def _tried(
    trial: Trial, seed: int, left: int, right: int
) -> tuple[dict[str, dict[str, Score]], Counter[tuple[str, str]], Counter[tuple[str, bool]]]:
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        case = prepared(trial.make(folder / "files", seed, left, right), folder / "store", trial.linkage)
        (folder / "answer").mkdir()
        pairs = answered(case, folder / "answer")
        grain = case.linkage.grain
        ours = {
            f"{finds}_{which}": one for finds, scores in of_answer(case, pairs).items() for which, one in scores.items()
        }
        found = {OURS: ours} | {name: {f"{grain}_{ACCEPTED}": one} for name, one in baselines(case).items()}
        return found, outcomes(case, pairs) if grain == "person" else Counter(), calibration(case, pairs)


def febrl4(wheel: Path) -> Score:
    """Our machinery on FEBRL 4, see `data.linkage.febrl`."""
    with silent():
        pairs = febrl.found(wheel)
    right = sum(one == other for one, other in pairs)
    return Score(len(pairs), right, febrl.PAIRS, right)


def speed(left: int, right: int, seed: int = HELD_OUT[0]) -> dict[str, Any]:
    """Seconds and the most memory (MiB) that matching so many children with so many persons takes, importing not
    included, in a process of its own; and how good it was (`padan`), beside Splink's own settings (`splink_stock`).
    """
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        case = prepared(children(folder / "files", seed, left, right), folder / "store", "children")
        (folder / "answer").mkdir()
        with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as apart:
            seconds, memory = apart.submit(_timed, folder / "store", case.left[0].place, folder / "answer").result()
        pairs = resolve(engine.read(folder / "answer" / PAIRS), {}, case.linkage)
        return {
            "left": left,
            "right": right,
            "seconds": round(seconds, 1),
            "mebibytes": round(memory),
            OURS: of_answer(case, pairs)["person"][ACCEPTED].told(),
            STOCK: baselines(case)[STOCK].told(),
        }


def _timed(store: Path, place: str, folder: Path) -> tuple[float, float]:
    linkage = LINKAGES["children"]
    left, right = (Store(store).select(registers, place) for registers in (linkage.left, linkage.rights))
    started = time.perf_counter()
    score(linkage, left, right, folder)
    resolve(engine.read(folder / PAIRS), {}, linkage)
    return time.perf_counter() - started, _peak()


def _peak() -> float:
    """This process's highest resident memory so far (MiB); 0 where the system does not tell (Windows)."""
    status = Path("/proc/self/status")
    if status.exists():  # The other count includes what a parent process left behind.
        return next(int(line.split()[1]) for line in status.read_text().splitlines() if line.startswith("VmHWM")) / 1024
    try:
        import resource
    except ImportError:
        return 0.0
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


_METHODS: Final = {
    OURS: "Padan",
    NIK: N_("the same NIK"),
    NAME_AND_DATE: N_("the same name and birth date"),
    "same_kk": N_("the same No. KK"),
    "same_name_and_kelurahan": N_("the same name and kelurahan"),
    STOCK: N_("Splink with its own settings"),
}
_WHICH: Final = {
    f"person_{ACCEPTED}": N_("persons, accepted"),
    f"person_{WITH_REVIEW}": N_("persons, accepted or under review"),
    f"family_{ACCEPTED}": N_("families, accepted"),
    f"family_{WITH_REVIEW}": N_("families, accepted or under review"),
}
_TRIALS: Final = {
    "children": N_("Children × register"),
    "children_masked": N_("Children with masked NIK × register"),
    "families": N_("Families at risk × register"),
}


def text(report: Mapping[str, Any], language: Language = DEFAULT) -> str:
    """A report to be read."""
    say = partial(translate, language=language)
    lines = []
    for key, trial in report["trials"].items():
        left, right = trial["sizes"]
        seeds = ", ".join(map(str, report["seeds"]))
        size = say(N_("{left} × {right} records, seeds {seeds}"), left=left, right=right, seeds=seeds)
        lines += ["", f"{say(_TRIALS[key])}, {size}"]
        for method, scores in trial["methods"].items():
            for which, one in scores.items():
                lines.append(f"  {say(_METHODS[method])} ({say(_WHICH[which])})".ljust(70) + _shares(one))
    lines += ["", say(N_("Children: what is true, and what the accepted links say"))]
    for true, told in report["outcomes"].items():
        lines.append(f"  {true:14} " + "  ".join(f"{name} {count}" for name, count in told.items()))
    lines += ["", say(N_("Weighed pairs by their probability: how many, and how many of them are true"))]
    for band, told in report["calibration"].items():
        share = told["right"] / told["pairs"] if told["pairs"] else 0.0
        lines.append(f"  {band:12} {told['pairs']:>8} {told['right']:>8}  {share:.3f}")
    febrl_4 = report["febrl4"]
    lines += ["", "FEBRL 4  " + (_shares(febrl_4) if febrl_4 else say(N_("not measured: its file was not given")))]
    for each in report["speed"]:
        lines.append(f"{each['left']} × {each['right']}: {each['seconds']} s, {each['mebibytes']} MiB")
        lines += [f"  {say(_METHODS[method])}".ljust(70) + _shares(each[method]) for method in (OURS, STOCK)]
    return "\n".join(lines[1:])


def _shares(one: Mapping[str, float]) -> str:
    return f"P {one['precision']:.4f}  R {one['recall']:.4f}  F1 {one['f1']:.4f}"
