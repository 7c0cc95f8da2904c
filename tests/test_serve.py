"""`flask --app wsgi serve`: web server and worker under one Ctrl-C, for real."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import pytest

from config import ROOT
from tests import processes

pytestmark = pytest.mark.slow
PUBLISH = """
from sqlalchemy import select
from citynet.accounts import queries as people
from citynet.cities import queries as cities
from citynet.kit import db
from citynet.practices import service
from citynet.practices.models import Practice, Revision, State
waiting = db.session().scalars(
    select(Practice).join(Revision, Revision.practice_id == Practice.id)
    .where(Revision.state == State.SIGNED_OFF, Revision.visibility == "public")
    .order_by(Practice.id)
).first()
actor = cities.actor_of(people.by_email("secretariat@citynet.example"))
revision = service.publish(actor, waiting)
print(waiting.slug)
print(revision.title)
"""


@dataclass
class Served:
    """A network that is served, and what it printed."""

    port: int
    process: subprocess.Popen[str]
    printed: Path

    def get(self, path: str) -> tuple[int, str]:
        """Return status and text of a page."""
        try:
            with urllib.request.urlopen(
                f"http://127.0.0.1:{self.port}{path}", timeout=20
            ) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.read().decode()

    def is_ready(self) -> bool:
        """Tell whether database, index and worker all answer."""
        assert self.process.poll() is None, self.printed.read_text()
        with suppress(OSError):
            return self.get("/readyz")[0] == 200
        return False

    def pids(self) -> list[int]:
        """Return the processes that were started."""
        return [int(pid) for pid in re.findall(r"started \(pid=(\d+)\)", self.printed.read_text())]

    def press_ctrl_c(self) -> int:
        """Do what a terminal does, and return how the command ended."""
        os.killpg(self.process.pid, signal.SIGINT)
        return self.process.wait(timeout=60)


@contextmanager
def serve(folder: Path, printed: Path) -> Iterator[Served]:
    """Serve the network of a folder until the block ends."""
    port = processes.free_port()
    environment = processes.environment(folder, CITYNET_ENV="development", PORT=str(port))
    with printed.open("w") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "flask", "--app", "wsgi", "serve"],
            env=environment, cwd=ROOT, stdout=output, stderr=subprocess.STDOUT, text=True,
            start_new_session=True,
        )  # fmt: skip
    try:
        yield Served(port, process, printed)
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGTERM)
            process.wait(timeout=60)


def is_alive(pid: int) -> bool:
    """Tell whether a process runs."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def publish(folder: Path) -> tuple[str, str]:
    """Publish a text that waits, from a process beside the server; return address and title."""
    process = processes.python(folder, PUBLISH, CITYNET_ENV="development")
    out, errors = process.communicate(timeout=60)
    assert process.returncode == 0, errors
    slug, title = out.strip().splitlines()[-2:]
    return slug, title


def test_one_command_serves_everything_and_one_ctrl_c_stops_it(tmp_path: Path) -> None:
    """From an empty folder to a network with a worker; the next start keeps what was written."""
    folder = tmp_path / "instance"
    with serve(folder, tmp_path / "first.log") as served:
        assert processes.wait_until(served.is_ready, seconds=300), served.printed.read_text()
        printed = served.printed.read_text()
        assert f"CityNet: http://127.0.0.1:{served.port}" in printed
        assert "secretariat@citynet.example" in printed
        for path in ("/", "/practices/", "/cities/", "/topics/", "/search?q=izin", "/sign-in"):
            assert served.get(path)[0] == 200, path
        assert served.get("/healthz")[0] == 200
        state = json.loads(served.get("/readyz")[1])
        assert state.keys() >= {"database", "index", "worker"}

        slug, title = publish(folder)
        search = f"/search?q={urllib.parse.quote(title)}"
        link = f'href="/practices/{slug}"'
        assert processes.wait_until(lambda: link in served.get(search)[1], seconds=30)

        pids = served.pids()
        assert len(pids) == 2
        assert served.press_ctrl_c() == 0
        assert [pid for pid in pids if is_alive(pid)] == []
        assert "Traceback" not in served.printed.read_text()

    with serve(folder, tmp_path / "second.log") as served:
        assert processes.wait_until(served.is_ready, seconds=120), served.printed.read_text()
        assert "are loaded" not in served.printed.read_text()
        assert link in served.get(search)[1]
        assert served.press_ctrl_c() == 0


def test_end_of_one_process_ends_the_other(tmp_path: Path, template: Path) -> None:
    """A network without its worker would look well and do nothing: it stops and says so."""
    folder = tmp_path / "instance"
    shutil.copytree(template, folder)
    with serve(folder, tmp_path / "log") as served:
        assert processes.wait_until(served.is_ready, seconds=120), served.printed.read_text()
        web, worker = served.pids()
        os.kill(worker, signal.SIGKILL)
        assert served.process.wait(timeout=60) != 0
        assert not is_alive(web)
