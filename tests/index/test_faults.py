"""Damage of every kind: the index says that it fails, and a rebuild heals it."""

from __future__ import annotations

import json
import multiprocessing
import os
import random
import shutil
import stat
import tempfile
import time
import zlib
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from citynet.index import store, whoosh
from citynet.index.document import Document
from citynet.index.engine import IndexUnavailable
from citynet.index.segments import RECORDS
from citynet.index.whoosh import WhooshEngine
from tests.index.documents import Rows, at_random, document, drop, filled, keys, put, request

DOCUMENTS = at_random(12, 5)
NOBODY = 65534


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "READ_PAUSES_SECONDS", (0.001,))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return the folder of an index of several segments, with deleted documents."""
    folder = tmp_path / "index"
    engine = filled(folder, DOCUMENTS[:8])
    put(engine, DOCUMENTS[6:])
    return folder


def files(folder: Path) -> list[Path]:
    """Return all that an index needs, the manifest first."""
    manifest = folder / "manifest"
    name = json.loads(manifest.read_bytes().split(b"\n")[1])["name"]
    whole = [part for part in (folder / name).iterdir() if not part.name.endswith(RECORDS)]
    records = [part for part in (folder / name).iterdir() if part.name.endswith(RECORDS)]
    return [manifest, *sorted(whole), *sorted(records)]


def flip(path: Path, at: int | None = None) -> None:
    """Change one bit of a file."""
    content = bytearray(path.read_bytes())
    content[len(content) // 2 if at is None else at] ^= 0x10
    path.write_bytes(content)


def cut(path: Path) -> None:
    """Take the end off a file."""
    with path.open("r+b") as file:
        file.truncate(path.stat().st_size // 2)


def empty(path: Path) -> None:
    """Leave a file without content, as a power cut does."""
    path.write_bytes(b"")


def becomes_a_folder(path: Path) -> None:
    """Put a folder where a file was."""
    path.unlink()
    path.mkdir()


@pytest.mark.parametrize("harm", [Path.unlink, cut, empty, flip, becomes_a_folder])
def test_damage_to_any_file_is_noticed_and_healed(
    folder: Path, harm: Callable[[Path], None]
) -> None:
    """By whoever opens it next, whoever writes and whoever checks; nothing is merged from it.

    A write may go on while a bit is wrong in what it does not read.
    """
    number = len(files(folder))
    for at in range(number):
        broken = files(folder)[at]
        harm(broken)
        engine = WhooshEngine(folder)
        for _ in range(2):  # the second answer comes from memory
            with pytest.raises(IndexUnavailable):
                engine.find(request("kota"))
        with pytest.raises(IndexUnavailable):
            engine.suggest("kota", {"public"}, 5)
        with pytest.raises(IndexUnavailable):
            engine.generation()
        is_unread = harm is flip and broken.suffix not in {"", ".toc", ".trm"}
        with suppress(IndexUnavailable) if is_unread else pytest.raises(IndexUnavailable):
            put(engine, [document(1, "kota")])
        with suppress(IndexUnavailable) if is_unread else pytest.raises(IndexUnavailable):
            drop(engine, ["1"])
        with pytest.raises(IndexUnavailable):
            WhooshEngine(folder).find(request("kota"))
        assert engine.check(Rows(DOCUMENTS)).damaged
        if broken.is_dir():
            shutil.rmtree(broken)
        engine.rebuild(DOCUMENTS, total=len(DOCUMENTS))
        assert engine.find(request("", audiences=["members"])).total == len(DOCUMENTS)
        assert not engine.check(Rows(DOCUMENTS)).damaged
        put(engine, DOCUMENTS[:2])
        shutil.rmtree(folder.parent)
        engine = filled(folder, DOCUMENTS[:8])
        put(engine, DOCUMENTS[6:])


def test_reader_goes_on_while_files_are_deleted(folder: Path) -> None:
    """It holds them open; the next write refuses, so that its effect rebuilds."""
    engine, other = WhooshEngine(folder), WhooshEngine(folder)
    texts = ("kota", "city", "market", '"city market"', "pas*", "")
    wanted = [other.find(request(text, size=50)) for text in texts]
    assert engine.generation()
    for path in files(folder)[1:]:
        path.unlink()
    assert [engine.find(request(text, size=50)) for text in texts] == wanted
    assert engine.check(Rows(DOCUMENTS)).damaged
    with pytest.raises(IndexUnavailable):
        put(engine, DOCUMENTS[:1])


@pytest.mark.parametrize("harm", [cut, empty, flip])
def test_reader_tells_nothing_that_was_harmed(folder: Path, harm: Callable[[Path], None]) -> None:
    """While it runs: each answer is right or none, and none comes from a wrong record."""
    texts = ("kota", "city", "market", "warga", '"city market"', "pas*", "")
    wanted = [WhooshEngine(folder).find(request(text, size=50)) for text in texts]
    for broken in files(folder)[1:]:
        engine = WhooshEngine(folder)
        assert engine.generation()
        whole = broken.read_bytes()
        for at in range(0, len(whole), max(1, len(whole) // 20)) if harm is flip else (0,):
            flip(broken, at) if harm is flip else harm(broken)
            for text, found in zip(texts, wanted, strict=True):
                with suppress(IndexUnavailable):
                    assert engine.find(request(text, size=50)) == found
            broken.write_bytes(whole)


def test_check_reads_each_record(folder: Path) -> None:
    """Also where the checksum of the file was taken of what is wrong."""
    for broken in files(folder)[1:]:
        if broken.name.endswith((".pst", "places.col", "texts.col")):
            whole = broken.read_bytes()
            flip(broken, 5)
            sign(folder)
            assert WhooshEngine(folder).check(Rows(DOCUMENTS)).damaged
            broken.write_bytes(whole)
    sign(folder)
    assert not WhooshEngine(folder).check(Rows(DOCUMENTS)).damaged


def test_every_bit_of_the_manifest_counts(folder: Path) -> None:
    """A flip anywhere in it is noticed."""
    manifest = folder / "manifest"
    whole = manifest.read_bytes()
    for at in range(0, len(whole), 7):
        flip(manifest, at)
        with pytest.raises(IndexUnavailable):
            WhooshEngine(folder).find(request("kota"))
        manifest.write_bytes(whole)
    assert WhooshEngine(folder).find(request("kota")).total


def sign(folder: Path, **changes: object) -> None:
    """Write a manifest whose checksums are right for what the files hold now."""
    manifest = folder / "manifest"
    told = json.loads(manifest.read_bytes().split(b"\n")[1]) | changes
    if "files" not in changes:
        for name in told["files"]:
            content = (folder / told["name"] / name).read_bytes()
            told["files"][name] = [len(content), zlib.crc32(content)]
    text = json.dumps(told).encode()
    manifest.write_bytes(b"%d\n%s" % (zlib.crc32(text), text))


def forge(folder: Path, seed: int) -> None:
    """Damage a file and sign it."""
    dice = random.Random(seed)
    path = dice.choice(files(folder)[1:])
    content = bytearray(path.read_bytes())
    if dice.random() < 0.3:
        content = content[: dice.randrange(len(content))]
    for _ in range(dice.choice([1, 5, 50]) if content else 0):
        content[dice.randrange(len(content))] = dice.randrange(256)
    path.write_bytes(content)
    sign(folder)


@pytest.mark.parametrize("seed", range(60))
def test_whatever_whoosh_raises_is_the_one_error(folder: Path, seed: int) -> None:
    """Where even the checksums lie, the answer may be wrong but nothing else is raised."""
    forge(folder, seed)
    engine = WhooshEngine(folder)
    for text in ("kota", "pas*", "markte", '"city market"', ""):
        with suppress(IndexUnavailable):
            engine.find(request(text))
            engine.suggest("ko", {"public"}, 5)
    assert isinstance(engine.check(Rows(DOCUMENTS)).damaged, str)


def write_into_forged(place: Path) -> None:
    """Write into many damaged indexes, and heal those that refuse."""
    for seed in range(60):
        folder = place / str(seed) / "index"
        put(filled(folder, DOCUMENTS[:8]), DOCUMENTS[6:])
        forge(folder, seed)
        engine = WhooshEngine(folder)
        try:
            put(engine, DOCUMENTS[:2])
        except IndexUnavailable:
            engine.rebuild(DOCUMENTS, total=len(DOCUMENTS))
            assert engine.find(request("", audiences=["members"])).total == len(DOCUMENTS)


def test_whatever_whoosh_raises_while_writing_is_the_one_error(tmp_path: Path) -> None:
    """In a process of its own: Whoosh leaves files open where it stumbles."""
    process = multiprocessing.get_context("spawn").Process(
        target=write_into_forged, args=(tmp_path,)
    )
    process.start()
    process.join()
    assert process.exitcode == 0


def test_index_of_another_version_is_built_anew(folder: Path) -> None:
    """An analysis that changed would not find what an older one wrote."""
    sign(folder, format=store.FORMAT + 1)
    with pytest.raises(IndexUnavailable, match="version"):
        WhooshEngine(folder).find(request("kota"))


def test_manifest_of_another_shape_is_damage(folder: Path) -> None:
    """Whatever it says."""
    for changes in ({"files": [1]}, {"files": {"x": 5}}, {"files": {"x": ["a", "b"]}}):
        sign(folder, **changes)
        with pytest.raises(IndexUnavailable):
            WhooshEngine(folder).find(request("kota"))


def test_missing_index_is_created_empty(tmp_path: Path) -> None:
    """A new network finds nothing, and says so without a fault."""
    folder = tmp_path / "instance" / "index"
    engine = WhooshEngine(folder)
    assert engine.find(request("kota")).total == 0
    assert engine.generation()
    assert engine.check(Rows(DOCUMENTS[:1])).missing == [DOCUMENTS[0].key]
    put(WhooshEngine(folder), [document(1, "kota")])
    assert engine.find(request("kota")).total == 1


@pytest.mark.parametrize("is_first", [True, False])
def test_put_drop_and_check_create_it_too(tmp_path: Path, *, is_first: bool) -> None:
    """Whoever comes first."""
    engine = WhooshEngine(tmp_path / "index")
    if is_first:
        drop(engine, ["7"])
    put(engine, [document(1, "kota"), document(1, "pasar")])
    assert engine.find(request("")).total == 1
    assert engine.find(request("pasar")).total == 1


def test_lost_index_is_not_taken_for_an_empty_one(folder: Path) -> None:
    """Neither while a process runs nor after it starts again, until it is rebuilt."""
    running = WhooshEngine(folder)
    assert running.find(request("kota")).total
    shutil.rmtree(folder)
    for engine in (running, WhooshEngine(folder)):
        with pytest.raises(IndexUnavailable):
            engine.find(request("kota"))
        with pytest.raises(IndexUnavailable):
            put(engine, DOCUMENTS[:1])
    running.rebuild(DOCUMENTS, total=len(DOCUMENTS))
    assert WhooshEngine(folder).find(request("kota")).total


def test_failure_is_remembered_for_a_moment_only(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not every search reads all of a damaged index, but one that was mended is found."""
    monkeypatch.setattr(whoosh, "FAILURE_SECONDS", 0.5)
    broken = files(folder)[1]
    whole = broken.read_bytes()
    flip(broken)
    engine = WhooshEngine(folder)
    with pytest.raises(IndexUnavailable):
        engine.find(request("kota"))
    broken.write_bytes(whole)
    with pytest.raises(IndexUnavailable):
        engine.find(request("kota"))
    time.sleep(0.5)
    assert engine.find(request("kota")).total


def test_only_the_owner_may_enter(folder: Path) -> None:
    """Drafts of thought stand in it: folder and parts are 0700, also where one was there before."""
    for path in (folder, *(path for path in folder.iterdir() if path.is_dir())):
        assert stat.S_IMODE(path.stat().st_mode) == 0o700
    folder.chmod(0o755)
    WhooshEngine(folder).rebuild(DOCUMENTS, total=1)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


@pytest.fixture
def nobodys(tmp_path: Path) -> Iterator[Path]:
    """Act as somebody without rights, in a folder of their own."""
    if os.geteuid() != 0:
        yield tmp_path / "index"
        return
    place = Path(tempfile.mkdtemp(prefix="citynet-"))
    os.chown(place, NOBODY, NOBODY)
    os.seteuid(NOBODY)
    try:
        yield place / "index"
    finally:
        os.seteuid(0)
        shutil.rmtree(place)


def test_index_that_may_only_be_read_is_read(nobodys: Path) -> None:
    """Search goes on; every write says that it fails, a rebuild too."""
    engine = filled(nobodys, DOCUMENTS)
    places = [nobodys.parent, nobodys, *nobodys.rglob("*"), *nobodys.parent.glob("*.lock")]
    modes = {path: stat.S_IMODE(path.stat().st_mode) for path in places}
    try:
        for path in reversed(places):
            path.chmod(0o500 if path.is_dir() else 0o400)
        fresh = WhooshEngine(nobodys)
        assert fresh.find(request("kota")).total == engine.find(request("kota")).total
        with pytest.raises(IndexUnavailable):
            put(fresh, DOCUMENTS[:1])
        with pytest.raises(IndexUnavailable):
            fresh.rebuild(DOCUMENTS, total=1)
        assert WhooshEngine(nobodys).find(request("kota")).total
    finally:
        for path in places:
            path.chmod(modes[path])


def test_index_that_may_not_be_read_fails(nobodys: Path) -> None:
    """Neither is a new one made where nobody may write."""
    engine = filled(nobodys, DOCUMENTS)
    nobodys.chmod(0o000)
    try:
        with pytest.raises(IndexUnavailable):
            WhooshEngine(nobodys).find(request("kota"))
    finally:
        nobodys.chmod(0o700)
    put(engine, DOCUMENTS[:1])
    nobodys.parent.chmod(0o500)
    try:
        with pytest.raises(IndexUnavailable):
            WhooshEngine(nobodys.parent / "other").find(request("kota"))
    finally:
        nobodys.parent.chmod(0o700)


def test_put_on_a_full_disk_leaves_the_old_generation(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was found before is found still."""
    engine = WhooshEngine(folder)
    total = engine.find(request("kota")).total

    def full(*_arguments: object, **_options: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("citynet.index.segments.SegmentWriter._flush_segment", full)
        with pytest.raises(IndexUnavailable, match="No space"):
            put(engine, [document("new", "kota")])
    assert WhooshEngine(folder).find(request("kota")).total == total
    put(engine, [document("new", "kota")])
    assert engine.find(request("kota")).total == total + 1


def test_writer_that_ends_before_it_names_its_files_leaves_the_old_generation(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoosh has committed by then; the next writer begins from what is named."""
    engine = WhooshEngine(folder)
    before = keys(engine.find(request("", size=50)))

    def end(*_arguments: object, **_options: object) -> None:
        raise SystemExit

    with monkeypatch.context() as patch:
        patch.setattr(store.Store, "publish", end)
        with pytest.raises(SystemExit):
            put(engine, [document("lost", "kota")])
    assert keys(WhooshEngine(folder).find(request("", size=50))) == before
    put(engine, [document("new", "kota")])
    assert {*keys(engine.find(request("", size=50)))} == {*before, "new"}
    named = json.loads((folder / "manifest").read_bytes().split(b"\n")[1])
    there = {file.name for file in (folder / named["name"]).iterdir()}
    assert there == {*named["files"]}


def test_rebuild_that_stops_half_way_changes_nothing(folder: Path) -> None:
    """The source's error comes through, the half-built files go, and the lock is free."""
    engine = WhooshEngine(folder)
    before = keys(engine.find(request("", size=50)))

    def broken() -> Iterator[Document]:
        yield document(1, "kota")
        raise LookupError("the database went away")

    with pytest.raises(LookupError):
        engine.rebuild(broken(), total=2)
    assert len([path for path in folder.iterdir() if path.is_dir()]) == 1
    assert keys(engine.find(request("", size=50))) == before
    put(engine, [document(1, "kota")])


def test_error_in_a_document_is_not_taken_for_damage(folder: Path) -> None:
    """It must be seen, not answered with a rebuild."""
    engine = WhooshEngine(folder)
    wrong = document(1, None)  # type: ignore[arg-type]
    with pytest.raises(TypeError):
        put(engine, [wrong])
    put(engine, [document(1, "kota")])


def test_check_tells_what_differs(folder: Path) -> None:
    """By key: not there, older than its row, and no longer wanted."""
    engine = WhooshEngine(folder)
    assert engine.check(Rows(DOCUMENTS)).missing == []
    changed = [document(one.key, stamp="2") for one in DOCUMENTS[:2]]
    report = engine.check(Rows([*changed, *DOCUMENTS[3:], document("new")]))
    assert (report.missing, report.damaged) == (["new"], "")
    assert report.stale == sorted(one.key for one in changed)
    assert report.extra == [DOCUMENTS[2].key]
    put(engine, [*changed, document("new")])
    drop(engine, [DOCUMENTS[2].key])
    report = engine.check(Rows([*changed, *DOCUMENTS[3:], document("new")]))
    assert (report.missing, report.stale, report.extra, report.damaged) == ([], [], [], "")


def test_deleted_documents_are_swept_out(tmp_path: Path) -> None:
    """Writing the same few documents again and again does not let the index grow."""
    engine = filled(tmp_path / "index", DOCUMENTS)

    def size() -> int:
        return sum(path.stat().st_size for path in tmp_path.rglob("*") if path.is_file())

    first = size()
    for _ in range(30):
        put(engine, DOCUMENTS[:3])
    assert size() < 3 * first
    assert engine.find(request("", audiences=["members"])).total == len(DOCUMENTS)
