"""Web server and worker killed while people save, submit, publish and send files.

A few kills of each kind in every run of the tests; `make faults` sets how many of each in KILLS.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import flask
import pytest
from flask import current_app, has_request_context
from sqlalchemy.orm import Session

from citynet.app import create_app
from citynet.kit import files
from citynet.practices.document import PracticeSource
from citynet.search.queries import engine
from tests.conftest import close, config_in
from tests.faults import checker
from tests.faults.journal import Kind, Way, kept
from tests.faults.killing import Killing
from tests.faults.server import Sabotage
from tests.index import documents

KILLS = int(os.environ.get("KILLS", "0"))
# The long form runs in parts, each with a network of its own.
PARTS = 4 if KILLS else 1
FEW = {"SQLite": 2, "PostgreSQL": 1}
# What somebody might do to the database, and how the checker names it.
ROWS = {
    "a save": ("UPDATE revisions SET content = replace(content, '{saved}', 'before')", "lost"),
    "half a save": (
        "UPDATE revisions SET content = json_set(content, '$.{field}', 'before')", "lost",
    ),
    "a copy of the text": ("UPDATE revisions SET subtitle = 'before'", "row"),
    "a publication": ("UPDATE revisions SET state = 'draft' WHERE state = 'published'", "lost"),
    "a step": ("DELETE FROM revision_steps WHERE kind = 'submitted'", "lost"),
    "a file": ("DELETE FROM practice_files WHERE name LIKE '{sent}%'", "lost"),
    "another file": ("UPDATE practice_files SET name_in_store = '{digest}'", "lost"),
    "what follows": ("DELETE FROM effects WHERE kind = 'practice.index'", "effect"),
    "an entry": ("DELETE FROM audit_entries WHERE action = 'practice.saved'", "audit"),
    "the end of the log": ("UPDATE audit_heads SET position = position - 1", "audit"),
    "what others refer to": ("DELETE FROM topics WHERE slug = 'licensing'", "database"),
}  # fmt: skip


@pytest.fixture(scope="module")
def worked(tmp_path_factory: pytest.TempPathFactory, template: Path) -> Iterator[Killing]:
    """Return a network in which people worked a while, and which is stopped."""
    network = Killing(tmp_path_factory.mktemp("worked"), template=template)
    try:
        network.begin()
        for way in Way:
            network.do(way)
        network.end()
        network.server.kill()
        yield network
    finally:
        network.close()


@pytest.mark.slow
@pytest.mark.parametrize("part", range(PARTS))
@pytest.mark.parametrize("database", FEW)
def test_nothing_acknowledged_is_lost(
    request: pytest.FixtureRequest, tmp_path: Path, database: str, part: int
) -> None:
    """However often web server and worker are killed, and whatever they are at."""
    kills = KILLS // PARTS or FEW[database]
    if database == "SQLite":
        given = {"template": request.getfixturevalue("template")}
    else:
        given = {"template": None, "database_url": request.getfixturevalue("postgres_url")}
    network = Killing(tmp_path, seed=part, **given)
    try:
        network.run(kills)
        network.end()
        sys.stdout.write(f"{database}, part {part + 1} of {PARTS}\n{network.told()}\n")
    finally:
        network.close()
    assert network.tally.kills == dict.fromkeys(Kind, kills)


def test_checker_finds_nothing_wrong_where_nothing_is(worked: Killing, tmp_path: Path) -> None:
    """A copy of the network's folder is as good as the folder."""
    assert faults_after(worked, tmp_path, lambda _folder: None) == []


@pytest.mark.parametrize("what", ROWS)
def test_checker_finds_what_is_missing_in_the_database(
    worked: Killing, tmp_path: Path, what: str
) -> None:
    """Each kind of row, and what must agree with it."""
    statement, told = ROWS[what]
    saved = [*kept(worked.journal.read(), Way.SAVE, Way.AUTOSAVE)][-1]
    sent = next(iter(kept(worked.journal.read(), Way.PICTURE)))
    values = {
        "saved": saved.mark, "field": {"name": "agency", "lessons": "lessons"}[saved.part],
        "sent": sent.mark, "digest": "0" * 64,
    }  # fmt: skip

    def lose(folder: Path) -> None:
        with closing(sqlite3.connect(folder / "citynet.db")) as connection:
            for (name,) in connection.execute(
                "SELECT name FROM sqlite_master WHERE type = 'trigger'"
            ).fetchall():
                connection.execute(f"DROP TRIGGER {name}")
            assert connection.execute(statement.format(**values)).rowcount
            connection.commit()

    found = faults_after(worked, tmp_path, lose)
    assert any(one.startswith(told) for one in found), found


@pytest.mark.parametrize("left", [0, 100])
def test_checker_finds_a_file_cut_off(worked: Killing, tmp_path: Path, left: int) -> None:
    """A row that refers to less than what was sent."""
    sent = next(iter(kept(worked.journal.read(), Way.ATTACHMENT)))

    def cut(folder: Path) -> None:
        path = folder / "files" / sent.digest[:2] / sent.digest
        path.write_bytes(path.read_bytes()[:left])

    (found,) = faults_after(worked, tmp_path, cut)
    assert found.startswith(f"file: {sent.digest}")


def test_checker_finds_a_published_text_that_search_lacks(worked: Killing, tmp_path: Path) -> None:
    """The worker said it was done."""

    def drop(folder: Path) -> None:
        app = create_app(config_in(folder))
        with app.app_context():
            documents.drop(engine(), list(PracticeSource().stamps()))
        close(app)

    (found,) = faults_after(worked, tmp_path, drop)
    assert found.startswith("index")


def acknowledge_and_forget() -> None:
    """Answer that a text is saved, and roll it back."""
    commit: Callable[[Session], None] = Session.commit

    def lie(session: Session) -> None:
        is_save = has_request_context() and "/edit/" in flask.request.path
        (Session.rollback if is_save else commit)(session)

    setattr(Session, "commit", lie)  # noqa: B010 - nothing that a type could tell


def store_half() -> None:
    """Answer that a file is kept, and write half of it."""
    put = files.put

    def lie(content: bytes) -> str:
        name, store = put(content), current_app.config["CITYNET"].instance_dir / "files"
        (store / name[:2] / name).write_bytes(content[: len(content) // 2])
        return name

    files.put = lie


@pytest.mark.parametrize(
    ("way", "sabotage"),
    [(Way.AUTOSAVE, acknowledge_and_forget), (Way.PICTURE, store_half)],
)
def test_network_that_lies_is_found_out(
    template: Path, tmp_path: Path, way: Way, sabotage: Sabotage
) -> None:
    """What it acknowledged is not there after the kill."""
    network = Killing(tmp_path, template=template, sabotage=sabotage)

    def kill() -> None:
        network.kill_during(way, at_random=False)
        network.check()

    try:
        network.begin()
        with pytest.raises(AssertionError, match="lost" if way == Way.AUTOSAVE else "file"):
            kill()
    finally:
        network.close()


def faults_after(worked: Killing, tmp_path: Path, sabotage: Callable[[Path], None]) -> list[str]:
    """Return what the checker says of a copy of the network to which something was done."""
    folder = tmp_path / "instance"
    shutil.copytree(worked.folder, folder)
    sabotage(folder)
    app = create_app(config_in(folder))
    try:
        with app.app_context():
            return checker.everything(folder, worked.journal.read(), is_settled=True)
    finally:
        close(app)
