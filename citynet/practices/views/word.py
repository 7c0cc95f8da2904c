"""Doors for what is written already: a document of Word or a whole text, shown, then taken."""

from __future__ import annotations

from dataclasses import dataclass

from flask import flash, g, render_template, request, url_for
from flask_login import login_required
from werkzeug.utils import redirect
from werkzeug.wrappers import Response

from citynet.kit import html, word
from citynet.kit.doors import policy
from citynet.kit.errors import Conflict, Invalid
from citynet.kit.http import allow_upload
from citynet.kit.i18n import LANGUAGES, _, ngettext
from citynet.kit.word import Section
from citynet.practices import matching
from citynet.practices.models import Practice, Revision
from citynet.practices.service import refuse_reviewed
from citynet.practices.service import word as service
from citynet.practices.service.word import Choices, Kept
from citynet.practices.views import bp
from citynet.practices.views.own import ask_to_create, own_text
from citynet.practices.words import LABELS

Answer = str | Response | tuple[str, int]
BEGINNING = 300


@dataclass(frozen=True)
class Line:
    """A section as the preview shows it: its beginning, how long it is, and what else is in it."""

    section: Section
    beginning: str
    words: int
    results: int
    tables: int


@bp.get("/practices/new/word")
@login_required
@policy("can_create")
def new_word() -> Answer:
    """Ask for a document or a text to begin a practice with."""
    ask_to_create()
    return _page(None)


@bp.post("/practices/new/word")
@login_required
@policy("can_create")
@allow_upload(word.MOST_REQUEST_BYTES)
def new_word_post() -> Answer:
    """Read it, and show what would become of it."""
    ask_to_create()
    return _read(None)


@bp.get("/practices/<slug>/word", endpoint="word")
@login_required
@policy("can_edit")
def add_word(slug: str) -> Answer:
    """Ask for a document or a text to add to a practice."""
    return _page(_own(slug))


@bp.post("/practices/<slug>/word")
@login_required
@policy("can_edit")
@allow_upload(word.MOST_REQUEST_BYTES)
def word_post(slug: str) -> Answer:
    """Read it, and show where each section would be added."""
    return _read(_own(slug))


@bp.get("/practices/word/<int:preview_id>")
@login_required
@policy("can_create")
def word_preview(preview_id: int) -> Answer:
    """Show each section with where it goes."""
    ask_to_create()
    kept = service.shown(g.actor, preview_id)
    if kept.is_taken:
        return redirect(url_for("practices.edit", slug=kept.slug))
    return _preview(kept, _suggested(kept), {})


@bp.post("/practices/word/<int:preview_id>")
@login_required
@policy("can_create")
def take_word(preview_id: int) -> Answer:
    """Put each section where the author chose."""
    ask_to_create()
    kept = service.shown(g.actor, preview_id)
    choices = _chosen(kept)
    try:
        taken = service.take(g.actor, preview_id, choices)
    except Invalid as error:
        return _preview(kept, choices, error.fields), 422
    except Conflict as error:
        return _preview(kept, choices, {"": str(error)}), 409
    _tell(taken)
    return redirect(url_for("practices.edit", slug=taken.slug))


def _own(slug: str) -> Revision:
    """Return the newest text of a practice that the actor may add to."""
    revision = own_text(slug)
    refuse_reviewed(revision)
    return revision


def _read(revision: Revision | None) -> Answer:
    sent = request.files.get("file")
    practice: Practice | None = revision.practice if revision else None
    slug = practice.slug if practice else ""
    try:
        if "text" in request.form:
            kept = service.read(g.actor, request.form["text"], "", practice=practice)
        elif sent is None or not sent.filename:
            raise Invalid({"file": _("Choose a document first.")})
        else:
            content = sent.stream.read(word.MOST_BYTES + 1)
            kept = service.read(g.actor, content, sent.filename, practice=practice)
    except Invalid as error:
        return _page(_own(slug) if slug else None, error.fields), 422
    except Conflict as error:
        return _page(_own(slug) if slug else None, {"": str(error)}), 409
    return redirect(url_for("practices.word_preview", preview_id=kept.id))


def _page(revision: Revision | None, errors: dict[str, str] | None = None) -> str:
    return render_template(
        "practices/word/new.html", revision=revision, errors=errors or {},
        text=request.form.get("text", ""),
    )  # fmt: skip


def _preview(kept: Kept, choices: Choices, errors: dict[str, str]) -> str:
    revision = _own(kept.slug) if kept.slug else None
    destinations = [(name, _label(name)) for name in matching.TARGETS]
    return render_template(
        "practices/word/preview.html", kept=kept, revision=revision, choices=choices,
        lines=[_line(one) for one in kept.text.blocks], errors=errors, own_languages=LANGUAGES,
        labels=LABELS, destinations=destinations, keep=matching.KEEP,
        leave=matching.LEAVE,
    )  # fmt: skip


def _line(section: Section) -> Line:
    words = html.plain(section.html)
    rows, _rest = matching.results_of(section.html)
    tables = section.html.count("<table")
    return Line(section, html.excerpt(words, BEGINNING), len(words.split()), len(rows), tables)


def _label(name: str) -> str:
    """Return what a choice says; rows tell that one more comes of it."""
    of_rows = {
        "blocks": _("What was done: one more building block"),
        "phases": _("Timeline: one more phase"),
        "results": _("Results: one for each line"),
    }
    return of_rows.get(name) or str(LABELS[name])


def _suggested(kept: Kept) -> Choices:
    blocks = kept.text.blocks
    targets = matching.targets_of(kept.text.title, blocks)
    as_rows = [True] * len(blocks)
    return Choices(kept.text.title, matching.language_of(blocks), targets, as_rows)


def _chosen(kept: Kept) -> Choices:
    """Return what the form says; what it does not say of a section keeps it to be placed."""
    form = request.form
    sent = [form.get(f"to-{place}", matching.KEEP) for place, _one in enumerate(kept.text.blocks)]
    return Choices(
        form.get("title", kept.text.title),
        form.get("language", ""),
        [name if matching.takes(name) else matching.KEEP for name in sent],
        [f"rows-{place}" in form for place, _one in enumerate(kept.text.blocks)],
        takes_pictures="pictures" in form,
    )


def _tell(taken: service.Taken) -> None:
    flash(_("Your text is in the draft. Read each part, and fill in what it does not say."),
          "success")  # fmt: skip
    if taken.moved:
        names = ", ".join(html.excerpt(name, 60) for name in taken.moved[:5])
        sentence = ngettext(
            "%(num)s section did not fit where you sent it: %(names)s. It is kept, to be placed.",
            "%(num)s sections did not fit where you sent them: %(names)s … They are kept, to be "
            "placed.", len(taken.moved), names=names,
        )  # fmt: skip
        flash(sentence, "warning")
    for sentence in taken.refused[:5]:
        flash(sentence, "warning")
