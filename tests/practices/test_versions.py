"""Readers get their language first: which version shows where, to whom, and what it says."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import docx
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, update

from citynet.kit import db, effects
from citynet.practices import content as contents
from citynet.practices import printing_pdf, service
from citynet.practices.document import PracticeSource
from citynet.practices.models import Practice, Translation
from tests.network import RECORD, actor, client_of
from tests.practices.translator import (
    TELLS,
    WORDS,
    bring_to,
    publish_anew,
    published,
    translate,
    typed,
)  # fmt: skip

ENGLISH, INDONESIAN = {"Accept-Language": "en"}, {"Accept-Language": "id"}
TITLE, TITEL = "Business permits in one visit", WORDS["title"]
SLUG = "business-permits-in-one-visit"
WAYS = ("", "/in/id", "/in/en", "/brief", "/brief.docx", ".docx", "/citation.bib", "/citation.ris")


@pytest.fixture
def practice(app: Flask) -> Practice:
    """Return a practice in English that is told in Indonesian, too."""
    practice = published()
    bring_to("published", practice)
    return practice


@contextmanager
def counted() -> Iterator[list[str]]:
    """Collect the statements that the database is sent."""
    found: list[str] = []

    def note(_conn: object, _cursor: object, statement: str, *_rest: object) -> None:
        found.append(statement)

    event.listen(db.db.engine, "before_cursor_execute", note)
    try:
        yield found
    finally:
        event.remove(db.db.engine, "before_cursor_execute", note)


def page(client: FlaskClient, path: str, language: str = "id") -> str:
    """Return a page as a reader of a language gets it."""
    answer = client.get(path, headers={"Accept-Language": language})
    assert answer.status_code == 200, answer.status
    return answer.text


def heading(text: str) -> str:
    """Return the heading of a page."""
    found = re.search(r"<h1[^>]*>(.*?)</h1>", text, re.DOTALL)
    assert found
    return found.group(1)


def tag(text: str, pattern: str) -> str:
    """Return the first tag of a page that a pattern finds."""
    found = re.search(pattern, text)
    assert found, pattern
    return found.group()


def test_readers_get_their_language_first(practice: Practice, client: FlaskClient) -> None:
    """At one address, which a cache keeps apart by language and by the choice in the cookie."""
    assert heading(page(client, f"/practices/{SLUG}", "en")) == TITLE
    assert heading(page(client, f"/practices/{SLUG}", "id")) == TITEL
    client.set_cookie("language", "id")
    answer = client.get(f"/practices/{SLUG}", headers=ENGLISH)
    assert heading(answer.text) == TITEL
    assert {"Accept-Language", "Cookie"} <= {
        one.strip() for one in answer.headers["Vary"].split(",")
    }


def test_each_version_has_an_address_whatever_the_readers_language(
    practice: Practice, client: FlaskClient
) -> None:
    """Around it stands the reader's language, and the text says which it is in."""
    own = page(client, f"/practices/{SLUG}/in/en", "id")
    assert '<html lang="id">' in own
    assert f'<h1 class="cn-practice__title" lang="en">{TITLE}</h1>' in own
    other = page(client, f"/practices/{SLUG}/in/id", "en")
    assert '<html lang="en">' in other
    assert f'<h1 class="cn-practice__title" lang="id">{TITEL}</h1>' in other
    assert '<h3 class="cn-subheading" lang="id">Satu loket</h3>' in other


def test_versions_lead_to_one_another(practice: Practice, client: FlaskClient) -> None:
    """In the head for people and for machines."""
    own, other = (page(client, f"/practices/{SLUG}/in/{code}", "en") for code in ("en", "id"))
    assert f'<a href="/practices/{SLUG}/in/id" hreflang="id">Also in Indonesian</a>' in own
    assert "Translated from English by the city" in other
    assert f'<a href="/practices/{SLUG}/in/en" hreflang="en">Read the original</a>' in other
    base = f"http://127.0.0.1:8000/practices/{SLUG}"
    for text in (own, other):
        for code, end in (("en", "/in/en"), ("id", "/in/id"), ("x-default", "")):
            assert f'<link rel="alternate" hreflang="{code}" href="{base}{end}">' in text
    assert f'<link rel="canonical" href="{base}/in/en">' in own
    assert f'<link rel="canonical" href="{base}/in/id">' in other
    assert f'<link rel="canonical" href="{base}">' in page(client, f"/practices/{SLUG}", "id")
    assert f'<meta property="og:title" content="{TITEL} – Kabupaten Sidoarjo">' in other
    assert '<meta property="og:locale" content="id_ID">' in other
    assert '<meta property="og:locale:alternate" content="en_GB">' in other


def test_practice_in_one_language_says_nothing_of_versions(app: Flask, client: FlaskClient) -> None:
    """A draft of a translation is none; the original has its address all the same."""
    practice = published()
    translate(practice)
    for path in (f"/practices/{SLUG}", f"/practices/{SLUG}/in/en"):
        text = page(client, path)
        assert "hreflang" not in text
        assert "?in=" not in text
        assert f'<link rel="canonical" href="http://127.0.0.1:8000/practices/{SLUG}">' in text
    assert client.get(f"/practices/{SLUG}/in/id").status_code == 404


@pytest.mark.parametrize("language", ["fr", "ID", "", "id'--", "en/", "x" * 5000])
def test_no_other_language_has_an_address(
    practice: Practice, client: FlaskClient, language: str
) -> None:
    """Nor does what is no language."""
    assert client.get(f"/practices/{SLUG}/in/{language}").status_code == 404
    for way in WAYS[3:] if language else ():
        assert client.get(f"/practices/{SLUG}{way}?in={language}").status_code == 404


def test_facts_and_what_may_stay_are_the_originals(practice: Practice, client: FlaskClient) -> None:
    """Each text of the original's says so to whoever reads it aloud."""
    text = page(client, f"/practices/{SLUG}")
    assert '<span lang="en">Licensing office</span>' in text
    assert '<span class="cn-table__big" lang="en">14</span>' in text
    assert ">Hari untuk satu izin <" in text
    assert 'class="cn-chart"' in text


def test_chart_is_drawn_from_the_originals_figures(app: Flask, client: FlaskClient) -> None:
    """In their notation: 1,200 is not 1.2 because a translation into Indonesian shows it."""
    rows = [{"indicator": "Permits", "before": "600", "after": "1,200", "source": "Office"}]
    practice = published(results=rows)
    bring_to("draft", practice)
    service.keep_words(
        actor("official"), practice, "id",
        typed(practice, "results", [{"indicator": "Izin", "before": "600", "after": "1.200"}]),
    )  # fmt: skip
    service.submit_translation(actor("official"), practice, "id")
    service.sign_off_translation(actor("lead"), practice, "id")
    service.publish_translation(actor("secretariat"), practice, "id")
    text = page(client, f"/practices/{SLUG}")
    assert 'width="50.00%"' in text
    assert '<tspan class="cn-chart__value" font-weight="bold">1.200</tspan>' in text


def test_version_behind_its_original_is_marked(practice: Practice, client: FlaskClient) -> None:
    """With the day, the parts, the way to the original, and new parts in its language."""
    blocks = [{"name": "One counter", "purpose": "Fewer visits"}, {"name": "A form online"},
              {"name": "A hotline", "purpose": "<p>Call us</p>"}]  # fmt: skip
    publish_anew(practice, blocks=blocks, lessons="<p>Begin small</p>", status="scaled")
    text = page(client, f"/practices/{SLUG}/in/id", "en")
    assert "The original has changed since this translation" in text
    mark = text[text.index("The original has changed since") : text.index('id="summary"')]
    assert re.search(r"The city changed it on \d+ \w+ 20\d\d", mark)
    parts = re.findall(r'<li><a href="#(\w+)">', mark)
    assert parts == ["blocks", "lessons"]
    assert f'href="/practices/{SLUG}/in/en" hreflang="en">Read the original' in mark
    assert '<h3 class="cn-subheading" lang="id">Satu loket</h3>' in text
    assert '<h3 class="cn-subheading" lang="en">A hotline</h3>' in text
    assert '<div class="cn-prose cn-prose--practice" lang="en"><p>Begin small</p></div>' in text
    assert "Scaled up" in text
    assert "The original has changed" not in page(client, f"/practices/{SLUG}/in/en")


def test_version_is_not_behind_where_only_facts_changed(
    practice: Practice, client: FlaskClient
) -> None:
    """They are the original's anyway."""
    publish_anew(practice, status="scaled", started="2018")
    assert "The original has changed" not in page(client, f"/practices/{SLUG}/in/id", "en")


def test_rows_taken_away_since_are_not_shown(practice: Practice, client: FlaskClient) -> None:
    """What is left keeps its words."""
    publish_anew(practice, blocks=[{"name": "A form online"}], results=[],
                 unknown=[*RECORD["unknown"], "results"])  # fmt: skip
    text = page(client, f"/practices/{SLUG}")
    assert "Formulir daring" in text
    assert "Satu loket</h3>" not in text
    assert "Hari untuk satu izin" not in text


def test_original_in_the_language_of_the_translation_stands_alone(
    practice: Practice, client: FlaskClient
) -> None:
    """The translation is ignored from then on, everywhere."""
    publish_anew(practice, language="id", title="Ditulis ulang")
    for path in ("", "/in/id"):
        text = page(client, f"/practices/{SLUG}{path}")
        assert heading(text) == "Ditulis ulang"
        assert "hreflang" not in text
    assert client.get(f"/practices/{SLUG}/in/en").status_code == 404
    assert TITEL not in page(client, "/practices/")
    assert TITEL not in page(client, "/search?q=izin")


def test_translation_taken_down_is_gone_from_every_door(
    practice: Practice, client: FlaskClient
) -> None:
    """The original stays."""
    service.take_down_translation(actor("lead"), practice, "id")
    effects.run_due()
    assert client.get(f"/practices/{SLUG}/in/id").status_code == 404
    for path in (f"/practices/{SLUG}", "/practices/", "/", "/search", "/cities/kabupaten-sidoarjo"):
        text = page(client, path)
        assert TITLE in text
        assert TITEL not in text
    assert "<strong>0" not in page(client, "/search?q=kunjungan")
    assert TITEL not in page(client, "/search?q=kunjungan")
    offered = client.get("/search/suggest?q=izin", headers=INDONESIAN).get_json()
    assert SLUG not in str(offered["groups"])


def test_withdrawn_practice_is_gone_in_every_language(
    practice: Practice, client: FlaskClient
) -> None:
    """Its tombstone speaks the original's."""
    service.withdraw(actor("secretariat"), practice, reason="A mistake.")
    effects.run_due()
    for path in ("", "/in/en", "/in/id"):
        answer = client.get(f"/practices/{SLUG}{path}", headers=INDONESIAN)
        assert answer.status_code == 410
        assert f'lang="en">{TITLE}</h1>' in answer.text
        assert TITEL not in answer.text
    for way in WAYS[3:]:
        assert client.get(f"/practices/{SLUG}{way}?in=id").status_code == 404
    assert TITEL not in page(client, "/search?q=izin")


@pytest.mark.parametrize(
    ("role", "status"),
    [("visitor", 404), ("suspended", 404), ("pending", 404), ("nobody's", 404), ("rival", 200),
     ("official", 200), ("lead", 200), ("secretariat", 200), ("chapter", 200)],
)  # fmt: skip
def test_words_for_members_are_for_members_in_both_languages(
    app: Flask, role: str, status: int
) -> None:
    """On every way out of the practice and in every list."""
    bring_to("published", published(visibility="members"))
    browser = client_of(app, role)
    for way in WAYS:
        found = browser.get(f"/practices/{SLUG}{way}", headers=INDONESIAN).status_code
        assert found == status, way
    lists = ("/", "/practices/", "/topics/licensing", "/cities/kabupaten-sidoarjo",
             "/search?q=kunjungan", "/search/suggest?q=izin", "/sitemap.xml")  # fmt: skip
    for path in lists:
        is_shown = TITEL in browser.get(path, headers=INDONESIAN).text
        assert is_shown == (status == 200 and path != "/sitemap.xml"), path


def test_draft_and_revisions_stay_in_the_originals_language(practice: Practice, app: Flask) -> None:
    """Whoever edits the original reads the original."""
    newest = service.save(
        actor("official"), practice, contents.read({**RECORD, **TELLS, "title": "A newer title"}),
        base=(1, 1),
    )  # fmt: skip
    browser = client_of(app, "official")
    draft = browser.get(f"/practices/{SLUG}/draft", headers=INDONESIAN).text
    assert heading(draft) == "A newer title"
    assert "hreflang" not in draft
    revision = browser.get(f"/practices/{SLUG}/revisions/{newest.number}", headers=INDONESIAN).text
    assert TITEL not in revision


# Lists


def test_lists_call_a_practice_by_its_name_in_the_readers_language(
    practice: Practice, client: FlaskClient
) -> None:
    """And name all languages, that of the title first."""
    for path in ("/", "/practices/", "/topics/licensing", "/cities/kabupaten-sidoarjo", "/search"):
        other, own = page(client, path, "id"), page(client, path, "en")
        assert f'href="/practices/{SLUG}" lang="id">{TITEL}</a>' in other, path
        assert f'href="/practices/{SLUG}" lang="en">{TITLE}</a>' in own, path
        assert "</span>Indonesia, Inggris</span>" in other, path
        assert "</span>English, Indonesian</span>" in own, path
        assert TITLE not in other, path


def test_subtitle_that_is_not_translated_is_the_originals(
    practice: Practice, client: FlaskClient
) -> None:
    """With its language."""
    db.session().execute(update(Translation).values(subtitle=""))
    db.session().commit()
    assert '<p class="cn-card__text" lang="en">' in page(client, "/practices/")


@pytest.mark.parametrize("path", ["/practices/", "/", "/search", f"/practices/{SLUG}"])
def test_number_of_queries_does_not_grow_with_the_translations(
    app: Flask, client: FlaskClient, path: str
) -> None:
    """One asks for all names of a list; a page of words asks once more for them."""
    practices = [published(), published(title="Second"), published(title="Third")]
    page(client, path)
    with counted() as before:
        page(client, path)
    for practice in practices:
        bring_to("published", practice)
    with counted() as after:
        page(client, path)
    is_words = path.startswith("/practices/b")
    assert len(after) == len(before) + is_words
    if not is_words:
        assert not any("translations.content" in one for one in after)


# What is taken along


def test_links_of_a_version_lead_to_that_version(practice: Practice, client: FlaskClient) -> None:
    """Whatever the reader's language."""
    text = page(client, f"/practices/{SLUG}/in/id", "en")
    for way in ("/brief", "/brief.docx", ".docx", "/citation.bib", "/citation.ris"):
        assert f'href="/practices/{SLUG}{way}?in=id"' in text
    brief = page(client, f"/practices/{SLUG}/brief?in=id", "en")
    assert f'<h1 class="cn-brief__title">{TITEL}</h1>' in brief
    assert '<article class="cn-brief cn-paper" lang="id">' in brief
    assert f'href="/practices/{SLUG}/brief.docx?in=id"' in brief
    assert (
        f'<a href="/practices/{SLUG}/in/id">http://127.0.0.1:8000/practices/{SLUG}/in/id' in brief
    )
    assert "Translated from English by the city. The original: " in brief


def test_word_document_is_that_of_the_version(practice: Practice, client: FlaskClient) -> None:
    """In its language throughout, and it says what it was made from."""
    answer = client.get(f"/practices/{SLUG}.docx?in=id", headers=ENGLISH)
    assert f"{SLUG}-id.docx" in answer.headers["Content-Disposition"]
    document = docx.Document(io.BytesIO(answer.data))
    assert document.core_properties.language == "id-ID"
    assert document.core_properties.title == TITEL
    text = "\n".join(one.text for one in document.paragraphs)
    assert "Pemilik toko mendatangi banyak kantor." in text
    assert f"/practices/{SLUG}/in/en" in text
    own = docx.Document(io.BytesIO(client.get(f"/practices/{SLUG}.docx?in=en").data))
    assert own.core_properties.title == TITLE


def test_document_without_a_wish_is_in_the_readers_language(
    practice: Practice, client: FlaskClient
) -> None:
    """Each language's has a tag of its own, so that none is taken for the other."""
    own, other = (
        client.get(f"/practices/{SLUG}.docx", headers={"Accept-Language": code})
        for code in ("en", "id")
    )
    assert docx.Document(io.BytesIO(other.data)).core_properties.title == TITEL
    assert own.headers["ETag"] != other.headers["ETag"]
    assert "Accept-Language" in other.headers["Vary"]


def test_pdf_is_that_of_the_version(practice: Practice, client: FlaskClient) -> None:
    """Where this server makes them."""
    wanted = 200 if printing_pdf.is_available() else 404
    for way in ("/brief.pdf", ".pdf"):
        assert client.get(f"/practices/{SLUG}{way}?in=id").status_code == wanted
        assert client.get(f"/practices/{SLUG}{way}?in=fr").status_code == 404


def test_citation_names_the_language_and_what_it_was_translated_from(
    practice: Practice, client: FlaskClient
) -> None:
    """In a sentence and in both records."""
    text = page(client, f"/practices/{SLUG}/in/id", "en")
    assert f"{TITEL} (translated from English). CityNet." in text
    bib = client.get(f"/practices/{SLUG}/citation.bib?in=id").text
    assert f"title = {{{{{TITEL}}}}}" in bib
    assert "langid = {indonesian}" in bib
    assert f"origtitle = {{{{{TITLE}}}}}" in bib
    assert "origlanguage = {english}" in bib
    assert f"/practices/{SLUG}/in/id}}" in bib
    ris = client.get(f"/practices/{SLUG}/citation.ris?in=id", headers=ENGLISH).text
    assert "LA  - id\r\n" in ris
    assert f"N1  - Translated from English: {TITLE}\r\n" in ris
    own = client.get(f"/practices/{SLUG}/citation.bib?in=en").text
    assert "orig" not in own
    assert f"/practices/{SLUG}/in/en}}" in own


def test_paper_says_that_its_original_has_changed(practice: Practice, client: FlaskClient) -> None:
    """Who reads it on paper sees no mark on a page."""
    publish_anew(practice, lessons="<p>Begin small</p>")
    assert "The original has changed since, on " in page(
        client, f"/practices/{SLUG}/brief?in=id", "en"
    )


def test_versions_read_alike_on_postgresql(on_postgres: Flask) -> None:
    """A page, a list, the stamps, and the search by the database."""
    practice = published()
    bring_to("published", practice)
    browser = on_postgres.test_client()
    assert heading(page(browser, f"/practices/{SLUG}")) == TITEL
    assert TITEL in page(browser, "/practices/")
    stamp = PracticeSource().stamps()[str(practice.id)]
    assert "+" in stamp
    assert [one.stamp for one in PracticeSource().documents()] == [stamp]
    (folder,) = Path(on_postgres.config["CITYNET"].instance_dir).glob("index")
    for file in folder.rglob("*"):
        if file.is_file():
            file.write_bytes(b"")
    assert TITEL in page(browser, "/search?q=kunjungan&language=id")
