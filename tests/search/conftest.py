"""What the tests of the page of results begin from."""

from __future__ import annotations

import pytest
from flask import Flask

from tests import network


@pytest.fixture
def filled(app: Flask) -> Flask:
    """Return a network with three public practices and one for members."""
    network.write_to("published", summary="Licensing takes two days now.")
    network.write_to("published", title="Waste bank", topics=["waste"], status="pilot",
                     started="2021", summary="Neighbours sort their waste.")  # fmt: skip
    network.write_to("published", "rival", title="Izin usaha daring", language="id",
                     topics=["online-licensing"], summary="Izin dalam dua hari.")  # fmt: skip
    network.write_to("published", title="Hidden canary", visibility="members")
    return app
