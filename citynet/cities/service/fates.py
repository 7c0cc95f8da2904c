"""What would become of an invitation to an address, told before it is written."""

from __future__ import annotations

import enum
from collections.abc import Collection
from dataclasses import dataclass, field

from citynet.cities.models import City, Role
from citynet.cities.queries import addresses
from citynet.cities.queries.addresses import Known
from citynet.kit.i18n import lazy


class Fate(enum.StrEnum):
    """What would happen, or why nothing does."""

    NEW = "new"
    AGAIN = "again"
    ELSEWHERE = "elsewhere"
    HERE = "here"
    LED = "led"
    LEADS = "leads"
    CLOSED = "closed"
    SECRETARIAT = "secretariat"
    DUPLICATE = "duplicate"


GOING = frozenset({Fate.NEW, Fate.AGAIN, Fate.ELSEWHERE})
_SENTENCES = {
    Fate.NEW: lazy("Is invited."),
    Fate.AGAIN: lazy("Is invited already: gets a new link, and the old one ends."),
    Fate.ELSEWHERE: lazy("Acts for another city: is invited, and moves by accepting."),
    Fate.HERE: lazy("Acts for this city already."),
    Fate.LED: lazy("The city has a lead already. Let the lead be handed over instead."),
    Fate.LEADS: lazy("Leads another city. Somebody else has to lead it first."),
    Fate.CLOSED: lazy("This account is deactivated. Ask the secretariat to open it again."),
    Fate.SECRETARIAT: lazy("Is of a secretariat, and acts for no city."),
    Fate.DUPLICATE: lazy("Stands in the list twice: only the first line counts."),
}


@dataclass
class Ground:
    """What is known of the addresses and cities of a list, read in few queries."""

    known: dict[str, Known]
    invited: set[tuple[str, int | None]]
    led: set[int]
    seen: set[tuple[str, int]] = field(default_factory=set)

    def fate(self, email: str, city_id: int, role: Role) -> Fate:
        """Return what would become of the next line of a list; the line is remembered."""
        if (email, city_id) in self.seen:
            return Fate.DUPLICATE
        self.seen.add((email, city_id))
        fate = self._fate_of_account(email, city_id)
        if fate in GOING and role == Role.LEAD and city_id in self.led:
            return Fate.LED
        if fate in GOING and role == Role.LEAD:
            self.led.add(city_id)
        return fate

    def _fate_of_account(self, email: str, city_id: int) -> Fate:
        account = self.known.get(email)
        if account is not None and not account.is_active:
            return Fate.CLOSED
        if account is not None and account.is_of_secretariat:
            return Fate.SECRETARIAT
        if account is not None and account.city_id == city_id:
            return Fate.HERE
        if account is not None and account.role == Role.LEAD:
            return Fate.LEADS
        if (email, city_id) in self.invited:
            return Fate.AGAIN
        return Fate.ELSEWHERE if account is not None and account.city_id else Fate.NEW


def ground_of(emails: Collection[str], city_ids: Collection[int]) -> Ground:
    """Read what is known of the addresses and cities of a list."""
    return Ground(addresses.known(emails), addresses.invited(emails), addresses.led(city_ids))


def fate_of(email: str, city: City, role: Role) -> Fate:
    """Return what would become of one invitation; an open one is sent again, and not told apart."""
    led = addresses.led({city.id}) if role == Role.LEAD else set()
    return Ground(addresses.known({email}), set(), led).fate(email, city.id, role)


def sentence(fate: Fate) -> str:
    """Return a fate in words."""
    return str(_SENTENCES[fate])
