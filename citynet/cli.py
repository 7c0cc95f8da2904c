"""The commands of `flask --app wsgi …`: serve, worker, people, index, demo, practices, effects."""

from __future__ import annotations

import os
import shlex
import socket
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
from sqlalchemy.exc import OperationalError

from citynet.accounts import queries as people
from citynet.accounts import service as accounts
from citynet.accounts.models import Person
from citynet.cities import queries as cities
from citynet.cities import service as memberships
from citynet.cities import table
from citynet.cities.models import Actor, City, Role
from citynet.demo import service as demo
from citynet.kit import db, effects, worker
from citynet.kit.errors import CityNetError
from citynet.practices import importing, topics
from citynet.practices.document import PracticeSource
from citynet.search.queries import engine
from config import ROOT, Config

# What honcho answers after Ctrl-C and after the signal to end.
STOPPED_ON_PURPOSE = frozenset({130, 143})
people_group = AppGroup("people", help="People who sign in.")
index_group = AppGroup("index", help="The search index: a copy that can be built anew.")
demo_group = AppGroup("demo", help="The demonstration network.")
practices_group = AppGroup("practices", help="Practices in bulk.")
effects_group = AppGroup("effects", help="What is done after commits.")


def init_app(app: Flask) -> None:
    """Add the commands."""
    for command in (serve, run_worker, setup, index_group, demo_group, practices_group):
        app.cli.add_command(command)
    app.cli.add_command(people_group)
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
    _check_port(config)
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


@people_group.command("add")
@click.argument("email")
@click.option("--name", required=True, help="The person's name.")
@click.option("--secretariat", is_flag=True, help="The person administers the network.")
@click.option("--city", help="The city the person acts for: its code, gn:… or address here.")
@click.option(
    "--role",
    type=click.Choice([role.value for role in Role]),
    default="official",
    show_default=True,
)
@click.option("--by", help="With --city: the secretariat's person who appoints, by mail address.")
@click.password_option(help="At least 10 characters; asked for when not given.")
@with_appcontext
def people_add(
    email: str, name: str, secretariat: bool, city: str | None, role: str, by: str | None,
    password: str,
) -> None:  # fmt: skip
    """Add a person of the secretariat, or of a city."""
    if secretariat == bool(city):
        raise click.UsageError("Say either --secretariat or --city CODE.")
    if city and not by:
        raise click.UsageError("Say who appoints: --by ADDRESS, a person of the secretariat.")
    place, appointer = (_city(city), _actor(by)) if city and by else (None, None)
    try:
        with db.atomic():
            person = accounts.create_person(
                None, email, name=name, password=password, is_secretariat=secretariat
            )
            if place and appointer:
                memberships.appoint(appointer, person, place, role=Role(role))
    except CityNetError as error:
        raise click.ClickException(str(error) or f"{by} may not do that.") from error
    click.echo(f"{email} can sign in now.")


@index_group.command("rebuild")
@with_appcontext
def index_rebuild() -> None:
    """Build the index anew beside the old one, then swap."""
    _rebuild_index()


@index_group.command("check")
@with_appcontext
def index_check() -> None:
    """Compare the index with the database; exit 1 where they differ."""
    report = engine().check(PracticeSource())
    click.echo(
        f"missing {len(report.missing)}, stale {len(report.stale)}, extra {len(report.extra)}"
        f"{', damaged: ' + str(report.damaged) if report.damaged else ''}"
    )
    if not report.is_whole:
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
@click.option("--city", help="The city's official code, GeoNames id (gn:…) or address here.")
@click.option("--as", "email", help="The official who writes them, by mail address.")
@click.option("--signed-off-by", help="The lead who signs them off: they are submitted too.")
@click.option("--approved-by", help="The secretariat's person who publishes them.")
@with_appcontext
def practices_import(
    file: Path,
    city: str | None,
    email: str | None,
    signed_off_by: str | None,
    approved_by: str | None,
) -> None:
    """Read practices from a file of JSON lines; what was imported before is left alone."""
    team = importing.Team(
        author=_author(city, email),
        lead=_actor(signed_off_by) if signed_off_by else None,
        secretariat=_actor(approved_by) if approved_by else None,
    )
    lines = file.read_text(encoding="utf-8-sig", errors="surrogateescape").split("\n")
    with progress("Practices", len(lines)) as bar:
        report = importing.import_lines(lines, team, progress=bar.update)
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
    try:
        upgrade(directory=str(ROOT / "migrations"))
    except OperationalError as error:
        raise click.ClickException(f"DATABASE_URL: the database refuses: {error.orig}") from error
    added_cities, added_topics = table.load(), topics.load()
    if added_cities or added_topics:
        click.echo(f"{added_cities} cities and {added_topics} topics are loaded.")
    if not engine().check(PracticeSource()).is_whole:
        _rebuild_index()


def _rebuild_index() -> None:
    source = PracticeSource()
    total = len(source.stamps())
    with progress("Index", total) as bar:
        engine().rebuild(source.documents(), total=total, progress=bar.update)
    click.echo(f"{total} practices are in the index.")


def _load_demo() -> None:
    with progress("Demonstration network", demo.size()) as bar:
        demo.load(progress=bar.update)
    effects.run_due(limit=10_000)
    config: Config = current_app.config["CITYNET"]
    config.demonstration_mark.touch()


def _check_port(config: Config) -> None:
    """Tell before anything else is done that the port cannot be had."""
    family = socket.AF_INET6 if ":" in config.host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((config.host.strip("[]"), config.port))
        except OSError as error:
            raise click.ClickException(
                f"PORT: {config.port} cannot be opened on {config.host} ({error.strerror}). "
                "Choose another, such as PORT=8001, or stop what uses it."
            ) from None


def _author(city_code: str | None, email: str | None) -> Actor:
    """Return who writes: the official named, else the first of the city."""
    if city_code is None:
        if email is None:
            raise click.UsageError("Say who writes: --city CODE or --as ADDRESS.")
        return _actor(email)
    city = _city(city_code)
    actor = _actor(email) if email else _official_of(city)
    if actor.city_id != city.id:
        raise click.ClickException(f"{email} does not act for {city.full_name}.")
    return actor


def _city(code: str) -> City:
    city = cities.find_city(code)
    if city is None:
        raise click.ClickException(f"There is no city {code}.")
    return city


def _official_of(city: City) -> Actor:
    """Return an official of the city, the lead only where there is no other."""
    officials = sorted(
        cities.officials_of(city.id), key=lambda official: official.role == Role.LEAD
    )
    if not officials:
        raise click.ClickException(f"{city.full_name} has no official who could write.")
    return cities.actor_of(officials[0].person)


def _actor(email: str) -> Actor:
    person = people.by_email(email)
    if person is None:
        raise click.ClickException(f"There is no account with the address {email}.")
    return cities.actor_of(person)


def _run_processes(config: Config) -> int:
    """Run the web server and the worker under one Ctrl-C."""
    env = {**os.environ, "FLASK_APP": "wsgi"}
    flask, gunicorn = (str(Path(sys.executable).parent / name) for name in ("flask", "gunicorn"))
    host = f"[{config.host.strip('[]')}]" if ":" in config.host else config.host
    web = [
        gunicorn, "--workers", str(config.web_workers), "--threads", "4", "--no-control-socket",
        "--bind", f"{host}:{config.port}", "--log-level", "warning", "wsgi:app",
    ]  # fmt: skip
    manager = Manager()
    # `exec`: the signal to stop must reach the program, not a shell before it.
    for name, command in (("web", web), ("worker", [flask, "--app", "wsgi", "worker"])):
        manager.add_process(name, f"exec {shlex.join(command)}", env=env, cwd=str(ROOT))
    manager.loop()
    code = int(manager.returncode or 0)
    return 0 if code in STOPPED_ON_PURPOSE else code
