"""Feeds of what is new: the same entries as Atom (RFC 4287), as RSS 2.0 and as JSON Feed 1.1."""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Any, NamedTuple
from urllib.parse import quote, urlsplit
from xml.etree import ElementTree as ET

ATOM = "http://www.w3.org/2005/Atom"
HTML = "text/html"
RSS_VERSION = "2.0"
JSON_VERSION = "https://jsonfeed.org/version/1.1"
FORMS = {
    "atom": "application/atom+xml; charset=utf-8",
    "rss": "application/rss+xml; charset=utf-8",
    "json": "application/feed+json; charset=utf-8",
}
NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Signs that XML cannot have in any form: one of them would break the whole feed."""
LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)


class Entry(NamedTuple):
    """`id` never changes; `links` are (address, media type), the page first."""

    id: str
    title: str
    text: str
    published: datetime
    updated: datetime
    links: Sequence[tuple[str, str]]
    tags: Sequence[str] = ()
    more: Mapping[str, Any] = {}


class Feed(NamedTuple):
    """`home` is the page that says the same, `address` the feed's own, without its form."""

    title: str
    home: str
    address: str
    author: str
    language: str
    entries: Sequence[Entry]

    @property
    def updated(self) -> datetime:
        return max((one.updated for one in self.entries), default=LONG_AGO)

    def at(self, form: str) -> str:
        return f"{self.address}.{form}"


def tag(base: str, name: str) -> str:
    """An identity that outlives addresses (RFC 4151)."""
    return f"tag:{urlsplit(base).hostname},2026:{quote(name)}"


def moment(value: datetime) -> str:
    return f"{value.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def add(parent: ET.Element, name: str, text: str = "", **attributes: str) -> ET.Element:
    made = ET.SubElement(parent, name, attributes)
    made.text = NO_XML.sub("", text) or None
    return made


def xml(root: ET.Element) -> bytes:
    found: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return found


def atom(feed: Feed, address: str = "") -> bytes:
    """`address` is the feed's own, where that does not end in its form."""
    own = address or feed.at("atom")
    root = ET.Element("feed", {"xmlns": ATOM, "xml:lang": feed.language})
    add(root, "id", own)
    add(root, "title", feed.title)
    add(root, "updated", moment(feed.updated))
    add(add(root, "author"), "name", feed.author)
    add(root, "link", rel="self", type="application/atom+xml", href=own)
    add(root, "link", rel="alternate", type=HTML, href=feed.home)
    for one in feed.entries:
        entry = add(root, "entry")
        add(entry, "id", one.id)
        add(entry, "title", one.title)
        add(entry, "published", moment(one.published))
        add(entry, "updated", moment(one.updated))
        add(entry, "summary", one.text)
        for href, kind in one.links:
            add(entry, "link", rel="alternate", type=kind, href=href)
        for word in one.tags:
            add(entry, "category", term=word)
    return xml(root)


def rss(feed: Feed) -> bytes:
    root = ET.Element("rss", {"version": RSS_VERSION, "xmlns:atom": ATOM})
    channel = add(root, "channel")
    add(channel, "title", feed.title)
    add(channel, "link", feed.home)
    add(channel, "description", feed.title)
    add(channel, "language", feed.language)
    add(channel, "lastBuildDate", format_datetime(feed.updated))
    own = {"rel": "self", "type": "application/rss+xml", "href": feed.at("rss")}
    add(channel, "atom:link", **own)
    for one in feed.entries:
        item = add(channel, "item")
        add(item, "title", one.title)
        add(item, "link", one.links[0][0])
        add(item, "description", one.text)
        for word in one.tags:
            add(item, "category", word)
        add(item, "guid", one.id, isPermaLink="false")
        add(item, "pubDate", format_datetime(one.updated))
    return xml(root)


def as_json(feed: Feed) -> bytes:
    found = {
        "version": JSON_VERSION,
        "title": feed.title,
        "home_page_url": feed.home,
        "feed_url": feed.at("json"),
        "language": feed.language,
        "authors": [{"name": feed.author}],
        "items": [
            {
                "id": one.id,
                "url": one.links[0][0],
                "title": one.title,
                "content_text": one.text,
                "date_published": moment(one.published),
                "date_modified": moment(one.updated),
                "tags": list(one.tags),
                **({"_arisu": dict(one.more)} if one.more else {}),
            }
            for one in feed.entries
        ],
    }
    return json.dumps(found, ensure_ascii=False, indent=1).encode()


WRITERS: dict[str, Callable[[Feed], bytes]] = {"atom": atom, "rss": rss, "json": as_json}
