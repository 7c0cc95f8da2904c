"""`python -m bench.search.hostile`: random and hostile searches, none of which may fail or linger.

COUNT of them (100,000) ask the engine over DOCUMENTS made documents (10,000) with the vocabulary of
the demonstration network; one of 25 asks its search page, too.
"""

from __future__ import annotations

import logging
import os
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import structlog
from flask import Flask

from bench import network
from bench.search import corpus
from citynet.index.engine import Request
from citynet.index.vocabulary import Vocabulary
from citynet.index.whoosh import WhooshEngine
from citynet.search import vocabulary

COUNT = int(os.environ.get("COUNT", "100000"))
DOCUMENTS = int(os.environ.get("DOCUMENTS", "10000"))
EACH_PAGE = 50
SORTS = ("relevance", "newest", "confirmed", "replicated")
SIGNS = (
    *"\"-*?~()[]{}^:+\\/&|!\x00\n\t\u200b\ud800😀é\u0301م漢%_'’“„",
    *(" AND ", " OR ", " NOT ", " TO ", "wi-fi", "e-", " - ", "<b>", "--", "', '", "ﬁ", "İ", "ß"),
)
WORDS = (
    *("pasar", "izin*", '"kota', "-sampah", "licensing", "perizinan", "bank sampah", "a*", "the"),
    *("pelayanan satu pintu", "waste", "public-private partnership", "pengelolaan", "air", "di"),
    *("oss", "pkl", "tpa", "sertfikat", "goverment", "kebersihn", "kota-kota", "per*", "xqzvwk"),
)
FIXED = (
    *("(" * 2000, "?*", "*", "~3", "\x00" * 200, "😀" * 300, '"' * 199, "-" * 200, "a" * 10_000),
    *("key:1", "*:*", "[a TO z]", "' OR 1=1 --", "\ud800\udfff", "%" * 200, "e e e e e", "_" * 100),
    *("wi wi fi fi", "air " * 60, "e-" * 100, "\u0301" * 200, "١٢٣", "İİİ", "ß" * 150, " \n " * 60),
)


def texts(count: int, seed: int) -> Iterator[str]:
    """Yield random and hostile texts, the same for the same seed."""
    dice = random.Random(seed)
    letters = "abcdefghijklmnopqrstuvwxyz"
    for number in range(count):
        kind = number % 4
        if number < len(FIXED):
            yield FIXED[number]
        elif kind == 0:
            yield "".join(dice.choices((*SIGNS, *WORDS), k=dice.randint(1, 60)))
        elif kind == 1:
            yield " ".join(dice.choices(WORDS, k=dice.randint(1, 30)))
        elif kind == 2:
            made = ("".join(dice.choices(letters, k=dice.randint(1, 12))) for _ in range(12))
            yield " ".join(word + dice.choice(("", "", "*", '"')) for word in made)
        else:
            yield "".join(chr(dice.randrange(0x110000)) for _ in range(dice.randint(1, 220)))


def request(text: str, number: int) -> Request:
    """Return a search for a text, in another order and language each time."""
    return Request(
        text, ("public",), {}, SORTS[number % 4], number % 7, 10, ("id", "en")[number % 2],
        is_exact=number % 5 == 0,
    )  # fmt: skip


def main() -> int:
    """Ask, and print what failed and how long it took."""
    with tempfile.TemporaryDirectory(prefix="bench-hostile-") as name:
        folder = Path(name)
        app = network.open_app(folder)
        network.build_demonstration(app)
        # The network has its own wishes; what it logs would stand between the lines.
        structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
        with app.app_context():
            words = vocabulary.current()
        engine = WhooshEngine(folder / "made")
        engine.rebuild(map(corpus.document, range(DOCUMENTS)), total=DOCUMENTS)
        failed = ask(engine, words)
        return max(failed, serve(app))


def ask(engine: WhooshEngine, words: Vocabulary) -> int:
    """Ask the engine all texts; return how many failed."""
    times, failed = [], 0
    for number, text in enumerate(texts(COUNT, seed=5)):
        began = time.perf_counter()
        try:
            engine.find(request(text, number), words)
            engine.suggest(text, ("public",), 6)
        except Exception as error:  # noqa: BLE001 - whatever it is, it is counted
            failed += 1
            print(f"{text[:200]!a}: {type(error).__name__}: {error}")
        times.append(time.perf_counter() - began)
    _tell(f"{DOCUMENTS:,} documents, find and suggest", times, failed)
    return failed


def serve(app: Flask) -> int:
    """Ask the search page of the demonstration network a part of them; return how many failed."""
    client, times, statuses = app.test_client(), [], Counter[int]()
    for number, text in enumerate(texts(COUNT, seed=5)):
        if number % EACH_PAGE < 2:
            query = {"q": text.encode(errors="replace"), "page": number % 7}
            began = time.perf_counter()
            statuses[client.get("/search", query_string=query).status_code] += 1
            times.append(time.perf_counter() - began)
    failed = sum(count for status, count in statuses.items() if status >= 500)
    _tell("demonstration network, its page", times, failed)
    print(f"statuses {dict(statuses)}")
    return failed


def _tell(name: str, times: list[float], failed: int) -> None:
    spans = np.percentile(np.array(times) * 1000, [50, 95, 99, 99.9, 100])
    told = "  ".join(
        f"{title} {span:.1f}"
        for title, span in zip(("p50", "p95", "p99", "p99.9", "most"), spans, strict=True)
    )
    print(f"{name}: {len(times):,} asked, {failed} failed, ms {told}", flush=True)


if __name__ == "__main__":
    sys.exit(min(main(), 1))
