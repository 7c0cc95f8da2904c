"""What the desk's pages about people have in common: history, previews, and what forms name."""

from __future__ import annotations

from flask import render_template, request

from citynet.admin import queries, telling
from citynet.cities import policy
from citynet.cities.models import Actor
from citynet.cities.service.previews import Shown
from citynet.kit import db
from citynet.kit.audit import Entry
from citynet.kit.i18n import LANGUAGES, current_language
from citynet.kit.page import number_from

ACTS_SHOWN = 20


def history(actor: Actor, person_id: int) -> list[telling.Line]:
    """Return what was done to a person, newest first, as far as the actor reads the log."""
    about = (Entry.subject_kind == "person") & (Entry.subject_id == person_id)
    wanted = queries.acts(about, policy.administered_by(actor))
    newest = wanted.order_by(Entry.position.desc()).limit(ACTS_SHOWN)
    return telling.for_secretariat(db.session().execute(newest).all())


def preview_page(shown: Shown) -> str:
    """Return the page of a preview: what is left alone first, then what will be done."""
    page = shown.page(number_from(request.args.get("page")))
    return render_template("admin/bulk/preview.html", shown=shown, page=page)


def language() -> str:
    """Return the language a form names, the page's where it names none there is."""
    wanted = request.form.get("language", "")
    return wanted if wanted in LANGUAGES else current_language()
