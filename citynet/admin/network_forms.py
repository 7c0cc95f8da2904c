"""The shapes of two desks: a letter's words, and the network's name, mark and colours."""

from __future__ import annotations

from dataclasses import replace

from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from wtforms import BooleanField, ColorField, HiddenField, IntegerField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from citynet.kit.i18n import lazy
from citynet.kit.letters import Draft
from citynet.kit.mail import LONGEST_SUBJECT
from citynet.kit.network import LONGEST_ADDRESS, LONGEST_NAME, Network


class LetterForm(FlaskForm):  # type: ignore[misc]
    """Subject and text, with the digest of the words that the page showed."""

    subject = StringField(lazy("Subject"), [Length(max=2 * LONGEST_SUBJECT)])
    text = TextAreaField(lazy("Text"))
    seen = HiddenField()

    @property
    def draft(self) -> Draft:
        """Return the words as they were typed."""
        return Draft(self.subject.data or "", self.text.data or "")


class IdentityForm(FlaskForm):  # type: ignore[misc]
    """The network's settings, with the digest of those that the page showed."""

    name = StringField(lazy("Name of the network"), [Length(max=2 * LONGEST_NAME)])
    contact_address = StringField(
        lazy("Contact address"), [Length(max=LONGEST_ADDRESS, message=lazy("Write one address."))]
    )
    term_months = IntegerField(
        lazy("Term of a membership, in months"),
        [InputRequired(lazy("Write a number of months from 1 to 120."))],
    )
    mark = FileField(lazy("Mark"))
    without_mark = BooleanField(lazy("Go without a mark of its own"))
    main_colour = ColorField(lazy("Main colour"))
    accent_colour = ColorField(lazy("Accent colour"))
    seen = HiddenField()

    def over(self, before: Network, *, mark: str) -> Network:
        """Return the settings as they were typed, with this mark."""
        return replace(
            before,
            name=" ".join((self.name.data or "").split()),
            contact_address=(self.contact_address.data or "").strip(),
            term_months=self.term_months.data or 0,
            main_colour=(self.main_colour.data or "").strip().lower(),
            accent_colour=(self.accent_colour.data or "").strip().lower(),
            mark="" if self.without_mark.data else mark or before.mark,
        )
