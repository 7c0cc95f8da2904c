"""Doors to the desk's imports: a file, a dry run line by line, and the job."""

from __future__ import annotations

from flask import g, redirect, render_template, request, url_for
from werkzeug.datastructures import FileStorage

from citynet.admin.views import Answer, bp
from citynet.cities import policy as city_policy
from citynet.cities.models import Preview
from citynet.cities.service import importing_members, importing_people
from citynet.cities.service.importing_people import Way
from citynet.kit import sheets
from citynet.kit.doors import policy
from citynet.kit.errors import Invalid
from citynet.kit.http import allow_upload
from citynet.kit.i18n import _
from citynet.kit.sheets import Table

OFFICIALS, MEMBERSHIPS = "officials", "memberships"
# The heads of the empty files to begin from, and a line that shows what is meant.
EXAMPLES = {
    OFFICIALS: (
        ["name", "email", "city", "country", "role", "language"],
        ["Sari Wulandari", "sari@city.example", "35.15", "ID", "official", "id"],
    ),
    MEMBERSHIPS: (
        ["city", "country", "standing", "category", "from", "until", "chapter", "lead",
         "lead name"],
        ["35.15", "ID", "active", "full", "2026-01-01", "2026-12-31", "", "lead@city.example",
         "Budi Santoso"],
    ),
}  # fmt: skip


@bp.get("/imports")
@policy("can_use_desk")
def imports() -> Answer:
    """Show what can be brought in, and from what."""
    return _page({})


@bp.post("/imports")
@policy("can_use_desk")
@allow_upload(sheets.MOST_REQUEST_BYTES)
def dry_run() -> Answer:
    """Read a file, and show what bringing it in would do."""
    try:
        kept = _preview(_table(request.files.get("file")))
    except Invalid as error:
        return _page(error.fields), 422
    return redirect(url_for("admin.preview", preview_id=kept.id))


@bp.get("/imports/example/<any(officials, memberships):what>")
@policy("can_use_desk")
def import_example(what: str) -> Answer:
    """Give a file to begin from."""
    heads, line = EXAMPLES[what]
    form = "xlsx" if request.args.get("form") == "xlsx" else "csv"
    return sheets.answer(heads, [line], name=what, form=form)


def _table(sent: FileStorage | None) -> Table:
    if sent is None or not sent.filename:
        raise Invalid({"file": _("Choose a file first.")})
    return sheets.read(sent.read())


def _preview(table: Table) -> Preview:
    form = request.form
    if form.get("what") == MEMBERSHIPS:
        return importing_members.preview(g.actor, table, reason=form.get("reason", ""))
    if form.get("what") != OFFICIALS:
        raise Invalid({"what": _("Choose what the file holds.")})
    way = Way.ENROL if form.get("way") == Way.ENROL else Way.INVITE
    return importing_people.preview(g.actor, table, way=way)


def _page(errors: dict[str, str]) -> str:
    return render_template(
        "admin/imports/show.html", errors=errors, form=request.form, examples=EXAMPLES,
        may_enrol=city_policy.can_manage_network(g.actor), most_rows=sheets.MOST_ROWS,
    )  # fmt: skip
