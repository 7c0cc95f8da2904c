"""The production server as `make run` starts it, and what it costs to start and keep."""

from __future__ import annotations

import http.client
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from config import ROOT

WORKERS = 2


@dataclass(frozen=True)
class Server:
    """A running server; `start_seconds` is from its start to the first answer."""

    port: int
    process: subprocess.Popen[bytes]
    start_seconds: float

    def worker_mb(self) -> float | None:
        """Return the largest worker's proportional share of memory in MB; None where unknown."""
        sizes = [_memory_kb(pid) for pid in _children(self.process.pid)]
        known = [size for size in sizes if size is not None]
        return max(known) / 1000 if known else None


@contextmanager
def serve(folder: Path) -> Iterator[Server]:
    """Serve the network in the folder with two workers until the block ends."""
    port = _free_port()
    environment = {
        **os.environ, "CITYNET_ENV": "development", "INSTANCE_DIR": str(folder),
        "SECRET_KEY": "b" * 40, "PORT": str(port), "PYTHONWARNINGS": "ignore",
    }  # fmt: skip
    command = [
        str(Path(sys.executable).parent / "gunicorn"), "--workers", str(WORKERS), "--threads", "4",
        "--no-control-socket", "--bind", f"127.0.0.1:{port}", "--log-level", "warning", "wsgi:app",
    ]  # fmt: skip
    began = time.perf_counter()
    process = subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        _wait(port)
        yield Server(port, process, time.perf_counter() - began)
    finally:
        process.terminate()
        process.wait(timeout=30)


def _wait(port: int) -> None:
    for _attempt in range(600):
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        try:
            connection.request("GET", "/healthz")
            if connection.getresponse().status == 200:
                return
        except OSError:
            time.sleep(0.05)
        finally:
            connection.close()
    raise TimeoutError("the server did not start within 30 seconds")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _children(pid: int) -> list[int]:
    try:
        text = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii")
    except OSError:
        return []
    return [int(child) for child in text.split()]


def _memory_kb(pid: int) -> int | None:
    try:
        text = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii")
    except OSError:
        return None
    found = re.search(r"^Pss:\s+(\d+) kB", text, re.MULTILINE)
    return int(found.group(1)) if found else None
