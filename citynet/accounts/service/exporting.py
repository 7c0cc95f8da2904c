"""All that is held about a person as one ZIP file, for that person only."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator

from werkzeug.utils import secure_filename

from citynet.accounts import policy
from citynet.accounts.models import Person
from citynet.kit import audit, clock, db, personal
from citynet.kit.errors import require
from citynet.kit.i18n import _, show_date


@db.transaction
def export(actor: Person, person: Person) -> bytes:
    """Return a ZIP of everything held: a JSON text a part, files, and a note that explains them."""
    require(policy.can_export(actor, person))
    held = personal.export_all(person.id)
    audit.record(actor.id, "person.exported", subject=("person", person.id))
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("README.txt", _note(person, sorted(held.data)))
        for part, data in sorted(held.data.items()):
            # Moments are written as ISO 8601 in UTC.
            text = json.dumps(data, ensure_ascii=False, indent=2, default=str)
            archive.writestr(f"{part}.json", text)
        for name, path in _safe_paths(sorted(held.files)):
            archive.writestr(path, held.files[name])
    return written.getvalue()


def _safe_paths(names: list[str]) -> Iterator[tuple[str, str]]:
    """Yield each file's place: people name files, so nothing may lead out of the folder or clash.

    Numbers keep names apart that differ in what is dropped.
    """
    for number, name in enumerate(names, start=1):
        part, _slash, rest = name.partition("/")
        plain = secure_filename(rest.replace("\\", "/").rpartition("/")[2])[-100:]
        yield name, f"files/{secure_filename(part)}/{number}-{plain or 'file'}"


def _note(person: Person, parts: list[str]) -> str:
    """Return the text that explains the parts, in the reader's language."""
    words = {
        "accounts": _("your account, the ways you sign in, and your sessions"),
        "announcements": _("announcements that you wrote"),
        "audit": _("what you did, and what was done to your account"),
        "cities": _("the city you act for, invitations, requests and applications"),
        "desk": _("filters that you keep on the desk"),
        "missing": _("what you told us is missing, and where it stands"),
        "searches": _("searches that you saved"),
        "practices": _("practices you began, wrote, submitted, signed off or published"),
    }
    lines = [
        _("What CityNet holds about %(name)s", name=person.name),
        _("Put together on %(date)s.", date=show_date(clock.now())),
        "",
        *(f"{part}.json: {words.get(part, part)}" for part in parts),
        _("files/: files that you handed in"),
        "",
        _("All times are in UTC. Secrets, such as passwords and codes, are kept as values"
          " that nobody can read back, and are not in here."),
    ]  # fmt: skip
    return "\n".join(lines) + "\n"
