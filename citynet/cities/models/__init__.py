"""Cities, chapters, memberships with their history, officials, and the actor of a request."""

from __future__ import annotations

from citynet.cities.models.actor import VISITOR, Actor
from citynet.cities.models.application import (
    Application,
    ApplicationFile,
    ApplicationLink,
    ApplicationMessage,
    AppState,
    LinkPurpose,
    MessageKind,
)
from citynet.cities.models.city import Chapter, ChapterPerson, City, Kind
from citynet.cities.models.invitation import (
    Invitation,
    JoinRequest,
    Preview,
    RequestState,
    Seat,
)
from citynet.cities.models.membership import (
    Category,
    Matter,
    Membership,
    MembershipChange,
    Standing,
)
from citynet.cities.models.official import Official, Role

__all__ = [
    "VISITOR",
    "Actor",
    "AppState",
    "Application",
    "ApplicationFile",
    "ApplicationLink",
    "ApplicationMessage",
    "Category",
    "Chapter",
    "ChapterPerson",
    "City",
    "Invitation",
    "JoinRequest",
    "Kind",
    "LinkPurpose",
    "Matter",
    "Membership",
    "MembershipChange",
    "MessageKind",
    "Official",
    "Preview",
    "RequestState",
    "Role",
    "Seat",
    "Standing",
]
