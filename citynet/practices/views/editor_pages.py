"""The editor's pages: what each shows beside the form. Called by its doors."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from flask import g, render_template, request, url_for

from citynet.practices import content as contents
from citynet.practices import forms, merging, queries, service
from citynet.practices import policy as policies
from citynet.practices.comparing import Change, changes
from citynet.practices.content import Content
from citynet.practices.editing import BY_KEY, OF_FIELD, Part, first_open, standings
from citynet.practices.editing_words import (
    CHOICE_HINTS,
    HEIGHTS,
    HELP,
    INTROS,
    ROW_HINTS,
    ROW_WORDS,
    WIDTHS,
)  # fmt: skip
from citynet.practices.fields import MOST_ROWS
from citynet.practices.models import Revision
from citynet.practices.queries import files as file_queries
from citynet.practices.views import reading
from citynet.practices.words import LABELS


@dataclass(frozen=True)
class Gap:
    """What stands between a draft and its submission, and where it is answered."""

    label: str
    sentence: str
    why: str
    url: str


def new_page(form: forms.NewForm) -> str:
    """Return the page on which a practice begins."""
    return render_template("practices/edit/new.html", form=form, city=g.actor.city, help=HELP)


def overview_page(revision: Revision, *, is_asked: bool) -> str:
    """Return how far the text is; `is_asked`: somebody wanted to submit it."""
    return render_template(
        "practices/edit/overview.html", gaps=_gaps(revision), is_asked=is_asked,
        go_on=first_open(_wanted(revision)), **_frame(revision),
    )  # fmt: skip


def part_page(form: forms.PartForm, part: Part, revision: Revision, *, landing: str = "") -> str:
    """Return the page of a part; `landing` is the id of the row to look at next."""
    return render_template(
        "practices/edit/part.html", landing=landing, is_changed=request.method == "POST",
        **_frame(revision, part), **_form_words(form, part, revision),
    )  # fmt: skip


def conflict_page(form: forms.PartForm, typed: merging.Typed, newest: Revision) -> str:
    """Return both texts of each field that two people changed, with the choice between them."""
    both = merging.merge(typed, newest.content, is_newest=False).both
    base = merging.to_choose(typed, newest.content, newest.number, newest.version)
    form.base.data = str(base)
    return render_template(
        "practices/edit/conflict.html", landing="", editor=queries.editor_name(newest),
        theirs={one.name: one for one in _differences(typed, newest) if one.name in both},
        **_frame(newest, typed.part), **_form_words(form, typed.part, newest),
    )  # fmt: skip


def reviewed_page(typed: merging.Typed, newest: Revision) -> str:
    """Return what was typed after the text was submitted, to be copied."""
    return render_template(
        "practices/edit/reviewed.html", newest=newest, practice=newest.practice,
        changes=_differences(typed, newest), editor=queries.editor_name(newest),
    )  # fmt: skip


def _frame(revision: Revision, part: Part | None = None) -> dict[str, object]:
    """Return what every page of a practice's editor shows."""
    practice, content = revision.practice, revision.content
    return {
        "revision": revision, "practice": practice, "part": part, "labels": LABELS,
        "standings": standings(content, _wanted(revision)),
        "completeness": contents.completeness_percent(content),
        "others": queries.others_editing(practice.id, but=g.actor.person_id), "parts": BY_KEY,
        "files_url": url_for("practices.files", slug=practice.slug),
        "comments": queries.comments_on(g.actor, practice),
        "can_submit": policies.can_submit(g.actor, practice, revision), "help": HELP,
    }  # fmt: skip


def _form_words(form: forms.PartForm, part: Part, revision: Revision) -> dict[str, object]:
    """Return what the form of a part shows."""
    groups = [
        (top.name, [(one.slug, one.name) for one in (top, *children)])
        for top, children in (queries.topic_tree() if "topics" in part.fields else ())
    ]
    return {
        "form": form.with_choices(_attachments(part, revision)), "topic_groups": groups,
        "most_rows": MOST_ROWS, "may_be_unknown": contents.MAY_BE_UNKNOWN,
        "starred": set(contents.STARRED) - contents.ANSWERS.keys(),
        "row_words": ROW_WORDS, "row_hints": ROW_HINTS, "choice_hints": CHOICE_HINTS,
        "widths": WIDTHS, "heights": HEIGHTS, "intro": INTROS.get(part.key, ""),
    }  # fmt: skip


def _attachments(part: Part, revision: Revision) -> Mapping[str, str]:
    """Return the names of the attachments that a result may point to, by number."""
    if "results" not in part.fields:
        return {}
    return {str(one.number): one.name for one in file_queries.files_of(revision).attachments}


def _wanted(revision: Revision) -> set[str]:
    """Return the fields that stand between a draft and its submission."""
    return {name.split(".")[0] for name in service.unanswered(revision.content)}


def _gaps(revision: Revision) -> list[Gap]:
    """Return what is missing, in the author's order."""
    order = list(Content.model_fields)
    found = sorted(
        service.unanswered(revision.content).items(),
        key=lambda one: order.index(one[0].split(".")[0]),
    )
    return [_gap(revision, name, sentence) for name, sentence in found]


def _gap(revision: Revision, name: str, sentence: str) -> Gap:
    first, *row = name.split(".")
    url = url_for(
        "practices.edit_part", slug=revision.practice.slug, key=OF_FIELD[first].key,
        _anchor=name.replace(".", "-"),
    )  # fmt: skip
    label = f"{ROW_WORDS[first][0]} {int(row[0]) + 1}" if row else str(LABELS[first])
    whys = (HELP[one].why for one in (first, *contents.ANSWERS.get(first, ())))
    return Gap(label, sentence, str(next(filter(None, whys), "")), url)


def _differences(typed: merging.Typed, newest: Revision) -> list[Change]:
    """Return what differs between the saved text and what was typed of a part."""
    names = _topic_names(typed.content, newest)
    found = changes(newest.content, typed.content, topics=names)
    return [one for one in found if one.name in typed.part.fields]


def _topic_names(content: Content, newest: Revision) -> Mapping[str, str]:
    typed = queries.topics_by_slug(content.topics)
    return {**reading.topic_names(newest), **{slug: one.name for slug, one in typed.items()}}
