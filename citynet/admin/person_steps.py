"""What the desk can do with one person: each step with its words, its fields, and its command."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from citynet.cities import policy
from citynet.cities import queries as cities
from citynet.cities.models import Actor, City
from citynet.cities.queries.people import Case
from citynet.cities.service import officials, people
from citynet.kit.errors import Conflict, Invalid, require
from citynet.kit.http import number_in
from citynet.kit.i18n import _, lazy

Form = Mapping[str, str]
# Steps that no chapter's secretariat takes, wherever the person stands.
OF_NETWORK = frozenset({"second-factor", "give-rights", "take-rights", "erase"})


@dataclass(frozen=True)
class Step:
    """One step: `title` and `text` with the person's name and city, and what it asks for."""

    title: str
    text: str
    button: str
    done: str
    may: Callable[[Actor, Case], bool]
    do: Callable[[Actor, Case, Form], object]
    # Of `reason`, `city` and `successor`.
    fields: tuple[str, ...] = ()
    kind: str = "warning"

    def words(self, text: str, case: Case) -> str:
        """Return one of its sentences with name and city filled in."""
        city = case.city.full_name if case.city else "–"
        return str(text) % {"name": case.person.name, "city": city}


def steps_of(actor: Actor, case: Case) -> dict[str, Step]:
    """Return the steps that are possible now, by their word in the address."""
    return {key: step for key, step in STEPS.items() if step.may(actor, case)}


def require_right(actor: Actor, key: str) -> None:
    """Refuse a step that is not the actor's to take with anybody.

    Raises:
        Forbidden: only the network's secretariat takes it.
    """
    require(key not in OF_NETWORK or policy.can_manage_network(actor))


def _is_network(actor: Actor, _case: Case) -> bool:
    return policy.can_manage_network(actor)


def _is_other(actor: Actor, case: Case) -> bool:
    return actor.person_id != case.person.id


def _may_deactivate(actor: Actor, case: Case) -> bool:
    return case.person.is_active and _is_other(actor, case)


def _may_reactivate(actor: Actor, case: Case) -> bool:
    return not case.person.is_active and _is_other(actor, case)


def _may_move(_actor: Actor, case: Case) -> bool:
    return case.person.is_active and not case.person.is_secretariat and not case.chapter_name


def _may_lead(_actor: Actor, case: Case) -> bool:
    return case.official is not None and case.person.is_active and not case.is_lead


def _has_city(_actor: Actor, case: Case) -> bool:
    return case.official is not None


def _may_reset(actor: Actor, case: Case) -> bool:
    return case.has_second_factor and _is_network(actor, case) and _is_other(actor, case)


def _may_give(actor: Actor, case: Case) -> bool:
    is_free = case.official is None and case.person.is_active
    return is_free and not case.person.is_secretariat and _is_network(actor, case)


def _may_take(actor: Actor, case: Case) -> bool:
    return case.person.is_secretariat and _is_network(actor, case)


def _may_erase(actor: Actor, case: Case) -> bool:
    return _is_network(actor, case) and _is_other(actor, case)


def _deactivate(actor: Actor, case: Case, form: Form) -> object:
    return people.deactivate(
        actor, case.person, reason=form.get("reason", ""), successor_id=_successor(form)
    )


def _reactivate(actor: Actor, case: Case, form: Form) -> object:
    return people.reactivate(actor, case.person, reason=form.get("reason", ""))


def _move(actor: Actor, case: Case, form: Form) -> object:
    city = city_meant(form.get("city", ""))
    return officials.move(actor, case.person, city, successor_id=_successor(form))


def _lead(actor: Actor, case: Case, _form: Form) -> object:
    if case.official is None or case.city is None:
        raise Conflict(_("This person acts for no city."))
    return officials.hand_over(actor, case.city, case.official.id)


def _remove(actor: Actor, case: Case, form: Form) -> object:
    if case.official is None or case.city is None:
        raise Conflict(_("This person acts for no city."))
    return officials.remove(actor, case.city, case.official.id, successor_id=_successor(form))


def _reset(actor: Actor, case: Case, form: Form) -> object:
    return people.reset_second_factor(actor, case.person, reason=form.get("reason", ""))


def _successor(form: Form) -> int | None:
    return number_in(form.get("successor"))


def city_meant(text: str) -> City:
    """Return the one city that a text names by its code, address or full name.

    Raises:
        Invalid: none, or several.
    """
    found, _rest = cities.cities_meant([text[:120]])
    if not found:
        raise Invalid({"city": _("No single city is meant. Write its full name or its code.")})
    return found[0]


STEPS: dict[str, Step] = {
    "deactivate": Step(
        lazy("Deactivate %(name)s"),
        lazy("%(name)s is signed out everywhere and cannot sign in any more. What they wrote "
             "stays, with their name. You can open the account again."),
        lazy("Deactivate"), lazy("The account of %(name)s is deactivated."),
        _may_deactivate, _deactivate, ("reason", "successor"),
    ),
    "reactivate": Step(
        lazy("Open the account of %(name)s again"),
        lazy("%(name)s can sign in again with the password they had, and has the rights the "
             "city has now."),
        lazy("Open again"), lazy("%(name)s can sign in again."),
        _may_reactivate, _reactivate, ("reason",), "primary",
    ),
    "move": Step(
        lazy("Move %(name)s to another city"),
        lazy("From then on %(name)s acts for the other city alone, also where signed in now. "
             "What they wrote stays with the city it was written for."),
        lazy("Move"), lazy("%(name)s is moved."), _may_move, _move, ("city", "successor"),
    ),
    "lead": Step(
        lazy("Let %(name)s lead %(city)s"),
        lazy("%(name)s is told by mail. Whoever leads the city now becomes an official of it."),
        lazy("Make lead"), lazy("%(name)s leads %(city)s now."), _may_lead, _lead,
    ),
    "remove": Step(
        lazy("Remove %(name)s from %(city)s"),
        lazy("%(name)s loses the rights of the city at once, and is told by mail. What they "
             "wrote stays, with their name, and the account stays open."),
        lazy("Remove"), lazy("%(name)s does not act for %(city)s any more."),
        _has_city, _remove, ("successor",),
    ),
    "second-factor": Step(
        lazy("Reset the second factor of %(name)s"),
        lazy("App, recovery codes and passkeys are taken away and every session ends; "
             "%(name)s is told by mail. Do this only if you are sure who asked for it."),
        lazy("Reset"), lazy("The second factor of %(name)s is reset."),
        _may_reset, _reset, ("reason",),
    ),
    "give-rights": Step(
        lazy("Take %(name)s into the secretariat"),
        lazy("%(name)s then decides on every membership and practice, and on who else does."),
        lazy("Take into the secretariat"), lazy("%(name)s is of the secretariat now."),
        _may_give, lambda actor, case, _form: people.give_rights(actor, case.person),
    ),
    "take-rights": Step(
        lazy("Take %(name)s out of the secretariat"),
        lazy("%(name)s loses every right of the secretariat at once. The account stays open."),
        lazy("Take out"), lazy("%(name)s is not of the secretariat any more."),
        _may_take, lambda actor, case, _form: people.take_rights(actor, case.person),
    ),
    "erase": Step(
        lazy("Erase %(name)s for good"),
        lazy("Only if %(name)s asked for it: name, address and account go, and cannot come "
             "back. What was published stays under a pseudonym."),
        lazy("Erase for good"), lazy("The person is erased."),
        _may_erase, lambda actor, case, _form: people.erase(actor, case.person),
    ),
}  # fmt: skip
