"""The desk of letters: every mail's words, seen as they will arrive, changed and taken back."""

from __future__ import annotations

from flask import flash, g, render_template, url_for
from werkzeug.utils import redirect
from werkzeug.wrappers import Response

from citynet.admin.network_forms import LetterForm
from citynet.admin.views import Answer, bp
from citynet.cities import policy as city_policy
from citynet.kit import letters, mail_look, network
from citynet.kit.doors import policy
from citynet.kit.errors import Conflict, Invalid, NotFound, require
from citynet.kit.http import framed, framing
from citynet.kit.i18n import LANGUAGES, _, in_language

AT = "/letters/<key>/<language>"


@bp.get("/letters", endpoint="letters")
@policy("can_manage_network")
def letter_list() -> Answer:
    """Show every letter, and which have words of the secretariat's own."""
    require(city_policy.can_manage_network(g.actor))
    return render_template(
        "admin/letters.html", letters=letters.letters(), changed=letters.changed()
    )  # fmt: skip


@bp.get(AT)
@policy("can_manage_network")
def letter(key: str, language: str) -> Answer:
    """Show a letter's words to be changed, and beside them how it arrives."""
    words = _words(key, language)
    form = LetterForm(None, subject=words.subject, text=words.text, seen=words.digest)
    return _page(key, language, form)


@bp.post(AT)
@policy("can_manage_network")
def change_letter(key: str, language: str) -> Answer:
    """Put other words in force; who comes second is shown what stands there now."""
    _words(key, language)
    form = LetterForm()
    try:
        letters.change(g.actor.person_id, key, language, form.draft, seen=form.seen.data or "")
    except Invalid as error:
        return _page(key, language, form, status=422, errors=error.fields)
    except Conflict as error:
        words = letters.wording(key, language)
        form.seen.data = words.digest
        return _page(key, language, form, status=409, errors={"": str(error)}, theirs=words)
    flash(_("The letter is changed. The next one goes out with these words."), "success")
    return redirect(url_for("admin.letter", key=key, language=language))


@bp.get(f"{AT}/preview")
@policy("can_manage_network")
def letter_as_it_is(key: str, language: str) -> Answer:
    """Show the letter filled in with its examples, for a frame."""
    return _preview(key, language, _words(key, language))


@bp.post(f"{AT}/preview")
@policy("can_manage_network")
def preview_letter(key: str, language: str) -> Answer:
    """Show the words just typed in the same way; nothing is kept."""
    _words(key, language)
    try:
        return _preview(key, language, letters.check(key, LetterForm().draft))
    except Invalid as error:
        return framed(render_template("admin/letter_wrong.html", errors=error.fields), 422)


@bp.get(f"{AT}/original")
@policy("can_manage_network")
def original_letter(key: str, language: str) -> Answer:
    """Ask before the secretariat's words are given up; the original stands below."""
    words = _words(key, language)
    return render_template(
        "admin/letter_original.html", letter=letters.get(key), language=language,
        original=letters.original(key, language), seen=words.digest,
    )  # fmt: skip


@bp.post(f"{AT}/original")
@policy("can_manage_network")
def reset_letter(key: str, language: str) -> Answer:
    """Go back to the original words."""
    _words(key, language)
    letters.reset(g.actor.person_id, key, language, seen=LetterForm().seen.data or "")
    flash(_("The letter has its original words again."), "success")
    return redirect(url_for("admin.letter", key=key, language=language))


def _words(key: str, language: str) -> letters.Draft:
    """Return the words in force, for the network's secretariat only."""
    require(city_policy.can_manage_network(g.actor))
    if language not in LANGUAGES:
        raise NotFound
    return letters.wording(key, language)


def _page(
    key: str, language: str, form: LetterForm, *, status: int = 200,
    errors: dict[str, str] | None = None, theirs: letters.Draft | None = None,
) -> Response:  # fmt: skip
    for name in ("subject", "text"):
        if errors and name in errors:
            form[name].errors = [errors[name]]
    page = render_template(
        "admin/letter.html", letter=letters.get(key), language=language, form=form,
        errors=errors or {}, theirs=theirs, example=letters.example(key, language),
        is_changed=(key, language) in letters.changed(),
    )  # fmt: skip
    return framing(page, status)


def _preview(key: str, language: str, words: letters.Draft) -> Response:
    draft, look = letters.example(key, language, words), network.current()
    labels = mail_look.Labels(subject=_("Subject"), text=_("The same as plain text"))
    mark = url_for("look.mark", digest=look.mark) if look.mark else ""
    with in_language(language):
        page = mail_look.as_html(draft.subject, draft.text, look, mark=mark, labels=labels)
    return framed(page)
