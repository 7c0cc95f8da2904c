"""The letter of search: what is new among what a person looks for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from citynet.accounts.models import Person
from citynet.kit import letters, mail, network
from citynet.kit.html import line
from citynet.kit.http import external_url
from citynet.kit.i18n import _, in_language, lazy, ngettext
from citynet.search.models import SavedSearch

DIGEST = "search.digest"

letters.register(
    DIGEST,
    title=lazy("Search: what is new for saved searches"),
    subject=lazy("New practices: {searches}"),
    text=lazy(
        "Dear {name},\n\n"
        "{network} has something new for what you look for.\n\n"
        "{finds}\n\n"
        "See your saved searches: {link}\n\n"
        "No more of these mails, without signing in → {stop_link}"
    ),
    values={
        "name": lazy("Siti Rahma"),
        "network": "CityNet",
        "searches": lazy("“One-stop licensing”"),
        "finds": lazy(
            "“One-stop licensing”: 1 new practice\n"
            "• Business permits in one visit – Kabupaten Sidoarjo"
            " → https://citynet.example/practices/business-permits-in-one-visit"
        ),
        "link": "https://citynet.example/search/saved",
        "stop_link": "https://citynet.example/search/stop/WyJhbGwuMSJd",
    },
)


@dataclass(frozen=True)
class Told:
    """A practice as a mail names it."""

    title: str
    city: str
    slug: str


@dataclass(frozen=True)
class News:
    """What one search tells: how many are new, and those named; `stop` ends its mails."""

    search: SavedSearch
    total: int
    named: Sequence[Told]
    results: str
    stop: str


def digest_of(person: Person, language: str, news: Sequence[News], *, stop: str) -> dict[str, str]:
    """Return the words of a mail that tells a person what is new, with where it goes."""
    with in_language(language):
        finds = "\n\n".join(_finds(one) for one in news)
        names = ", ".join(_("“%(name)s”", name=one.search.name) for one in news)
    draft = letters.compose(
        DIGEST, language, name=person.name, network=network.current().name, searches=names,
        finds=finds, link=external_url("search.saved_searches"), stop_link=_stop_url(stop),
    )  # fmt: skip
    return {
        "to": mail.one_line(person.email), "to_name": mail.one_line(person.name),
        "subject": draft.subject, "text": draft.text, "language": language,
        "stop_url": _stop_url(stop),
    }  # fmt: skip


def _finds(news: News) -> str:
    """Return a search's part: a line for each practice, and for the way to stop."""
    head = ngettext(
        "“%(name)s”: %(num)s new practice", "“%(name)s”: %(num)s new practices", news.total,
        name=news.search.name,
    )  # fmt: skip
    parts = [head]
    for one in news.named:
        url = external_url("practices.show", slug=one.slug)
        parts.append(f"• {line(one.title)} – {line(one.city)} → {url}")
    if (rest := news.total - len(news.named)) > 0:
        words = ngettext("and %(num)s more", "and %(num)s more", rest)
        parts.append(f"• {words} → {news.results}")
    parts.append(" → ".join([_("No more mails about this search"), _stop_url(news.stop)]))
    return "\n".join(parts)


def _stop_url(secret: str) -> str:
    return external_url("search.stop", secret=secret)
