"""What authoring leaves behind the doors: files, comments, days, withdrawn texts, questions."""

from __future__ import annotations

import io
from collections.abc import Mapping
from datetime import timedelta

from PIL import Image

from citynet.cities import queries as cities
from citynet.cities.service import previews
from citynet.kit import clock, db, tokens
from citynet.practices import service
from citynet.practices.models import Answer, Editing, LivenessCheck, Practice, PracticeFile
from citynet.practices.service import files, word
from citynet.practices.service.liveness import ANSWERABLE_SECONDS, PURPOSE
from tests.doors.canaries import PLANNED, word_of
from tests.doors.plant_people import SEOUL, actor_of, person_of
from tests.doors.writing import at, bring_to, full, write
from tests.network import actor

Things = dict[str, dict[str, object]]
# Wide enough for the worker to make a smaller one.
WIDE, NARROW = 400, 320


def plant_public(practice: Practice) -> Things:
    """Add what everybody may see to a practice that will be published."""
    return {
        "picture": _picture(practice, "counter.png", "#0c5b67", alt="The counter"),
        "paper": _paper(practice, "decree.pdf", "Decree"),
    }


def send_back_once(practice: Practice) -> None:
    """Let the secretariat return a text that is published later."""
    service.submit(actor("official"), practice)
    comment = f"Because of {word_of('published after')}"
    service.send_back(actor("secretariat"), practice, comment=comment)


def plant_secrets(practices: Mapping[str, Practice]) -> Things:
    """Write what not everybody may see."""
    things = {**_files(practices), **_reviews(practices), **_withdrawn(), **_words(practices)}
    things |= _questions(practices, things)
    seoul, reason = cities.get_city(SEOUL), f"Because of {word_of('trusted for')}"
    service.trust(actor("secretariat"), seoul, reason=reason)
    _let_write("moved", practices["draft"])
    return things


def _files(practices: Mapping[str, Practice]) -> Things:
    draft, revised = (word_of(f"picture of {one}") for one in ("draft", "revised"))
    paper = word_of("attachment of draft")
    drawn = _picture(practices["draft"], "draft.png", "#112233", alt=draft, caption=draft)
    return {
        "picture-of-draft": drawn,
        "paper-of-draft": _paper(practices["draft"], f"{paper}.pdf", paper),
        "picture-of-revised": _picture(practices["revised"], f"{revised}.png", "#223344",
                                       alt=revised),
        "other's-picture": {**drawn, "slug": practices["public"].slug},
        "no-picture": {**drawn, "slug": practices["public"].slug, "key": "A" * 22},
    }  # fmt: skip


def add_before_submission(thing: str, practice: Practice) -> Things:
    """Add a picture with the canary of its practice, while there is a draft."""
    name = word_of(thing)
    return {f"picture-{thing}": _picture(practice, f"{name}.png", "#334455", alt=name)}


def _reviews(practices: Mapping[str, Practice]) -> Things:
    admin, chapter = actor("secretariat"), actor("chapter")
    comment = service.comment_on(
        chapter, practices["submitted"], field="summary", text=f"Why {word_of('comment')}?"
    )
    planned = write("official", "planned", full("planned"))
    bring_to("signed_off", planned)
    service.assign(admin, planned, reviewer_id=chapter.person_id, due_on=clock.now().date())
    service.schedule(admin, planned, day=PLANNED)
    back = write("official", "sent-back", {**full("sent-back"), "title": "Permits by pigeon"})
    bring_to("submitted", back)
    returned = service.comment_on(admin, back, field="problem", text=word_of("comment"))
    service.send_back(admin, back, comment=f"Because of {word_of('sent back with')}")
    submitted = at(practices["submitted"])
    return {
        "planned": {**at(planned), "seen_reviewer": chapter.person_id},
        "sent-back": {**at(back), "comment_id": returned.id},
        "comment": {**submitted, "comment_id": comment.id},
        "comment-elsewhere": {**submitted, "comment_id": returned.id},
        "no-comment": {**submitted, "comment_id": 9_999_999},
    }


def _withdrawn() -> Things:
    things: Things = {}
    for thing, title, reason, visibility in (
        ("withdrawn-public", "Permits by telegraph", "It was a mistake", "public"),
        ("withdrawn-members", f"Permits {word_of('withdrawn for')}",
         f"Because of {word_of('withdrawn for')}", "members"),
    ):  # fmt: skip
        record = {**full("withdrawn"), "title": title, "visibility": visibility}
        practice = write("official", thing, record)
        shown = add_before_submission("withdrawn", practice)
        bring_to("published", practice)
        things[thing] = at(practice)
        service.withdraw(actor("secretariat"), practice, reason=reason)
        if visibility == "public":
            things |= shown
    return things


def _words(practices: Mapping[str, Practice]) -> Things:
    """Keep texts that were read and not taken yet; one is somebody's who was moved since."""
    text = f"The problem before\n\nPermits with {word_of('word')}."
    of_draft, lead = practices["draft"], "The problem before\n\nPermits by the lead."
    read = {
        "word": word.read(actor("official"), text, ""),
        "word-of-draft": word.read(actor("official"), text, "", practice=of_draft),
        "word-of-lead": word.read(actor("lead"), lead, ""),
        "word-of-moved": word.read(actor_of("moved"), lead, "", practice=of_draft),
    }
    # Nobody of the secretariat reads documents any more; this is of before they were that.
    read["secretariat's-word"] = previews.keep(
        actor("secretariat"), word.KIND, title="Read once", lines=[]
    )
    return {thing: {"preview_id": kept.id} for thing, kept in read.items()}


def _questions(practices: Mapping[str, Practice], things: Things) -> Things:
    """Ask whether practices are running; return links that are good, used, over, of the hidden."""
    gone = _practice_at(str(things["withdrawn-public"]["slug"]))
    tokens_of = {
        "question": _question(practices["public"], 2030),
        "question-of-members": _question(practices["members"], 2030),
        "question-of-withdrawn": _question(gone, 2030),
        "question-answered": _question(practices["revised"], 2030, Answer.RUNNING),
    }
    elsewhere = _practice_at("of-suspended")
    _question(elsewhere, 2030, Answer.RUNNING, note=word_of("answer elsewhere"))
    with clock.moved(-timedelta(seconds=ANSWERABLE_SECONDS + 60)):
        tokens_of["question-over"] = _question(practices["revised"], 2020)
    return {thing: {"secret": token} for thing, token in tokens_of.items()}


@db.transaction
def _question(practice: Practice, year: int, answer: Answer | None = None, note: str = "") -> str:
    moment = clock.now()
    check = LivenessCheck(
        practice_id=practice.id, year=year, asked_at=moment, answer=answer, note=note
    )
    if answer:
        check.answered_at, check.answered_as = moment, "contact"
    db.session().add(check)
    db.session().flush()
    return tokens.sign(PURPOSE, f"{check.id}.contact")


@db.transaction
def _let_write(role: str, practice: Practice) -> None:
    """Let somebody be in the editor for as long as a slow run of the tests takes."""
    later = clock.now() + timedelta(days=1)
    db.session().add(
        Editing(practice_id=practice.id, person_id=person_of(role).id, part="name", seen_at=later)
    )


def _practice_at(slug: str) -> Practice:
    return db.session().query(Practice).filter_by(slug=slug).one()


def _picture(
    practice: Practice, name: str, colour: str, *, alt: str, caption: str = ""
) -> dict[str, object]:
    written = io.BytesIO()
    Image.new("RGB", (WIDE, WIDE // 2), colour).save(written, "PNG")
    kept = files.add(
        actor("official"), practice, written.getvalue(), name, alt=alt, caption=caption
    )
    return _address(practice, kept)


def _paper(practice: Practice, name: str, word: str) -> dict[str, object]:
    content = b"%PDF-1.7\n" + word.encode() + b"\n%%EOF\n"
    return _address(practice, files.add(actor("official"), practice, content, name, caption=word))


def _address(practice: Practice, kept: PracticeFile) -> dict[str, object]:
    return {
        "slug": practice.slug, "key": kept.key, "width": NARROW, "ending": "webp",
        "version": kept.version,
    }  # fmt: skip
