"""Rows of the tables that hold the network's own words and look."""

from __future__ import annotations

from dataclasses import replace

from citynet.kit import letters, network


def write_rows() -> None:
    """Change a letter and a setting."""
    letter = letters.letters()[0]
    words = letters.original(letter.key, "id")
    letters.change(1, letter.key, "id", replace(words, subject="Surat"))
    network.change(1, replace(network.current(), term_months=24))
