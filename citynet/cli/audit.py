"""`flask --app wsgi audit …`: proof that nobody changed the audit log."""

from __future__ import annotations

import re
import sys

import click
from flask.cli import AppGroup, with_appcontext

from citynet.cli.terminal import progress
from citynet.kit import audit
from citynet.kit.audit import Mark

group = AppGroup("audit", help="The log of who did what: each entry is bound to the one before.")


def _read_mark(_context: click.Context, _option: click.Parameter, text: str | None) -> Mark | None:
    """Read a head as it was printed."""
    if text is None:
        return None
    if not re.fullmatch(r"[1-9][0-9]{0,9}:[0-9a-f]{64}", text):
        raise click.BadParameter("write it as it was printed: number:hash.")
    position, _colon, digest = text.partition(":")
    return Mark(int(position), digest)


@group.command("verify")
@click.option(
    "--head", "kept", callback=_read_mark, metavar="NUMBER:HASH",
    help="A head that an earlier verification printed and that was kept elsewhere.",
)  # fmt: skip
@with_appcontext
def verify(kept: Mark | None) -> None:
    """Walk the whole log; exit 1 at the first entry that was altered, removed or put in."""
    with progress("Audit log", audit.entries(size=1).total) as bar:
        report = audit.verify(bar.update, kept=kept)
    if report.fault is not None:
        click.echo(f"Entry {report.broken_at} does not hold: {report.fault}.")
        click.echo(f"The {report.entries} entries before it hold." if report.entries else "")
        sys.exit(1)
    blanked = f", {report.redacted} of them blanked by an erasure" if report.redacted else ""
    click.echo(f"{report.entries} entries, each as it was written{blanked}.")
    if report.entries:
        click.echo(f"Keep this outside: --head {report.head.position}:{report.head.hash}")
