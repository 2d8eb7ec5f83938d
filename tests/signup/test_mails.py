"""One mail for one sign-up, no word about who has an account, and limits for everybody."""

import re
from statistics import median
from time import thread_time

import pytest

from app.accounts.tokens import Token
from app.limits import Limit
from app.messages.models import Message
from app.signup.models import Answers, Signup
from tests import make
from tests.signup.steps import EMAIL, TOKEN, fill, link, mails, sign_up


@pytest.fixture(autouse=True)
def now(clock_at):
    clock_at("2026-11-22 10:30")


def token_of(client, path="/signup/check"):
    return re.search(r'name="csrf_token" value="([^"]+)"', client.get(path).text)[1]


def without_token(answer):
    return answer.status_code, answer.location, TOKEN.sub("", answer.text)


def test_a_known_address_gets_a_mail_that_says_so_and_no_link(client):
    make.account(email=EMAIL)
    sign_up(client)

    kind, to, values = mails()[0]
    assert (kind, to, len(mails())) == ("signup.known", EMAIL, 1)
    assert set(values) == {"login", "reset"}


@pytest.mark.parametrize("disabled", [False, True])
def test_a_known_and_an_unknown_address_get_the_same_pages(client, app, clock_at, disabled):
    other, now = app.test_client(), make.LONG_AGO
    make.account(email=EMAIL, disabled_at=now if disabled else None)

    known = [sign_up(client, EMAIL), client.get("/signup/sent"), client.get("/signup/check")]
    unknown = [
        sign_up(other, "nobody@example.com"),
        other.get("/signup/sent"),
        other.get("/signup/check"),
    ]

    texts = [[without_token(answer) for answer in answers] for answers in (known, unknown)]
    assert str(texts[0]).replace(EMAIL, "") == str(texts[1]).replace("nobody@example.com", "")
    assert "메일을 보냈습니다" in known[1].text


@pytest.mark.slow
def test_a_known_and_an_unknown_address_take_the_same_time(client):
    def time(email):
        Limit.delete().execute()
        Message.delete().execute()
        Token.delete().execute()
        Signup.update(sent_at=None, typed=drafts[email]).execute()
        started = thread_time()
        client.post("/signup/check", data=data)
        return thread_time() - started

    make.account(email=EMAIL)
    drafts = {}
    for email in ("nobody@example.com", EMAIL):
        fill(client, access={"email": email, "password": "seven blue kettles on a roof"})
        drafts[email] = Signup.get().typed
    data = {"csrf_token": token_of(client)}
    pairs = [(time(EMAIL), time("nobody@example.com")) for _ in range(200)]

    known, unknown = (median(times) for times in zip(*pairs, strict=True))
    assert abs(known - unknown) < 0.1 * known


def test_a_double_submit_sends_one_mail(client):
    fill(client)
    data = {"csrf_token": token_of(client)}

    answers = [client.post("/signup/check", data=data) for _ in range(3)]

    assert [answer.location for answer in answers] == ["/signup/sent"] * 3
    assert len(mails()) == 1


def test_of_two_submits_at_the_same_moment_one_sends(client, db):
    from app.signup import mails as sending

    fill(client)
    one, same = Signup.get(), Signup.get()
    with client.application.test_request_context():
        sent = [sending.send(draft, draft.answers, make.LONG_AGO) for draft in (one, same)]

    assert sent == [True, False]
    assert len(mails()) == 1


def test_a_form_that_arrives_after_the_mail_changes_nothing(client):
    sign_up(client)
    with client.session_transaction() as session:
        browser = session["browser"]
    before = Signup.get()

    Signup.keep(browser, Answers(email="other@example.com"), make.LONG_AGO)

    assert Signup.get().__data__ == before.__data__


@pytest.mark.parametrize("path", ["/signup/", "/signup/access", "/signup/check"])
def test_going_back_after_the_end_shows_that_the_mail_was_sent(client, path):
    sign_up(client)

    assert client.get(path).location == "/signup/sent"
    assert EMAIL in client.get("/signup/sent").text


def test_sending_again_makes_a_new_link_and_the_old_one_is_over(client, clock_at):
    sign_up(client)
    first = link()
    clock_at("2026-11-22 10:31")
    client.submit("/signup/sent", action="/signup/sent")

    assert len(mails()) == 2
    assert client.get(first).status_code == 404
    assert client.get(link()).status_code == 200


def test_sending_again_within_a_minute_sends_nothing(client, clock_at):
    sign_up(client)
    first = link()
    clock_at("2026-11-22 10:30:59")
    client.submit("/signup/sent", action="/signup/sent")

    assert len(mails()) == 1
    assert client.get(first).status_code == 200


def test_a_wrong_address_is_corrected_and_its_link_is_over(client, clock_at):
    sign_up(client, email="preson@example.com")
    wrong = link()
    corrected = client.submit("/signup/sent", action="/signup/correction")
    assert corrected.location == "/signup/access"
    assert client.get(wrong).status_code == 404

    client.submit("/signup/access", email=EMAIL, password="")
    client.submit("/signup/check")

    assert client.get(wrong).status_code == 404
    assert [mail[1] for mail in mails()] == ["preson@example.com", EMAIL]
    assert client.get(link()).status_code == 200


@pytest.mark.parametrize("exists", [False, True])
def test_an_address_gets_five_mails_an_hour_and_the_pages_stay_the_same(client, clock_at, exists):
    if exists:
        make.account(email=EMAIL)
    sign_up(client)
    for minute in range(31, 38):
        clock_at(f"2026-11-22 10:{minute}")
        answer = client.submit("/signup/sent", action="/signup/sent")

    assert answer.location == "/signup/sent"
    assert len(mails()) == 5
    clock_at("2026-11-22 11:00")
    client.submit("/signup/sent", action="/signup/sent")
    assert len(mails()) == 6


def test_an_address_gets_ten_mails_a_day_from_whatever_browsers(app, db, clock_at):
    for hour in range(8, 20):
        clock_at(f"2026-11-22 {hour:02}:00")
        answer = sign_up(app.test_client())
        assert answer.location == "/signup/sent"

    assert len(mails()) == 10
    clock_at("2026-11-23 08:00")
    sign_up(app.test_client())
    assert len(mails()) == 11


def test_beyond_the_limit_an_earlier_link_stays_good(app, db, clock_at):
    for _ in range(5):
        sign_up(app.test_client())
    good = link()

    late = app.test_client()
    sign_up(late)

    assert late.get("/signup/sent").status_code == 200
    assert late.get(good).status_code == 200


@pytest.mark.slow
def test_a_network_that_signs_up_too_often_waits_for_the_hour(client, app):
    for number in range(20):
        sign_up(app.test_client(), email=f"p{number}@example.com")
    answer = sign_up(client)

    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "1800")
    assert len(mails()) == 20


def test_a_network_begins_and_hashes_only_so_often(client, monkeypatch):
    monkeypatch.setattr("app.signup.views.BEGUN_PER_NETWORK", 0)
    assert client.submit("/signup/", born="1990-1-31").status_code == 429

    monkeypatch.undo()
    monkeypatch.setattr("app.signup.views.HASHED_PER_NETWORK", 0)
    fill(client, until="/signup/access")
    answer = client.submit("/signup/access", email=EMAIL, password="seven blue kettles on a roof")
    assert answer.status_code == 429


def test_when_many_passwords_are_hashed_the_person_is_asked_to_wait(client, monkeypatch):
    from app.accounts import passwords

    fill(client, until="/signup/access")
    taken = [passwords.places.acquire(blocking=False) for _ in range(passwords.MOST_WAITING)]
    try:
        answer = client.submit(
            "/signup/access", email=EMAIL, password="seven blue kettles on a roof"
        )
    finally:
        for _ in filter(None, taken):
            passwords.places.release()

    assert answer.status_code == 503


@pytest.mark.parametrize("kind", ["verify", "known"])
@pytest.mark.parametrize("language", ["ko", "en"])
def test_the_mails_hold_nothing_that_was_typed(client, kind, language):
    if kind == "known":
        make.account(email=EMAIL)
    client.get(f"/login?lang={language}")
    sign_up(client, person={"name": "Buy at evil.example", "phone": "010-1234-5678"})

    assert Message.get().language == language
    assert "evil" not in str(mails()[0][2])
