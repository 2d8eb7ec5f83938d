"""사용 패턴: the right figures to the right person, in sentences, charts and tables."""

from datetime import date

import pytest

from app.bills.models import Bill
from tests import make
from tests.patterns.homes import HOME, bills, body, week


def test_a_year_is_told_against_the_year_before(signed_in, home):
    bills(home, *[20] * 6, *[23] * 6)

    text = body(signed_in.get(HOME))

    assert '<p class="big">138㎥</p>' in text
    assert "그 전 1년보다 18㎥ 많이 썼습니다." in text


def test_without_two_whole_years_the_same_month_of_last_year_counts(signed_in, home):
    bills(home, 24, *[20] * 5, 21)

    assert "작년 이맘때보다 3㎥ 적게 썼습니다." in body(signed_in.get(HOME))


def test_without_last_year_the_days_are_told_instead(signed_in, home):
    bills(home, 24)

    assert "2026. 8. 30. – 2026. 10. 29." in body(signed_in.get(HOME))


def test_every_month_stands_in_the_table_beside_the_year_before(signed_in, home):
    bills(home, *range(10, 28))

    text = body(signed_in.get(HOME))

    row = '<tr><th scope="row">{}</th><td class="n">{}</td><td class="n">{}</td></tr>'
    assert row.format("2026년 11월", "27㎥", "21㎥") in text
    assert row.format("2025년 3월", "17㎥", "11㎥") in text
    assert row.format("2025년 1월", "16㎥", "–") in text
    assert "2024년 11월" not in text
    assert 'aria-label="최근 2년 사용량 그래프. 가장 많은 때는 2026년 11월 27㎥' in text


def test_bills_of_different_lengths_are_shown_by_month(signed_in, home):
    make.bill(premises=home.premises, month="2026-10", usage_m3=30, months=2)
    make.bill(premises=home.premises, month="2026-11", usage_m3=13, months=1)

    text = body(signed_in.get(HOME))

    assert "한 달 평균으로 그렸습니다" in text
    assert "가장 많은 때는 2026년 10월 15㎥, 이번은 13㎥입니다." in text


def test_only_the_newest_revision_of_a_bill_counts(signed_in, home):
    bills(home, 24)
    make.bill(premises=home.premises, month="2026-11", usage_m3=21, revision=1)

    text = body(signed_in.get(HOME))

    assert '<p class="big">21㎥</p>' in text
    assert "24㎥" not in text


def test_another_persons_home_is_not_there(signed_in):
    make.home(reference="NEIGHBOUR2")

    assert signed_in.get("/patterns/NEIGHBOUR2").status_code == 404
    assert signed_in.get("/patterns/NEIGHBOUR2.csv").status_code == 404
    assert signed_in.get("/patterns/NOBODYS234").status_code == 404


def test_nobody_signed_in_is_led_to_the_sign_in(client):
    assert client.get(HOME).location == f"/login?next={HOME}"
    assert client.get(f"{HOME}.csv").status_code == 303


def test_only_bills_and_days_of_ones_own_time_are_seen(signed_in, home, sign_in):
    before = make.home(premises=home.premises, reference="BEFORE2345", until_on=date(2026, 10, 29))
    home.since_on = date(2026, 10, 29)
    home.save()
    make.bill(premises=home.premises, month="2026-11", usage_m3=31)
    make.bill(
        premises=home.premises,
        month="2026-12",
        usage_m3=47,
        from_on=date(2026, 10, 29),
        to_on=date(2026, 11, 19),
    )
    for day, litres in ((date(2026, 10, 29), 111), (date(2026, 10, 30), 222)):
        make.daily_use(premises=home.premises, day=day, litres=litres)

    mine = [body(signed_in.get(f"{HOME}{end}")) for end in ("", ".csv")]
    other = sign_in(before.account)
    theirs = [body(other.get(f"/patterns/BEFORE2345{end}")) for end in ("", ".csv")]

    assert all("47" in text and "222" in text for text in mine)
    assert not any("31㎥" in text or "111L" in text or ",111," in text for text in mine)
    assert all("31" in text and "111" in text for text in theirs)
    assert not any("47㎥" in text or "222L" in text or ",222," in text for text in theirs)


def test_a_home_without_bills_says_so(signed_in, home):
    assert "아직 고지서가 없습니다." in body(signed_in.get(HOME))


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"homes": 30, "tenths": 3300}, "이 집은 12㎥로 1㎥ 많습니다."),
        ({"homes": 30, "tenths": 4000}, "이 집은 12㎥로 1.3㎥ 적습니다."),
        ({"homes": 1234, "tenths": 1234 * 120}, "세대수가 비슷한 집 1,234곳은"),
        ({"homes": 29, "tenths": 2900}, ""),
        ({"district": "강남구"}, ""),
        ({"size": 2}, ""),
        ({"month": "2026-10"}, ""),
    ],
)
def test_similar_homes_are_compared_with_only_when_there_are_thirty(signed_in, home, values, said):
    bills(home, 24)
    make.similar_use(**values)

    text = body(signed_in.get(HOME))

    assert ("비슷한 집" in text) == bool(said)
    assert said in text


def test_a_shop_is_compared_with_no_home(signed_in, home):
    bills(home, 24)
    Bill.update(water_class="general").execute()
    make.similar_use()

    assert "비슷한 집" not in body(signed_in.get(HOME))


def test_what_water_costs_comes_from_the_last_bill(signed_in, home):
    bills(home, 24)

    text = body(signed_in.get(HOME))

    assert "물 1㎥(1,000L)에 1,320원, 하루에 519원이 들었습니다." in text


def test_a_bill_without_use_costs_by_the_day(signed_in, home):
    bills(home, 0)

    assert "지난 고지서로 보면 하루에 35원이 들었습니다." in body(signed_in.get(HOME))


def test_the_carbon_is_marked_as_a_sample_with_its_source(signed_in, home):
    bills(home, 24)

    text = body(signed_in.get(HOME))

    assert "이산화탄소 약 6kg" in text
    assert "견본 값" in text
    assert "서울의 값은 아직 확인되지 않았습니다." in text


def test_the_last_31_days_are_told_and_listed(signed_in, home):
    week(home, *[0] * 35)

    text = body(signed_in.get(HOME))

    assert "하루 평균 415L를 썼고, 가장 많은 날은 10월 20일(화) 430L입니다." in text
    assert text.count("<tr>") == 1 + 31


def test_a_month_of_days_can_be_chosen(signed_in, home):
    week(home, *[0] * 62)

    text = body(signed_in.get(f"{HOME}?month=2026-10"))

    assert "2026년 10월: 하루 평균" in text
    assert '<option value="2026-10" selected>2026년 10월</option>' in text
    assert text.count("<tr>") == 1 + 31
    assert "최근 31일: 하루" in body(signed_in.get(f"{HOME}?month=2031-10"))


def test_a_fragment_holds_the_days_alone(signed_in, home):
    week(home, *[0] * 40)
    headers = {"HX-Request": "true", "HX-Target": "by_day"}

    text = body(signed_in.get(f"{HOME}?month=2026-10", headers=headers))

    assert text.strip().startswith('<section id="by_day"')
    assert "<html" not in text


def test_a_home_without_remote_readings_shows_no_days(signed_in, home):
    bills(home, 24)

    text = body(signed_in.get(HOME))

    assert "날마다" not in text
    assert "<script" not in text


def test_saved_data_leaves_out_the_charts_and_opens_the_tables(signed_in, home):
    bills(home, 24, 24)
    week(home, *[0] * 7)

    signed_in.environ_base["HTTP_SAVE_DATA"] = "on"
    text = body(signed_in.get(HOME))

    assert 'class="chart' not in text
    assert text.count("<details open>") == 2


def test_what_water_costs_is_what_the_bill_asks_after_reductions(signed_in, home):
    make.bill(premises=home.premises, discount=20_000, total=11_680)

    assert "물 1㎥(1,000L)에 486원" in body(signed_in.get(HOME))


def test_an_owner_sees_bills_but_no_days_and_nights_of_a_tenant(signed_in, home):
    """When somebody gets up, is away or has guests is theirs; an empty home's days are not."""
    tenant = {"started_on": date(2026, 11, 1), "ended_on": date(2026, 11, 10)}
    make.occupancy(premises=home.premises, **tenant)
    for day in range(1, 12):
        on = date(2026, 11, day)
        make.daily_use(premises=home.premises, day=on, litres=77_000 + day, night_litres=5)
    make.daily_use(premises=home.premises, day=date(2026, 10, 31), litres=631)
    bills(home, 24)
    home.tenancy = "owner"
    home.save()

    texts = [body(signed_in.get(f"{HOME}{end}")) for end in ("", "?month=2026-11", ".csv")]

    for text in texts:
        assert not any(
            f"77{comma}0{day:02d}" in text for day in range(1, 11) for comma in ("", ",")
        )
        assert "물이 새는지" not in text
    assert ("631L" in texts[0], "77,011L" in texts[1], ",77011," in texts[2]) == (True,) * 3
    assert '<p class="big">24㎥</p>' in texts[0]

    home.tenancy = "user"
    home.save()
    assert ",77001," in body(signed_in.get(f"{HOME}.csv"))


def test_nights_of_a_tenant_are_no_hint_for_the_owner(signed_in, home):
    make.occupancy(premises=home.premises)
    week(home, 6, 5, 7, 6, 6, 8, 9)
    assert "물이 새는지" in body(signed_in.get(HOME))

    home.tenancy = "owner"
    home.save()

    text = body(signed_in.get(HOME))
    assert ("물이 새는지" in text, "날마다" in text) == (False, False)
