"""Doors to pictures and attachments: the page where authors keep them, and the files themselves."""

from __future__ import annotations

import io
from collections.abc import Sequence

from flask import flash, g, render_template, request, send_file, url_for
from flask_login import login_required
from werkzeug.datastructures import FileStorage
from werkzeug.utils import redirect
from werkzeug.wrappers import Response

from citynet.kit import attachments, files, uploads
from citynet.kit.doors import policy
from citynet.kit.errors import Conflict, Invalid, NotFound
from citynet.kit.http import allow_upload, number_in
from citynet.kit.i18n import _, ngettext
from citynet.practices import policy as policies
from citynet.practices.models import (
    IN_WORK,
    FileKind,
    Practice,
    PracticeFile,
    Revision,
)  # fmt: skip
from citynet.practices.queries import files as file_queries
from citynet.practices.service import files as service
from citynet.practices.service import refuse_reviewed
from citynet.practices.service.files import Words
from citynet.practices.views import bp
from citynet.practices.views.own import own_text

Answer = str | Response | tuple[str, int]
Problems = Sequence[tuple[str, str]]
# Without JavaScript several come in one request; with it, each in one of its own.
MOST_AT_ONCE = 10
MOST_REQUEST_BYTES = 60_000_000
FORMATS = {"webp": "image/webp", "jpg": "image/jpeg"}
INLINE = frozenset({"image/webp", "image/jpeg", "image/png"})
# A week: what is withdrawn leaves other people's caches, too.
FOR_A_WEEK = "max-age=604800, immutable"


@bp.get("/practices/<slug>/files", endpoint="files")
@login_required
@policy("can_edit")
def show_files(slug: str) -> Answer:
    """Show the pictures and attachments of the newest text."""
    return _page(own_text(slug))


@bp.post("/practices/<slug>/files")
@login_required
@policy("can_edit")
@allow_upload(MOST_REQUEST_BYTES)
def add_files(slug: str) -> Answer:
    """Keep what was sent; what cannot be taken is named, the others stay."""
    revision = own_text(slug)
    sent = [one for one in request.files.getlist("files") if one.filename]
    try:
        # First: under review nothing is taken, and large pictures need not be read to say so.
        refuse_reviewed(revision)
        problems = _add_all(revision.practice, sent)
    except Conflict as error:
        return _after(slug, problems=[("", str(error))], status=409)
    return _after(slug, problems=problems)


@bp.get("/practices/<slug>/files/<key>")
@policy("can_read")
def file(slug: str, key: str) -> Response:
    """Answer with a picture, or with an attachment as a download."""
    found = file_queries.get_file(g.actor, slug, key)
    return _answer(found, found.name_in_store, found.media_type)


@bp.get("/practices/<slug>/files/<key>/<int:width>.<any(webp, jpg):ending>")
@policy("can_read")
def rendition(slug: str, key: str, width: int, ending: str) -> Response:
    """Answer with a picture in one width and format."""
    found = file_queries.get_file(g.actor, slug, key)
    stored = file_queries.stored_rendition(found, width, FORMATS[ending])
    return _answer(found, stored, FORMATS[ending])


@bp.post("/practices/<slug>/files/<key>")
@login_required
@policy("can_edit")
def change_file(slug: str, key: str) -> Answer:
    """Keep what is said about a file, then do what the button asks."""
    practice, words = own_text(slug).practice, _words()
    try:
        service.describe(
            g.actor, practice, key, words, seen=number_in(request.form.get("seen"), digits=8) or 0
        )
        _act(practice, key, request.form.get("action", ""))
    except NotFound:
        return _after(slug, problems=[("", _("This file was removed meanwhile."))], status=409)
    except Invalid as error:
        problems = [("", sentence) for sentence in error.fields.values()]
        return _after(slug, problems=problems, typed=(key, words))
    except Conflict as error:
        return _after(slug, problems=[("", str(error))], typed=(key, words), status=409)
    return redirect(url_for("practices.files", slug=slug, _anchor=f"file-{key}"))


@bp.get("/practices/<slug>/files/<key>/remove")
@login_required
@policy("can_edit")
def remove_file(slug: str, key: str) -> Answer:
    """Ask once before a file is taken out."""
    practice = own_text(slug).practice
    found = file_queries.get_file(g.actor, slug, key)
    return render_template("practices/files/remove.html", practice=practice, file=found)


@bp.post("/practices/<slug>/files/<key>/remove")
@login_required
@policy("can_edit")
def remove_file_post(slug: str, key: str) -> Answer:
    """Take a file out of the newest text."""
    practice = own_text(slug).practice
    try:
        service.remove(g.actor, practice, key)
    except NotFound:
        flash(_("This file was removed already."))
    else:
        flash(_("The file is removed."), "success")
    return redirect(url_for("practices.files", slug=slug))


def _add_all(practice: Practice, sent: Sequence[FileStorage]) -> Problems:
    """Keep each that can be; return what cannot, with the reasons.

    Raises:
        Conflict: the text is being reviewed.
    """
    taken, left = sent[:MOST_AT_ONCE], sent[MOST_AT_ONCE:]
    problems = [pair for one in taken for pair in _add(practice, one)]
    if added := len(taken) - len(problems):
        flash(ngettext("One file is added.", "%(num)s files are added.", added), "success")
    return [*problems, _not_tried(left)] if left or not sent else problems


def _add(practice: Practice, sent: FileStorage) -> Problems:
    """Keep one file; return its name with the sentence why it cannot be kept."""
    try:
        content = sent.stream.read(attachments.MOST_BYTES + 1)
        service.add(g.actor, practice, content, sent.filename or "")
    except Invalid as error:
        return [(_shown(sent), sentence) for sentence in error.fields.values()]
    return []


def _not_tried(left: Sequence[FileStorage]) -> tuple[str, str]:
    """Return what to do where more were sent than are taken at once, or none."""
    if not left:
        return "", _("Choose one file or several.")
    names = ", ".join(_shown(one) for one in left[:MOST_AT_ONCE])
    return names, _("Send up to 10 files at once. Send these again.")


def _act(practice: Practice, key: str, action: str) -> None:
    match action:
        case "up" | "down":
            service.move(g.actor, practice, key, by=-1 if action == "up" else 1)
        case "cover" | "uncover":
            service.choose_cover(g.actor, practice, key, wanted=action == "cover")
        case _:
            flash(_("Saved."), "success")


def _after(
    slug: str, *, problems: Problems, typed: tuple[str, Words] | None = None, status: int = 422
) -> Answer:
    """Show the page with what could not be done; without that, lead to it anew."""
    if problems:
        return _page(own_text(slug), problems=problems, typed=typed), status
    return redirect(url_for("practices.files", slug=slug))


def _page(
    revision: Revision, *, problems: Problems = (), typed: tuple[str, Words] | None = None
) -> str:
    """Return the page; `typed` is what was said about a file and could not be kept."""
    return render_template(
        "practices/files/files.html", revision=revision, practice=revision.practice,
        city=revision.practice.city, files=file_queries.files_of(revision), problems=problems,
        typed=typed, used_bytes=file_queries.used_bytes(revision.practice.city_id),
        quota_bytes=files.quota_bytes(), can_change=revision.state not in policies.WAITING,
        is_in_work=revision.state in IN_WORK, most_bytes=attachments.MOST_BYTES,
    )  # fmt: skip


def _answer(found: PracticeFile, stored: str, media_type: str) -> Response:
    """Answer with a content that can do nothing in a browser, kept by it where all may have it."""
    is_picture = found.kind == FileKind.PICTURE and media_type in INLINE
    response = send_file(
        io.BytesIO(files.get(stored)), media_type, as_attachment=not is_picture,
        download_name=found.name if stored == found.name_in_store else None, etag=stored,
    )  # fmt: skip
    keeper = "private" if g.actor.is_signed_in else "public"
    is_public = file_queries.is_public_file(found)
    response.headers["Cache-Control"] = (
        f"{keeper}, {FOR_A_WEEK}" if is_public else "private, no-store"
    )
    response.headers["Content-Security-Policy"] = uploads.SANDBOX
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


def _words() -> Words:
    form = request.form
    return Words(form.get("alt", ""), form.get("caption", ""), "decorative" in form)


def _shown(sent: FileStorage) -> str:
    return (sent.filename or "")[:80]
