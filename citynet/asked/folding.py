"""What makes two queries one, and which of them others may be shown."""

from __future__ import annotations

import re
import unicodedata

from citynet.asked.models import LONGEST_PAST, LONGEST_QUERY
from citynet.kit.html import line

MOST_WORDS, MOST_DIGITS, FEWEST_LETTERS = 6, 4, 3
_PLAIN = re.compile(r"[\w '’&/.,+-]+")


def fold(text: str) -> str:
    """Return a query in lower case, on one line, without the marks at its ends."""
    folded = line(unicodedata.normalize("NFKC", text)).casefold()
    return folded.strip(" .,;:!?'\"“”‘’-")[:LONGEST_QUERY]


def is_fit_to_show(folded: str) -> bool:
    """Tell whether a folded query may ever be shown to others: a few plain words.

    Never what may name or reach somebody: addresses of mail and web, numbers of telephones,
    licences and cards, or sentences.
    """
    return (
        len(folded) <= LONGEST_PAST
        and bool(_PLAIN.fullmatch(folded))
        and len(folded.split()) <= MOST_WORDS
        and sum(map(str.isdigit, folded)) <= MOST_DIGITS
        and sum(map(str.isalpha, folded)) >= FEWEST_LETTERS
        and "www." not in folded
    )
