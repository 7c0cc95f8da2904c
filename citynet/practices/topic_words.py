"""What may be typed about a topic: names, synonyms one a line, and its place in the tree."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from citynet.kit import db, html
from citynet.kit.errors import Invalid
from citynet.kit.html import drop_invisible
from citynet.kit.http import number_in
from citynet.kit.i18n import _
from citynet.practices import topics
from citynet.practices.models import Topic

LONGEST_NAME, LONGEST_DESCRIPTION = 80, 300
LANGUAGES = ("en", "id")
NARROWER = "narrower"
# The lists of other words: what a topic is called, too, and what names only a part of it.
KINDS = tuple((kind, language) for language in LANGUAGES for kind in ("synonyms", NARROWER))


@dataclass(frozen=True, kw_only=True)
class Words:
    """What a topic is called in both languages, and under which topic it stands."""

    name_en: str
    name_id: str
    description_en: str = ""
    description_id: str = ""
    # One a line.
    synonyms_en: str = ""
    synonyms_id: str = ""
    narrower_en: str = ""
    narrower_id: str = ""
    # Empty for a top topic.
    parent: str = ""


def checked(
    words: Words, topic: Topic | None
) -> tuple[dict[str, str], dict[str, list[str]], Topic | None]:
    """Return names and descriptions, the lists of other words by field, and the parent.

    Raises:
        Invalid: what is missing, too long or another topic's, by field.
    """
    tidy = {name: html.line(getattr(words, name)) for name in
            ("name_en", "name_id", "description_en", "description_id")}  # fmt: skip
    lists: dict[str, list[str]] = {}
    problems: dict[str, str] = {}
    for language in LANGUAGES:
        taken = topics.taken_words(language, without=topic.id if topic else None)
        problems |= _problems_of_name(tidy, language, taken)
        seen, room = {tidy[f"name_{language}"].casefold()}, _room(topic, language)
        for field in (f"{kind}_{language}" for kind, own in KINDS if own == language):
            lists[field] = _lines(getattr(words, field), but=seen)
            room -= len(lists[field])
            if problem := _problem_of(lists[field], taken, room):
                problems[field] = problem
    parent = _parent(words.parent, topic, problems)
    if problems:
        raise Invalid(problems)
    return tidy, lists, parent


def _problems_of_name(
    tidy: Mapping[str, str], language: str, taken: Mapping[str, Topic]
) -> dict[str, str]:
    name, description = f"name_{language}", f"description_{language}"
    problems: dict[str, str] = {}
    if not tidy[name] or len(tidy[name]) > LONGEST_NAME:
        problems[name] = _("Write a name of up to 80 characters.")
    elif other := taken.get(tidy[name].casefold()):
        problems[name] = _("This word belongs to the topic %(topic)s.", topic=other.name)
    if len(tidy[description]) > LONGEST_DESCRIPTION:
        problems[description] = _("Write at most 300 characters.")
    return problems


def _room(topic: Topic | None, language: str) -> int:
    """Return how many other words there may be; one that got more by a merge may keep them."""
    held = topic.synonyms if topic else ()
    return max(topics.MOST_SYNONYMS, sum(one.language == language for one in held))


def _problem_of(words: Sequence[str], taken: Mapping[str, Topic], room: int) -> str:
    if words and room < 0:
        return _("Write at most 30 words in the two lists of a language together.")
    for one in words:
        if len(one) > LONGEST_NAME:
            return _("“%(word)s…” is longer than 80 characters.", word=one[:30])
        if other := taken.get(one.casefold()):
            return _("“%(word)s” belongs to the topic %(topic)s.", word=one, topic=other.name)
    return ""


def _parent(text: str, topic: Topic | None, problems: dict[str, str]) -> Topic | None:
    """Return the topic of this id, which must be of the first level."""
    if not text:
        return None
    number = number_in(text)
    parent = db.session().get(Topic, number) if number is not None else None
    if parent is None or parent.parent_id is not None:
        problems["parent"] = _("Choose a topic of the first level.")
    elif topic is not None and parent.id == topic.id:
        problems["parent"] = _("A topic cannot stand under itself.")
    elif topic is not None and _has_children(topic):
        problems["parent"] = _("This topic has narrower ones. Move them first.")
    return parent


def _has_children(topic: Topic) -> bool:
    children = select(Topic.id).where(Topic.parent_id == topic.id)
    return bool(db.session().scalar(select(children.exists())))


def _lines(text: str, *, but: set[str]) -> list[str]:
    """Return each line that is not among `but`, whatever its case, and add it there."""
    found = []
    for line in drop_invisible(text.replace("\r\n", "\n")).split("\n"):
        words = " ".join(line.split())
        if words and words.casefold() not in but:
            but.add(words.casefold())
            found.append(words)
    return found
