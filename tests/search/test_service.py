"""The commands of search: what a rebuild settles, and what it leaves waiting."""

from __future__ import annotations

from flask import Flask
from sqlalchemy import select

from citynet.kit import db, effects
from citynet.practices import service as practices
from citynet.practices.service import INDEX
from citynet.search import service
from citynet.search.queries import engine
from tests import network


def states() -> list[str]:
    """Return where the effects of the index stand, oldest first."""
    wanted = select(effects.Effect.state).where(effects.Effect.kind == INDEX)
    return list(db.session().scalars(wanted.order_by(effects.Effect.id)))


def publish(title: str) -> None:
    """Publish a practice and leave its effect waiting."""
    practice = network.write_to("signed_off", title=title)
    practices.publish(network.actor("secretariat"), practice)


def test_rebuild_settles_what_waited_for_the_index(app: Flask) -> None:
    """It is in the new index; nobody writes it a second time."""
    publish("Permits in one visit")
    publish("Waste banks")
    assert states() == ["waiting", "waiting"]
    assert service.rebuild() == 2
    assert states() == ["done", "done"]
    assert [title for _key, title in engine().suggest("waste", {"public"}, 5)] == ["Waste banks"]


def test_what_is_published_during_a_rebuild_still_waits(app: Flask) -> None:
    """The new index may have been read before it."""
    publish("Permits in one visit")

    def meanwhile(_count: int) -> None:
        if len(states()) == 1:
            publish("Waste banks")

    service.rebuild(progress=meanwhile)
    assert states() == ["done", "waiting"]
    effects.run_due()
    assert [title for _key, title in engine().suggest("waste", {"public"}, 5)] == ["Waste banks"]
