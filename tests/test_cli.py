"""The commands of `flask --app wsgi …`, each as a person types it."""

from __future__ import annotations

import json
import re
import shutil
import socket
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import func, select

from citynet.accounts.models import Person
from citynet.cities.models import City
from citynet.kit import db, effects
from citynet.practices import service
from citynet.practices.document import PracticeSource
from citynet.practices.models import Practice, Revision, State, Topic
from citynet.search.queries import engine
from tests import network, processes
from tests.index.documents import put
from tests.network import RECORD, actor


def run(app: Flask, *words: str) -> Result:
    """Run a command over the test's network."""
    answer = app.test_cli_runner().invoke(args=list(words))
    db.session().rollback()
    return answer


def write_file(folder: Path, *records: dict[str, Any] | str) -> str:
    """Write records as lines and return the path."""
    path = folder / "practices.jsonl"
    lines = [one if isinstance(one, str) else json.dumps({**RECORD, **one}) for one in records]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return str(path)


def count(model: type[db.Base]) -> int:
    """Return how many rows there are."""
    return db.session().scalar(select(func.count()).select_from(model)) or 0


def test_setup_prepares_an_empty_folder_and_is_quick_to_repeat(tmp_path: Path) -> None:
    """Tables, cities and topics; a second time there is nothing to do."""
    first = processes.flask(tmp_path / "instance", "setup")
    assert first.returncode == 0, first.stderr
    found = re.search(r"(\d+) cities and (\d+) topics are loaded", first.stdout)
    assert found is not None
    assert int(found.group(1)) > 10_000
    assert int(found.group(2)) >= 60
    second = processes.flask(tmp_path / "instance", "setup")
    assert second.returncode == 0
    assert "are loaded" not in second.stdout


def test_database_that_does_not_answer_is_told_in_a_sentence(tmp_path: Path) -> None:
    """Which setting to look at, and no traceback."""
    port = processes.free_port()
    done = processes.flask(
        tmp_path, "setup", DATABASE_URL=f"postgresql://citynet:hunter2@127.0.0.1:{port}/citynet"
    )
    assert done.returncode == 1
    assert "DATABASE_URL:" in done.stderr
    assert "Traceback" not in done.stderr
    assert "hunter2" not in done.stderr


def test_port_that_is_taken_is_told_before_anything_else(tmp_path: Path) -> None:
    """And which setting changes it."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = processes.flask(tmp_path, "serve", PORT=str(port))
    assert done.returncode == 1
    assert f"PORT: {port} cannot be opened" in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "citynet.db").exists()


def test_index_is_checked_and_built_anew(app: Flask) -> None:
    """Differences are counted and the way out is named; after it nothing differs."""
    practice = network.write_to("signed_off")
    service.publish(actor("secretariat"), practice)
    found = run(app, "index", "check")
    assert found.exit_code == 1
    assert "missing 1, stale 0, extra 0" in found.output
    assert "index rebuild" in found.output
    built = run(app, "index", "rebuild")
    assert built.exit_code == 0, built.output
    assert "1 practices are in the index." in built.output
    again = run(app, "index", "check")
    assert (again.exit_code, "The index tells" in again.output) == (0, True)


def test_check_of_the_index_repairs_what_differs(app: Flask) -> None:
    """Missing, stale or extra; and a damaged one is built anew."""
    practice = network.write_to("signed_off")
    service.publish(actor("secretariat"), practice)
    (told,) = PracticeSource().documents()
    put(engine(), [replace(told, key="999")])
    assert "index check --repair" in run(app, "index", "check").output
    repaired = run(app, "index", "check", "--repair")
    assert "missing 1, stale 0, extra 1" in repaired.output
    assert (repaired.exit_code, "is repaired" in repaired.output) == (0, True)
    assert run(app, "index", "check").exit_code == 0
    put(engine(), [replace(told, stamp="older")])
    assert "stale 1" in run(app, "index", "check", "--repair").output
    folder: Path = app.config["CITYNET"].instance_dir / "index"
    shutil.rmtree(folder)
    assert "damaged" in run(app, "index", "check", "--repair").output
    assert run(app, "index", "check").exit_code == 0


def test_effects_are_run_once_without_the_worker(app: Flask) -> None:
    """What is due is tried and counted: the index, and the letter to the author."""
    practice = network.write_to("signed_off")
    service.publish(actor("secretariat"), practice)
    assert "2 tried." in run(app, "effects", "run").output
    assert "0 tried." in run(app, "effects", "run").output
    assert {row.state for row in effects.latest(1).items} == {effects.State.DONE}


def test_practices_are_imported_for_a_city(app: Flask, tmp_path: Path) -> None:
    """`--city` by code, GeoNames id or address: its own official is the author."""
    path = write_file(tmp_path, {"title": "One"}, {"title": "Two"})
    for city, role in (("35.15", "official"), ("gn:1835848", "rival"), ("pending", "pending")):
        answer = run(app, "practices", "import", path, "--city", city)
        assert answer.exit_code == 0, answer.output
        assert "2 added, 0 known before, 0 refused." in answer.output
        authors = select(Practice.created_by_id).order_by(Practice.id.desc()).limit(2)
        assert set(db.session().scalars(authors)) == {actor(role).person_id}
    assert "0 added, 2 known" in run(app, "practices", "import", path, "--city", "35.15").output


def test_practices_are_imported_as_a_person_up_to_publication(app: Flask, tmp_path: Path) -> None:
    """`--as`, `--signed-off-by`, `--approved-by`; then they are indexed like any other."""
    path = write_file(tmp_path, {"title": "One"})
    answer = run(
        app, "practices", "import", path, "--as", "official@sidoarjo.example",
        "--signed-off-by", "lead@sidoarjo.example", "--approved-by", "admin@citynet.example",
    )  # fmt: skip
    assert answer.exit_code == 0, answer.output
    assert set(db.session().scalars(select(Revision.state))) == {State.PUBLISHED}
    run(app, "effects", "run")
    assert engine().suggest("One", {"public"}, 5)[0][1] == "One"


def test_bad_lines_are_reported_and_the_exit_says_so(app: Flask, tmp_path: Path) -> None:
    """By number and reason, while the good ones are kept."""
    path = write_file(tmp_path, {"title": "Good"}, "no JSON", {"title": "", "colour": "red"})
    answer = run(app, "practices", "import", path, "--city", "35.15")
    assert answer.exit_code == 1
    assert "line 2: line: This is not a JSON object on one line." in answer.output
    assert re.search(r"line 3: .*title: Fill this in\.", answer.output)
    assert "1 added, 0 known before, 2 refused." in answer.output
    assert count(Practice) == 1


def test_file_that_is_not_utf_8_is_reported_by_line(app: Flask, tmp_path: Path) -> None:
    """Its other lines are kept; a byte order mark or a line separator in a text is no fault."""
    path = tmp_path / "practices.jsonl"
    good = json.dumps({**RECORD, "problem": "one\u2028two"}, ensure_ascii=False)
    path.write_bytes(b"\xef\xbb\xbf" + good.encode() + b"\r\n" + b'{"title": "caf\xe9"}\n')
    answer = run(app, "practices", "import", str(path), "--city", "35.15")
    assert "line 2: line: This line is not written in UTF-8." in answer.output
    assert "1 added" in answer.output


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ([], "Say who writes"),
        (["--city", "99.99"], "There is no city 99.99"),
        (["--as", "who@nowhere.example"], "There is no account with the address"),
        (["--city", "gn:1835848", "--as", "official@sidoarjo.example"], "does not act for Seoul"),
        (["--city", "empty"], "has no official"),
        (["--city", "35.15", "--signed-off-by", "x@y.example"], "There is no account"),
    ],
)
def test_import_without_an_author_is_refused(
    app: Flask, tmp_path: Path, options: list[str], sentence: str
) -> None:
    """The sentence tells what is missing, and nothing is read."""

    @db.transaction
    def add_city() -> None:
        db.session().add(
            City(
                slug="empty", code="gn:7", name="Empty", kind="city", country="FJ", latitude=0.0,
                longitude=0.0,
            )
        )  # fmt: skip

    add_city()
    answer = run(app, "practices", "import", write_file(tmp_path, {}), *options)
    assert answer.exit_code != 0
    assert sentence in answer.output
    assert count(Practice) == 0


def test_missing_file_is_named(app: Flask) -> None:
    """By the command line itself."""
    answer = run(app, "practices", "import", "/no/such/file", "--city", "35.15")
    assert answer.exit_code == 2
    assert "/no/such/file" in answer.output


def test_demonstration_is_loaded_into_an_empty_database_only(app: Flask) -> None:
    """A real network is never mixed with examples."""
    before = count(Person)
    answer = run(app, "demo", "load")
    assert answer.exit_code == 1
    assert "empty" in answer.output
    assert count(Person) == before


@pytest.mark.slow
def test_demonstration_fills_every_list(demonstration: Path) -> None:
    """24 member cities in 8 countries or more, and 60 practices."""
    counted = processes.python(
        demonstration,
        """
from sqlalchemy import func, select
from citynet.cities.models import City, Membership
from citynet.kit import db
from citynet.practices.models import Practice, Revision
session = db.session()
active = select(City.country).join(Membership).where(Membership.standing == "active")
countries = session.scalars(active).all()
states = session.execute(select(Revision.state, func.count()).group_by(Revision.state)).all()
print(len(countries), len(set(countries)), session.scalar(select(func.count(Practice.id))))
print(sorted(state for state, _ in states))
""",
    )
    out, errors = counted.communicate(timeout=60)
    members, countries, practices = map(int, out.splitlines()[0].split())
    assert members >= 24, errors
    assert countries >= 8
    assert practices >= 60
    assert set(eval(out.splitlines()[1])) == set(map(str, State))
    checked = processes.flask(demonstration, "index", "check")
    assert (checked.returncode, checked.stdout.splitlines()[0]) == (
        0, "missing 0, stale 0, extra 0",
    )  # fmt: skip


def test_topics_and_cities_are_left_to_the_secretariat_once_loaded(app: Flask) -> None:
    """Setting up again changes no name that was edited."""

    @db.transaction
    def rename() -> None:
        topic = db.session().scalars(select(Topic).where(Topic.slug == "licensing")).one()
        topic.name_en = "Permits"

    rename()
    assert run(app, "setup").exit_code == 0
    topic = (
        db.session()
        .scalars(
            select(Topic).where(Topic.slug == "licensing").execution_options(populate_existing=True)
        )
        .one()
    )
    assert topic.name_en == "Permits"
