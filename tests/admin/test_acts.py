"""Every act that the code records is told in words, and so are its parts."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

import pytest

from citynet.admin import acts
from config import ROOT

FILES = sorted((ROOT / "citynet").rglob("*.py"))
ACTION = re.compile(r"[a-z_]+\.[a-z_]+")


def recorders(tree: ast.Module) -> set[str]:
    """Return the functions of a file that hand an action on to `audit.record`, with itself."""
    found = {"record"}
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            names = {arg.arg for arg in (*node.args.args, *node.args.kwonlyargs)}
            for call in calls(node, {"record"}):
                given = call.args[1] if len(call.args) > 1 else None
                if isinstance(given, ast.Name) and given.id in names:
                    found.add(node.name)
    return found


def calls(tree: ast.AST, names: set[str]) -> Iterator[ast.Call]:
    """Yield the calls of functions of these names."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            called = node.func.attr if isinstance(node.func, ast.Attribute) else ""
            called = node.func.id if isinstance(node.func, ast.Name) else called
            if called in names:
                yield node


def texts_of(call: ast.Call) -> Iterator[str]:
    """Yield the actions a call names; of a composed one what stands before its changing part."""
    for node in chain.from_iterable(map(ast.walk, call.args[:2])):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


def recorded(path: Path) -> set[str]:
    """Return each action that a file records, itself or through another file's function."""
    tree = TREES[path]
    names = recorders(tree) | {name for name in EVERYWHERE if name in path.read_text()}
    found = {text for call in calls(tree, names) for text in texts_of(call)}
    return {text for text in found if ACTION.fullmatch(text) or text.endswith(".")}


TREES = {path: ast.parse(path.read_text(encoding="utf-8")) for path in FILES}
EVERYWHERE = {
    name for tree in TREES.values() for name in recorders(tree) if not name.startswith("_")
}
ALL = set().union(*(recorded(path) for path in FILES))


def test_the_search_finds_what_is_recorded() -> None:
    """Directly, through a function of the file, and composed."""
    assert {"topic.added", "practice.saved", "session.opened", "membership."} <= ALL


@pytest.mark.parametrize("action", sorted(ALL))
def test_action_is_told_in_words(action: str) -> None:
    """With its area; of a composed one at least its area has words."""
    assert action.partition(".")[0] in acts.AREAS
    if not action.endswith("."):
        assert action in acts.ACTIONS


def test_every_told_action_is_recorded() -> None:
    """No words for what no longer happens."""
    composed = tuple(text for text in ALL if text.endswith("."))
    assert {one for one in acts.ACTIONS if one not in ALL and not one.startswith(composed)} == set()
    assert set(acts.AREAS) == {one.partition(".")[0] for one in acts.ACTIONS}
