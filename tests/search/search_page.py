"""A page with search boxes: the real macro, script, styles and content policy.

The server behind it answers as a test wants it to: late, wrong, or not at all.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit

from jinja2 import Environment, FileSystemLoader

from citynet.kit.http import POLICY
from config import ROOT

WEB = ROOT / "citynet" / "web"
PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Search</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="stylesheet" href="/dist/{css}"><link rel="icon" href="data:,">
<script type="module" src="/dist/{js}"></script></head>
<body><header class="cn-header"><a href="/other">Home</a></header>
<main><h1>Search</h1>{box}<p><a href="/other">After</a></p></main></body></html>"""
ANSWER: dict[str, Any] = {
    "told": "4 suggestions",
    "groups": [
        {"label": "Practices", "options": [
            {"text": "Waste bank", "url": "/practices/waste-bank", "language": "en"},
            {"text": "Bank sampah <b>", "url": "/practices/bank-sampah", "language": "id"},
        ]},
        {"label": "Topics", "options": [{"text": "Waste", "url": "/topics/waste", "language": ""}]},
        {"label": "Often searched", "options": [
            {"text": "waste water", "url": "/search?q=waste+water", "language": ""},
        ]},
    ],
}  # fmt: skip
NOTHING: dict[str, Any] = {"told": "No suggestions", "groups": []}


@dataclass
class Server:
    """What the network answers, and what it was asked."""

    url: str = ""
    answers: dict[str, dict[str, Any]] = field(default_factory=lambda: {"waste": ANSWER})
    # What is asked for one of these waits until the test lets it go.
    held: dict[str, Event] = field(default_factory=dict)
    status: int = 200
    asked: list[str] = field(default_factory=list)

    def suggest(self, text: str) -> tuple[int, dict[str, Any]]:
        """Answer what is typed."""
        self.asked.append(text)
        if text in self.held:
            self.held[text].wait(10)
        return self.status, self.answers.get(text, NOTHING)


def page() -> str:
    """Return the page, built as it is now."""
    names = json.loads((WEB / "static" / "dist" / "manifest.json").read_text())
    templates = Environment(loader=FileSystemLoader(WEB / "templates"), autoescape=True)
    templates.globals["_"] = lambda text, **values: text % values
    fields: Any = templates.get_template("macros/fields.html").module
    box = fields.search_box("/search", suggest="/search/suggest", hidden=[("topic", "waste")])
    return PAGE.format(css=names["citynet.css"], js=names["app.js"], box=box)


@contextmanager
def served() -> Iterator[Server]:
    """Serve the page for a while."""
    server = Server()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            if parts.path == "/search/suggest":
                status, answer = server.suggest(parse_qs(parts.query).get("q", [""])[0])
                self._send(status, json.dumps(answer).encode(), "application/json")
            elif parts.path.startswith("/dist/"):
                kind = "text/css" if parts.path.endswith(".css") else "text/javascript"
                content = (WEB / "static" / parts.path.strip("/")).read_bytes()
                self._send(200, content, kind)
            elif parts.path == "/page":
                self._send(200, page().encode(), "text/html")
            else:
                self._send(200, b"<!doctype html><title>There</title><h1>There</h1>", "text/html")

        def _send(self, status: int, content: bytes, kind: str) -> None:
            # The window may have closed, or let go of what it asked.
            with suppress(ConnectionError):
                self.send_response(status)
                self.send_header("Content-Type", f"{kind}; charset=utf-8")
                self.send_header("Content-Length", str(len(content)))
                self.send_header("Content-Security-Policy", POLICY)
                self.end_headers()
                self.wfile.write(content)

        def log_message(self, *_args: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as http:
        thread = Thread(target=http.serve_forever)
        thread.start()
        server.url = f"http://127.0.0.1:{http.server_port}/page"
        yield server
        for event in server.held.values():
            event.set()
        http.shutdown()
        thread.join()
