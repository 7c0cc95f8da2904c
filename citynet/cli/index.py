"""`flask --app wsgi index …`: the search index, a copy that can be built anew."""

from __future__ import annotations

import sys

import click
from flask.cli import AppGroup, with_appcontext

from citynet.cli.terminal import progress
from citynet.practices.document import PracticeSource
from citynet.search import service
from citynet.search.queries import engine

group = AppGroup("index", help="The search index: a copy that can be built anew.")


@group.command("rebuild")
@with_appcontext
def index_rebuild() -> None:
    """Build the index anew beside the old one, then swap."""
    rebuild()


@group.command("check")
@click.option("--repair", is_flag=True, help="Write what differs anew.")
@with_appcontext
def index_check(*, repair: bool) -> None:
    """Compare the index with the database; exit 1 where they differ and are left so."""
    report = service.repair() if repair else engine().check(PracticeSource())
    click.echo(
        f"missing {len(report.missing)}, stale {len(report.stale)}, extra {len(report.extra)}"
        f"{', damaged: ' + str(report.damaged) if report.damaged else ''}"
    )
    if report.is_whole:
        click.echo(f"The index tells what the database holds (generation {report.generation}).")
    elif repair:
        click.echo(f"The index is repaired (generation {engine().generation()}).")
    else:
        click.echo("Run: flask --app wsgi index check --repair, or: flask --app wsgi index rebuild")
        sys.exit(1)


def rebuild() -> None:
    with progress("Index", len(PracticeSource().stamps())) as bar:
        total = service.rebuild(progress=bar.update)
    click.echo(f"{total} practices are in the index.")
