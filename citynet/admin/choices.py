"""Choices that several lists have: languages, and what the actor looks after."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from operator import attrgetter

from flask import g

from citynet.cities import queries as cities
from citynet.cities.models import Chapter
from citynet.kit.i18n import _, country_name, lazy

NO_CHAPTER = "-"
LANGUAGES: Mapping[str, str] = {"en": lazy("English"), "id": lazy("Indonesian")}


def countries(codes: Iterable[str]) -> Mapping[str, str]:
    """Return these countries, by name."""
    names = {code: country_name(code) for code in codes}
    return dict(sorted(names.items(), key=lambda pair: pair[1]))


def countries_of_members() -> Mapping[str, str]:
    """Return the countries that have memberships the actor looks after."""
    return countries(cities.countries_administered(g.actor))


def chapters(value: Callable[[Chapter], str] = attrgetter("slug")) -> Mapping[str, str]:
    """Return the chapters that the actor looks after; the network's secretariat also none."""
    names = {value(one): one.name for one in cities.chapters_shown(g.actor)}
    return {**names, NO_CHAPTER: _("No chapter")} if g.actor.is_secretariat else names
