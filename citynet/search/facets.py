"""The facets of a search as the page offers them: values with what a click on each would give."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from citynet.practices import queries as practices
from citynet.practices.fields import Visibility
from citynet.search import queries
from citynet.search.addresses import Search
from citynet.search.queries import Answer
from citynet.search.words import TITLES, VALUES, labels

# Those that stand open before anybody chose in them.
OPEN = ("topic", "country", "language", "status")
# Of a facet; a network of thousands of cities would fill the page with what nobody reads.
MOST_OFFERED = 100


@dataclass(frozen=True)
class Option:
    """A value of a facet.

    `count` is how many a click finds, or with `is_gain` how many more; of a chosen value, how
    many have it. `url` leads to a narrower topic in the place of the chosen one above it.
    """

    value: str
    label: str
    # None where nobody counted: the database answers in place of the index.
    count: int | None
    selected: bool
    is_gain: bool = False
    url: str = ""
    children: Sequence[Option] = ()

    @property
    def is_open(self) -> bool:
        """Tell whether what is below it should be seen at once."""
        return self.selected or any(child.selected for child in self.children)


@dataclass(frozen=True)
class Facet:
    """A facet with its values, and how many of them are chosen."""

    name: str
    title: str
    options: Sequence[Option]
    chosen: int

    @property
    def is_open(self) -> bool:
        """Tell whether its values should be seen at once."""
        return self.chosen > 0 or self.name in OPEN


def facets_of(answer: Answer, search: Search) -> list[Facet]:
    """Return each facet that has a choice to offer, in the order of the page."""
    shown = []
    for name, title in TITLES.items():
        if name == "visibility" and Visibility.MEMBERS not in answer.request.audiences:
            continue
        options = _options(name, answer, search)
        if name == "topic":
            options = _tree(options, answer, search)
        chosen = search.filters.get(name, ())
        if chosen or _is_choice(options, answer.found.total):
            shown.append(Facet(name, str(title), options, len(chosen)))
    return shown


def _options(name: str, answer: Answer, search: Search) -> list[Option]:
    chosen = search.filters.get(name, ())
    counts: dict[str, int | None] = {**dict(answer.found.facets.get(name, ()))}
    for value in chosen:
        counts.setdefault(value, 0 if answer.is_complete else None)
    if len(counts) > MOST_OFFERED:
        by_count = sorted(counts, key=lambda value: (value not in chosen, -(counts[value] or 0)))
        counts = {value: counts[value] for value in by_count[:MOST_OFFERED]}
    gains = dict(answer.found.gains.get(name, ()))
    label = labels(name, list(counts))
    options = [
        Option(value, label(value), count, selected=value in chosen)
        if not chosen or value in chosen or count is None
        else Option(value, label(value), gains.get(value, 0), selected=False, is_gain=True)
        for value, count in counts.items()
    ]
    if name == "year":
        options.sort(key=lambda option: option.value, reverse=True)
    elif name in VALUES and name != "language":
        options.sort(key=lambda option: list(VALUES[name]).index(option.value))
    else:
        # What is chosen stands first, so that a long list need not unfold to show it.
        options.sort(
            key=lambda one: (not one.selected, -(counts[one.value] or 0), one.label.casefold())
        )
    return options


def _is_choice(options: Sequence[Option], total: int) -> bool:
    """Tell whether a click on any value would change what is found."""
    return any(option.count not in (None, total) or option.children for option in options)


def _tree(options: Sequence[Option], answer: Answer, search: Search) -> list[Option]:
    """Return the topics with those below them inside them."""
    by_slug = {option.value: option for option in options}
    topics = practices.topics_by_slug(list(by_slug))
    tops = {topic.id: topic for topic in topics.values() if topic.parent_id is None}
    below: dict[str, list[Option]] = {}
    alone = []
    for slug, option in by_slug.items():
        above = tops.get(topics[slug].parent_id or 0) if slug in topics else None
        if above is not None:
            below.setdefault(above.slug, []).append(option)
        else:
            alone.append(option)
    tree = [
        replace(one, children=_narrower(one, below.get(one.value, ()), answer, search))
        for one in alone
    ]
    return sorted(tree, key=lambda one: not one.is_open)


def _narrower(
    parent: Option, children: Sequence[Option], answer: Answer, search: Search
) -> Sequence[Option]:
    """Return the topics below one; below a chosen one each leads to itself in its place."""
    if not children or not parent.selected or not answer.is_complete:
        return children
    counts: Mapping[str, int] | None = dict(answer.found.facets.get("topic", ()))
    others = tuple(slug for slug in search.filters["topic"] if slug != parent.value)
    if others:
        counts = queries.counts_beside(answer.request, others, [child.value for child in children])
    return [
        replace(
            child, count=None if counts is None else counts.get(child.value, 0), is_gain=False,
            url=search.with_values("topic", (*others, child.value)),
        )
        for child in children
    ]  # fmt: skip
