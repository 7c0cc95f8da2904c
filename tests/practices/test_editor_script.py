"""The editor's script in a real browser: rich text, and what comes from a clipboard."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.practices.editor_page import Server
from tests.practices.writer import Writer, chromium, server, writer

__all__ = ["chromium", "server", "writer"]
pytestmark = [pytest.mark.browser, pytest.mark.slow]
CLIPBOARDS = Path(__file__).parent / "clipboards"
PASTE = """(html) => {
  const data = new DataTransfer();
  data.setData("text/html", html);
  document.activeElement.dispatchEvent(
    new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
}"""


# ---- rich text


def test_textarea_gives_way_to_a_labelled_editor(writer: Writer) -> None:
    """It has the label, the hint and the id that an error summary leads to."""
    expect(writer.text).to_have_attribute("contenteditable", "true")
    expect(writer.text).to_have_attribute("aria-describedby", "problem-hint")
    expect(writer.text).to_have_attribute("id", "problem")
    expect(writer.page.locator("textarea")).to_be_hidden()
    expect(writer.page.locator("[name=format]")).to_have_value("html")
    expect(writer.status).to_have_text("")
    writer.page.get_by_text("Problem", exact=True).click()
    expect(writer.text).to_be_focused()


def test_without_the_script_the_textarea_stays(chromium: Browser, server: Server) -> None:
    """It takes Markdown, and nothing of the toolbar is seen."""
    with chromium.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(server.url)
        expect(page.get_by_label("Problem")).to_be_visible()
        expect(page.get_by_role("toolbar")).to_have_count(0)
        expect(page.locator("[name=format]")).to_have_value("markdown")


def test_toolbar_is_one_stop_and_arrows_move_in_it(writer: Writer) -> None:
    """Alt+F10 leads there, Escape back to the text."""
    writer.text.click()
    writer.type("Alt+F10")
    button = writer.page.get_by_role("button", name="Bold (Ctrl+B)")
    expect(button).to_be_focused()
    expect(writer.page.locator("[role=toolbar] [tabindex='0']")).to_have_count(1)
    writer.type("ArrowRight", "ArrowRight", "ArrowLeft")
    expect(writer.page.get_by_role("button", name="Italic (Ctrl+I)")).to_be_focused()
    writer.type("End")
    expect(writer.page.get_by_role("button", name="Undo (Ctrl+Z)")).to_be_focused()
    writer.type("Home", "Escape")
    expect(writer.text).to_be_focused()


def test_keys_make_words_strong_and_slanted(writer: Writer) -> None:
    """Ctrl+B and Ctrl+I; the toolbar shows what is on."""
    writer.text.click()
    writer.type("Control+b", "very ")
    expect(writer.page.get_by_role("button", name="Bold (Ctrl+B)")).to_have_attribute(
        "aria-pressed", "true"
    )
    writer.type("Control+b", "Control+i", "wet")
    assert writer.html() == "<p><strong>very </strong><em>wet</em></p>"


def test_buttons_make_headings_lists_and_quotes(writer: Writer) -> None:
    """Each is made, and taken away by the same button."""
    writer.write("Before")
    writer.press("Heading")
    writer.type("Enter", "one")
    writer.press("List with bullets")
    writer.type("Enter", "two", "Enter", "Enter", "said")
    writer.press("Quote")
    assert writer.html() == (
        "<h3>Before</h3><ul><li>one</li><li>two</li></ul><blockquote><p>said</p></blockquote>"
    )
    writer.press("Quote", "Numbered list")
    assert writer.html().endswith("</ul><ol><li>said</li></ol>")
    writer.press("Numbered list")
    assert writer.html().endswith("</ul><p>said</p>")


def test_tab_leaves_the_text(writer: Writer) -> None:
    """Nobody is caught in it, not even in a list."""
    writer.write("one")
    writer.press("List with bullets")
    writer.type("Home", "Tab")
    expect(writer.page.get_by_role("button", name="Save", exact=True)).to_be_focused()


def test_link_is_set_by_keyboard_and_only_to_an_address(writer: Writer) -> None:
    """Ctrl+K asks for it; a script is no address."""
    writer.write("report")
    writer.type("Control+a", "Control+k", "javascript:alert(1)", "Enter")
    field = writer.page.get_by_role("textbox", name="Address of the link")
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(writer.page.get_by_text("Begin the address with https://")).to_be_visible()
    field.fill("city.example/report")
    writer.type("Enter")
    expect(writer.text).to_be_focused()
    assert writer.html() == '<p><a href="https://city.example/report">report</a></p>'
    writer.type("Control+k")
    writer.press("Remove the link")
    assert writer.html() == "<p>report</p>"


def test_table_grows_and_shrinks(writer: Writer) -> None:
    """Tab steps through it; a key at the edge of a cell does not join two."""
    writer.text.click()
    writer.press("Table")
    writer.type("Year", "Tab", "Tonnes", "Tab", "Note", "Tab", "2021", "Home", "Backspace")
    writer.press("Add a row", "Add a column", "Remove this row")
    html = writer.html()
    assert html.count("<tr>") == 3
    assert html.count("<th ") == 4
    assert '<th scope="col">Year</th>' in html
    writer.press("Remove this column")
    assert writer.html().count("<th ") == 3
    expect(writer.page.get_by_role("button", name="Heading")).to_have_attribute(
        "aria-disabled", "true"
    )
    writer.press("Remove the table")
    assert "<table" not in writer.html()


def test_undo_takes_back(writer: Writer) -> None:
    """The button and the key alike."""
    writer.write("one")
    writer.press("Heading", "Undo (Ctrl+Z)")
    assert writer.html() == "<p>one</p>"


# ---- what comes from a clipboard

WORD = (
    "<h3>A waste bank in every ward</h3><h3>What we faced</h3><p>The landfill took "
    "<strong>900 tonnes</strong> a day, <em>every</em> day; see "
    '<a href="https://city.example/report">the report</a> and below.</p><h3>What we did</h3>'
    "<ul><li>Scales for each ward<ul><li>bought by the city</li></ul></li><li>Savings books</li>"
    "</ul><p>In this order:</p><ol><li>Weigh</li><li>Pay</li></ol><blockquote><p>We never missed "
    "a week.</p></blockquote><table><tbody><tr><td><strong>Year</strong></td>"
    '<td colspan="2">Tonnes</td></tr><tr><td>2021</td><td>12</td><td>14</td></tr></tbody></table>'
    "<p>That is all.</p>"
)
GOOGLE = (
    "<h3>What we faced</h3><p>The landfill took <strong>900 tonnes</strong><em> every day</em>; "
    'see <a href="https://city.example/report">the report</a>.</p><h3>What we did</h3><ul><li>'
    "Scales for each ward<ul><li>bought by the city</li></ul></li><li>Savings books</li></ul>"
    "<ol><li>Weigh</li><li>Pay</li></ol><table><tbody><tr><td><strong>Year</strong></td><td>"
    "<strong>Tonnes</strong></td></tr><tr><td>2021</td><td>12</td></tr></tbody></table>"
)


@pytest.mark.parametrize(("name", "html"), [("word", WORD), ("google_docs", GOOGLE)])
def test_paste_keeps_structure_and_drops_the_rest(writer: Writer, name: str, html: str) -> None:
    """Headings, lists, tables, quotes, links and marks stay; looks, pictures and comments go."""
    writer.text.click()
    writer.page.evaluate(PASTE, (CLIPBOARDS / f"{name}.html").read_text())
    expect(writer.text).to_contain_text("2021")
    assert writer.html() == html


def test_paste_into_a_cell_stays_in_it(writer: Writer) -> None:
    """A list of the clipboard becomes lines."""
    writer.text.click()
    writer.press("Table")
    writer.page.evaluate(PASTE, "<ul><li>one</li><li>two</li></ul>")
    expect(writer.text).to_contain_text("two")
    assert '<th scope="col">one<br>two</th>' in writer.html()


ATTACKS = (
    "<img src=x onerror=alert(1)>", "<svg onload=alert(1)><p>x</p></svg>",
    "<a href='java\tscript:alert(1)'>x</a>", "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
    "<p style='background:url(javascript:alert(1))' onclick=alert(1)>x</p>",
    "<form id=x><input name=attributes><button formaction=javascript:alert(1)>x</button></form>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'></noscript>",
    "<template><script>alert(1)</script></template><object data='data:text/html,x'></object>",
    "<base href='https://evil.example/'><meta http-equiv=refresh content='0;url=//evil.example'>",
)  # fmt: skip


def test_nothing_pasted_runs_or_loads(writer: Writer) -> None:
    """Neither when it arrives nor when the field is pressed."""
    asked: list[str] = []
    writer.page.on("request", lambda request: asked.append(request.url))
    writer.text.click()
    for attack in ATTACKS:
        writer.page.evaluate(PASTE, attack + "<p>end</p>")
    expect(writer.text).to_contain_text("end")
    writer.text.click()
    html = writer.html()
    assert not re.search(r"<(?!/?(?:p|a|br|strong|em)\b)|\son|javascript|style=", html)
    assert not writer.questions
    # That the browser tells what the policy stopped while it read is all there is.
    writer.complaints.clear()
    assert not [url for url in asked if not url.startswith(writer.server.url)]
