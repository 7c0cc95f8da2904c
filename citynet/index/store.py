"""The index's folder on the disk: one writer, atomic generations, and damage that is noticed.

    <folder>.lock           held by the one process that writes; left there from the first write on
    <folder>/manifest       names the generation's files with their sizes and checksums
    <folder>/<name>/…       the engine's files; another name after each rebuild

The manifest is replaced by rename as the last act of every write, so that readers see the old
generation or the new one. Readers verify each file once and keep it open: one that is deleted goes
on being read, and what is cut or changed later is noticed by the checksum of the record that is
read. The folder may be thrown away at any time, but where there was an index once, an empty one is
never put in its place unasked.
"""

from __future__ import annotations

import fcntl
import json
import os
import secrets
import shutil
import stat
import time
import zlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from citynet.index.engine import IndexUnavailable

# Raised whenever the analysis or the files change their meaning: older indexes are built anew.
FORMAT = 4
PRIVATE = 0o700
LOCK_SECONDS, LOCK_PAUSE_SECONDS = 30.0, 0.02
# A writer deletes the old files a moment after it has named the new ones.
READ_PAUSES_SECONDS = (0.02, 0.1, 0.3)
CHUNK = 1 << 20


@dataclass(frozen=True)
class Manifest:
    """A generation: its folder's name, and size and checksum of each of its files."""

    name: str
    generation: str
    files: Mapping[str, tuple[int, int]]


class File:
    """A file that is kept open, so that nobody can take it away.

    It is not mapped into memory: where a mapped file is cut, the process is killed.
    """

    def __init__(self, path: Path) -> None:
        with faults(OSError):
            self._descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
            self.size = os.fstat(self._descriptor).st_size

    def __del__(self) -> None:
        if hasattr(self, "_descriptor"):
            os.close(self._descriptor)

    def read(self, at: int, length: int) -> bytes:
        """Return a piece of it.

        Raises:
            IndexUnavailable: it cannot be read, or is shorter.
        """
        with faults(OSError):
            is_inside = 0 <= at <= at + length <= self.size
            content = os.pread(self._descriptor, length, at) if is_inside else b""
        if len(content) != length or not is_inside:
            raise IndexUnavailable("A file of the index is cut.")
        return content

    def total(self) -> tuple[int, int]:
        """Return its size and its checksum, without keeping it in memory."""
        found = 0
        for at in range(0, self.size, CHUNK):
            found = zlib.crc32(self.read(at, min(CHUNK, self.size - at)), found)
        return self.size, found


@dataclass(frozen=True)
class Loaded:
    """A generation with its files, open and verified."""

    manifest: Manifest
    files: Mapping[str, File]

    def content(self, name: str) -> bytes:
        """Return all of a file, verified again: it may have changed since it was opened.

        Raises:
            IndexUnavailable: it did, or there is none.
        """
        with faults(KeyError):
            file, total = self.files[name], self.manifest.files[name]
        return verified(name, file.read(0, file.size), total)


class Store:
    """The folder of one index."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._manifest = folder / "manifest"
        self._lock = folder.with_name(f"{folder.name}.lock")

    def is_new(self) -> bool:
        """Tell whether there has never been an index here."""
        return not self._lock.exists() and not self._manifest.exists()

    def signature(self) -> tuple[int, int, int]:
        """Return what changes with every generation, at the cost of one look at the disk."""
        try:
            found = self._manifest.stat()
        except OSError:
            return (0, 0, 0)
        return (found.st_ino, found.st_mtime_ns, found.st_size)

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Hold the lock that one process or thread has at a time.

        Raises:
            IndexUnavailable: it cannot be had in LOCK_SECONDS, or files cannot be written.
        """
        with faults(OSError):
            self.folder.parent.mkdir(parents=True, exist_ok=True)
            file = self._lock.open("a")
        with file:
            until = time.monotonic() + LOCK_SECONDS
            while not _has_locked(file.fileno()):
                if time.monotonic() > until:
                    raise IndexUnavailable("Another process has been writing the index too long.")
                time.sleep(LOCK_PAUSE_SECONDS)
            yield

    def manifest(self) -> Manifest:
        """Return the generation that holds now.

        Raises:
            IndexUnavailable: there is none, or it is damaged.
        """
        with faults(OSError, ValueError, TypeError, KeyError, AttributeError):
            checksum, _, text = self._manifest.read_bytes().partition(b"\n")
            if int(checksum) != zlib.crc32(text):
                raise IndexUnavailable("The index's manifest is damaged.")
            found = json.loads(text)
            files = {name: (int(size), int(crc)) for name, (size, crc) in found["files"].items()}
        if found["format"] != FORMAT:
            raise IndexUnavailable("The index is of another version of this program.")
        return Manifest(found["name"], found["generation"], files)

    def path(self, manifest: Manifest) -> Path:
        """Return the folder of a generation's files."""
        return self.folder / manifest.name

    def load(self, before: Loaded | None = None) -> Loaded:
        """Return the generation that holds now with its files, verified.

        What was loaded `before` is not read again.
        """
        for pause_seconds in READ_PAUSES_SECONDS:
            try:
                return self._load(before)
            except IndexUnavailable:
                time.sleep(pause_seconds)
        return self._load(before)

    def _load(self, before: Loaded | None) -> Loaded:
        manifest, files = self.manifest(), {}
        for name, total in manifest.files.items():
            if before is not None and before.manifest.files.get(name) == total:
                files[name] = before.files[name]
                continue
            files[name] = File(self.path(manifest) / name)
            if files[name].total() != total:
                raise IndexUnavailable(f"The index's file {name} is damaged.")
        return Loaded(manifest, files)

    def look_at(self, manifest: Manifest) -> None:
        """Look whether every file is there in its size.

        A writer does not read all of a large index at each publication. It need not: what it opens
        whole it verifies, every record that it reads has a checksum, and those that it copies keep
        theirs. What else was changed is found by whoever opens the file next, and by a check.

        Raises:
            IndexUnavailable: a file is gone or cut.
        """
        path = self.path(manifest)
        for name, (size, _) in manifest.files.items():
            with faults(OSError):
                found = (path / name).stat()
            if found.st_size != size or not stat.S_ISREG(found.st_mode):
                raise IndexUnavailable(f"The index's file {name} is damaged.")

    def create(self) -> Path:
        """Make a folder for files built beside those that hold now."""
        with faults(OSError):
            self.folder.mkdir(mode=PRIVATE, exist_ok=True)
            self.folder.chmod(PRIVATE)
            path = self.folder / secrets.token_hex(6)
            path.mkdir(mode=PRIVATE)
        return path

    def publish(
        self,
        path: Path,
        names: Iterable[str],
        *,
        known: Mapping[str, tuple[int, int]] | None = None,
    ) -> None:
        """Make these files the generation that holds, and remove all others.

        Files never change: of those that are known the checksum is not taken again.
        """
        known = known or {}
        with faults(OSError):
            files = {name: known.get(name) or File(path / name).total() for name in sorted(names)}
            generation = f"{path.name}-{secrets.token_hex(4)}"
            told = {"format": FORMAT, "name": path.name, "generation": generation, "files": files}
            text = json.dumps(told).encode()
            new = self._manifest.with_suffix(".new")
            new.write_bytes(b"%d\n%s" % (zlib.crc32(text), text))
            new.replace(self._manifest)
        self.tidy(Manifest(path.name, generation, files))

    def tidy(self, manifest: Manifest) -> None:
        """Remove what does not belong to a generation, such as what a killed writer left."""
        path = self.path(manifest)
        with faults(OSError):
            others = [one for one in self.folder.iterdir() if one.is_dir() and one != path]
            files = [one for one in path.iterdir() if one.name not in manifest.files]
        for one in (*others, *files):
            if one.is_dir():
                shutil.rmtree(one, ignore_errors=True)
            else:
                one.unlink(missing_ok=True)


@contextmanager
def faults(*kinds: type[Exception]) -> Iterator[None]:
    """Turn these errors into the one that callers know."""
    try:
        yield
    except IndexUnavailable:
        raise
    except kinds as error:
        raise IndexUnavailable(f"The index fails: {type(error).__name__}: {error}") from error


def verified(name: str, content: bytes, total: tuple[int, int]) -> bytes:
    """Return the content of a file if it is what its manifest says.

    Raises:
        IndexUnavailable: it is not.
    """
    if (len(content), zlib.crc32(content)) != total:
        raise IndexUnavailable(f"The index's file {name} is damaged.")
    return content


def _has_locked(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
