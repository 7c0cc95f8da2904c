"""Mail: an effect of the command, sent to a real server, whatever that server does."""

from __future__ import annotations

import ssl
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from email.message import EmailMessage
from email.utils import parsedate_to_datetime
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import delete

from citynet.app import create_app
from citynet.kit import clock, db, effects, mail, network
from citynet.kit.effects import State
from tests.conftest import close, config_in
from tests.kit.postbox import Postbox, served
from tests.processes import free_port

LEAD = "lead@sidoarjo.example"


@contextmanager
def network_sending_to(port: int, folder: Path, **settings: object) -> Iterator[Flask]:
    """Run an application that sends by SMTP to a port."""
    own = create_app(
        config_in(
            folder, mail_backend="smtp", mail_port=port, mail_from="noreply@citynet.example",
            **settings,
        )
    )  # fmt: skip
    with own.app_context():
        yield own
        db.session().rollback()
    close(own)


@pytest.fixture(autouse=True)
def nothing_waits(app: Flask) -> None:
    """Leave out the mails that building the network wrote."""
    with db.atomic():
        db.session().execute(delete(effects.Effect))


@pytest.fixture
def box(app: Flask, tmp_path: Path) -> Iterator[Postbox]:
    """Serve a postbox to a network that sends to it, in whose context the test runs."""
    with served() as box, network_sending_to(box.port, tmp_path / "instance"):
        yield box


@db.transaction
def write(
    to: str = LEAD, subject: str = "Hello", text: str = "text", *,
    to_name: str = "", language: str = "en",
) -> None:  # fmt: skip
    """Send a mail as commands do."""
    mail.post(to=to, to_name=to_name, subject=subject, text=text, language=language)


def only_effect() -> effects.Effect:
    """Return the one effect there is."""
    db.session().rollback()
    (row,) = effects.latest(1).items
    db.session().refresh(row)
    return row


def part_of(letter: EmailMessage, kind: str) -> str:
    """Return the text or HTML part of a mail."""
    part = letter.get_body((kind,))
    assert part is not None
    return str(part.get_content()).replace("\r\n", "\n")


def test_mail_is_sent_after_the_commit(box: Postbox) -> None:
    """Recipient, sender, subject and both parts arrive whole, in any script."""
    text = "Halo,\n\nsebuah praktik baru: “Izin sehari jadi” 🌏\n.\nbaris terakhir\n"
    write(LEAD, "Praktik baru – 市", text, to_name="Siti Nurhaliza")
    assert box.letters == []
    assert effects.run_due() == 1
    ((recipients, letter),) = box.letters
    assert recipients == [LEAD]
    assert box.senders == ["noreply@citynet.example"]
    assert letter["To"] == f"Siti Nurhaliza <{LEAD}>"
    assert letter["Subject"] == "Praktik baru – 市"
    assert letter["From"] == "CityNet <noreply@citynet.example>"
    assert letter.get_content_type() == "multipart/alternative"
    assert part_of(letter, "plain").startswith(text.strip())
    assert "“Izin sehari jadi” 🌏" in part_of(letter, "html")


def test_mail_says_who_wrote_it_and_when(app: Flask, box: Postbox) -> None:
    """The date is that of the writing, answers go to the secretariat, holiday notices nowhere."""
    network.change(1, _changed(contact_address="office@citynet.example", name="Jaringan Kota"))
    moment = clock.now()
    write(language="id")
    with clock.moved(timedelta(hours=3)):
        effects.run_due()
    ((_recipients, letter),) = box.letters
    assert abs(parsedate_to_datetime(letter["Date"]) - moment) < timedelta(seconds=5)
    assert letter["Reply-To"] == "office@citynet.example"
    assert letter["From"] == "Jaringan Kota <noreply@citynet.example>"
    assert letter["Auto-Submitted"] == "auto-generated"
    assert letter["Content-Language"] == "id"
    assert letter["Message-ID"].endswith("@citynet.example>")
    assert letter["List-Id"] is None
    assert "Jaringan Kota" in part_of(letter, "plain")
    assert '<html lang="id">' in part_of(letter, "html")


def _changed(**values: str) -> network.Network:
    now = network.current()
    return network.Network(
        name=values.get("name", now.name),
        contact_address=values.get("contact_address", now.contact_address),
    )


def test_long_lines_of_a_person_arrive_whole(box: Postbox) -> None:
    """SMTP carries lines of up to 998 characters; longer ones are encoded."""
    words = "kata " * 1000 + "x" * 3000
    write(text=words)
    effects.run_due()
    ((_recipients, letter),) = box.letters
    assert "x" * 3000 in part_of(letter, "plain")
    assert words in part_of(letter, "html")
    lines = part_of(letter, "plain").splitlines()
    assert max(len(line) for line in lines if "xxx" not in line) <= 72


HOSTILE = [
    "Hello\r\nBcc: spy@evil.example", "Hello\nX-Spam: no", "Hello\r\n\r\n<b>body</b>",
    "Hello\rBcc: spy@evil.example", "Hello\x00\x0bBcc: x", "Hello\u2028Bcc: spy@evil.example",
    "Hello\x85Bcc: spy@evil.example", "=?utf-8?q?Hello=0D=0ABcc:_spy@evil.example?=",
    '"Hello" <spy@evil.example>,', "Hello, spy@evil.example", "a" * 5000,
]  # fmt: skip


@pytest.mark.parametrize("words", HOSTILE)
def test_nobody_adds_a_header_by_a_subject(box: Postbox, words: str) -> None:
    """A line end in a subject is folded, so that it stays words."""
    write(subject=words)
    effects.run_due()
    _is_plain(box)


@pytest.mark.parametrize("words", HOSTILE)
def test_nobody_adds_a_header_or_recipient_by_a_name(box: Postbox, words: str) -> None:
    """The name of a person is one encoded phrase before the one address."""
    write(to_name=words)
    effects.run_due()
    letter = _is_plain(box)
    assert [one.addr_spec for one in letter["To"].addresses] == [LEAD]


@pytest.mark.parametrize("words", [words for words in HOSTILE if len(words) < 1000])
def test_nobody_adds_a_header_by_the_networks_name(box: Postbox, words: str) -> None:
    """Even where the configuration holds such a name."""
    with db.atomic():
        db.session().add(network.NetworkSetting(name=network.Name.NAME, value=words))
    write()
    effects.run_due()
    letter = _is_plain(box)
    assert [one.addr_spec for one in letter["From"].addresses] == ["noreply@citynet.example"]


def _is_plain(box: Postbox) -> EmailMessage:
    ((recipients, letter),) = box.letters
    assert recipients == [LEAD]
    allowed = {
        "from", "to", "subject", "reply-to", "message-id", "date", "content-language",
        "auto-submitted", "mime-version", "content-type", "x-peer", "x-mailfrom", "x-rcptto",
    }  # fmt: skip
    assert {name.lower() for name in letter.keys()} <= allowed  # noqa: SIM118 - no mapping
    assert part_of(letter, "plain").startswith("text\n")
    return letter


@pytest.mark.parametrize(
    "address",
    [
        f"{LEAD}\r\nBcc: spy@evil.example", f"{LEAD}, spy@evil.example", f"{LEAD};spy@evil.example",
        f"Spy <spy@evil.example> {LEAD}", f"<{LEAD}>", f"{LEAD} ", "", "lead", "lead@", "@sidoarjo",
        "siti.nurjannah@kota bandung.example", "sítí@sidoarjo.example", "a@b@c.example",
        f"{'a' * 250}@x.example", '"x\\" <spy@evil.example>"@y.example',
    ],
)  # fmt: skip
def test_what_is_no_address_is_dead_at_once(box: Postbox, address: str) -> None:
    """It leads to nobody, and the list of failed work says why."""
    write(to=address)
    effects.run_due()
    row = only_effect()
    if address.strip() == LEAD:
        assert row.state == State.DONE
        return
    assert row.state == State.DEAD
    assert "is not a mail address" in (row.last_error or "")
    assert box.letters == []


@pytest.mark.parametrize(
    ("step", "answer"),
    [
        ("MAIL", "451 come back later"),
        ("MAIL", "550 we do not know you"),
        ("RCPT", "450 greylisted"),
        ("RCPT", "452 full for now"),
        ("DATA", "451 try again"),
        ("DATA", "554 looks like spam"),
    ],
)
def test_refused_mail_is_tried_again(box: Postbox, step: str, answer: str) -> None:
    """The server's words are kept, and the mail goes out once the server takes it."""
    box.refusals[step] = answer
    write()
    effects.run_due()
    row = only_effect()
    assert (row.state, row.attempts) == (State.WAITING, 1)
    assert answer[:3] in (row.last_error or "")
    assert answer[4:] in (row.last_error or "")
    box.refusals.clear()
    with clock.moved(timedelta(minutes=1)):
        effects.run_due()
        assert effects.run_due() == 0
    assert len(box.letters) == 1
    assert only_effect().state == State.DONE


@pytest.mark.parametrize("answer", ["550 no such mailbox", "553 not local", "551 moved away"])
def test_recipient_refused_for_good_is_dead_at_once(box: Postbox, answer: str) -> None:
    """Nobody knocks for days at a door that does not exist; run by hand it is tried again."""
    box.refusals["RCPT"] = answer
    write()
    effects.run_due()
    row = only_effect()
    assert (row.state, row.attempts) == (State.DEAD, 1)
    assert answer in (row.last_error or "")
    assert LEAD in (row.last_error or "")
    with clock.moved(timedelta(days=4)):
        assert effects.run_due() == 0
    box.refusals.clear()
    effects.rerun(row.id, actor_id=None)
    effects.run_due()
    assert len(box.letters) == 1


@pytest.mark.parametrize("step", ["MAIL", "RCPT", "DATA"])
def test_dropped_connection_loses_nothing(box: Postbox, step: str) -> None:
    """The mail waits and goes out later, once."""
    box.hangs_up_at = step
    write()
    effects.run_due()
    assert only_effect().state == State.WAITING
    box.hangs_up_at = ""
    taken = len(box.letters)
    with clock.moved(timedelta(minutes=1)):
        effects.run_due()
    assert only_effect().state == State.DONE
    # A line that died before the answer leaves it open whether it was taken; the identifier tells.
    assert len(box.letters) == taken + 1
    assert len(set(box.identifiers)) == 1


def test_server_that_hangs_up_after_taking_it_gets_it_once(box: Postbox) -> None:
    """What was taken is sent, however the conversation ends."""
    box.hangs_up_at = "QUIT"
    write()
    effects.run_due()
    assert only_effect().state == State.DONE
    with clock.moved(timedelta(hours=1)):
        assert effects.run_due() == 0
    assert len(box.letters) == 1


def test_same_mail_tried_twice_has_one_identifier_and_date(box: Postbox) -> None:
    """A worker that died between sending and writing it down sends what a server can tell."""
    write()
    payload = only_effect().payload
    effects.run_due()
    with db.atomic():
        row = only_effect()
        row.state, row.payload = State.WAITING, payload
    effects.run_due()
    (_one, first), (_two, second) = box.letters
    assert first["Message-ID"] == second["Message-ID"]
    assert first["Date"] == second["Date"]


def test_an_hour_of_outage_loses_nothing_and_sends_nothing_twice(
    app: Flask, tmp_path: Path
) -> None:
    """Twenty mails meet no server for an hour, then one that is busy, then all go out once."""
    port = free_port()
    with network_sending_to(port, tmp_path / "instance"):
        for number in range(20):
            write(f"official{number}@sidoarjo.example", f"Mail {number}")
        for minute in range(0, 61, 5):
            with clock.moved(timedelta(minutes=minute)):
                effects.run_due()
        assert effects.latest(1, state=State.WAITING).total == 20
        with served(Postbox(refusals={"DATA": "421 too busy"}), port=port) as busy:
            with clock.moved(timedelta(minutes=70)):
                effects.run_due()
            assert busy.letters == []
        with served(port=port) as box:
            for hour in (3, 4, 5):
                with clock.moved(timedelta(hours=hour)):
                    effects.run_due()
    assert sorted(recipients[0] for recipients, _letter in box.letters) == sorted(
        f"official{number}@sidoarjo.example" for number in range(20)
    )
    assert len(set(box.identifiers)) == 20


def test_weekend_of_outage_is_outlived(app: Flask, tmp_path: Path) -> None:
    """After three days without a server a mail is given up, not before."""
    with network_sending_to(free_port(), tmp_path / "instance"):
        write()
        for hour in range(0, 65, 1):
            with clock.moved(timedelta(hours=hour)):
                effects.run_due()
        assert only_effect().state == State.WAITING


def test_mail_of_a_failed_command_is_never_sent(box: Postbox) -> None:
    """Nobody is told of what did not happen."""

    @db.transaction
    def fail() -> None:
        mail.post(to=LEAD, subject="Hello", text="text", language="en")
        raise ValueError

    with pytest.raises(ValueError):  # noqa: PT011 - it has no words
        fail()
    assert effects.run_due() == 0
    assert box.letters == []


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a certificate for this machine's own address."""
    folder = tmp_path_factory.mktemp("certificate")
    subprocess.run(
        [
            "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
            "-nodes", "-keyout", folder / "key.pem", "-out", folder / "cert.pem", "-days", "2",
            "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1",
        ],
        check=True, capture_output=True,
    )  # fmt: skip
    return folder


def tls_of(folder: Path) -> ssl.SSLContext:
    """Return what a server encrypts with."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(folder / "cert.pem", folder / "key.pem")
    return context


def test_mail_is_encrypted_and_signed_in_as_configured(
    app: Flask, tmp_path: Path, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """STARTTLS first, then name and password."""
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate / "cert.pem"))
    account = {"mail_username": "citynet", "mail_password": "a secret word"}
    with (
        served(tls=tls_of(certificate), account=("citynet", "a secret word")) as box,
        network_sending_to(box.port, tmp_path / "instance", mail_use_tls=True, **account),
    ):
        write()
        effects.run_due()
        assert only_effect().state == State.DONE
    assert box.is_encrypted


def test_certificate_of_a_stranger_gets_no_mail(
    app: Flask, tmp_path: Path, certificate: Path
) -> None:
    """Whoever sits on the line reads neither password nor mail; the mail waits."""
    account = {"mail_username": "citynet", "mail_password": "a secret word"}
    with (
        served(tls=tls_of(certificate), account=("citynet", "a secret word")) as box,
        network_sending_to(box.port, tmp_path / "instance", mail_use_tls=True, **account),
    ):
        write()
        effects.run_due()
        row = only_effect()
        assert row.state == State.WAITING
        assert "certificate" in (row.last_error or "").lower()
    assert box.letters == []


def test_wrong_password_keeps_the_mail_waiting(
    app: Flask, tmp_path: Path, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is the configuration's fault: nothing is given up for it."""
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate / "cert.pem"))
    account = {"mail_username": "citynet", "mail_password": "wrong"}
    with (
        served(tls=tls_of(certificate), account=("citynet", "a secret word")) as box,
        network_sending_to(box.port, tmp_path / "instance", mail_use_tls=True, **account),
    ):
        write()
        effects.run_due()
        row = only_effect()
        assert row.state == State.WAITING
        assert "535" in (row.last_error or "")
        assert "wrong" not in (row.last_error or "")


@pytest.mark.parametrize("backend", ["console", "folder", "memory"])
def test_mail_in_development_goes_to_nobody(
    app: Flask, tmp_path: Path, backend: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """It is a line on the console, a file in the instance folder, or kept in memory."""
    own = create_app(config_in(tmp_path / "instance", mail_backend=backend))
    with own.app_context():
        write(text="a text of its own")
        effects.run_due()
        row = only_effect()
        assert (row.state, row.last_error) == (State.DONE, None)
        kept = [str(one.body) for one in own.extensions["mailman"].__dict__.get("outbox", [])]
    kept += [path.read_text() for path in (tmp_path / "instance" / "mail").glob("*.eml")]
    kept.append(capsys.readouterr().out)
    assert "a text of its own" in "".join(kept)
    close(own)
