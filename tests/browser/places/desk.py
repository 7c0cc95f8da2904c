"""What a secretariat looks at to decide: memberships, applications, people."""

from __future__ import annotations

from playwright.sync_api import expect

from citynet.demo.desk import CHAPTER
from citynet.demo.service import SECRETARIAT
from tests.browser.person import Person
from tests.browser.places import reviews, rows
from tests.browser.places.kinds import Place, Round, Way, refused
from tests.browser.site import Site

APPLICATIONS, MEMBERSHIPS, PEOPLE = "/admin/applications", "/admin/memberships", "/admin/people"
STEP = f"{APPLICATIONS}/<int:application_id>/<any(admit, ask, decline):step>"
# A term that the next language can still prolong.
UNTIL = {"en": "2032-12-31", "id": "2033-12-31"}


def rounds(site: Site) -> list[Round]:
    """Return what the secretariat looks at, and the secretariat of a chapter."""
    return [
        _memberships(site),
        _applications(site),
        _people(site),
        reviews.secretariat(site),
        Round(
            "chapter's secretariat", CHAPTER,
            (
                Place("/admin/", "/admin/"),
                Place(MEMBERSHIPS, MEMBERSHIPS),
                Place("403", "/admin/chapters", 403),
            ),
        ),
    ]  # fmt: skip


def _memberships(site: Site) -> Round:
    applied, suspended = (site.look_up(rows.CITY_THAT_IS, one) for one in ("applied", "suspended"))
    active = site.look_up(rows.CITY_WITH_A_TERM, "active")
    one, shown = f"{MEMBERSHIPS}/<slug>", f"{MEMBERSHIPS}/{active}"
    confirm = f"{one}/<any(active, suspended, lapsed, ended):after>"
    return Round(
        "secretariat, memberships", SECRETARIAT,
        (
            Place("/admin/", "/admin/"),
            Place("/admin/search", "/admin/search?q=sidoarjo"),
            Place("/admin/search", "/admin/search?q=zzzz"),
            Place(MEMBERSHIPS, MEMBERSHIPS),
            Place(MEMBERSHIPS, f"{MEMBERSHIPS}?standing=applied"),
            Place(MEMBERSHIPS, f"{MEMBERSHIPS}?q=zzzz"),
            Place(one, shown),
            Place(one, f"{MEMBERSHIPS}/{applied}"),
            Place(confirm, f"{MEMBERSHIPS}/{suspended}/active"),
            Place(confirm, f"{shown}/suspended"),
            *(
                Place(f"{one}/{step}", f"{shown}/{step}")
                for step in ("renewal", "term", "category", "data", "chapter")
            ),
            Place("/admin/effects", "/admin/effects"),
            Place("/admin/effects", "/admin/effects?state=dead"),
        ),
        (
            Way("no reason", refused(f"{MEMBERSHIPS}/{suspended}/active", "Restore"), 422),
            Way("no data", lambda person: _no_data(person, f"{shown}/data"), 422),
            Way("nothing chosen", _nothing_chosen),
            Way("many chosen", _choose_many),
            Way("many changed", _preview_many, rule="/admin/previews/<int:preview_id>"),
            Way("job", _begin, rule="/jobs/<int:job_id>"),
            Way("job done", _reload),
        ),
    )  # fmt: skip


def _applications(site: Site) -> Round:
    waiting = site.look_up(rows.JOINED_TO)
    asked = site.look_up(rows.APPLICATION, "asked")
    new = site.look_up(rows.NOT_LISTED)
    one, shown = f"{APPLICATIONS}/<int:application_id>", f"{APPLICATIONS}/{waiting}"
    return Round(
        "secretariat, applications", SECRETARIAT,
        (
            Place(APPLICATIONS, APPLICATIONS),
            Place(APPLICATIONS, f"{APPLICATIONS}?state=declined"),
            Place(one, shown),
            Place(one, f"{APPLICATIONS}/{asked}"),
            *(Place(STEP, f"{shown}/{step}") for step in ("admit", "ask", "decline")),
            Place("/join/register", "/join/register"),
            Place("/join/register", "/join/register?q=kupang"),
            Place("/join/register", "/join/register?city=kota-bitung"),
        ),
        (
            Way("city not in the table", lambda person: _goto(person, f"{APPLICATIONS}/{new}")),
            Way("new city", lambda person: _goto(person, f"{APPLICATIONS}/{new}/admit"), rule=STEP),
            Way("nothing asked", refused(f"{shown}/ask", "Continue to the letter"), 422),
            Way("letter", lambda person: _letter(person, f"{shown}/ask")),
            Way("letter with errors", _empty_letter, 422),
            Way("registered with errors",
                refused("/join/register?city=kota-bitung", "Register the application"), 422),
        ),
    )  # fmt: skip


def _people(site: Site) -> Round:
    lead = f"{PEOPLE}/{site.look_up(rows.PERSON, 'lead@sidoarjo.example')}"
    revoke = f"/admin/invitations/{site.look_up(rows.INVITATION)}/revoke"
    decline = f"/admin/requests/{site.look_up(rows.REQUEST)}/decline"
    return Round(
        "secretariat, people", SECRETARIAT,
        (
            Place(PEOPLE, PEOPLE),
            Place(PEOPLE, f"{PEOPLE}?seat=lead&sort=name"),
            Place(PEOPLE, f"{PEOPLE}?q=zzzz"),
            Place(f"{PEOPLE}/<int:person_id>", lead),
            *(
                Place(f"{PEOPLE}/<int:person_id>/<step>", f"{lead}/{step}")
                for step in ("deactivate", "move", "erase")
            ),
            Place(f"{PEOPLE}/invite", f"{PEOPLE}/invite"),
            Place(f"{PEOPLE}/invite-colleague", f"{PEOPLE}/invite-colleague"),
            Place("/admin/invitations", "/admin/invitations"),
            Place("/admin/invitations/<int:invitation_id>/revoke", revoke),
            Place("/admin/requests", "/admin/requests"),
            Place("/admin/requests/<int:request_id>/decline", decline),
        ),
        (
            Way("no reason to deactivate", refused(f"{lead}/deactivate", "Deactivate"), 422),
            Way("nobody invited", refused(f"{PEOPLE}/invite", "Show what would happen"), 422),
            Way("no colleague", refused(f"{PEOPLE}/invite-colleague", "Invite"), 422),
            Way("no reason to decline", refused(decline, "Decline"), 422),
        ),
    )  # fmt: skip


def _goto(person: Person, path: str) -> None:
    person.page.goto(path)


def _reload(person: Person) -> None:
    person.page.reload()


def _no_data(person: Person, path: str) -> None:
    person.page.goto(path)
    person.field("Latitude").fill("north")
    person.button("Save").click()
    expect(person.heading("Please correct this")).to_be_visible()


def _nothing_chosen(person: Person) -> None:
    person.page.goto(MEMBERSHIPS)
    person.button("Change the chosen").click()
    expect(person.heading("Nothing is chosen")).to_be_visible()


def _choose_many(person: Person) -> None:
    person.page.goto(f"{MEMBERSHIPS}?q=yo")
    person.main.locator("input[name=everything]").check()
    person.button("Change the chosen").click()
    expect(person.main.get_by_label(person.words("Renew the term until a day"))).to_be_visible()


def _preview_many(person: Person) -> None:
    person.main.get_by_label(person.words("Renew the term until a day")).check()
    person.field("Last day of the term").fill(UNTIL[person.words.language])
    person.field("Reason").fill("The fees are paid.")
    person.button("Show what would change").click()
    expect(person.main.locator("form")).to_have_count(1)


def _begin(person: Person) -> None:
    person.main.locator("form").get_by_role("button").click()
    person.sees("Finished. Everything was done.")


def _letter(person: Person, path: str) -> None:
    person.page.goto(path)
    person.field("What you want to know").fill("Who signs for the city?")
    person.button("Continue to the letter").click()
    expect(person.button("Send the question")).to_be_visible()


def _empty_letter(person: Person) -> None:
    person.field("Text").fill("")
    person.button("Send the question").click()
    expect(person.heading("Please correct this")).to_be_visible()
