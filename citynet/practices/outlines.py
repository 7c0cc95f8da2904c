"""What goes out of a practice, for paper: its whole text in order, or one page of it.

An outline knows neither Word nor HTML: `printing_docx` and the templates write it down. Its own
words are in the language that is current when it is made.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator, Mapping

from citynet.kit import html, network
from citynet.kit.i18n import _, ngettext
from citynet.practices import charts, citing
from citynet.practices import content as contents
from citynet.practices.charts import EVIDENCE, Told
from citynet.practices.content import RICH, Content
from citynet.practices.fields import ResultKind
from citynet.practices.paper import (
    Heading,
    Item,
    Items,
    Note,
    Pairs,
    Paper,
    Piece,
    Prose,
    Section,
    Table,
)
from citynet.practices.versions import Version
from citynet.practices.words import (
    COST_BANDS,
    DIMENSIONS,
    LABELS,
    LICENCES,
    OFFERS,
    SDGS,
    STATUSES,
    Part,
    figure,
    parts_of,
    span,
    when,
)

# What one sheet of paper holds, with the lengths below.
MOST_BLOCKS, MOST_RESULTS, MOST_CHARTS = 6, 4, 2
MOST_CHARTS_IN_ALL = 12


def whole(version: Version, documents: Container[str] = ()) -> Paper:
    """Return all that readers see of a text; practice, city and topics must be loaded.

    `documents` are the numbers of the attachments that the text has.
    """
    content = version.content
    told = charts.told(content, documents, original=version.original.content)
    pairs = tuple(_facts(version))
    facts = Section(_("Facts"), (Pairs(pairs),) if pairs else ())
    parts = [
        Section(
            str(part.title), tuple(_pieces(part, content, told)),
            _drawn(told, MOST_CHARTS_IN_ALL) if part.id == "results" else (),
        )
        for part in parts_of(content, is_draft=False)
    ]  # fmt: skip
    return _paper(version, [facts, *parts])


def brief(version: Version, documents: Container[str] = ()) -> Paper:
    """Return what fits one page: problem, deeds, results, cost, needs, contact."""
    content = version.content
    told = charts.told(content, documents, original=version.original.content)
    sections = (
        Section(str(LABELS["problem"]), _short(content, ("problem",), 340)),
        Section(_("What was done"), _deeds(content)),
        Section(
            str(LABELS["results"]), _results(content, told[:MOST_RESULTS], is_short=True),
            _drawn(told, MOST_CHARTS),
        ),
        Section(_("What it cost"), (*_costs_piece(content), *_short(content, ("cost",), 160))),
        Section(
            _("What you need to do it too"),
            _short(content, ("replicate_needs", "replicate_smallest"), 230),
        ),
        Section(_("Whom to ask"), tuple(_contact(content))),
    )  # fmt: skip
    return _paper(version, sections)


def costs(content: Content) -> list[tuple[str, str]]:
    """Return what it cost as label and text; empty where no figure is told."""
    unit = f"{content.cost_currency} " if content.cost_currency else ""
    figures = [
        (name, unit + figure(getattr(content, name)))
        for name in ("cost_setup", "cost_yearly")
        if getattr(content, name)
    ]
    band = str(COST_BANDS[content.cost_band]) if content.cost_band else ""
    year = content.cost_year if figures or band else ""
    told = (*figures, ("cost_band", band), ("cost_year", year), ("cost_funds", content.cost_funds))
    return [(str(LABELS[name]), text) for name, text in told if text]


def _drawn(told: list[Told], most: int) -> tuple[Told, ...]:
    return tuple([one for one in told if one.chart][:most])


def _paper(version: Version, sections: Iterable[Section]) -> Paper:
    source, content = citing.source_of(version), version.content
    return Paper(
        title=source.title, subtitle=content.subtitle, city=source.city,
        country=source.country, network=network.current().name,
        address=source.address, language=version.language,
        topics=tuple(topic.name for topic in version.original.topics), summary=content.summary,
        revised_at=source.revised_at, citation=citing.sentence(source),
        sections=tuple(one for one in sections if one.pieces), origin=citing.origin_of(version),
    )  # fmt: skip


def _short(content: Content, names: tuple[str, ...], length: int) -> tuple[Piece, ...]:
    """Return the beginnings of these fields, each under its name where there are several."""
    pieces: list[Piece] = []
    for name in names:
        if text := html.plain(getattr(content, name)):
            pieces += [Heading(str(LABELS[name]))] if len(names) > 1 else []
            pieces.append(Prose(str(html.paragraphs(html.excerpt(text, length)))))
    return tuple(pieces) or _unknown(content, names[0])


def _unknown(content: Content, name: str) -> tuple[Piece, ...]:
    is_unknown = name in content.unknown and not contents.is_answered(content, name)
    return (Note(_("Not known: the authors say so.")),) if is_unknown else ()


def _deeds(content: Content) -> tuple[Piece, ...]:
    """Return the building blocks, a line each."""
    if not content.blocks:
        return _unknown(content, "blocks")
    items = [
        Item(html.excerpt(": ".join(filter(None, (one.name, html.plain(one.purpose)))), 105))
        for one in content.blocks[:MOST_BLOCKS]
    ]
    if more := len(content.blocks) - MOST_BLOCKS:
        words = ngettext("and %(num)s more step", "and %(num)s more steps", max(more, 0))
        items += [Item(words)] if more > 0 else []
    return (Items(tuple(items)),)


def _facts(version: Version) -> Iterator[tuple[str, str]]:
    content = version.content
    licence = LICENCES[content.licence][0] if content.licence in LICENCES else content.licence
    source = " – ".join(text for text in (content.source_name, content.source_url) if text)
    told: Mapping[str, str] = {
        "agency": content.agency,
        "status": str(STATUSES[content.status]) if content.status else "",
        "stopped_reason": content.stopped_reason,
        "started": when(content.started),
        "ended": when(content.ended),
        "topics": ", ".join(topic.name for topic in version.original.topics),
        "dimension": str(DIMENSIONS[content.dimension]) if content.dimension else "",
        "sdgs": ", ".join(str(SDGS[goal]) for goal in content.sdgs),
        "source_url": source,
        "licence": licence,
    }
    for name, text in told.items():
        if text or name in content.unknown:
            yield str(LABELS[name]), text or _("Not known")


def _pieces(part: Part, content: Content, told: list[Told]) -> Iterator[Piece]:
    if part.id == "results":
        yield from _results(content, told)
    if part.id in _ROWS:
        yield from _ROWS[part.id](content)
    names = [name for name in part.fields if name in RICH and getattr(content, name)]
    for name in names:
        if len(names) > 1 or part.id == "replicate":
            yield Heading(str(LABELS[name]))
        yield Prose(getattr(content, name))
    unknown = [name for name in part.fields if name in content.unknown]
    if any(not contents.is_answered(content, name) for name in unknown) and part.id != "contact":
        yield Note(_("Not known: the authors say so."))


def _blocks(content: Content) -> Iterator[Piece]:
    for number, block in enumerate(content.blocks, start=1):
        yield Heading(f"{number}. {block.name}" if block.name else str(number))
        told = (
            ("", block.purpose),
            (_("What must exist first"), block.needs),
            (_("What the city learned"), block.lesson),
        )
        for label, text in told:
            if text:
                yield from (Note(f"{label}:"),) if label else ()
                yield Prose(text)


def _phases(content: Content) -> Iterator[Piece]:
    for phase in content.phases:
        yield Heading(": ".join(text for text in (span(phase), phase.name) if text))
        if phase.text:
            yield Prose(phase.text)


def _results(content: Content, rows: list[Told], *, is_short: bool = False) -> tuple[Piece, ...]:
    if not rows:
        return _unknown(content, "results") if is_short else ()
    heads = (_("What was measured"), _("Before"), _("After"), _("When"))
    last = () if is_short else (_("Source"),)
    most = 45 if is_short else 1_000
    table = Table(
        _("Results: before and after"), (*heads, *last, _("Evidence")),
        tuple(
            (
                _indicator(one, most),
                *(html.excerpt(text, most) or "–" for text in (
                    one.row.before, one.row.after, one.row.dates,
                    *(() if is_short else (one.row.source,)),
                )),
                str(EVIDENCE[one.evidence]),
            )
            for one in rows
        ),
    )  # fmt: skip
    if charts.lacks_outcome(content.results):
        return (table, Note(_("What changed for people is not told yet.")))
    return (table,)


def _indicator(told: Told, most: int) -> str:
    row = told.row
    words = html.excerpt(f"{row.indicator} ({row.unit})" if row.unit else row.indicator, most)
    marks = [
        *([_("expected")] if row.expected else []),
        *([_("output")] if row.kind == ResultKind.OUTPUT else []),
    ]
    return f"{words} – {', '.join(marks)}" if marks else words


def _costs_piece(content: Content) -> tuple[Piece, ...]:
    figures = costs(content)
    why = content.cost_unknown_why
    pieces: list[Piece] = [Pairs(tuple(figures))] if figures else []
    if why:
        pieces.append(Note(_("Not known: %(why)s", why=why)))
    return tuple(pieces)


def _staff(content: Content) -> Iterator[Piece]:
    if content.staff:
        yield Table(
            str(LABELS["staff"]), (_("Role"), _("Full-time equivalents"), _("Skills")),
            tuple(
                (one.role, figure(one.people) if one.people else "–", one.skills or "–")
                for one in content.staff
            ),
        )  # fmt: skip


def _laws(content: Content) -> Iterator[Piece]:
    if content.laws:
        told = ((" – ".join(filter(None, (law.number, law.title))), law.link)
                for law in content.laws)  # fmt: skip
        yield Items(tuple(Item(text, link) for text, link in told))


def _honours(content: Content) -> Iterator[Piece]:
    if content.honours:
        told = ((", ".join(filter(None, (one.name, one.issuer, one.year))), one.link)
                for one in content.honours)  # fmt: skip
        yield Items(tuple(Item(text, link) for text, link in told))


def _contact(content: Content) -> Iterator[Piece]:
    told = (
        ("contact_office", content.contact_office),
        ("contact_backup", content.contact_backup),
        ("offers", ", ".join(str(OFFERS[offer]) for offer in content.offers)),
    )
    pairs = tuple(
        (_("Offers to other cities") if name == "offers" else str(LABELS[name]),
         text or _("Not known"))
        for name, text in told if text or name in content.unknown
    )  # fmt: skip
    if pairs:
        yield Pairs(pairs)


_ROWS: Mapping[str, Callable[[Content], Iterable[Piece]]] = {
    "blocks": _blocks,
    "phases": _phases,
    "cost": _costs_piece,
    "staffing": _staff,
    "legal_basis": _laws,
    "awards": _honours,
    "contact": _contact,
}
