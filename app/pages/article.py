"""A page as visitors see it: the fields of its file and its text."""

from datetime import datetime
from typing import Any, NamedTuple

from flask_flatpages import Page


class Article(NamedTuple):
    """A page as visitors see it."""

    kind: str
    slug: str
    language: str
    owner: str
    title: str
    summary: str
    topic: str
    category: str
    order: int
    publish_at: datetime
    updated_at: datetime
    """When its editor says that it was changed; else when it was published."""
    expires_at: datetime | None
    after: str
    review_by: Any
    sources: list[str]
    area: str
    contact: str
    redirect_from: list[str]
    page: Page

    @property
    def path(self) -> str:
        return f"/{self.kind}/{self.slug}"

    @property
    def html(self) -> str:
        return str(self.page.html)

    def is_published(self, now: datetime) -> bool:
        return self.publish_at <= now

    def changed_at(self, now: datetime) -> datetime:
        """The last change; one that is still to come is none."""
        return self.updated_at if self.updated_at <= now else self.publish_at

    def is_current(self, now: datetime) -> bool:
        """Published and not expired; an archived page is still shown, but not listed first."""
        return self.is_published(now) and (self.expires_at is None or now < self.expires_at)


def article(page: Page) -> Article:
    kind, name = page.path.split("/")
    slug, language = name.rsplit(".", 1)
    meta = page.meta
    return Article(
        kind=kind,
        slug=slug,
        language=language,
        owner=meta["owner"],
        title=meta["title"],
        summary=meta["summary"],
        topic=meta.get("topic", ""),
        category=meta.get("category", "general"),
        order=meta.get("order", 1000),
        publish_at=meta["publish_at"],
        updated_at=max(meta["publish_at"], meta.get("updated_at") or meta["publish_at"]),
        expires_at=meta.get("expires_at"),
        after=meta.get("after", ""),
        review_by=meta["review_by"],
        sources=meta.get("sources", []),
        area=meta.get("area", ""),
        contact=meta.get("contact", ""),
        redirect_from=meta.get("redirect_from", []),
        page=page,
    )
