"""What everybody may see."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.person import Person
from tests.browser.places import rows
from tests.browser.places.kinds import Place, Round, Way, opened
from tests.browser.site import Site

# One for each language: a second link would put an end to the first.
FORGETFUL = {"en": "official@taipei.example", "id": "official@makassar.example"}


def rounds(site: Site) -> list[Round]:
    """Return what a visitor looks at."""
    return [Round("visitor", None, _places(site), _ways())]


def _places(site: Site) -> tuple[Place, ...]:
    slug = site.look_up(rows.PUBLIC, "published")
    revised = site.look_up(f"{rows.PUBLIC} AND revisions.number > 1", "published")
    number = site.look_up(rows.NUMBER_OF, revised)
    withdrawn = site.look_up(rows.TEXT, "withdrawn")
    revision = f"/practices/{revised}/revisions/{number}"
    suspended, applied, lapsed = (
        site.look_up(rows.CITY_THAT_IS, one) for one in ("suspended", "applied", "lapsed")
    )
    return (
        Place("/", "/"),
        Place("/about", "/about"),
        Place("/styleguide", "/styleguide"),
        Place("/practices/", "/practices/"),
        Place("/practices/", "/practices/?page=2"),
        Place("/practices/<slug>", f"/practices/{slug}"),
        Place("/practices/<slug>", f"/practices/{withdrawn}", 410),
        Place("/practices/<slug>/brief", f"/practices/{slug}/brief"),
        Place("/practices/<slug>/revisions", f"/practices/{revised}/revisions"),
        Place("/practices/<slug>/revisions/<int(max=999999):number>", revision),
        Place("/topics/", "/topics/"),
        Place("/topics/<slug>", "/topics/waste"),
        Place("/topics/<slug>", f"/topics/{site.look_up(rows.EMPTY_TOPIC)}"),
        Place("/cities/", "/cities/"),
        Place("/cities/", "/cities/?q=kota&country=ID"),
        Place("/cities/", "/cities/?chapter=citynet-indonesia"),
        Place("/cities/", "/cities/?q=zzzz"),
        Place("/cities/<slug>", "/cities/kabupaten-sidoarjo"),
        Place("/cities/<slug>", f"/cities/{suspended}"),
        Place("/cities/<slug>", f"/cities/{lapsed}"),
        Place("/cities/<slug>", f"/cities/{applied}"),
        Place("/search", "/search"),
        Place("/search", "/search?q=waste+bank"),
        Place("/search", "/search?q=perizinan&topic=licensing&language=id&sort=newest"),
        Place("/search", "/search?q=lisencing"),
        Place("/search", "/search?q=zzzz&country=ID"),
        Place("/sign-in", "/sign-in"),
        Place("/sign-in/provider", "/sign-in/provider"),
        Place("/sign-in/provider/unknown", "/sign-in/provider/unknown"),
        Place("/forgot", "/forgot"),
        Place("/reset/<secret>", "/reset/nothing-of-this-kind", 404),
        Place("404", "/practices/nothing-of-this-name", 404),
        Place("404", "/nothing", 404),
    )  # fmt: skip


def _ways() -> tuple[Way, ...]:
    return (
        Way("sign-in refused", _refused, 422),
        Way("link for a new password asked for", _forgotten),
        Way("new password", _new_password, rule="/reset/<secret>"),
        Way("mails", opened("/dev/mail"), rule="/dev/mail"),
        Way("mail", _mail, rule="/dev/mail/<name>"),
    )


def _refused(person: Person) -> None:
    person.page.goto("/sign-in")
    person.field("Email address").fill("nobody@nowhere.example")
    person.field("Password").fill("not the password")
    person.main.get_by_role("button", name=person.words("Sign in"), exact=True).click()
    expect(person.heading("Please correct this")).to_be_visible()


def _forgotten(person: Person) -> None:
    address = FORGETFUL[person.words.language]
    person.page.goto("/forgot")
    person.field("Email address").fill(address)
    person.button("Send the link").click()
    expect(person.main.get_by_text(address).first).to_be_visible()


def _new_password(person: Person) -> None:
    address = FORGETFUL[person.words.language]
    person.page.goto(person.site.mails.link(address, "/reset/"))
    expect(person.field("New password")).to_be_visible()


def _mail(person: Person) -> None:
    person.page.goto("/dev/mail")
    person.main.get_by_role("row").get_by_role("link").first.click()
