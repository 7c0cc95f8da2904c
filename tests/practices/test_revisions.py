"""Revisions: who took which step, two texts side by side, going on from an older one."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask

from citynet.kit.errors import Conflict, Forbidden, NotFound
from citynet.practices import editing_topics, queries, service
from citynet.practices.models import Practice
from citynet.practices.service import EditedMeanwhile
from tests import network
from tests.network import ROLES, actor, client_of, post
from tests.practices.reviewing import acts, seen, states, texts


def save(practice: Practice, role: str = "official", **changes: Any) -> None:
    """Save the newest text with changes."""
    content = texts(practice)[-1].content.model_copy(update=changes)
    service.save(actor(role), practice, content, base=seen(practice))


def with_history() -> Practice:
    """Return a practice that was published, changed, submitted and sent back."""
    practice = network.write_to("published", title="First title")
    save(practice, title="Second title", summary="Shops wait five days.")
    service.submit(actor("official"), practice)
    service.send_back(actor("lead"), practice, comment="Give the source.")
    save(practice, title="Third title")
    return practice


def test_restoring_loses_no_text(app: Flask) -> None:
    """The draft in work stays among the revisions, also one's own."""
    practice = with_history()
    assert states(practice) == ["published", "superseded", "draft"]
    service.restore(actor("official"), practice, 1, base=seen(practice))
    assert [(one.title, str(one.state)) for one in texts(practice)] == [
        ("First title", "published"), ("Second title", "superseded"),
        ("Third title", "superseded"), ("First title", "draft"),
    ]  # fmt: skip
    assert acts(practice)[-1] == "practice.restored"
    assert texts(practice)[-1].comment == "Give the source."


@pytest.mark.parametrize("role", sorted(set(ROLES) - {"official", "lead"}))
def test_nobody_else_restores(app: Flask, role: str) -> None:
    """Not the secretariat, nor another city."""
    practice = with_history()
    with pytest.raises(Forbidden):
        service.restore(actor(role), practice, 1, base=seen(practice))
    assert len(texts(practice)) == 3


def test_restoring_from_an_older_page_is_told(app: Flask) -> None:
    """As is restoring while reviewers have the text, and what never was."""
    practice = with_history()
    page = seen(practice)
    with pytest.raises(NotFound):
        service.restore(actor("official"), practice, 9, base=page)
    save(practice, title="Fourth title")
    with pytest.raises(EditedMeanwhile):
        service.restore(actor("official"), practice, 1, base=page)
    service.submit(actor("official"), practice)
    with pytest.raises(Conflict):
        service.restore(actor("official"), practice, 1, base=seen(practice))


def test_restored_text_follows_its_topics(app: Flask) -> None:
    """Those merged meanwhile are the new ones, those taken out are left out."""
    practice = network.write(topics=["online-licensing", "waste"])
    save(practice, role="lead", topics=("licensing",))
    admin = actor("secretariat")
    editing_topics.merge(
        admin, queries.get_topic("online-licensing").id, queries.get_topic("licensing").id
    )
    service.restore(actor("official"), practice, 1, base=seen(practice))
    assert texts(practice)[-1].content.topics == ("licensing", "waste")


@pytest.mark.parametrize("role", ["official", "lead"])
def test_list_tells_each_step_to_the_city(app: Flask, role: str) -> None:
    """Who and when, and what was asked for."""
    practice = with_history()
    page = client_of(app, role).get(f"/practices/{practice.slug}/revisions").text
    for words in ("Submitted", "Signed off", "Published", "Sent back", "Give the source.",
                  "sidoarjo official", "sidoarjo lead", "Ada", "Revision 3"):  # fmt: skip
        assert words in page, words


@pytest.mark.parametrize("role", ["visitor", "rival lead", "suspended"])
def test_list_tells_others_of_the_published_text_alone(app: Flask, role: str) -> None:
    """No names, no comments, no drafts."""
    practice = with_history()
    page = client_of(app, role).get(f"/practices/{practice.slug}/revisions").text
    assert "Revision 1" in page
    for words in ("Give the source.", "sidoarjo official", "Second title", "Revision 2"):
        assert words not in page, words


def test_any_two_texts_are_compared(app: Flask) -> None:
    """The older one first, whichever was named first."""
    practice, client = with_history(), client_of(app, "official")
    path = f"/practices/{practice.slug}/revisions/compare"
    for query in ("one=1&other=3", "one=3&other=1"):
        page = client.get(f"{path}?{query}").text
        assert "Revision 1" in page
        assert page.index(">First</del>") < page.index(">Third</ins>")


@pytest.mark.parametrize("query", ["", "one=1", "one=1&other=1", "one=x&other=1"])
def test_two_different_texts_are_asked_for(app: Flask, query: str) -> None:
    """Back to the list, with what to do."""
    practice, client = with_history(), client_of(app, "official")
    path = f"/practices/{practice.slug}/revisions/compare?{query}"
    assert "Choose two different" in client.get(path, follow_redirects=True).text


def test_what_may_not_be_read_is_not_compared(app: Flask) -> None:
    """Nor restored: it is not there."""
    practice = with_history()
    for role in ("visitor", "rival lead", "suspended", "secretariat"):
        client = client_of(app, role)
        path = f"/practices/{practice.slug}/revisions"
        assert client.get(f"{path}/compare?one=1&other=2").status_code == 404, role
        answer = post(client, f"{path}/2/restore", {"base": "3.1"})
        assert answer.status_code == (401 if role == "visitor" else 404), role
        assert client.get(f"{path}/compare?one=1&other=99999999999999999999").status_code in {
            302, 404,
        }  # fmt: skip


def test_older_text_is_restored_by_its_button(app: Flask) -> None:
    """With the text that was seen; pressed again it tells that the draft has moved on."""
    practice, client = with_history(), client_of(app, "official")
    path = f"/practices/{practice.slug}/revisions/1"
    assert "Make it the draft" in client.get(path).text
    number, version = seen(practice)
    base = {"base": f"{number}.{version}"}
    assert post(client, f"{path}/restore", base).status_code == 302
    assert states(practice)[-1] == "draft"
    assert post(client, f"{path}/restore", base).status_code == 409
    assert post(client, f"{path}/restore", {"base": "x" * 9999}).status_code == 409
    assert post(client_of(app, "rival lead"), f"{path}/restore", base).status_code == 403
    assert len(texts(practice)) == 4


def test_newest_text_needs_no_restoring(app: Flask) -> None:
    """Nor can an older one be restored while reviewers have the text."""
    practice, client = with_history(), client_of(app, "official")
    path = f"/practices/{practice.slug}/revisions"
    assert "Make it the draft" not in client.get(f"{path}/3").text
    service.submit(actor("official"), practice)
    assert "Make it the draft" not in client.get(f"{path}/1").text
    assert "Make it the draft" not in client_of(app, "secretariat").get(f"{path}/3").text
