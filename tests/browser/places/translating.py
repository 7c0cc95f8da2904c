"""What translators look at, who reviews their words, and who reads them."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from citynet.demo.service import SECRETARIAT
from tests.browser import versions
from tests.browser.person import Person
from tests.browser.places.kinds import Place, Round, Way, opened
from tests.browser.site import Site

OFFICIAL, LEAD = "official@sidoarjo.example", "lead@sidoarjo.example"
ALL = "/practices/<slug>/translations"
ONE = f"{ALL}/<language>"
PART, DISCARD, TAKE_DOWN = f"{ONE}/<key>", f"{ONE}/discard", f"{ONE}/take-down"
READ = "/practices/<slug>/in/<any(en, id):language>"
PARTS = ("name", "summary", "problem", "blocks", "law", "results")


def rounds(site: Site) -> list[Round]:
    """Return what the people on a language version's way look at."""
    slugs = versions.written(site)
    return [_translator(slugs), _lead(slugs), _secretariat(slugs), _reader(slugs)]


def _translator(slugs: dict[str, str]) -> Round:
    draft, behind = (_version(slugs[state]) for state in ("draft", "behind"))
    new = f"/practices/{slugs['to begin']}/translations"
    return Round(
        "translator", OFFICIAL,
        (
            Place(ALL, new),
            *(Place(ALL, f"/practices/{slugs[one]}/translations") for one in ("draft", "behind")),
            Place(ONE, draft),
            Place(ONE, f"{draft}?check=1"),
            Place(ONE, behind),
            Place(ONE, _version(slugs["submitted"])),
            *(Place(PART, f"{draft}/{key}") for key in PARTS),
            Place("404", f"{draft}/nothing", 404),
            Place(DISCARD, f"{draft}/discard"),
            Place("/practices/<slug>", f"/practices/{slugs['behind']}"),
            Place("/work", "/work"),
        ),
        (
            Way("words too long", lambda person: _too_long(person, f"{draft}/name"), 422),
            Way("two translations", lambda person: _conflict(person, f"{draft}/problem"), 409),
            Way("begun", lambda person: _begin(person, new)),
            Way("moved on", lambda person: _moved_on(person, f"{new}/id"), 409),
        ),
    )  # fmt: skip


def _lead(slugs: dict[str, str]) -> Round:
    submitted, behind = (_version(slugs[state]) for state in ("submitted", "behind"))
    return Round(
        "lead who reads translations", LEAD,
        (
            Place("/work", "/work"),
            Place(ONE, submitted),
            Place(TAKE_DOWN, f"{behind}/take-down"),
        ),
        (
            Way("sent back without a word",
                lambda person: _send_back_nothing(person, submitted), 422),
        ),
    )  # fmt: skip


def _secretariat(slugs: dict[str, str]) -> Round:
    signed = _version(slugs["signed off"])
    return Round(
        "secretariat, translations", SECRETARIAT,
        (
            Place("/admin/liveness", "/admin/liveness"),
            Place("/admin/liveness", "/admin/liveness?state=unanswered&q=zzzz"),
            Place(ONE, signed),
            Place(ONE, _version(slugs["behind"])),
            Place(ALL, f"/practices/{slugs['signed off']}/translations"),
        ),
    )  # fmt: skip


def _reader(slugs: dict[str, str]) -> Round:
    behind = f"/practices/{slugs['behind']}"
    return Round(
        "reader of translations", None,
        (
            Place("/practices/<slug>", behind),
            Place(READ, f"{behind}/in/en"),
            Place(READ, f"{behind}/in/id"),
            Place("/search", "/search?q=izin+usaha"),
        ),
        (Way("language nobody wrote in", opened(f"/practices/{slugs['draft']}/in/id"), 404),),
    )  # fmt: skip


def _version(slug: str) -> str:
    return f"/practices/{slug}/translations/id"


def _too_long(person: Person, path: str) -> None:
    person.page.goto(path)
    person.main.locator("#title").fill("Satu loket " * 200)
    person.button("Save").click()
    expect(person.heading("Please correct this")).to_be_visible()


def _conflict(person: Person, path: str) -> None:
    """Save the same words from two windows."""
    person.page.goto(path)
    other = person.context.new_page()
    other.goto(path)
    _save(other, person, "Kata yang lain")
    expect(other.get_by_role("main")).to_contain_text(person.words("Your translation is saved."))
    other.close()
    _save(person.page, person, "Kata saya")
    expect(person.heading("Two texts of the same part")).to_be_visible()


def _save(page: Page, person: Person, words: str) -> None:
    page.locator("#problem").fill(f"{words} ({person.words.language})")
    save = page.locator(".cn-formbar").get_by_role("button", name=person.words("Save"), exact=True)
    save.click()


def _begin(person: Person, path: str) -> None:
    person.page.goto(path)
    into = person.words(
        "Begin the translation into %(language)s", language=person.words("Indonesian")
    )
    person.main.get_by_role("button", name=into, exact=True).click()
    person.sees("This is a draft")


def _moved_on(person: Person, path: str) -> None:
    """Type into words that somebody deletes meanwhile; the next language begins them anew."""
    person.page.goto(f"{path}/name")
    other = person.context.new_page()
    other.goto(f"{path}/discard")
    other.get_by_role("button", name=person.words("Delete the draft"), exact=True).click()
    expect(other).to_have_url(person.site.url + path.removesuffix("/id"))
    other.close()
    person.main.locator("#title").fill("Satu loket")
    person.button("Save").click()
    expect(person.heading("This translation has moved on")).to_be_visible()


def _send_back_nothing(person: Person, path: str) -> None:
    person.page.goto(path)
    person.page.locator("summary").filter(
        has_text=person.words("Send it back with a comment")
    ).click()
    person.button("Send back").click()
    expect(person.heading("Please correct this")).to_be_visible()
