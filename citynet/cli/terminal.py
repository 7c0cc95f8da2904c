"""What several commands share: progress bars, and who or which city is meant."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

import click

from citynet.accounts import queries as people
from citynet.cities import queries as cities
from citynet.cities.models import Actor, City


@contextmanager
def progress(label: str, length: int) -> Iterator[click._termui_impl.ProgressBar[int]]:
    """Show a progress bar; one line only where there is no terminal."""
    with click.progressbar(length=length, label=label, file=sys.stderr) as bar:
        yield bar


def city_of(code: str) -> City:
    """Return the city with this official code, GeoNames id (`gn:…`) or slug."""
    city = cities.find_city(code)
    if city is None:
        raise click.ClickException(f"There is no city {code}.")
    return city


def actor_of(email: str) -> Actor:
    """Return the actor with this mail address."""
    person = people.by_email(email)
    if person is None:
        raise click.ClickException(f"There is no account with the address {email}.")
    return cities.actor_of(person)
