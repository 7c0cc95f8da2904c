"""Memberships and officials: each step, its reason, and who came first."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from citynet.accounts import service as accounts
from citynet.accounts.models import Person
from citynet.cities import policy, queries, service
from citynet.cities.models import City, Kind, MembershipChange, Official, Role, Standing
from citynet.kit import db
from citynet.kit.audit import Entry
from citynet.kit.errors import Conflict, Forbidden, Invalid, NotFound
from tests import processes
from tests.network import PASSWORD, ROLES, actor

OTHERS = sorted(set(ROLES) - {"secretariat"})
STEPS = [(before, after) for before in Standing for after in Standing]


def city(slug: str = "seoul") -> City:
    """Return a city of the small network."""
    return queries.get_city(slug)


def standing(slug: str = "seoul") -> Standing:
    """Return where a city's membership stands in the database."""
    db.session().expire_all()
    membership = queries.membership_of(city(slug).id)
    assert membership is not None
    return Standing(membership.standing)


@db.transaction
def put(slug: str, wanted: Standing) -> None:
    """Set a standing by hand, to begin from."""
    membership = queries.membership_of(city(slug).id)
    assert membership is not None
    membership.standing = wanted


@db.transaction
def new_city(slug: str = "suva", code: str = "gn:2198148") -> City:
    """Add a city that never asked to join."""
    added = City(
        slug=slug, code=code, name="Suva", kind=Kind.CITY, country="FJ", latitude=-18.1,
        longitude=178.4,
    )  # fmt: skip
    db.session().add(added)
    return added


def new_person(email: str = "new@city.example") -> Person:
    """Add a person who acts for no city."""
    return accounts.create_person(None, email, name="New", password=PASSWORD)


def last_entry() -> Entry:
    """Return the newest act."""
    return db.session().scalars(select(Entry).order_by(Entry.position.desc()).limit(1)).one()


@pytest.mark.parametrize(("before", "after"), STEPS)
def test_membership_moves_only_as_the_table_says(
    app: Flask, before: Standing, after: Standing
) -> None:
    """Every step there could be: those allowed are made and recorded, the others change nothing."""
    put("seoul", before)
    if policy.can_move(before, after):
        service.change_standing(actor("secretariat"), city(), after, reason=" Board, 3 May ")
        assert standing() == after
        entry = last_entry()
        assert entry.action == f"membership.{after}"
        assert (entry.actor_id, entry.city_id) == (actor("secretariat").person_id, city().id)
        assert json.loads(entry.details) == {"reason": "Board, 3 May"}
        assert json.loads(entry.before)["standing"] == before
        assert json.loads(entry.after)["standing"] == after
    else:
        with pytest.raises(Conflict):
            service.change_standing(actor("secretariat"), city(), after, reason="Board")
        assert standing() == before


def test_table_of_moves_is_the_products() -> None:
    """Admit, suspend, restore, let lapse, end: and nothing leads out of nowhere."""
    words = {
        "applied": {"active", "ended"},
        "active": {"suspended", "lapsed", "ended"},
        "lapsed": {"active", "ended"},
        "suspended": {"active", "ended"},
        "ended": {"active"},
    }
    assert {str(k): set(map(str, v)) for k, v in policy.MOVES.items()} == words


@pytest.mark.parametrize("role", OTHERS)
def test_only_the_secretariat_decides(app: Flask, role: str) -> None:
    """Nobody else admits, suspends or registers, not even about their own city."""
    with pytest.raises(Forbidden):
        service.change_standing(actor(role), city(),
                                Standing.SUSPENDED, reason="x")  # fmt: skip
    with pytest.raises(Forbidden):
        service.register_application(actor(role), new_city())
    assert standing() == Standing.ACTIVE


@pytest.mark.parametrize("reason", ["", "  \n ", "x" * 1001])
def test_each_step_needs_a_reason(app: Flask, reason: str) -> None:
    """Some words, and not a book."""
    with pytest.raises(Invalid) as refused:
        service.change_standing(actor("secretariat"), city(), Standing.SUSPENDED, reason=reason)
    assert refused.value.fields.keys() == {"reason"}
    assert standing() == Standing.ACTIVE


def test_who_decides_second_is_told(app: Flask) -> None:
    """They saw an applicant, but it was admitted meanwhile: their no is not lost in a yes."""
    secretariat = actor("secretariat")
    service.change_standing(
        secretariat, city("pending"), Standing.ACTIVE, reason="Yes", seen=Standing.APPLIED
    )
    with pytest.raises(Conflict, match="before you"):
        service.change_standing(
            secretariat, city("pending"), Standing.ENDED, reason="No", seen=Standing.APPLIED
        )
    assert standing("pending") == Standing.ACTIVE


DECIDE = """
from citynet.accounts import queries as people
from citynet.cities import queries, service
from citynet.cities.models import Standing
from citynet.kit.errors import Conflict
actor = queries.actor_of(people.by_email("admin@citynet.example"))
try:
    service.change_standing(actor, queries.get_city("pending"), Standing("{after}"),
                            reason="{after}", seen=Standing.APPLIED)
    print("done")
except Conflict:
    print("conflict")
"""


def test_of_two_who_decide_at_once_one_wins(app: Flask) -> None:
    """In two processes: one change in the history, one told of it."""
    folder = Path(app.config["CITYNET"].instance_dir)
    begun = [processes.python(folder, DECIDE.format(after=after)) for after in ("active", "ended")]
    answers = [one.communicate(timeout=60) for one in begun]
    words = sorted(out.strip().splitlines()[-1] for out, _error in answers)
    assert words == ["conflict", "done"], answers
    db.session().rollback()
    membership = queries.membership_of(city("pending").id)
    assert membership is not None
    changes = queries.history(membership)
    assert len([one for one in changes if one.before == Standing.APPLIED]) == 1
    assert changes[0].after == membership.standing


def test_history_is_never_overwritten(app: Flask) -> None:
    """Newest first, each with who decided and why; the day of admission stays the first."""
    secretariat = actor("secretariat")
    first = queries.membership_of(city().id)
    assert first is not None
    admitted = first.admitted_at
    for after, reason in (
        (Standing.SUSPENDED, "Fees"), (Standing.ACTIVE, "Paid"), (Standing.LAPSED, "Silence"),
    ):  # fmt: skip
        service.change_standing(secretariat, city(), after, reason=reason)
    history = queries.history(first)
    assert [one.reason for one in history] == ["Silence", "Paid", "Fees", "Example", ""]
    assert [one.before for one in history][-1] is None
    assert all(one.by is not None and one.by.name == "Ada" for one in history)
    assert first.admitted_at == admitted is not None


def test_application_is_registered_once(app: Flask) -> None:
    """With what the city wrote; a second one is a conflict."""
    secretariat, suva = actor("secretariat"), new_city()
    service.register_application(secretariat, suva, reason="Letter of 3 May")
    assert standing("suva") == Standing.APPLIED
    assert last_entry().action == "membership.applied"
    with pytest.raises(Conflict):
        service.register_application(secretariat, suva)
    with pytest.raises(Invalid):
        service.register_application(secretariat, new_city("nadi", "gn:3"), reason="x" * 1001)


def test_city_that_never_asked_cannot_be_admitted(app: Flask) -> None:
    """There is nothing to decide."""
    with pytest.raises(NotFound):
        service.change_standing(actor("secretariat"), new_city(), Standing.ACTIVE, reason="x")


def test_suspension_holds_at_the_next_request(app: Flask) -> None:
    """The actor is read anew each time: what the person could do is gone."""
    assert actor("rival").is_member
    service.change_standing(actor("secretariat"), city(), Standing.SUSPENDED, reason="Fees")
    assert not actor("rival").is_member
    assert not actor("rival lead").is_lead


def test_lead_names_officials_of_the_own_city(app: Flask) -> None:
    """And of no other; the appointment is recorded."""
    appointed = service.appoint(
        actor("lead"), new_person(), city("kabupaten-sidoarjo"), role=Role.OFFICIAL
    )
    assert (appointed.city_id, appointed.role) == (city("kabupaten-sidoarjo").id, Role.OFFICIAL)
    assert last_entry().action == "official.appointed"
    with pytest.raises(Forbidden):
        service.appoint(actor("lead"), new_person("b@c.example"), city(), role=Role.OFFICIAL)


@pytest.mark.parametrize("role", ["visitor", "official", "suspended", "pending", "nobody's"])
def test_others_name_nobody(app: Flask, role: str) -> None:
    """Officials do not, and neither does the lead of a city that is no member."""
    own = actor(role).city or city()
    with pytest.raises(Forbidden):
        service.appoint(actor(role), new_person(), own, role=Role.OFFICIAL)


def test_city_has_one_lead(app: Flask) -> None:
    """A second is refused, by the command and by the database itself."""
    with pytest.raises(Conflict, match="lead already"):
        service.appoint(actor("secretariat"), new_person(), city(), role=Role.LEAD)

    @db.transaction
    def force() -> None:
        official = (
            db.session()
            .scalars(
                select(Official).where(
                    Official.city_id == city().id, Official.role == Role.OFFICIAL
                )
            )
            .one()
        )
        official.role = Role.LEAD

    with pytest.raises(IntegrityError):
        force()


def test_city_keeps_its_lead(app: Flask) -> None:
    """A lead is neither demoted nor moved away."""
    lead = actor("rival lead").person
    assert lead is not None
    for slug, role in (("seoul", Role.OFFICIAL), ("pending", Role.OFFICIAL)):
        with pytest.raises(Conflict, match="stays"):
            service.appoint(actor("secretariat"), lead, city(slug), role=role)
    assert actor("rival lead").is_lead


def test_lead_takes_no_official_from_another_city(app: Flask) -> None:
    """Only the secretariat moves somebody; then the old city's rights are gone at once."""
    rival = actor("rival").person
    assert rival is not None
    sidoarjo = city("kabupaten-sidoarjo")
    with pytest.raises(Conflict, match="secretariat"):
        service.appoint(actor("lead"), rival, sidoarjo, role=Role.OFFICIAL)
    assert actor("rival").city_id == city().id
    service.appoint(actor("secretariat"), rival, sidoarjo, role=Role.OFFICIAL)
    assert actor("rival").city_id == sidoarjo.id


def test_new_city_gets_its_first_lead(app: Flask) -> None:
    """An official may become the lead where there is none."""
    suva, somebody = new_city(), new_person()
    service.appoint(actor("secretariat"), somebody, suva, role=Role.OFFICIAL)
    service.appoint(actor("secretariat"), somebody, suva, role=Role.LEAD)
    assert [one.role for one in queries.officials_of(suva.id)] == [Role.LEAD]


def test_erased_person_leaves_the_history(app: Flask) -> None:
    """The change stays, without who made it."""

    @db.transaction
    def erase() -> None:
        db.session().delete(db.session().get_one(Person, actor("secretariat").person_id))

    erase()
    db.session().expire_all()
    changes = db.session().scalars(select(MembershipChange)).all()
    assert changes
    assert {one.by_id for one in changes} == {None}
