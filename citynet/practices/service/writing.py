"""Commands that keep a text: begin a practice, save its draft."""

from __future__ import annotations

from slugify import slugify
from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError

from citynet.cities.models import Actor
from citynet.kit import clock, db, tokens
from citynet.kit.errors import Conflict, Invalid, require
from citynet.kit.i18n import _
from citynet.practices import content as contents
from citynet.practices import policy, queries
from citynet.practices.content import Content
from citynet.practices.models import Practice, Revision, RevisionTopic, State
from citynet.practices.service.holding import newest_of, record, refuse_reviewed, was_told
from citynet.practices.service.steps import was_submitted

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
    record(actor, "practice.created", practice, revision)
    return revision


@db.transaction
def save(
    actor: Actor, practice: Practice, content: Content, *, base: tuple[int, int],
    anew: bool = False, joins: bool = False, is_auto: bool = False,
) -> Revision:  # fmt: skip
    """Keep a draft; `base` is the number and version of the text the editor began from.

    A published text stays up: its next revision begins. Saving over somebody else's draft begins
    another revision, so that neither text is lost; so does saving over one that reviewers had,
    and `anew` over any. `joins`: both write at this moment, so theirs goes on. `is_auto`: by the
    page itself, told in the audit log once an hour.

    Raises:
        EditedMeanwhile: there is a newer text than the one the editor began from.
        Conflict: the text is with the lead or the secretariat.
        Invalid: a topic that does not exist.
    """
    require(policy.can_edit(actor, practice))
    newest = newest_of(practice)
    if (newest.number, newest.version) != base:
        raise EditedMeanwhile(newest)
    refuse_reviewed(newest)
    is_own = joins or newest.edited_by_id == actor.person_id
    if newest.state == State.DRAFT and is_own and not anew and not was_submitted(newest):
        _fill(newest, content)
        newest.version += 1
        newest.edited_at, newest.edited_by_id = clock.now(), actor.person_id
        revision = newest
    else:
        comment = newest.comment if newest.state == State.DRAFT else ""
        if newest.state == State.DRAFT:
            newest.state = State.SUPERSEDED
            db.session().flush()
        revision = _new_revision(actor, practice, content, number=newest.number + 1)
        # What was asked for when the text was sent back is asked of whoever goes on with it.
        revision.comment = comment
    if not (is_auto and was_told(actor, practice, "practice.saved")):
        record(actor, "practice.saved", practice, revision)
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
