"""A network that is killed while people work in it, and what came of it."""

from __future__ import annotations

import random
import shutil
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

import structlog
from flask_migrate import upgrade
from sqlalchemy import text

from citynet.app import create_app
from citynet.kit import clock, db, effects, files
from citynet.practices.models import Revision, State
from config import ROOT
from tests import network
from tests.conftest import config_in
from tests.faults import checker
from tests.faults.client import Pen, Person, Refused, Request
from tests.faults.journal import KIND_OF, WAYS, Fate, Journal, Kind, Way, kept
from tests.faults.server import Sabotage, Server, soon

# One kill of so many of a way comes right after the answer, which measures how long it takes.
MEASURED = 10
BETWEEN_CHECKS = 20
PRACTICES = 12
ROLE = {Way.SIGN_OFF: "lead", Way.PUBLISH: "secretariat"}
# What can be done to the newest text in each state, and what brings it on.
MAY = {
    State.DRAFT: {Way.SAVE, Way.AUTOSAVE, Way.PICTURE, Way.ATTACHMENT, Way.SUBMIT},
    State.SUBMITTED: {Way.SIGN_OFF},
    State.SIGNED_OFF: {Way.PUBLISH},
    State.PUBLISHED: {Way.SAVE, Way.AUTOSAVE, Way.PICTURE, Way.ATTACHMENT},
}
NEXT = {
    State.DRAFT: Way.SUBMIT, State.SUBMITTED: Way.SIGN_OFF, State.SIGNED_OFF: Way.PUBLISH,
    State.PUBLISHED: Way.SAVE,
}  # fmt: skip


@dataclass
class Tally:
    """What came of the kills."""

    kills: Counter[Kind] = field(default_factory=Counter)
    in_flight: Counter[Kind] = field(default_factory=Counter)
    after_the_answer: Counter[Kind] = field(default_factory=Counter)
    starts: list[float] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)


class Killing:
    """A network that is killed, the people who work with it, and what they were told."""

    def __init__(
        self, folder: Path, *, template: Path | None, database_url: str = "", seed: int = 1,
        sabotage: Sabotage | None = None,
    ) -> None:  # fmt: skip
        """Take the small network of the template, or build it; add practices to work on."""
        self.folder = folder / "instance"
        if template is not None:
            shutil.copytree(template, self.folder)
        self.app = create_app(config_in(self.folder, database_url=database_url))
        structlog.configure(logger_factory=structlog.ReturnLoggerFactory())
        with self.looking():
            if template is None:
                upgrade(directory=str(ROOT / "migrations"))
                network.build()
            titles = [f"Practice {number}" for number in range(PRACTICES)]
            self.slugs = [network.write(title=title).slug for title in titles]
            self.other_slug = network.write("rival", title="Of another city").slug
        self.server = Server(self.folder, database_url=database_url, sabotage=sabotage)
        self.journal, self.tally = Journal(folder / "journal"), Tally()
        self.pen, self.random = Pen(self.app, self.journal, f"{seed}"), random.Random(seed)
        self.other_pen = Pen(self.app, self.journal, f"{seed} elsewhere")
        self.took: defaultdict[Way, list[float]] = defaultdict(list)
        self.people: dict[str, Person] = {}

    def begin(self) -> None:
        """Start the network and sign everybody in."""
        self.tally.starts.append(self.server.start())
        for role in ("official", "lead", "secretariat", "rival"):
            self.people[role] = Person(self.server.url, role)

    def run(self, kills: int) -> None:
        """Kill so often during each kind, and compare in between."""
        self.begin()
        plan = [kind for kind in Kind for _ in range(kills)]
        self.random.shuffle(plan)
        for number, kind in enumerate(plan, 1):
            ways = WAYS[kind]
            way = ways[self.tally.kills[kind] % len(ways)]
            while len(self.took[way]) * MEASURED <= self.tally.kills[kind] // len(ways):
                self.kill_during(way, at_random=False)
            self.kill_during(way)
            if number % BETWEEN_CHECKS == 0:
                self.check()
        self.check()

    def kill_during(self, way: Way, *, at_random: bool = True) -> None:
        """Kill during a request, or right after its answer; then start and find out what is so."""
        slug = self.bring(way)
        request = self.pen.request(way, slug, self.newest(slug))
        other_text = self.newest(self.other_slug)
        other = threading.Thread(target=self.write_on, args=(other_text,))
        answered: list[float] = []
        one = threading.Thread(target=self.send, args=(request, answered))
        other.start()
        began = time.perf_counter()
        one.start()
        if at_random:
            time.sleep(self.random.uniform(0, median(self.took[way][-5:])))
        else:
            one.join()
        killed = self.server.kill()
        one.join()
        other.join()
        kind = KIND_OF[way]
        if at_random:
            self.tally.kills[kind] += 1
            self.tally.in_flight[kind] += not answered or answered[0] > killed
        else:
            self.tally.after_the_answer[kind] += 1
            self.took[way].append(answered[0] - began)
        self.tally.starts.append(self.server.start())
        self.find_out(slug, self.other_slug)

    def bring(self, way: Way) -> str:
        """Bring some practice to where this can be done; each step is a write as any other."""
        slug = self.random.choice(self.slugs)
        while way not in MAY[state := self.newest(slug).state]:
            self._write(NEXT[state], slug)
        return slug

    def do(self, way: Way) -> None:
        """Do this somewhere, and let the network live."""
        self._write(way, self.bring(way))

    def send(self, request: Request, answered: list[float]) -> None:
        """Send something as the person who may, and note when it was answered."""
        person = self.people[ROLE.get(request.write.way, "official")]
        if person.send(request, self.journal) is not None:
            answered.append(time.perf_counter())

    def write_on(self, began: Revision) -> None:
        """Save one text after the other, as somebody of another city, until nobody answers."""
        request = self.other_pen.request(Way.AUTOSAVE, self.other_slug, began)
        try:
            while answer := self.people["rival"].send(request, self.journal):
                part, base = request.write.part, answer.json()["base"]
                request = self.other_pen.save(Way.AUTOSAVE, self.other_slug, part, base)
        except Refused as error:
            # A network that forgot what it acknowledged refuses what was written after it.
            self.tally.faults.append(f"refused: {error}")

    def newest(self, slug: str) -> Revision:
        """Return the newest text of a practice."""
        with self.looking():
            return checker.held(slug).newest(slug)

    def find_out(self, *slugs: str) -> None:
        """Settle what nobody acknowledged, and see whether what was acknowledged is there."""
        writes = {one: fate for one, fate in self.journal.read().items() if one.slug in slugs}
        with self.looking():
            what = checker.held(*slugs)
            for write, fate in writes.items():
                if fate == Fate.ASKED:
                    is_there, faults = checker.was_applied(write, what)
                    self.tally.faults += faults
                    writes[write] = Fate.APPLIED if is_there else Fate.DROPPED
                    self.journal.tell(write, writes[write])
            self.tally.faults += checker.compare(writes, what)
        assert not self.tally.faults, self.tally.faults

    def check(self, *, is_settled: bool = False) -> None:
        """Compare everything, once the worker has done what it can."""
        assert is_settled or soon(self._is_swept, seconds=300)
        with self.looking():
            self.tally.faults += checker.everything(
                self.folder, self.journal.read(), is_settled=is_settled
            )
        assert not self.tally.faults, self.tally.faults

    def end(self) -> None:
        """Do what the killed workers held, compare everything, and read it as readers do."""
        self.server.kill()
        with self.looking(), clock.moved(2 * effects.LEASE):
            while effects.run_due(limit=10_000):
                pass
            self.what = checker.held()
        self.check(is_settled=True)
        self.server.start()
        self.read()

    def read(self) -> None:
        """Each kept file is served as it was sent, and search finds each published text."""
        official = self.people["official"]
        for write in kept(self.journal.read(), *checker.UPLOADS):
            rows = self.what.files[write.slug]
            (key,) = [one.key for one in rows if write.mark in one.name]
            answer = official.get(f"/practices/{write.slug}/files/{key}")
            assert files.name_of(answer.content) == write.digest, write
        for slug, revisions in self.what.revisions.items():
            for one in revisions:
                if one.state == State.PUBLISHED:
                    page = official.get(f"/search?q={one.title.split()[-1]}").text
                    assert f"/practices/{slug}" in page, slug

    def close(self) -> None:
        """Leave nothing running."""
        self.server.kill()
        self.journal.close()
        for one in self.people.values():
            one.close()

    def told(self) -> str:
        """Return the figures."""
        fates = Counter(self.journal.read().values())
        starts = sorted(self.tally.starts)
        with self.looking():
            unused, parts = checker.unused(self.folder, self.what)
        tally = self.tally
        lines = [
            f"{kind}: {tally.kills[kind]} kills, {tally.in_flight[kind]} with the request in "
            f"flight; {tally.after_the_answer[kind]} more right after the answer"
            for kind in Kind
        ]
        return "\n".join([
            *lines,
            f"acknowledged writes: {fates[Fate.ACKNOWLEDGED]}, lost: {len(tally.faults)}",
            f"others: {fates[Fate.APPLIED]} applied whole, {fates[Fate.DROPPED]} not at all",
            f"starts {len(starts)}: median {median(starts):.2f} s, longest {starts[-1]:.2f} s",
            f"contents on disk that no row refers to: {unused}, and {parts} cut off",
        ])  # fmt: skip

    def _write(self, way: Way, slug: str) -> None:
        answered: list[float] = []
        self.send(self.pen.request(way, slug, self.newest(slug)), answered)
        assert answered, "nobody killed the network"

    @contextmanager
    def looking(self) -> Iterator[None]:
        """Read the database, and let go of it: nobody but the killed have it open when they die."""
        with self.app.app_context():
            try:
                yield
            finally:
                db.session().close()
                db.db.engine.dispose()

    def _is_swept(self) -> bool:
        wanted = "SELECT count(*) FROM effects WHERE state = 'waiting' AND leased_until IS NULL"
        with self.looking():
            return bool(db.session().scalar(text(wanted)) == 0)
