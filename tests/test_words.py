"""Every word a person reads goes through gettext, and Indonesian has all of them."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import polib
import pytest
from babel.messages.frontend import CommandLineInterface
from jinja2 import Environment, nodes

from config import ROOT

PACKAGE = ROOT / "citynet"
INDONESIAN = PACKAGE / "translations" / "id" / "LC_MESSAGES" / "messages.po"
TRANSLATED = frozenset({"_", "gettext", "ngettext", "lazy"})
# Names are the same in every language; the style guide is for those who build the pages.
NAMES = re.compile(
    r"CityNet|GeoNames|idn-area-data|Natural Earth|CC BY 4\.0|ODbL|UTC|CSV|XLSX|PDF|RIS|BibTeX"
    r"|\bWord\b|\bExcel\b|PowerPoint"
)
# A macro may write an attribute or a tag's name: pieces of tags are then all that is left.
PIECE_OF_TAG = re.compile(r'(class|lang|aria-describedby)="[^"]*"?')
CODE = frozenset({"code", "style"})
FOR_DEVELOPERS = frozenset({"styleguide.html", "mail.html", "mails.html"})
READ_ALOUD = frozenset({"alt", "aria-description", "aria-label", "label", "placeholder", "title"})
SPEAKS_TO_PEOPLE = frozenset({"flash", "require", "Invalid", "Forbidden", "Conflict", "NotFound"})
PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|%[sd]|\{\w*\}")
TEMPLATES = sorted(
    path
    for path in PACKAGE.rglob("templates/**/*.html")
    if "node_modules" not in path.parts and path.name not in FOR_DEVELOPERS
)
MODULES = sorted(PACKAGE.rglob("*.py"))
JINJA = Environment(extensions=["jinja2.ext.do"])


def name_of(path: Path) -> str:
    """Return a file's path as the test's id."""
    return str(path.relative_to(PACKAGE))


@pytest.fixture(scope="module")
def words(tmp_path_factory: pytest.TempPathFactory) -> polib.POFile:
    """Return what `make words` would gather now."""
    pot = tmp_path_factory.mktemp("words") / "messages.pot"
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(ROOT)
        CommandLineInterface().run(  # type: ignore[no-untyped-call]
            ["pybabel", "-q", "extract", "-F", "pyproject.toml", "-k", "lazy", "-o", str(pot), "."]
        )
    return polib.pofile(str(pot))


@pytest.fixture(scope="module")
def indonesian() -> dict[str, polib.POEntry]:
    """Return the Indonesian words by their English ones."""
    assert INDONESIAN.exists(), "there is no Indonesian translation: run `make words`"
    return {entry.msgid: entry for entry in polib.pofile(str(INDONESIAN)) if not entry.obsolete}


def written_in(entry: polib.POEntry) -> list[str]:
    """Return the forms of a translation."""
    return list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]


def test_words_are_found(words: polib.POFile) -> None:
    """An empty list would make the tests below pass without proof."""
    assert {"Search", "Sign in", "Title"} <= {entry.msgid for entry in words}


def test_every_word_is_translated(
    words: polib.POFile, indonesian: dict[str, polib.POEntry]
) -> None:
    """None is missing, empty or only guessed."""
    bad = [
        entry.msgid
        for entry in words
        if entry.msgid not in indonesian
        or indonesian[entry.msgid].fuzzy
        or bool(entry.msgid_plural) != bool(indonesian[entry.msgid].msgid_plural)
        or not all(form.strip() for form in written_in(indonesian[entry.msgid]))
    ]
    assert not bad, f"{len(bad)} without Indonesian:\n" + "\n".join(bad)


def test_no_translation_is_left_over(
    words: polib.POFile, indonesian: dict[str, polib.POEntry]
) -> None:
    """A word that no page says any more only misleads the translator."""
    assert sorted(set(indonesian) - {entry.msgid for entry in words}) == []


def test_placeholders_are_the_same(indonesian: dict[str, polib.POEntry]) -> None:
    """A lost placeholder loses a fact, a wrong one breaks the page."""
    bad = []
    for english, entry in indonesian.items():
        wanted = set(PLACEHOLDER.findall(entry.msgid_plural or english))
        bad += [english for form in written_in(entry) if set(PLACEHOLDER.findall(form)) != wanted]
    assert bad == []


class Reader(HTMLParser):
    """Gathers the texts and spoken attributes of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self._is_code = False

    def handle_data(self, data: str) -> None:
        """Take a text; a command and a style sheet are the same in every language."""
        if not self._is_code:
            self.found.append(data)

    def handle_endtag(self, tag: str) -> None:
        """Come back to what people read."""
        self._is_code = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take what a screen reader or a tooltip says."""
        self._is_code = tag in CODE
        self.found += [value or "" for name, value in attrs if name in READ_ALOUD]


def loose_texts(source: str) -> list[str]:
    """Return what a template writes itself, outside every expression and statement."""
    inside, kept = False, []
    for _line, kind, value in JINJA.lex(source):
        if kind == "variable_begin":
            inside = True
        elif kind == "variable_end":
            inside = False
            kept.append("\ue000")
        elif kind == "data" and not inside:
            kept.append(value)
    reader = Reader()
    reader.feed("".join(kept))
    texts = [" ".join(text.replace("\ue000", " ").split()) for text in reader.found]
    return [
        text
        for text in texts
        if re.search(r"[^\W\d_]{2}", PIECE_OF_TAG.sub("", NAMES.sub("", text)))
    ]


def is_translated(node: nodes.Node) -> bool:
    """Tell whether a node is a call of gettext."""
    return (
        isinstance(node, nodes.Call)
        and isinstance(node.node, nodes.Name)
        and node.node.name in TRANSLATED
    )


def loose_literals(node: nodes.Node) -> Iterator[str]:
    """Yield each literal of a template's expressions that looks like a sentence or a name."""
    for child in node.iter_child_nodes():
        if is_translated(child):
            continue
        if isinstance(child, nodes.Const) and isinstance(child.value, str):
            if re.match(r"[A-Z][a-z]+( |$|[.,:])", NAMES.sub("", child.value)):
                yield child.value
        else:
            yield from loose_literals(child)


@pytest.mark.parametrize("path", TEMPLATES, ids=name_of)
def test_template_says_nothing_untranslated(path: Path) -> None:
    """Neither as text, nor in an attribute that is read aloud, nor as a macro's argument."""
    source = path.read_text(encoding="utf-8")
    loose = [*loose_texts(source), *loose_literals(JINJA.parse(source))]
    assert loose == []


def test_loose_words_are_noticed() -> None:
    """The reader of templates finds each kind of loose word, and lets the others be."""
    assert loose_texts("<p>Hello there {{ name }}</p>") == ["Hello there"]
    assert loose_texts('<img alt="A market"><a title="{{ _("x") }}">{{ _("y") }}</a>') == [
        "A market"
    ]
    assert list(loose_literals(JINJA.parse("{{ banner('Nothing was saved') }}"))) == [
        "Nothing was saved"
    ]
    assert list(loose_literals(JINJA.parse("{{ banner(_('Nothing was saved'), 'error') }}"))) == []


def loose_sentences(node: ast.AST) -> Iterator[str]:
    """Yield the literals with several words below a node that no gettext call holds."""
    for child in ast.iter_child_nodes(node):
        is_call = isinstance(child, ast.Call) and isinstance(child.func, ast.Name)
        if is_call and child.func.id in TRANSLATED:  # type: ignore[attr-defined]
            continue
        if isinstance(child, ast.Constant) and isinstance(child.value, str) and " " in child.value:
            yield child.value
        yield from loose_sentences(child)


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_module_says_nothing_untranslated(path: Path) -> None:
    """What is flashed, refused or demanded is a sentence for a person."""
    loose = [
        sentence
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id in SPEAKS_TO_PEOPLE
        for sentence in loose_sentences(node)
    ]
    assert loose == []
