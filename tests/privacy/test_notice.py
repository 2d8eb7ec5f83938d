"""Beside the privacy notice: all that is stored, by the register (S-48), and processors (S-59)."""

from pathlib import Path

import pytest

from app import health
from app.privacy import processors
from app.privacy.notice import BASES, LAWS
from app.privacy.register import Basis, blocks

FIRM = """
- name: {ko: 보기통신, en: Example Telecom}
  adapters: [mail]
  task: {ko: 이메일 보내기, en: Sending e-mail}
  items: {ko: 이메일, en: E-mail addresses}
  period: {ko: 30일, en: 30 days}
  contact: {ko: 02-000-0000, en: 02-000-0000}
"""


@pytest.fixture
def own_list(app):
    """own_list(text) is the city's own list, for this test."""
    path = Path(app.config["DATA_DIR"], "processors.yaml")
    yield lambda text: path.write_text(text, "utf-8")
    path.unlink(missing_ok=True)


def test_the_page_shows_every_item_that_says_something_about_residents(client):
    page = client.get("/guide/privacy/items").text

    for block in blocks().values():
        shown = block.personal and block.basis is not Basis.NONE and not block.staff
        assert (f"<h3>{block.title['ko']}</h3>" in page) is bool(shown), block.table
        if shown:
            for words in block.personal.values():
                assert words["ko"] in page
            assert block.purpose["ko"] in page
            for keep in block.keep:
                assert keep.said in page


def test_what_needs_no_consent_stands_apart_with_its_basis(client):
    page = client.get("/guide/privacy/items").text
    with_consent, without = page.split('<h2 id="duty">')

    assert "동의 없이" not in with_consent
    assert without.count("동의 없이 다룰 수 있습니다") + 1 == len(BASES)
    for basis, law in LAWS.items():
        assert str(law) in page
        for block in blocks().values():
            if block.basis is basis and block.personal and not block.staff:
                own, *_ = page.split(f'<h2 id="{basis}">')[1].split("<h2 id=")
                assert f"<h3>{block.title['ko']}</h3>" in own, block.table


def test_the_notice_leads_to_it_and_it_speaks_english(client):
    notice = client.get("/guide/privacy").text
    page = client.get("/guide/privacy/items?lang=en").text

    assert 'href="/guide/privacy/items"' in notice
    assert 'href="/guide/privacy/processors"' in notice
    assert "Consents" in page
    assert "3 years after moving out" in page


def test_processors_are_listed_in_public(client, own_list):
    assert "직접 다룹니다" in client.get("/guide/privacy/processors").text
    own_list(FIRM)

    korean = client.get("/guide/privacy/processors").text
    english = client.get("/guide/privacy/processors?lang=en").text

    for shown in ("보기통신", "이메일 보내기", "30일", "02-000-0000"):
        assert shown in korean
    assert "Example Telecom" in english


@pytest.mark.parametrize(
    "text",
    ["- name: 보기통신", "words", "- [", "- name: {ko: 보기}", FIRM + "  adapters: [fax]\n"],
)
def test_a_broken_list_is_told_and_the_page_says_so_calmly(client, own_list, log_lines, text):
    own_list(text)

    page = client.get("/guide/privacy/processors")

    assert (page.status_code, "120" in page.text) == (200, True)
    assert "직접 다룹니다" not in page.text
    assert any("processors" in line["event"] for line in log_lines())
    assert "읽을 수 없습니다" in processors.complaint(client.application.config)


def config_with(app, **settings):
    return {**app.config, **settings}


@pytest.mark.parametrize("host", ["", "localhost", "127.0.0.1", "::1"])
def test_a_server_of_our_own_needs_no_entry(app, host):
    assert processors.complaint(config_with(app, SMTP_HOST=host)) is None


def test_a_mail_server_of_somebody_else_needs_one(app, own_list):
    used = config_with(app, SMTP_HOST="smtp.example.com")

    assert "mail (WATER_SMTP_HOST)" in processors.complaint(used)
    own_list(FIRM)
    assert processors.complaint(used) is None


def test_it_is_told_at_the_start_and_to_operators(app, make_app, log_lines):
    other = make_app(SMTP_HOST="smtp.other.example")

    assert "Not in the public list of processors" in log_lines()[0]["event"]
    with other.app_context():
        assert "processors" in health._checks["processors"](None)
    with app.app_context():
        assert health._checks["processors"](None) is None


def test_every_setting_that_names_an_adapter_exists(app):
    for setting in processors.ADAPTERS.values():
        assert setting in app.config


def test_every_setting_that_leads_elsewhere_belongs_to_an_adapter(app):
    """Who adds a provider says here what it is called in the public list."""
    own = {"BASE_URL", "DATABASE_URL"}
    leads = {name for name in app.config if name.endswith(("_URL", "_HOST", "_API"))} - own

    assert leads <= set(processors.ADAPTERS.values()), (
        "name the adapter in app/privacy/processors.py (ADAPTERS), or add the setting to `own`"
    )
