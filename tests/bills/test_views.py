"""요금조회: the right bills to the right person, in words that explain them."""

from datetime import UTC, date, datetime

import pytest

from app import clock
from app.bills.seen import seen_by, state
from app.bills.statement import badge
from tests import make


@pytest.fixture
def home(signed_in):
    """A home of the signed-in customer with the bill of the reference (24 m3, 31,680 won)."""
    found = make.home(account=signed_in.account, name="우리집", reference="HOME234567")
    make.bill(premises=found.premises, month="2026-11", usage_m3=24, due_on=date(2026, 11, 30))
    return found


@pytest.fixture(autouse=True)
def today(clock_at):
    clock_at("2026-11-20 10:00")


def body(response, status=200):
    assert response.status_code == status
    return response.get_data(as_text=True)


def test_the_list_begins_with_what_there_is_to_pay_and_by_when(signed_in, home):
    text = body(signed_in.get("/bills/"))

    assert "31,680원" in text
    assert "11월 30일(월)까지 내면 됩니다." in text
    assert "납부 전" in text


def test_the_list_adds_up_several_bills(signed_in, home):
    make.bill(premises=home.premises, month="2026-09", usage_m3=24)

    text = body(signed_in.get("/bills/"))

    assert "낼 요금 2건을 더하면" in text
    assert "63,360원" in text


def test_a_person_without_bills_is_led_to_linking_a_home(signed_in):
    answer = signed_in.get("/bills/")

    assert "수도를 쓰는 집을 연결하면" in body(answer)
    assert 'href="/homes/new"' in answer.text


@pytest.mark.parametrize(
    ("query", "months"),
    [
        ("", ["2026년 11월", "2026년 9월", "2025년 11월"]),
        ("?year=2025", ["2025년 11월"]),
        ("?show=unpaid", ["2026년 11월"]),
        ("?home=HOME234567&year=2026", ["2026년 11월", "2026년 9월"]),
        ("?home=SOMEBODYS1", []),
        ("?year=x&show=y", []),
    ],
)
def test_the_list_is_narrowed_by_home_year_and_state(signed_in, home, query, months):
    paid = {"premises": home.premises, "paid_at": datetime(2026, 9, 20, tzinfo=UTC)}
    make.bill(month="2026-09", **paid)
    make.bill(month="2025-11", **paid)

    text = body(signed_in.get(f"/bills/{query}"))

    shown = [m for m in ("2026년 11월", "2026년 9월", "2025년 11월") if f">{m}</a>" in text]
    assert shown == months


def test_a_fragment_of_the_list_holds_the_list_alone(signed_in, home):
    headers = {"HX-Request": "true", "HX-Target": "bill_list"}

    text = body(signed_in.get("/bills/?year=2026", headers=headers))

    assert text.strip().startswith('<section id="bill_list"')
    assert "2026년 11월" in text
    assert "<html" not in text


def test_a_bill_explains_every_won(signed_in, home):
    text = body(signed_in.get("/bills/HOME234567/2026-11"))

    for words in (
        "11월 수도요금",
        "31,680원",
        "계량기 15mm, 1,080원 × 2달",
        "24㎥ × 580원",
        "24㎥ × 480원",
        "24㎥ × 170원",
        "2,160원",
        "13,920원",
        "11,520원",
        "4,080원",
        "한 달 12㎥로 계산합니다",
        "하수도 사용 조례",
    ):
        assert words in text


def test_a_bill_compares_with_last_time_and_last_year(signed_in, home):
    make.bill(premises=home.premises, month="2026-09", usage_m3=33)
    make.bill(premises=home.premises, month="2025-11", usage_m3=24)

    text = body(signed_in.get("/bills/HOME234567/2026-11"))

    assert "지난번보다 9㎥ 적게 썼습니다." in text
    assert "작년 이맘때만큼 썼습니다." in text
    assert "가장 많은 때는 2026년 9월 33㎥, 이번은 24㎥입니다." in text


@pytest.mark.parametrize(
    ("paid_at", "today", "word"),
    [
        (None, "2026-11-30 23:59", "납부 전"),
        (None, "2026-12-01 00:00", "기한 지남"),
        (datetime(2026, 11, 30, 14, 59, tzinfo=UTC), "2026-12-05 00:00", "납부 완료"),
        (datetime(2026, 11, 30, 15, 0, tzinfo=UTC), "2026-12-05 00:00", "늦게 납부"),
    ],
)
def test_the_state_turns_at_midnight_in_seoul(signed_in, clock_at, paid_at, today, word):
    home = make.home(account=signed_in.account)
    make.bill(premises=home.premises, month="2026-11", due_on=date(2026, 11, 30), paid_at=paid_at)
    clock_at(today)

    (bill,) = seen_by(signed_in.account)

    assert badge(state(bill, clock.today())).word == word


def test_an_old_bill_shows_only_what_came_before_it(signed_in, home):
    make.bill(premises=home.premises, month="2026-09", usage_m3=33)

    text = body(signed_in.get("/bills/HOME234567/2026-09"))

    assert "2026년 11월" not in text


def test_the_paper_names_the_customer_number_the_address_and_the_period(signed_in, home):
    number = home.premises.number

    text = body(signed_in.get("/bills/HOME234567/2026-11/paper"))

    assert f"{number[:3]}-{number[3:6]}-{number[6:]}" in text
    assert home.premises.road_address in text
    assert "31,680원" in text


def test_bills_speak_english_too(signed_in, home):
    text = body(signed_in.get("/bills/HOME234567/2026-11?lang=en"))

    assert "Please pay by <b>Mon 30 Nov</b>." in text
    assert "24\u00a0m³ × ₩580" in text
    assert "15 mm meter, ₩1,080 × 2 months" in text


def addresses(home):
    return ("/bills/", f"/bills/{home.reference}/2026-11", f"/bills/{home.reference}/2026-11/paper")


def test_nobody_sees_the_bills_of_another(sign_in, home):
    stranger = sign_in(make.account())

    index, *own = addresses(home)

    assert "31,680" not in body(stranger.get(index))
    for address in own:
        missing = stranger.get(address.replace("2026-11", "1999-01"))
        assert body(stranger.get(address), 404).count("31,680") == 0
        assert missing.status_code == 404


def test_visitors_are_led_to_the_sign_in_and_back(client, home):
    for address in addresses(home):
        answer = client.get(address)
        assert answer.status_code == 303
        assert answer.location.startswith("/login?next=")


@pytest.mark.parametrize("month", ["2026-12", "2026-1", "x", "2026-11-01", "%00"])
def test_a_month_without_a_bill_is_not_found(signed_in, home, month):
    assert signed_in.get(f"/bills/HOME234567/{month}").status_code == 404


def test_who_moved_out_keeps_own_bills_and_sees_nothing_newer(sign_in, clock_at):
    before, after = sign_in(make.account()), sign_in(make.account())
    premises, day = make.premises(), date(2026, 7, 28)
    old = make.home(account=before.account, premises=premises, until_on=day)
    new = make.home(account=after.account, premises=premises, since_on=day)
    for month, from_on, to_on in (
        ("2026-05", date(2026, 2, 28), date(2026, 4, 28)),
        ("2026-08", date(2026, 4, 28), day),
        ("2026-11", day, date(2026, 10, 28)),
    ):
        make.bill(premises=premises, month=month, from_on=from_on, to_on=to_on)

    def opened(client, home):
        return [
            client.get(f"/bills/{home.reference}/{month}").status_code
            for month in ("2026-05", "2026-08", "2026-11")
        ]

    assert opened(before, old) == [200, 200, 404]
    assert opened(after, new) == [404, 404, 200]
    assert opened(before, new) == opened(after, old) == [404, 404, 404]
    assert "2026년 5월" not in body(after.get(f"/bills/{new.reference}/2026-11"))
