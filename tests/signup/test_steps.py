"""The steps of the sign-up: their order, what they refuse, and what they remember."""

import re

import pytest

from app.accounts import consents
from app.signup.models import Signup
from tests.signup.steps import ANSWERS, PASSWORD, REQUIRED, fill, link, mails, sign_up

PATHS = [*ANSWERS, "/signup/check"]


@pytest.fixture(autouse=True)
def now(clock_at):
    clock_at("2026-11-22 10:30")


def typed(client):
    """What is kept of the only sign-up."""
    return Signup.get().answers


def refused(answer, field):
    return answer.status_code == 422 and f'id="{field}_error"' in answer.text


@pytest.mark.parametrize("done", range(len(PATHS)))
def test_a_step_that_is_not_open_yet_leads_to_the_one_that_is(client, done):
    fill(client, until=PATHS[done])
    token = re.search(r'csrf_token" value="([^"]+)"', client.get(PATHS[done]).text)[1]

    for path in PATHS[done + 1 :]:
        data = {"csrf_token": token, **ANSWERS.get(path, {})}
        answers = client.get(path), client.post(path, data=data)
        assert [answer.location for answer in answers] == [PATHS[done]] * 2
    assert client.get("/signup/sent").location == PATHS[done]
    assert mails() == []


def test_answers_are_shown_again_on_the_way_back(client):
    fill(client)

    person, address = (client.get(f"/signup/{step}").text for step in ("person", "address"))

    assert 'value="김보기"' in person
    assert 'value="010-1234-5678"' in person
    assert '<option value="성북구" selected>' in address
    assert 'value="보기로"' in address
    assert 'value="12, 101호"' in address
    assert client.get("/signup/consents").text.count(" checked>") == 2


def test_no_consent_is_ticked_beforehand(client):
    fill(client, until="/signup/consents")

    page = client.get("/signup/consents").text

    assert page.count('type="checkbox"') == len(consents.at_signup())
    assert " checked" not in page


def test_required_and_optional_consents_stand_apart_and_say_all_that_they_must(client):
    fill(client, until="/signup/consents")

    required, optional = client.get("/signup/consents").text.split("<legend>")[1:]

    assert required.startswith("꼭 필요한 동의")
    assert optional.startswith("선택 동의")
    for text in consents.at_signup():
        part, other = (required, optional) if text.required else (optional, required)
        assert f'id="consent_{text.code}"' in part
        assert f'id="consent_{text.code}"' not in other
        for said in (text.what, text.purpose, text.period, text.refusing):
            assert said["ko"] in part
    assert "광고" in optional


@pytest.mark.parametrize("missing", list(REQUIRED))
def test_without_a_required_consent_there_is_no_next_step(client, missing):
    fill(client, until="/signup/consents")

    ticked = {name: "y" for name in REQUIRED if name != missing}
    answer = client.submit("/signup/consents", **ticked, consent_news="y")

    assert refused(answer, missing)
    assert 'id="consent_news" name="consent_news" value="y" checked' in answer.text


def test_an_answer_is_changed_from_the_check_page_and_leads_back_to_it(client):
    fill(client)
    client.submit("/signup/consents", **REQUIRED, consent_news="y")

    answer = client.submit("/signup/person", name="김가상", phone="02-123-4567")

    page = client.get(answer.location).text
    assert answer.location == "/signup/check"
    assert "김가상" in page
    assert "02-123-4567" in page
    assert "아직 보내지 않았습니다" in page
    assert '바꾸기<span class="unseen">: 전화번호</span>' in page


def test_the_password_travels_back_into_no_page_and_is_kept_as_a_hash(client):
    fill(client)

    pages = [client.get(path).text for path in PATHS]

    assert not any(PASSWORD in page for page in pages)
    assert "정해 둔 비밀번호가 있습니다" in pages[4]
    assert typed(client).password_hash.startswith("$argon2id$")


def test_the_kept_password_stays_when_only_the_address_changes(client):
    fill(client)
    before = typed(client).password_hash

    answer = client.submit("/signup/access", email="other@example.com", password="")

    assert answer.location == "/signup/check"
    assert (typed(client).email, typed(client).password_hash) == ("other@example.com", before)


def test_a_good_password_is_kept_although_the_address_is_wrong(client):
    fill(client, until="/signup/access")

    answer = client.submit("/signup/access", email="nobody", password=PASSWORD)

    assert refused(answer, "email")
    assert "정해 둔 비밀번호가 있습니다" in answer.text
    assert 'value="nobody"' in answer.text
    assert PASSWORD not in answer.text


def test_after_a_new_version_of_a_required_consent_it_is_asked_again(client, monkeypatch):
    fill(client)
    newer = {
        **consents.register(),
        "terms": consents.register()["terms"]._replace(version="2027-01-01"),
    }
    monkeypatch.setattr(consents, "register", lambda: newer)

    assert client.get("/signup/check").location == "/signup/consents"


def test_what_was_typed_is_erased_with_one_press(client):
    fill(client)

    client.submit("/signup/check", action="/signup/erasure")

    assert Signup.select().count() == 0
    assert client.get("/signup/check").location == "/signup/"


def test_erasing_after_the_mail_leaves_its_link_good_and_the_browser_empty(client):
    fill(client)
    token = re.search(r'csrf_token" value="([^"]+)"', client.get("/signup/check").text)[1]
    client.post("/signup/check", data={"csrf_token": token})
    client.post("/signup/erasure", data={"csrf_token": token})

    assert client.get("/signup/sent").location == "/signup/"
    assert client.get(link()).status_code == 200


def test_another_browser_sees_nothing_of_it(client, app):
    fill(client)

    assert app.test_client().get("/signup/check").location == "/signup/"


@pytest.mark.parametrize("path", [*PATHS, "/signup/sent", "/signup/under-14"])
def test_every_step_speaks_english(client, path):
    client.get("/login?lang=en")
    if path in PATHS:
        fill(client, until=path)
    else:
        sign_up(client)

    page = client.get(path)

    main = page.text[page.text.index("<main") : page.text.index("</main")]
    shown = re.sub(r"<option.*?</option>|\"[^\"]*\"|<dd>.*?</dd>", "", main)
    words = set(re.findall("[가-힣]+", shown)) - {"테헤란로", "역삼동", "호", "동"}
    assert page.status_code == 200
    assert words == set()
