"""Values as the bars, marks and words of a chart that can be read on a phone.

Words are only set where they fit: the chart is 320 units wide, and a unit is a pixel there.
"""

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import NamedTuple

WIDTH, HEIGHT, TOP = 320, 108, 24
BASE = TOP + HEIGHT
MANY = 12
NAMES, GROUPS = BASE + 20, BASE + 36


class Point(NamedTuple):
    """One place of the chart: its value (None where unknown), a year before, its names."""

    value: int | None
    past: int | None
    name: str
    group: str
    dot: bool = False


class Bar(NamedTuple):
    css: str
    x: str
    y: str
    width: str
    height: str


class Dot(NamedTuple):
    x: str
    y: str


class Word(NamedTuple):
    css: str
    x: str
    y: str
    text: str


class Chart(NamedTuple):
    bars: list[Bar]
    past: list[Bar]
    dots: list[Dot]
    words: list[Word]


def draw(points: Sequence[Point], text: Callable[[int], str]) -> Chart:
    """The chart of some points; the last one is what the page is about."""
    known = [one for point in points for one in (point.value, point.past) if one is not None]
    top = max(known, default=0) or 1
    width = min(WIDTH * 64 // 100 // len(points), 40)
    bars, past, dots = [], [], []
    for index, point in enumerate(points):
        left = middle(index, len(points)) - width // 2
        if point.value is not None:
            height = point.value * HEIGHT // top
            css = "now" if index == len(points) - 1 else ""
            bars.append(Bar(css, str(left), str(BASE - height), str(width), str(height)))
        if point.past is not None:
            y = BASE - point.past * HEIGHT // top - 2
            past.append(Bar("past", str(left - 2), str(y), str(width + 4), "3"))
        if point.dot:
            dots.append(Dot(str(middle(index, len(points))), str(BASE + 6)))
    return Chart(bars, past, dots, [*values(points, top, text), *names(points), *groups(points)])


def middle(index: int, count: int) -> int:
    return (2 * index + 1) * WIDTH // (2 * count)


def wide(text: str) -> int:
    """About how wide a text is in the chart's letters."""
    return sum(11 if sign > "\u2e80" else 7 for sign in text)


def inside(x: int, text: str) -> int:
    """A middle for a text, so that it does not leave the chart."""
    half = wide(text) // 2 + 1
    return min(max(x, half), WIDTH - half)


def values(points: Sequence[Point], top: int, text: Callable[[int], str]) -> list[Word]:
    """All values where they fit beside each other, else only the last and the largest."""
    known = [(index, point.value) for index, point in enumerate(points) if point.value is not None]
    if not known:
        return []
    step = WIDTH // len(points)
    chosen = known
    last, most = known[-1], max(known, key=lambda one: one[1])
    if len(known) > MANY or any(wide(text(value)) + 2 > step for _, value in known):
        near = (last[0] - most[0]) * step < wide(text(last[1])) + wide(text(most[1]))
        chosen = [last] if near else [most, last]
    return [value_word(points, index, top, text(value)) for index, value in chosen]


def value_word(points: Sequence[Point], index: int, top: int, text: str) -> Word:
    """A value above its bar, and above whatever the neighbours have beneath the text."""
    x, half = inside(middle(index, len(points)), text), wide(text) // 2
    reach = half + WIDTH // (2 * len(points)) + 3
    beneath = [
        max(point.value or 0, point.past or 0)
        for place, point in enumerate(points)
        if abs(middle(place, len(points)) - x) <= reach
    ]
    css = "now" if index == len(points) - 1 else ""
    return Word(css, str(x), str(BASE - max(beneath) * HEIGHT // top - 7), text)


def names(points: Sequence[Point]) -> list[Word]:
    """The names beneath the bars, as many as fit; always the last one."""
    step = WIDTH // len(points)
    every = -(-(max(wide(point.name) for point in points) + 9) // step)
    last = len(points) - 1
    return [
        Word(
            "now" if index == last else "",
            str(inside(middle(index, len(points)), point.name)),
            str(NAMES),
            point.name,
        )
        for index, point in enumerate(points)
        if (last - index) % every == 0
    ]


def groups(points: Sequence[Point]) -> list[Word]:
    """The year (or month) beneath the first bar of each; not where two would touch."""
    starts = [0, *(i + 1 for i, (a, b) in enumerate(pairwise(points)) if a.group != b.group)]
    found: list[Word] = []
    room = WIDTH + 1
    for index in reversed(starts):
        text = points[index].group
        x = inside(middle(index, len(points)), text)
        if x + wide(text) // 2 + 4 < room:
            found.append(Word("", str(x), str(GROUPS), text))
            room = x - wide(text) // 2
    return found[::-1]
