"""Pictures: read within bounds and written anew, so that nothing else comes along.

Writing anew drops the place where a photograph was taken, and whatever was hidden in the file.
"""

from __future__ import annotations

import io
import struct
import threading
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from PIL import Image, ImageFile, ImageOps

from citynet.kit.errors import Invalid
from citynet.kit.i18n import _

FORMATS = {"JPEG": "image/jpeg", "PNG": "image/png", "WEBP": "image/webp"}
# A picture that grows beyond this many points in memory is an error, not a warning.
MOST_POINTS = 40_000_000
Image.MAX_IMAGE_PIXELS = MOST_POINTS
warnings.simplefilter("error", Image.DecompressionBombWarning)
LONGEST_SIDE = 4_000
# A photograph on a page: sharp over the whole width of a good screen.
LONGEST_ON_A_PAGE = 2_560
RENDITIONS = ("WEBP", "JPEG")
WIDTHS = (320, 640, 1280)
# One picture at a time is unpacked in a process: forty million points take 160 MB.
_one_at_a_time = threading.Lock()
# What Pillow raises on what is no picture, or a damaged one.
UNREADABLE = (
    OSError, ValueError, SyntaxError, EOFError, MemoryError, ArithmeticError, LookupError,
    TypeError, struct.error,
)  # fmt: skip
OPTIONS: dict[str, dict[str, int | bool]] = {
    "JPEG": {"quality": 88, "optimize": True},
    "PNG": {"optimize": True},
    "WEBP": {"quality": 88, "method": 4},
}


@dataclass(frozen=True)
class Picture:
    """A picture written anew."""

    content: bytes
    media_type: str
    width: int
    height: int


def rewritten(
    content: bytes, *, to: str = "", box: tuple[int, int] = (LONGEST_SIDE, LONGEST_SIDE)
) -> tuple[bytes, str]:
    """Return a picture written anew, no larger than the box, and its media type.

    `to` is the format it is written in; without one it keeps its own.

    Raises:
        Invalid: by the field `file`: no picture that we read, damaged, or too large.
    """
    with _opened(content) as found:
        form = to or str(found.format)
        picture = ImageOps.exif_transpose(found)
        picture.thumbnail(box)
        return _written(picture, form), FORMATS[form]


def photograph(content: bytes) -> Picture:
    """Return a picture as pages show it: upright, of an animation the first frame.

    Raises:
        Invalid: by the field `file`: no picture that we read, damaged, or too large.
    """
    with _opened(content) as found:
        form = str(found.format)
        # First made smaller: of a JPEG then only as much is unpacked as is kept.
        found.thumbnail((LONGEST_ON_A_PAGE, LONGEST_ON_A_PAGE))
        return _picture(ImageOps.exif_transpose(found), form)


def renditions(content: bytes) -> Sequence[Picture]:
    """Return a picture in each width of pages that is not above its own, in both formats.

    Raises:
        Invalid: by the field `file`: damaged.
    """
    made: list[Picture] = []
    with _opened(content) as found:
        for width in sorted({min(width, found.width) for width in WIDTHS}):
            height = max(1, round(found.height * width / found.width))
            smaller = _eight_bits(found).resize((width, height), Image.Resampling.LANCZOS)
            made += [_picture(smaller, form) for form in RENDITIONS]
    return made


@contextmanager
def _opened(content: bytes) -> Iterator[Image.Image]:
    """Open a picture within bounds; whatever is wrong with it is told as a sentence."""
    # WeasyPrint switches it on for the whole process as soon as it is loaded.
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    try:
        with _one_at_a_time, Image.open(io.BytesIO(content), formats=tuple(FORMATS)) as found:
            if found.width * found.height > MOST_POINTS:
                raise Image.DecompressionBombError
            yield found
            return
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        sentence = _("This picture has more than 40 million points. Make it smaller and try again.")
    except UNREADABLE:
        sentence = _(
            "This picture cannot be read. Save it anew as JPEG, PNG or WebP and try again."
        )
    raise Invalid({"file": sentence})


def _picture(picture: Image.Image, form: str) -> Picture:
    return Picture(_written(picture, form), FORMATS[form], picture.width, picture.height)


def _eight_bits(picture: Image.Image) -> Image.Image:
    """Return colours of eight bits; what has transparency keeps it.

    A grey one of sixteen bits is scaled: Pillow would cut it, and all but the dark were white.
    """
    if picture.mode.startswith("I"):
        return picture.convert("I").point(lambda value: value * (1 / 256)).convert("RGB")
    return picture.convert("RGBA" if picture.has_transparency_data else "RGB")


def _written(picture: Image.Image, form: str) -> bytes:
    """Write the points and nothing that came with them: no Exif, no profile, no comment."""
    plain = _eight_bits(picture)
    if form == "JPEG" and plain.mode == "RGBA":
        paper = Image.new("RGB", plain.size, "white")
        paper.paste(plain, mask=plain.getchannel("A"))
        plain = paper
    plain.info.clear()
    out = io.BytesIO()
    plain.save(out, form, **OPTIONS[form])
    return out.getvalue()
