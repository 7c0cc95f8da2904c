"""What the network holds after a kill, compared with the journal: each fault is a sentence.

What was acknowledged is there; what was not is there as a whole or not at all. The rows agree with
one another, with the files on disk, with the index and with the audit chain.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import select, text

from citynet.kit import audit, db, effects, files
from citynet.practices.document import PracticeSource
from citynet.practices.models import (
    FileKind,
    Practice,
    PracticeFile,
    Rendition,
    Revision,
    RevisionStep,
    State,
    Step,
)  # fmt: skip
from citynet.practices.service import INDEX
from citynet.practices.service.renditions import RENDER
from citynet.search.queries import engine
from tests.faults.journal import KEPT, PARTS, Fate, Way, Write, kept

STEPS = {
    Way.SUBMIT: (Step.SUBMITTED, "practice.submitted", "submitted_at"),
    Way.SIGN_OFF: (Step.SIGNED_OFF, "practice.signed_off", "signed_off_at"),
    Way.PUBLISH: (Step.PUBLISHED, "practice.published", "published_at"),
}
# How far a text has come in each state.
REACHED = {
    State.DRAFT: (), State.SUBMITTED: (Way.SUBMIT,), State.SIGNED_OFF: (Way.SUBMIT, Way.SIGN_OFF),
    State.PUBLISHED: tuple(STEPS), State.SUPERSEDED: tuple(STEPS),
}  # fmt: skip
COPIES = ("title", "subtitle", "summary", "language", "visibility")
SAVES, UPLOADS = (Way.SAVE, Way.AUTOSAVE), (Way.PICTURE, Way.ATTACHMENT)
Writes = Mapping[Write, Fate]


@dataclass
class Held:
    """What the database holds of practices, by slug."""

    revisions: dict[str, list[Revision]] = field(default_factory=dict)
    files: dict[str, list[PracticeFile]] = field(default_factory=dict)
    # By slug, the revision's number and the step; by slug, act and revision or file.
    steps: Counter[tuple[str, int, Step]] = field(default_factory=Counter)
    acts: Counter[tuple[str, str, object]] = field(default_factory=Counter)

    def newest(self, slug: str) -> Revision:
        """Return the text in work, or the published one."""
        return self.revisions[slug][-1]


def held(*slugs: str) -> Held:
    """Read what the database holds of these practices, or of all."""
    found, session = Held(), db.session()
    session.close()
    rows = select(Practice).where(Practice.slug.in_(slugs) if slugs else Practice.id > 0)
    slug_of = {one.id: one.slug for one in session.scalars(rows)}
    texts = select(Revision).where(Revision.practice_id.in_(slug_of)).order_by(Revision.number)
    for revision in session.scalars(texts):
        revision.__dict__.pop("content", None)
        found.revisions.setdefault(slug_of[revision.practice_id], []).append(revision)
    for file in session.scalars(select(PracticeFile).where(PracticeFile.practice_id.in_(slug_of))):
        found.files.setdefault(slug_of[file.practice_id], []).append(file)
    steps = (
        select(RevisionStep.practice_id, Revision.number, RevisionStep.kind)
        .join(Revision, Revision.id == RevisionStep.revision_id)
        .where(RevisionStep.practice_id.in_(slug_of))
    )
    for practice_id, number, kind in session.execute(steps):
        found.steps[slug_of[practice_id], number, kind] += 1
    acts = select(audit.Entry).where(
        audit.Entry.subject_kind == "practice", audit.Entry.subject_id.in_(slug_of)
    )
    for entry in session.scalars(acts):
        told = json.loads(entry.details)
        key = told["file"] if entry.action == "practice.file_added" else told["revision"]
        found.acts[slug_of[entry.subject_id], entry.action, key] += 1
    return found


def traces(write: Write, what: Held) -> dict[str, bool]:
    """Return each place where a write leaves a trace, and whether it did: all of them, or none."""
    if write.way in SAVES:
        newest = what.newest(write.slug)
        return {name: write.mark in getattr(newest.content, name) for name in PARTS[write.part]}
    if write.way in UPLOADS:
        rows = [one for one in what.files.get(write.slug, ()) if write.mark in one.name]
        told = [one for one in what.acts if one[0] == write.slug and write.mark in str(one[2])]
        return {"row": len(rows) == 1, "audit": len(told) == 1}
    step, act, moment = STEPS[write.way]
    revision = what.revisions[write.slug][write.revision - 1]
    return {
        "state": write.way in REACHED[revision.state],
        moment: getattr(revision, moment) is not None,
        "step": what.steps[write.slug, write.revision, step] == 1,
        "audit": what.acts[write.slug, act, write.revision] == 1,
    }


def was_applied(write: Write, what: Held) -> tuple[bool, list[str]]:
    """Tell whether a write that nobody acknowledged is there, with what is half there."""
    left = traces(write, what)
    if len(set(left.values())) > 1:
        return True, [f"half: {write}: {left}"]
    return all(left.values()), []


def compare(writes: Writes, what: Held) -> Iterator[str]:
    """Yield what was acknowledged and is not there, and what is there and was found dropped."""
    yield from _texts(writes, what)
    for write, fate in writes.items():
        # A decision that was dropped is taken anew, on the same text.
        if fate == Fate.DROPPED and write.way not in STEPS and any(traces(write, what).values()):
            yield f"came back: {write}"
        if fate in KEPT and write.way not in SAVES:
            left = traces(write, what)
            if not all(left.values()):
                yield f"lost: {write}: {left}"
    for write in kept(writes, *UPLOADS):
        digests = {one.name_in_store for one in what.files[write.slug] if write.mark in one.name}
        if digests != {write.digest}:
            yield f"lost: the content of {write}: {digests}"


def rows(what: Held) -> Iterator[str]:
    """Yield where rows of practices do not agree with one another."""
    for slug, revisions in what.revisions.items():
        states = [one.state for one in revisions]
        numbers = [one.number for one in revisions]
        if numbers != list(range(1, len(numbers) + 1)):
            yield f"row: {slug} has the texts {numbers}"
        if states.count(State.PUBLISHED) != bool({State.PUBLISHED, State.SUPERSEDED} & {*states}):
            yield f"row: {slug} has the states {states}"
        for one in revisions:
            yield from _revision(slug, one, what)
        for file in what.files.get(slug, ()):
            if what.acts[slug, "practice.file_added", file.name] != 1:
                yield f"row: the audit log does not tell of {slug}'s file {file.name}"
            if not 0 < file.first_revision <= len(revisions):
                yield f"row: {slug}'s file {file.name} belongs to no text"
    yield from _effects(what)
    yield from _database()


def store(folder: Path, what: Held) -> Iterator[str]:
    """Yield where a row refers to a content that is not there as it should be."""
    wanted = {one.name_in_store: one.size_bytes for row in what.files.values() for one in row}
    sources = set(wanted)
    for made in db.session().scalars(select(Rendition)):
        wanted.setdefault(made.name_in_store, 0)
        if made.source not in sources:
            yield f"file: {made.source} was made smaller and belongs to nobody"
    for name, size_bytes in wanted.items():
        path = folder / "files" / name[:2] / name
        content = path.read_bytes() if path.exists() else b""
        if files.name_of(content) != name or size_bytes not in (0, len(content)):
            yield f"file: {name} has {len(content)} bytes that are not its own"


def unused(folder: Path, what: Held) -> tuple[int, int]:
    """Return how many stored contents no row refers to, and how many are parts of one."""
    wanted = {one.name_in_store for row in what.files.values() for one in row}
    wanted |= set(db.session().scalars(select(Rendition.name_in_store)))
    there = [one.name for one in (folder / "files").rglob("*") if one.is_file()]
    parts = sum(name.endswith(".part") for name in there)
    return len([name for name in there if name not in wanted]) - parts, parts


def chain() -> Iterator[str]:
    """Yield where the audit chain does not hold."""
    report = audit.verify()
    if report.fault:
        yield f"audit: entry {report.broken_at}: {report.fault}"


def index(*, is_settled: bool) -> Iterator[str]:
    """Yield where the index differs from what is published.

    Unless all is settled, what still waits for the worker may differ.
    """
    waiting = select(effects.Effect).where(effects.Effect.state != effects.State.DONE)
    open_ = db.session().scalars(waiting).all()
    may = {json.loads(one.payload)["practice_id"] for one in open_ if one.kind == INDEX}
    report = engine().check(PracticeSource())
    differing = {*report.missing, *report.stale, *report.extra} - (set() if is_settled else may)
    if report.damaged or differing:
        yield f"index: {report.damaged or 'it differs'}: {sorted(differing)}"
    for one in open_:
        if one.state == effects.State.DEAD:
            yield f"effect: {one.kind} is dead: {one.last_error}"
    if is_settled and open_:
        yield f"effect: {len(open_)} still wait"


def everything(folder: Path, writes: Writes, *, is_settled: bool = False) -> list[str]:
    """Return every fault of the network."""
    what = held()
    return [
        *compare(writes, what), *rows(what), *store(folder, what), *chain(),
        *index(is_settled=is_settled),
    ]  # fmt: skip


def _texts(writes: Writes, what: Held) -> Iterator[str]:
    """Replay what is kept: the newest text and each that was submitted hold the last saves."""
    now: dict[str, dict[str, Write]] = {}
    frozen: dict[tuple[str, int], dict[str, Write]] = {}
    for write in kept(writes, *SAVES, Way.SUBMIT):
        said = now.setdefault(write.slug, {})
        if write.way == Way.SUBMIT:
            frozen[write.slug, write.revision] = dict(said)
        else:
            said[write.part] = write
    texts = [(what.newest(slug), said) for slug, said in now.items()]
    texts += [(what.revisions[slug][number - 1], said) for (slug, number), said in frozen.items()]
    for revision, said in texts:
        for part, write in said.items():
            if not all(write.mark in getattr(revision.content, name) for name in PARTS[part]):
                yield f"lost: {write} is not in text {revision.number}"
    for slug in now:
        plain = sum(write.slug == slug for write in kept(writes, Way.SAVE))
        most = sum(write.slug == slug for write in kept(writes, *SAVES, *UPLOADS))
        told = sum(n for key, n in what.acts.items() if key[:2] == (slug, "practice.saved"))
        if not plain <= told <= most:
            yield f"audit: {told} saves of {slug} are told, of {plain} to {most}"


def _revision(slug: str, one: Revision, what: Held) -> Iterator[str]:
    if any(getattr(one, name) != getattr(one.content, name) for name in COPIES):
        yield f"row: the copies of {slug}'s text {one.number} differ from it"
    for way, (step, act, moment) in STEPS.items():
        wanted = way in REACHED[one.state]
        told = what.steps[slug, one.number, step], what.acts[slug, act, one.number]
        if (getattr(one, moment) is not None) != wanted or told != (wanted, wanted):
            yield f"half: {slug}'s text {one.number} is {one.state}, with {told} for {way}"


def _effects(what: Held) -> Iterator[str]:
    """Each publication and each picture has written down what follows from it."""
    kinds = Counter(db.session().scalars(select(effects.Effect.kind)))
    published = sum(n for key, n in what.steps.items() if key[2] == Step.PUBLISHED)
    pictures = sum(one.kind == FileKind.PICTURE for row in what.files.values() for one in row)
    for kind, wanted in ((INDEX, published), (RENDER, pictures)):
        if kinds[kind] != wanted:
            yield f"effect: {kinds[kind]} of {kind} for {wanted}"


def _database() -> Iterator[str]:
    if db.session().get_bind().dialect.name != "sqlite":
        return
    if (said := db.session().execute(text("PRAGMA integrity_check")).scalars().all()) != ["ok"]:
        yield f"database: {said}"
    if orphans := db.session().execute(text("PRAGMA foreign_key_check")).all():
        yield f"database: rows that refer to nothing: {orphans}"
