"""Who acts now, with which rights."""

from __future__ import annotations

from dataclasses import dataclass

from citynet.accounts.models import Person
from citynet.cities.models.city import Chapter, City
from citynet.cities.models.membership import Standing
from citynet.cities.models.official import Role


@dataclass(frozen=True)
class Actor:
    """Who acts now, with which rights; read anew at each request."""

    person: Person | None = None
    city: City | None = None
    role: Role | None = None
    standing: Standing | None = None
    # Of whose secretariat the person is.
    chapter: Chapter | None = None
    # Where a second factor is asked of secretariats, one was given in this session.
    is_strong: bool = True

    @property
    def is_signed_in(self) -> bool:
        """Tell a person from a visitor."""
        return self.person is not None

    @property
    def person_id(self) -> int | None:
        """Return the person's id, None for a visitor."""
        return self.person.id if self.person else None

    @property
    def city_id(self) -> int | None:
        """Return the id of the city the person acts for."""
        return self.city.id if self.city else None

    @property
    def name(self) -> str:
        """Return the person's name, empty for a visitor."""
        return self.person.name if self.person else ""

    @property
    def city_name(self) -> str:
        """Return the full name of the actor's city, empty without one."""
        return self.city.full_name if self.city else ""

    @property
    def is_secretariat(self) -> bool:
        """Tell whether the person administers the whole network."""
        return self.person is not None and self.person.is_secretariat and self.is_strong

    @property
    def is_chapter_secretariat(self) -> bool:
        """Tell whether the person administers one chapter."""
        return self.chapter is not None and self.is_strong

    @property
    def chapter_id(self) -> int | None:
        """Return the id of the chapter that the person administers."""
        return self.chapter.id if self.chapter and self.is_strong else None

    @property
    def chapter_country(self) -> str | None:
        """Return the country whose cities come to the actor's chapter."""
        return self.chapter.country if self.chapter and self.is_strong else None

    @property
    def chapter_name(self) -> str:
        """Return the name of the chapter that the person administers, empty without one."""
        return self.chapter.name if self.chapter else ""

    @property
    def is_member(self) -> bool:
        """Tell whether the person acts for a city whose membership is active."""
        return self.city is not None and self.standing == Standing.ACTIVE

    @property
    def is_lead(self) -> bool:
        """Tell whether the person answers for an active member city."""
        return self.is_member and self.role == Role.LEAD


VISITOR = Actor()
