"""A fresh network for every test: a copy of one database that was built once."""

from __future__ import annotations

import contextvars
import gc
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import structlog
from argon2 import PasswordHasher
from flask import Flask, has_app_context
from flask.testing import FlaskClient
from flask_migrate import upgrade
from sqlalchemy import event
from werkzeug.routing import Rule

from citynet.accounts import passwords
from citynet.app import create_app
from citynet.kit import db
from config import ROOT, Config
from tests import network, once, postgres
from tests.browser.site import loaded_network


class Browser(FlaskClient):
    """A browser whose requests share nothing with the test's own application context.

    Flask would let them: who is signed in and which session of the database is used would then
    leak from one browser to the next, and from a test into its requests.
    """

    def open(self, *args: Any, **kwargs: Any) -> Any:
        """Send a request; afterwards the test reads anew what it changed."""
        if self.preserve_context:
            return super().open(*args, **kwargs)
        answer = contextvars.Context().run(super().open, *args, **kwargs)
        if has_app_context():
            db.session().rollback()
        return answer


def config_in(folder: Path, **changes: object) -> Config:
    """Return the settings of a test network in a folder."""
    settings = {
        "environment": "test", "secret_key": "k" * 40, "instance_dir": folder,
        "mail_backend": "memory",
    }  # fmt: skip
    return Config(**{**settings, **changes})  # type: ignore[arg-type]


def quick(app: Flask) -> Flask:
    """Let applications share what follows from the program, and wait for no disk: they are many."""
    with app.app_context():
        event.listen(db.db.engine, "connect", lambda one, _: one.execute("PRAGMA synchronous=OFF"))
    return once.share(app)


def close(app: Flask) -> None:
    """Give back what the application holds open."""
    with app.app_context():
        db.db.engine.dispose()


# Begun first, so that no worker waits at the end for one long file of the other.
# The second of them needs no demonstration: its worker would wait for the first one to load it.
LONGEST = (
    "browser/test_pages.py", "test_serve.py", "stories/test_real_cases.py", "test_doors.py",
    "practices/test_editor_script.py", "practices/test_editor_saving.py",
    "stories/test_main_job.py", "stories/test_translation.py", "stories/test_membership.py",
    "test_secrets.py", "test_doors_bite.py", "test_cli.py", "practices/test_word.py",
    "faults/test_kills.py", "admin/test_applications.py", "cities/test_joining_views.py",
)  # fmt: skip


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the longest files first; the order within a file stays."""

    def place(item: pytest.Item) -> int:
        name = item.path.relative_to(ROOT / "tests").as_posix()
        return LONGEST.index(name) if name in LONGEST else len(LONGEST)

    items.sort(key=place)


def pytest_collection_finish() -> None:
    """Let the search for garbage pass over thousands of tests: they stay until the end."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session", autouse=True)
def quick_passwords() -> Iterator[None]:
    """Hash with little memory: tests sign in thousands of times. Each hash tells its own cost."""
    with pytest.MonkeyPatch.context() as patch:
        cheap = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
        patch.setattr(passwords, "_hasher", cheap)
        yield


@pytest.fixture(scope="session", autouse=True)
def quick_routes() -> Iterator[None]:
    """Compile each route once: every application of thousands has the same ones."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Rule, "compile", once.compile_rule(Rule.compile))
        yield


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the small network once."""
    folder = tmp_path_factory.mktemp("template")
    app = create_app(config_in(folder))
    with app.app_context():
        upgrade(directory=str(ROOT / "migrations"))
        network.build()
    close(app)
    return folder


@pytest.fixture
def app(template: Path, tmp_path: Path) -> Iterator[Flask]:
    """Return an application over a copy of the small network."""
    folder = tmp_path / "instance"
    shutil.copytree(template, folder)
    app = quick(create_app(config_in(folder)))
    app.test_client_class = Browser
    structlog.configure(logger_factory=structlog.ReturnLoggerFactory())
    with app.app_context():
        yield app
        db.session().rollback()
    close(app)


@pytest.fixture(scope="session")
def demonstration(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of the demonstration network, loaded once for all processes of a run."""
    base = tmp_path_factory.getbasetemp()
    return loaded_network(base.parent if "PYTEST_XDIST_WORKER" in os.environ else base)


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """Serve PostgreSQL while tests run."""
    with postgres.server() as address:
        yield address


@pytest.fixture
def postgres_url(postgres_server: str) -> Iterator[str]:
    """Return the address of a new, empty database."""
    with postgres.database(postgres_server) as url:
        yield url


@pytest.fixture(scope="session")
def postgres_template(
    postgres_server: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """Build the small network in PostgreSQL once, and return its database's address."""
    with postgres.database(postgres_server) as url:
        app = create_app(config_in(tmp_path_factory.mktemp("postgres"), database_url=url))
        with app.app_context():
            upgrade(directory=str(ROOT / "migrations"))
            network.build()
            db.session().close()
        close(app)
        yield url


@pytest.fixture
def on_postgres(postgres_server: str, postgres_template: str, tmp_path: Path) -> Iterator[Flask]:
    """Return an application over a copy of the small network in PostgreSQL."""
    with postgres.database(postgres_server, like=postgres_template) as url:
        app = create_app(config_in(tmp_path, database_url=url))
        app.test_client_class = Browser
        with app.app_context():
            yield app
            db.session().close()
        close(app)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """Return a visitor's browser."""
    return app.test_client()
