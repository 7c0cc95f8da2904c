"""What tests of accounts stand on."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import delete

from citynet.kit import db, effects


@pytest.fixture
def nothing_waits(app: Flask) -> None:
    """Leave out the letters that building the network wrote."""
    with db.atomic():
        db.session().execute(delete(effects.Effect))
