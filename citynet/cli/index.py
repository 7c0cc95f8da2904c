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


def rebuild() -> None:
    with progress("Index", len(PracticeSource().stamps())) as bar:
        total = service.rebuild(progress=bar.update)
    click.echo(f"{total} practices are in the index.")
