"""The commands of `flask --app wsgi …`: serve, worker, index, demo, practices, effects."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from flask import Flask, current_app
from flask.cli import AppGroup, with_appcontext
from flask_migrate import upgrade
from honcho.manager import Manager
from sqlalchemy import select

from citynet.accounts import queries as people
from citynet.accounts.models import Person
from citynet.cities import queries as cities
from citynet.cities import table
from citynet.cities.models import Actor
from citynet.demo import service as demo
from citynet.kit import db, effects, worker
from citynet.practices import importing, topics
from citynet.practices.document import PracticeSource
from citynet.search.queries import engine
from config import ROOT, Config

index_group = AppGroup("index", help="The search index: a copy that can be built anew.")
demo_group = AppGroup("demo", help="The demonstration network.")
practices_group = AppGroup("practices", help="Practices in bulk.")
effects_group = AppGroup("effects", help="What is done after commits.")


def init_app(app: Flask) -> None:
    """Add the commands."""
    for command in (serve, run_worker, setup, index_group, demo_group, practices_group):
        app.cli.add_command(command)
    app.cli.add_command(effects_group)


@contextmanager
def progress(label: str, length: int) -> Iterator[click._termui_impl.ProgressBar[int]]:
    """Show a progress bar; one line only where there is no terminal."""
    with click.progressbar(length=length, label=label, file=sys.stderr) as bar:
        yield bar


@click.command("setup")
@with_appcontext
def setup() -> None:
    """Bring the database up to date and load cities and topics."""
    _prepare()


@click.command("serve")
@with_appcontext
def serve() -> None:
    """Prepare the database, load the demonstration when it is empty, serve web and worker."""
    config: Config = current_app.config["CITYNET"]
    _prepare()
    if not config.is_production and db.session().scalar(select(Person.id).limit(1)) is None:
        _load_demo()
    db.session().close()
    click.echo(f"\nCityNet: http://{config.host}:{config.port}   (Ctrl-C stops it)")
    if not config.is_production:
        for line in demo.sign_ins():
            click.echo(f"  {line}")
    sys.exit(_run_processes(config))


@click.command("worker")
def run_worker() -> None:
    """Run the effects until told to stop."""
    worker.run(current_app._get_current_object())  # type: ignore[attr-defined]


@index_group.command("rebuild")
@with_appcontext
def index_rebuild() -> None:
    """Build the index anew beside the old one, then swap."""
    source = PracticeSource()
    total = len(source.stamps())
    with progress("Index", total) as bar:
        engine().rebuild(source.documents(), total=total, progress=lambda n: bar.update(n))
    click.echo(f"{total} practices are in the index.")


@index_group.command("check")
@with_appcontext
def index_check() -> None:
    """Compare the index with the database; exit 1 where they differ."""
    report = engine().check(PracticeSource())
    click.echo(
        f"missing {len(report.missing)}, stale {len(report.stale)}, extra {len(report.extra)}"
        f"{', damaged: ' + str(report.damaged) if report.damaged else ''}"
    )
    if report.missing or report.stale or report.extra or report.damaged:
        click.echo("Run: flask --app wsgi index rebuild")
        sys.exit(1)
    click.echo("The index tells what the database holds.")


@demo_group.command("load")
@with_appcontext
def demo_load() -> None:
    """Load the demonstration network into an empty database."""
    if db.session().scalar(select(Person.id).limit(1)) is not None:
        raise click.ClickException(
            "The database has people already; the demonstration needs an empty one."
        )
    _load_demo()
    for line in demo.sign_ins():
        click.echo(line)


@practices_group.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--as", "email", required=True, help="The official who writes them.")
@click.option("--signed-off-by", help="The lead who signs them off: they are submitted too.")
@click.option("--approved-by", help="The secretariat's person who publishes them.")
@with_appcontext
def practices_import(
    file: Path, email: str, signed_off_by: str | None, approved_by: str | None
) -> None:
    """Read practices from a file of JSON lines; what was imported before is left alone."""
    team = importing.Team(
        author=_actor(email),
        lead=_actor(signed_off_by) if signed_off_by else None,
        secretariat=_actor(approved_by) if approved_by else None,
    )
    lines = file.read_text(encoding="utf-8-sig", errors="replace").splitlines()
    with progress("Practices", len(lines)) as bar:
        report = importing.import_lines(lines, team, progress=lambda n: bar.update(n))
    for problem in report.problems:
        click.echo(f"line {problem.line}: {problem.reason}", err=True)
    click.echo(
        f"{report.added} added, {report.known} known before, {len(report.problems)} refused."
    )
    if report.problems:
        sys.exit(1)


@effects_group.command("run")
@with_appcontext
def effects_run() -> None:
    """Run what is due, once, without the worker."""
    click.echo(f"{effects.run_due()} tried.")


def _prepare() -> None:
    upgrade(directory=str(ROOT / "migrations"))
    added_cities, added_topics = table.load(), topics.load()
    if added_cities or added_topics:
        click.echo(f"{added_cities} cities and {added_topics} topics are loaded.")


def _load_demo() -> None:
    with progress("Demonstration network", demo.size()) as bar:
        demo.load(progress=lambda n: bar.update(n))
    effects.run_due(limit=10_000)


def _actor(email: str) -> Actor:
    person = people.by_email(email)
    if person is None:
        raise click.ClickException(f"There is no account with the address {email}.")
    return cities.actor_of(person)


def _run_processes(config: Config) -> int:
    """Run the web server and the worker under one Ctrl-C."""
    env = {**os.environ, "FLASK_APP": "wsgi"}
    flask, gunicorn = (str(Path(sys.executable).parent / name) for name in ("flask", "gunicorn"))
    web = (
        f"'{gunicorn}' --workers {config.web_workers} --threads 4 --no-control-socket "
        f"--bind {config.host}:{config.port} --log-level warning wsgi:app"
    )
    manager = Manager()
    manager.add_process("web", web, env=env, cwd=str(ROOT))
    manager.add_process("worker", f"'{flask}' --app wsgi worker", env=env, cwd=str(ROOT))
    manager.loop()
    return int(manager.returncode or 0)
