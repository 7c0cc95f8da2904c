"""The settings: the only reader of the environment, checked at start.

`Config.from_env()` reads the process environment over an optional `.env`; a wrong value raises
`SettingError`, whose sentence names the setting. Each setting is listed in the README.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from dotenv import dotenv_values

from citynet.kit import read_as

ROOT = Path(__file__).resolve().parent
SECRET = frozenset({"DATABASE_URL", "OIDC_CLIENT_SECRET"})
PROVIDER = ("OIDC_ISSUER", "OIDC_CLIENT_ID", "OIDC_CLIENT_SECRET", "OIDC_NAME")
OF_THIS_MACHINE = frozenset({"127.0.0.1", "::1", "localhost"})
EVERYWHERE = frozenset({"0.0.0.0", "::", "[::]"})  # noqa: S104 - compared with, never bound
T = TypeVar("T")


class SettingError(ValueError):
    """A setting that cannot be used; the text names it and tells what would do."""


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
    public_url: str = "http://127.0.0.1:8000"
    mail_backend: str = "folder"
    mail_server: str = "127.0.0.1"
    mail_port: int = 25
    mail_username: str = ""
    mail_password: str = field(default="", repr=False)
    mail_use_tls: bool = False
    mail_from: str = "citynet@localhost"
    # Twelve: with the pauses between them an hour's outage is over before the last.
    effect_tries: int = 12
    session_days: int = 14
    # What the pictures and attachments of one city may take together.
    city_quota_mb: int = 500
    require_second_factor: bool = False
    oidc_issuer: str = ""
    oidc_client_id: str = ""
    oidc_client_secret: str = field(default="", repr=False)
    oidc_name: str = ""

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
            found, "CITYNET_ENV", read_as.choice("development", "production", "test"), "development"
        )
        production = environment == "production"
        instance = _read(found, "INSTANCE_DIR", read_as.folder, ROOT / "instance")
        insecure_http = _read(found, "INSECURE_HTTP", read_as.flag, not production)
        mail_backend = _mail_backend(found, environment)
        needs_https = production and not insecure_http and mail_backend == "smtp"
        return cls(
            environment=environment,
            secret_key=_secret_key(found, instance, production=production),
            instance_dir=instance,
            database_url=_read(found, "DATABASE_URL", read_as.database_url, ""),
            network_name=_read(found, "NETWORK_NAME", read_as.short_name, "CityNet"),
            trusted_hosts=_trusted_hosts(found, production=production),
            insecure_http=insecure_http,
            behind_proxies=_read(found, "BEHIND_PROXIES", read_as.whole(0, 5), 0),
            host=_read(found, "HOST", read_as.host, cls.host),
            port=_read(found, "PORT", read_as.whole(1, 65535), cls.port),
            web_workers=_read(found, "WEB_WORKERS", read_as.whole(1, 64), cls.web_workers),
            log_format=_read(
                found,
                "LOG_FORMAT",
                read_as.choice("plain", "json"),
                "json" if production else "plain",
            ),
            public_url=_public_url(found, needs_https=needs_https),
            mail_backend=mail_backend,
            mail_server=_read(found, "MAIL_SERVER", read_as.host, cls.mail_server),
            mail_port=_read(found, "MAIL_PORT", read_as.whole(1, 65535), cls.mail_port),
            mail_username=_read(found, "MAIL_USERNAME", str, ""),
            mail_password=_read(found, "MAIL_PASSWORD", str, ""),
            mail_use_tls=_read(found, "MAIL_USE_TLS", read_as.flag, cls.mail_use_tls),
            mail_from=_read(found, "MAIL_FROM", read_as.address, cls.mail_from),
            effect_tries=_read(found, "EFFECT_TRIES", read_as.whole(1, 50), cls.effect_tries),
            session_days=_read(found, "SESSION_DAYS", read_as.whole(1, 90), cls.session_days),
            city_quota_mb=_read(
                found, "CITY_QUOTA_MB", read_as.whole(1, 1_000_000), cls.city_quota_mb
            ),
            require_second_factor=_read(found, "REQUIRE_SECOND_FACTOR", read_as.flag, production),
            **_provider(found),
        )


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
    return _read(found, "TRUSTED_HOSTS", read_as.hosts, Config.trusted_hosts)


def _mail_backend(found: Mapping[str, str], environment: str) -> str:
    default = {"production": "smtp", "test": "memory"}.get(environment, "folder")
    return _read(
        found, "MAIL_BACKEND", read_as.choice("console", "folder", "smtp", "memory"), default
    )


def _public_url(found: Mapping[str, str], *, needs_https: bool) -> str:
    """Return the address that links in mails begin with."""
    host = _read(found, "HOST", read_as.host, Config.host)
    host = Config.host if host in EVERYWHERE else host
    host = f"[{host}]" if ":" in host and not host.startswith("[") else host
    port = _read(found, "PORT", read_as.whole(1, 65535), Config.port)
    if needs_https and not found.get("PUBLIC_URL", "").strip():
        raise SettingError(
            "PUBLIC_URL: name the network's own address, such as https://citynet.org; "
            "links in mails begin with it."
        )
    url = _read(found, "PUBLIC_URL", read_as.url, f"http://{host}:{port}")
    if needs_https and not url.startswith("https://"):
        raise SettingError(
            f"PUBLIC_URL: in production links in mails begin with https:// (it is {url!r} now)."
        )
    return url


def _provider(found: Mapping[str, str]) -> dict[str, str]:
    """Return the four settings of a sign-in provider: all of them, or none."""
    values = {
        "oidc_issuer": _read(found, "OIDC_ISSUER", read_as.issuer, ""),
        "oidc_client_id": _read(found, "OIDC_CLIENT_ID", read_as.printable, ""),
        "oidc_client_secret": _read(found, "OIDC_CLIENT_SECRET", read_as.printable, ""),
        "oidc_name": _read(found, "OIDC_NAME", read_as.short_name, ""),
    }
    missing = [name for name in PROVIDER if not values[name.lower()]]
    if 0 < len(missing) < len(PROVIDER):
        raise SettingError(
            f"{missing[0]}: sign-in through a provider needs all of {', '.join(PROVIDER)}."
        )
    return values


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
