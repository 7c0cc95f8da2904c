"""The commands of search: what a rebuild settles, and what it leaves waiting."""

from __future__ import annotations

from pathlib import Path

from flask import Flask
from sqlalchemy import event, select

from citynet.kit import db, effects
from citynet.practices import service as practices
from citynet.practices.document import PracticeSource
from citynet.practices.service import INDEX
from citynet.search import service
from citynet.search.queries import engine
from tests import network
from tests.practices.translator import bring_to, publish_anew, published, translate


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


def test_index_is_whole_after_each_step_of_a_translation(app: Flask) -> None:
    """Published, taken down, its original published anew or in its language: each has a stamp."""
    practice = published()
    stamps = [PracticeSource().stamps()]

    def is_whole_and_new() -> bool:
        stamps.append(PracticeSource().stamps())
        differs = not engine().check(PracticeSource()).is_whole
        effects.run_due()
        return differs and engine().check(PracticeSource()).is_whole

    lead, secretariat = network.actor("lead"), network.actor("secretariat")
    translate(practice)
    practices.submit_translation(network.actor("official"), practice, "id")
    practices.sign_off_translation(lead, practice, "id")
    assert engine().check(PracticeSource()).is_whole
    practices.publish_translation(secretariat, practice, "id")
    assert is_whole_and_new()
    practices.take_down_translation(lead, practice, "id")
    assert is_whole_and_new()
    assert stamps[0] == stamps[-1] != stamps[1]


def test_index_follows_an_original_published_anew(app: Flask) -> None:
    """Its translation's words go on; in the language of the translation they are gone."""
    practice = published()
    bring_to("published", practice)
    before = PracticeSource().stamps()
    publish_anew(practice, blocks=[{"name": "Another way"}])
    assert PracticeSource().stamps() != before
    assert engine().check(PracticeSource()).is_whole
    assert [key for key, _title in engine().suggest("izin", {"public"}, 5)] == [str(practice.id)]
    publish_anew(practice, language="id", title="Ditulis ulang")
    assert engine().check(PracticeSource()).is_whole
    assert engine().suggest("izin", {"public"}, 5) == []


def test_damaged_index_is_built_anew_with_its_translations(app: Flask) -> None:
    """In both languages."""
    bring_to("published", published())
    folder = Path(app.config["CITYNET"].instance_dir) / "index"
    for path in folder.rglob("*"):
        if path.is_file():
            path.write_bytes(b"")
    assert engine().check(PracticeSource()).damaged
    assert service.rebuild() == 1
    assert engine().check(PracticeSource()).is_whole
    assert len(engine().suggest("izin", {"public"}, 5)) == 1


def test_stamps_are_one_query(app: Flask) -> None:
    """Every start asks for them."""
    bring_to("published", published())
    found: list[str] = []
    listen = (db.db.engine, "before_cursor_execute", lambda *told: found.append(told[2]))
    event.listen(*listen)
    try:
        PracticeSource().stamps()
    finally:
        event.remove(*listen)
    assert len([one for one in found if one.startswith("SELECT")]) == 1
    assert "content" not in found[-1]
