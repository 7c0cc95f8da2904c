"""The tree of topics: shown with its counts, edited, ordered, merged, taken out."""

from __future__ import annotations

from dataclasses import dataclass

from flask import flash, g, render_template, request, url_for
from werkzeug.utils import redirect
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined] # new in 3.3

from citynet.admin.topic_forms import TopicForm
from citynet.admin.views import Answer, bp
from citynet.cities.policy import can_manage_network
from citynet.kit.doors import policy
from citynet.kit.errors import Conflict, Invalid, require
from citynet.kit.http import number_in
from citynet.kit.i18n import _, ngettext
from citynet.practices import editing_topics, queries
from citynet.practices import topics as tree
from citynet.practices.models import Topic
from citynet.practices.topic_words import KINDS, NARROWER, Words
from citynet.practices.topics import Use


@dataclass(frozen=True)
class Branch:
    """A topic with how it is used, and what stands under it."""

    topic: Topic
    use: Use
    children: list[Branch]


@bp.get("/topics")
@policy("can_manage_network")
def topics() -> Answer:
    """Show the tree."""
    require(can_manage_network(g.actor))
    return _tree()


@bp.get("/topics/new")
@policy("can_manage_network")
def new_topic() -> Answer:
    """Show the empty form, under the topic that was chosen."""
    require(can_manage_network(g.actor))
    return _form(TopicForm(parent=request.args.get("under", "")), None)


@bp.post("/topics/new")
@policy("can_manage_network")
def add_topic() -> Answer:
    """Add a topic."""
    require(can_manage_network(g.actor))
    form = TopicForm()
    try:
        found = editing_topics.add(g.actor, _words(form))
    except Invalid as error:
        return _form(form, None, error), 422
    flash(_("The topic %(topic)s is added.", topic=found.name), "success")
    return redirect(url_for("admin.topics"))


@bp.get("/topics/<int:topic_id>")
@policy("can_manage_network")
def topic(topic_id: int) -> Answer:
    """Show a topic's words in the form."""
    require(can_manage_network(g.actor))
    found = tree.get_by_id(topic_id)
    form = TopicForm(obj=found, parent=str(found.parent_id or ""), **_lists(found))
    return _form(form, found)


@bp.post("/topics/<int:topic_id>")
@policy("can_manage_network")
def change_topic(topic_id: int) -> Answer:
    """Keep a topic's words and its place."""
    require(can_manage_network(g.actor))
    form = TopicForm()
    try:
        found = editing_topics.change(g.actor, topic_id, _words(form))
    except Invalid as error:
        return _form(form, tree.get_by_id(topic_id), error), 422
    flash(_("The topic %(topic)s is saved. Search knows its words from now on.", topic=found.name),
          "success")  # fmt: skip
    return redirect(url_for("admin.topics"))


@bp.post("/topics/<int:topic_id>/<any(up, down):way>")
@policy("can_manage_network")
def move_topic(topic_id: int, way: str) -> Answer:
    """Put a topic before or behind its neighbour."""
    editing_topics.move(g.actor, topic_id, step=-1 if way == "up" else 1)
    return redirect(url_for("admin.topics", _anchor=f"topic-{topic_id}"))


@bp.get("/topics/<int:topic_id>/merge")
@policy("can_manage_network")
def ask_merge(topic_id: int) -> Answer:
    """Ask into which topic it is to be merged, then show what will change."""
    require(can_manage_network(g.actor))
    found, wanted = tree.get_by_id(topic_id), request.args.get("into", "")
    into = next((one for one in _targets(found) if str(one.id) == wanted), None)
    return _merging(found, into)


@bp.post("/topics/<int:topic_id>/merge")
@policy("can_manage_network")
def merge_topic(topic_id: int) -> Answer:
    """Merge it; who comes second is shown the tree as it is now."""
    into_id = number_in(request.form.get("into")) or 0
    try:
        found = editing_topics.merge(g.actor, topic_id, into_id)
    except Conflict as error:
        return _tree(str(error)), 409
    flash(_("The topics are one now: %(topic)s. Search follows by itself.", topic=found.name),
          "success")  # fmt: skip
    return redirect(url_for("admin.topics"))


@bp.get("/topics/<int:topic_id>/delete")
@policy("can_manage_network")
def ask_delete(topic_id: int) -> Answer:
    """Ask before a topic is deleted."""
    require(can_manage_network(g.actor))
    found = tree.get_by_id(topic_id)
    return render_template(
        "admin/topic_delete.html", topic=found, is_unused=editing_topics.is_unused(found.id)
    )


@bp.post("/topics/<int:topic_id>/delete")
@policy("can_manage_network")
def delete_topic(topic_id: int) -> Answer:
    """Delete a topic that nothing hangs on."""
    try:
        editing_topics.take_out(g.actor, topic_id)
    except Conflict as error:
        return _tree(str(error)), 409
    flash(_("The topic is deleted."), "success")
    return redirect(url_for("admin.topics"))


def _tree(error: str = "") -> str:
    used = tree.uses()
    branches = [
        Branch(top, used.get(top.id, Use()),
               [Branch(one, used.get(one.id, Use()), []) for one in children])
        for top, children in queries.topic_tree()
    ]  # fmt: skip
    return render_template("admin/topics.html", branches=branches, error=error)


def _form(form: TopicForm, found: Topic | None, error: Invalid | None = None) -> str:
    """Show the form, with what was typed and what is wrong with it."""
    tops = [top for top, _children in queries.topic_tree() if found is None or top.id != found.id]
    form.parent.choices = [
        SelectChoice("", _("No other topic: first level")),
        *(SelectChoice(str(top.id), top.name) for top in tops),
    ]
    for name, message in (error.fields if error else {}).items():
        form[name].errors = [message]
    use = tree.uses().get(found.id, Use()) if found else Use()
    return render_template("admin/topic_edit.html", form=form, topic=found, use=use)


def _words(form: TopicForm) -> Words:
    """Return what was typed.

    Raises:
        Invalid: what is too long for its field.
    """
    if not form.validate():
        raise Invalid({name: str(found[0]) for name, found in form.errors.items()})
    return Words(**{one.name: one.data or "" for one in form if one.name != "csrf_token"})


def _lists(found: Topic) -> dict[str, str]:
    """Return the other words of a topic by field, one a line."""
    return {
        f"{kind}_{language}": "\n".join(
            one.text
            for one in sorted(found.synonyms, key=lambda one: one.id)
            if one.language == language and one.is_narrower == (kind == NARROWER)
        )
        for kind, language in KINDS
    }


def _targets(found: Topic) -> list[Topic]:
    """Return the topics into which it can be merged, as the tree has them."""
    branches = queries.topic_tree()
    has_children = any(top.id == found.id and children for top, children in branches)
    every = [one for top, children in branches for one in (top, *children)]
    return [
        one for one in every if editing_topics.can_be_merged(found, one, has_children=has_children)
    ]


def _merging(found: Topic, into: Topic | None) -> str:
    use = tree.uses().get(found.id, Use())
    children = [one.name for one in queries.all_topics() if one.parent_id == found.id]
    changes = [
        ngettext("%(num)s practice", "%(num)s practices", use.practices),
        ngettext("%(num)s narrower topic", "%(num)s narrower topics", len(children)),
        ngettext("%(num)s other word", "%(num)s other words", len(found.synonyms) + 2),
    ]
    return render_template(
        "admin/topic_merge.html", topic=found, into=into, targets=_targets(found),
        changes=changes, children=children,
    )  # fmt: skip
