"""A published practice as a document of the index."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import contains_eager, selectinload

from citynet.index.document import Document, Wording
from citynet.kit import db
from citynet.practices import content as contents
from citynet.practices import queries
from citynet.practices.content import Content
from citynet.practices.fields import Visibility
from citynet.practices.models import Practice, Revision, State, Topic, Translation

BATCH = 200


class PracticeSource:
    """What the index should hold: every published practice, by its id."""

    def stamps(self) -> Mapping[str, str]:
        """Return the texts that each document should tell, by key."""
        wanted = (
            select(Revision.practice_id, Revision.id, func.coalesce(Translation.id, 0))
            .outerjoin(Translation, queries.is_told())
            .where(Revision.state == State.PUBLISHED)
            .order_by(Translation.language)
        )
        stamps: dict[str, str] = {}
        for key, original, told in db.session().execute(wanted).all():
            before = stamps.get(str(key), str(original))
            stamps[str(key)] = f"{before}+{told}" if told else before
        return stamps

    def documents(self, keys: Collection[str] | None = None) -> Iterator[Document]:
        """Yield the documents of these keys, or all."""
        wanted = sorted(int(key) for key in (self.stamps() if keys is None else keys))
        words = queries.synonyms()
        topics = {topic.id: topic for topic in queries.all_topics()}
        for start in range(0, len(wanted), BATCH):
            ids = wanted[start : start + BATCH]
            translations = queries.published_translations(ids)
            for revision in _published(ids):
                told = translations.get(revision.practice_id, ())
                yield document_of(revision, told, topics=topics, synonyms=words)


def document_of(
    revision: Revision,
    translations: Sequence[Translation] = (),
    *,
    topics: Mapping[int, Topic],
    synonyms: Mapping[int, list[str]],
) -> Document:
    """Return the document of a published revision and its published translations, by language.

    Its practice, city and topics are loaded.
    """
    city = revision.practice.city
    others = [one for one in translations if one.language != revision.language]
    lineage = _lineage(revision, topics)
    names = _names(lineage.values(), synonyms)
    is_public, own = revision.visibility == Visibility.PUBLIC, _wording(revision.content)
    return Document(
        key=str(revision.practice_id),
        stamp="+".join(map(str, (revision.id, *(one.id for one in others)))),
        language=own.language,
        title=own.title,
        summary=own.summary,
        body=own.body,
        keywords="; ".join([*names, city.full_name, city.province or ""]),
        audiences=frozenset({"public", "members"} if is_public else {"members"}),
        facets={
            "topic": tuple(topic.slug for topic in lineage.values()),
            "country": (city.country,),
            "city": (city.slug,),
            "language": (revision.language, *(one.language for one in others)),
            "status": (revision.status,) if revision.status else (),
            "year": (str(revision.started_year),) if revision.started_year else (),
        },
        published_at=revision.published_at or revision.created_at,
        # Only what is translated: the rest would be read in the wrong language.
        others=tuple(_wording(queries.words_for(one, revision)) for one in others),
    )


def _lineage(revision: Revision, topics: Mapping[int, Topic]) -> Mapping[int, Topic]:
    """Return the topics of a text and those above them."""
    return {
        topic.id: topic
        for own in revision.topics
        for topic in (own, topics.get(own.parent_id or 0))
        if topic is not None
    }


def _names(topics: Iterable[Topic], synonyms: Mapping[int, list[str]]) -> list[str]:
    """Return what topics are called, in all languages."""
    return [
        text
        for topic in topics
        for text in (topic.name_en, topic.name_id, *synonyms.get(topic.id, ()))
    ]


def _wording(content: Content) -> Wording:
    return Wording(
        content.language, content.title, _sentences(content.subtitle, content.summary),
        contents.full_text(content),
    )  # fmt: skip


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
