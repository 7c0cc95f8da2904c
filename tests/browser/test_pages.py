"""Every page in a real browser, 360 px wide, in both languages: for everybody, and well formed."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from flask import Flask

from citynet.web import errors
from tests.browser.fixtures import open_chromium
from tests.browser.person import Person
from tests.browser.places import NO_PAGES, rounds
from tests.browser.site import Site
from tests.browser.visits import LANGUAGES, Visits
from tests.tools.programs import java_path, vnu_jar

pytestmark = [pytest.mark.browser, pytest.mark.slow]
NARROW = 360
# It ends before thorough compilation would pay; the code it runs then needs a larger stack.
QUICK_JAVA = ("-Xmx512m", "-Xss4m", "-XX:TieredStopAtLevel=1")


@pytest.fixture(scope="module")
def visits(site: Site, tmp_path_factory: pytest.TempPathFactory) -> Visits:
    """Look at every page, once for all tests below; the browser is closed before they begin."""
    seen = Visits(tmp_path_factory.mktemp("pages"))
    with open_chromium() as browser:
        for language in LANGUAGES:
            for one in rounds(site, language):
                person = Person(browser, site, language, width=NARROW)
                seen.go_round(person, one)
                person.close()
    return seen


def test_every_page_is_visited(visits: Visits, app: Flask) -> None:
    """A route that answers GET stands among the places or among what is no page."""
    rules = {rule.rule for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ())}
    assert rules - visits.rules - NO_PAGES == set()


@pytest.mark.parametrize(
    ("kind", "meaning"),
    [
        ("status", "the answer that was expected"),
        ("heading", "one first heading"),
        ("access", "no barrier that axe knows of"),
        ("width", "nothing to scroll sideways"),
        ("console", "no complaint of the browser"),
        ("foreign", "no request to another host"),
    ],
    ids=["status", "heading", "access", "width", "console", "foreign"],
)
def test_pages_have(visits: Visits, kind: str, meaning: str) -> None:
    """Each page has what is expected."""
    found = sorted(set(visits.faults(kind)))
    assert not found, f"{len(found)} faults; every page has {meaning}:\n" + "\n".join(found)


def test_html_checker_finds_nothing(visits: Visits, app: Flask) -> None:
    """No error in the source of any page, nor of the error pages that are hard to come by."""
    for code in sorted(errors.PAGES):
        for language in LANGUAGES:
            headers = {"Accept-Language": language}
            with app.test_request_context("/", headers=headers):
                answer = app.make_response(errors._page(code, "A sentence."))
            file = visits.folder / f"error-{code}-{language}.html"
            file.write_text(answer.get_data(as_text=True), encoding="utf-8")
    found = complaints(visits.folder)
    assert not found, f"{len(found)} errors:\n" + "\n".join(found)


def complaints(folder: Path) -> list[str]:
    """Return what the Nu HTML checker has against the files of a folder, each with its page."""
    done = subprocess.run(
        [java_path(), *QUICK_JAVA, "-jar", str(vnu_jar()), "--errors-only", "--format", "json",
         "--skip-non-html", str(folder)],
        capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip
    found = set()
    for message in json.loads(done.stderr)["messages"]:
        lines = Path(urlsplit(message["url"]).path).read_text(encoding="utf-8").splitlines()
        extract = " ".join(message.get("extract", "").split())
        found.add(f"{lines[-1]} {message['message']} | {extract[:160]}")
    return sorted(found)
