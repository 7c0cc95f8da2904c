"""Who may read and do what with practices: product.md's table, row by row."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.orm import joinedload

from citynet.cities import queries as cities
from citynet.cities.models import Actor, Membership, Role, Standing
from citynet.kit import db
from citynet.practices import policy
from citynet.practices.fields import Visibility
from citynet.practices.models import Practice, Revision, State
from tests import network
from tests.network import ROLES, actor

ALL = set(ROLES)
MEMBERS = {"official", "lead", "rival", "rival lead"}
OWN = {"official", "lead"}
# Sidoarjo is of the chapter.
DESK = {"secretariat", "chapter"}
# Who reads a revision of Sidoarjo in this state and with this visibility.
READERS = {
    (State.DRAFT, "public"): OWN,
    (State.DRAFT, "members"): OWN,
    (State.SUBMITTED, "public"): OWN | DESK,
    (State.SUBMITTED, "members"): OWN | DESK,
    (State.SIGNED_OFF, "public"): OWN | DESK,
    (State.SIGNED_OFF, "members"): OWN | DESK,
    (State.PUBLISHED, "public"): ALL,
    (State.PUBLISHED, "members"): MEMBERS | DESK,
    (State.SUPERSEDED, "public"): OWN,
    (State.SUPERSEDED, "members"): OWN,
}
ROWS = [
    (state, visibility, role, role in readers)
    for (state, visibility), readers in READERS.items()
    for role in ROLES
]


def write(role: str = "official") -> Practice:
    """Keep a draft and return its practice with its city, as every page has it."""
    found = select(Practice).where(Practice.id == network.write(role).id)
    return (
        db.session()
        .scalars(found.options(joinedload(Practice.city)).execution_options(populate_existing=True))
        .one()
    )


@db.transaction
def put(practice: Practice, state: State, visibility: str = "public") -> Revision:
    """Bring a practice's only revision into a state by hand."""
    revision = (
        db.session().scalars(select(Revision).where(Revision.practice_id == practice.id)).one()
    )
    revision.state, revision.visibility = state, Visibility(visibility)
    return revision


def readable(who: Actor) -> set[int]:
    """Return the revisions that the condition lets through."""
    wanted = select(Revision.id).join(Revision.practice).where(policy.readable_by(who))
    return set(db.session().scalars(wanted))


def visible(who: Actor) -> set[int]:
    """Return the published revisions that the condition lets through."""
    return set(db.session().scalars(select(Revision.id).where(policy.visible_to(who))))


@pytest.mark.parametrize(("state", "visibility", "role", "may"), ROWS)
def test_revision_is_read_by_whom_the_table_says(
    app: Flask, state: State, visibility: str, role: str, may: bool
) -> None:
    """The predicate and the condition of the database say the same."""
    practice = write()
    revision, who = put(practice, state, visibility), actor(role)
    assert policy.can_read(who, practice, revision) is may
    assert (revision.id in readable(who)) is may
    assert (revision.id in visible(who)) is (may and state == State.PUBLISHED)


@pytest.mark.parametrize("standing", list(Standing))
@pytest.mark.parametrize("state", list(State))
def test_predicate_and_condition_agree_in_every_standing(
    app: Flask, standing: Standing, state: State
) -> None:
    """Also where the city's own membership has moved on since it wrote."""
    practice = write()
    revision = put(practice, state, "members")
    city = cities.get_city("kabupaten-sidoarjo")

    @db.transaction
    def move() -> None:
        db.session().execute(
            update(Membership).where(Membership.city_id == city.id).values(standing=standing)
        )

    move()
    for role in ROLES:
        who = actor(role)
        may = policy.can_read(who, practice, revision)
        assert (revision.id in readable(who)) is may, role
        if role in OWN:
            assert may is (standing in (Standing.ACTIVE, Standing.APPLIED)), role


def test_audiences_are_the_tables_second_row(app: Flask) -> None:
    """Members-only practices are for members and the secretariat."""
    for role in ROLES:
        expected = {"public", "members"} if role in MEMBERS | DESK else {"public"}
        assert policy.audiences(actor(role)) == expected, role


def test_who_writes(app: Flask) -> None:
    """Officials of member cities, and of cities that applied; never the secretariat."""
    writers = {role for role in ROLES if policy.can_create(actor(role))}
    assert writers == MEMBERS | {"pending"}
    assert {role for role in ROLES if policy.can_see_own_work(actor(role))} == writers


def test_who_edits(app: Flask) -> None:
    """The own city's officials, and nobody else."""
    practice = write()
    assert {role for role in ROLES if policy.can_edit(actor(role), practice)} == OWN


def test_pending_city_writes_and_cannot_submit(app: Flask) -> None:
    """Draft only."""
    practice = write("pending")
    revision = put(practice, State.DRAFT)
    pending = actor("pending")
    assert policy.can_edit(pending, practice)
    assert policy.can_read(pending, practice, revision)
    assert not policy.can_submit(pending, practice, revision)


@pytest.mark.parametrize("state", list(State))
def test_who_takes_which_step(app: Flask, state: State) -> None:
    """Submit, sign off, send back, publish: each from its own state only."""
    practice = write()
    revision = put(practice, state)

    def allowed(step: str) -> set[str]:
        rights = {
            "submit": lambda who: policy.can_submit(who, practice, revision),
            "decide": lambda who: policy.can_lead_decide(who, practice, revision),
            "sign_off": lambda who: policy.can_sign_off(who, practice, revision),
            "send_back": lambda who: policy.can_send_back(who, practice, revision),
            "publish": lambda who: policy.can_publish(who, practice, revision),
        }
        return {role for role in ROLES if rights[step](actor(role))}

    lead_waits = state == State.SUBMITTED
    assert allowed("submit") == (OWN if state == State.DRAFT else set())
    assert allowed("decide") == ({"lead"} if lead_waits else set())
    assert allowed("sign_off") == ({"lead"} if lead_waits else set())
    assert allowed("publish") == (DESK if state == State.SIGNED_OFF else set())
    assert allowed("send_back") == (
        DESK | {"lead"} if lead_waits
        else DESK if state == State.SIGNED_OFF else set()
    )  # fmt: skip


def test_only_the_secretariat_reviews(app: Flask) -> None:
    """The list of texts to approve."""
    assert {role for role in ROLES if policy.can_review(actor(role))} == DESK


@pytest.mark.parametrize(
    ("edited_by", "submitted_by", "may"),
    [
        ("official", "official", True),
        ("official", "lead", True),
        ("lead", "official", True),
        ("lead", "lead", False),
        (None, "lead", False),
        (None, None, False),
    ],
)
def test_lead_never_signs_off_a_text_nobody_else_handled(
    app: Flask, edited_by: str | None, submitted_by: str | None, may: bool
) -> None:
    """Two people answer for each text, also where one of them was erased since."""
    revision = put(write(), State.SUBMITTED)
    revision.edited_by_id = actor(edited_by).person_id if edited_by else None
    revision.submitted_by_id = actor(submitted_by).person_id if submitted_by else None
    assert policy.has_second_person(actor("lead"), revision) is may


def test_lead_without_a_member_city_decides_nothing(app: Flask) -> None:
    """The role alone is no right: the city must be a member now."""
    practice = write()
    revision = put(practice, State.SUBMITTED)
    lead = actor("lead")
    for standing in set(Standing) - {Standing.ACTIVE}:
        former = Actor(lead.person, lead.city, Role.LEAD, standing)
        assert not policy.can_lead_decide(former, practice, revision)
