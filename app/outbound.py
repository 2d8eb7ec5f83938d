"""Calls to services outside: to hosts that the settings name, and never to private addresses.

No redirects, no repetitions, no proxies: what moves money or sends messages decides itself what
an error means (S-33). In development, and only there, services on this machine may be called.
"""

import re
import socket
import ssl
from collections.abc import Mapping, Sequence
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from time import monotonic
from typing import Any, NamedTuple
from urllib.parse import urlsplit

CONNECT, READ = 5.0, 10.0
"""Seconds for a connection, and for each piece of an answer."""
MOST = 2**20
"""Bytes of an answer that are read."""
HERE = ("127.0.0.1", "::1", "localhost")
HOST = re.compile(r"(?=.{1,253}$)[a-z0-9]([a-z0-9.-]*[a-z0-9])?|\[[0-9a-f:.]+\]")
UNICAST = ip_network("2000::/3")


class NotSentError(Exception):
    """Nothing was sent; its text says why, in words of ours."""


class ForbiddenError(NotSentError):
    """The address is none that may be called."""


class UntrustedError(NotSentError):
    """The other side could not show that it is who it should be."""


class NoAnswerError(Exception):
    """It was sent, or perhaps so, and no whole answer came."""


class Place(NamedTuple):
    """Where a call goes."""

    scheme: str
    host: str
    port: int
    path: str


class Answer(NamedTuple):
    status: int
    headers: Mapping[str, str]
    body: bytes


def is_named(host: str, hosts: Sequence[str]) -> bool:
    """Whether a host is one of the allowed: by its name, or below `*.example.com`."""
    return any(
        host.endswith(one[1:]) if one.startswith("*.") else host == one for one in map(str, hosts)
    )


def is_here(host: str) -> bool:
    return host.strip("[]") in HERE


def place_of(url: str, hosts: Sequence[str], local: bool) -> Place:
    """The place of an address; raises ForbiddenError for one that must not be called."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise ForbiddenError("not an address") from error
    host = (parts.hostname or "").lower()
    shown = f"[{host}]" if ":" in host else host
    odd = not url.isascii() or not url.isprintable() or "\\" in url or " " in url
    if odd or parts.fragment or "@" in parts.netloc or not HOST.fullmatch(shown):
        raise ForbiddenError("not an address")
    here = local and is_here(host)
    if parts.scheme != "https" and not (here and parts.scheme == "http"):
        raise ForbiddenError("not https")
    if not here and (not is_named(host, hosts) or port not in (None, 443)):
        raise ForbiddenError("a host that is not allowed")
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Place(parts.scheme, host, port or (443 if parts.scheme == "https" else 80), path)


def is_public(address: str) -> bool:
    """Whether an address is one of the internet at large, however it is wrapped."""
    found: IPv4Address | IPv6Address = ip_address(address)
    if isinstance(found, IPv6Address):
        if found.ipv4_mapped:
            found = found.ipv4_mapped
        elif found not in UNICAST or found.sixtofour or found.teredo:
            return False
    return found.is_global and not found.is_multicast


def resolved(place: Place, local: bool) -> str:
    """The address to connect to. It is looked up once: a name cannot change its mind later."""
    try:
        found = socket.getaddrinfo(place.host, place.port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise NotSentError("the name is not known") from error
    addresses = [str(one[4][0]) for one in found]
    here = local and is_here(place.host)
    if not addresses or not (here or all(map(is_public, addresses))):
        raise ForbiddenError("an address that is not public")
    return addresses[0]


class Caller:
    """Keeps one connection to the service that was called last."""

    def __init__(
        self,
        hosts: Sequence[str],
        local: bool = False,
        connect: float = CONNECT,
        read: float = READ,
    ) -> None:
        self.hosts, self.local, self.connect, self.read = hosts, local, connect, read
        self.open: tuple[Place, Any] | None = None

    def call(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str],
        body: bytes | None = None,
        deadline: float | None = None,
    ) -> Answer:
        """Call once; raises NotSentError or NoAnswerError."""
        import urllib3  # takes 50 ms to load: only for who calls

        place = place_of(url, self.hosts, self.local)
        if deadline is not None and monotonic() + self.connect + self.read > deadline:
            raise NotSentError("too late")
        pool, until = self.pool(place), monotonic() + self.connect + 2 * self.read
        whole = {"Accept-Encoding": "identity", **headers, "Host": named(place)}
        try:
            answer = pool.urlopen(
                method, place.path, body=body, headers=whole, retries=False, redirect=False,
                assert_same_host=False, preload_content=False, decode_content=False,
            )  # fmt: skip
            return Answer(answer.status, answer.headers, read_all(answer, until))
        except (urllib3.exceptions.NewConnectionError, urllib3.exceptions.ConnectTimeoutError):
            self.close()
            raise NotSentError("no connection") from None
        except urllib3.exceptions.HTTPError as error:
            self.close()
            if any(isinstance(one, ssl.SSLCertVerificationError) for one in error.args):
                raise UntrustedError("its certificate is not good") from None
            raise NoAnswerError(type(error).__name__) from None

    def pool(self, place: Place) -> Any:
        """The kept connection, when it leads to the same place."""
        import urllib3

        where = place._replace(path="")
        if self.open and self.open[0] == where:
            return self.open[1]
        self.close()
        address, timeout = (
            resolved(place, self.local),
            urllib3.Timeout(connect=self.connect, read=self.read),
        )
        if place.scheme == "https":
            name = place.host
            pool: Any = urllib3.HTTPSConnectionPool(
                address, place.port, timeout=timeout, retries=False, maxsize=1,
                cert_reqs="CERT_REQUIRED", server_hostname=name,
            )  # fmt: skip
        else:
            pool = urllib3.HTTPConnectionPool(
                address, place.port, timeout=timeout, retries=False, maxsize=1
            )
        self.open = where, pool
        return pool

    def close(self) -> None:
        if self.open:
            self.open[1].close()
            self.open = None


def named(place: Place) -> str:
    """What the Host header says."""
    host = f"[{place.host}]" if ":" in place.host else place.host
    usual = 443 if place.scheme == "https" else 80
    return host if place.port == usual else f"{host}:{place.port}"


def read_all(answer: Any, until: float) -> bytes:
    """The body of an answer, in time and of a size that can be; raises NoAnswerError."""
    found = b""
    try:
        for part in answer.stream(2**16, decode_content=False):
            found += part
            if len(found) > MOST or monotonic() > until:
                answer.close()
                raise NoAnswerError("an answer without end")
    finally:
        answer.release_conn()
    return found
