"""Lembar musyawarah kelurahan as files: the by-name sheet of one kelurahan as PDF and as XLSX, numbered and booked."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final, Literal

import pyarrow as pa

from components.documents import press
from components.documents.parts import Part
from components.tickets import File
from components.view import path
from data import deliberation, documents, exports
from data.access import Viewer
from data.definitions.catalogue import REGISTERS
from data.deliberation import Person, Sheet
from data.engine import connect
from data.exports import MEDIA_TYPES, Column, Cover, Kind, file_name
from data.home import home
from data.places.reference import place as known_place
from data.scope import Scope
from data.snapshots import Store
from data.wording import N_, Language, long_date, translate

Format = Literal["pdf", "xlsx"]
FORMATS: Final[tuple[Format, ...]] = ("pdf", "xlsx")
BOOKED: Final[dict[Format, documents.Kind]] = {"pdf": "sheet-pdf", "xlsx": "sheet-xlsx"}
TITLE: Final = N_("Kelurahan deliberation sheet")
SIGNATURES: Final = (
    N_("Lurah or village head"), N_("Puskesos or SLRT officer"), N_("Head of RT/RW"), N_("Community figure"),
)  # fmt: skip


@dataclass(frozen=True)
class Wanted:
    """What somebody asked for: the sheets of the scope's place, of whom (a key of `deliberation.LISTED`), and how."""

    viewer: Viewer
    scope: Scope
    listed: str
    language: Language
    unmasked: bool = False

    @property
    def masked(self) -> bool:
        return not (self.unmasked and self.viewer.unmasked)


@dataclass(frozen=True)
class Order:
    """The sheet of one kelurahan that somebody may fetch."""

    wanted: Wanted
    format: Format

    @property
    def viewer(self) -> Viewer:
        return self.wanted.viewer

    def file(self) -> File | None:
        store = Store(home())
        found = asked(store, self.wanted)
        if found is None:
            return None
        media = "application/pdf" if self.format == "pdf" else MEDIA_TYPES["xlsx"]
        return File(
            name(found, self.format, self.wanted.language), media, [booked(store, self.wanted, found, self.format)]
        )


def asked(store: Store, wanted: Wanted) -> Sheet | None:
    return deliberation.sheet(
        store, wanted.viewer, wanted.scope, wanted.listed, wanted.language, unmasked=wanted.unmasked
    )


def booked(store: Store, wanted: Wanted, sheet: Sheet, format: Format) -> bytes:
    """The file, entered in the book of documents: its number stands in it, its hash in the book."""
    number = documents.enter(store, wanted.viewer, BOOKED[format], sheet.scope, sheet.persons, sheet.masked)
    made = pdf(sheet, number, wanted.language) if format == "pdf" else workbook(sheet, number, wanted.language)
    documents.complete(store, number, hashlib.sha256(made).hexdigest())
    return made


def name(sheet: Sheet, format: Format, language: Language) -> str:
    """What a sheet's file is called: its place by code and name, its date."""
    here = known_place(sheet.scope.place)
    words = "".join(letter if letter.isalnum() else "-" for letter in here.name.lower())
    base = f"lembar-musyawarah-{here.code}-{words}-{sheet.context.period}"
    return file_name(base, format, sheet.context.sample, language)


def pdf(sheet: Sheet, number: str, language: Language, now: datetime | None = None) -> bytes:
    """On A4 across. It is filled in by hand and not tagged; the XLSX is what can be read aloud."""
    return press.typeset("sheet.typ", content(sheet, number, language), tagged=False, at=now)


def content(sheet: Sheet, number: str, language: Language) -> Part:
    """The content of the template `sheet.typ`."""

    def say(message: str, **values: str | int) -> str:
        return translate(message, language, **values)

    groups, last = _groups(sheet.families, language, 0)
    children, _ = _groups([(child,) for child in sheet.children], language, last, headed=False)
    return {
        "language": language,
        "title": say(TITLE),
        "place": known_place(sheet.scope.place).name,
        "number": " · ".join((number, *(f"{label} {value}" for label, value in recorded(sheet, language)))),
        "sample": say(N_("SAMPLE DATA")) if sheet.context.sample else "",
        "facts": [{"label": label, "value": value} for label, value in facts(sheet, language)],
        "note": say(NOTE),
        "groups": groups,
        "children": children,
        "counted": counted(sheet, language),
        "signatures": [say(who) for who in SIGNATURES],
        "words": {
            "number": say(N_("Document")),
            "confidential": say(N_("Holds personal data: only for the deliberation, not to be copied or passed on.")),
            "page": say(N_("page")),
            "of": say(N_("of")),
            "columns": [say(heading) for heading in HEADINGS],
            "choices": "  ".join(f"☐\u00a0{say(choice).replace(' ', chr(160))}" for choice in CHOICES),
            "result": [say(choice) for choice in CHOICES],
            "children": say(N_("Stunted children who are proposed to enter the register")),
            "nobody": say(N_("Nobody of the register is listed.")),
            "decided": say(N_("Decided in the deliberation of this kelurahan")),
            "name_date": say(N_("name, signature, date")),
        },
    }


NOTE: Final = N_(
    "Proposals follow from the data and decide nothing: who is eligible decides this deliberation. “Potentially"
    " eligible” means that the data fulfil a programme's conditions."
)
HEADINGS: Final = (
    N_("No."), N_("Name, NIK"), N_("Age, sex, relation"), N_("Needs · programmes"), N_("Proposal and reason"),
    N_("Decision, remarks"),
)  # fmt: skip
CHOICES: Final = (N_("eligible"), N_("not eligible"), N_("postponed"))


def facts(sheet: Sheet, language: Language) -> tuple[tuple[str, str], ...]:
    """What the sheet is about: label and value."""

    def say(message: str, **values: str | int) -> str:
        return translate(message, language, **values)

    context, above = sheet.context, path(sheet.scope.place)[-2::-1]
    register = say(REGISTERS[sheet.scope.register].label).partition(" (")[0]
    return (
        (say(N_("Kelurahan or desa")), f"{known_place(sheet.scope.place).name} ({sheet.scope.place})"),
        (say(N_("Area above")), ", ".join(step for _, step in above)),
        (say(N_("Date of the data")), long_date(context.period, language) if context.period else "–"),
        (say(N_("Listed")), counted(sheet, language)),
        (say(N_("Register")), f"{register}: {', '.join(source.file for source in context.sources)}"),
        (say(N_("Updated since")), long_date(context.since, language) if context.since else "–"),
        (say(N_("Identifiers")), say(N_("masked")) if sheet.masked else say(N_("in full"))),
        (say(N_("Day and place of the deliberation")), "…………………………………"),
    )


def recorded(sheet: Sheet, language: Language) -> tuple[tuple[str, str], ...]:
    """Under which number the record knows that the sheet was asked for; label and value, where there is one."""
    return ((translate(N_("Number in the record"), language), sheet.record),) if sheet.record else ()


def counted(sheet: Sheet, language: Language) -> str:
    families = len(sheet.families) + len(sheet.children)
    return translate(N_("{persons} persons in {families} families"), language, persons=sheet.persons, families=families)


def _groups(
    families: Sequence[Sequence[Person]], language: Language, before: int, headed: bool = True
) -> tuple[list[Part], int]:
    """Lines by family, numbered on from `before`; also the last number."""
    groups, at = [], before
    for family in families:
        rows = []
        for person in family:
            at += 1
            rows.append(_line(person, at, language, where=not headed))
        groups.append({"head": _head(family, language) if headed else "", "rows": rows})
    return groups, at


def _head(family: Sequence[Person], language: Language) -> str:
    first = family[0]
    kk = f"KK {first.kk}" if first.kk else translate(N_("without a KK number"), language)
    return " · ".join(filter(None, (kk, _where(first))))


def _where(person: Person) -> str:
    unit = f"RT {person.rt or '–'} / RW {person.rw or '–'}" if person.rt or person.rw else ""
    return ", ".join(filter(None, (person.address, unit)))


def _line(person: Person, no: int, language: Language, where: bool) -> Part:
    age = "" if person.age is None else translate(N_("{age} y"), language, age=person.age)
    about = ", ".join(filter(None, (age, person.sex, person.relation)))
    received = (
        translate(N_("receives {programmes}"), language, programmes=person.programmes) if person.programmes else ""
    )
    return {
        "no": str(no),
        "name": person.name or "–",
        "nik": person.nik or "–",
        "who": f"{about}; {_where(person)}" if where and _where(person) else about,
        "status": person.status,
        "needs": "; ".join(filter(None, (person.needs, received))),
        "proposals": [{"action": one.action, "reason": one.reason} for one in person.proposals],
    }


_COLUMNS: Final[tuple[tuple[str, str, Kind], ...]] = (
    ("no", N_("No."), "integer"), ("kk", N_("KK"), "identifier"), ("name", N_("Name"), "text"),
    ("nik", N_("NIK"), "identifier"), ("sex", N_("Sex"), "text"), ("birth_date", N_("Born"), "date"),
    ("age", N_("Age"), "integer"), ("relation", N_("Relation"), "text"), ("address", N_("Address"), "text"),
    ("rt", N_("RT"), "text"), ("rw", N_("RW"), "text"), ("status", N_("In the register"), "text"),
    ("needs", N_("Needs"), "text"), ("programmes", N_("Programmes"), "text"), ("proposal", N_("Proposal"), "text"),
    ("reason", N_("Reason"), "text"), ("decision", N_("Decision"), "text"), ("remarks", N_("Remarks"), "text"),
)  # fmt: skip


def workbook(sheet: Sheet, number: str, language: Language) -> bytes:
    """The same list as an XLSX, with its cover."""
    columns = tuple(Column(key, translate(label, language), kind) for key, label, kind in _COLUMNS)
    everybody = [person for family in sheet.families for person in family] + list(sheet.children)
    rows = [_cells(person, no) for no, person in enumerate(everybody, start=1)]
    types = [{"integer": pa.int64(), "date": pa.date32()}.get(kind, pa.string()) for *_, kind in _COLUMNS]
    table = pa.table(
        [pa.array([row[at] for row in rows], kind) for at, kind in enumerate(types)], [key for key, *_ in _COLUMNS]
    )
    lines = (
        (translate(N_("Document"), language), number),
        *recorded(sheet, language),
        *facts(sheet, language)[:-1],
        *(
            (translate(N_("Source file"), language), f"{source.file} · SHA-256 {source.sha256}")
            for source in sheet.context.sources
        ),
        (translate(N_("Note"), language), translate(NOTE, language)),
    )
    cover = Cover(translate(TITLE, language), lines, sheet.context.sample)
    connection = connect().con
    connection.register("listed", table)
    return b"".join(exports.stream(connection, "SELECT * FROM listed ORDER BY no", columns, cover, "xlsx", language))


def _cells(person: Person, no: int) -> list[object]:
    joined = ("; ".join(parts) for parts in zip(*((one.action, one.reason) for one in person.proposals), strict=True))
    proposal, reason = tuple(joined) or ("", "")
    return [
        no, person.kk, person.name, person.nik, person.sex, person.birth_date, person.age, person.relation,
        person.address, person.rt, person.rw, person.status, person.needs, person.programmes, proposal, reason, "", "",
    ]  # fmt: skip


def of_place(store: Store, wanted: Wanted) -> Iterator[Wanted]:
    """What is wanted, kelurahan by kelurahan. Raises Refused."""
    for code in deliberation.kelurahan(store, wanted.viewer, wanted.scope):
        yield replace(wanted, scope=wanted.scope.at(code))
