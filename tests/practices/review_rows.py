"""Rows of the review's own tables and of the yearly question."""

from __future__ import annotations

from datetime import timedelta

from citynet.cities import queries as cities
from citynet.kit import clock
from citynet.practices import service
from citynet.practices.service.liveness import ask_what_is_due
from tests import network


def write_rows() -> None:
    """Write one into each."""
    admin = network.actor("secretariat")
    practice = network.write_to("signed_off", title="Under review")
    service.comment_on(admin, practice, field="title", text="Shorter, please.")
    service.assign(admin, practice, reviewer_id=admin.person_id, due_on=clock.now().date())
    tomorrow = clock.now().date() + timedelta(days=1)
    service.schedule(admin, practice, day=tomorrow)
    service.trust(admin, cities.get_city("seoul"), reason="They write well.")
    network.write_to("published", title="A year ago")
    with clock.moved(timedelta(days=400)):
        ask_what_is_due()
