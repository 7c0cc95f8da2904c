"""Commands on announcements: who may, what they refuse, and what is held about their writer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask

from citynet.announcements import queries, service
from citynet.announcements.models import Announcement, Audience, State
from citynet.announcements.service import Words
from citynet.kit import clock, personal
from citynet.kit.errors import Conflict, Forbidden, Invalid, NotFound
from tests import network

TODAY = clock.now().date()
WORDS = Words(
    title_en="Seminar", title_id="Seminar di Kupang", begins_on=TODAY,
    ends_on=TODAY + timedelta(days=7),
)  # fmt: skip
COMMANDS: dict[str, Callable[..., object]] = {
    "write": lambda actor, one: service.write(actor, WORDS),
    "change": lambda actor, one: service.change(actor, one, WORDS, version=1),
    "publish": lambda actor, one: service.publish(actor, one, version=1),
    "withdraw": service.withdraw,
    "discard": service.discard,
}


@pytest.fixture
def draft(app: Flask) -> Announcement:
    """Return a draft."""
    return service.write(network.actor("secretariat"), WORDS)


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("role", ["visitor", "official", "lead", "suspended", "nobody's"])
def test_only_the_networks_secretariat_announces(
    draft: Announcement, role: str, command: str
) -> None:
    """Whatever the command."""
    with pytest.raises(Forbidden):
        COMMANDS[command](network.actor(role), draft.id)
    assert queries.get_announcement(draft.id).state == State.DRAFT


@pytest.mark.parametrize("command", ["change", "publish", "withdraw", "discard"])
def test_announcement_that_is_gone_is_not_found(app: Flask, command: str) -> None:
    """Somebody discarded it meanwhile."""
    with pytest.raises(NotFound):
        COMMANDS[command](network.actor("secretariat"), 99)


@pytest.mark.parametrize(
    ("days", "state"), [(-1, State.PLANNED), (0, State.SHOWN), (7, State.SHOWN), (8, State.PAST)]
)
def test_state_follows_the_days(draft: Announcement, days: int, state: State) -> None:
    """In the list of the desk as on the home page."""
    one = service.publish(network.actor("secretariat"), draft.id, version=1)
    with clock.moved(timedelta(days=days)):
        assert one.state == state
        assert bool(queries.shown_to(network.actor("visitor"))) == (state == State.SHOWN)


def test_newest_five_are_shown(app: Flask) -> None:
    """A home page is no archive."""
    admin = network.actor("secretariat")
    for number in range(7):
        words = replace(WORDS, title_en=f"Number {number}")
        service.publish(admin, service.write(admin, words).id, version=1)
    shown = [one.title_en for one in queries.shown_to(network.actor("visitor"))]
    assert shown == [f"Number {number}" for number in (6, 5, 4, 3, 2)]


def test_text_stands_in_both_languages_or_in_neither(app: Flask) -> None:
    """A reader of the other language would find an empty box."""
    with pytest.raises(Invalid) as error:
        service.write(network.actor("secretariat"), replace(WORDS, text_id="Tiga hari."))
    assert set(error.value.fields) == {"text_en"}


@pytest.mark.parametrize("link", ["/topics/", "https://example.org/a?b=c", "http://x.example"])
def test_link_leads_into_the_network_or_to_a_whole_address(app: Flask, link: str) -> None:
    """With which it is shown."""
    assert service.write(network.actor("secretariat"), replace(WORDS, link=link)).link == link


def test_invisible_letters_and_line_breaks_leave_the_title(app: Flask) -> None:
    """It is one line, as it is read."""
    words = replace(WORDS, title_en=" Semi\u200bnar\r\nin  Kupang ", audience=Audience.MEMBERS)
    assert service.write(network.actor("secretariat"), words).title_en == "Seminar in Kupang"


def test_second_decision_is_told(draft: Announcement) -> None:
    """Withdrawing twice, publishing what is withdrawn."""
    admin = network.actor("secretariat")
    service.publish(admin, draft.id, version=1)
    service.withdraw(admin, draft.id)
    with pytest.raises(Conflict):
        service.withdraw(admin, draft.id)
    with pytest.raises(Conflict):
        service.publish(admin, draft.id, version=1)


def test_writer_is_given_out(draft: Announcement) -> None:
    """The announcement itself stays when its writer is erased."""
    person_id = network.actor("secretariat").person_id or 0
    written = personal.export_all(person_id).data["announcements"]["written"]
    assert [one["title"] for one in written] == ["Seminar"]  # type: ignore[attr-defined]
    personal.erase_all(person_id, "Somebody 1")
    assert queries.get_announcement(draft.id).title_en == "Seminar"
