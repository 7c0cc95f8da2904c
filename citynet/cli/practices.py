"""`flask --app wsgi practices …`: practices in bulk."""

from __future__ import annotations

import sys
from pathlib import Path

import click
from flask.cli import AppGroup, with_appcontext

from citynet.cities import queries as cities
from citynet.cities.models import Actor, City, Role
from citynet.cli.terminal import actor_of, city_of, progress
from citynet.practices import importing

group = AppGroup("practices", help="Practices in bulk.")


@group.command("import")
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
        lead=actor_of(signed_off_by) if signed_off_by else None,
        secretariat=actor_of(approved_by) if approved_by else None,
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


def _author(city_code: str | None, email: str | None) -> Actor:
    """Return who writes: the official named, else the first of the city."""
    if city_code is None:
        if email is None:
            raise click.UsageError("Say who writes: --city CODE or --as ADDRESS.")
        return actor_of(email)
    city = city_of(city_code)
    actor = actor_of(email) if email else _official_of(city)
    if actor.city_id != city.id:
        raise click.ClickException(f"{email} does not act for {city.full_name}.")
    return actor


def _official_of(city: City) -> Actor:
    """Return an official of the city, the lead only where there is no other."""
    officials = sorted(
        cities.officials_of(city.id), key=lambda official: official.role == Role.LEAD
    )
    if not officials:
        raise click.ClickException(f"{city.full_name} has no official who could write.")
    return cities.actor_of(officials[0].person)
