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

__all__ = [
    "NewForm",
    "PartForm",
    "change_rows",
    "fill",
    "ids_of",
    "posted",
    "show_errors",
    "to_typed",
]
