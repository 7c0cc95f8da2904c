"""`flask --app wsgi people …`: people who sign in."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import click
from flask.cli import AppGroup, with_appcontext

from citynet.accounts import service as accounts
from citynet.accounts.models import Person
from citynet.accounts.queries import people
from citynet.accounts.service import erasing
from citynet.cities import service as memberships
from citynet.cities.models import Role
from citynet.cities.service import forgetting
from citynet.cli.terminal import actor_of, city_of
from citynet.kit import db
from citynet.kit.errors import CityNetError

group = AppGroup("people", help="People who sign in.")
yes_option = click.option("--yes", is_flag=True, help="Do not ask; for scripts.")


@group.command("add")
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
    place, appointer = (city_of(city), actor_of(by)) if city and by else (None, None)
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


@group.command("create-admin")
@click.option("--email", help="The mail address; asked for when not given.")
@click.option("--name", help="The person's name; asked for when not given.")
@click.option("--password", help="At least 10 characters; asked for, twice, when not given.")
@yes_option
@with_appcontext
def create_admin(email: str | None, name: str | None, password: str | None, yes: bool) -> None:
    """Add a person of the secretariat; the first of an empty network without a question."""
    count = people.secretariat_size()
    if count and not yes:
        click.echo(f"The secretariat has {count} already. Each can do everything in the network.")
        click.confirm("Add another person?", abort=True)
    email = email or click.prompt("Email address")
    name = name or click.prompt("Name")
    password = password or click.prompt("Password", hide_input=True, confirmation_prompt=True)
    with _told():
        person = accounts.create_person(
            None, email, name=name, password=password, is_secretariat=True
        )
    click.echo(f"{person.email} can sign in now, and administers the network.")


@group.command("reset-second-factor")
@click.argument("email")
@yes_option
@with_appcontext
def reset_second_factor(email: str, yes: bool) -> None:
    """Take app, recovery codes and passkeys from somebody who lost them, and end their sessions."""
    person = _person_of(email)
    if not yes:
        click.echo(f"This is {person.name}, {person.email}. Make sure that it is they who ask.")
        click.echo("App, recovery codes and passkeys go, every session ends, and a letter tells.")
        click.confirm("Go on?", abort=True)
    with _told():
        accounts.reset_second_factor(None, person)
    click.echo(f"{person.email} signs in with the password alone now.")


@group.command("replay-erasures")
@yes_option
@with_appcontext
def replay_erasures(yes: bool) -> None:
    """Erase again whoever a restored backup brought back; run it after each restore."""
    found = erasing.brought_back()
    click.echo(f"{len(erasing.noted())} erasures are noted, {len(found)} must be done again.")
    if found and not yes:
        click.confirm("Erase these people again? This cannot be undone.", abort=True)
    if found:
        click.echo(f"{erasing.replay()} erased again.")


@group.command("forget-applicant")
@click.argument("email")
@yes_option
@with_appcontext
def forget_applicant(email: str, yes: bool) -> None:
    """Forget what somebody without an account wrote in applications and requests to join."""
    if not yes:
        click.echo("Names, words and papers go; that and when the city applied stays.")
        click.confirm(f"Forget {email}? This cannot be undone.", abort=True)
    with _told():
        count = forgetting.forget_address(email)
    click.echo(f"{count} entries of {email} are forgotten.")


@contextmanager
def _told() -> Iterator[None]:
    """Turn what cannot be done into the sentence that tells why."""
    try:
        yield
    except CityNetError as error:
        raise click.ClickException(str(error)) from error


def _person_of(email: str) -> Person:
    person = people.by_email(email)
    if person is None:
        raise click.ClickException(f"There is no account with the address {email}.")
    return person
