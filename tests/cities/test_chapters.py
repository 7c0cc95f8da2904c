"""Chapters: who makes them, who runs them, and what their secretariats see and decide."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import func, select

from citynet.accounts import queries as people
from citynet.accounts import service as accounts
from citynet.cities import policy, queries, service
from citynet.cities.models import (
    Actor,
    Category,
    Chapter,
    ChapterPerson,
    City,
    Kind,
    Role,
    Standing,
)
from citynet.cities.service.cities import CityData, correct_city, data_of, mark_of
from citynet.kit import db
from citynet.kit.audit import Entry
from citynet.kit.errors import Conflict, Forbidden, Invalid, NotFound
from citynet.practices import queries as practices
from citynet.practices import service as writing
from tests import network
from tests.network import PASSWORD, ROLES, actor

OTHERS = sorted(set(ROLES) - {"secretariat"})
SIDOARJO = "kabupaten-sidoarjo"


def city(slug: str = SIDOARJO) -> City:
    """Return a city with its chapter."""
    db.session().expire_all()
    return queries.get_city(slug)


def chapter() -> Chapter:
    """Return the chapter of the small network: Sidoarjo and the applicant are in it."""
    return queries.get_chapter("chapter")


def other(name: str = "Rivals", country: str | None = None) -> Chapter:
    """Begin another chapter."""
    return service.create_chapter(actor("secretariat"), name=name, country=country)


def rival(slug: str = "seoul") -> Actor:
    """Return the secretariat of another chapter, in which this city is."""
    found = people.by_email("rivals@citynet.example")
    if found is None:
        found = accounts.create_person(
            None, "rivals@citynet.example", name="Rina", password=PASSWORD
        )
        made = other()
        service.put_cities(actor("secretariat"), made, [city(slug)])
        service.add_chapter_person(actor("secretariat"), made, found.email)
    return queries.actor_of(found)


def entries(action: str) -> int:
    """Return how often an act stands in the audit log."""
    return db.session().scalar(select(func.count()).where(Entry.action == action)) or 0


# --- making and changing ---


def test_chapter_is_begun_with_name_and_country(app: Flask) -> None:
    """Its address is made of the name, and stays when the name changes."""
    made = other("  CityNet \u200b Indonesia ", "id")
    assert (made.name, made.slug, made.country) == ("CityNet Indonesia", "citynet-indonesia", "ID")
    changed = service.change_chapter(
        actor("secretariat"), made, name="Forum Indonesia", country=None
    )
    assert (changed.name, changed.slug, changed.country) == (
        "Forum Indonesia", "citynet-indonesia", None,
    )  # fmt: skip
    assert (entries("chapter.created"), entries("chapter.changed")) == (1, 1)


def test_unchanged_chapter_leaves_no_trace(app: Flask) -> None:
    """Saving what stands there is no act."""
    service.change_chapter(actor("secretariat"), chapter(), name=chapter().name, country=None)
    assert entries("chapter.changed") == 0


@pytest.mark.parametrize(
    ("name", "country", "field"),
    [
        ("", None, "name"),
        ("x" * 81, None, "name"),
        ("chapter of the example sea", None, "name"),
        ("New", "XX", "country"),
        ("New", "Indonesia", "country"),
        ("New", "KR", "country"),
    ],
)
def test_chapter_that_cannot_be_is_refused(
    app: Flask, name: str, country: str | None, field: str
) -> None:
    """No name, a long or taken one, no country, one that has a chapter."""
    other("Korea", "KR")
    with pytest.raises(Invalid) as refused:
        service.create_chapter(actor("secretariat"), name=name, country=country)
    assert set(refused.value.fields) == {field}


def test_names_without_letters_get_an_address(app: Flask) -> None:
    """And two of them do not collide."""
    assert [other(name).slug for name in ("東", "西", "new")] == ["dong", "xi", "new-2"]


@pytest.mark.parametrize("role", OTHERS)
def test_only_the_networks_secretariat_makes_chapters(app: Flask, role: str) -> None:
    """Not a chapter's own: each command, for everyone else."""
    who, found = actor(role), chapter()
    for act in (
        lambda: service.create_chapter(who, name="Mine"),
        lambda: service.change_chapter(who, found, name="Mine", country=None),
        lambda: service.put_cities(who, found, [city("seoul")]),
        lambda: service.take_out(who, [city()]),
        lambda: service.add_chapter_person(who, found, "person@nowhere.example"),
        lambda: service.remove_chapter_person(who, found, actor("chapter").person_id or 0),
        lambda: service.delete_chapter(who, found),
    ):
        with pytest.raises(Forbidden):
            act()
    assert city("seoul").chapter_id is None
    assert city().chapter_id == found.id


def test_cities_go_in_and_out_with_an_audit_row_each(app: Flask) -> None:
    """What is there already is no act; another chapter's cities move."""
    made, secretariat = other(), actor("secretariat")
    moved = service.put_cities(secretariat, made, [city(), city("seoul"), city("seoul")])
    assert {one.slug for one in moved} == {SIDOARJO, "seoul"}
    assert service.put_cities(secretariat, made, [city()]) == []
    assert entries("city.chapter_changed") == 2
    assert [one.slug for one in service.take_out(secretariat, [city("seoul")])] == ["seoul"]
    assert city("seoul").chapter_id is None
    assert entries("city.chapter_changed") == 3


@pytest.mark.parametrize(
    ("text", "slug"),
    [("35.15", SIDOARJO), (" kabupaten-sidoarjo ", SIDOARJO), ("Kabupaten  Sidoarjo", SIDOARJO),
     ("SIDOARJO", SIDOARJO), ("gn:1835848", "seoul"), ("seoul", "seoul")],
)  # fmt: skip
def test_list_names_cities_as_people_do(app: Flask, text: str, slug: str) -> None:
    """By code, by address here, by name."""
    meant, rest = queries.cities_meant(["", text])
    assert ([one.slug for one in meant], rest) == ([slug], [])


def test_list_tells_what_names_no_city_or_several(app: Flask) -> None:
    """None of them is guessed."""

    @db.transaction
    def twin() -> None:
        db.session().add(
            City(slug="seoul-us", code="gn:9", name="Seoul", kind=Kind.CITY, country="US",
                 latitude=1.0, longitude=1.0)
        )  # fmt: skip

    twin()
    meant, rest = queries.cities_meant(["Seoul", "Atlantis", "35.15", "gn:1835848", "35.15"])
    assert {one.slug for one in meant} == {SIDOARJO, "seoul"}
    assert rest == ["Seoul", "Atlantis"]


def test_full_chapter_is_not_deleted(app: Flask) -> None:
    """First the cities and the people go; then it does, and the audit log keeps it."""
    secretariat = actor("secretariat")
    with pytest.raises(Conflict, match="empty"):
        service.delete_chapter(secretariat, chapter())
    service.take_out(secretariat, [city(), city("pending")])
    with pytest.raises(Conflict, match="empty"):
        service.delete_chapter(secretariat, chapter())
    service.remove_chapter_person(secretariat, chapter(), actor("chapter").person_id or 0)
    service.delete_chapter(secretariat, chapter())
    with pytest.raises(NotFound):
        queries.get_chapter("chapter")
    assert entries("chapter.deleted") == 1


# --- its people ---


@pytest.mark.parametrize(
    ("email", "error"),
    [
        ("official@seoul.example", Conflict),
        ("lead@sidoarjo.example", Conflict),
        ("admin@citynet.example", Conflict),
        ("chapter@citynet.example", Conflict),
        ("nobody@citynet.example", Invalid),
        ("", Invalid),
    ],
)
def test_secretariat_takes_nobody_who_decides_elsewhere(
    app: Flask, email: str, error: type[Exception]
) -> None:
    """Officials, other secretariats, strangers."""
    with pytest.raises(error):
        service.add_chapter_person(actor("secretariat"), other(), email)


def test_person_becomes_chapter_secretariat_at_the_next_request(app: Flask) -> None:
    """With a live session, and no longer once taken out."""
    browser = network.client_of(app, "nobody's")
    assert browser.get("/admin/memberships").status_code == 403
    service.add_chapter_person(actor("secretariat"), chapter(), "Person@Nowhere.example ")
    assert browser.get("/admin/memberships").status_code == 200
    assert browser.get("/admin/memberships/seoul").status_code == 404
    person_id = actor("nobody's").person_id or 0
    service.remove_chapter_person(actor("secretariat"), chapter(), person_id)
    assert browser.get("/admin/memberships").status_code == 403
    assert entries("chapter.person_added") == entries("chapter.person_removed") == 1


def test_chapter_person_takes_no_seat_in_a_city(app: Flask) -> None:
    """Nobody reviews what the own city writes."""
    person = people.by_email("chapter@citynet.example")
    assert person is not None
    with pytest.raises(Conflict):
        service.appoint(actor("secretariat"), person, city("seoul"), role=Role.OFFICIAL)


def test_removed_person_is_removed_once(app: Flask) -> None:
    """The second time there is nobody."""
    secretariat, person_id = actor("secretariat"), actor("chapter").person_id or 0
    service.remove_chapter_person(secretariat, chapter(), person_id)
    with pytest.raises(NotFound):
        service.remove_chapter_person(secretariat, chapter(), person_id)


def test_without_a_second_factor_the_chapters_rights_rest(app: Flask) -> None:
    """As the network's secretariat's do."""
    weak = queries.actor_of(actor("chapter").person, is_strong=False)
    assert not policy.can_use_desk(weak)
    assert not policy.administers(weak, city())
    assert not policy.can_register(weak, city())


# --- what its secretariat decides ---


def test_chapter_decides_on_its_own_cities(app: Flask) -> None:
    """Admit, suspend, restore, renew, change category and data."""
    who = actor("chapter")
    service.change_standing(who, city("pending"), Standing.ACTIVE, reason="Complete")
    service.change_standing(who, city(), Standing.SUSPENDED, reason="Fees")
    service.change_standing(who, city(), Standing.ACTIVE, reason="Paid")
    service.change_category(who, city(), Category.ASSOCIATE, reason="By its wish")
    last = queries.membership_of(city().id)
    assert last is not None
    assert last.until_day is not None
    service.renew(who, city(), until=last.until_day.replace(year=last.until_day.year + 1),
                  reason="Paid", seen_until=last.until_day)  # fmt: skip
    correct_city(who, city(), CityData(**{**vars(data_of(city())), "population": 5}))
    assert city().population == 5


def test_rival_chapter_decides_on_none_of_them(app: Flask) -> None:
    """Each command."""
    who, found = rival(), city()
    seen = queries.membership_of(found.id)
    assert seen is not None
    for act in (
        lambda: service.change_standing(who, city(), Standing.SUSPENDED, reason="x"),
        lambda: service.change_category(who, city(), Category.ASSOCIATE, reason="x"),
        lambda: service.renew(who, city(), until=None, reason="x", seen_until=seen.until_day),
        lambda: correct_city(who, city(), data_of(city())),
        lambda: service.enter(who, city(), Standing.ACTIVE, reason="x", category=Category.FULL,
                              from_day=None, until_day=None),
        lambda: service.register_application(who, city("pending")),
    ):  # fmt: skip
        with pytest.raises(Forbidden):
            act()


def test_decision_on_a_city_that_left_the_chapter_meanwhile_is_refused(app: Flask) -> None:
    """The page was shown while it was inside; the command looks again."""
    who, seen = actor("chapter"), city()
    service.take_out(actor("secretariat"), [city()])
    with pytest.raises(Forbidden):
        service.change_standing(who, seen, Standing.SUSPENDED, reason="Fees")
    with pytest.raises(Forbidden):
        correct_city(who, seen, data_of(seen))


def test_registered_city_comes_to_the_chapter_of_its_country(app: Flask) -> None:
    """Whose secretariat may register it, too; others may not."""

    @db.transaction
    def new(slug: str, country: str) -> City:
        added = City(slug=slug, code=slug, name=slug, kind=Kind.CITY, country=country,
                     latitude=1.0, longitude=1.0)  # fmt: skip
        db.session().add(added)
        return added

    made = service.change_chapter(
        actor("secretariat"), chapter(), name=chapter().name, country="FJ"
    )
    first, second, foreign = new("suva", "FJ"), new("nadi", "FJ"), new("busan", "KR")
    service.register_application(actor("secretariat"), first)
    service.register_application(actor("chapter"), second)
    assert city("suva").chapter_id == city("nadi").chapter_id == made.id
    with pytest.raises(Forbidden):
        service.register_application(actor("chapter"), foreign)
    with pytest.raises(Forbidden):
        service.register_application(rival(), new("levuka", "FJ"))


def test_lists_and_counts_hold_the_own_cities_only(app: Flask) -> None:
    """Of memberships, standings and countries."""
    who = actor("chapter")
    assert queries.count_by_standing(who) == {Standing.ACTIVE: 1, Standing.APPLIED: 1}
    rows = db.session().execute(queries.desk_rows(who, practices.published_in_city())).all()
    assert {row[0].city.slug for row in rows} == {SIDOARJO, "pending"}
    assert set(queries.countries_administered(who)) == {"ID", "FJ"}
    assert [one.slug for one in queries.chapters_shown(who)] == ["chapter"]
    with pytest.raises(NotFound):
        queries.get_case(who, "seoul")
    with pytest.raises(NotFound):
        queries.get_administered(who, "seoul")


# --- practices ---


@pytest.mark.parametrize("state", ["submitted", "signed_off"])
def test_chapter_reads_what_its_cities_handed_in(app: Flask, state: str) -> None:
    """Its rival does not know of it, whatever is asked for."""
    practice = network.write_to(state, visibility="members")
    assert practices.get_in_work(actor("chapter"), practice.slug).state == state
    assert len(practices.waiting_for_secretariat(actor("chapter"))) == 1
    assert practices.waiting_for_secretariat(rival()) == []
    with pytest.raises(NotFound):
        practices.get_in_work(rival(), practice.slug)


def test_chapter_reads_no_draft(app: Flask) -> None:
    """Not even of its own city."""
    practice = network.write()
    with pytest.raises(NotFound):
        practices.get_in_work(actor("chapter"), practice.slug)


def test_chapter_reads_what_is_for_members_of_all_cities(app: Flask) -> None:
    """Like every member."""
    practice = network.write_to("published", "rival", visibility="members")
    found = practices.get_published(actor("chapter"), practice.slug)
    assert found.visibility == "members"


def test_chapter_publishes_and_sends_back_texts_of_its_cities(app: Flask) -> None:
    """As the network's secretariat does."""
    first, second = network.write_to("signed_off"), network.write_to("signed_off", title="B")
    writing.send_back(actor("chapter"), first, comment="Give the source.")
    writing.publish(actor("chapter"), second)
    assert practices.published_of(second.id) is not None


def test_rival_chapter_publishes_and_sends_back_nothing(app: Flask) -> None:
    """Nor does the chapter itself, once the city has left it."""
    practice, who = network.write_to("signed_off"), actor("chapter")
    for one in (rival(), who):
        if one is who:
            service.take_out(actor("secretariat"), [city()])
        with pytest.raises(Forbidden):
            writing.publish(one, practice)
        with pytest.raises(Forbidden):
            writing.send_back(one, practice, comment="x")
    assert practices.published_of(practice.id) is None


@pytest.mark.parametrize("state", ["draft", "submitted", "signed_off", "published"])
def test_rival_chapters_buttons_lead_nowhere(app: Flask, state: str) -> None:
    """There is no text in work that they may know of."""
    practice = network.write_to(state)
    rival()
    browser = app.test_client()
    token = network.csrf_of(browser.get("/sign-in").text)
    browser.post("/sign-in", data={"email": "rivals@citynet.example", "password": PASSWORD,
                                   "csrf_token": token})  # fmt: skip
    for step in ("publish", "send-back"):
        answer = network.post(browser, f"/practices/{practice.slug}/{step}", {"comment": "x"})
        assert answer.status_code == 404
    assert browser.get(f"/practices/{practice.slug}/draft").status_code in (302, 404)


def test_revisions_name_their_editors_to_the_own_chapter_only(app: Flask) -> None:
    """Who saved a text is for the city and the secretariat that looks after it."""
    practice = network.write_to("published")
    own = network.client_of(app, "chapter").get(f"/practices/{practice.slug}/revisions").text
    assert "sidoarjo official" in own
    service.take_out(actor("secretariat"), [city()])
    outside = network.client_of(app, "chapter").get(f"/practices/{practice.slug}/revisions").text
    assert "sidoarjo official" not in outside


# --- the city's data ---


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", " "), ("name", "x" * 121), ("population", 0), ("population", -1),
        ("population", 10**9), ("population_year", 1492), ("area_km2", 0.0),
        ("area_km2", float("nan")), ("latitude", 90.1), ("latitude", float("inf")),
        ("longitude", -180.5),
    ],
)  # fmt: skip
def test_data_that_cannot_be_is_refused(app: Flask, field: str, value: object) -> None:
    """By the field's name."""
    with pytest.raises(Invalid) as refused:
        correct_city(
            actor("secretariat"), city(), CityData(**{**vars(data_of(city())), field: value})
        )
    assert set(refused.value.fields) == {field}


def test_corrected_data_is_audited_with_before_and_after(app: Flask) -> None:
    """Of what changed only; saving what stands there leaves no row."""
    secretariat = actor("secretariat")
    correct_city(secretariat, city(), data_of(city()))
    assert entries("city.corrected") == 0
    wanted = {**vars(data_of(city())), "name": "Sido\u200barjo Baru", "area_km2": 719.3}
    correct_city(secretariat, city(), CityData(**wanted), seen=mark_of(city()))
    assert (city().name, city().slug) == ("Sidoarjo Baru", SIDOARJO)
    entry = db.session().scalars(select(Entry).order_by(Entry.position.desc()).limit(1)).one()
    assert entry.action == "city.corrected"
    assert "population" not in entry.after
    assert "719.3" in entry.after


def test_who_corrects_second_is_told(app: Flask) -> None:
    """They saw the data of before."""
    seen, secretariat = mark_of(city()), actor("secretariat")
    correct_city(
        secretariat, city(), CityData(**{**vars(data_of(city())), "population": 7}), seen=seen
    )
    with pytest.raises(Conflict, match="before you"):
        correct_city(
            secretariat, city(), CityData(**{**vars(data_of(city())), "population": 8}), seen=seen
        )
    assert city().population == 7


def test_deleted_person_leaves_the_chapter(app: Flask) -> None:
    """The database sees to it."""

    @db.transaction
    def erase() -> None:
        found = db.session().scalars(select(ChapterPerson)).one()
        db.session().delete(people.by_email("chapter@citynet.example"))
        db.session().flush()
        db.session().expire(found)

    erase()
    assert queries.people_of_chapter(chapter().id) == []
