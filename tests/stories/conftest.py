"""These tests share one running site and one browser."""

from tests.browser.fixtures import chromium, site

__all__ = ["chromium", "site"]
