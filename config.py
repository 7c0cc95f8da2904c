"""The settings: the only reader of the environment, checked at start.

`Config.from_env()` reads the process environment over an optional `.env`; a wrong value raises
`SettingError`, whose sentence names the setting. Each setting is listed in the README.
"""

from __future__ import annotations

import os
import re
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from dotenv import dotenv_values
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

ROOT = Path(__file__).resolve().parent
SECRET = frozenset({"DATABASE_URL"})
T = TypeVar("T")


class SettingError(ValueError):
    """A setting that cannot be used; the text names it and tells what would do."""


def _flag(text: str) -> bool:
    if text.lower() in {"1", "true", "yes", "on"}:
        return True
    if text.lower() in {"0", "false", "no", "off"}:
        return False
    raise ValueError("write yes or no")


def _whole(low: int, high: int) -> Callable[[str], int]:
    def read(text: str) -> int:
        try:
            number = int(text)
        except ValueError:
            raise ValueError("write a whole number") from None
        if not low <= number <= high:
            raise ValueError(f"write a whole number from {low} to {high}")
        return number

    return read


def _choice(*allowed: str) -> Callable[[str], str]:
    def read(text: str) -> str:
        if text not in allowed:
            raise ValueError("write one of " + ", ".join(allowed))
        return text

    return read


def _host(text: str) -> str:
    if not re.fullmatch(r"\.?[A-Za-z0-9][A-Za-z0-9.-]*|\[?[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*\]?", text):
        raise ValueError("write a host's name or address, such as citynet.org or 127.0.0.1")
    return text


def _hosts(text: str) -> tuple[str, ...]:
    hosts = tuple(_host(part.strip()) for part in text.split(",") if part.strip())
    if not hosts:
        raise ValueError("name one host or more, separated by commas")
    return hosts


def _database_url(text: str) -> str:
    for short in ("postgres://", "postgresql://"):
        if text.startswith(short):
            text = "postgresql+psycopg://" + text.removeprefix(short)
    if not text.startswith(("sqlite:///", "postgresql+psycopg://")):
        raise ValueError("write an address that begins with sqlite:/// or postgresql://")
    try:
        make_url(text)
    except (ArgumentError, ValueError):
        raise ValueError("write it as postgresql://user:password@host:5432/database") from None
    return text


@dataclass(frozen=True, kw_only=True)
class Config:
    """Every setting of one running network, typed and checked."""

    environment: str = "development"
    secret_key: str = field(default="", repr=False)
    instance_dir: Path = ROOT / "instance"
    database_url: str = field(default="", repr=False)
    network_name: str = "CityNet"
    trusted_hosts: tuple[str, ...] = ("127.0.0.1", "localhost", "[::1]")
    insecure_http: bool = True
    behind_proxies: int = 0
    host: str = "127.0.0.1"
    port: int = 8000
    web_workers: int = 2
    log_format: str = "plain"
    mail_backend: str = "console"
    mail_server: str = "127.0.0.1"
    mail_port: int = 25
    mail_username: str = ""
    mail_password: str = field(default="", repr=False)
    mail_use_tls: bool = False
    mail_from: str = "citynet@localhost"
    effect_tries: int = 8
    session_days: int = 14

    @property
    def is_production(self) -> bool:
        """Tell whether the strict rules hold."""
        return self.environment == "production"

    @property
    def database(self) -> str:
        """Return the SQLAlchemy address: the one set, else SQLite in the instance folder."""
        return self.database_url or f"sqlite:///{self.instance_dir / 'citynet.db'}"

    @property
    def demonstration_mark(self) -> Path:
        """Return the file that is there where the demonstration network was loaded."""
        return self.instance_dir / "demonstration"

    @classmethod
    def from_env(cls, environ: Mapping[str, str] | None = None) -> Config:
        """Read the settings.

        Raises:
            SettingError: a value that cannot be used; the sentence names the setting.
        """
        found = _read_environment() if environ is None else dict(environ)
        environment = _read(
            found, "CITYNET_ENV", _choice("development", "production", "test"), "development"
        )
        production = environment == "production"
        instance = _read(found, "INSTANCE_DIR", _folder, ROOT / "instance")
        return cls(
            environment=environment,
            secret_key=_secret_key(found, instance, production=production),
            instance_dir=instance,
            database_url=_read(found, "DATABASE_URL", _database_url, ""),
            network_name=_read(found, "NETWORK_NAME", _name, "CityNet"),
            trusted_hosts=_trusted_hosts(found, production=production),
            insecure_http=_read(found, "INSECURE_HTTP", _flag, not production),
            behind_proxies=_read(found, "BEHIND_PROXIES", _whole(0, 5), 0),
            host=_read(found, "HOST", _host, cls.host),
            port=_read(found, "PORT", _whole(1, 65535), cls.port),
            web_workers=_read(found, "WEB_WORKERS", _whole(1, 64), cls.web_workers),
            log_format=_read(
                found, "LOG_FORMAT", _choice("plain", "json"), "json" if production else "plain"
            ),
            mail_backend=_read(
                found, "MAIL_BACKEND", _choice("console", "file", "smtp", "memory"), "console"
            ),
            mail_server=_read(found, "MAIL_SERVER", _host, cls.mail_server),
            mail_port=_read(found, "MAIL_PORT", _whole(1, 65535), cls.mail_port),
            mail_username=_read(found, "MAIL_USERNAME", str, ""),
            mail_password=_read(found, "MAIL_PASSWORD", str, ""),
            mail_use_tls=_read(found, "MAIL_USE_TLS", _flag, cls.mail_use_tls),
            mail_from=_read(found, "MAIL_FROM", _address, cls.mail_from),
            effect_tries=_read(found, "EFFECT_TRIES", _whole(1, 50), cls.effect_tries),
            session_days=_read(found, "SESSION_DAYS", _whole(1, 90), cls.session_days),
        )


def _folder(text: str) -> Path:
    """Return a folder that files can be written into."""
    if "?" in text or "\0" in text:
        raise ValueError("write the path of a folder, without a question mark")
    folder = Path(text).expanduser().resolve()
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ValueError(f"this folder cannot be made ({error.strerror})") from None
    if not os.access(folder, os.W_OK | os.X_OK):
        raise ValueError("this folder cannot be written to")
    return folder


def _name(text: str) -> str:
    if len(text) > 60:
        raise ValueError("write a name of up to 60 characters")
    return text


def _address(text: str) -> str:
    if not re.fullmatch(r"[^@\s]+@[^@\s]+", text):
        raise ValueError("write a mail address, such as citynet@example.org")
    return text


def _read_environment() -> dict[str, str]:
    from_file = {key: value or "" for key, value in dotenv_values(ROOT / ".env").items()}
    return {**from_file, **os.environ}


def _read(found: Mapping[str, str], name: str, read: Callable[[str], T], default: T) -> T:
    text = found.get(name, "").strip()
    if not text:
        return default
    try:
        return read(text)
    except ValueError as error:
        # The database's address may hold its password.
        shown = "" if name in SECRET else f" (it is {text!r} now)"
        raise SettingError(f"{name}: {error}{shown}.") from error


def _trusted_hosts(found: Mapping[str, str], *, production: bool) -> tuple[str, ...]:
    if production and not found.get("TRUSTED_HOSTS", "").strip():
        raise SettingError("TRUSTED_HOSTS: name the host of the network, such as citynet.org.")
    return _read(found, "TRUSTED_HOSTS", _hosts, Config.trusted_hosts)


def _secret_key(found: Mapping[str, str], instance: Path, *, production: bool) -> str:
    """Return the key set; outside production, one kept in the instance folder."""
    key = found.get("SECRET_KEY", "").strip()
    if production:
        if len(key) < 32 or len(set(key)) < 10:
            raise SettingError(
                "SECRET_KEY: production needs a random key of at least 32 characters; make one "
                'with: python3 -c "import secrets; print(secrets.token_urlsafe(48))"'
            )
        return key
    if key:
        return key
    return _kept_key(instance)


def _kept_key(instance: Path) -> str:
    """Return the key in the instance folder, made there once.

    Several processes may begin together: each writes a file of its own and the first to link it
    wins, so that nobody reads half a key or another one.
    """
    kept = instance / "secret_key"
    if not kept.exists():
        instance.mkdir(parents=True, exist_ok=True)
        own = instance / f"secret_key.{os.getpid()}"
        own.touch(mode=0o600)
        own.write_text(secrets.token_hex(32), encoding="ascii")
        try:
            os.link(own, kept)
        except FileExistsError:
            pass
        finally:
            own.unlink()
    return kept.read_text(encoding="ascii")
