"""Commands that switch the secretariat's own review off for a city, and on again."""

from __future__ import annotations

from citynet.cities.models import Actor, City
from citynet.kit import audit, db, html
from citynet.kit.errors import Conflict, require
from citynet.kit.i18n import _
from citynet.practices import policy
from citynet.practices.models import TrustedCity

LONGEST_REASON = 1000


@db.transaction
def trust(actor: Actor, city: City, *, reason: str) -> None:
    """Let the lead's sign-off publish at once from now on.

    Raises:
        Invalid: no reason, or one longer than 1,000 characters.
        Conflict: it is so already.
    """
    require(policy.can_trust(actor, city))
    reason = _read(reason)
    if _held(city) is not None:
        raise Conflict(_("Somebody decided before you: the lead’s sign-off publishes at once."))
    db.session().add(TrustedCity(city_id=city.id, by_id=actor.person_id, reason=reason))
    _record(actor, "city.trusted", city, reason)


@db.transaction
def review_again(actor: Actor, city: City, *, reason: str) -> None:
    """Let the secretariat review what the lead signs off from now on.

    Raises:
        Invalid: no reason, or one longer than 1,000 characters.
        Conflict: it is so already.
    """
    require(policy.can_trust(actor, city))
    reason = _read(reason)
    row = _held(city)
    if row is None:
        raise Conflict(_("Somebody decided before you: the secretariat reviews already."))
    db.session().delete(row)
    _record(actor, "city.reviewed_again", city, reason)


def _held(city: City) -> TrustedCity | None:
    db.session().get_one(City, city.id, with_for_update=True)
    return db.session().get(TrustedCity, city.id, populate_existing=True)


def _read(reason: str) -> str:
    sentence = _("Write a reason of up to 1,000 characters.")
    return html.said(reason, field="reason", most=LONGEST_REASON, sentence=sentence)


def _record(actor: Actor, action: str, city: City, reason: str) -> None:
    audit.record(
        actor.person_id, action, subject=("city", city.id), city_id=city.id,
        details={"reason": reason},
    )  # fmt: skip
