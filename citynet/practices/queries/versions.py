"""Reads of a practice in its readers' language: of one whole, of many what lists show."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import ColumnElement, and_, bindparam, select

from citynet.kit import db
from citynet.kit.errors import NotFound
from citynet.practices.models import Revision, State, Translation
from citynet.practices.queries.translations import behind, published_in, words_for
from citynet.practices.translating import borrowed, over
from citynet.practices.versions import Heading, Version


def is_told() -> ColumnElement[bool]:
    """Return the condition for the translations that readers see of the `Revision` beside.

    A practice that was written anew in the other language needs its translation no more.
    """
    return and_(
        Translation.practice_id == Revision.practice_id,
        Translation.state == State.PUBLISHED,
        Translation.language != Revision.language,
    )


def version_for(original: Revision, language: str) -> Version:
    """Return a published practice as readers of a language see it; else as it is written.

    Whoever asks has let the practice through `visible_to`: its words are for the same readers.
    """
    told = headings([original]).get(original.practice_id, [])
    languages = (original.language, *(one.language for one in told))
    is_told_in_it = language in languages[1:]
    found = published_in(original.practice_id, language) if is_told_in_it else None
    if found is None:
        return Version(original, original.content, languages)
    words = words_for(found, original)
    return Version(
        original, over(original.content, words), languages, found,
        changed=tuple(behind(found, original)), borrowed=borrowed(original.content, words),
    )  # fmt: skip


def version_in(original: Revision, language: str) -> Version:
    """Return a published practice in this language and in no other.

    Raises:
        NotFound: it is not told in it.
    """
    found = version_for(original, language)
    if found.language != language:
        raise NotFound
    return found


# Made once: every list of practices asks it, and making it took longer than asking.
_HEADINGS = (
    select(Translation.practice_id, Translation.language, Translation.title, Translation.subtitle)
    .where(
        Translation.practice_id.in_(bindparam("ids", expanding=True)),
        Translation.state == State.PUBLISHED,
    )
    .order_by(Translation.language)
)  # fmt: skip


def headings(originals: Sequence[Revision]) -> Mapping[int, list[Heading]]:
    """Return what lists show of the translations of published texts, by practice id.

    Whoever asks has let the texts through `visible_to`.
    """
    found: dict[int, list[Heading]] = {}
    if not originals:
        return found
    own = {one.practice_id: one.language for one in originals}
    told = db.session().execute(_HEADINGS, {"ids": list(own)}).all()
    for practice_id, language, title, subtitle in told:
        if language != own[practice_id]:
            found.setdefault(practice_id, []).append(Heading(language, title, subtitle))
    return found
