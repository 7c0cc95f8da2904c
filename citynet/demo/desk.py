"""What the demonstration shows on the secretariat's desk: examples at each step, all marked so.

A chapter with its own secretariat, applications that wait or are asked for more, two that ask for
the same city, terms that end soon, an open invitation, a request to join a city, an announcement.
"""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from citynet.accounts import service as accounts
from citynet.announcements import service as announcements
from citynet.cities import queries as city_queries
from citynet.cities.models import Actor, Application, AppState, City, Kind, Role
from citynet.cities.queries import memberships
from citynet.cities.service import applications, chapters, deciding, drafting, requests, terms
from citynet.cities.service.entries import Entry
from citynet.cities.service.invitations import invite_by_mail
from citynet.kit import clock, db

PASSWORD = "belajar-dari-kota"  # noqa: S105 - the demonstration's, printed at every start
CHAPTER = "indonesia@citynet.example"
# Each with its contact, as if a letter had come: code, name, office, address, language.
APPLICANTS = (
    ("11.71", "Cut Maulidar (contoh)", "Bappeda (contoh)", "lead@bandaaceh.example", "id"),
    ("13.76", "Yusmarni Chaniago (contoh)", "Dinas Kominfo (contoh)", "lead@payakumbuh.example",
     "id"),
    ("gn:2108502", "Grace Maelaua (example)", "City Clerk's Office (example)",
     "lead@honiara.example", "en"),
    ("13.76", "Rahmat Hidayat (contoh)", "Bagian Organisasi (contoh)",
     "organisasi@payakumbuh.example", "id"),
)  # fmt: skip
NOTE = {
    "en": "This is an example of an application. It does not come from the city.",
    "id": "Ini contoh permohonan. Permohonan ini tidak berasal dari kota tersebut.",
}
QUESTION = "Mohon lampirkan surat minat yang ditandatangani kepala daerah. (contoh)"
ASKS = "asks@sidoarjo.example"
REASON = "Example of a term in the demonstration network."
# Cities whose example terms end so many days from now.
ENDING = {"35.10": 5, "53.71": 25, "gn:1848354": 50}


def load_chapter(admin: Actor) -> None:
    """Found the chapter before its cities ask to join, so that they come to it."""
    chapter = chapters.create_chapter(admin, name="CityNet Indonesia", country="ID")
    person = accounts.create_person(
        admin.person, CHAPTER, name="CityNet Indonesia (contoh)", password=PASSWORD,
        language="id",
    )  # fmt: skip
    chapters.add_chapter_person(admin, chapter, person.email)


def apply(admin: Actor, city: City) -> None:
    """Write down each example application of a city, and so its membership."""
    for code, name, office, email, language in APPLICANTS:
        if code == city.code:
            entry = Entry(
                city=city, kind=Kind(city.kind), contact_name=name, office=office, email=email,
                language=language, population=city.population, area_km2=city.area_km2,
                note=NOTE[language],
            )  # fmt: skip
            applications.register(admin, entry)


@db.transaction
def load_rest(admin: Actor) -> None:
    """Add what needs the network to be there."""
    for code, days in ENDING.items():
        _let_term_end_in(admin, _city(code), days)
    _ask_for_more(admin)
    _invite_and_request(admin)
    _announce(admin)


def _let_term_end_in(admin: Actor, city: City, days: int) -> None:
    membership = memberships.membership_of(city.id)
    if membership is None or membership.from_day is None:
        raise LookupError(f"{city.full_name} has no term")
    terms.correct_term(
        admin, city, from_day=membership.from_day, until=clock.now().date() + timedelta(days=days),
        reason=REASON, seen_until=membership.until_day,
    )  # fmt: skip


def _ask_for_more(admin: Actor) -> None:
    """Ask the oldest applicant for its letter, so that one case waits for an answer."""
    oldest = select(Application).where(Application.state == AppState.WAITING)
    found = db.session().scalars(oldest.order_by(Application.id).limit(1)).one()
    deciding.ask(admin, found.id, drafting.question_draft(found, QUESTION), seen=found.version)


def _invite_and_request(admin: Actor) -> None:
    city = _city("35.15")
    invite_by_mail(
        admin, city, email="baru@sidoarjo.example", name="Wahyu Lestari (contoh)",
        role=Role.OFFICIAL, language="id",
    )  # fmt: skip
    person = accounts.create_person(
        admin.person, ASKS, name="Galih Saputra (contoh)", password=PASSWORD, language="id"
    )
    requests.ask_as(
        city_queries.actor_of(person), city, office="Dinas Perhubungan (contoh)",
        note="Contoh permintaan bergabung.", language="id",
    )  # fmt: skip


def _announce(admin: Actor) -> None:
    words = announcements.Words(
        title_en="This is a demonstration network",
        title_id="Ini jaringan peragaan",
        text_en="People and memberships are examples. The practices state public facts, each with "
        "its source.",
        text_id="Orang dan keanggotaan di sini hanya contoh. Praktik baik menyatakan fakta "
        "publik, masing-masing dengan sumbernya.",
        begins_on=clock.now().date(), ends_on=clock.now().date() + timedelta(days=90),
    )  # fmt: skip
    written = announcements.write(admin, words)
    announcements.publish(admin, written.id, version=written.version)


def _city(code: str) -> City:
    city = city_queries.find_city(code)
    if city is None:
        raise LookupError(f"no city {code} in the shipped table")
    return city
