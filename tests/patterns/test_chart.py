"""The chart: what is drawn lies inside, and no words touch each other."""

from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from app.patterns.chart import BASE, TOP, WIDTH, Point, draw, wide

volumes = st.integers(0, 50_000)
points = st.lists(
    st.builds(
        Point,
        st.one_of(st.none(), volumes),
        st.one_of(st.none(), volumes),
        st.sampled_from(["1월", "11월", "Nov", "31"]),
        st.sampled_from(["2025", "2026", "11월"]),
        st.booleans(),
    ),
    min_size=1,
    max_size=31,
)


def text(value):
    return f"{value:,}㎥"


@given(points)
def test_all_bars_and_words_lie_inside(shown):
    chart = draw(shown, text)

    for bar in [*chart.bars, *chart.past]:
        assert -4 <= int(bar.x) <= WIDTH
        assert TOP - 3 <= int(bar.y) <= BASE
        assert int(bar.height) >= 0
    for word in chart.words:
        assert int(word.x) - wide(word.text) // 2 >= 0
        assert int(word.x) + wide(word.text) // 2 <= WIDTH
        assert int(word.y) > 10


@given(points)
def test_no_two_words_touch(shown):
    words = draw(shown, text).words

    for one, other in combinations(words, 2):
        beside = abs(int(one.x) - int(other.x)) * 2 >= wide(one.text) + wide(other.text) - 4
        assert beside or abs(int(one.y) - int(other.y)) >= 11


def test_few_values_are_all_told_and_many_only_the_last_and_the_largest():
    few = draw([Point(n, None, "1월", "2026") for n in (3, 9, 5)], text)
    many = draw([Point(n % 11, None, "1월", "2026") for n in range(24)], text)

    assert [word.text for word in few.words[:3]] == ["3㎥", "9㎥", "5㎥"]
    assert [word.text for word in many.words if "㎥" in word.text] == ["10㎥", "1㎥"]


def test_an_unknown_value_has_no_bar_and_a_year_before_is_a_mark():
    chart = draw([Point(None, 4, "1월", "2026"), Point(8, None, "2월", "2026", True)], text)

    assert (len(chart.bars), len(chart.past), len(chart.dots)) == (1, 1, 1)
    assert chart.bars[0].css == "now"


def test_nothing_known_draws_nothing_but_names():
    chart = draw([Point(None, None, "1월", "2026")], text)

    assert (chart.bars, [word.text for word in chart.words]) == ([], ["1월", "2026"])
