"""The tests' browser: it checks every page that any test opens; nobody writes these tests again.

A page must be well formed (tests/markup.py), carry the security headers, and stay out of caches
when it is somebody's own. Each fragment that htmx may ask for must be the same element as in the
page.
"""

import os
import re
from functools import cache
from pathlib import Path

from flask.testing import FlaskClient
from werkzeug.exceptions import HTTPException

from app import access, language
from tests import markup

SECURITY = {
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=()",
    "Content-Security-Policy": "frame-ancestors 'none'",
}
TOKEN = re.compile(r'(name="csrf_token" value=")[^"]+')
CHECKED = set()


class CheckingClient(FlaskClient):
    """`submit` fills in a form of a page; `account` is set on a signed-in client."""

    account = None

    def open(self, *args, **kwargs):
        response = super().open(*args, **kwargs)
        packed = "Content-Encoding" in response.headers or response.location is not None
        if response.mimetype == "text/html" and response.data and not packed:
            self.inspect(response)
        return response

    def inspect(self, response):
        check_headers(response.headers)
        request, text = response.request, response.text
        endpoint, arguments = route(self.application, request.path, request.method)
        if "private" in (access_of(self.application, endpoint), privacy(text)):
            assert "no-store" in response.headers.get("Cache-Control", ""), (
                f"{request.path} shows personal data and may be stored (S-60)"
            )
        wanted = request.headers.get("HX-Target", "") if "HX-Request" in request.headers else ""
        seen = request.path, hash(TOKEN.sub("", text)), wanted
        if seen in CHECKED:
            return
        CHECKED.add(seen)
        page = markup.Page(text)
        problems = page.problems(whole=not wanted)
        assert not problems, "\n".join([f"{request.method} {request.path}", *problems])
        save(response, endpoint, arguments, wanted)
        if request.method == "GET" and response.status_code == 200 and not wanted:
            self.compare_fragments(request, page)

    def compare_fragments(self, request, page):
        """A fragment is a part of its page (style guide, 10)."""
        for name in page.ids & fragment_names(self.application):
            headers = {"HX-Request": "true", "HX-Target": name}
            answer = self.get(request.full_path.removesuffix("?"), headers=headers)
            assert answer.status_code == 200
            assert TOKEN.sub(r"\1", answer.text.strip()) == TOKEN.sub(r"\1", page.element(name)), (
                f"the fragment {name} of {request.path} differs from the element in the page"
            )

    def submit(self, path, action=None, headers=None, **fields):
        """Open a page and send its form: the one with this action, else the page's own."""
        page = markup.Page(self.get(path).text)
        hidden = page.form(action)
        assert hidden is not None, f"{path} has no such form"
        return self.post(action or path, data={**hidden, **fields}, headers=headers)


def route(app, path, method):
    """The endpoint that answers, and the values in its address; None for an error page."""
    try:
        return app.url_map.bind("localhost").match(path, method)
    except HTTPException:
        return None, {}


def access_of(app, endpoint):
    return "open" if access.of(app, endpoint) == "public" else "private"


def privacy(text):
    return "private" if 'action="/logout"' in text else "open"


def check_headers(headers):
    for name, part in SECURITY.items():
        assert part in headers.get(name, ""), f"{name} is {headers.get(name)!r}"
    assert headers["Referrer-Policy"] in ("same-origin", "no-referrer")  # pages of secret links
    assert "unsafe-" not in headers["Content-Security-Policy"]


@cache
def fragment_names(app):
    """Every block that is an element of the same id, so that htmx may ask for it."""
    environment = app.extensions["languages"][language.FIRST]
    found = set()
    for name in environment.list_templates(extensions=["html"]):
        if name not in ("base.html", "error.html"):
            source = environment.loader.get_source(environment, name)[0]
            blocks = environment.get_template(name).blocks
            found |= {block for block in blocks if f'id="{block}"' in source}
    return found


def save(response, endpoint, arguments, fragment):
    """Keep a page for the HTML checker, when SAVE_PAGES names a folder."""
    folder = os.environ.get("SAVE_PAGES")
    if not folder:
        return
    shown = "en" if '<html lang="en"' in response.text else "ko"
    values = arguments.values() if endpoint and endpoint.startswith("content.") else ()
    parts = [str(endpoint), *values, str(response.status_code), fragment or "page", shown]
    text = response.text
    if fragment:
        head = '<!doctype html><html lang="ko"><head><title>part</title></head><body>'
        text = f"{head}<main><h1>part</h1>{text}</main></body></html>"
    Path(folder, f"{'-'.join(parts)}.html").write_text(text, "utf-8")
