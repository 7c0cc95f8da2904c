"""The doors' tests bite: with any one policy always saying yes, a door gives a wrong answer."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType, SimpleNamespace

import pytest
from sqlalchemy import Select, select, true

from citynet.accounts import policy as accounts
from citynet.admin import policy as admin
from citynet.admin import waiting
from citynet.admin.views import bulk, past_queries
from citynet.announcements import policy as announcements
from citynet.announcements.models import Audience
from citynet.asked import policy as asked
from citynet.asked import queries as asked_queries
from citynet.asked import service as asked_service
from citynet.cities import policy as cities
from citynet.cities.views import inviting
from citynet.practices import policy as practices
from citynet.practices.fields import Visibility
from citynet.practices.models import Revision, State
from citynet.practices.queries import liveness, translations
from citynet.practices.service import translating, translation_review, word
from citynet.practices.views import own
from citynet.practices.views import translations as translation_views
from citynet.search import addresses, saved_queries, suggesting
from citynet.search import policy as search
from citynet.search.models import SavedSearch
from tests.doors.house import House
from tests.doors.table import DOORS
from tests.doors.walk import complaints

POLICIES = (accounts, cities, practices, announcements, asked, search, admin)
# What no request can reach with a wrong answer, and why.
BEHIND = {
    "accounts.can_change_settings": "its views ask for a sign-in before anything else",
    "accounts.can_create_person": "people are added from the command line and the demonstration",
    "accounts.can_deactivate": "the desk shows nobody oneself as one to close, nor the secretariat"
    " to a chapter",
    "accounts.can_erase": "its view erases whoever is signed in; the desk asks who may before it",
    "accounts.can_export": "its view gives whoever is signed in their own",
    "accounts.can_reset_second_factor": "the desk asks `can_manage_network` before it",
    "cities.can_administer": "the desk finds nobody outside of `people_administered_by`",
    "cities.can_read_own_reason": "the page that asks it is shown where the city writes no more",
    "cities.can_move_officials": "only lists and the command line appoint who acts elsewhere",
    "asked.can_answer": "the desk asks `can_use_desk`, which is the same, before it",
    "search.can_save": "its views ask for a sign-in before it",
    "practices.can_publish": "the command asks `can_review_of` and then for a text signed off",
    "practices.can_trust": "the desk finds no city outside of those it administers",
    "practices.can_see_own_work": "what the list holds is asked of `readable_by` once more",
}
# The line at which each is met, so that it need not be searched for.
MET_AT = {
    "accounts.can_remove_identity": "POST /account/identities/<int:identity_id>/remove"
    " pending's-identity",
    "accounts.can_remove_passkey": "GET /account/passkeys/<int:passkey_id>/remove"
    " pending's-passkey",
    "accounts.can_revoke": "POST /account/sessions/<int:sign_in_id>/revoke somebody's",
    "accounts.is_fresh": "POST /account/data/download no-password",
    "accounts.is_set_up": "GET /account/second-factor/confirm -",
    "admin.can_read_city_log": "GET /city/actions -",
    "announcements.audiences": "GET / -",
    "announcements.can_announce": "GET /admin/announcements -",
    "announcements.visible_to": "GET / -",
    "asked.answered_by": "GET /admin/missing/<int:report_id> missed-in-seoul",
    "asked.can_hide": "GET /admin/past-queries -",
    "cities.administered_by": "GET /admin/ -",
    "cities.administers": "GET /admin/memberships/<slug> seoul",
    "cities.can_manage_network": "GET /admin/memberships/<slug>/chapter sidoarjo",
    "cities.can_manage_officials": "GET /city/people/<int:official_id>/hand-over colleague",
    "cities.can_move": "GET /admin/memberships/<slug> sidoarjo",
    "cities.can_name_lead": "POST /city/people/invitations/<int:invitation_id>/again to-lead",
    "cities.can_read_reasons": "GET /cities/<slug> suspended",
    "cities.can_register": "GET /join/register for-seoul",
    "cities.can_see_standing": "GET /cities/<slug> sidoarjo",
    "cities.can_see_term": "GET /cities/<slug> sidoarjo",
    "cities.can_use_desk": "GET /join/register -",
    "cities.decided_by": "GET /admin/applications/<int:application_id> elsewhere",
    "cities.decides_on": "POST /join/register for-another-abroad",
    "cities.people_administered_by": "GET /admin/people -",
    "practices.audiences": "GET / -",
    "practices.can_comment_on": "POST /practices/<slug>/comments signed-off",
    "practices.can_create": "GET /practices/new -",
    "practices.can_edit": "GET /practices/<slug>/edit public",
    "practices.can_lead_decide": "POST /practices/<slug>/send-back signed-off",
    "practices.can_read": "GET /practices/<slug> revised",
    "practices.can_read_comments": "GET /practices/<slug>/revisions public",
    "practices.can_resolve": "POST /practices/<slug>/comments/"
    "<int(max=2147483647):comment_id>/resolve comment",
    "practices.can_review": "GET /work -",
    "practices.can_review_of": "POST /practices/<slug>/publish signed-off",
    "practices.can_send_back": "POST /practices/<slug>/send-back signed-off",
    "practices.can_sign_off": "POST /practices/<slug>/sign-off by-lead-alone",
    "practices.can_submit": "POST /practices/<slug>/submit of-applicant",
    "practices.can_bring_back": "POST /practices/<slug>/bring-back withdrawn-public",
    "practices.can_withdraw": "GET /practices/<slug>/withdraw public",
    "practices.has_second_person": "POST /practices/<slug>/sign-off by-lead-alone",
    "practices.is_lead_of": "POST /practices/<slug>/sign-off draft",
    "practices.readable_by": "GET /practices/<slug>/draft draft",
    "practices.translations_for": "GET /practices/<slug>/translations/<language> told-draft",
    "practices.visible_to": "GET /practices/<slug> members",
    "practices.withdrawn_for": "GET /practices/<slug> withdrawn-members",
}
YES = {
    "asked.answered_by": lambda *_: true(),
    "cities.administered_by": lambda *_: true(),
    "cities.decided_by": lambda *_: true(),
    "cities.people_administered_by": lambda *_: true(),
    "announcements.visible_to": lambda *_: true(),
    "announcements.audiences": lambda *_: frozenset(Audience),
    "practices.visible_to": lambda *_: Revision.state == State.PUBLISHED,
    "practices.readable_by": lambda *_: true(),
    "practices.translations_for": lambda *_: true(),
    "practices.withdrawn_for": lambda *_: Revision.state == State.WITHDRAWN,
    "practices.audiences": lambda *_: frozenset(Visibility),
}
# One use of a policy that says yes, the others as they are; and the line that tells. Where two are
# asked in turn and the second refuses as well, there is no line: `submit` asks `can_submit` after
# `can_edit`, the lead's steps `can_lead_decide` after `is_lead_of`, `publish` `can_publish`.
WORDS = "/practices/<slug>/translations/<language>"
QUERY = "/admin/past-queries/<int:query_id>"
SAVED = "/search/saved/<int:search_id>"
USES = [
    (liveness, "cities", "administered_by", "GET /admin/liveness csv"),
    (waiting, "practice_policy", "translations_for", "GET /admin/ -"),
    (waiting, "asked_policy", "answered_by", "GET /admin/ -"),
    (past_queries, "asked_policy", "can_hide", "GET /admin/past-queries -"),
    (asked_service, "policy", "can_hide", f"POST {QUERY}/hide asked-often"),
    (asked_queries, "policy", "answered_by", "GET /admin/missing -"),
    (asked_queries, "practices", "visible_to", "GET /search missed-before"),
    (addresses, "policy", "audiences", "GET /search nearly-of-members"),
    (suggesting, "policy", "audiences", "GET /search/suggest asked-by-members"),
    (translations, "policy", "translations_for", f"GET {WORDS} told-draft"),
    (translating, "policy", "can_edit", f"POST {WORDS}/take-over told"),
    (translation_review, "policy", "is_lead_of", f"POST {WORDS}/sign-off untold"),
    (translation_review, "policy", "can_sign_off", f"POST {WORDS}/sign-off told-alone"),
    (translation_review, "policy", "can_send_back", f"POST {WORDS}/send-back told-signed-off"),
    (translation_review, "policy", "can_review_of", f"POST {WORDS}/publish told"),
    (translation_review, "policy", "can_withdraw", f"POST {WORDS}/take-down told"),
    (own, "policy", "can_edit", f"GET {WORDS}/<key> told"),
    (translation_views, "policies", "can_read_comments", f"GET {WORDS} told"),
    (translation_views, "policies", "can_withdraw", f"GET {WORDS}/take-down told"),
]
# Which kinds of list each page shows, and what is out of its reach.
KINDS = [
    (bulk, "GET /admin/previews/<int:preview_id> secretariat's-word"),
    (bulk, "POST /admin/previews/<int:preview_id> secretariat's-word"),
    (inviting, "GET /city/people/invite-many/<int:preview_id> word-of-lead"),
    (inviting, "POST /city/people/invite-many/<int:preview_id> word-of-lead"),
]
# Sign-ins take long on purpose and ask no policy.
WALKED = [door for door in DOORS if door.rule != "/sign-in"]


def policies() -> Iterator[tuple[ModuleType, str]]:
    """Yield each policy of the network."""
    for module in POLICIES:
        for name, function in vars(module).items():
            is_own = getattr(function, "__module__", "") == module.__name__
            is_policy = callable(function) and is_own and not name.startswith("_")
            if is_policy and name_of(module, name) not in BEHIND:
                yield module, name


def name_of(module: ModuleType, name: str) -> str:
    """Return what a policy is called here: `slice.name`."""
    return f"{module.__name__.split('.')[1]}.{name}"


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
    known = name_of(module, name)
    likely_first = sorted(
        WALKED,
        key=lambda door: (str(door) != MET_AT.get(known), asked[door.method, door.rule] != name),
    )
    with monkeypatch.context() as patch:
        say_yes(patch, vars(module)[name], YES.get(known, lambda *_: True))
        noticed = next((d for d in likely_first if any(complaints(house, [d]))), None)
    assert noticed, f"no door is the worse for {known}"
    assert list(complaints(house, [noticed])) == []


@pytest.mark.parametrize(("module", "held", "name", "line"), USES)
def test_doors_notice_one_use_that_says_yes(
    house: House, module: ModuleType, held: str, name: str, line: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    """Each module asks for itself: that another one refuses as well does not help its doors."""
    (door,) = [one for one in WALKED if str(one) == line]
    policy: ModuleType = vars(module)[held]
    yes = YES.get(name_of(policy, name), lambda *_: True)
    with monkeypatch.context() as patch:
        patch.setattr(module, held, SimpleNamespace(**{**vars(policy), name: yes}))
        assert list(complaints(house, [door])) != []
    assert list(complaints(house, [door])) == []


@pytest.mark.parametrize(("module", "line"), KINDS)
def test_doors_notice_a_page_for_every_kind_of_list(
    house: House, module: ModuleType, line: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A person's own list of another kind is shown where it belongs and nowhere else."""
    (door,) = [one for one in WALKED if str(one) == line]
    with monkeypatch.context() as patch:
        patch.setattr(module, "KINDS", (*vars(module)["KINDS"], word.KIND))
        assert list(complaints(house, [door])) != []
    assert list(complaints(house, [door])) == []


@pytest.mark.parametrize(
    "line",
    [f"GET {SAVED}", f"POST {SAVED}", f"GET {SAVED}/delete", f"POST {SAVED}/delete"],
)
def test_doors_notice_a_search_that_is_everybodys(
    house: House, line: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A kept search has no policy of its own: it is whose it is."""

    def anybodys(_person_id: int | None, search_id: int) -> Select[SavedSearch]:
        return select(SavedSearch).where(SavedSearch.id == search_id)

    (door,) = [one for one in WALKED if str(one) == f"{line} somebody's-search"]
    with monkeypatch.context() as patch:
        patch.setattr(saved_queries, "own_search", anybodys)
        assert list(complaints(house, [door])) != []
    assert list(complaints(house, [door])) == []


def say_yes(patch: pytest.MonkeyPatch, function: object, answer: object) -> None:
    """Put an answer in the place of a function, wherever it was imported to."""
    for path, module in list(sys.modules.items()):
        if path.startswith("citynet."):
            for name, held in list(vars(module).items()):
                if held is function:
                    patch.setattr(module, name, answer)


def test_what_is_behind_other_doors_is_there() -> None:
    """A policy that is gone needs no reason any more."""
    there = {name_of(module, name) for module in POLICIES for name in vars(module)}
    assert BEHIND.keys() | MET_AT.keys() <= there
