"""Headers of every answer, and redirects that stay here."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from citynet.app import create_app
from citynet.kit.http import is_local
from tests.conftest import close, config_in
from tests.network import client_of


@pytest.mark.parametrize(
    "target", ["/", "/work", "/practices/a-b?x=1&y=2#z", "/search?q=a%20b", "/a//b", "/%2f%2fe"]
)
def test_path_on_this_host_is_local(target: str) -> None:
    """What pages link to."""
    assert is_local(target)


@pytest.mark.parametrize(
    "target",
    [
        None, "", "//e", "///e", "////e", "/\\e", "\\\\e", "\\/e", "https:e", "https:/e",
        "https://e", "http:///e", "javascript:alert(1)", "JaVaScRiPt:alert(1)", "data:,x", "work",
        "../x", "?next=/", "#x", "e.example", "/\t/e", "/\n/e", "/\r/e", "\t//e", " //e", "\x00//e",
        "/\x00/e", "/ /e", "/a\\b", "\u2028//e", "mailto:a@b", "://e", ":/e",
    ],
)  # fmt: skip
def test_anything_else_is_not_local(target: str | None) -> None:
    """Browsers fold tabs, line ends and backslashes; none of that leads away from here."""
    assert not is_local(target)


def test_every_answer_has_its_headers(client: FlaskClient) -> None:
    """Pages, errors and redirects alike."""
    for path in ("/", "/nothing-here", "/work", "/healthz"):
        headers = client.get(path).headers
        policy = headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert "frame-ancestors 'none'" in policy
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"]
        assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
        assert "Accept-Language" in headers["Vary"]


def test_answers_to_people_who_signed_in_are_not_kept(app: Flask) -> None:
    """A shared computer's cache shows nobody's desk; a visitor's page may be kept."""
    assert client_of(app, "official").get("/").headers["Cache-Control"] == "no-store"
    assert "no-store" not in app.test_client().get("/").headers.get("Cache-Control", "")


def test_browser_is_told_to_stay_on_https(client: FlaskClient) -> None:
    """Only where it came by https: the header means nothing elsewhere."""
    assert "Strict-Transport-Security" not in client.get("/about").headers
    safe = client.get("/about", base_url="https://localhost")
    assert "max-age=" in safe.headers["Strict-Transport-Security"]


def test_foreign_host_is_refused(client: FlaskClient) -> None:
    """Links in mails and redirects are made from the host, so it must be ours."""
    answer = client.get("/about", headers={"Host": "evil.example"})
    assert (answer.status_code, answer.mimetype) == (400, "text/plain")
    assert "evil" not in answer.text


def test_nul_is_dropped_from_what_is_asked_for(client: FlaskClient) -> None:
    """A search goes on without it; an address that has one leads nowhere."""
    answer = client.get("/search?q=per%00mits&topic=%00")
    assert answer.status_code == 200
    assert "permits" in answer.text
    assert "\0" not in answer.text
    assert client.get("/practices/%00").status_code == 404


def test_cookie_is_strict_in_production(tmp_path: Path) -> None:
    """`__Host-`, secure, not for scripts, same site."""
    app = create_app(
        config_in(tmp_path, environment="production", insecure_http=False, log_format="json")
    )
    try:
        wanted = {
            "SESSION_COOKIE_NAME": "__Host-session", "SESSION_COOKIE_SECURE": True,
            "SESSION_COOKIE_HTTPONLY": True, "SESSION_COOKIE_SAMESITE": "Lax",
        }  # fmt: skip
        assert {name: app.config[name] for name in wanted} == wanted
        assert "styleguide" not in {rule.rule.strip("/") for rule in app.url_map.iter_rules()}
    finally:
        close(app)
