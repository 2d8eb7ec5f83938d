"""The last step of an answer: finished public pages are kept, everything is compressed.

A WSGI layer before Flask's routing. A page that its view marks as kept is stored by path, view
settings and encoding, and given out without waking Flask until the content changes.
"""

import gzip
import hashlib
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable
from dataclasses import replace
from threading import Lock
from typing import Any, NamedTuple

import brotli
from werkzeug.http import parse_cookie

from app.view_settings import COOKIE, ViewSettings

Environ = dict[str, Any]
StartResponse = Callable[..., Any]
Wsgi = Callable[[Environ, StartResponse], Iterable[bytes]]
Headers = list[tuple[str, str]]
State = Callable[[], tuple[Hashable, int]]

LONGEST_PATH = 200
SMALL = 600  # bytes; below this, compressing saves no packet
MAX_AGE = 50  # seconds; with the look at the folders, news are on every page within a minute
FORMS = ("json", "atom", "rss", "feed", "cap")
PACKED = ("text/", "image/svg", *(f"application/{form}" for form in FORMS))
NOT_KEPT = ("Cache-Control", "private, no-store")


class Kept(NamedTuple):
    headers: Headers
    etag: str
    body: bytes


def together(*states: State) -> State:
    """The state of several contents as one: all versions, and the change that comes first."""

    def state() -> tuple[Hashable, int]:
        found = [one() for one in states]
        return tuple(version for version, _ in found), min(seconds for _, seconds in found)

    return state


def collected(answer: Iterable[bytes]) -> bytes:
    """The whole body of an answer."""
    try:
        return b"".join(answer)
    finally:
        close = getattr(answer, "close", None)
        if close:
            close()


def encoding_for(environ: Environ) -> str:
    """The best encoding that the browser takes: br, gzip or none."""
    accepted = environ.get("HTTP_ACCEPT_ENCODING", "")
    if "br" in accepted:
        return "br"
    return "gzip" if "gzip" in accepted else ""


def compress(body: bytes, encoding: str, quality: int) -> bytes:
    if encoding == "br":
        return bytes(brotli.compress(body, quality=quality))
    if encoding == "gzip":
        return gzip.compress(body, min(quality, 9), mtime=0)
    return body


class Delivery:
    """`state` gives the content's version and the seconds until its next planned change.

    When the version changes, kept pages are dropped; browsers keep a page no longer than that.
    `headers` gives those of every answer; what the view set itself wins. `style` is the version of
    the stylesheet: browsers that have it get a page without the style in it.
    """

    def __init__(
        self,
        app: Wsgi,
        state: State,
        headers: Callable[[Environ], Headers],
        style: str,
        limit: int,
    ) -> None:
        self.app = app
        self.state = state
        self.headers = headers
        self.style = style
        self.limit = limit
        self.size = 0
        self.kept: OrderedDict[Hashable, Kept] = OrderedDict()
        self.kept_version: Hashable = None
        self.changing = Lock()

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        key = self.key(environ)
        if key is None:
            return self.ask(environ, start_response, None, 0)
        version, seconds = self.state()
        found = self.find(key, version)
        if found is None:
            return self.ask(environ, start_response, key, seconds)
        environ["arisu.route"] = environ["PATH_INFO"]
        return give(found, seconds, environ, start_response)

    def key(self, environ: Environ) -> Hashable | None:
        """What a kept page is found by; None when the answer may depend on anything else."""
        if environ["REQUEST_METHOD"] != "GET" or environ.get("QUERY_STRING"):
            return None
        path, sent = environ["PATH_INFO"], environ.get("HTTP_COOKIE", "")
        signed = "sid=" in sent  # or `__Host-sid`; they are read only for those that have none
        if signed or "HTTP_HX_REQUEST" in environ or "//" in path or len(path) > LONGEST_PATH:
            return None
        view = ViewSettings.parse(parse_cookie(sent).get(COOKIE, ""))  # as Flask reads them
        if view.style != self.style:
            view = replace(view, style="-")  # whatever else was sent, it gets the same page
        return path, view, encoding_for(environ)

    def find(self, key: Hashable, version: Hashable) -> Kept | None:
        if version != self.kept_version:
            with self.changing:
                self.kept, self.size, self.kept_version = OrderedDict(), 0, version
        return self.kept.get(key)

    def keep(self, key: Hashable, found: Kept, version: Hashable) -> None:
        """Keep a page, unless the content has changed while it was made."""
        with self.changing:
            if version != self.kept_version:
                return
            before = self.kept.pop(key, None)
            self.kept[key] = found
            self.size += weight(found) - (weight(before) if before else 0)
            while self.size > self.limit:
                _, oldest = self.kept.popitem(last=False)
                self.size -= weight(oldest)

    def ask(
        self, environ: Environ, start_response: StartResponse, key: Hashable | None, seconds: int
    ) -> Iterable[bytes]:
        """Let Flask answer; compress, and keep what may be kept."""
        started: list[Any] = []
        version = self.kept_version

        def note(status: str, headers: Headers, exc_info: Any = None) -> None:
            started[:] = [status, headers]

        answer = self.app(environ, note)
        status, headers = started
        headers = merged(headers, self.headers(environ))
        kind = next((value for name, value in headers if name == "Content-Type"), "")
        if not kind.startswith(PACKED):
            start_response(status, headers)
            return answer
        body = collected(answer)
        may_keep = key is not None and environ.get("arisu.keep")
        encoding = encoding_for(environ) if len(body) > SMALL else ""
        body = compress(body, encoding, 9 if may_keep else 1)
        headers = sized(headers, body, encoding)
        if not may_keep:
            start_response(status, headers)
            return [body]
        etag = f'"{hashlib.blake2b(body, digest_size=12).hexdigest()}"'
        headers = [pair for pair in headers if pair is not NOT_KEPT]
        found = Kept([*headers, ("ETag", etag)], etag, body)
        self.keep(key, found, version)
        return give(found, seconds, environ, start_response)


def weight(found: Kept) -> int:
    """Bytes that a kept page takes, roughly: its body, its headers and its place."""
    return len(found.body) + sum(len(name) + len(value) for name, value in found.headers) + 500


def merged(own: Headers, common: Headers) -> Headers:
    """A view's headers and those of every answer; what is not kept here is kept nowhere."""
    named = {name for name, _ in own}
    found = [*own, *(pair for pair in common if pair[0] not in named)]
    if "Cache-Control" not in named:
        found.append(NOT_KEPT)
    return found


def sized(headers: Headers, body: bytes, encoding: str) -> Headers:
    """The headers with the length and encoding of the body as it is sent."""
    found = [pair for pair in headers if pair[0] not in ("Content-Length", "Content-Encoding")]
    if body:  # the answer to HEAD has none, and says nothing about it
        found.append(("Content-Length", str(len(body))))
    if encoding:
        found.append(("Content-Encoding", encoding))
    return found


def give(
    found: Kept, seconds: int, environ: Environ, start_response: StartResponse
) -> Iterable[bytes]:
    """A kept page, or 304 when the browser has it."""
    age = ("Cache-Control", f"public, max-age={min(MAX_AGE, seconds)}")
    if found.etag in environ.get("HTTP_IF_NONE_MATCH", ""):
        dropped = {"Content-Length", "Content-Type"}
        headers = [pair for pair in found.headers if pair[0] not in dropped]
        start_response("304 Not Modified", [*headers, age])
        return []
    start_response("200 OK", [*found.headers, age])
    return [found.body]
