"""Practices with a language version in every state, for the demonstration network.

They are written by the commands that people use, in a process of the network (`Site.run`).
"""

from __future__ import annotations

from functools import cache
from typing import Any

from citynet.demo.service import SECRETARIAT
from citynet.kit import letters
from citynet.practices import service
from tests import network
from tests.browser.site import Site
from tests.network import Who, actor
from tests.practices.translator import bring_to, publish_anew, published, translate

STATES = ("to begin", "draft", "submitted", "signed off", "behind")
LEGAL: dict[str, Any] = {
    "laws": [{"title": "Decree on one counter"}, {"title": "", "link": "https://law.example/b"}],
    "legal_basis": "<p>It lets <strong>one</strong> office sign.</p>"
                   "<table><tbody><tr><td>Days</td><td>60</td></tr></tbody></table>",
}  # fmt: skip
# What the original tells otherwise, after it was translated.
CHANGED: dict[str, Any] = {
    "problem": "<p>Shopkeepers went to five offices, and paid at each.</p>",
    "blocks": [{"name": "One counter", "purpose": "Fewer visits"}, {"name": "A form online"},
               {"name": "A card for each shop", "purpose": "<p>To show at the counter</p>"}],
}  # fmt: skip


@cache
def written(site: Site) -> dict[str, str]:
    """Write them into a network, once; return the address of each by its state."""
    site.run("from tests.browser import versions\nversions.write()")
    return {state: f"one-counter-{state.replace(' ', '-')}" for state in STATES}


def write() -> None:
    """Write them all; nobody gets letters about it."""
    network.ROLES["secretariat"] = Who(SECRETARIAT)
    with letters.withheld():
        _half_translated()
        published(title="One counter: to begin")
        bring_to("submitted", published(title="One counter: submitted"))
        bring_to("signed_off", published(title="One counter: signed off"))
        behind = published(title="One counter: behind")
        bring_to("published", behind)
        publish_anew(behind, **CHANGED)


def _half_translated() -> None:
    """Begin one, and bring it to another text of its original: words to check, and gaps."""
    practice = published(title="One counter: draft", **LEGAL)
    translate(practice)
    publish_anew(practice, **CHANGED)
    service.take_over(actor("official"), practice, "id")


def write_original(title: str, language: str) -> None:
    """Publish a practice in a language, to be translated."""
    network.ROLES["secretariat"] = Who(SECRETARIAT)
    published(title=title, language=language, blocks=network.RECORD["blocks"], results=[])
