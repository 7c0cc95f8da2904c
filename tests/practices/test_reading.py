"""What the pages of practices, topics and revisions show, and to whom."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from citynet.cities import service as cities
from citynet.cities.models import City, Standing
from citynet.kit import clock, db
from citynet.practices import content as contents
from citynet.practices import queries, service
from citynet.practices.comparing import changes, whole
from citynet.practices.models import Topic, TopicSynonym
from citynet.practices.words import parts_of, when
from tests import network
from tests.network import actor, client_of, write, write_to

TOLD: dict[str, Any] = {
    "blocks": [{"name": "One counter", "purpose": "For all permits", "needs": "A decree",
                "lesson": "Train first"}, {"name": "One form"}],
    "results": [
        {"indicator": "Days to decide", "unit": "days", "before": "14", "after": "5",
         "dates": "2019", "source": "Annual report"},
        {"indicator": "Visits", "before": "4", "after": "0", "expected": True},
    ],
    "cost": "One billion rupiah", "staffing": "Twelve officers", "lessons": "Begin small",
    "replicate_needs": "A decree of delegation", "replicate_smallest": "One counter",
    "contact_office": "Licensing desk", "offers": ["visit"], "sdgs": [16],
    "dimension": "governance", "source_url": "https://example.org/report",
    "source_name": "Report 2019", "unknown": ["legal_basis"],
}  # fmt: skip


def test_reader_sees_all_that_the_city_told(app: Flask, client: FlaskClient) -> None:
    """Facts, blocks, results and the parts to replicate stand on the page."""
    page = client.get(f"/practices/{write_to('published', **TOLD).slug}").text
    for words in (
        "One counter for every permit", "Kabupaten Sidoarjo", "Indonesia", "Licensing office",
        "October 2019", "Smart governance", "16 Peace", "A decree", "Train first", "Annual report",
        "Expected", "One billion rupiah", "The smallest version worth having", "Licensing desk",
        "A visit", "https://example.org/report", "CC BY 4.0",
    ):  # fmt: skip
        assert words in page, words


def test_what_is_not_known_is_said_in_its_place(app: Flask, client: FlaskClient) -> None:
    """A starred field marked as unknown keeps its heading."""
    page = client.get(f"/practices/{write_to('published', **TOLD).slug}").text
    section = page.split('id="legal_basis"')[1].split("</section>")[0]
    assert "Not known: the authors say so." in section


def test_what_nobody_asked_for_and_nobody_told_is_left_out(app: Flask, client: FlaskClient) -> None:
    """An empty optional part has no heading and no line in the contents."""
    page = client.get(f"/practices/{write_to('published', **TOLD).slug}").text
    assert 'id="culture"' not in page
    assert 'href="#awards"' not in page


def test_contents_lead_to_parts_that_exist(app: Flask, client: FlaskClient) -> None:
    """Each link of the list on the page has its target."""
    page = client.get(f"/practices/{write_to('published', **TOLD).slug}").text
    for part in parts_of(contents.read({**network.RECORD, **TOLD}), is_draft=False):
        assert f'href="#{part.id}"' in page
        assert f'id="{part.id}"' in page


def test_stopped_practice_says_why(app: Flask, client: FlaskClient) -> None:
    """Failure teaches too."""
    practice = write_to("published", status="stopped", stopped_reason="The sponsor left.")
    page = client.get(f"/practices/{practice.slug}").text
    assert "The city stopped this practice" in page
    assert "The sponsor left." in page


def test_text_in_another_language_is_marked(app: Flask, client: FlaskClient) -> None:
    """The language of the words stands at the words, for voices and translators."""
    practice = write_to("published", language="id", title="Izin usaha sekali datang")
    page = client.get(f"/practices/{practice.slug}").text
    assert '<h1 class="cn-practice__title" lang="id">' in page
    assert "Indonesian" in page


def test_what_authors_type_is_never_markup(app: Flask, client: FlaskClient) -> None:
    """Every field is escaped."""
    bad = "<script>alert(1)</script>"
    practice = write_to(
        "published", title=bad, subtitle=bad, summary=bad, problem=bad, blocks=[{"name": bad}]
    )
    assert "<script>alert" not in client.get(f"/practices/{practice.slug}").text


def test_members_only_practice_is_hidden_from_visitors(app: Flask, client: FlaskClient) -> None:
    """Hidden is not found; a member reads it and is told that it is for members."""
    practice = write_to("published", visibility="members")
    assert client.get(f"/practices/{practice.slug}").status_code == 404
    assert practice.slug not in client.get("/practices/").text
    page = client_of(app, "rival").get(f"/practices/{practice.slug}").text
    assert "Members only" in page


@pytest.mark.parametrize("role", ["visitor", "rival", "rival lead", "suspended", "secretariat"])
def test_draft_is_visible_to_its_city_only(app: Flask, role: str) -> None:
    """A draft is not found by anyone else, at any of its addresses."""
    slug = write().slug
    browser = client_of(app, role)
    for path in ("", "/draft", "/revisions", "/revisions/1"):
        assert browser.get(f"/practices/{slug}{path}").status_code == 404
    assert client_of(app, "lead").get(f"/practices/{slug}/draft").status_code == 200


def test_unpublished_address_leads_its_author_to_the_draft(app: Flask) -> None:
    """The author's link goes on working through every state."""
    practice = write()
    browser = client_of(app, "official")
    answer = browser.get(f"/practices/{practice.slug}")
    assert answer.location == f"/practices/{practice.slug}/draft"
    published = write_to("published")
    assert browser.get(f"/practices/{published.slug}/draft").location.endswith(published.slug)


def test_draft_names_what_is_missing_with_links_to_the_form(app: Flask) -> None:
    """The list leads to each field."""
    slug = write(unknown=[], summary="").slug
    page = client_of(app, "official").get(f"/practices/{slug}/draft").text
    assert f'href="/practices/{slug}/edit?field=cost"' in page
    assert f'href="/practices/{slug}/edit?field=summary"' in page
    assert "Not answered yet." in page
    assert "Submit to the lead" not in page


def test_official_of_a_city_that_applied_is_told_to_wait(app: Flask) -> None:
    """A pending city drafts and cannot submit."""
    slug = write("pending").slug
    page = client_of(app, "pending").get(f"/practices/{slug}/draft").text
    assert "you can submit once the secretariat has admitted your city" in page
    assert "Submit to the lead" not in page


@pytest.mark.parametrize(
    ("state", "role", "shown", "hidden"),
    [
        ("draft", "official", "Submit to the lead", "Sign off"),
        ("submitted", "official", "The lead of your city reads it now", "Send back"),
        ("submitted", "lead", "Sign off", ">Publish<"),
        ("submitted", "secretariat", "has not signed it off yet", ">Publish<"),
        ("signed_off", "lead", "The secretariat reviews it now", "Send back"),
        ("signed_off", "secretariat", ">Publish<", ">Sign off<"),
    ],
)
def test_each_reader_is_offered_their_own_step(
    app: Flask, state: str, role: str, shown: str, hidden: str
) -> None:
    """Where the text stands, and what this person does next."""
    slug = write_to(state).slug
    page = client_of(app, role).get(f"/practices/{slug}/draft").text.split('id="standing"')[1]
    assert shown in page
    assert hidden not in page


def test_lead_is_told_why_their_own_text_needs_a_second_person(app: Flask) -> None:
    """No button, but the reason."""
    slug = write_to("submitted", "lead").slug
    page = client_of(app, "lead").get(f"/practices/{slug}/draft").text
    assert "you may not sign it off alone" in page
    assert ">Sign off<" not in page


def test_published_page_tells_its_city_of_the_newer_text(app: Flask, client: FlaskClient) -> None:
    """Readers are not told of what is in work."""
    practice = write_to("published")
    newest = queries.newest_text(actor("official"), practice.slug)
    service.save(actor("official"), practice, newest.content, base=(newest.number, newest.version))
    path = f"/practices/{practice.slug}"
    assert f"{path}/draft" in client_of(app, "official").get(path).text
    assert f"{path}/draft" not in client.get(path).text


def test_page_tells_that_the_membership_was_suspended(app: Flask, client: FlaskClient) -> None:
    """What was published stays readable, with a note."""
    practice = write_to("published")
    city = db.session().get_one(City, practice.city_id)
    cities.change_standing(actor("secretariat"), city, Standing.SUSPENDED, reason="Test")
    assert "suspended" in client.get(f"/practices/{practice.slug}").text


def test_list_pages_through_practices_newest_first(app: Flask, client: FlaskClient) -> None:
    """Twenty on a page; a page beyond the end says so."""
    for number in range(21):
        write_to("published", title=f"Practice number {number}")
    first = client.get("/practices/").text
    assert "Practice number 20" in first
    assert "Practice number 0<" not in first
    assert "Practice number 0<" in client.get("/practices/?page=2").text
    assert "There is no such page" in client.get("/practices/?page=3").text


def test_list_without_practices_says_so(app: Flask, client: FlaskClient) -> None:
    """An empty network is not an empty page."""
    assert "No practices yet" in client.get("/practices/").text


def test_topics_show_the_tree_with_counts(app: Flask, client: FlaskClient) -> None:
    """A topic counts the practices of its children once."""
    write_to("published", topics=["licensing", "online-licensing"])
    page = client.get("/topics/").text
    assert "1 practice<" in page
    assert page.index("Licensing") < page.index("Online licensing") < page.index("Waste")


def test_topic_shows_its_practices_and_those_of_its_children(
    app: Flask, client: FlaskClient
) -> None:
    """With its other names, narrower topics, and a search within it."""
    practice = write_to("published", topics=["online-licensing"])
    page = client.get("/topics/licensing").text
    for words in (practice.slug, "izin usaha", "Online licensing", "/search?topic=licensing"):
        assert words in page
    assert "No practices about this yet" in client.get("/topics/waste").text
    assert client.get("/topics/no-such-topic").status_code == 404


def test_topic_names_synonyms_of_the_readers_language_first(
    app: Flask, client: FlaskClient
) -> None:
    """Words of the other language are marked as such."""
    topic = queries.get_topic("licensing")
    db.session().add(TopicSynonym(topic_id=topic.id, language="en", text="trade permits"))
    db.session().commit()
    page = client.get("/topics/licensing").text
    assert page.index("trade permits") < page.index("izin usaha")
    assert '<span lang="id">izin usaha</span>' in page


def test_revisions_name_editors_to_the_city_only(app: Flask, client: FlaskClient) -> None:
    """A visitor sees what is published, and no name."""
    practice = write_to("published")
    path = f"/practices/{practice.slug}/revisions"
    assert "sidoarjo official" in client_of(app, "lead").get(path).text
    assert "sidoarjo official" not in client.get(path).text


def test_revision_shows_both_texts_of_each_field_that_differs(app: Flask) -> None:
    """And nothing of the fields that are the same."""
    practice = write_to("published")
    newest = queries.newest_text(actor("official"), practice.slug)
    changed = contents.read({**network.RECORD, "summary": "Shops wait five days for permits.",
                             "status": "scaled"})  # fmt: skip
    service.save(actor("official"), practice, changed, base=(newest.number, newest.version))
    page = client_of(app, "official").get(f"/practices/{practice.slug}/revisions/2").text
    assert "2 fields differ from revision 1." in page
    assert "five days" in page
    assert "Running" in page
    assert "Scaled up" in page
    assert 'id="change-problem"' not in page


def test_comparison_speaks_the_words_of_people(app: Flask) -> None:
    """No code of ours reaches a reader."""
    before = contents.read(network.RECORD)
    after = contents.read(
        {**network.RECORD, **TOLD, "topics": ["waste"], "visibility": "members", "language": "id"}
    )
    found = changes(before, after, topics={"waste": "Waste", "licensing": "Licensing"})
    after_words = {one.name: "".join(text for text, _mark in one.after) for one in found}
    assert after_words["topics"] == "Waste"
    assert after_words["visibility"] == "Members of the network only"
    assert after_words["language"] == "Indonesian"
    assert after_words["dimension"] == "Smart governance"
    assert after_words["offers"] == "A visit"
    assert after_words["unknown"] == "Legal basis"
    assert "Days to decide (days) · 14 → 5 · 2019 · Annual report" in after_words["results"]
    assert "Visits · 4 → 0 · expected" in after_words["results"]
    assert ("Summary", network.RECORD["summary"]) in whole(before, topics={})


def test_comparison_of_very_long_texts_gives_up_marking_words(app: Flask) -> None:
    """A page must not take minutes because somebody pasted a book."""
    before = contents.read({**network.RECORD, "problem": "a b " * 2000})
    after = contents.read({**network.RECORD, "problem": "b a " * 2000})
    (change,) = changes(before, after, topics={})
    assert [marked for _text, marked in change.before] == [True]


@pytest.mark.parametrize(
    ("typed", "shown"),
    [("2019", "2019"), ("2019-10", "October 2019"), ("2019-10-16", "16 October 2019"),
     ("2019-02-31", "2019-02-31"), ("", "")],
)  # fmt: skip
def test_dates_are_written_as_precisely_as_they_are_known(
    app: Flask, typed: str, shown: str
) -> None:
    """A year stays a year; a day that does not exist stays as typed."""
    with app.test_request_context():
        assert when(typed) == shown


def test_work_list_puts_first_what_waits_for_this_person(app: Flask) -> None:
    """A lead signs off first; a sent-back text comes before other drafts, with its comment."""
    write(title="Plain draft")
    sent_back = write_to("submitted", title="Returned text")
    service.send_back(actor("lead"), sent_back, comment="Name the source.")
    write_to("submitted", title="To be signed")
    write_to("submitted", "lead", title="By the lead alone")
    write_to("published", title="Out already")
    page = client_of(app, "lead").get("/work").text
    order = ["To be signed", "Returned text", "Name the source.", "Plain draft",
             "By the lead alone", "Out already"]  # fmt: skip
    places = [page.index(words) for words in order]
    assert "For you to sign off" in page
    assert "Waiting for a second person" in page
    assert places.index(min(places)) == 0
    assert places[1] < places[2] < places[3]


def test_empty_work_list_invites_to_write(app: Flask) -> None:
    """Nothing written yet is not an empty page."""
    page = client_of(app, "official").get("/work").text
    assert "Nothing written yet" in page
    assert 'href="/practices/new"' in page


@pytest.mark.parametrize(
    ("role", "words"),
    [
        ("pending", "You can write drafts now"),
        ("suspended", "The membership of your city is suspended"),
        ("nobody&#39;s", "does not belong to a city yet"),
    ],
)
def test_work_list_tells_who_may_not_write_why(app: Flask, role: str, words: str) -> None:
    """A sign-in leads here, so it answers everybody."""
    page = client_of(app, role.replace("&#39;", "'")).get("/work").text
    assert words in page
    assert (role == "pending") == ("/practices/new" in page)


def test_secretariat_without_a_city_works_at_its_desk(app: Flask) -> None:
    """It has no texts of its own."""
    assert client_of(app, "secretariat").get("/work").location.startswith("/admin")


def test_pages_show_dates_of_publication(app: Flask, client: FlaskClient) -> None:
    """Published and last changed, for machines too."""
    practice = write_to("published")
    day = clock.now().strftime("%Y-%m-%d")
    near = {day, (clock.now() - timedelta(days=1)).strftime("%Y-%m-%d")}
    page = client.get(f"/practices/{practice.slug}").text
    assert any(f'<time datetime="{one}">' in page for one in near)


def test_topics_stay_a_tree_where_there_are_none(app: Flask, client: FlaskClient) -> None:
    """A network without topics says so."""
    for topic in [*reversed(queries.all_topics())]:
        db.session().delete(db.session().get_one(Topic, topic.id))
        db.session().commit()
    assert "No topics yet" in client.get("/topics/").text
