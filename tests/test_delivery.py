"""The layer that keeps finished pages and compresses answers."""

import gzip

import brotli
import pytest

from app.delivery import Delivery


class Upstream:
    """A WSGI app that counts how often it is asked, and what it should answer."""

    def __init__(self, body=b"<p>" + b"water " * 200, status="200 OK", keep=True, headers=()):
        self.body, self.status, self.keep = body, status, keep
        self.headers = [("Content-Type", "text/html; charset=utf-8"), *headers]
        self.asked = 0

    def __call__(self, environ, start_response):
        self.asked += 1
        environ["arisu.keep"] = self.keep
        start_response(self.status, list(self.headers))
        return [self.body]


def ask(delivery, path="/", method="GET", **environ):
    answer = {}

    def start(status, headers, exc_info=None):
        answer.update(status=status, headers=dict(headers))

    given = {"PATH_INFO": path, "REQUEST_METHOD": method, "QUERY_STRING": "", **environ}
    answer["body"] = b"".join(delivery(given, start))
    return answer


@pytest.fixture
def state():
    return {"version": 1, "seconds": 1000}


def layer(upstream, state, limit=10**6):
    def now():
        return state["version"], state["seconds"]

    return Delivery(upstream, now, lambda environ: [("X-Every", "answer")], "0a1b2c3d", limit)


def test_a_kept_page_is_made_once_for_each_view_and_encoding(state):
    upstream = Upstream()
    delivery = layer(upstream, state)

    plain = [ask(delivery)["body"] for _ in range(3)]
    packed = ask(delivery, HTTP_ACCEPT_ENCODING="gzip, br")
    zipped = ask(delivery, HTTP_ACCEPT_ENCODING="gzip")
    ask(delivery, HTTP_COOKIE="a=b; view=en.100.n.-")
    ask(delivery, HTTP_COOKIE="view=en.100.n.-")

    assert plain == [upstream.body] * 3
    assert brotli.decompress(packed["body"]) == gzip.decompress(zipped["body"]) == upstream.body
    assert packed["headers"]["Content-Encoding"] == "br"
    assert upstream.asked == 4


def test_a_change_of_the_content_drops_what_was_kept(state):
    upstream = Upstream()
    delivery = layer(upstream, state)
    ask(delivery)

    state["version"] = 2
    ask(delivery)

    assert upstream.asked == 2


def test_a_page_that_was_made_while_the_content_changed_is_not_kept(state):
    upstream = Upstream(b"old")
    delivery = layer(upstream, state)

    class Slow(Upstream):
        def __call__(self, environ, start_response):
            state["version"] = 2
            delivery.app = upstream
            ask(delivery, "/other")  # another thread's request notices the change
            return super().__call__(environ, start_response)

    delivery.app = Slow(b"older")
    ask(delivery)

    assert ask(delivery)["body"] == b"old"


@pytest.mark.parametrize(
    "environ",
    [
        {"method": "POST"},
        {"method": "HEAD"},
        {"QUERY_STRING": "a=b"},
        {"HTTP_COOKIE": "sid=x"},
        {"HTTP_COOKIE": "__Host-sid=x"},
        {"HTTP_HX_REQUEST": "true"},
    ],
)
def test_nothing_is_kept_that_may_depend_on_more_than_the_path(state, environ):
    upstream = Upstream()
    delivery = layer(upstream, state)

    for _ in range(2):
        answer = ask(delivery, **environ)

    assert upstream.asked == 2
    assert answer["headers"]["Cache-Control"] == "private, no-store"


def test_what_its_view_did_not_mark_is_neither_kept_nor_cacheable(state):
    upstream = Upstream(keep=False)
    delivery = layer(upstream, state)
    ask(delivery)

    assert ask(delivery)["headers"]["Cache-Control"] == "private, no-store"
    assert upstream.asked == 2


def test_a_page_that_the_browser_has_is_not_sent_again(state):
    delivery = layer(Upstream(), state)
    etag = ask(delivery)["headers"]["ETag"]

    again = ask(delivery, HTTP_IF_NONE_MATCH=etag)

    assert (again["status"], again["body"]) == ("304 Not Modified", b"")
    assert "Content-Length" not in again["headers"]


@pytest.mark.parametrize(("seconds", "age"), [(1000, 50), (20, 20), (0, 0)])
def test_browsers_keep_a_page_until_the_next_planned_change_at_most(state, seconds, age):
    state["seconds"] = seconds

    answer = ask(layer(Upstream(), state))

    assert answer["headers"]["Cache-Control"] == f"public, max-age={age}"


def test_the_oldest_pages_make_room(state):
    upstream = Upstream(body=b"x" * 400)
    delivery = layer(upstream, state, limit=2000)

    for path in ("/a", "/b", "/c", "/a", "/c"):
        ask(delivery, path)

    assert upstream.asked == 4
    assert delivery.size <= 2000


def test_pictures_and_files_pass_untouched(state):
    upstream = Upstream()
    upstream.headers = [("Content-Type", "image/webp")]

    answer = ask(layer(upstream, state), HTTP_ACCEPT_ENCODING="br")

    assert answer["body"] == upstream.body
    assert "Content-Encoding" not in answer["headers"]


def test_every_answer_has_the_common_headers_unless_its_view_chose_otherwise(state):
    plain = ask(layer(Upstream(), state))
    chosen = ask(layer(Upstream(headers=[("X-Every", "own")]), state))

    assert plain["headers"]["X-Every"] == "answer"
    assert chosen["headers"]["X-Every"] == "own"


def test_a_made_up_style_version_makes_no_page_of_its_own(state):
    upstream = Upstream()
    delivery = layer(upstream, state)

    for version in ("-", "ffffffff", "00000000", "0a1b2c3d"):
        ask(delivery, HTTP_COOKIE=f"view=ko.100.n.{version}")

    assert upstream.asked == 2


@pytest.mark.parametrize("cookie", ['view="en.200.m.-"', "view =en.200.m.-", "view=en.200.m.- "])
def test_a_page_is_kept_under_the_settings_that_flask_saw(app, db, cookie):
    visitor, next_one = app.test_client(use_cookies=False), app.test_client(use_cookies=False)
    visitor.get("/notices/", headers={"Cookie": cookie})

    text = next_one.get("/notices/").get_data(as_text=True)

    assert '<html lang="ko" class="size-100">' in text


def test_invented_paths_are_not_kept(state):
    upstream = Upstream()
    delivery = layer(upstream, state)

    for path in ("//learn/", "/learn//", "/" + "a" * 300):
        ask(delivery, path)

    assert not delivery.kept
