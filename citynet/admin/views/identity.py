"""The desk of the network's name, mark and colours."""

from __future__ import annotations

from base64 import b64encode
from dataclasses import replace

from flask import flash, g, render_template, url_for
from werkzeug.utils import redirect
from werkzeug.wrappers import Response

from citynet.admin.network_forms import IdentityForm
from citynet.admin.views import Answer, bp
from citynet.cities import policy as city_policy
from citynet.kit import files, network, uploads
from citynet.kit.doors import policy
from citynet.kit.errors import Conflict, Invalid, require
from citynet.kit.http import allow_upload, framed, framing
from citynet.kit.i18n import _

# Twice as large as it is shown, for fine screens.
MARK_BOX = (640, 128)


@bp.get("/identity")
@policy("can_manage_network")
def identity() -> Answer:
    """Show the settings to be changed."""
    require(city_policy.can_manage_network(g.actor))
    now = network.current()
    return _page(IdentityForm(None, obj=now, seen=now.digest))


@bp.post("/identity")
@policy("can_manage_network")
@allow_upload(uploads.MOST_REQUEST_BYTES)
def change_identity() -> Answer:
    """Change the settings; who comes second is told."""
    require(city_policy.can_manage_network(g.actor))
    form = IdentityForm()
    try:
        content = _mark(form)
        network.change(
            g.actor.person_id,
            form.over(network.current(), mark=files.put(content) if content else ""),
            seen=form.seen.data or "",
        )
    except Invalid as error:
        return _page(form, error.fields, status=422)
    except Conflict as error:
        form.seen.data = network.current().digest
        return _page(form, {"": str(error)}, status=409)
    flash(_("The settings are changed. Every page and mail shows them from now on."), "success")
    return redirect(url_for("admin.identity"))


@bp.post("/identity/preview")
@policy("can_manage_network")
@allow_upload(uploads.MOST_REQUEST_BYTES)
def preview_identity() -> Answer:
    """Show a page in the look just typed, for a frame; nothing is kept."""
    require(city_policy.can_manage_network(g.actor))
    form = IdentityForm()
    try:
        content = _mark(form)
        look = form.over(network.current(), mark="")
        network.check(look)
    except Invalid as error:
        return framed(render_template("admin/letter_wrong.html", errors=error.fields), 422)
    kept = files.get(look.mark) if look.mark else b""
    return framed(_sample(look, b"" if form.without_mark.data else content or kept))


@bp.get("/identity/original")
@policy("can_manage_network")
def original_identity() -> Answer:
    """Ask before the mark and colours are given up."""
    require(city_policy.can_manage_network(g.actor))
    return render_template("admin/identity_original.html", seen=network.current().digest)


@bp.post("/identity/original")
@policy("can_manage_network")
def reset_identity() -> Answer:
    """Go back to CityNet's own look; name, address and term stay."""
    require(city_policy.can_manage_network(g.actor))
    plain = replace(
        network.current(), mark="", main_colour=network.MAIN, accent_colour=network.ACCENT
    )  # fmt: skip
    network.change(g.actor.person_id, plain, seen=IdentityForm().seen.data or "")
    flash(_("The network has CityNet’s own look again."), "success")
    return redirect(url_for("admin.identity"))


def _mark(form: IdentityForm) -> bytes:
    """Return the mark that was sent, written anew, or nothing."""
    if not form.mark.data:
        return b""
    try:
        return uploads.read_picture(form.mark.data, to="PNG", box=MARK_BOX).content
    except Invalid as error:
        raise Invalid({"mark": error.fields["file"]}) from None


def _page(
    form: IdentityForm, errors: dict[str, str] | None = None, *, status: int = 200
) -> Response:
    form.term_months.errors = []
    for name, sentence in (errors or {}).items():
        if name:
            # A store that cannot be written to speaks of the file.
            form["mark" if name == "file" else name].errors = [sentence]
    page = render_template(
        "admin/identity.html", form=form, errors=errors or {}, now=network.current()
    )  # fmt: skip
    return framing(page, status)


def _sample(look: network.Network, mark: bytes) -> str:
    picture = f"data:image/png;base64,{b64encode(mark).decode()}" if mark else ""
    return render_template("admin/identity_sample.html", look=look, picture=picture)
