"""Set up, load the demonstration, serve, and do the work after commits."""

from __future__ import annotations

import os
import shlex
import socket
import sys
from pathlib import Path

import click
from flask import current_app
from flask.cli import AppGroup, with_appcontext
from flask_migrate import upgrade
from honcho.manager import Manager
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from citynet.accounts.models import Person
from citynet.cities import table
from citynet.cli import index
from citynet.cli.terminal import progress
from citynet.demo import service as demo
from citynet.kit import db, effects, worker
from citynet.practices import topics
from citynet.practices.document import PracticeSource
from citynet.search.queries import engine
from config import ROOT, Config

# What honcho answers after Ctrl-C and after the signal to end.
STOPPED_ON_PURPOSE = frozenset({130, 143})
demo_group = AppGroup("demo", help="The demonstration network.")
effects_group = AppGroup("effects", help="What is done after commits.")


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
        index.rebuild()


def _load_demo() -> None:
    with progress("Demonstration network", demo.size()) as bar:
        demo.load(progress=bar.update)
    # All at once: one after the other takes several times as long.
    index.rebuild()
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


def _run_processes(config: Config) -> int:
    """Run the web server and the worker under one Ctrl-C."""
    env = {**os.environ, "FLASK_APP": "wsgi"}
    flask, gunicorn = (str(Path(sys.executable).parent / name) for name in ("flask", "gunicorn"))
    host = f"[{config.host.strip('[]')}]" if ":" in config.host else config.host
    web = [
        gunicorn, "--workers", str(config.web_workers), "--threads", "4", "--no-control-socket",
        "--bind", f"{host}:{config.port}", "--log-level", "warning",
        # What a proxy says is read by ProxyFix alone, where there is one.
        "--forwarded-allow-ips", "", "wsgi:app",
    ]  # fmt: skip
    manager = Manager()
    # `exec`: the signal to stop must reach the program, not a shell before it.
    for name, command in (("web", web), ("worker", [flask, "--app", "wsgi", "worker"])):
        manager.add_process(name, f"exec {shlex.join(command)}", env=env, cwd=str(ROOT))
    manager.loop()
    code = int(manager.returncode or 0)
    return 0 if code in STOPPED_ON_PURPOSE else code
