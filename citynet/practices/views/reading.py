"""Doors for readers: practices, topics, revisions."""

from __future__ import annotations

from flask import g, render_template, request, url_for
from werkzeug.utils import redirect
from werkzeug.wrappers import Response

from citynet.cities import queries as cities
from citynet.kit.doors import anyone, policy
from citynet.kit.errors import NotFound
from citynet.kit.page import number_from
from citynet.practices import content as contents
from citynet.practices import policy as policies
from citynet.practices import queries
from citynet.practices.cards import cards
from citynet.practices.models import Revision, State, Topic
from citynet.practices.views import bp
from citynet.practices.words import DIMENSIONS, LABELS, OFFERS, SDGS


@bp.get("/practices/")
@anyone
def index() -> str:
    """Show the newest practices."""
    page = queries.latest(g.actor, number=number_from(request.args.get("page")))
    return render_template("practices/list.html", page=page, cards=cards(page.items))


@bp.get("/practices/<slug>")
@policy("can_read")
def show(slug: str) -> str | Response:
    """Show what is published; an author whose text is not out yet sees the draft."""
    try:
        revision = queries.get_published(g.actor, slug)
    except NotFound:
        queries.get_in_work(g.actor, slug)
        return redirect(url_for("practices.draft", slug=slug))
    in_work = queries.in_work_of(revision.practice_id)
    if in_work is not None and not policies.can_read(g.actor, revision.practice, in_work):
        in_work = None
    return _show(revision, in_work=in_work)


@bp.get("/practices/<slug>/draft")
@policy("can_read")
def draft(slug: str) -> str:
    """Show the text in work as readers will see it."""
    return _show(queries.get_in_work(g.actor, slug), in_work=None)


@bp.get("/practices/<slug>/revisions")
@policy("can_read")
def revisions(slug: str) -> str:
    """Show the practice's revisions."""
    newest = queries.newest_text(g.actor, slug)
    found = queries.revisions_of(g.actor, newest.practice_id)
    return render_template("practices/revisions.html", practice=newest.practice, revisions=found)


@bp.get("/practices/<slug>/revisions/<int:number>")
@policy("can_read")
def revision(slug: str, number: int) -> str:
    """Show one revision, and what differs from the one before where that may be read."""
    found = queries.get_revision(g.actor, slug, number)
    older = [r for r in queries.revisions_of(g.actor, found.practice_id) if r.number < number]
    changed = contents.differences(older[0].content, found.content) if older else []
    return render_template(
        "practices/revision.html", revision=found, practice=found.practice,
        older=older[0] if older else None, differences=changed, labels=LABELS,
    )  # fmt: skip


@bp.get("/topics/")
@anyone
def topics() -> str:
    """Show the tree of topics with how many practices each has."""
    every = queries.all_topics()
    counts = queries.counts_by_topic(g.actor)
    return render_template("practices/topics.html", tree=tree(every), counts=counts)


@bp.get("/topics/<slug>")
@anyone
def topic(slug: str) -> str:
    """Show a topic with its practices, those of its children among them."""
    found = queries.get_topic(slug)
    every = queries.all_topics()
    children = [child for child in every if child.parent_id == found.id]
    parent = next((one for one in every if one.id == found.parent_id), None)
    page = queries.latest(
        g.actor,
        number=number_from(request.args.get("page")),
        topic_ids=[found.id, *(child.id for child in children)],
    )
    return render_template(
        "practices/topic.html", topic=found, children=children, parent=parent, page=page,
        cards=cards(page.items), counts=queries.counts_by_topic(g.actor),
    )  # fmt: skip


def tree(every: list[Topic] | object) -> list[tuple[Topic, list[Topic]]]:
    """Return each top topic with its children, in order."""
    listed: list[Topic] = list(every)  # type: ignore[call-overload]
    tops = [one for one in listed if one.parent_id is None]
    return [(top, [one for one in listed if one.parent_id == top.id]) for top in tops]


def _show(revision: Revision, *, in_work: Revision | None) -> str:
    practice = revision.practice
    return render_template(
        "practices/show.html",
        revision=revision,
        content=revision.content,
        practice=practice,
        city=practice.city,
        membership=cities.membership_of(practice.city_id),
        in_work=in_work,
        is_published=revision.state == State.PUBLISHED,
        missing=contents.missing(revision.content),
        completeness=contents.completeness_percent(revision.content),
        can=_rights(revision),
        labels=LABELS,
        dimensions=DIMENSIONS,
        offers=OFFERS,
        sdgs=SDGS,
    )


def _rights(revision: Revision) -> dict[str, bool]:
    actor, practice = g.actor, revision.practice
    return {
        "edit": policies.can_edit(actor, practice),
        "submit": policies.can_submit(actor, practice, revision),
        "decide": policies.can_lead_decide(actor, practice, revision),
        "sign_off": policies.can_sign_off(actor, practice, revision),
        "send_back": policies.can_send_back(actor, practice, revision),
        "publish": policies.can_publish(actor, revision),
    }
