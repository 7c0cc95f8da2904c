"""Markdown in the box, HTML in the row: there and back."""

from __future__ import annotations

import pytest
from flask import Flask

from citynet.kit import html, markdown
from tests.kit.test_html import what_is_wrong


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("One\n\nTwo\nthree", "<p>One</p><p>Two<br>three</p>"),
        ("# Head\n\n- a\n- b", "<h2>Head</h2><ul><li>a</li><li>b</li></ul>"),
        ("**bold** and *slanted*", "<p><strong>bold</strong> and <em>slanted</em></p>"),
        ("> said", "<blockquote><p>said</p></blockquote>"),
        ("<script>alert(1)</script>", "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>"),
        ("[x](javascript:alert(1))", "<p>[x](javascript:alert(1))</p>"),
        (" \n ", ""),
        ("1 < 2 & 3", "<p>1 &lt; 2 &amp; 3</p>"),
    ],
)
def test_markdown_becomes_clean_html(app: Flask, typed: str, kept: str) -> None:
    """With the signs people know; HTML that is typed stays text."""
    assert markdown.to_html(typed).replace("<br>\n", "<br>") == kept


def test_table_is_read(app: Flask) -> None:
    """With its head."""
    made = markdown.to_html("| a | b |\n|---|---|\n| 1 | 2 |")
    assert "<th>a</th>" in made
    assert "<td>2</td>" in made


@pytest.mark.parametrize(
    "stored",
    [
        "<p>One</p><p>Two</p>",
        "<h2>Head</h2><ul><li>a</li><li>b</li></ul>",
        "<ol><li>first</li><li>second</li></ol>",
        "<p><strong>bold</strong> 2*3*4 _x_ # y</p>",
        "<p>&lt;script&gt; &amp;amp; &amp;lt;</p>",
        "<blockquote><p>said</p></blockquote>",
        "<table><thead><tr><th>a</th></tr></thead><tbody><tr><td>1</td></tr></tbody></table>",
        '<p><a href="https://a.example/x" rel="noopener noreferrer nofollow">x</a></p>',
    ],
)
def test_way_through_the_box_loses_nothing(app: Flask, stored: str) -> None:
    """Whoever saves without a script changes nothing they did not touch."""
    assert html.from_text(stored) == stored
    assert markdown.to_html(markdown.from_html(stored)) == stored


@pytest.mark.parametrize(
    "typed", ["<img src=x onerror=alert(1)>", "[a](data:text/html,x)", "![i](x)"]
)
def test_attack_in_markdown_comes_out_harmless(app: Flask, typed: str) -> None:
    """As the sanitiser's oracle sees it."""
    assert what_is_wrong(markdown.to_html(typed)) == []
