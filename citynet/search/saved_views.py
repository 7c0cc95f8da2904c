"""Doors to saved searches: save, the list, change, delete; and behind the link that stops mails."""

from __future__ import annotations

from dataclasses import dataclass

from flask import flash, g, redirect, render_template, request, url_for
from flask_login import login_required
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from citynet.kit import db
from citynet.kit.doors import anyone, signed_in
from citynet.kit.errors import Conflict, Invalid
from citynet.kit.i18n import _
from citynet.search import addresses, asking, saved
from citynet.search import saved_queries as searches
from citynet.search.models import HowOften, SavedSearch
from citynet.search.models.saved import LONGEST_NAME
from citynet.search.saved_forms import HOW_OFTEN, SavedForm
from citynet.search.views import bp
from citynet.search.words import TITLES, labels

Answer = str | Response | tuple[str, int]
GONE = 410


@dataclass(frozen=True)
class Shown:
    """A search as people read it: its words, and each facet with the values chosen."""

    text: str
    is_exact: bool
    facets: list[tuple[str, str]]

    @property
    def name(self) -> str:
        """Return what the search may be called."""
        parts = [self.text, *(values for _title, values in self.facets)]
        return ", ".join(filter(None, parts))[:LONGEST_NAME].rstrip(", ") or _("All practices")


@bp.get("/search/saved")
@login_required
@signed_in
def saved_searches() -> Answer:
    """List the searches that one keeps."""
    own = searches.own_searches(g.actor.person_id)
    return render_template(
        "search/saved/list.html",
        rows=[(one, shown(asking.pairs_of(one.address)), _results_of(one)) for one in own],
        words=HOW_OFTEN,
        most=saved.MOST,
    )


@bp.get("/search/save")
@login_required
@signed_in
def save_form() -> Answer:
    """Show the form for the search that the address holds."""
    pairs = _asked(request.args)
    if (known := searches.saved_as(g.actor.person_id, pairs)) is not None:
        flash(_("You have saved this search already. You can change it here."), "info")
        return redirect(url_for("search.saved_search", search_id=known.id))
    return _save_page(SavedForm(None, data={"name": shown(pairs).name}), pairs)


@bp.post("/search/save")
@login_required
@signed_in
def save() -> Answer:
    """Keep the search that the form holds."""
    form, pairs = SavedForm(), _asked(request.form)
    try:
        if form.validate():
            how_often = HowOften(form.how_often.data)
            saved.save(g.actor, pairs, name=form.name.data or "", how_often=how_often)
            flash(_("The search is saved."), "success")
            return redirect(url_for("search.saved_searches"))
    except Invalid as error:
        form.name.errors = [error.fields["name"]]
    except Conflict as error:
        flash(str(error), "warning")
        return redirect(url_for("search.saved_searches"))
    return _save_page(form, pairs), 422


@bp.get("/search/saved/<int:search_id>")
@login_required
@signed_in
def saved_search(search_id: int) -> Answer:
    """Show the form that changes a search."""
    search = _own(search_id)
    form = SavedForm(None, data={"name": search.name, "how_often": search.how_often})
    return _change_page(form, search)


@bp.post("/search/saved/<int:search_id>")
@login_required
@signed_in
def change_saved(search_id: int) -> Answer:
    """Rename it, or change how often its mails come."""
    form, search = SavedForm(), _own(search_id)
    try:
        if form.validate():
            how_often = HowOften(form.how_often.data)
            saved.change(g.actor, search_id, name=form.name.data or "", how_often=how_often)
            flash(_("The search is changed."), "success")
            return redirect(url_for("search.saved_searches"))
    except Invalid as error:
        form.name.errors = [error.fields["name"]]
    return _change_page(form, search), 422


@bp.get("/search/saved/<int:search_id>/delete")
@login_required
@signed_in
def delete_form(search_id: int) -> Answer:
    """Ask once more."""
    search = _own(search_id)
    return render_template("search/saved/delete.html", search=search)


@bp.post("/search/saved/<int:search_id>/delete")
@login_required
@signed_in
def delete_saved(search_id: int) -> Answer:
    """Delete it."""
    name = saved.delete(g.actor, search_id)
    flash(_("The search “%(name)s” is deleted.", name=name), "success")
    return redirect(url_for("search.saved_searches"))


@bp.get("/search/stop/<secret>")
@anyone
def stop(secret: str) -> Answer:
    """Show one button; programs that follow the links of a mail stop nothing by it."""
    return _stop_page(secret, saved.stop_of(secret))


@bp.post("/search/stop/<secret>")
@anyone
def stop_now(secret: str) -> Answer:
    """Stop the mails at once, also for a mail program, which has no session (RFC 8058)."""
    return _stop_page(secret, saved.stop(secret))


def shown(pairs: asking.Pairs) -> Shown:
    """Return a search as people read it, in the reader's language."""
    asked, facets = dict(pairs), []
    for name, values in asking.filters_of(pairs).items():
        label = labels(name, values)
        facets.append((str(TITLES[name]), ", ".join(label(value) for value in values)))
    return Shown(asked.get("q", ""), "exact" in asked, facets)


def _asked(params: MultiDict[str, str]) -> asking.Pairs:
    """Return the search as the page of results reads it, which leaves out what cannot be."""
    wanted = addresses.read(params, g.actor)
    known = [("q", wanted.text), *wanted.chosen, ("exact", "1" if wanted.is_exact else "")]
    return asking.canonical(MultiDict(known))


def _own(search_id: int) -> SavedSearch:
    return db.the_one(searches.own_search(g.actor.person_id, search_id))


def _results_of(search: SavedSearch) -> str:
    return f"{url_for('search.results')}?{search.address}"


def _save_page(form: SavedForm, pairs: asking.Pairs) -> str:
    return render_template(
        "search/saved/save.html", form=form, pairs=pairs, shown=shown(pairs),
        results=f"{url_for('search.results')}?{asking.address_of(pairs)}",
    )  # fmt: skip


def _change_page(form: SavedForm, search: SavedSearch) -> str:
    return render_template(
        "search/saved/change.html", form=form, search=search, results=_results_of(search),
        shown=shown(asking.pairs_of(search.address)),
    )  # fmt: skip


def _stop_page(secret: str, found: saved.Stop | None) -> tuple[str, int]:
    page = render_template("search/saved/stop.html", found=found, secret=secret)
    return page, GONE if found is None else 200
