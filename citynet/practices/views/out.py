"""Doors through which a published practice is taken along: brief, Word, PDF, citation."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Container, Mapping
from functools import partial
from io import BytesIO

from flask import flash, g, render_template, request, send_file, url_for
from werkzeug.exceptions import TooManyRequests
from werkzeug.utils import redirect
from werkzeug.wrappers import Response

from citynet import __version__
from citynet.kit import throttle
from citynet.kit.doors import policy
from citynet.kit.errors import NotFound
from citynet.kit.http import external_url
from citynet.kit.i18n import _, current_language, in_language
from citynet.kit.uploads import DOCX
from citynet.practices import charts, citing, outlines, printing_pdf, queries
from citynet.practices.fields import Visibility
from citynet.practices.models import Revision
from citynet.practices.paper import Paper
from citynet.practices.plates import left_words, with_pictures
from citynet.practices.printing_docx import docx_of
from citynet.practices.queries import files as file_queries
from citynet.practices.queries.files import Files
from citynet.practices.versions import Version
from citynet.practices.views import bp
from citynet.practices.words import figure, span

Outline = Callable[[Version, Container[str]], Paper]
MOST_MADE, WINDOW_MINUTES = 30, 10
RECORDS = {
    "bib": (citing.bibtex, "application/x-bibtex"),
    "ris": (citing.ris, "application/x-research-info-systems"),
}


@bp.get("/practices/<slug>/brief")
@policy("can_read")
def brief(slug: str) -> str:
    """Show what fits one sheet of paper."""
    version = _asked_for(slug)
    paper = outlines.brief(version, _documents(version.original))
    return render_template(
        "practices/brief.html", paper=paper, slug=slug, has_pdf=printing_pdf.is_available(),
        asked_for=version.asked_for, page_url=_page_url(version),
    )  # fmt: skip


@bp.get("/practices/<slug>/brief.docx")
@policy("can_read")
def brief_as_word(slug: str) -> Response:
    """Hand out the brief as a Word document."""
    return _word(slug, f"{slug}-brief.docx", outlines.brief)


@bp.get("/practices/<slug>.docx")
@policy("can_read")
def as_word(slug: str) -> Response:
    """Hand out the whole text as a Word document."""
    return _word(slug, f"{slug}.docx", outlines.whole)


@bp.get("/practices/<slug>/brief.pdf")
@policy("can_read")
def brief_as_pdf(slug: str) -> Response:
    """Hand out the brief as PDF, where this server makes them."""
    return _pdf(slug, f"{slug}-brief.pdf", outlines.brief)


@bp.get("/practices/<slug>.pdf")
@policy("can_read")
def as_pdf(slug: str) -> Response:
    """Hand out the whole text as PDF, where this server makes them."""
    return _pdf(slug, f"{slug}.pdf", outlines.whole)


@bp.get("/practices/<slug>/citation.<any(bib, ris):kind>")
@policy("can_read")
def citation(slug: str, kind: str) -> Response:
    """Hand out the record for a program that keeps sources."""
    version = _asked_for(slug)
    write, media_type = RECORDS[kind]
    made = write(citing.source_of(version)).encode()
    return _download(made, _named(version, f"{slug}.{kind}"), media_type)


def for_page(version: Version, files: Files) -> Mapping[str, object]:
    """Return what a practice's page needs to show its rows and to be shared and cited."""
    original, content = version.original, version.content
    documents = file_queries.documents_of(files)
    results = charts.told(content, documents, original=original.content)
    source = citing.source_of(version)
    return {
        "results": results, "evidence": charts.EVIDENCE,
        "lacks_outcome": charts.lacks_outcome(content.results), "documents": documents,
        "costs": outlines.costs(content), "figure": figure, "span": span,
        "address": source.address, "citation": citing.sentence(source),
        "cover_address": _cover_address(original, files), "has_pdf": printing_pdf.is_available(),
        "address_in": partial(citing.address_of, version),
        "address_for_all": external_url("practices.show", slug=original.practice.slug),
    }  # fmt: skip


def _asked_for(slug: str) -> Version:
    """Return the version that the address asks for with `in`, else the reader's."""
    original = queries.get_published(g.actor, slug)
    if (language := request.args.get("in")) is None:
        return queries.version_for(original, current_language())
    return queries.version_in(original, language)


def _page_url(version: Version) -> str:
    slug = version.original.practice.slug
    if not version.others:
        return url_for("practices.show", slug=slug)
    return url_for("practices.show_in", slug=slug, language=version.language)


def _named(version: Version, name: str) -> str:
    """Return the name of a file, with its language where the practice has several."""
    slug = version.original.practice.slug
    return f"{slug}-{version.language}{name.removeprefix(slug)}" if version.others else name


def _cover_address(revision: Revision, files: Files) -> str:
    """Return where the picture at the top stands, for those who show a link to the practice."""
    if (cover := files.cover) is None:
        return ""
    slug, key = revision.practice.slug, cover.file.key
    if not cover.widths:
        return external_url("practices.file", slug=slug, key=key)
    width = max(cover.widths)
    return external_url("practices.rendition", slug=slug, key=key, width=width, ending="jpg")


def _documents(revision: Revision) -> Mapping[str, str]:
    return file_queries.documents_of(file_queries.files_of(revision))


def _word(slug: str, name: str, outline: Outline) -> Response:
    return _taken_along(slug, name, DOCX, outline, docx_of)


def _pdf(slug: str, name: str, outline: Outline) -> Response:
    def write(paper: Paper) -> bytes:
        page = render_template(
            "practices/paper.html", paper=paper, is_brief=outline is outlines.brief,
            left_words=left_words,
        )  # fmt: skip
        pictures = {f"plate:{one.stored}": one.content for one in paper.all_plates}
        return printing_pdf.pdf_of(page, pictures)

    if not printing_pdf.is_available():
        # Only where there is such a text, as everywhere.
        _asked_for(slug)
        raise NotFound
    try:
        return _taken_along(slug, name, "application/pdf", outline, write)
    except printing_pdf.TooLargeError:
        flash(_("This practice is too long for a PDF. Take the Word document."), "warning")
        return redirect(url_for("practices.show", slug=slug))


def _taken_along(
    slug: str, name: str, media_type: str, outline: Outline, write: Callable[[Paper], bytes]
) -> Response:
    """Answer with a document; who has it already is told so, and nobody has many made at once.

    Raises:
        TooManyRequests: this visitor had 30 made within ten minutes.
    """
    version = _asked_for(slug)
    revision, name = version.original, _named(version, name)
    files = file_queries.files_of(revision)
    # One document, one language: its headings are in that of the text.
    with in_language(version.language):
        paper = outline(version, file_queries.documents_of(files))
        if outline is outlines.whole:
            paper = with_pictures(paper, files)
        # Everything the document says is in the paper, its pictures by what they hold.
        told = f"{__version__}\n{name}\n{paper!r}"
        tag = hashlib.sha256(told.encode("utf-8", "replace")).hexdigest()[:32]
        made = b"" if request.if_none_match.contains_weak(tag) else _made(paper, write)
    response = _download(made, name, media_type)
    response.set_etag(tag)
    keeper = "private" if g.actor.is_signed_in else "public"
    is_public = revision.visibility == Visibility.PUBLIC
    response.headers["Cache-Control"] = f"{keeper}, no-cache" if is_public else "private, no-store"
    return response.make_conditional(request)


def _made(paper: Paper, write: Callable[[Paper], bytes]) -> bytes:
    """Write the document, unless this visitor had many of late: it takes up to seconds."""
    who = f"person {g.actor.person_id}" if g.actor.is_signed_in else request.remote_addr or ""
    if not throttle.hit("practices.paper", who, limit=MOST_MADE, minutes=WINDOW_MINUTES):
        raise TooManyRequests(retry_after=WINDOW_MINUTES * 60)
    return write(paper)


def _download(made: bytes, name: str, media_type: str) -> Response:
    return send_file(BytesIO(made), media_type, as_attachment=True, download_name=name)
