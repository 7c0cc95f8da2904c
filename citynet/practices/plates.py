"""The pictures that a practice takes along on paper: few, in small sizes, with their words.

They are the JPEGs that the worker made for pages, so nothing is unpacked or made smaller here.
"""

from __future__ import annotations

from dataclasses import replace

from citynet.kit import files as store
from citynet.kit.errors import NotFound
from citynet.kit.i18n import _, ngettext
from citynet.practices.paper import Paper, Plate
from citynet.practices.queries import files as queries
from citynet.practices.queries.files import Files, Shown

# Twelve of 640 points and a cover are about 2 MB; those of noise are left out.
MOST, MOST_BYTES = 12, 6_000_000
COVER_WIDTH, WIDTH = 1280, 640


def with_pictures(paper: Paper, files: Files) -> Paper:
    """Return the paper with the cover and the first pictures of a text, within bounds."""
    wanted = [*([files.cover] if files.cover else []), *files.gallery][:MOST]
    stored = queries.jpegs_of([one.file.name_in_store for one in wanted])
    cover, plates, size_bytes = None, list[Plate](), 0
    for one in wanted:
        plate = _plate(one, stored)
        if plate is None or size_bytes + len(plate.content) > MOST_BYTES:
            continue
        size_bytes += len(plate.content)
        if one.file.is_cover:
            cover = plate
        else:
            plates.append(plate)
    left = len(files.pictures) - len(plates) - (cover is not None)
    return replace(paper, cover=cover, plates=tuple(plates), left=left)


def left_words(number: int) -> str:
    """Say how many pictures stand on the page alone."""
    return ngettext(
        "%(num)s more picture is on the page of this practice.",
        "%(num)s more pictures are on the page of this practice.", number,
    )  # fmt: skip


def _plate(shown: Shown, stored: queries.Jpegs) -> Plate | None:
    """Return a picture as paper takes it; None while the worker has not made it small."""
    file, made = shown.file, stored.get(shown.file.name_in_store, {})
    most = COVER_WIDTH if file.is_cover else WIDTH
    width = max((one for one in made if one <= most), default=0)
    if not width or not file.width or not file.height:
        return None
    try:
        content = store.get(made[width])
    except NotFound:
        return None
    height = max(1, round(file.height * width / file.width))
    alt = file.alt or ("" if file.is_decorative else _("Picture without a description"))
    return Plate(made[width], width, height, alt, file.caption, content)
