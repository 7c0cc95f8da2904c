"""A page that the editor's script runs on: the real script, styles, words and content policy.

The server behind it answers as a test wants it to: an autosave that fails is what is looked at.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import parse_qs

from jinja2 import Environment, FileSystemLoader
from markupsafe import escape

from citynet.kit.http import POLICY
from config import ROOT

WEB = ROOT / "citynet" / "web"
PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Editor</title>
<link rel="stylesheet" href="/dist/{css}"><link rel="icon" href="data:,">
<script type="module" src="/dist/{app}"></script><script type="module" src="/dist/{js}"></script>
</head><body><main><h1>Editor</h1><p data-editors></p>
<form method="post" action="/page" data-autosave="/save" data-key="practice-1-done"
 data-person="{person}" data-guard autocomplete="off">
<input type="hidden" name="format" value="markdown"><input type="hidden" name="base" value="{base}">
<input type="hidden" name="csrf_token" value="{token}">
<div class="govuk-form-group"><label class="govuk-label" for="title">Title</label>
<input class="govuk-input" id="title" name="title" value="{title}"></div>
<div class="govuk-form-group"><label class="govuk-label" for="problem">Problem</label>
<div class="govuk-hint" id="problem-hint">What was wrong?</div>
<textarea class="govuk-textarea" id="problem" name="problem" data-rich data-html="{html}"
 aria-describedby="problem-hint">{html}</textarea></div>
<button class="govuk-button" type="submit" name="action" value="save">Save</button>
<p class="cn-saved" role="status" data-saved></p>
</form>
<form method="post" action="/sign-out" data-signs-out="Delete it?"><button>Sign out</button></form>
{words}</main></body></html>"""


@dataclass
class Server:
    """What the network has, and how it answers next."""

    url: str = ""
    person: str = "7"
    token: str = "first"
    base: int = 1
    texts: dict[str, str] = field(default_factory=lambda: {"title": "Waste bank", "problem": ""})
    editors: list[str] = field(default_factory=list)
    answer: int = 200
    saves: list[dict[str, str]] = field(default_factory=list)
    pages: list[dict[str, str]] = field(default_factory=list)

    def page(self) -> str:
        """Return the page as it is now."""
        names = json.loads((WEB / "static" / "dist" / "manifest.json").read_text())
        return PAGE.format(
            css=names["citynet.css"], app=names["app.js"], js=names["editor.js"],
            person=self.person, base=self.base, token=self.token, words=words(),
            title=escape(self.texts["title"]), html=escape(self.texts["problem"]),
        )  # fmt: skip

    def save(self, fields: dict[str, str]) -> tuple[int, dict[str, object]]:
        """Keep a text, unless the test wants another answer."""
        if self.answer != 200:
            return self.answer, {"errors": {"problem": "Please shorten this."}, "url": "/compare"}
        if fields["csrf_token"] != self.token:
            return 400, {}
        if fields["base"] != str(self.base):
            return 409, {"conflict": True, "url": "/compare"}
        self.base += 1
        self.saves.append(fields)
        self.texts = {"title": fields["title"], "problem": fields["problem"]}
        return 200, {"saved_at": "12:04", "base": str(self.base), "editors": self.editors}


def words() -> str:
    """Return the macro's words in English."""
    environment = Environment(loader=FileSystemLoader(WEB / "templates"), autoescape=True)
    environment.globals["_"] = lambda text, **values: text % values if values else text
    environment.globals["url_for"] = lambda _endpoint: "/sign-in"
    made = environment.from_string(
        '{% from "macros/rich.html" import rich_words %}{{ rich_words() }}'
    )
    return made.render()


@contextmanager
def served(page: Server | None = None) -> Iterator[Server]:
    """Serve the page, or another one, for a while."""
    state = page or Server()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if self.path.startswith("/dist/"):
                file = WEB / "static" / self.path.lstrip("/")
                kind = {".js": "text/javascript", ".css": "text/css"}.get(file.suffix, "font/woff2")
                self.reply(200, file.read_bytes(), kind)
            else:
                self.reply(200, state.page().encode(), "text/html; charset=utf-8")

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            kind = self.headers["Content-Type"]
            fields = multipart(body) if "multipart" in kind else form(body)
            if self.path != "/save":
                state.pages.append({"to": self.path, **fields})
                self.reply(200, b"<!doctype html><title>Done</title>", "text/html")
                return
            status, said = state.save(fields)
            if status == 302:
                self.send_response(302)
                self.send_header("Location", "/sign-in")
                self.end_headers()
            else:
                self.reply(status, json.dumps(said).encode(), "application/json")

        def reply(self, status: int, body: bytes, kind: str) -> None:
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.send_header("Content-Security-Policy", POLICY)
            self.end_headers()
            # The page may have gone meanwhile.
            with suppress(BrokenPipeError, ConnectionResetError):
                self.wfile.write(body)

        def log_message(self, *_args: object) -> None:
            """Stay quiet."""

    httpd = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    httpd.daemon_threads = True
    thread = Thread(target=httpd.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    state.url = f"http://127.0.0.1:{httpd.server_port}"
    yield state
    httpd.shutdown()
    thread.join()
    httpd.server_close()


def form(body: bytes) -> dict[str, str]:
    """Return the fields that a button of the page sent."""
    return {name: values[-1] for name, values in parse_qs(body.decode()).items()}


def multipart(body: bytes) -> dict[str, str]:
    """Return the fields that the script sent."""
    parts = body.split(body.split(b"\r\n", 1)[0])[1:-1]
    read = {}
    for part in parts:
        head, _, value = part.strip(b"\r\n").partition(b"\r\n\r\n")
        read[head.split(b'name="')[1].split(b'"')[0].decode()] = value.decode()
    return read
