"""Several processes and threads at one index."""

from __future__ import annotations

import multiprocessing
import threading
import time
from collections.abc import Collection, Iterator
from pathlib import Path

import pytest

from citynet.index import store
from citynet.index.document import Document
from citynet.index.engine import IndexUnavailable
from citynet.index.store import Store
from citynet.index.whoosh import WhooshEngine
from tests.index.documents import Rows, at_random, document, drop, filled, put, request

processes = multiprocessing.get_context("spawn")


def write(folder: Path, name: str, count: int) -> None:
    """Write documents one by one."""
    engine = WhooshEngine(folder)
    for n in range(count):
        put(engine, [document(f"{name}{n}", f"kota {name}{n}")])


def total(engine: WhooshEngine, text: str = "") -> int:
    """Return how much is found."""
    return engine.find(request(text)).total


def test_two_processes_write_and_nothing_is_lost(tmp_path: Path) -> None:
    """They wait for one another, from the first write on, while a third one reads."""
    folder = tmp_path / "index"
    writers = [processes.Process(target=write, args=(folder, name, 15)) for name in "ab"]
    for writer in writers:
        writer.start()
    reader, seen = WhooshEngine(folder), [0]
    while any(writer.is_alive() for writer in writers):
        seen.append(total(reader))
    for writer in writers:
        writer.join()
        assert writer.exitcode == 0
    assert seen == sorted(seen)
    assert total(reader) == 30
    assert total(WhooshEngine(folder), "kota") == 30


def test_what_another_process_wrote_is_seen_by_the_next_search(tmp_path: Path) -> None:
    """As soon as the write has returned."""
    engine = filled(tmp_path / "index", [])
    before = engine.generation()
    writer = processes.Process(target=write, args=(tmp_path / "index", "x", 1))
    writer.start()
    writer.join()
    assert total(engine, "x0") == 1
    assert engine.generation() != before


def test_searches_go_on_during_a_rebuild(tmp_path: Path) -> None:
    """With the old answer until the swap, with the new one after it; a write waits its turn."""
    folder = tmp_path / "index"
    engine = filled(folder, at_random(20, 1))
    old, half, go = total(engine), threading.Event(), threading.Event()
    told: list[int] = []

    def slowly() -> Iterator[Document]:
        yield from (document(n, "kota") for n in range(30))
        half.set()
        go.wait(30)
        yield document("last", "kota")

    def rebuild() -> None:
        WhooshEngine(folder).rebuild(slowly(), total=31, progress=told.append)

    rebuilding = threading.Thread(target=rebuild)
    rebuilding.start()
    half.wait(30)
    assert total(engine) == total(WhooshEngine(folder)) == old
    writing = threading.Thread(target=put, args=(engine, [document("put", "kota")]))
    writing.start()
    assert total(engine) == old
    go.set()
    rebuilding.join()
    writing.join()
    assert total(engine, "kota") == 32
    assert sum(told) == 31
    assert len([path for path in folder.iterdir() if path.is_dir()]) == 1


def test_threads_search_while_the_index_changes(tmp_path: Path) -> None:
    """None of them fails, and none sees half a write."""
    folder = tmp_path / "index"
    engine = filled(folder, [document(n, f"kota pasar{n}") for n in range(20)])
    errors: list[Exception] = []
    is_done = threading.Event()

    def search() -> None:
        try:
            while not is_done.is_set():
                found = engine.find(request('kota "kota pasar3" pas*'))
                assert found.total == len(found.hits) == 1
                assert engine.find(request("pasra")).total == 0
                assert len(engine.suggest("kota", {"public"}, 50)) == 20
        except Exception as error:  # noqa: BLE001 - whatever it is, the test tells
            errors.append(error)

    threads = [threading.Thread(target=search) for _ in range(4)]
    for thread in threads:
        thread.start()
    writer = WhooshEngine(folder)
    for n in range(10):
        put(writer, [document(n, f"kota pasar{n}", stamp="2")])
    writer.rebuild([document(n, f"kota pasar{n}") for n in range(20)], total=20)
    is_done.set()
    for thread in threads:
        thread.join()
    assert errors == []


def test_writer_gives_up_when_the_lock_cannot_be_had(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It says so, and reading goes on; the lock is free once its holder is done or dead."""
    folder = tmp_path / "index"
    engine = filled(folder, [document(1, "kota")])
    monkeypatch.setattr(store, "LOCK_SECONDS", 0.1)
    with Store(folder).writing():
        began = time.monotonic()
        with pytest.raises(IndexUnavailable, match="Another process"):
            put(engine, [document(2, "kota")])
        assert time.monotonic() - began < 5
        assert total(engine, "kota") == 1
    put(engine, [document(2, "kota")])
    assert total(engine, "kota") == 2


def hold(folder: Path) -> None:
    """Write without end, to be killed."""
    write(folder, "killed", 10_000)


def test_killed_writer_leaves_an_index_that_answers(tmp_path: Path) -> None:
    """As it did before or after the write, and nothing that stops the next writer."""
    folder = tmp_path / "index"
    filled(folder, [document(n, "kota") for n in range(50)])
    for _ in range(4):
        writer = processes.Process(target=hold, args=(folder,))
        writer.start()
        manifest = folder / "manifest"
        began = manifest.read_bytes()
        while writer.is_alive() and manifest.read_bytes() == began:
            time.sleep(0.01)
        time.sleep(0.03)
        writer.kill()
        writer.join()
        engine = WhooshEngine(folder)
        assert total(engine, "kota") >= 50
        put(engine, [document("next", "kota")])
        assert total(engine, "kota") > 50


def test_first_readers_of_a_new_network_do_not_race(tmp_path: Path) -> None:
    """Each of them gets the one empty index."""
    engines = [WhooshEngine(tmp_path / "index") for _ in range(8)]
    names: list[str] = []
    threads = [
        threading.Thread(target=lambda e=one: names.append(e.generation())) for one in engines
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(names) == 8
    assert len(set(names)) == 1


def test_source_is_read_while_nobody_else_writes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever read before and writes afterwards would put older words over newer ones."""
    monkeypatch.setattr(store, "LOCK_SECONDS", 0.0)
    engine, other = filled(tmp_path / "index", []), WhooshEngine(tmp_path / "index")

    class Source(Rows):
        def documents(self, keys: Collection[str] | None = None) -> Iterator[Document]:
            with pytest.raises(IndexUnavailable):
                drop(other, ["1"])
            yield from super().documents(keys)

    put(engine, [document("1", "waste"), document("2", "permits")])
    engine.update(["1", "2"], Source([document("2", "licences")]))
    assert (total(other, "waste"), total(other, "permits"), total(other, "licences")) == (0, 0, 1)
