"""Doors of the translator: a page for each part, side by side, and two words of the same field."""

from __future__ import annotations

from dataclasses import replace

from flask import flash, g, jsonify, request, url_for
from flask_login import login_required
from werkzeug.utils import redirect
from werkzeug.wrappers import Response

from citynet.kit import clock
from citynet.kit.doors import policy
from citynet.kit.errors import Conflict, Invalid, NotFound
from citynet.kit.i18n import _
from citynet.practices import forms, merging, service
from citynet.practices.content import Content
from citynet.practices.editing import BY_KEY, Part
from citynet.practices.models import IN_WORK, Revision, Translation
from citynet.practices.translating import NAMES, blank, other_languages
from citynet.practices.translation_parts import part_after, part_with_words
from citynet.practices.views import bp
from citynet.practices.views.own import own_text, own_words
from citynet.practices.views.translation_pages import conflict_page, part_page, unsaved_page

Answer = str | Response | tuple[str, int]
JsonAnswer = Response | tuple[Response, int]


@bp.get("/practices/<slug>/translations/<language>/<key>")
@login_required
@policy("can_edit")
def translation_part(slug: str, language: str, key: str) -> Answer:
    """Show a part's texts beside its words; without a draft, where the version stands."""
    translation = own_words(slug, language)
    part = _part(translation.revision.content, key)
    if translation.state not in IN_WORK:
        return redirect(url_for("practices.translation", slug=slug, language=language))
    service.refuse_reviewed(translation)
    words = translation.content
    base = merging.begin(part, words, translation.number, translation.version)
    form = forms.fill_words(part, words, base=base, original=translation.revision.number)
    return part_page(form, part, translation)


@bp.post("/practices/<slug>/translations/<language>/<key>")
@login_required
@policy("can_edit")
def translation_part_post(slug: str, language: str, key: str) -> Answer:
    """Keep the words typed; where somebody else changed the same ones, show both."""
    try:
        translation = own_words(slug, language)
    except NotFound:
        return _gone(slug, language, key), 409
    part = _posted_part(key)
    form, where = forms.posted_words(part), _where_to_go(translation, part)
    try:
        if page := _keep(form, part, translation):
            return page, 409
    except Invalid as error:
        forms.show_errors(form, error.fields)
        newest = own_words(slug, language)
        shown = part_with_words(newest.revision.content, key) or part
        return part_page(form, shown, newest), 422
    flash(_("Your translation is saved."), "success")
    return redirect(where)


@bp.post("/practices/<slug>/translations/<language>/<key>/autosave")
@login_required
@policy("can_edit")
def translation_autosave(slug: str, language: str, key: str) -> JsonAnswer:
    """Keep the words typed so far, for the page that goes on being typed in."""
    try:
        translation = own_words(slug, language)
    except NotFound:
        # The page that the form leads to shows what was typed.
        _original(slug, language)
        return jsonify(conflict=True), 409
    part = _posted_part(key)
    form, where = forms.posted_words(part), _where_to_go(translation, part)
    try:
        typed = _typed(form, part, translation)
        kept = service.keep_words(
            g.actor, translation.practice, language, typed, is_auto=True, original=form.shown
        )  # fmt: skip
    except Invalid as error:
        return jsonify(errors=forms.ids_of(form, error.fields)), 422
    except (Conflict, NotFound):
        return jsonify(conflict=True, url=where), 409
    return jsonify(
        saved_at=clock.now().isoformat(timespec="seconds"),
        base=str(merging.after(typed, kept.number, kept.version)),
    )


def _typed(form: forms.WordsForm, part: Part, translation: Translation) -> merging.Typed:
    original, words = translation.revision.content, translation.content
    return forms.to_typed_words(form, part, original, words, request.form)


def _keep(form: forms.WordsForm, part: Part, translation: Translation) -> str:
    """Keep the words typed; return the page that shows them where that cannot be."""
    practice, language, slug = translation.practice, translation.language, translation.practice.slug
    typed, saved = _typed(form, part, translation), translation.content
    try:
        service.keep_words(g.actor, practice, language, typed, original=form.shown)
    except service.BothChanged:
        return conflict_page(form, typed, own_words(slug, language))
    except (Conflict, NotFound):
        # Reviewed, published or brought to another text of the original meanwhile.
        return unsaved_page(practice, language, typed, saved)
    return ""


def _gone(slug: str, language: str, key: str) -> str:
    """Return the words typed into a draft that somebody discarded meanwhile."""
    original, part = _original(slug, language), _posted_part(key)
    form, words = forms.posted_words(part), blank(original.content, language)
    typed = forms.to_typed_words(form, part, original.content, words, request.form)
    return unsaved_page(original.practice, language, typed, words)


def _original(slug: str, language: str) -> Revision:
    """Return the text of which there can be such words, be it withdrawn by now."""
    original = own_text(slug)
    if language not in other_languages(original.content):
        raise NotFound
    return original


def _where_to_go(translation: Translation, part: Part) -> str:
    """After saving: stay, or go on to the next part; after the last, to the overview."""
    slug, language = translation.practice.slug, translation.language
    is_next = request.form.get("action") == "next"
    original = translation.revision.content
    found = part_after(original, part) if is_next else part_with_words(original, part.key)
    if found is None:
        return url_for("practices.translation", slug=slug, language=language)
    return url_for("practices.translation_part", slug=slug, language=language, key=found.key)


def _posted_part(key: str) -> Part:
    """Return a part with all that can be typed in it, whether or not the original tells it now."""
    part = BY_KEY.get(key)
    fields = tuple(name for name in part.fields if name in NAMES) if part else ()
    if part is None or not fields:
        raise NotFound
    return replace(part, fields=fields)


def _part(original: Content, key: str) -> Part:
    part = part_with_words(original, key)
    if part is None:
        raise NotFound
    return part
