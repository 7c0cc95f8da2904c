"""The doors' tests bite: with any one policy always saying yes, a door gives a wrong answer."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest
from sqlalchemy import true

from citynet.accounts import policy as accounts
from citynet.cities import policy as cities
from citynet.practices import policy as practices
from citynet.practices.content import Visibility
from citynet.practices.models import Revision, State
from tests.doors.house import House
from tests.doors.table import DOORS
from tests.doors.walk import complaints

# What no request can reach with a wrong answer, and why.
BEHIND = {
    "can_create_person": "people are added from the command line and by the demonstration",
    "can_manage_officials": "officials are appointed from the command line and the demonstration",
    "can_change_settings": "its views ask for a sign-in before anything else",
    "can_move_officials": "officials are moved from the command line only",
    "can_publish": "the command asks `can_review` and then for a text that is signed off",
    "can_see_own_work": "what the list holds is asked of `readable_by` once more",
}
# The thing at which a policy is met that no view names, so that it need not be searched for.
MET_AT = {
    "can_lead_decide": "submitted",
    "can_move": "admit-sidoarjo",
    "can_read": "revised",
    "can_read_reasons": "suspended",
    "can_revoke": "somebody's",
    "can_see_standing": "applicant",
    "has_second_person": "by-lead-alone",
}
YES = {
    "visible_to": lambda *_: Revision.state == State.PUBLISHED,
    "readable_by": lambda *_: true(),
    "audiences": lambda *_: frozenset(Visibility),
}
# Sign-ins take long on purpose and ask no policy.
WALKED = [door for door in DOORS if door.rule != "/sign-in"]


def policies() -> Iterator[tuple[ModuleType, str]]:
    """Yield each policy of the network."""
    for module in (accounts, cities, practices):
        for name, function in vars(module).items():
            is_own = getattr(function, "__module__", "") == module.__name__
            if callable(function) and is_own and not name.startswith("_") and name not in BEHIND:
                yield module, name


@pytest.fixture(scope="module")
def house(template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """Return the network with its secrets."""
    built = House(template, tmp_path_factory.mktemp("bite") / "instance")
    yield built
    built.close()


@pytest.mark.parametrize(
    ("module", "name"), list(policies()), ids=lambda part: part if isinstance(part, str) else ""
)
def test_doors_notice_a_policy_that_says_yes(
    house: House, module: ModuleType, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each in turn; the very door that complains has nothing to complain of otherwise."""
    asked = {
        (method, rule.rule): getattr(house.app.view_functions[rule.endpoint], "policy_name", "")
        for rule in house.app.url_map.iter_rules()
        for method in rule.methods or ()
    }
    likely_first = sorted(
        WALKED,
        key=lambda door: (door.thing != MET_AT.get(name), asked[door.method, door.rule] != name),
    )
    with monkeypatch.context() as patch:
        patch.setattr(module, name, YES.get(name, lambda *_: True))
        noticed = next((d for d in likely_first if any(complaints(house, [d]))), None)
    assert noticed, f"no door is the worse for {name}"
    assert list(complaints(house, [noticed])) == []
