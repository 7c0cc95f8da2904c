"""Bringing in a list of members: what each line would do, told first; then done, line by line.

`plan` reads and changes nothing; `apply_row` plans one line anew on what stands by then and takes
its steps through the commands, all of them or none. A line that is done already does nothing, so
a list can be brought in again.

Columns: city (official code, GeoNames id as `gn:…`, address here, or name, then with `country`),
standing, category, from, until, chapter, lead (mail address), lead name. An empty cell leaves
what is there; `until` may say `-`: without an end. A new membership is active, full, from today
and without an end where its line does not say otherwise.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass, replace

from citynet.accounts import queries as people
from citynet.cities import policy, terms
from citynet.cities.letters.membership import language_of_country
from citynet.cities.models import Actor, Category, City, Membership, Role, Standing
from citynet.cities.queries import listing
from citynet.cities.queries.listing import Ground
from citynet.cities.service import chapters, invitations, memberships, officials, reading
from citynet.cities.service import terms as term_service
from citynet.cities.service.reading import Wanted
from citynet.kit import db
from citynet.kit.errors import CityNetError, Invalid
from citynet.kit.i18n import _, lazy
from citynet.kit.sheets import Row, Table


class Act(enum.StrEnum):
    """A step that a line asks for."""

    ENTER = "enter"
    STANDING = "standing"
    CATEGORY = "category"
    TERM = "term"
    CHAPTER = "chapter"
    LEAD = "lead"
    INVITE = "invite"


WORDS = {
    Act.ENTER: lazy("becomes a member: %(standing)s"),
    Act.STANDING: lazy("standing becomes %(standing)s"),
    Act.CATEGORY: lazy("category becomes %(category)s"),
    Act.TERM: lazy("the term is corrected: %(first)s to %(last)s"),
    Act.CHAPTER: lazy("goes into the chapter %(chapter)s"),
    Act.LEAD: lazy("%(lead)s becomes its lead"),
    Act.INVITE: lazy("%(lead)s is invited as its lead"),
}


@dataclass(frozen=True)
class Line:
    """What one line of a list would do, or why it cannot."""

    number: int
    # What the line calls the city; its full name here once it is known.
    named: str
    city: City | None = None
    wanted: Wanted | None = None
    acts: tuple[Act, ...] = ()
    problem: str = ""

    @property
    def sentence(self) -> str:
        """Return in words what would happen."""
        if self.problem:
            return self.problem
        return "; ".join(self._told(act) for act in self.acts) or _("nothing to do")

    def _told(self, act: Act) -> str:
        wanted = self.wanted
        if wanted is None:
            return ""
        last = _("without an end") if wanted.until in (None, terms.WITHOUT_END) else wanted.until
        return str(WORDS[act]) % {
            "standing": wanted.standing or Standing.ACTIVE, "category": wanted.category,
            "first": wanted.from_day or "…", "last": last, "chapter": wanted.chapter,
            "lead": wanted.lead,
        }  # fmt: skip


def plan(actor: Actor, table: Table) -> list[Line]:
    """Return what each line would do; reads the network in a few queries and changes nothing."""
    read = [(row, _read(row)) for row in table.rows]
    wants = [found for _row, found in read if isinstance(found, Wanted)]
    known = listing.ground(
        {text for one in wants for text in one.named}, {one.lead for one in wants if one.lead}
    )
    lines: list[Line] = []
    first: dict[int, int] = {}
    for row, found in read:
        line = _line(actor, row, found, known)
        if line.city is not None and not line.problem:
            before = first.setdefault(line.city.id, row.line)
            if before != row.line:
                line = replace(line, acts=(), problem=_("Stands in line %(line)s, too.",
                                                        line=before))  # fmt: skip
        lines.append(line)
    return lines


@db.transaction
def apply_row(actor: Actor, row: Row, *, reason: str) -> Line:
    """Do what a line asks for, all of it or nothing, and return what was done.

    Raises:
        CityNetError: what stands against it.
    """
    line = plan(actor, Table(list(row.cells), [row]))[0]
    if line.problem:
        raise Invalid({"line": line.problem})
    if line.city is not None and line.wanted is not None:
        for act in line.acts:
            _take(actor, act, line.city, line.wanted, reason)
    return line


def try_row(actor: Actor, row: Row, *, reason: str) -> Line:
    """Do what a line asks for; where something stands against it, the line returned tells."""
    try:
        return apply_row(actor, row, reason=reason)
    except CityNetError as error:
        return Line(row.line, _called(row), problem=str(error))


def _read(row: Row) -> Wanted | str:
    try:
        return reading.read_cells(row.cells)
    except Invalid as error:
        return " ".join(error.fields.values())


def _called(row: Row) -> str:
    return " ".join(next(iter(row.cells.values()), "").split())[:80]


def _line(actor: Actor, row: Row, found: Wanted | str, known: Ground) -> Line:
    line = Line(row.line, _called(row))
    if isinstance(found, str):
        return replace(line, problem=found)
    city = _city_of(found, known)
    if isinstance(city, str):
        return replace(line, problem=city)
    line = replace(line, named=city.full_name, city=city, wanted=found)
    try:
        return replace(line, acts=tuple(_acts(actor, city, found, known)))
    except CityNetError as error:
        return replace(line, problem=str(error))


def _city_of(wanted: Wanted, known: Ground) -> City | str:
    """Return the city that a line means, or why none is meant."""
    shared = ""
    for text in wanted.named:
        found = known.cities.get(" ".join(text.lower().split()), [])
        if wanted.country:
            found = [city for city in found if city.country == wanted.country]
        if len(found) == 1:
            return found[0]
        # The code may stand in the next column.
        shared = shared or (text[:80] if found else "")
    if shared:
        return _("Several cities are called %(name)s: write the code.", name=shared)
    return _("No city of the table is called %(name)s.", name=wanted.named[0][:80])


def _acts(actor: Actor, city: City, wanted: Wanted, known: Ground) -> list[Act]:
    """Return the steps from what stands to what is wanted.

    Raises:
        CityNetError: what stands against them.
    """
    if not policy.administers(actor, city):
        raise Invalid({"city": _("Another secretariat looks after this city.")})
    membership = known.memberships.get(city.id)
    acts = _changes(membership, wanted) if membership else [Act.ENTER]
    if set(acts) & {Act.ENTER, Act.STANDING, Act.TERM}:
        present = Standing(membership.standing) if membership else Standing.ACTIVE
        last = None if wanted.until == terms.WITHOUT_END else wanted.until
        memberships.check_days(wanted.standing or present, wanted.from_day, last)
    if wanted.chapter:
        acts += _to_chapter(actor, city, wanted.chapter, known)
    if wanted.lead:
        acts += _to_lead(actor, city, wanted.lead, known)
    return acts


def _changes(membership: Membership, wanted: Wanted) -> list[Act]:
    """Return the steps on a membership that is there already."""
    acts = []
    before = Standing(membership.standing)
    if wanted.standing is not None and wanted.standing != before:
        if not policy.can_move(before, wanted.standing):
            raise Invalid({"standing": _("From %(before)s it cannot become %(after)s.",
                                         before=before, after=wanted.standing)})  # fmt: skip
        acts.append(Act.STANDING)
    if wanted.category is not None and wanted.category != membership.category:
        acts.append(Act.CATEGORY)
    last = None if wanted.until == terms.WITHOUT_END else wanted.until
    is_moved = wanted.until is not None and last != membership.until_day
    if is_moved or wanted.from_day not in (None, membership.from_day):
        acts.append(Act.TERM)
    return acts


def _to_chapter(actor: Actor, city: City, name: str, known: Ground) -> list[Act]:
    chapter = known.chapters.get(" ".join(name.lower().split()))
    if chapter is None:
        raise Invalid({"chapter": _("There is no chapter %(name)s.", name=name[:80])})
    if chapter.id == city.chapter_id:
        return []
    if not policy.can_manage_network(actor):
        raise Invalid({"chapter": _("Only the network's secretariat moves cities.")})
    return [Act.CHAPTER]


def _to_lead(actor: Actor, city: City, email: str, known: Ground) -> list[Act]:
    lead, person = known.leads.get(city.id), known.people.get(email)
    if lead == email or (email, city.id) in known.invited:
        return []
    if lead is not None:
        raise Invalid({"lead": _("The city has another lead. Hand the lead over instead.")})
    if person is None:
        return [Act.INVITE]
    if not person.is_active:
        raise Invalid({"lead": _("The account of %(email)s is deactivated.", email=email)})
    if person.is_of_secretariat:
        raise Invalid({"lead": _("%(email)s is of a secretariat.", email=email)})
    if person.city_id not in (None, city.id):
        raise Invalid({"lead": _("%(email)s acts for another city.", email=email)})
    # Who acts for no city is the network's to seat; a chapter asks them.
    may_seat = person.city_id == city.id or policy.can_manage_network(actor)
    return [Act.LEAD] if may_seat else [Act.INVITE]


def _take(actor: Actor, act: Act, city: City, wanted: Wanted, reason: str) -> None:
    """Take one step by its command."""
    match act:
        case Act.ENTER:
            _enter(actor, city, wanted, reason)
        case Act.STANDING if wanted.standing is not None:
            memberships.change_standing(
                actor, city, wanted.standing, reason=reason, category=wanted.category,
                until=wanted.until if wanted.standing == Standing.ACTIVE else None,
            )  # fmt: skip
        case Act.CATEGORY if wanted.category is not None:
            if _now(city).category != wanted.category:
                memberships.change_category(actor, city, wanted.category, reason=reason)
        case Act.TERM:
            _correct(actor, city, wanted, reason)
        case Act.CHAPTER:
            chapters.put_cities(actor, listing.chapter_called(wanted.chapter), [city])
        case Act.LEAD if (person := people.by_email(wanted.lead)) is not None:
            officials.appoint(actor, person, city, role=Role.LEAD)
        case Act.INVITE:
            invitations.invite_by_mail(
                actor, city, email=wanted.lead, name=wanted.lead_name, role=Role.LEAD,
                language=language_of_country(city.country),
            )  # fmt: skip


def _enter(actor: Actor, city: City, wanted: Wanted, reason: str) -> None:
    memberships.enter(
        actor, city, wanted.standing or Standing.ACTIVE, reason=reason,
        category=wanted.category or Category.FULL, from_day=wanted.from_day,
        until_day=None if wanted.until == terms.WITHOUT_END else wanted.until,
    )  # fmt: skip


def _correct(actor: Actor, city: City, wanted: Wanted, reason: str) -> None:
    """Put the days right that the steps before did not."""
    membership = _now(city)
    first = wanted.from_day or membership.from_day or terms.today()
    last = membership.until_day if wanted.until is None else wanted.until
    last = None if last == terms.WITHOUT_END else last
    if (first, last) != (membership.from_day, membership.until_day):
        term_service.correct_term(
            actor, city, from_day=first, until=last, reason=reason,
            seen_until=membership.until_day,
        )  # fmt: skip


def _now(city: City) -> Membership:
    return listing.ground({city.code}, ()).memberships[city.id]
