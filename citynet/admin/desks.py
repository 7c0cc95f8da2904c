"""The desks by group: the navigation of the secretariat's pages, and who may enter which."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from citynet.asked import policy as asked_policy
from citynet.cities import policy
from citynet.cities.models import Actor
from citynet.kit.i18n import lazy
from citynet.practices import policy as practice_policy


@dataclass(frozen=True)
class Desk:
    """One desk: the `tab` its pages name, where it begins, its label, and who may enter."""

    tab: str
    endpoint: str
    label: str
    may: Callable[[Actor], bool] = policy.can_use_desk


GROUPS: dict[str, tuple[Desk, ...]] = {
    lazy("Overview"): (
        Desk("desk", "admin.desk", lazy("What waits")),
        Desk("search", "admin.search", lazy("Find a city or person")),
    ),
    lazy("Members"): (
        Desk("applications", "admin.applications", lazy("Applications")),
        Desk("memberships", "admin.memberships", lazy("Memberships")),
        Desk("people", "admin.people", lazy("People")),
        Desk("chapters", "admin.chapters", lazy("Chapters"), policy.can_manage_network),
        Desk("imports", "admin.imports", lazy("Import")),
    ),
    lazy("Practices"): (
        Desk("reviews", "admin.reviews", lazy("Reviews"), practice_policy.can_review),
        Desk("liveness", "admin.liveness", lazy("Still running?"), practice_policy.can_review),
        Desk("topics", "admin.topics", lazy("Topics"), policy.can_manage_network),
        Desk("missing", "admin.missing", lazy("Missing practices"), asked_policy.can_answer),
        Desk("past_queries", "admin.past_queries", lazy("Often searched"), asked_policy.can_hide),
    ),
    lazy("Network"): (
        Desk("announcements", "admin.announcements", lazy("Announcements"),
             policy.can_manage_network),
        Desk("letters", "admin.letters", lazy("Letters"), policy.can_manage_network),
        Desk("identity", "admin.identity", lazy("Name and look"), policy.can_manage_network),
    ),
    lazy("Records"): (
        Desk("audit", "admin.audit", lazy("Audit log")),
        Desk("effects", "admin.effect_list", lazy("Background work"), policy.can_manage_network),
    ),
}  # fmt: skip


def desks_of(actor: Actor) -> list[tuple[str, list[Desk]]]:
    """Return each group with the desks the actor may use; a group without any is left out."""
    groups = [(label, [one for one in desks if one.may(actor)]) for label, desks in GROUPS.items()]
    return [(label, desks) for label, desks in groups if desks]
