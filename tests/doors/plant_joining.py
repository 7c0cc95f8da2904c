"""Applications behind the doors: in each state, here and elsewhere, with links and papers."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from citynet.cities import queries as cities
from citynet.cities.models import (
    VISITOR,
    Application,
    ApplicationFile,
    ApplicationLink,
    Kind,
    LinkPurpose,
)
from citynet.cities.service import applications, casework, deciding
from citynet.cities.service.entries import Entry
from citynet.kit import clock, db, tokens
from citynet.kit.letters import Draft
from citynet.kit.uploads import Upload
from tests.doors.canaries import word_of
from tests.network import actor

Things = dict[str, dict[str, object]]


def plant() -> Things:
    """Write everything, and return it by its names."""
    things = {
        "application": _confirmed("application", "pending"),
        "joined": _confirmed("application", "pending"),
        "elsewhere": _confirmed("application elsewhere", "outsider"),
        "another": _confirmed("application", None, name="Newtown", country="FJ"),
        "another-abroad": _confirmed("application elsewhere", None, name="Farville",
                                     country="NZ"),
        "declined": _confirmed("application", None, name="Oldtown", country="FJ"),
    }  # fmt: skip
    _discuss(things["application"])
    _decline(things["declined"])
    unconfirmed = applications.apply(VISITOR, _entry("unconfirmed", "hamlet"))
    things["unconfirmed"] = {"application_id": unconfirmed.id}
    for one in things.values():
        row = db.session().get_one(Application, one["application_id"], populate_existing=True)
        one["seen"] = row.version
    return {**things, **_links(things, unconfirmed)}


def _entry(thing: str, slug: str | None, *, name: str = "", country: str = "") -> Entry:
    word = word_of(thing)
    paper = word_of("paper") if thing == "application" else word
    content = b"%PDF-1.7\n" + paper.encode() + b"\n%%EOF\n"
    kept = applications.keep(Upload(content, "letter.pdf", "application/pdf"))
    return Entry(
        city=cities.get_city(slug) if slug else None, kind=Kind.CITY, name=name, country=country,
        contact_name=f"Contact {word}", office=f"Office {word}", email=f"{word}@x.example",
        phone="+62 31 123456", note=f"Note {word}", language="en", papers=[kept.id],
    )  # fmt: skip


def _confirmed(
    thing: str, slug: str | None, *, name: str = "", country: str = ""
) -> dict[str, object]:
    """Apply and confirm; return where the application, its paper and its links are."""
    application = applications.apply(VISITOR, _entry(thing, slug, name=name, country=country))
    confirm = _link(application, LinkPurpose.CONFIRM)
    follow = applications.confirm(confirm)
    paper = select(ApplicationFile.id).where(ApplicationFile.application_id == application.id)
    return {
        "application_id": application.id, "confirm": confirm, "secret": follow,
        "file_id": db.session().scalars(paper).one(),
    }  # fmt: skip


def _discuss(found: dict[str, object]) -> None:
    """Let the applicant add words, and the chapter's secretariat ask."""
    follow, key = str(found["secret"]), int(str(found["application_id"]))
    applications.add(follow, f"We add {word_of('answer')}.", [])
    seen = db.session().get_one(Application, key, populate_existing=True).version
    draft = Draft("A question", f"What is {word_of('question')}?\n\n{{link}}")
    deciding.ask(actor("chapter"), key, draft, seen=seen)


def _decline(found: dict[str, object]) -> None:
    key = int(str(found["application_id"]))
    seen = db.session().get_one(Application, key, populate_existing=True).version
    reason = f"Because of {word_of('declined for')}"
    draft = Draft("A decision", f"{reason}\n\n{{link}}")
    deciding.decline(actor("secretariat"), key, reason, draft, seen=seen)


def _links(things: Things, unconfirmed: Application) -> Things:
    """Return links that are good, used, and over."""
    application, declined = things["application"], things["declined"]
    first = db.session().get_one(Application, application["application_id"])
    file_id = {"file_id": application["file_id"]}
    return {
        "to-confirm": {"secret": _link(unconfirmed, LinkPurpose.CONFIRM), **file_id},
        "confirm-over": {"secret": _link(unconfirmed, LinkPurpose.CONFIRM, is_over=True)},
        "confirmed": {"secret": application["confirm"]},
        "to-follow": {"secret": application["secret"], **file_id},
        "to-follow-declined": {"secret": declined["secret"], "file_id": declined["file_id"]},
        "follow-over": {"secret": _link(first, LinkPurpose.FOLLOW, is_over=True), **file_id},
        "other's-file": {
            "application_id": application["application_id"], "secret": application["secret"],
            "file_id": things["elsewhere"]["file_id"],
        },
        "no-file-number": {**application, "file_id": 9_999_999},
    }  # fmt: skip


@db.transaction
def _link(application: Application, purpose: LinkPurpose, *, is_over: bool = False) -> str:
    secret = casework.mint(application, purpose)
    if is_over:
        db.session().flush()
        wanted = select(ApplicationLink).where(ApplicationLink.digest == tokens.digest(secret))
        link = db.session().scalars(wanted).one()
        link.expires_at = clock.now() - timedelta(days=1)
    return secret
