"""What the tests of translations share: a practice with words of every kind, and who translates."""

from __future__ import annotations

from typing import Any

from citynet.kit import db, effects
from citynet.practices import content as contents
from citynet.practices import merging, queries, service
from citynet.practices.content import Content
from citynet.practices.editing import BY_KEY, OF_FIELD
from citynet.practices.merging import Typed
from citynet.practices.models import Practice, Revision, Translation
from citynet.practices.translating import ROWS
from tests import network
from tests.network import actor

TELLS: dict[str, Any] = {
    "blocks": [{"name": "One counter", "purpose": "Fewer visits"}, {"name": "A form online"}],
    "results": [{"indicator": "Days for a permit", "unit": "days", "before": "14", "after": "3",
                 "source": "Licensing office"}],
}  # fmt: skip
WORDS: dict[str, Any] = {
    "title": "Izin usaha dalam satu kunjungan",
    "subtitle": "Satu loket untuk semua izin",
    "summary": "Toko menunggu lebih singkat.",
    "problem": "<p>Pemilik toko mendatangi banyak kantor.</p>",
    "blocks": [{"name": "Satu loket", "purpose": "<p>Lebih sedikit kunjungan</p>"},
               {"name": "Formulir daring"}],
    "results": [{"indicator": "Hari untuk satu izin"}],
}  # fmt: skip


def published(**changes: Any) -> Practice:
    """Return a published practice with rows."""
    return network.write_to("published", **{**TELLS, **changes})


def draft_of(practice: Practice, language: str = "id") -> Translation:
    """Return the translation that is in work, else the published one, as the database has it."""
    db.session().expire_all()
    return queries.get_translation(actor("official"), practice.slug, language)


def typed(practice: Practice, name: str, value: object, role: str = "official") -> Typed:
    """Return what a page posts on which one field's words were typed."""
    return typed_over(draft_of(practice), name, value)


def typed_over(translation: Translation | Revision, name: str, value: object) -> Typed:
    """Return the same of a page that was opened on this text."""
    words = translation.content
    data = {**words.model_dump(mode="json"), name: value}
    part = BY_KEY[OF_FIELD[name].key]
    began = merging.begin(part, words, translation.number, translation.version)
    return Typed(part, contents.read(data), began, is_markdown=False)


def keep(practice: Practice, name: str, value: object, role: str = "official") -> Translation:
    """Translate one field."""
    return service.keep_words(actor(role), practice, "id", typed(practice, name, value))


def translate(practice: Practice, role: str = "official", **changes: Any) -> Translation:
    """Begin the Indonesian version and translate all that is asked."""
    service.begin_translation(actor(role), practice, "id")
    for name, value in {**WORDS, **changes}.items():
        keep(practice, name, value, role)
    return draft_of(practice)


def bring_to(state: str, practice: Practice) -> Translation:
    """Bring the Indonesian version to a state."""
    translate(practice)
    if state != "draft":
        service.submit_translation(actor("official"), practice, "id")
    if state in ("signed_off", "published"):
        service.sign_off_translation(actor("lead"), practice, "id")
    if state == "published":
        service.publish_translation(actor("secretariat"), practice, "id")
        effects.run_due()
    return draft_of(practice)


def publish_anew(practice: Practice, **changes: Any) -> None:
    """Publish another text of the original."""
    newest = queries.newest_text(actor("official"), practice.slug)
    content = newest.content.model_dump(mode="json")
    service.save(
        actor("official"), practice, contents.read({**content, **changes}),
        base=(newest.number, newest.version),
    )  # fmt: skip
    service.submit(actor("official"), practice)
    service.sign_off(actor("lead"), practice)
    service.publish(actor("secretariat"), practice)
    effects.run_due()
    db.session().expire_all()


def shown(practice: Practice) -> Content:
    """Return what readers of Indonesian see."""
    original = queries.get_published(actor("visitor"), practice.slug)
    return queries.version_in(original, "id").content


def rows_of(content: Content, name: str) -> list[list[str]]:
    """Return the words of rows."""
    return [[getattr(row, key) for key in ROWS[name]] for row in getattr(content, name)]
