"""Withdrawal: out of sight and search, a page that says why, and the way back."""

from __future__ import annotations

import pytest
from flask import Flask

from citynet.cities import service as memberships
from citynet.cities.models import Standing
from citynet.kit.errors import Conflict, Forbidden, Invalid
from citynet.practices import service
from tests import network
from tests.network import ROLES, actor, client_of, post
from tests.practices.reviewing import OUTSIDERS, acts, is_found, seen, sidoarjo, states, texts, told

WHY = "The figures were wrong."


@pytest.mark.parametrize("role", ["lead", "secretariat", "chapter"])
def test_practice_is_withdrawn_and_brought_back(app: Flask, role: str) -> None:
    """Search forgets it and finds it again."""
    practice = network.write_to("published", title="Wrong figures")
    assert is_found("Wrong figures")
    service.withdraw(actor(role), practice, reason=f" {WHY} ")
    assert states(practice) == ["withdrawn"]
    assert not is_found("Wrong figures")
    assert told("practice.withdrawn")["reason"] == WHY
    service.bring_back(actor(role), practice)
    assert states(practice) == ["published"]
    assert is_found("Wrong figures")
    assert acts(practice)[-2:] == ["practice.withdrawn", "practice.brought_back"]


@pytest.mark.parametrize("role", ["official", *OUTSIDERS])
def test_nobody_else_withdraws_or_brings_back(app: Flask, role: str) -> None:
    """Nothing moves."""
    practice = network.write_to("published")
    with pytest.raises(Forbidden):
        service.withdraw(actor(role), practice, reason=WHY)
    service.withdraw(actor("lead"), practice, reason=WHY)
    with pytest.raises(Forbidden):
        service.bring_back(actor(role), practice)
    assert states(practice) == ["withdrawn"]


def test_lead_brings_back_only_what_the_lead_withdrew(app: Flask) -> None:
    """What the secretariat took away, the secretariat approves again."""
    practice = network.write_to("published")
    service.withdraw(actor("secretariat"), practice, reason=WHY)
    with pytest.raises(Forbidden):
        service.bring_back(actor("lead"), practice)
    page = client_of(app, "lead").get(f"/practices/{practice.slug}")
    assert "bring-back" not in page.text
    assert states(practice) == ["withdrawn"]


@pytest.mark.parametrize("reason", ["", " \u200b", "x" * 1001])
def test_withdrawal_needs_a_reason(app: Flask, reason: str) -> None:
    """Readers are told why."""
    practice = network.write_to("published")
    with pytest.raises(Invalid):
        service.withdraw(actor("lead"), practice, reason=reason)


def test_of_two_who_withdraw_the_second_is_told(app: Flask) -> None:
    """As is whoever saw an older text, and whoever brings back what is back."""
    practice = network.write_to("published")
    page = seen(practice)
    with pytest.raises(Conflict):
        service.bring_back(actor("lead"), practice)
    with pytest.raises(Conflict):
        service.withdraw(actor("lead"), practice, reason=WHY, seen=(9, 9))
    service.withdraw(actor("lead"), practice, reason=WHY, seen=page)
    with pytest.raises(Conflict):
        service.withdraw(actor("secretariat"), practice, reason=WHY, seen=page)
    service.bring_back(actor("lead"), practice)
    with pytest.raises(Conflict):
        service.bring_back(actor("secretariat"), practice)


def test_what_a_former_member_withdrew_stays_withdrawn(app: Flask) -> None:
    """Until its membership is restored."""
    practice = network.write_to("published")
    service.withdraw(actor("lead"), practice, reason=WHY)
    memberships.change_standing(
        actor("secretariat"), sidoarjo(), Standing.SUSPENDED, reason="Fees."
    )  # fmt: skip
    with pytest.raises(Conflict, match="active member"):
        service.bring_back(actor("secretariat"), practice)


def test_new_text_of_a_withdrawn_practice_takes_its_place(app: Flask) -> None:
    """Written, reviewed and published as any other."""
    practice = network.write_to("published", title="Second try")
    service.withdraw(actor("lead"), practice, reason=WHY)
    content = texts(practice)[-1].content
    service.save(actor("official"), practice, content, base=seen(practice))
    assert states(practice) == ["withdrawn", "draft"]
    service.submit(actor("official"), practice)
    service.sign_off(actor("lead"), practice)
    service.publish(actor("secretariat"), practice)
    assert states(practice) == ["superseded", "published"]
    assert is_found("Second try")


@pytest.mark.parametrize("role", ROLES)
def test_its_address_tells_that_it_is_gone_and_why(app: Flask, role: str) -> None:
    """With status 410, for everybody who could read it; the way back only for whom it is."""
    practice = network.write_to("published", title="Wrong figures")
    service.withdraw(actor("lead"), practice, reason="Wrong <b>figures</b>.")
    answer = client_of(app, role).get(f"/practices/{practice.slug}")
    assert answer.status_code == 410
    for words in ("Wrong figures", "Kabupaten Sidoarjo", "Wrong &lt;b&gt;figures&lt;/b&gt;."):
        assert words in answer.text
    may_bring_back = role in {"lead", "secretariat", "chapter"}
    assert ("bring-back" in answer.text) == may_bring_back
    for path in ("/practices/", "/search?q=figures", "/cities/kabupaten-sidoarjo"):
        assert practice.slug not in client_of(app, role).get(path).text, path


@pytest.mark.parametrize("role", ROLES)
def test_withdrawn_practice_of_members_stays_hidden_from_others(app: Flask, role: str) -> None:
    """That there was one is not for them to learn."""
    practice = network.write_to("published", visibility="members")
    service.withdraw(actor("lead"), practice, reason=WHY)
    hidden = role in {"visitor", "suspended", "pending", "nobody's"}
    answer = client_of(app, role).get(f"/practices/{practice.slug}")
    assert answer.status_code == (404 if hidden else 410)
    assert (WHY in answer.text) != hidden


def test_text_of_a_withdrawn_practice_is_for_those_inside(app: Flask) -> None:
    """Revisions are open to the city and its secretariats, as of a text under review."""
    practice = network.write_to("published")
    service.withdraw(actor("lead"), practice, reason=WHY)
    path = f"/practices/{practice.slug}/revisions/1"
    for role, status in (
        ("official", 200), ("lead", 200), ("secretariat", 200), ("chapter", 200),
        ("visitor", 404), ("rival lead", 404), ("suspended", 404),
    ):  # fmt: skip
        assert client_of(app, role).get(path).status_code == status, role


@pytest.mark.parametrize("role", ROLES)
def test_doors_of_withdrawal_open_for_whom_they_are(app: Flask, role: str) -> None:
    """The question, the step and the way back alike; a visitor is asked to sign in."""
    practice, client = network.write_to("published"), client_of(app, role)
    path, is_right = f"/practices/{practice.slug}", role in {"lead", "secretariat", "chapter"}
    asked, taken = {"visitor": (302, 401)}.get(role, (200, 302) if is_right else (403, 403))
    assert client.get(f"{path}/withdraw").status_code == asked
    answer = post(client, f"{path}/withdraw", {"reason": WHY, "seen": "1.1"})
    assert (answer.status_code, states(practice) == ["withdrawn"]) == (taken, is_right)
    if not is_right:
        service.withdraw(actor("lead"), practice, reason=WHY)
    answer = post(client, f"{path}/bring-back", {"seen": "1.1"})
    assert (answer.status_code, states(practice) == ["published"]) == (taken, is_right)


def test_form_of_withdrawal_keeps_what_was_typed(app: Flask) -> None:
    """A wrong reason is told beside the field, an old page gets the newer state."""
    practice, client = network.write_to("published"), client_of(app, "lead")
    path = f"/practices/{practice.slug}/withdraw"
    answer = post(client, path, {"reason": "", "seen": "1.1"})
    assert (answer.status_code, "Write why" in answer.text) == (422, True)
    assert post(client, path, {"reason": "y" * 5000, "seen": "1.1"}).status_code == 422
    assert post(client, path, {"reason": WHY, "seen": "7.7"}).status_code == 409
    assert post(client, path, {"reason": WHY, "seen": "1.1"}).status_code == 302
    again = post(client, path, {"reason": WHY, "seen": "1.1"})
    assert (again.status_code, "was withdrawn" in again.text) == (409, True)
    assert acts(practice).count("practice.withdrawn") == 1


def test_nobody_learns_of_a_draft_by_withdrawing_it(app: Flask) -> None:
    """Neither the question nor the step knows it."""
    practice = network.write()
    for role in ("rival lead", "lead", "secretariat"):
        client = client_of(app, role)
        assert client.get(f"/practices/{practice.slug}/withdraw").status_code == 404
        answer = post(client, f"/practices/{practice.slug}/withdraw", {"reason": WHY})
        assert answer.status_code == 404


def test_own_work_lists_what_is_withdrawn(app: Flask) -> None:
    """For the city alone."""
    practice = network.write_to("published", title="Wrong figures")
    service.withdraw(actor("lead"), practice, reason=WHY)
    assert "Wrong figures" in client_of(app, "official").get("/work").text
    assert "Wrong figures" not in client_of(app, "rival").get("/work").text
