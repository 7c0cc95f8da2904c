"""Officials brought in from a table: a dry run line by line, and the job that does it.

By default each is invited; the network's secretariat may also make the accounts at once, without
a mail: their owners set a password by "forgotten password".
"""

from __future__ import annotations

import enum
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from citynet.accounts import queries as people
from citynet.accounts.service.enrolling import enrol
from citynet.cities import policy
from citynet.cities.models import Actor, City, Preview, Role
from citynet.cities.queries import addresses, team
from citynet.cities.service import previews
from citynet.cities.service.fates import GOING, Fate, Ground, ground_of, sentence
from citynet.cities.service.inviting import (
    EMAILS,
    INVITE,
    NAMES,
    actor_of_job,
    check_person,
    invite_item,
)
from citynet.cities.service.officials import hold, place
from citynet.cities.service.previews import Line
from citynet.kit import db, jobs
from citynet.kit.errors import Invalid, require
from citynet.kit.i18n import LANGUAGES, _
from citynet.kit.sheets import Row, Table

ENROL = "people.enrol"
CITIES = ("city", "kota", "city code", "kode", "kabupaten/kota")
COUNTRIES = ("country", "negara")
ROLES = ("role", "peran")
LANGUAGE = ("language", "bahasa")
ROLE_WORDS = {
    "": Role.OFFICIAL, "official": Role.OFFICIAL, "pejabat": Role.OFFICIAL,
    "aparatur": Role.OFFICIAL, "lead": Role.LEAD, "penanggung jawab": Role.LEAD,
}  # fmt: skip


class Way(enum.StrEnum):
    """How the people of a table come in."""

    INVITE = "invite"
    ENROL = "enrol"


@dataclass(frozen=True)
class Columns:
    """Where a table has what is read of it; empty where it has none."""

    email: str
    city: str
    name: str
    country: str
    role: str
    language: str

    def cell(self, row: Row, head: str) -> str:
        """Return a cell, empty where the table has no such column."""
        return row.cells.get(head, "") if head else ""


@dataclass(frozen=True)
class Reader:
    """What is needed to judge each line, read once for the whole table."""

    actor: Actor
    way: Way
    columns: Columns
    cities: addresses.Cities
    open_ids: Collection[int]
    ground: Ground

    def line(self, row: Row) -> Line:
        """Return what a line of the table would do."""
        cell, columns = self.columns.cell, self.columns
        email, typed = cell(row, columns.email), cell(row, columns.name)
        shown = (f"{typed} <{email}>" if typed and email else typed or email)[:200]
        try:
            name, city, role, language = self._read(row, email, typed)
        except Invalid as error:
            return Line(shown, next(iter(error.fields.values())), number=row.line)
        email = people.normal_email(email)
        fate = self.ground.fate(email, city.id, role)
        words = f"{city.full_name}: {self._sentence(fate)}"
        goes = fate in GOING and not (self.way == Way.ENROL and email in self.ground.known)
        item = invite_item(city, email, name, role, language) if goes else {}
        return Line(f"{name} <{email}>", words, item, row.line)

    def _read(self, row: Row, email: str, typed: str) -> tuple[str, City, Role, str]:
        cell, columns = self.columns.cell, self.columns
        problem, name = check_person(typed, email)
        if problem:
            raise Invalid({"email": problem})
        city = self.cities.named(cell(row, columns.city), cell(row, columns.country))
        if city is None:
            raise Invalid({"city": _("No single city is meant by “%(city)s”. Write its code.",
                                     city=cell(row, columns.city)[:80])})  # fmt: skip
        if not policy.administers(self.actor, city):
            raise Invalid({"city": _("%(city)s is not yours to look after.", city=city.full_name)})
        if city.id not in self.open_ids:
            raise Invalid({"city": _("%(city)s is not in the network.", city=city.full_name)})
        role = ROLE_WORDS.get(cell(row, columns.role).casefold())
        if role is None:
            raise Invalid({"role": _("Write official or lead as the role.")})
        language = cell(row, columns.language).casefold()[:2]
        return name, city, role, language if language in LANGUAGES else _language_of(city)

    def _sentence(self, fate: Fate) -> str:
        if self.way == Way.INVITE or fate not in GOING:
            return sentence(fate)
        if fate == Fate.ELSEWHERE:
            return _("Acts for another city. Move the person instead.")
        return _("Gets an account, and no mail.")


@db.transaction
def preview(actor: Actor, table: Table, *, way: Way) -> Preview:
    """Tell line by line what bringing in a table of officials would do.

    Raises:
        Forbidden: not from the desk; accounts at once only by the network's secretariat.
        Invalid: a table without the columns that are needed.
    """
    require(policy.can_use_desk(actor))
    if way == Way.ENROL:
        require(policy.can_manage_network(actor))
    reader = _reader(actor, table, way)
    lines = [reader.line(row) for row in table.rows]
    kind, title = (
        (INVITE, _("Import of officials: invitations"))
        if way == Way.INVITE
        else (ENROL, _("Import of officials: accounts"))
    )
    return previews.keep(actor, kind, title=title, lines=lines)


def _reader(actor: Actor, table: Table, way: Way) -> Reader:
    columns = _columns(table.heads)
    emails = {people.normal_email(row.cells[columns.email]) for row in table.rows}
    named = addresses.cities({row.cells[columns.city] for row in table.rows})
    ids = named.ids()
    return Reader(actor, way, columns, named, team.open_cities(), ground_of(emails, ids))


def _columns(heads: Sequence[str]) -> Columns:
    by_name = {head.casefold(): head for head in heads}

    def find(words: Sequence[str]) -> str:
        return next((by_name[word] for word in words if word in by_name), "")

    found = Columns(*map(find, (EMAILS, CITIES, NAMES, COUNTRIES, ROLES, LANGUAGE)))
    if not found.email or not found.city:
        raise Invalid({"file": _("The file needs the columns “email” and “city”.")})
    return found


def _language_of(city: City) -> str:
    return "id" if city.country == "ID" else "en"


@jobs.doer(ENROL)
def do_enrol(actor_id: int | None, item: Mapping[str, str]) -> str:
    """Make the account of one person of a table, with the rights the actor has by now."""
    actor = actor_of_job(actor_id)
    city = db.session().get_one(City, int(item["city"]))
    require(policy.can_manage_network(actor) and policy.administers(actor, city))
    hold(city.id)
    role = Role(item["role"])
    if role == Role.LEAD and team.lead_of(city.id) is not None:
        raise Invalid({"role": sentence(Fate.LED)})
    person = enrol(
        actor.person, item["email"], name=item["person"], language=item["language"]
    )  # fmt: skip
    place(actor.person_id, person, city.id, role)
    return _("Has an account.")
