"""Consents: their texts, the record of what was given and withdrawn, and the page that shows it."""

from datetime import UTC, datetime, timedelta

import pytest

from app.accounts import consents
from app.accounts.consents import Consent
from tests import make

NOW = datetime(2026, 11, 22, 1, 30, tzinfo=UTC)


def events(account):
    mine = Consent.select().where(Consent.account == account).order_by(Consent.id)
    return [(one.code, one.version, one.decision) for one in mine]


def test_every_consent_says_in_both_languages_what_the_law_asks():
    for text in consents.texts():
        for said in (text.title, text.what, text.purpose, text.period, text.refusing, text.text):
            assert set(said) == {"ko", "en"}
            assert all(said.values())
        assert len(text.code) <= 20
        assert len(text.version) <= 10


def test_no_version_of_a_consent_stands_there_twice():
    versions = [(text.code, text.version) for text in consents.texts()]

    assert len(versions) == len(set(versions))


def test_what_was_given_and_withdrawn_stays_on_record(db):
    account = make.account()
    consents.give(account, "news", NOW)
    consents.withdraw(account, "news", NOW + timedelta(days=1))
    consents.give(account, "news", NOW + timedelta(days=2))

    version = consents.register()["news"].version
    assert events(account) == [
        ("news", version, "given"),
        ("news", version, "withdrawn"),
        ("news", version, "given"),
    ]
    assert consents.current(account)["news"].decided_at == NOW + timedelta(days=2)


def test_the_same_decision_twice_is_one(db):
    account = make.account()
    consents.withdraw(account, "news", NOW)
    consents.give(account, "news", NOW)
    consents.give(account, "news", NOW)
    consents.withdraw(account, "news", NOW)
    consents.withdraw(account, "news", NOW)

    assert [decision for _, _, decision in events(account)] == ["given", "withdrawn"]


def test_a_newer_version_is_agreed_to_anew(db):
    account = make.account()
    make.consent(account=account, code="news", version="2020-01-01")

    consents.give(account, "news", NOW)

    assert [event[1] for event in events(account)] == [
        "2020-01-01",
        consents.register()["news"].version,
    ]


def test_a_required_consent_cannot_be_withdrawn(db):
    with pytest.raises(ValueError, match="ends with the account"):
        consents.withdraw(make.account(), "privacy", NOW)


def test_the_consents_of_another_are_not_ones_own(db):
    make.consent(code="news")

    assert consents.current(make.account()) == {}


def test_the_page_shows_each_consent_with_its_version_and_date(signed_in):
    make.consent(account=signed_in.account, code="terms", decided_at=NOW)

    page = signed_in.get("/profile/consents").text

    assert "2026. 11. 22. 10:30, 2026-11-22판" in page
    assert page.count("꼭 필요한 동의입니다. 계정을 없애면 끝납니다.") == 1
    assert page.count("기록이 없습니다") == 1
    for text in consents.register().values():
        assert text.title["ko"] in page
        assert text.refusing["ko"] in page


@pytest.mark.parametrize(("verified", "told"), [(None, True), (NOW, False)])
def test_who_has_no_verified_phone_is_told_that_no_texts_can_be_sent(sign_in, verified, told):
    account = make.account(phone="+821012345678", phone_verified_at=verified)

    page = sign_in(account).get("/profile/consents").text

    assert page.count('href="/profile/phone"') == told
    assert ("문자를 보내지 못합니다" in page) is told


def test_an_optional_consent_is_given_and_withdrawn_with_one_press_each(signed_in):
    given = signed_in.submit("/profile/consents", action="/profile/consents/news/given")
    assert consents.current(signed_in.account)["news"].given

    withdrawn = signed_in.submit("/profile/consents", action="/profile/consents/news/withdrawn")
    assert not consents.current(signed_in.account)["news"].given
    assert {given.location, withdrawn.location} == {"/profile/consents"}


def test_who_has_an_account_from_before_gives_a_required_consent_later(signed_in):
    signed_in.submit("/profile/consents", action="/profile/consents/terms/given")

    assert consents.current(signed_in.account)["terms"].given


@pytest.mark.parametrize(
    ("code", "what"),
    [
        ("terms", "withdrawn"),
        ("privacy", "withdrawn"),
        ("nothing", "given"),
        ("nothing", "withdrawn"),
    ],
)
def test_a_required_consent_is_not_withdrawn_on_the_page(signed_in, code, what):
    hidden = signed_in.get("/profile/consents").text.split('name="csrf_token" value="')[1]
    data = {"csrf_token": hidden.split('"')[0]}

    assert signed_in.post(f"/profile/consents/{code}/{what}", data=data).status_code == 404
    assert events(signed_in.account) == []


def test_the_page_speaks_english(signed_in):
    page = signed_in.get("/profile/consents?lang=en").text

    assert "News by e-mail (advertising)" in page
    assert "Not agreed" in page


@pytest.fixture
def revised(monkeypatch):
    """The terms have a newer version, and what it says."""
    newest = consents.register()["terms"]
    text = {"ko": ["새로 쓴 글입니다."], "en": ["A new text."]}
    newer = newest._replace(version="2027-01-01", text=text)
    all_texts = (*consents.texts(), newer)
    monkeypatch.setattr(consents, "texts", lambda: all_texts)
    for kept in (consents.register, consents.by_version):
        kept.cache_clear()
    yield newest
    for kept in (consents.register, consents.by_version):
        kept.cache_clear()


def test_what_was_agreed_to_is_shown_in_the_version_that_was_agreed_to(signed_in, revised):
    make.consent(account=signed_in.account, code="terms", version=revised.version)

    page = signed_in.get("/profile/consents").text

    assert revised.text["ko"][0] in page
    assert "새로 쓴 글입니다." not in page
    assert "글이 바뀌었습니다" in page
    signed_in.submit("/profile/consents", action="/profile/consents/terms/given")
    after = signed_in.get("/profile/consents").text
    assert "새로 쓴 글입니다." in after
    assert "글이 바뀌었습니다" not in after


def test_the_page_says_by_which_way_somebody_decided(signed_in):
    make.consent(account=signed_in.account, code="news", decision="withdrawn", channel="mail")

    assert "메일의 링크" in signed_in.get("/profile/consents").text
