"""Looks at pages as a person with a narrow screen does, and writes down all that is wrong."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import ConsoleMessage, Request, Response

from tests.browser.person import Person
from tests.browser.places import Round

# How many first headings there are, and what is too wide.
SHAPE = """() => {
  const room = document.documentElement.clientWidth;
  const isWide = document.documentElement.scrollWidth > room;
  const wide = !isWide ? [] : ["the page", ...[...document.querySelectorAll("body *")]
    .filter((one) => one.getBoundingClientRect().right > room + 1)
    .slice(0, 5)
    .map((one) => `${one.tagName}.${one.className}`)];
  return [document.querySelectorAll("h1").length, wide];
}"""
# The head and foot of a page, without what differs from page to page and is never seen.
FRAME = """() => Object.fromEntries(["body > header", "body > footer"].map((name) => {
  const copy = document.querySelector(name)?.cloneNode(true);
  copy?.querySelectorAll("[type=hidden]").forEach((one) => one.removeAttribute("value"));
  copy?.querySelectorAll("[href]").forEach((one) => { one.search = ""; });
  return [name, document.body.className + (copy?.outerHTML ?? "")];
}))"""
# Contrast takes most of the time: what was measured before is left out of it, and of it alone.
ACCESS = """async (measured) => {
  const options = { resultTypes: ["violations"], preload: { assets: ["media"] } };
  const contrast = "color-contrast";
  const found = [
    await axe.run({ ...options, rules: { [contrast]: { enabled: false } } }),
    await axe.run({ include: ["html"], exclude: measured }, { ...options, runOnly: [contrast] }),
  ];
  return found.flatMap((one) => one.violations).map((fault) =>
    [fault.id, fault.nodes.slice(0, 3).map((node) => node.target[0])]);
}"""
LANGUAGES = ("en", "id")
# The browser itself notes an answer such as 404 of the very page that was asked for.
OWN_ANSWER = "Failed to load resource: the server responded with a status of"
# So does axe, which speaks to frames that must not answer.
AXE_IN_A_FRAME = "Failed to execute 'postMessage' on 'DOMWindow'"
# What is typed is saved by itself; what cannot be taken is told on the page.
SAVING = "/autosave"


class Visits:
    """What was seen on every page: the faults by kind, and the sources for the HTML checker."""

    def __init__(self, folder: Path) -> None:
        """Keep the pages' sources in a folder."""
        self.folder = folder
        self.rules: set[str] = set()
        self._faults: dict[str, list[str]] = defaultdict(list)
        self._turns: dict[str, int] = {}
        self._axe: str = Axe().axe_script
        self._measured: set[str] = set()

    def faults(self, kind: str) -> list[str]:
        """Return the faults of a kind, each with its page."""
        return self._faults[kind]

    def go_round(self, person: Person, planned: Round) -> None:
        """Look at everything that one person's round leads to."""
        if planned.address:
            person.come_in(planned.address)
        self._watch(person)
        for place in planned.places:
            person.page.goto(place.path)
            self.rules.add(place.rule)
            self._look(person, f"{planned.name} at {place.path}", place.status)
        for way in planned.ways:
            way.go(person)
            self.rules.add(way.rule)
            self._look(person, f"{planned.name}: {way.name}", way.status)

    def _watch(self, person: Person) -> None:
        """Note what a window asks for and complains of, and the source of what it shows."""

        def note_request(request: Request) -> None:
            if not request.url.startswith((person.site.url, "data:", "blob:")):
                self._faults["foreign"].append(f"{person.page.url} asks for {request.url}")

        def note_message(message: ConsoleMessage) -> None:
            is_known = message.text.startswith((OWN_ANSWER, AXE_IN_A_FRAME))
            if message.type in ("error", "warning") and not is_known:
                self._faults["console"].append(f"{person.page.url}: {message.text}")

        def note_answer(response: Response) -> None:
            if response.request.is_navigation_request():
                if response.frame == person.page.main_frame:
                    person.last_answer = response
            elif response.status >= 400 and not response.url.endswith(SAVING):
                self._faults["console"].append(f"{person.page.url}: no {response.url}")

        person.context.on("request", note_request)
        person.page.on("console", note_message)
        person.page.on("response", note_answer)
        person.page.on(
            "pageerror", lambda error: self._faults["console"].append(f"{person.page.url}: {error}")
        )

    def _look(self, person: Person, name: str, status: int) -> None:
        """Check the page that a window shows now."""
        answer = person.last_answer
        assert answer, f"{name}: nothing was answered"
        where = f"{name} ({person.words.language})"
        if answer.status != status:
            self._faults["status"].append(f"{where}: {answer.status}, not {status}")
        headings, wide = person.page.evaluate(SHAPE)
        if headings != 1:
            self._faults["heading"].append(f"{where}: {headings} h1")
        if wide:
            self._faults["width"].append(f"{where}: {', '.join(wide)}")
        number = len(list(self.folder.iterdir()))
        if self._is_turn(name, person.words.language):
            self._check_access(person, where)
        file = self.folder / f"{number:03}-{person.words.language}.html"
        file.write_text(f"{answer.text()}\n<!-- {where} -->\n", encoding="utf-8")

    def _is_turn(self, name: str, language: str) -> bool:
        """Tell whether axe looks at this page in this language: at each once, in turn.

        A barrier lies in the markup, which both languages share; axe is what takes longest here.
        """
        place = self._turns.setdefault(name, len(self._turns))
        return place % 2 == LANGUAGES.index(language)

    def _check_access(self, person: Person, where: str) -> None:
        frame: dict[str, str] = person.page.evaluate(FRAME)
        measured = [[name] for name, source in frame.items() if source in self._measured]
        self._measured.update(frame.values())
        person.page.evaluate(self._axe)
        for fault, targets in person.page.evaluate(ACCESS, measured):
            places = "; ".join(map(str, targets))
            self._faults["access"].append(f"{where}: {fault} at {places}")
