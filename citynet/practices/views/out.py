"""Doors through which a published practice is taken along: brief, Word, PDF, citation."""

from __future__ import annotations

from collections.abc import Callable, Container, Mapping
from io import BytesIO

from flask import flash, g, render_template, send_file, url_for
from werkzeug.utils import redirect
from werkzeug.wrappers import Response

from citynet.kit.doors import policy
from citynet.kit.errors import NotFound
from citynet.kit.http import external_url
from citynet.kit.i18n import _, in_language
from citynet.kit.uploads import DOCX
from citynet.practices import charts, citing, outlines, printing_pdf, queries
from citynet.practices.models import Revision
from citynet.practices.paper import Paper
from citynet.practices.printing_docx import docx_of
from citynet.practices.queries import files as file_queries
from citynet.practices.queries.files import Files
from citynet.practices.views import bp
from citynet.practices.words import figure, span

Outline = Callable[[Revision, Container[str]], Paper]
RECORDS = {
    "bib": (citing.bibtex, "application/x-bibtex"),
    "ris": (citing.ris, "application/x-research-info-systems"),
}


@bp.get("/practices/<slug>/brief")
@policy("can_read")
def brief(slug: str) -> str:
    """Show what fits one sheet of paper."""
    revision = queries.get_published(g.actor, slug)
    paper = outlines.brief(revision, _documents(revision))
    has_pdf = printing_pdf.is_available()
    return render_template("practices/brief.html", paper=paper, slug=slug, has_pdf=has_pdf)


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
    source = citing.source_of(queries.get_published(g.actor, slug))
    write, media_type = RECORDS[kind]
    return _download(write(source).encode(), f"{slug}.{kind}", media_type)


def for_page(revision: Revision, files: Files) -> Mapping[str, object]:
    """Return what a practice's page needs to show its rows and to be shared and cited."""
    content = revision.content
    documents = file_queries.documents_of(files)
    source = citing.source_of(revision)
    return {
        "results": charts.told(content, documents), "evidence": charts.EVIDENCE,
        "lacks_outcome": charts.lacks_outcome(content.results), "documents": documents,
        "costs": outlines.costs(content), "figure": figure, "span": span,
        "address": source.address, "citation": citing.sentence(source),
        "cover_address": _cover_address(revision, files), "has_pdf": printing_pdf.is_available(),
    }  # fmt: skip


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
    revision = queries.get_published(g.actor, slug)
    documents = _documents(revision)
    # One document, one language: its headings are in that of the text.
    with in_language(revision.language):
        made = docx_of(outline(revision, documents))
    return _download(made, name, DOCX)


def _pdf(slug: str, name: str, outline: Outline) -> Response:
    revision = queries.get_published(g.actor, slug)
    if not printing_pdf.is_available():
        raise NotFound
    documents, is_brief = _documents(revision), outline is outlines.brief
    with in_language(revision.language):
        paper = outline(revision, documents)
        page = render_template("practices/paper.html", paper=paper, is_brief=is_brief)
    try:
        return _download(printing_pdf.pdf_of(page), name, "application/pdf")
    except printing_pdf.TooLargeError:
        flash(_("This practice is too long for a PDF. Take the Word document."), "warning")
        return redirect(url_for("practices.show", slug=slug))


def _download(made: bytes, name: str, media_type: str) -> Response:
    return send_file(BytesIO(made), media_type, as_attachment=True, download_name=name)
