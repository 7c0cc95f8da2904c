"""The words of the interface in a language, looked up by their English ones as pages do."""

from __future__ import annotations

import gettext
import json

from citynet.kit.i18n import FOLDER
from config import ROOT

TOPICS = ROOT / "citynet" / "practices" / "data" / "topics.json"


class Words:
    """One language's words."""

    def __init__(self, language: str) -> None:
        """Read the catalogue that the pages are served with."""
        self.language = language
        languages = [] if language == "en" else [language]
        self._found = gettext.translation("messages", FOLDER, languages, fallback=True)

    def __call__(self, text: str, **values: object) -> str:
        """Return a sentence, its placeholders filled in."""
        found = self._found.gettext(text)
        return found % values if values else found

    def count(self, one: str, many: str, number: int) -> str:
        """Return a sentence about a number."""
        return self._found.ngettext(one, many, number) % {"num": number}

    def topic(self, slug: str) -> str:
        """Return a topic's name."""
        rows = json.loads(TOPICS.read_text(encoding="utf-8"))
        return str(next(row[f"name_{self.language}"] for row in rows if row["slug"] == slug))
