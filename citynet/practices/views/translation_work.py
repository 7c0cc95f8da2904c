"""Language versions in an official's list of work, by what is to be done next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import g

from citynet.practices import policy as policies
from citynet.practices import queries, service
from citynet.practices.models import State, Translation
from citynet.practices.translating import told_percent


@dataclass(frozen=True)
class WordsTask:
    """Words in work, with how far they are."""

    translation: Translation
    percent: int
    lacking: int


def words_by_next_step() -> Mapping[str, list[WordsTask]]:
    """Return the city's words in work by the same steps as its texts, and those that lag behind."""
    groups: dict[str, list[WordsTask]] = {}
    in_work = queries.translations_in_work(g.actor)
    for one in in_work:
        groups.setdefault(_next_step(one), []).append(_task(one))
    groups["behind"] = [_task(one) for one in _behind(in_work)]
    return groups


def _behind(in_work: Sequence[Translation]) -> list[Translation]:
    """Return published words behind their original that nobody brings up to date yet."""
    begun = {(one.practice_id, one.language) for one in in_work}
    found = [one for one, _now in queries.behind_translations(g.actor)]
    return [one for one in found if (one.practice_id, one.language) not in begun]


def _task(one: Translation) -> WordsTask:
    original = one.revision
    lacking = len(service.lacking(one, original)) if one.state == State.DRAFT else 0
    return WordsTask(one, told_percent(original.content, one.content), lacking)


def _next_step(one: Translation) -> str:
    if policies.can_sign_off(g.actor, one.practice, one):
        return "to_sign_off"
    if policies.can_lead_decide(g.actor, one.practice, one):
        return "alone"
    if one.state == State.DRAFT and one.comment:
        return "sent_back"
    return str(one.state)
