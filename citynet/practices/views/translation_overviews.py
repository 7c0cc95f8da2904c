"""The pages of language versions: which there are, and where one stands. Called by their doors."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from flask import g, render_template, url_for

from citynet.cities import queries as cities
from citynet.practices import policy as policies
from citynet.practices import queries, service
from citynet.practices.content import Content
from citynet.practices.editing import OF_FIELD
from citynet.practices.editing_words import ROW_WORDS
from citynet.practices.forms.fields import ROW_FORMS
from citynet.practices.models import IN_WORK, Revision, State, Translation
from citynet.practices.translating import ROWS, other_languages, told_percent
from citynet.practices.translation_parts import progress_by_part
from citynet.practices.views.translation_pages import changed_between, whole
from citynet.practices.words import LABELS

NOTHING: Mapping[str, str] = {}


@dataclass(frozen=True)
class LanguageVersion:
    """What there is in one language: words in work, published ones, or none yet."""

    language: str
    in_work: Translation | None = None
    published: Translation | None = None
    can_begin: bool = True
    # Labels of the fields that the original tells otherwise by now.
    behind: Sequence[str] = field(default_factory=tuple)

    @property
    def newest(self) -> Translation | None:
        """Return the text to go on with."""
        return self.in_work or self.published

    @property
    def percent(self) -> int:
        """Return how much of the original it tells."""
        text = self.newest
        return told_percent(text.revision.content, text.content) if text else 0


@dataclass(frozen=True)
class Gap:
    """What stands between words and their submission, and where it is mended."""

    label: str
    sentence: str
    url: str


def versions_page(revision: Revision) -> str:
    """Return the language versions of a practice, with what to do next in each."""
    practice, now = revision.practice, queries.published_of(revision.practice_id)
    found = queries.translations_of(g.actor, practice.id)
    offered = other_languages(now.content) if now else []
    languages = dict.fromkeys([*offered, *(one.language for one in found)])
    return render_template(
        "practices/translate/versions.html", practice=practice, revision=now or revision,
        is_published=now is not None,
        versions=[_version(one, found, now, one in offered) for one in languages],
        can_edit=policies.can_edit(g.actor, practice),
    )  # fmt: skip


def version_page(
    translation: Translation, *, is_asked: bool = False,
    typed: Mapping[str, str] = NOTHING, errors: Mapping[str, str] = NOTHING,
) -> str:  # fmt: skip
    """Return where a language version stands, with the steps the actor may take.

    `is_asked`: somebody wanted to submit it. `typed` is what a reviewer typed that could not be
    taken, `errors` say why.
    """
    practice, now = translation.practice, queries.published_of(translation.practice_id)
    original = translation.revision.content
    behind = queries.behind(translation, now) if now else []
    lead = cities.city_and_lead(practice.city_id)
    return render_template(
        "practices/translate/version.html", translation=translation, practice=practice,
        language=translation.language, original_language=original.language, labels=LABELS,
        is_behind=bool(behind), city=practice.city, published=_published(translation),
        news=changed_between(original, now.content, behind) if now and behind else [],
        parts=progress_by_part(original, translation.content, translation.checks),
        percent=told_percent(original, translation.content), whole=whole(translation),
        gaps=_gaps(translation), is_asked=is_asked, typed=typed, errors=errors,
        can=_rights(translation), lead=lead[1].name if lead else "",
        is_trusted=_is_trusted(translation), progress=queries.Progress(),
    )  # fmt: skip


def _version(
    language: str, found: Sequence[Translation], now: Revision | None, can_begin: bool
) -> LanguageVersion:
    own = [one for one in found if one.language == language]
    in_work = next((one for one in own if one.state in IN_WORK), None)
    published = next((one for one in own if one.state == State.PUBLISHED), None)
    newest = in_work or published
    behind = queries.behind(newest, now) if newest and now else []
    labels = tuple(str(LABELS[name]) for name in behind)
    return LanguageVersion(language, in_work, published, can_begin, labels)


def _published(translation: Translation) -> Translation | None:
    if translation.state == State.PUBLISHED:
        return translation
    return queries.published_in(translation.practice_id, translation.language)


def _is_trusted(translation: Translation) -> bool:
    """Tell whether the words come out at the sign-off; those signed off before are reviewed."""
    is_signed_off = translation.state == State.SIGNED_OFF
    return not is_signed_off and queries.trust_of(translation.practice.city_id) is not None


def _rights(translation: Translation) -> Mapping[str, bool]:
    actor, practice = g.actor, translation.practice
    return {
        "edit": policies.can_edit(actor, practice),
        "submit": policies.can_submit(actor, practice, translation),
        "decide": policies.can_lead_decide(actor, practice, translation),
        "sign_off": policies.can_sign_off(actor, practice, translation),
        "send_back": policies.can_send_back(actor, practice, translation),
        "publish": policies.can_publish(actor, practice, translation),
        "take_down": policies.can_withdraw(actor, practice),
    }


def _gaps(translation: Translation) -> list[Gap]:
    """Return what a draft lacks, in the author's order."""
    if translation.state != State.DRAFT:
        return []
    order = list(Content.model_fields)
    found = service.lacking(translation, translation.revision).items()
    in_order = sorted(found, key=lambda one: order.index(one[0].split(".")[0]))
    return [_gap(translation, path, sentence) for path, sentence in in_order]


def _gap(translation: Translation, path: str, sentence: str) -> Gap:
    name, *row = path.split(".")
    label = str(LABELS[name])
    if row:
        cell = getattr(ROW_FORMS[name](), row[1]).label.text
        label = f"{ROW_WORDS[name][0]} {int(row[0]) + 1}, {cell}"
    anchor = f"told-{name}" if path in ROWS else path.replace(".", "-")
    url = url_for(
        "practices.translation_part", slug=translation.practice.slug,
        language=translation.language, key=OF_FIELD[name].key, _anchor=anchor,
    )  # fmt: skip
    return Gap(label, sentence, url)
