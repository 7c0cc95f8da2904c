"""Tables of practices: the texts, the topics."""

from citynet.practices.models.practices import IN_WORK, Practice, Revision, RevisionTopic, State
from citynet.practices.models.topics import Topic, TopicAlias, TopicSynonym

__all__ = [
    "IN_WORK",
    "Practice",
    "Revision",
    "RevisionTopic",
    "State",
    "Topic",
    "TopicAlias",
    "TopicSynonym",
]
