"""The network's own settings: name, contact address, term of membership, mark and colours.

What the secretariat has not changed is as the configuration and the style sheet have it. Pages
and mails ask `current`; the desk changes them, and whoever calls `change` has asked who may.
"""

from __future__ import annotations

import enum
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import parseaddr

from flask import current_app, g, has_request_context
from sqlalchemy import CheckConstraint, String, delete, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Mapped, mapped_column

from citynet.kit import audit, colours, db, files
from citynet.kit.errors import Conflict, Invalid
from citynet.kit.i18n import _
from config import Config

# The one network: what the audit log calls it.
SUBJECT = ("network", 1)
LONGEST_NAME = 60
LONGEST_ADDRESS = 254
LONGEST_TERM_MONTHS = 120
MAIN, ACCENT, INK = "#0c5b67", "#f4a927", "#10272e"


class Name(enum.StrEnum):
    """What can be set."""

    NAME = "name"
    CONTACT_ADDRESS = "contact_address"
    TERM_MONTHS = "term_months"
    MARK = "mark"
    MAIN_COLOUR = "main_colour"
    ACCENT_COLOUR = "accent_colour"


class NetworkSetting(db.Base):
    """One setting that the secretariat changed."""

    __tablename__ = "network_settings"
    __table_args__ = (
        CheckConstraint(
            "name IN ('name', 'contact_address', 'term_months', 'mark', 'main_colour',"
            " 'accent_colour')",
            name="name",
        ),
    )

    name: Mapped[Name] = mapped_column(String(20), primary_key=True)
    value: Mapped[str] = mapped_column(String(320))


@dataclass(frozen=True)
class Network:
    """The network as it is now; `mark` is a PNG's name in the file store, or nothing."""

    name: str
    contact_address: str
    term_months: int = 12
    mark: str = ""
    main_colour: str = MAIN
    accent_colour: str = ACCENT

    @property
    def has_own_colours(self) -> bool:
        """Tell whether a style sheet of its own lies over CityNet's."""
        return (self.main_colour, self.accent_colour) != (MAIN, ACCENT)

    @property
    def dark_colour(self) -> str:
        """Return the shade of the main colour that large dark grounds have."""
        return colours.mix(self.main_colour, colours.BLACK, 0.42)

    @property
    def digest(self) -> str:
        """Return what tells these settings from others."""
        return hashlib.sha256(repr(self).encode()).hexdigest()[:16]

    @property
    def look(self) -> str:
        """Return the digest of its style sheet."""
        return hashlib.sha256(self.style_sheet.encode()).hexdigest()[:16]

    @property
    def style_sheet(self) -> str:
        """Return the custom properties that lie over those of `assets/tokens.scss`."""
        lines = [f"--cn-{name}:{shade};" for name, shade in _shades(self)]
        return ":root{" + "".join(lines) + "}\n"


def current() -> Network:
    """Return the settings as they are now, read once a request.

    Where the database does not answer, those of the configuration: the page that says so has a
    name too.
    """
    if has_request_context() and "network" in g:
        return _known(g.network)
    try:
        rows = db.session().execute(select(NetworkSetting.name, NetworkSetting.value)).all()
    except SQLAlchemyError:
        rows = []
    found = _read({row.name: row.value for row in rows})
    if has_request_context():
        g.network = found
    return found


@db.transaction
def change(actor_id: int, wanted: Network, *, seen: str = "") -> Network:
    """Make these the network's settings; `seen` is the digest of those that the page showed.

    Raises:
        Invalid: by the field's name.
        Conflict: somebody else changed them meanwhile.
    """
    g.pop("network", None)
    before = current()
    if seen and seen != before.digest:
        raise Conflict(_("Somebody else changed the settings meanwhile. Look at them again."))
    check(wanted)
    old, new = _written(before), _written(wanted)
    changed = [name for name in Name if old[name] != new[name]]
    defaults = _written(_read({}))
    for name in changed:
        db.session().execute(delete(NetworkSetting).where(NetworkSetting.name == name))
        if new[name] != defaults[name]:
            db.session().add(NetworkSetting(name=name, value=new[name]))
    if changed:
        audit.record(
            actor_id, "network.changed", subject=SUBJECT,
            before={name.value: old[name] for name in changed},
            after={name.value: new[name] for name in changed},
        )  # fmt: skip
    g.pop("network", None)
    return wanted


@files.keeper
def is_mark(name: str) -> bool:
    """Tell whether a stored file is the network's mark."""
    return current().mark == name


def check(wanted: Network) -> None:
    """Refuse what cannot be shown or read.

    Raises:
        Invalid: by the field's name.
    """
    errors: dict[str, str] = {}
    if not wanted.name.strip() or len(wanted.name) > LONGEST_NAME or not wanted.name.isprintable():
        errors["name"] = _("Write a name of up to 60 characters.")
    if not is_address(wanted.contact_address):
        errors["contact_address"] = _("Write one mail address, such as office@example.org.")
    if not 1 <= wanted.term_months <= LONGEST_TERM_MONTHS:
        errors["term_months"] = _("Write a number of months from 1 to 120.")
    errors |= check_colours(wanted.main_colour, wanted.accent_colour)
    if errors:
        raise Invalid(errors)


def check_colours(main: str, accent: str) -> dict[str, str]:
    """Return what is wrong with the colours, by the field's name."""
    errors = {
        name: _("Write a colour as # and six digits from 0 to f, such as #0c5b67.")
        for name, colour in (("main_colour", main), ("accent_colour", accent))
        if not colours.is_colour(colour)
    }
    if "main_colour" not in errors and (ratio := colours.contrast(main, "#ffffff")) < 4.5:
        errors["main_colour"] = _(
            "White text on this colour is hard to read: its contrast is %(ratio)s to 1 and has "
            "to be 4.5 or more. Choose a darker one.",
            ratio=f"{int(ratio * 10) / 10:g}",
        )
    if "accent_colour" not in errors and (ratio := colours.contrast(accent, INK)) < 4.5:
        errors["accent_colour"] = _(
            "Dark text on this colour is hard to read: its contrast is %(ratio)s to 1 and has "
            "to be 4.5 or more. Choose a lighter one.",
            ratio=f"{int(ratio * 10) / 10:g}",
        )
    return errors


def is_address(text: str) -> bool:
    """Tell whether a text is one mail address and nothing else."""
    return (
        len(text) <= LONGEST_ADDRESS
        and text.isascii()
        and text.isprintable()
        and parseaddr(text) == ("", text)
        and text.count("@") == 1
        and all(text.split("@"))
        and not set(' ,;:<>()[]"\\') & set(text)
    )


def _known(found: object) -> Network:
    assert isinstance(found, Network)  # noqa: S101 - `g` knows no types
    return found


def _read(rows: Mapping[str, str]) -> Network:
    config: Config = current_app.config["CITYNET"]
    return Network(
        name=rows.get(Name.NAME, config.network_name),
        contact_address=rows.get(Name.CONTACT_ADDRESS, parseaddr(config.mail_from)[1]),
        term_months=int(rows.get(Name.TERM_MONTHS, Network.term_months)),
        mark=rows.get(Name.MARK, ""),
        main_colour=rows.get(Name.MAIN_COLOUR, MAIN),
        accent_colour=rows.get(Name.ACCENT_COLOUR, ACCENT),
    )


def _written(network: Network) -> dict[Name, str]:
    return {name: str(getattr(network, name.value)) for name in Name}


def _shades(network: Network) -> list[tuple[str, str]]:
    """Return the shades by their names in tokens.scss; text stays readable on each tint."""
    main, accent = network.main_colour, network.accent_colour
    tint, warm = colours.mix(main, colours.WHITE, 0.86), colours.mix(accent, colours.WHITE, 0.85)
    text = colours.darkened_for(main, tint)
    return [
        ("sea-950", colours.mix(text, colours.BLACK, 0.58)),
        ("sea-900", colours.mix(text, colours.BLACK, 0.42)),
        ("sea-800", colours.mix(text, colours.BLACK, 0.22)),
        ("sea-700", text),
        ("sea-600", colours.darkened_for(colours.mix(text, colours.WHITE, 0.1), colours.WHITE)),
        ("sea-400", colours.mix(main, colours.WHITE, 0.4)),
        ("sea-200", colours.mix(main, colours.WHITE, 0.7)),
        ("sea-100", tint),
        ("sea-50", colours.mix(main, colours.WHITE, 0.94)),
        ("saffron-700", colours.darkened_for(accent, warm)),
        ("saffron-500", accent),
        ("saffron-400", colours.mix(accent, colours.WHITE, 0.25)),
        ("saffron-100", warm),
    ]
