"""Tables of practices: the texts, the topics."""

from citynet.practices.models.editing import EDITING_LIFE, Editing
from citynet.practices.models.files import FileKind, PracticeFile, Rendition
from citynet.practices.models.liveness import Answer, LivenessCheck
from citynet.practices.models.practices import IN_WORK, Practice, Revision, RevisionTopic, State
from citynet.practices.models.review import (
    ReviewAssignment,
    ReviewComment,
    RevisionStep,
    ScheduledPublication,
    Step,
    TrustedCity,
)
from citynet.practices.models.topics import Topic, TopicAlias, TopicsEdition, TopicSynonym
from citynet.practices.models.translations import Translation

__all__ = [
    "EDITING_LIFE",
    "IN_WORK",
    "Answer",
    "Editing",
    "FileKind",
    "LivenessCheck",
    "Practice",
    "PracticeFile",
    "Rendition",
    "ReviewAssignment",
    "ReviewComment",
    "Revision",
    "RevisionStep",
    "RevisionTopic",
    "ScheduledPublication",
    "State",
    "Step",
    "Topic",
    "TopicAlias",
    "TopicSynonym",
    "TopicsEdition",
    "Translation",
    "TrustedCity",
]
