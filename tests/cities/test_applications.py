"""Applications: applied, confirmed, joined, added to, withdrawn, forgotten."""

from __future__ import annotations

import contextvars
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from citynet.cities import queries as cities
from citynet.cities import service as memberships
from citynet.cities.models import (
    VISITOR,
    Application,
    ApplicationFile,
    ApplicationLink,
    AppState,
    Chapter,
    Kind,
    LinkPurpose,
    Standing,
)
from citynet.cities.queries import applications as queries
from citynet.cities.service import applications
from citynet.kit import audit, clock, db, files, tokens
from citynet.kit.errors import Conflict, Forbidden, Invalid, NotFound
from citynet.kit.uploads import Upload
from tests import network
from tests.cities import applicants


@pytest.fixture(autouse=True)
def ambon(app: Flask) -> None:
    """Kota Ambon is in the table and never asked to join."""
    applicants.add_ambon()


def standing(slug: str = "kota-ambon") -> str | None:
    """Return where a membership stands."""
    found = cities.membership_of(cities.get_city(slug).id)
    return found.standing if found else None


def state_of(application: Application) -> str:
    """Return an application's state as the database has it."""
    wanted = select(Application.state).where(Application.id == application.id)
    return str(db.session().scalar(wanted))


def keep(name: str = "letter.pdf", content: bytes = applicants.PDF) -> int:
    """Keep a file and return its id."""
    return applications.keep(Upload(content, name, "application/pdf")).id


def test_application_waits_for_its_confirmation(app: Flask) -> None:
    """The secretariat does not see it, and no membership begins."""
    application = applications.apply(VISITOR, applicants.entry())
    assert application.state == AppState.UNCONFIRMED
    assert application.consented_at is not None
    assert standing() is None
    mail = applicants.mails_to(app, "sari@ambon.example")[-1]
    assert "Kota Ambon" in mail.body
    assert "Sari" not in mail.body, "a stranger may have typed any name"


def test_confirming_begins_the_membership(app: Flask) -> None:
    """As one that applied, by nobody of the secretariat."""
    application, _page = applicants.confirmed(app)
    assert application.state == AppState.WAITING
    assert application.confirmed_at is not None
    assert standing() == Standing.APPLIED
    entry = db.session().scalars(select(audit.Entry).order_by(audit.Entry.position.desc())).first()
    assert entry is not None
    assert (entry.action, entry.actor_id) == ("application.received", None)


@pytest.mark.parametrize("country", ["ID", "FJ", None])
def test_city_comes_to_the_chapter_of_its_country(app: Flask, country: str | None) -> None:
    """Where it has none yet."""
    chapter = db.session().scalars(select(Chapter)).one()
    chapter.country = country
    db.session().commit()
    applicants.confirmed(app)
    expected = chapter.id if country == "ID" else None
    assert cities.get_city("kota-ambon").chapter_id == expected


@pytest.mark.parametrize(
    ("slug", "before"), [("suspended", Standing.SUSPENDED), ("pending", Standing.APPLIED)]
)
def test_city_with_a_membership_keeps_its_standing(app: Flask, slug: str, before: str) -> None:
    """Until somebody decides."""
    applicants.confirmed(app, city=slug, kind=Kind.CITY)
    assert standing(slug) == before


def test_active_member_cannot_apply() -> None:
    """It is told so."""
    with pytest.raises(Conflict, match="is a member already"):
        applications.apply(VISITOR, applicants.entry("seoul", kind=Kind.CITY))


def test_city_that_became_a_member_cannot_be_confirmed(app: Flask) -> None:
    """And the link is not used up."""
    secret = applicants.applied(app).rpartition("/")[2]
    admin, city = network.actor("secretariat"), cities.get_city("kota-ambon")
    memberships.register_application(admin, city)
    memberships.change_standing(admin, city, Standing.ACTIVE, reason="By letter")
    with pytest.raises(Conflict, match="is a member already"):
        applications.confirm(secret)
    assert queries.link_of(secret, LinkPurpose.CONFIRM).used_at is None


def test_second_application_joins_the_first(app: Flask) -> None:
    """Both are told what they may know."""
    first, _page = applicants.confirmed(app)
    second, _other = applicants.confirmed(app, email="dewi@ambon.example", contact_name="Dewi")
    assert (second.state, second.first_id) == (AppState.JOINED, first.id)
    mail = applicants.mails_to(app, "dewi@ambon.example")[-1]
    assert "an application of Kota Ambon already" in " ".join(mail.body.split())
    assert "Sari" not in mail.body
    assert "sari@" not in mail.body


@pytest.mark.parametrize(
    ("changes", "is_joined"),
    [
        ({}, True),
        ({"name": " NEWTOWN "}, True),
        ({"name": "Néwtown"}, True),
        ({"province": "Central"}, False),
        ({"country": "NZ"}, False),
        ({"name": "Newtown East"}, False),
    ],
)
def test_city_that_is_not_in_the_table_joins_its_like(
    app: Flask, changes: dict[str, str], is_joined: bool
) -> None:
    """By name, kind and where it lies."""
    place = {"name": "Newtown", "country": "FJ", "province": "Western", "kind": Kind.CITY}
    first, _page = applicants.confirmed(app, city=None, **place)
    second, _other = applicants.confirmed(app, city=None, **{**place, **changes})
    assert first.city_id is None
    assert (second.first_id == first.id) is is_joined


def test_of_two_that_confirm_at_once_one_joins_the_other(app: Flask) -> None:
    """One case, whoever was quicker."""
    secrets = [
        applicants.applied(app, email=f"{name}@ambon.example").rpartition("/")[2]
        for name in ("sari", "dewi")
    ]
    start = Barrier(2)

    def confirm(secret: str) -> str:
        with app.app_context():
            start.wait()
            return applications.confirm(secret)

    with ThreadPoolExecutor(2) as pool:
        runs = [pool.submit(contextvars.Context().run, confirm, one) for one in secrets]
        follows = [run.result() for run in runs]
    db.session().rollback()
    states = sorted(queries.applied_by(one).state for one in follows)
    assert states == [AppState.JOINED, AppState.WAITING]


def test_link_to_confirm_works_once(app: Flask) -> None:
    """Pressed twice at once, it confirms once."""
    secret = applicants.applied(app).rpartition("/")[2]
    applications.confirm(secret)
    with pytest.raises(Conflict, match="used already"):
        applications.confirm(secret)


@pytest.mark.parametrize(("days", "is_good"), [(6, True), (8, False)])
def test_link_to_confirm_works_for_seven_days(app: Flask, days: int, is_good: bool) -> None:
    """Then a new one is mailed on request."""
    secret = applicants.applied(app).rpartition("/")[2]
    with clock.moved(timedelta(days=days)):
        if is_good:
            applications.confirm(secret)
        else:
            with pytest.raises(Conflict, match="too old"):
                applications.confirm(secret)


@pytest.mark.parametrize("purpose", list(LinkPurpose))
def test_altered_link_is_none(app: Flask, purpose: LinkPurpose) -> None:
    """Nor is one for something else."""
    secret = applicants.applied(app).rpartition("/")[2]
    with pytest.raises(NotFound):
        queries.link_of(secret[:-1] + ("A" if secret[-1] != "A" else "B"), purpose)
    with pytest.raises(NotFound):
        queries.applied_by(secret)


def test_only_the_digest_of_a_link_is_kept(app: Flask) -> None:
    """Whoever reads the database cannot enter."""
    secret = applicants.applied(app).rpartition("/")[2]
    kept = db.session().scalars(select(ApplicationLink.digest)).all()
    assert kept == [tokens.digest(secret)]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("contact_name", ""), ("contact_name", "x" * 121),
        ("contact_name", "Win at www.evil.example"),
        ("contact_name", "see https://evil.example"), ("contact_name", "{link}"),
        ("office", ""), ("office", "o" * 161), ("office", "<b>Office</b>"),
        ("email", "sari"), ("email", "sari@ambon.example\nBcc: all@world.example"),
        ("email", "Sari <sari@ambon.example>"), ("email", "särí@ambon.example"),
        ("email", "a@b.example, c@d.example"), ("email", "x" * 250 + "@a.example"),
        ("phone", "=cmd|' /C calc'!A0"), ("phone", "call me"), ("note", "n" * 2001),
        ("population", 0), ("population", 50_000_001), ("area_km2", 0.0), ("area_km2", 1e9),
        ("language", "fr"),
    ],
)  # fmt: skip
def test_what_cannot_be_taken_is_named(field: str, value: Any) -> None:
    """By its field, and nothing is written."""
    with pytest.raises(Invalid) as error:
        applications.apply(VISITOR, applicants.entry(**{field: value}))
    assert set(error.value.fields) == {field}
    assert db.session().scalar(select(func.count()).select_from(Application)) == 0


@pytest.mark.parametrize(
    ("field", "value"),
    [("name", ""), ("name", "n" * 121), ("name", "Free money www.evil.example"), ("country", "ZZ"),
     ("country", ""), ("province", "p" * 81)],
)  # fmt: skip
def test_place_that_cannot_be_taken_is_named(field: str, value: str) -> None:
    """Of a city that is not in the table."""
    place = {"name": "Newtown", "country": "FJ", "province": "Western", field: value}
    with pytest.raises(Invalid) as error:
        applications.apply(VISITOR, applicants.entry(None, **place))
    assert set(error.value.fields) == {field}


@pytest.mark.parametrize("name", ["Sari\nBcc: all@world", "Sari\r\n\r\nSubject", "Sa\0ri\u202e"])
def test_lines_and_invisible_signs_in_a_name_do_no_harm(app: Flask, name: str) -> None:
    """They are folded away, or the name is refused."""
    try:
        application = applications.apply(VISITOR, applicants.entry(contact_name=name))
    except Invalid:
        return
    assert application.contact_name.isprintable()


def test_city_of_the_table_keeps_its_name_whatever_is_posted() -> None:
    """Only kind and numbers can be corrected."""
    entry = applicants.entry(name="Evil", country="KR", province="Evil", kind=Kind.KABUPATEN)
    application = applications.apply(VISITOR, entry)
    assert (application.name, application.country, application.province) == (
        "Ambon", "ID", "Maluku",
    )  # fmt: skip
    assert application.kind == Kind.KABUPATEN


def test_applicant_adds_text_and_papers(app: Flask) -> None:
    """The version moves, so that nobody decides on what they have not seen."""
    application, page = applicants.confirmed(app)
    before = application.version
    applications.add(page.rpartition("/")[2], "The letter.", [keep()])
    followed = queries.followed(page.rpartition("/")[2])
    assert [one.text for one in followed.messages] == ["The letter."]
    assert [one.name for one in followed.files] == ["letter.pdf"]
    assert db.session().get_one(Application, application.id).version == before + 1


@pytest.mark.parametrize(
    ("text", "papers", "words"),
    [("", 0, "Write an answer"), ("  \n", 0, "Write an answer"), ("x" * 5001, 0, "at most 5000"),
     ("Much", 13, "much already")],
)  # fmt: skip
def test_nothing_and_too_much_is_refused(app: Flask, text: str, papers: int, words: str) -> None:
    """In a sentence."""
    _application, page = applicants.confirmed(app)
    kept = [keep() for _number in range(papers)]
    with pytest.raises(Invalid, match=words):
        applications.add(page.rpartition("/")[2], text, kept)


def test_file_belongs_to_one_application(app: Flask) -> None:
    """Whoever guesses the number of another's file does not get it."""
    paper = keep()
    _first, page = applicants.confirmed(app, papers=[paper])
    _second, other = applicants.confirmed(app, email="dewi@ambon.example", papers=[paper])
    assert len(queries.followed(page.rpartition("/")[2]).files) == 1
    assert queries.followed(other.rpartition("/")[2]).files == ()
    with pytest.raises(NotFound):
        queries.own_file(other.rpartition("/")[2], paper)


def test_withdrawn_application_ends_what_only_applied(app: Flask) -> None:
    """The history tells why, and the city can apply again."""
    application, page = applicants.confirmed(app)
    applications.withdraw(page.rpartition("/")[2])
    assert state_of(application) == AppState.WITHDRAWN
    assert standing() == Standing.ENDED
    with pytest.raises(Conflict, match="decided or withdrawn"):
        applications.add(page.rpartition("/")[2], "More", [])
    again, _page = applicants.confirmed(app)
    assert again.state == AppState.WAITING
    assert standing() == Standing.ENDED


def test_withdrawing_leaves_another_standing_alone(app: Flask) -> None:
    """A suspended member stays suspended."""
    _application, page = applicants.confirmed(app, city="suspended", kind=Kind.CITY)
    applications.withdraw(page.rpartition("/")[2])
    assert standing("suspended") == Standing.SUSPENDED


def test_oldest_of_those_that_joined_goes_on(app: Flask) -> None:
    """The others follow it."""
    first, page = applicants.confirmed(app)
    second, _page = applicants.confirmed(app, email="dewi@ambon.example")
    third, last = applicants.confirmed(app, email="budi@ambon.example")
    applications.withdraw(page.rpartition("/")[2])
    assert state_of(first) == AppState.WITHDRAWN
    assert state_of(second) == AppState.WAITING
    assert queries.followed(last.rpartition("/")[2]).first.id == second.id
    assert standing() == Standing.APPLIED
    applications.withdraw(last.rpartition("/")[2])
    assert state_of(third) == AppState.WITHDRAWN
    assert state_of(second) == AppState.WAITING


@pytest.mark.parametrize("email", ["sari@ambon.example", "SARI@Ambon.Example "])
def test_lost_link_is_mailed_again(app: Flask, email: str) -> None:
    """The old one stays good."""
    _application, page = applicants.confirmed(app)
    applications.ask_for_links(email)
    new = applicants.link_in(applicants.mails_to(app, "sari@ambon.example")[-1])
    assert new != page
    for path in (new, page):
        assert queries.followed(path.rpartition("/")[2]).application.email == "sari@ambon.example"


def test_lost_link_of_what_is_not_confirmed_is_one_to_confirm(app: Flask) -> None:
    """Also when the first is too old."""
    applicants.applied(app)
    with clock.moved(timedelta(days=10)):
        applications.ask_for_links("sari@ambon.example")
        path = applicants.link_in(applicants.mails_to(app, "sari@ambon.example")[-1])
        assert applications.confirm(path.rpartition("/")[2])


def test_unknown_address_gets_no_mail(app: Flask) -> None:
    """The worker finds nothing."""
    applications.ask_for_links("nobody@ambon.example")
    assert applicants.mails_to(app, "nobody@ambon.example") == []


@pytest.mark.parametrize(("days", "is_kept"), [(29, True), (31, False)])
def test_what_nobody_confirms_is_forgotten_after_30_days(
    app: Flask, days: int, is_kept: bool
) -> None:
    """With its papers and links."""
    stored = db.session().get_one(ApplicationFile, paper := keep()).stored
    applicants.applied(app, papers=[paper])
    with clock.moved(timedelta(days=days)):
        applications.forget_unconfirmed()
    for table in (Application, ApplicationFile, ApplicationLink):
        count = db.session().scalar(select(func.count()).select_from(table))
        assert bool(count) is is_kept, table
    if is_kept:
        assert files.get(stored) == applicants.PDF
    else:
        with pytest.raises(NotFound):
            files.get(stored)


def test_paper_that_another_application_has_too_stays(app: Flask) -> None:
    """The same content is stored once."""
    applicants.applied(app, papers=[keep()])
    applicants.confirmed(app, email="dewi@ambon.example", papers=[keep()])
    with clock.moved(timedelta(days=31)):
        applications.forget_unconfirmed()
    stored = db.session().scalars(select(ApplicationFile.stored)).one()
    assert files.get(stored) == applicants.PDF


def test_file_that_no_application_took_is_forgotten_after_three_days() -> None:
    """A form that was never sent whole leaves nothing behind."""
    keep()
    with clock.moved(timedelta(days=2)):
        applications.forget_unconfirmed()
    assert db.session().scalar(select(func.count()).select_from(ApplicationFile)) == 1
    with clock.moved(timedelta(days=4)):
        applications.forget_unconfirmed()
    assert db.session().scalar(select(func.count()).select_from(ApplicationFile)) == 0


def test_confirmed_application_is_never_forgotten(app: Flask) -> None:
    """However old."""
    applicants.confirmed(app)
    with clock.moved(timedelta(days=400)):
        applications.forget_unconfirmed()
    assert db.session().scalar(select(func.count()).select_from(Application)) == 1


def test_secretariat_writes_down_an_application_on_paper(app: Flask) -> None:
    """It stands in the queue at once, and its contact can follow it."""
    admin = network.actor("secretariat")
    application = applications.register(admin, applicants.entry())
    assert application.state == AppState.WAITING
    assert (application.consented_at, application.registered_by_id) == (None, admin.person_id)
    assert standing() == Standing.APPLIED
    path = applicants.link_in(applicants.mails_to(app, "sari@ambon.example")[-1])
    assert queries.followed(path.rpartition("/")[2]).application.id == application.id


@pytest.mark.parametrize("role", [role for role in network.ROLES if role != "secretariat"])
def test_others_do_not_write_down_applications(app: Flask, role: str) -> None:
    """A chapter's secretariat not those of other cities."""
    with pytest.raises(Forbidden):
        applications.register(network.actor(role), applicants.entry())


def test_chapter_writes_down_those_of_its_cities_and_country(app: Flask) -> None:
    """In the table or not."""
    db.session().scalars(select(Chapter)).one().country = "ID"
    db.session().commit()
    actor = network.actor("chapter")
    assert applications.register(actor, applicants.entry()).city_id
    place = {"name": "Baru", "country": "ID", "province": "Maluku"}
    assert applications.register(actor, applicants.entry(None, **place)).state == AppState.WAITING
    with pytest.raises(Forbidden):
        applications.register(actor, applicants.entry(None, **{**place, "country": "FJ"}))
