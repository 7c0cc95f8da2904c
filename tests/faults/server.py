"""A network as `serve` runs it, killed at any moment and started again at once.

Its processes are forked from one that has loaded the modules already, so that a start takes a tenth
of the time; what they run is what `serve` runs. Web server and worker are one group of processes,
so that one signal ends them all.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path

import flask.cli
import psycopg
import requests
from gunicorn.app import wsgiapp
from jinja2 import FileSystemBytecodeCache

from config import ROOT
from tests import processes

forks = multiprocessing.get_context("forkserver")
forks.set_forkserver_preload(["citynet.app", "gunicorn.workers.gthread", "tests.faults.server"])
# Done in the network's processes before they begin: what a broken network would do.
Sabotage = Callable[[], None]
BACKENDS = """
SELECT count(*) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid()
"""


class Server:
    """Web server and worker over the network of a folder."""

    def __init__(
        self, folder: Path, *, database_url: str = "", sabotage: Sabotage | None = None
    ) -> None:
        """Choose where it listens; `start` starts it."""
        port = processes.free_port()
        self.url, self.log = f"http://127.0.0.1:{port}", folder.parent / "server.log"
        self._environment = processes.environment(
            folder, CITYNET_ENV="development", PORT=str(port), DATABASE_URL=database_url
        )
        self._database_url, self._sabotage = database_url, sabotage
        self._leader: BaseProcess | None = None
        self._life: Connection | None = None

    def start(self) -> float:
        """Start the processes and return after how many seconds all parts were ready."""
        began = time.perf_counter()
        self._life, theirs = forks.Pipe(duplex=False)
        self._leader = forks.Process(
            target=_serve, args=(self._environment, self.log, theirs, self._sabotage)
        )
        self._leader.start()
        theirs.close()
        if not soon(self._is_ready):
            raise RuntimeError(f"The network did not start:\n{self.log.read_text()[-4000:]}")
        return time.perf_counter() - began

    def kill(self) -> float:
        """End all processes at once and return when the signal was sent."""
        sent = time.perf_counter()
        if self._leader is None or self._life is None or self._leader.pid is None:
            return sent
        os.killpg(self._leader.pid, signal.SIGKILL)
        # Each of the processes holds the other end of the pipe: it closes with the last of them.
        with self._life, suppress(EOFError):
            self._life.recv()
        self._leader.join()
        self._leader = self._life = None
        if self._database_url:
            # A statement that was sent goes on until the database sees that nobody waits for it.
            assert soon(lambda: _backends(self._database_url) == 0)
        return sent

    def _is_ready(self) -> bool:
        assert self._leader is not None
        assert self._leader.is_alive(), self.log.read_text()[-4000:]
        with suppress(requests.RequestException):
            return requests.get(f"{self.url}/readyz", timeout=5).status_code == 200
        return False


def soon(is_so: Callable[[], bool], *, seconds: float = 60.0) -> bool:
    """Tell whether it became so; asked often, because each kill waits for it."""
    end = time.monotonic() + seconds
    while not is_so():
        if time.monotonic() > end:
            return False
        time.sleep(0.01)
    return True


def _serve(
    environment: Mapping[str, str], log: Path, _life: Connection, sabotage: Sabotage | None
) -> None:
    """Become what `serve` starts: the worker, and the web server with processes of its own."""
    os.setsid()
    output = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    os.dup2(output, 1)
    os.dup2(output, 2)
    os.chdir(ROOT)
    os.environ.clear()
    os.environ.update(environment)
    # Compiled once for all starts.
    flask.Flask.jinja_options = {"bytecode_cache": FileSystemBytecodeCache(str(log.parent))}
    if sabotage is not None:
        sabotage()
    if os.fork() == 0:
        sys.argv = ["flask", "--app", "wsgi", "worker"]
        flask.cli.main()
    sys.argv = [
        "gunicorn", "--workers", "2", "--threads", "4", "--no-control-socket", "--bind",
        f"127.0.0.1:{environment['PORT']}", "--log-level", "warning", "--forwarded-allow-ips", "",
        "wsgi:app",
    ]  # fmt: skip
    wsgiapp.run()


def _backends(database_url: str) -> int:
    address = database_url.replace("postgresql+psycopg://", "postgresql://")
    with psycopg.connect(address) as connection:
        row = connection.execute(BACKENDS).fetchone()
    return int(row[0]) if row else 0
