"""Doors to a practice's language versions: which there are, and the steps to their readers."""

from __future__ import annotations

from flask import flash, g, render_template, request, url_for
from flask_login import login_required
from werkzeug.utils import redirect
from werkzeug.wrappers import Response

from citynet.kit.doors import policy
from citynet.kit.errors import CityNetError, Conflict, Invalid, NotFound, require
from citynet.kit.i18n import _
from citynet.practices import policy as policies
from citynet.practices import queries, service
from citynet.practices.models import Practice, State
from citynet.practices.translating import other_languages
from citynet.practices.views import bp
from citynet.practices.views.deciding import seen
from citynet.practices.views.own import own_text, own_words
from citynet.practices.views.translation_overviews import (
    version_page,
    versions_page,
)

Answer = str | Response | tuple[str, int]


@bp.get("/practices/<slug>/translations")
@login_required
@policy("can_read_comments")
def translations(slug: str) -> str:
    """Show the language versions to the practice's city and those who review it."""
    revision = queries.newest_text(g.actor, slug)
    _ask_to_look_in(revision.practice)
    return versions_page(revision)


@bp.post("/practices/<slug>/translations")
@login_required
@policy("can_edit")
def translations_post(slug: str) -> Answer:
    """Begin a language version, or go on with it."""
    revision, language = own_text(slug), request.form.get("language", "")
    try:
        service.begin_translation(g.actor, revision.practice, language)
    except Conflict as error:
        flash(str(error), "warning")
        return versions_page(own_text(slug)), 409
    return redirect(url_for("practices.translation", slug=slug, language=language))


@bp.get("/practices/<slug>/translations/<language>")
@login_required
@policy("can_read_comments")
def translation(slug: str, language: str) -> str:
    """Show how far a version is, what stands between it and its readers, and all its words."""
    found = queries.get_translation(g.actor, slug, language)
    _ask_to_look_in(found.practice)
    return version_page(found, is_asked=bool(request.args.get("check")))


@bp.post("/practices/<slug>/translations/<language>/take-over")
@login_required
@policy("can_edit")
def translation_take_over(slug: str, language: str) -> Answer:
    """Bring the draft to the original as it is published now."""
    practice = _to_decide(slug, language)
    try:
        service.take_over(g.actor, practice, language)
    except (Conflict, NotFound) as error:
        return _moved_on(slug, language, error)
    flash(_("The changes are taken over. Check the fields that are marked."), "success")
    return redirect(url_for("practices.translation", slug=slug, language=language))


@bp.post("/practices/<slug>/translations/<language>/submit")
@login_required
@policy("can_submit")
def translation_submit(slug: str, language: str) -> Answer:
    """Hand the words to the lead; if something is missing, lead to the page that names it."""
    practice = _to_decide(slug, language)
    try:
        service.submit_translation(g.actor, practice, language, seen=seen())
    except Invalid:
        return redirect(
            url_for("practices.translation", slug=slug, language=language, check=1)
        )  # fmt: skip
    except Conflict as error:
        return _moved_on(slug, language, error)
    flash(_("Submitted. Your city's lead can sign it off now."), "success")
    return redirect(url_for("practices.translation", slug=slug, language=language))


@bp.post("/practices/<slug>/translations/<language>/sign-off")
@login_required
@policy("can_sign_off")
def translation_sign_off(slug: str, language: str) -> Answer:
    """Answer for the words as lead."""
    practice = _to_decide(slug, language)
    try:
        found = service.sign_off_translation(g.actor, practice, language, seen=seen())
    except Conflict as error:
        return _moved_on(slug, language, error)
    if found.state == State.PUBLISHED:
        return _is_out(slug, language)
    flash(_("Signed off. The secretariat will review it now."), "success")
    return redirect(url_for("practices.translation", slug=slug, language=language))


@bp.post("/practices/<slug>/translations/<language>/send-back")
@login_required
@policy("can_send_back")
def translation_send_back(slug: str, language: str) -> Answer:
    """Return the words with what should change."""
    practice, comment = _to_decide(slug, language), request.form.get("comment", "")
    try:
        service.send_back_translation(g.actor, practice, language, comment=comment, seen=seen())
    except Invalid as error:
        found = queries.get_translation(g.actor, slug, language)
        return version_page(found, typed=request.form, errors=error.fields), 422
    except Conflict as error:
        return _moved_on(slug, language, error)
    flash(_("Sent back to the translators with your comment."), "success")
    is_own = policies.can_edit(g.actor, practice)
    return redirect(url_for("practices.work") if is_own else url_for("admin.reviews"))


@bp.post("/practices/<slug>/translations/<language>/publish")
@login_required
@policy("can_publish")
def translation_publish(slug: str, language: str) -> Answer:
    """Show the words to readers of their language."""
    practice = _to_decide(slug, language)
    try:
        service.publish_translation(g.actor, practice, language, seen=seen())
    except Conflict as error:
        return _moved_on(slug, language, error)
    return _is_out(slug, language)


@bp.get("/practices/<slug>/translations/<language>/discard")
@login_required
@policy("can_edit")
def translation_discard(slug: str, language: str) -> Answer:
    """Ask before a draft is deleted."""
    found = own_words(slug, language)
    if found.state != State.DRAFT:
        return redirect(url_for("practices.translation", slug=slug, language=language))
    return render_template(
        "practices/translate/discard.html", translation=found, practice=found.practice,
        published=queries.published_in(found.practice_id, language),
    )  # fmt: skip


@bp.post("/practices/<slug>/translations/<language>/discard")
@login_required
@policy("can_edit")
def translation_discard_post(slug: str, language: str) -> Answer:
    """Delete a draft; what is published in that language stays."""
    practice = _to_decide(slug, language)
    try:
        service.discard_translation(g.actor, practice, language, seen=seen())
    except (Conflict, NotFound) as error:
        return _moved_on(slug, language, error)
    flash(_("The draft of the translation is deleted."), "success")
    return redirect(url_for("practices.translations", slug=slug))


@bp.get("/practices/<slug>/translations/<language>/take-down")
@login_required
@policy("can_withdraw")
def translation_take_down(slug: str, language: str) -> Answer:
    """Ask before readers lose a language version."""
    practice = queries.get_translation(g.actor, slug, language).practice
    require(policies.can_withdraw(g.actor, practice))
    published = queries.published_in(practice.id, language)
    if published is None:
        raise NotFound
    return render_template(
        "practices/translate/take_down.html", translation=published, practice=practice
    )  # fmt: skip


@bp.post("/practices/<slug>/translations/<language>/take-down")
@login_required
@policy("can_withdraw")
def translation_take_down_post(slug: str, language: str) -> Answer:
    """Take a published version from its readers; the original stays."""
    practice = _to_decide(slug, language)
    try:
        service.take_down_translation(g.actor, practice, language, seen=seen())
    except Conflict as error:
        return _moved_on(slug, language, error)
    flash(_("The translation is taken down. Readers see the original."), "success")
    return redirect(url_for("practices.translations", slug=slug))


def _ask_to_look_in(practice: Practice) -> None:
    require(
        policies.can_read_comments(g.actor, practice),
        _("Only officials of this city and the secretariat see how its translations are made."),
    )


def _is_out(slug: str, language: str) -> Response:
    flash(_("Published. Readers of this language see it now."), "success")
    return redirect(url_for("practices.translation", slug=slug, language=language))


def _to_decide(slug: str, language: str) -> Practice:
    """Return the practice of a version; those inside the work are told if it has moved on.

    Raises:
        NotFound: there is none, or the actor may not know of it.
    """
    try:
        return queries.get_translation(g.actor, slug, language).practice
    except NotFound:
        practice = queries.newest_text(g.actor, slug).practice
        original = queries.published_of(practice.id)
        is_offered = original is not None and language in other_languages(original.content)
        if is_offered and policies.can_read_comments(g.actor, practice):
            return practice
        raise


def _moved_on(slug: str, language: str, error: CityNetError) -> Answer:
    """Show where the version stands to whoever pressed a button of an older page."""
    moved = _("This text has moved on meanwhile. See below where it stands.")
    flash(str(error) or moved, "warning")
    try:
        return version_page(queries.get_translation(g.actor, slug, language)), 409
    except NotFound:
        return versions_page(queries.newest_text(g.actor, slug)), 409
