"""Somebody at a browser, who goes by what the pages say in their language."""

from __future__ import annotations

import re

from playwright.sync_api import Browser, Locator, Page, Response, expect

from citynet.demo.desk import PASSWORD
from tests.browser.site import Site
from tests.browser.words import Words
from tests.network import csrf_of

LOCALES = {"en": "en-GB", "id": "id-ID"}
NAMES = {"en": "English", "id": "Bahasa Indonesia"}
PATIENCE_MS = 15_000


class Person:
    """A window of one's own, with or without JavaScript."""

    def __init__(
        self, browser: Browser, site: Site, language: str, *, has_scripts: bool = True,
        width: int = 1280,
    ) -> None:  # fmt: skip
        """Open the window; nothing is asked of other hosts."""
        self.words, self.site, self.has_scripts = Words(language), site, has_scripts
        self.context = browser.new_context(
            base_url=site.url, locale=LOCALES[language], java_script_enabled=has_scripts,
            viewport={"width": width, "height": 900},
        )  # fmt: skip
        self.context.set_default_timeout(PATIENCE_MS)
        self.page: Page = self.context.new_page()
        # What the window shows was this answer, where somebody watches.
        self.last_answer: Response | None = None

    def close(self) -> None:
        """Close the window."""
        self.context.close()

    def sign_in(self, address: str) -> None:
        """Sign in from the home page, and read on in the window's language."""
        self.page.goto("/")
        self.link("Sign in").click()
        self.field("Email address").fill(address)
        self.field("Password").fill(PASSWORD)
        self.main.get_by_role("button", name=self.words("Sign in"), exact=True).click()
        expect(self.page.locator("summary.cn-tool")).to_be_visible()
        name = NAMES[self.words.language]
        # The account's own language comes first; whoever reads another one presses its name.
        other = self.page.get_by_role("contentinfo").get_by_role("button", name=name, exact=True)
        if other.count():
            other.click()
        expect(self.page.locator("html")).to_have_attribute("lang", self.words.language)

    def come_in(self, address: str) -> None:
        """Be signed in, in the window's language, without opening the pages that lead there."""
        self._send("/sign-in", email=address, password=PASSWORD)
        self._send("/language", language=self.words.language)

    def _send(self, path: str, **fields: str | float | bool) -> None:
        fields["csrf_token"] = csrf_of(self.get("/about"))
        answer = self.context.request.post(path, form=fields, max_redirects=0)
        assert answer.status == 302, f"{path} answered {answer.status}"

    def sign_out(self) -> None:
        """Sign out by the account menu."""
        self.open_account_menu()
        self.button("Sign out").click()
        self.sees("You are signed out.")

    def open_account_menu(self) -> None:
        """Open the menu behind the person's name."""
        self.page.locator("summary").filter(has_text=self.words("Account menu")).click()

    def get(self, path: str, **query: str) -> str:
        """Return a page's source without looking at it in the window."""
        return self.context.request.get(path, params={**query}).text()

    @property
    def main(self) -> Locator:
        """Return what the page is about, without its head and foot."""
        return self.page.get_by_role("main")

    def heading(self, text: str, **values: object) -> Locator:
        """Return a heading by its English words."""
        return self.page.get_by_role("heading", name=self.words(text, **values), exact=True)

    def link(self, text: str, **values: object) -> Locator:
        """Return the first link that says so in its English words."""
        return self.link_named(self.words(text, **values))

    def link_named(self, name: str) -> Locator:
        """Return the first link of this name, as a title or a city has."""
        return self.page.get_by_role("link", name=name, exact=True).first

    def button(self, text: str) -> Locator:
        """Return a button by its English word."""
        name = self.words(text)
        return self.page.get_by_role("button", name=name, exact=True).and_(
            self.page.locator(":not([aria-hidden])")
        )

    def field(self, label: str) -> Locator:
        """Return a field by the English words of its label; a star may stand behind them."""
        words = re.compile(rf"^{re.escape(self.words(label))}( ★.*)?$")
        return self.main.get_by_label(words)

    def box(self, legend: str, label: str) -> Locator:
        """Return a choice of a group, both by their English words."""
        group = self.main.get_by_role("group", name=re.compile(re.escape(self.words(legend))))
        return group.get_by_label(self.words(label), exact=True)

    def sees(self, text: str, **values: object) -> None:
        """Make sure that a sentence stands on the page."""
        expect(self.main.get_by_text(self.words(text, **values)).first).to_be_visible()
