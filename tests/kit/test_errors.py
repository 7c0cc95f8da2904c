"""The four errors."""

from __future__ import annotations

import pytest

from citynet.kit.errors import CityNetError, Conflict, Forbidden, Invalid, NotFound, require


def test_invalid_names_each_field_with_its_sentence() -> None:
    """And reads as one text where only a text fits."""
    error = Invalid({"title": "Fill this in.", "city": "There is no such city."})
    assert error.fields == {"title": "Fill this in.", "city": "There is no such city."}
    assert str(error) == "Fill this in.; There is no such city."


def test_require_asks_for_a_yes() -> None:
    """A no is Forbidden, with the sentence given."""
    require(True)
    with pytest.raises(Forbidden, match="Only the lead"):
        require(False, "Only the lead may do this.")


@pytest.mark.parametrize("kind", [Invalid, Forbidden, NotFound, Conflict])
def test_each_is_a_refusal_of_citynet(kind: type[CityNetError]) -> None:
    """So that an import can report any of them by line."""
    assert issubclass(kind, CityNetError)
