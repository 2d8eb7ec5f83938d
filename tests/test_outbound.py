"""Calls to services outside: only to allowed hosts, never to private addresses, never twice."""

import socket
import ssl
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from time import monotonic

import pytest

from app import outbound
from app.outbound import (
    Caller,
    ForbiddenError,
    NoAnswerError,
    NotSentError,
    UntrustedError,
    place_of,
)
from tests import certificates

HOSTS = ["api.example.kr", "*.push.example"]


class Server(ThreadingHTTPServer):
    """`seen` are the requests that came; `answers` says what the next ones get."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.seen, self.answers, self.go_on = [], [], Event()
        self.url = f"http://127.0.0.1:{self.server_address[1]}"


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        self.server.seen.append((self.path, dict(self.headers)))
        status, headers, body = (
            self.server.answers.pop(0) if self.server.answers else (200, {}, b"")
        )
        if status == "hang":
            self.server.go_on.wait(20)
            return
        if status == "cut":
            self.connection.shutdown(socket.SHUT_RDWR)
            return
        self.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    do_POST = do_GET

    def log_message(self, *arguments):
        pass


@contextmanager
def listening(certificate=None):
    server = Server()
    if certificate:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(certificate)
        server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.go_on.set()
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.fixture
def server():
    with listening() as found:
        yield found


@pytest.fixture
def caller():
    found = Caller(HOSTS, local=True, connect=2, read=2)
    yield found
    found.close()


@pytest.mark.parametrize(
    "url",
    [
        "http://api.example.kr/",
        "https://api.example.kr.evil.example/",
        "https://evil.example/",
        "https://push.example/",
        "https://xpush.example/",
        "https://api.example.kr@evil.example/",
        "https://user:word@api.example.kr/",
        "https://api.example.kr:8443/",
        "https://api.example.kr:x/",
        "https://api.example.kr/#part",
        "https://api.example.kr\\@evil.example/",
        "https://api.example.kr/a b",
        "https://api.example.kr/\r\nX: y",
        "https://한글.example/",
        "https://169.254.169.254/latest/meta-data/",
        "https://127.0.0.1/",
        "https://localhost/",
        "https://[::1]/",
        "file:///etc/passwd",
        "ftp://api.example.kr/",
        "",
        "api.example.kr",
    ],
)
def test_an_address_that_is_not_allowed_is_refused_before_anything_is_asked(url):
    with pytest.raises(ForbiddenError):
        place_of(url, HOSTS, local=False)


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://api.example.kr/a?b=c", "api.example.kr"),
        ("https://API.example.kr:443/", "api.example.kr"),
        ("https://web.push.example/x", "web.push.example"),
    ],
)
def test_an_allowed_address_is_taken_apart(url, host):
    assert place_of(url, HOSTS, local=False).host == host


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:8001/x", "http://localhost:1/", "http://[::1]:2/"]
)
def test_this_machine_may_be_called_in_development_only(url):
    assert place_of(url, HOSTS, local=True).scheme == "http"

    with pytest.raises(ForbiddenError):
        place_of(url, HOSTS, local=False)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.0.0.5",
        "192.168.1.1",
        "172.16.3.4",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",
        "224.0.0.1",
        "::1",
        "fe80::1",
        "fc00::1",
        "::ffff:127.0.0.1",
        "64:ff9b::7f00:1",
        "64:ff9b:1::7f00:1",
        "::127.0.0.1",
        "fec0::1",
        "2002:7f00:1::",
    ],
)
def test_a_name_that_leads_to_a_private_address_is_not_called(address, monkeypatch):
    def lookup(host, port, **options):
        return [(0, 0, 0, "", (address, port))]

    monkeypatch.setattr(outbound.socket, "getaddrinfo", lookup)

    with pytest.raises(ForbiddenError, match="not public"):
        Caller(HOSTS).call("GET", "https://api.example.kr/", {})


def test_of_several_addresses_none_may_be_private(monkeypatch):
    def lookup(host, port, **options):
        return [(0, 0, 0, "", (address, port)) for address in ("8.8.8.8", "127.0.0.1")]

    monkeypatch.setattr(outbound.socket, "getaddrinfo", lookup)

    with pytest.raises(ForbiddenError):
        Caller(HOSTS).call("GET", "https://api.example.kr/", {})


def test_a_redirect_is_an_answer_and_is_not_followed(server, caller):
    with listening() as other:
        server.answers = [(302, {"Location": f"{other.url}/elsewhere"}, b"")]

        answer = caller.call("GET", f"{server.url}/here", {})

        assert answer.status == 302
        assert other.seen == []


@pytest.mark.parametrize("status", [500, 502, 503, 429])
def test_nothing_is_tried_twice(server, caller, status):
    server.answers = [(status, {"Retry-After": "0"}, b"")] * 3

    assert caller.call("POST", f"{server.url}/x", {}, b"body").status == status
    assert len(server.seen) == 1


def test_a_connection_is_kept_and_closed(server, caller):
    answers = [caller.call("GET", f"{server.url}/{number}", {}).status for number in range(3)]

    assert answers == [200, 200, 200]
    assert caller.open is not None
    caller.close()
    assert caller.open is None


def test_who_is_not_there_was_sent_nothing(caller):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]

    with pytest.raises(NotSentError, match="no connection"):
        caller.call("GET", f"http://127.0.0.1:{port}/", {})


@pytest.mark.parametrize("how", ["cut", "hang"])
def test_without_a_whole_answer_nobody_knows(server, how):
    server.answers = [(how, {}, b"")]
    caller = Caller(HOSTS, local=True, connect=1, read=0.3)

    with pytest.raises(NoAnswerError):
        caller.call("POST", f"{server.url}/", {}, b"body")
    assert len(server.seen) == 1


def test_an_answer_without_end_is_not_read_to_its_end(server, caller, monkeypatch):
    monkeypatch.setattr(outbound, "MOST", 1000)
    server.answers = [(200, {}, b"x" * 100_000)]

    with pytest.raises(NoAnswerError, match="without end"):
        caller.call("GET", f"{server.url}/", {})


def test_what_would_come_too_late_is_not_sent(server, caller):
    with pytest.raises(NotSentError, match="too late"):
        caller.call("GET", f"{server.url}/", {}, deadline=monotonic() + 1)
    assert server.seen == []


def test_the_host_header_is_the_name_and_the_answer_is_not_packed(server, caller):
    caller.call("GET", f"{server.url}/", {"Accept": "text/plain"})

    headers = server.seen[0][1]
    assert headers["Host"] == server.url.removeprefix("http://")
    assert headers["Accept-Encoding"] == "identity"


def test_who_cannot_show_who_it_is_gets_nothing(caller, tmp_path, monkeypatch):
    """Unknown, then known by its authority, then known but under another name."""
    certificate = certificates.write(tmp_path / "server.pem")
    with listening(certificate) as server:
        port = server.server_address[1]
        with pytest.raises(UntrustedError):
            caller.call("POST", f"https://127.0.0.1:{port}/unknown", {}, b"body")
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        assert caller.call("POST", f"https://127.0.0.1:{port}/known", {}, b"body").status == 200
        with pytest.raises(UntrustedError):
            caller.call("POST", f"https://localhost:{port}/other", {}, b"body")

    assert [path for path, _ in server.seen] == ["/known"]
