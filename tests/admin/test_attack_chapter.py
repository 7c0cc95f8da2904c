"""Attacks by a chapter's secretariat on what is not its own."""

from __future__ import annotations

import io

from flask import Flask
from sqlalchemy import delete

from citynet.cities.models import Official
from citynet.kit import db
from tests import network
from tests.admin.people import person, run_jobs
from tests.cities.people import city, letters, roles_in


@db.transaction
def leave_without_officials() -> None:
    """Take everybody out of Sidoarjo, which is the chapter's."""
    db.session().execute(delete(Official).where(Official.city_id == city().id))


def test_chapter_takes_nobody_by_a_list_of_members(app: Flask) -> None:
    """Who acts for no city is asked, not seated: the chapter could close a seated one's account."""
    leave_without_officials()
    client, victim = network.client_of(app, "chapter"), person("nobody's")
    page = f"/admin/people/{victim.id}"
    assert client.get(page).status_code == 404
    table = io.BytesIO(f"city,country,lead\n35.15,ID,{victim.email}\n".encode())
    answer = network.post(
        client, "/admin/imports",
        {"what": "memberships", "reason": "x", "file": (table, "list.csv")},
        content_type="multipart/form-data",
    )  # fmt: skip
    network.post(client, answer.location)
    run_jobs()
    assert roles_in() == {}
    assert client.get(page).status_code == 404
    assert not letters(victim.email) or "invites you" in letters(victim.email)[-1]["text"]
