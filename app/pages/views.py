"""교육 자료, 공지사항, 자주 묻는 질문, 안내: what editors wrote in content/."""

from collections.abc import Iterable
from itertools import groupby

from flask import Blueprint, Response, abort, current_app, g, redirect, request
from flask.typing import ResponseReturnValue

from app import clock, words
from app.access import kept, public
from app.language import _, current
from app.pages.article import Article
from app.pages.library import shelf
from app.pages.schema import PRIVACY, TOPICS
from app.web import page

bp = Blueprint("content", __name__)
bp.cli.help = "The Markdown pages."


def topic_name(topic: str) -> str:
    names = {
        "bill": _("요금"),
        "payment": _("납부"),
        "home": _("우리 집 물"),
        "water": _("수돗물"),
        "outage": _("단수"),
        "moving": _("이사"),
    }
    return names[topic]


def by_topic(articles: Iterable[Article]) -> list[tuple[str, str, list[Article]]]:
    """(topic, its name, its pages) in the order of the topics."""
    order = list(TOPICS)
    ranked = sorted(articles, key=lambda article: order.index(article.topic))
    groups = groupby(ranked, key=lambda article: article.topic)
    return [(topic, topic_name(topic), list(group)) for topic, group in groups]


@bp.get("/learn/")
@kept
def learn() -> ResponseReturnValue:
    articles = shelf().listed("learn", current(), clock.now())
    return page("pages/learn.html", topics=by_topic(articles))


@bp.get("/faq/")
@kept
def faq() -> ResponseReturnValue:
    articles = shelf().listed("faq", current(), clock.now())
    return page("pages/faq.html", topics=by_topic(articles))


@bp.get("/<any(learn, faq, notices, guide):kind>/<slug>")
@kept
def article(kind: str, slug: str) -> ResponseReturnValue:
    found = shelf().find(kind, slug, current(), clock.now())
    if found is None:
        target = shelf().moved.get(request.path) or abort(404)
        return redirect(target, 301)
    expired = not found.is_current(clock.now())
    if expired and found.after.startswith("redirect:"):
        return redirect(found.after.removeprefix("redirect:"), 303)
    if expired and found.after == "remove":
        abort(404)
    related = [
        other
        for other in shelf().listed(kind, current(), clock.now())
        if other.slug != slug and other.topic == found.topic
    ]
    names = {
        "learn": _("교육 자료"),
        "faq": _("자주 묻는 질문"),
        "notices": _("공지사항"),
        "guide": "",
    }
    return page(
        "pages/article.html",
        article=found,
        kind_name=names[kind],
        related=related[:4] if kind in ("learn", "faq") else [],
        published=words.day(words.local_day(found.publish_at)),
        changed=changed(found),
        expired=expired,
    )


def changed(one: Article) -> str:
    """The day on which it was changed, when that is not the one on which it was published."""
    days = [words.local_day(at) for at in (one.publish_at, one.changed_at(clock.now()))]
    return words.day(days[1]) if days[0] != days[1] else ""


@bp.get("/display")
@public
def display() -> ResponseReturnValue:
    """보기 설정: text size and contrast, kept in a cookie; a GET form, nothing changes here."""
    asked = {name: request.args.get(name, "") for name in ("size", "contrast")}
    if any(asked.values()):
        g.view_settings = g.view_settings.changed(**asked)
    return page("pages/display.html")


@bp.get("/guide/")
@public
def guide() -> ResponseReturnValue:
    return redirect("/learn/", 303)


@bp.get("/robots.txt")
@public
def robots() -> ResponseReturnValue:
    lines = [
        "User-agent: *",
        "Disallow: /bills/",
        "Disallow: /login",
        f"Sitemap: {base()}/sitemap.xml",
    ]
    return Response("\n".join([*lines, ""]), mimetype="text/plain")


@bp.get("/sitemap.xml")
@public
def sitemap() -> ResponseReturnValue:
    """All public pages that are current."""
    now = clock.now()
    paths = [
        "/",
        "/calculator/",
        "/tariff/",
        "/learn/",
        "/faq/",
        "/notices/",
        "/outages/",
        *PRIVACY,
    ]
    paths += ["/complaints/", "/complaints/public", "/complaints/status"]
    paths += [a.path for a in shelf().articles.values() if a.language == "ko" and a.is_current(now)]
    entries = "".join(f"<url><loc>{base()}{path}</loc></url>" for path in paths)
    namespace = "http://www.sitemaps.org/schemas/sitemap/0.9"
    body = (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="{namespace}">{entries}</urlset>\n'
    )
    return Response(body, mimetype="application/xml")


def base() -> str:
    return str(current_app.config["BASE_URL"]).rstrip("/")
