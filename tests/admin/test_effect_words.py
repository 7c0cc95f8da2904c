"""The words of background work: every kind of it has some, on the page and in what waits."""

from __future__ import annotations

from flask import Flask

from citynet.admin.waiting import WORK
from citynet.kit import db, effects
from tests.network import client_of


def test_every_kind_of_background_work_has_words(app: Flask) -> None:
    """Also what a job of many pieces is, and what only the end of an account brings."""
    of_tests = {one for one in effects._kinds if one.startswith("test")}
    assert effects._kinds.keys() - of_tests <= WORK.keys()


def test_page_shows_the_words_and_no_kind(app: Flask) -> None:
    """Of what is waiting, done or failed."""
    with db.atomic():
        for kind in WORK:
            db.session().add(effects.Effect(kind=kind, payload="{}", state=effects.State.DEAD))
    admin = client_of(app, "secretariat")
    for page in (admin.get("/admin/effects").text, admin.get("/admin/").text):
        for kind in ("erasure.note", "application.file_gone", "practice.picture"):
            assert kind not in page
    assert "Note an erasure outside the database" in admin.get("/admin/effects").text
