"""What is offered while somebody types: practices, topics, cities, and what others asked.

Each is what the reader may see. Topics and cities come from small lists that a process keeps as
long as neither the index nor the topics' words change: the index tells which of them have a
practice that these audiences find, and so does not ask the database to count.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from flask import current_app, url_for
from sqlalchemy import and_, bindparam, func, select

from citynet.asked import queries as asked
from citynet.cities.models import Actor, City
from citynet.index.engine import IndexUnavailable, Request
from citynet.index.language import words
from citynet.kit import clock, db
from citynet.kit.i18n import current_language
from citynet.practices import policy, topics
from citynet.practices import queries as practices
from citynet.practices.models import Practice, Revision, Translation
from citynet.search.queries import engine

SHORTEST, LONGEST, MOST_WORDS = 2, 200, 10
MOST_PRACTICES, MOST_OTHERS = 5, 3
# What a city is called changes without the index.
KEPT_MINUTES = 10


@dataclass(frozen=True)
class Option:
    """Something to go to; `language` is its text's where that may be another than the page's."""

    text: str
    url: str
    language: str = ""


@dataclass(frozen=True)
class Suggestions:
    """What is offered for a text, by kind; the best of each first."""

    practices: Sequence[Option] = ()
    topics: Sequence[Option] = ()
    cities: Sequence[Option] = ()
    queries: Sequence[Option] = ()


@dataclass(frozen=True)
class Name:
    """A topic or city that has a practice: how readers of each language see it, and its words.

    `others` are what else it is called: each counts once half of it is typed, not by one word.
    Both are kept as one text, for hundreds of names are looked through at each letter typed.
    """

    slug: str
    labels: dict[str, str]
    # Each after a space.
    words: str
    # Each after a line break.
    others: str = ""

    def is_begun(self, typed: Sequence[str]) -> bool:
        """Tell whether each word typed begins one of its words, or all of them another name."""
        return all(f" {part}" in self.words for part in typed) or self._is_called(" ".join(typed))

    def _is_called(self, start: str) -> bool:
        return f"\n{start}" in self.others and any(
            one.startswith(start) and len(one) <= 2 * len(start) for one in self.others.split("\n")
        )


@dataclass(frozen=True)
class Names:
    """The names for certain audiences, and of which state of index and topics they are."""

    version: tuple[str, str, int]
    topics: Sequence[Name]
    cities: Sequence[Name]


# Made once, as far as it is the same for everybody.
_TITLES = (
    select(
        Practice.id, Practice.slug, func.coalesce(Translation.title, Revision.title),
        func.coalesce(Translation.language, Revision.language),
    )
    .join(Revision, Revision.practice_id == Practice.id)
    .outerjoin(
        Translation, and_(practices.is_told(), Translation.language == bindparam("language"))
    )
    .where(Practice.id.in_(bindparam("ids", expanding=True)))
)  # fmt: skip


def suggest(actor: Actor, text: str) -> Suggestions:
    """Return what the actor may be offered for what was typed so far."""
    typed = [word.text for word in words(text[:LONGEST])][:MOST_WORDS]
    if sum(map(len, typed)) < SHORTEST:
        return Suggestions()
    audiences, language = policy.audiences(actor), current_language()
    found = asked.past_queries(
        text[:LONGEST], language=language, audiences=audiences, limit=MOST_OTHERS
    )
    queries = [Option(one, url_for("search.results", q=one)) for one in found]
    try:
        names = _names(audiences)
        return Suggestions(
            _practices(actor, text[:LONGEST], language),
            _begun(names.topics, typed, lambda slug: url_for("practices.topic", slug=slug)),
            _begun(names.cities, typed, lambda slug: url_for("web.city", slug=slug)),
            queries,
        )
    except IndexUnavailable:
        return Suggestions(queries=queries)


def _practices(actor: Actor, text: str, language: str) -> list[Option]:
    """Return practices by their titles in the reader's language, whichever was found.

    One query, which is the second lock too.
    """
    found = engine().suggest(text, policy.audiences(actor), MOST_PRACTICES)
    ids = [int(key) for key, _title in found]
    wanted = _TITLES.where(policy.visible_to(actor))
    asked_for = {"ids": ids, "language": language}
    rows = {row[0]: row for row in db.session().execute(wanted, asked_for)} if ids else {}
    shown = [rows[key] for key in ids if key in rows]
    return [
        Option(title, url_for("practices.show", slug=slug), written_in)
        for _id, slug, title, written_in in shown
    ]


def _begun(names: Iterable[Name], typed: Sequence[str], url: Callable[[str], str]) -> list[Option]:
    """Return those that what was typed begins; first those whose own name does, then the short."""
    language = current_language()
    found = [(one.labels[language], one.slug) for one in names if one.is_begun(typed)]
    found.sort(key=lambda pair: (not _folded(pair[0]).startswith(typed[0]), len(pair[0]), pair))
    return [Option(label, url(slug)) for label, slug in found[:MOST_OTHERS]]


def _names(audiences: frozenset[str]) -> Names:
    """Return the names that these audiences know, read anew once anything of them changed."""
    kept: dict[frozenset[str], Names] = current_app.extensions.setdefault("suggested_names", {})
    moment = int(clock.now().timestamp()) // (60 * KEPT_MINUTES)
    version = (engine().generation(), topics.version(), moment)
    if audiences not in kept or kept[audiences].version != version:
        kept[audiences] = _read(audiences, version)
    return kept[audiences]


def _read(audiences: frozenset[str], version: tuple[str, str, int]) -> Names:
    everything = Request(
        text="", audiences=audiences, filters={}, sort="newest", page=1, size=1, language="en"
    )
    facets = engine().find(everything).facets
    slugs = {name: {value for value, count in facets.get(name, ()) if count}
             for name in ("topic", "city")}  # fmt: skip
    return Names(version, _topics(slugs["topic"]), _cities(slugs["city"]))


def _topics(slugs: set[str]) -> list[Name]:
    synonyms = practices.synonyms()
    return [
        Name(
            one.slug, {"en": one.name_en, "id": one.name_id},
            f" {_folded(one.name_en)} {_folded(one.name_id)}",
            "".join(f"\n{_folded(other)}" for other in synonyms.get(one.id, ())),
        )
        for one in practices.all_topics()
        if one.slug in slugs
    ]  # fmt: skip


def _cities(slugs: set[str]) -> list[Name]:
    return [
        Name(one.slug, {"en": one.full_name, "id": one.full_name}, f" {_folded(one.full_name)}")
        for some in db.chunks(sorted(slugs))
        for one in db.session().scalars(select(City).where(City.slug.in_(some)))
    ]


def _folded(text: str) -> str:
    return " ".join(word.text for word in words(text))
