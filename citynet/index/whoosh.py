"""The engine that is built in: a folder of Whoosh's files, read by many processes.

Every find looks whether another process wrote (one `stat`) and then loads what is new. What is
damaged answers IndexUnavailable until a rebuild puts another generation in its place.
"""

from __future__ import annotations

import gc
import shutil
import threading
import time
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import chain
from pathlib import Path

import structlog

from citynet.index import finding
from citynet.index.analysis import forget
from citynet.index.document import Document, Source
from citynet.index.engine import Found, IndexUnavailable, Report, Request
from citynet.index.reading import Reading
from citynet.index.segments import Merging
from citynet.index.store import Store
from citynet.index.vocabulary import NOTHING, Vocabulary
from citynet.index.writing import ALL, MORE, NONE, SOME, create, file_names, is_scattered, writer

# While a damaged index waits to be rebuilt, not every search reads all of it to find that out.
FAILURE_SECONDS = 2.0
COLLECTING_AFTER = 100_000
log = structlog.get_logger(__name__)


class WhooshEngine:
    """An index in a folder, read by many processes and written by one at a time."""

    def __init__(self, folder: Path) -> None:
        self._store = Store(folder)
        self._turn = threading.RLock()
        self._reading: Reading | None = None
        self._signature = (0, 0, 0)
        self._failure: tuple[tuple[int, int, int], float, str] | None = None

    def update(self, keys: Collection[str], source: Source) -> None:
        """Write what the source holds of these keys, read after all writes before, and no more."""
        self._begin()
        with self._store.writing():
            self._commit(keys, list(source.documents(keys)), SOME)
            # By now it can be found.
            if is_scattered(self._store.manifest().files):
                self._commit((), (), MORE)

    def _commit(self, keys: Collection[str], added: Sequence[Document], merging: Merging) -> None:
        manifest = self._store.manifest()
        self._store.look_at(manifest)
        # What a killed writer had not named yet is written again.
        self._store.tidy(manifest)
        path = self._store.path(manifest)
        with writer(path, manifest.files, merging=merging) as new:
            new.remove(keys)
            for document in added:
                new.add(document)
        self._store.publish(path, file_names(path), known=manifest.files)

    def rebuild(
        self,
        documents: Iterable[Document],
        *,
        total: int,
        progress: Callable[[int], object] | None = None,
    ) -> None:
        """Build the index anew from all documents; the old one answers until it is done."""
        began, count = time.monotonic(), 0
        with self._store.writing(), self._new() as path, _many():
            rest = iter(documents)
            while (first := next(rest, None)) is not None:
                with writer(path, {}, merging=NONE) as new:
                    for document in chain((first,), rest):
                        new.add(document)
                        count += 1
                        if progress is not None:
                            progress(1)
                        if new.is_full:
                            break
            with writer(path, {}, merging=ALL):
                log.debug("index_merging")
        took_seconds = round(time.monotonic() - began, 1)
        log.info("index_rebuilt", documents=count, expected=total, took_seconds=took_seconds)

    @contextmanager
    def _new(self) -> Iterator[Path]:
        """Build an index beside the one that holds, and let it hold once it is whole."""
        path = self._store.create()
        try:
            create(path)
            yield path
            self._store.publish(path, file_names(path))
        except BaseException:
            shutil.rmtree(path, ignore_errors=True)
            raise

    def find(self, request: Request, vocabulary: Vocabulary = NOTHING) -> Found:
        """Return a page of what is found."""
        with self._turn:
            return finding.find(self._current(), request, vocabulary)

    def keys(self, request: Request, vocabulary: Vocabulary = NOTHING) -> list[str]:
        """Return the keys of all that is found."""
        with self._turn:
            return finding.keys(self._current(), request, vocabulary)

    def like(self, key: str, audiences: Collection[str], limit: int) -> list[str]:
        """Return the keys of other documents that tell of the same, the nearest first."""
        with self._turn:
            return finding.like(self._current(), key, audiences, limit)

    def suggest(self, text: str, audiences: Collection[str], limit: int) -> list[tuple[str, str]]:
        """Return key and title of documents whose title has words that begin so."""
        with self._turn:
            return finding.suggest(self._current(), text, audiences, limit)

    def generation(self) -> str:
        """Return a name that changes with every write."""
        with self._turn:
            return self._current().name

    def check(self, source: Source) -> Report:
        """Compare the index with its source, and its files with their checksums."""
        try:
            self._begin()
            # Loading reads and verifies every file anew, even those that are open already.
            reading = Reading(self._store.load())
            reading.verify()
            held = finding.stamps(reading)
        except IndexUnavailable as error:
            return Report((), (), (), str(error))
        wanted = source.stamps()
        return Report(
            missing=sorted(wanted.keys() - held.keys()),
            stale=sorted(key for key in wanted.keys() & held.keys() if wanted[key] != held[key]),
            extra=sorted(held.keys() - wanted.keys()),
            damaged="",
            generation=reading.name,
        )

    def _begin(self) -> None:
        """Put an empty index where there has never been one."""
        if not self._store.is_new():
            return
        with self._store.writing():
            try:
                self._store.manifest()
            except IndexUnavailable:
                with self._new():
                    log.info("index_created")

    def _current(self) -> Reading:
        """Return the generation that holds now; a failure is remembered for a moment."""
        signature = self._store.signature()
        if self._reading is not None and self._signature == signature:
            return self._reading
        if self._failure is not None:
            failed, until, reason = self._failure
            if failed == signature and time.monotonic() < until:
                raise IndexUnavailable(reason)
        try:
            self._begin()
            signature = self._store.signature()
            before = self._reading
            loaded = self._store.load(before.loaded if before is not None else None)
            self._reading = Reading(loaded, before)
            self._signature = signature
        except IndexUnavailable as error:
            self._failure = (signature, time.monotonic() + FAILURE_SECONDS, str(error))
            self._reading = None
            raise
        return self._reading


@contextmanager
def _many() -> Iterator[None]:
    """Look for garbage less often, and keep no memory of the documents afterwards.

    Writing makes hundreds of thousands of small things to keep: to look at them again and again
    took a quarter of a rebuild.
    """
    before = gc.get_threshold()
    gc.set_threshold(COLLECTING_AFTER, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)
        forget()
