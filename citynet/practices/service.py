"""Commands on practices: write, submit, sign off, send back, publish."""

from __future__ import annotations

from slugify import slugify
from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import contains_eager
from sqlalchemy.orm.attributes import get_history

from citynet.cities import queries as cities
from citynet.cities.models import Actor, Standing
from citynet.kit import audit, clock, db, effects, tokens
from citynet.kit.errors import Conflict, Invalid, NotFound, require
from citynet.kit.html import drop_invisible
from citynet.kit.i18n import _
from citynet.practices import content as contents
from citynet.practices import policy, queries
from citynet.practices.content import Content
from citynet.practices.models import IN_WORK, Practice, Revision, RevisionTopic, State

INDEX = "practice.index"
LONGEST_COMMENT = 2000
# Number and version of the text that somebody decided on; None where no page was shown.
Seen = tuple[int, int] | None
ADDRESS_TRIES = 20


class EditedMeanwhile(Conflict):
    """Somebody saved the text after this editor opened it; `newest` is what stands now."""

    def __init__(self, newest: Revision) -> None:
        super().__init__(_("Somebody saved this practice while you were writing."))
        self.newest = newest


@db.transaction
def create(actor: Actor, content: Content, *, import_key: str | None = None) -> Revision:
    """Begin a practice of the actor's city with its first draft.

    Raises:
        Invalid: a topic that does not exist.
        Conflict: the import key is taken.
    """
    require(policy.can_create(actor), _("Only officials of a city can write a practice."))
    practice = _new_practice(actor, content.title, import_key)
    revision = _new_revision(actor, practice, content, number=1)
    _record(actor, "practice.created", practice, revision)
    return revision


@db.transaction
def save(actor: Actor, practice: Practice, content: Content, *, base: tuple[int, int]) -> Revision:
    """Keep a draft; `base` is the number and version of the text the editor began from.

    A published text stays up: its next revision begins. Saving over somebody else's draft begins
    another revision, so that neither text is lost.

    Raises:
        EditedMeanwhile: there is a newer text than the one the editor began from.
        Conflict: the text is with the lead or the secretariat.
        Invalid: a topic that does not exist.
    """
    require(policy.can_edit(actor, practice))
    newest = _newest(practice)
    if (newest.number, newest.version) != base:
        raise EditedMeanwhile(newest)
    if newest.state in (State.SUBMITTED, State.SIGNED_OFF):
        raise Conflict(_("This text is being reviewed. Wait until it is published or sent back."))
    if newest.state == State.DRAFT and newest.edited_by_id == actor.person_id:
        _fill(newest, content)
        newest.version += 1
        newest.edited_at = clock.now()
        revision = newest
    else:
        comment = newest.comment if newest.state == State.DRAFT else ""
        if newest.state == State.DRAFT:
            newest.state = State.SUPERSEDED
            db.session().flush()
        revision = _new_revision(actor, practice, content, number=newest.number + 1)
        # What was asked for when the text was sent back is asked of whoever goes on with it.
        revision.comment = comment
    _record(actor, "practice.saved", practice, revision)
    return revision


def unanswered(content: Content) -> dict[str, str]:
    """Return what stands between a draft and its submission: a sentence for each field."""
    problems = dict.fromkeys(contents.missing(content), _("Answer this."))
    may_be_unknown = contents.MAY_BE_UNKNOWN & problems.keys()
    problems |= dict.fromkeys(may_be_unknown, _("Answer this, or mark it as not known."))
    for number, row in enumerate(content.results):
        if not row.after:
            problems[f"results.{number}.after"] = _("Write what it is now, or what you expect.")
        if not row.source and not row.expected:
            problems[f"results.{number}.source"] = _("Write where this figure comes from.")
    return problems


@db.transaction
def submit(actor: Actor, practice: Practice, *, seen: Seen = None) -> Revision:
    """Hand the draft to the city's lead.

    Raises:
        Invalid: starred fields that are not answered yet.
        Conflict: there is no draft.
    """
    # Asked first: whether there is a draft is not for others to learn.
    require(policy.can_edit(actor, practice))
    revision = _in_work(practice, seen, State.DRAFT)
    require(policy.can_submit(actor, practice, revision))
    problems = unanswered(revision.content)
    if problems:
        raise Invalid(problems)
    revision.state, revision.comment = State.SUBMITTED, ""
    revision.submitted_at, revision.submitted_by_id = clock.now(), actor.person_id
    _record(actor, "practice.submitted", practice, revision)
    return revision


@db.transaction
def sign_off(actor: Actor, practice: Practice, *, seen: Seen = None) -> Revision:
    """Answer for the text as the city's lead; then the secretariat sees it.

    Raises:
        Forbidden: not the lead, or nobody else has had a hand in the text.
        Conflict: the text does not wait for a sign-off.
    """
    require(policy.is_lead_of(actor, practice))
    revision = _in_work(practice, seen, State.SUBMITTED)
    require(policy.can_lead_decide(actor, practice, revision))
    require(
        policy.can_sign_off(actor, practice, revision),
        _("You wrote and submitted this text yourself. Ask a colleague to submit it."),
    )
    revision.state = State.SIGNED_OFF
    revision.signed_off_at, revision.signed_off_by_id = clock.now(), actor.person_id
    _record(actor, "practice.signed_off", practice, revision)
    return revision


@db.transaction
def send_back(actor: Actor, practice: Practice, *, comment: str, seen: Seen = None) -> Revision:
    """Return the text to its authors with what should change.

    Raises:
        Invalid: no comment, or one longer than 2,000 characters.
        Conflict: the text does not wait for a decision.
    """
    practice = _hold(practice)
    require(policy.is_lead_of(actor, practice) or policy.can_review_of(actor, practice))
    revision = _in_work(practice, seen, State.SUBMITTED, State.SIGNED_OFF)
    require(policy.can_send_back(actor, practice, revision))
    comment = drop_invisible(comment).strip()
    if not comment or len(comment) > LONGEST_COMMENT:
        raise Invalid({"comment": _("Write what should change, up to 2,000 characters.")})
    revision.state, revision.comment = State.DRAFT, comment
    revision.version += 1
    revision.submitted_at = revision.submitted_by_id = None
    revision.signed_off_at = revision.signed_off_by_id = None
    _record(actor, "practice.sent_back", practice, revision, comment=revision.comment)
    return revision


@db.transaction
def publish(actor: Actor, practice: Practice, *, seen: Seen = None) -> Revision:
    """Approve the signed-off text: readers see it instead of the one before.

    Raises:
        Conflict: the text is not signed off.
    """
    practice = _hold(practice)
    require(policy.can_review_of(actor, practice))
    revision = _in_work(practice, seen, State.SIGNED_OFF)
    require(policy.can_publish(actor, practice, revision))
    membership = cities.membership_of(practice.city_id)
    if membership is None or membership.standing != Standing.ACTIVE:
        raise Conflict(_("This city is not an active member now. Restore its membership first."))
    db.session().execute(
        update(Revision)
        .where(Revision.practice_id == practice.id, Revision.state == State.PUBLISHED)
        .values(state=State.SUPERSEDED)
    )
    revision.state = State.PUBLISHED
    revision.published_at, revision.published_by_id = clock.now(), actor.person_id
    _record(actor, "practice.published", practice, revision)
    effects.enqueue(INDEX, practice_id=str(practice.id))
    return revision


def _new_practice(actor: Actor, title: str, import_key: str | None) -> Practice:
    """Begin a practice at a free address; on PostgreSQL another may take it meanwhile."""
    for _try in range(ADDRESS_TRIES):
        if import_key and queries.by_import_key(import_key) is not None:
            raise Conflict(_("This record was imported before."))
        practice = Practice(
            slug=_free_slug(title),
            city_id=actor.city_id,
            created_by_id=actor.person_id,
            import_key=import_key,
        )
        try:
            with db.savepoint():
                db.session().add(practice)
                db.session().flush()
        except IntegrityError:
            continue
        return practice
    raise Conflict(_("Many people are writing at this moment. Please try again."))


def _hold(practice: Practice) -> Practice:
    """Return the practice with its city as they are now; others who would change them wait."""
    wanted = select(Practice).join(Practice.city).where(Practice.id == practice.id)
    held = wanted.options(contains_eager(Practice.city)).with_for_update()
    return db.session().scalars(held.execution_options(populate_existing=True)).one()


def _newest(practice: Practice) -> Revision:
    _hold(practice)
    wanted = (
        select(Revision)
        .where(Revision.practice_id == practice.id)
        .order_by(Revision.number.desc())
        .limit(1)
        .execution_options(populate_existing=True)
    )
    found = db.session().scalar(wanted)
    if found is None:
        raise NotFound
    return found


def _in_work(practice: Practice, seen: Seen, *states: State) -> Revision:
    """Return the text in work if it is in one of these states and the one that was seen."""
    _hold(practice)
    wanted = (
        select(Revision)
        .where(Revision.practice_id == practice.id, Revision.state.in_(IN_WORK))
        .execution_options(populate_existing=True)
    )
    found = db.session().scalar(wanted)
    is_seen = found is not None and seen in (None, (found.number, found.version))
    if found is None or found.state not in states or not is_seen:
        raise Conflict(_("This text has moved on meanwhile. See below where it stands."))
    return found


def _new_revision(actor: Actor, practice: Practice, content: Content, *, number: int) -> Revision:
    revision = Revision(
        practice_id=practice.id, number=number, state=State.DRAFT, edited_by_id=actor.person_id,
        version=1,
    )  # fmt: skip
    _fill(revision, content)
    return revision


def _fill(revision: Revision, content: Content) -> None:
    """Write the content and the copies that lists read."""
    topics = queries.topics_by_slug(content.topics)
    unknown = [slug for slug in content.topics if slug not in topics]
    if unknown:
        raise Invalid({"topics": _("There is no topic %(slug)s.", slug=unknown[0])})
    revision.title, revision.subtitle = content.title, content.subtitle
    revision.summary, revision.language = content.summary, content.language
    revision.visibility, revision.status = content.visibility, content.status
    revision.started_year = contents.started_year(content)
    revision.content_json = content.model_dump_json()
    revision.__dict__.pop("content", None)
    db.session().add(revision)
    db.session().flush()
    db.session().execute(delete(RevisionTopic).where(RevisionTopic.revision_id == revision.id))
    for position, slug in enumerate(dict.fromkeys(content.topics)):
        db.session().add(
            RevisionTopic(revision_id=revision.id, topic_id=topics[slug].id, position=position)
        )


def _free_slug(title: str) -> str:
    plain = slugify(title, max_length=100, word_boundary=True) or "practice"
    taken = set(
        db.session().scalars(select(Practice.slug).where(Practice.slug.startswith(plain)))
    ) | {"new"}
    numbered = (plain, *(f"{plain}-{number}" for number in range(2, 1000)))
    free = next((slug for slug in numbered if slug not in taken), None)
    return free or f"{plain}-{tokens.secret()[:8].lower()}"


def _record(
    actor: Actor, action: str, practice: Practice, revision: Revision, **details: str
) -> None:
    before = get_history(revision, "state").deleted
    audit.record(
        actor.person_id, action, subject=("practice", practice.id), city_id=practice.city_id,
        details={"revision": revision.number, "title": revision.title, **details},
        before={"state": before[0]} if before else None,
        after={"state": revision.state} if before else None,
    )  # fmt: skip
