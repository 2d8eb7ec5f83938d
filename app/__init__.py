"""create_app(): the one list of everything that is plugged in."""

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, request
from flask.typing import ResponseReturnValue
from werkzeug.middleware.proxy_fix import ProxyFix
from whitenoise import WhiteNoise

from app import (
    access,
    assets,
    config,
    crashpoint,
    db,
    errors,
    health,
    language,
    migration,
    observe,
    rotation,
    sealed,
    sessions,
    web,
)
from app.accounts import commands as accounts_commands
from app.accounts import renewals as accounts_renewals  # noqa: F401 registers itself
from app.accounts import session as accounts_session
from app.accounts import sweep as accounts_sweep  # noqa: F401 registers itself
from app.adoption import commands as adoption_commands
from app.alerts import views as alerts_views
from app.assets import STATIC
from app.audit import commands as audit_commands
from app.billing import commands as billing_commands
from app.calculator import views as calculator_views
from app.complaint_desk import whole as complaint_desk
from app.complaints import commands as complaints_commands
from app.customers import views as customers_views
from app.delivery import Delivery, together
from app.demo import commands as demo_commands
from app.documents import forgetting as documents_forgetting  # noqa: F401 registers itself
from app.documents import views as documents_views
from app.home import views as home_views
from app.homes import commands as homes_commands
from app.homes import desk as homes_desk
from app.lookup import views as lookup_views
from app.messages import commands as messages_commands
from app.messages import state_words
from app.mobile import views as mobile_views
from app.mydata import commands as mydata_commands
from app.mydata import desk as mydata_desk
from app.open311 import commands as open311_commands
from app.operations import commands as operations_commands
from app.outages import desk as outages_desk
from app.outages import strip as outages_strip
from app.outages import views as outages_views
from app.pages import commands as pages_commands
from app.pages import library
from app.passkeys import views as passkeys_views
from app.patterns import views as patterns_views
from app.paying import desk_refunds as paying_desk  # with all views of that desk
from app.paying import guest_receipts as paying_views  # with all pages of payers
from app.paying import receipts as paying_receipts
from app.payments import keys as payment_keys
from app.payments import views as payments_views
from app.privacy import alarms as privacy_alarms  # noqa: F401 registers itself
from app.privacy import breach_commands as privacy_commands
from app.privacy import job as retention_job  # noqa: F401 registers itself
from app.privacy import processors
from app.profile import consents as consents_views
from app.profile import views as profile_views
from app.push import channel as push_channel  # noqa: F401 registers itself
from app.push import commands as push_commands
from app.push import vapid
from app.rates import views as rates_views
from app.reconciliation import commands as reconciliation_commands
from app.recovery import views as recovery_views
from app.reminders import commands as reminders_commands
from app.signup import views as signup_views
from app.staff import approval_views, log_views, me_views, team_views
from app.staff import commands as staff_commands
from app.staff import session as staff_session
from app.supply import commands as supply_commands
from app.tally import Tally
from app.tariff import active as tariff
from app.texts import channel as texts_channel  # noqa: F401 registers itself
from app.texts import commands as texts_commands
from app.texts import settings as texts_settings


class Arisu(Flask):
    """Flask with our Jinja environments; all our functions are synchronous."""

    jinja_environment = language.Environment

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        return func


def read_config(app: Flask, settings: Mapping[str, Any] | None) -> None:
    """Defaults, then the environment, then what a test asks for."""
    app.config.from_object(config)
    app.config.from_prefixed_env("WATER")
    for name in ("DATA_DIR", "DATABASE_URL"):
        if name in os.environ:
            app.config[name] = os.environ[name]
    app.config.from_mapping(settings or {})
    folder = Path(app.config["DATA_DIR"]).absolute()
    folder.mkdir(parents=True, exist_ok=True)
    if not app.config["DATABASE_URL"]:
        app.config["DATABASE_URL"] = f"sqlite:///{folder / 'arisu.db'}"
    production = app.config["MODE"] == "production"
    app.config.update(
        SESSION_COOKIE_NAME="__Host-sid" if production else "sid",
        SESSION_COOKIE_SECURE=production,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_PATH="/",
        WTF_CSRF_TIME_LIMIT=None,
        WTF_I18N_ENABLED=False,
        MAX_FORM_MEMORY_SIZE=2**20,
    )


def refuse_unsafe(app: Flask) -> None:
    """Production starts with its own secrets and without debugging, or not at all (S-35, S-62)."""
    mode = app.config["MODE"]
    if mode not in ("development", "production"):
        raise RuntimeError(f"WATER_MODE is {mode!r}; it must be development or production.")
    payment_keys.refuse_wrong(app.config)
    if mode == "development":
        crashpoint.arm(str(app.config["CRASH_AT"]))
        return
    if app.config["CRASH_AT"]:
        raise RuntimeError("WATER_CRASH_AT is for tests: production does not kill itself.")
    refuse_weak_secrets(app.config)
    base = urlsplit(str(app.config["BASE_URL"]))
    if base.scheme != "https" or base.hostname in (None, "localhost", "127.0.0.1", "::1"):
        raise RuntimeError("Set WATER_BASE_URL to the https address that people use.")
    if app.config["PASSWORD_MEMORY_KIB"] < LEAST_MEMORY_KIB:
        raise RuntimeError(f"WATER_PASSWORD_MEMORY_KIB must be {LEAST_MEMORY_KIB} or more.")
    if app.debug:
        raise RuntimeError("Debug mode shows secrets: it cannot be on in production.")


LEAST_MEMORY_KIB = 7168
SECRETS = ("SECRET_KEY", "BILL_CODE_KEY", "DATA_KEY")


def refuse_weak_secrets(settings: Mapping[str, Any]) -> None:
    """Each secret is long, random, not the development's, and another one than the others."""
    for name in SECRETS:
        secret = str(settings[name])
        if secret == getattr(config, name) or len(secret) < 32 or len(set(secret)) < 10:
            raise RuntimeError(f"Set WATER_{name} to at least 32 random characters.")
    if len({settings[name] for name in SECRETS}) < len(SECRETS):
        raise RuntimeError("The secrets of WATER_" + ", WATER_".join(SECRETS) + " must differ.")


def begin_requests(app: Flask) -> None:
    """What happens before every view, in this order; a connection stays with its thread."""
    database = db.open_database(app.config["DATABASE_URL"])
    agreed = False

    @app.before_request
    def begin() -> ResponseReturnValue | None:
        nonlocal agreed
        if request.endpoint == "health.healthz":
            return None
        database.connect(reuse_if_open=True)
        if not agreed:
            problem = migration.complaint() or rotation.complaint()
            if problem:  # looked at anew until it is mended
                observe.log.error(problem)
                return errors.answer(503)
            agreed = True
        web.begin()
        area = staff_session if access.is_staff_path(request.path) else accounts_session
        return area.guard()


def create_app(settings: Mapping[str, Any] | None = None) -> Flask:
    app = Arisu("app", static_folder=None, template_folder=str(config.ROOT / "templates"))
    read_config(app, settings)
    refuse_unsafe(app)
    begin_requests(app)
    for part in (
        observe,
        sealed,
        assets,
        language,
        web,
        sessions,
        accounts_session,
        staff_session,
        audit_commands,
        errors,
        migration,
        rotation,
        library,
        outages_strip,
        tariff,
        messages_commands,
        state_words,
        reconciliation_commands,
        processors,
        texts_settings,
        vapid,
    ):
        part.init_app(app)
    for module in (
        health,
        home_views,
        accounts_commands,
        adoption_commands,
        alerts_views,
        approval_views,
        audit_commands,
        billing_commands,
        calculator_views,
        complaints_commands,
        complaint_desk,
        customers_views,
        homes_commands,
        homes_desk,
        log_views,
        lookup_views,
        me_views,
        documents_views,
        messages_commands,
        open311_commands,
        operations_commands,
        outages_desk,
        outages_views,
        mydata_commands,
        mydata_desk,
        pages_commands,
        passkeys_views,
        patterns_views,
        paying_desk,
        paying_receipts,
        paying_views,
        payments_views,
        privacy_commands,
        mobile_views,
        profile_views,
        rates_views,
        push_commands,
        recovery_views,
        reminders_commands,
        consents_views,
        signup_views,
        staff_commands,
        supply_commands,
        team_views,
        texts_commands,
        demo_commands,
    ):
        app.register_blueprint(module.bp)
    app.register_blueprint(payments_views.hooks_bp)
    if app.config["MODE"] == "development":
        from app.messages import views as mailbox  # production has none

        app.register_blueprint(mailbox.bp)
    access.check(app)
    wrap(app)
    return app


def wrap(app: Flask) -> None:
    """The layers around Flask, from the inside out."""
    limit = app.config["KEPT_PAGES_MB"] * 2**20
    style = app.extensions["assets"].style_version
    state = together(library.state(app), outages_strip.state(app))
    delivery = Delivery(app.wsgi_app, state, web.answer_headers(app), style, limit)
    files = WhiteNoise(
        delivery,
        root=STATIC,
        prefix="static/",
        max_age=3600,
        immutable_file_test=lambda path, url: "/build/" in url,
        allow_all_origins=False,
        add_headers_function=static_headers,
    )
    tally = Tally(Path(app.config["DATA_DIR"]) / "tally")
    layered: Any = observe.RequestLog(files, tally)
    if proxies := app.config["PROXY_COUNT"]:
        layered = ProxyFix(layered, x_for=proxies, x_proto=proxies, x_host=proxies)
    elif app.config["MODE"] == "production":
        layered = observe.ProxyWatch(layered)
    app.wsgi_app = layered  # type: ignore[method-assign]


def static_headers(headers: Any, path: str, url: str) -> None:
    headers["X-Content-Type-Options"] = "nosniff"
    headers["Cross-Origin-Resource-Policy"] = "same-origin"
