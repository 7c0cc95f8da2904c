"""What tests in a real browser stand on: the running site, Chromium, and its windows."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.browser.site import Site
from tests.tools.programs import chromium_path

__all__ = ["chromium", "open_chromium", "site"]
OPTIONS = (
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-gpu",
    "--disable-sync",
    "--headless=new",
    "--no-first-run",
)


@pytest.fixture(scope="session")
def site(demonstration: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Return the demonstration network, served for this run."""
    running = Site(demonstration, tmp_path_factory.mktemp("site"))
    yield running
    running.stop()


@contextmanager
def open_chromium() -> Iterator[Browser]:
    """Run the browser of the machine for a while.

    While it runs its event loop runs too, in this thread, and no application can be made in it.
    """
    is_root = hasattr(os, "geteuid") and os.geteuid() == 0
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium_path(),
            args=[*OPTIONS, *(["--no-sandbox"] if is_root else [])],
        )
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """Return a browser for the tests of one file."""
    with open_chromium() as browser:
        yield browser
