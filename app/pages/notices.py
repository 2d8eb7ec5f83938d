"""공지사항: by kind, office and year, and as feeds."""

from typing import NamedTuple
from urllib.parse import quote

from flask import Response, abort, current_app, request
from flask.typing import ResponseReturnValue

from app import addresses, clock, feed, words
from app.access import kept
from app.language import _, current
from app.pages.article import Article
from app.pages.library import shelf
from app.pages.schema import CATEGORIES
from app.pages.views import bp
from app.supply.offices import offices
from app.web import absolute, page


class Asked(NamedTuple):
    """What a visitor wants to see; empty for everything."""

    category: str
    office: str
    year: str

    def wants(self, one: Article) -> bool:
        """Notices of headquarters are for everybody, whatever office is asked for."""
        right = not self.category or one.category == self.category
        own = not self.office or one.owner in (self.office, "headquarters")
        return right and own and (not self.year or self.year == year_of(one))


def year_of(one: Article) -> str:
    return str(words.local_day(one.publish_at).year)


def category_name(category: str) -> str:
    names = {
        "general": _("알림"),
        "policy": _("정책과 제도"),
        "service": _("서비스 바뀜"),
        "works": _("공사와 점검"),
        "quality": _("수질"),
    }
    return names[category]


def asked() -> Asked:
    """The filter of the address; what is not a choice counts as nothing."""
    given = {name: request.args.get(name, "") for name in Asked._fields}
    category = given["category"] if given["category"] in CATEGORIES else ""
    office = given["office"] if given["office"] in offices() else ""
    return Asked(category, office, given["year"] if given["year"].isdecimal() else "")


def archive() -> list[Article]:
    """All that were ever shown and not taken down, the newest first; in the best language."""
    now, found = clock.now(), dict[str, Article]()
    for one in shelf().articles.values():
        shown = one.kind == "notices" and one.is_published(now)
        gone = not one.is_current(now) and one.after != "archive"
        if shown and not gone and (one.slug not in found or one.language == current()):
            found[one.slug] = one
    return sorted(found.values(), key=lambda one: one.publish_at, reverse=True)


@bp.get("/notices/")
@kept
def notices() -> ResponseReturnValue:
    """What counts now; of a year that was asked for also what has ended."""
    wanted, every = asked(), archive()
    of = every if wanted.year else notices_of()
    return page(
        "pages/notices.html",
        articles=[one for one in of if wanted.wants(one)],
        asked=wanted,
        categories=[(name, category_name(name)) for name in CATEGORIES],
        category_name=category_name,
        offices=offices().values(),
        years=sorted({year_of(one) for one in every}, reverse=True),
        day=words.day,
        local_day=words.local_day,
    )


@bp.get("/notices/feed.<any(atom, rss, json):form>")
@kept
def notices_feed(form: str) -> ResponseReturnValue:
    return as_feed(_("서울 상수도 공지사항"), "/notices", notices_of(), form)


@bp.get("/notices/office/<office>/feed.<any(atom, rss, json):form>")
@kept
def office_notices_feed(office: str, form: str) -> ResponseReturnValue:
    """The notices of an office, and those of headquarters, which are for everybody."""
    known = offices().get(office) or abort(404)
    found = [one for one in notices_of() if one.owner in (office, "headquarters")]
    title = _("%(office)s수도사업소 공지사항", office=known.shown)
    return as_feed(title, f"/notices/office/{office}", found, form)


@bp.get("/notices/dong/<district>/<dong>/feed.<any(atom, rss, json):form>")
@kept
def dong_notices_feed(district: str, dong: str, form: str) -> ResponseReturnValue:
    """The notices of the office that serves a dong, and those for everybody."""
    known = addresses.districts().get(district)
    office = next((one.code for one in offices().values() if district in one.districts), "")
    if known is None or dong not in known.names:
        abort(404)
    found = [one for one in notices_of() if one.owner in (office, "headquarters")]
    title = _("%(place)s 공지사항", place=f"{district} {dong}")
    return as_feed(title, f"/notices/dong/{quote(district)}/{quote(dong)}", found, form)


def notices_of() -> list[Article]:
    return shelf().listed("notices", current(), clock.now())


def as_feed(title: str, path: str, found: list[Article], form: str) -> Response:
    config, home, now = current_app.config, absolute("/notices/"), clock.now()
    author = str(config["SITE_NAME_EN" if current() == "en" else "SITE_NAME"])
    entries = [
        feed.Entry(
            id=feed.tag(absolute(""), one.path.strip("/")),
            title=one.title,
            text=one.summary,
            published=one.publish_at,
            updated=one.changed_at(now),
            links=[(absolute(one.path), feed.HTML)],
        )
        for one in found
    ]
    made = feed.Feed(title, home, absolute(f"{path}/feed"), author, current(), entries)
    return Response(feed.WRITERS[form](made), content_type=feed.FORMS[form])
