"""The words beside the editor's fields: help, a good example, and why a reader needs the answer."""

from __future__ import annotations

from dataclasses import dataclass

from citynet.kit.i18n import lazy


@dataclass(frozen=True)
class Help:
    """What stands beside a field; an empty text is left out."""

    hint: str = ""
    example: str = ""
    why: str = ""


HELP = {
    "title": Help(
        lazy("Up to 100 characters; say what was done."),
        lazy("Business permits in one visit"),
        lazy("It is what people read first, in every list and in search."),
    ),
    "subtitle": Help(
        lazy("What it gives to people."),
        lazy("One counter and one form for every permit, in five days"),
        lazy("By this line an official elsewhere decides whether to open your practice."),
    ),
    "agency": Help(
        lazy("The office that runs it."),
        lazy("Investment and One-Stop Service Office"),
        lazy("Colleagues elsewhere look for the office that is like their own."),
    ),
    "summary": Help(
        lazy("Up to 200 words: the problem, what you did, what came of it."),
        lazy("Until 2017 a shopkeeper went to nine offices and waited 60 days. We put every permit "
             "behind one counter. Now it takes five days, and one visit."),
        lazy("Most readers read this part only. It tells them whether the rest is for them."),
    ),
    "topics": Help(
        lazy("One to three."), "", lazy("Readers find your practice by them.")
    ),
    "dimension": Help(lazy("Of the six dimensions of a smart city, the one that fits best.")),
    "sdgs": Help(lazy("The goals it serves directly.")),
    "status": Help(
        "", "", lazy("Who copies it wants to know whether it has stood the test, or ended.")
    ),
    "stopped_reason": Help(
        lazy("Only if it was stopped; then it is needed before you submit."),
        lazy("The yearly fee rose threefold when the sponsor left."),
        lazy("Failure teaches too: another city can avoid what stopped you."),
    ),
    "started": Help(
        lazy("A year, a month or a day."),
        lazy("2019, 2019-10 or 2019-10-16"),
        lazy("Its age tells how far the results can be trusted."),
    ),
    "ended": Help(lazy("Leave it empty while it runs.")),
    "problem": Help(
        lazy("What was wrong, and for whom."),
        lazy("A shopkeeper went to nine offices and waited 60 days for a permit."),
        lazy("A city that has the same problem recognises itself here."),
    ),
    "blocks": Help(
        lazy("Cut what you did into steps or parts that another city can take over one by one."),
        lazy("One counter; an online form; a team that visits the site on the same day."),
        lazy("Few cities copy the whole. They take the blocks that they lack."),
    ),
    "phases": Help(
        lazy("What came after what, with months. A phase that still runs has no end."),
        lazy("Preparing the decree, 2018-01 to 2018-04"),
        lazy("Who plans the same needs to know how long each step takes."),
    ),
    "cost_setup": Help(
        lazy("In digits, without the currency."),
        lazy("1200000000"),
        lazy("The first question of every mayor. If you do not know the figures, give a band or "
             "say why they are not known."),
    ),
    "cost_yearly": Help(lazy("To keep it running: staff, rent, licences."), lazy("300000000")),
    "cost_currency": Help(lazy("Its three letters."), lazy("IDR")),
    "cost_year": Help(
        lazy("The year whose prices these are."), lazy("2018"),
        lazy("With it the figure can be carried over to today."),
    ),
    "cost_funds": Help(lazy("Who paid."), lazy("City budget; a grant of the province")),
    "cost_band": Help(lazy("To set it up, where the exact figure cannot be told.")),
    "cost": Help(
        lazy("What the figures hold and leave out."),
        lazy("Without the building, which the city owned before."),
    ),
    "cost_unknown_why": Help(
        lazy("Only if neither figure nor band is known."),
        lazy("Paid by nine departments from their own budgets; never added up."),
    ),
    "staff": Help(
        lazy("One row a role, counted in full-time posts."),
        lazy("Counter officer, 12, trained in nine procedures"),
        lazy("People are harder to find than money: a city asks whether it has them."),
    ),
    "staffing": Help(
        lazy("Partners and vendors, and what each of them did."),
        lazy("Hosting by the ministry; two developers of the local university"),
    ),
    "laws": Help(
        lazy("What it stands on. Put the text itself among the attachments."),
        lazy("Regent’s Regulation on delegated licensing, 36/2018"),
        lazy("Without the decree most offices may not begin. Yours can be their draft."),
    ),
    "legal_basis": Help(
        lazy("What these rules allow that was not allowed before."),
        lazy("Nine departments let the counter sign in their name."),
    ),
    "results": Help(
        lazy("Best are results that people feel: fewer days, fewer visits, lower cost, people "
             "better served. A count of what was built is accepted too. Give before and after, "
             "when, and where the figure comes from."),
        lazy("Time until a permit is decided: 60 days before, 5 days after, 2017 and 2019"),
        lazy("It is why another city would do the same. A figure with a source convinces."),
    ),
    "lessons": Help(
        lazy("What you would tell a colleague who begins tomorrow."),
        lazy("Train the counter before you open it, not after."),
        lazy("This is what no report tells, and what readers ask for most."),
    ),
    "difficulties": Help(
        lazy("What stood in the way, and how it was overcome."),
        lazy("Two departments kept their own counters open for a year."),
    ),
    "not_again": Help("", lazy("Buying the system before the procedures were agreed")),
    "replicate_needs": Help(
        lazy("Law, people, money, equipment, data."),
        lazy("A decree of delegation, ten trained officers, a fibre line"),
        lazy("A city checks this list before it decides to begin."),
    ),
    "replicate_adapt": Help("", lazy("Opening hours, and which permits come first")),
    "replicate_not": Help("", lazy("The fee table; it follows our local law")),
    "replicate_smallest": Help(
        "", lazy("One counter for the three permits that are asked for most"),
        lazy("Small cities begin small."),
    ),
    "culture": Help(
        lazy("What of your city’s ways made it work."),
        lazy("Village meetings decided where the counters stand."),
        lazy("What works in one place may need another way in the next."),
    ),
    "upkeep": Help(
        lazy("Who keeps it running and pays for it from now on."),
        lazy("The city budget holds two posts for it; the office reports each quarter."),
        lazy("Many projects end with their sponsor. Readers want to know why yours does not."),
    ),
    "honours": Help(
        lazy("One row an award, with a page where it can be seen."),
        lazy("Public Service Award, the ministry, 2019"),
    ),
    "awards": Help(lazy("What the jury said, or anything else about the awards.")),
    "contact_office": Help(
        lazy("An office rather than a person, because people move."),
        lazy("Licensing Office, public desk"),
        lazy("A question answered is often where a replication begins."),
    ),
    "contact_backup": Help(lazy("Where to turn if the first does not answer.")),
    "contact_email": Help(
        lazy("Once a year it is asked whether the practice still runs. Readers do not see it."),
        lazy("licensing@city.example"),
    ),
    "offers": Help(lazy("To a city that wants to do the same.")),
    "language": Help(lazy("Of the texts on these pages.")),
    "visibility": Help(
        "", "", lazy("What everybody reads is replicated most; some things are for colleagues.")
    ),
    "licence": Help(lazy("CC-BY-4.0 lets everybody reuse the text and names your city.")),
    "source_url": Help(lazy("A page or document that tells more. It begins with https://.")),
    "source_name": Help("", lazy("Annual report of the Licensing Office, 2019")),
    "leftover": Help(
        lazy("What your document says and no part has taken. Cut it from here and put it where it "
             "belongs; readers never see this part."),
    ),
}  # fmt: skip
# Where one of several answers is enough.
INTROS = {
    "cost": lazy("The figures, a band, or that it is not known: one of them is needed."),
    "staffing": lazy("The roles or a text about them: one of them is needed."),
    "law": lazy("The rules or a text about them: one of them is needed."),
}
CHOICE_HINTS = {
    "status": {
        "pilot": lazy("A first try in one place"),
        "running": lazy("At work as planned"),
        "scaled": lazy("Carried over to more places or services"),
        "stopped": lazy(
            "Ended; it stays in the network with its reason, because failure teaches too"
        ),
    },
    "visibility": {"members": lazy("Officials of active member cities and the secretariat")},
}
# What one row is called, and the words that add another.
ROW_WORDS = {
    "blocks": (lazy("Building block"), lazy("Add a building block")),
    "phases": (lazy("Phase"), lazy("Add a phase")),
    "staff": (lazy("Role"), lazy("Add a role")),
    "laws": (lazy("Law or regulation"), lazy("Add a law or regulation")),
    "results": (lazy("Result"), lazy("Add a result")),
    "honours": (lazy("Award"), lazy("Add an award")),
}
ROW_HINTS = {
    "blocks.name": lazy("For example: One counter for every permit"),
    "blocks.needs": lazy(
        "For example: A decree that lets the office sign for nine departments"
    ),
    "phases.name": lazy("For example: A trial in two districts"),
    "phases.begins": lazy("For example: 2018-01"),
    "phases.ends": lazy("For example: 2018-04"),
    "staff.role": lazy("For example: Counter officer"),
    "staff.people": lazy("For example: 2.5"),
    "laws.title": lazy("For example: Regent’s Regulation on delegated licensing"),
    "laws.number": lazy("For example: 36/2018"),
    "laws.link": lazy("It begins with https://."),
    "honours.name": lazy("For example: Public Service Award"),
    "honours.link": lazy("It begins with https://."),
    "results.indicator": lazy("For example: Time until a permit is decided"),
    "results.source": lazy("For example: Annual report of the office, 2019, page 14"),
}  # fmt: skip
# Short answers have short boxes.
WIDTHS = {
    "started": "s", "ended": "s", "cost_setup": "m", "cost_yearly": "m", "cost_currency": "xs",
    "cost_year": "xs", "licence": "m", "phases.begins": "s", "phases.ends": "s",
    "staff.people": "xs", "laws.number": "s", "honours.year": "xs", "results.unit": "s",
    "results.before": "s", "results.after": "s", "results.dates": "s",
}  # fmt: skip
HEIGHTS = {"summary": 8, "blocks.needs": 3, "blocks.lesson": 3, "stopped_reason": 3}
