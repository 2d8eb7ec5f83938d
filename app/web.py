"""How a view answers: pages, fragments, headers. The only module that knows about htmx."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, Response, abort, current_app, g, make_response, request
from htmx_flask import Htmx
from jinja2_fragments import render_block
from markupsafe import Markup

from app import access, language
from app.assets import Assets
from app.form_tokens import csrf_token
from app.view_settings import COOKIE, YEAR, ViewSettings

HEADERS = [
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "same-origin"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
    ("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
    ("Vary", "Accept-Encoding, Cookie, HX-Request, HX-Target"),
]
HSTS = ("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
CSP = (
    "default-src 'self'; style-src 'self'{style}; img-src 'self' data:; object-src 'none'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)


def fragment_wanted() -> str:
    """The id of the element that htmx will replace, or nothing when a page is wanted."""
    headers = request.environ
    if headers.get("HTTP_HX_REQUEST") != "true" or "HTTP_HX_HISTORY_RESTORE_REQUEST" in headers:
        return ""
    return str(headers.get("HTTP_HX_TARGET", ""))


def page(template: str, **context: Any) -> Response:
    """Answer with the page, or with the one block of it that htmx asked for."""
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    environment = language.environment(app)
    target = fragment_wanted()
    if not target:
        found = environment.get_template(template).render(site=frame(app), **context)
    elif target in environment.get_template(template).blocks:
        assets = app.extensions["assets"]
        site = {"language": language.current(), "csrf_token": csrf_token, "assets": assets}
        found = render_block(environment, template, target, site=site, **context)
    else:
        return make_response("", 200, {"HX-Redirect": request.full_path.removesuffix("?")})
    return Response(found, content_type="text/html; charset=utf-8")


def page_unless_seen(template: str, **context: Any) -> Response:
    """As `page`; but nothing new for a quiet refresh that has seen what is there: `stamp`."""
    if request.args.get("seen") == context["stamp"] and fragment_wanted():
        return Response(status=204)
    return page(template, **context)


def sheet(template: str, **context: Any) -> str:
    """A page to be kept as a file: whole, with its style in it, the same whoever asks and how."""
    app, before = current_app._get_current_object(), g.view_settings  # type: ignore[attr-defined]
    g.view_settings = ViewSettings(language=language.current())
    try:
        found = language.environment(app).get_template(template)
        return found.render(site={**frame(app), "urgent": ()}, **context)
    finally:
        g.view_settings = before


def frame(app: Flask) -> dict[str, Any]:
    """What `base.html` shows around a page, whatever the page is about."""
    config, assets = app.config, app.extensions["assets"]
    noted, asked = g._get_current_object(), request._get_current_object()  # type: ignore[attr-defined]
    settings: ViewSettings = noted.view_settings
    seen_style = settings.style == assets.style_version
    if not seen_style:
        noted.view_settings = replace(settings, style=assets.style_version)
        asked.environ["arisu.inline_style"] = True
    name = config["SITE_NAME_EN" if settings.language == "en" else "SITE_NAME"]
    desk = access.is_staff_path(asked.path)
    links, header, footer = around(app, asked.path, (settings.language, not seen_style, name))
    return {
        "language": settings.language,
        "name": name,
        "look": settings.css,
        "area_class": " desk-page" if desk else "",
        "urgent": () if desk else app.extensions["urgent"](),
        "settings": settings,
        "assets": assets,
        "links": links,
        "header": header.replace(MARK, csrf_token()) if noted.get("customer_name") else header,
        "footer": footer,
        "csrf_token": csrf_token,
    }


def around(app: Flask, path: str, look: tuple[str, bool, str]) -> tuple[Markup, Markup, Markup]:
    """The pieces around a page of the residents' or the staff's area."""
    signed_in = bool(g.get("customer_name"))
    if access.is_staff_path(path):
        menu = g.get("desk_menu", ())
        here = max((place for place, _ in menu if path.startswith(place)), key=len, default=path)
        return desk_shell(app, *look, here, menu, signed_in)
    area = path.strip("/").removeprefix("guide/").split("/")[0]
    return shell(app, *look, UNDER.get(area, area), signed_in)


PLAIN_FORM = 64 * 1024
"""Bytes that a form without files may have; its fields are parsed before a view sees them."""
AREAS = ("bills", "complaints", "outages", "notices", "learn", "login", "profile", "signup")
UNDER = dict.fromkeys(("homes", "passkeys", "push", "reminders"), "profile")
UNDER["report-a-problem"] = "complaints"
MARK = "\x01"  # where the form token goes in a finished header


def shell(
    app: Flask, language_: str, inline_style: bool, name: str, area: str, signed_in: bool
) -> tuple[Markup, Markup, Markup]:
    """The finished pieces around a page, made once for each combination of what they depend on."""
    key = language_, inline_style, name, area if area in AREAS else "", signed_in
    made: dict[Any, tuple[Markup, Markup, Markup]] = app.extensions.setdefault("shells", {})
    if key not in made:
        pieces = language.environment(app).get_template("frame.html").module
        official = app.config["OFFICIAL_BANNER"]
        mailbox = app.config["MODE"] == "development"
        made[key] = (
            pieces.links(app.extensions["assets"], inline_style),  # type: ignore[attr-defined]
            pieces.header(name, key[3], signed_in, lambda: MARK, official),  # type: ignore[attr-defined]
            pieces.footer("ko" if language_ == "en" else "en", mailbox),  # type: ignore[attr-defined]
        )
    return made[key]


def desk_shell(
    app: Flask,
    language_: str,
    inline_style: bool,
    name: str,
    here: str,
    menu: tuple[tuple[str, str], ...],
    signed_in: bool,
) -> tuple[Markup, Markup, Markup]:
    """As `shell`, for the staff's pages: the menu is that of the member's roles."""
    here = here if here == "/staff/me/" or here in dict(menu) else ""
    key = "desk", language_, inline_style, name, here, menu, signed_in
    made: dict[Any, tuple[Markup, Markup, Markup]] = app.extensions.setdefault("shells", {})
    if key not in made:
        if len(made) >= SHELLS_KEPT:
            made.clear()
        pieces = language.environment(app).get_template("frame.html").module
        mailbox = app.config["MODE"] == "development"
        made[key] = (
            pieces.links(app.extensions["assets"], inline_style, True),  # type: ignore[attr-defined]
            pieces.desk_header(name, here, menu, signed_in, lambda: MARK),  # type: ignore[attr-defined]
            pieces.desk_footer("ko" if language_ == "en" else "en", mailbox),  # type: ignore[attr-defined]
        )
    return made[key]


SHELLS_KEPT = 2000


def absolute(path: str) -> str:
    """An address for a mail or a paper: by the settings, never by what a request says (S-17)."""
    return str(current_app.config["BASE_URL"]).rstrip("/") + path


def is_local(target: str) -> bool:
    """Whether an address leads to this site and nowhere else (S-29)."""
    if not target.startswith("/") or target[1:2] in ("/", "\\") or not target.isprintable():
        return False
    parts = urlsplit(target)
    return not parts.scheme and not parts.netloc and "\\" not in target


def finish(response: Response) -> Response:
    """After a request: the view cookie, and whether the page may be kept."""
    asked, noted = request._get_current_object(), g._get_current_object()  # type: ignore[attr-defined]
    settings = noted.get("view_settings")
    kind = response.mimetype
    if settings and kind == "text/html" and str(settings) != asked.cookies.get(COOKIE, ""):
        secure = current_app.config["SESSION_COOKIE_SECURE"]
        response.set_cookie(
            COOKIE, str(settings), max_age=YEAR, secure=secure, httponly=True, samesite="Lax"
        )
    asked.environ["arisu.keep"] = not noted.get("customer_name") and may_keep(response)
    return response


def answer_headers(app: Flask) -> Callable[[Mapping[str, Any]], list[tuple[str, str]]]:
    """The headers of every answer (S-26, S-27), as a function of the WSGI environment."""
    always = [*HEADERS, HSTS] if app.config["MODE"] == "production" else HEADERS
    assets: Assets = app.extensions["assets"]
    linked = [*always, ("Content-Security-Policy", CSP.format(style=""))]
    inline = CSP.format(style=f" {assets.style_source}")
    with_style = [*always, ("Content-Security-Policy", inline)]
    return lambda environ: with_style if "arisu.inline_style" in environ else linked


def may_keep(response: Response) -> bool:
    """Whether this answer is the same for every visitor with the same view settings."""
    view = current_app.view_functions.get(request.endpoint or "")
    return (
        getattr(view, "kept", False)
        and response.status_code == 200
        and not request.query_string
        and not fragment_wanted()
    )


def begin() -> None:
    """Before a request: its route for the log, and how the visitor wants to see pages."""
    asked = request._get_current_object()  # type: ignore[attr-defined]
    if "\0" in asked.path or b"%00" in asked.query_string:
        abort(404)  # PostgreSQL cannot even look for it
    if asked.mimetype != "multipart/form-data" or current_view_is_by_link():
        # the limits on parts and memory count only multipart
        asked.max_content_length = min(PLAIN_FORM, current_app.config["MAX_CONTENT_LENGTH"])
    rule = asked.url_rule
    asked.environ["arisu.route"] = rule.rule if rule else "-"
    settings = ViewSettings.parse(asked.cookies.get(COOKIE, ""))
    if b"lang=" in asked.query_string:
        settings = settings.changed(language=asked.args.get("lang", ""))
    g.view_settings = settings
    language.use(settings.language)


def init_app(app: Flask) -> None:
    Htmx(app)
    app.after_request(finish)


def mark_of_current_view() -> str:
    """Who may open the view that was asked for."""
    return access.of(current_app, request.endpoint)


def current_view_is_by_link() -> bool:
    """Whether it takes a POST without a form token."""
    return access.is_by_link(current_app, request.endpoint)


def permission_of_current_view() -> str:
    """What a member of staff must be permitted to see it."""
    return access.permission_of(current_app, request.endpoint)


def current_view_is_half() -> bool:
    """Whether staff see it before the second factor."""
    return access.is_half(current_app, request.endpoint)


def proof_of_current_view() -> str:
    """What its visitor must have proved a few minutes ago."""
    return access.proof_of(current_app, request.endpoint)
