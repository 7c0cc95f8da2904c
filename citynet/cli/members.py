"""`flask --app wsgi members …`: the member cities as a list, out and in."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import click
from flask import current_app
from flask.cli import AppGroup, with_appcontext
from sqlalchemy import select

from citynet.accounts.models import Person
from citynet.cities import queries as cities
from citynet.cities.models import Actor
from citynet.cities.queries import listing
from citynet.cities.service import importing
from citynet.cli.terminal import actor_of, progress
from citynet.kit import db, sheets
from citynet.kit.errors import CityNetError

HEADS = ("code", "city", "country", "province", "standing", "category", "from", "until",
         "chapter", "lead")  # fmt: skip
# What may change without a question.
FEW = 5
group = AppGroup("members", help="The member cities as a list, out and in.")
by_option = click.option(
    "--by", help="The secretariat's person who does it, by mail address; needed where several are."
)


@group.command("export")
@click.argument("file", required=False, type=click.Path(dir_okay=False, path_type=Path))
@click.option("--form", type=click.Choice(["csv", "xlsx"]), help="Else as the file is called: CSV.")
@by_option
@with_appcontext
def members_export(file: Path | None, form: str | None, by: str | None) -> None:
    """Write every membership to FILE, or to the terminal; `members import` reads it again."""
    is_workbook = file is not None and file.suffix.lower() == ".xlsx"
    form = form or ("xlsx" if is_workbook else "csv")
    rows = _rows(_secretariat(by))
    with current_app.test_request_context():
        content = sheets.answer(HEADS, rows, name="members", form=form).get_data()
    if file is None:
        sys.stdout.buffer.write(content)
        return
    file.write_bytes(content)
    click.echo(f"{file} is written.", err=True)


@group.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Tell what each line would do, and change nothing.")
@click.option("--reason", help="What the history says; else the file's name.")
@click.option("--yes", is_flag=True, help="Do not ask; for scripts.")
@by_option
@with_appcontext
def members_import(
    file: Path, dry_run: bool, reason: str | None, yes: bool, by: str | None
) -> None:
    """Bring in a list of members from CSV or XLSX; what is so already is left alone.

    Columns: city (official code, gn:… or name with country), standing, category, from, until
    (“-”: without an end), chapter, lead (mail address), lead name.
    """
    actor = _secretariat(by)
    table = _read(file)
    lines = importing.plan(actor, table)
    for line in lines:
        if line.problem or dry_run:
            click.echo(f"line {line.number}: {line.named}: {line.sentence}", err=not dry_run)
    busy = {line.number for line in lines if line.acts}
    bad = sum(bool(line.problem) for line in lines)
    click.echo(f"{len(busy)} would change, {len(lines) - len(busy) - bad} are so already, "
               f"{bad} are refused.")  # fmt: skip
    if busy and not dry_run:
        if len(busy) > FEW and not yes:
            click.confirm(f"Change {len(busy)} memberships?", abort=True)
        rows = [row for row in table.rows if row.line in busy]
        bad += _apply(actor, rows, reason or file.name)
    if bad:
        sys.exit(1)


def _apply(actor: Actor, rows: list[sheets.Row], reason: str) -> int:
    """Do line by line what the plan told, and return how many failed after all."""
    done = []
    with progress("Memberships", len(rows)) as bar:
        for row in rows:
            done.append(importing.try_row(actor, row, reason=reason))
            bar.update(1)
    failed = [line for line in done if line.problem]
    for line in failed:
        click.echo(f"line {line.number}: {line.named}: {line.problem}", err=True)
    click.echo(f"{len(done) - len(failed)} changed, {len(failed)} failed.")
    return len(failed)


def _read(file: Path) -> sheets.Table:
    try:
        return sheets.read(file.read_bytes())
    except CityNetError as error:
        raise click.ClickException(str(error)) from error


def _rows(actor: Actor) -> Iterator[list[sheets.Cell]]:
    for one, lead in listing.every_membership(actor):
        city = one.city
        yield [
            city.code, city.full_name, city.country, city.province, one.standing, one.category,
            one.from_day, one.until_day or ("-" if one.from_day else None),
            city.chapter.name if city.chapter else None, lead,
        ]  # fmt: skip


def _secretariat(email: str | None) -> Actor:
    """Return who does it: the person named, else the only one there is."""
    if email:
        return actor_of(email)
    wanted = select(Person).where(Person.is_secretariat, Person.is_active).limit(2)
    found = db.session().scalars(wanted).all()
    if len(found) != 1:
        raise click.UsageError("Say who does it: --by ADDRESS, a person of the secretariat.")
    return cities.actor_of(found[0])
