"""A real Chromium against the real server; skipped with a sentence where there is none."""

import pytest
from playwright.sync_api import expect

from tests import server
from tests.browser.checks import watch

MISSING = "Chromium is not installed (Debian: apt-get install chromium fonts-noto-cjk)."
SLOW = 20_000
"""Milliseconds that a page may take on a busy machine."""
expect.set_options(timeout=SLOW)
PHONE = {"width": 360, "height": 740}


def pytest_collection_modifyitems(items):
    for item in items:
        if "tests/browser/" in item.path.as_posix():
            item.add_marker(pytest.mark.browser)
            if not server.LAUNCH["executable_path"]:
                item.add_marker(pytest.mark.skip(reason=MISSING))


@pytest.fixture(scope="session")
def base_url():
    with server.running() as address:
        yield address


@pytest.fixture(scope="session")
def browser_type_launch_args():
    return server.LAUNCH


@pytest.fixture(scope="session")
def browser_context_args(base_url):
    return {"base_url": base_url, "locale": "ko-KR", "viewport": PHONE}


@pytest.fixture
def page(new_context):
    """A phone with scripts, whose console is watched."""
    return watch(new_context().new_page())


@pytest.fixture(params=["with scripts", "without scripts"])
def any_page(request, new_context):
    """The same phone, with scripts and without them."""
    has_scripts = request.param == "with scripts"
    page = watch(new_context(java_script_enabled=has_scripts).new_page())
    page.has_scripts = has_scripts
    return page
