"""A search as the parameters of its address, and back: one form for pages, bookmarks and mails."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlencode

from werkzeug.datastructures import MultiDict

from citynet.cities.models import Actor
from citynet.index.engine import Request
from citynet.practices import policy
from citynet.practices.topics import current
from citynet.search.queries import FACETS

LONGEST_TEXT, LONGEST_VALUE, MOST_VALUES = 200, 120, 20
Pairs = tuple[tuple[str, str], ...]


def canonical(params: MultiDict[str, str]) -> Pairs:
    """Return what is searched: the text, each facet's values in order, and whether exactly.

    The same search gives the same pairs; order, page and whatever else is asked are left out.
    """
    # A form may hold a NUL, which PostgreSQL refuses.
    text = " ".join(params.get("q", "").replace("\0", "").split())[:LONGEST_TEXT].rstrip()
    pairs = [("q", text)] if text else []
    for name in FACETS:
        given = [value.replace("\0", "") for value in params.getlist(name)[:MOST_VALUES]]
        values = {value[:LONGEST_VALUE] for value in given if value}
        pairs += [(name, value) for value in sorted(values)]
    if text and params.get("exact"):
        pairs.append(("exact", "1"))
    return tuple(pairs)


def address_of(pairs: Pairs) -> str:
    """Return pairs as they stand in an address, after its question mark."""
    return urlencode(pairs)


def pairs_of(address: str) -> Pairs:
    """Return the pairs that `address_of` wrote."""
    return tuple(parse_qsl(address))


def filters_of(pairs: Pairs) -> dict[str, tuple[str, ...]]:
    """Return the chosen values of each facet that has any; topics under their present names."""
    chosen = {name: tuple(value for key, value in pairs if key == name) for name in FACETS}
    if chosen["topic"]:
        chosen["topic"] = current(chosen["topic"])
    return {name: values for name, values in chosen.items() if values}


def request_of(
    pairs: Pairs, actor: Actor, language: str, *, sort: str = "relevance", page: int = 1, size: int
) -> Request:
    """Return the request that these pairs are, for this actor with the rights of this moment."""
    asked = dict(pairs)
    return Request(
        text=asked.get("q", ""),
        audiences=policy.audiences(actor),
        filters=filters_of(pairs),
        sort=sort,
        page=page,
        size=size,
        language=language,
        is_exact="exact" in asked,
    )
