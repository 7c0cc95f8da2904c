"""What is worked out once for the thousands of applications that tests make of one program.

Routes, the templates' code and the SQL of a statement follow from the program alone. What a
network holds (rows, files, index, settings) is each test's own.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from types import CodeType
from typing import Any, ClassVar

from flask import Flask
from jinja2 import FileSystemBytecodeCache
from jinja2.bccache import Bucket
from sqlalchemy import Dialect
from sqlalchemy.util import LRUCache

from citynet.kit import db

_sql: LRUCache[Any, Any] = LRUCache(4_000)
_dialects: dict[str, Dialect] = {}


class Compiled(FileSystemBytecodeCache):
    """The code of templates, on disk for the other processes and in memory for this one."""

    _known: ClassVar[dict[tuple[str, str], CodeType]] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Take the code of the very same source."""
        bucket.code = self._known.get((bucket.key, bucket.checksum))
        if not bucket.code:
            super().load_bytecode(bucket)
            self._keep(bucket)

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep what was compiled."""
        super().dump_bytecode(bucket)
        self._keep(bucket)

    def _keep(self, bucket: Bucket) -> None:
        if bucket.code:
            self._known[bucket.key, bucket.checksum] = bucket.code


_folder = Path(tempfile.gettempdir()) / f"citynet-tests-{os.getuid()}"
_folder.mkdir(exist_ok=True)
_compiled = Compiled(str(_folder))


def share(app: Flask) -> Flask:
    """Let an application use what the ones before it worked out."""
    with app.app_context():
        engine = db.db.engine
    # What is kept of a statement is found by its dialect, and each engine makes one of its own.
    engine.dialect = _dialects.setdefault(engine.dialect.name, engine.dialect)
    engine.update_execution_options(compiled_cache=_sql)
    app.jinja_env.bytecode_cache = _compiled
    return app


def compile_rule(really: Callable[[Any], None]) -> Callable[[Any], None]:
    """Return the same, done once for all rules that are alike in all that it depends on."""
    known: dict[tuple[object, ...], Any] = {}

    def compile_once(rule: Any) -> None:
        settings = (rule.subdomain, rule.host, rule.merge_slashes, repr(rule.defaults))
        key = (rule.rule, *settings, *rule.map.converters.values())
        first = known.get(key)
        if first is None:
            really(rule)
            known[key] = rule
            return
        rule._parts, rule._trace = first._parts, first._trace
        rule._converters, rule.arguments = first._converters, first.arguments
        rule._build = first._build.__func__.__get__(rule)
        rule._build_unknown = first._build_unknown.__func__.__get__(rule)

    return compile_once
