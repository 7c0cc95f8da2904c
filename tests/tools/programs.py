"""The programs that tests need beside Python: Chromium, Java, the Nu HTML checker, PostgreSQL.

Tests ask here where they are; `make test` runs this file to install what is missing. It uses the
standard library only, as it runs before anything else is sure to be there.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

CHROMIUM = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
)
JAVA = ("java",)
VNU_JAR = Path(__file__).parent / "node_modules" / "vnu-jar" / "build" / "dist" / "vnu.jar"


class ProgramMissingError(RuntimeError):
    """A program that tests need is not there; the text tells how to get it."""


def chromium_path() -> str:
    """Return the Chromium or Chrome to test with: `CHROMIUM` if set, else the first found.

    Raises:
        ProgramMissingError: there is none.
    """
    return _path("CHROMIUM", CHROMIUM, "Chromium")


def java_path() -> str:
    """Return the Java that runs the HTML checker: `JAVA` if set, else the one found.

    Raises:
        ProgramMissingError: there is none.
    """
    return _path("JAVA", JAVA, "Java")


def vnu_jar() -> Path:
    """Return the HTML checker, to be run with `java -jar`.

    Raises:
        ProgramMissingError: it was not installed yet.
    """
    if not VNU_JAR.exists():
        raise ProgramMissingError("The HTML checker is missing: run `make programs`.")
    return VNU_JAR


def postgres_folder() -> Path:
    """Return the folder of the newest PostgreSQL server's programs on this machine.

    Raises:
        ProgramMissingError: there is none.
    """
    found = sorted(
        Path("/usr/lib/postgresql").glob("*/bin/pg_ctl"), key=lambda path: int(path.parts[-3])
    )
    on_path = shutil.which("pg_ctl")
    if found:
        return found[-1].parent
    if on_path:
        return Path(on_path).resolve().parent
    raise ProgramMissingError("The tests need PostgreSQL's server programs: install them.")


def _path(setting: str, names: tuple[str, ...], title: str) -> str:
    for name in (os.environ.get(setting, ""), *names):
        found = shutil.which(name) if name else None
        if found and _runs(found):
            return found
    raise ProgramMissingError(
        f"The tests need {title}: install it, or set {setting} to the path of one."
    )


def _runs(path: str) -> bool:
    """Tell whether the program starts: systems ship stand-ins that only print advice."""
    option = "-version" if Path(path).name == "java" else "--version"
    try:
        done = subprocess.run([path, option], capture_output=True, timeout=60, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0


def _install(*packages: str) -> None:
    """Install Debian packages where that is possible; elsewhere leave it to the person."""
    apt = shutil.which("apt-get")
    if not apt or not hasattr(os, "geteuid") or os.geteuid() != 0:
        return
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    print("Installing " + " and ".join(packages), flush=True)  # noqa: T201
    for command in (
        [apt, "-qq", "update"],
        [apt, "-qq", "install", "-y", "--no-install-recommends", *packages],
    ):
        subprocess.run(command, env=environment, stdout=subprocess.DEVNULL, check=False)


def main() -> int:
    """Make sure that all of them are there; tell in a sentence what is not."""
    missing = 0
    needed: tuple[tuple[Callable[[], object], str], ...] = (
        (chromium_path, "chromium"),
        (java_path, "default-jre-headless"),
        (postgres_folder, "postgresql"),
    )
    for find, package in needed:
        try:
            find()
        except ProgramMissingError:
            _install(package)
            try:
                find()
            except ProgramMissingError as error:
                print(error, file=sys.stderr)  # noqa: T201
                missing += 1
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
