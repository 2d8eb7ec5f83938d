"""What staff read when a page is not for them or not there."""

import pytest

from tests.markup import Page


def main(answer):
    return Page(answer.text).tagged("main")[0].words


def test_who_lacks_the_role_is_told_so_and_keeps_the_menu(at_desk):
    answer = at_desk("clerk").get("/staff/operations/")

    assert answer.status_code == 403
    assert "맡은 역할에는" in main(answer)
    assert "120" not in main(answer)
    assert 'href="/staff/customers/"' in answer.text


def test_a_page_that_is_not_there_does_not_send_staff_to_the_hotline(at_desk):
    answer = at_desk("clerk").get("/staff/nothing")

    assert answer.status_code == 404
    assert "담당하지 않는 사업소" in main(answer)
    assert "120" not in main(answer)


@pytest.mark.parametrize("headers", [{}, {"Origin": "https://evil.example"}])
def test_a_form_from_elsewhere_is_not_said_to_be_a_matter_of_roles(at_desk, headers):
    answer = at_desk("clerk").post("/staff/customers/", data={"query": "x"}, headers=headers)

    assert answer.status_code == 403
    assert "다른 곳에서 온 요청" in main(answer)


def test_strangers_learn_nothing_of_the_desk(client):
    answer = client.get("/staff/nothing")

    assert answer.status_code == 404
    assert "사업소의 것" not in main(answer)
    assert 'href="tel:02-120"' in answer.text
