"""Other processes over a test network's folder: what only several processes can show."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from config import ROOT

PROGRAM = """
from citynet.app import create_app
from config import Config
app = create_app(Config.from_env())
with app.app_context():
{body}
"""


def environment(folder: Path, **settings: str) -> dict[str, str]:
    """Return the environment of a process whose network lives in this folder."""
    own = {
        "CITYNET_ENV": "test", "SECRET_KEY": "k" * 40, "INSTANCE_DIR": str(folder),
        "MAIL_BACKEND": "memory", "PYTHONUNBUFFERED": "1",
    }  # fmt: skip
    return {**os.environ, **own, **settings}


def python(folder: Path, body: str, **settings: str) -> subprocess.Popen[str]:
    """Start a program in an application context; its lines are indented here."""
    lines = "\n".join(f"    {line}" for line in body.strip().splitlines())
    return subprocess.Popen(
        [sys.executable, "-c", PROGRAM.format(body=lines)],
        env=environment(folder, **settings),
        cwd=ROOT,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


def flask(folder: Path, *words: str, **settings: str) -> subprocess.CompletedProcess[str]:
    """Run `flask --app wsgi …` to its end."""
    return subprocess.run(
        [sys.executable, "-m", "flask", "--app", "wsgi", *words],
        env=environment(folder, **settings),
        cwd=ROOT,
        text=True,
        capture_output=True,
        timeout=300,
        check=False,
    )


def free_port() -> int:
    """Return a port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until(is_so: Callable[[], bool], *, seconds: float = 60.0) -> bool:
    """Tell whether it became so within the time, which is there for a broken run only."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if is_so():
            return True
        time.sleep(0.05)
    return is_so()
