"""The doors of the review: for whom they open, what they keep, where a text stands."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from citynet.kit import clock
from citynet.practices import queries, service
from citynet.practices.service.publishing import publish_due
from tests import network
from tests.network import ROLES, actor, client_of, post
from tests.practices.reviewing import acts, comment, day, seen, sidoarjo, states, texts

REVIEWERS = {"secretariat", "chapter"}
INSIDE = {"official", "lead", *REVIEWERS}


def path_of(practice: object, *rest: str) -> str:
    """Return the address of a practice's door."""
    return "/".join(["/practices", str(getattr(practice, "slug", "")), *rest])


def shown(practice: object) -> str:
    """Return what a page of the newest text posts as seen."""
    return "{}.{}".format(*seen(practice))  # type: ignore[arg-type]


def refusal(role: str) -> int:
    """Return the answer to whom a hidden text's door is shut: a visitor is asked to sign in."""
    return 401 if role == "visitor" else 404


@pytest.mark.parametrize("role", ROLES)
def test_comment_is_written_by_reviewers(app: Flask, role: str) -> None:
    """The lead while it is submitted, the secretariats until it is out."""
    practice, client = network.write_to("submitted"), client_of(app, role)
    data = {"field": "results", "text": "How many <i>days</i>?", "seen": shown(practice)}
    answer = post(client, path_of(practice, "comments"), data)
    is_right = role in {"lead", *REVIEWERS}
    expected = 302 if is_right else 403 if role == "official" else refusal(role)
    assert answer.status_code == expected
    assert bool(queries.comments_on(actor("lead"), practice)) == is_right
    if is_right:
        page = client_of(app, "official").get(path_of(practice, "draft")).text
        assert "How many &lt;i&gt;days&lt;/i&gt;?" in page
        assert f"{role}" == "chapter" or "Please change" in page


def test_comment_form_keeps_what_was_typed(app: Flask) -> None:
    """A wrong field or a text too long is told; an old page shows the newer state."""
    practice, client = network.write_to("submitted"), client_of(app, "lead")
    data = {"field": "results", "text": "x" * 2001, "seen": shown(practice)}
    answer = post(client, path_of(practice, "comments"), data)
    assert (answer.status_code, "x" * 2001 in answer.text) == (422, True)
    answer = post(client, path_of(practice, "comments"), {**data, "field": "n", "text": "Kept"})
    assert (answer.status_code, "Kept" in answer.text) == (422, True)
    answer = post(client, path_of(practice, "comments"), {**data, "text": "Late", "seen": "0.0"})
    assert answer.status_code == 409


@pytest.mark.parametrize("role", ROLES)
def test_comment_is_resolved_by_those_inside(app: Flask, role: str) -> None:
    """Once; the second who does is told. While reviewers have the text, by them."""
    practice, client = network.write_to("submitted"), client_of(app, role)
    path = path_of(practice, "comments", str(comment(practice).id), "resolve")
    is_reviewer = role in {"lead", *REVIEWERS}
    expected = 302 if is_reviewer else 403 if role == "official" else refusal(role)
    assert post(client, path).status_code == expected
    if is_reviewer:
        assert post(client, path).status_code == 409
        for number in ("999999", "2147483648", "99999999999999999999"):
            missing = post(client, path_of(practice, "comments", number, "resolve"))
            assert missing.status_code == 404
    if role == "official":
        service.send_back(actor("lead"), practice, comment="")
        assert "Mark as done" in client.get(path_of(practice, "draft")).text
        assert post(client, path).status_code == 302


@pytest.mark.parametrize("role", ROLES)
def test_reviewer_is_named_by_the_secretariats(app: Flask, role: str) -> None:
    """The page shows who is asked now."""
    practice, client = network.write_to("signed_off"), client_of(app, role)
    data = {
        "reviewer": str(actor("chapter").person_id), "due_on": day(7).isoformat(),
        "seen": shown(practice), "seen_reviewer": "",
    }  # fmt: skip
    answer = post(client, path_of(practice, "reviewer"), data)
    inside = 403 if role in INSIDE else refusal(role)
    assert answer.status_code == (302 if role in REVIEWERS else inside)
    if role in REVIEWERS:
        assert post(client, path_of(practice, "reviewer"), data).status_code == 409
        assert "Now: Chandra, by" in client_of(app, "official").get(
            path_of(practice, "draft")
        ).text  # fmt: skip


@pytest.mark.parametrize(
    ("reviewer", "due_on"),
    [("x", ""), ("-1", ""), ("0", ""), ("9" * 30, ""), ("{own}", "tomorrow"),
     ("{own}", "2020-01-01"), ("{own}", "9" * 99)],
)  # fmt: skip
def test_reviewer_form_takes_no_nonsense(app: Flask, reviewer: str, due_on: str) -> None:
    """And says which field."""
    practice, client = network.write_to("signed_off"), client_of(app, "secretariat")
    own = str(actor("secretariat").person_id)
    data = {"reviewer": reviewer.format(own=own), "due_on": due_on, "seen": shown(practice)}
    answer = post(client, path_of(practice, "reviewer"), data)
    assert (answer.status_code, "govuk-error-message" in answer.text) == (422, True)
    assert queries.assignment_of(practice.id) is None


@pytest.mark.parametrize("role", ROLES)
def test_desk_shows_my_reviews(app: Flask, role: str) -> None:
    """Each its own, to the secretariats alone."""
    mine, other = (network.write_to("signed_off", title=one) for one in ("Mine", "Others"))
    if role in REVIEWERS:
        service.assign(
            actor("secretariat"), mine, reviewer_id=actor(role).person_id, due_on=day(1)
        )  # fmt: skip
    answer = client_of(app, role).get("/admin/reviews?mine=1")
    if role in REVIEWERS:
        assert (answer.status_code, ">Mine<" in answer.text) == (200, True)
        assert other.slug not in answer.text
        with clock.moved(timedelta(days=3)):
            assert "Overdue" in client_of(app, role).get("/admin/reviews").text
    else:
        assert answer.status_code in {302, 403, 404}


@pytest.mark.parametrize("role", ROLES)
def test_day_of_publication_is_set_by_the_secretariats(app: Flask, role: str) -> None:
    """And taken back by them; both pages tell the day."""
    practice, client = network.write_to("signed_off"), client_of(app, role)
    data = {"when": "day", "day": day(3).isoformat(), "seen": shown(practice)}
    inside = 403 if role in INSIDE else refusal(role)
    expected = 302 if role in REVIEWERS else inside
    assert post(client, path_of(practice, "publish"), data).status_code == expected
    if role in REVIEWERS:
        assert "it comes out on" in client_of(app, "official").get("/work").text
        assert "Approved for a day" in client.get("/admin/reviews").text
        assert practice.slug not in client.get("/admin/").text
        assert post(client, path_of(practice, "publish"), data).status_code == 409
    old = {"seen": shown(practice)}
    assert post(client, path_of(practice, "unschedule"), old).status_code == expected
    if role in REVIEWERS:
        assert post(client, path_of(practice, "unschedule"), old).status_code == 409
    with clock.moved(timedelta(days=4)):
        publish_due()
    assert states(practice) == ["signed_off"]


@pytest.mark.parametrize("wanted", ["", "tomorrow", "2020-01-01", "9999-12-31", "1" * 999])
def test_day_of_publication_is_a_day_ahead(app: Flask, wanted: str) -> None:
    """Nothing is published in its place."""
    practice, client = network.write_to("signed_off"), client_of(app, "secretariat")
    data = {"when": "day", "day": wanted, "seen": shown(practice)}
    answer = post(client, path_of(practice, "publish"), data)
    assert (answer.status_code, states(practice)) == (422, ["signed_off"])
    assert "day-error" in answer.text


@pytest.mark.parametrize("role", ROLES)
def test_cities_of_trust_are_named_by_their_secretariats(app: Flask, role: str) -> None:
    """With a reason, and taken off the list with one."""
    client, data = client_of(app, role), {"city": "kabupaten-sidoarjo", "reason": "Five texts."}
    expected = 401 if role == "visitor" else 403
    if role not in REVIEWERS:
        assert client.get("/admin/reviews/trust").status_code in {302, 403, 404}
        assert post(client, "/admin/reviews/trust", data).status_code == expected
        assert queries.trust_of(sidoarjo().id) is None
        return
    assert "Sidoarjo" in client.get("/admin/reviews/trust").text
    assert post(client, "/admin/reviews/trust", {**data, "reason": ""}).status_code == 422
    assert post(client, "/admin/reviews/trust", data).status_code == 302
    assert "Five texts." in client.get("/admin/reviews/trust").text
    assert post(client, "/admin/reviews/trust", data).status_code == 409
    end = "/admin/reviews/trust/kabupaten-sidoarjo/end"
    assert post(client, end, {"reason": " "}).status_code == 422
    assert post(client, end, {"reason": "A new lead."}).status_code == 302
    assert post(client, end, {"reason": "A new lead."}).status_code == 409


def test_chapter_trusts_its_own_cities_alone(app: Flask) -> None:
    """Others are not on its list, nor can be named by hand."""
    client, data = client_of(app, "chapter"), {"city": "seoul", "reason": "Why not."}
    assert "seoul" not in client.get("/admin/reviews/trust").text
    assert post(client, "/admin/reviews/trust", data).status_code == 422
    assert post(client, "/admin/reviews/trust", {**data, "city": ""}).status_code == 422
    assert post(client, "/admin/reviews/trust/seoul/end", data).status_code == 404


def test_lead_of_a_trusted_city_publishes_by_signing_off(app: Flask) -> None:
    """The page says so before, and leads to the published text."""
    practice, client = network.write_to("submitted"), client_of(app, "lead")
    service.trust(actor("secretariat"), sidoarjo(), reason="Five texts.")
    assert "published at once" in client.get(path_of(practice, "draft")).text
    answer = post(client, path_of(practice, "sign-off"), {"seen": shown(practice)})
    assert (answer.status_code, answer.location) == (302, path_of(practice))
    assert states(practice) == ["published"]


@pytest.mark.parametrize(
    ("state", "words"),
    [("draft", "Now: the authors"), ("submitted", "Now: sidoarjo lead"),
     ("signed_off", "Now: the secretariat")],
)  # fmt: skip
def test_author_sees_who_is_asked_now(app: Flask, state: str, words: str) -> None:
    """On the draft's page."""
    practice = network.write_to(state)
    assert words in client_of(app, "official").get(path_of(practice, "draft")).text


def test_open_comments_are_counted_on_the_work_page(app: Flask) -> None:
    """And sent back without a further word."""
    practice, client = network.write_to("submitted"), client_of(app, "lead")
    comment(practice)
    assert "1 open comment" in client.get("/work").text
    answer = post(client, path_of(practice, "send-back"), {"seen": shown(practice)})
    assert (answer.status_code, states(practice)) == (302, ["draft"])
    assert "See the comments" in client_of(app, "official").get("/work").text


def test_pages_of_two_reviewers_meet(app: Flask) -> None:
    """Whoever decides second on one page is shown what the first did."""
    practice, page = network.write_to("signed_off"), {}
    page["seen"] = shown(practice)
    first, second = client_of(app, "secretariat"), client_of(app, "chapter")
    planned = {**page, "when": "day", "day": day(2).isoformat()}
    assert post(first, path_of(practice, "publish"), planned).status_code == 302
    for door, data in (("publish", page), ("send-back", {**page, "comment": "No."}),
                       ("comments", {**page, "field": "title", "text": "No."})):  # fmt: skip
        assert post(second, path_of(practice, door), data).status_code == 409, door
    assert acts(practice)[-1] == "practice.scheduled"
    assert texts(practice)[-1].comment == ""


def test_members_only_text_tells_no_name_of_its_reviewers_to_readers(app: Flask) -> None:
    """What is published shows the text, not its way."""
    practice = network.write_to("published")
    for role in ("visitor", "rival"):
        page = client_of(app, role).get(path_of(practice)).text
        assert "sidoarjo lead" not in page
        assert "cn-way" not in page
