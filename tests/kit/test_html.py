"""The sanitiser: nothing that a browser would run comes through, and words do."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Dialog, sync_playwright

from citynet.kit import html
from citynet.kit.errors import Invalid
from config import ROOT
from tests.tools import programs

DATA = Path(ROOT).parent / "shared" / "data"
needs_data = pytest.mark.skipif(
    not DATA.is_dir(), reason="the folder of real data does not stand beside the project"
)


class Parts(HTMLParser):
    """Collect every tag with its attributes, as a parser that is not the sanitiser's reads it."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.others: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep a tag."""
        self.tags.append((tag, dict(attrs)))

    def handle_comment(self, data: str) -> None:
        """Keep what is no tag and no text."""
        self.others.append(data)

    def handle_decl(self, decl: str) -> None:
        """Keep what is no tag and no text."""
        self.others.append(decl)

    def handle_pi(self, data: str) -> None:
        """Keep what is no tag and no text."""
        self.others.append(data)

    def unknown_decl(self, data: str) -> None:
        """Keep what is no tag and no text."""
        self.others.append(data)


def scheme_of(link: str) -> str:
    """Return the scheme as browsers read it (URL Standard): white space goes first."""
    bare = re.sub(r"[\t\n\r]", "", link.strip("".join(map(chr, range(33)))))
    found = re.match(r"([A-Za-z][A-Za-z0-9+.-]*):", bare)
    return found.group(1).lower() if found else ""


def what_is_wrong(cleaned: str) -> list[str]:
    """Return each reason why this is not harmless."""
    parts = Parts(cleaned)
    wrong = [f"markup: {other}" for other in parts.others]
    for tag, attributes in parts.tags:
        allowed = html.ATTRIBUTES.get(tag, set()) | ({"rel"} if tag == "a" else set())
        if tag not in html.TAGS:
            wrong.append(f"tag {tag}")
        wrong += [f"attribute {tag} {name}" for name in attributes if name not in allowed]
        scheme = scheme_of(attributes.get("href") or "")
        if scheme and scheme not in html.SCHEMES:
            wrong.append(f"link {attributes['href']}")
    return wrong


def attacks() -> list[str]:
    """Return every attack of the collection, and every naughty string."""
    found = set(json.loads((DATA / "blns.json").read_text(encoding="utf-8")))
    for name in ("payloads.jsonl", "payloads_curated.jsonl"):
        for line in (DATA / "xss" / name).read_text(encoding="utf-8").split("\n"):
            if line:
                found.add(json.loads(line)["payload"])
    return sorted(found)


def clean_all(texts: list[str]) -> list[str]:
    """Clean those that are not refused as unreadable, and return what came out."""
    cleaned = []
    for text in texts:
        try:
            cleaned.append(str(html.clean(text)))
        except Invalid:
            cleaned.append("")
    return cleaned


@needs_data
def test_no_attack_of_the_collection_comes_through(app: Flask) -> None:
    """8,489 attacks and 515 naughty strings: only allowed tags, attributes and schemes remain."""
    texts = attacks()
    assert len(texts) > 5_000
    bad = {
        text: wrong
        for text, cleaned in zip(texts, clean_all(texts), strict=True)
        if (wrong := what_is_wrong(cleaned))
    }
    assert bad == {}


@needs_data
def test_cleaning_comes_to_rest(app: Flask) -> None:
    """What is cleaned once stays as it is when cleaned again."""
    for cleaned in clean_all(attacks()):
        assert html.clean(cleaned) == cleaned


@needs_data
def test_few_texts_are_refused(app: Flask) -> None:
    """Refusing everything would be safe, too."""
    texts = attacks()
    refused = 0
    for text in texts:
        try:
            html.clean(text)
        except Invalid:
            refused += 1
    assert refused < len(texts) / 100


@needs_data
@pytest.mark.browser
def test_browser_runs_nothing_of_it(app: Flask) -> None:
    """A real browser with scripts on reads all that came out, and every handler is pulled."""
    pieces = clean_all(attacks())
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=programs.chromium_path(), args=["--no-sandbox"]
        )
        page = browser.new_page()
        ran: list[str] = []

        def dismiss(dialog: Dialog) -> None:
            ran.append(dialog.message)
            dialog.dismiss()

        page.on("dialog", dismiss)
        page.on("pageerror", lambda error: ran.append(str(error)))
        page.on("request", lambda request: ran.append(request.url))
        page.set_content("<!doctype html><title>x</title><main></main>")
        for start in range(0, len(pieces), 500):
            found = page.evaluate(
                """pieces => {
                    const main = document.querySelector('main');
                    main.innerHTML = pieces.map(piece => `<section>${piece}</section>`).join('');
                    const all = [...main.querySelectorAll('*')];
                    return all.flatMap(one => [...one.attributes]
                        .filter(a => a.name.startsWith('on') || a.name === 'style'
                            || /^\\s*(javascript|data|vbscript):/i.test(one.href || ''))
                        .map(a => one.outerHTML.slice(0, 200)))
                        .concat(all.filter(one => one.namespaceURI
                            !== 'http://www.w3.org/1999/xhtml').map(one => one.tagName));
                }""",
                pieces[start : start + 500],
            )
            assert found == []
        page.wait_for_timeout(200)
        browser.close()
    assert ran == []


@pytest.mark.parametrize(
    "attack",
    [
        '<a href="java\tscript:alert(1)">x</a>',
        '<a href="java&#x0A;script:alert(1)">x</a>',
        '<a href="\u200bjavascript:alert(1)">x</a>',
        '<a href="&#1;javascript:alert(1)">x</a>',
        '<a href="data:text/html,<script>alert(1)</script>">x</a>',
        '<a href="vbscript:x">x</a>',
        "<svg><style><img src=x onerror=alert(1)></style></svg>",
        "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;<img onerror=x()>'>",
        '<noscript><p title="</noscript><img src=x onerror=alert(1)>">',
        "<form><math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
        "<textarea><img title='</textarea><img src=x onerror=alert(1)>'>",
        "<template><script>alert(1)</script></template>",
        "<p style='background:url(javascript:alert(1))' onclick=alert(1) id=x name=y>x</p>",
        "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
        "<base href='//e'><meta http-equiv=refresh content='0;url=//e'>",
        "<link rel=stylesheet href=//e><object data=//e></object><embed src=//e>",
        "<!--><img src=x onerror=alert(1)>-->",
        "<![CDATA[<img src=x onerror=alert(1)>]]>",
        "<scr<script>ipt>alert(1)</scr</script>ipt>",
    ],
)
def test_known_trick_fails(app: Flask, attack: str) -> None:
    """The famous ones, one by one, so that they are tried everywhere."""
    assert what_is_wrong(str(html.clean(attack))) == []


def test_what_authors_write_stays(app: Flask) -> None:
    """Headings, lists, tables, links and emphasis come through as they were."""
    written = (
        "<h2>Perizinan</h2><p>One <strong>counter</strong>, <em>one</em> visit.<br>Next line</p>"
        '<ul><li>a</li><li>b</li></ul><table><thead><tr><th scope="col">x</th></tr></thead>'
        '<tbody><tr><td colspan="2">1</td></tr></tbody></table>'
    )
    assert html.clean(written) == written
    link = html.clean('<a href="https://sidoarjo.example/a?b=1&amp;c=2" title="t">x</a>')
    assert 'href="https://sidoarjo.example/a?b=1&amp;c=2"' in link
    assert "nofollow" in link
    assert "mailto:" in html.clean('<a href="mailto:office@sidoarjo.example">x</a>')


def test_text_of_scripts_and_styles_goes_with_them(app: Flask) -> None:
    """Nobody reads a style sheet in the middle of a sentence."""
    cleaned = html.clean("a<style>p{color:red}</style>b<script>var x=1</script>c<title>t</title>d")
    assert cleaned == "abcd"


def test_words_beside_foreign_tags_stay(app: Flask) -> None:
    """Only the tag goes."""
    assert html.clean("<font color=red>red</font> <marquee>tape</marquee>") == "red tape"


def test_tag_with_20000_attributes_is_cleaned(app: Flask) -> None:
    """The case that takes bleach alone seconds."""
    attributes = " ".join(f"a{n}='{n}'" for n in range(20_000))
    assert html.clean(f"<p {attributes}>x</p>") == "<p>x</p>"


@pytest.mark.parametrize(
    "text",
    ["<p>" * 20_000, "<b><i>" * 5_000 + "x", "<table>" * 2_000, "&" * 100_000, "<" * 100_000],
)
def test_bombs_end_in_harmless_text_or_a_refusal(app: Flask, text: str) -> None:
    """Deep nesting and endless signs are no way to stop the server."""
    (cleaned,) = clean_all([text])
    assert what_is_wrong(cleaned) == []


def test_more_than_a_megabyte_is_refused(app: Flask) -> None:
    """Counted in bytes, as it is stored."""
    assert html.clean("a" * html.LONGEST)
    with pytest.raises(Invalid, match="megabyte"):
        html.clean("é" * (html.LONGEST // 2 + 1))


def test_invisible_characters_go() -> None:
    """Controls, directions, private and half characters; line ends, tabs and letters stay."""
    assert html.drop_invisible("a\x00b\u202ec\u200bd\ue000e\ud800f\tg\nh é 中 🌏") == (
        "abcdef\tg\nh é 中 🌏"
    )


def test_plain_text_keeps_words_apart() -> None:
    """Neighbouring cells and items do not run together."""
    assert html.plain("<ul><li>one</li><li>two</li></ul><p>a &amp; b</p>") == "one\ntwo\na & b"


@pytest.mark.parametrize(
    ("text", "length", "wanted"),
    [
        ("short", 10, "short"),
        ("  many   spaces ", 20, "many spaces"),
        ("one two three", 9, "one two…"),
        ("one, two", 6, "one…"),
        ("unbreakable" * 3, 10, "unbreakab…"),
    ],
)
def test_excerpt_ends_at_a_word(text: str, length: int, wanted: str) -> None:
    """And is never longer than asked."""
    assert html.excerpt(text, length) == wanted
    assert len(html.excerpt(text, length)) <= length


def test_paragraphs_escape_what_was_typed() -> None:
    """Blank lines part paragraphs, line ends stay, tags are shown as typed."""
    assert html.paragraphs("<b>a</b>\nb\n\n \n\nc") == ("<p>&lt;b&gt;a&lt;/b&gt;<br>b</p><p>c</p>")
    assert html.paragraphs(None) == html.paragraphs(" \n ") == ""


@pytest.mark.parametrize("count", [61, 4_000])
def test_deep_nesting_is_refused_before_it_costs_time(app: Flask, count: int) -> None:
    """The second cleaner takes seconds for some thousand lists in each other."""
    with pytest.raises(Invalid):
        html.clean("<ul><li>x" * count)


def test_nesting_that_people_write_is_kept(app: Flask) -> None:
    """A list in a list in a cell."""
    nested = "<ul><li>x" * 12
    assert str(html.clean(nested)).count("<ul>") == 12
