"""A whole network as people run it: `flask --app wsgi serve` with the demonstration, in a folder.

Its web server, its worker and its data are its own; nothing of them outlives the tests. The
demonstration is loaded once for all processes of a test run, and each gets a copy.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import closing
from pathlib import Path

from config import ROOT
from tests.browser.mails import Mails
from tests.processes import free_port, python

START_SECONDS, STOP_SECONDS = 120, 15
FLASK = (str(Path(sys.executable).parent / "flask"), "--app", "wsgi")


def loaded_network(shared: Path) -> Path:
    """Return a folder with the demonstration, loaded by whoever asks first."""
    folder, done = shared / "demonstration", shared / "demonstration.done"
    with (shared / "demonstration.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not done.exists():
            for words in (("setup",), ("demo", "load")):
                subprocess.run(
                    [*FLASK, *words], cwd=ROOT, env=environment(folder), check=True,
                    capture_output=True,
                )  # fmt: skip
            done.touch()
    return folder


def settings(folder: Path, port: int = 8000) -> dict[str, str]:
    """Return the settings of a network in a folder, as a developer would have it.

    Its sign-in provider is away, so the pages about one are there.
    """
    return {
        "CITYNET_ENV": "development", "SECRET_KEY": "", "INSTANCE_DIR": str(folder),
        "DATABASE_URL": "", "PORT": str(port), "PUBLIC_URL": "", "WEB_WORKERS": "2",
        "MAIL_BACKEND": "folder", "OIDC_ISSUER": "http://127.0.0.1:9", "OIDC_CLIENT_ID": "citynet",
        "OIDC_CLIENT_SECRET": "not to be told", "OIDC_NAME": "Cityhall",
    }  # fmt: skip


def environment(folder: Path, port: int = 8000) -> dict[str, str]:
    """Return the environment of a network in a folder."""
    return {**os.environ, **settings(folder, port)}


class Site:
    """The running processes, where they answer, and what they hold."""

    def __init__(self, network: Path, folder: Path) -> None:
        """Start them on a copy of a network, and wait until all parts are ready."""
        self._instance, self._log = folder / "instance", folder / "serve.log"
        shutil.copytree(network, self._instance)
        port = free_port()
        self.url = f"http://127.0.0.1:{port}"
        self._settings = settings(self._instance, port)
        self.mails = Mails(self._instance / "mail")
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(
                [*FLASK, "serve"], cwd=ROOT, env=environment(self._instance, port), stdout=log,
                stderr=subprocess.STDOUT, start_new_session=True,
            )  # fmt: skip
        try:
            self._wait()
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """End them as Ctrl-C does."""
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGINT)
            try:
                self._process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                os.killpg(self._process.pid, signal.SIGKILL)
                self._process.wait()

    def look_up(self, question: str, *values: object) -> str:
        """Return the first value of the first row that the database answers."""
        with closing(sqlite3.connect(self._instance / "citynet.db")) as connection:
            row = connection.execute(question, values).fetchone()
        assert row, f"the demonstration holds nothing for: {question} {values}"
        return str(row[0])

    def change(self, statement: str, *values: object) -> None:
        """Change rows past the network, as only the passing of time does otherwise."""
        with closing(sqlite3.connect(self._instance / "citynet.db", timeout=30)) as connection:
            assert connection.execute(statement, values).rowcount, f"nothing: {statement} {values}"
            connection.commit()

    def run(self, body: str) -> None:
        """Run lines in another process of this network."""
        process = python(self._instance, body, **self._settings)
        _told, faults = process.communicate(timeout=START_SECONDS)
        assert process.returncode == 0, faults

    def _wait(self) -> None:
        last = time.monotonic() + START_SECONDS
        while not self._is_ready():
            if self._process.poll() is not None or time.monotonic() > last:
                raise RuntimeError(f"The network did not start:\n{self._log.read_text()[-4000:]}")
            time.sleep(0.2)

    def _is_ready(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.url}/readyz", timeout=5) as answer:
                return bool(answer.status == 200)
        except (urllib.error.URLError, OSError):
            return False
