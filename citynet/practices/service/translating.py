"""Commands of translators: begin a language version, keep words, take over what changed."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import func, select

from citynet.cities.models import Actor
from citynet.kit import clock, db
from citynet.kit.errors import Conflict, NotFound, require
from citynet.kit.i18n import _
from citynet.practices import content as contents
from citynet.practices import policy, queries
from citynet.practices.content import Content
from citynet.practices.merging import Typed, merge
from citynet.practices.models import IN_WORK, Practice, Revision, State, Translation
from citynet.practices.service.editing import BothChanged
from citynet.practices.service.holding import (
    Seen,
    as_seen,
    hold,
    record,
    refuse_reviewed,
    was_told,
)
from citynet.practices.translating import (
    ROWS,
    TEXTS,
    blank,
    carry,
    changed,
    fits,
    other_languages,
    tells,
    tells_all,
)


class OriginalChanged(Conflict):
    """The original was published anew: its changes are to be taken over first."""

    def __init__(self) -> None:
        super().__init__(_("The original has changed. Take its changes over, then go on."))


@db.transaction
def begin_translation(actor: Actor, practice: Practice, language: str) -> Translation:
    """Begin a language version, or go on from the one that was published last.

    Raises:
        NotFound: the practice cannot be told in that language.
        Conflict: nothing of the practice is published, or its translation is being reviewed.
    """
    require(policy.can_edit(actor, practice))
    practice = hold(practice)
    original = _published(practice)
    if language not in other_languages(original.content):
        raise NotFound
    if found := in_state(practice, language, *IN_WORK):
        refuse_reviewed(found)
        return found
    words, checks = blank(original.content, language), {"title": 0}
    if out := _published_last(practice, language):
        was = db.session().get_one(Revision, out.revision_id)
        words = carry(was.content, out.content, original.content)
        checks = _checks({}, was, original)
    translation = Translation(
        practice_id=practice.id, revision_id=original.id, language=language,
        number=_next_number(practice, language), state=State.DRAFT, version=1,
        edited_by_id=actor.person_id, to_check=_in_row(checks),
    )  # fmt: skip
    _fill(translation, words)
    record(actor, "practice.translation_begun", practice, translation, language=language)
    return translation


@db.transaction
def keep_words(
    actor: Actor, practice: Practice, language: str, typed: Typed, *, is_auto: bool = False,
    original: int | None = None,
) -> Translation:  # fmt: skip
    """Bring the words typed of a part into the draft; nothing is saved where nothing changed.

    The fields of the part count as checked against the original once they were kept by hand.
    `original` is the number of the original's text that the page showed beside them.

    Raises:
        NotFound: nobody began this language version.
        BothChanged: fields that somebody else changed as well.
        OriginalChanged: the page showed another text of the original than the draft is made for.
        Conflict: the words are with the lead or the secretariat.
        Invalid: words that are too long as a whole.
    """
    translation = _draft(actor, practice, language)
    is_newest = (typed.began.number, typed.began.version) == (
        translation.number, translation.version,
    )  # fmt: skip
    shown = _original_of(translation)
    is_beside_it = fits(shown.content, typed.content) and tells_all(shown.content, typed.content)
    if original not in (None, shown.number) or not is_beside_it:
        raise OriginalChanged
    merged = merge(typed, translation.content, is_newest=is_newest)
    if merged.both:
        raise BothChanged(merged.both)
    checks = translation.checks
    if not is_auto:
        checks = {name: n for name, n in checks.items() if name not in typed.part.fields}
    words = _words_only(contents.checked(merged.content), translation.content)
    if words == translation.content and checks == translation.checks:
        return translation
    _write(actor, translation, words, checks)
    if not (is_auto and was_told(actor, practice, "practice.translation_saved")):
        record(
            actor, "practice.translation_saved", practice, translation, language=language
        )  # fmt: skip
    return translation


@db.transaction
def take_over(actor: Actor, practice: Practice, language: str) -> Translation:
    """Bring the draft to the original as it is published now; what changed is to be checked.

    Raises:
        NotFound: nobody began this language version.
        Conflict: the words are with the lead or the secretariat.
    """
    translation = _draft(actor, practice, language)
    was, now = _original_of(translation), _published(practice)
    if was.id == now.id:
        return translation
    checks = _checks(translation.checks, was, now)
    words = carry(was.content, translation.content, now.content)
    translation.revision_id = now.id
    _write(actor, translation, words, checks)
    record(actor, "practice.translation_saved", practice, translation, language=language)
    return translation


@db.transaction
def discard_translation(
    actor: Actor, practice: Practice, language: str, *, seen: Seen = None
) -> None:
    """Let go of a draft; what is published in that language stays.

    Its number is not given again: a page of before means this draft and no other.

    Raises:
        NotFound: there is no draft.
        Conflict: the words are with the lead or the secretariat, or were saved since.
    """
    translation = _draft(actor, practice, language)
    as_seen(translation, seen)
    record(actor, "practice.translation_discarded", practice, translation, language=language)
    translation.state = State.SUPERSEDED


def _draft(actor: Actor, practice: Practice, language: str) -> Translation:
    require(policy.can_edit(actor, practice))
    hold(practice)
    found = in_state(practice, language, *IN_WORK)
    if found is None:
        raise NotFound
    refuse_reviewed(found)
    return found


def _published(practice: Practice) -> Revision:
    found = queries.published_of(practice.id)
    if found is None:
        raise Conflict(_("Publish the practice first: its published text is what is translated."))
    return found


def in_state(practice: Practice, language: str, *states: State) -> Translation | None:
    """Return the language version of a held practice in one of these states."""
    wanted = select(Translation).where(
        Translation.practice_id == practice.id, Translation.language == language,
        Translation.state.in_(states),
    )  # fmt: skip
    return db.session().scalar(wanted.execution_options(populate_existing=True))


def _published_last(practice: Practice, language: str) -> Translation | None:
    """Return the words that readers see, or saw before they were taken down."""
    wanted = select(Translation).where(
        Translation.practice_id == practice.id, Translation.language == language,
        Translation.published_at.is_not(None),
    )  # fmt: skip
    return db.session().scalar(wanted.order_by(Translation.number.desc()).limit(1))


def _original_of(translation: Translation) -> Revision:
    return db.session().get_one(Revision, translation.revision_id)


def _next_number(practice: Practice, language: str) -> int:
    newest = select(func.max(Translation.number)).where(
        Translation.practice_id == practice.id, Translation.language == language
    )
    return (db.session().scalar(newest) or 0) + 1


def _words_only(typed: Content, kept: Content) -> Content:
    """Return the words typed; a translation holds no facts, and its title never is empty."""
    rows = {
        name: tuple(
            row.model_copy(update={key: getattr(new, key) for key in keys})
            for row, new in zip(getattr(kept, name), getattr(typed, name), strict=True)
        )
        for name, keys in ROWS.items()
    }
    return kept.model_copy(update={**{name: getattr(typed, name) for name in TEXTS}, **rows})


def _checks(known: Mapping[str, int], was: Revision, now: Revision) -> dict[str, int]:
    """Return what is to be checked once `now` is the original; what it tells no more is not."""
    news = {**dict.fromkeys(changed(was.content, now.content), was.number), **known}
    return {
        name: news[name] for name in Content.model_fields
        if name in news and tells(now.content, name)
    }  # fmt: skip


def _in_row(checks: Mapping[str, int]) -> str:
    return " ".join(f"{name}={number}" for name, number in checks.items())


def _write(
    actor: Actor, translation: Translation, words: Content, checks: Mapping[str, int]
) -> None:
    translation.version += 1
    translation.edited_at, translation.edited_by_id = clock.now(), actor.person_id
    translation.to_check = _in_row(checks)
    _fill(translation, words)


def _fill(translation: Translation, words: Content) -> None:
    """Write the words and the copies that lists read."""
    translation.title, translation.subtitle = words.title, words.subtitle
    translation.summary = words.summary
    translation.content_json = words.model_dump_json()
    db.session().add(translation)
    db.session().flush()
