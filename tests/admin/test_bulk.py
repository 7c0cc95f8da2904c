"""Acts on many: chosen, shown for each, done by a job; what changed meanwhile is left alone."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from citynet.admin.views.bulk import KINDS
from citynet.cities import queries
from citynet.cities import service as cities
from citynet.cities.models import Category, Chapter, City, Invitation, Membership, Preview, Standing
from citynet.cities.service import previews
from citynet.kit import clock, db, jobs
from citynet.kit.errors import NotFound
from tests import network
from tests.admin.people import last_preview, notes_of, person, rows_of, run_jobs
from tests.cities.people import NEW, city, invite, letters, roles_in
from tests.network import ROLES, actor

ON_PEOPLE, ON_MEMBERSHIPS = "/admin/people/bulk", "/admin/memberships/bulk"
UNTIL = date(datetime.now(UTC).year + 3, 6, 30)


@pytest.fixture
def admin(app: Flask) -> FlaskClient:
    """Return the secretariat's browser."""
    return network.client_of(app, "secretariat")


@pytest.fixture
def chapter(app: Flask) -> FlaskClient:
    """Return the browser of the secretariat of a chapter."""
    return network.client_of(app, "chapter")


def ids_of(*roles: str) -> list[str]:
    """Return the ids of roles' people, as ticked rows post them."""
    return [str(person(role).id) for role in roles]


def memberships_of(*slugs: str) -> list[str]:
    """Return the ids of cities' memberships, as ticked rows post them."""
    found = [queries.membership_of(city(slug).id) for slug in slugs]
    return [str(one.id) for one in found if one is not None]


def membership(slug: str) -> Membership:
    """Return a city's membership as it is now."""
    db.session().expire_all()
    found = queries.membership_of(city(slug).id)
    assert found is not None
    return found


def shown(client: FlaskClient, path: str, data: Mapping[str, object]) -> str:
    """Post the second step and return the page it leads to."""
    answer = network.post(client, f"{path}/preview", dict(data))
    assert answer.status_code == 302, answer.text
    return client.get(answer.headers["Location"]).text


def begin(client: FlaskClient) -> jobs.Job:
    """Agree to the newest preview, and let the worker do it."""
    answer = network.post(client, f"/admin/previews/{last_preview().id}")
    assert answer.status_code == 302, answer.text
    return run_jobs()


EVERYBODY = ["official", "lead", "rival", "nobody's", "secretariat"]


def test_choosing_carries_what_was_ticked(app: Flask, admin: FlaskClient) -> None:
    """The ticked rows, or the filters of all that they find."""
    page = network.post(admin, ON_PEOPLE, {"ids": ids_of("official", "rival"), "query": ""}).text
    assert "Change 2 people" in page
    assert page.count('name="ids"') == 2
    page = network.post(admin, ON_PEOPLE, {"everything": "1", "query": "seat=lead"}).text
    assert "Change 4 people" in page
    assert 'name="query" value="seat=lead"' in page
    assert "Nothing is chosen" in network.post(admin, ON_PEOPLE, {"query": ""}).text


def test_deactivation_of_many(app: Flask, admin: FlaskClient) -> None:
    """Leads, oneself and the secretariat are left alone, each with the reason."""
    data = {"ids": ids_of(*EVERYBODY), "act": "deactivate", "reason": "Left"}
    page = shown(admin, ON_PEOPLE, data)
    assert "3 lines will be done." in page
    assert "Leads Kabupaten Sidoarjo" in page
    assert "This is you." in page
    assert person("official").is_active
    job = begin(admin)
    assert (job.done, job.failed) == (3, 0)
    assert [person(role).is_active for role in EVERYBODY] == [False, True, False, False, True]


def test_move_of_many(app: Flask, admin: FlaskClient) -> None:
    """Everybody goes to Seoul but who leads, is there, or is of the secretariat."""
    data = {"everything": "1", "query": "", "act": "move", "city": "Seoul"}
    page = shown(admin, ON_PEOPLE, data)
    assert "From Kabupaten Sidoarjo to Seoul." in page
    begin(admin)
    assert set(roles_in("seoul")) >= {"official@sidoarjo.example", "person@nowhere.example"}
    assert roles_in() == {"lead@sidoarjo.example": "lead"}
    assert not actor("secretariat").city_id


def test_inviting_again_writes_to_who_never_signed_in(app: Flask, admin: FlaskClient) -> None:
    """Whoever has been in is left alone."""
    network.client_of(app, "official")
    data = {"ids": ids_of("official", "rival"), "act": "again"}
    assert "Has signed in already." in shown(admin, ON_PEOPLE, data)
    answer = network.post(admin, f"/admin/previews/{last_preview().id}")
    assert answer.status_code == 302
    job = run_jobs()
    assert (job.total, job.done) == (1, 1)
    assert not letters("official@sidoarjo.example")


def test_row_that_changed_meanwhile_is_left_alone(app: Flask, admin: FlaskClient) -> None:
    """Between what was shown and what is done somebody else moved one of them."""
    data = {"ids": ids_of("official", "rival"), "act": "deactivate", "reason": "Left"}
    shown(admin, ON_PEOPLE, data)
    network.post(admin, f"/admin/people/{person('rival').id}/move", {"city": "35.15"})
    job = begin(admin)
    assert (job.done, job.failed) == (1, 1)
    assert person("rival").is_active
    assert any("left alone" in note for note in notes_of(job).values())


def test_rights_lost_before_the_job_runs_change_nothing(app: Flask, admin: FlaskClient) -> None:
    """Whoever began it is asked about anew, line by line."""
    data = {"ids": ids_of("official"), "act": "deactivate", "reason": "Left"}
    shown(admin, ON_PEOPLE, data)
    answer = network.post(admin, f"/admin/previews/{last_preview().id}")
    assert answer.status_code == 302

    @db.transaction
    def put_out() -> None:
        person("secretariat").is_secretariat = False

    put_out()
    job = run_jobs()
    assert (job.done, job.failed) == (0, 1)
    assert person("official").is_active


def test_begun_twice_is_one_job(app: Flask, admin: FlaskClient) -> None:
    """A double click, or the page sent again."""
    shown(admin, ON_PEOPLE, {"ids": ids_of("rival"), "act": "deactivate", "reason": "x"})
    path = f"/admin/previews/{last_preview().id}"
    first, second = network.post(admin, path), network.post(admin, path)
    assert first.headers["Location"] == second.headers["Location"]
    assert len(db.session().scalars(select(jobs.Job)).all()) == 1


def test_preview_is_its_owners_and_for_a_day(app: Flask, admin: FlaskClient) -> None:
    """Not the chapter's, not a lead's, and not tomorrow's."""
    shown(admin, ON_PEOPLE, {"ids": ids_of("official"), "act": "deactivate", "reason": "x"})
    path = f"/admin/previews/{last_preview().id}"
    for role, status in (("chapter", 404), ("lead", 403)):
        client = network.client_of(app, role)
        assert client.get(path).status_code == status
        assert network.post(client, path).status_code == status
    with clock.moved(timedelta(days=1, minutes=1)), pytest.raises(NotFound):
        previews.begin(actor("secretariat"), last_preview().id, KINDS)
    assert person("official").is_active


def test_desk_shows_no_preview_that_belongs_to_another_page(app: Flask, admin: FlaskClient) -> None:
    """A person's own document of Word, say: it has a page of its own, and begins no job."""
    shown(admin, ON_PEOPLE, {"ids": ids_of("rival"), "act": "deactivate", "reason": "x"})
    kept = last_preview()
    path, before = f"/admin/previews/{kept.id}", kept.kind
    for kind in ("practices.word", "", "people"):
        with db.atomic():
            db.session().get_one(Preview, kept.id).kind = kind
        assert admin.get(path).status_code == 404
        assert admin.get(f"{path}?form=csv").status_code == 404
        assert network.post(admin, path).status_code == 404
    assert db.session().scalars(select(jobs.Job)).all() == []
    with db.atomic():
        db.session().get_one(Preview, kept.id).kind = before
    assert admin.get(path).status_code == 200


def test_preview_is_exported_line_by_line(app: Flask, admin: FlaskClient) -> None:
    """As it was shown."""
    shown(admin, ON_PEOPLE, {"ids": ids_of(*EVERYBODY), "act": "deactivate", "reason": "x"})
    answer = admin.get(f"/admin/previews/{last_preview().id}?form=csv", buffered=True)
    assert len(rows_of(answer)) == len(EVERYBODY)


def test_chapter_reaches_its_own_only(app: Flask, chapter: FlaskClient) -> None:
    """Forged ids of others are left out, and its people go to its cities only."""
    data = {"ids": ids_of("official", "rival", "secretariat"), "act": "deactivate", "reason": "x"}
    shown(chapter, ON_PEOPLE, data)
    assert last_preview().lines.count('"item"') == 1
    data = {"ids": ids_of("official"), "act": "move", "city": "Seoul"}
    assert network.post(chapter, f"{ON_PEOPLE}/preview", data).status_code == 403
    data = {"ids": memberships_of("seoul", "kabupaten-sidoarjo"), "act": "category",
            "category": "associate", "reason": "x"}  # fmt: skip
    shown(chapter, ON_MEMBERSHIPS, data)
    begin(chapter)
    assert membership("seoul").category == Category.FULL
    assert membership("kabupaten-sidoarjo").category == Category.ASSOCIATE


@pytest.mark.parametrize("path", [ON_PEOPLE, ON_MEMBERSHIPS])
@pytest.mark.parametrize("role", sorted(set(ROLES) - {"secretariat", "chapter", "visitor"}))
def test_nobody_else_acts_on_many(app: Flask, role: str, path: str) -> None:
    """Not even to choose."""
    client = network.client_of(app, role)
    data = {"everything": "1", "query": "", "act": "deactivate", "reason": "x"}
    for one in (path, f"{path}/preview"):
        assert network.post(client, one, data).status_code == 403
    assert db.session().scalars(select(Preview)).all() == []


@pytest.mark.parametrize(
    ("path", "data", "field"),
    [
        (ON_PEOPLE, {}, "act"),
        (ON_PEOPLE, {"act": "nonsense"}, "act"),
        (ON_PEOPLE, {"act": "renew"}, "act"),
        (ON_PEOPLE, {"act": "deactivate"}, "reason"),
        (ON_PEOPLE, {"act": "deactivate", "reason": "x" * 1001}, "reason"),
        (ON_PEOPLE, {"act": "move"}, "city"),
        (ON_PEOPLE, {"act": "move", "city": "Atlantis"}, "city"),
        (ON_MEMBERSHIPS, {"act": "renew", "reason": "x"}, "until"),
        (ON_MEMBERSHIPS, {"act": "renew", "reason": "x", "until": "soon"}, "until"),
        (ON_MEMBERSHIPS, {"act": "category"}, "reason"),
    ],
)
def test_what_is_missing_is_asked_for(
    app: Flask, admin: FlaskClient, path: str, data: dict[str, str], field: str
) -> None:
    """With what was ticked kept."""
    answer = network.post(admin, f"{path}/preview", {"everything": "1", "query": "", **data})
    assert answer.status_code == 422
    assert f'href="#{field}"' in answer.text
    assert 'name="everything"' in answer.text


def test_terms_are_renewed(app: Flask, admin: FlaskClient) -> None:
    """Of members; a suspended one and an applicant are left alone."""
    data = {"everything": "1", "query": "", "act": "renew", "until": UNTIL.isoformat(),
            "reason": "Board"}  # fmt: skip
    before = membership("seoul").until_day
    assert before is not None
    assert before < UNTIL
    shown(admin, ON_MEMBERSHIPS, data)
    job = begin(admin)
    assert job.failed == 0
    assert membership("suspended").until_day != UNTIL
    assert membership("seoul").until_day == UNTIL


def test_memberships_are_put_into_a_chapter_and_out(app: Flask, admin: FlaskClient) -> None:
    """By the network's secretariat; the chapter sees them at the next request."""
    slug = db.session().scalars(select(Chapter.slug)).one()
    client = network.client_of(app, "chapter")
    assert client.get("/admin/memberships/seoul").status_code in (403, 404)
    data = {"ids": memberships_of("seoul", "kabupaten-sidoarjo"), "act": "chapter",
            "chapter": slug}  # fmt: skip
    page = shown(admin, ON_MEMBERSHIPS, data)
    assert "Is there already." in page
    begin(admin)
    assert client.get("/admin/memberships/seoul").status_code == 200
    shown(admin, ON_MEMBERSHIPS, {**data, "chapter": ""})
    begin(admin)
    assert {one.chapter_id for one in db.session().scalars(
        select(City).where(City.slug.in_(["seoul", "kabupaten-sidoarjo"]))
    )} == {None}  # fmt: skip


def test_chapters_are_not_a_chapters_to_change(app: Flask, chapter: FlaskClient) -> None:
    """The act is not offered, and not taken."""
    data = {"ids": memberships_of("kabupaten-sidoarjo"), "act": "chapter", "chapter": ""}
    assert 'value="chapter"' not in network.post(chapter, ON_MEMBERSHIPS, data).text
    assert network.post(chapter, f"{ON_MEMBERSHIPS}/preview", data).status_code == 422


def test_membership_that_changed_meanwhile_is_left_alone(app: Flask, admin: FlaskClient) -> None:
    """Suspended between what was shown and what is done."""
    data = {"ids": memberships_of("seoul"), "act": "category", "category": "associate",
            "reason": "x"}  # fmt: skip
    shown(admin, ON_MEMBERSHIPS, data)
    cities.change_standing(actor("secretariat"), city("seoul"), Standing.SUSPENDED, reason="Fees")
    job = begin(admin)
    assert (job.done, job.failed) == (0, 1)
    assert membership("seoul").category == Category.FULL


def test_invitations_are_sent_again(app: Flask) -> None:
    """Expired ones too; used ones are left alone."""
    first = invite()
    invite("x@seoul.example", by="rival lead", slug="seoul")
    with clock.moved(timedelta(days=20)):
        admin = network.client_of(app, "secretariat")
        data = {"everything": "1", "query": "state=expired"}
        answer = network.post(admin, "/admin/invitations/again", data)
        assert answer.status_code == 302
        assert "2 lines will be done." in admin.get(answer.headers["Location"]).text
        job = begin(admin)
        assert (job.done, job.failed) == (2, 0)
        found = db.session().scalars(select(Invitation).where(Invitation.email == NEW)).one()
        assert not found.is_over
        assert app.test_client().get(first).status_code == 404
        assert network.post(admin, "/admin/invitations/again", {"query": ""}).status_code == 302
