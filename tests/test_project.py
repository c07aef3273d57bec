"""What holds for the project as a whole: words, docs, layers, addresses."""

import ast
import re
import tomllib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from string import Formatter
from urllib.parse import urlsplit

import pytest
from babel.messages.pofile import read_po

from components.navigation import SCREENS, screen_at
from data import __version__
from data.definitions.catalogue import PROBLEMS
from data.wording import LOCALES, translate
from docs import pictures
from docs.generate import REFERENCE, REGISTERS_PAGE, reference, registers_page

ROOT = Path(__file__).parent.parent
SAID_BY = {"N_", "translate", "say", "refuse", "Refused", "Unreadable"}
CODE = [path for room in ("data", "components", "pages") for path in sorted((ROOT / room).rglob("*.py"))]
CATALOGUES = sorted(LOCALES.glob("*/LC_MESSAGES/padan.po"))


def sentences(path: Path) -> Iterator[tuple[str, int]]:
    """Every literal sentence that a file says to a reader, with its line."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            sentence = node.args[0].value
            if name in SAID_BY and isinstance(sentence, str) and re.search(r"[^\W\d_]", Formatted(sentence).words):
                yield sentence, node.lineno


class Formatted:
    """A template: its placeholders, and the words between them."""

    def __init__(self, text: str) -> None:
        parts = list(Formatter().parse(text))
        self.placeholders = {name for _, name, _, _ in parts if name is not None}
        self.words = "".join(literal for literal, *_ in parts)


def italics(text: str) -> set[str]:
    """What stands in italics in a Markdown page, but for links; "…" stands for a number or a name."""
    plain = re.sub(r"\*(\[.*?\)\.?)\*|`[^`]*`|\]\([^)]*\)", "", text.replace("***", "*"), flags=re.DOTALL)
    found = re.findall(r"(?<!\*)\*([^*\s][^*]*)\*(?!\*)", plain)
    return {" ".join(words.split()).removesuffix(" →") for words in found}


def imported(path: Path) -> set[str]:
    """The packages that a file imports."""
    nodes = list(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))
    names = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    names |= {node.module or "" for node in nodes if isinstance(node, ast.ImportFrom)}
    return {name.partition(".")[0] for name in names}


def entries(catalogue: Path) -> dict[str, str]:
    with catalogue.open("rb") as source:
        return {str(entry.id): str(entry.string) for entry in read_po(source) if entry.id}


def own_files() -> Iterator[Path]:
    """The project's files, without what is installed, cached or imported."""
    for entry in ROOT.iterdir():
        if entry.name not in (".venv", ".git", "var") and not entry.name.endswith("_cache"):
            found = entry.rglob("*") if entry.is_dir() else [entry]
            yield from (path for path in found if path.is_file() and path.suffix != ".pyc")


def test_every_sentence_of_the_screens_is_said_in_indonesian() -> None:
    known = entries(LOCALES / "id" / "LC_MESSAGES" / "padan.po")
    missing = {
        f"{path.relative_to(ROOT)}:{line}: {sentence}"
        for path in CODE
        for sentence, line in sentences(path)
        if not known.get(sentence)
    }
    assert not missing, "\n".join(sorted(missing))


def test_every_translation_belongs_to_a_sentence_of_the_code() -> None:
    trees = [ast.parse(path.read_text(encoding="utf-8")) for path in CODE]
    written = {node.value for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Constant)}
    assert not [entry for entry in entries(LOCALES / "id" / "LC_MESSAGES" / "padan.po") if entry not in written]


@pytest.mark.parametrize("catalogue", CATALOGUES, ids=lambda path: path.parts[-3])
def test_translations_fill_the_same_placeholders_as_their_sentences(catalogue: Path) -> None:
    other = {
        sentence: words
        for sentence, words in entries(catalogue).items()
        if Formatted(sentence).placeholders != Formatted(words).placeholders
    }
    assert not other


@pytest.mark.parametrize("catalogue", CATALOGUES, ids=lambda path: path.parts[-3])
def test_a_catalogue_translates_no_sentence_twice(catalogue: Path) -> None:
    sentences = re.findall(r"^msgid (.*?)\nmsgstr ", catalogue.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    joined = Counter("".join(re.findall(r'"(.*)"', sentence)) for sentence in sentences)
    assert not [sentence for sentence, times in joined.items() if times > 1]


def test_the_generated_pages_say_what_the_definitions_say() -> None:
    assert REFERENCE.read_text(encoding="utf-8") == reference(), "make docs writes the page again"
    assert REGISTERS_PAGE.read_text(encoding="utf-8") == registers_page(), "make docs writes the page again"


def test_the_guide_for_clerks_calls_problems_as_the_report_does() -> None:
    guide = (ROOT / "docs" / "panduan-impor.md").read_text(encoding="utf-8")
    table = guide.partition("| laporan | sebab |")[2].partition("\n\n")[0].splitlines()[2:]
    named = [title for line in table for title in line.split("|")[1].strip().split(", ")]
    assert named
    assert set(named) <= {translate(problem.title, "id") for problem in PROBLEMS.values()}


def test_every_picture_and_page_that_a_document_shows_exists() -> None:
    documents = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "data").rglob("*.md")]
    named = [
        (document.relative_to(ROOT).as_posix(), link)
        for document in documents
        for link in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", document.read_text(encoding="utf-8"))
        if not (document.parent / link).exists()
    ]
    assert not named


@pytest.mark.parametrize("guide", ["guide", "panduan"])
def test_a_guide_says_in_italics_what_a_screen_says(guide: str) -> None:
    catalogue = entries(LOCALES / "id" / "LC_MESSAGES" / "padan.po")
    said = catalogue if guide == "guide" else catalogue.values()
    screens = {re.sub(r"{\w+}", "…", words.replace("**", "")).removesuffix(" →") for words in said}
    wrong = {
        f"{page.name}: {words}"
        for page in sorted((ROOT / "docs" / guide).glob("*.md"))
        for words in italics(page.read_text(encoding="utf-8"))
        if words not in screens
    }
    assert not wrong


def test_every_screen_has_a_picture_and_every_picture_is_shown() -> None:
    opened = {screen_at(urlsplit(address).path.strip("/")) for address, _ in pictures.SCREENS.values()}
    assert opened | {screen_at(address) for address in pictures.STEPS.values()} == set(SCREENS)
    taken = {*pictures.SCREENS, *pictures.SIGN_IN, *pictures.STEPS, *pictures.SLIDES, *pictures.DOCUMENTS}
    assert {path.stem for path in pictures.PICTURES.iterdir()} == taken
    documents = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
    shown = {name for page in documents for name in re.findall(r"pictures/([\w-]+)\.png", page.read_text("utf-8"))}
    assert shown == taken


def test_no_document_waits_to_be_filled_in() -> None:
    documents = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "benchmarks").glob("*.md")]
    assert not [path.name for path in documents if re.search(r"\{\{|TODO|FIXME", path.read_text(encoding="utf-8"))]


def test_package_and_project_have_the_same_version() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["version"] == __version__
    assert f"## {__version__}" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


def test_no_file_names_a_registry_to_download_from() -> None:
    hosts = re.compile(rb"(?:files\.)?python" rb"hosted\.org|pypi" rb"\.org|registry\." rb"npmjs\.org|--index-" rb"url")
    assert not [path.relative_to(ROOT) for path in own_files() if hosts.search(path.read_bytes())]


@pytest.mark.parametrize("path", [*CODE, ROOT / "app.py"], ids=lambda path: path.relative_to(ROOT).as_posix())
def test_nothing_imports_a_script_a_test_or_a_document(path: Path) -> None:
    assert not imported(path) & {"app", "pages", "tests", "docs", "benchmarks"}


@pytest.mark.parametrize("page", sorted((ROOT / "pages").glob("*.py")), ids=lambda path: path.stem)
def test_a_page_chooses_asks_and_draws_within_sixty_lines(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 60
    assert not [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.FunctionDef | ast.ClassDef)]
