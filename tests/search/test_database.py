"""Search while the index is away: the database answers, filters as far as it can, and says so."""

from __future__ import annotations

from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.exc import OperationalError

from citynet.cities.models import City
from citynet.cities.service import correct_city, data_of
from citynet.index.engine import Found, IndexUnavailable, Request
from citynet.index.vocabulary import Vocabulary
from citynet.kit import db, effects
from citynet.practices.document import PracticeSource
from citynet.search import database, service
from tests import network
from tests.practices.translator import bring_to, published


class Damaged:
    """An index that cannot be read."""

    def find(self, request: Request, vocabulary: Vocabulary) -> Found:
        """Fail as a damaged index does."""
        raise IndexUnavailable("damaged")

    def keys(self, request: Request, vocabulary: Vocabulary) -> list[str]:
        """Fail as a damaged index does."""
        raise IndexUnavailable("damaged")

    def like(self, key: str, audiences: object, limit: int) -> list[str]:
        """Fail as a damaged index does."""
        raise IndexUnavailable("damaged")

    def generation(self) -> str:
        """Fail as a damaged index does."""
        raise IndexUnavailable("damaged")

    def suggest(self, text: str, audiences: object, limit: int) -> list[tuple[str, str]]:
        """Fail as a damaged index does."""
        raise IndexUnavailable("damaged")


def test_damaged_index_is_told_in_plain_words(filled: Flask, client: FlaskClient) -> None:
    """The database answers, without counts and without what is hidden."""
    filled.extensions["index"] = Damaged()
    page = client.get("/search?q=waste&status=pilot").text
    assert "Search is limited for the moment" in page
    assert "Waste bank" in page
    assert "Hidden canary" not in client.get("/search").text
    assert "cn-facet__count" not in page


def test_repair_is_asked_for_once_and_by_no_further_write(
    filled: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nor does a search fail where it cannot be asked for, as on a full disk."""
    filled.extensions["index"] = Damaged()

    def full(_kind: str) -> None:
        raise OperationalError("INSERT", {}, Exception("database or disk is full"))

    with monkeypatch.context() as patched:
        patched.setattr(effects, "enqueue", full)
        assert client.get("/search?q=waste").status_code == 200
    wanted = select(func.count()).where(effects.Effect.kind == service.REPAIR)
    for count in (0, 1, 1):
        assert db.session().scalar(wanted) == count
        assert "Search is limited" in client.get("/search?q=waste").text
        db.session().rollback()
    with monkeypatch.context() as patched:
        patched.setattr(service, "_ask_for_repair", lambda: pytest.fail("asked again"))
        assert client.get("/search?q=waste").status_code == 200


@pytest.mark.parametrize(
    ("query", "count"),
    [("province=Jawa+Timur", 2), ("kind=city", 1), ("kind=kabupaten&kind=city", 3),
     ("year=2021", 1), ("population=to_1m", 2), ("population=over_5m&population=to_5m", 0),
     ("topic=licensing", 2), ("visibility=members", 3), ("city=seoul&language=id", 1),
     ("q=waste&view=map", 1)],
)  # fmt: skip
def test_database_filters_while_the_index_is_away(filled: Flask, query: str, count: int) -> None:
    """By all that it has columns for; a visitor's filter by visibility never counts."""
    city = db.session().scalars(select(City).where(City.name == "Sidoarjo")).one()
    wanted = replace(data_of(city), population=500_000)
    correct_city(network.actor("secretariat"), city, wanted)
    filled.extensions["index"] = Damaged()
    page = filled.test_client().get(f"/search?{query}").text
    assert (f"<strong>{count} pra" in page) == (count > 0)
    assert ("No practice was found" in page) == (count == 0)


def test_filters_that_do_not_count_are_named(filled: Flask, client: FlaskClient) -> None:
    """Cost and evidence stand only inside the texts."""
    filled.extensions["index"] = Damaged()
    page = client.get("/search?cost=under_10k&evidence=linked&country=ID").text
    assert "These filters do not count until then: Cost to set it up, Evidence of the res" in page
    assert "<strong>2 practices</strong>" in page
    assert "do not count" not in client.get("/search?country=ID").text


def test_database_finds_translations_in_place_of_a_damaged_index(app: Flask) -> None:
    """By words of either language and by the filter; hidden ones stay hidden."""
    bring_to("published", published())
    network.write_to("published", title="Waste bank", topics=["waste"])
    bring_to("published", published(title="Hidden canary", visibility="members"))
    app.extensions["index"] = Damaged()
    browser = app.test_client()
    for query in ("q=kunjungan", "q=shops&language=id", "language=id"):
        page = browser.get(f"/search?{query}").text
        assert "<strong>1 practice</strong>" in page, query
        assert "Business permits in one visit" in page
    assert "<strong>2 practices</strong>" in network.client_of(app, "rival").get(
        "/search?q=kunjungan"
    ).text  # fmt: skip


def test_database_knows_no_best_match(filled: Flask, client: FlaskClient) -> None:
    """It offers the orders that it has."""
    filled.extensions["index"] = Damaged()
    page = client.get("/search?q=waste").text
    assert "Best match" not in page
    assert 'aria-current="true">Newest' in page
    assert 'aria-current="true">Last confirmed' in client.get("/search?sort=confirmed").text


def test_postgresql_answers_the_same(on_postgres: Flask) -> None:
    """Each filter and order, the counts of the map, and the stamps."""
    practice = network.write_to("published", topics=["online-licensing"])
    network.write_to("published", "rival", title="Waste banks")
    filters = {
        "topic": ("licensing",), "country": ("ID",), "province": ("Jawa Timur",),
        "city": ("kabupaten-sidoarjo",), "kind": ("kabupaten",), "language": ("en", "id"),
        "status": ("running",), "year": ("2019",), "visibility": ("public",),
    }  # fmt: skip
    wanted = Request(
        text="permits", audiences=("public",), filters=filters, sort="confirmed", page=1, size=5,
        language="en",
    )  # fmt: skip
    visitor = network.actor("visitor")
    assert [hit.key for hit in database.find(visitor, wanted).hits] == [str(practice.id)]
    assert database.counts_by_city(visitor, wanted) == [("kabupaten-sidoarjo", 1)]
    nobody = replace(wanted, filters={"population": ("to_1m", "under_100k", "odd")})
    assert database.find(visitor, nobody).total == 0
    stamps = {one.key: one.stamp for one in PracticeSource().documents()}
    assert PracticeSource().stamps() == stamps
    assert len(stamps) == 2
