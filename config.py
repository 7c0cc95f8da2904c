"""The settings: the only reader of the environment, checked at start.

`Config.from_env()` reads the process environment over an optional `.env`; a wrong value raises
`SettingError`, whose sentence names the setting. Each setting is listed in the README.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from dotenv import dotenv_values

ROOT = Path(__file__).resolve().parent
WEAK_KEYS = frozenset({"", "changeme", "change-me", "secret", "dev", "development", "default"})
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


def _hosts(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())


def _database_url(text: str) -> str:
    if text.startswith("postgres://"):
        text = "postgresql://" + text.removeprefix("postgres://")
    if text.startswith("postgresql://"):
        return "postgresql+psycopg://" + text.removeprefix("postgresql://")
    if text.startswith(("sqlite:///", "postgresql+psycopg://")):
        return text
    raise ValueError("write an address that begins with sqlite:/// or postgresql://")


@dataclass(frozen=True, kw_only=True)
class Config:
    """Every setting of one running network, typed and checked."""

    environment: str = "development"
    secret_key: str = field(default="", repr=False)
    instance_dir: Path = ROOT / "instance"
    database_url: str = field(default="", repr=False)
    network_name: str = "CityNet"
    base_url: str = "http://127.0.0.1:8000"
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

    @classmethod
    def from_env(cls, environ: Mapping[str, str] | None = None) -> Config:
        """Read the settings.

        Raises:
            SettingError: a value that cannot be used; the sentence names the setting.
        """
        found = _read_environment() if environ is None else dict(environ)
        production = found.get("CITYNET_ENV", "development") == "production"
        instance = Path(found.get("INSTANCE_DIR") or ROOT / "instance").resolve()
        config = cls(
            environment=_read(
                found, "CITYNET_ENV", _choice("development", "production", "test"), "development"
            ),
            secret_key=_secret_key(found, instance, production=production),
            instance_dir=instance,
            database_url=_read(found, "DATABASE_URL", _database_url, ""),
            network_name=_read(found, "NETWORK_NAME", _name, "CityNet"),
            base_url=_read(found, "BASE_URL", _base_url, "http://127.0.0.1:8000"),
            trusted_hosts=_read(found, "TRUSTED_HOSTS", _hosts, cls.trusted_hosts),
            insecure_http=_read(found, "INSECURE_HTTP", _flag, not production),
            behind_proxies=_read(found, "BEHIND_PROXIES", _whole(0, 5), 0),
            host=found.get("HOST") or cls.host,
            port=_read(found, "PORT", _whole(1, 65535), cls.port),
            web_workers=_read(found, "WEB_WORKERS", _whole(1, 64), cls.web_workers),
            log_format=_read(
                found, "LOG_FORMAT", _choice("plain", "json"), "json" if production else "plain"
            ),
            mail_backend=_read(
                found, "MAIL_BACKEND", _choice("console", "file", "smtp", "memory"), "console"
            ),
            mail_server=found.get("MAIL_SERVER") or cls.mail_server,
            mail_port=_read(found, "MAIL_PORT", _whole(1, 65535), cls.mail_port),
            mail_username=found.get("MAIL_USERNAME", ""),
            mail_password=found.get("MAIL_PASSWORD", ""),
            mail_use_tls=_read(found, "MAIL_USE_TLS", _flag, cls.mail_use_tls),
            mail_from=_read(found, "MAIL_FROM", _address, cls.mail_from),
            effect_tries=_read(found, "EFFECT_TRIES", _whole(1, 50), cls.effect_tries),
            session_days=_read(found, "SESSION_DAYS", _whole(1, 90), cls.session_days),
        )
        if production and "TRUSTED_HOSTS" not in found:
            raise SettingError("TRUSTED_HOSTS: name the host of the network, such as citynet.org.")
        return config


def _name(text: str) -> str:
    if len(text) > 60:
        raise ValueError("write a name of up to 60 characters")
    return text


def _base_url(text: str) -> str:
    if not text.startswith(("http://", "https://")):
        raise ValueError("write an address that begins with https:// or http://")
    return text.rstrip("/")


def _address(text: str) -> str:
    if "@" not in text or "\n" in text or "\r" in text:
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
        raise SettingError(f"{name}: {error} (it is {text!r} now).") from error


def _secret_key(found: Mapping[str, str], instance: Path, *, production: bool) -> str:
    """Return the key set; outside production, one kept in the instance folder."""
    key = found.get("SECRET_KEY", "").strip()
    if production:
        if key.lower() in WEAK_KEYS or len(key) < 32:
            raise SettingError(
                "SECRET_KEY: production needs a random key of at least 32 characters; make one "
                'with: python3 -c "import secrets; print(secrets.token_urlsafe(48))"'
            )
        return key
    if key:
        return key
    kept = instance / "secret_key"
    if not kept.exists():
        instance.mkdir(parents=True, exist_ok=True)
        kept.touch(mode=0o600)
        kept.write_text(os.urandom(32).hex(), encoding="ascii")
    return kept.read_text(encoding="ascii")
