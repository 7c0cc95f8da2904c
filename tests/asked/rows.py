"""Rows in the tables of what was asked."""

from __future__ import annotations

from citynet.asked import noting, service
from tests import network


def write_rows() -> None:
    """Let somebody search for what is there, and miss what is not."""
    service.note(network.actor("official"), "waste bank", address="::1")
    noting.gather()
    service.report(network.actor("official"), "ferry waste", "Boats are dear.")
