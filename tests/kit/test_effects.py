"""Durable effects: written with the command, done after it, and never lost."""

from __future__ import annotations

import json
import signal
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from citynet.kit import clock, db, effects
from citynet.kit.audit import Entry
from citynet.kit.effects import Effect, State
from tests import processes

KIND = "test.note"
done: list[str] = []
failing: set[str] = set()


@effects.effect(KIND)
def note(payload: effects.Payload) -> None:
    """Note what was to be done, or fail."""
    if payload["what"] in failing:
        raise ConnectionError("nobody answers")
    done.append(payload["what"])


@db.transaction
def ask_for(what: str) -> None:
    """Write an effect as commands do."""
    effects.enqueue(KIND, what=what)


@pytest.fixture(autouse=True)
def _forget() -> Iterator[None]:
    done.clear()
    failing.clear()
    yield
    failing.clear()


def only() -> Effect:
    """Return the only effect there is, as the database has it now."""
    db.session().rollback()
    return (
        db.session()
        .scalars(
            select(Effect).where(Effect.kind == KIND).execution_options(populate_existing=True)
        )
        .one()
    )


def test_effect_is_done_once_after_the_commit(app: Flask) -> None:
    """The command writes the row, the worker does it and marks it done."""
    ask_for("one")
    assert (done, only().state) == ([], State.WAITING)
    assert effects.run_due() == 1
    assert effects.run_due() == 0
    assert (done, only().state, only().last_error) == (["one"], State.DONE, None)
    assert only().done_at is not None


def test_effect_of_a_failed_command_never_was(app: Flask) -> None:
    """It stands in the same transaction as what it follows from."""

    @db.transaction
    def fail() -> None:
        effects.enqueue(KIND, what="never")
        raise ValueError

    with pytest.raises(ValueError):  # noqa: PT011 - it has no words
        fail()
    assert effects.run_due() == 0
    assert db.session().scalar(select(func.count()).select_from(Effect)) == 0


def test_effect_outside_a_command_is_refused(app: Flask) -> None:
    """Nothing would commit it."""
    with pytest.raises(RuntimeError, match="command"):
        effects.enqueue(KIND, what="lost")


def test_effect_of_an_unknown_kind_is_refused(app: Flask) -> None:
    """A misspelt kind fails the command instead of waiting for ever."""

    @db.transaction
    def ask() -> None:
        effects.enqueue("test.unknown")

    with pytest.raises(LookupError, match=r"test\.unknown"):
        ask()


def test_effects_run_oldest_first_up_to_the_limit(app: Flask) -> None:
    """A sweep can be kept short."""
    for what in ("a", "b", "c"):
        ask_for(what)
    assert effects.run_due(limit=2) == 2
    assert done == ["a", "b"]


def test_failed_effect_waits_longer_each_time(app: Flask) -> None:
    """2, 4, 8 … seconds, with the last error kept, and done once it can be."""
    failing.add("one")
    ask_for("one")
    passed = timedelta()
    for attempts, pause_seconds in enumerate((2, 4, 8, 16), start=1):
        with clock.moved(passed):
            assert effects.run_due() == 1
            assert effects.run_due() == 0
            row = only()
            assert row.attempts == attempts
            assert row.last_error == "ConnectionError: nobody answers"
            wait = row.due_at - clock.now()
            assert timedelta(seconds=pause_seconds - 1) < wait <= timedelta(seconds=pause_seconds)
        passed += timedelta(seconds=pause_seconds + 1)
    failing.clear()
    with clock.moved(passed):
        assert effects.run_due() == 1
    assert (done, only().state) == (["one"], State.DONE)


def test_pauses_double_up_to_an_hour() -> None:
    """However often it failed, it is tried again every hour."""
    seconds = [effects.pause_after(n).total_seconds() for n in (0, 1, 2, 3, 11, 12, 13, 500)]
    assert seconds == [2, 2, 4, 8, 2048, 3600, 3600, 3600]


def test_effect_is_dead_after_the_set_number_of_tries(app: Flask) -> None:
    """EFFECT_TRIES; then it stays in the list with its error and is left alone."""
    app.config["EFFECT_TRIES"] = 3
    failing.add("one")
    ask_for("one")
    for hours in range(3):
        with clock.moved(timedelta(hours=hours)):
            assert effects.run_due() == 1
    with clock.moved(timedelta(days=9)):
        assert effects.run_due() == 0
    row = only()
    assert (row.state, row.attempts) == (State.DEAD, 3)
    assert effects.latest(1, state=State.DEAD).items == [row]
    assert row.last_error == "ConnectionError: nobody answers"


def test_dead_effect_can_be_run_again(app: Flask) -> None:
    """Somebody mends the cause and asks for it: tries are counted anew, the act is recorded."""
    app.config["EFFECT_TRIES"] = 1
    failing.add("one")
    ask_for("one")
    effects.run_due()
    failing.clear()
    effects.rerun(only().id, actor_id=7)
    assert (only().state, only().attempts) == (State.WAITING, 0)
    assert effects.run_due() == 1
    assert done == ["one"]
    entry = db.session().scalars(select(Entry).where(Entry.action == "effect.rerun")).one()
    assert (entry.actor_id, entry.subject_kind, entry.subject_id) == (7, "effect", only().id)


def test_done_effect_is_not_run_again(app: Flask) -> None:
    """Asking for it changes nothing and records nothing."""
    ask_for("one")
    effects.run_due()
    effects.rerun(only().id, actor_id=None)
    assert effects.run_due() == 0
    assert effects.rerun(999, actor_id=None) is None
    assert db.session().scalar(
        select(func.count()).select_from(Entry).where(Entry.action == "effect.rerun")
    ) == 0  # fmt: skip


def test_leased_effect_is_left_to_its_worker_until_the_lease_runs_out(app: Flask) -> None:
    """A worker that died leaves a lease; another goes on after five minutes."""
    ask_for("one")
    effects._lease_next()
    assert effects.run_due() == 0
    with clock.moved(effects.LEASE + timedelta(seconds=1)):
        assert effects.run_due() == 1
    assert (done, only().attempts) == (["one"], 2)


def test_effect_that_kills_its_worker_each_time_dies(app: Flask) -> None:
    """It would otherwise take worker after worker with it, for ever."""
    app.config["EFFECT_TRIES"] = 2
    ask_for("deadly")
    for times in range(2):
        with clock.moved(times * 2 * effects.LEASE):
            assert effects._lease_next() is not None
    ask_for("harmless")
    with clock.moved(4 * effects.LEASE):
        assert effects.run_due() == 1
    _harmless, deadly = effects.latest(1).items
    assert deadly.state == State.DEAD
    assert "worker" in (deadly.last_error or "")
    assert done == ["harmless"]


def test_late_failure_does_not_undo_what_another_worker_did(app: Flask) -> None:
    """The first worker's lease ran out, the second finished: the first may only fail quietly."""
    ask_for("one")
    late = effects._lease_next()
    assert late is not None
    with clock.moved(effects.LEASE + timedelta(seconds=1)):
        effects.run_due()
    effects._mark_failed(late, "late", is_hopeless=True)
    assert (only().state, only().last_error) == (State.DONE, None)


def test_failing_effect_does_not_stop_the_others(app: Flask) -> None:
    """Each is on its own."""
    failing.add("bad")
    for what in ("bad", "good"):
        ask_for(what)
    assert effects.run_due() == 2
    assert done == ["good"]


def test_effect_whose_function_is_gone_fails_like_any_other(app: Flask) -> None:
    """A row from an older version stays visible with its reason."""

    @db.transaction
    def leave() -> None:
        db.session().add(Effect(kind="test.gone", payload="{}"))

    leave()
    assert effects.run_due() == 1
    assert "test.gone" in (effects.latest(1).items[0].last_error or "")


def test_effects_whose_function_is_gone_hold_up_no_others(app: Flask) -> None:
    """However many there are, what is known is done in the same sweep."""

    @db.transaction
    def leave() -> None:
        db.session().add_all(Effect(kind="test.gone", payload="{}") for _ in range(30))

    leave()
    ask_for("one")
    app.extensions["sweep"]()
    assert done == ["one"]


def test_effect_that_is_done_keeps_no_payload(app: Flask) -> None:
    """Mails hold links and personal data; what failed needs its own to be run again."""
    failing.add("bad")
    for what in ("bad", "good"):
        ask_for(what)
    effects.run_due()
    good, bad = effects.latest(1).items
    db.session().refresh(good)
    assert (good.payload, json.loads(bad.payload)) == ("{}", {"what": "bad"})


def test_kind_may_have_its_own_number_of_tries(app: Flask) -> None:
    """More than the setting, for what must outlive the outage of another machine."""
    app.config["EFFECT_TRIES"] = 1
    effects.effect("test.patient", tries=3)(note)
    failing.add("one")

    @db.transaction
    def ask() -> None:
        effects.enqueue("test.patient", what="one")

    ask()
    for hours in range(5):
        with clock.moved(timedelta(hours=hours)):
            effects.run_due()
    row = effects.latest(1).items[0]
    db.session().refresh(row)
    assert (row.state, row.attempts) == (State.DEAD, 3)


def test_eighty_tries_outlive_a_weekend() -> None:
    """From Friday evening to Monday morning."""
    waited = sum((effects.pause_after(number) for number in range(1, 80)), timedelta())
    assert waited > timedelta(hours=64)


def test_hopeless_effect_is_dead_at_once(app: Flask) -> None:
    """No further try could help it."""

    @effects.effect("test.hopeless")
    def give_up(_payload: effects.Payload) -> None:
        raise effects.Hopeless("nobody there")

    @db.transaction
    def ask() -> None:
        effects.enqueue("test.hopeless")

    ask()
    assert effects.run_due() == 1
    row = effects.latest(1).items[0]
    db.session().refresh(row)
    assert (row.state, row.last_error) == (State.DEAD, "Hopeless: nobody there")


def test_unfinished_effect_goes_on_at_once_and_has_not_failed(app: Flask) -> None:
    """It lets others go first, and its parts are not counted as tries."""
    app.config["EFFECT_TRIES"] = 2
    parts: list[str] = []

    @effects.effect("test.long")
    def do_part(_payload: effects.Payload) -> None:
        parts.append("part")
        if len(parts) < 5:
            raise effects.Unfinished

    @db.transaction
    def ask() -> None:
        effects.enqueue("test.long")

    ask()
    assert effects.run_due(limit=1) == 1
    ask_for("other")
    assert effects.run_due() == 5
    assert (len(parts), done) == (5, ["other"])
    row = effects.latest(2, size=1).items[0]
    db.session().refresh(row)
    assert (row.state, row.last_error) == (State.DONE, None)


def test_bulk_comes_after_what_a_person_waits_for(app: Flask) -> None:
    """A mail to one does not wait behind the mails to all."""

    @db.transaction
    def ask_for_many() -> None:
        with effects.in_bulk():
            for number in range(3):
                effects.enqueue(KIND, what=f"bulk {number}")

    ask_for_many()
    ask_for("one")
    effects.run_due()
    assert done == ["one", "bulk 0", "bulk 1", "bulk 2"]


@pytest.mark.parametrize(
    ("lane", "expected"),
    [("quick", ["one"]), ("mail", ["mail"]), ("job", []), (None, ["mail", "one"])],
)
def test_lane_is_run_by_itself(app: Flask, lane: str | None, expected: list[str]) -> None:
    """What waits for another machine holds up nothing else."""
    effects.effect("test.mail", lane=effects.Lane.MAIL)(note)

    @db.transaction
    def ask() -> None:
        effects.enqueue("test.mail", what="mail")

    ask()
    ask_for("one")
    effects.run_due(lane=effects.Lane(lane) if lane else None)
    assert done == expected


def test_what_was_done_long_ago_is_forgotten(app: Flask) -> None:
    """After 30 days; what waits or is dead stays."""
    failing.add("bad")
    for what in ("bad", "good"):
        ask_for(what)
    effects.run_due()
    with clock.moved(timedelta(days=29)):
        effects.forget_old()
        assert effects.latest(1).total == 2
    with clock.moved(timedelta(days=31)):
        effects.forget_old()
        assert [json.loads(row.payload) for row in effects.latest(1).items] == [{"what": "bad"}]


def test_list_is_newest_first_in_pages(app: Flask) -> None:
    """With its honest total."""
    for number in range(5):
        ask_for(str(number))
    page = effects.latest(2, size=2)
    assert (page.total, page.pages) == (5, 3)
    assert [json.loads(row.payload)["what"] for row in page.items] == ["2", "1"]


def test_worker_that_cannot_be_woken_harms_nothing(app: Flask) -> None:
    """The next sweep finds the row."""

    def fail(_after: timedelta) -> None:
        raise OSError("no queue")

    app.extensions["wake_worker"] = fail
    ask_for("one")
    assert effects.run_due() == 1
    assert done == ["one"]


def test_worker_is_woken_once_for_a_command_and_again_for_a_retry(app: Flask) -> None:
    """Many effects of one command wake it once; a failure asks for a sweep after its pause."""
    woken: list[timedelta] = []
    app.extensions["wake_worker"] = woken.append

    @db.transaction
    def ask() -> None:
        for _ in range(3):
            effects.enqueue(KIND, what="one")

    ask()
    assert woken == [timedelta()]
    failing.add("one")
    effects.run_due()
    assert woken[1:] == [effects.FIRST_PAUSE] * 3


WORKER = """
import time
from pathlib import Path
from citynet.kit import effects
@effects.effect("test.note")
def note(payload):
    with Path("{log}").open("a") as log:
        log.write(payload["what"] + "\\n")
    print("doing " + payload["what"], flush=True)
    time.sleep({pause})
while effects.run_due():
    pass
"""


def test_killed_worker_loses_nothing(app: Flask, tmp_path: Path) -> None:
    """kill -9 in the middle of the work: the next worker does it again, and the rest."""
    for what in ("one", "two"):
        ask_for(what)
    log, folder = tmp_path / "log", tmp_path / "instance"
    first = processes.python(folder, WORKER.format(log=log, pause=600))
    assert first.stdout is not None
    assert first.stdout.readline() == "doing one\n"
    first.send_signal(signal.SIGKILL)
    first.communicate(timeout=30)
    second = processes.python(folder, WORKER.format(log=log, pause=0))
    second.communicate(timeout=60)
    assert log.read_text().splitlines() == ["one", "two"], "the lease holds for five minutes"
    with clock.moved(effects.LEASE + timedelta(seconds=1)):
        assert effects.run_due() == 1
    assert done == ["one"]
    db.session().rollback()
    states = set(db.session().scalars(select(Effect.state).where(Effect.kind == KIND)))
    assert states == {State.DONE}
