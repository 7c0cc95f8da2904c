"""A real PostgreSQL for tests: the one of `DATABASE_URL`, else one started from this machine's own.

The server listens on a socket in a folder of its own under the system's temporary folder. It does
not run as root, so root starts it as another user.
"""

from __future__ import annotations

import os
import pwd
import secrets
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from tests.tools.programs import postgres_folder

USERS = ("postgres", "nobody")
FAST = "-c fsync=off -c synchronous_commit=off -c full_page_writes=off -c max_connections=60"


@contextmanager
def server() -> Iterator[str]:
    """Give the address of a server."""
    given = os.environ.get("DATABASE_URL", "")
    if given.startswith("postgres"):
        yield "postgresql://" + given.partition("://")[2]
    else:
        with _started(postgres_folder()) as address:
            yield address


@contextmanager
def database(address: str, *, like: str = "template1") -> Iterator[str]:
    """Give a new database on the server, a copy of another one's, and remove it afterwards."""
    name = f"citynet_test_{secrets.token_hex(4)}"
    model = like.partition("?")[0].rpartition("/")[2]
    _run(address, f"CREATE DATABASE {name} TEMPLATE {model}")
    head, mark, options = address.partition("?")
    try:
        yield f"{head.rpartition('/')[0]}/{name}{mark}{options}".replace(
            "postgresql://", "postgresql+psycopg://"
        )
    finally:
        _run(address, f"DROP DATABASE {name} WITH (FORCE)")


def _run(address: str, statement: str) -> None:
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(statement.encode())


@contextmanager
def _started(binary: Path) -> Iterator[str]:
    home = Path(tempfile.mkdtemp(prefix="citynet-pg-"))
    prefix = _as_another_user(home)
    data = home / "data"

    def run(program: str, *words: str) -> None:
        command = [*prefix, str(binary / program), "-D", str(data), *words]
        subprocess.run(command, check=True, capture_output=True, timeout=120, cwd=home)

    try:
        run("initdb", "-U", "citynet", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync")
        options = f"-c listen_addresses='' -c unix_socket_directories='{home}' {FAST}"
        run("pg_ctl", "-w", "-l", str(home / "log"), "-o", options, "start")
        try:
            yield f"postgresql://citynet@/postgres?host={home}"
        finally:
            run("pg_ctl", "-w", "-m", "immediate", "stop")
    finally:
        shutil.rmtree(home, ignore_errors=True)


def _as_another_user(home: Path) -> list[str]:
    """Return what to put before a command so that it does not run as root."""
    if os.geteuid() != 0:
        return []
    for name in USERS:
        try:
            user = pwd.getpwnam(name)
        except KeyError:
            continue
        os.chown(home, user.pw_uid, user.pw_gid)
        return ["runuser", "-u", name, "--"]
    raise RuntimeError("there is no user to run PostgreSQL as")
