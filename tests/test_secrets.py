"""No secret on any page: what each role reads by following links and searching.

`test_doors.py` asks the same of the answers of the table; here are the pages that lead on from
them, what a search tells of what it does not find, and what is sent or kept to be found.
"""

from __future__ import annotations

import re
from collections import Counter, deque
from collections.abc import Callable, Iterator, Mapping
from difflib import ndiff
from functools import cache
from html import unescape
from pathlib import Path
from urllib.parse import urlencode

import pytest
from werkzeug.exceptions import HTTPException

from citynet.index.engine import IndexUnavailable
from citynet.kit import db
from citynet.practices.document import PracticeSource
from citynet.search import queries as search
from tests.doors.canaries import (
    CANARIES,
    HIDDEN_TOPIC,
    IN_PRACTICES,
    SECRETS,
    Seers,
    leaks,
    word_of,
)  # fmt: skip
from tests.doors.house import House
from tests.doors.plant_people import address_of
from tests.doors.plant_search import MISSED
from tests.doors.plant_translating import TOLD
from tests.doors.table import DOORS
from tests.doors.walk import COUNTED, text_of
from tests.network import ROLES

OUTSIDERS = [role for role in ROLES if role not in IN_PRACTICES["members"][1]]
# Whoever was moved or removed reads what `rival` and `nobody's` do, with a session of before.
READERS = [role for role in ROLES if role not in ("rival", "nobody's")] + ["moved", "removed"]
TITLES_FOR_MEMBERS = {"members", "members of Seoul"}
IN_THE_INDEX = TITLES_FOR_MEMBERS | {"words for members"}
# A word that stands nowhere: what a search for it shows, a search for a secret must show too.
NO_WORD = "jubrenfil"
# Whose reading the words of translations depend on: nobody's, a member's, the reviewers'.
READERS_OF_INDONESIAN = ("visitor", "rival", "suspended", "pending", "chapter")
INDONESIAN = {"Accept-Language": "id"}
# Opening a part of the editor tells one's colleagues so, and no more.
EDITOR, PRESENCE = "/practices/<slug>/edit/<key>", frozenset({"editing"})
# At how many addresses of one route one begins, and to how many links are followed: filters and
# orders multiply without end.
MOST_OF_A_ROUTE = 3
SEARCHES = ("/search?q={}", "/search?q=permit+{}", "/search/suggest?q={}",
            f"/search?q={{}}&topic={HIDDEN_TOPIC}", "/cities/?q={}",
            "/search?q={}&exact=1&as_typed=1", "/search?q=permits+{}&view=map&city=seoul",
            "/search?q=permits+OR+{}&sort=confirmed", "/search?q=permit*+-{}")  # fmt: skip
TYPED = ("", "permit", "permits", "waste", "sampah", '"permits with"', MISSED, "seoul", "kore")
DESK_SEARCHES = (
    "/admin/search?q={}", "/admin/people?q={}", "/admin/invitations?q={}", "/admin/audit?who={}",
    "/admin/applications?q={}", "/admin/memberships?q={}", "/admin/audit?subject={}",
    "/admin/missing?q={}", "/admin/past-queries?q={}",
)  # fmt: skip
Pages = Callable[[str], list[tuple[str, str, str]]]


@pytest.fixture(scope="module")
def house(template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """Return the network with its secrets."""
    built = House(template, tmp_path_factory.mktemp("secrets") / "instance")
    yield built
    built.close()


@pytest.fixture(scope="module")
def plain_house(template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """Return the network as it would be if nobody had a secret."""
    folder = tmp_path_factory.mktemp("plain") / "instance"
    built = House(template, folder, has_secrets=False)
    yield built
    built.close()


def searches(*, most: int = 3) -> Iterator[str]:
    """Yield searches that come near the secrets without writing them out, each in so many ways."""
    for word, _seers in IN_PRACTICES.values():
        nears = (word[:-1], word[:4], f"{word[0]}{word[2:]}")
        for near in nears[:most]:
            yield f"/search?{urlencode({'q': near})}"
            yield f"/search/suggest?{urlencode({'q': near})}"
    for q in TYPED:
        yield f"/search?{urlencode({'q': q})}"
        yield f"/search/suggest?{urlencode({'q': q})}"
        for name, value in (
            ("sort", "newest"), ("sort", "confirmed"), ("sort", "replicated"), ("view", "map"),
            ("exact", "1"), ("as_typed", "1"),
        ):  # fmt: skip
            yield f"/search?{urlencode({'q': q, name: value})}"
    for q in ("", "permits"):
        for name, value in (
            ("topic", HIDDEN_TOPIC), ("status", "pilot"), ("year", "1999"), ("language", "id"),
            ("city", "pending"), ("country", "FJ"), ("city", "seoul"), ("country", "KR"),
            ("city", "kabupaten-sidoarjo"), ("province", "Jawa Timur"), ("kind", "city"),
            ("kind", "kabupaten"), ("population", "under_100k"), ("language", "en"),
            ("status", "running"), ("year", "1988"), ("year", "2019"), ("topic", "licensing"),
            ("cost", "to_1m"), ("evidence", "self_reported"), ("visibility", "members"),
            ("visibility", "public"),
        ):  # fmt: skip
            yield f"/search?{urlencode({'q': q, name: value})}"
            yield f"/search?{urlencode({'q': q, name: value, 'view': 'map'})}"


def links(page: str) -> Iterator[str]:
    """Yield the addresses of this host that a page leads to, without exports."""
    for found in re.findall(r'(?:href|action|data-suggest)="(/[^"#]*)', page):
        if not found.startswith("/static/") and "form=" not in found:
            yield unescape(found)


def starts(house: House, role: str) -> Iterator[str]:
    """Yield up to three addresses of each page that this role may read."""
    known = Counter[str]()
    for door in DOORS:
        answer = "200+" if door.rule == EDITOR else "200"
        if (
            door.method == "GET"
            and door.answers[role] == answer
            and known[door.rule] < MOST_OF_A_ROUTE
        ):
            known[door.rule] += 1
            yield house.address(door.rule, door.thing, role)


def crawl(
    house: House, role: str, headers: Mapping[str, str] | None = None
) -> Iterator[tuple[str, str, str]]:
    """Yield route, address and text of what leads on from the doors, and of searches."""
    ways, counts = house.app.url_map.bind("localhost"), Counter[str]()
    asked = dict.fromkeys([*starts(house, role), *searches()])
    waiting, seen = deque(asked), set(asked)
    while waiting:
        path = waiting.popleft()
        try:
            rule = str(ways.match(path.partition("?")[0], method="GET", return_rule=True)[0])
        except HTTPException:
            rule = ""
        counts[rule] += path not in asked
        if counts[rule] > MOST_OF_A_ROUTE:
            continue
        answer = house.knock(role, "GET", path, headers=headers)
        assert answer.status_code != 429, f"{path} was not read: too many documents were"
        page = text_of(answer)
        yield rule, path, page
        new = {one: None for one in links(page) if one not in seen and len(one) < 200}
        seen.update(new)
        waiting.extend(new)


@pytest.fixture(scope="module")
def pages_of(house: House) -> Pages:
    """Return a way to have all that a role can read, read once."""
    return cache(lambda role: list(crawl(house, role)))


@pytest.mark.parametrize("role", READERS)
def test_no_page_tells_a_secret(house: House, pages_of: Pages, role: str) -> None:
    """Nowhere a role can go: lists, counts, facets, snippets, suggestions, error pages."""
    told = [
        f"{path} tells of {thing}"
        for rule, path, page in pages_of(role)
        for thing in leaks(role, page, rule=rule)
    ]
    assert told == []
    assert house.changed() <= COUNTED | PRESENCE


@pytest.mark.parametrize("role", READERS_OF_INDONESIAN)
def test_no_page_in_indonesian_tells_a_secret(house: House, role: str) -> None:
    """Whoever reads in the language of the translations is not shown more of them."""
    told = [
        f"{path} tells of {thing}"
        for rule, path, page in crawl(house, role, INDONESIAN)
        for thing in leaks(role, page, rule=rule)
    ]
    assert told == []
    assert house.changed() <= COUNTED | PRESENCE


def test_words_for_members_are_in_the_lists_of_members(house: House) -> None:
    """Otherwise the test above could pass on lists that know no translation."""
    pages = {
        role: house.knock(role, "GET", "/practices/", headers=INDONESIAN).text
        for role in ("visitor", "rival")
    }
    word = word_of("words for members")
    assert word in pages["rival"]
    assert word not in pages["visitor"]


def test_index_holds_only_what_somebody_may_find(house: House) -> None:
    """No text in work and none of before; what is for members is found by members alone."""
    with house.app.app_context():
        held = [(one, str(one).lower()) for one in PracticeSource().documents()]
        db.session().close()
    for thing, (word, _seers) in IN_PRACTICES.items():
        found = [one for one, text in held if word in text]
        assert all(one.audiences == {"members"} for one in found), thing
        assert bool(found) == (thing in IN_THE_INDEX), thing


@pytest.mark.parametrize("role", [role for role in ROLES if ROLES[role].address])
def test_no_mail_tells_a_secret(house: House, role: str) -> None:
    """Whatever was done to plant them, each was written to about what is theirs to read."""
    mails = [
        f"{one.subject}\n{one.body}\n{one.alternatives}"
        for one in house.app.extensions["mailman"].outbox
        if address_of(role) in str(one.to)
    ]
    assert mails or role in ("pending", "nobody's"), "nobody wrote to them"
    assert [thing for mail in mails for thing in leaks(role, mail, rule="mail")] == []


@pytest.mark.parametrize("role", [role for role in ROLES if ROLES[role].address])
def test_digest_tells_members_alone_what_is_for_members(house: House, role: str) -> None:
    """Otherwise the test above could pass where no mail tells of anything new."""
    digests = [
        one.body.lower()
        for one in house.app.extensions["mailman"].outbox
        if address_of(role) in str(one.to) and "/search/stop/" in one.body
    ]
    wanted = {thing for thing in TITLES_FOR_MEMBERS if role in IN_PRACTICES[thing][1]}
    told = {thing for thing in TITLES_FOR_MEMBERS if any(word_of(thing) in one for one in digests)}
    assert told == wanted


def test_members_are_offered_what_members_ask_and_miss(house: House) -> None:
    """Otherwise the tests of outsiders could pass where nobody is offered anything."""
    for role, is_told in (("visitor", False), ("suspended", False), ("rival", True)):
        word, name = word_of("asked by members"), word_of("members")
        for language in ("en", "id"):
            headers = {"Accept-Language": language}
            offered = house.knock(role, "GET", f"/search/suggest?q={word[:5]}", headers=headers)
            assert (word in offered.text) == is_told
            offered = house.knock(role, "GET", "/search/suggest?q=permits+wex", headers=headers)
            assert (name in offered.text) == is_told
            answered = house.knock(role, "GET", f"/search?q={MISSED}", headers=headers)
            assert ("/practices/members" in answered.text) == is_told


@pytest.mark.parametrize("role", ["official", "lead", "pending", "secretariat", "chapter"])
def test_secret_is_there_for_those_who_may_read_it(pages_of: Pages, role: str) -> None:
    """Otherwise the test above could pass on a network that holds no secrets."""
    pages = "".join(page for _rule, _path, page in pages_of(role)).lower()
    wanted = {thing for thing, (_word, seers) in SECRETS.items() if role in seers}
    wanted -= {"term in a file"}
    assert {thing for thing in wanted if SECRETS[thing][0] not in pages} == set()


def without_tokens(page: str, word: str) -> str:
    """Return a page without what differs at every request, and without the word asked for."""
    page = re.sub(r'name="csrf_token"[^>]*>', "", page)
    return re.sub(re.escape(word), "…", page, flags=re.IGNORECASE)


def differences(page: str, other: str) -> list[str]:
    """Return the lines that stand in one of two pages only."""
    if page == other:
        return []
    lines = ndiff(page.splitlines(), other.splitlines())
    return [line for line in lines if line[0] in "+-" and line[1:].strip()]


@pytest.mark.parametrize(
    ("role", "addresses", "words"),
    [
        *((role, SEARCHES, IN_PRACTICES) for role in [*OUTSIDERS, "removed"]),
        *((role, DESK_SEARCHES, CANARIES) for role in ("secretariat", "chapter")),
        ("lead", ("/city/actions?who={}",), CANARIES),
    ],
)
def test_search_for_a_secret_is_a_search_for_nothing(
    house: House, role: str, addresses: tuple[str, ...], words: Mapping[str, tuple[str, Seers]]
) -> None:
    """The exact word finds, counts and suggests what a word that stands nowhere does."""
    for address in addresses:
        page = house.knock(role, "GET", address.format(NO_WORD)).text
        nothing = without_tokens(page, NO_WORD)
        for thing, (word, seers) in words.items():
            # What was public stays named in the log.
            is_told = role in seers or ("audit" in address and thing == "superseded")
            if is_told or not word.isalpha():
                continue
            page = house.knock(role, "GET", address.format(word)).text
            told = differences(without_tokens(page, word), nothing)
            assert told == [], f"{address.format(word)} tells of {thing}"


@pytest.mark.parametrize("role", [*OUTSIDERS, "removed"])
def test_search_without_an_index_finds_no_secret_either(
    house: House, role: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While the index is out of order the texts themselves are asked, in both languages."""

    def no_engine() -> None:
        raise IndexUnavailable("damaged")

    monkeypatch.setattr(search, "engine", no_engine)
    for address in ("/search?q={}", "/search?q={}&language=id"):
        page = house.knock(role, "GET", address.format(NO_WORD), headers=INDONESIAN).text
        nothing = without_tokens(page, NO_WORD)
        for thing, (word, seers) in CANARIES.items():
            if role not in seers and word.isalpha():
                page = house.knock(role, "GET", address.format(word), headers=INDONESIAN).text
                told = differences(without_tokens(page, word), nothing)
                assert told == [], f"{address.format(word)} tells of {thing}"
    found = house.knock(role, "GET", "/search?q=loket", headers=INDONESIAN).text
    assert "/practices/public" in found


@pytest.mark.parametrize(
    ("role", "language"),
    [("visitor", "en"), ("nobody's", "en"), ("suspended", "en"), ("removed", "en"),
     ("visitor", "id"), ("suspended", "id")],
)  # fmt: skip
def test_pages_are_as_if_no_secret_existed(
    house: House, plain_house: House, role: str, language: str
) -> None:
    """Counts, facets, order and empty lists are those of a network without secrets."""
    places = ["/", "/practices/", "/topics/", "/topics/waste", "/topics/licensing", "/cities/",
              *(f"/practices/{slug}" for slug in TOLD), "/cities/kabupaten-sidoarjo",
              "/cities/pending", "/cities/suspended", "/join/cities",
              "/join/cities?q=town", "/join/apply?q=town", *searches(most=1)]  # fmt: skip
    headers = {"Accept-Language": language}
    for path in places:
        with_secrets, without = (
            without_tokens(one.knock(role, "GET", path, headers=headers).text, NO_WORD)
            for one in (house, plain_house)
        )
        assert differences(with_secrets, without) == [], path
