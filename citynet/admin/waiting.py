"""What waits for a secretariat: of each sort how many, and the first few, oldest first."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeVar

from flask import url_for
from sqlalchemy import Select, exists, func, select
from sqlalchemy.orm import contains_eager

from citynet.asked import policy as asked_policy
from citynet.asked.models import MissingReport
from citynet.asked.models import State as MissingState
from citynet.cities import policy
from citynet.cities import queries as cities
from citynet.cities.models import (
    Actor,
    Application,
    AppState,
    JoinRequest,
    Membership,
    RequestState,
    Standing,
)  # fmt: skip
from citynet.cities.queries import cases
from citynet.kit import clock, db, effects
from citynet.kit.i18n import _, lazy, ngettext
from citynet.practices import policy as practice_policy
from citynet.practices.models import (
    Practice,
    Revision,
    ScheduledPublication,
    State,
    Translation,
)

FEW = 5
WORK = {
    "practice.index": lazy("Bring search up to date"),
    "practices.index": lazy("Bring search up to date"),
    "city.corrected": lazy("Bring search up to date"),
    "index.repair": lazy("Bring search up to date"),
    "mail": lazy("Send a mail"),
    "search.digest": lazy("Send a mail"),
    "joining.links": lazy("Send a mail"),
    "accounts.reset": lazy("Send a mail"),
    "job": lazy("Go on with a long piece of work"),
    "erasure.note": lazy("Note an erasure outside the database"),
    "practice.picture": lazy("Make the smaller copies of a picture"),
    "application.file_gone": lazy("Delete a file that is not needed any more"),
    "practice.file_gone": lazy("Delete a file that is not needed any more"),
}
T = TypeVar("T")


@dataclass(frozen=True)
class Item:
    """One thing that waits; `lang` is the language of its title where it has one of its own."""

    title: str
    place: str
    url: str
    wait: str
    lang: str = ""


@dataclass(frozen=True)
class Queue:
    """Things of one sort that wait: how many, and the first few."""

    key: str
    title: str
    url: str
    total: int
    items: Sequence[Item]


def queues(actor: Actor) -> list[Queue]:
    """Return every queue of the actor that is not empty, each read in one query."""
    found = [
        _applications(actor), _requests(actor), _reviews(actor), _translations(actor),
        _expiring(actor), _without_lead(actor), _missing(actor),
    ]  # fmt: skip
    if policy.can_manage_network(actor):
        found.append(_failed())
    return [one for one in found if one.total]


def _queue(key: str, title: str, url: str, wanted: Select[T], told: Callable[[T], Item]) -> Queue:
    """Read the first few and, beside them, how many there are."""
    counted = wanted.add_columns(func.count().over()).limit(FEW)
    rows = db.session().execute(counted).all()
    return Queue(key, title, url, rows[0][1] if rows else 0, [told(row[0]) for row in rows])


def _applications(actor: Actor) -> Queue:
    asked_at = func.coalesce(Application.confirmed_at, Application.created_at)
    base = cases.applications(actor).with_only_columns(Application, maintain_column_froms=True)
    return _queue(
        "applications", _("Applications"),
        url_for("admin.applications", state=AppState.WAITING.value),
        base.where(Application.state == AppState.WAITING).order_by(asked_at, Application.id),
        lambda one: Item(one.full_name, one.office,
                         url_for("admin.application", application_id=one.id),
                         since(one.confirmed_at or one.created_at)),
    )  # fmt: skip


def _requests(actor: Actor) -> Queue:
    asked_at = func.coalesce(JoinRequest.confirmed_at, JoinRequest.asked_at)
    wanted = (
        select(JoinRequest)
        .join(JoinRequest.city)
        .options(contains_eager(JoinRequest.city))
        .where(JoinRequest.state == RequestState.WAITING, policy.administered_by(actor))
        .order_by(asked_at, JoinRequest.id)
    )
    return _queue(
        "requests", _("Requests to join a city"), url_for("admin.join_requests"), wanted,
        lambda one: Item(one.name, one.city.full_name,
                         url_for("admin.join_requests"),
                         since(one.confirmed_at or one.asked_at)),
    )  # fmt: skip


def _reviews(actor: Actor) -> Queue:
    wanted = (
        select(Revision)
        .join(Revision.practice)
        .join(Practice.city)
        .options(contains_eager(Revision.practice).contains_eager(Practice.city))
        .where(Revision.state == State.SIGNED_OFF, practice_policy.readable_by(actor))
        # What was approved for a day waits for that day, not for the secretariat.
        .where(~exists().where(ScheduledPublication.revision_id == Revision.id))
        .order_by(Revision.signed_off_at, Revision.id)
    )
    return _queue(
        "reviews", _("Practices to review"), url_for("admin.reviews"), wanted,
        lambda one: Item(one.title, one.practice.city.full_name,
                         url_for("practices.draft", slug=one.practice.slug),
                         since(one.signed_off_at), one.language),
    )  # fmt: skip


def _translations(actor: Actor) -> Queue:
    wanted = (
        select(Translation)
        .join(Translation.practice)
        .join(Practice.city)
        .join(Revision, Revision.practice_id == Practice.id)
        .options(contains_eager(Translation.practice).contains_eager(Practice.city))
        .where(Translation.state == State.SIGNED_OFF, Revision.state == State.PUBLISHED)
        .where(practice_policy.translations_for(actor))
        .order_by(Translation.signed_off_at, Translation.id)
    )
    return _queue(
        "translations", _("Translations to review"), url_for("admin.reviews"), wanted,
        lambda one: Item(one.title, one.practice.city.full_name,
                         url_for("practices.translation", slug=one.practice.slug,
                                 language=one.language),
                         since(one.signed_off_at), one.language),
    )  # fmt: skip


def _expiring(actor: Actor) -> Queue:
    wanted = _memberships(actor).where(cities.expiring())
    return _queue(
        "expiring", _("Terms that end soon"), url_for("admin.memberships", term="soon"),
        wanted.order_by(Membership.until_day, Membership.id),
        lambda one: Item(one.city.full_name, one.city.province or "",
                         url_for("admin.membership", slug=one.city.slug), until(one.until_day)),
    )  # fmt: skip


def _without_lead(actor: Actor) -> Queue:
    wanted = _memberships(actor).where(
        Membership.standing == Standing.ACTIVE, cities.without_lead()
    )
    return _queue(
        "leads", _("Member cities without a lead"),
        url_for("admin.memberships", lead="none", standing=Standing.ACTIVE.value),
        wanted.order_by(Membership.admitted_at, Membership.id),
        lambda one: Item(one.city.full_name, one.city.province or "",
                         url_for("admin.membership", slug=one.city.slug), ""),
    )  # fmt: skip


def _missing(actor: Actor) -> Queue:
    """Return what people did not find, the oldest first; the desk's list has the most wanted."""
    wanted = (
        select(MissingReport)
        .outerjoin(MissingReport.city)
        .options(contains_eager(MissingReport.city))
        .where(MissingReport.state == MissingState.OPEN, asked_policy.answered_by(actor))
        .order_by(MissingReport.reported_at, MissingReport.id)
    )
    return _queue(
        "missing", _("Missing practices"), url_for("admin.missing", state=MissingState.OPEN.value),
        wanted,
        lambda one: Item(one.query, one.city.full_name if one.city else "",
                         url_for("admin.missing_report", report_id=one.id),
                         since(one.reported_at), one.language),
    )  # fmt: skip


def _failed() -> Queue:
    dead = select(effects.Effect).where(effects.Effect.state == effects.State.DEAD)
    return _queue(
        "effects", _("Failed background work"), url_for("admin.effect_list", state="dead"),
        dead.order_by(effects.Effect.created_at, effects.Effect.id),
        lambda one: Item(str(WORK.get(one.kind, one.kind)), _("number %(id)s", id=one.id),
                         url_for("admin.effect_list", state="dead"), since(one.created_at)),
    )  # fmt: skip


def _memberships(actor: Actor) -> Select[Membership]:
    return (
        select(Membership)
        .join(Membership.city)
        .options(contains_eager(Membership.city))
        .where(policy.administered_by(actor))
    )


def since(moment: datetime | None) -> str:
    """Tell how long something has waited, in days."""
    if moment is None:
        return ""
    days = (clock.now() - moment).days
    return ngettext("waits for %(num)s day", "waits for %(num)s days", days) if days else _("new")


def until(last: date | None) -> str:
    """Tell in how many days a term ends."""
    if last is None:
        return ""
    days = (last - clock.now().date()).days
    if days <= 0:
        return _("ends today") if days == 0 else _("is over")
    return ngettext("ends in %(num)s day", "ends in %(num)s days", days)
