"""What tests of saved searches share: save one, let mornings come, read the mails that went."""

from __future__ import annotations

import re
from datetime import UTC, datetime, time, timedelta
from email.message import EmailMessage

from sqlalchemy import select

from citynet.kit import clock, db, effects
from citynet.search import saved
from citynet.search.digests import tell_what_is_new
from citynet.search.models import HowOften, SavedSearch, ToldPractice
from tests import network
from tests.kit.postbox import Postbox

OFFICIAL = "official@sidoarjo.example"
DAILY, WEEKLY, NEVER = HowOften.DAILY, HowOften.WEEKLY, HowOften.NEVER
LINK = re.compile(r"https?://[^/\s]+(/[^\s>]+)")


def keep(
    *pairs: tuple[str, str], role: str = "official", name: str = "Mine",
    how_often: HowOften = DAILY,
) -> SavedSearch:  # fmt: skip
    """Save a search as somebody."""
    return saved.save(network.actor(role), pairs, name=name, how_often=how_often)


def of(search: SavedSearch) -> SavedSearch:
    """Return the search as the database has it now."""
    return db.session().get_one(SavedSearch, search.id, populate_existing=True)


def told_by(search: SavedSearch, *, by_mail: bool = False) -> set[int]:
    """Return of which practices a search does not tell again."""
    wanted = select(ToldPractice.practice_id).where(ToldPractice.search_id == search.id)
    if by_mail:
        wanted = wanted.where(ToldPractice.mailed_at.is_not(None))
    return set(db.session().scalars(wanted))


def morning(days: int = 1) -> timedelta:
    """Return how far ahead the morning is, so many days from today."""
    day = clock.now().date() + timedelta(days=days)
    return datetime.combine(day, time(0, 30), UTC) - clock.now()


def monday(weeks: int = 0) -> timedelta:
    """Return how far ahead the next Monday's morning is."""
    return morning(7 - clock.now().weekday() + 7 * weeks)


def sweep(after: timedelta) -> None:
    """Let the worker look twice at a moment, and send what is due twice."""
    for _time in range(2):
        with clock.moved(after):
            tell_what_is_new()
        # What was written a moment ago must be due.
        with clock.moved(after + timedelta(minutes=1)):
            effects.run_due()


def text_of(letter: EmailMessage) -> str:
    """Return the text part of a mail, its lines put together again."""
    part = letter.get_body(("plain",))
    assert part is not None
    return " ".join(str(part.get_content()).split())


def digests_to(box: Postbox, to: str = OFFICIAL) -> list[EmailMessage]:
    """Return the digests that went to an address, oldest first."""
    return [
        letter
        for recipients, letter in box.letters
        if recipients == [to] and letter["List-Unsubscribe"]
    ]


def texts(box: Postbox, to: str = OFFICIAL) -> list[str]:
    """Return the texts of the digests that went to an address, oldest first."""
    return [text_of(letter) for letter in digests_to(box, to)]


def stop_path(letter: EmailMessage) -> str:
    """Return the path that a mail program's own button posts to."""
    found = LINK.search(str(letter["List-Unsubscribe"]))
    assert found, letter["List-Unsubscribe"]
    return found[1]


def write_rows() -> None:
    """Write a row into each table: a search, and what it found at saving."""
    assert told_by(keep(name="Everything"))
