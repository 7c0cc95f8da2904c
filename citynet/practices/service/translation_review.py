"""Commands that carry a translation to its readers: the way of the practice itself, in short.

The same people decide: the city's lead, never on own words alone, then the secretariat unless the
city is one of trust. There are no comments beside fields and no planned day.
"""

from __future__ import annotations

from sqlalchemy import update

from citynet.cities.models import Actor
from citynet.kit import clock, db, effects
from citynet.kit.errors import Conflict, Invalid, require
from citynet.kit.html import drop_invisible
from citynet.kit.i18n import _
from citynet.practices import letters, policy, queries
from citynet.practices.models import Practice, Revision, State, Translation
from citynet.practices.service.comments import LONGEST_COMMENT
from citynet.practices.service.holding import Seen, as_seen, hold, record
from citynet.practices.service.publishing import INDEX, require_member
from citynet.practices.service.telling import authors_of, tell
from citynet.practices.service.translating import OriginalChanged, in_state
from citynet.practices.translating import changed, other_languages, untranslated


def lacking(translation: Translation, original: Revision) -> dict[str, str]:
    """Return what stands between a translation and its submission: a sentence for each field."""
    problems = {name: _("Check this against the original.") for name in translation.names_to_check}
    empty = untranslated(original.content, translation.content)
    return problems | dict.fromkeys(empty, _("Translate this."))


@db.transaction
def submit_translation(
    actor: Actor, practice: Practice, language: str, *, seen: Seen = None
) -> Translation:
    """Hand the words to the city's lead.

    Raises:
        Invalid: what is not translated or not checked yet.
        OriginalChanged: the original was published anew.
        Conflict: there is no draft.
    """
    require(policy.can_edit(actor, practice))
    practice = hold(practice)
    translation = as_seen(in_state(practice, language, State.DRAFT), seen)
    require(policy.can_submit(actor, practice, translation))
    original = queries.published_of(practice.id)
    if original is None:
        raise OriginalChanged
    _refuse_own_language(original, language)
    if original.id != translation.revision_id:
        was = db.session().get_one(Revision, translation.revision_id)
        if changed(was.content, original.content):
            raise OriginalChanged
        # Its facts alone have changed: the words are those of the new text as well.
        translation.revision_id = original.id
    if problems := lacking(translation, original):
        raise Invalid(problems)
    translation.state, translation.comment = State.SUBMITTED, ""
    translation.submitted_at, translation.submitted_by_id = clock.now(), actor.person_id
    record(actor, "practice.translation_submitted", practice, translation, language=language)
    return translation


@db.transaction
def sign_off_translation(
    actor: Actor, practice: Practice, language: str, *, seen: Seen = None
) -> Translation:
    """Answer for the words as the city's lead; those of a city of trust come out at once.

    Raises:
        Forbidden: not the lead, or nobody else has had a hand in the words.
        Conflict: they do not wait for a sign-off.
    """
    require(policy.is_lead_of(actor, practice))
    practice = hold(practice)
    translation = as_seen(in_state(practice, language, State.SUBMITTED), seen)
    require(policy.can_lead_decide(actor, practice, translation))
    require(
        policy.can_sign_off(actor, practice, translation),
        _("You wrote and submitted this text yourself. Ask a colleague to submit it."),
    )
    translation.state = State.SIGNED_OFF
    translation.signed_off_at, translation.signed_off_by_id = clock.now(), actor.person_id
    record(actor, "practice.translation_signed_off", practice, translation, language=language)
    if queries.trust_of(practice.city_id) is not None:
        db.session().flush()
        _come_out(actor, practice, translation)
    else:
        tell(letters.SIGNED_OFF, authors_of(actor, practice, translation), practice, translation)
    return translation


@db.transaction
def send_back_translation(
    actor: Actor, practice: Practice, language: str, *, comment: str, seen: Seen = None
) -> Translation:
    """Return the words to the translators with what should change.

    Raises:
        Invalid: no comment, or one of more than 2,000 characters.
        Conflict: they do not wait for a decision.
    """
    practice = hold(practice)
    require(policy.is_lead_of(actor, practice) or policy.can_review_of(actor, practice))
    translation = as_seen(in_state(practice, language, State.SUBMITTED, State.SIGNED_OFF), seen)
    require(policy.can_send_back(actor, practice, translation))
    comment = drop_invisible(comment).strip()
    if not comment or len(comment) > LONGEST_COMMENT:
        raise Invalid({"comment": _("Write what should change, up to 2,000 characters.")})
    # Before the draft forgets who submitted it.
    authors = authors_of(actor, practice, translation)
    tell(letters.SENT_BACK, authors, practice, translation, comment)
    translation.state, translation.comment = State.DRAFT, comment
    translation.version += 1
    translation.submitted_at = translation.submitted_by_id = None
    translation.signed_off_at = translation.signed_off_by_id = None
    record(
        actor, "practice.translation_sent_back", practice, translation, language=language,
        comment=comment,
    )  # fmt: skip
    return translation


@db.transaction
def publish_translation(
    actor: Actor, practice: Practice, language: str, *, seen: Seen = None
) -> Translation:
    """Approve the signed-off words: readers of that language see them.

    Raises:
        Conflict: they are not signed off, the city is no active member, or the practice is gone.
    """
    practice = hold(practice)
    require(policy.can_review_of(actor, practice))
    translation = as_seen(in_state(practice, language, State.SIGNED_OFF), seen)
    require(policy.can_publish(actor, practice, translation))
    _come_out(actor, practice, translation)
    return translation


@db.transaction
def take_down_translation(
    actor: Actor, practice: Practice, language: str, *, seen: Seen = None
) -> Translation:
    """Take a published translation from its readers; the original stays, and so does a draft.

    Raises:
        Conflict: none is published in that language.
    """
    practice = hold(practice)
    require(policy.can_withdraw(actor, practice))
    translation = as_seen(in_state(practice, language, State.PUBLISHED), seen)
    translation.state = State.SUPERSEDED
    record(actor, "practice.translation_taken_down", practice, translation, language=language)
    effects.enqueue(INDEX, practice_id=str(practice.id))
    return translation


def _refuse_own_language(original: Revision, language: str) -> None:
    """Refuse words in the language in which the original is written by now."""
    if language not in other_languages(original.content):
        raise Conflict(_("The original itself is in this language now: this is not needed."))


def _come_out(actor: Actor, practice: Practice, translation: Translation) -> None:
    """Let readers see held words."""
    require_member(practice)
    original = queries.published_of(practice.id)
    if original is None:
        raise Conflict(_("Publish the practice first: its published text is what is translated."))
    _refuse_own_language(original, translation.language)
    db.session().execute(
        update(Translation)
        .where(
            Translation.practice_id == practice.id, Translation.language == translation.language,
            Translation.state == State.PUBLISHED,
        )
        .values(state=State.SUPERSEDED)
    )  # fmt: skip
    translation.state = State.PUBLISHED
    translation.published_at, translation.published_by_id = clock.now(), actor.person_id
    record(
        actor, "practice.translation_published", practice, translation,
        language=translation.language,
    )  # fmt: skip
    effects.enqueue(INDEX, practice_id=str(practice.id))
    tell(letters.PUBLISHED, authors_of(actor, practice, translation), practice, translation)
