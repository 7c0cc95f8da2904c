"""What people did, in words: each action that the code records, and what its parts are called."""

from __future__ import annotations

from collections.abc import Mapping

from citynet.kit.i18n import lazy

# By area, the first word of an action: a test finds what the code records and is not told here.
AREAS: Mapping[str, str] = {
    "announcement": lazy("Announcements"),
    "application": lazy("Applications"),
    "chapter": lazy("Chapters"),
    "city": lazy("Cities"),
    "effect": lazy("Background work"),
    "identity": lazy("Sign-in through a provider"),
    "invitation": lazy("Invitations"),
    "letter": lazy("Letters"),
    "list": lazy("Exports"),
    "membership": lazy("Memberships"),
    "network": lazy("Name and look of the network"),
    "official": lazy("Officials"),
    "passkey": lazy("Passkeys"),
    "person": lazy("People and accounts"),
    "practice": lazy("Practices"),
    "recovery_code": lazy("Recovery codes"),
    "recovery_codes": lazy("New recovery codes"),
    "request": lazy("Requests to join a city"),
    "second_factor": lazy("Second factor"),
    "secretariat": lazy("Secretariat"),
    "session": lazy("Signing in"),
    "topic": lazy("Topics"),
}
ACTIONS: Mapping[str, str] = {
    "announcement.changed": lazy("Changed an announcement"),
    "announcement.discarded": lazy("Deleted the draft of an announcement"),
    "announcement.published": lazy("Published an announcement"),
    "announcement.withdrawn": lazy("Withdrew an announcement"),
    "announcement.written": lazy("Wrote an announcement"),
    "application.added": lazy("Added to an application"),
    "application.admitted": lazy("Admitted the city of an application"),
    "application.asked": lazy("Asked an applicant for more"),
    "application.declined": lazy("Declined an application"),
    "application.joined": lazy("Joined another application for the same city"),
    "application.received": lazy("Confirmed an application"),
    "application.sent": lazy("Sent an application"),
    "application.withdrawn": lazy("Withdrew an application"),
    "chapter.changed": lazy("Changed a chapter"),
    "chapter.created": lazy("Made a chapter"),
    "chapter.deleted": lazy("Deleted a chapter"),
    "chapter.person_added": lazy("Added a person to a chapter’s secretariat"),
    "chapter.person_removed": lazy("Took a person out of a chapter’s secretariat"),
    "city.chapter_changed": lazy("Put a city into another chapter"),
    "city.corrected": lazy("Corrected the data of a city"),
    "effect.rerun": lazy("Ran background work again"),
    "identity.linked": lazy("Linked an account to the provider"),
    "identity.removed": lazy("Took away the link to the provider"),
    "invitation.accepted": lazy("Accepted an invitation"),
    "invitation.revoked": lazy("Took back an invitation"),
    "invitation.sent": lazy("Invited somebody"),
    "invitation.sent_again": lazy("Sent an invitation again"),
    "letter.changed": lazy("Changed the words of a letter"),
    "list.exported": lazy("Exported a list"),
    "membership.active": lazy("Admitted a city, or restored its membership"),
    "membership.applied": lazy("Registered that a city asks to join"),
    "membership.category": lazy("Changed the category of a membership"),
    "membership.ended": lazy("Ended a membership, or declined it"),
    "membership.lapsed": lazy("Let a membership lapse"),
    "membership.renewal": lazy("Renewed a membership"),
    "membership.suspended": lazy("Suspended a membership"),
    "membership.term": lazy("Changed the term of a membership"),
    "network.changed": lazy("Changed the name or look of the network"),
    "official.appointed": lazy("Named an official"),
    "official.lead_handed_over": lazy("Handed over the lead"),
    "official.left": lazy("Left a city"),
    "official.removed": lazy("Removed an official from a city"),
    "passkey.added": lazy("Added a passkey"),
    "passkey.removed": lazy("Removed a passkey"),
    "person.created": lazy("Made an account"),
    "person.deactivated": lazy("Deactivated an account"),
    "person.erased": lazy("Erased a person"),
    "person.erased_again": lazy("Erased a person again after a restore"),
    "person.exported": lazy("Downloaded all data about themselves"),
    "person.invited_again": lazy("Sent a new link to set the password"),
    "person.language_chosen": lazy("Chose a language"),
    "person.mail_change_asked": lazy("Asked to change the mail address"),
    "person.mail_changed": lazy("Changed the mail address"),
    "person.password_changed": lazy("Changed the password"),
    "person.reactivated": lazy("Reactivated an account"),
    "person.registered": lazy("Registered through an invitation"),
    "person.renamed": lazy("Changed a name"),
    "person.secretariat": lazy("Changed who belongs to the secretariat"),
    "person.sessions_ended": lazy("Ended all sessions of a person"),
    "practice.created": lazy("Began a practice"),
    "practice.published": lazy("Published a practice"),
    "practice.saved": lazy("Saved a practice"),
    "practice.sent_back": lazy("Sent a practice back"),
    "practice.signed_off": lazy("Signed off a practice"),
    "practice.submitted": lazy("Submitted a practice"),
    "recovery_code.used": lazy("Used a recovery code"),
    "recovery_codes.renewed": lazy("Made new recovery codes"),
    "request.asked": lazy("Asked to join a city"),
    "request.accepted": lazy("Accepted a request to join a city"),
    "request.declined": lazy("Declined a request to join a city"),
    "second_factor.off": lazy("Switched the second factor off"),
    "second_factor.on": lazy("Switched the second factor on"),
    "second_factor.reset": lazy("Reset somebody’s second factor"),
    "second_factor.reset_reason": lazy("Wrote why a second factor was reset"),
    "secretariat.joined": lazy("Joined a secretariat"),
    "session.opened": lazy("Signed in"),
    "session.revoked": lazy("Ended a session"),
    "topic.added": lazy("Added a topic"),
    "topic.changed": lazy("Changed a topic"),
    "topic.deleted": lazy("Deleted a topic"),
    "topic.merged": lazy("Merged a topic into another"),
    "topic.moved": lazy("Changed the order of topics"),
}
KINDS: Mapping[str, str] = {
    "announcement": lazy("Announcement"),
    "application": lazy("Application"),
    "chapter": lazy("Chapter"),
    "city": lazy("City"),
    "effect": lazy("Background work"),
    "invitation": lazy("Invitation"),
    "join_request": lazy("Request to join"),
    "letter": lazy("Letter"),
    "membership": lazy("Membership"),
    "network": lazy("Network"),
    "person": lazy("Person"),
    "practice": lazy("Practice"),
    "session": lazy("Session"),
    "topic": lazy("Topic"),
}


def word_of(action: str) -> str:
    """Return an action in words; one that the code no longer records stands as it is."""
    return str(ACTIONS.get(action, action))


def choices() -> dict[str, str]:
    """Return each area and, after it, its actions: what a filter offers."""
    found: dict[str, str] = {}
    for area, label in AREAS.items():
        found[area] = str(label)
        own = [action for action in ACTIONS if action.partition(".")[0] == area]
        found |= {action: f"{label}: {ACTIONS[action]}" for action in own}
    return found
