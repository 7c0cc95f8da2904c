"""The engines of the table of speed by their names."""

from __future__ import annotations

from collections.abc import Callable

from bench.search.asking import Engine
from bench.search.ours import Ours
from bench.search.rival_fts5 import Fts5, Fts5NumPy
from bench.search.rival_postgres import Postgres
from bench.search.rival_tantivy import Tantivy

OURS, TANTIVY, FTS5, FTS5_NUMPY, POSTGRES = "ours", "tantivy", "FTS5", "FTS5+NumPy", "PostgreSQL"
# Each is made with its place: a folder, or the address of a server.
ENGINES: dict[str, Callable[[str], Engine]] = {
    OURS: Ours, TANTIVY: Tantivy, FTS5: Fts5, FTS5_NUMPY: Fts5NumPy, POSTGRES: Postgres,
}  # fmt: skip
