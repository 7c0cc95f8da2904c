"""Sign-in through the network's OpenID Connect provider: what it is asked, and what is believed.

The settings name one provider; nothing that a person typed is ever fetched. Authlib does the code
flow with PKCE, state and nonce and checks the ID token's signature and times; here its issuer and
audience are pinned to the settings, and only asymmetric signatures are taken.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import cast

import requests
import structlog
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.flask_client import FlaskOAuth2App, OAuth
from flask import Flask, current_app, session
from joserfc.errors import JoseError
from werkzeug.wrappers import Response

from citynet.kit.errors import Conflict, NotFound
from citynet.kit.i18n import _
from config import Config

KEY = "provider"
DISCOVERY = "/.well-known/openid-configuration"
TIMEOUT_SECONDS = 5.0
# Authlib's names for what waits in the browser's session until the provider sends it back.
STATE = f"_state_{KEY}_"
NEXT = f"{KEY}.next"
# RFC 8176: more than a password was given.
STRONG = frozenset({"mfa", "hwk", "otp"})
SIGNATURES = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512")
log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Claims:
    """What the provider says of somebody, checked."""

    issuer: str
    # The provider's name, as people here know it.
    provider: str
    subject: str
    # Empty where the provider does not vouch for it.
    verified_email: str
    is_strong: bool


def init_app(app: Flask, config: Config) -> None:
    """Register the provider that the settings name, if they name one."""
    app.jinja_env.globals["provider_name"] = config.oidc_name if config.oidc_issuer else ""
    if not config.oidc_issuer:
        return
    OAuth(app).register(  # type: ignore[no-untyped-call]
        KEY,
        client_id=config.oidc_client_id,
        client_secret=config.oidc_client_secret,
        server_metadata_url=config.oidc_issuer.rstrip("/") + DISCOVERY,
        client_kwargs={
            "scope": "openid email",
            "code_challenge_method": "S256",
            "default_timeout": TIMEOUT_SECONDS,
        },
    )


def require_one() -> None:
    """Refuse where the settings name no provider.

    Raises:
        NotFound: they name none.
    """
    config: Config = current_app.config["CITYNET"]
    if not config.oidc_issuer:
        raise NotFound


def begin(*, back: str, after: str) -> Response:
    """Return the way to the provider; `back` is our address, `after` where the person goes on.

    Raises:
        NotFound: the network has no provider.
        Conflict: the provider does not answer, or not as the settings say.
    """
    client = _client()
    # One attempt at a time: the session is a cookie, and many begun ones would outgrow it.
    for name in [name for name in session if name.startswith(STATE)]:
        session.pop(name)
    session[NEXT] = after
    with _told():
        _read_metadata(client)
        return client.authorize_redirect(back)


def target() -> str:
    """Return, once, where the person who comes back goes on."""
    return str(session.pop(NEXT, ""))


def finish() -> Claims:
    """Return what the provider says of who came back.

    Raises:
        NotFound: the network has no provider.
        Conflict: cancelled, or something that cannot be believed.
    """
    client = _client()
    config: Config = current_app.config["CITYNET"]
    with _told():
        _read_metadata(client)
        token = client.authorize_access_token(
            claims_options={
                "iss": {"essential": True, "value": config.oidc_issuer},
                "aud": {"essential": True, "value": config.oidc_client_id},
            }
        )
        claims = token["userinfo"]
        said = claims if "email" in claims else _ask(client, token, str(claims["sub"]))
        return Claims(
            issuer=config.oidc_issuer,
            provider=config.oidc_name,
            subject=_subject(claims),
            verified_email=str(said["email"]) if _is_vouched_for(said) else "",
            is_strong=_is_strong(claims),
        )


def _client() -> FlaskOAuth2App:
    require_one()
    oauth: OAuth = current_app.extensions["authlib.integrations.flask_client"]
    return cast(FlaskOAuth2App, oauth.create_client(KEY))  # type: ignore[no-untyped-call]


def _read_metadata(client: FlaskOAuth2App) -> None:
    """Fetch the provider's description once; refuse one of another issuer (OIDC Discovery 4.3)."""
    config: Config = current_app.config["CITYNET"]
    metadata = client.load_server_metadata()
    if metadata.get("issuer") != config.oidc_issuer:
        metadata.clear()
        raise ValueError("the provider describes itself as another issuer")
    offered = metadata.get("id_token_signing_alg_values_supported") or ["RS256"]
    metadata["id_token_signing_alg_values_supported"] = [
        name for name in offered if name in SIGNATURES
    ]


def _ask(client: FlaskOAuth2App, token: object, subject: str) -> dict[str, object]:
    """Return what the provider tells beside the ID token, of the same person only (OIDC 5.3.2)."""
    told = dict(client.userinfo(token=token))
    if told.get("sub") != subject:
        raise ValueError("the provider tells of another person")
    return told


def _subject(claims: dict[str, object]) -> str:
    """Return what the provider calls the person (OIDC 2: at most 255 characters)."""
    subject = str(claims["sub"])
    if not 0 < len(subject) <= 255 or not subject.isprintable():
        raise ValueError("the provider names nobody")
    return subject


def _is_vouched_for(said: dict[str, object]) -> bool:
    return bool(said.get("email")) and said.get("email_verified") is True


def _is_strong(claims: dict[str, object]) -> bool:
    methods = claims.get("amr")
    given = set(map(str, methods)) if isinstance(methods, list) else set()
    return bool(STRONG & {*given, str(claims.get("acr", ""))})


@contextmanager
def _told() -> Iterator[None]:
    """Turn what goes wrong between us and the provider into a sentence."""
    config: Config = current_app.config["CITYNET"]
    name = config.oidc_name
    try:
        yield
    except requests.RequestException as error:
        log.warning("provider_does_not_answer", exc_info=True)
        raise Conflict(
            _("%(name)s does not answer just now. Sign in with your password.", name=name)
        ) from error
    except (AuthlibBaseError, JoseError, RuntimeError, ValueError, TypeError, KeyError) as error:
        log.warning("provider_not_believed", exc_info=True)
        if getattr(error, "error", "") == "access_denied":
            raise Conflict(
                _("You did not finish at %(name)s. Try again, or use your password.", name=name)
            ) from error
        raise Conflict(
            _(
                "The answer of %(name)s could not be checked. Begin again, or use your password.",
                name=name,
            )
        ) from error
