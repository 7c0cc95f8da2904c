"""Commands on officials: who acts for a city, and who of them answers for it.

Each takes the cities it touches before it looks (`hold`), so that of two at once the second sees
what the first did. A city that has a lead is never left without one; only the secretariat may
leave a city without a lead, by closing the account of its only official.
"""

from __future__ import annotations

from sqlalchemy import select

from citynet.accounts.models import Person
from citynet.cities import policy, queries
from citynet.cities.letters import team as letters_about_people
from citynet.cities.models import Actor, ChapterPerson, City, Official, Role
from citynet.cities.queries import team
from citynet.kit import audit, clock, db, letters, network
from citynet.kit.errors import Conflict, Invalid, NotFound, require
from citynet.kit.http import external_url
from citynet.kit.i18n import _, in_language, lazy

# Within a sentence.
ROLE_WORDS = {Role.OFFICIAL: lazy("official"), Role.LEAD: lazy("lead")}


def hold(*city_ids: int | None) -> None:
    """Inside a command: let no other command change the people of these cities meanwhile."""
    wanted = select(City.id).where(City.id.in_([one for one in city_ids if one is not None]))
    db.session().execute(wanted.order_by(City.id).with_for_update()).all()


def renewed(actor: Actor) -> Actor:
    """Inside a command: return the actor with the rights that stand now."""
    return queries.actor_of(actor.person, is_strong=actor.is_strong)


@db.transaction
def appoint(actor: Actor, person: Person, city: City, *, role: Role) -> Official:
    """Let a person act for a city, or change what they are there.

    Raises:
        Conflict: the city has another lead, or would be left without one; or the person acts
            for another city, from which only the secretariat moves somebody.
    """
    require(policy.can_manage_officials(actor, city))
    if role == Role.LEAD:
        require(policy.can_name_lead(actor, city))
    hold(city.id)
    found = team.official_of(person.id)
    is_elsewhere = found is not None and found.city_id != city.id
    if found is not None and is_elsewhere and not policy.can_move_officials(actor, found.city):
        raise Conflict(_("This person acts for another city. Ask the secretariat to move them."))
    if found is not None and found.role == Role.LEAD:
        raise Conflict(_("A lead stays until another takes over."))
    if role == Role.LEAD and team.lead_of(city.id) is not None:
        raise Conflict(_("The city has a lead already."))
    return place(actor.person_id, person, city.id, role)


@db.transaction
def hand_over(actor: Actor, city: City, official_id: int) -> Official:
    """Make another official the lead of the city; who was it stays as an official.

    Raises:
        Forbidden: neither the lead nor the secretariat.
        NotFound: no official of this city.
        Conflict: the official leads already, or cannot sign in.
    """
    hold(city.id)
    actor = renewed(actor)
    require(
        policy.can_manage_officials(actor, city),
        _("You do not lead this city any more. See below who does."),
    )
    heir = colleague(city.id, official_id)
    if not heir.person.is_active:
        raise Conflict(_("This account is deactivated. Choose somebody who can sign in."))
    if heir.role == Role.LEAD:
        raise Conflict(_("%(name)s leads the city already.", name=heir.person.name))
    crown(actor, heir)
    return heir


@db.transaction
def remove(
    actor: Actor, city: City, official_id: int, *, successor_id: int | None = None
) -> Official:
    """Take an official's rights in a city; the account and what the person wrote stay.

    Raises:
        NotFound: no official of this city.
        Invalid: the lead of the city, and who leads it then is not chosen.
        Conflict: the lead of the city, and nobody else could lead it.
    """
    hold(city.id)
    actor = renewed(actor)
    require(policy.can_manage_officials(actor, city))
    official = colleague(city.id, official_id)
    make_way(actor, official, successor_id, may_leave_none=False)
    _end(actor, "official.removed", official)
    _tell(letters_about_people.REMOVED, official, city)
    return official


@db.transaction
def leave(actor: Actor) -> City:
    """End one's own acting for a city.

    Raises:
        Forbidden: the actor acts for no city.
        Conflict: the actor leads it.
    """
    require(actor.city is not None)
    hold(actor.city_id)
    official = team.official_of(actor.person_id or 0)
    if official is None:
        raise NotFound
    if official.role == Role.LEAD:
        raise Conflict(_("You lead the city. Hand over the lead first; then you can leave."))
    city = official.city
    _end(actor, "official.left", official)
    return city


@db.transaction
def move(actor: Actor, person: Person, city: City, *, successor_id: int | None = None) -> Official:
    """Let an official act for another city from now on, or somebody who acts for none.

    Raises:
        Forbidden: not both cities are the actor's to look after.
        Invalid: the person leads a city, and who leads it then is not chosen.
        Conflict: the person acts for the city already, or no one could lead the old one.
    """
    before = team.official_of(person.id)
    hold(city.id, before.city_id if before else None)
    require(policy.administers(actor, city))
    require(policy.can_administer(actor, person, before.city if before else None))
    check_seat(person)
    if before is not None and before.city_id == city.id:
        raise Conflict(_("This person acts for the city already."))
    if before is not None:
        make_way(actor, before, successor_id, may_leave_none=False)
    return place(actor.person_id, person, city.id, Role.OFFICIAL)


def place(actor_id: int | None, person: Person, city_id: int, role: Role) -> Official:
    """Inside a command that asked who may: let a person act for a city, and write it down.

    Where the city has a lead by now, the person becomes an official beside them.

    Raises:
        Conflict: the person leads another city, or is of a secretariat.
    """
    check_seat(person)
    official = team.official_of(person.id)
    if official is not None and official.role == Role.LEAD and official.city_id != city_id:
        raise Conflict(_("This person leads another city. Somebody else has to lead it first."))
    before = {"city": official.city_id, "role": official.role} if official else None
    role = _free_role(city_id, role)
    if official is None:
        official = Official(person_id=person.id, city_id=city_id)
        db.session().add(official)
    official.city_id, official.role, official.since = city_id, role, clock.now()
    db.session().flush()
    audit.record(
        actor_id, "official.appointed", subject=("person", person.id), city_id=city_id,
        before=before, after={"city": city_id, "role": role},
    )  # fmt: skip
    return official


def check_seat(person: Person) -> None:
    """Refuse to let somebody of a secretariat act for a city: they decide on it.

    Raises:
        Conflict: with what to do.
    """
    own_chapter = select(ChapterPerson.id).where(ChapterPerson.person_id == person.id)
    if person.is_secretariat or db.session().scalar(own_chapter) is not None:
        raise Conflict(_("A person of the secretariat acts for no city."))


def make_way(
    actor: Actor, official: Official, successor_id: int | None, *, may_leave_none: bool
) -> None:
    """Inside a command: let another lead the city, before its lead goes.

    Raises:
        Invalid: nobody is chosen, though somebody could be.
        Conflict: nobody else is there, and the city may not be left without a lead.
    """
    if official.role != Role.LEAD or not official.person.is_active:
        return
    others = heirs(official)
    heir = next((one for one in others if one.id == successor_id), None)
    if heir is not None:
        crown(actor, heir)
    elif others:
        raise Invalid({"successor": _("Choose who leads the city from now on.")})
    elif not may_leave_none:
        raise Conflict(_("The city has no other official who could lead it. Invite one first."))


def heirs(official: Official) -> list[Official]:
    """Return who could lead the city in an official's place."""
    return [
        one
        for one in team.officials(official.city_id)
        if one.id != official.id and one.person.is_active
    ]


def crown(actor: Actor, heir: Official) -> None:
    """Inside a command that asked who may: let an official lead, and the lead become one."""
    was = _step_down(heir.city_id)
    heir.role = Role.LEAD
    db.session().flush()
    audit.record(
        actor.person_id, "official.lead_handed_over", subject=("person", heir.person_id),
        city_id=heir.city_id, before={"lead": was}, after={"lead": heir.person_id},
    )  # fmt: skip
    city = db.session().get_one(City, heir.city_id)
    _tell(letters_about_people.LEAD, heir, city, by=actor.name, link=external_url("team.people"))


def colleague(city_id: int, official_id: int) -> Official:
    """Return an official of this very city, with the person, as they are now.

    Raises:
        NotFound: there is none.
    """
    found = next((one for one in team.officials(city_id) if one.id == official_id), None)
    if found is None:
        raise NotFound
    return found


def tell_appointed(official: Official, city: City) -> None:
    """Inside a command: write to somebody that they act for a city now."""
    _tell(
        letters_about_people.APPOINTED, official, city, role=ROLE_WORDS[Role(official.role)],
        link=external_url("web.home"),
    )  # fmt: skip


def _free_role(city_id: int, role: Role) -> Role:
    """Return the role that is free: a lead who cannot sign in makes way."""
    if role != Role.LEAD:
        return role
    if team.lead_of(city_id) is not None:
        return Role.OFFICIAL
    _step_down(city_id)
    return role


def _step_down(city_id: int) -> int | None:
    """Make the lead an official, and return whom: before the next, for a city has but one."""
    wanted = select(Official).where(Official.city_id == city_id, Official.role == Role.LEAD)
    lead = db.session().scalar(wanted.execution_options(populate_existing=True))
    if lead is None:
        return None
    lead.role = Role.OFFICIAL
    db.session().flush()
    return lead.person_id


def _end(actor: Actor, action: str, official: Official) -> None:
    db.session().delete(official)
    audit.record(
        actor.person_id, action, subject=("person", official.person_id), city_id=official.city_id,
        before={"city": official.city_id, "role": official.role}, after={"city": None},
    )  # fmt: skip


def _tell(letter: str, official: Official, city: City, **values: object) -> None:
    person = db.session().get_one(Person, official.person_id)
    language = person.language or "en"
    with in_language(language):
        letters.send(
            letter, to=person.email, language=language, to_name=person.name, name=person.name,
            city=city.full_name, network=network.current().name, **values,
        )  # fmt: skip
