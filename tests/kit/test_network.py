"""The network's settings: their defaults, their bounds, and the look they make."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select, text

from citynet.kit import audit, colours, db, network
from citynet.kit.errors import Conflict, Invalid
from config import ROOT

TOKENS = ROOT / "citynet" / "web" / "assets" / "tokens.scss"


def test_settings_nobody_changed_are_the_configurations(app: Flask) -> None:
    """Name and sender; a year; no mark; the colours of the style sheet."""
    now = network.current()
    assert (now.name, now.contact_address) == ("CityNet", "citynet@localhost")
    assert (now.term_months, now.mark, now.has_own_colours) == (12, "", False)


def test_default_colours_are_those_of_the_tokens() -> None:
    """They are written twice; this holds them together."""
    tokens = dict(re.findall(r"--cn-([a-z0-9-]+): (#[0-9a-f]{6});", TOKENS.read_text()))
    assert tokens["sea-700"] == network.MAIN
    assert tokens["saffron-500"] == network.ACCENT
    assert tokens["ink"] == network.INK


def test_style_sheet_names_only_tokens_there_are(app: Flask) -> None:
    """A property that nothing reads would change nothing."""
    tokens = set(re.findall(r"--cn-[a-z0-9-]+(?=:)", TOKENS.read_text()))
    written = set(re.findall(r"--cn-[a-z0-9-]+", network.current().style_sheet))
    assert written
    assert written <= tokens


def test_change_is_kept_and_recorded(app: Flask) -> None:
    """With what was there before; what goes back to its default leaves no row."""
    before = network.current()
    network.change(7, replace(before, name="Jaringan Kota", term_months=24))
    assert network.current().name == "Jaringan Kota"
    assert network.current().term_months == 24
    network.change(7, before)
    assert network.current() == before
    assert db.session().scalars(select(network.NetworkSetting)).all() == []
    first = (
        db.session()
        .scalars(
            select(audit.Entry)
            .where(audit.Entry.action == "network.changed")
            .order_by(audit.Entry.position)
        )
        .first()
    )
    assert first is not None
    assert "Jaringan Kota" in str(first.after)
    assert "CityNet" in str(first.before)


def test_same_settings_again_record_nothing(app: Flask) -> None:
    """A form sent without a change."""
    network.change(7, network.current())
    entries = select(audit.Entry).where(audit.Entry.action == "network.changed")
    assert db.session().scalars(entries).all() == []


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""), ("name", "   "), ("name", "x" * 61), ("name", "a\nb"), ("name", "a\0b"),
        ("contact_address", ""), ("contact_address", "office"),
        ("contact_address", "a@b.example, c@d.example"),
        ("contact_address", "a@b.example\nBcc: c@d.example"),
        ("contact_address", "A <a@b.example>"),
        ("term_months", 0), ("term_months", -1), ("term_months", 121), ("term_months", 2**40),
        ("main_colour", ""), ("main_colour", "red"), ("main_colour", "#fff"),
        ("main_colour", "#0c5b67;}*{display:none"), ("main_colour", "#GGGGGG"),
        ("main_colour", "#f4a927"), ("main_colour", "#ffffff"), ("main_colour", "#777777"),
        ("accent_colour", "#0c5b67"), ("accent_colour", "#000000"), ("accent_colour", "url(x)"),
    ],
)  # fmt: skip
def test_setting_that_would_not_do_is_refused_by_its_name(
    app: Flask, field: str, value: str | int
) -> None:
    """Nothing is kept of it."""
    before = network.current()
    with pytest.raises(Invalid) as refused:
        network.change(7, replace(before, **{field: value}))  # type: ignore[arg-type]
    assert set(refused.value.fields) == {field}
    assert network.current() == before


def test_colour_that_is_too_light_is_told_its_contrast(app: Flask) -> None:
    """And what to do."""
    with pytest.raises(Invalid) as refused:
        network.change(7, replace(network.current(), main_colour="#777777"))
    assert "4.4 to 1" in refused.value.fields["main_colour"]
    assert "darker" in refused.value.fields["main_colour"]


def test_two_who_change_at_once_do_not_overwrite_each_other(app: Flask) -> None:
    """The second is told."""
    seen = network.current()
    network.change(7, replace(seen, name="First"), seen=seen.digest)
    with pytest.raises(Conflict):
        network.change(8, replace(seen, name="Second"), seen=seen.digest)
    assert network.current().name == "First"


def test_name_is_there_where_the_database_is_not(app: Flask) -> None:
    """The page that says so has a name too."""
    with app.test_request_context():
        db.session().execute(text("DROP TABLE network_settings"))
        assert network.current().name == "CityNet"


colour = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")


@given(main=colour, accent=colour)
def test_every_look_that_is_allowed_can_be_read(main: str, accent: str) -> None:
    """White on the main shades, the main colour as text on its tints, ink on the accent."""
    if colours.contrast(main, "#ffffff") < 4.5 or colours.contrast(accent, network.INK) < 4.5:
        return
    look = network.Network("x", "a@b.example", main_colour=main, accent_colour=accent)
    shades = dict(re.findall(r"--cn-([a-z0-9-]+):(#[0-9a-f]{6});", look.style_sheet))
    for name in ("sea-950", "sea-900", "sea-800", "sea-700", "sea-600"):
        assert colours.contrast(shades[name], "#ffffff") >= 4.5, name
    for ground in ("sea-100", "sea-50"):
        assert colours.contrast(shades["sea-700"], shades[ground]) >= 4.5, ground
    assert colours.contrast(shades["saffron-700"], shades["saffron-100"]) >= 4.5
    assert colours.contrast(network.INK, shades["saffron-500"]) >= 4.5
    assert colours.contrast(network.INK, shades["saffron-400"]) >= 4.5


@pytest.mark.parametrize(
    ("one", "other", "ratio"),
    [("#000000", "#ffffff", 21), ("#ffffff", "#ffffff", 1), ("#767676", "#ffffff", 4.54)],
)
def test_contrast_is_that_of_wcag(one: str, other: str, ratio: float) -> None:
    """Known pairs, either way round."""
    assert colours.contrast(one, other) == pytest.approx(ratio, abs=0.01)
    assert colours.contrast(other, one) == colours.contrast(one, other)


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("a@b.example", True), ("siti.nur+x@sub.kota.go.id", True), ("o'neil@b.example", True),
        ("a@b", True), ("", False), ("a", False), ("a@", False), ("@b", False), ("a b@c", False),
        ("a@b,c@d", False), ("<a@b>", False), ("a@b\n", False), ("a@b\0", False), ("ä@b", False),
    ],
)  # fmt: skip
def test_address_is_one_address_and_nothing_else(text: str, is_one: bool) -> None:
    """What goes into a header."""
    assert network.is_address(text) is is_one


def test_tokens_are_where_this_test_looks_for_them() -> None:
    """Otherwise two tests above would hold of nothing."""
    assert isinstance(TOKENS, Path)
    assert TOKENS.is_file()
