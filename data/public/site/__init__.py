"""The public site of an edition: a folder of files that any web server can hand out, or that is opened from a disk.

`layar-<code>.html` is a place's screen that turns by itself, `tabel-<code>.html` has all its published figures, in HTML
before any script runs; those of the first place are `index.html` and `tabel.html`. Everything is made from what was
published: whatever is withheld never comes here. Files whose names carry a mark of their content never change;
`screen.json` says which of them a running screen has to show.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from data.public.site import screen, tables
from data.public.site.classes import Published
from data.public.site.screen import Pace
from data.wording import DEFAULT, LANGUAGES, N_, Language, translate

ASSETS: Final = Path(__file__).parent / "assets"
STATIC: Final = Path(__file__).parents[3] / "components" / "static"
FONTS: Final = {
    f"{name}.woff2": STATIC / "plus-jakarta-sans" / f"plus-jakarta-sans-{name}-wght-normal.woff2"
    for name in ("latin", "latin-ext")
}
PARTS: Final = "site"
"""The folder of the files whose names carry a mark of their content."""
CSV: Final = "csv"
POLLED: Final = "screen.json"
SCREEN_SHEET: Final = "screen.css"
LIST: Final = "files.json"
"""Every file of the folder with the mark of its content: what is not in it belongs to nobody."""
POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self'; connect-src 'self';"
    " worker-src 'self'; base-uri 'none'; form-action 'none'"
)
"""What a page of the site may load: its own files, nothing that is written into the page, nothing from elsewhere."""
TITLE: Final = N_("Public figures")
INTRO: Final = N_(
    "These are the figures that everybody may see. Counts are rounded to {rounding}. Where fewer than {threshold}"
    " persons stand behind a figure, or where such a number could be worked out from others, it is withheld."
)
WORDS: Final = {
    "area": N_("Area"),
    "skip": N_("To the figures"),
    "pages": N_("Pages"),
    "screen": N_("Public screen"),
    "sample": N_("SAMPLE DATA: invented persons, realistic figures."),
    "mine": N_("My area"),
    "choose": N_("Choose an area"),
    "contents": N_("Contents"),
    "source": N_("Source"),
    "csv": N_("All values as CSV"),
}

templates: Final = Environment(
    loader=FileSystemLoader(ASSETS), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
)


@dataclass(frozen=True)
class Pages:
    """The names of the pages of a place; those of the first one are short."""

    code: str
    first: bool

    @property
    def screens(self) -> tuple[str, ...]:
        """A wall shows its place by code, whichever place is the first some day."""
        own = f"layar-{self.code}.html"
        return ("index.html", own) if self.first else (own,)

    def tables(self, language: Language) -> str:
        name = "tabel" if self.first else f"tabel-{self.code}"
        return f"{name}.html" if language == DEFAULT else f"{name}.{language}.html"


def copy(
    folder: Path,
    edition: Published,
    places: Mapping[str, Published],
    maps: Mapping[str, Published],
    pace: Pace | None = None,
) -> None:
    """Writes the site of an edition into its folder; `places` and `maps` by code, as published in `data/` and `map/`.

    The same edition gives the same files. Without `pace`, messages stand as long as the edition says.
    """
    program = _program(folder)
    named = {code: Pages(code, first=not at) for at, code in enumerate(places)}
    views = {}
    for code, place in places.items():
        made = screen.view(place, maps[code], pace or replace(Pace(), message=edition["seconds"]))
        views[code] = _part(folder, f"{code}.js", f"padan({_json(made)});\n".encode())
        for name in named[code].screens:
            _write(folder / name, _screen(place, program, views[code], named[code]))
        for language in LANGUAGES:
            others = [(one["place"]["name"], named[code].tables(language)) for code, one in places.items()]
            _write(
                folder / named[code].tables(language),
                _tables(place, maps[code], program, named[code], others, language),
            )
        for name, text in tables.files(place):
            _write(folder / CSV / name, text)
    _write(folder / "sw.js", (ASSETS / "sw.js").read_text(encoding="utf-8"))
    told = {"edition": edition["edition"], "program": _version(program), "views": views}
    _write(folder / POLLED, _json(told))
    _write(folder / LIST, _json(_listed(folder)))


def _screen(place: Published, program: Mapping[str, str], view: str, pages: Pages) -> str:
    return templates.get_template("screen.html").render(
        language=DEFAULT,
        policy=POLICY,
        place=place["place"]["name"],
        title=translate(TITLE, DEFAULT),
        parts=program,
        program=_version(program),
        view=view,
        tables=pages.tables(DEFAULT),
        no_script=translate(N_("This screen needs JavaScript. All figures can be read here:"), DEFAULT),
        table=translate(TITLE, DEFAULT),
    )


def _tables(
    place: Published,
    drawing: Published,
    program: Mapping[str, str],
    pages: Pages,
    places: list[tuple[str, str]],
    language: Language,
) -> str:
    def say(message: str, **values: Any) -> str:
        return translate(message, language, **values)

    name = place["place"]["name"]
    return templates.get_template("tables.html").render(
        language=language,
        policy=POLICY,
        words={key: say(words) for key, words in WORDS.items()},
        title=f"{say(TITLE)}: {name}",
        intro=say(INTRO, threshold=place["threshold"], rounding=place["rounding"]),
        foot=f"{place['office'][language]} · {screen.day(place['as_of'], language)}",
        place=place,
        names={area["code"]: area["name"] for area in place["areas"]},
        drawing=drawing,
        parts=program,
        pages=pages,
        here=pages.tables(language),
        places=places,
        languages=[(one, pages.tables(one)) for one in LANGUAGES],
        sections=tables.sections(place, drawing, language),
        csv=CSV,
    )


def _program(folder: Path) -> dict[str, str]:
    """Puts fonts, styles and scripts into the folder and says what they are called there."""
    fonts = {name: _part(folder, name, path.read_bytes()) for name, path in FONTS.items()}
    icon = {"icon.svg": _part(folder, "icon.svg", (STATIC / "icon.svg").read_bytes())}
    styles = {name: _part(folder, name, _style(name, fonts)) for name in (SCREEN_SHEET, "tables.css")}
    scripts = {name: _part(folder, name, (ASSETS / name).read_bytes()) for name in ("screen.js", "tables.js")}
    return fonts | icon | styles | scripts


def _style(name: str, fonts: Mapping[str, str]) -> bytes:
    """One sheet with the fonts under their names in the folder, and the colours that both pages share: the screen is
    always dark, the tables are where the reader's system is.
    """
    fonts_sheet, ramps, dark, own = (
        (ASSETS / part).read_text(encoding="utf-8") for part in ("fonts.css", "ramps.css", "dark.css", name)
    )
    at_night = dark if name == SCREEN_SHEET else f"@media (prefers-color-scheme: dark) {{\n{dark}}}\n"
    text = fonts_sheet + ramps + at_night + own
    for font, path in fonts.items():
        text = text.replace(f'"{font}"', f'"{Path(path).name}"')
    return text.encode()


def _part(folder: Path, name: str, content: bytes) -> str:
    """Writes a file under a name with the mark of its content and returns its address in the folder."""
    stem, _, kind = name.rpartition(".")
    address = f"{PARTS}/{stem}.{mark(content)}.{kind}"
    path = folder / address
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return address


def mark(content: bytes) -> str:
    """What tells a file's content from any other."""
    return hashlib.sha256(content).hexdigest()[:12]


def _version(program: Mapping[str, str]) -> str:
    """Tells a running screen whether its program is the one in the folder."""
    page = mark((ASSETS / "screen.html").read_bytes())
    return mark(_json([page, *program.values()]).encode())


def _listed(folder: Path) -> dict[str, str]:
    paths = sorted(path for path in folder.rglob("*") if path.is_file() and path.name != LIST)
    return {path.relative_to(folder).as_posix(): mark(path.read_bytes()) for path in paths}


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8", newline="\n")
