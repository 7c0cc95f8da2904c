"""The page of a job: to whom it shows, what it tells, and how it keeps itself up to date."""

from __future__ import annotations

import re

import pytest
from flask import Flask

from citynet.kit import effects, jobs
from citynet.kit.effects import Lane
from citynet.kit.errors import Conflict
from citynet.kit.jobs import Item, Job
from tests.network import ROLES, actor, client_of

SCRIPT = re.compile(r"dist/job\.(\w+\.)?js")


@jobs.doer("test.page")
def greet(_actor_id: int | None, item: Item) -> str:
    """Greet somebody, or refuse."""
    if item["name"].startswith("bad"):
        raise Conflict(f"There is no {item['name']}.")
    return f"Greeted {item['name']}"


def begin(*names: str, role: str | None = "lead", title: str = "Greet them") -> Job:
    """Begin a job as this role, or by the command line."""
    return jobs.begin(
        actor(role).person_id if role else None, "test.page", title=title,
        items=[{"name": name} for name in names], language="en",
    )  # fmt: skip


@pytest.mark.parametrize("role", ROLES)
def test_job_is_shown_to_who_began_it_and_to_the_secretariat(app: Flask, role: str) -> None:
    """To everyone else there is no such page; a visitor is asked to sign in."""
    job = begin("one")
    expected = {"visitor": 302, "lead": 200, "secretariat": 200}.get(role, 404)
    assert client_of(app, role).get(f"/jobs/{job.id}").status_code == expected


def test_job_of_the_command_line_is_the_secretariats(app: Flask) -> None:
    """Nobody in a browser began it."""
    job = begin("one", role=None)
    assert client_of(app, "lead").get(f"/jobs/{job.id}").status_code == 404
    assert client_of(app, "secretariat").get(f"/jobs/{job.id}").status_code == 200


def test_running_job_tells_how_far_it_is_and_loads_itself_anew(app: Flask) -> None:
    """By a script, and without scripts by the browser itself."""
    job = begin("one", "two")
    page = client_of(app, "lead").get(f"/jobs/{job.id}").text
    assert '<noscript><meta http-equiv="refresh" content="3"></noscript>' in page
    assert SCRIPT.search(page)
    assert '<progress class="cn-meter" id="progress" value="0" max="2">0 of 2</progress>' in page
    assert page.count("Waiting") == 2


def test_finished_job_reports_what_failed_first_and_stands_still(app: Flask) -> None:
    """With the reasons; there is nothing to load anew."""
    job = begin("good", "bad apple", "better")
    effects.run_due(lane=Lane.JOB)
    lead = client_of(app, "lead")
    page = lead.get(f"/jobs/{job.id}").text
    assert "http-equiv" not in page
    assert not SCRIPT.search(page)
    assert "Finished. 1 line could not be done; its reason stands below." in page
    assert "2 done, 1 failed" in page
    places = [page.index(words) for words in ("There is no bad apple.", "Greeted good")]
    assert places == sorted(places)
    failed = lead.get(f"/jobs/{job.id}?show=failed").text
    assert "bad apple" in failed
    assert "Greeted" not in failed


def test_job_that_went_well_says_so(app: Flask) -> None:
    """And its list of failures is empty in words."""
    job = begin("one")
    effects.run_due(lane=Lane.JOB)
    lead = client_of(app, "lead")
    assert "Finished. Everything was done." in lead.get(f"/jobs/{job.id}").text
    assert "Nothing has failed" in lead.get(f"/jobs/{job.id}?show=failed").text


def test_job_of_nothing_says_so(app: Flask) -> None:
    """It is finished at once."""
    job = begin()
    assert "There was nothing to do" in client_of(app, "lead").get(f"/jobs/{job.id}").text


def test_long_report_comes_in_pages(app: Flask) -> None:
    """A page number that is none is the first."""
    job = begin(*(f"person {number:03d}" for number in range(120)))
    lead = client_of(app, "lead")
    assert "person 119" in lead.get(f"/jobs/{job.id}?page=3").text
    for number in ("0", "x", "-1"):
        assert "person 000" in lead.get(f"/jobs/{job.id}?page={number}").text


def test_names_and_notes_are_shown_as_text(app: Flask) -> None:
    """What somebody typed into a list is no markup."""
    job = begin("bad <script>x</script>", title="<b>Title</b>")
    effects.run_due(lane=Lane.JOB)
    page = client_of(app, "lead").get(f"/jobs/{job.id}").text
    assert "<script>x" not in page
    assert "<b>Title" not in page
    assert "bad &lt;script&gt;" in page


def test_job_that_never_was_is_not_found(app: Flask) -> None:
    """Nor one whose number no row can have."""
    lead = client_of(app, "lead")
    for number in ("1", "999999999999"):
        assert lead.get(f"/jobs/{number}").status_code == 404
