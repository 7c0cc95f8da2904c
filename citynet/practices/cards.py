"""A revision as the card that lists show."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from citynet.kit.i18n import country_name
from citynet.practices.models import Revision


@dataclass(frozen=True)
class Card:
    """What a list shows of a practice."""

    slug: str
    title: str
    subtitle: str
    city_name: str
    country_name: str
    language: str
    status: str | None
    visibility: str
    topics: list[tuple[str, str]]
    published_at: datetime | None


def card(revision: Revision) -> Card:
    """Return the card of a revision whose practice, city and topics are loaded."""
    city = revision.practice.city
    return Card(
        slug=revision.practice.slug,
        title=revision.title,
        subtitle=revision.subtitle,
        city_name=city.full_name,
        country_name=country_name(city.country),
        language=revision.language,
        status=revision.status,
        visibility=revision.visibility,
        topics=[(topic.slug, topic.name) for topic in revision.topics],
        published_at=revision.published_at,
    )


def cards(revisions: Iterable[Revision]) -> list[Card]:
    """Return the cards, in the same order."""
    return [card(revision) for revision in revisions]
