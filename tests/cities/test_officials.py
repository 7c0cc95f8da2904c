"""Officials: handing over, leaving, removal and moves; a city with a lead keeps one."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from citynet.accounts import service as accounts
from citynet.cities import queries
from citynet.cities import service as cities
from citynet.cities.models import Role, Standing
from citynet.cities.queries import team
from citynet.cities.service import officials
from citynet.cities.service import people as desk
from citynet.kit import db
from citynet.kit.audit import Entry
from citynet.kit.errors import CityNetError, Conflict, Forbidden, Invalid, NotFound
from tests import network, processes
from tests.cities.people import SIDOARJO, city, letters, official, person, roles_in, seat
from tests.network import PASSWORD, actor

LEAD, OFFICIAL = "lead@sidoarjo.example", "official@sidoarjo.example"


def test_lead_hands_over(app: Flask) -> None:
    """Both change at once; the new lead is told by mail, and it is in the log."""
    officials.hand_over(actor("lead"), city(), official("official").id)
    assert roles_in() == {LEAD: "official", OFFICIAL: "lead"}
    letter = letters(OFFICIAL)[-1]
    assert "lead" in letter["subject"]
    assert actor("lead").name in letter["text"]
    last = db.session().scalars(select(Entry).order_by(Entry.position.desc()).limit(1)).one()
    assert last.action == "official.lead_handed_over"
    assert last.city_id == city().id


def test_handing_over_moves_rights_at_the_next_request(app: Flask) -> None:
    """With both sessions open all along."""
    before, after = network.client_of(app, "lead"), network.client_of(app, "official")
    assert before.get("/city/people/invite").status_code == 200
    assert after.get("/city/people/invite").status_code == 403
    heir = official("official").id
    assert network.post(before, f"/city/people/{heir}/hand-over").status_code == 302
    assert before.get("/city/people/invite").status_code == 403
    assert after.get("/city/people/invite").status_code == 200


@pytest.mark.parametrize(
    "role", ["official", "rival", "rival lead", "suspended", "pending", "nobody's", "visitor"]
)
def test_nobody_else_hands_over_or_removes(app: Flask, role: str) -> None:
    """Neither an official who would like to lead, nor the lead of another city."""
    for step in (officials.hand_over, officials.remove):
        with pytest.raises(Forbidden):
            step(actor(role), city(), official("official").id)
    assert roles_in() == {LEAD: "lead", OFFICIAL: "official"}


def test_official_of_another_city_is_not_there(app: Flask) -> None:
    """By number nobody reaches into a city that is not theirs."""
    for step in (officials.hand_over, officials.remove):
        with pytest.raises(NotFound):
            step(actor("lead"), city(), official("rival").id)
    assert roles_in("seoul") == {"lead@seoul.example": "lead", "official@seoul.example": "official"}


@pytest.mark.parametrize("role", ["secretariat", "chapter"])
def test_secretariats_name_another_lead(app: Flask, role: str) -> None:
    """And can then take away who was it."""
    with pytest.raises(Invalid) as refused:
        officials.remove(actor(role), city(), official("lead").id)
    assert refused.value.fields.keys() == {"successor"}
    officials.remove(actor(role), city(), official("lead").id, successor_id=official("official").id)
    assert roles_in() == {OFFICIAL: "lead"}


def test_chapter_reaches_its_cities_only(app: Flask) -> None:
    """Seoul is none of theirs."""
    with pytest.raises(Forbidden):
        officials.hand_over(actor("chapter"), city("seoul"), official("rival").id)
    with pytest.raises(Forbidden):
        officials.move(actor("chapter"), person("official"), city("seoul"))
    with pytest.raises(Forbidden):
        officials.move(actor("chapter"), person("rival"), city())


def test_removed_official_loses_the_city_at_the_next_request(app: Flask) -> None:
    """The account stays open, what was written keeps its name, and a mail tells it."""
    practice = network.write_to("published", title="One counter")
    client = network.client_of(app, "official")
    officials.remove(actor("lead"), city(), official("official").id)
    assert client.get("/city/people").status_code == 404
    assert client.get(f"/practices/{practice.slug}/edit").status_code in (403, 404)
    assert client.get("/account").status_code == 200
    assert practice.created_by_id == person("official").id
    assert letters(OFFICIAL)[-1]["subject"].startswith("You do not act for")


def test_lead_is_not_removed(app: Flask) -> None:
    """Not by oneself, and not where nobody else is there."""
    with pytest.raises(Invalid):
        officials.remove(actor("lead"), city(), official("lead").id)
    officials.remove(actor("lead"), city(), official("official").id)
    with pytest.raises(Conflict, match="no other official"):
        officials.remove(actor("secretariat"), city(), official("lead").id)
    assert roles_in() == {LEAD: "lead"}


def test_official_leaves_and_lead_does_not(app: Flask) -> None:
    """A lead is told to hand over first."""
    with pytest.raises(Conflict, match="Hand over the lead first"):
        officials.leave(actor("lead"))
    assert officials.leave(actor("official")).id == city().id
    assert roles_in() == {LEAD: "lead"}
    with pytest.raises(Forbidden):
        officials.leave(actor("official"))


def test_move_takes_a_successor_of_a_lead(app: Flask) -> None:
    """The lead of a city goes only when somebody else leads it."""
    with pytest.raises(Invalid) as refused:
        officials.move(actor("secretariat"), person("rival lead"), city())
    assert refused.value.fields.keys() == {"successor"}
    officials.move(
        actor("secretariat"), person("rival lead"), city(), successor_id=official("rival").id
    )
    assert roles_in("seoul") == {"official@seoul.example": "lead"}
    assert roles_in()["lead@seoul.example"] == "official"


def test_only_lead_of_a_city_is_not_moved(app: Flask) -> None:
    """Somebody else is invited first."""
    officials.remove(actor("rival lead"), city("seoul"), official("rival").id)
    with pytest.raises(Conflict, match="Invite one first"):
        officials.move(actor("secretariat"), person("rival lead"), city())


def test_person_of_the_secretariat_acts_for_no_city(app: Flask) -> None:
    """Whoever decides on cities is of none."""
    with pytest.raises(Conflict, match="acts for no city"):
        officials.move(actor("secretariat"), person("secretariat"), city())
    with pytest.raises(Conflict, match="acts for no city"):
        officials.move(actor("secretariat"), person("chapter"), city())
    with pytest.raises(Conflict, match="acts for no city"):
        cities.appoint(actor("secretariat"), person("secretariat"), city(), role=Role.OFFICIAL)


def test_move_changes_nothing_for_whoever_is_there(app: Flask) -> None:
    """It tells so."""
    with pytest.raises(Conflict, match="already"):
        officials.move(actor("secretariat"), person("official"), city())
    officials.move(actor("secretariat"), person("nobody's"), city("seoul"))
    assert roles_in("seoul")["person@nowhere.example"] == "official"


def test_deactivated_lead_counts_as_none(app: Flask) -> None:
    """A successor is asked for; the last official may be closed, and a new lead takes over."""
    with pytest.raises(Invalid) as refused:
        desk.deactivate(actor("secretariat"), person("lead"), reason="Gone")
    assert refused.value.fields.keys() == {"successor"}
    desk.deactivate(
        actor("secretariat"), person("lead"), reason="Gone", successor_id=official("official").id
    )
    assert roles_in() == {LEAD: "official", OFFICIAL: "lead"}
    desk.deactivate(actor("secretariat"), person("official"), reason="Gone")
    assert team.lead_of(city().id) is None
    new = accounts.create_person(None, "new@sidoarjo.example", name="N", password=PASSWORD)
    cities.appoint(actor("secretariat"), new, city(), role=Role.LEAD)
    assert roles_in()["new@sidoarjo.example"] == "lead"
    assert roles_in()[OFFICIAL] == "official"


def test_deactivation_keeps_authorship_and_ends_sessions(app: Flask) -> None:
    """The practice names who wrote it; the open session is over at once; and back again."""
    practice = network.write_to("published", title="One counter")
    client = network.client_of(app, "official")
    desk.deactivate(actor("chapter"), person("official"), reason="Retired")
    assert client.get("/account").status_code == 302
    assert practice.created_by_id == person("official").id
    desk.reactivate(actor("chapter"), person("official"), reason="Came back")
    assert network.client_of(app, "official").get("/city/people").status_code == 200


@pytest.mark.parametrize("role", ["lead", "official", "rival lead", "nobody's", "suspended"])
def test_only_secretariats_close_accounts(app: Flask, role: str) -> None:
    """A lead removes somebody from the city; the account is not the lead's."""
    steps: list[Callable[[], object]] = [
        lambda: desk.deactivate(actor(role), person("official"), reason="x"),
        lambda: desk.reactivate(actor(role), person("official"), reason="x"),
        lambda: desk.end_sessions(actor(role), person("official")),
        lambda: desk.reset_second_factor(actor(role), person("official"), reason="x"),
        lambda: desk.give_rights(actor(role), person(role)),
        lambda: desk.take_rights(actor(role), person("secretariat")),
        lambda: desk.erase(actor(role), person("official")),
    ]
    for step in steps:
        with pytest.raises(Forbidden):
            step()


def test_chapter_closes_nobody_elses(app: Flask) -> None:
    """Not another city's official, nobody's person, or the network's secretariat."""
    for role in ("rival", "nobody's", "secretariat"):
        with pytest.raises(Forbidden):
            desk.deactivate(actor("chapter"), person(role), reason="x")
    with pytest.raises(Forbidden):
        desk.give_rights(actor("chapter"), person("chapter"))


def test_rights_of_the_secretariat_are_given_and_taken(app: Flask) -> None:
    """The last one keeps them, and an official gets none."""
    with pytest.raises(Conflict, match="acts for a city"):
        desk.give_rights(actor("secretariat"), person("official"))
    desk.give_rights(actor("secretariat"), person("nobody's"))
    assert actor("nobody's").is_secretariat
    desk.take_rights(actor("nobody's"), person("secretariat"))
    assert not actor("secretariat").is_secretariat
    with pytest.raises(Conflict, match="last person"):
        desk.take_rights(actor("nobody's"), person("nobody's"))


def test_official_in_a_suspended_city_reads_only(app: Flask) -> None:
    """A lead there invites, removes and hands over nothing until it is restored."""
    cities.change_standing(actor("secretariat"), city(), Standing.SUSPENDED, reason="Fees")
    with pytest.raises(Forbidden):
        officials.hand_over(actor("lead"), city(), official("official").id)
    officials.hand_over(actor("secretariat"), city(), official("official").id)
    assert roles_in()[OFFICIAL] == "lead"


def test_stale_lead_does_nothing(app: Flask) -> None:
    """An actor read before the lead was handed over has no right in the command after it."""
    stale = actor("lead")
    officials.hand_over(stale, city(), official("official").id)
    for step in (officials.hand_over, officials.remove):
        with pytest.raises(Forbidden):
            step(stale, city(), official("official").id)


STEP = """
from citynet.accounts import queries as people
from citynet.cities import queries
from citynet.cities.service import officials
from citynet.kit.errors import CityNetError
actor = queries.actor_of(people.by_email({who!r}))
try:
    officials.{what}(actor, queries.get_city("kabupaten-sidoarjo"), {official_id})
    print("done")
except CityNetError as error:
    print("refused")
"""


def at_once(app: Flask, *steps: tuple[str, str, int]) -> list[str]:
    """Take steps in processes of their own, and return how each ended, sorted."""
    folder = Path(app.config["CITYNET"].instance_dir)
    begun = [
        processes.python(folder, STEP.format(who=who, what=what, official_id=number))
        for who, what, number in steps
    ]
    answers = [one.communicate(timeout=60) for one in begun]
    return sorted(out.strip().splitlines()[-1] for out, _error in answers)


def test_of_two_handovers_at_once_one_wins(app: Flask) -> None:
    """There is one lead afterwards."""
    heirs = [official("official").id, seat("nobody's").id]
    words = at_once(app, *((LEAD, "hand_over", heir) for heir in heirs))
    assert words == ["done", "refused"]
    assert list(roles_in().values()).count("lead") == 1


def test_two_removals_at_once_leave_a_lead(app: Flask) -> None:
    """The secretariat removes the last official while the lead hands over to them."""
    heir = official("official").id
    at_once(app, ("admin@citynet.example", "remove", heir), (LEAD, "hand_over", heir))
    assert list(roles_in().values()).count("lead") == 1


def test_commands_leave_no_city_without_its_lead(app: Flask) -> None:
    """Whatever a lead tries alone."""
    lead = official("lead").id
    for step in (
        lambda: officials.leave(actor("lead")),
        lambda: officials.remove(actor("lead"), city(), lead),
        lambda: officials.remove(actor("lead"), city(), lead, successor_id=lead),
        lambda: officials.hand_over(actor("lead"), city(), lead),
        lambda: officials.remove(actor("lead"), city(), lead, successor_id=official("rival").id),
        lambda: cities.appoint(actor("lead"), person("lead"), city("seoul"), role=Role.OFFICIAL),
        lambda: cities.appoint(actor("lead"), person("lead"), city(), role=Role.OFFICIAL),
    ):
        with pytest.raises(CityNetError):
            step()
    assert roles_in()[LEAD] == "lead"


def test_team_shows_last_sign_in(app: Flask) -> None:
    """The lead first; whoever never signed in has none."""
    network.client_of(app, "official")
    found = team.team(queries.get_city(SIDOARJO).id)
    assert [one.is_lead for one in found] == [True, False]
    assert found[0].last_seen_at is None
    assert found[1].last_seen_at is not None
