"""A store in which everything that a person can write is an attempt: registers, file and layout names, notes, reasons,
names of accounts. Each attempt would be seen by `SCARS` in a browser.
"""

import csv
import io
import re
import zipfile
from datetime import date
from pathlib import Path
from typing import Final

import openpyxl

from data import accounts, grants
from data.access import OWNER
from data.intake.layouts import Layouts
from data.linkage import review, runs
from data.scope import Scope
from data.snapshots import Store
from tests.browser.driver import signed_in
from tests.builders import (
    AREAS,
    BENDE,
    DATED,
    DTSEN,
    EPPGBM,
    KENDARI,
    KRS,
    OUTREACH,
    P3KE,
    POPULATION,
    POVERTY,
    PPKS,
    RECIPIENTS,
    Row,
    child,
    person,
    reach,
    register,
    residents,
    stored,
)

OWNED: Final = "document.title=window.owned='owned'"
PAYLOADS: Final = (
    f"<img src=x onerror={OWNED}>",
    f"<script>{OWNED}</script>",
    f"</script><script>{OWNED}</script>",
    f"</style><svg onload={OWNED}>",
    f'"><iframe srcdoc="<script>parent.{OWNED}</script>">',
    f"<a href=javascript:{OWNED}>klik</a>",
    f"[klik](javascript:{OWNED})",
    f"![x](http://outside.example/x.png) :red[merah] :material/home: $x^2$ `{OWNED}`",
    "<link rel=stylesheet href=//outside.example/x.css><base href=//outside.example/>",
    "<form action=//outside.example><input name=q><button>x</button></form>",
    "<meta http-equiv=refresh content='0;url=http://outside.example/'>",
    '=HYPERLINK("http://outside.example","klik")',
    "@SUM(1+1)*cmd|' /C calc'!A0",
    "+cmd|' /C calc'!A0",
    '#import "/etc/passwd": * #eval("1") $a$ *b* @y <label> \\',
    "{{7*7}} ${7*7} {rows} {0.__class__} %s %(x)s %n",
    "'; DROP TABLE rows; --",
    "\\u003cimg src=x onerror=alert(1)\\u003e \\x3cscript\\x3e",
    "&lt;img src=x onerror=alert(1)&gt; &#60;script&#62;",
    "BUDI \u202eOTNASUS\u202c SUSANTO",
    "SI\u200bTI\u200d AMI\u2060NAH\ufeff",
    "PANJANG" * 60,
    "Z\u0351\u036b\u0343\u036a\u0302\u036b\u033d\u034f\u0334\u0319\u0324\u031e\u0349\u035a\u032f\u031e\u0320\u034dA"
    * 12,
)
"""What is written wherever a text may stand."""

FREE: Final = (
    "address", "hamlet", "rt", "rw", "birth_place", "occupation", "mother_name", "parent_name", "wife_name", "posyandu",
    "health_centre", "reached_at", "outreach_type", "ppks_category", "programme_name", "family_register_id", "relation",
    "own",
)  # fmt: skip
"""Fields whose text is kept as it stands in the file, if a register has them."""
OWN: Final = {"own": f'Kolom <img src=x onerror={OWNED}> "{{rows}}"'}
"""A heading that no register knows."""
FILE: Final = f"=1+1 '<img src=x onerror={OWNED.replace('/', '')}> %s {{rows}}"
ACCOUNT: Final = "peretas"
DAY: Final = date(2021, 1, 31)
ELSEWHERE: Final = ("74.71.08.1003", "74.71.01.1005")


def poisoned(row: Row, at: int) -> Row:
    """The row with an attempt for a name and in every free text; where it lives can still be read."""
    attempt = PAYLOADS[at % len(PAYLOADS)]
    return row | {field: attempt for field in FREE if field in row or field == "own"} | {"name": attempt}


def rows(made: object = person, first: int = 1, **fields: str) -> list[Row]:
    """Two rows an attempt, in three kelurahan; of every seventh the kelurahan is an attempt, too."""
    found = []
    for at in range(2 * len(PAYLOADS)):
        row = poisoned(made(first + at, tuple(AREAS)[at % 3], **fields), at)  # type: ignore[operator]
        found.append(row | ({"kelurahan": row["name"]} if at % 7 == 6 else {}))
    return found


def build(folder: Path) -> Store:
    """Imports, matches and decides; every step is the product's own."""
    store = Store(folder / "home")

    def put(key: str, headings: Row, people: list[Row], day: date = DAY) -> None:
        path = folder / f"{key} {day} {FILE}.csv"
        stored(store, register(path, people, headings, delimiter=";"), day, register=key, place=KENDARI)

    grown = {"birth_date": "2018-07-17", "relation": "ANAK"}
    old = [row | {"updated_on": "2014-05-01", "pkh": "YA"} for row in rows()]
    put("dtks", {**DATED, **OWN}, old[: len(PAYLOADS)], date(2020, 9, 30))
    put("dtks", {**DATED, **OWN}, [row | (grown if at % 2 else {}) for at, row in enumerate(old)])
    stunted = {"height_for_age": "Sangat Pendek", "height_for_age_z": "-3,10"}
    # The NIK of a registered person under another name is a pair to be looked at.
    children = [
        row | {"nik": other["nik"], "name": PAYLOADS[(at + 1) % len(PAYLOADS)], **stunted}
        for at, (row, other) in enumerate(zip(rows(child), old, strict=True))
    ]
    put("eppgbm", {**EPPGBM, "address": "Alamat", **OWN}, children, date(2021, 2, 28))
    put("krs", {**KRS, **OWN}, rows(wife_name="x", couple="Ya", pregnant="Tidak", no_water="Ya", no_latrine="Ya"))
    put("dtsen", {**DTSEN, **OWN}, rows(decile="1", elderly="Ya"))
    put("p3ke", {**P3KE, **OWN}, rows(decile="1", stunting_risk="Ya"))
    put("ppks", {**PPKS, **OWN}, rows(ppks_category="Pengemis"))
    put("outreach", {**OUTREACH, **OWN}, rows(reach))
    put("recipients", {**RECIPIENTS, **OWN}, rows(programme_name="BPNT", programme_year="2021", amount="200000"))
    put("population", POPULATION, residents(dict.fromkeys(AREAS, 900) | {KENDARI: 300_000}))
    city = {"province": "SULAWESI TENGGARA", "kabkota": "KOTA KENDARI", "period": "2020", "poverty_rate": "4,5"}
    put("poverty", POVERTY, [city])
    headings = list(DATED.values())
    for at, name in enumerate(PAYLOADS):
        Layouts(store.path).keep(name, "dtks", {headings[0]: "", headings[1]: "province"}, [*headings, name, str(at)])
    runs.link(store)
    _decide(store)
    for at, name in enumerate(PAYLOADS):
        accounts.add(store, OWNER, f"{ACCOUNT}{at}", ("official",), (BENDE,), full_name=name)
    _explain(store)
    return store


def _decide(store: Store) -> None:
    here = Scope(KENDARI)
    for at, item in enumerate(review.queue(store, OWNER, here, "children").items[:4]):
        review.judge(store, OWNER, here, "children", item.key, "unsure", note=PAYLOADS[at])


def _explain(store: Store) -> None:
    """Reasons for numbers in full, as the log keeps them."""
    viewer = accounts.viewer_of(store, signed_in(store.path, ACCOUNT, ("planner",), (KENDARI,)), "127.0.0.1")
    assert viewer
    for text in PAYLOADS:
        grants.open_grant(store, viewer, "other", f"{text} {text}")


SCARS: Final = """() => {
  const found = [];
  if (document.title.includes("owned") || window.owned) found.push("a script ran");
  const every = (root) => [...root.querySelectorAll("*")].flatMap((one) =>
    [one, ...(one.shadowRoot ? every(one.shadowRoot) : [])]);
  for (const one of every(document)) {
    if ([...one.attributes].some(({ name }) => /^on/.test(name))) found.push(`a handler on ${one.tagName}`);
    for (const name of ["href", "src", "action", "srcdoc", "data", "xlink:href"]) {
      const value = (one.getAttribute(name) || "").replace(/[^\\x21-\\x7e]/g, "").toLowerCase();
      const leads = value && !/^(data|blob):/.test(value) && new URL(value, location).origin !== location.origin;
      if (/^(javascript|vbscript):/.test(value) || leads || value === "x")
        found.push(`${one.tagName} ${name} ${value}`);
    }
    if (one.tagName === "BASE" || (one.tagName === "META" && one.httpEquiv === "refresh")) found.push(one.tagName);
  }
  return found;
}"""
"""Run in a page: what an attempt left behind, with all shadow trees; empty where it is only text."""


def computed(table: str) -> list[str]:
    """The cells of a CSV that a spreadsheet would compute."""
    dialect = csv.Sniffer().sniff(table.partition("\n")[0], ",;|\t")
    cells = [cell for line in csv.reader(io.StringIO(table), dialect) for cell in line]
    return [cell for cell in cells if cell.startswith(("=", "+", "@", "\t", "\r")) or re.match("-[^0-9]", cell)]


def formulas(book: bytes) -> list[str]:
    """What a workbook would compute, fetch or run."""
    with zipfile.ZipFile(io.BytesIO(book)) as parts:
        named = [name for name in parts.namelist() if re.search("vba|external|macro|embed|activeX", name)]
        found = [
            sign for name in parts.namelist() for sign in (b"<f>", b"<f ", b'"External"') if sign in parts.read(name)
        ]
    cells = [cell for sheet in openpyxl.load_workbook(io.BytesIO(book)) for row in sheet.iter_rows() for cell in row]
    assert len(cells) > len(PAYLOADS)
    return [*named, *(sign.decode() for sign in found), *(str(cell.value) for cell in cells if cell.data_type == "f")]
