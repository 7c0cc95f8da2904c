"""A closed loop of clients over kept connections, as browsers on one machine would be."""

from __future__ import annotations

import gzip
import http.client
import re
import threading
import time
from dataclasses import dataclass, field
from urllib.parse import urlencode

CLIENTS = 4
NGINX_LEVEL = 1


@dataclass
class Measure:
    """What one page answered: seconds each, in the order they came, and how long it all took."""

    seconds: list[float] = field(default_factory=list)
    failures: int = 0
    total_seconds: float = 0.0

    def percentile_ms(self, percent: int) -> float:
        """Return the time within which this share of answers came (nearest rank), in ms."""
        ordered = sorted(self.seconds)
        rank = max(1, -(-len(ordered) * percent // 100))
        return ordered[rank - 1] * 1000 if ordered else float("nan")

    @property
    def per_second(self) -> float:
        """Return answers per second over all clients."""
        return len(self.seconds) / self.total_seconds if self.total_seconds else 0.0


def measure(
    port: int, paths: list[str], *, seconds: float, cookie: str = "", clients: int = CLIENTS
) -> Measure:
    """Ask for the paths in turn with every client for so long."""
    found = Measure()
    lock = threading.Lock()
    until = time.perf_counter() + seconds

    def client(offset: int) -> None:
        times, failures = _ask(port, paths[offset:] + paths[:offset], until, cookie)
        with lock:
            found.seconds += times
            found.failures += failures

    began = time.perf_counter()
    threads = [threading.Thread(target=client, args=(n % len(paths),)) for n in range(clients)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    found.total_seconds = time.perf_counter() - began
    return found


def page_bytes(port: int, path: str, cookie: str) -> tuple[int, int]:
    """Return the bytes of one answer's body as the server sends it, and as nginx packs it."""
    body = _fetch(port, path, cookie)
    return len(body), len(gzip.compress(body, compresslevel=NGINX_LEVEL))


def first_visit(port: int, path: str) -> tuple[int, int]:
    """Return how many requests an empty browser makes for a page, and their bytes in all."""
    page = _fetch(port, path, "")
    parts = set(re.findall(rb'(?:href|src)="(/static/[^"]+)"', page))
    sizes = [len(_fetch(port, part.decode(), "")) for part in parts]
    return 1 + len(sizes), len(page) + sum(sizes)


def sign_in(port: int, email: str, password: str) -> str:
    """Sign in as a browser does and return the cookie."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request("GET", "/sign-in", headers=_headers(""))
    answer = connection.getresponse()
    cookie = _cookie(answer)
    token = re.search(rb'name="csrf_token"[^>]*value="([^"]+)"', answer.read())
    fields = {"email": email, "password": password, "csrf_token": token.group(1) if token else b""}
    headers = {**_headers(cookie), "Content-Type": "application/x-www-form-urlencoded"}
    connection.request("POST", "/sign-in", urlencode(fields), headers)
    answer = connection.getresponse()
    answer.read()
    connection.close()
    if answer.status != 302:
        raise RuntimeError(f"{email} could not sign in: {answer.status}")
    return _cookie(answer)


def _ask(port: int, paths: list[str], until: float, cookie: str) -> tuple[list[float], int]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    times: list[float] = []
    failures = position = 0
    while time.perf_counter() < until:
        began = time.perf_counter()
        connection.request("GET", paths[position % len(paths)], headers=_headers(cookie))
        answer = connection.getresponse()
        answer.read()
        times.append(time.perf_counter() - began)
        failures += answer.status != 200
        position += 1
    connection.close()
    return times, failures


def _fetch(port: int, path: str, cookie: str) -> bytes:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request("GET", path, headers=_headers(cookie))
    body = connection.getresponse().read()
    connection.close()
    return body


def _headers(cookie: str) -> dict[str, str]:
    common = {"Accept-Language": "en", "Accept-Encoding": "br, gzip"}
    return {**common, "Cookie": cookie} if cookie else common


def _cookie(answer: http.client.HTTPResponse) -> str:
    return (answer.getheader("Set-Cookie") or "").split(";")[0]
