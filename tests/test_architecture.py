"""The rules of the house, read from the source itself."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

import citynet.app  # noqa: F401 - so that the tables of every slice are known
from citynet.kit.db import Base

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "citynet"
FLOORS = {
    "kit": 0, "index": 1, "accounts": 2, "cities": 3, "practices": 4, "announcements": 5,
    "asked": 5, "search": 6, "admin": 6, "web": 6, "demo": 6, "cli": 7, "app": 8,
}  # fmt: skip
INSIDE = {
    "models": set(),
    "policy": {"models"},
    "queries": {"models", "policy"},
    "service": {"models", "policy", "queries"},
    "forms": {"models"},
    "document": {"models", "queries"},
    "views": {"models", "policy", "queries", "service", "forms"},
}
# What other slices may use of one: the five words of the house that face outwards, of cities the
# days of a term, and of practices what every list and label needs (see citynet/README.md).
PUBLIC = {"models", "policy", "queries", "service", "document"}
PUBLIC_OF_CITIES = {"terms"}
PUBLIC_OF_PRACTICES = {
    "cards", "charts", "content", "editing_topics", "fields", "topic_words", "topics", "words",
}  # fmt: skip
# The doors that bring data in from files use the readers of those files.
READERS = {
    "citynet.cli.practices", "citynet.cli.serving", "citynet.demo.reviews", "citynet.demo.service",
    "citynet.app",
}  # fmt: skip
# The sign-in form comes up wherever a session was lost.
ALLOWED = {("citynet.web.errors", "citynet.accounts.forms")}
FILES = sorted(PACKAGE.rglob("*.py"))


def slice_of(module: str) -> str:
    """Return the slice of a dotted module name under citynet."""
    parts = module.split(".")
    return parts[1] if len(parts) > 1 else ""


@cache
def imports_of(path: Path) -> list[tuple[str, bool]]:
    """Return each citynet module a file imports, and whether it does so at the top."""
    return list(_imports_of(path))


def _imports_of(path: Path) -> Iterator[tuple[str, bool]]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    top = set(map(id, tree.body))
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for name in node.names:
                yield name.name, id(node) in top
        elif isinstance(node, ast.ImportFrom):
            for name in node.names:
                module = node.module or ""
                is_module = (ROOT / module.replace(".", "/") / f"{name.name}.py").exists()
                is_package = (ROOT / module.replace(".", "/") / name.name).is_dir()
                full = f"{module}.{name.name}" if is_module or is_package else module
                yield full, id(node) in top


def module_of(path: Path) -> str:
    """Return a file's dotted name."""
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


@pytest.mark.parametrize("path", FILES, ids=module_of)
def test_file_imports_lower_floors_only(path: Path) -> None:
    """Rule 1."""
    own = slice_of(module_of(path))
    for module, _top in imports_of(path):
        other = slice_of(module) if module.startswith("citynet") else ""
        if other and other != own and own:
            assert FLOORS[other] < FLOORS[own], f"{module_of(path)} imports {module}"


@pytest.mark.parametrize("path", FILES, ids=module_of)
def test_inside_a_slice_imports_point_down(path: Path) -> None:
    """Rule 2; a file of a package such as `views/` counts as the package."""
    own = slice_of(module_of(path))
    if own in {"kit", "index", "", "cli", "app"}:
        return
    word = module_of(path).split(".")[2] if module_of(path).count(".") > 1 else ""
    for module, _top in imports_of(path):
        if word in INSIDE and module.startswith(f"citynet.{own}."):
            other = module.split(".")[2]
            if other in INSIDE and other != word:
                assert other in INSIDE[word], f"{module_of(path)} imports {module}"


@pytest.mark.parametrize("path", FILES, ids=module_of)
def test_slices_use_of_one_another_what_faces_outwards(path: Path) -> None:
    """Rule 3."""
    here = module_of(path)
    if here in READERS:
        return
    for module, _top in imports_of(path):
        parts = module.split(".")
        is_foreign = parts[0] == "citynet" and len(parts) > 2 and parts[1] != slice_of(here)
        if is_foreign and parts[1] not in {"kit", "index"} and (here, module) not in ALLOWED:
            extra = {"cities": PUBLIC_OF_CITIES, "practices": PUBLIC_OF_PRACTICES}
            faces = PUBLIC | extra.get(parts[1], set())
            assert parts[2] in faces, f"{here} imports {module}"


def test_foreign_keys_point_downwards() -> None:
    """Rule 4: a table refers to tables of its own slice or of lower floors."""
    classes = [mapper.class_ for mapper in Base.registry.mappers]
    homes = {one.__tablename__: one.__module__ for one in classes}
    for table in Base.metadata.tables.values():
        for key in table.foreign_keys:
            own, other = homes.get(table.name), homes.get(key.column.table.name)
            assert own, table.name
            assert other, key.column.table.name
            assert FLOORS[slice_of(other)] <= FLOORS[slice_of(own)], f"{table.name} -> {other}"


@pytest.mark.parametrize("path", FILES, ids=module_of)
def test_only_transactions_commit(path: Path) -> None:
    """The database commits in `kit/db.py`; Whoosh's writer has a commit of its own."""
    if module_of(path) not in {"citynet.kit.db", "citynet.index.writing"}:
        assert ".commit(" not in path.read_text(encoding="utf-8")


@pytest.mark.parametrize("path", FILES, ids=module_of)
def test_no_import_stands_in_a_function(path: Path) -> None:
    """Rule 5."""
    for module, is_top in imports_of(path):
        assert is_top, f"{module_of(path)} imports {module} below the top"


def test_imports_make_no_circle() -> None:
    """Rule 5, over the whole package."""
    graph = {
        module_of(path): {m for m, _ in imports_of(path) if m.startswith("citynet.")}
        for path in FILES
    }
    done: set[str] = set()

    def visit(module: str, trail: tuple[str, ...]) -> None:
        assert module not in trail, " -> ".join((*trail, module))
        if module in done:
            return
        for other in graph.get(module, ()):
            if other != module:
                visit(other, (*trail, module))
        done.add(module)

    for module in graph:
        visit(module, ())


@pytest.mark.parametrize("path", FILES, ids=module_of)
def test_files_and_functions_stay_short(path: Path) -> None:
    """Rule 7: 300 lines a file, 40 a function."""
    text = path.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 300
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef):
            assert (node.end_lineno or 0) - node.lineno < 40, f"{node.name} is too long"


@pytest.mark.parametrize("path", FILES, ids=module_of)
def test_only_config_reads_the_environment(path: Path) -> None:
    """Rule 6; starting other processes passes the environment on and reads nothing."""
    if path.name == "serving.py":
        return
    assert "os.environ" not in path.read_text(encoding="utf-8")
    assert "os.getenv" not in path.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("library", "homes"),
    [
        ("whoosh", {"citynet.index"}),
        ("bleach", {"citynet.kit.html"}),
        ("nh3", {"citynet.kit.html"}),
    ],
)
def test_library_has_one_home(library: str, homes: set[str]) -> None:
    """Whoosh and the sanitisers are imported in one place each."""
    users = {
        module_of(path)
        for path in FILES
        for module, _ in imports_of(path)
        if module.split(".")[0] == library
    }
    assert users
    assert all(any(user.startswith(home) for home in homes) for user in users), users


def test_templates_mark_nothing_as_safe() -> None:
    """Style 12."""
    for path in PACKAGE.rglob("templates/**/*.html"):
        assert "|safe" not in path.read_text(encoding="utf-8").replace(" ", ""), path
