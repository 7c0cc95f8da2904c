"""The commands of search: what a rebuild settles, and what it leaves waiting."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event, select

from citynet.cities.models import City
from citynet.cities.service import correct_city, data_of
from citynet.index.document import Document
from citynet.index.engine import Request
from citynet.kit import clock, db, effects, tokens
from citynet.practices import document
from citynet.practices import service as practices
from citynet.practices.document import PracticeSource
from citynet.practices.models import Answer, LivenessCheck, Revision
from citynet.practices.service import INDEX
from citynet.practices.service.liveness import PURPOSE, answer_question, ask_what_is_due
from citynet.search import service
from citynet.search.effects import look_for_damage
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


def run_until_the_first_is_done() -> None:
    """Run effects one by one: letters stand between those of the index."""
    while states()[0] == "waiting":
        assert effects.run_due(limit=1)


def test_rebuild_settles_what_waited_for_the_index(app: Flask) -> None:
    """It is in the new index; nobody writes it a second time."""
    publish("Permits in one visit")
    publish("Waste banks")
    assert states() == ["waiting", "waiting"]
    assert service.rebuild() == 2
    assert states() == ["done", "done"]
    assert [title for _key, title in engine().suggest("waste", {"public"}, 5)] == ["Waste banks"]


def test_practice_that_cannot_be_indexed_keeps_no_other_from_being_found(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only itself is tried again."""
    write = document.document_of

    def fails(revision: Revision, *rest: Any, **more: Any) -> Document:
        if revision.content.title == "Broken":
            raise ValueError("cannot be read")
        return write(revision, *rest, **more)

    monkeypatch.setattr(document, "document_of", fails)
    for title in ("Permits in one visit", "Broken", "Waste banks"):
        publish(title)
    effects.run_due()
    assert states() == ["done", "waiting", "done"]
    monkeypatch.undo()
    with clock.moved(timedelta(minutes=1)):
        effects.run_due()
    assert states() == ["done"] * 3
    assert engine().check(PracticeSource()).is_whole


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


def test_publications_that_wait_are_written_at_once(app: Flask) -> None:
    """A commit costs the same for one as for some."""
    publish("Permits in one visit")
    publish("Waste banks")
    run_until_the_first_is_done()
    assert states() == ["done", "done"]
    assert engine().check(PracticeSource()).is_whole


def test_what_another_worker_holds_is_left_to_it(app: Flask) -> None:
    """It may have read its practice before; each settles what it wrote itself."""
    publish("Permits in one visit")
    publish("Waste banks")
    held = db.session().scalars(select(effects.Effect).where(effects.Effect.kind == INDEX)).all()
    held[-1].leased_until = clock.now() + timedelta(minutes=5)
    db.session().commit()
    run_until_the_first_is_done()
    assert states() == ["done", "waiting"]


def test_index_is_looked_through_once_a_day(app: Flask, tmp_path: Path) -> None:
    """A bit that flipped in a record is noticed by nobody who does not read it."""
    publish("Permits in one visit")
    effects.run_due()
    records = next((tmp_path / "instance" / "index").rglob("*.col"))
    content = bytearray(records.read_bytes())
    content[len(content) // 2] ^= 1
    records.write_bytes(content)
    assert engine().check(PracticeSource()).damaged
    look_for_damage()
    effects.run_due()
    assert engine().check(PracticeSource()).is_whole


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


def test_index_follows_the_data_of_a_city(app: Flask) -> None:
    """Its name, kind and population stand in every practice of it."""
    network.write_to("published")
    network.write_to("published", "rival", title="Waste banks")
    city = db.session().scalars(select(City).where(City.name == "Sidoarjo")).one()
    wanted = replace(data_of(city), name="Sidoardjo", population=700_000)
    correct_city(network.actor("secretariat"), city, wanted)
    assert len(engine().check(PracticeSource()).stale) == 1
    effects.run_due()
    assert engine().check(PracticeSource()).is_whole
    assert found(population=("to_1m",)) == 1


def test_index_follows_the_yearly_answer(app: Flask) -> None:
    """What is confirmed counts as confirmed at once."""
    practice = network.write_to("published")
    with clock.moved(timedelta(days=400)):
        ask_what_is_due()
        check = db.session().scalars(select(LivenessCheck)).one()
        token = tokens.sign(PURPOSE, f"{check.id}.lead")
        answer_question(network.actor("visitor"), token, Answer.RUNNING)
        assert engine().check(PracticeSource()).stale == [str(practice.id)]
        effects.run_due()
        assert engine().check(PracticeSource()).is_whole


def test_answer_that_it_stopped_changes_no_document(app: Flask) -> None:
    """It confirms nothing."""
    network.write_to("published")
    with clock.moved(timedelta(days=400)):
        ask_what_is_due()
        check = db.session().scalars(select(LivenessCheck)).one()
        token = tokens.sign(PURPOSE, f"{check.id}.lead")
        answer_question(network.actor("visitor"), token, Answer.STOPPED, note="No money.")
        assert states()[-1] == "done"
        assert engine().check(PracticeSource()).is_whole


def found(**filters: tuple[str, ...]) -> int:
    """Return how many practices a visitor finds under these filters."""
    wanted = Request(
        text="", audiences=("public",), filters=filters, sort="newest", page=1, size=1,
        language="en",
    )  # fmt: skip
    return engine().find(wanted).total


def test_stamps_are_two_queries(app: Flask) -> None:
    """Every start asks for them: of the topics, and of all else."""
    bring_to("published", published())
    found: list[str] = []
    listen = (db.db.engine, "before_cursor_execute", lambda *told: found.append(told[2]))
    event.listen(*listen)
    try:
        PracticeSource().stamps()
    finally:
        event.remove(*listen)
    assert len([one for one in found if one.startswith("SELECT")]) == 2
    assert "content" not in found[-1]
