"""Consents to advertising: told when they are given or end, asked for again after two years."""

from datetime import timedelta

import pytest

from app import clock
from app.accounts import consents, renewals
from app.accounts.consents import HOLDS, Consent
from tests import make
from tests.outbox import queued

DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def noon(clock_at):
    clock_at("2026-11-20 12:00")


@pytest.fixture
def swept(app, db):
    """swept(days) does the worker's work after so many days."""

    def start(days=0):
        now = clock.now() + days * DAY
        with app.app_context():
            list(renewals.sweep(now))
            list(renewals.tell(now))
        return [one.kind for one in queued() if one.kind.startswith("consent")]

    return start


def given(code="news", ago=timedelta(0), **values):
    return make.consent(code=code, decided_at=clock.now() - ago, **values)


def holds(account, code="news"):
    standing = consents.current(account).get(code)
    return bool(standing and standing.given)


def test_who_decides_about_advertising_is_told_once(signed_in, swept):
    signed_in.submit("/profile/consents", "/profile/consents/news_sms/given")
    first = swept(), swept()
    signed_in.submit("/profile/consents", "/profile/consents/news_sms/withdrawn")

    assert first == (["consent_given"], ["consent_given"])
    assert swept() == ["consent_given", "consent_ended"]
    mail = queued("consent_given")[0]
    assert (mail.to, mail.values["what"]) == (signed_in.account.email, "소식 문자 (광고)")
    assert mail.values["day"] == "2026. 11. 20."


def test_other_consents_are_not_told(swept):
    given("terms")

    assert swept() == []


def test_a_refusal_by_the_link_in_a_mail_is_told_too(app, client, swept):
    from app.reminders import mails

    account = given().account
    with app.app_context():
        link = mails.stop_link(account.id, "news")
    client.post("/" + link.split("/", 3)[3])

    assert swept() == ["consent_given", "consent_ended"]


@pytest.mark.parametrize(("left", "asked"), [(31, []), (30, ["consent_ends"])])
def test_a_month_before_it_ends_its_giver_is_asked(swept, left, asked):
    given(ago=HOLDS - left * DAY)

    assert swept() == asked
    assert swept() == asked


def test_without_an_answer_it_ends_after_two_years_and_that_is_told(swept):
    account = given(ago=HOLDS - 30 * DAY).account

    swept()
    day_before = swept(29), holds(account)
    after = swept(30)

    assert day_before == (["consent_ends"], True)
    assert (after, holds(account)) == (["consent_ends", "consent_ended"], False)
    last = Consent.select().order_by(Consent.id.desc()).get()
    assert (last.decision, last.channel) == ("withdrawn", "renewal")


def test_who_agrees_again_keeps_it_for_two_more_years(signed_in, swept):
    account = signed_in.account
    given(ago=HOLDS - 20 * DAY, account=account, version=consents.register()["news"].version)
    swept()

    page = signed_in.get("/profile/consents").text
    signed_in.submit("/profile/consents", "/profile/consents/news/given")

    assert "계속 받기" in page
    assert "계속 받기" not in signed_in.get("/profile/consents").text
    assert swept() == ["consent_ends", "consent_given"]
    assert swept(40) == ["consent_ends", "consent_given"]
    assert holds(account)


def test_nobody_loses_a_consent_who_was_not_asked_in_time(swept):
    """The service was away when it should have asked."""
    account = given(ago=HOLDS + 100 * DAY).account

    first = swept(), holds(account)
    later = swept(19), holds(account)
    end = swept(20), holds(account)

    assert first == later == (["consent_ends"], True)
    assert end == (["consent_ends", "consent_ended"], False)


@pytest.mark.parametrize("code", ["terms", "privacy"])
def test_a_required_consent_never_ends_by_itself(swept, code):
    account = given(code, ago=HOLDS + 100 * DAY).account

    swept()
    swept(40)

    assert holds(account, code)


def test_a_consent_that_was_withdrawn_is_not_asked_for(swept):
    account = given(ago=HOLDS).account
    make.consent(account=account, decision="withdrawn", decided_at=clock.now() - 300 * DAY)

    assert swept() == []


def test_many_are_asked_in_steps(app, swept, monkeypatch):
    monkeypatch.setattr(renewals, "BATCH", 2)
    for _ in range(5):
        given(ago=HOLDS)

    with app.app_context():
        steps = list(renewals.sweep(clock.now()))

    assert steps == [2, 2, 1]
    assert len(queued("consent_ends")) == 5


def test_a_consent_to_an_older_text_may_be_given_again_on_its_page(signed_in, swept):
    """The text of that version did not say yet that it ends."""
    given(ago=HOLDS - 20 * DAY, account=signed_in.account, version="2026-11-22")

    assert "계속 받기" in signed_in.get("/profile/consents").text
