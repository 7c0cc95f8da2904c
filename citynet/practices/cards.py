"""A practice as the card that lists show, in the reader's language where it is told in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from citynet.cities.policy import READ_ONLY
from citynet.kit.i18n import country_name, current_language
from citynet.practices import queries
from citynet.practices.models import Practice, Revision
from citynet.practices.versions import Heading


@dataclass(frozen=True)
class Card:
    """What a list shows of a practice."""

    slug: str
    title: str
    subtitle: str
    city_name: str
    country_name: str
    # Of the title and of the subtitle: a title in the reader's language may stand alone.
    language: str
    subtitle_language: str
    # All that it is told in, that of the title first.
    languages: list[str]
    status: str | None
    visibility: str
    topics: list[tuple[str, str]]
    published_at: datetime | None
    # When its city last said that it is running.
    confirmed_at: datetime | None
    # How its city stands in the network now, where it is no active member any more.
    mark: str


def cards(revisions: Sequence[Revision]) -> list[Card]:
    """Return the cards, in the same order, after one query for what they are called in.

    Of the revisions, which are published, practice, city, membership and topics are loaded.
    """
    told = queries.headings(revisions)
    return [_card(one, told.get(one.practice_id, [])) for one in revisions]


def headings_of(revisions: Sequence[Revision]) -> list[Heading]:
    """Return what readers call each of these published practices, in the same order."""
    told = queries.headings(revisions)
    return [_heading(one, told.get(one.practice_id, [])) for one in revisions]


def _heading(revision: Revision, told: Sequence[Heading]) -> Heading:
    own = Heading(revision.language, revision.title, revision.subtitle)
    return next((one for one in told if one.language == current_language()), own)


def _card(revision: Revision, told: Sequence[Heading]) -> Card:
    city, heading = revision.practice.city, _heading(revision, told)
    every = (heading.language, revision.language, *(one.language for one in told))
    return Card(
        slug=revision.practice.slug,
        title=heading.title,
        subtitle=heading.subtitle or revision.subtitle,
        city_name=city.full_name,
        country_name=country_name(city.country),
        language=heading.language,
        subtitle_language=heading.language if heading.subtitle else revision.language,
        languages=list(dict.fromkeys(every)),
        status=revision.status,
        visibility=revision.visibility,
        topics=[(topic.slug, topic.name) for topic in revision.topics],
        published_at=revision.published_at,
        confirmed_at=revision.practice.last_confirmed_at,
        mark=mark_of(revision.practice),
    )


def mark_of(practice: Practice) -> str:
    """Return the standing that readers are told beside a practice; empty for members."""
    membership = practice.membership
    is_marked = membership is not None and membership.standing in READ_ONLY
    return str(membership.standing) if membership is not None and is_marked else ""
