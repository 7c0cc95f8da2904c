"""Pictures: read within bounds and written anew, so that nothing else comes along.

Writing anew drops the place where a photograph was taken, and whatever was hidden in the file.
"""

from __future__ import annotations

import io
import warnings

from PIL import Image, ImageOps

from citynet.kit.errors import Invalid
from citynet.kit.i18n import _

FORMATS = {"JPEG": "image/jpeg", "PNG": "image/png", "WEBP": "image/webp"}
# A picture that grows beyond this many points in memory is an error, not a warning.
Image.MAX_IMAGE_PIXELS = 40_000_000
warnings.simplefilter("error", Image.DecompressionBombWarning)
LONGEST_SIDE = 4_000
OPTIONS: dict[str, dict[str, int | bool]] = {
    "JPEG": {"quality": 88, "optimize": True},
    "PNG": {"optimize": True},
    "WEBP": {"quality": 88, "method": 4},
}


def rewritten(
    content: bytes, *, to: str = "", box: tuple[int, int] = (LONGEST_SIDE, LONGEST_SIDE)
) -> tuple[bytes, str]:
    """Return a picture written anew, no larger than the box, and its media type.

    `to` is the format it is written in; without one it keeps its own.

    Raises:
        Invalid: by the field `file`: no picture that we read, damaged, or too large.
    """
    try:
        with Image.open(io.BytesIO(content), formats=tuple(FORMATS)) as found:
            form = to or str(found.format)
            picture = ImageOps.exif_transpose(found)
            picture.thumbnail(box)
            return _written(picture, form), FORMATS[form]
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        sentence = _("This picture has more than 40 million points. Make it smaller and try again.")
    except (OSError, ValueError, SyntaxError, EOFError, MemoryError, ArithmeticError, LookupError):
        sentence = _(
            "This picture cannot be read. Save it anew as JPEG, PNG or WebP and try again."
        )
    raise Invalid({"file": sentence})


def _written(picture: Image.Image, form: str) -> bytes:
    """Write the points and nothing that came with them: no Exif, no profile, no comment."""
    has_alpha = form != "JPEG" and picture.has_transparency_data
    plain = picture.convert("RGBA" if has_alpha else "RGB")
    plain.info.clear()
    out = io.BytesIO()
    plain.save(out, form, **OPTIONS[form])
    return out.getvalue()
