"""How a view answers: pages, fragments, headers. The only module that knows about htmx."""

from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, Response, current_app, g, make_response, request
from flask_wtf.csrf import generate_csrf
from htmx_flask import Htmx
from jinja2_fragments import render_block

from app import access, language
from app.assets import Assets
from app.view_settings import COOKIE, YEAR, ViewSettings

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
CSP = (
    "default-src 'self'; style-src 'self'{style}; img-src 'self' data:; object-src 'none'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)


def fragment_wanted() -> str:
    """The id of the element that htmx will replace, or nothing when a page is wanted."""
    if (
        request.headers.get("HX-Request") != "true"
        or "HX-History-Restore-Request" in request.headers
    ):
        return ""
    return request.headers.get("HX-Target", "")


def page(template: str, **context: Any) -> Response:
    """Answer with the page, or with the one block of it that htmx asked for."""
    environment = language.environment(current_app)
    target = fragment_wanted()
    if not target:
        found = environment.get_template(template).render(site=frame(), **context)
        response = Response(found, mimetype="text/html")
    elif target in environment.get_template(template).blocks:
        found = render_block(environment, template, target, site=frame(), **context)
        response = Response(found, mimetype="text/html")
    else:
        response = make_response("", 200, {"HX-Redirect": request.full_path.removesuffix("?")})
    response.vary.update(["HX-Request", "HX-Target"])
    return response


def frame() -> dict[str, Any]:
    """What `base.html` shows around a page, whatever the page is about."""
    config, assets = current_app.config, current_app.extensions["assets"]
    settings: ViewSettings = g.view_settings
    english = settings.language == "en"
    seen_style = settings.style == assets.style_version
    if not seen_style and not fragment_wanted():
        g.view_settings = replace(settings, style=assets.style_version)
        g.inline_style = True
    return {
        "language": settings.language,
        "other_language": "ko" if english else "en",
        "name": config["SITE_NAME_EN"] if english else config["SITE_NAME"],
        "settings": settings,
        "assets": assets,
        "inline_style": not seen_style,
        "path": request.path,
        "area": request.blueprint or "",
        "endpoint": request.endpoint,
        "customer_name": getattr(g, "customer_name", ""),
        "csrf_token": generate_csrf,
        "official_banner": config["OFFICIAL_BANNER"],
    }


def is_local(target: str) -> bool:
    """Whether an address leads to this site and nowhere else (S-29)."""
    if not target.startswith("/") or target[1:2] in ("/", "\\") or not target.isprintable():
        return False
    parts = urlsplit(target)
    return not parts.scheme and not parts.netloc and "\\" not in target


def read_settings() -> None:
    """Before a request: the visitor's language, text size and contrast."""
    settings = ViewSettings.parse(request.cookies.get(COOKIE, ""))
    if "lang" in request.args:
        settings = settings.changed(language=request.args["lang"])
    g.view_settings = settings
    g.language = settings.language


def finish(response: Response) -> Response:
    """After a request: security headers, caching, the view cookie."""
    headers = response.headers
    for name, value in HEADERS.items():
        headers.setdefault(name, value)
    assets: Assets = current_app.extensions["assets"]
    style = f" {assets.style_source}" if g.get("inline_style") else ""
    headers.setdefault("Content-Security-Policy", CSP.format(style=style))
    if current_app.config["MODE"] == "production":
        headers["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"
    settings = g.get("view_settings")
    if settings and str(settings) != request.cookies.get(COOKIE, ""):
        secure = current_app.config["SESSION_COOKIE_SECURE"]
        response.set_cookie(
            COOKIE, str(settings), max_age=YEAR, secure=secure, httponly=True, samesite="Lax"
        )
    response.vary.add("Cookie")
    request.environ["arisu.keep"] = may_keep(response)
    return response


def may_keep(response: Response) -> bool:
    """Whether this answer is the same for every visitor with the same view settings."""
    view = current_app.view_functions.get(request.endpoint or "")
    return (
        getattr(view, "kept", False)
        and response.status_code == 200
        and not request.query_string
        and not g.get("customer_name")
        and not fragment_wanted()
    )


def note_route() -> None:
    """Hand the log the address's pattern instead of the address."""
    rule = request.url_rule
    request.environ["arisu.route"] = rule.rule if rule else "-"


def init_app(app: Flask) -> None:
    Htmx(app)
    app.before_request(note_route)
    app.before_request(read_settings)
    app.after_request(finish)


def mark_of_current_view() -> str:
    """Who may open the view that was asked for."""
    return access.of(current_app, request.endpoint)
