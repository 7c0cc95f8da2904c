"""`flask --app wsgi audit verify`: what it says, and how it ends."""

from __future__ import annotations

import re

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import text

from citynet.kit import audit, db
from tests.kit.test_audit import act


def run(app: Flask, *words: str) -> Result:
    """Run the command."""
    db.session().close()
    return app.test_cli_runner().invoke(args=["audit", "verify", *words])


def tamper(*statements: str) -> None:
    """Change the log as somebody with the database's own password can."""
    with db.db.engine.connect() as connection:
        connection.exec_driver_sql("BEGIN")
        for name in ("entries_update", "entries_delete", "heads_delete", "heads_update"):
            connection.exec_driver_sql(f"DROP TRIGGER audit_{name}")
        for statement in statements:
            connection.execute(text(statement))
        connection.commit()


def head(app: Flask) -> str:
    """Return the head that a verification prints."""
    found = re.search(r"--head (\S+)", run(app).output)
    assert found
    return found.group(1)


def test_untouched_log_is_told_with_its_head(app: Flask) -> None:
    """How many entries, and what to keep outside; with it the next verification proves more."""
    kept = head(app)
    act()
    answer = run(app, "--head", kept)
    assert answer.exit_code == 0, answer.output
    total = audit.entries().total
    assert f"{total} entries, each as it was written." in answer.output


def test_first_broken_entry_is_named(app: Flask) -> None:
    """With what is wrong with it and how many hold before it; exit 1."""
    tamper("UPDATE audit_entries SET actor_id = 99 WHERE position = 4")
    answer = run(app)
    assert answer.exit_code == 1
    assert "Entry 4 does not hold: its facts or its place" in answer.output
    assert "The 3 entries before it hold." in answer.output


def test_removed_first_entry_is_named(app: Flask) -> None:
    """Nothing before it holds."""
    tamper("DELETE FROM audit_entries WHERE position = 1")
    answer = run(app)
    assert (answer.exit_code, "Entry 1 does not hold: it was removed." in answer.output) == (
        1,
        True,
    )


def test_cut_log_is_found_by_the_head_that_was_kept(app: Flask) -> None:
    """Also where the end that was written down was set back with it."""
    kept = head(app)
    tamper(
        "DELETE FROM audit_entries WHERE position > 3",
        "UPDATE audit_heads SET position = 3,"
        " hash = (SELECT hash FROM audit_entries WHERE position = 3)",
    )
    assert run(app).exit_code == 0
    answer = run(app, "--head", kept)
    assert answer.exit_code == 1
    assert "Entry 4 does not hold: the log ends before it" in answer.output


def test_blanked_entries_are_counted(app: Flask) -> None:
    """They hold, and are told apart."""
    act()
    assert audit.redact(subject=("tree", 9)) == 1
    assert "1 of them blanked by an erasure" in run(app).output


@pytest.mark.parametrize("words", ["", "5", "0:" + "a" * 64, "1:xyz", "-1:" + "a" * 64])
def test_head_that_is_none_is_refused(app: Flask, words: str) -> None:
    """A slip of the pen is not taken for a broken log."""
    answer = run(app, "--head", words)
    assert answer.exit_code == 2
    assert "as it was printed" in answer.output
