"""Every page there is, with somebody who may see it: addresses, and ways to what has none."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from playwright.sync_api import expect

from citynet.demo.service import SECRETARIAT
from tests.browser.person import Person
from tests.browser.site import Site

# What people do not look at, or what a browser never shows as a page.
NO_PAGES = frozenset({"/healthz", "/readyz", "/search/suggest", "/static/<path:filename>"})
TEXT = (
    "SELECT practices.slug FROM practices JOIN revisions ON revisions.practice_id = practices.id"
    " JOIN cities ON cities.id = practices.city_id WHERE revisions.state = ?"
)
PUBLIC = f"{TEXT} AND revisions.visibility = 'public'"
NUMBER_OF = (
    "SELECT number FROM revisions JOIN practices ON practices.id = practice_id"
    " WHERE state = 'published' AND slug = ?"
)
BY_CITY = f"{TEXT} AND cities.slug = ?"
CITY_WITH = TEXT.replace("practices.slug", "cities.slug") + (
    " AND cities.id IN (SELECT city_id FROM memberships WHERE standing = 'active')"
)
PERSON_OF = (
    "SELECT people.email FROM people JOIN officials ON officials.person_id = people.id"
    " JOIN cities ON cities.id = officials.city_id WHERE officials.role = ? AND cities.slug = ?"
)
OFFICIAL_OF_A = (
    "SELECT people.email FROM people JOIN officials ON officials.person_id = people.id"
    " JOIN memberships ON memberships.city_id = officials.city_id"
    " WHERE officials.role = 'official' AND memberships.standing = ?"
)
CITY_THAT_IS = (
    "SELECT cities.slug FROM cities JOIN memberships ON memberships.city_id = cities.id"
    " WHERE memberships.standing = ?"
)
EMPTY_TOPIC = (
    "SELECT slug FROM topics WHERE parent_id IS NOT NULL AND id NOT IN"
    " (SELECT topic_id FROM revision_topics)"
)


@dataclass(frozen=True)
class Place:
    """A page by its address; `rule` is the route it stands for."""

    rule: str
    path: str
    status: int = 200


@dataclass(frozen=True)
class Way:
    """A page that only doing something leads to."""

    name: str
    go: Callable[[Person], None]
    status: int = 200


@dataclass(frozen=True)
class Round:
    """What one person looks at; None is a visitor."""

    name: str
    address: str | None
    places: tuple[Place, ...]
    ways: tuple[Way, ...] = ()


def rounds(site: Site) -> list[Round]:
    """Return everyone with all they look at."""
    suspended = site.look_up(OFFICIAL_OF_A, "suspended")
    applicant = site.look_up(OFFICIAL_OF_A, "applied")
    return [
        Round("visitor", None, _public(site), (Way("sign-in refused", _refused, 422),)),
        _official(site),
        _lead(site),
        _secretariat(site),
        Round(
            "suspended", suspended, (Place("/work", "/work"), Place("403", "/practices/new", 403))
        ),
        Round("applicant", applicant, (Place("/work", "/work"),)),
    ]


def _public(site: Site) -> tuple[Place, ...]:
    slug = site.look_up(PUBLIC, "published")
    revised = site.look_up(f"{PUBLIC} AND revisions.number > 1", "published")
    number = site.look_up(NUMBER_OF, revised)
    revision = f"/practices/{revised}/revisions/{number}"
    return (
        Place("/", "/"),
        Place("/about", "/about"),
        Place("/styleguide", "/styleguide"),
        Place("/practices/", "/practices/"),
        Place("/practices/", "/practices/?page=2"),
        Place("/practices/<slug>", f"/practices/{slug}"),
        Place("/practices/<slug>/revisions", f"/practices/{revised}/revisions"),
        Place("/practices/<slug>/revisions/<int:number>", revision),
        Place("/topics/", "/topics/"),
        Place("/topics/<slug>", "/topics/waste"),
        Place("/topics/<slug>", f"/topics/{site.look_up(EMPTY_TOPIC)}"),
        Place("/cities/", "/cities/"),
        Place("/cities/", "/cities/?q=kota&country=ID"),
        Place("/cities/", "/cities/?q=zzzz"),
        Place("/cities/<slug>", "/cities/kabupaten-sidoarjo"),
        Place("/cities/<slug>", f"/cities/{site.look_up(CITY_THAT_IS, 'suspended')}"),
        Place("/cities/<slug>", f"/cities/{site.look_up(CITY_THAT_IS, 'applied')}"),
        Place("/search", "/search"),
        Place("/search", "/search?q=waste+bank"),
        Place("/search", "/search?q=perizinan&topic=licensing&language=id&sort=newest"),
        Place("/search", "/search?q=lisencing"),
        Place("/search", "/search?q=zzzz&country=ID"),
        Place("/sign-in", "/sign-in"),
        Place("404", "/practices/nothing-of-this-name", 404),
        Place("404", "/nothing", 404),
    )  # fmt: skip


def _official(site: Site) -> Round:
    city = site.look_up(CITY_WITH, "draft")
    draft = site.look_up(BY_CITY, "draft", city)
    return Round(
        "official", site.look_up(PERSON_OF, "official", city),
        (
            Place("/", "/"),
            Place("/work", "/work"),
            Place("/account", "/account"),
            Place("/practices/new", "/practices/new"),
            Place("/practices/<slug>/draft", f"/practices/{draft}/draft"),
            Place("/practices/<slug>/edit", f"/practices/{draft}/edit"),
            Place("403", "/admin/", 403),
        ),
        (
            Way("form without a title", _no_title, 422),
            Way("form with a row more", _row_more),
            Way("two texts", lambda person: _conflict(person, draft), 409),
            Way("open account menu", _open_menu),
        ),
    )  # fmt: skip


def _lead(site: Site) -> Round:
    city = site.look_up(CITY_WITH, "submitted")
    submitted = site.look_up(BY_CITY, "submitted", city)
    draft = f"/practices/{submitted}/draft"
    return Round(
        "lead", site.look_up(PERSON_OF, "lead", city),
        (
            Place("/work", "/work"),
            Place("/practices/<slug>/draft", draft),
            Place("409", f"/practices/{submitted}/edit", 409),
        ),
        (Way("sent back without a comment", lambda person: _no_comment(person, draft), 422),),
    )  # fmt: skip


def _secretariat(site: Site) -> Round:
    signed_off = site.look_up(TEXT, "signed_off")
    active, applied = (site.look_up(CITY_THAT_IS, one) for one in ("active", "applied"))
    confirm = "/admin/memberships/<slug>/<any(active, suspended, lapsed, ended):after>"
    return Round(
        "secretariat", SECRETARIAT,
        (
            Place("/admin/", "/admin/"),
            Place("/admin/memberships", "/admin/memberships"),
            Place("/admin/memberships", "/admin/memberships?standing=applied"),
            Place("/admin/memberships", "/admin/memberships?q=zzzz"),
            Place("/admin/memberships/new", "/admin/memberships/new"),
            Place("/admin/memberships/new", "/admin/memberships/new?q=kupang"),
            Place("/admin/memberships/new", "/admin/memberships/new?q=zzzz"),
            Place("/admin/memberships/new/<slug>", "/admin/memberships/new/kota-bitung"),
            Place("/admin/memberships/<slug>", f"/admin/memberships/{active}"),
            Place(confirm, f"/admin/memberships/{applied}/active"),
            Place(confirm, f"/admin/memberships/{active}/suspended"),
            Place("/admin/reviews", "/admin/reviews"),
            Place("/admin/effects", "/admin/effects"),
            Place("/admin/effects", "/admin/effects?state=dead"),
            Place("/practices/<slug>/draft", f"/practices/{signed_off}/draft"),
        ),
        (Way("no reason", lambda person: _no_reason(person, applied), 422),),
    )  # fmt: skip


def _refused(person: Person) -> None:
    person.page.goto("/sign-in")
    person.field("Email address").fill("nobody@nowhere.example")
    person.field("Password").fill("not the password")
    person.main.get_by_role("button", name=person.words("Sign in"), exact=True).click()
    expect(person.heading("Please correct this")).to_be_visible()


def _no_title(person: Person) -> None:
    person.page.goto("/practices/new")
    person.field("Started").fill("last year")
    person.button("Save the draft").click()
    expect(person.heading("Please correct this")).to_be_visible()


def _row_more(person: Person) -> None:
    person.page.goto("/practices/new")
    person.button("Add a building block").click()
    expect(person.field("What it is called")).to_have_count(2)


def _open_menu(person: Person) -> None:
    person.page.goto("/about")
    person.open_account_menu()


def _conflict(person: Person, slug: str) -> None:
    """Save the same text from two windows."""
    person.page.goto(f"/practices/{slug}/edit")
    other = person.context.new_page()
    other.goto(f"/practices/{slug}/edit")
    for page, words in ((other, "The other text"), (person.page, "My text")):
        page.locator("#lessons").fill(words)
        page.locator(".cn-formbar").get_by_role(
            "button", name=person.words("Save the draft"), exact=True
        ).click()
        page.wait_for_load_state()
    other.close()
    expect(person.heading("Two texts of the same practice")).to_be_visible()


def _no_comment(person: Person, draft: str) -> None:
    person.page.goto(draft)
    person.page.locator("summary").filter(
        has_text=person.words("Send it back with a comment")
    ).click()
    person.button("Send back").click()
    expect(person.heading("Please correct this")).to_be_visible()


def _no_reason(person: Person, slug: str) -> None:
    person.page.goto(f"/admin/memberships/{slug}/active")
    person.button("Admit").click()
    expect(person.heading("Please correct this")).to_be_visible()
