"""What the people of cities look at: their work, their colleagues, their account."""

from __future__ import annotations

import pyotp
from playwright.sync_api import expect

from citynet.demo.desk import PASSWORD
from tests.browser.person import Person
from tests.browser.places import rows
from tests.browser.places.joining import INVITATION, INVITED
from tests.browser.places.kinds import Place, Round, Way, opened, refused
from tests.browser.site import Site

LEAD, COLLEAGUE = "lead@sidoarjo.example", "official@sidoarjo.example"
# Each language has an account of its own: what is set up in it is there afterwards.
ACCOUNTS = {"en": "official@bandung.example", "id": "official@semarang.example"}
NEW_PASSKEY = (
    "INSERT INTO passkeys"
    " (person_id, name, credential_id, public_key, user_handle, sign_count, created_at)"
    " SELECT id, 'Phone', ?, 'x', 'x', 0, CURRENT_TIMESTAMP FROM people WHERE email = ?"
)
PASSKEY = "SELECT passkeys.id FROM passkeys JOIN people ON people.id = person_id WHERE email = ?"


def rounds(site: Site, language: str) -> list[Round]:
    """Return what officials, leads and those whose city rests look at."""
    suspended, lapsed, applicant = (
        site.look_up(rows.OFFICIAL_OF_A, one) for one in ("suspended", "lapsed", "applied")
    )
    resting = (Place("/work", "/work"), Place("403", "/practices/new", 403))
    return [
        _official(site),
        _lead(site),
        _team(site),
        Round("account", ACCOUNTS[language], _ACCOUNT, _WAYS_IN_ACCOUNT),
        Round("suspended", suspended, (*resting, Place("/city/people", "/city/people"))),
        Round("lapsed", lapsed, resting),
        Round("applicant", applicant, (Place("/work", "/work"),)),
    ]


def _official(site: Site) -> Round:
    city = site.look_up(rows.CITY_WITH, "draft")
    return Round(
        "official", site.look_up(rows.PERSON_OF, "official", city),
        (
            Place("/", "/"),
            Place("/work", "/work"),
            Place("/city/people", "/city/people"),
            Place("/city/people/leave", "/city/people/leave"),
            Place("403", "/admin/", 403),
            Place("403", "/city/people/invite", 403),
        ),
        (
            Way("somebody else's invitation", _foreign, 403, INVITATION),
            Way("open account menu", _open_menu),
        ),
    )  # fmt: skip


def _lead(site: Site) -> Round:
    city = site.look_up(rows.CITY_WITH, "submitted")
    submitted = site.look_up(rows.BY_CITY, "submitted", city)
    draft = f"/practices/{submitted}/draft"
    return Round(
        "lead", site.look_up(rows.PERSON_OF, "lead", city),
        (
            Place("/work", "/work"),
            Place("/practices/<slug>/draft", draft),
            Place("409", f"/practices/{submitted}/edit", 409),
            Place("/city/actions", "/city/actions"),
        ),
        (Way("sent back without a comment", lambda person: _no_comment(person, draft), 422),),
    )  # fmt: skip


def _team(site: Site) -> Round:
    people = "/city/people"
    one = site.look_up(rows.OFFICIAL, COLLEAGUE)
    decline = f"{people}/requests/{site.look_up(rows.REQUEST)}/decline"
    return Round(
        "lead with a team", LEAD,
        (
            Place(people, people),
            Place(f"{people}/invite", f"{people}/invite"),
            Place(f"{people}/invite-many", f"{people}/invite-many"),
            Place(f"{people}/<int:official_id>/hand-over", f"{people}/{one}/hand-over"),
            Place(f"{people}/<int:official_id>/remove", f"{people}/{one}/remove"),
            Place(f"{people}/leave", f"{people}/leave"),
            Place(f"{people}/requests/<int:request_id>/decline", decline),
        ),
        (
            Way("nobody invited", refused(f"{people}/invite", "Invite"), 422),
            Way("list of nobody", refused(f"{people}/invite-many", "Show what would happen"), 422),
            Way("no reason to decline", refused(decline, "Decline"), 422),
            Way("list shown", _invite_many, rule=f"{people}/invite-many/<int:preview_id>"),
        ),
    )  # fmt: skip


def _invite_many(person: Person) -> None:
    """One new address and one of an official that is there."""
    person.page.goto("/city/people/invite-many")
    person.field("People").fill(
        f"Ana Lestari <many-{person.words.language}@sidoarjo.example>\n{COLLEAGUE}"
    )
    person.button("Show what would happen").click()
    expect(person.heading("What inviting this list does")).to_be_visible()


def _foreign(person: Person) -> None:
    person.page.goto(person.site.mails.link(INVITED, "/invitations/"))


def _open_menu(person: Person) -> None:
    person.page.goto("/about")
    person.open_account_menu()


def _no_comment(person: Person, draft: str) -> None:
    person.page.goto(draft)
    person.page.locator("summary").filter(
        has_text=person.words("Send it back with a comment")
    ).click()
    person.button("Send back").click()
    expect(person.heading("Please correct this")).to_be_visible()


def _new_address(person: Person) -> str:
    return f"new-{person.words.language}@citynet.example"


def _change_address(person: Person) -> None:
    person.page.goto("/account/email")
    person.field("New email address").fill(_new_address(person))
    person.field("Your password").fill(PASSWORD)
    person.button("Send the link").click()
    expect(person.main.get_by_text(_new_address(person)).first).to_be_visible()


def _confirm_address(person: Person) -> None:
    person.page.goto(person.site.mails.link(_new_address(person), "/account/email/"))
    expect(person.main.locator("form")).to_have_count(1)


def _app(person: Person) -> None:
    person.page.goto("/account/second-factor")
    person.field("Your password").fill(PASSWORD)
    person.button("Begin").click()
    expect(person.heading("Connect your app")).to_be_visible()


def _recovery_codes(person: Person) -> None:
    secret = person.main.locator(".cn-key").inner_text().replace(" ", "")
    person.field("Code").fill(pyotp.TOTP(secret).now())
    person.button("Switch it on").click()
    expect(person.heading("Keep your recovery codes")).to_be_visible()


def _passkeys(person: Person) -> None:
    language = person.words.language
    person.site.change(NEW_PASSKEY, f"seen-in-{language}", ACCOUNTS[language])
    person.page.goto("/account/passkeys")


def _remove_passkey(person: Person) -> None:
    found = person.site.look_up(PASSKEY, ACCOUNTS[person.words.language])
    person.page.goto(f"/account/passkeys/{found}/remove")


def _second_step(person: Person) -> None:
    person.sign_out()
    person.page.goto("/sign-in")
    person.field("Email address").fill(ACCOUNTS[person.words.language])
    person.field("Password").fill(PASSWORD)
    person.main.get_by_role("button", name=person.words("Sign in"), exact=True).click()
    expect(person.heading("One more step")).to_be_visible()


_ACCOUNT = tuple(
    Place(path, path)
    for path in (
        "/account", "/account/name", "/account/email", "/account/password", "/account/data",
        "/account/erase", "/account/actions", "/account/passkeys", "/account/second-factor",
    )
)  # fmt: skip
_WAYS_IN_ACCOUNT = (
    Way("password with errors", refused("/account/password", "Change the password"), 422),
    Way("link to the new address", _change_address),
    Way("new address", _confirm_address, rule="/account/email/<secret>"),
    Way("link of nobody", opened("/account/email/nothing"), 404),
    Way("app", _app, rule="/account/second-factor/confirm"),
    Way("recovery codes", _recovery_codes),
    Way("second factor", opened("/account/second-factor")),
    Way(
        "second factor with errors",
        refused("/account/second-factor", "Switch the second factor off"),
        422,
    ),
    Way("passkeys", _passkeys),
    Way("passkey to remove", _remove_passkey, rule="/account/passkeys/<int:passkey_id>/remove"),
    Way("account with everything", opened("/account")),
    Way("second step", _second_step, rule="/sign-in/code"),
)  # fmt: skip
