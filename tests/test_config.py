"""Settings: each is checked at start, and a wrong one is named in one sentence."""

from __future__ import annotations

import re
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from config import ROOT, Config, SettingError
from tests import processes

STRONG = "q8Zr4x0GmJ2vK7sT1yWn5bLc9eHd3fAu"
PRODUCTION = {
    "CITYNET_ENV": "production", "SECRET_KEY": STRONG, "TRUSTED_HOSTS": "citynet.example",
    "PUBLIC_URL": "https://citynet.example",
}  # fmt: skip
PROVIDER = {
    "OIDC_ISSUER": "https://login.example/", "OIDC_CLIENT_ID": "citynet",
    "OIDC_CLIENT_SECRET": "a secret word", "OIDC_NAME": "Kota ID",
}  # fmt: skip
WRONG = [
    ("CITYNET_ENV", "staging"),
    ("DATABASE_URL", "mysql://localhost/citynet"),
    ("DATABASE_URL", "citynet.db"),
    ("DATABASE_URL", "postgresql://host:port/citynet"),
    ("INSTANCE_DIR", "/proc/no/such/folder"),
    ("INSTANCE_DIR", "/tmp/what?"),
    ("NETWORK_NAME", "x" * 61),
    ("TRUSTED_HOSTS", ","),
    ("TRUSTED_HOSTS", "*"),
    ("TRUSTED_HOSTS", "https://citynet.example"),
    ("INSECURE_HTTP", "perhaps"),
    ("BEHIND_PROXIES", "-1"),
    ("BEHIND_PROXIES", "many"),
    ("HOST", "two words"),
    ("HOST", "0.0.0.0; rm -rf"),
    ("PORT", "0"),
    ("PORT", "65536"),
    ("PORT", "http"),
    ("WEB_WORKERS", "0"),
    ("LOG_FORMAT", "xml"),
    ("PUBLIC_URL", "citynet.example"),
    ("PUBLIC_URL", "ftp://citynet.example"),
    ("PUBLIC_URL", "https://siti:secret@citynet.example"),
    ("PUBLIC_URL", "https://citynet.example/?a=b"),
    ("PUBLIC_URL", "https://citynet.example/#x"),
    ("PUBLIC_URL", "https://citynet.example/ x"),
    ("PUBLIC_URL", "https://citynet.example\nx"),
    ("MAIL_BACKEND", "pigeon"),
    ("MAIL_BACKEND", "file"),
    ("MAIL_SERVER", "smtp://mail"),
    ("MAIL_PORT", "smtp"),
    ("MAIL_USE_TLS", "2"),
    ("MAIL_FROM", "nobody"),
    ("MAIL_FROM", "a@b.example\nBcc: c@d.example"),
    ("EFFECT_TRIES", "0"),
    ("SESSION_DAYS", "91"),
    ("CITY_QUOTA_MB", "0"),
    ("REQUIRE_SECOND_FACTOR", "perhaps"),
    ("OIDC_ISSUER", "login.example"),
    ("OIDC_ISSUER", "http://login.example"),
    ("OIDC_CLIENT_ID", "x" * 501),
    ("OIDC_CLIENT_SECRET", "a\nb"),
    ("OIDC_NAME", "x" * 61),
]
# Any text will do for these.
FREE = {"SECRET_KEY", "MAIL_USERNAME", "MAIL_PASSWORD"}


def settings_read() -> set[str]:
    """Return the name of every setting that the source reads."""
    source = (ROOT / "config.py").read_text(encoding="utf-8")
    return set(re.findall(r'found(?:\.get\(|,\s*)"([A-Z_]+)"', source))


def read(**settings: str) -> Config:
    """Read these settings and no others, with the instance folder in the system's own."""
    return Config.from_env({"SECRET_KEY": STRONG, **settings})


@pytest.mark.parametrize(("name", "value"), WRONG)
def test_wrong_setting_is_named(name: str, value: str) -> None:
    """The sentence begins with its name and says what would do."""
    with pytest.raises(SettingError, match=rf"^{name}: .+\.$"):
        read(**{name: value})


def test_each_setting_has_a_wrong_value_above() -> None:
    """A new setting comes with its test."""
    assert settings_read() - FREE == {name for name, _value in WRONG}


def test_each_setting_is_listed_in_the_readme() -> None:
    """People find them there, not in the source."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert {name for name in settings_read() if f"`{name}`" not in readme} == set()


def test_password_of_the_database_is_not_repeated() -> None:
    """The sentence goes into logs and onto screens."""
    with pytest.raises(SettingError) as refused:
        read(DATABASE_URL="mysql://citynet:hunter2@localhost/citynet")
    assert "hunter2" not in str(refused.value)
    assert "hunter2" not in repr(read(DATABASE_URL="postgresql://citynet:hunter2@localhost/c"))
    assert STRONG not in repr(read())


def test_development_needs_no_setting(tmp_path: Path) -> None:
    """SQLite in the instance folder, this machine only, mail in a folder, no second factor."""
    config = Config.from_env({"INSTANCE_DIR": str(tmp_path / "new" / "instance")})
    assert config.environment == "development"
    assert config.database == f"sqlite:///{tmp_path}/new/instance/citynet.db"
    assert (config.host, config.port) == ("127.0.0.1", 8000)
    assert config.insecure_http
    assert not config.is_production
    assert (config.mail_backend, config.public_url) == ("folder", "http://127.0.0.1:8000")
    assert not config.require_second_factor
    assert config.oidc_issuer == ""


@pytest.mark.parametrize(
    ("host", "port", "url"),
    [
        ("127.0.0.1", "9000", "http://127.0.0.1:9000"),
        ("0.0.0.0", "8000", "http://127.0.0.1:8000"),
        ("::", "8000", "http://127.0.0.1:8000"),
        ("::1", "8000", "http://[::1]:8000"),
        ("[::1]", "8000", "http://[::1]:8000"),
    ],
)
def test_links_in_mails_begin_where_the_server_listens(host: str, port: str, url: str) -> None:
    """Unless the network's own address is set."""
    assert read(HOST=host, PORT=port).public_url == url
    assert read(HOST=host, PUBLIC_URL="https://citynet.example/").public_url == (
        "https://citynet.example"
    )


@pytest.mark.parametrize("url", [None, "", "http://citynet.example", "http://127.0.0.1:8000"])
def test_production_sends_no_mail_without_its_own_address(url: str | None) -> None:
    """A link by plain http, or to this machine, leads nobody here."""
    settings = {**PRODUCTION, "PUBLIC_URL": url}
    with pytest.raises(SettingError, match=r"^PUBLIC_URL: .+\.$"):
        Config.from_env({name: value for name, value in settings.items() if value is not None})


def test_production_without_mail_or_https_may_go_without() -> None:
    """Where it is tried out inside a house."""
    without = {name: value for name, value in PRODUCTION.items() if name != "PUBLIC_URL"}
    assert Config.from_env({**without, "MAIL_BACKEND": "console"}).mail_backend == "console"
    assert Config.from_env({**without, "INSECURE_HTTP": "yes"}).mail_backend == "smtp"


@pytest.mark.parametrize("missing", list(PROVIDER))
def test_provider_is_set_wholly_or_not_at_all(missing: str) -> None:
    """The sentence names what is missing."""
    settings = {name: value for name, value in PROVIDER.items() if name != missing}
    with pytest.raises(SettingError, match=rf"^{missing}: .+\.$"):
        read(**settings)


def test_provider_is_read_as_it_is_given() -> None:
    """The slash at the end belongs to the issuer; one on this machine may do without https."""
    config = read(**PROVIDER)
    assert (config.oidc_issuer, config.oidc_name) == ("https://login.example/", "Kota ID")
    assert (config.oidc_client_id, config.oidc_client_secret) == ("citynet", "a secret word")
    assert "a secret word" not in repr(config)
    local = read(**{**PROVIDER, "OIDC_ISSUER": "http://127.0.0.1:9400"})
    assert local.oidc_issuer == "http://127.0.0.1:9400"


def test_blank_setting_is_as_if_it_were_not_there() -> None:
    """`.env` files often leave a name with nothing behind it."""
    blank = dict.fromkeys(settings_read() - {"SECRET_KEY", "INSTANCE_DIR"}, "  ")
    assert read(**blank) == read()


def test_values_are_read_as_people_write_them() -> None:
    """White space, capitals in yes and no, several hosts, a slash at the end."""
    config = read(
        PORT=" 9000 ", MAIL_USE_TLS="Yes", TRUSTED_HOSTS="a.example, .b.example ,[::1]",
        HOST="::1", CITYNET_ENV=" test ",
    )  # fmt: skip
    assert (config.port, config.mail_use_tls) == (9000, True)
    assert config.trusted_hosts == ("a.example", ".b.example", "[::1]")
    assert (config.host, config.environment) == ("::1", "test")


@pytest.mark.parametrize(
    ("given", "used"),
    [
        ("postgres://u:p@h/d", "postgresql+psycopg://u:p@h/d"),
        ("postgresql://u:p@h:5433/d", "postgresql+psycopg://u:p@h:5433/d"),
        ("postgresql+psycopg:///d?host=/run/pg", "postgresql+psycopg:///d?host=/run/pg"),
        ("sqlite:////srv/citynet.db", "sqlite:////srv/citynet.db"),
    ],
)
def test_database_is_written_as_hosts_give_it(given: str, used: str) -> None:
    """The driver is ours to know."""
    assert read(DATABASE_URL=given).database == used


@pytest.mark.parametrize(
    "key", ["", " ", "secret", "changeme", "x" * 31, "a" * 64, "changeme" * 8, "1234" * 16]
)
def test_production_refuses_a_weak_key(key: str) -> None:
    """Missing, short, default, or the same few letters."""
    with pytest.raises(SettingError, match=r"^SECRET_KEY: "):
        Config.from_env({**PRODUCTION, "SECRET_KEY": key})


@pytest.mark.parametrize("hosts", [None, "", "  "])
def test_production_refuses_to_serve_any_host(hosts: str | None) -> None:
    """A blank is no answer."""
    settings = {**PRODUCTION, "TRUSTED_HOSTS": hosts}
    with pytest.raises(SettingError, match=r"^TRUSTED_HOSTS: "):
        Config.from_env({name: value for name, value in settings.items() if value is not None})


def test_production_is_strict_unless_told_otherwise(tmp_path: Path) -> None:
    """Cookies over https only, logs as JSON, mail by SMTP, a second factor.

    Also where the word has a space behind it.
    """
    config = Config.from_env(
        {**PRODUCTION, "CITYNET_ENV": "production ", "INSTANCE_DIR": str(tmp_path)}
    )
    assert config.is_production
    assert not config.insecure_http
    assert (config.log_format, config.mail_backend) == ("json", "smtp")
    assert config.require_second_factor
    assert not (tmp_path / "secret_key").exists()


def test_development_key_is_made_once_and_kept_secret(tmp_path: Path) -> None:
    """Sessions outlive a restart, and nobody else on the machine reads it."""
    first = Config.from_env({"INSTANCE_DIR": str(tmp_path)}).secret_key
    assert Config.from_env({"INSTANCE_DIR": str(tmp_path)}).secret_key == first
    assert len(first) == 64
    assert stat.S_IMODE((tmp_path / "secret_key").stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["secret_key"]


def test_processes_that_begin_together_share_one_key(tmp_path: Path) -> None:
    """Otherwise a session of one web worker would be none for the next."""
    program = (
        "import os; from config import Config;"
        f"print(Config.from_env({{'INSTANCE_DIR': {str(tmp_path)!r}}}).secret_key)"
    )
    begun = [
        subprocess.Popen(
            [sys.executable, "-c", program], cwd=ROOT, stdout=subprocess.PIPE, text=True
        )
        for _ in range(6)
    ]
    keys = {process.communicate(timeout=60)[0].strip() for process in begun}
    assert len(keys) == 1
    assert len(keys.pop()) == 64


@pytest.mark.parametrize("words", [("setup",), ("serve",), ("index", "check"), ("--help",)])
def test_command_with_a_wrong_setting_ends_in_one_sentence(
    tmp_path: Path, words: tuple[str, ...]
) -> None:
    """No traceback: the person reads what to change."""
    done = processes.flask(tmp_path, *words, PORT="eighty")
    assert done.returncode != 0 or words == ("--help",)
    assert "CityNet cannot start. PORT: write a whole number (it is 'eighty' now)." in done.stderr
    assert "Traceback" not in done.stderr


def test_web_server_with_a_wrong_setting_stops(tmp_path: Path) -> None:
    """gunicorn does not start worker after worker that cannot work."""
    done = subprocess.run(
        [
            Path(sys.executable).parent / "gunicorn", "--no-control-socket",
            "--bind", f"127.0.0.1:{processes.free_port()}", "wsgi:app",
        ],
        env=processes.environment(tmp_path, SESSION_DAYS="many"), cwd=ROOT, text=True,
        capture_output=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 3
    assert "CityNet cannot start. SESSION_DAYS:" in done.stderr
    assert "Traceback" not in done.stderr


def test_process_reads_the_environment_over_the_file() -> None:
    """`from_env` without arguments is what a server calls."""
    done = subprocess.run(
        [sys.executable, "-c", "from config import Config; print(Config.from_env().port)"],
        env=processes.environment(Path("/tmp"), PORT="8123"), cwd=ROOT, text=True,
        capture_output=True, timeout=60, check=True,
    )  # fmt: skip
    assert done.stdout.strip() == "8123"
