"""이번 요금만 보기: one amount for who holds the paper, and nothing for who guesses."""

import re
from datetime import date
from statistics import median
from time import thread_time

import pytest
from peewee import OperationalError

from app.limits import Limit
from app.lookup.models import Lookup
from tests import make

TOKEN = re.compile(r'name="csrf_token" value="[^"]+"')


@pytest.fixture(autouse=True)
def today(clock_at):
    clock_at("2026-11-20 10:30")


@pytest.fixture
def bill(db):
    """The newest bill of 012345678, and the one before."""
    place = make.premises(number="012345678")
    make.bill(premises=place, month="2026-09", code="SDPZDS2345")
    return make.bill(premises=place, month="2026-11", code="7K2MQ9XD4F", due_on=date(2026, 11, 30))


def look_up(client, number="012345678", code="7K2MQ9XD4F", address="192.0.2.1"):
    """Type a number and a code into the form."""
    form = client.get("/lookup/").text
    token = re.search(r'name="csrf_token" value="([^"]+)"', form)[1]
    data = {"csrf_token": token, "number": number, "code": code}
    return client.post("/lookup/", data=data, environ_base={"REMOTE_ADDR": address})


def guess(client, times, number="012345678", address="192.0.2.1"):
    """Type a wrong code so often; the last answer."""
    answers = [look_up(client, number, "2222222222", address) for _ in range(times)]
    return answers[-1]


def without_token(answer):
    return answer.status_code, TOKEN.sub("", answer.text)


@pytest.mark.parametrize(
    ("number", "code"),
    [
        ("012345678", "7K2MQ9XD4F"),
        ("012-345-678", "7k2mq-9xd4f"),
        (" 012 345 678 ", "7K2MQ 9XD4F"),
        ("０１２－３４５－６７８", "７Ｋ２ＭＱ９ＸＤ４Ｆ"),
        ("012–345—678", "7K2MQ‐9XD4F"),
    ],
)
def test_number_and_code_show_the_newest_bill_however_they_are_written(client, bill, number, code):
    answer = look_up(client, number, code)

    text = client.get(answer.location).text
    assert answer.status_code == 303
    assert "2026년 11월 수도요금" in text
    assert "31,680원" in text
    assert "2026. 11. 30." in text
    assert "납부 전" in text


def test_the_answer_shows_neither_name_nor_address_nor_history(client, bill):
    make.occupancy(premises=bill.premises, name="김보기")

    text = client.get(look_up(client).location).text

    assert "***-***-678" in text
    assert "012" not in text
    for other in ("김보기", "보기로", "24㎥", "2026년 9월", "7K2MQ9XD4F", bill.premises.district):
        assert other not in text


def test_the_number_stands_in_no_address(client, bill):
    location = look_up(client).location

    assert re.fullmatch(r"/lookup/[2-9A-Z]{20}", location)


def test_the_answer_is_stored_nowhere(client, bill):
    answer = client.get(look_up(client).location)

    assert answer.headers["Cache-Control"] == "private, no-store"
    assert answer.headers["X-Robots-Tag"] == "noindex"


def test_the_answer_belongs_to_one_browser(client, app, bill):
    address = look_up(client).location
    other = app.test_client()
    look_up(other)

    strange, nothing = other.get(address), other.get("/lookup/" + "2" * 20)

    assert client.get(address).status_code == 200
    assert (strange.status_code, nothing.status_code) == (404, 404)
    number = re.compile(r"오류 번호 \w+")
    assert number.sub("", strange.text) == number.sub("", nothing.text)


def test_the_answer_is_gone_after_fifteen_minutes(client, bill, clock_at):
    address = look_up(client).location

    clock_at("2026-11-20 10:44:59")
    assert client.get(address).status_code == 200
    clock_at("2026-11-20 10:45")
    ended = client.get(address)
    assert ended.status_code == 404
    assert "조회한 화면이 닫혔습니다" in ended.text
    assert 'href="/lookup/"' in ended.text
    look_up(client)
    assert Lookup.select().count() == 1


def test_the_code_of_an_older_bill_opens_nothing(client, bill):
    assert look_up(client, code="SDPZDS2345").status_code == 422


def test_after_a_correction_only_the_corrected_bill_opens(client, bill):
    make.bill(premises=bill.premises, month="2026-11", revision=1, code="CRRECTED22", usage_m3=9)

    assert look_up(client).status_code == 422
    shown = client.get(look_up(client, code="CRRECTED22").location).text
    assert "31,680원" not in shown


@pytest.mark.parametrize("field", ["number", "code"])
@pytest.mark.parametrize("typed", ["", "1234", "012345678901", "한글", "0O0O0O0O0O", "\x00" * 9])
def test_what_cannot_be_a_number_or_code_is_told_at_its_field(client, bill, field, typed):
    answer = look_up(client, **{field: typed})

    assert answer.status_code == 422
    assert f'id="{field}_error"' in answer.text
    assert Limit.select().count() == 0


def test_an_unknown_number_and_a_wrong_code_get_the_same_answer(client, bill):
    wrong = without_token(look_up(client, code="2222222222"))
    unknown = without_token(look_up(client, number="999999999", code="2222222222"))

    assert wrong[0] == 422
    assert wrong[1].replace("012345678", "999999999") == unknown[1]


@pytest.mark.slow
def test_an_unknown_number_and_a_wrong_code_take_the_same_time(client, bill):
    def time(number):
        Limit.delete().execute()
        data["number"] = number
        started = thread_time()
        client.post("/lookup/", data=data)
        return thread_time() - started

    page = client.get("/lookup/").text
    token = re.search(r'name="csrf_token" value="([^"]+)"', page)[1]
    data = {"csrf_token": token, "code": "2222222222"}
    pairs = [(time("012345678"), time("999999999")) for _ in range(200)]

    known, unknown = (median(times) for times in zip(*pairs, strict=True))
    assert abs(known - unknown) < 0.1 * known


def test_the_right_code_is_no_failure(client, bill):
    answers = [look_up(client).status_code for _ in range(25)]

    assert set(answers) == {303}


@pytest.mark.parametrize("number", ["012345678", "999999999"])
def test_after_five_failures_a_number_needs_more_proof_whether_it_exists_or_not(
    client, bill, number
):
    fifth = guess(client, 5, number)
    sixth = look_up(client, number, address="192.0.2.2")

    assert (fifth.status_code, sixth.status_code) == (422, 422)
    assert "맞지 않습니다" in fifth.text
    assert "확인이 더 필요합니다" in sixth.text
    assert "120에 전화" in sixth.text


def test_a_number_opens_again_the_next_day(client, bill, clock_at):
    guess(client, 6)

    clock_at("2026-11-20 23:59")
    assert look_up(client).status_code == 422
    clock_at("2026-11-21 00:00")
    assert look_up(client).status_code == 303


def test_failures_of_one_number_do_not_touch_another(client, bill):
    guess(client, 9, number="999999999")

    assert look_up(client, address="192.0.2.2").status_code == 303


def test_after_twenty_failures_a_source_waits_for_the_hour(client, bill, clock_at):
    twentieth = [guess(client, 1, number=f"{n:09d}") for n in range(20)][-1]
    answer = look_up(client)

    assert twentieth.status_code == 422
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "1800")
    assert "30분 뒤에" in answer.text
    assert look_up(client, address="192.0.2.2").status_code == 303
    clock_at("2026-11-20 11:00")
    assert look_up(client).status_code == 303


def test_without_its_counters_nothing_is_looked_up(client, bill, monkeypatch):
    def fail(*arguments):
        raise OperationalError("database is read-only")

    monkeypatch.setattr("app.limits.add", fail)

    assert look_up(client).status_code >= 500
    assert Lookup.select().count() == 0


def test_many_failures_of_everybody_are_told_in_the_log_once(make_app, db, log_lines):
    client = make_app(FAILURE_ALARM=3).test_client()

    for number in range(5):
        guess(client, 1, f"{number:09d}", f"192.0.2.{number}")

    told = [line for line in log_lines() if line["event"] == "many failures"]
    assert [(line["level"], line["door"], line["failures"]) for line in told] == [
        ("error", "lookup", 3)
    ]


def test_the_sign_in_page_leads_to_the_lookup(client):
    assert 'href="/lookup/"' in client.get("/login").text


def test_the_lookup_speaks_english_too(client, bill):
    address = look_up(client).location

    pages = [client.get(f"{path}?lang=en").text for path in ("/lookup/", address)]

    mains = [page[page.index("<main") : page.index("</main")] for page in pages]
    assert [main for main in mains if re.search("[가-힣]", main)] == []


def test_a_bill_that_is_paid_in_parts_shows_the_next_part(client, bill):
    make.instalment(
        premises=bill.premises, month=bill.month, due_on=date(2026, 12, 31), amount=5_280
    )

    text = client.get(look_up(client).location).text

    assert '<p class="big">5,280원</p>' in text
    assert "2026. 12. 31." in text
