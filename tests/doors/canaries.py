"""A word in each thing that is hidden, and who may see it all the same."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from citynet.kit import clock
from tests.doors.table import AFTERWARDS
from tests.network import ROLES

Seers = frozenset[str]
OWN = frozenset({"official", "lead"})
DESK = frozenset({"secretariat", "chapter"})
NETWORK = frozenset({"secretariat"})
MEMBERS = OWN | DESK | {"rival", "rival lead"}
REVIEWED = OWN | DESK
LEADS = frozenset({"lead"}) | DESK
SEOULS = frozenset({"rival lead"}) | NETWORK
NOBODY = frozenset[str]()
# In texts that search and its index know. No word of these tables begins as another does.
IN_PRACTICES: dict[str, tuple[str, Seers]] = {
    "draft": ("zvorkanel", OWN),
    "submitted": ("quibrasto", REVIEWED),
    "signed-off": ("plimdorfe", REVIEWED),
    "by-lead-alone": ("krusjambo", REVIEWED),
    "members": ("wexalundo", MEMBERS),
    "superseded": ("trofimbuk", OWN),
    "revised": ("yandrelok", OWN),
    # By somebody who was moved since: it is the city's, not theirs.
    "left-behind": ("mirkovant", OWN),
    "of-applicant": ("hubrilmaz", frozenset({"pending"})),
    "draft-of-suspended": ("gwompetti", NOBODY),
    "planned": ("gribenzol", REVIEWED),
    # Reviewed once, and a draft again; its title was told when it was submitted.
    "sent-back": ("oskelvamp", OWN),
    "withdrawn": ("nuxfaldim", REVIEWED),
    # In a text that everybody reads, and not for readers.
    "leftover": ("tchimbogel", REVIEWED),
    "contact": ("ufkasperin", REVIEWED),
    # Words of translations: in work, for members, and out of sight again.
    "words drafted": ("xibrelonka", OWN),
    "words for members": ("etchwuvalo", MEMBERS),
    "words of before": ("pfandolire", NOBODY),
    "words withdrawn": ("gyskomatu", NOBODY),
    # By a city of which nobody else reads anything.
    "members of Seoul": ("cudrimbolt", MEMBERS),
    # In what others searched for.
    "asked by members": ("mostrivend", MEMBERS),
    "asked by few": ("dasquillon", NOBODY),
    "asked and hidden": ("tulpendrag", NETWORK),
}
ELSEWHERE: dict[str, tuple[str, Seers]] = {
    "reason": ("dulfexari", NETWORK | {"suspended"}),
    "reason of before": ("ispolwert", NETWORK),
    "application": ("sablujene", DESK),
    "answer": ("fetroquil", DESK),
    "question": ("nadruvik", DESK),
    "paper": ("lobzaterin", DESK),
    "application elsewhere": ("pyxomerla", NETWORK),
    "declined for": ("ombrazith", DESK),
    "unconfirmed": ("crelvadux", NOBODY),
    "invited": ("vopterlin", LEADS),
    "invited to Seoul": ("jaskumeri", SEOULS),
    "invited as colleague": ("ekvidorsa", NETWORK),
    "asks": ("thalnovix", LEADS),
    "asks Seoul": ("bwendoral", SEOULS),
    "asks unconfirmed": ("gnorsilva", NOBODY),
    "closed for": ("arvobixel", DESK),
    "closed in Seoul for": ("uxgrentol", NETWORK),
    "announcement for members": ("kelpridon", MEMBERS),
    "announcement unpublished": ("vuzmutrail", NETWORK),
    "announcement of tomorrow": ("drubaxine", NETWORK),
    "filter": ("hyfentrov", NETWORK),
    "chapter's filter": ("jolmadeck", frozenset({"chapter"})),
    "address of a session": ("2001:db8::c0de:77", frozenset({"official"})),
    "picture of draft": ("wolpertine", OWN),
    "attachment of draft": ("bexuldorn", OWN),
    "picture of revised": ("qandrivel", OWN),
    "comment": ("hosklimar", REVIEWED),
    "sent back with": ("izmardulo", REVIEWED),
    "published after": ("fugdrelpo", REVIEWED),
    "words submitted": ("dwoltafrem", REVIEWED),
    "words signed off": ("jurbexomit", REVIEWED),
    "words by lead alone": ("nimfoquart", REVIEWED),
    "words of suspended": ("bolzhenrak", NETWORK),
    "words sent back with": ("vyltorscan", REVIEWED),
    "answer elsewhere": ("hvendrasol", NETWORK),
    "withdrawn for": ("kwombelisk", MEMBERS),
    "trusted for": ("rhaldovim", NETWORK),
    "word": ("zaxtroliph", frozenset({"official"})),
    "lead's list": ("roztibane", frozenset({"lead"})),
    "secretariat's list": ("ymbolstra", NETWORK),
    "lead's job": ("ciovantes", frozenset({"lead"}) | NETWORK),
    "chapter's job": ("spedruzla", DESK),
    "own search": ("blenqarvid", frozenset({"official"})),
    "name in mails": ("snorvaplik", frozenset({"official"})),
    "secretariat's search": ("ulgrathemi", NETWORK),
    "missed": ("gaxtrumpel", DESK),
    "missed in Seoul": ("tehlowarki", NETWORK),
    "missed by a visitor": ("pludganori", NETWORK),
    "missed no more": ("quonsabrik", NETWORK),
    "dismissed for": ("yelmandrok", NETWORK),
    "address in Sidoarjo": ("official@sidoarjo.example", OWN | DESK),
    "address in Seoul": ("official@seoul.example", frozenset({"rival", "rival lead"}) | NETWORK),
    "address of the suspended": ("lead@suspended.example", NETWORK | {"suspended"}),
    "address of the applicant": ("lead@pending.example", DESK | {"pending"}),
    "address of nobody's": ("strong@citynet.example", NETWORK),
    "address of the secretariat": ("admin@citynet.example", NETWORK),
    "address of the chapter": ("chapter@citynet.example", DESK),
}  # fmt: skip
CANARIES = {**IN_PRACTICES, **ELSEWHERE}
TERM_ENDS = date(2035, 8, 17)
PLANNED = clock.now().date() + timedelta(days=211)
# What the pages themselves would say of what is hidden; each city sees its own application.
TELLTALES: dict[str, tuple[str, Seers]] = {
    "newer text": ("a newer text of this practice", OWN),
    "application's standing": ("applied to join", frozenset(ROLES) - {"visitor", "nobody's"}),
    "term": ("17 august 2035", OWN | DESK),
    "term in a file": ("2035-08-17", DESK),
    "day of publication": (f"{PLANNED.day} {PLANNED:%B %Y}".lower(), REVIEWED),
    "who is writing": ("moved official is editing", OWN),
}
SECRETS = {**CANARIES, **TELLTALES}
# What whoever holds a mailed link may read, because they hold it; what they wrote or decided on
# stays named in the log of their own acts; and the log names what was public when it was published.
OPENED = {
    "/account/actions": {"left-behind", "draft-of-suspended", "superseded", "words of suspended"},
    "/account/data/download": {
        "left-behind",
        "draft-of-suspended",
        "superseded",
        "words of before",
        "words withdrawn",
        "words of suspended",
        "missed",
        "missed in Seoul",
        "missed no more",
    },
    "/search/stop/<secret>": {"name in mails", "own search"},
    "/admin/audit": {"superseded"},
    # A city is told why it is suspended when it is, and an author what became of their own words.
    "mail": {"reason of before", "words of suspended"},
    "/join/<string(length=43):secret>": {"application", "answer", "question", "declined for"},
    "/join/<string(length=43):secret>/add": {"application", "answer", "question", "declined for"},
    "/join/<string(length=43):secret>/withdraw": {"application"},
    "/join/<string(length=43):secret>/files/<int:file_id>": {"paper"},
    "/join/confirm/<string(length=43):secret>": {"unconfirmed"},
    "/join-requests/<secret>": {"asks unconfirmed"},
    "/invitations/<secret>": {"invited"},
    "/still-running/<secret>": {"members"},
}
# Nothing public is about this topic, so that its counts tell of secrets.
HIDDEN_TOPIC = "waste"


def word_of(thing: str) -> str:
    """Return the canary of a thing."""
    return CANARIES[thing][0]


def leaks(role: str, page: str, *, rule: str = "", sent: Iterable[object] = ()) -> list[str]:
    """Return whose secrets stand in a page that this role was shown; what it wrote is none."""
    text, own = page.lower(), " ".join(map(str, sent)).lower()
    role = AFTERWARDS.get(role, role)
    return [
        thing
        for thing, (word, seers) in SECRETS.items()
        if word in text
        and role not in seers
        and word not in own
        and thing not in OPENED.get(rule, ())
    ]
