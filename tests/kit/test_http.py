"""Headers of every answer, and redirects that stay here."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from flask import Flask, request
from flask.testing import FlaskClient

from citynet.app import create_app
from citynet.kit.doors import anyone
from citynet.kit.http import allow_upload, external_url, is_local
from tests.conftest import close, config_in
from tests.network import client_of, post


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


@pytest.mark.parametrize(
    ("public_url", "wanted"),
    [
        ("http://127.0.0.1:8000", "http://127.0.0.1:8000/cities/a-b"),
        ("https://citynet.example", "https://citynet.example/cities/a-b"),
        ("https://citynet.example/net", "https://citynet.example/net/cities/a-b"),
        ("http://[::1]:9000", "http://[::1]:9000/cities/a-b"),
    ],
)
def test_address_in_a_mail_begins_with_the_public_one(
    tmp_path: Path, public_url: str, wanted: str
) -> None:
    """In the worker, and in a request whatever it calls its host."""
    app = create_app(config_in(tmp_path, public_url=public_url))
    with app.app_context():
        assert external_url("web.city", slug="a-b") == wanted
        assert external_url("web.city", slug="a-b", page=2, q=None) == f"{wanted}?page=2"
    with app.test_request_context("/", base_url="https://evil.example"):
        assert external_url("web.city", slug="a-b") == wanted
    close(app)


def test_trusted_address_of_six_groups_is_trusted(tmp_path: Path) -> None:
    """Werkzeug would cut it at its first colon."""
    hosts = ("localhost", "[::1]", "fe80::1")
    app = create_app(config_in(tmp_path, trusted_hosts=hosts))
    browser = app.test_client()
    answers = {
        host: browser.get("/healthz", headers={"Host": host}).status_code
        for host in ("[::1]", "[::1]:8000", "[fe80::1]:8000", "localhost:8000", "[::2]", "[", "::1")
    }
    close(app)
    assert answers == {
        "[::1]": 200, "[::1]:8000": 200, "[fe80::1]:8000": 200, "localhost:8000": 200,
        "[::2]": 400, "[": 400, "::1": 400,
    }  # fmt: skip


def test_upload_is_let_in_where_a_view_allows_it(app: Flask) -> None:
    """Also past the check against forgery, which reads the form; nowhere else, and no further."""

    @app.post("/upload")
    @allow_upload(60_000)
    @anyone
    def upload() -> str:
        return str(len(request.files["file"].read()))

    app.config["MAX_CONTENT_LENGTH"] = 20_000
    browser = app.test_client()
    answers = []
    for path, size in (("/upload", 50_000), ("/upload", 70_000), ("/language", 50_000)):
        data = {"file": (io.BytesIO(b"x" * size), "x.bin")}
        answers.append(post(browser, path, data).status_code)
    assert browser.post("/upload", data={"file": (io.BytesIO(b"x"), "x.bin")}).status_code == 400
    assert answers == [200, 413, 413]
