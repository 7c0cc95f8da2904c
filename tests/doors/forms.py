"""What a browser posts at each door: the right form of a route, and how a thing's form differs.

`$name` stands for what the thing itself knows: its number, the version that was seen, a code.
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass
from string import Template

from tests.doors.canaries import PLANNED
from tests.doors.plant_desk import picture
from tests.doors.plant_people import STRONG
from tests.network import PASSWORD

Form = Mapping[str, object]
REASON = "Because of this"
OTHER_PASSWORD = "another long enough password"
LETTER = {"subject": "About this", "text": "Please read this.\n\n{link}"}
LATER = {"until": "2036-01-31", "seen_until": "$until", "reason": REASON}
APPLICATION = {
    "city": "hamlet", "kind": "city", "contact_name": "Mere", "office": "Town office",
    "email": "mere@x.example", "language": "en", "consent": "y", "phone": "+679 123456",
}  # fmt: skip
ANOTHER = {"city": "other", "name": "Seaville", "country": "FJ"}
TOPIC = {"name_en": "Water", "name_id": "Air", "description_en": "Pipes", "parent": ""}
ANNOUNCEMENT = {
    "title_en": "News", "title_id": "Kabar", "audience": "everybody", "version": "$version",
    "begins_on": "2035-01-01", "ends_on": "2035-02-01",
}  # fmt: skip
IDENTITY = {
    "name": "Another name", "contact_address": "office@x.example", "term_months": "24",
    "main_colour": "#154360", "accent_colour": "#f4a927", "seen": "$seen",
}  # fmt: skip
DATA = {
    "name": "Newly named", "kind": "kabupaten", "latitude": "-7.4", "longitude": "112.7",
    "seen": "$data",
}  # fmt: skip
ADMIT = {
    **LETTER, "seen": "$seen", "reason": REASON, "category": "full", "until": "2036-01-31",
    "match": "new", "latitude": "-18", "longitude": "178",
}  # fmt: skip


@dataclass(frozen=True)
class Sent:
    """A file that is sent."""

    name: str
    content: bytes


PEOPLE = Sent("people.csv", b"name;email;city;country\nSari;sari@x.example;35.15;ID\n")
MEMBERS = Sent("members.csv", b"city,standing\n35.15,active\n")
PAPER = Sent("letter.pdf", b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF\n")
TYPED: Form = {
    "title": "What was typed",
    "subtitle": "One line",
    "agency": "An office",
    "base": "$base",
    "action": "save",
}
WORDS: Form = {
    "title": "Yang diketik", "subtitle": "Satu baris", "base": "$base", "original": "$original",
    "action": "save",
}  # fmt: skip
SAVED: Form = {"name": "Another search", "how_often": "daily"}
WORD: Form = {"text": "The problem before\n\nShops wait."}
CURRENT: Form = {"current": PASSWORD, "next": ""}
FORMS: dict[str, Form] = {
    "/language": {"language": "$language"},
    "/sign-in": {"email": "admin@citynet.example", "password": PASSWORD},
    "/sign-in/code": {"code": "$code"},
    "/sign-in/passkey": {"credential": "$credential"},
    "/forgot": {"email": STRONG},
    "/reset/<secret>": {"password": OTHER_PASSWORD},
    "/account/name": {"name": "Another Name"},
    "/account/password": {**CURRENT, "password": OTHER_PASSWORD},
    "/account/email": {**CURRENT, "email": "another@x.example"},
    "/account/second-factor/begin": CURRENT,
    "/account/second-factor/confirm": {"code": "$code"},
    "/account/second-factor/codes": {**CURRENT, "code": "$code"},
    "/account/second-factor/off": {**CURRENT, "code": "$code"},
    "/account/passkeys/options": {**CURRENT, "name": "Phone"},
    "/account/passkeys": {"name": "Phone", "credential": "$credential"},
    "/account/passkeys/<int:passkey_id>/remove": CURRENT,
    "/account/data/download": {"current": PASSWORD},
    "/account/erase": {"current": PASSWORD, "word": "erase"},
    "/practices/new": {"title": "What was typed", "language": "en"},
    "/practices/<slug>/edit/<key>": TYPED,
    "/practices/<slug>/edit/<key>/autosave": TYPED,
    "/practices/<slug>/translations": {"language": "$language"},
    "/practices/<slug>/translations/<language>/<key>": WORDS,
    "/practices/<slug>/translations/<language>/<key>/autosave": WORDS,
    "/practices/<slug>/files": {"files": Sent("counter.png", picture("#aa2200"))},
    "/practices/<slug>/files/<key>": {"alt": "A counter", "caption": "", "seen": "$version"},
    "/practices/new/word": WORD,
    "/practices/<slug>/word": WORD,
    "/practices/word/<int:preview_id>": {"title": "What was read", "language": "en"},
    "/practices/<slug>/comments": {"field": "summary", "text": REASON},
    "/practices/<slug>/reviewer": {
        "reviewer": "$reviewer",
        "seen_reviewer": "$seen_reviewer",
    },
    "/practices/<slug>/withdraw": {"reason": REASON},
    "/still-running/<secret>": {"answer": "running"},
    "/admin/reviews/trust": {"city": "kabupaten-sidoarjo", "reason": REASON},
    "/search/missing": {"q": "ferries", "words": "Our islands need them."},
    "/search/save": {**SAVED, "q": "$q"},
    "/search/saved/<int:search_id>": SAVED,
    "/admin/missing/<int:report_id>/answer": {"practice": "https://x.example/practices/public"},
    "/join/apply": APPLICATION,
    "/join/register": APPLICATION,
    "/join/link": {"email": "unknown@x.example"},
    "/join/<string(length=43):secret>/add": {"text": "What was asked for"},
    "/city/people/invite": {"name": "Sari", "email": "sari@x.example", "language": "id"},
    "/city/people/invite-many": {"people": "Sari <sari@x.example>", "language": "id"},
    "/city/people/requests/<int:request_id>/decline": {"reason": REASON},
    "/cities/<slug>/join": {
        "name": "Sari",
        "email": "sari@x.example",
        "office": "Town office",
        "agreed": "y",
    },
    "/invitations/<secret>": {"name": "Sari", "password": OTHER_PASSWORD, "agreed": "y"},
    "/admin/applications/<int:application_id>/<any(admit, ask, decline):step>/letter": {
        **ADMIT,
        "question": "Who signs?",
    },
    "/admin/applications/<int:application_id>/<any(admit, ask, decline):step>": ADMIT,
    "/admin/memberships/<slug>/renewal": LATER,
    "/admin/memberships/<slug>/term": {**LATER, "from": "2026-01-01"},
    "/admin/memberships/<slug>/category": {
        "category": "associate",
        "seen": "full",
        "reason": REASON,
    },
    "/admin/memberships/<slug>/data": DATA,
    "/admin/memberships/<slug>/chapter": {"chapter": "other-chapter"},
    "/admin/memberships/bulk": {"ids": "$ids"},
    "/admin/memberships/bulk/preview": {
        "ids": "$ids",
        "act": "category",
        "category": "associate",
        "reason": REASON,
    },
    "/admin/people/<int:person_id>/<step>": {"reason": REASON, "city": "gn:2"},
    "/admin/people/bulk": {"ids": "$ids"},
    "/admin/people/bulk/preview": {"ids": "$ids", "act": "move", "city": "gn:2"},
    "/admin/requests/<int:request_id>/decline": {"reason": REASON},
    "/admin/invitations/again": {"ids": "$ids"},
    "/admin/people/invite": {
        "city": "35.15",
        "role": "official",
        "people": "Sari <sari@x.example>",
    },
    "/admin/people/invite-colleague": {
        "seat": "chapter",
        "name": "Sari",
        "email": "sari@x.example",
    },
    "/admin/imports": {"what": "officials", "way": "invite", "file": PEOPLE, "reason": REASON},
    "/admin/filters": {"list": "people", "query": "q=sari", "name": "Saris"},
    "/admin/filters/<int:filter_id>/rename": {"name": "Another name"},
    "/admin/chapters/new": {"name": "Chapter of the South", "country": "AU"},
    "/admin/chapters/<slug>/edit": {"name": "Chapter of the North", "country": "FJ"},
    "/admin/chapters/<slug>/cities": {"cities": "seoul"},
    "/admin/chapters/<slug>/cities/out": {"city": "pending"},
    "/admin/chapters/<slug>/people": {"email": "person@nowhere.example"},
    "/admin/topics/new": TOPIC,
    "/admin/topics/<int:topic_id>": TOPIC,
    "/admin/topics/<int:topic_id>/merge": {"into": "$into"},
    "/admin/announcements/new": {**ANNOUNCEMENT, "version": ""},
    "/admin/announcements/<int:announcement_id>/edit": ANNOUNCEMENT,
    "/admin/announcements/<int:announcement_id>/<any(publish, withdraw, discard):step>": {
        "version": "$version"
    },
    "/admin/letters/<key>/<language>": {**LETTER, "seen": "$seen"},
    "/admin/letters/<key>/<language>/preview": LETTER,
    "/admin/letters/<key>/<language>/original": {"seen": "$seen"},
    "/admin/identity": IDENTITY,
    "/admin/identity/preview": IDENTITY,
    "/admin/identity/original": {"seen": "$seen"},
}
CHANGES: dict[str, Form] = {
    "wrong": {"password": "not the password"},
    "no-address": {"email": "", "people": ""},
    "unknown-address": {"email": "nobody-at-all@x.example"},
    "no-name": {"name": "", "name_en": ""},
    "wrong-password": {"current": "not the password"},
    "weak-password": {"password": "password"},
    "reset-weak": {"password": "password"},
    "wrong-code": {"code": "000000"},
    "no-first-step": {"code": "000000"},
    "half-way-wrong": {"code": "000000"},
    "no-passkey": {"credential": "{}"},
    "no-password": {"current": ""},
    "wrong-word": {"word": "keep"},
    "stale": {"base": "1.0"},
    "untitled": {"title": ""},
    "told-stale": {"base": "1.0"},
    "told-untitled": {"title": ""},
    "told-uncommented": {"comment": ""},
    "restored-stale": {"base": "1.0"},
    "another-row": {"action": "add-blocks"},
    "stale-picture": {"seen": "99"},
    "wordless-picture": {"alt": "A" * 301},
    "nothing-sent": {"files": ""},
    "no-picture-sent": {"files": Sent("counter.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>")},
    "no-text": {"text": ""},
    "new-without-text": {"text": ""},
    "on-a-day": {"when": "day", "day": PLANNED.isoformat()},
    "on-no-day": {"when": "day", "day": ""},
    "about-no-field": {"field": "nothing"},
    "without-comment": {"text": "", "comment": ""},
    "to-a-stranger": {"reviewer": "999999"},
    "withdrawn-wordless": {"reason": ""},
    "stopped-wordless": {"answer": "stopped"},
    "no-answer": {"answer": ""},
    "trusted-wordless": {"reason": ""},
    "with-letter": {"file": PAPER},
    "letter-no-consent": {"file": PAPER, "consent": ""},
    "no-consent": {"consent": ""},
    "no-contact": {"contact_name": ""},
    "for-sidoarjo": {"city": "kabupaten-sidoarjo"},
    "for-outsider": {"city": "outsider"},
    "for-seoul": {"city": "seoul"},
    "for-nothing": {"city": "nothing-of-this-name"},
    "for-another": ANOTHER,
    "for-another-abroad": {**ANOTHER, "country": "NZ"},
    "adding-a-paper": {"file": PAPER},
    "adding-nothing": {"text": ""},
    "as-file": {"people": "", "file": PEOPLE},
    "as-lead": {"role": "lead"},
    "not-agreed": {"agreed": ""},
    "asks-without-reason": {"reason": ""},
    "without-reason": {"reason": ""},
    "deactivate-why": {"reason": ""},
    "decline-wordless": {"reason": ""},
    "decline-stale": {"seen": "99"},
    "admit-as-outsider": {"match": "outsider"},
    "stale-term": {"seen_until": "2020-01-01"},
    "stale-category": {"seen": "associate"},
    "stale-data": {"seen": "of before"},
    "suspend-stale": {"seen": "lapsed"},
    "no-place": {"latitude": ""},
    "without-act": {"act": ""},
    "into-chapter": {"act": "chapter", "chapter": "chapter"},
    "two-people-to-seoul": {"city": "seoul"},
    "move-to-seoul": {"city": "seoul"},
    "memberships": {"what": "memberships", "file": MEMBERS},
    "officials-at-once": {"way": "enrol"},
    "no-document": {"file": ""},
    "nameless-filter": {"name": ""},
    "nameless": {"name": ""},
    "filter-of-nothing": {"list": "nothing"},
    "unknown-city": {"cities": "Atlantis"},
    "official's-address": {"email": "official@sidoarjo.example"},
    "no-title": {"title_en": "", "title": ""},
    "stale-words": {"version": "99"},
    "publish-stale": {"version": "99"},
    "wordless-letter": {"text": ""},
    "stale-letter": {"seen": "of before"},
    "stale-identity": {"seen": "of before"},
    "nothing-missed": {"q": " . "},
    "told-too-much": {"words": "A" * 1001},
    "search-unnamed": {"name": ""},
    "search-for-hours": {"how_often": "hourly"},
    "own-unnamed": {"name": ""},
    "answered-in-part": {"practice": ""},
    "answered-secretly": {"practice": "draft"},
    "dismissed-wordless": {"reason": ""},
    "with-mark": {"mark": Sent("mark.png", picture("#aa2200"))},
}


def form_of(rule: str, thing: str, args: Form) -> Form:
    """Return what a browser posts for a thing: text, and files as they are sent."""
    form = {
        **FORMS.get(rule, {"comment": REASON, "reason": REASON, **args}),
        **CHANGES.get(thing, {}),
    }
    return {name: _filled(value, args) for name, value in form.items()}


def _filled(value: object, args: Form) -> object:
    """Fill in what the thing knows; a list of numbers becomes several fields of one name."""
    if isinstance(value, Sent):
        return (io.BytesIO(value.content), value.name)
    if isinstance(value, str) and value.startswith("$"):
        return args.get(value[1:], "")
    return Template(value).safe_substitute(args) if isinstance(value, str) else value
