"""Throttles: how often somebody may try something, counted in the database for all processes.

A try is counted before the work it is for, in one statement of its own transaction, so that many
guesses at once do not slip through. Kept is only a digest of what is tried and by whom.
"""

from __future__ import annotations

import ipaddress
from datetime import datetime, timedelta

from sqlalchemy import String, case, delete, update
from sqlalchemy.orm import Mapped, mapped_column

from citynet.kit import clock, db, tokens, worker


class Throttle(db.Base):
    """The tries of one kind by one address or account, in a window that begins with the first."""

    __tablename__ = "throttles"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    tries: Mapped[int]
    ends_at: Mapped[datetime] = mapped_column(index=True)


def hit(what: str, who: str, *, limit: int, minutes: int) -> bool:
    """Count a try of `who` (an address or account) and tell whether it is within the limit.

    Raises:
        RuntimeError: inside a command, whose failure would take the count back.
    """
    if db.in_transaction():
        raise RuntimeError("a throttle counts before the command, not inside it")
    return _count(_digest(what, who), minutes) <= limit


def forgive(what: str, who: str) -> None:
    """Forget the tries of `who`: they have shown who they are."""
    _forget_one(_digest(what, who))


def take_back(what: str, who: str) -> None:
    """Take one try of `who` back: it was no guess, but says nothing of the others."""
    _take_one(_digest(what, who))


@db.transaction
def _count(digest: str, minutes: int) -> int:
    """Add one and return how many there are; PostgreSQL lets equals wait for each other here."""
    moment = clock.now()
    end = moment + timedelta(minutes=minutes)
    is_over = Throttle.ends_at <= moment
    first = db.insert(Throttle).values(digest=digest, tries=1, ends_at=end)
    counted = first.on_conflict_do_update(
        index_elements=[Throttle.digest],
        set_={
            "tries": case((is_over, 1), else_=Throttle.tries + 1),
            "ends_at": case((is_over, end), else_=Throttle.ends_at),
        },
    ).returning(Throttle.tries)
    return int(db.session().execute(counted).scalar_one())


@db.transaction
def _take_one(digest: str) -> None:
    is_counted = (Throttle.digest == digest, Throttle.tries > 0)
    db.session().execute(update(Throttle).where(*is_counted).values(tries=Throttle.tries - 1))


@db.transaction
def _forget_one(digest: str) -> None:
    db.session().execute(delete(Throttle).where(Throttle.digest == digest))


@worker.periodic("throttle.forget", minutes=60)
@db.transaction
def forget_old() -> None:
    """Delete what no throttle looks at any more."""
    db.session().execute(delete(Throttle).where(Throttle.ends_at <= clock.now()))


def _digest(what: str, who: str) -> str:
    return tokens.digest(f"{what}\n{source(who)}")


def source(who: str) -> str:
    """Return whom to count: of an IPv6 address its /64, for one household has a whole one."""
    try:
        address = ipaddress.ip_address(who.partition("%")[0])
    except ValueError:
        return who
    if isinstance(address, ipaddress.IPv4Address):
        return str(address)
    if address.ipv4_mapped:
        return str(address.ipv4_mapped)
    return str(ipaddress.ip_network((address, 64), strict=False))
