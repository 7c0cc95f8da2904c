"""Long texts of practices become HTML: paragraphs of the plain ones that were there."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from html import escape, unescape

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

TEXTS = (
    "problem", "cost", "staffing", "legal_basis", "difficulties", "lessons", "not_again",
    "replicate_needs", "replicate_adapt", "replicate_not", "replicate_smallest", "culture",
    "upkeep", "awards",
)  # fmt: skip
OF_BLOCKS = ("purpose", "needs", "lesson")
NEW = frozenset({
    "phases", "cost_setup", "cost_yearly", "cost_currency", "cost_year", "cost_funds", "cost_band",
    "cost_unknown_why", "staff", "laws", "honours", "contact_email", "leftover",
})  # fmt: skip
AT_ONCE = 200
revisions = sa.table("revisions", sa.column("id", sa.Integer), sa.column("content", sa.Text))


def upgrade() -> None:
    """Write each text as paragraphs."""
    _rewrite(_paragraphs)


def downgrade() -> None:
    """Write the words alone; headings, lists and tables are lost, and what came with them."""
    _rewrite(_words)


def _rewrite(write: Callable[[str], str]) -> None:
    connection, last = op.get_bind(), 0
    wanted = sa.select(revisions).order_by(revisions.c.id).limit(AT_ONCE)
    while rows := connection.execute(wanted.where(revisions.c.id > last)).all():
        for number, text in rows:
            told = json.loads(text)
            for record, names in ((told, TEXTS), *((b, OF_BLOCKS) for b in told.get("blocks", ()))):
                record.update({name: write(record[name]) for name in names if record.get(name)})
            if write is _words:
                told = {name: told[name] for name in told if name not in NEW}
                for row in told.get("results", ()):
                    row.pop("kind", None)
                    row.pop("document", None)
            content = json.dumps(told, ensure_ascii=False)
            change = revisions.update().where(revisions.c.id == number)
            connection.execute(change.values(content=content))
            last = number


def _paragraphs(text: str) -> str:
    blocks = (block.strip() for block in re.split(r"\n\s*\n", text))
    return "".join(
        f"<p>{escape(block, quote=False).replace(chr(10), '<br>')}</p>" for block in blocks if block
    )


def _words(text: str) -> str:
    lined = re.sub(r"</(?:p|h[2-4]|tr|ul|ol|table|blockquote)>", "\n\n", text)
    lined = re.sub(r"<br>|</li>", "\n", lined)
    return unescape(re.sub(r"<[^>]*>", " ", lined)).strip()
