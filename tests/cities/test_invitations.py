"""Invitations: who may invite whom to what, and where a link leads, once and for one address."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from citynet.accounts import queries as accounts
from citynet.accounts import service as accounts_service
from citynet.cities import queries
from citynet.cities import service as cities
from citynet.cities.models import Chapter, Invitation, Role, Standing
from citynet.cities.queries import team
from citynet.cities.service import accepting, invitations, officials
from citynet.cities.service import people as desk
from citynet.kit import clock, db, effects
from citynet.kit.audit import Entry
from citynet.kit.errors import Conflict, Forbidden, Invalid, NotFound
from tests import network, processes
from tests.cities.people import (
    NEW,
    SIDOARJO,
    city,
    invite,
    letters,
    official,
    person,
    roles_in,
    secret_of,
)
from tests.network import PASSWORD, actor

ACCEPT = {"name": "Sari Wulandari", "password": PASSWORD, "agreed": "y"}


def accept(client: FlaskClient, path: str, **changes: str) -> Any:
    """Accept as a new person would."""
    return network.post(client, path, {**ACCEPT, **changes})


@pytest.mark.parametrize(
    ("role", "slug", "seat", "may"),
    [
        ("lead", SIDOARJO, Role.OFFICIAL, True),
        ("lead", SIDOARJO, Role.LEAD, False),
        ("lead", "seoul", Role.OFFICIAL, False),
        ("rival lead", SIDOARJO, Role.OFFICIAL, False),
        ("official", SIDOARJO, Role.OFFICIAL, False),
        ("official", SIDOARJO, Role.LEAD, False),
        ("suspended", "suspended", Role.OFFICIAL, False),
        ("pending", "pending", Role.OFFICIAL, False),
        ("nobody's", SIDOARJO, Role.OFFICIAL, False),
        ("visitor", SIDOARJO, Role.OFFICIAL, False),
        ("secretariat", SIDOARJO, Role.OFFICIAL, True),
        ("secretariat", "suspended", Role.OFFICIAL, True),
        ("chapter", SIDOARJO, Role.OFFICIAL, True),
        ("chapter", "seoul", Role.OFFICIAL, False),
        ("chapter", "seoul", Role.LEAD, False),
    ],
)
def test_who_invites_whom(app: Flask, role: str, slug: str, seat: Role, may: bool) -> None:
    """The lead officials of the own city, secretariats whom their cities need; nobody else."""
    if may:
        path = invite(by=role, slug=slug, role=seat)
        assert path.startswith("/invitations/")
        return
    with pytest.raises(Forbidden):
        invite(by=role, slug=slug, role=seat)
    assert not letters(NEW)


def test_letter_says_who_invites_to_what_and_until_when(app: Flask) -> None:
    """In the language that was chosen, with the name before the address."""
    invitations.invite_by_mail(
        actor("lead"), city(), email=NEW, name="Sari", role=Role.OFFICIAL, language="en"
    )
    letter = letters(NEW)[-1]
    assert "Kabupaten Sidoarjo" in letter["subject"]
    assert actor("lead").name in letter["text"]
    assert letter["to_name"] == "Sari"
    assert letter["language"] == "en"


def test_only_the_digest_of_a_link_is_kept(app: Flask) -> None:
    """Whoever reads the database cannot accept."""
    secret = secret_of(invite())
    kept = db.session().scalars(select(Invitation)).one()
    assert secret not in {kept.secret_digest, kept.email, kept.name}
    assert kept.expires_at - kept.invited_at == timedelta(days=14)


def test_new_person_accepts_and_is_in_at_once(app: Flask, client: FlaskClient) -> None:
    """Name corrected, password set, address confirmed by the link, signed in."""
    path = invite()
    page = client.get(path)
    assert page.status_code == 200
    assert "Kabupaten Sidoarjo" in page.text
    assert actor("lead").name in page.text
    answer = accept(client, path)
    assert answer.status_code == 302
    assert client.get("/city/people").status_code == 200
    found = accounts.by_email(NEW)
    assert found is not None
    assert (found.name, found.language) == ("Sari Wulandari", "en")
    assert roles_in()[NEW] == "official"


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"name": "  "}, "name"),
        ({"password": "short"}, "at least 10"),
        ({"agreed": ""}, "Agree to this"),
    ],
)
def test_what_is_missing_is_asked_for(
    app: Flask, client: FlaskClient, changes: dict[str, str], words: str
) -> None:
    """422, the link goes on working, and no account is made."""
    path = invite()
    answer = accept(client, path, **changes)
    assert answer.status_code == 422
    assert words in answer.text
    assert accounts.by_email(NEW) is None
    assert accept(client, path).status_code == 302


def test_used_link_ends_in_a_helpful_page(app: Flask, client: FlaskClient) -> None:
    """For whoever comes second, and for the person themselves."""
    path = invite()
    accept(client, path)
    other = app.test_client()
    page = other.get(path)
    assert page.status_code == 410
    assert "accepted already" in page.text
    assert "/sign-in" in page.text
    answer = accept(other, path, name="Mallory")
    assert answer.status_code == 410
    assert other.get("/account").status_code == 302
    assert client.get(path).status_code == 410


def test_expired_link_ends_in_a_helpful_page(app: Flask, client: FlaskClient) -> None:
    """It tells whom to ask; sent again it works again, with another link."""
    path = invite()
    with clock.moved(timedelta(days=14, seconds=1)):
        page = client.get(path)
        assert page.status_code == 410
        assert "send it again" in page.text
        assert accept(client, path).status_code == 410
        kept = db.session().scalars(select(Invitation)).one()
        invitations.send_again(actor("lead"), kept.id)
        again = invite()
        assert again != path
        assert accept(client, again).status_code == 302


def test_sending_again_kills_the_old_link(app: Flask, client: FlaskClient) -> None:
    """There is one row and one link."""
    first = invite()
    second = invite(email=NEW.upper())
    assert client.get(first).status_code == 404
    assert client.get(second).status_code == 200
    assert len(db.session().scalars(select(Invitation)).all()) == 1


def test_revoked_link_is_dead_at_once(app: Flask, client: FlaskClient) -> None:
    """And cannot be revoked or sent again a second time."""
    path = invite()
    kept = db.session().scalars(select(Invitation)).one()
    invitations.revoke(actor("lead"), kept.id)
    assert client.get(path).status_code == 410
    assert accept(client, path).status_code == 410
    for again in (invitations.revoke, invitations.send_again):
        with pytest.raises(Conflict):
            again(actor("lead"), kept.id)


@pytest.mark.parametrize("path", ["/invitations/x", "/invitations/" + "A" * 43, "/invitations/%F0"])
def test_altered_link_ends_in_a_helpful_page(app: Flask, client: FlaskClient, path: str) -> None:
    """It tells nothing about invitations that there are."""
    invite()
    page = client.get(path)
    assert page.status_code == 404
    assert "leads nowhere" in page.text
    assert accept(client, path).status_code == 404
    somebody = network.client_of(app, "nobody's")
    assert network.post(somebody, f"{path}/accept").status_code == 404


@pytest.mark.parametrize("role", ["rival", "secretariat", "nobody's", "lead"])
def test_another_persons_session_accepts_nothing(app: Flask, role: str) -> None:
    """Whoever is signed in as somebody else is told so, whichever door they try."""
    path = invite()
    client = network.client_of(app, role)
    page = client.get(path)
    assert page.status_code == 403
    assert "somebody else" in page.text
    before = roles_in()
    assert network.post(client, f"{path}/accept").status_code == 403
    accept(app.test_client(), path)
    assert set(roles_in()) - set(before) == {NEW}


def test_address_with_an_account_signs_in_first(app: Flask, client: FlaskClient) -> None:
    """No second account, no password set by a link: sign in, then accept."""
    path = invite("person@nowhere.example")
    page = client.get(path)
    assert page.status_code == 200
    assert 'name="password"' not in page.text
    assert accept(client, path).status_code == 409
    client = network.client_of(app, "nobody's")
    assert "Accept" in client.get(path).text
    assert network.post(client, f"{path}/accept").status_code == 302
    assert roles_in()["person@nowhere.example"] == "official"
    assert network.post(client, f"{path}/accept").status_code == 410


def test_change_of_city_moves_rights_at_the_next_request(app: Flask) -> None:
    """With the session that was open all along; what was written stays where it is."""
    practice = network.write("rival", title="Bus lanes")
    client = network.client_of(app, "rival")
    assert client.get(f"/practices/{practice.slug}/edit").status_code == 200
    path = invite("official@seoul.example")
    page = client.get(path)
    assert "Seoul" in page.text
    network.post(client, f"{path}/accept")
    assert client.get(f"/practices/{practice.slug}/edit").status_code == 404
    assert "People of Kabupaten Sidoarjo" in client.get("/city/people").text
    assert practice.city_id == city("seoul").id


def test_lead_hands_over_before_moving(app: Flask) -> None:
    """A link to another city leaves no city without a lead."""
    path = _invite_lead_of_seoul(app)
    client = network.client_of(app, "rival lead")
    page = client.get(path)
    assert page.status_code == 409
    assert "Hand over the lead first" in page.text
    assert network.post(client, f"{path}/accept").status_code == 409
    assert actor("rival lead").is_lead
    officials.hand_over(actor("rival lead"), city("seoul"), official("rival").id)
    assert network.post(client, f"{path}/accept").status_code == 302
    assert actor("rival lead").city_id == city().id


def _invite_lead_of_seoul(app: Flask) -> str:
    """Invite an official who becomes the lead of Seoul before accepting."""
    officials.hand_over(actor("rival lead"), city("seoul"), official("rival").id)
    path = invite("lead@seoul.example")
    officials.hand_over(actor("rival"), city("seoul"), official("rival lead").id)
    return path


@pytest.mark.parametrize(
    ("email", "words"),
    [
        ("official@sidoarjo.example", "already"),
        ("admin@citynet.example", "secretariat"),
        ("chapter@citynet.example", "secretariat"),
        ("lead@seoul.example", "Leads another city"),
        ("no address", "such as name@"),
        ("a@b.example\nBcc: all@c.example", "such as name@"),
        ("a@b.example\r\nSubject: x", "such as name@"),
        ("<a@b.example>", "such as name@"),
        ("", "such as name@"),
        ("x" * 250 + "@b.example", "such as name@"),
    ],
)
def test_who_cannot_be_invited_is_told_by_a_sentence(app: Flask, email: str, words: str) -> None:
    """A colleague, the secretariat, a lead elsewhere; what is no address, or two headers."""
    with pytest.raises(Invalid) as refused:
        invite(email)
    assert words in refused.value.fields["email"]
    assert not db.session().scalars(select(Invitation)).all()


def test_name_cannot_add_a_header(app: Flask) -> None:
    """It is folded onto one line wherever it stands."""
    invite(name="Sari\r\nBcc: all@c.example")
    letter = letters(NEW)[-1]
    assert "\n" not in letter["to_name"]
    assert "\n" not in letter["subject"]


def test_deactivated_account_is_told_whom_to_ask(app: Flask, client: FlaskClient) -> None:
    """Neither invited anew, nor opened by an old link."""
    path = invite("person@nowhere.example")
    accounts_service.deactivate(None, person("nobody's"), reason="Left")
    page = client.get(path)
    assert page.status_code == 403
    assert "secretariat" in page.text
    with pytest.raises(Invalid, match="deactivated"):
        invite("person@nowhere.example")


@pytest.mark.parametrize("standing", [Standing.SUSPENDED, Standing.LAPSED])
def test_invited_person_has_no_more_rights_than_the_city(
    app: Flask, client: FlaskClient, standing: Standing
) -> None:
    """The city was suspended after the invitation: its new official reads only."""
    path = invite()
    cities.change_standing(actor("secretariat"), city(), standing, reason="Fees")
    assert accept(client, path).status_code == 302
    assert client.get("/practices/new").status_code == 403
    assert client.get("/city/people").status_code == 200


def test_invitation_ends_with_the_membership(app: Flask, client: FlaskClient) -> None:
    """Nobody becomes an official of a city that has left."""
    path = invite()
    cities.change_standing(actor("secretariat"), city(), Standing.ENDED, reason="Left")
    page = client.get(path)
    assert page.status_code == 410
    assert "not open any more" in page.text
    assert accept(client, path).status_code == 410
    with pytest.raises(Conflict, match="not in the network"):
        invite("b@c.example", by="secretariat")


def test_city_without_a_lead_gets_one_by_invitation(app: Flask, client: FlaskClient) -> None:
    """A second one is refused, and whoever comes second is an official."""
    with pytest.raises(Invalid, match="lead already"):
        invite(by="secretariat", role=Role.LEAD)
    desk.deactivate(
        actor("secretariat"), person("lead"), reason="Gone", successor_id=official("official").id
    )
    desk.deactivate(actor("secretariat"), person("official"), reason="Gone")
    first = invite(by="chapter", role=Role.LEAD)
    second = invite("b@sidoarjo.example", by="secretariat", role=Role.LEAD)
    assert accept(client, first).status_code == 302
    assert accept(app.test_client(), second).status_code == 302
    assert roles_in()[NEW] == "lead"
    assert roles_in()["b@sidoarjo.example"] == "official"
    assert roles_in()["official@sidoarjo.example"] == "official"


def test_secretariat_invites_colleagues(app: Flask, client: FlaskClient) -> None:
    """To its own desk; whoever accepts is of it."""
    invitations.invite_colleague(
        actor("secretariat"), None, email="c@citynet.example", name="Citra", language="id"
    )
    letter = letters("c@citynet.example")[-1]
    assert letter["language"] == "id"
    path = "/invitations/" + _secret_in(letter)
    assert accept(client, path).status_code == 302
    found = accounts.by_email("c@citynet.example")
    assert found is not None
    assert found.is_secretariat


def test_chapter_gets_its_secretary_by_invitation(app: Flask, client: FlaskClient) -> None:
    """Who sees its cities and no others."""
    chapter = db.session().scalars(select(Chapter)).one()
    invitations.invite_colleague(
        actor("secretariat"), chapter, email="c@citynet.example", name="Citra", language="en"
    )
    letter = letters("c@citynet.example")[-1]
    assert chapter.name in letter["subject"]
    accept(client, "/invitations/" + _secret_in(letter))
    assert client.get("/admin/").status_code == 200
    assert client.get("/admin/memberships/seoul").status_code in (403, 404)


def _secret_in(letter: dict[str, str]) -> str:
    return letter["text"].partition("/invitations/")[2].split()[0]


@pytest.mark.parametrize("role", ["lead", "official", "chapter", "rival lead", "nobody's"])
def test_nobody_else_invites_to_a_secretariat(app: Flask, role: str) -> None:
    """Not even a chapter's secretariat to its own."""
    chapter = db.session().scalars(select(Chapter)).one()
    for seat in (None, chapter):
        with pytest.raises(Forbidden):
            invitations.invite_colleague(
                actor(role), seat, email="m@evil.example", name="M", language="en"
            )


def test_invitation_to_the_secretariat_dies_with_the_inviters_rights(
    app: Flask, client: FlaskClient
) -> None:
    """Whoever was put out leaves no door open behind them."""
    other = accounts_service.create_person(
        None, "bo@citynet.example", name="Bo", password=PASSWORD, is_secretariat=True
    )
    invitations.invite_colleague(
        actor("secretariat"), None, email="c@citynet.example", name="Citra", language="en"
    )
    path = "/invitations/" + _secret_in(letters("c@citynet.example")[-1])
    desk.take_rights(queries.actor_of(other), person("secretariat"))
    assert client.get(path).status_code == 410
    assert accept(client, path).status_code == 410
    assert accounts.by_email("c@citynet.example") is None


def test_official_is_not_made_secretariat(app: Flask) -> None:
    """Whoever decides on cities acts for none."""
    with pytest.raises(Invalid, match="acts for a city"):
        invitations.invite_colleague(
            actor("secretariat"), None, email="official@seoul.example", name="R", language="en"
        )


ACCEPT_IT = """
from citynet.accounts.service.signing_in import Visit
from citynet.cities.service import accepting
from citynet.kit.errors import CityNetError
try:
    accepting.accept_new({secret!r}, name="{name}", password="a long enough password",
                         has_agreed=True, visit=Visit("::1", "test"))
    print("done")
except CityNetError:
    print("refused")
"""


def test_of_two_who_accept_at_once_one_gets_in(app: Flask) -> None:
    """In two processes with the same link: one account, one told what happened."""
    secret = secret_of(invite())
    folder = Path(app.config["CITYNET"].instance_dir)
    begun = [
        processes.python(folder, ACCEPT_IT.format(secret=secret, name=name)) for name in ("A", "B")
    ]
    answers = [one.communicate(timeout=60) for one in begun]
    words = sorted(out.strip().splitlines()[-1] for out, _error in answers)
    assert words == ["done", "refused"], answers
    assert list(roles_in()).count(NEW) == 1


def test_each_step_is_in_the_log_without_the_address(app: Flask, client: FlaskClient) -> None:
    """Sent, accepted, appointed: by whom, for which city."""
    accept(client, invite())
    entries = db.session().scalars(select(Entry).order_by(Entry.position)).all()
    found = {one.action: one for one in entries}
    assert {"invitation.sent", "invitation.accepted", "official.appointed"} <= set(found)
    assert found["invitation.sent"].actor_id == actor("lead").person_id
    assert found["invitation.accepted"].city_id == city().id
    assert not any(NEW in one.details for one in entries)


def test_invitation_of_others_is_not_there(app: Flask) -> None:
    """A rival lead learns nothing by numbers, and neither does a lead of one for a lead."""
    invite()
    kept = db.session().scalars(select(Invitation)).one()
    for step in (invitations.revoke, invitations.send_again):
        with pytest.raises(NotFound):
            step(actor("rival lead"), kept.id)
    assert team.invitation(actor("lead"), kept.id) is kept


def test_accepting_needs_somebody(app: Flask) -> None:
    """A visitor does not accept with an account."""
    with pytest.raises(Forbidden):
        accepting.accept_as(actor("visitor"), secret_of(invite()))


def test_letters_go_out(app: Flask) -> None:
    """The effect is one that the worker knows."""
    invite()
    assert effects.run_due()
    rows = effects.latest(1).items
    assert {row.state for row in rows if row.kind == "mail"} == {effects.State.DONE}
