"""More like this: on a practice's page, others that tell of the same."""

from __future__ import annotations

import re

import pytest
from flask import Flask

from citynet.search import queries
from tests import network
from tests.search.test_database import Damaged

HEADING = "More like this"
PERMITS = "Shops wait less for their permits at one counter."


@pytest.fixture
def permits(app: Flask) -> Flask:
    """Return practices on permits, one of them for members, and one on waste."""
    for title in ("Permits in one visit", "Permits by telephone", "Permits on the market"):
        network.write_to("published", title=title, summary=PERMITS)
    network.write_to("published", title="Permits canary", summary=PERMITS, visibility="members")
    network.write_to("published", title="Waste bank", topics=["waste"], blocks=[{"name": "Bins"}],
                     agency="Cleaning", problem="Rubbish.", subtitle="Sorted at home",
                     summary="Neighbours sort waste.")  # fmt: skip
    return app


def alike(page: str) -> list[str]:
    """Return the titles of the section of a page, in order."""
    if HEADING not in page:
        return []
    section = page[page.index('id="alike"') :]
    return re.findall(r'cn-card__link"[^>]*>([^<]*)<', section[: section.index("</section>")])


def test_page_shows_others_that_tell_of_the_same(permits: Flask) -> None:
    """Never itself, the nearest first."""
    page = permits.test_client().get("/practices/permits-in-one-visit").text
    found = alike(page)
    assert {"Permits by telephone", "Permits on the market"} <= set(found)
    assert "Permits in one visit" not in found
    assert len(found) <= 3


def test_each_reader_sees_what_that_reader_may_read(permits: Flask) -> None:
    """Members see one for members, too."""
    address = "/practices/permits-in-one-visit"
    for role in ("visitor", "suspended", "pending"):
        assert "Permits canary" not in network.client_of(permits, role).get(address).text
    assert "Permits canary" in alike(network.client_of(permits, "rival").get(address).text)


def test_second_lock_holds_where_the_index_tells_too_much(permits: Flask) -> None:
    """Rows load through what the actor may read."""

    class Telling(Damaged):
        def like(self, key: str, audiences: object, limit: int) -> list[str]:
            """Return everything there is, and what is gone."""
            return [str(number) for number in range(1, 9)]

    permits.extensions["index"] = Telling()
    found = queries.alike(network.actor("visitor"), 1, 9)
    assert found
    assert "Permits canary" not in {revision.title for revision in found}


def test_page_is_quiet_while_the_index_is_away(permits: Flask) -> None:
    """It shows all else."""
    permits.extensions["index"] = Damaged()
    answer = permits.test_client().get("/practices/permits-in-one-visit")
    assert answer.status_code == 200
    assert HEADING not in answer.text


def test_drafts_and_a_network_of_one_have_no_such_section(app: Flask) -> None:
    """There is nothing to be found."""
    network.write_to("published", title="Alone")
    assert HEADING not in app.test_client().get("/practices/alone").text
    network.write(title="Being written")
    official = network.client_of(app, "official")
    assert HEADING not in official.get("/practices/being-written/draft").text
