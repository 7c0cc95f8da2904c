"""Somebody who works with the network over HTTP: signs in, writes, decides, sends files."""

from __future__ import annotations

import io
import random
import string
from collections.abc import Mapping
from dataclasses import dataclass, field

import requests
from flask import Flask
from PIL import Image

from citynet.kit import files, pictures
from citynet.practices import merging
from citynet.practices.editing import BY_KEY
from citynet.practices.models import Revision
from tests import network
from tests.faults.journal import PARTS, Fate, Journal, Way, Write

WAIT_SECONDS = 60
SIZE = (900, 600)


class Refused(AssertionError):
    """The network answered something else than that it is done."""


@dataclass(frozen=True)
class Request:
    """What is sent for a write; `end` is where the network leads to once it is done."""

    write: Write
    path: str
    end: str
    fields: Mapping[str, object]
    files: Mapping[str, tuple[str, bytes]] = field(default_factory=dict)


class Person:
    """A person with a browser of their own, signed in."""

    def __init__(self, url: str, role: str) -> None:
        """Sign in; what the browser keeps outlives the network's processes."""
        self._url, self._browser = url, requests.Session()
        self._browser.headers["Connection"] = "close"
        self._token = network.csrf_of(self.get("/sign-in").text)
        who = {"email": network.ROLES[role].address, "password": network.PASSWORD}
        assert self.post("/sign-in", who).status_code == 302
        self._token = network.csrf_of(self.get("/about").text)

    def get(self, path: str) -> requests.Response:
        """Read a page."""
        return self._browser.get(self._url + path, timeout=WAIT_SECONDS)

    def post(
        self, path: str, fields: Mapping[str, object],
        sent: Mapping[str, tuple[str, bytes]] | None = None,
    ) -> requests.Response:  # fmt: skip
        """Send a form."""
        return self._browser.post(
            self._url + path, {**fields, "csrf_token": self._token}, files=sent or None,
            timeout=WAIT_SECONDS, allow_redirects=False,
        )  # fmt: skip

    def send(self, request: Request, journal: Journal) -> requests.Response | None:
        """Send a write and note the acknowledgement; None where the network fell silent.

        Raises:
            Refused: it answered that it is not done.
        """
        try:
            answer = self.post(request.path, request.fields, request.files)
        except requests.RequestException:
            return None
        is_led = answer.status_code == 302 and answer.headers["Location"].endswith(request.end)
        is_told = answer.status_code == 200 and request.write.way == Way.AUTOSAVE
        if not (is_led or (is_told and "saved_at" in answer.json())):
            raise Refused(f"{request.write}: {answer.status_code} {answer.text[:2000]}")
        journal.tell(request.write, Fate.ACKNOWLEDGED)
        return answer

    def close(self) -> None:
        """Close the browser."""
        self._browser.close()


class Pen:
    """What makes requests: as a page of the text would send them, each with a word of its own."""

    def __init__(self, app: Flask, journal: Journal, seed: str) -> None:
        """Begin with a seed."""
        self._app, self._journal, self._random = app, journal, random.Random(seed)

    def request(self, way: Way, slug: str, newest: Revision) -> Request:
        """Return what the button of a page sends that showed this text."""
        part = self._random.choice(sorted(PARTS))
        match way:
            case Way.SAVE | Way.AUTOSAVE:
                base = merging.begin(BY_KEY[part], newest.content, newest.number, newest.version)
                return self.save(way, slug, part, str(base))
            case Way.PICTURE | Way.ATTACHMENT:
                return self._upload(way, slug)
            case _:
                return self._decide(way, slug, newest)

    def save(self, way: Way, slug: str, part: str, base: str) -> Request:
        """Return what a page sends that began from this base: the mark in every field."""
        mark = self._mark()
        path = f"/practices/{slug}/edit/{part}"
        fields = {**dict.fromkeys(PARTS[part], mark), "base": base}
        write = self._journal.ask(way, slug, mark, part=part)
        return Request(write, path + ("/autosave" * (way == Way.AUTOSAVE)), path, fields)

    def _decide(self, way: Way, slug: str, newest: Revision) -> Request:
        write = self._journal.ask(way, slug, self._mark(), revision=newest.number)
        end = f"/practices/{slug}" if way == Way.PUBLISH else f"/practices/{slug}/draft"
        seen = {"seen": f"{newest.number}.{newest.version}"}
        return Request(write, f"/practices/{slug}/{way}", end, seen)

    def _upload(self, way: Way, slug: str) -> Request:
        mark = self._mark()
        if way == Way.PICTURE:
            content, name = self._picture(), f"{mark}.jpg"
            with self._app.test_request_context():
                stored = pictures.photograph(content).content
        else:
            content = stored = f"{mark}\n{self._random.randbytes(40_000).hex()}".encode()
            name = f"{mark}.txt"
        write = self._journal.ask(way, slug, mark, digest=files.name_of(stored))
        path = f"/practices/{slug}/files"
        return Request(write, path, path, {}, {"files": (name, content)})

    def _mark(self) -> str:
        return "".join(self._random.choices(string.ascii_lowercase, k=12))

    def _picture(self) -> bytes:
        small = Image.frombytes("RGB", (30, 20), self._random.randbytes(1800))
        out = io.BytesIO()
        small.resize(SIZE).save(out, "JPEG")
        return out.getvalue()
