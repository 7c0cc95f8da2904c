"""What is offered while somebody types: only what the reader may see, and soon after a change."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, select, update

from citynet.asked import noting, service
from citynet.cities.models import City
from citynet.index.engine import IndexUnavailable
from citynet.kit import clock, db, effects
from citynet.practices import editing_topics
from citynet.practices.models import Practice, Topic
from citynet.practices.service.withdrawing import withdraw
from citynet.practices.topic_words import Words
from tests import network
from tests.practices.translator import WORDS, bring_to, published

EVERYBODY = ("visitor", "official", "rival", "suspended", "pending", "nobody's", "secretariat")


class Damaged:
    """An index that cannot be read."""

    def suggest(self, text: str, audiences: object, limit: int) -> list[tuple[str, str]]:
        """Fail as a damaged index does."""
        raise IndexUnavailable("damaged")

    def generation(self) -> str:
        """Fail as a damaged index does."""
        raise IndexUnavailable("damaged")


@pytest.fixture
def filled(app: Flask) -> Flask:
    """Return a network with two public practices and one for members."""
    network.write_to("published", title="Waste bank", topics=["waste"])
    network.write_to("published", "rival", title="Izin usaha daring", language="id",
                     topics=["online-licensing"])  # fmt: skip
    return app


def offered(browser: FlaskClient, text: str, language: str = "en") -> dict[str, list[Any]]:
    """Return what is offered, by the label of its group: text and address."""
    answer = browser.get(
        "/search/suggest", query_string={"q": text}, headers={"Accept-Language": language}
    )
    assert answer.status_code == 200, answer.text
    assert answer.mimetype == "application/json"
    assert answer.json is not None
    return {
        group["label"]: [(one["text"], one["url"]) for one in group["options"]]
        for group in answer.json["groups"]
    }


def ask_often(text: str, roles: Iterable[str] = ("visitor",)) -> None:
    """Let many different people have asked for a text."""
    for role in roles:
        for number in range(40):
            service.note(network.actor(role), text, address=f"198.51.100.{number}")
    noting.gather()


def test_each_kind_is_offered_with_where_it_leads(filled: Flask, client: FlaskClient) -> None:
    """Practices, topics, cities and what others asked, each by the beginning of a word."""
    ask_often("waste & water")
    assert offered(client, "wa") == {
        "Practices": [("Waste bank", "/practices/waste-bank")],
        "Topics": [("Waste", "/topics/waste")],
        "Often searched": [("waste & water", "/search?q=waste+%26+water")],
    }
    assert offered(client, "sido") == {
        "Cities": [("Kabupaten Sidoarjo", "/cities/kabupaten-sidoarjo")]
    }
    assert offered(client, "kab") == offered(client, "sidoarjo kabu")
    assert offered(client, "aste") == {}


@pytest.mark.parametrize("text", ["", " ", "w", "?", "\u200b", "%", "_", "''", "x" * 5000])
def test_nothing_is_offered_for_nothing(filled: Flask, client: FlaskClient, text: str) -> None:
    """Nor for one letter, nor for what has no words."""
    ask_often("waste water")
    answer = client.get("/search/suggest", query_string={"q": text})
    assert answer.json == {"told": "No suggestions", "groups": []}


def test_marks_of_the_database_are_letters_like_others(filled: Flask, client: FlaskClient) -> None:
    """A per cent sign does not stand for everything."""
    ask_often("waste water")
    assert offered(client, "w%e") == offered(client, "wa_te") == {}


def test_how_many_there_are_is_told_in_both_languages(filled: Flask, client: FlaskClient) -> None:
    """For a screen reader, where nothing is seen."""
    for language, told in (("en", "2 suggestions"), ("id", "2")):
        answer = client.get("/search/suggest?q=waste", headers={"Accept-Language": language})
        assert answer.json is not None
        assert answer.json["told"].startswith(told)
    one = client.get("/search/suggest?q=sidoarjo", headers={"Accept-Language": "en"}).json
    assert one is not None
    assert one["told"] == "1 suggestion"


def test_topics_are_found_by_either_language_and_by_synonyms(
    filled: Flask, client: FlaskClient
) -> None:
    """And called as the reader calls them; one without practices is left out."""
    assert offered(client, "sampah")["Topics"] == [("Waste", "/topics/waste")]
    assert list(offered(client, "waste", "id").values())[1] == [("Sampah", "/topics/waste")]
    assert offered(client, "izin us")["Topics"] == [("Licensing", "/topics/licensing")]
    names = [name for name, _url in offered(client, "lic")["Topics"]]
    assert names == ["Licensing", "Online licensing"]


@pytest.mark.parametrize(
    ("language", "title"), [("id", WORDS["title"]), ("en", "Business permits in one visit")]
)
def test_practice_is_called_as_its_reader_reads_it(app: Flask, language: str, title: str) -> None:
    """Whichever title begins so; the option tells the language of its title."""
    bring_to("published", published())
    for text in ("izin", "business"):
        answer = app.test_client().get(
            f"/search/suggest?q={text}", headers={"Accept-Language": language}
        )
        assert answer.json is not None
        (option,) = answer.json["groups"][0]["options"]
        url = "/practices/business-permits-in-one-visit"
        assert option == {"text": title, "url": url, "language": language}


@pytest.mark.parametrize("role", EVERYBODY)
def test_what_is_for_members_is_offered_to_members(app: Flask, role: str) -> None:
    """Its title, its topic, its city, and what members asked: for others there is nothing."""
    network.write_to("published", title="Hidden canary", visibility="members", topics=["waste"])
    ask_often("hidden words", ("official", "lead", "rival", "rival lead", "secretariat", "chapter"))
    browser = network.client_of(app, role)
    may_see = role in ("official", "rival", "secretariat")
    for text in ("hidden", "canary", "waste", "sidoarjo"):
        assert bool(offered(browser, text)) == may_see, text


def test_lists_follow_a_publication_and_a_withdrawal(filled: Flask, client: FlaskClient) -> None:
    """Which the index tells each process."""
    assert offered(client, "perizinan")["Topics"] == [
        ("Licensing", "/topics/licensing"), ("Online licensing", "/topics/online-licensing"),
    ]  # fmt: skip
    seoul = db.session().scalars(select(Practice).where(Practice.slug == "izin-usaha-daring")).one()
    withdraw(network.actor("rival lead"), seoul, reason="It stopped.")
    effects.run_due()
    assert offered(client, "perizinan") == offered(client, "seoul") == {}
    network.write_to("published", "rival", title="Permits", topics=["licensing"])
    assert offered(client, "perizinan")["Topics"] == [("Licensing", "/topics/licensing")]
    assert offered(client, "seoul")["Cities"] == [("Seoul", "/cities/seoul")]


def test_changed_words_of_a_topic_hold_at_once(filled: Flask, client: FlaskClient) -> None:
    """Without a new index: the topics tell which state they are in."""
    assert offered(client, "rubbish") == {}
    topic = db.session().scalars(select(Topic).where(Topic.slug == "waste")).one()
    words = Words(name_en="Waste", name_id="Sampah", synonyms_en="rubbish")
    editing_topics.change(network.actor("secretariat"), topic.id, words)
    assert offered(client, "rubbish") == {"Topics": [("Waste", "/topics/waste")]}


def test_new_name_of_a_city_is_seen_ten_minutes_later(filled: Flask, client: FlaskClient) -> None:
    """The index does not tell of it."""
    assert offered(client, "sidoarjo")

    @db.transaction
    def rename() -> None:
        db.session().execute(update(City).where(City.name == "Sidoarjo").values(name="Delta"))

    rename()
    with clock.moved(timedelta(minutes=10)):
        assert offered(client, "delta")["Cities"] == [
            ("Kabupaten Delta", "/cities/kabupaten-sidoarjo")
        ]


def test_hidden_query_is_gone_at_once(filled: Flask, client: FlaskClient) -> None:
    """In every process: no list of them is kept."""
    ask_often("waste water")
    assert "Often searched" in offered(client, "water")
    admin = network.client_of(filled, "secretariat")
    assert network.post(admin, "/admin/past-queries/1/hide").status_code == 302
    assert offered(client, "water") == {}


def test_damaged_index_leaves_what_others_asked(filled: Flask, client: FlaskClient) -> None:
    """And nothing fails."""
    ask_often("waste water")
    filled.extensions["index"] = Damaged()
    assert list(offered(client, "wa")) == ["Often searched"]


def test_script_in_a_title_is_text(app: Flask, client: FlaskClient) -> None:
    """The answer is JSON, which the page writes as text."""
    network.write_to("published", title="<img src=x onerror=alert(1)> waste")
    answer = client.get("/search/suggest?q=waste")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert offered(client, "waste")["Practices"][0][0].startswith("<img")


def test_a_suggestion_asks_the_database_three_small_things(
    filled: Flask, client: FlaskClient
) -> None:
    """Which state the topics are in, what others asked, and the titles found."""
    offered(client, "wa")
    asked: list[str] = []

    def look(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        asked.append(statement)

    event.listen(db.db.engine, "before_cursor_execute", look)
    try:
        offered(client, "wa")
    finally:
        event.remove(db.db.engine, "before_cursor_execute", look)
    assert len(asked) == 3, asked
