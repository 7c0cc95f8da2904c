"""Every page there is, with somebody who may see it: addresses, and ways to what has none."""

from __future__ import annotations

from collections.abc import Iterator

from tests.browser.places import (
    desk,
    joining,
    network,
    officials,
    public,
    searching,
    translating,
    writing,
)
from tests.browser.places.kinds import Round
from tests.browser.site import Site

__all__ = ["NO_PAGES", "Round", "rounds"]

APPLICATION_FILE = "/admin/applications/<int:application_id>/files/<int:file_id>"
# What people do not look at, or what a browser never shows as a page of its own.
NO_PAGES = frozenset(
    {
        "/healthz", "/readyz", "/static/<path:filename>", "/search/suggest", "/join/cities",
        "/look-<digest>.css", "/mark-<digest>.png", "/sign-in/provider/back",
        "/join/<string(length=43):secret>/files/<int:file_id>", APPLICATION_FILE,
        "/admin/imports/example/<any(officials, memberships):what>",
        "/admin/letters/<key>/<language>/preview", "/dev/mail/<name>/html",
        "/practices/<slug>/files/<key>",
        "/practices/<slug>/files/<key>/<int:width>.<any(webp, jpg):ending>",
        "/practices/<slug>/brief.docx", "/practices/<slug>.docx",
        "/practices/<slug>/brief.pdf", "/practices/<slug>.pdf",
        "/practices/<slug>/citation.<any(bib, ris):kind>",
    }
)  # fmt: skip


def rounds(site: Site, language: str) -> Iterator[Round]:
    """Yield everyone with all they look at; who decides comes after those who apply."""
    yield from public.rounds(site)
    yield from joining.rounds()
    yield from officials.rounds(site, language)
    yield from writing.rounds(site, language)
    yield from translating.rounds(site)
    yield from desk.rounds(site)
    yield from network.rounds(site)
    yield from searching.rounds(site, language)
