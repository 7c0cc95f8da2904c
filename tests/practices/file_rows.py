"""Pictures and documents as people send them, and rows of the tables that keep them."""

from __future__ import annotations

import io
import zipfile

from PIL import Image

from citynet.kit import effects
from citynet.practices.service import files
from tests import network

PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<<>>\nendobj\n%%EOF\n"


def picture(
    form: str = "JPEG", *, size: tuple[int, int] = (1600, 900), mode: str = "RGB", colour: int = 90,
    **options: object,
) -> bytes:  # fmt: skip
    """Return a picture."""
    out = io.BytesIO()
    Image.new(mode, size, colour).save(out, form, **options)
    return out.getvalue()


def package(*names: str, **parts: bytes) -> bytes:
    """Return a package of parts: named ones that are empty, and others with their content.

    `__` in a name is a slash; `_` a dot, unless it begins with a bracket.
    """
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in names:
            archive.writestr(name, b"<x/>")
        for name, content in parts.items():
            is_plain = name.startswith("[")
            named = name if is_plain else name.replace("__", "/").replace("_", ".")
            archive.writestr(named, content)
    return out.getvalue()


def write_rows() -> None:
    """Add a picture to a draft, with the sizes that the worker makes."""
    practice = network.write(title="With a picture")
    files.add(network.actor("official"), practice, picture(size=(40, 20)), "counter.jpg")
    effects.run_due()
