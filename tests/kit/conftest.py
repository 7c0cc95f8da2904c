"""Tests of the kit begin with nothing left to do."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import delete

from citynet.kit import db
from citynet.kit.effects import Effect


@pytest.fixture
def app(app: Flask) -> Flask:
    """Return an application whose small network left no effects behind, such as its mails."""

    @db.transaction
    def forget() -> None:
        db.session().execute(delete(Effect))

    forget()
    return app
