"""Saved searches: kept in one form, told from the day of saving on, and one's own alone."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select
from werkzeug.datastructures import MultiDict

from citynet.accounts import queries as people
from citynet.accounts.service import erasing, exporting
from citynet.index.engine import IndexUnavailable
from citynet.kit import clock, db
from citynet.kit.errors import Conflict, Forbidden, Invalid, NotFound
from citynet.search import asking, saved
from citynet.search import saved_queries as searches
from citynet.search.models import SavedSearch, ToldPractice
from tests import network
from tests.network import actor
from tests.search.saving import DAILY, NEVER, OFFICIAL, WEEKLY, keep, of, told_by

WASTE: dict[str, Any] = {
    "title": "Waste bank", "subtitle": "Sorted at home", "summary": "Less rubbish.",
    "problem": "Rivers were full.", "blocks": [{"name": "Scales"}], "topics": ["waste"],
}  # fmt: skip


class Away:
    """An index that cannot be read."""

    def generation(self) -> str:
        """Fail."""
        raise IndexUnavailable("gone")

    def find(self, *_words: object) -> None:
        """Fail."""
        raise IndexUnavailable("gone")

    def keys(self, *_words: object) -> None:
        """Fail."""
        raise IndexUnavailable("gone")


def pairs(address: str) -> asking.Pairs:
    """Return the canonical form of an address."""
    return asking.canonical(MultiDict(asking.pairs_of(address)))


# ---- one form


@pytest.mark.parametrize(
    ("address", "form"),
    [
        ("q=  wifi   pasar ", "q=wifi+pasar"),
        ("sort=newest&page=3&q=a&view=map", "q=a"),
        ("topic=waste&topic=licensing&topic=waste&q=a", "q=a&topic=licensing&topic=waste"),
        ("year=2020&country=ID&q=", "country=ID&year=2020"),
        ("q=a&exact=1", "q=a&exact=1"),
        ("exact=1", ""),
        ("q=a%26topic%3Dwaste", "q=a%26topic%3Dwaste"),
        ("nonsense=1&_scheme=x", ""),
        ("q=" + "x" * 500, "q=" + "x" * 200),
    ],
)
def test_same_search_has_one_form(address: str, form: str) -> None:
    """Without order and page; writing it as an address and reading that changes nothing."""
    found = pairs(address)
    assert asking.address_of(found) == form
    assert asking.pairs_of(form) == found
    assert pairs(form) == found


def test_request_asks_with_the_rights_of_the_moment(app: Flask) -> None:
    """Text, facets and exactness come from the address, the audiences from the actor."""
    asked = pairs("q=a&country=ID&country=KR&exact=1")
    request = asking.request_of(asked, actor("official"), "id", sort="newest", size=7)
    assert (request.text, request.is_exact, request.language) == ("a", True, "id")
    assert request.filters == {"country": ("ID", "KR")}
    assert "members" in request.audiences
    other = asking.request_of(asked, actor("suspended"), "id", size=7)
    assert set(other.audiences) == {"public"}


# ---- saving


def test_what_is_found_at_saving_counts_as_told(app: Flask) -> None:
    """So that no flood of old practices comes."""
    one = network.write_to("published")
    other = network.write_to("published", **WASTE)
    assert told_by(keep(("q", "permits"))) == {one.id}
    everything = keep()
    assert told_by(everything) == {one.id, other.id}
    assert told_by(everything, by_mail=True) == set()


def test_all_of_a_long_list_is_noted(app: Flask) -> None:
    """However many pages it would take, the newest first."""
    practices = [network.write_to("published", title=f"Permits {number}") for number in range(12)]
    assert searches.found_by(actor("official"), "q=permits", "en") == [
        one.id for one in reversed(practices)
    ]


def test_search_that_is_only_kept_notes_nothing(app: Flask) -> None:
    """Until its mails are switched on: then what it finds counts as told."""
    one = network.write_to("published")
    search = keep(("q", "permits"), how_often=NEVER)
    assert told_by(search) == set()
    saved.change(actor("official"), search.id, name="Mine", how_often=DAILY)
    assert told_by(search) == {one.id}


def test_search_is_saved_while_the_index_is_away(app: Flask) -> None:
    """What it finds is noted later."""
    app.extensions["index"] = Away()
    search = keep(("q", "permits"))
    assert of(search).looked_at is None
    assert told_by(search) == set()


@pytest.mark.parametrize(
    "name", ["", "   ", "\u200b\u200e", "x" * 81, "x" * 10_000, "ü" * 10_000, "\x00"]
)
def test_name_is_refused(app: Flask, name: str) -> None:
    """Empty, invisible or too long; by a sentence, not by the database."""
    with pytest.raises(Invalid) as refused:
        keep(("q", "a"), name=name)
    assert set(refused.value.fields) == {"name"}
    search = keep(("q", "a"))
    with pytest.raises(Invalid):
        saved.change(actor("official"), search.id, name=name, how_often=DAILY)
    assert of(search).name == "Mine"


def test_name_stands_on_one_line(app: Flask) -> None:
    """And holds nothing that cannot be seen."""
    search = keep(("q", "a"), name="Wifi\r\nBcc: spy@evil.example\u202e  pasar")
    assert of(search).name == "Wifi Bcc: spy@evil.example pasar"


def test_too_many_filters_are_refused(app: Flask) -> None:
    """What the column could not hold."""
    many = tuple(("city", f"{number:03}" * 40) for number in range(60))
    with pytest.raises(Invalid):
        keep(*many)


def test_one_keeps_a_search_once_and_twenty_in_all(app: Flask) -> None:
    """Others keep their own."""
    keep(("q", "word 0"))
    with pytest.raises(Conflict, match="already"):
        keep(("q", "word 0"), name="Other")
    for number in range(1, saved.MOST):
        keep(("q", f"word {number}"))
    with pytest.raises(Conflict, match="20"):
        keep(("q", "one more"))
    keep(("q", "word 0"), role="lead")
    assert len(searches.own_searches(actor("official").person_id)) == saved.MOST


@pytest.mark.parametrize("role", [role for role in network.ROLES if role != "visitor"])
def test_everybody_who_signs_in_keeps_searches(app: Flask, role: str) -> None:
    """Whatever the standing of their city; a visitor does not."""
    search = keep(("q", "a"), role=role)
    assert of(search).person_id == actor(role).person_id
    with pytest.raises(Forbidden):
        keep(("q", "a"), role="visitor")


# ---- changing


@pytest.mark.parametrize("role", ["lead", "rival", "secretariat", "chapter", "suspended"])
def test_searches_of_others_are_not_there(app: Flask, role: str) -> None:
    """Also not for the secretariat."""
    search = keep(("q", "a"))
    with pytest.raises(NotFound):
        saved.change(actor(role), search.id, name="Theirs", how_often=NEVER)
    with pytest.raises(NotFound):
        saved.delete(actor(role), search.id)
    with pytest.raises(Forbidden):
        saved.delete(actor("visitor"), search.id)
    assert of(search).name == "Mine"


def test_search_is_renamed_and_deleted(app: Flask) -> None:
    """What it told goes with it."""
    network.write_to("published")
    search = keep(("q", "permits"))
    saved.change(actor("official"), search.id, name=" Permits ", how_often=WEEKLY)
    assert (of(search).name, of(search).how_often) == ("Permits", WEEKLY)
    assert saved.delete(actor("official"), search.id) == "Permits"
    for table in (SavedSearch, ToldPractice):
        assert db.session().scalar(select(func.count()).select_from(table)) == 0


def test_number_is_never_used_again(app: Flask) -> None:
    """The link in an old mail must not stop another search."""
    first = keep(("q", "a"))
    number = first.id
    saved.delete(actor("official"), number)
    assert keep(("q", "b"), role="lead").id > number


# ---- stopping by link


def test_link_stops_one_or_all(app: Flask) -> None:
    """And nobody else's; once more changes nothing."""
    one, other, foreign = keep(("q", "a")), keep(("q", "b")), keep(("q", "c"), role="lead")
    link = saved.link_of(saved.ONE, one.id)
    found = saved.stop_of(link)
    assert found is not None
    assert not found.is_done
    for _time in range(2):
        stopped = saved.stop(link)
        assert stopped is not None
        assert stopped.is_done
    assert [of(each).how_often for each in (one, other, foreign)] == [NEVER, DAILY, DAILY]
    saved.stop(saved.link_of(saved.ALL, one.person_id))
    assert [of(each).how_often for each in (one, other, foreign)] == [NEVER, NEVER, DAILY]


def test_old_link_stops_nothing_and_a_forged_one_is_none(app: Flask) -> None:
    """An altered link, one for something else, and one whose search is gone."""
    search = keep(("q", "a"))
    link = saved.link_of(saved.ONE, search.id)
    with clock.moved(timedelta(seconds=saved.GOOD_FOR_SECONDS + 60)):
        assert saved.stop_of(link) is None
        assert saved.stop(link) is None
    other = saved.link_of(saved.ONE, search.id + 1)
    forged = [
        link[:-1],
        link + "x",
        "x",
        "",
        link[::-1],
        other.split(".")[0] + link[link.index(".") :],
    ]
    for one in forged:
        with pytest.raises(NotFound):
            saved.stop(one)
    assert of(search).how_often == DAILY
    gone = saved.stop(other)
    assert gone is not None
    assert gone.searches == []


# ---- personal data


def test_saved_searches_are_given_out_and_erased(app: Flask) -> None:
    """Only one's own."""
    network.write_to("published")
    keep(("q", "permits"), ("topic", "waste"), name="Siti’s permits")
    keep(("q", "permits"), role="lead")
    person = people.by_email(OFFICIAL)
    assert person is not None
    with zipfile.ZipFile(io.BytesIO(exporting.export(person, person))) as archive:
        (told,) = json.loads(archive.read("searches.json"))["saved_searches"]
        assert "searches.json: searches that you saved" in archive.read("README.txt").decode()
    assert (told["name"], told["address"]) == ("Siti’s permits", "q=permits&topic=waste")
    erasing.erase(person, person)
    assert searches.own_searches(person.id) == []
    assert len(searches.own_searches(actor("lead").person_id)) == 1


# ---- PostgreSQL


def test_searches_are_kept_on_postgres(on_postgres: Flask) -> None:
    """Saved, changed, stopped, deleted."""
    one = network.write_to("published")
    search = keep(("q", "permits"), name="Izin 市")
    assert told_by(search) == {one.id}
    saved.change(actor("official"), search.id, name="Permits", how_often=WEEKLY)
    saved.stop(saved.link_of(saved.ALL, search.person_id))
    assert of(search).how_often == NEVER
    saved.delete(actor("official"), search.id)
    assert searches.own_searches(actor("official").person_id) == []
