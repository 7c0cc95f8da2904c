"""Somebody without an account is forgotten: what they wrote goes, the city's history stays."""

from __future__ import annotations

import pytest
from flask import Flask

from citynet.cities.models import VISITOR, Application, AppState
from citynet.cities.queries import applications as queries
from citynet.cities.service import applications, forgetting
from citynet.kit import db, effects, files
from citynet.kit.errors import Conflict
from citynet.kit.uploads import Upload
from tests.cities import applicants

EMAIL = "sari@ambon.example"


@pytest.fixture
def application(app: Flask) -> Application:
    """Return an application with a letter, of somebody who has no account."""
    applicants.add_ambon()
    paper = applications.keep(Upload(applicants.PDF, "letter.pdf", "application/pdf"))
    return applications.apply(VISITOR, applicants.entry(papers=[paper.id]))


def run(app: Flask, *words: str, answer: str = "") -> tuple[int, str]:
    """Run the command and return its exit code and words."""
    done = app.test_cli_runner().invoke(args=["people", "forget-applicant", *words], input=answer)
    db.session().rollback()
    return done.exit_code, done.output


def test_words_and_papers_go_and_that_the_city_applied_stays(
    app: Flask, application: Application
) -> None:
    """The letters that still wait for the address go where they were to; nothing else is left."""
    stored = forgetting.papers_of(application)[0].stored
    code, words = run(app, EMAIL, "--yes")
    assert (code, words) == (0, f"1 entries of {EMAIL} are forgotten.\n")
    kept = db.session().get_one(Application, application.id, populate_existing=True)
    assert (kept.contact_name, kept.email, kept.office, kept.phone, kept.note) == (
        forgetting.NOBODY, "", "", "", "",
    )  # fmt: skip
    assert kept.state == AppState.WITHDRAWN
    effects.run_due()
    assert not queries.is_referred_to(stored)
    assert not files._store().exists(files._place(stored))


def test_it_asks_before(app: Flask, application: Application) -> None:
    """And changes nothing without a yes."""
    assert run(app, EMAIL, answer="n\n")[0] == 1
    assert forgetting.applications_of(EMAIL)


def test_somebody_with_an_account_is_erased_as_a_whole_instead(app: Flask) -> None:
    """Half a person would stay behind otherwise."""
    with pytest.raises(Conflict):
        forgetting.forget_address("official@sidoarjo.example")
    code, words = run(app, "official@sidoarjo.example", "--yes")
    assert code == 1
    assert "Erase the person instead" in words


def test_nobody_is_no_error(app: Flask) -> None:
    """It tells that there was nothing."""
    assert run(app, "nobody@nowhere.example", "--yes")[1].startswith("0 entries")
