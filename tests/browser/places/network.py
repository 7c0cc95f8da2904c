"""What the network's secretariat looks at to run it: chapters, topics, letters, its look, logs."""

from __future__ import annotations

from playwright.sync_api import expect

from citynet.demo.service import SECRETARIAT
from tests.browser.person import Person
from tests.browser.places import rows
from tests.browser.places.kinds import Place, Round, Way, opened, refused
from tests.browser.site import Site

CHAPTERS, TOPICS, NEWS = "/admin/chapters", "/admin/topics", "/admin/announcements"
LETTER = "/admin/letters/membership.reminder/en"
ONE_LETTER, ONE_TOPIC = "/admin/letters/<key>/<language>", f"{TOPICS}/<int:topic_id>"
# Filters that are saved already are not offered to be saved.
SEATS = {"en": "lead", "id": "official"}
CSV = b"name,email,city,role\nAna Lestari,ana@sidoarjo.example,35.15,official\nNobody,,35.15,\n"


def rounds(site: Site) -> list[Round]:
    """Return what the secretariat looks at."""
    return [_words(site), _rest()]


def _words(site: Site) -> Round:
    chapter, news = f"{CHAPTERS}/citynet-indonesia", f"{NEWS}/{site.look_up(rows.ANNOUNCEMENT)}"
    topic = site.look_up(rows.TOPIC_WITHIN)
    other = site.look_up(rows.OTHER_TOPIC, topic)
    shown = f"{TOPICS}/{topic}"
    return Round(
        "secretariat, words", SECRETARIAT,
        (
            Place(CHAPTERS, CHAPTERS),
            Place(f"{CHAPTERS}/new", f"{CHAPTERS}/new"),
            Place(f"{CHAPTERS}/<slug>", chapter),
            Place(f"{CHAPTERS}/<slug>/edit", f"{chapter}/edit"),
            Place(f"{CHAPTERS}/<slug>/delete", f"{chapter}/delete"),
            Place(TOPICS, TOPICS),
            Place(f"{TOPICS}/new", f"{TOPICS}/new"),
            Place(ONE_TOPIC, shown),
            Place(f"{ONE_TOPIC}/merge", f"{shown}/merge"),
            Place(f"{ONE_TOPIC}/merge", f"{shown}/merge?into={other}"),
            Place(f"{ONE_TOPIC}/delete", f"{shown}/delete"),
            Place(NEWS, NEWS),
            Place(NEWS, f"{NEWS}?state=draft"),
            Place(f"{NEWS}/new", f"{NEWS}/new"),
            Place(f"{NEWS}/<int:announcement_id>", news),
            Place(f"{NEWS}/<int:announcement_id>/edit", f"{news}/edit"),
            Place("/admin/letters", "/admin/letters"),
            Place(ONE_LETTER, LETTER),
            Place(f"{ONE_LETTER}/original", f"{LETTER}/original"),
        ),
        (
            Way("chapter without a name", refused(f"{CHAPTERS}/new", "Save"), 422),
            Way("no cities put in", lambda person: _no_cities(person, chapter), 422),
            Way("topic without a name", refused(f"{TOPICS}/new", "Save"), 422),
            Way("announcement of nothing", refused(f"{NEWS}/new", "Save the draft"), 422),
            Way("letter without a link", _no_link, 422),
        ),
    )  # fmt: skip


def _rest() -> Round:
    return Round(
        "secretariat, network", SECRETARIAT,
        (
            Place("/admin/identity", "/admin/identity"),
            Place("/admin/identity/original", "/admin/identity/original"),
            Place("/admin/audit", "/admin/audit"),
            Place("/admin/audit", "/admin/audit?who=zzzz"),
            Place("/admin/filters", "/admin/filters"),
            Place("/admin/imports", "/admin/imports"),
        ),
        (
            Way("look with errors", _no_name, 422),
            Way("filter saved", _save_filter),
            Way("filters", opened("/admin/filters")),
            Way("saved filter", _open_filter, rule="/admin/filters/<int:filter_id>"),
            Way("no file", refused("/admin/imports", "Show what would happen"), 422),
            Way("file read", _import),
        ),
    )  # fmt: skip


def _no_cities(person: Person, path: str) -> None:
    person.page.goto(path)
    person.main.locator("textarea[name=cities]").fill("Nowhere")
    person.main.locator("form").filter(has=person.page.locator("textarea")).get_by_role(
        "button"
    ).click()
    expect(person.heading("Please correct this")).to_be_visible()


def _no_link(person: Person) -> None:
    person.page.goto(LETTER)
    person.field("Text").fill("Good day")
    person.button("Save the letter").click()
    expect(person.heading("Please correct this")).to_be_visible()


def _no_name(person: Person) -> None:
    person.page.goto("/admin/identity")
    person.main.locator("#name").fill("")
    person.button("Save the settings").click()
    expect(person.heading("Please correct this")).to_be_visible()


def _save_filter(person: Person) -> None:
    person.page.goto(f"/admin/people?seat={SEATS[person.words.language]}")
    person.page.locator("summary").filter(
        has_text=person.words("Save these filters under a name")
    ).click()
    name = SEATS[person.words.language]
    person.field("Name of the filter").fill(name)
    person.button("Save").click()
    person.sees("The filter “%(name)s” is saved.", name=name)


def _open_filter(person: Person) -> None:
    person.page.goto("/admin/filters")
    person.main.get_by_role("row").get_by_role("link").first.click()
    expect(person.page.get_by_role("heading", level=1, name=person.words("People"))).to_be_visible()


def _import(person: Person) -> None:
    person.page.goto("/admin/imports")
    person.main.locator("input[type=file]").set_input_files(
        {"name": "officials.csv", "mimeType": "text/csv", "buffer": CSV}
    )
    person.button("Show what would happen").click()
    expect(person.main.get_by_text(person.words("Left alone")).first).to_be_visible()
