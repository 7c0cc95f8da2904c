"""Doors: every view names who may enter; an application with a view that does not won't start."""

from __future__ import annotations

from collections.abc import Callable
from types import ModuleType
from typing import TypeVar

from flask import Flask

OF_NO_SLICE = frozenset({"anyone", "signed_in"})
View = TypeVar("View", bound=Callable[..., object])


def policy(name: str) -> Callable[[View], View]:
    """Name the policy a view asks, itself or through its command and queries."""

    def mark(view: View) -> View:
        view.policy_name = name  # type: ignore[attr-defined]
        return view

    return mark


def anyone(view: View) -> View:
    """Mark a view that is open to all; what it shows is filtered by its queries."""
    return policy("anyone")(view)


def signed_in(view: View) -> View:
    """Mark a view for whoever is signed in, about themselves."""
    return policy("signed_in")(view)


def check(app: Flask, *policies: ModuleType) -> None:
    """Refuse to start with a view that names no policy, or one that none of the modules has.

    Raises:
        RuntimeError: names the views.
    """
    unnamed = [
        endpoint
        for endpoint, view in app.view_functions.items()
        if endpoint != "static" and not _is_known(getattr(view, "policy_name", ""), policies)
    ]
    if unnamed:
        raise RuntimeError("These views name no policy there is: " + ", ".join(sorted(unnamed)))


def _is_known(name: str, policies: tuple[ModuleType, ...]) -> bool:
    return name in OF_NO_SLICE or any(hasattr(module, name) for module in policies if name)
