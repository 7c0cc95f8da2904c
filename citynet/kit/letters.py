"""Letters: the mails the network writes, with words that the secretariat can change.

A slice registers each of its letters once, in its own `letters.py`. A text has paragraphs with
blank lines between them; `{name}` stands for a value. A line that is only `{link}` becomes a
button, and so does `Accept the invitation: {link}`, with those words on it. Filling in replaces
the names a letter was registered with and nothing else: values are never read as templates.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from flask import g
from sqlalchemy import CheckConstraint, String, Text, UniqueConstraint, select
from sqlalchemy.orm import Mapped, mapped_column

from citynet.kit import audit, clock, db, mail, mail_look
from citynet.kit.errors import Conflict, Invalid, NotFound
from citynet.kit.filling import PLACEHOLDER, fill
from citynet.kit.i18n import LANGUAGES, _, in_language
from citynet.kit.mail import LONGEST_SUBJECT

LONGEST_TEXT = 10_000
# What a person meant as a placeholder, even if it is none.
BRACES = re.compile(r"\{[^{}\n]*\}")


class LetterText(db.Base):
    """The secretariat's own words for a letter in a language; without a row it has the original."""

    __tablename__ = "letter_texts"
    __table_args__ = (
        CheckConstraint("language IN ('en', 'id')", name="language"),
        UniqueConstraint("key", "language"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(60))
    language: Mapped[str] = mapped_column(String(2))
    subject: Mapped[str] = mapped_column(String(200))
    text: Mapped[str] = mapped_column(Text)
    changed_at: Mapped[datetime] = mapped_column(default=clock.now)


@dataclass(frozen=True)
class Draft:
    """A letter's words in one language: with placeholders, or filled in and ready to go."""

    subject: str
    text: str

    @property
    def digest(self) -> str:
        """Return what tells this wording from another."""
        return hashlib.sha256(f"{self.subject}\n{self.text}".encode()).hexdigest()[:16]


@dataclass(frozen=True)
class Letter:
    """A registered letter. Title, subject and text are sentences to be translated."""

    key: str
    title: str
    subject: str
    text: str
    # Each placeholder with an example of what it stands for.
    values: Mapping[str, str]

    @property
    def links(self) -> list[str]:
        """Return the placeholders that the text cannot do without: its links."""
        names = dict.fromkeys(PLACEHOLDER.findall(str(self.text)))
        return [name for name in names if _is_link(name)]


_letters: dict[str, Letter] = {}


def register(key: str, *, title: str, subject: str, text: str, values: Mapping[str, str]) -> None:
    """Make a letter known; `values` names its placeholders, each with an example.

    Raises:
        LookupError: subject or text has a placeholder that `values` does not name.
    """
    letter = Letter(key, title, subject, text, values)
    if unknown := _unknown(letter, Draft(str(subject), str(text))):
        raise LookupError(f"the letter {key} does not name {', '.join(unknown)}")
    _letters[key] = letter


def letters() -> list[Letter]:
    """Return every letter, by its key."""
    return [_letters[key] for key in sorted(_letters)]


def get(key: str) -> Letter:
    """Return a letter.

    Raises:
        NotFound: no letter has this key.
    """
    if key not in _letters:
        raise NotFound
    return _letters[key]


def compose(key: str, language: str, **values: object) -> Draft:
    """Return a letter filled in, ready to be shown, changed and sent.

    Raises:
        LookupError: a value is missing, which words of the secretariat may ask for.
    """
    known = get(key).values
    if missing := known.keys() - values.keys():
        raise LookupError(f"the letter {key} needs {', '.join(sorted(missing))}")
    return _filled(wording(key, language), {name: values[name] for name in known})


def send(key: str, *, to: str, language: str, to_name: str = "", **values: object) -> None:
    """Send a letter once the transaction under way is committed."""
    send_draft(compose(key, language, **values), to=to, language=language, to_name=to_name)


def send_draft(draft: Draft, *, to: str, language: str, to_name: str = "") -> None:
    """Send words that a person has seen, and perhaps changed, once they are committed."""
    if g.get("letters_are_withheld"):
        return
    mail.post(
        to=to, to_name=to_name, subject=draft.subject, text=draft.text, language=language
    )  # fmt: skip


@contextmanager
def withheld() -> Iterator[None]:
    """Send none in this block: what is brought in happened elsewhere, and long ago."""
    before, g.letters_are_withheld = g.get("letters_are_withheld", False), True
    try:
        yield
    finally:
        g.letters_are_withheld = before


def wording(key: str, language: str) -> Draft:
    """Return the words in force, with placeholders: the secretariat's, else the original.

    Raises:
        NotFound: no such letter.
    """
    row = _row(key, language)
    return Draft(row.subject, row.text) if row is not None else original(key, language)


def original(key: str, language: str) -> Draft:
    """Return the words that CityNet came with."""
    letter = get(key)
    with in_language(language):
        return Draft(str(letter.subject), str(letter.text).strip())


def example(key: str, language: str, draft: Draft | None = None) -> Draft:
    """Return a letter, or another wording of it, filled in with its examples."""
    with in_language(language):
        values = {name: _example_of(name, value) for name, value in get(key).values.items()}
    return _filled(draft or wording(key, language), values)


def changed() -> dict[tuple[str, str], datetime]:
    """Return when each changed wording was changed, by its letter's key and language."""
    rows = select(LetterText.key, LetterText.language, LetterText.changed_at)
    return {(key, language): at for key, language, at in db.session().execute(rows)}


@db.transaction
def change(actor_id: int, key: str, language: str, draft: Draft, *, seen: str = "") -> Draft:
    """Put other words in force; whoever calls it has asked who may.

    `seen` is the digest of the wording that the page showed.

    Raises:
        NotFound: no such letter or language.
        Invalid: by the field's name.
        Conflict: somebody else changed the words meanwhile.
    """
    if language not in LANGUAGES:
        raise NotFound
    draft, before = check(key, draft), wording(key, language)
    if seen and seen != before.digest:
        raise Conflict(_("Somebody else changed this letter meanwhile. Their words stand here."))
    if draft != before:
        row = _row(key, language) or LetterText(key=key, language=language)
        row.subject, row.text, row.changed_at = draft.subject, draft.text, clock.now()
        db.session().add(row)
        db.session().flush()
        _record(actor_id, "letter.changed", row, before)
        if draft == original(key, language):
            db.session().delete(row)
    return draft


def reset(actor_id: int, key: str, language: str, *, seen: str = "") -> Draft:
    """Go back to the original words, as `change` does."""
    return change(actor_id, key, language, original(key, language), seen=seen)


def check(key: str, draft: Draft) -> Draft:
    """Return the words as they are kept.

    Raises:
        Invalid: a text that is missing, too long, or whose placeholders are not the letter's.
    """
    letter = get(key)
    draft, errors = measured(draft)
    known = ", ".join(f"{{{name}}}" for name in letter.values)
    for field, words in (("subject", draft.subject), ("text", draft.text)):
        for wrong in _unknown(letter, Draft("", words)):
            errors.setdefault(
                field,
                _("%(wrong)s stands for nothing here. You can use: %(known)s.",
                  wrong=wrong, known=known),
            )  # fmt: skip
    for name in letter.links:
        if name not in PLACEHOLDER.findall(draft.text):
            errors.setdefault("text", lacks(f"{{{name}}}"))
    if errors:
        raise Invalid(errors)
    return draft


def measured(draft: Draft) -> tuple[Draft, dict[str, str]]:
    """Return the words as they are kept, and by field what is missing or too long."""
    draft = Draft(mail.one_line(draft.subject), "\n".join(draft.text.splitlines()).strip())
    errors: dict[str, str] = {}
    if not draft.subject or len(draft.subject) > LONGEST_SUBJECT:
        errors["subject"] = _("Write a subject of up to 200 characters.")
    if not draft.text or len(draft.text) > LONGEST_TEXT:
        errors["text"] = _("Write a text of up to 10,000 characters.")
    return draft, errors


def lacks(link: str) -> str:
    """Say that a text cannot do without its link."""
    return _("Without %(link)s the reader cannot go on. Put it on a line of its own.", link=link)


def _filled(words: Draft, values: Mapping[str, object]) -> Draft:
    texts = {name: str(value) for name, value in values.items()}
    subject = mail.one_line(fill(words.subject, texts))
    return Draft(subject[:LONGEST_SUBJECT], fill(words.text, texts))


def _is_link(name: str) -> bool:
    return name == "link" or name.endswith("_link")


def _example_of(name: str, value: str) -> str:
    """Return an example; one of a link leads to this network, as the real one does."""
    return mail_look.home() + urlsplit(str(value)).path if _is_link(name) else str(value)


def _row(key: str, language: str) -> LetterText | None:
    rows = select(LetterText).where(LetterText.key == key, LetterText.language == language)
    return db.session().scalar(rows)


def _record(actor_id: int, action: str, row: LetterText, before: Draft) -> None:
    audit.record(
        actor_id, action, subject=("letter", row.id),
        details={"key": row.key, "language": row.language},
        before={"subject": before.subject, "text": before.text},
        after={"subject": row.subject, "text": row.text},
    )  # fmt: skip


def _unknown(letter: Letter, draft: Draft) -> list[str]:
    """Return what stands in braces and is no placeholder of the letter."""
    found = dict.fromkeys(BRACES.findall(draft.subject) + BRACES.findall(draft.text))
    return [words for words in found if words[1:-1] not in letter.values]
