"""`python -m bench.word`: documents of Word brought in, and what pages made of Word hold.

`DATA` may name a folder with `docx/` and `html_word_export/`. For each kind: how many were
tried, how many were read or refused with a sentence, how many kept each heading, table and picture
that an independent reader (python-docx) finds, the seconds and how large the reading process grew.
"""

from __future__ import annotations

import os
import re
import resource
import statistics
import sys
import time
import warnings
import zipfile
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import docx
from flask import Flask

from citynet.kit import html, i18n, word
from citynet.kit.errors import Invalid
from citynet.kit.word import WordText
from citynet.practices import matching
from config import ROOT

FOLDER = Path(os.environ.get("DATA", ROOT.parent / "shared" / "data"))
HEADING = re.compile(r"(?:heading|judul) [1-6]$", re.IGNORECASE)
KEPT = (".png", ".jpg", ".jpeg", ".webp")


@dataclass(frozen=True)
class Inside:
    """What an independent reader finds in the body of a document."""

    headings: list[str]
    tables: int
    pictures: int


def main() -> int:
    """Read each document and print the table."""
    app = Flask(__name__)
    i18n.init_app(app)
    with app.test_request_context():
        if not FOLDER.is_dir():
            print(f"no folder {FOLDER}: nothing to read")
            return 0
        read_documents(sorted((FOLDER / "docx").rglob("*.do[ct][xm]")))
        read_pages(sorted((FOLDER / "html_word_export").glob("*.html")))
    return 0


def read_documents(paths: list[Path]) -> None:
    """Bring in each .docx as an official would."""
    counts: Counter[str] = Counter()
    refusals: Counter[str] = Counter()
    seconds = []
    for path in paths:
        began = time.perf_counter()
        counts["tried"] += 1
        try:
            found = word.read(path.read_bytes(), known=matching.known())
        except Invalid as error:
            refusals[error.fields["file"]] += 1
            continue
        finally:
            seconds.append(time.perf_counter() - began)
        counts["read"] += 1
        compare(path, found, counts)
    show("documents", counts, seconds, resource.RUSAGE_CHILDREN)
    for sentence, count in refusals.most_common():
        print(f"  {count:4} refused: {sentence}")


def compare(path: Path, found: WordText, counts: Counter[str]) -> None:
    """Count what is right by what python-docx finds; a document it cannot open tells nothing."""
    inside = look(path)
    if inside is None:
        counts["not compared"] += 1
        return
    counts["compared"] += 1
    lines = [html.line(one.heading) for one in found.blocks]
    text = " ".join(
        [found.title, *lines, *(html.line(html.plain(one.html)) for one in found.blocks)]
    )
    words = "".join(text.split())
    is_right = {
        "headings": all("".join(html.line(one).split()) in words for one in inside.headings),
        "tables": sum(one.html.count("<table") for one in found.blocks) >= inside.tables,
        "pictures": len(found.pictures) >= inside.pictures,
    }
    for what, right in is_right.items():
        counts[f"{what} right"] += right
        if not right and "-v" in sys.argv:
            print(f"  {path.name}: {what}")


def look(path: Path) -> Inside | None:
    """Return what python-docx finds in the body, and which pictures are used there."""
    try:
        with warnings.catch_warnings(action="ignore"):
            made = docx.Document(str(path))
            headings = [
                one.text for one in made.paragraphs
                if one.text.strip() and one.style and HEADING.match(one.style.name or "")
            ]  # fmt: skip
            ids = set(made.element.xpath(".//a:blip/@r:embed"))
            parts = [made.part.rels[one].target_part for one in ids if one in made.part.rels]
            shown = {one.blob for one in parts if str(one.partname).lower().endswith(KEPT)}
            tables = [one for one in made.tables if one._tbl.xpath("string()").strip()]
            return Inside(headings, len(tables), len(shown))
    except (KeyError, ValueError, AttributeError, TypeError, zipfile.BadZipFile, OSError):
        return None
    except Exception as error:  # noqa: BLE001 - files of fuzzers raise whatever lies in their way
        print(f"  {path.name}: python-docx: {type(error).__name__}")
        return None


def read_pages(paths: list[Path]) -> None:
    """Bring in each page that Word's users exported, as a text that somebody pastes."""
    counts: Counter[str] = Counter()
    refusals: Counter[str] = Counter()
    seconds = []
    for path in paths:
        text = path.read_text(encoding="utf-8", errors="replace")
        counts["tried"] += 1
        began = time.perf_counter()
        try:
            found = word.read_paste(text, known=matching.known())
        except Invalid as error:
            refusals[error.fields["text"]] += 1
            continue
        finally:
            seconds.append(time.perf_counter() - began)
        counts["read"] += 1
        counts["with headings"] += any(one.heading for one in found.blocks)
        tables = len(re.findall(r"<table\b", text))
        counts["tables right"] += sum(one.html.count("<table") for one in found.blocks) >= tables
    show("pages", counts, seconds, resource.RUSAGE_SELF)
    for sentence, count in refusals.most_common():
        print(f"  {count:4} refused: {sentence}")


def show(name: str, counts: Counter[str], seconds: list[float], whose: int) -> None:
    """Print one kind's figures."""
    if not seconds:
        print(f"{name}: none here")
        return
    print(f"{name}: " + ", ".join(f"{what} {count}" for what, count in counts.items()))
    used = resource.getrusage(whose)
    peak, processor = used.ru_maxrss / 1000, used.ru_utime + used.ru_stime
    print(
        f"  seconds: median {statistics.median(seconds):.2f}, most {max(seconds):.2f}, all "
        f"{sum(seconds):.0f}, of the processor {processor:.0f}; peak memory of the reader "
        f"{peak:.0f} MB"
    )


if __name__ == "__main__":
    sys.exit(main())
