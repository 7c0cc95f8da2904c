"""Filters of lists that a person keeps: opened, saved, renamed, deleted."""

from __future__ import annotations

from typing import Any

from flask import flash, g, render_template, request, url_for
from werkzeug.utils import redirect

from citynet.admin import lists, queries, service
from citynet.admin.views import Answer, bp
from citynet.kit.doors import policy
from citynet.kit.errors import Conflict, Invalid
from citynet.kit.i18n import _


@bp.get("/filters")
@policy("can_use_desk")
def saved_filters() -> Answer:
    """Show the filters one keeps."""
    return _list({})


@bp.get("/filters/<int:filter_id>")
@policy("can_use_desk")
def open_filter(filter_id: int) -> Answer:
    """Lead to the list as it was kept: its own address, never one that was sent."""
    found = queries.get_saved_filter(g.actor.person_id, filter_id)
    return redirect(_address(found.list_key, found.query))


@bp.post("/filters")
@policy("can_use_desk")
def save_filter() -> Answer:
    """Keep the filters of a list."""
    declared = lists.get(request.form.get("list", ""))
    query = lists.read_query(declared, request.form.get("query", "")).query
    try:
        found = service.save_filter(
            g.actor, declared.key, name=request.form.get("name", ""), query=query
        )
    except (Invalid, Conflict) as error:
        flash(str(error), "error")
    else:
        flash(_("The filter “%(name)s” is saved.", name=found.name), "success")
    return redirect(_address(declared.key, query))


@bp.post("/filters/<int:filter_id>/rename")
@policy("can_use_desk")
def rename_filter(filter_id: int) -> Answer:
    """Give a filter another name."""
    try:
        service.rename_filter(g.actor, filter_id, name=request.form.get("name", ""))
    except Invalid as error:
        return _list({f"name-{filter_id}": error.fields["name"]}), 422
    flash(_("The filter has its new name."), "success")
    return redirect(url_for("admin.saved_filters"))


@bp.post("/filters/<int:filter_id>/delete")
@policy("can_use_desk")
def delete_filter(filter_id: int) -> Answer:
    """Keep a filter no longer."""
    service.delete_filter(g.actor, filter_id)
    flash(_("The filter is deleted."), "success")
    return redirect(url_for("admin.saved_filters"))


def _address(list_key: str, query: str) -> str:
    declared = lists.get(list_key)
    args: dict[str, Any] = lists.read_query(declared, query).args
    return url_for(declared.endpoint, **args)


def _list(errors: dict[str, str]) -> str:
    kept = [(one, lists.get(one.list_key).title) for one in queries.saved_filters(
        g.actor.person_id) if lists.is_known(one.list_key)]  # fmt: skip
    return render_template("admin/filters.html", kept=kept, errors=errors)
