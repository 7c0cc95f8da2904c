"""A published practice as a document of the index."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from sqlalchemy import select
from sqlalchemy.orm import contains_eager, selectinload

from citynet.index.document import Document
from citynet.kit import db
from citynet.practices import content as contents
from citynet.practices import queries
from citynet.practices.fields import Visibility
from citynet.practices.models import Practice, Revision, State, Topic

BATCH = 200


class PracticeSource:
    """What the index should hold: every published practice, by its id."""

    def stamps(self) -> Mapping[str, str]:
        """Return the revision that each document should tell, by key."""
        wanted = select(Revision.practice_id, Revision.id).where(Revision.state == State.PUBLISHED)
        return {str(key): str(stamp) for key, stamp in db.session().execute(wanted).all()}

    def documents(self, keys: Collection[str] | None = None) -> Iterator[Document]:
        """Yield the documents of these keys, or all."""
        wanted = sorted(int(key) for key in (self.stamps() if keys is None else keys))
        words = queries.synonyms()
        topics = {topic.id: topic for topic in queries.all_topics()}
        for start in range(0, len(wanted), BATCH):
            for revision in _published(wanted[start : start + BATCH]):
                yield document_of(revision, topics=topics, synonyms=words)


def document_of(
    revision: Revision, *, topics: Mapping[int, Topic], synonyms: Mapping[int, list[str]]
) -> Document:
    """Return the document of a published revision; its practice, city and topics are loaded."""
    city = revision.practice.city
    lineage = {
        topic.id: topic
        for own in revision.topics
        for topic in (own, topics.get(own.parent_id or 0))
        if topic is not None
    }
    words = [
        text
        for topic in lineage.values()
        for text in (topic.name_en, topic.name_id, *synonyms.get(topic.id, ()))
    ]
    is_public = revision.visibility == Visibility.PUBLIC
    return Document(
        key=str(revision.practice_id),
        stamp=str(revision.id),
        language=revision.language,
        title=revision.title,
        summary=_sentences(revision.subtitle, revision.summary),
        body=contents.full_text(revision.content),
        keywords="; ".join([*words, city.full_name, city.province or ""]),
        audiences=frozenset({"public", "members"} if is_public else {"members"}),
        facets={
            "topic": tuple(topic.slug for topic in lineage.values()),
            "country": (city.country,),
            "city": (city.slug,),
            "language": (revision.language,),
            "status": (revision.status,) if revision.status else (),
            "year": (str(revision.started_year),) if revision.started_year else (),
        },
        published_at=revision.published_at or revision.created_at,
    )


def _sentences(subtitle: str, summary: str) -> str:
    """Join the two so that a snippet over both reads as two sentences."""
    end = "" if subtitle.endswith((".", "!", "?")) or not subtitle else "."
    return f"{subtitle}{end} {summary}".strip()


def _published(ids: list[int]) -> list[Revision]:
    wanted = (
        select(Revision)
        .join(Revision.practice)
        .join(Practice.city)
        .options(
            contains_eager(Revision.practice).contains_eager(Practice.city),
            selectinload(Revision.topics),
        )
        .where(Practice.id.in_(ids), Revision.state == State.PUBLISHED)
    )
    return list(db.session().scalars(wanted))
