"""What the page of results reads from its address, and the addresses of the links it offers.

Everything that is searched stands in the address, each time in the same order, and what a facet
does not know is left out: the same search has the same address wherever it was come by.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from flask import url_for
from werkzeug.datastructures import MultiDict

from citynet.cities import queries as cities
from citynet.cities.models import Actor
from citynet.index.engine import Request
from citynet.kit.page import number_from
from citynet.practices import policy
from citynet.practices import queries as practices
from citynet.practices.fields import Visibility
from citynet.search import asking, queries
from citynet.search.words import VALUES

SIZE = 10
SORTS = ("relevance", "newest", "confirmed", "replicated")
PLACES = {"country": "country", "province": "province", "city": "slug"}
Filters = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class Search:
    """A search as its address tells it."""

    text: str
    filters: Filters
    sort: str
    page: int = 1
    is_exact: bool = False
    # Not to be put right where nothing is found.
    is_as_typed: bool = False
    is_map: bool = False

    @property
    def args(self) -> dict[str, object]:
        """Return what the address holds, without what goes without saying and the page."""
        usual = "relevance" if self.text else "newest"
        told: dict[str, object] = {
            "q": self.text, **{name: list(values) for name, values in self.filters.items()},
            "sort": self.sort if self.sort != usual else "",
            "exact": "1" if self.is_exact and self.text else "",
            "as_typed": "1" if self.is_as_typed and self.text else "",
            "view": "map" if self.is_map else "",
        }  # fmt: skip
        return {name: value for name, value in told.items() if value}

    @property
    def canonical(self) -> str:
        """Return the one address of this page, with the host."""
        page = {"page": self.page} if self.page > 1 else {}
        return url_for("search.results", _external=True, **self.args, **page)  # type: ignore[arg-type]

    @property
    def is_first(self) -> bool:
        """Tell whether words were typed and nothing was turned or narrowed since."""
        return set(self.args) == {"q"} and self.page == 1

    @property
    def chosen(self) -> list[tuple[str, str]]:
        """Return each chosen value after the name of its facet."""
        return [(name, value) for name, values in self.filters.items() for value in values]

    def url(self, **changes: object) -> str:
        """Return the address of this search with changes, at its first page."""
        return url_for("search.results", **replace(self, **changes).args)  # type: ignore[arg-type]

    def with_values(self, name: str, values: tuple[str, ...], **changes: object) -> str:
        """Return the address with these values of a facet in place of those chosen."""
        filters = {**self.filters, name: tuple(sorted(values))}
        chosen = {one: filters[one] for one in queries.FACETS if filters.get(one)}
        return self.url(filters=chosen, **changes)

    def request(self, actor: Actor, language: str) -> Request:
        """Return what is asked of the index for this actor."""
        return Request(
            text=self.text, audiences=policy.audiences(actor), filters=self.filters,
            sort=self.sort, page=self.page, size=SIZE, language=language, is_exact=self.is_exact,
        )  # fmt: skip


def read(params: MultiDict[str, str], actor: Actor) -> Search:
    """Read a search from the parameters of its address; what cannot be is left out."""
    pairs = asking.canonical(params)
    asked, text = asking.filters_of(pairs), dict(pairs).get("q", "")
    sort = params.get("sort", "")
    is_sort = sort in SORTS and (text or sort != "relevance")
    return Search(
        text=text,
        filters={name: found for name in asked if (found := _known(name, asked[name], actor))},
        sort=sort if is_sort else ("relevance" if text else "newest"),
        page=number_from(params.get("page")),
        is_exact=bool(params.get("exact")) and bool(text),
        is_as_typed=bool(params.get("as_typed")) and bool(text),
        is_map=params.get("view") == "map",
    )


def _known(name: str, values: tuple[str, ...], actor: Actor) -> tuple[str, ...]:
    """Return those of the values that a facet has, for this actor."""
    if name == "topic":
        return _widest(values)
    if name == "visibility" and Visibility.MEMBERS not in policy.audiences(actor):
        return ()
    if name == "year":
        return tuple(value for value in values if re.fullmatch("(19|20)[0-9]{2}", value))
    known = cities.are_places(PLACES[name], values) if name in PLACES else set(VALUES[name])
    return tuple(value for value in values if value in known)


def _widest(slugs: tuple[str, ...]) -> tuple[str, ...]:
    """Return the topics that exist, without those below another of them: that one holds them."""
    topics = practices.topics_by_slug(slugs)
    ids = {topic.id for topic in topics.values()}
    return tuple(slug for slug in slugs if slug in topics and topics[slug].parent_id not in ids)
