"""One act on many people or memberships: what it would do to each, and the jobs that do it.

A line holds what its row was when it was shown; a row that changed meanwhile is left alone and
told. Each act is the command that also works on a single one, with the rights of that moment.
"""

from __future__ import annotations

import enum
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from citynet.accounts.models import Person
from citynet.cities import policy, service
from citynet.cities.letters import team as letters_about_people
from citynet.cities.models import (
    Actor,
    Category,
    Chapter,
    City,
    Membership,
    Preview,
    Role,
    Standing,
)
from citynet.cities.queries import bulk as rows
from citynet.cities.queries import people as people_rows
from citynet.cities.queries.people import PersonRow
from citynet.cities.service import people, previews
from citynet.cities.service.inviting import actor_of_job
from citynet.cities.service.officials import move
from citynet.cities.service.previews import Line
from citynet.kit import audit, db, jobs, letters, network
from citynet.kit.errors import Conflict, Invalid, NotFound, require
from citynet.kit.http import external_url
from citynet.kit.i18n import _, in_language, show_date

PEOPLE, MEMBERSHIPS = "people.bulk", "memberships.bulk"


class Act(enum.StrEnum):
    """What can be done with many at once."""

    AGAIN = "again"
    DEACTIVATE = "deactivate"
    MOVE = "move"
    CHAPTER = "chapter"
    RENEW = "renew"
    CATEGORY = "category"


@dataclass(frozen=True, kw_only=True)
class Order:
    """What is to be done with each, and what it needs."""

    act: Act
    reason: str = ""
    city: City | None = None
    # None with the act `CHAPTER`: out of every chapter.
    chapter: Chapter | None = None
    category: Category = Category.FULL
    until: date | None = None

    @property
    def item(self) -> dict[str, str]:
        """Return what a job needs to know of it."""
        return {
            "act": self.act, "reason": self.reason, "category": self.category,
            "city": str(self.city.id) if self.city else "",
            "chapter": str(self.chapter.id) if self.chapter else "",
            "until": self.until.isoformat() if self.until else "",
        }  # fmt: skip


@db.transaction
def preview_people(actor: Actor, ids: Sequence[int], order: Order) -> Preview:
    """Tell for each of these people what the act would do; others than one's own are left out.

    Raises:
        Invalid: no reason, or no city to move to.
        Forbidden: not from the desk, or a city that is not the actor's to look after.
    """
    require(policy.can_use_desk(actor))
    if order.act == Act.DEACTIVATE:
        people.read_reason(order.reason)
    if order.act == Act.MOVE:
        if order.city is None:
            raise Invalid({"city": _("Write the city to move to: its name or code.")})
        require(policy.administers(actor, order.city))
    found = people_rows.people_by_id(actor, list(ids))
    lines = [_person_line(actor, found[one], order) for one in ids if one in found]
    return previews.keep(actor, PEOPLE, title=title_of(order), lines=lines)


@db.transaction
def preview_memberships(actor: Actor, ids: Sequence[int], order: Order) -> Preview:
    """Tell for each of these memberships what the act would do.

    Raises:
        Invalid: no reason, or no day.
        Forbidden: not from the desk; chapters are the network's to change.
    """
    require(policy.can_use_desk(actor))
    if order.act == Act.CHAPTER:
        require(policy.can_manage_network(actor))
    else:
        people.read_reason(order.reason)
    if order.act == Act.RENEW and order.until is None:
        raise Invalid({"until": _("Choose the last day of the term.")})
    found = rows.memberships_by_id(actor, list(ids))
    lines = [_membership_line(found[one], order) for one in ids if one in found]
    return previews.keep(actor, MEMBERSHIPS, title=title_of(order), lines=lines)


def title_of(order: Order) -> str:
    """Return what the act is called."""
    if order.act == Act.MOVE:
        return _("Move to %(city)s", city=order.city.full_name if order.city else "–")
    if order.act == Act.CHAPTER and order.chapter is not None:
        return _("Put into %(chapter)s", chapter=order.chapter.name)
    if order.act == Act.RENEW:
        return _("Renew until %(day)s", day=show_date(order.until))
    return {
        Act.AGAIN: _("Invite again"),
        Act.DEACTIVATE: _("Deactivate accounts"),
        Act.CHAPTER: _("Take out of chapters"),
        Act.CATEGORY: _("Make associate members")
        if order.category == Category.ASSOCIATE
        else _("Make full members"),
    }[order.act]


def _person_line(actor: Actor, row: PersonRow, order: Order) -> Line:
    person = row[0]
    name = f"{person.name} <{person.email}>"
    why_not = _why_not_person(actor, row, order)
    if why_not:
        return Line(name, why_not)
    item = {**order.item, "person": str(person.id), "seen": _seen_person(row)}
    return Line(name, _person_change(row, order), item)


def _why_not_person(actor: Actor, row: PersonRow, order: Order) -> str:
    """Return why a person is left alone, empty where nothing stands in the way."""
    person, official, city, chapter_name, seen_at, _is_strong = row
    is_lead = official is not None and official.role == Role.LEAD and person.is_active
    if order.act == Act.AGAIN:
        if seen_at is not None:
            return _("Has signed in already.")
        return "" if person.is_active else _("Is deactivated.")
    if person.id == actor.person_id:
        return _("This is you.")
    if person.is_secretariat or chapter_name:
        return _("Is of the secretariat: change it on the person's own page.")
    if is_lead:
        return _("Leads %(city)s: change it on the person's own page, with a successor.",
                 city=city.full_name if city else "–")  # fmt: skip
    if order.act == Act.DEACTIVATE:
        return "" if person.is_active else _("Is deactivated already.")
    is_there = city is not None and order.city is not None and city.id == order.city.id
    return _("Acts for this city already.") if is_there else ""


def _person_change(row: PersonRow, order: Order) -> str:
    city = row[2]
    if order.act == Act.AGAIN:
        return _("Gets a mail that leads to a password.")
    if order.act == Act.DEACTIVATE:
        return _("Is deactivated, and signed out everywhere.")
    return _("From %(before)s to %(after)s.", before=city.full_name if city else "–",
             after=order.city.full_name if order.city else "–")  # fmt: skip


def _seen_person(row: PersonRow) -> str:
    person, official, *_rest = row
    seat = f"{official.city_id}.{official.role}" if official else ""
    return f"{seat}|{person.is_active}|{person.is_secretariat}"


def _membership_line(row: rows.MembershipAndChapter, order: Order) -> Line:
    membership, city, chapter = row
    why_not = _why_not_membership(row, order)
    if why_not:
        return Line(city.full_name, why_not)
    item = {**order.item, "membership": str(membership.id), "seen": _seen_membership(row)}
    if order.act == Act.CHAPTER:
        before, after = chapter, order.chapter.name if order.chapter else None
    elif order.act == Act.RENEW:
        before = show_date(membership.until_day) or _("without end")
        after = show_date(order.until)
    else:
        before, after = _category_word(membership.category), _category_word(order.category)
    change = _("From %(before)s to %(after)s.", before=before or "–", after=after or "–")
    return Line(city.full_name, change, item)


def _why_not_membership(row: rows.MembershipAndChapter, order: Order) -> str:
    membership, city, _chapter = row
    if order.act == Act.CHAPTER:
        is_there = city.chapter_id == (order.chapter.id if order.chapter else None)
        return _("Is there already.") if is_there else ""
    if membership.standing not in (Standing.ACTIVE, Standing.LAPSED):
        return _("Is neither active nor lapsed.")
    if order.act == Act.CATEGORY:
        return _("Is so already.") if membership.category == order.category else ""
    ends_later = membership.until_day is None or (
        order.until is not None and membership.until_day >= order.until
    )
    if membership.standing == Standing.ACTIVE and ends_later:
        return _("Runs as long already, or longer.")
    return ""


def _category_word(category: Category) -> str:
    return _("associate member") if category == Category.ASSOCIATE else _("full member")


def _seen_membership(row: rows.MembershipAndChapter) -> str:
    one, city, _chapter = row
    return f"{one.standing}|{one.category}|{one.until_day}|{city.chapter_id}"


@jobs.doer(PEOPLE)
def do_person(actor_id: int | None, item: dict[str, str]) -> str:
    """Do what was shown of one person, if it is still as it was shown."""
    actor, person_id = actor_of_job(actor_id), int(item["person"])
    row = people_rows.people_by_id(actor, [person_id]).get(person_id)
    if row is None:
        raise NotFound(_("This person is not there any more, or not yours to look after."))
    if _seen_person(row) != item["seen"]:
        raise Conflict(_("Somebody changed this meanwhile: left alone."))
    act = Act(item["act"])
    if act == Act.DEACTIVATE:
        people.deactivate(actor, row[0], reason=item["reason"])
    elif act == Act.MOVE:
        move(actor, row[0], db.session().get_one(City, int(item["city"])))
    elif row[4] is not None:
        raise Conflict(_("Has signed in meanwhile."))
    else:
        _welcome(actor, row[0])
    return _("Done.")


@jobs.doer(MEMBERSHIPS)
def do_membership(actor_id: int | None, item: dict[str, str]) -> str:
    """Do what was shown of one membership, if it is still as it was shown."""
    actor, membership_id = actor_of_job(actor_id), int(item["membership"])
    row = rows.memberships_by_id(actor, [membership_id]).get(membership_id)
    if row is None:
        raise NotFound(_("This membership is not yours to look after."))
    if _seen_membership(row) != item["seen"]:
        raise Conflict(_("Somebody changed this meanwhile: left alone."))
    _change_membership(actor, row[0], row[1], item)
    return _("Done.")


def _change_membership(
    actor: Actor, membership: Membership, city: City, item: dict[str, str]
) -> None:
    act = Act(item["act"])
    if act == Act.RENEW:
        service.renew(
            actor, city, until=date.fromisoformat(item["until"]), reason=item["reason"],
            seen_until=membership.until_day,
        )  # fmt: skip
    elif act == Act.CATEGORY:
        service.change_category(actor, city, Category(item["category"]), reason=item["reason"])
    elif item["chapter"]:
        chapter = db.session().get_one(Chapter, int(item["chapter"]))
        service.put_cities(actor, chapter, [city])
    else:
        service.take_out(actor, [city])


def _welcome(actor: Actor, person: Person) -> None:
    language = person.language or "en"
    with in_language(language):
        letters.send(
            letters_about_people.WELCOME, to=person.email, to_name=person.name,
            language=language, name=person.name, network=network.current().name,
            link=external_url("accounts.forgot"),
        )  # fmt: skip
    audit.record(actor.person_id, "person.invited_again", subject=("person", person.id))
