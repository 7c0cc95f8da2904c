"""Commands on announcements: write, change, publish, withdraw, discard."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date
from urllib.parse import urlsplit

from sqlalchemy import select

from citynet.announcements import policy
from citynet.announcements.models import (
    LONGEST_LINK,
    LONGEST_TEXT,
    LONGEST_TITLE,
    Announcement,
    Audience,
)  # fmt: skip
from citynet.cities.models import Actor
from citynet.kit import audit, clock, db
from citynet.kit.errors import Conflict, Invalid, NotFound, require
from citynet.kit.html import drop_invisible
from citynet.kit.http import is_local
from citynet.kit.i18n import _


@dataclass(frozen=True, kw_only=True)
class Words:
    """What an announcement says, to whom and when."""

    title_en: str
    title_id: str
    text_en: str = ""
    text_id: str = ""
    link: str = ""
    audience: Audience = Audience.EVERYBODY
    begins_on: date | None
    ends_on: date | None


@db.transaction
def write(actor: Actor, words: Words) -> Announcement:
    """Keep a draft that nobody reads yet.

    Raises:
        Invalid: what is missing or too long, by field.
    """
    require(policy.can_announce(actor))
    found = Announcement(created_by_id=actor.person_id, **_checked(words))
    db.session().add(found)
    db.session().flush()
    _record(actor, "announcement.written", found, {}, _told(found))
    return found


@db.transaction
def change(actor: Actor, announcement_id: int, words: Words, *, version: int) -> Announcement:
    """Change the words, also of one that is shown; `version` is the one the editor began from.

    Raises:
        Invalid: what is missing or too long, by field.
        Conflict: somebody saved it meanwhile, or it is withdrawn.
        NotFound: there is none.
    """
    require(policy.can_announce(actor))
    found = _locked(announcement_id)
    if found.withdrawn_at is not None:
        raise Conflict(_("This announcement is withdrawn. Write a new one."))
    if found.version != version:
        raise Conflict(_("Somebody saved this announcement while you were writing."))
    before = _told(found)
    for name, value in _checked(words).items():
        setattr(found, name, value)
    found.version += 1
    _record(actor, "announcement.changed", found, before, _told(found))
    return found


@db.transaction
def publish(actor: Actor, announcement_id: int, *, version: int) -> Announcement:
    """Show it on the home page from its first day on; `version` is what the actor saw.

    Raises:
        Conflict: it is published already, or was changed meanwhile, or its last day is over.
        NotFound: there is none.
    """
    require(policy.can_announce(actor))
    found = _locked(announcement_id)
    if found.published_at is not None:
        raise Conflict(_("This announcement is published already."))
    if found.version != version:
        raise Conflict(_("Somebody changed this announcement meanwhile. Read it again."))
    if found.ends_on < clock.now().date():
        raise Conflict(_("Its last day is over. Choose a later one, then publish it."))
    found.published_at = clock.now()
    _record(actor, "announcement.published", found)
    return found


@db.transaction
def withdraw(actor: Actor, announcement_id: int) -> Announcement:
    """Take it from the home page; it stays in the list.

    Raises:
        Conflict: it is a draft, or withdrawn already.
        NotFound: there is none.
    """
    require(policy.can_announce(actor))
    found = _locked(announcement_id)
    if found.published_at is None or found.withdrawn_at is not None:
        raise Conflict(_("This announcement is not on the home page."))
    found.withdrawn_at = clock.now()
    _record(actor, "announcement.withdrawn", found)
    return found


@db.transaction
def discard(actor: Actor, announcement_id: int) -> None:
    """Delete a draft, which nobody else has read.

    Raises:
        Conflict: it was published.
        NotFound: there is none.
    """
    require(policy.can_announce(actor))
    found = _locked(announcement_id)
    if found.published_at is not None:
        raise Conflict(_("This announcement was published: withdraw it instead."))
    _record(actor, "announcement.discarded", found, _told(found), {})
    db.session().delete(found)


def _locked(announcement_id: int) -> Announcement:
    wanted = select(Announcement).where(Announcement.id == announcement_id).with_for_update()
    found = db.session().scalar(wanted.execution_options(populate_existing=True))
    if found is None:
        raise NotFound
    return found


def _checked(words: Words) -> dict[str, str | date | Audience | None]:
    """Return the words tidied, and refuse what cannot be shown."""
    tidy: dict[str, str | date | Audience | None] = {
        name: _tidy(name, value) if type(value) is str else value
        for name, value in asdict(words).items()
    }
    problems = {}
    for language, title in (("en", tidy["title_en"]), ("id", tidy["title_id"])):
        if not title or len(str(title)) > LONGEST_TITLE:
            problems[f"title_{language}"] = _("Write a title of up to 120 characters.")
        if len(str(tidy[f"text_{language}"])) > LONGEST_TEXT:
            problems[f"text_{language}"] = _("Write at most 2,000 characters.")
    if bool(tidy["text_en"]) != bool(tidy["text_id"]):
        empty = "text_id" if tidy["text_en"] else "text_en"
        problems[empty] = _("Write the text in both languages, or in neither.")
    if not _is_link(str(tidy["link"])):
        problems["link"] = _("Write an address that begins with https:// or with /.")
    if words.begins_on is None:
        problems["begins_on"] = _("Choose the first day.")
    if words.ends_on is None or (words.begins_on and words.ends_on < words.begins_on):
        problems["ends_on"] = _("Choose a last day that is not before the first.")
    if problems:
        raise Invalid(problems)
    return tidy


def _tidy(name: str, text: str) -> str:
    text = drop_invisible(text.replace("\r\n", "\n")).strip()
    return text if name.startswith("text") else " ".join(text.split())


def _is_link(link: str) -> bool:
    if not link or is_local(link):
        return True
    try:
        parts = urlsplit(link)
    except ValueError:
        return False
    is_whole = parts.scheme in ("http", "https") and bool(parts.hostname)
    return is_whole and len(link) <= LONGEST_LINK and not set(link) & set(" \t\"'<>\\")


def _told(found: Announcement) -> dict[str, object]:
    names = ("title_en", "title_id", "text_en", "text_id", "link", "audience")
    told: dict[str, object] = {name: getattr(found, name) for name in names}
    return {**told, "begins_on": str(found.begins_on), "ends_on": str(found.ends_on)}


def _record(
    actor: Actor, action: str, found: Announcement,
    before: dict[str, object] | None = None, after: dict[str, object] | None = None,
) -> None:  # fmt: skip
    before, after = before or {}, after or {}
    changed = [name for name in {**before, **after} if before.get(name) != after.get(name)]
    audit.record(
        actor.person_id, action, subject=("announcement", found.id),
        details={"title": found.title_en},
        before={name: before[name] for name in changed if name in before},
        after={name: after[name] for name in changed if name in after},
    )  # fmt: skip
