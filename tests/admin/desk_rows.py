"""Rows of the desk's own tables, of announcements and of the former addresses of topics."""

from __future__ import annotations

from citynet.admin import service as desk
from citynet.announcements import service as announcements
from citynet.announcements.service import Words
from citynet.kit import clock
from citynet.practices import editing_topics, queries
from tests import network


def write_rows() -> None:
    """Write one into each."""
    admin, today = network.actor("secretariat"), clock.now().date()
    desk.save_filter(admin, "announcements", name="Mine", query="q=x")
    words = Words(title_en="Seminar", title_id="Seminar", begins_on=today, ends_on=today)
    announcements.write(admin, words)
    editing_topics.merge(
        admin, queries.get_topic("online-licensing").id, queries.get_topic("waste").id
    )
