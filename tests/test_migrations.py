"""Migrations: up, down and up again with rows in every table, on both databases."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy import func, inspect, select, text

from citynet.accounts import service as accounts
from citynet.accounts.models import Identity
from citynet.accounts.service import erasing
from citynet.app import create_app
from citynet.kit import db, jobs, throttle, worker
from citynet.kit.errors import Invalid
from citynet.practices import content as contents
from citynet.practices import service
from config import ROOT
from tests import network
from tests.accounts import acting
from tests.admin import desk_rows
from tests.asked import rows as asked_rows
from tests.cities import applicants
from tests.cities import people as team_rows
from tests.conftest import close, config_in
from tests.kit import look_rows
from tests.practices import file_rows, review_rows, translator
from tests.search import saving

MIGRATIONS = str(ROOT / "migrations")


@pytest.fixture(params=["sqlite", "postgresql"])
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Flask]:
    """Return an application over an empty database of each kind."""
    is_sqlite = request.param == "sqlite"
    url = "" if is_sqlite else request.getfixturevalue("postgres_url")
    app = create_app(config_in(tmp_path, database_url=url))
    with app.app_context():
        yield app
        db.session().close()
    close(app)


def tables() -> set[str]:
    """Return the tables there are, without Alembic's own."""
    return set(inspect(db.db.engine).get_table_names()) - {"alembic_version"}


def write_into_every_table() -> None:
    """Build the small network with a practice in each state, and whatever else leaves rows."""
    network.build()
    for state in ("draft", "submitted", "signed_off", "published"):
        network.write_to(state, title=state)
    for password in ("wrong", network.PASSWORD):
        try:
            accounts.sign_in("lead@sidoarjo.example", password, address="::1", browser="")
        except Invalid:
            continue
    acting.write_rows()
    applicants.write_rows()
    desk_rows.write_rows()
    team_rows.write_rows()
    look_rows.write_rows()
    review_rows.write_rows()
    file_rows.write_rows()
    asked_rows.write_rows()
    translator.translate(translator.published())
    service.come_to(network.actor("official"), network.write(title="Being written"), "name")
    saving.write_rows()
    worker.beat()
    throttle.hit("test", "::1", limit=1, minutes=1)
    jobs.doer("test.row")(lambda _actor_id, _item: "done")
    gone = accounts.create_person(None, "gone@x.example", name="N", password=network.PASSWORD)
    erasing.erase(None, gone)
    with db.atomic():
        db.session().add(Identity(person_id=gone.id, issuer="https://x.example", subject="1"))
    jobs.begin(None, "test.row", title="Rows", items=[{"name": "one"}], language="en")


def empty_tables() -> set[str]:
    """Return the tables that have no row."""
    found = db.Base.metadata.tables.values()
    counts = {
        table.name: db.session().scalar(select(func.count()).select_from(table)) for table in found
    }
    db.session().rollback()
    return {name for name, count in counts.items() if not count}


def test_models_and_migrations_agree(empty: Flask) -> None:
    """Alembic would add nothing: no table, column, type, index or constraint differs."""
    upgrade(directory=MIGRATIONS)
    with db.db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, db.Base.metadata) == []


def test_up_down_and_up_again_with_rows(empty: Flask) -> None:
    """Downgrading leaves nothing behind, and the next upgrade serves a whole network again."""
    upgrade(directory=MIGRATIONS)
    assert tables() == set(db.Base.metadata.tables)
    write_into_every_table()
    assert empty_tables() == set()
    db.session().close()
    downgrade(directory=MIGRATIONS, revision="base")
    assert tables() == set()
    upgrade(directory=MIGRATIONS)
    assert empty_tables() == set(db.Base.metadata.tables)
    write_into_every_table()
    assert empty_tables() == set()


def test_upgrade_of_a_database_that_is_up_to_date_keeps_its_rows(empty: Flask) -> None:
    """Every start of the network does it."""
    upgrade(directory=MIGRATIONS)
    write_into_every_table()
    db.session().close()
    upgrade(directory=MIGRATIONS)
    assert empty_tables() == set()


def test_every_foreign_key_has_an_index_and_says_what_a_deletion_does(empty: Flask) -> None:
    """Rule 7 of the house, read from the database itself."""
    upgrade(directory=MIGRATIONS)
    inspector = inspect(db.db.engine)
    for table in tables():
        indexed = {index["column_names"][0] for index in inspector.get_indexes(table)}
        indexed |= {one["column_names"][0] for one in inspector.get_unique_constraints(table)}
        indexed |= set(inspector.get_pk_constraint(table)["constrained_columns"])
        for key in inspector.get_foreign_keys(table):
            column = key["constrained_columns"][0]
            assert column in indexed, f"{table}.{column}"
            assert key["options"].get("ondelete"), f"{table}.{column}"
            assert key["name"], f"{table}.{column}"


def test_plain_texts_become_paragraphs_and_words_again(empty: Flask) -> None:
    """What was written before texts were rich is shown as it was, with its signs."""
    upgrade(directory=MIGRATIONS)
    network.build()
    table = "<table><tr><td>1</td></tr></table>"
    network.write_to("draft", problem="<ul><li>one</li></ul>", lessons=f"<p>a &amp; b</p>{table}")
    db.session().close()
    downgrade(directory=MIGRATIONS, revision="0010")
    words = stored_text()
    assert words["problem"] == "one"
    assert words["lessons"].split() == ["a", "&", "b", "1"]
    assert "leftover" not in words
    plain = {
        "title": "Old",
        "problem": "a < b\nc\n\nd & e",
        "blocks": [{"name": "x", "needs": "y"}],
    }
    with db.db.engine.begin() as connection:
        connection.execute(
            text("UPDATE revisions SET content = :told"), {"told": json.dumps(plain)}
        )
    upgrade(directory=MIGRATIONS, revision="0011")
    rich = contents.read(stored_text())
    assert rich.problem == "<p>a &lt; b<br>c</p><p>d &amp; e</p>"
    assert rich.blocks[0].needs == "<p>y</p>"


def test_words_of_topics_of_before_are_kept_and_not_narrower(empty: Flask) -> None:
    """Loading the shipped ones then tells which are."""
    upgrade(directory=MIGRATIONS)
    network.build()
    db.session().close()
    downgrade(directory=MIGRATIONS, revision="0015")
    upgrade(directory=MIGRATIONS, revision="0016")
    with db.db.engine.connect() as connection:
        rows = connection.execute(text("SELECT text, is_narrower FROM topic_synonyms")).all()
    assert [tuple(row) for row in rows] == [("izin usaha", False)]


def stored_text() -> dict[str, Any]:
    """Return what the only row of the texts holds."""
    with db.db.engine.connect() as connection:
        found = json.loads(str(connection.scalar(text("SELECT content FROM revisions"))))
    assert isinstance(found, dict)
    return found
