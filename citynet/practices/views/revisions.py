"""Doors to the texts a practice had: the list, one of them, two side by side, restoring one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from flask import flash, g, render_template, request, url_for
from flask_login import login_required
from werkzeug.utils import redirect
from werkzeug.wrappers import Response

from citynet.kit.doors import policy
from citynet.kit.errors import Conflict
from citynet.kit.i18n import _, ngettext
from citynet.practices import content as contents
from citynet.practices import policy as policies
from citynet.practices import queries, service
from citynet.practices.comparing import changes, whole
from citynet.practices.content import Content
from citynet.practices.models import Practice, Revision
from citynet.practices.views import bp, reading
from citynet.practices.views.deciding import base_of, moved_on, read_base

Answer = str | Response | tuple[str, int]
# No practice has a revision of a larger number; databases refuse much larger ones.
LARGEST = 999_999
NAMES_SHOWN = 10


@bp.get("/practices/<slug>/revisions")
@policy("can_read")
def revisions(slug: str) -> str:
    """Show the practice's texts; who took which step is for the city and the secretariat."""
    newest = queries.newest_text(g.actor, slug)
    found = queries.revisions_of(g.actor, newest.practice_id)
    practice = newest.practice
    is_inside = policies.can_read_comments(g.actor, practice)
    return render_template(
        "practices/revisions.html", practice=practice, newest=newest, revisions=found,
        editors={one.number: queries.editor_name(one) for one in found} if is_inside else {},
        steps=queries.steps_of(practice.id) if is_inside else {},
    )  # fmt: skip


@bp.get("/practices/<slug>/revisions/<int(max=999999):number>")
@policy("can_read")
def revision(slug: str, number: int) -> str:
    """Show one text, and what differs from the one before where that may be read."""
    found = queries.get_revision(g.actor, slug, number)
    readable = queries.revisions_of(g.actor, found.practice_id)
    older = next((one for one in readable if one.number < number), None)
    return _page(found, older)


@bp.get("/practices/<slug>/revisions/compare")
@policy("can_read")
def compare(slug: str) -> Answer:
    """Show any two texts side by side, the older one first."""
    chosen = {request.args.get(name, default=0, type=int) for name in ("one", "other")}
    numbers = sorted(number for number in chosen if 0 < number <= LARGEST)
    if len(numbers) != 2:
        flash(_("Choose two different revisions to compare."), "warning")
        return redirect(url_for("practices.revisions", slug=slug))
    older, newer = (queries.get_revision(g.actor, slug, one) for one in numbers)
    return _page(newer, older)


@bp.post("/practices/<slug>/revisions/<int(max=999999):number>/restore")
@login_required
@policy("can_edit")
def restore(slug: str, number: int) -> Answer:
    """Go on from an older text; the newer ones stay among the revisions."""
    practice = queries.get_revision(g.actor, slug, number).practice
    base = read_base(request.form.get("base"))
    try:
        restored = service.restore(g.actor, practice, number, base=base)
    except Conflict as error:
        return moved_on(slug, error)
    if restored.lost:
        flash(_not_back(restored.lost), "warning")
    else:
        flash(_("Revision %(number)s is the draft now. Nothing was lost.", number=number),
              "success")  # fmt: skip
    return redirect(url_for("practices.draft", slug=slug))


def _not_back(names: Sequence[str]) -> str:
    """Say which files of an older text are not there any more, and what to do."""
    return ngettext(
        "The text is the draft now, but %(num)s of its files is gone: %(names)s. Add it again.",
        "The text is the draft now, but %(num)s of its files are gone: %(names)s. Add them again.",
        len(names), names=", ".join(names[:NAMES_SHOWN]),
    )  # fmt: skip


def _page(found: Revision, older: Revision | None) -> str:
    names: Mapping[str, str] = reading.topic_names(found, older or found)
    text = _readable(found)
    return render_template(
        "practices/revision.html", revision=found, practice=found.practice, older=older,
        changes=changes(_readable(older), text, topics=names) if older else [],
        whole=whole(text, topics=names), base=_base_to_restore(found.practice, found),
    )  # fmt: skip


def _readable(revision: Revision) -> Content:
    """Return what a text says to the actor: some of it only to authors and reviewers."""
    is_inside = policies.can_read_comments(g.actor, revision.practice)
    return revision.content if is_inside else contents.for_readers(revision.content)


def _base_to_restore(practice: Practice, found: Revision) -> str:
    """Return what the draft is begun from, where the actor may go on from this text."""
    if not policies.can_edit(g.actor, practice):
        return ""
    newest = queries.newest_text(g.actor, practice.slug)
    is_other = newest.number != found.number and newest.state not in policies.WAITING
    return base_of(newest) if is_other else ""
