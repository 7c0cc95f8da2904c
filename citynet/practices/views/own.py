"""What doors for authors ask first: whether one may write, and for which text."""

from __future__ import annotations

from flask import g

from citynet.kit.errors import require
from citynet.kit.i18n import _
from citynet.practices import policy, queries
from citynet.practices.models import Revision, Translation


def ask_to_create() -> None:
    """Refuse who writes for no city."""
    require(policy.can_create(g.actor), _("Only officials of a city can write a practice."))


def own_text(slug: str) -> Revision:
    """Return the newest text of a practice that the actor may change.

    Raises:
        NotFound: there is none, or the actor may not know of it.
        Forbidden: it is another city's.
    """
    revision = queries.newest_text(g.actor, slug)
    require(
        policy.can_edit(g.actor, revision.practice),
        _("Only officials of this city can change this practice."),
    )
    return revision


def own_words(slug: str, language: str) -> Translation:
    """Return the language version of a practice that the actor may change.

    Raises:
        NotFound: there is none, or the actor may not know of it.
        Forbidden: it is another city's.
    """
    translation = queries.get_translation(g.actor, slug, language)
    require(
        policy.can_edit(g.actor, translation.practice),
        _("Only officials of this city can change this practice."),
    )
    return translation
