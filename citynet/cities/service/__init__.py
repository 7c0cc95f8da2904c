"""Commands on memberships and officials."""

from __future__ import annotations

from citynet.cities.service.chapters import (
    add_chapter_person,
    change_chapter,
    create_chapter,
    delete_chapter,
    put_cities,
    remove_chapter_person,
    take_out,
)
from citynet.cities.service.cities import CORRECTED, CityData, correct_city, data_of, mark_of
from citynet.cities.service.memberships import (
    change_category,
    change_standing,
    enter,
    register_application,
)
from citynet.cities.service.officials import appoint
from citynet.cities.service.terms import correct_term, renew

__all__ = [
    "CORRECTED",
    "CityData",
    "add_chapter_person",
    "appoint",
    "change_category",
    "change_chapter",
    "change_standing",
    "correct_city",
    "correct_term",
    "create_chapter",
    "data_of",
    "delete_chapter",
    "enter",
    "mark_of",
    "put_cities",
    "register_application",
    "remove_chapter_person",
    "renew",
    "take_out",
]
