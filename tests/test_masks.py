"""What is left of a name in what others read: enough to know somebody, too little to use it."""

import pytest

from app import masks


@pytest.mark.parametrize(
    ("name", "masked"),
    [
        ("김", "김"),
        ("김상", "김*"),
        ("김가상", "김*상"),
        ("남궁가상", "남**상"),
        ("황보가나상", "황**나상"),
        ("가나다라마바", "가나****"),
        ("당첨되셨습니다 여기를 눌러 주십시오", "당첨되****"),
        ("Minji Kim", "M******"),
        ("bit.ly/가나", "b******"),
        ("가.나:@", "가****"),
        ("1588-1588", "*******"),
        ("ㄱ.k", "ㄱ**"),
        ("", ""),
    ],
)
def test_at_most_three_signs_of_a_name_are_shown_and_none_of_an_address(name, masked):
    assert masks.name(name) == masked
    assert len(masked.replace("*", "")) <= 3
