"""Logs: one line a request, with an id that the answer carries too."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from citynet.app import create_app
from tests.conftest import close, config_in


@pytest.fixture
def talking(tmp_path: Path, template: Path) -> Iterator[Flask]:
    """Return an application that logs as production does."""
    app = create_app(
        config_in(tmp_path, log_format="json", database_url=f"sqlite:///{template}/citynet.db")
    )
    yield app
    close(app)


def test_request_is_one_line_of_json(talking: Flask, capsys: pytest.CaptureFixture[str]) -> None:
    """Method, path, status and time, and the id of the answer."""
    answer = talking.test_client().get("/healthz?secret=1")
    lines = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    (line,) = [line for line in lines if line["event"] == "request"]
    assert (line["method"], line["path"], line["status"]) == ("GET", "/healthz", 200)
    assert line["request_id"] == answer.headers["X-Request-Id"]
    assert line["level"] == "info"
    assert line["timestamp"].endswith("Z")
    assert line["took_ms"] >= 0
    assert "secret" not in json.dumps(line), "what was asked for is nobody's business"


def test_line_end_in_a_path_makes_no_second_line(
    talking: Flask, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nobody writes lines of their own into the log."""
    talking.test_client().get("/practices/x%0a%7B%22event%22:%22forged%22%7D")
    lines = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    assert "forged" not in {line["event"] for line in lines}


def test_well_formed_id_from_outside_is_kept(client: FlaskClient) -> None:
    """The proxy's id ties its log to ours."""
    given = "0af7651916cd43dd8448eb211c80319c"
    answer = client.get("/healthz", headers={"X-Request-Id": given})
    assert answer.headers["X-Request-Id"] == given


@pytest.mark.parametrize(
    "given",
    ["", "short", "x" * 37, "has space in it", "<script>alert(1)", "line;break", "ümlaut-x"],
)
def test_any_other_id_is_replaced(client: FlaskClient, given: str) -> None:
    """It goes into the log and the answer, so it must be one we would write."""
    answer = client.get("/healthz", headers={"X-Request-Id": given})
    assert uuid.UUID(answer.headers["X-Request-Id"]).version == 4


def test_ids_differ(client: FlaskClient) -> None:
    """Each request has its own."""
    ids = {client.get("/healthz").headers["X-Request-Id"] for _ in range(5)}
    assert len(ids) == 5
