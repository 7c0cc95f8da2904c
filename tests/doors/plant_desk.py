"""What the desk keeps behind its doors: chapters, topics, terms, announcements, filters."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import timedelta

from PIL import Image

from citynet.admin import service as desk
from citynet.announcements import service as announcements
from citynet.announcements.models import Audience
from citynet.cities import queries as cities
from citynet.cities import service as memberships
from citynet.cities.models import Chapter, City, Kind, Standing
from citynet.kit import clock, db, files, letters, network
from citynet.kit.letters import Draft
from citynet.practices import editing_topics, queries
from citynet.practices.topic_words import Words as TopicWords
from tests.doors.canaries import TERM_ENDS, word_of
from tests.network import actor

Things = dict[str, dict[str, object]]
LETTER = "accounts.password_reset"


def picture(colour: str) -> bytes:
    """Return a small picture."""
    written = io.BytesIO()
    Image.new("RGB", (16, 16), colour).save(written, "PNG")
    return written.getvalue()


def plant_public() -> Things:
    """Write what everybody may see, or what shows nowhere by itself."""
    admin = actor("secretariat")
    _add_places()
    memberships.register_application(admin, cities.get_city("asker"))
    spare = editing_topics.add(admin, TopicWords(name_en="Spare", name_id="Cadangan"))
    mark = files.put(picture("#0c5b67"))
    look = network.change(
        admin.person_id or 0,
        replace(network.current(), mark=mark, main_colour="#154360", accent_colour="#f4a927"),
    )
    shown = _announce("Seminar", publish=True)
    letters.change(admin.person_id or 0, LETTER, "en",
                   Draft("Your password", "Go on here.\n\n{link}"))  # fmt: skip
    return {
        "topic": {"topic_id": queries.get_topic("licensing").id},
        "other-topic": {"topic_id": queries.get_topic("waste").id},
        "unused-topic": {"topic_id": spare.id},
        "published": shown,
        "look": {"digest": look.look},
        "mark": {"digest": mark},
        "identity": {"seen": look.digest},
        "letter": {"seen": letters.wording(LETTER, "en").digest},
    }


def plant_secrets() -> Things:
    """Write what not everybody may see."""
    admin, seoul = actor("secretariat"), cities.get_city("seoul")
    for standing in (Standing.SUSPENDED, Standing.ACTIVE):
        reason = f"Because of {word_of('reason of before')}"
        memberships.change_standing(admin, seoul, standing, reason=reason)
    sidoarjo = cities.get_city("kabupaten-sidoarjo")
    for city, until in ((sidoarjo, TERM_ENDS), (seoul, TERM_ENDS + timedelta(days=99))):
        kept = cities.membership_of(city.id)
        assert kept
        memberships.renew(admin, city, until=until, reason="Paid", seen_until=kept.until_day)
    member, draft = word_of("announcement for members"), word_of("announcement unpublished")
    planned = word_of("announcement of tomorrow")
    _announce(member, publish=True, audience=Audience.MEMBERS)
    _announce(planned, publish=True, days=1)
    withdrawn = _announce(f"Withdrawn {draft}", publish=True)
    announcements.withdraw(admin, int(str(withdrawn["announcement_id"])))
    filters = {
        owner: desk.save_filter(actor(owner), "people", name=word_of(thing), query="q=x").id
        for owner, thing in (("secretariat", "filter"), ("chapter", "chapter's filter"))
    }
    return {
        "unpublished": _announce(draft),
        "withdrawn": withdrawn,
        "secretariat's-own": {"filter_id": filters["secretariat"]},
        "chapter's-own": {"filter_id": filters["chapter"]},
    }


def _announce(
    word: str, *, publish: bool = False, audience: Audience = Audience.EVERYBODY,
    days: int = 0,
) -> dict[str, object]:  # fmt: skip
    first = clock.now().date() + timedelta(days=days)
    words = announcements.Words(
        title_en=f"Title {word}", title_id=f"Judul {word}", text_en=f"Text {word}",
        text_id=f"Teks {word}", audience=audience, begins_on=first,
        ends_on=first + timedelta(days=9),
    )  # fmt: skip
    kept = announcements.write(actor("secretariat"), words)
    if publish:
        announcements.publish(actor("secretariat"), kept.id, version=kept.version)
    return {"announcement_id": kept.id, "version": kept.version}


@db.transaction
def _add_places() -> None:
    """Give the chapter a country, with a city that will ask on paper, and one that never did."""
    cities.get_chapter("chapter").country = "FJ"
    db.session().add_all(
        [
            Chapter(slug="other-chapter", name="Chapter of Elsewhere", country="NZ"),
            Chapter(slug="empty-chapter", name="Chapter of Nobody"),
            City(slug="hamlet", code="gn:4", name="Hamlettown", kind=Kind.CITY, country="FJ",
                 latitude=-18.0, longitude=178.0),
            City(slug="asker", code="gn:5", name="Askertown", kind=Kind.CITY, country="FJ",
                 latitude=-17.0, longitude=177.0),
        ]
    )  # fmt: skip
