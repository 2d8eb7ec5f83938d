"""요금 계산기: the amount, the reasons, and what is wrong with a question."""

import re

import pytest

from app.calculator import estimate
from app.tariff.table import seoul
from tests.markup import Page

FRAGMENT = {"HX-Request": "true", "HX-Target": "result"}


@pytest.fixture(autouse=True)
def today(clock_at):
    clock_at("2026-11-20 10:00")


@pytest.fixture
def ask(client):
    """ask(usage=12) is the page for a question."""

    def start(status=200, **asked):
        answer = client.get("/calculator/", query_string=asked)
        assert answer.status_code == status
        return answer.text

    return start


def result(text):
    return Page(text).element("result")


def plain(text):
    """The words of a page, each blank as one."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text))


def field(text, name):
    """A field's attributes."""
    return next(e for e in Page(text).tagged("input", "select") if e.get("name") == name).get


def chosen(text, name):
    """The chosen values of a select."""
    options = Page(text).tagged("option")
    mine = [option for option in options if option.inside("select").get("name") == name]
    return [o.get("value") for o in mine if ("selected", None) in o.attributes]


def test_a_first_visit_shows_an_example(ask):
    text = ask()

    assert field(text, "usage")("value") == "24"
    assert "31,680원" in result(text)
    assert "한 달에 15,840원꼴입니다." in text


def test_a_question_is_answered_with_its_lines_and_their_arithmetic(ask):
    words = plain(result(ask(usage="70", households="3")))

    assert "87,820원" in words
    assert "69.6㎥ × 580원" in words
    assert "한 세대가 한 달에 11.6㎥ 쓴 것으로 계산합니다" in words


def test_the_link_of_a_question_shows_the_same_question_and_answer(ask):
    text = ask(
        usage="50",
        months="1",
        use_class="general",
        sewer_class="household",
        diameter="25",
        month="2026-06",
        households="2",
        dwellings="3",
        reductions=["ebill", "two_children"],
    )

    names = ("months", "use_class", "sewer_class", "diameter", "month")
    assert [chosen(text, name) for name in names] == [
        ["1"],
        ["general"],
        ["household"],
        ["25"],
        ["2026-06"],
    ]
    numbers = ("usage", "households", "dwellings")
    assert [field(text, name)("value") for name in numbers] == ["50", "2", "3"]
    assert text.count(" checked") == 2
    assert "<details open>" in text


def test_the_rarely_used_fields_are_folded_until_one_says_something(ask):
    assert "<details>" in ask(usage="30")
    assert "<details open>" in ask(diameter="20")


@pytest.mark.parametrize("typed", ["１２", " 12 ", "12㎥", "12 m3"])
def test_a_usage_may_be_typed_as_people_type_it(ask, typed):
    assert "16,920원" in ask(usage=typed)


def test_a_usage_of_nothing_costs_the_base_charge(ask):
    assert "2,160원" in result(ask(usage="0"))


def test_the_months_of_a_bill_change_the_base_charge(ask):
    assert "15,840원" in result(ask(usage="12", months="1"))


def test_the_fragment_is_the_result_alone_and_holds_no_control(client):
    answer = client.get("/calculator/?usage=12", headers=FRAGMENT)

    found = Page(answer.text)
    assert found.elements[0].get("id") == "result"
    assert "16,920원" in answer.text
    assert found.tagged("input", "select", "button", "form", "summary") == []
    assert [e.get("role") for e in found.elements].count("status") == 1


def test_the_fragment_of_a_wrong_question_says_what_is_wrong(client):
    answer = client.get("/calculator/?usage=", headers=FRAGMENT)

    assert answer.status_code == 422
    assert "사용량은 0부터 99,999까지" in answer.text


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("usage", ""),
        ("usage", "x"),
        ("usage", "1.5"),
        ("usage", "-1"),
        ("usage", "100000"),
        ("usage", "9" * 400),
        ("usage", "١٢"),  # digits of another script are not what our keyboards type
        ("usage", "1\u202e2"),
        ("months", "3"),
        ("use_class", "palace"),
        ("households", ""),
        ("households", "0"),
        ("households", "10000"),
        ("diameter", "17"),
        ("month", ""),
        ("month", "2026-13"),
        ("month", "0001-01"),
        ("month", "2027-12"),
        ("month", "2000-06"),
        ("sewer_class", "palace"),
        ("dwellings", "x"),
        ("dwellings", "1"),  # a household has no dwellings beside it
        ("reductions", "because_i_want"),
    ],
)
def test_a_wrong_field_is_told_at_the_field_and_keeps_its_value(ask, name, value):
    text = ask(422, **{name: value})

    page = Page(text)
    assert page.element(f"{name}_error")
    assert f'href="#{name}"' in page.element("problems")
    assert "<title>오류:" in text
    assert 'class="big"' not in text
    if field(text, name)("type") == "text":
        assert (field(text, name)("value") or "") == value


def test_a_month_without_a_rate_is_told_and_is_no_error_of_ours(ask):
    text = ask(422, use_class="bath", month="2005-06")

    assert "이 달에 쓸 단가가 없습니다" in Page(text).element("month_error")
    assert chosen(text, "month") == ["2005-06"]


@pytest.mark.slow
def test_an_old_month_has_its_old_rates(ask):
    assert "83,760원" in result(ask(usage="100", month="2010-06"))


def test_a_sample_rate_is_marked_at_its_line(ask):
    lines = Page(ask(use_class="general")).element("result").split("<tr>")

    marked = [line for line in lines if "확인 전 견본 단가" in line]
    assert [re.search(r"</span>(\S+ \S+)<", line)[1] for line in marked] == [
        "수도 사용요금",
        "하수도 사용료",
    ]
    assert "실제 고지서와 다를 수 있습니다" in lines[-1]


def test_a_verified_rate_carries_no_mark(ask):
    text = result(ask())

    assert "견본" not in text


def test_less_use_tells_what_it_saves(ask):
    words = plain(ask(usage="24"))

    assert "22㎥를 쓰면 29,220원입니다. 이번에 2,460원, 1년이면 14,760원을 아낍니다." in words


def test_a_single_rate_is_told_in_words(ask):
    words = plain(ask())

    assert "다음 1㎥의 단가는 1,230원입니다." in words
    assert "많이 써도 1㎥의 값은 같습니다." in words


def test_steps_are_told_with_their_limit(ask):
    words = plain(ask(usage="60", month="2025-11"))

    assert "하수도: 3단계 가운데 2단계입니다. 한 세대가 한 달에 50㎥를 넘으면" in words
    assert "값은 같습니다" not in words


def test_the_dearest_step_has_no_next(ask):
    assert "가장 비싼 3단계입니다." in ask(usage="500", month="2025-11")


def test_a_ticked_reduction_is_taken_off(ask):
    text = result(ask(usage="24", reductions="two_children"))

    assert "28,230원" in text  # 30 % of 11,520 is 3,456, cut to 3,450
    assert "−3,450원" in text
    assert "감면을 빼기 전의 단가입니다." in text


def test_a_reduction_that_takes_nothing_off_is_named(ask):
    words = plain(ask(use_class="general", reductions="two_children"))

    assert "빼지 않았습니다: 두 자녀 이상" in words


def test_the_names_of_the_reductions_come_from_the_table(ask):
    text = ask()

    asked = [row for row in seoul().reductions.values() if row.asked]
    assert [row.code for row in asked if row.name["ko"] not in text] == []
    assert text.count('name="reductions"') == len(asked) > 0


def test_the_sewer_may_have_a_class_of_its_own(ask):
    assert "48,000원" in result(ask(use_class="general", sewer_class="household", usage="100"))


def test_mixed_use_is_explained(ask):
    words = plain(ask(use_class="general", usage="100", dwellings="2"))

    assert "집 2곳이 쓴 몫은 가정용으로" in words


def test_a_wrong_field_is_not_told_a_third_time_in_the_result(ask):
    text = ask(422, usage="")

    assert "사용량은" not in result(text)
    assert "표시한 칸을 고치면 요금을 계산합니다." in result(text)
    assert text.count("사용량은 0부터") == 2


def test_the_calculator_speaks_english(client):
    text = client.get(
        "/calculator/?lang=en&usage=60&month=2025-11&use_class=general&dwellings=1"
        "&reductions=ebill&reductions=two_children"
    ).text

    assert "Bill calculator" in text
    assert not re.search("[가-힣]", plain(result(text)))


def test_the_calculator_is_found_by_its_name_from_every_page(client):
    for path in ("/", "/login", "/faq/"):
        assert '<a href="/calculator/">요금 계산기</a>' in client.get(path).text


def test_a_question_costs_little(client):
    client.get("/")

    page = client.get("/calculator/", headers={"Accept-Encoding": "br"})
    fragment = client.get("/calculator/", headers={"Accept-Encoding": "br", **FRAGMENT})

    assert len(page.data) <= 10_000
    assert len(fragment.data) <= 3_000


def test_many_questions_do_not_fill_the_memory(ask, monkeypatch):
    monkeypatch.setattr(estimate, "PLANS_KEPT", 5)

    for diameter in ("15", "20", "25", "32", "40", "50", "65", "75"):
        ask(diameter=diameter)

    assert len(seoul().plans) <= 6
