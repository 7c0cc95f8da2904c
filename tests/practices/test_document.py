"""A practice as the index holds it: its facets, and a stamp that follows all it copies."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event, select, update

from citynet.cities.models import City
from citynet.cities.service import correct_city, data_of
from citynet.index.document import Document
from citynet.kit import clock, db
from citynet.practices import content as contents
from citynet.practices import document, service
from citynet.practices.charts import Evidence
from citynet.practices.document import PracticeSource
from citynet.practices.fields import CostBand
from citynet.practices.models import Practice, PracticeFile, Topic
from citynet.practices.queries import evidence_of
from citynet.practices.service import files
from tests import network
from tests.practices.file_rows import PDF
from tests.practices.translator import bring_to, published

RESULT = {"indicator": "Days", "before": "9", "after": "2", "source": "Own count"}


def told(practice: Practice) -> Document:
    """Return the document of a practice."""
    return next(PracticeSource().documents([str(practice.id)]))


def stamp(practice: Practice) -> str:
    """Return its stamp, the same whether it is written or checked."""
    found = PracticeSource().stamps()[str(practice.id)]
    assert told(practice).stamp == found
    return found


def correct(**changes: Any) -> None:
    """Put the data of Sidoarjo right."""
    city = db.session().scalars(select(City).where(City.name == "Sidoarjo")).one()
    correct_city(network.actor("secretariat"), city, replace(data_of(city), **changes))


def test_document_has_every_facet(app: Flask) -> None:
    """A topic with the one above it; the city by address, kind and size."""
    correct(population=2_083_924, population_year=2020)
    row = {**RESULT, "source": "https://city.example/days"}
    practice = network.write_to("published", topics=["online-licensing"], cost_band="to_1m",
                                results=[row], visibility="members")  # fmt: skip
    found = told(practice)
    assert {name: sorted(values) for name, values in found.facets.items()} == {
        "topic": ["licensing", "online-licensing"], "country": ["ID"],
        "province": ["Jawa Timur"], "city": ["kabupaten-sidoarjo"], "kind": ["kabupaten"],
        "population": ["to_5m"], "language": ["en"], "status": ["running"], "year": ["2019"],
        "cost": ["to_1m"], "evidence": ["linked"], "visibility": ["members"],
    }  # fmt: skip
    assert found.evidence == 1
    assert found.replications == 0
    assert found.confirmed_at == practice.last_confirmed_at is not None


def test_facet_without_an_answer_has_no_value(app: Flask) -> None:
    """No count, no province, no band, nothing measured."""
    found = told(network.write_to("published", "rival", started="", unknown=[
        *network.RECORD["unknown"], "started"])).facets  # fmt: skip
    for name in ("province", "population", "cost", "evidence", "year"):
        assert found[name] == (), name


def test_blocks_stand_apart_from_the_body_in_each_language(app: Flask) -> None:
    """And names of topics, city and province are the only words that nobody wrote."""
    practice = published(topics=["licensing"])
    bring_to("published", practice)
    found = told(practice)
    assert found.blocks.splitlines() == ["One counter", "Fewer visits", "A form online"]
    assert "One counter" not in found.body
    assert found.others[0].blocks.splitlines() == ["Satu loket", "Lebih sedikit kunjungan",
                                                   "Formulir daring"]  # fmt: skip
    assert found.keywords == "Licensing; Perizinan; Kabupaten Sidoarjo; Jawa Timur"


@pytest.mark.parametrize(
    ("people", "band"),
    [(None, None), (1, "under_100k"), (99_999, "under_100k"), (100_000, "to_500k"),
     (500_000, "to_1m"), (1_000_000, "to_5m"), (4_999_999, "to_5m"), (5_000_000, "over_5m"),
     (100_000_000, "over_5m")],
)  # fmt: skip
def test_population_falls_into_one_of_five_bands(people: int | None, band: str | None) -> None:
    """A city nobody counted has none."""
    assert document.population_band(people) == band


@pytest.mark.parametrize(
    ("told_cost", "band"),
    [
        ({}, None),
        ({"cost_setup": "9999.99", "cost_currency": "USD"}, CostBand.UNDER_10K),
        ({"cost_setup": "10000", "cost_currency": "USD"}, CostBand.TO_100K),
        ({"cost_setup": "999999,5", "cost_currency": "USD"}, CostBand.TO_1M),
        ({"cost_setup": "1000000", "cost_currency": "USD"}, CostBand.OVER_1M),
        ({"cost_setup": "1000000", "cost_currency": "USD", "cost_band": "under_10k"},
         CostBand.OVER_1M),
        ({"cost_setup": "2000000", "cost_currency": "IDR"}, None),
        ({"cost_setup": "2000000", "cost_currency": "IDR", "cost_band": "under_10k"},
         CostBand.UNDER_10K),
        ({"cost_setup": "2000000"}, None),
        ({"cost_yearly": "500", "cost_currency": "USD"}, None),
    ],
)  # fmt: skip
def test_cost_is_told_in_dollars_or_by_its_band(
    app: Flask, told_cost: dict[str, str], band: CostBand | None
) -> None:
    """No rate of exchange is made up."""
    assert document.cost_band(contents.read({"title": "Costs", **told_cost})) == band


def test_evidence_is_the_best_of_what_was_measured(app: Flask) -> None:
    """A document counts once the published text shows it; what is expected proves nothing."""
    practice = network.write(results=[{**RESULT, "document": "1"},
                                      RESULT])  # fmt: skip
    file = files.add(network.actor("official"), practice, PDF, "count.pdf")
    named = update(PracticeFile).where(PracticeFile.id == file.id).values(number=1)
    db.session().execute(named)
    db.session().commit()
    service.submit(network.actor("official"), practice)
    service.sign_off(network.actor("lead"), practice)
    service.publish(network.actor("secretariat"), practice)
    assert told(practice).facets["evidence"] == ("attached",)
    assert told(practice).evidence == 2
    assert evidence_of([practice.id]) == {practice.id: Evidence.ATTACHED}
    hoped = network.write_to("published", results=[{**RESULT, "expected": True}])
    own = network.write_to("published", results=[RESULT])
    assert told(hoped).facets["evidence"] == ()
    assert told(own).facets["evidence"] == ("self_reported",)
    assert evidence_of([hoped.id, own.id]) == {own.id: Evidence.SELF_REPORTED}


def test_stamp_follows_all_that_the_document_copies(app: Flask) -> None:
    """The city's data, the topics' names and places, and when it was confirmed."""
    practice = network.write_to("published", topics=["online-licensing"])
    seen = [stamp(practice)]

    def has_changed() -> bool:
        db.session().expire_all()
        seen.append(stamp(practice))
        return len(set(seen)) == len(seen)

    for changes in ({"population": 2_000_000}, {"kind": "kota"}, {"name": "Sidoardjo"}):
        correct(**changes)
        assert has_changed(), changes
    child = db.session().scalars(select(Topic).where(Topic.slug == "online-licensing")).one()
    for values in ({"name_en": "Permits online"}, {"parent_id": None}):
        db.session().execute(update(Topic).where(Topic.id == child.id).values(**values))
        assert has_changed(), values
    moment = {"last_confirmed_at": clock.now() + timedelta(days=1)}
    db.session().execute(update(Practice).where(Practice.id == practice.id).values(**moment))
    assert has_changed()


def test_place_on_the_map_is_no_part_of_the_stamp(app: Flask) -> None:
    """Nothing of it stands in the document."""
    practice = network.write_to("published")
    before = stamp(practice)
    correct(latitude=-7.2)
    db.session().expire_all()
    assert stamp(practice) == before


def test_documents_take_as_many_queries_however_many_they_are(app: Flask) -> None:
    """Attachments and translations are read for all at once."""

    def queries() -> int:
        found: list[str] = []
        listen = (db.db.engine, "before_cursor_execute", lambda *told: found.append(told[2]))
        db.session().expunge_all()
        event.listen(*listen)
        try:
            assert list(PracticeSource().documents())
        finally:
            event.remove(*listen)
        return len([one for one in found if one.startswith("SELECT")])

    bring_to("published", published())
    before = queries()
    for _number in range(3):
        bring_to("published", published())
    assert queries() == before


def test_published_texts_of_some_practices_are_found_without_all_others(app: Flask) -> None:
    """Of 100,000 published practices the page of results shows ten, and the worker writes one."""
    asked: list[tuple[str, Any]] = []

    def note(_connection: object, _cursor: object, statement: str, values: Any, *_: object) -> None:
        asked.append((statement, values))

    ids = list(range(1, 31))
    event.listen(db.db.engine, "before_cursor_execute", note)
    evidence_of(ids)
    list(PracticeSource().documents([str(key) for key in ids]))
    event.remove(db.db.engine, "before_cursor_execute", note)
    plans = [
        str(step[-1])
        for statement, values in asked
        if "revisions" in statement
        for step in db.session()
        .connection()
        .exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)
    ]
    assert any("revisions" in step for step in plans)
    assert not [step for step in plans if "(state=?)" in step or "SCAN revisions" in step]
