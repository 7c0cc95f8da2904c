"""The desk's reads of applications: its list, and one case with all that the actor may know."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import aliased, contains_eager, joinedload

from citynet.accounts.models import Person
from citynet.cities import policy
from citynet.cities.models import (
    Actor,
    Application,
    ApplicationFile,
    ApplicationMessage,
    AppState,
    Chapter,
    City,
    Membership,
    Official,
)
from citynet.cities.queries.applications import file_of, files_of, joined_to, messages_of
from citynet.cities.queries.memberships import membership_of
from citynet.kit import db
from citynet.kit.errors import NotFound

# Sharing one of these tells nothing about two people.
FREE_MAIL = frozenset(
    {
        "gmail.com", "googlemail.com", "yahoo.com", "yahoo.co.id", "yahoo.co.jp", "yahoo.co.kr",
        "ymail.com", "rocketmail.com", "outlook.com", "outlook.co.id", "hotmail.com",
        "hotmail.co.id", "live.com", "msn.com", "icloud.com", "me.com", "mac.com", "aol.com",
        "proton.me", "protonmail.com", "gmx.com", "gmx.net", "mail.com", "zoho.com", "yandex.com",
        "yandex.ru", "mail.ru", "qq.com", "163.com", "126.com", "naver.com", "daum.net",
        "hanmail.net", "rediffmail.com", "tutanota.com",
    }
)  # fmt: skip
MOST = 20


@dataclass(frozen=True)
class Case:
    """All that is known about one application."""

    application: Application
    # Those of the same city that follow it.
    joined: Sequence[Application]
    messages: Sequence[ApplicationMessage]
    files: Mapping[int, Sequence[ApplicationFile]]
    membership: Membership | None
    # Of the same city, newest first.
    earlier: Sequence[Application]
    # None where the domain is everybody's.
    domain: str | None
    officials: Sequence[Official]
    others: Sequence[Application]


def applications(actor: Actor) -> Select[Application, int]:
    """Return what the actor decides on, each with how many others joined it: the desk's list."""
    other = aliased(Application)
    joined = select(func.count(other.id)).where(other.first_id == Application.id).scalar_subquery()
    return (
        select(Application, joined)
        .outerjoin(Application.city)
        .options(contains_eager(Application.city).joinedload(City.chapter))
        .where(
            policy.decided_by(actor),
            Application.first_id.is_(None),
            Application.state != AppState.UNCONFIRMED,
        )
    )


def of_chapter(slug: str) -> ColumnElement[bool]:
    """Return the condition for the applications that come to a chapter."""
    chapter = select(Chapter.id, Chapter.country).where(Chapter.slug == slug).subquery()
    is_unlisted = Application.city_id.is_(None)
    return or_(
        City.chapter_id == select(chapter.c.id).scalar_subquery(),
        and_(is_unlisted, Application.country == select(chapter.c.country).scalar_subquery()),
    )


def of_no_chapter() -> ColumnElement[bool]:
    """Return the condition for the applications that the network's own secretariat decides."""
    chapters = select(Chapter.country).where(Chapter.country.is_not(None))
    is_unlisted = Application.city_id.is_(None)
    return and_(City.chapter_id.is_(None), or_(~is_unlisted, Application.country.not_in(chapters)))


def countries_of(actor: Actor) -> Sequence[str]:
    """Return the codes of the countries that have applications on the actor's desk."""
    wanted = applications(actor).with_only_columns(Application.country, maintain_column_froms=True)
    return db.session().scalars(wanted.distinct()).all()


def mentions(text: str) -> ColumnElement[bool]:
    """Return the condition that an application, or one that joined it, holds a text."""
    other = aliased(Application)
    joined = select(other.first_id).where(other.first_id.is_not(None), _holds(other, text))
    return or_(_holds(Application, text), Application.id.in_(joined))


def get_application(actor: Actor, application_id: int) -> Application:
    """Return an application the actor decides on, with its city.

    Raises:
        NotFound: no such application, one not confirmed, or of another's cities.
    """
    wanted = (
        select(Application)
        .outerjoin(Application.city)
        .options(
            contains_eager(Application.city),
            joinedload(Application.decided_by),
            joinedload(Application.registered_by),
        )
        .where(
            Application.id == application_id,
            Application.state != AppState.UNCONFIRMED,
            policy.decided_by(actor),
        )
    )
    found = db.session().scalar(wanted)
    if found is None:
        raise NotFound
    return found


def desk_file(actor: Actor, application_id: int, file_id: int) -> ApplicationFile:
    """Return a file of an application the actor decides on.

    Raises:
        NotFound: no such file, or not the actor's to see.
    """
    return file_of(get_application(actor, application_id), file_id)


def case_of(actor: Actor, application: Application) -> Case:
    """Return one case with all that the actor may know about it."""
    joined = joined_to(application)
    ids = [one.id for one in (application, *joined)]
    domain = application.email.rpartition("@")[2]
    is_telling = domain not in FREE_MAIL
    return Case(
        application=application,
        joined=joined,
        messages=messages_of(ids),
        files=files_of(ids),
        membership=membership_of(application.city_id) if application.city_id else None,
        earlier=_earlier(application, ids),
        domain=domain if is_telling else None,
        officials=_officials_at(actor, domain) if is_telling else (),
        others=_others_at(actor, domain, ids) if is_telling else (),
    )


def _holds(row: type[Application], text: str) -> ColumnElement[bool]:
    columns = (row.name, row.province, row.contact_name, row.office, row.email)
    return or_(*(column.icontains(text, autoescape=True) for column in columns))


def _earlier(application: Application, but: Sequence[int]) -> Sequence[Application]:
    is_same = Application.place == application.place
    if application.city_id is not None:
        is_same = or_(is_same, Application.city_id == application.city_id)
    wanted = select(Application).where(
        is_same, Application.id.not_in(but), Application.state != AppState.UNCONFIRMED
    )
    return db.session().scalars(wanted.order_by(Application.id.desc()).limit(MOST)).all()


def _officials_at(actor: Actor, domain: str) -> Sequence[Official]:
    wanted = (
        select(Official)
        .join(Official.person)
        .join(Official.city)
        .options(contains_eager(Official.person), contains_eager(Official.city))
        .where(Person.email.endswith(f"@{domain}", autoescape=True), policy.administered_by(actor))
        .order_by(Official.id)
        .limit(MOST)
    )
    return db.session().scalars(wanted).all()


def _others_at(actor: Actor, domain: str, but: Sequence[int]) -> Sequence[Application]:
    wanted = (
        select(Application)
        .outerjoin(Application.city)
        .where(
            Application.email.endswith(f"@{domain}", autoescape=True),
            Application.id.not_in(but),
            Application.state != AppState.UNCONFIRMED,
            policy.decided_by(actor),
        )
        .order_by(Application.id.desc())
        .limit(MOST)
    )
    return db.session().scalars(wanted).all()
