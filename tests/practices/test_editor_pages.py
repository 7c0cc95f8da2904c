"""What the editor's pages and the comparison show: words where a number would say nothing."""

from __future__ import annotations

from flask import Flask

from citynet.practices import comparing, queries
from citynet.practices import content as contents
from citynet.practices.service import files
from tests.network import RECORD, actor, client_of, write
from tests.practices.editor import open_part, send
from tests.practices.file_rows import PDF

LABELLED = '<option selected value="{number}">{words}</option>'


def test_document_that_was_removed_is_told_in_words(app: Flask) -> None:
    """A result names its document by a number that nobody is shown."""
    slug, official = write().slug, client_of(app, "official")
    practice = queries.newest_text(actor("official"), slug).practice
    decree = files.add(actor("official"), practice, PDF, "decree.pdf")
    sent = open_part(official, slug, "results")
    send(official, slug, "results", {**sent, "results-0-document": str(decree.number)})
    page = official.get(f"/practices/{slug}/edit/results").text
    assert LABELLED.format(number=decree.number, words="decree.pdf") in page
    files.remove(actor("official"), practice, decree.key)
    page = official.get(f"/practices/{slug}/edit/results").text
    assert LABELLED.format(number=decree.number, words="A document that was removed") in page


def test_building_blocks_keep_apart_in_a_comparison() -> None:
    """Each is a paragraph of its own; rows of one line stay lines."""
    blocks = [{"name": "One", "purpose": "<p>First.</p>"}, {"name": "Two"}]
    told = dict(comparing.whole(contents.read({**RECORD, "blocks": blocks}), topics={}))
    assert "One\nFirst.\n\nTwo" in told.values()
    assert told["Topics"].count("\n\n") == 0


def test_overview_begins_with_what_to_do_next(app: Flask) -> None:
    """On a telephone nobody reads past sixteen parts for it."""
    slug = write(unknown=[], cost="").slug
    page = client_of(app, "official").get(f"/practices/{slug}/edit").text
    places = [page.index(words) for words in ('id="completeness"', "Go on writing", "Parts of")]
    assert places == sorted(places)
