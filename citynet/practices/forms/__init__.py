"""The shape of the editor's forms; what the fields may hold is `content.py`'s."""

from citynet.practices.forms.parts import (
    NewForm,
    PartForm,
    change_rows,
    fill,
    ids_of,
    posted,
    show_errors,
    to_typed,
)
from citynet.practices.forms.translating import (
    WordsForm,
    fill_words,
    posted_words,
    to_typed_words,
)

__all__ = [
    "NewForm",
    "PartForm",
    "WordsForm",
    "change_rows",
    "fill",
    "fill_words",
    "ids_of",
    "posted",
    "posted_words",
    "show_errors",
    "to_typed",
    "to_typed_words",
]
