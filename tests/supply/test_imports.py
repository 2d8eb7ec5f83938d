"""Batches of delivered lines: what belongs together stays together."""

from itertools import groupby

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.supply.files import FileError
from app.supply.imports import Kind, batches


def kind(size, group=lambda values: values[0] or None):
    return Kind("test", ("name",), None, None, size, group)


def lines(names):
    return [(number, [name]) for number, name in enumerate(names, 2)]


def sizes(names, size, **group):
    return [len(part) for part in batches(iter(lines(names)), kind(size, **group))]


@pytest.mark.parametrize(
    ("names", "parts"),
    [
        ("aabbcc", [2, 2, 2]),
        ("abbbcc", [4, 2]),
        ("aabbbc", [2, 3, 1]),
        ("aaa", [3]),
        ("abcd", [2, 2]),
        ("", []),
    ],
)
def test_a_batch_grows_to_the_end_of_its_last_group(names, parts):
    assert sizes(names, 2) == parts


def test_lines_without_a_group_stand_for_themselves():
    assert sizes(["", "", "", ""], 2) == [2, 2]
    assert sizes("aaaa", 3, group=None) == [3, 1]


def test_a_group_that_fills_a_batch_by_itself_is_refused_instead_of_held():
    with pytest.raises(FileError, match="belong together"):
        sizes("a" * 100, 2)


@given(st.lists(st.tuples(st.sampled_from("abc"), st.integers(1, 4))), st.integers(4, 9))
def test_no_line_is_lost_and_no_group_is_split(groups, size):
    names = "".join(name * count for name, count in groups if count)
    given_lines = lines(name + str(n) for n, (name, run) in enumerate(groups) for _ in range(run))

    parts = list(batches(iter(given_lines), kind(size)))

    assert [line for part in parts for line in part] == given_lines
    assert len(names) == len(given_lines)
    runs = sum(len(list(groupby(part, key=lambda line: line[1][0]))) for part in parts)
    assert runs == len(groups)
