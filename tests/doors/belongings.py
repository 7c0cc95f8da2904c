"""What each role has of its own once signed in: sessions, links, codes, keys; and who then goes.

A thing that differs from role to role is named once for all of them: `own-change` is a link to
one's own new mail address, `somebody's-change` the next one's.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select, update

from citynet.accounts.models import (
    Identity,
    OneTimeSecret,
    Passkey,
    Person,
    Purpose,
    SignIn,
)
from citynet.accounts.queries import by_email, own_sign_ins
from citynet.accounts.service import passkeys, second_factor, secrets
from citynet.accounts.service.signing_in import Visit, open_session
from citynet.accounts.views.entering import CHALLENGE, STEP
from citynet.cities import queries as cities
from citynet.cities.queries.team import official_of
from citynet.cities.service import officials
from citynet.kit import clock, db
from citynet.search import saved
from citynet.search.models import HowOften
from tests.accounts import acting
from tests.accounts.authenticator import ORIGIN, Authenticator
from tests.doors.canaries import word_of
from tests.doors.plant_people import SEOUL, STRONG, actor_of, address_of, person_of
from tests.network import PASSWORD, actor

Args = dict[str, object]
SITE = passkeys.Site("localhost", ORIGIN, "CityNet")
# Whose search is told from others' by what it looks for.
SEARCHES = {"official": "own search", "secretariat": "secretariat's search"}
# Whose session is no longer fresh, and who has a second factor, a passkey and a linked account.
STALE, SECURED = "suspended", "pending"


@dataclass
class Belongings:
    """Things by name, the same for all; and by name and role."""

    shared: dict[str, Args]
    own: dict[str, dict[str, Args]]


def give(roles: list[str]) -> Belongings:
    """Give each of these roles, who are signed in, what is their own."""
    names = ("own", "own-change", "new-passkey", "own-search", "saved-before")
    kept = Belongings(_secured(), {name: {} for name in names})
    for role in roles:
        person = person_of(role)
        session = own_sign_ins(person)[0]
        if role == SECURED:
            acting.switch_on(address_of(role), session)
        else:
            second_factor.begin(person, PASSWORD, address="::1")
        _open_another(role, person)
        kept.own["own"][role] = {"sign_in_id": session.id}
        kept.own["own-change"][role] = {"secret": _ask_change(person, role)}
        kept.own["new-passkey"][role] = _new_passkey(person)
        text = word_of(SEARCHES[role]) if role in SEARCHES else "buses"
        kept.own["own-search"][role] = {"search_id": _save(role, text)}
        kept.own["saved-before"][role] = {"q": text, "?": f"q={text}"}
    for thing, own in (("somebody's", "own"), ("somebody's-change", "own-change"),
                       ("somebody's-passkey", "new-passkey"),
                       ("somebody's-search", "own-search")):  # fmt: skip
        others = roles[1:] + roles[:1]
        kept.own[thing] = {role: kept.own[own][other]
                           for role, other in zip(roles, others, strict=True)}  # fmt: skip
    _let_time_pass()
    _let_go()
    return kept


def code_of(thing: str, role: str) -> str:
    """Return what an app shows at this moment."""
    return acting.code_now(STRONG if thing == "half-way" else address_of(role))


@db.transaction
def _open_another(role: str, person: Person) -> None:
    where = word_of("address of a session") if role == "official" else "::2"
    open_session(person, Visit(where, acting.BROWSER))


@db.transaction
def _ask_change(person: Person, role: str) -> str:
    return secrets.make(Purpose.MAIL_CHANGE, person, value=f"{role.replace(' ', '.')}@x.example")


def _save(role: str, text: str) -> int:
    pairs, daily = (("q", text),), HowOften.DAILY
    return saved.save(actor_of(role), pairs, name=f"About {text}", how_often=daily).id


def _new_passkey(person: Person) -> Args:
    asked = passkeys.begin_adding(person, PASSWORD, site=SITE, address="::1")
    answer = Authenticator().create(json.loads(asked.options))
    return {"credential": answer, "session": {CHALLENGE: asked.secret}}


def _secured() -> dict[str, Args]:
    """Return a passkey and a linked account of a role, and the ways in of somebody else."""
    person, device = acting.person(STRONG), Authenticator()
    asked = passkeys.begin_adding(person, PASSWORD, site=SITE, address="::1")
    answer = device.create(json.loads(asked.options))
    passkeys.add(person, asked.secret, answer, name="Key", site=SITE,
                 sign_in=own_sign_ins(person)[0])  # fmt: skip
    challenge = passkeys.begin_sign_in(site=SITE, address="::1")
    known = device.get(json.loads(challenge.options))
    with db.atomic():
        step = {STEP: secrets.make(Purpose.SECOND_STEP, by_email(STRONG))}
        owner = person_of(SECURED).id
        passkey = Passkey(person_id=owner, name="Phone", credential_id="eHh4", public_key=b"x",
                          user_handle="eHh4")  # fmt: skip
        identity = Identity(person_id=owner, issuer="https://provider.example", subject="1")
        db.session().add_all([passkey, identity])
    return {
        "half-way": {"session": step},
        "half-way-wrong": {"session": step},
        "known-passkey": {"credential": known, "session": {CHALLENGE: challenge.secret}},
        f"{SECURED}'s-passkey": {"passkey_id": passkey.id},
        f"{SECURED}'s-identity": {"identity_id": identity.id},
    }


@db.transaction
def _let_time_pass() -> None:
    """Let one session be of an hour ago; what lasts minutes outlasts a slow run of the tests."""
    soon = OneTimeSecret.expires_at > clock.now()
    later = clock.now() + timedelta(days=1)
    db.session().execute(update(OneTimeSecret).where(soon).values(expires_at=later))
    owner = select(Person.id).where(Person.email == address_of(STALE)).scalar_subquery()
    before = clock.now() - timedelta(hours=1)
    db.session().execute(update(SignIn).where(SignIn.person_id == owner).values(created_at=before))


def _let_go() -> None:
    """Move one official of Sidoarjo and remove another; neither signs out."""
    admin = actor("secretariat")
    officials.move(admin, person_of("moved"), cities.get_city(SEOUL))
    removed = official_of(person_of("removed").id)
    assert removed
    officials.remove(admin, removed.city, removed.id)
