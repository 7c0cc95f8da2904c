"""A revision as the card that lists show."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from citynet.cities.policy import READ_ONLY
from citynet.kit.i18n import country_name
from citynet.practices.models import Practice, Revision


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
    # How its city stands in the network now, where it is no active member any more.
    mark: str


def card(revision: Revision) -> Card:
    """Return the card of a revision whose practice, city, membership and topics are loaded."""
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
        mark=mark_of(revision.practice),
    )


def mark_of(practice: Practice) -> str:
    """Return the standing that readers are told beside a practice; empty for members."""
    membership = practice.membership
    is_marked = membership is not None and membership.standing in READ_ONLY
    return str(membership.standing) if membership is not None and is_marked else ""


def cards(revisions: Iterable[Revision]) -> list[Card]:
    """Return the cards, in the same order."""
    return [card(revision) for revision in revisions]
