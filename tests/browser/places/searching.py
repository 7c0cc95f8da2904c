"""What searching leads to: results in each state, searches that are kept, what is missing."""

from __future__ import annotations

from collections.abc import Iterator

from playwright.sync_api import expect

from citynet.demo.service import SECRETARIAT
from tests.browser import searches
from tests.browser.person import Person
from tests.browser.places import rows
from tests.browser.places.kinds import Place, Round, Way, opened, refused
from tests.browser.searches import ASKED
from tests.browser.site import Site

SEARCH, SAVE, SAVED = "/search", "/search/save", "/search/saved"
ONE_SAVED, STOP = f"{SAVED}/<int:search_id>", "/search/stop/<secret>"
MISSING, ONE_MISSING = "/admin/missing", "/admin/missing/<int:report_id>"
PAST = "/admin/past-queries"
# Each language has somebody who keeps searches, and something that nobody has written about.
KEEPERS = {"en": "official@toyama.example", "id": "official@denpasar.example"}
LACKING = {"en": "qwxzferry", "id": "qwxzkapal"}
KEPT = "q=one+counter&status=running&status=pilot"
STATES = (
    "q=waste+bank&topic=waste&country=ID&language=en&status=running",
    "topic=waste&topic=water&country=ID&country=KR&city=kota-surabaya&kind=kota&year=2012",
    "topic=waste-banks&evidence=self_reported&population=over_5m&cost=medium",
    "q=perizinan",
    "q=perizinan&exact=1&sort=confirmed",
    "q=%22bank+sampah%22",
    "q=lisencing&as_typed=1",
    "view=map",
    "q=perizinan&view=map&topic=licensing",
    "page=2",
    "page=99",
    "q=qwxz&topic=waste&exact=1",
)  # fmt: skip


def rounds(site: Site, language: str) -> Iterator[Round]:
    """Yield what visitors, officials and the secretariat look at, each after the one before."""
    yield _visitor(language)
    yield _keeper(language)
    yield _secretariat(site, language)
    yield Round("visitor who is helped", None, (), (
        Way("practice that the secretariat named", lambda person: _helped(person, language)),
    ))  # fmt: skip


def _visitor(language: str) -> Round:
    return Round(
        "visitor who searches", None,
        (
            *(Place(SEARCH, f"{SEARCH}?{state}") for state in STATES),
            Place(f"{SEARCH}/missing", f"{SEARCH}/missing"),
            Place(STOP, "/search/stop/nothing-of-this-kind", 404),
        ),
        (
            Way("suggestions", _suggested),
            Way("filter applied", _filtered),
            Way("place on the map", _on_the_map),
            Way("more like this", _alike),
            Way("nothing missing", _nothing_missing, 422),
            Way("told what is missing", lambda person: _tell_missing(person, LACKING[language]),
                rule=f"{SEARCH}/missing/sent"),
        ),
    )  # fmt: skip


def _keeper(language: str) -> Round:
    address = KEEPERS[language]
    return Round(
        "official who keeps searches", address,
        (
            Place(SAVED, SAVED),
            Place(SAVE, f"{SAVE}?q=wifi&topic=connectivity&city=kota-surabaya&exact=1"),
            Place(SAVE, SAVE),
            Place(f"{SEARCH}/missing", f"{SEARCH}/missing?q=wifi"),
            Place("404", f"{SAVED}/999999", 404),
        ),
        (
            Way("search without a name", _no_name, 422),
            Way("search kept", _keep),
            Way("search kept before", opened(f"{SAVE}?{KEPT}"), rule=ONE_SAVED),
            Way("change without a name", _change_no_name, 422),
            Way("search to delete", _deleting, rule=f"{ONE_SAVED}/delete"),
            Way("link in the mail", lambda person: _read_mail(person, address), rule=STOP),
            Way("mails stopped", _stop),
            Way("link used", lambda person: _follow(person, address)),
            Way("searches after the mail", opened(SAVED)),
            Way("mail about what is new", _open_mail, rule="/dev/mail/<name>"),
        ),
    )  # fmt: skip


def _secretariat(site: Site, language: str) -> Round:
    searches.asked_often(site)
    shown = f"{MISSING}/{site.look_up(rows.MISSING_REPORT, LACKING[language])}"
    slug = site.look_up(rows.PUBLIC, "published")
    return Round(
        "secretariat, search", SECRETARIAT,
        (
            Place(MISSING, MISSING),
            Place(MISSING, f"{MISSING}?q=qqqq&state=dismissed"),
            Place(ONE_MISSING, shown),
            Place(PAST, PAST),
            Place(PAST, f"{PAST}?q=qqqq"),
        ),
        (
            Way("no practice named", refused(shown, "Answer with this practice"), 422),
            Way("no reason to dismiss", refused(shown, "Dismiss"), 422),
            Way("practice named", lambda person: _answer(person, shown, slug)),
            Way("report that is settled", opened(shown)),
            Way("text hidden", _hide),
        ),
    )  # fmt: skip


def _suggested(person: Person) -> None:
    person.page.goto(SEARCH)
    person.main.get_by_role("combobox").focus()
    person.page.keyboard.type(ASKED[person.words.language][0][:3])
    expect(person.page.get_by_role("listbox")).to_be_visible()
    person.page.keyboard.press("ArrowDown")
    expect(person.page.get_by_role("option", selected=True)).to_be_visible()


def _filtered(person: Person) -> None:
    person.page.goto(f"{SEARCH}?q=waste")
    person.page.locator("summary").filter(has_text=person.words("Filters")).click()
    person.main.get_by_label(person.words("Indonesia")).first.check()
    person.button("Apply filters").click()
    expect(person.main.get_by_role("list", name=person.words("Chosen filters"))).to_be_visible()
    person.page.locator("summary").filter(has_text=person.words("Filters")).click()


def _on_the_map(person: Person) -> None:
    person.page.goto(f"{SEARCH}?q=perizinan")
    person.link("Map").click()
    person.main.get_by_role("link", name="Kabupaten Sidoarjo", exact=True).click()
    expect(person.main.locator("ol .cn-card__link").first).to_be_visible()


def _alike(person: Person) -> None:
    person.page.goto(f"{SEARCH}?q=waste+bank")
    person.main.locator("ol .cn-card__link").first.click()
    expect(person.heading("More like this")).to_be_visible()


def _nothing_missing(person: Person) -> None:
    """Send nothing but a space, which the browser lets pass."""
    person.page.goto(f"{SEARCH}/missing?q=+")
    person.field("What did you look for?").fill(" ")
    person.button("Tell the network that this is missing").click()
    expect(person.heading("Please correct this")).to_be_visible()


def _tell_missing(person: Person, text: str) -> None:
    person.page.goto(f"{SEARCH}?q={text}")
    person.field("What do you need it for? (optional)").fill("We have nine islands.")
    person.button("Tell the network that this is missing").click()
    expect(person.heading("Thank you: it is written down")).to_be_visible()


def _no_name(person: Person) -> None:
    person.page.goto(f"{SAVE}?q=wifi")
    person.field("Name").fill("")
    person.button("Save the search").click()
    expect(person.heading("Please correct this")).to_be_visible()


def _keep(person: Person) -> None:
    person.page.goto(f"{SEARCH}?{KEPT}")
    person.link("Save this search").click()
    person.main.get_by_label(person.words("Every day that brings something new")).check()
    person.button("Save the search").click()
    person.sees("The search is saved.")


def _change_no_name(person: Person) -> None:
    person.field("Name").fill("")
    person.button("Save the changes").click()
    expect(person.heading("Please correct this")).to_be_visible()


def _deleting(person: Person) -> None:
    person.page.goto(SAVED)
    person.main.locator(f"a[href^='{SAVED}/'][href$='/delete']").first.click()
    expect(person.button("Delete the search")).to_be_visible()


def _read_mail(person: Person, address: str) -> None:
    title = f"One counter: news {person.words.language}"
    searches.tell_news(person, address, title)
    _follow(person, address)
    expect(person.button("Stop the mails")).to_be_visible()


def _follow(person: Person, address: str) -> None:
    person.page.goto(person.site.mails.link(address, "/search/stop/"))


def _stop(person: Person) -> None:
    person.button("Stop the mails").click()
    expect(person.heading("The mails are stopped")).to_be_visible()


def _open_mail(person: Person) -> None:
    subject = person.words("New practices: {searches}").partition("{")[0].strip()
    person.page.goto("/dev/mail")
    person.main.get_by_role("row").filter(has_text=subject).get_by_role("link").first.click()
    expect(person.page.get_by_role("heading", level=1)).to_contain_text(subject)


def _answer(person: Person, shown: str, slug: str) -> None:
    person.page.goto(shown)
    person.main.locator("#practice").fill(f"{person.site.url}/practices/{slug}")
    person.button("Answer with this practice").click()
    expect(person.page).to_have_url(f"{person.site.url}{MISSING}")


def _hide(person: Person) -> None:
    person.page.goto(PAST)
    row = person.main.locator("tr").filter(has_text=ASKED[person.words.language][0])
    row.first.get_by_role("button").click()
    expect(row.first.locator("form[action$='/show']")).to_be_visible()


def _helped(person: Person, language: str) -> None:
    person.page.goto(f"{SEARCH}?q={LACKING[language]}")
    expect(person.heading("The secretariat points to this practice")).to_be_visible()
