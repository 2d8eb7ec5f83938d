"""The Markdown pages, loaded into memory; a wrong one is left out and the log says so.

Publication and expiry are decided when a page is asked for. The folder is looked at again every
few seconds; a new set replaces the old one only when it could be read.
"""

import re
import time
from collections.abc import Callable, Iterator
from datetime import datetime
from functools import cached_property
from itertools import count
from pathlib import Path
from typing import Any, NamedTuple

import nh3
from flask import Flask, current_app
from flask_flatpages import FlatPages, Page
from flask_flatpages.utils import pygmented_markdown

from app import clock
from app.frontmatter import Broken, Problem, Source, take_apart
from app.language import LANGUAGES
from app.observe import log
from app.pages.article import Article, article
from app.pages.prose import check_body
from app.pages.schema import KINDS, OTHER_PAGES, check_head

ALLOWED = {
    "tags": nh3.ALLOWED_TAGS | {"div", "caption"},
    "attributes": {
        "*": {"id", "class"},
        "a": {"href", "title"},
        "img": {"src", "alt", "width", "height"},
        "td": {"align"},
        "th": {"align"},
    },
    "link_rel": None,
}
FOREVER = 10**6


class Checked(NamedTuple):
    """A content file and what is wrong with it."""

    path: Path
    problems: list[Problem]


def files(root: Path) -> Iterator[tuple[str, Path]]:
    """All content files with their kind, in order; hidden ones are those an editor has open."""
    for kind in KINDS:
        for path in sorted((root / kind).glob("[!.]*.md")):
            yield kind, path


def examine(kind: str, path: Path) -> Checked:
    """Check one file by itself, for its editor."""
    try:
        source = take_apart(kind, path.name, path.read_bytes())
    except Broken as broken:
        return Checked(path, [broken.problem])
    return Checked(path, sorted([*check_head(source, clock.today()), *check_body(source)]))


def link_problems(root: Path) -> dict[Path, list[Problem]]:
    """Links between pages that lead nowhere, by file."""
    found: dict[Path, list[Problem]] = {}
    known = {f"/{kind}/{path.name.split('.')[0]}" for kind, path in files(root)}
    known |= {*OTHER_PAGES, *(f"/{k}/" for k in KINDS)}
    for _, path in files(root):
        for number, text in enumerate(path.read_text("utf-8", "replace").split("\n"), 1):
            for target in re.findall(r"(?<!!)\[[^]]+]\((/[^)#? ]*)", text):
                if target not in known:
                    what = f"없는 화면으로 가는 링크입니다: {target}"
                    found.setdefault(path, []).append(Problem(number, what, "주소를 확인하세요."))
    return found


def polish(html: str, table: str) -> str:
    """Only harmless HTML; cells aligned by class; each table in a box that scrolls, also by keys,
    and is called by the word for table and its number.
    """
    clean = nh3.clean(html, **ALLOWED)  # type: ignore[arg-type]
    clean = re.sub(r' align="(left|center)"', "", clean.replace(' align="right"', ' class="n"'))
    number = count(1)

    def box(match: re.Match[str]) -> str:
        label = f"{table} {next(number)}"
        return f'<div class="wrap" tabindex="0" role="group" aria-label="{label}"><table>'

    return re.sub("<table>", box, clean).replace("</table>", "</table></div>")


class Library(FlatPages):
    """Flask-FlatPages over the files that pass their check."""

    @cached_property
    def _pages(self) -> dict[str, Page]:
        root, today = Path(self.root), clock.today()
        found = {}
        for kind, path in files(root):
            try:
                source = take_apart(kind, path.name, path.read_bytes())
                errors = [problem for problem in check_head(source, today) if problem.error]
            except Broken as broken:
                errors = [broken.problem]
            if errors:
                where = f"{path.relative_to(root)}:{errors[0].line}"
                fields = {"file": where, "why": errors[0].what}
                log.error("content page left out", extra={"fields": fields})
            elif source.meta["status"] == "publish":
                name = f"{kind}/{source.slug}.{source.language}"
                found[name] = self.page(name, source)
        return found

    def page(self, name: str, source: Source) -> Page:
        """FlatPages' page, with the fields that were read already."""
        page = Page(name, source.head, source.body, self.render, source.kind)
        page.__dict__["meta"] = source.meta
        return page

    def render(self, page: Page) -> str:
        """Markdown to harmless HTML; asked once a page, when it is first shown."""
        table = "Table" if page.path.endswith(".en") else "표"
        return polish(pygmented_markdown(page.body, self), table)

    @cached_property
    def articles(self) -> dict[tuple[str, str, str], Article]:
        """(kind, slug, language) → article."""
        return {(a.kind, a.slug, a.language): a for a in map(article, self)}

    @cached_property
    def moved(self) -> dict[str, str]:
        """Old addresses and where their page is now."""
        return {old: a.path for a in self.articles.values() for old in a.redirect_from}

    @cached_property
    def changes(self) -> list[float]:
        """The moments at which a page appears or ends, as POSIX time, in order."""
        times = [at for a in self.articles.values() for at in (a.publish_at, a.updated_at)]
        times += [a.expires_at for a in self.articles.values() if a.expires_at]
        return sorted({moment.timestamp() for moment in times})

    def listed(self, kind: str, language: str, now: datetime) -> list[Article]:
        """The current pages of a kind: those in the language, then those only in Korean."""
        own = [a for a in self.articles.values() if a.kind == kind and a.is_current(now)]
        best = [a for a in own if a.language == language]
        slugs = {a.slug for a in best}
        best += [a for a in own if a.slug not in slugs and a.language == "ko"]
        if kind == "notices":
            return sorted(best, key=lambda a: a.publish_at, reverse=True)
        return sorted(best, key=lambda a: (a.language != language, a.order, a.slug))

    def find(self, kind: str, slug: str, language: str, now: datetime) -> Article | None:
        """The page in the language, else in Korean; None before it is published."""
        for choice in dict.fromkeys((language, "ko", *LANGUAGES)):
            found = self.articles.get((kind, slug, choice))
            if found and found.is_published(now):
                return found
        return None


class Shelf:
    """The library in use, and when it was last compared with the folder."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.root = Path(app.config["CONTENT_DIR"])
        self.next_look = 0.0
        self.signature: object = None
        self.number = 0
        self.library = self.load()

    def load(self) -> Library:
        self.signature = self.sign()
        library = Library(name="shelf")
        with self.app.app_context():
            _ = library.articles, library.changes
        return library

    def sign(self) -> object:
        """Changes whenever a file is added, removed or written."""
        return [(str(path), path.stat().st_mtime_ns) for _, path in files(self.root)]

    def current(self) -> Library:
        """The library, loaded anew when the folder has changed."""
        now = time.monotonic()
        if now >= self.next_look:
            self.next_look = now + self.app.config["CONTENT_CHECK_SECONDS"]
            if self.sign() != self.signature:
                self.reload()
        return self.library

    def reload(self) -> None:
        try:
            self.library = self.load()
            self.number += 1
        except Exception:
            log.exception("content could not be loaded; the pages from before stay")

    def state(self) -> tuple[object, int]:
        """(version, seconds until a page appears or ends), for what is kept of finished pages."""
        changes, now = self.current().changes, clock.now().timestamp()
        past = sum(1 for change in changes if change <= now)
        left = int(changes[past] - now) if past < len(changes) else FOREVER
        return (self.number, past), left


def shelf() -> Library:
    """The pages, in views."""
    found: Shelf = current_app.extensions["shelf"]
    return found.current()


def state(app: Flask) -> Callable[[], tuple[Any, int]]:
    found: Shelf = app.extensions["shelf"]
    return found.state


def init_app(app: Flask) -> None:
    app.config.update(
        FLATPAGES_SHELF_ROOT=app.config["CONTENT_DIR"],
        FLATPAGES_SHELF_EXTENSION=".md",
        FLATPAGES_SHELF_AUTO_RELOAD=False,
        FLATPAGES_SHELF_MARKDOWN_EXTENSIONS=[
            "tables",
            "toc",
            "admonition",
            "attr_list",
            "sane_lists",
        ],
        FLATPAGES_SHELF_EXTENSION_CONFIGS={"tables": {"use_align_attribute": True}},
    )
    for name, value in Library.default_config:
        app.config.setdefault(f"FLATPAGES_SHELF_{name.upper()}", value)
    app.extensions["shelf"] = Shelf(app)
