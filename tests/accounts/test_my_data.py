"""One's own data: seen, downloaded, erased for good, and erased again after a restore."""

from __future__ import annotations

import io
import json
import shutil
import zipfile
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, text

from citynet.accounts import queries
from citynet.accounts import service as accounts
from citynet.accounts.models import (
    Erasure,
    Identity,
    OneTimeSecret,
    Passkey,
    Person,
    Purpose,
    RecoveryCode,
    SecondFactor,
    SignIn,
)
from citynet.accounts.service import erasing
from citynet.cities.models import (
    Application,
    ApplicationFile,
    ApplicationLink,
    ApplicationMessage,
    AppState,
    Chapter,
    ChapterPerson,
    City,
    Invitation,
    JoinRequest,
    Kind,
    LinkPurpose,
    MessageKind,
    Official,
    Preview,
    RequestState,
    Role,
    Seat,
    Standing,
)
from citynet.cities.service import change_standing
from citynet.kit import audit, clock, db, effects, files, jobs, letters, tokens
from citynet.kit.errors import Conflict, Forbidden, NotFound
from tests import network
from tests.accounts import acting
from tests.network import PASSWORD

OFFICIAL = "official@sidoarjo.example"
NAME = "Siti Rahmawati"
# An address that ends like the official's: what is its owner's stays.
NEIGHBOUR = "un" + OFFICIAL
STALE = timedelta(minutes=16)


def person(email: str = OFFICIAL) -> Person:
    """Return a person."""
    found = queries.by_email(email)
    assert found is not None
    return found


@db.transaction
def call_her_siti() -> None:
    """Give the official a name that nothing else in the network has."""
    person().name = NAME


def ask(client: FlaskClient, **data: str) -> Any:
    """Ask for the download."""
    return network.post(client, "/account/data/download", data)


def archive(client: FlaskClient, **data: str) -> zipfile.ZipFile:
    """Return the downloaded archive."""
    answer = ask(client, **data)
    assert (answer.status_code, answer.mimetype) == (200, "application/zip"), answer.text
    return zipfile.ZipFile(io.BytesIO(answer.data))


def erase(client: FlaskClient, *, word: str = "erase", current: str = PASSWORD) -> Any:
    """Press the button of the page that erases."""
    return network.post(client, "/account/erase", {"word": word, "current": current})


# ---- the page and the download


@pytest.mark.parametrize("role", [role for role in network.ROLES if role != "visitor"])
def test_everybody_with_an_account_sees_and_downloads_their_data(app: Flask, role: str) -> None:
    """Suspended and pending cities' people too (product.md, last row)."""
    client = network.client_of(app, role)
    page = client.get("/account/data").text
    assert "What is held" in page
    told = json.loads(archive(client).read("accounts.json"))
    assert told["person"]["email"] == network.ROLES[role].address


def test_visitor_is_asked_to_sign_in(client: FlaskClient) -> None:
    """The pages are about oneself."""
    for path in ("/account/data", "/account/erase"):
        assert client.get(path).location.startswith("/sign-in")
    for path in ("/account/data/download", "/account/erase"):
        assert network.post(client, path).location.startswith("/sign-in")


def test_download_has_a_part_for_each_slice_and_explains_them(app: Flask) -> None:
    """Practices with their whole text, sessions, and what the log holds."""
    network.write_to("published", title="Permits in one visit")
    client = network.client_of(app, "official")
    zipped = archive(client)
    parts = {name: json.loads(zipped.read(name)) for name in zipped.namelist() if "json" in name}
    assert {"accounts.json", "audit.json", "cities.json", "practices.json"} <= set(parts)
    assert parts["practices.json"]["texts"][0]["content"]["title"] == "Permits in one visit"
    assert parts["practices.json"]["texts"][0]["you"] == ["edited", "submitted"]
    assert parts["cities.json"]["seats"][0]["city"] == "Kabupaten Sidoarjo"
    assert parts["accounts.json"]["sessions"][0]["address"] == "127.0.0.1"
    assert "session.opened" in {one["action"] for one in parts["audit.json"]["entries"]}
    note = zipped.read("README.txt").decode()
    assert all(name in note for name in parts)


def test_note_is_in_the_readers_language(app: Flask) -> None:
    """The person's choice counts."""
    accounts.choose_language(person(), "id")
    client = network.client_of(app, "official")
    assert '<html lang="id">' in client.get("/account/data").text
    archive(client).read("README.txt").decode()


def test_download_holds_no_secret(app: Flask) -> None:
    """Neither a hash nor a digest of what signs in."""
    client = network.client_of(app, "official")
    fill_everything()
    zipped = archive(client)
    everything = "".join(zipped.read(name).decode("utf-8", "replace") for name in zipped.namelist())
    for secret in (person().password_hash, "argon2", "sealed!", "d" * 64, "public key"):
        assert secret not in everything


def test_download_holds_nothing_of_anybody_else(app: Flask) -> None:
    """Whatever is posted with it."""
    client = network.client_of(app, "rival")
    call_her_siti()
    zipped = archive(client, person_id=str(person().id), email=OFFICIAL, id=str(person().id))
    everything = "".join(zipped.read(name).decode() for name in zipped.namelist())
    assert "official@seoul.example" in everything
    assert OFFICIAL not in everything
    assert NAME not in everything


def test_old_session_asks_for_the_password(app: Flask) -> None:
    """Who finds an open computer does not take the data along."""
    client = network.client_of(app, "official")
    assert 'name="current"' not in client.get("/account/data").text
    with clock.moved(STALE):
        assert 'name="current"' in client.get("/account/data").text
        for wrong in ({}, {"current": "not the password"}, {"current": "x" * 5000}):
            answer = ask(client, **wrong)
            assert answer.status_code == 422
            assert "This is not your password." in answer.text
        assert archive(client, current=PASSWORD).namelist()


def test_passwords_are_not_guessed_here(app: Flask) -> None:
    """The throttle of the sign-in counts."""
    client = network.client_of(app, "official")
    with clock.moved(STALE):
        statuses = [ask(client, current=f"guess {number}").status_code for number in range(12)]
    assert statuses[0] == 422
    assert statuses[-1] == 429


def test_another_site_gets_nothing(app: Flask) -> None:
    """Neither the download nor an erasure without this page's token."""
    client = network.client_of(app, "official")
    assert client.get("/account/data/download").status_code == 405
    for path in ("/account/data/download", "/account/erase"):
        answer = client.post(path, data={"current": PASSWORD, "word": "erase"})
        assert answer.status_code == 400
    assert person().is_active


def test_names_of_files_lead_nowhere(app: Flask) -> None:
    """People name files: no name leads out of the folder, and none hides another."""
    names = ("../../etc/passwd", "C:\\windows\\x.exe", "/abs.pdf", "letter.pdf", "letter.pdf", "..")
    application = apply(names)
    zipped = archive(network.client_of(app, "official"))
    papers = [name for name in zipped.namelist() if name.startswith("files/")]
    assert len(set(papers)) == len(names)
    assert application.contact_name == NAME
    for name in papers:
        assert name.startswith("files/cities/")
        assert ".." not in name
        assert "\\" not in name
        assert name.count("/") == 2


# ---- what is held


def add(*rows: object) -> None:
    """Write rows."""
    with db.atomic():
        db.session().add_all(rows)


def apply(names: tuple[str, ...] = ("letter.pdf",)) -> Application:
    """Write an application by the official's address, with papers and a message."""
    application = Application(
        state=AppState.WAITING, place="gn:9", name="Denpasar", kind=Kind.KOTA, country="ID",
        contact_name=NAME, office=f"Office of {NAME}", email=OFFICIAL, phone="+62 811 000 111",
        note=f"Ask {NAME}", language="en",
    )  # fmt: skip
    add(application)
    add(
        ApplicationMessage(application_id=application.id, kind=MessageKind.ANSWER, text=NAME),
        ApplicationLink(
            application_id=application.id, digest=tokens.digest("l"), purpose=LinkPurpose.FOLLOW,
            expires_at=clock.now() + timedelta(days=1),
        ),
        *(
            ApplicationFile(
                application_id=application.id, stored=files.put(f"I, {NAME} {number}".encode()),
                name=name, media_type="application/pdf", size_bytes=9,
            )
            for number, name in enumerate(names)
        ),
    )  # fmt: skip
    return application


@db.transaction
def fill_everything() -> None:
    """Leave the official's name or address in every place that can hold them."""
    call_her_siti()
    siti, sidoarjo = person(), db.session().scalars(select(City)).first()
    assert sidoarjo is not None
    session, later = db.session(), clock.now() + timedelta(days=1)
    chapter = Chapter(slug="indonesia", name="CityNet Indonesia", country="ID")
    session.add_all([
        chapter,
        Identity(person_id=siti.id, issuer="https://id.example", subject=OFFICIAL),
        SecondFactor(person_id=siti.id, sealed_secret="sealed!", confirmed_at=clock.now()),
        RecoveryCode(person_id=siti.id, digest="d" * 64),
        Passkey(person_id=siti.id, name=f"{NAME}'s laptop", credential_id="c",
                public_key=b"public key", user_handle=OFFICIAL),
        OneTimeSecret(digest="1" * 64, purpose=Purpose.PASSWORD_RESET, person_id=siti.id,
                      expires_at=later),
        OneTimeSecret(digest="2" * 64, purpose=Purpose.MAIL_CHANGE, value=OFFICIAL,
                      person_id=person("lead@sidoarjo.example").id, expires_at=later),
        Preview(person_id=siti.id, kind="x", title="x", lines=json.dumps([NAME])),
        Preview(person_id=person("lead@sidoarjo.example").id, kind="x", title="x",
                lines=json.dumps([f"{NAME} <{OFFICIAL}>"])),
        SignIn(secret_digest="3" * 64, person_id=siti.id, expires_at=later, address="203.0.113.77",
               browser="Mozilla/5.0"),
    ])  # fmt: skip
    session.flush()
    session.add(ChapterPerson(chapter_id=chapter.id, person_id=siti.id))
    for number, (email, used) in enumerate(
        [(OFFICIAL, None), (OFFICIAL, clock.now()), (NEIGHBOUR, None)]
    ):
        invitation = Invitation(
            secret_digest=str(number + 4) * 64, email=email, language="en",
            name=NAME if email == OFFICIAL else "N", seat=Seat.OFFICIAL, city_id=sidoarjo.id,
            expires_at=later, used_at=used,
        )  # fmt: skip
        session.add(invitation)
        session.flush()
        audit.record(None, "invitation.sent", subject=("invitation", invitation.id),
                     details={"email": email, "name": invitation.name})  # fmt: skip
    for state in (RequestState.WAITING, RequestState.DECLINED):
        session.add(JoinRequest(
            city_id=sidoarjo.id, email=OFFICIAL, name=NAME, office=NAME, note=NAME, language="en",
            state=state, reason=f"Dear {NAME}",
        ))  # fmt: skip
    for to in (OFFICIAL, NEIGHBOUR):
        letters.send_draft(letters.Draft(NAME if to == OFFICIAL else "s", to), to=to, language="en")
    audit.record(siti.id, "person.renamed", subject=("person", siti.id), before={"name": NAME},
                 after={"email": OFFICIAL})  # fmt: skip
    job = jobs.Job(kind="x", title="Invite", language="en", total=2, finished_at=clock.now())
    session.add(job)
    session.flush()
    for position, email in enumerate((OFFICIAL, NEIGHBOUR)):
        session.add(jobs.JobItem(
            job_id=job.id, position=position, state=jobs.ItemState.DONE, note=f"{email}: sent",
            payload=json.dumps({"email": email, "name": NAME if email == OFFICIAL else "N"}),
        ))  # fmt: skip


def found(needle: str) -> list[str]:
    """Return where a text stands: every column of every table, and every file of the instance."""
    places = []
    for table in db.Base.metadata.sorted_tables:
        for row in db.session().execute(select(table)).mappings():
            for column, value in row.items():
                shown = value.decode("latin-1") if isinstance(value, bytes) else str(value)
                # Within JSON other letters than ASCII may be written as numbers.
                if needle.lower() in shown.lower().replace(NEIGHBOUR, ""):
                    places.append(f"{table.name}.{column}: {shown[:80]}")
    db.session().rollback()
    return places


def in_files(app: Flask, needle: str) -> list[str]:
    """Return the files of the instance folder that hold a text, the database's own among them."""
    with db.db.engine.connect() as connection:
        connection.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))
    paths = [path for path in Path(app.config["CITYNET"].instance_dir).rglob("*") if path.is_file()]
    return [
        path.name
        for path in paths
        if needle.encode() in path.read_bytes().replace(NEIGHBOUR.encode(), b"")
    ]


# ---- erasing


def test_erasing_leaves_neither_name_nor_address_anywhere(app: Flask) -> None:
    """Every column of every table and every file is searched; what was not theirs stays."""
    call_her_siti()
    practice = network.write_to("published", title="Permits in one visit")
    client = network.client_of(app, "official")
    fill_everything()
    apply()
    assert len({place.partition(".")[0] for place in found(OFFICIAL) + found(NAME)}) >= 10
    answer = erase(client)
    assert (answer.status_code, answer.location) == (302, "/")
    effects.run_due()
    assert found(NAME) == []
    assert found(OFFICIAL) == []
    assert found("203.0.113.77") == []
    assert in_files(app, NAME) == []
    assert in_files(app, OFFICIAL) == []
    pseudonym = db.session().scalars(select(Erasure)).one().pseudonym
    page = app.test_client().get(f"/practices/{practice.slug}")
    assert page.status_code == 200
    history = network.client_of(app, "lead").get(f"/practices/{practice.slug}/revisions").text
    assert pseudonym in history
    assert audit.verify().fault is None
    neighbours = db.session().scalars(select(Invitation.email).where(Invitation.email != "")).all()
    assert neighbours == [NEIGHBOUR]
    waiting = db.session().scalars(select(jobs.JobItem.payload)).all()
    assert [NEIGHBOUR in payload for payload in waiting] == [False, True]


def test_row_keeps_its_number_and_nothing_else(app: Flask) -> None:
    """The pseudonym reads the same in both languages."""
    siti_id = person().id
    assert erase(network.client_of(app, "official")).status_code == 302
    row = db.session().get_one(Person, siti_id)
    assert row.name.startswith("N.N. ")
    assert len(row.name) == 9
    assert row.email == f"erased-{siti_id}@erased.invalid"
    assert row.erased_at == row.deactivated_at
    assert not row.is_active
    assert db.session().scalar(select(Official).where(Official.person_id == siti_id)) is None


def test_every_session_ends_at_once_and_no_way_leads_back(app: Flask) -> None:
    """Neither the password, nor a new one by mail, nor an invitation to the old account."""
    client, elsewhere = (network.client_of(app, "official") for _time in range(2))
    assert "Your data is erased." in client.get(erase(client).location).text
    for browser in (client, elsewhere):
        assert browser.get("/account").status_code == 302
    for email in (OFFICIAL, f"erased-{person_id_of_erasure()}@erased.invalid"):
        for password in (PASSWORD, "!", ""):
            answer = network.post(
                app.test_client(), "/sign-in", {"email": email, "password": password}
            )
            assert answer.status_code == 422
    acting.letters(app)
    assert network.post(app.test_client(), "/forgot", {"email": OFFICIAL}).status_code == 200
    assert acting.letters(app) == []
    with pytest.raises(Conflict):
        accounts.reactivate(None, db.session().get_one(Person, person_id_of_erasure()), reason="x")


def person_id_of_erasure() -> int:
    """Return who was erased."""
    return db.session().scalars(select(Erasure.person_id)).one()


def test_address_can_have_a_new_account(app: Flask) -> None:
    """Who comes back is a new person, without what they had."""
    erase(network.client_of(app, "official"))
    again = accounts.create_person(None, OFFICIAL, name=NAME, password=PASSWORD)
    assert again.id != person_id_of_erasure()


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"word": ""}, "Type the word"),
        ({"word": "delete"}, "Type the word"),
        ({"current": "not the password"}, "This is not your password."),
        ({"current": ""}, "Write your password."),
        ({"current": "", "word": ""}, "Type the word"),
    ],
)
def test_erasing_is_never_by_mistake(app: Flask, changes: dict[str, str], sentence: str) -> None:
    """Two proofs are asked, and each is named where it is missing."""
    client = network.client_of(app, "official")
    answer = erase(client, **changes)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert person().is_active
    assert erase(client, word="  ERASE ").status_code == 302


def test_lead_hands_over_first(app: Flask) -> None:
    """The page tells before anything is typed, and the command holds to it."""
    client = network.client_of(app, "lead")
    page = client.get("/account/erase").text
    assert "Kabupaten Sidoarjo" in page
    assert 'name="word"' not in page
    assert erase(client).status_code == 409
    assert person("lead@sidoarjo.example").is_active


def test_lead_of_a_city_that_left_may_go(app: Flask) -> None:
    """Nobody is kept for a membership that has ended."""
    admin = network.actor("secretariat")
    city = network.actor("lead").city
    assert city is not None
    change_standing(admin, city, Standing.ENDED, reason="Example")
    assert erase(network.client_of(app, "lead")).status_code == 302


def test_last_of_the_secretariat_stays(app: Flask) -> None:
    """A network without one could not be run."""
    client = network.client_of(app, "secretariat")
    assert "last person of the secretariat" in client.get("/account/erase").text
    assert erase(client).status_code == 409
    accounts.create_person(
        None, "second@citynet.example", name="Second", password=PASSWORD, is_secretariat=True
    )
    assert erase(client).status_code == 302


@pytest.mark.parametrize("role", ["rival", "lead", "nobody's", "suspended"])
def test_nobody_erases_somebody_else(app: Flask, role: str) -> None:
    """But the secretariat, on request."""
    actor = network.actor(role).person
    assert actor is not None
    with pytest.raises(Forbidden):
        erasing.erase(actor, person())
    erasing.erase(network.actor("secretariat").person, person())
    with pytest.raises(Conflict, match="erased before"):
        erasing.erase(network.actor("secretariat").person, db.session().get_one(
            Person, person_id_of_erasure()
        ))  # fmt: skip


def test_erased_person_cannot_erase(app: Flask) -> None:
    """An actor read before it happened has lost its rights."""
    admin = accounts.create_person(
        None, "second@citynet.example", name="Second", password=PASSWORD, is_secretariat=True
    )
    erasing.erase(None, admin)
    with pytest.raises(Forbidden):
        erasing.erase(admin, person())


def test_open_application_of_the_erased_is_withdrawn(app: Flask) -> None:
    """Nobody is left to answer; its letter goes from the store of files."""
    application = apply()
    stored = db.session().scalars(select(ApplicationFile.stored)).one()
    erasing.erase(None, person())
    effects.run_due()
    row = db.session().get_one(Application, application.id, populate_existing=True)
    assert (row.state, row.email, row.phone) == (AppState.WITHDRAWN, "", "")
    with pytest.raises(NotFound):
        files.get(stored)


def test_application_that_joined_it_goes_on(app: Flask) -> None:
    """Another office of the same city asked too: its application is the case now."""
    first = apply()
    second = Application(
        state=AppState.JOINED, first_id=first.id, place="gn:9", name="Denpasar", kind=Kind.KOTA,
        country="ID", contact_name="Wayan", office="Planning", email="wayan@denpasar.example",
        language="en",
    )  # fmt: skip
    add(second)
    erasing.erase(None, person())
    rows = db.session().execute(select(Application.state, Application.first_id)).all()
    assert [tuple(row) for row in rows] == [(AppState.WITHDRAWN, None), (AppState.WAITING, None)]


# ---- after a restore


def database(app: Flask) -> Path:
    """Return the database's file, everything written into it."""
    with db.db.engine.connect() as connection:
        connection.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))
    return Path(app.config["CITYNET"].instance_dir) / "citynet.db"


def restore(app: Flask, backup: Path) -> None:
    """Put an older database in place."""
    path = database(app)
    db.session().close()
    db.db.engine.dispose()
    for one in path.parent.glob("citynet.db*"):
        one.unlink()
    shutil.copy(backup, path)


def test_restored_backup_is_erased_again_with_the_same_pseudonym(
    app: Flask, tmp_path: Path
) -> None:
    """And once only, however often it is asked for."""
    call_her_siti()
    shutil.copy(database(app), tmp_path / "backup")
    erasing.erase(None, person())
    effects.run_due()
    before = db.session().scalars(select(Erasure)).one()
    restore(app, tmp_path / "backup")
    assert person().name == NAME
    run = app.test_cli_runner().invoke
    answer = run(args=["people", "replay-erasures"], input="n\n")
    assert (answer.exit_code, "1 must be done again" in answer.output) == (1, True)
    db.session().rollback()
    assert person().is_active
    assert "1 erased again" in run(args=["people", "replay-erasures", "--yes"]).output
    db.session().rollback()
    after = db.session().scalars(select(Erasure)).one()
    assert (after.person_id, after.pseudonym, after.at) == (
        before.person_id, before.pseudonym, before.at
    )  # fmt: skip
    assert found(NAME) == []
    again = run(args=["people", "replay-erasures"])
    assert (again.exit_code, again.output) == (
        0, "1 erasures are noted, 0 must be done again.\n"
    )  # fmt: skip
    effects.run_due()
    ledger = Path(app.config["CITYNET"].instance_dir) / erasing.LEDGER
    assert len(ledger.read_text().splitlines()) == 1
    assert ledger.stat().st_mode & 0o077 == 0


def test_lead_in_a_restored_backup_is_erased_all_the_same(app: Flask, tmp_path: Path) -> None:
    """What stood before it then was cleared when it was done."""
    shutil.copy(database(app), tmp_path / "backup")
    with db.atomic():
        own = select(Official).where(Official.person_id == person("lead@sidoarjo.example").id)
        db.session().scalars(own).one().role = Role.OFFICIAL
    erasing.erase(None, person("lead@sidoarjo.example"))
    effects.run_due()
    restore(app, tmp_path / "backup")
    assert erasing.replay() == 1
    assert queries.by_email("lead@sidoarjo.example") is None


def test_another_person_with_the_same_number_is_left_alone(app: Flask) -> None:
    """An older backup may give a number to somebody who came later."""
    erasing.erase(None, person())
    effects.run_due()
    with db.atomic():
        row = db.session().get_one(Person, person_id_of_erasure())
        row.erased_at = row.deactivated_at = None
        row.created_at += timedelta(seconds=1)
    assert erasing.replay() == 0
    assert db.session().get_one(Person, person_id_of_erasure()).is_active


def test_person_who_is_not_in_the_backup_needs_nothing(app: Flask, tmp_path: Path) -> None:
    """They came after it was made."""
    shutil.copy(database(app), tmp_path / "backup")
    late = accounts.create_person(None, "late@sidoarjo.example", name=NAME, password=PASSWORD)
    erasing.erase(None, late)
    effects.run_due()
    restore(app, tmp_path / "backup")
    assert erasing.brought_back() == []


def test_half_a_line_hides_no_erasure(app: Flask) -> None:
    """A crash while it was written: the effect runs again."""
    ledger = Path(app.config["CITYNET"].instance_dir) / erasing.LEDGER
    ledger.write_text('{"person_id": 7, "pseudo')
    erasing.erase(None, person())
    effects.run_due()
    assert [one.person_id for one in erasing.noted()] == [person_id_of_erasure()]


def test_pseudonym_taken_meanwhile_is_replaced(app: Flask, tmp_path: Path) -> None:
    """Between a restore and its replay somebody else may have got it."""
    shutil.copy(database(app), tmp_path / "backup")
    erasing.erase(None, person())
    effects.run_due()
    taken = db.session().scalars(select(Erasure)).one().pseudonym
    restore(app, tmp_path / "backup")
    rival = person("official@seoul.example")
    add(Erasure(person_id=rival.id, pseudonym=taken, person_created_at=rival.created_at))
    assert erasing.replay() == 1
    assert len(set(db.session().scalars(select(Erasure.pseudonym)))) == 2
