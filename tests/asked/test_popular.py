"""Past queries: counted without telling of anybody, shown once enough different people asked."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import date, timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Connection, event, func, select

from citynet.asked import noting, queries, service
from citynet.asked.folding import fold, is_fit_to_show
from citynet.asked.models import PastQuery
from citynet.kit import audit, clock, db
from citynet.kit.errors import Conflict, Forbidden
from tests import network

ADDRESSES = [f"198.51.100.{number}" for number in range(40)]
ANYBODY, MEMBERS = {"public"}, {"public", "members"}


def ask(text: str, addresses: Iterable[str], role: str = "visitor") -> None:
    """Note a search from each address, and let the worker gather what was noted."""
    for address in addresses:
        service.note(network.actor(role), text, address=address)
    noting.gather()


def offered(text: str, audiences: set[str] = ANYBODY, language: str = "en") -> list[str]:
    """Return what is offered for a text."""
    return list(queries.past_queries(text, language=language, audiences=audiences, limit=5))


def row_of(text: str) -> PastQuery:
    """Return the only row of a text."""
    return db.session().scalars(
        select(PastQuery).where(PastQuery.text == text).execution_options(populate_existing=True)
    ).one()  # fmt: skip


def noted_file(app: Flask) -> Path:
    """Return the file that searches append to."""
    return Path(app.config["CITYNET"].instance_dir) / "asked.noted"


def test_text_is_offered_once_three_different_people_asked(app: Flask) -> None:
    """One person is one, however often and on however many days."""
    for day in range(5):
        with clock.moved(timedelta(days=day)):
            ask("Waste bank", ADDRESSES[:1] * 20)
    assert (row_of("waste bank").different, offered("waste")) == (1, [])
    ask("waste  BANK?", ADDRESSES)
    assert row_of("waste bank").different > 3
    assert offered("waste") == offered("ba") == ["waste bank"]
    assert offered("aste") == offered("waste bank") == offered("") == []


def test_bits_count_no_more_people_than_there_were(app: Flask) -> None:
    """Two never pass for three."""
    for number in range(40):
        text = f"market {'abcdefghij'[number % 10]}{'xyzw'[number // 10]}"
        ask(text, ADDRESSES[number % 39 : number % 39 + 2] * 3)
        assert row_of(text).different <= 2
    assert offered("market") == []


def test_a_day_counts_an_asker_once(app: Flask) -> None:
    """On the next day they count again, and are no other person for that."""
    ask("waste bank", ADDRESSES[:1] * 3)
    ask("waste bank", ADDRESSES[:1])
    assert row_of("waste bank").asked == 1
    with clock.moved(timedelta(days=1)):
        ask("waste bank", ADDRESSES[:1])
    row = row_of("waste bank")
    assert (row.asked, row.different) == (2, 1)
    assert row.last_on == clock.now().date() + timedelta(days=1)


def test_addresses_of_one_household_are_one_asker(app: Flask) -> None:
    """Of IPv6 it has billions."""
    ask("waste bank", [f"2001:db8::{number:x}" for number in range(1, 200)])
    assert row_of("waste bank").different == 1


def test_nothing_kept_tells_who_asked_or_when_in_the_day(app: Flask) -> None:
    """Neither the row nor the line on its way to it."""
    service.note(network.actor("official"), "waste bank", address=ADDRESSES[7])
    line = noted_file(app).read_text(encoding="utf-8")
    assert json.loads(line)[:3] == ["waste bank", "en", "members"]
    assert len(json.loads(line)) == 4
    assert 0 <= json.loads(line)[3] < noting.BITS
    assert noted_file(app).stat().st_mode & 0o077 == 0
    noting.gather()
    assert not noted_file(app).exists()
    told = {"id", "text", "language", "audience", "askers", "different", "asked", "askers_last",
            "first_on", "last_on", "hidden_at", "hidden_by_id"}  # fmt: skip
    assert set(PastQuery.__table__.columns.keys()) == told
    assert type(row_of("waste bank").last_on) is date


def test_bits_of_two_texts_cannot_be_put_together(app: Flask) -> None:
    """Who set one in the first need not set the same in the second."""
    firsts = {noting.bit_of("person 1", f"text {number}") for number in range(60)}
    assert len(firsts) > 8


@pytest.mark.parametrize(
    "text",
    [
        "ada@example.org", "call 0812 3456 789", "3515012345678901", "www.example.org",
        "https://example.org", "one two three four five six seven", "<script>alert(1)</script>",
        "a" * 61, "ab", "12", "x=1;drop", "\u202eabc@def", "",
    ],
)  # fmt: skip
def test_what_may_name_somebody_is_not_noted(app: Flask, text: str) -> None:
    """Addresses, long numbers, sentences, markup."""
    ask(text, ADDRESSES)
    assert db.session().scalar(select(func.count()).select_from(PastQuery)) == 0


def test_plain_texts_are_fit_and_folded_alike() -> None:
    """In both languages."""
    for text in ("E-government", "izin usaha 2024", "Wi-Fi pasar", "women's market"):
        assert is_fit_to_show(fold(text)), text
    assert fold("  “Waste \n BANK”? ") == fold("waste bank") == "waste bank"
    assert fold("\u200bwaste\u200b bank") == "waste bank"


def test_what_members_ask_is_offered_to_members_only(app: Flask) -> None:
    """It may be words of what only they read."""
    for role in ("official", "lead", "rival", "rival lead", "secretariat", "chapter"):
        ask("secret tariff", [ADDRESSES[0]], role)
    assert offered("secret") == []
    assert offered("secret", MEMBERS) == ["secret tariff"]
    assert offered("secret", MEMBERS, "id") == []


def test_those_who_may_not_read_members_texts_count_with_visitors(app: Flask) -> None:
    """The suspended and the pending."""
    ask("waste bank", [ADDRESSES[0]], "suspended")
    assert row_of("waste bank").audience == "public"


def test_hidden_text_is_offered_to_nobody_in_no_language(app: Flask) -> None:
    """At once, and it does not come back with the next who ask."""
    ask("rude words", ADDRESSES)
    admin = network.actor("secretariat")
    service.hide(admin, row_of("rude words").id)
    for role in ("official", "lead", "rival", "rival lead", "secretariat", "chapter"):
        ask("rude words", [ADDRESSES[0]], role)
    assert offered("rude", MEMBERS) == []
    both = db.session().scalars(select(PastQuery.id).order_by(PastQuery.id)).all()
    for query_id in both:
        with pytest.raises(Conflict):
            service.hide(admin, query_id)
    service.show(admin, both[1])
    assert offered("rude") == ["rude words"]
    assert [one.action for one in audit.entries().items][:2] == ["query.shown", "query.hidden"]


@pytest.mark.parametrize("role", [role for role in network.ROLES if role != "secretariat"])
def test_only_the_networks_secretariat_hides(app: Flask, role: str) -> None:
    """A chapter's does not, for a text belongs to no city."""
    ask("waste bank", ADDRESSES)
    for command in (service.hide, service.show):
        with pytest.raises(Forbidden):
            command(network.actor(role), row_of("waste bank").id)


def test_secretariat_cannot_read_what_few_asked(app: Flask) -> None:
    """Neither in the list nor by its number."""
    ask("my rare sorrow", ADDRESSES[:1])
    admin = network.client_of(app, "secretariat")
    query_id = row_of("my rare sorrow").id
    assert "my rare sorrow" not in admin.get("/admin/past-queries").text
    assert "my rare sorrow" not in admin.get("/admin/past-queries?form=csv", buffered=True).text
    assert network.post(admin, f"/admin/past-queries/{query_id}/hide").status_code == 404


def test_desk_hides_and_shows_again(app: Flask) -> None:
    """By the buttons of its list; who comes second is told."""
    ask("waste bank", ADDRESSES)
    admin, query_id = network.client_of(app, "secretariat"), row_of("waste bank").id
    assert "waste bank" in admin.get("/admin/past-queries?state=shown").text
    for step, told in (("hide", "Nobody is offered"), ("hide", "hidden already"),
                       ("show", "is offered again"), ("show", "is not hidden")):  # fmt: skip
        answer = network.post(
            admin, f"/admin/past-queries/{query_id}/{step}", follow_redirects=True
        )
        assert told in answer.text
    assert network.post(admin, "/admin/past-queries/999/hide").status_code == 404


def test_old_texts_are_forgotten(app: Flask) -> None:
    """After half a year, or a month where few asked; what is hidden stays so."""
    for text in ("waste bank", "hidden one"):
        ask(text, ADDRESSES)
    ask("rare", ADDRESSES[:1])
    service.hide(network.actor("secretariat"), row_of("hidden one").id)
    left = select(PastQuery.text).order_by(PastQuery.text)
    for days, kept in ((30, 3), (31, 2), (180, 2), (181, 1)):
        with clock.moved(timedelta(days=days)):
            noting.forget_old()
        assert len(db.session().scalars(left).all()) == kept, days
    assert db.session().scalars(left).all() == ["hidden one"]


def test_worker_killed_in_between_counts_nothing_twice(app: Flask) -> None:
    """What it had taken is added again, which changes nothing."""
    for address in ADDRESSES[:5]:
        service.note(network.actor("visitor"), "waste bank", address=address)
    lines = noted_file(app).read_bytes()
    noting.gather()
    before = (row_of("waste bank").asked, row_of("waste bank").different)
    noted_file(app).with_suffix(".taken").write_bytes(lines)
    noting.gather()
    assert (row_of("waste bank").asked, row_of("waste bank").different) == before
    noting.gather()


def test_damaged_lines_are_left_out(app: Flask) -> None:
    """Whatever a full disk left, or somebody put there."""
    good = b'["waste bank", "en", "public", 3]\n'
    bad = [b"\xff\xfe\n", b"[1]\n", b"{}\n", b'["a b c", "xx", "public", 1]\n', b"null\n",
           b'["waste bank", "en", "admins", 1]\n', b'["waste bank", "en", "public", 99]\n',
           b'["a@b.example", "en", "public", 1]\n', b'["waste',
           b'[[], "en", "public", 1]\n']  # fmt: skip
    noted_file(app).write_bytes(good + b"".join(bad[:-2]) + good + bad[-1] + bad[-2])
    noting.gather()
    assert db.session().scalars(select(PastQuery.text)).all() == ["waste bank"]
    assert row_of("waste bank").different == 1


def test_flood_fills_neither_disk_nor_table(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is counted already still is."""
    monkeypatch.setattr(noting, "MOST_BYTES", 2_000)
    monkeypatch.setattr(noting, "MOST_NEW_A_DAY", 5)
    ask("waste bank", ADDRESSES[:1])
    for number in range(500):
        service.note(network.actor("visitor"), f"junk {'ab' * (number % 9)} {number}",
                     address="198.51.100.1")  # fmt: skip
    assert noted_file(app).stat().st_size < 2_100
    noting.gather()
    assert db.session().scalar(select(func.count()).select_from(PastQuery)) == 5
    ask("waste bank", ADDRESSES)
    assert offered("waste") == ["waste bank"]


def test_unwritable_folder_stops_no_search(app: Flask, client: FlaskClient) -> None:
    """The text is not counted, and that is all."""
    network.write_to("published")
    noted_file(app).mkdir()
    assert client.get("/search?q=permits").status_code == 200
    service.note(network.actor("visitor"), "waste bank", address=ADDRESSES[0])


def test_search_writes_nothing_into_the_database(app: Flask, client: FlaskClient) -> None:
    """So it waits for no lock."""
    network.write_to("published")
    client.get("/search?q=permits")
    written = []

    def look(_connection: Connection, _cursor: object, statement: str, *_rest: object) -> None:
        if not statement.lstrip().upper().startswith(("SELECT", "PRAGMA", "WITH")):
            written.append(statement)

    event.listen(db.db.engine, "before_cursor_execute", look)
    try:
        assert client.get("/search?q=permits").status_code == 200
    finally:
        event.remove(db.db.engine, "before_cursor_execute", look)
    assert written == []


def test_only_a_plain_search_that_found_something_is_noted(app: Flask, client: FlaskClient) -> None:
    """Page one without filters."""
    network.write_to("published")
    for query in ("q=nothinglikeit", "q=permits&page=2", "q=permits&topic=licensing", "q=",
                  "q=permits&language=en"):  # fmt: skip
        client.get(f"/search?{query}")
        assert not noted_file(app).exists(), query
    client.get("/search?q=Permits")
    assert json.loads(noted_file(app).read_text(encoding="utf-8"))[0] == "permits"


def test_popular_queries_hold_on_postgres(on_postgres: Flask) -> None:
    """Count, offer, hide, forget."""
    ask("waste bank", ADDRESSES)
    ask("waste bank", ADDRESSES)
    assert offered("bank") == ["waste bank"]
    service.hide(network.actor("secretariat"), row_of("waste bank").id)
    assert offered("bank") == []
    noting.forget_old()
    assert row_of("waste bank").hidden_at is not None
