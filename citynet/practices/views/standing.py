"""What a page tells, beside the text, of where it stands: who is asked now, and what is open."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from flask import g

from citynet.accounts.models import Person
from citynet.cities import queries as cities
from citynet.practices import policy as policies
from citynet.practices import queries
from citynet.practices.models import IN_WORK, ReviewComment, Revision, RevisionStep, State, Step
from citynet.practices.queries import Liveness, Progress
from citynet.practices.words import parts_of


@dataclass(frozen=True)
class Standing:
    """Of a text in work everything; of a published one whether it is still running."""

    progress: Progress = field(default_factory=Progress)
    comments: Mapping[str, list[ReviewComment]] = field(default_factory=dict)
    lead: str = ""
    is_trusted: bool = False
    reviewers: Sequence[Person] = ()
    sent_back: RevisionStep | None = None
    alive: Liveness | None = None
    # In which part of the page each field stands, by the field's name.
    part_of: Mapping[str, str] = field(default_factory=dict)


def standing_of(revision: Revision) -> Standing:
    """Return what the actor is told of where a text stands."""
    practice = revision.practice
    if revision.state not in IN_WORK:
        return Standing(alive=queries.liveness_of(revision))
    lead = cities.city_and_lead(practice.city_id)
    may_assign = policies.can_review_of(g.actor, practice)
    return Standing(
        progress=queries.progress_of([revision])[revision.id],
        comments=queries.comments_on(g.actor, practice),
        lead=lead[1].name if lead is not None else "",
        # What was signed off before its city was trusted is still reviewed.
        is_trusted=revision.state != State.SIGNED_OFF
        and queries.trust_of(practice.city_id) is not None,
        reviewers=queries.reviewers_for(practice.city) if may_assign else (),
        part_of={
            name: part.id
            for part in parts_of(revision.content, is_draft=True)
            for name in part.fields
        },
        sent_back=queries.last_step(revision.id, Step.SENT_BACK),
    )
