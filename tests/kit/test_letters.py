"""Letters: registered words, filled in plainly, changed by the secretariat and taken back."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from citynet.kit import audit, clock, db, effects, letters, mail, mail_look, network
from citynet.kit.errors import Conflict, Invalid, NotFound
from citynet.kit.filling import PLACEHOLDER
from citynet.kit.i18n import lazy
from citynet.kit.letters import Draft

LINK = "http://127.0.0.1:8000/invitations/abc"
VALUES = {"city": "Kabupaten Sidoarjo", "name": "Siti", "reason": "It is full.", "link": LINK}
TEXT = "Hello {name},\n\n{city} invites you.\n\n{reason}\n\n{link}\n"


@pytest.fixture(autouse=True)
def letter(app: Flask) -> Iterator[letters.Letter]:
    """Register a letter for the length of a test."""
    letters.register(
        "test.invite", title="An invitation", subject="{city} invites you", text=TEXT,
        values=VALUES,
    )  # fmt: skip
    with db.atomic():
        db.session().query(effects.Effect).delete()
    yield letters.get("test.invite")
    letters._letters.pop("test.invite")


def compose(**changes: str) -> Draft:
    """Return the letter filled in."""
    return letters.compose("test.invite", "en", **{**VALUES, **changes})


def test_values_stand_in_the_places_of_their_names() -> None:
    """Subject and text."""
    draft = compose()
    assert draft.subject == "Kabupaten Sidoarjo invites you"
    assert draft.text == (
        f"Hello Siti,\n\nKabupaten Sidoarjo invites you.\n\nIt is full.\n\n{LINK}"
    )


@pytest.mark.parametrize(
    "value",
    [
        "{link}", "{name.__class__}", "{0}", "{name!r}", "{city:>1000000}", "%(name)s", "%s", "{{",
        "}}", "{", "\\1", "\\g<0>", "$name", "{name}{name}",
    ],
)  # fmt: skip
def test_value_is_never_read_as_a_template(value: str) -> None:
    """What a person is called stays what they are called."""
    assert compose(name=value).text.startswith(f"Hello {value},")


@given(name=st.text(max_size=50), reason=st.text(max_size=200))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
def test_no_value_adds_a_line_within_a_line_or_a_header(name: str, reason: str) -> None:
    """A name is folded; a reason on a line of its own may have lines."""
    draft = compose(name=name, city=name, reason=reason)
    assert draft.subject.isprintable()
    assert draft.text.split("\n", 1)[0] == f"Hello {mail.one_line(name)},"
    assert draft.text.endswith(f"\n\n{LINK}")


def test_name_with_line_ends_begins_no_paragraph() -> None:
    """Nobody writes into the network's mails by calling himself a paragraph."""
    draft = compose(name="Siti\n\nPay here: https://evil.example\n\n")
    assert draft.text.startswith("Hello Siti Pay here: https://evil.example,\n\n")


def test_reason_of_its_own_line_keeps_its_lines() -> None:
    """What a lead writes to an official may be long."""
    assert "First.\n\nSecond." in compose(reason="First.\r\n\r\nSecond.").text


def test_missing_value_is_a_mistake_of_ours() -> None:
    """It comes up in a test, not in somebody's mail."""
    with pytest.raises(LookupError, match="needs city, reason"):
        letters.compose("test.invite", "en", name="Siti", link=LINK)


def test_letter_that_does_not_name_its_placeholders_is_refused() -> None:
    """At import, so that no network starts with it."""
    with pytest.raises(LookupError, match="city"):
        letters.register("test.x", title="x", subject="{city}", text="x", values={})


def test_letter_is_written_in_the_readers_language() -> None:
    """Not in that of whoever causes it; and a language that is not spoken here is English."""
    letters.register(
        "test.invite", title="x", subject=lazy("Sign in"), text=lazy("Practices"), values={}
    )
    assert letters.compose("test.invite", "id").subject == "Masuk"
    assert letters.compose("test.invite", "en").subject == "Sign in"
    assert letters.compose("test.invite", "xx").subject == "Sign in"


def test_secretariats_words_are_in_force_until_taken_back() -> None:
    """Per language; the log keeps both wordings."""
    letters.change(7, "test.invite", "id", Draft("Undangan {city}", "Halo {name}\r\n\r\n{link}"))
    assert letters.compose("test.invite", "id", **VALUES).subject == "Undangan Kabupaten Sidoarjo"
    assert letters.compose("test.invite", "en", **VALUES).subject.endswith("invites you")
    assert set(letters.changed()) == {("test.invite", "id")}
    letters.reset(7, "test.invite", "id")
    assert letters.changed() == {}
    assert letters.wording("test.invite", "id") == letters.original("test.invite", "id")
    first, second = db.session().scalars(
        select(audit.Entry)
        .where(audit.Entry.subject_kind == "letter")
        .order_by(audit.Entry.position)
    )
    assert (first.actor_id, first.action) == (7, "letter.changed")
    assert "Halo {name}" in first.after
    assert "Halo {name}" in second.before


@pytest.mark.parametrize(
    ("subject", "text", "field", "words"),
    [
        ("", "{link}", "subject", "subject"),
        ("x" * 201, "{link}", "subject", "200"),
        (" \r\n ", "{link}", "subject", "subject"),
        ("x", "", "text", "10,000"),
        ("x", "x" * 10_001 + "{link}", "text", "10,000"),
        ("x", "Hello {nmae}\n\n{link}", "text", "{nmae} stands for nothing"),
        ("{password}", "{link}", "subject", "{password} stands for nothing"),
        ("x", "{name.__class__} {link}", "text", "{name.__class__}"),
        ("x", "{0} {link}", "text", "{0}"),
        ("x", "{} {link}", "text", "{}"),
        ("x", "{ link } {link}", "text", "{ link }"),
        ("x", "Hello {name}", "text", "Without {link}"),
    ],
)
def test_words_that_would_not_do_are_refused_with_a_sentence(
    subject: str, text: str, field: str, words: str
) -> None:
    """Unknown placeholders, and a text without its link."""
    with pytest.raises(Invalid) as refused:
        letters.change(7, "test.invite", "en", Draft(subject, text))
    assert words in refused.value.fields[field]
    assert letters.changed() == {}


def test_two_who_change_one_letter_do_not_overwrite_each_other() -> None:
    """The second is told, and the first's words stay."""
    seen = letters.wording("test.invite", "en").digest
    letters.change(7, "test.invite", "en", Draft("First", "{link}"), seen=seen)
    with pytest.raises(Conflict):
        letters.change(8, "test.invite", "en", Draft("Second", "{link}"), seen=seen)
    assert letters.wording("test.invite", "en").subject == "First"


def test_same_words_again_change_and_record_nothing() -> None:
    """A form sent without a change."""
    letters.change(7, "test.invite", "en", letters.original("test.invite", "en"))
    assert letters.changed() == {}
    written = select(audit.Entry).where(audit.Entry.subject_kind == "letter")
    assert db.session().scalars(written).all() == []


@pytest.mark.parametrize(("key", "language"), [("nothing", "en"), ("test.invite", "fr")])
def test_letter_that_is_not_there_is_not_found(key: str, language: str) -> None:
    """By its key or its language."""
    with pytest.raises(NotFound):
        letters.change(7, key, language, Draft("x", "{link}"))


def test_letter_is_an_effect_of_its_command() -> None:
    """Filled in when the command runs, with the words that were in force then."""

    @db.transaction
    def invite() -> None:
        letters.send("test.invite", to="siti@x.example", to_name="Siti", language="en", **VALUES)

    invite()
    (row,) = effects.latest(1).items
    payload = json.loads(row.payload)
    assert payload["to"] == "siti@x.example"
    assert payload["subject"] == "Kabupaten Sidoarjo invites you"


def test_example_fills_in_every_letter_there_is() -> None:
    """Each registered letter can be previewed in both languages without a placeholder left."""
    for one in letters.letters():
        for language in ("en", "id"):
            draft = letters.example(one.key, language)
            assert draft.subject, one.key
            assert not PLACEHOLDER.search(draft.subject + draft.text), one.key
            letters.check(one.key, letters.original(one.key, language))


def test_line_with_nothing_but_our_address_is_a_button(app: Flask) -> None:
    """With the words before it, or with common ones."""
    text = f"Hello.\n\n{LINK}\n\nAccept the invitation: {LINK}\n\nOr see {LINK}."
    html = html_of(text)
    assert html.count("Open the page") == 1
    assert html.count("Accept the invitation") == 1
    assert html.count(f'href="{LINK}"') == 5
    assert f'href="{LINK}."' not in html


@pytest.mark.parametrize(
    "url",
    [
        "https://evil.example/", "http://127.0.0.1:8000.evil.example/x", "http://127.0.0.1:80001/",
        "http://127.0.0.1:8000@evil.example/", "javascript:alert(1)", "//evil.example",
        "http://127.0.0.1:8000\\@evil.example", "data:text/html,x",
    ],
)  # fmt: skip
def test_address_of_others_is_never_a_link(app: Flask, url: str) -> None:
    """A person's name or reason does not make the network vouch for a page."""
    html = html_of(f"{url}\n\nSee {url}\n\nGo: {url}")
    assert "Open the page" not in html
    assert html.count("href=") == 1


def test_html_holds_words_as_words(app: Flask) -> None:
    """Nothing that a person writes is markup."""
    html = html_of('<script>alert(1)</script> & "quotes" <img src=x onerror=y>')
    assert "<script" not in html
    assert "&lt;script&gt;" in html
    assert "<img" not in html


def html_of(text: str) -> str:
    """Return the HTML part of a text."""
    return mail_look.as_html("Subject", text, network.current())


def test_text_part_is_wrapped_and_keeps_addresses_whole(app: Flask) -> None:
    """Lines of up to 72 characters, signed."""
    long = f"{LINK}/{'x' * 100}"
    text = mail_look.as_text(f"{'kata ' * 40}\n\n{long}", network.current())
    assert long in text.splitlines()
    assert all(len(line) <= 72 for line in text.splitlines() if line != long)
    assert text.endswith("-- \nCityNet\nhttp://127.0.0.1:8000\n")


def test_change_tells_when_it_was_made() -> None:
    """For the list of letters."""
    letters.change(7, "test.invite", "en", Draft("First", "{link}"))
    assert abs((letters.changed()[("test.invite", "en")] - clock.now()).total_seconds()) < 5
