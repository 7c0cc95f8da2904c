"""Doors for readers: practices, topics, and an official's list of own work."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import g, render_template, request, url_for
from flask_login import login_required
from werkzeug.utils import redirect
from werkzeug.wrappers import Response

from citynet.cities import queries as cities
from citynet.kit.doors import anyone, policy
from citynet.kit.errors import NotFound
from citynet.kit.i18n import LANGUAGES, current_language
from citynet.kit.page import number_from
from citynet.practices import content as contents
from citynet.practices import policy as policies
from citynet.practices import queries
from citynet.practices.cards import Card, cards, mark_of
from citynet.practices.models import IN_WORK, Revision, State, Step
from citynet.practices.queries import Progress
from citynet.practices.queries import files as file_queries
from citynet.practices.queries.liveness import lives_of
from citynet.practices.topics import moved_to
from citynet.practices.versions import Version, as_written
from citynet.practices.views import bp
from citynet.practices.views.out import for_page
from citynet.practices.views.standing import standing_of
from citynet.practices.views.translation_work import words_by_next_step
from citynet.practices.words import (
    DIMENSIONS,
    LABELS,
    LICENCES,
    OFFERS,
    SDGS,
    parts_of,
    when,
)  # fmt: skip

Answer = str | Response | tuple[str, int]
GONE = 410
ALIKE = 3
NOTHING: Mapping[str, str] = {}


@dataclass(frozen=True)
class Task:
    """A text in work, with how far it is."""

    revision: Revision
    progress: Progress
    completeness_percent: int
    missing: list[str]


@bp.get("/practices/")
@anyone
def index() -> str:
    """Show the newest practices."""
    page = queries.latest(g.actor, number=number_from(request.args.get("page")))
    return render_template("practices/list.html", page=page, cards=cards(page.items))


@bp.get("/practices/<slug>")
@policy("can_read")
def show(slug: str) -> Answer:
    """Show what is published, or that it is withdrawn; an author may see the draft before."""
    try:
        found = queries.get_published(g.actor, slug)
        return page_of(found, version=queries.version_for(found, current_language()))
    except NotFound:
        pass
    try:
        return _gone_page(queries.get_withdrawn(g.actor, slug)), GONE
    except NotFound:
        queries.get_in_work(g.actor, slug)
        return redirect(url_for("practices.draft", slug=slug))


@bp.get(f"/practices/<slug>/in/<any({', '.join(LANGUAGES)}):language>")
@policy("can_read")
def show_in(slug: str, language: str) -> Answer:
    """Show what is published in one language, whatever the reader's; or that it is withdrawn."""
    try:
        found = queries.get_published(g.actor, slug)
    except NotFound:
        return _gone_page(queries.get_withdrawn(g.actor, slug)), GONE
    return page_of(found, version=queries.version_in(found, language))


@bp.get("/practices/<slug>/draft")
@policy("can_read")
def draft(slug: str) -> str | Response:
    """Show the text in work as readers will see it; once it is out, lead to what is published."""
    try:
        return page_of(queries.get_in_work(g.actor, slug))
    except NotFound:
        queries.newest_text(g.actor, slug)
        return redirect(url_for("practices.show", slug=slug))


@bp.get("/work")
@login_required
@policy("can_see_own_work")
def work() -> str | Response:
    """Show the city's texts by what is to be done next."""
    if policies.can_review(g.actor) and g.actor.city is None:
        return redirect(url_for("admin.desk"))
    if not policies.can_see_own_work(g.actor):
        reason = cities.standing_reason(g.actor)
        return render_template("practices/work.html", can_create=False, reason=reason)
    number = number_from(request.args.get("page"))
    found = queries.work_of(g.actor)
    published = queries.latest(g.actor, number=number, city_id=g.actor.city_id)
    return render_template(
        "practices/work.html", groups=_by_next_step(found), published=published,
        newer={one.practice_id for one in found}, can_create=policies.can_create(g.actor),
        withdrawn=queries.withdrawn_of(g.actor), words=words_by_next_step(),
        lives=lives_of([one.practice_id for one in published.items]),
    )  # fmt: skip


@bp.get("/topics/")
@anyone
def topics() -> str:
    """Show the tree of topics with how many practices each has."""
    counts = queries.counts_by_topic(g.actor)
    return render_template("practices/topics.html", tree=queries.topic_tree(), counts=counts)


@bp.get("/topics/<slug>")
@anyone
def topic(slug: str) -> str | Response:
    """Show a topic with its practices, those of its children among them."""
    try:
        found = queries.get_topic(slug)
    except NotFound:
        return _moved_topic(slug)
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


def _moved_topic(slug: str) -> Response:
    """Lead from the former address of a topic to the one it was merged into."""
    if (new := moved_to(slug)) is None:
        raise NotFound
    return redirect(url_for("practices.topic", slug=new), 301)


def page_of(
    revision: Revision, *, version: Version | None = None, typed: Mapping[str, str] = NOTHING,
    errors: Mapping[str, str] = NOTHING,
) -> str:  # fmt: skip
    """Return the page of a text, in a version of it or as written, with the actor's steps.

    `typed` is what a reviewer typed that could not be taken, `errors` say why, by field.
    """
    if revision.state == State.WITHDRAWN:
        return _gone_page(revision)
    version = version or as_written(revision)
    practice, content = revision.practice, version.content
    is_draft, files = revision.state in IN_WORK, file_queries.files_of(revision)
    return render_template(
        "practices/show.html", revision=revision, version=version, content=content,
        practice=practice,
        city=practice.city, mark=mark_of(practice),
        in_work=None if is_draft else _readable_in_work(revision), can=_rights(revision),
        parts=parts_of(content, is_draft=is_draft), missing=contents.missing(content),
        completeness=contents.completeness_percent(content), labels=LABELS,
        dimensions=DIMENSIONS, offers=OFFERS, sdgs=SDGS, licences=LICENCES, when=when,
        editor=queries.editor_name(revision) if is_draft else "", is_draft=is_draft,
        typed=typed, errors=errors, files=files, alike=_alike(revision),
        **for_page(version, files),
        **vars(standing_of(revision)),
    )  # fmt: skip


def _alike(revision: Revision) -> list[Card]:
    """Return the cards of practices that tell of the same as a published one."""
    is_out = revision.state == State.PUBLISHED
    return cards(queries.alike(g.actor, revision.practice_id, limit=ALIKE)) if is_out else []


def _gone_page(revision: Revision) -> str:
    """Return the page in the place of a withdrawn practice."""
    step, practice = queries.last_step(revision.id, Step.WITHDRAWN), revision.practice
    by_id = step.by_id if step else None
    return render_template(
        "practices/gone.html", revision=revision, practice=practice, step=step,
        can=_rights(revision), in_work=_readable_in_work(revision),
        can_bring_back=policies.can_bring_back(g.actor, practice, by_id),
    )  # fmt: skip


def topic_names(*revisions: Revision) -> Mapping[str, str]:
    """Return the names of the topics of these texts, by slug."""
    slugs = {slug for one in revisions for slug in one.content.topics}
    return {slug: topic.name for slug, topic in queries.topics_by_slug(slugs).items()}


def _readable_in_work(revision: Revision) -> Revision | None:
    newer = queries.in_work_of(revision.practice_id)
    if newer is None or not policies.can_read(g.actor, revision.practice, newer):
        return None
    return newer


def _rights(revision: Revision) -> Mapping[str, bool]:
    actor, practice = g.actor, revision.practice
    return {
        "edit": policies.can_edit(actor, practice),
        "submit": policies.can_submit(actor, practice, revision),
        "decide": policies.can_lead_decide(actor, practice, revision),
        "sign_off": policies.can_sign_off(actor, practice, revision),
        "send_back": policies.can_send_back(actor, practice, revision),
        "publish": policies.can_publish(actor, practice, revision),
        "review": policies.can_review_of(actor, practice),
        "comment": policies.can_comment_on(actor, practice, revision),
        "resolve": policies.can_resolve(actor, practice, revision),
        "withdraw": policies.can_withdraw(actor, practice),
    }


def _by_next_step(found: Sequence[Revision]) -> Mapping[str, list[Task]]:
    """Sort the city's texts in work."""
    groups: dict[str, list[Task]] = {
        name: [] for name in ("to_sign_off", "alone", "sent_back", "draft", "submitted",
                              "signed_off")
    }  # fmt: skip
    progress = queries.progress_of(found)
    for one in found:
        name = str(one.state)
        if policies.can_sign_off(g.actor, one.practice, one):
            name = "to_sign_off"
        elif policies.can_lead_decide(g.actor, one.practice, one):
            name = "alone"
        elif one.state == State.DRAFT and one.comment:
            name = "sent_back"
        percent = contents.completeness_percent(one.content)
        groups[name].append(Task(one, progress[one.id], percent, contents.missing(one.content)))
    return groups
