"""What the demonstration network lacks of search: texts that many ask, and news to be mailed.

Both are made by the commands that searching and the worker use, in a process of the network.
"""

from __future__ import annotations

from functools import cache

from citynet.asked import noting
from citynet.cities.models import VISITOR
from citynet.kit.i18n import in_language
from tests.browser.person import Person
from tests.browser.site import Site
from tests.processes import wait_until

ASKED = {"en": ("waste bank", "online licensing"), "id": ("bank sampah", "izin usaha daring")}
# Enough for three that are told apart.
ADDRESSES = tuple(f"198.51.100.{number}" for number in range(24))
LONG_AGO = "2020-01-01 00:00:00.000000"
NEVER_LOOKED_SINCE = (
    "UPDATE saved_searches SET looked_at = ? WHERE person_id ="
    " (SELECT id FROM people WHERE email = ?)"
)
WRITE = "from tests.browser import versions\nversions.write_original({title!r}, {language!r})"
TELL = "from citynet.search.digests import tell_what_is_new\ntell_what_is_new()"
SEEN_SECONDS = 30.0


@cache
def asked_often(site: Site) -> None:
    """Have many people ask a network for the same, once."""
    site.run("from tests.browser import searches\nsearches.ask()")


def ask() -> None:
    """Ask from many addresses, and count it."""
    for language, texts in ASKED.items():
        with in_language(language):
            for text in texts:
                for address in ADDRESSES:
                    noting.note(VISITOR, text, address=address)
    noting.gather()


def tell_news(person: Person, address: str, title: str) -> None:
    """Publish what the searches of this address find, and let the morning of its mail come."""
    site = person.site
    site.run(WRITE.format(title=title, language=person.words.language))
    slug = title.lower().replace(": ", "-").replace(" ", "-")
    assert wait_until(
        lambda: f'/practices/{slug}"' in person.get("/search", q=title), seconds=SEEN_SECONDS
    ), f"search does not find “{title}”"
    site.change(NEVER_LOOKED_SINCE, LONG_AGO, address)
    site.run(TELL)
