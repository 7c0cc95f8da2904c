"""`create_app(config)`: wires everything, floor by floor; the only file that sees all of it."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

from flask import Flask, g, url_for
from flask_login import LoginManager, current_user
from flask_migrate import Migrate
from flask_wtf.csrf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix
from whitenoise import WhiteNoise

from citynet import cli
from citynet.accounts import personal as personal_accounts
from citynet.accounts import policy as account_policy
from citynet.accounts import provider
from citynet.accounts import queries as account_queries
from citynet.accounts import views as accounts
from citynet.accounts.views import (
    credentials,
    my_data,
    passkeys,
    second_factor,
    settings,
    signing_in,
)
from citynet.accounts.views import provider as provider_doors
from citynet.admin import personal as personal_desk
from citynet.admin import policy as desk_policy
from citynet.admin import views as admin
from citynet.admin.views import (
    announcements,
    desk,
    filters,
    memberships,
    missing,
    own_audit,
    past_queries,
    reviews,
)
from citynet.admin.views import applications as applications_desk
from citynet.admin.views import audit as audit_desk
from citynet.admin.views import bulk as bulk_desk
from citynet.admin.views import chapters as chapters_desk
from citynet.admin.views import deciding as deciding_desk
from citynet.admin.views import effects as effects_desk
from citynet.admin.views import identity as identity_desk
from citynet.admin.views import imports as imports_desk
from citynet.admin.views import inviting as inviting_desk
from citynet.admin.views import jobs as jobs_desk
from citynet.admin.views import letters as letters_desk
from citynet.admin.views import liveness as liveness_desk
from citynet.admin.views import membership as membership_desk
from citynet.admin.views import people as people_desk
from citynet.admin.views import search as search_desk
from citynet.admin.views import topics as topics_desk
from citynet.admin.views import trust as trust_desk
from citynet.announcements import personal as personal_announcements
from citynet.asked import personal as personal_asked
from citynet.asked import policy as asked_policy
from citynet.cities import personal as personal_cities
from citynet.cities import policy as city_policy
from citynet.cities import queries as city_queries
from citynet.cities.views import following, invitations, inviting, joining, registering, team
from citynet.index.whoosh import WhooshEngine
from citynet.kit import db, doors, files, html, http, i18n, log, mail, network, worker
from citynet.practices import personal as personal_practices
from citynet.practices import policy as practice_policy
from citynet.practices import views as practices
from citynet.practices.views import (
    deciding,
    editing,
    liveness,
    reading,
    reviewing,
    revisions,
    translating,
    translations,
    withdrawing,
)
from citynet.practices.views import files as practice_files
from citynet.practices.views import out as practice_out
from citynet.practices.views import word as practice_word
from citynet.search import digests, saved_views, typing_views
from citynet.search import effects as search_effects
from citynet.search import personal as personal_search
from citynet.search import views as search
from citynet.web import dev, errors, look
from citynet.web import views as web
from config import ROOT, Config

# Imported for the doors and effects they register.
__all__ = [
    "announcements",
    "applications_desk",
    "audit_desk",
    "bulk_desk",
    "chapters_desk",
    "create_app",
    "credentials",
    "deciding",
    "deciding_desk",
    "desk",
    "digests",
    "editing",
    "effects_desk",
    "filters",
    "following",
    "identity_desk",
    "imports_desk",
    "inviting",
    "inviting_desk",
    "letters_desk",
    "liveness",
    "liveness_desk",
    "membership_desk",
    "memberships",
    "missing",
    "my_data",
    "passkeys",
    "past_queries",
    "people_desk",
    "personal_accounts",
    "personal_announcements",
    "personal_asked",
    "personal_cities",
    "personal_desk",
    "personal_practices",
    "personal_search",
    "practice_files",
    "practice_out",
    "practice_word",
    "provider_doors",
    "reading",
    "registering",
    "reviewing",
    "reviews",
    "revisions",
    "saved_views",
    "search_desk",
    "search_effects",
    "second_factor",
    "settings",
    "signing_in",
    "topics_desk",
    "translating",
    "translations",
    "trust_desk",
    "typing_views",
    "withdrawing",
]
DIST = Path(__file__).parent / "web" / "static" / "dist"
account_queries.asks_for_second_factor(lambda one: bool(city_queries.chapter_of_person(one.id)))


def create_app(config: Config) -> Flask:
    """Return the whole application.

    Raises:
        RuntimeError: a view that names no policy.
    """
    config.instance_dir.mkdir(parents=True, exist_ok=True)
    app = Flask("citynet", static_folder="web/static", template_folder="web/templates")
    _configure(app, config)
    log.init_app(app, config.log_format)
    db.init_app(app, config.database)
    i18n.init_app(app)
    mail.init_app(app, config)
    files.init_app(app, config.instance_dir)
    worker.init_app(app, config.instance_dir)
    # The stubs know only Flask-SQLAlchemy; Flask-Migrate itself takes this one too.
    Migrate(app, db.db, directory=str(ROOT / "migrations"))  # type: ignore[arg-type]
    app.extensions["index"] = WhooshEngine(config.instance_dir / "index")
    _init_actor(app, config)
    http.init_app(app)
    provider.init_app(app, config)
    # Mail programs press this without a session; the link's own secret is the right (RFC 8058).
    CSRFProtect(app).exempt(saved_views.stop_now)
    errors.init_app(app)
    _init_templates(app, config)
    for blueprint in (
        accounts.bp, joining.bp, team.bp, invitations.bp, web.cities_bp, practices.bp, search.bp,
        admin.bp, jobs_desk.bp, own_audit.bp, look.bp, web.bp
    ):  # fmt: skip
        app.register_blueprint(blueprint)
    if not config.is_production:
        app.register_blueprint(web.styleguide)
        app.register_blueprint(dev.bp)
    cli.init_app(app)
    doors.check(
        app, account_policy, city_policy, practice_policy, asked_policy, desk_policy
    )  # fmt: skip
    _init_server(app, config)
    return app


def _configure(app: Flask, config: Config) -> None:
    app.config.update(
        SECRET_KEY=config.secret_key,
        TESTING=config.environment == "test",
        CITYNET=config,
        TRUSTED_HOSTS=list(config.trusted_hosts),
        SESSION_COOKIE_NAME="session" if config.insecure_http else "__Host-session",
        SESSION_COOKIE_SECURE=not config.insecure_http,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        PERMANENT_SESSION_LIFETIME=timedelta(days=config.session_days),
        WTF_CSRF_TIME_LIMIT=None,
        MAX_CONTENT_LENGTH=2_000_000,
        MAX_FORM_MEMORY_SIZE=2_000_000,
        MAX_FORM_PARTS=2_000,
        EFFECT_TRIES=config.effect_tries,
        SESSION_DAYS=config.session_days,
    )


def _init_actor(app: Flask, config: Config) -> None:
    """Read who acts, with the rights of this moment, before each view."""
    login = LoginManager(app)
    login.session_protection = None
    login.user_loader(accounts.load_sign_in)

    @app.before_request
    def read_actor() -> None:
        is_signed_in = current_user.is_authenticated
        is_strong = not config.require_second_factor or getattr(current_user, "is_strong", False)
        g.actor = city_queries.actor_of(g.person if is_signed_in else None, is_strong=is_strong)


def _init_templates(app: Flask, config: Config) -> None:
    app.add_template_filter(html.paragraphs)
    app.add_template_filter(html.rich)
    app.jinja_env.add_extension("jinja2.ext.do")
    manifest: dict[str, str] = {}
    if (DIST / "manifest.json").exists():
        manifest = json.loads((DIST / "manifest.json").read_text(encoding="utf-8"))

    def asset(name: str) -> str:
        return url_for("static", filename=f"dist/{manifest.get(name, name)}")

    app.jinja_env.globals.update(
        asset=asset,
        config_name=config.network_name,
        network=network.current,
        is_demonstration=config.demonstration_mark.exists(),
    )
    app.context_processor(lambda: {"actor": g.get("actor", city_queries.actor_of(None))})


def _init_server(app: Flask, config: Config) -> None:
    if config.behind_proxies:
        count = config.behind_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=count, x_proto=count, x_host=count)  # type: ignore[method-assign]
    if DIST.is_dir():
        app.wsgi_app = WhiteNoise(  # type: ignore[method-assign]
            app.wsgi_app, root=str(DIST), prefix="static/dist", immutable_file_test=_is_hashed
        )


def _is_hashed(_path: str, url: str) -> bool:
    """Tell whether the address holds its content's hash, so that it never changes."""
    return url.count(".") >= 2
