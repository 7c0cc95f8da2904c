"""The chain of the audit log: what is altered, removed or put in is found, on both databases."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy import func, insert, select, text
from sqlalchemy.exc import DBAPIError

from citynet.app import create_app
from citynet.kit import audit, audit_chain, clock, db
from citynet.kit.audit import Entry, Fault, Mark
from config import ROOT
from tests import postgres
from tests.conftest import close, config_in

MIGRATIONS = str(ROOT / "migrations")
BOTH = pytest.mark.parametrize("database", ["sqlite", "postgresql"], indirect=True)
LAST = 6
REDACTED = 5


@contextmanager
def application(kind: str, folder: Path, request: pytest.FixtureRequest) -> Iterator[Flask]:
    """Give an application over an empty database of a kind."""
    with ExitStack() as stack:
        url = ""
        if kind == "postgresql":
            server = request.getfixturevalue("postgres_server")
            url = stack.enter_context(postgres.database(server))
        app = create_app(config_in(folder, database_url=url))
        stack.callback(close, app)
        with app.app_context():
            yield app
            db.session().rollback()


@pytest.fixture(scope="module")
def database(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Flask]:
    """Return an application over a log of six entries, the fifth blanked."""
    with application(request.param, tmp_path_factory.mktemp(request.param), request) as app:
        upgrade(directory=MIGRATIONS)
        for number in range(1, LAST + 1):
            act(number)
        audit.redact(subject=("tree", REDACTED))
        yield app


@pytest.fixture
def log(database: Flask) -> Iterator[None]:
    """Undo afterwards what a test did to the log."""
    db.session().rollback()
    if is_sqlite():
        db.session().connection().exec_driver_sql("BEGIN")
    yield
    db.session().rollback()


@db.transaction
def act(number: int, actor_id: int = 3) -> None:
    """Record one act."""
    audit.record(
        actor_id, "tree.planted", subject=("tree", number), details={"name": f"tree {number}"},
        before={"place": "nursery"}, after={"place": "market"},
    )  # fmt: skip


def is_sqlite() -> bool:
    """Tell which of the two databases it is."""
    return db.db.engine.dialect.name == "sqlite"


def lift_triggers() -> None:
    """Do what somebody with the database's own password can."""
    for table, acts in (
        ("entries", ("update", "delete", "insert")),
        ("heads", ("update", "delete")),
    ):
        if is_sqlite():
            for one in acts:
                db.session().execute(text(f"DROP TRIGGER audit_{table}_{one}"))
        else:
            db.session().execute(text(f"ALTER TABLE audit_{table} DISABLE TRIGGER USER"))


def set_in(position: int, values: str) -> str:
    """Return the statement that changes one entry."""
    return f"UPDATE audit_entries SET {values} WHERE position = {position}"


SHIFT = (
    "UPDATE audit_entries SET position = position + 1000 WHERE position > 3",
    "UPDATE audit_entries SET position = position - 1001 WHERE position > 1000",
)
BLANK = "details = '{}', before = '{}', after = '{}'"
TAMPERINGS = {
    "act": ([set_in(3, "action = 'tree.felled'")], 3, "ALTERED"),
    "actor": ([set_in(3, "actor_id = 4")], 3, "ALTERED"),
    "actor gone": ([set_in(3, "actor_id = NULL")], 3, "ALTERED"),
    "subject": ([set_in(3, "subject_id = 9")], 3, "ALTERED"),
    "city": ([set_in(3, "city_id = 9")], 3, "ALTERED"),
    "time": ([set_in(3, "at = '2020-01-01 00:00:00+00'")], 3, "ALTERED"),
    "area": ([set_in(3, "area = 'park'")], 3, "ALTERED"),
    "address": ([set_in(2, "address = '::1'")], 2, "ADDRESS"),
    "details": ([set_in(1, "details = '{1}'")], 1, "CONTENT"),
    "before": ([set_in(1, "before = '{}'")], 1, "CONTENT"),
    "blanked by hand": ([set_in(2, f"{BLANK}, content_salt = ''")], 2, "CONTENT"),
    "filled after blanking": ([set_in(5, "details = '{1}'")], 5, "CONTENT"),
    "digest": ([set_in(4, "content_digest = address_digest")], 4, "ALTERED"),
    "hash": ([set_in(6, "hash = 'x'")], 6, "ALTERED"),
    "removed": (["DELETE FROM audit_entries WHERE position = 3"], 3, "MISSING"),
    "first removed": (["DELETE FROM audit_entries WHERE position = 1"], 1, "MISSING"),
    "removed and closed up": (["DELETE FROM audit_entries WHERE position = 3", *SHIFT,
                               "UPDATE audit_heads SET position = 5"], 3, "ALTERED"),
    "reordered": ([set_in(3, "position = 99"), set_in(4, "position = 3"),
                   set_in(99, "position = 4")], 3, "ALTERED"),
    "cut": (["DELETE FROM audit_entries WHERE position > 4"], 5, "CUT"),
    "emptied": (["DELETE FROM audit_entries"], 1, "CUT"),
    "head set back": (["UPDATE audit_heads SET position = 4"], 5, "BEYOND"),
    "head removed": (["DELETE FROM audit_heads"], 1, "BEYOND"),
    "head altered": (["UPDATE audit_heads SET hash = 'x'"], 6, "HEAD"),
}  # fmt: skip


@BOTH
def test_untouched_log_holds(log: None) -> None:
    """With its number of entries, those blanked, and the head to keep elsewhere."""
    report = audit.verify()
    assert (report.entries, report.redacted, report.broken_at) == (LAST, 1, None)
    newest = audit.entries().items[0]
    assert report.head == (newest.position, newest.hash)
    assert audit.verify(kept=report.head).fault is None


@BOTH
@pytest.mark.parametrize("name", TAMPERINGS)
def test_tampering_is_found_where_it_was_done(log: None, name: str) -> None:
    """The first broken entry is named, with what is wrong with it."""
    statements, position, fault = TAMPERINGS[name]
    lift_triggers()
    for statement in statements:
        db.session().execute(text(statement.replace(":", r"\:")))
    report = audit.verify()
    assert (report.broken_at, report.fault) == (position, Fault[fault])


def forge(position: int) -> Entry:
    """Put in an entry that follows the one before as a true one would."""
    before = db.session().get_one(Entry, position - 1)
    columns = Entry.__table__.columns.keys()
    false = Entry(**{name: getattr(before, name) for name in columns})
    false.position, false.action = position, "tree.forged"
    false.hash = audit_chain.link(before.hash, false)
    values = {name: getattr(false, name) for name in columns}
    db.session().execute(insert(Entry.__table__).values(**values))  # type: ignore[arg-type]
    return false


@BOTH
def test_entry_put_in_is_found(log: None) -> None:
    """At the end, and in the middle with a hash that follows."""
    lift_triggers()
    forge(LAST + 1)
    report = audit.verify()
    assert (report.broken_at, report.fault) == (LAST + 1, Fault.BEYOND)
    shift = "UPDATE audit_entries SET position = position {} 1000 WHERE position > {}"
    for words in (shift.format("+", 3), shift.format("- 999 + 0 *", 1000)):
        db.session().execute(text(words))
    db.session().execute(text("UPDATE audit_heads SET position = position + 2"))
    forge(4)
    report = audit.verify()
    assert (report.broken_at, report.fault) == (5, Fault.ALTERED)


@BOTH
def test_kept_head_finds_what_was_cut_and_written_anew(log: None) -> None:
    """Whoever can rewrite all of the database cannot rewrite what was kept elsewhere."""
    kept = audit.verify().head
    lift_triggers()
    for statement in ("DELETE FROM audit_entries WHERE position > 3", "DELETE FROM audit_heads"):
        db.session().execute(text(statement))
    last = db.session().get_one(Entry, 3)
    db.session().execute(insert(audit.Head).values(id=1, position=3, hash=last.hash))
    assert audit.verify().fault is None
    report = audit.verify(kept=kept)
    assert (report.broken_at, report.fault) == (4, Fault.CUT)
    report = audit.verify(kept=Mark(2, kept.hash))
    assert (report.broken_at, report.fault) == (2, Fault.KEPT)


@BOTH
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_entries SET action = 'x' WHERE position = 3",
        "UPDATE audit_entries SET position = 99 WHERE position = 3",
        "UPDATE audit_entries SET hash = 'x' WHERE position = 3",
        "UPDATE audit_entries SET actor_id = NULL WHERE position = 3",
        "UPDATE audit_entries SET details = '[]' WHERE position = 3",
        "UPDATE audit_entries SET details = '[]', redacted_at = at WHERE position = 3",
        "UPDATE audit_entries SET address = '::1', redacted_at = at WHERE position = 3",
        "UPDATE audit_entries SET content_salt = 'x' WHERE position = 5",
        "UPDATE audit_entries SET redacted_at = NULL WHERE position = 5",
        "DELETE FROM audit_entries WHERE position = 3",
        "DELETE FROM audit_entries",
        "UPDATE audit_heads SET position = position - 1",
        "UPDATE audit_heads SET hash = 'x'",
        "DELETE FROM audit_heads",
    ],
)
def test_database_itself_refuses_to_change_the_log(log: None, statement: str) -> None:
    """Whoever has only the application's own connection meets its triggers."""
    with pytest.raises(DBAPIError, match="append-only"):
        db.session().execute(text(statement))


@BOTH
def test_log_is_neither_emptied_nor_replaced(log: None) -> None:
    """By the ways around DELETE that each database has."""
    way = "TRUNCATE audit_entries"
    if is_sqlite():
        names = ", ".join(Entry.__table__.columns.keys())
        way = f"INSERT OR REPLACE INTO audit_entries ({names}) SELECT {names} FROM audit_entries"
    with pytest.raises(DBAPIError, match="append-only"):
        db.session().execute(text(way))


@BOTH
def test_blanking_is_let_through(log: None) -> None:
    """A part with its salt, and when."""
    db.session().execute(
        text(
            "UPDATE audit_entries SET address = '', address_salt = '', redacted_at = at"
            " WHERE position = 3"
        )
    )
    assert audit.verify().redacted == 2


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_two_at_once_make_one_chain(
    kind: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    """Of an empty log too: nobody forks it, waits for ever, or fails."""
    with application(kind, tmp_path, request) as app:
        upgrade(directory=MIGRATIONS)
        ready, errors = threading.Barrier(2), list[BaseException]()

        def run(actor_id: int) -> None:
            with app.app_context():
                try:
                    ready.wait(timeout=30)
                    for number in range(25):
                        act(number, actor_id)
                except Exception as error:  # noqa: BLE001 - the test shows whatever it was
                    errors.append(error)

        threads = [threading.Thread(target=run, args=(number,)) for number in (1, 2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(timeout=60)
        assert errors == []
        report = audit.verify()
        assert (report.entries, report.fault) == (50, None)


def test_long_transaction_holds_nobody_up(tmp_path: Path, request: pytest.FixtureRequest) -> None:
    """The head is locked at the very end: who recorded first and commits last comes last."""
    with application("postgresql", tmp_path, request) as app:
        upgrade(directory=MIGRATIONS)

        def run_other() -> None:
            with app.app_context():
                act(2)

        @db.transaction
        def run_long() -> None:
            act(1)
            other = threading.Thread(target=run_other)
            other.start()
            other.join(timeout=30)
            assert not other.is_alive()

        run_long()
        rows = db.session().execute(select(Entry.position, Entry.subject_id)).all()
        assert sorted(rows) == [(1, 2), (2, 1)]
        assert audit.verify().fault is None


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_old_rows_become_the_beginning_of_the_chain(
    kind: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    """In their order, with gaps in their numbers closed; taken back, they are as they were."""
    with application(kind, tmp_path, request):
        upgrade(directory=MIGRATIONS, revision="0001")
        numbers = [1, 2, 4, 700]
        for number in numbers:
            db.session().execute(
                text(
                    "INSERT INTO audit_entries (id, at, actor_id, action, subject_kind, subject_id,"
                    " details, address, request_id) VALUES (:id, :at, NULL, 'tree.planted', 'tree',"
                    " :id, :details, '::1', '')"
                ),
                {"id": number, "at": clock.now().isoformat(" "), "details": '{"name": "β"}'},
            )
        db.session().connection().commit()
        db.session().close()
        upgrade(directory=MIGRATIONS, revision="0002")
        report = audit.verify()
        assert (report.entries, report.fault) == (4, None)
        found = db.session().execute(select(Entry.position, Entry.subject_id))
        assert sorted(found) == list(enumerate(numbers, start=1))
        act(5)
        assert audit.verify(kept=report.head).entries == 5
        db.session().close()
        downgrade(directory=MIGRATIONS, revision="0001")
        kept = text("SELECT id, subject_id, details FROM audit_entries WHERE id = 4")
        assert db.session().execute(kept).one() == (4, 700, '{"name": "β"}')
        added = text(
            "INSERT INTO audit_entries (at, action, subject_kind, subject_id, details, address,"
            " request_id) SELECT at, action, 'new', 1, '', '', '' FROM audit_entries WHERE id = 1"
        )
        db.session().execute(added)
        newest = db.session().scalar(text("SELECT max(id) FROM audit_entries"))
        assert newest == 6
        db.session().close()


@BOTH
def test_verification_tells_how_far_it_is(log: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """In batches, so that memory stays small."""
    monkeypatch.setattr(audit_chain, "BATCH", 4)
    told: list[int] = []
    assert audit.verify(told.append).entries == LAST
    assert told == [4, 2]
    assert db.session().scalar(select(func.count()).select_from(Entry)) == LAST
