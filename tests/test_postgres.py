"""The network on PostgreSQL: the same commands, pages and promises as on SQLite."""

from __future__ import annotations

import threading
from functools import partial

import pytest
from flask import Flask
from sqlalchemy import func, select, text

from citynet.accounts import service as accounts
from citynet.accounts.service import TRIES_PER_ACCOUNT, Throttled
from citynet.cities import queries as cities
from citynet.cities import service as memberships
from citynet.cities.models import Standing
from citynet.kit import clock, db, effects
from citynet.kit.effects import Effect, State
from citynet.kit.errors import Conflict, Invalid
from citynet.practices import content as contents
from citynet.practices import importing, queries, service
from citynet.practices.importing import Team
from citynet.practices.models import Practice
from citynet.practices.queries import files as file_queries
from citynet.practices.service import files, renditions
from citynet.practices.service.files import Words
from tests import network
from tests.network import RECORD, actor, client_of, post
from tests.practices.file_rows import picture


def in_threads(app: Flask, *works: object) -> list[BaseException]:
    """Do works at the same moment, each in its own context, and return what was raised."""
    raised: list[BaseException] = []
    begin = threading.Barrier(len(works))

    def run(work: object) -> None:
        with app.app_context():
            begin.wait(timeout=30)
            try:
                work()  # type: ignore[operator]
            except Exception as error:  # noqa: BLE001 - the test looks at it
                raised.append(error)
            db.session().close()

    threads = [threading.Thread(target=run, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return raised


def test_practice_goes_from_draft_to_readers(on_postgres: Flask) -> None:
    """Written, signed off, published, indexed and read."""
    practice = network.write_to("published")
    assert queries.get_published(actor("visitor"), practice.slug).title == RECORD["title"]
    assert {row.state for row in effects.latest(1).items} == {State.DONE}


@pytest.mark.parametrize(
    "path", ["/", "/practices/", "/topics/", "/topics/licensing", "/cities/", "/cities/?q=si",
             "/search?q=permits", "/search?q=permits&country=ID&sort=newest", "/about", "/readyz"]
)  # fmt: skip
def test_page_answers(on_postgres: Flask, path: str) -> None:
    """Every query a page makes is one that PostgreSQL understands."""
    network.write_to("published")
    assert (
        on_postgres.test_client().get(path).status_code in (200, 503)[: 2 if "ready" in path else 1]
    )


def test_people_work_as_on_sqlite(on_postgres: Flask) -> None:
    """Sign-in, work list, desk, memberships, reviews and effects."""
    practice = network.write_to("signed_off")
    official, secretariat = (client_of(on_postgres, role) for role in ("official", "secretariat"))
    for path in (
        "/work",
        f"/practices/{practice.slug}/draft",
        f"/practices/{practice.slug}/revisions",
    ):
        assert official.get(path).status_code == 200, path
    for path in ("/admin/", "/admin/memberships?q=town", "/admin/memberships/pending",
                 "/admin/reviews", "/admin/effects"):  # fmt: skip
        assert secretariat.get(path).status_code == 200, path
    assert post(secretariat, f"/practices/{practice.slug}/publish").status_code == 302
    assert queries.latest(actor("visitor")).total == 1


def test_throttle_counts(on_postgres: Flask) -> None:
    """And waits its quarter of an hour."""
    for _ in range(TRIES_PER_ACCOUNT):
        with pytest.raises(Invalid):
            accounts.sign_in("lead@seoul.example", "wrong", address="::1", browser="")
    with pytest.raises(Throttled):
        accounts.sign_in("lead@seoul.example", network.PASSWORD, address="::1", browser="")


def test_of_two_who_decide_at_once_one_is_told(on_postgres: Flask) -> None:
    """The row is locked while one decides."""

    def decide(after: Standing) -> None:
        memberships.change_standing(
            actor("secretariat"), cities.get_city("pending"), after, reason="x",
            seen=Standing.APPLIED,
        )  # fmt: skip

    raised = in_threads(
        on_postgres, lambda: decide(Standing.ACTIVE), lambda: decide(Standing.ENDED)
    )
    assert [type(error) for error in raised] == [Conflict]


def test_of_many_who_save_at_once_one_wins(on_postgres: Flask) -> None:
    """The others are told, and none ends in an error of the database."""
    practice_id = network.write().id

    def save(role: str) -> None:
        practice = db.session().get_one(Practice, practice_id)
        service.save(actor(role), practice, contents.read({"title": role}), base=(1, 1))

    works = [partial(save, role) for role in ("official", "lead", "official", "lead")]
    raised = in_threads(on_postgres, *works)
    assert [type(error) for error in raised] == [service.EditedMeanwhile] * 3


def test_same_title_at_the_same_moment_gives_two_addresses(on_postgres: Flask) -> None:
    """Nobody's draft is refused because a colleague had the same idea."""

    def write() -> None:
        service.create(actor("official"), contents.read(RECORD))

    assert in_threads(on_postgres, *[write] * 6) == []
    slugs = db.session().scalars(select(Practice.slug)).all()
    assert len(set(slugs)) == 6


def test_two_workers_share_the_effects(on_postgres: Flask) -> None:
    """Each is done once, whoever takes it."""
    done: list[str] = []
    effects.effect("test.shared")(lambda payload: done.append(payload["n"]))

    @db.transaction
    def ask() -> None:
        for number in range(40):
            effects.enqueue("test.shared", n=str(number))

    ask()
    assert in_threads(on_postgres, effects.run_due, effects.run_due) == []
    assert sorted(done, key=int) == [str(number) for number in range(40)]
    db.session().rollback()
    assert db.session().scalar(
        select(func.count()).select_from(Effect).where(Effect.state != State.DONE)
    ) == 0  # fmt: skip


def test_import_keeps_the_good_lines(on_postgres: Flask) -> None:
    """A NUL, which PostgreSQL cannot store, is dropped from texts and refused in keys."""
    lines = [
        '{"title": "A\\u0000 b"}',
        '{"title": "c", "key": "\\u0000"}',
        '{"title": "d", "key": "k"}',
    ]
    report = importing.import_lines(lines, Team(actor("official")))
    assert (report.added, [problem.line for problem in report.problems]) == (2, [2])
    assert importing.import_lines(lines, Team(actor("official"))).known == 2


def test_endless_statement_is_stopped(on_postgres: Flask) -> None:
    """statement_timeout."""
    assert db.session().execute(text("SHOW statement_timeout")).scalar() == "15s"


def test_moments_come_back_in_utc(on_postgres: Flask) -> None:
    """Whatever the server's own zone."""
    network.write()
    created = db.session().scalars(select(Practice.created_at)).one()
    assert created.tzinfo is not None
    assert abs((clock.now() - created).total_seconds()) < 600


@pytest.mark.parametrize(
    "path", ["/practices/%00", "/search?q=%00", "/cities/?q=%00", "/cities/%00", "/topics/%00"]
)
def test_nul_in_an_address_is_no_error_of_ours(on_postgres: Flask, path: str) -> None:
    """PostgreSQL cannot even compare with it."""
    assert on_postgres.test_client().get(path).status_code < 500


def test_files_come_and_go_with_their_texts(on_postgres: Flask) -> None:
    """What is published keeps its picture; what nobody shows goes."""
    practice, official = network.write(), actor("official")
    kept = files.add(official, practice, picture(), "counter.jpg")
    files.choose_cover(official, practice, kept.key, wanted=True)
    publish_next(practice)
    files.describe(official, practice, kept.key, Words("A counter"), seen=1)
    files.remove(official, practice, kept.key)
    effects.run_due()
    shown = file_queries.files_of(queries.get_published(actor("visitor"), practice.slug))
    assert shown.cover
    assert (shown.cover.file.alt, list(shown.cover.widths)) == ("", [320, 640, 1280])
    assert file_queries.used_bytes(practice.city_id) == kept.size_bytes
    publish_next(practice)
    renditions.forget_unused()
    effects.run_due()
    assert file_queries.used_bytes(practice.city_id) == 0
    assert not file_queries.is_kept(kept.name_in_store)


def test_files_that_come_at_the_same_moment_are_all_kept(on_postgres: Flask) -> None:
    """Each has a place of its own, and the same one twice is one."""
    practice_id = network.write_to("published").id

    def add(number: int) -> None:
        practice = db.session().get_one(Practice, practice_id)
        files.add(actor("official"), practice, f"line {number}\n".encode(), f"{number}.txt")

    raised = in_threads(on_postgres, *(partial(add, number % 4) for number in range(8)))
    assert raised == []
    found = file_queries.current_files(practice_id)
    assert sorted(one.name for one in found) == ["0.txt", "1.txt", "2.txt", "3.txt"]
    assert sorted(one.position for one in found) == [0, 1, 2, 3]
    slug = queries.slug_of(practice_id)
    assert queries.get_in_work(actor("official"), slug).number == 2


def publish_next(practice: Practice) -> None:
    """Bring the draft to readers."""
    service.submit(actor("official"), practice)
    service.sign_off(actor("lead"), practice)
    service.publish(actor("secretariat"), practice)
