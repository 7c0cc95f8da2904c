"""Many invitations at once: a pasted list or a table becomes a preview, and that a job."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from citynet.accounts import queries as people
from citynet.accounts.models import Person
from citynet.accounts.service.people import problem_of_email, tidy_name
from citynet.cities import policy, queries
from citynet.cities.models import Actor, City, Preview, Role
from citynet.cities.service import previews
from citynet.cities.service.fates import GOING, ground_of, sentence
from citynet.cities.service.invitations import invite_by_mail, name_from
from citynet.cities.service.previews import Line
from citynet.kit import db, jobs
from citynet.kit.errors import Invalid, require
from citynet.kit.i18n import LANGUAGES, _
from citynet.kit.sheets import Table

INVITE = "people.invite"
MOST_LINES = 500
# What people call the columns, in both languages.
NAMES = ("name", "nama")
EMAILS = ("email", "e-mail", "mail", "email address", "surel", "alamat surel")
SEPARATORS = re.compile(r"[,;\t]")
IN_BRACKETS = re.compile(r"^(?P<name>.*)<(?P<email>[^<>]*)>\s*$")


@dataclass(frozen=True)
class Entry:
    """One person of a list: where it stands, and what was written."""

    number: int
    name: str
    email: str


def read_pasted(text: str) -> list[Entry]:
    """Return the people of a pasted list: `Name <mail>` one a line, or commas and semicolons.

    Raises:
        Invalid: nothing there, or more than 500.
    """
    found: list[Entry] = []
    for number, line in enumerate(text.splitlines(), start=1):
        found.extend(_read_line(number, line))
        if len(found) > MOST_LINES:
            raise _too_many()
    if not found:
        raise Invalid({"people": _("Write at least one email address.")})
    return found


def read_table(table: Table) -> list[Entry]:
    """Return the people of a table with a column for the address and perhaps one for the name.

    Raises:
        Invalid: no column of addresses, nothing there, or more than 500.
    """
    heads = {head.casefold(): head for head in table.heads}
    email = next((heads[one] for one in EMAILS if one in heads), "")
    name = next((heads[one] for one in NAMES if one in heads), "")
    if not email:
        raise Invalid({"file": _("The file needs a column “email”.")})
    if not table.rows:
        raise Invalid({"file": _("The file has no line below its headings.")})
    if len(table.rows) > MOST_LINES:
        raise _too_many("file")
    return [
        Entry(row.line, row.cells.get(name, "") if name else "", row.cells[email])
        for row in table.rows
    ]


def _too_many(field: str = "people") -> Invalid:
    return Invalid({field: _("These are more than 500. Split the list and send the parts.")})


def _read_line(number: int, line: str) -> list[Entry]:
    """Read one line. A comma may stand in a name (Budi, S.Kom.): only an address ends a person."""
    found: list[Entry] = []
    names: list[str] = []
    for part in filter(None, map(str.strip, SEPARATORS.split(line))):
        if "@" not in part:
            names.append(part)
            continue
        bracketed = IN_BRACKETS.match(part)
        before, email = (
            (bracketed["name"], bracketed["email"])
            if bracketed
            else (part.rpartition(" ")[0], part.rpartition(" ")[2])
        )
        name = ", ".join(filter(None, [*names, before.strip().strip('"')]))
        found.append(Entry(number, name.strip('" '), email.strip()))
        names = []
    if names and len(found) == 1 and not found[0].name:
        return [Entry(number, ", ".join(names).strip('" '), found[0].email)]
    return found if found or not names else [Entry(number, ", ".join(names), "")]


@db.transaction
def preview(
    actor: Actor, city: City, entries: Sequence[Entry], *, role: Role, language: str
) -> Preview:
    """Tell line by line what inviting these people would do.

    Raises:
        Forbidden: not the actor's city, or a role that is not the actor's to give.
    """
    require(policy.can_manage_officials(actor, city))
    if role == Role.LEAD:
        require(policy.can_name_lead(actor, city))
    ground = ground_of({people.normal_email(one.email) for one in entries}, {city.id})
    lines: list[Line] = []
    for one in entries:
        shown = f"{one.name} <{one.email}>" if one.name and one.email else one.name or one.email
        problem, name = check_person(one.name, one.email)
        if problem:
            lines.append(Line(shown[:200], problem, number=one.number))
            continue
        email = people.normal_email(one.email)
        fate = ground.fate(email, city.id, role)
        item = invite_item(city, email, name, role, language) if fate in GOING else {}
        lines.append(Line(f"{name} <{email}>", sentence(fate), item, one.number))
    title = _("Invitations to %(city)s", city=city.full_name)
    return previews.keep(actor, INVITE, title=title, lines=lines)


def check_person(name: str, email: str) -> tuple[str, str]:
    """Return what is wrong with a name and an address, and the name as it is kept."""
    if problem := problem_of_email(email.strip()):
        return problem, ""
    try:
        return "", tidy_name(name if name.strip() else name_from(people.normal_email(email)))
    except Invalid as error:
        return error.fields["name"], ""


def invite_item(city: City, email: str, name: str, role: Role, language: str) -> dict[str, str]:
    """Return the item of a job that invites."""
    return {
        "city": str(city.id), "email": email, "person": name, "role": role,
        "language": language if language in LANGUAGES else "en",
    }  # fmt: skip


@jobs.doer(INVITE)
def do_invite(actor_id: int | None, item: dict[str, str]) -> str:
    """Invite one person of a list, with the rights the actor has by now."""
    # The command itself reads the rights of this moment.
    actor = Actor(person=_person_of_job(actor_id))
    city = db.session().get_one(City, int(item["city"]))
    invite_by_mail(
        actor, city, email=item["email"], name=item["person"], role=Role(item["role"]),
        language=item["language"],
    )  # fmt: skip
    return _("Invited.")


def actor_of_job(actor_id: int | None) -> Actor:
    """Return who began a job, with the rights of this moment; a deactivated person has none."""
    return queries.actor_of(_person_of_job(actor_id))


def _person_of_job(actor_id: int | None) -> Person | None:
    person = db.session().get(Person, actor_id) if actor_id is not None else None
    return person if person is not None and person.is_active else None
