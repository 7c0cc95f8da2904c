"""Language versions behind the doors: words in each state, with a canary where they are hidden."""

from __future__ import annotations

from citynet.accounts import queries as people
from citynet.cities import queries as cities
from citynet.cities.models import Actor
from citynet.kit import db
from citynet.practices import merging, queries, service
from citynet.practices.content import Content
from citynet.practices.editing import BY_KEY
from citynet.practices.models import Practice, Translation
from citynet.practices.translating import NAMES, ROWS, tells
from tests.doors.canaries import word_of
from tests.doors.plant_people import actor_of
from tests.doors.writing import at, bring_to, plain, save, write
from tests.network import actor
from tests.practices.translator import typed_over

Things = dict[str, dict[str, object]]
LANGUAGE = "id"
# Everybody reads these; what is made of them in the other language is hidden.
TOLD = (
    "told-draft", "told-submitted", "told-signed-off", "told-alone", "told-behind",
    "told-taken-down",
)  # fmt: skip


def plant_public(public: Practice, *, has_secrets: bool) -> Things:
    """Tell one practice in Indonesian, and write those whose words come later."""
    if has_secrets:
        _bring_to("published", public, f"Izin {word_of('words of before')}", title="Satu loket")
    _bring_to("published", public, "Satu loket")
    for thing in ("untold", *TOLD):
        bring_to("published", write("official", thing, plain(f"Permits {thing}")))
    _publish_anew(_practice_at("told-behind"), has_secrets=has_secrets)
    return {"told": _at(public, actor("official"))}


def plant_of_suspended(practice: Practice, *, has_secrets: bool) -> Things:
    """Publish the words of a city that will be suspended; newer ones wait, others are begun."""
    lead = cities.actor_of(people.by_email("lead@suspended.example"))
    other = write("suspended", "begun-of-suspended", plain("Permits by messenger"))
    service.submit(actor_of("suspended"), other)
    service.sign_off(lead, other)
    service.publish(actor("secretariat"), other)
    _bring_to("published", practice, "Izin lewat pos", "suspended", lead=lead)
    known = _at(practice, actor_of("suspended"))
    if has_secrets:
        word = f"Izin {word_of('words of suspended')}"
        _bring_to("signed_off", practice, word, "suspended", lead=lead)
        service.begin_translation(actor_of("suspended"), other, LANGUAGE)
    return {"told-of-suspended": known, "begun-of-suspended": at(other)}


def plant_secrets(members: Practice, revised: Practice) -> Things:
    """Translate what stands in `TOLD`, what is for members, and what is withdrawn since."""
    found = {thing: _practice_at(thing) for thing in TOLD}
    things = {thing: at(one) for thing, one in found.items()}
    down = found.pop("told-taken-down")
    _bring_to("published", down, word_of("words of before"), title="Satu loket")
    service.take_down_translation(actor("secretariat"), down, LANGUAGE)
    _bring_to("draft", found["told-draft"], word_of("words drafted"))
    _bring_to("submitted", found["told-submitted"], word_of("words submitted"))
    _bring_to("signed_off", found["told-signed-off"], word_of("words signed off"))
    _bring_to("submitted", found["told-alone"], word_of("words by lead alone"), "lead")
    _bring_to("published", members, word_of("words for members"))
    service.begin_translation(actor("official"), revised, LANGUAGE)
    things |= {thing: _at(one, actor("official")) for thing, one in found.items()}
    return {
        **things,
        "told-begun": _at(revised, actor("official")),
        "told-members": _at(members, actor("official")),
        **_withdrawn(),
    }


def _publish_anew(practice: Practice, *, has_secrets: bool) -> None:
    """Change the original; before, words were sent back with a comment and are not mended yet."""
    if has_secrets:
        _bring_to("submitted", practice, "Izin yang tertinggal")
        comment = f"Because of {word_of('words sent back with')}"
        service.send_back_translation(actor("secretariat"), practice, LANGUAGE, comment=comment)
    save("official", practice, {**plain("Permits told-behind"), "problem": "Shops closed early."})
    bring_to("published", practice)


def _withdrawn() -> Things:
    practice = write("official", "told-withdrawn", plain("Permits by carrier"))
    bring_to("published", practice)
    _bring_to("published", practice, word_of("words withdrawn"), title="Izin lewat kurir")
    known = _at(practice, actor("official"))
    service.withdraw(actor("secretariat"), practice, reason="It was a mistake")
    return {"told-withdrawn": known}


def _bring_to(
    state: str, practice: Practice, words: str, role: str = "official", *, title: str = "",
    lead: Actor | None = None,
) -> None:  # fmt: skip
    """Say the same words in all texts, and take the steps up to a state."""
    who = actor_of(role)
    original = service.begin_translation(who, practice, LANGUAGE)
    content = _found(practice, who).revision.content
    for name in Content.model_fields:
        if name in NAMES and tells(content, name):
            told = title or words if name == "title" else _said(content, name, words)
            typed = typed_over(_found(practice, who), name, told)
            service.keep_words(who, practice, LANGUAGE, typed)
    if state != "draft":
        service.submit_translation(who, practice, LANGUAGE)
    if state in ("signed_off", "published"):
        service.sign_off_translation(lead or actor("lead"), practice, LANGUAGE)
    if state == "published":
        service.publish_translation(actor("secretariat"), practice, LANGUAGE)
    db.session().expire(original)


def _said(content: Content, name: str, words: str) -> object:
    if name not in ROWS:
        return words
    return [
        {key: words[:20] for key in ROWS[name] if getattr(row, key)}
        for row in getattr(content, name)
    ]


def _found(practice: Practice, who: Actor) -> Translation:
    db.session().expire_all()
    return queries.get_translation(who, practice.slug, LANGUAGE)


def _at(practice: Practice, who: Actor) -> dict[str, object]:
    """Return what the addresses and forms of a language version's routes ask for."""
    found = _found(practice, who)
    began = merging.begin(BY_KEY["name"], found.content, found.number, found.version)
    return {
        **at(practice), "base": str(began), "original": found.revision.number,
        "seen": f"{found.number}.{found.version}",
    }  # fmt: skip


def _practice_at(slug: str) -> Practice:
    return db.session().query(Practice).filter_by(slug=slug).one()
