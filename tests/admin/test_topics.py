"""The desk of topics: words, place, order, merging with practices following, and its attacks."""

from __future__ import annotations

import contextvars
import html
import re
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from citynet.kit import audit, db, effects
from citynet.practices import editing_topics, queries, topics
from citynet.practices.models import Practice, Revision, RevisionTopic, Topic, TopicAlias
from tests import network

WORDS: dict[str, Any] = {
    "name_en": "Parking", "name_id": "Parkir", "description_en": "Where cars stand.",
    "description_id": "Tempat mobil.", "synonyms_en": "car parks\nparking lots",
    "synonyms_id": "tempat parkir", "parent": "",
}  # fmt: skip


@pytest.fixture
def admin(app: Flask) -> FlaskClient:
    """Return the secretariat's browser."""
    return network.client_of(app, "secretariat")


def topic(slug: str) -> Topic:
    """Return a topic as it stands in the database now."""
    return db.session().scalars(
        select(Topic).where(Topic.slug == slug).execution_options(populate_existing=True)
    ).one()  # fmt: skip


def is_there(slug: str) -> bool:
    """Tell whether there is a topic of this address."""
    return db.session().scalar(select(Topic.id).where(Topic.slug == slug)) is not None


def words_of(slug: str, language: str) -> list[str]:
    """Return a topic's synonyms."""
    return sorted(one.text for one in queries.get_topic(slug).synonyms if one.language == language)


def add(admin: FlaskClient, **changes: Any) -> Any:
    """Add a topic by the form."""
    return network.post(admin, "/admin/topics/new", {**WORDS, **changes})


def merge(client: FlaskClient, one: str, into: str) -> Any:
    """Merge a topic into another by the form."""
    return network.post(
        client, f"/admin/topics/{topic(one).id}/merge", {"into": str(topic(into).id)}
    )


def indexings() -> int:
    """Return how often practices are still to be indexed for a change of topics."""
    return len(effects.waiting(editing_topics.INDEX_MANY))


def form_of(page: str) -> dict[str, str]:
    """Return what a browser would post of a topic's form."""
    boxes = re.findall(r'<textarea[^>]*name="(\w+)"[^>]*>\r?\n?([^<]*)</textarea>', page)
    inputs = [re.search(rf'<input[^>]*name="{name}"[^>]*>', page) for name in WORDS]
    lines = [re.findall(r'(?:name|value)="([^"]*)"', one[0]) for one in inputs if one is not None]
    parent = re.findall(r'<option selected value="(\d*)"', page)
    typed = [*(sorted(pair, key=lambda one: one not in WORDS) for pair in lines), *boxes]
    return {
        **{name: html.unescape(text) for name, text in typed},
        "parent": parent[0] if parent else "",
    }


def found(client: FlaskClient, words: str) -> str:
    """Return the page of a search once the index has followed."""
    effects.run_due()
    return client.get("/search", query_string={"q": words}).text


def test_tree_shows_both_names_and_counts(app: Flask, admin: FlaskClient) -> None:
    """Published practices, and beside them those with drafts."""
    network.write_to("published", topics=["waste"])
    network.write_to("draft", title="Second", topics=["waste"])
    page = admin.get("/admin/topics").text
    assert "Sampah" in page
    assert "2 with drafts" in page


def test_topic_is_added_in_both_languages(admin: FlaskClient) -> None:
    """At the end of its level, with its synonyms."""
    assert add(admin, parent=str(topic("licensing").id)).status_code == 302
    assert topic("parking").parent_id == topic("licensing").id
    assert topic("parking").position > topic("online-licensing").position
    assert words_of("parking", "en") == ["car parks", "parking lots"]
    assert words_of("parking", "id") == ["tempat parkir"]


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("name_en", "", "Write a name"),
        ("name_id", " \u200b ", "Write a name"),
        ("name_en", "x" * 81, "80"),
        ("name_en", "waste", "belongs to the topic Waste"),
        ("synonyms_en", "garbage\nLICENSING", "belongs to the topic Licensing"),
        ("synonyms_id", "izin usaha", "belongs to the topic Licensing"),
        ("synonyms_en", "x" * 81, "longer than 80"),
        ("synonyms_en", "\n".join(map(str, range(31))), "at most 30"),
        ("narrower_en", "\n".join(map(str, range(29))), "at most 30"),
        ("narrower_id", "izin usaha", "belongs to the topic Licensing"),
        ("synonyms_en", "x\n" * 4000, "5000"),
        ("description_en", "x" * 301, "300"),
        ("parent", "9999", "first level"),
        ("parent", "x", "first level"),
        ("parent", "9" * 40, "first level"),
    ],
)
def test_words_that_cannot_be_taken_are_told(
    admin: FlaskClient, field: str, value: str, sentence: str
) -> None:
    """Beside their field; nothing is written."""
    answer = add(admin, **{field: value})
    assert answer.status_code == 422
    assert sentence in answer.text
    assert f'href="#{field}"' in answer.text
    assert not is_there("parking")


def test_same_word_twice_is_one_synonym(admin: FlaskClient) -> None:
    """Whatever its case; the name itself is none."""
    add(admin, synonyms_en="Car parks\n car   parks \nPARKING\n\n")
    assert words_of("parking", "en") == ["Car parks"]


def test_renamed_topic_keeps_its_address_and_is_found_by_its_new_name(
    app: Flask, admin: FlaskClient
) -> None:
    """Its practices and those of its narrower topics are indexed anew."""
    network.write_to("published", topics=["online-licensing"])
    path = f"/admin/topics/{topic('licensing').id}"
    network.post(admin, path, {**WORDS, "name_en": "Zebra", "name_id": "Kuda"})
    assert topic("licensing").name_en == "Zebra"
    assert "Business permits in one visit" in found(admin, "zebra")
    network.post(admin, path, {**WORDS, "name_en": "Antelope", "name_id": "Kuda"})
    assert "Business permits in one visit" not in found(admin, "zebra")


def test_changed_synonym_holds_at_the_next_search(app: Flask, admin: FlaskClient) -> None:
    """Nothing is written for the index; in between no worker runs."""
    network.write_to("published", topics=["online-licensing"])
    data = {**WORDS, "name_en": "Licensing", "name_id": "Perizinan", "synonyms_id": ""}
    path = f"/admin/topics/{topic('licensing').id}"
    for kind in ("synonyms_en", "narrower_en"):
        network.post(admin, path, {**data, "synonyms_en": "", kind: "giraffe"})
        assert indexings() == 0
        assert "Business permits in one visit" in admin.get("/search?q=giraffe").text
        network.post(admin, path, {**data, "synonyms_en": "", kind: "antelope"})
        assert "Business permits in one visit" not in admin.get("/search?q=giraffe").text


def test_only_a_name_or_place_indexes_practices_anew(app: Flask, admin: FlaskClient) -> None:
    """Descriptions are on the topic's page alone."""
    network.write_to("published", topics=["waste"])
    path, data = f"/admin/topics/{topic('waste').id}", {**WORDS, "name_en": "Waste"}
    network.post(admin, path, {**data, "name_id": "Sampah", "description_en": "Another one."})
    assert indexings() == 0
    network.post(admin, path, {**data, "name_id": "Limbah"})
    assert indexings() == 1
    parent = str(topic("licensing").id)
    network.post(admin, path, {**data, "name_id": "Limbah", "parent": parent})
    assert indexings() == 2


def test_narrower_words_have_their_own_list(admin: FlaskClient) -> None:
    """A word is in one of the two; the form shows each where it was typed."""
    add(admin, narrower_en="Underground garages\nCAR PARKS\n", narrower_id="parkir meter")
    assert words_of("parking", "en") == ["Underground garages", "car parks", "parking lots"]
    page = admin.get(f"/admin/topics/{topic('parking').id}").text
    assert re.search(r'<textarea[^>]*name="narrower_en"[^>]*>\s*Underground garages</', page)
    assert re.search(r'<textarea[^>]*name="synonyms_en"[^>]*>\s*car parks\s+parking lots</', page)
    assert re.search(r'<textarea[^>]*name="narrower_id"[^>]*>\s*parkir meter</', page)
    assert "Underground garages" not in admin.get("/topics/parking").text


def test_shipped_topic_is_saved_as_it_is_shown(app: Flask, admin: FlaskClient) -> None:
    """With all its words, so that the form takes what it offers."""
    topics.load()
    before = topics.version()
    for slug in ("civil-service", "public-transport"):
        path = f"/admin/topics/{topic(slug).id}"
        data = form_of(admin.get(path).text)
        assert network.post(admin, path, data).status_code == 302
    assert topics.version() == before


def test_topic_that_a_merge_gave_more_words_may_keep_them(app: Flask, admin: FlaskClient) -> None:
    """But not get more."""
    topics.load()
    merge(admin, "schools", "education")
    held = words_of("education", "id")
    assert len(held) > topics.MOST_SYNONYMS
    path = f"/admin/topics/{topic('education').id}"
    data = form_of(admin.get(path).text)
    assert network.post(admin, path, data).status_code == 302
    assert words_of("education", "id") == held
    data["narrower_id"] += "\nsatu lagi"
    assert "at most 30" in network.post(admin, path, data).text


@pytest.mark.parametrize(
    ("slug", "parent", "sentence"),
    [
        ("licensing", "licensing", "under itself"),
        ("licensing", "waste", "Move them first"),
        ("waste", "online-licensing", "first level"),
    ],
)
def test_tree_has_two_levels_and_no_circle(
    admin: FlaskClient, slug: str, parent: str, sentence: str
) -> None:
    """Whatever is posted."""
    path = f"/admin/topics/{topic(slug).id}"
    answer = network.post(admin, path, {**WORDS, "parent": str(topic(parent).id)})
    assert answer.status_code == 422
    assert sentence in answer.text
    assert topic(slug).parent_id is None


def test_topic_moves_under_another_and_its_practices_follow(app: Flask, admin: FlaskClient) -> None:
    """The upper topic counts and finds them."""
    network.write_to("published", topics=["waste"])
    data = {**WORDS, "name_en": "Waste", "name_id": "Sampah", "parent": str(topic("licensing").id)}
    network.post(admin, f"/admin/topics/{topic('waste').id}", data)
    effects.run_due()
    assert "Business permits" in admin.get("/search?topic=licensing").text
    assert "Business permits" in admin.get("/topics/licensing").text


def test_order_is_changed_by_a_press(admin: FlaskClient) -> None:
    """At either end nothing happens."""
    path = f"/admin/topics/{topic('waste').id}"
    network.post(admin, f"{path}/up")
    assert topic("waste").position < topic("licensing").position
    network.post(admin, f"{path}/up")
    network.post(admin, f"{path}/down")
    network.post(admin, f"{path}/down")
    assert topic("waste").position > topic("licensing").position


def test_merge_tells_what_will_change_first(app: Flask, admin: FlaskClient) -> None:
    """Practices, narrower topics and words that follow."""
    network.write_to("draft", topics=["licensing"])
    path = f"/admin/topics/{topic('licensing').id}/merge"
    assert f'value="{topic("online-licensing").id}"' not in admin.get(path).text
    page = admin.get(f"{path}?into={topic('waste').id}").text
    assert "1 practice, 1 narrower topic, 3 other words" in page
    assert "Online licensing" in page


def test_every_text_follows_a_merged_topic(app: Flask, admin: FlaskClient) -> None:
    """Drafts, published and superseded ones, in their columns and in what their author told."""
    practice = network.write_to("published", topics=["licensing"])
    network.write_to("draft", title="Draft", topics=["waste", "licensing"])
    merge(admin, "licensing", "waste")
    for one in db.session().scalars(select(Revision)):
        assert list(one.content.topics) == ["waste"]
    rows = db.session().scalars(select(RevisionTopic.topic_id))
    assert set(rows) == {topic("waste").id}
    assert practice.id in topics.published_about([topic("waste").id])


def test_readers_find_a_merged_topics_practices_under_the_other(
    app: Flask, admin: FlaskClient
) -> None:
    """By its page, the facet, and the words of both; the old addresses lead there."""
    network.write_to("published", topics=["licensing"])
    merge(admin, "licensing", "waste")
    assert "Business permits" in found(admin, "izin usaha")
    assert "Business permits" in admin.get("/search?topic=waste").text
    assert "Business permits" in admin.get("/search?topic=licensing").text
    answer = admin.get("/topics/licensing")
    assert (answer.status_code, answer.headers["Location"]) == (301, "/topics/waste")
    assert topic("online-licensing").parent_id == topic("waste").id


def test_address_of_a_topic_merged_twice_leads_to_the_last(admin: FlaskClient) -> None:
    """Old links never lead in a chain."""
    add(admin)
    merge(admin, "online-licensing", "parking")
    merge(admin, "parking", "waste")
    assert admin.get("/topics/online-licensing").headers["Location"] == "/topics/waste"


def test_draft_opened_before_a_merge_is_saved_after_it(app: Flask, admin: FlaskClient) -> None:
    """The author is told which topic is gone; nothing typed is lost."""
    practice = network.write_to("draft", topics=["licensing"])
    merge(admin, "licensing", "waste")
    author = network.client_of(app, "official")
    data = {"topics": ["licensing"], "summary": "My new words", "base": "1.1"}
    answer = network.post(author, f"/practices/{practice.slug}/edit/summary", data)
    assert answer.status_code in (409, 422)
    assert "My new words" in answer.text


@pytest.mark.parametrize(
    ("one", "into"), [("licensing", "licensing"), ("licensing", "online-licensing")]
)
def test_merge_that_would_break_the_tree_is_refused(
    admin: FlaskClient, one: str, into: str
) -> None:
    """Into itself, or into its own narrower topic."""
    assert merge(admin, one, into).status_code == 409
    assert is_there(one)


@pytest.mark.parametrize("into", ["", "x", "0", "99999", "9" * 40])
def test_merge_into_nothing_is_refused(admin: FlaskClient, into: str) -> None:
    """With the tree as it is."""
    path = f"/admin/topics/{topic('waste').id}/merge"
    assert network.post(admin, path, {"into": into}).status_code == 409
    assert is_there("waste")


def test_topic_merged_twice_at_once_is_merged_once(app: Flask, admin: FlaskClient) -> None:
    """Who comes second is told, and nothing is lost."""
    network.write_to("published", topics=["waste"])
    ids = topic("waste").id, topic("licensing").id, topic("online-licensing").id
    clients = [admin, network.client_of(app, "secretariat")]
    barrier = Barrier(2)

    def press(number: int) -> int:
        barrier.wait()
        data = {"into": str(ids[number + 1])}
        answer = network.post(clients[number], f"/admin/topics/{ids[0]}/merge", data)
        return int(answer.status_code)

    with ThreadPoolExecutor(2) as pool:
        runs = [pool.submit(contextvars.Context().run, press, number) for number in (0, 1)]
        assert sorted(run.result() for run in runs) == [302, 409]
    db.session().rollback()
    assert len(list(db.session().scalars(select(TopicAlias)))) == 1
    assert len(list(db.session().scalars(select(RevisionTopic)))) == 1


def test_unused_topic_is_deleted_and_does_not_come_back(admin: FlaskClient) -> None:
    """Its address is nobody's any more, and the shipped tree leaves it out."""
    slug = "waste"
    assert network.post(admin, f"/admin/topics/{topic(slug).id}/delete").status_code == 302
    assert admin.get("/topics/waste").status_code == 404
    topics.load()
    assert not is_there(slug)
    assert topic("waste-banks").parent_id is None


@pytest.mark.parametrize("slug", ["licensing", "online-licensing"])
def test_used_topic_is_merged_not_deleted(app: Flask, admin: FlaskClient, slug: str) -> None:
    """One with a narrower topic, and one that a draft has."""
    network.write_to("draft", topics=["online-licensing"])
    path = f"/admin/topics/{topic(slug).id}/delete"
    assert "This topic is used" in admin.get(path).text
    assert network.post(admin, path).status_code == 409
    assert is_there(slug)


def test_shipped_tree_hangs_new_topics_where_a_merged_one_went(admin: FlaskClient) -> None:
    """The merged one does not come back, its narrower ones stand under its heir."""
    merge(admin, "waste", "licensing")
    topics.load()
    assert not is_there("waste")
    assert topic("waste-banks").parent_id == topic("licensing").id


def test_new_topic_never_takes_a_former_address(admin: FlaskClient) -> None:
    """Old links go on leading where they led."""
    merge(admin, "waste", "licensing")
    add(admin, name_en="Waste!", name_id="Limbah")
    assert is_there("waste-2")


def test_acts_are_audited_before_and_after(admin: FlaskClient) -> None:
    """A merge with what followed, a change with what it changed."""
    network.write_to("draft", topics=["waste"])
    data = {**WORDS, "name_en": "Rubbish", "name_id": "Sampah", "synonyms_en": "litter"}
    network.post(admin, f"/admin/topics/{topic('waste').id}", data)
    merge(admin, "waste", "licensing")
    merged, changed = audit.entries(audit.Filter(action="topic")).items
    assert ("name_en", "Waste", "Rubbish") in audit.changes_of(changed)
    assert ("synonyms_en", "", "litter") in audit.changes_of(changed)
    assert audit.notes_of(merged) == {"topic": "Rubbish", "into": "Licensing", "practices": 1}


@pytest.mark.parametrize("role", ["visitor", "official", "lead", "suspended", "pending"])
def test_topics_are_the_secretariats(app: Flask, role: str) -> None:
    """Nobody else sees the desk or changes the tree."""
    client, ids = network.client_of(app, role), topic("waste").id
    for path in ("/admin/topics", "/admin/topics/new", f"/admin/topics/{ids}/merge"):
        assert client.get(path).status_code == (302 if role == "visitor" else 403)
    for path in ("new", f"{ids}", f"{ids}/up", f"{ids}/merge", f"{ids}/delete"):
        answer = network.post(client, f"/admin/topics/{path}", {**WORDS, "into": "1"})
        assert answer.status_code == (401 if role == "visitor" else 403)
    assert is_there("waste")
    assert db.session().get(Practice, 1) is None
