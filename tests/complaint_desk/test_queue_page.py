"""The queue: what is due first on top, narrowed, page by page, several at once, and finding."""

from datetime import timedelta

import pytest

from app import clock
from app.complaints import queue, words
from app.complaints.models import Complaint
from app.complaints.queue import Wanted
from tests import make
from tests.complaint_desk.conftest import MONDAY
from tests.complaints.steps import file_leak
from tests.markup import Page

QUEUE = "/staff/complaints/"


def due(hours, **values):
    return make.complaint(received_at=MONDAY, due_at=MONDAY + timedelta(hours=hours), **values)


def numbers(text):
    return [
        element.get("href").split("/")[-1]
        for element in Page(text).tagged("a")
        if element.inside("th") is not None
    ]


def row(text, one):
    return text[text.index(f'href="{QUEUE}{one.reference}"') :].split("</tr>")[0]


def test_what_is_due_first_is_on_top_and_late_and_soon_are_said_in_words(clerk):
    later, late, soon = due(50), due(-1), due(2)

    text = clerk.get(QUEUE).text

    assert numbers(text) == [late.reference, soon.reference, later.reference]
    assert "▲ 지남" in row(text, late)
    assert "◆ 곧" in row(text, soon)
    assert "◆" not in row(text, later)
    assert "기한 지남 1건" in text


def test_what_a_passer_by_has_just_filed_is_in_the_next_look_at_the_queue(at_desk, client):
    clerk = at_desk("clerk", office="")
    assert numbers(clerk.get(QUEUE).text) == []

    number = file_leak(client)

    assert numbers(clerk.get(QUEUE).text) == [number]


def test_closed_ones_those_that_wait_and_other_offices_are_not_in_the_queue(clerk):
    due(1, closed_at=clock.now(), state="done")
    due(1, office="093")
    waits = make.complaint(received_at=MONDAY, due_at=None, state="waiting")

    assert numbers(clerk.get(QUEUE).text) == []
    assert numbers(clerk.get(f"{QUEUE}?state=waiting").text) == [waits.reference]


def test_the_queue_is_narrowed_by_kind_state_person_and_date(clerk):
    mine = due(1, assigned_to=clerk.member, state="assigned")
    bill = due(90, type="bill")
    late = due(-2, type="taste")

    found = {
        query: numbers(clerk.get(f"{QUEUE}?{query}").text)
        for query in (
            "type=bill", "state=assigned", "whose=mine", "due=late", "due=soon",
            "type=nonsense&state=x&whose=x&due=x",
        )
    }  # fmt: skip
    assert found["type=bill"] == [bill.reference]
    assert found["state=assigned"] == found["whose=mine"] == [mine.reference]
    assert found["due=late"] == [late.reference]
    assert found["due=soon"] == [late.reference, mine.reference]
    assert len(found["type=nonsense&state=x&whose=x&due=x"]) == 3
    assert numbers(clerk.get(f"{QUEUE}?whose=nobody").text) == [late.reference, bill.reference]


def test_who_has_several_offices_narrows_by_office(at_desk):
    north, south = due(1), due(2, office="093")
    client = at_desk("manager", office="")

    assert numbers(client.get(QUEUE).text) == [north.reference, south.reference]
    assert numbers(client.get(f"{QUEUE}?office=093").text) == [south.reference]


def test_pages_follow_each_other_without_gap_or_repetition(clerk, monkeypatch):
    monkeypatch.setattr(queue, "SIZE", 2)
    every = [due(hours).reference for hours in (1, 1, 2, 3, 3)]
    seen, address = [], QUEUE

    while address:
        text = clerk.get(address).text
        seen += numbers(text)
        links = [e.get("href") for e in Page(text).tagged("a") if "after=" in (e.get("href") or "")]
        address = links[0] if links else ""

    assert seen == every


def test_offices_are_merged_in_the_order_of_their_dates(db):
    first, second, third = due(1), due(2, office="093"), due(3)

    found = queue.page(["091", "093"], Wanted(), clock.now())

    assert [one.id for one in found] == [first.id, second.id, third.id]
    assert [one.id for one in queue.page(["091", "093"], Wanted(), clock.now(), found[1])] == [
        third.id
    ]


def test_the_place_of_a_home_is_no_more_than_its_dong_in_lists(clerk):
    due(1, type="leak_home", place="보기로 3, 502호")

    text = clerk.get(QUEUE).text

    assert "가상1동" in text
    assert "502호" not in text


def several(client, act, *picked, **fields):
    picks = [f"{one.reference}.{one.version}" for one in picked]
    return client.submit(QUEUE, f"{QUEUE}several", act=act, pick=picks, **fields)


def state(one):
    found = Complaint.get_by_id(one.id)
    return found.state, found.assigned_to_id, found.office


def test_several_at_once_and_one_that_has_changed_stays_as_it_is(clerk):
    first, second, changed = due(1), due(2), due(3)
    Complaint.update(version=5).where(Complaint.id == changed.id).execute()

    answer = several(clerk, "mine", first, second, changed)

    assert answer.status_code == 303
    assert state(first) == state(second) == ("assigned", clerk.member.id, "091")
    assert state(changed)[1] is None
    shown = clerk.get(answer.location).text
    assert "나에게 지정했습니다: 2건" in shown
    assert f'<a href="{QUEUE}{changed.reference}">' in shown.split("<h1>")[0]


def test_several_go_to_a_colleague_begin_and_move(clerk):
    one, other = due(1), due(2)
    near = make.member("clerk")

    several(clerk, "assign", one, colleague=near.reference)
    several(clerk, "start", other)
    assert state(one) == ("assigned", near.id, "091")
    assert state(other) == ("working", None, "091")
    several(clerk, "move", Complaint.get_by_id(other.id), to_office="093")
    assert state(other) == ("received", None, "093")


@pytest.mark.parametrize(
    ("act", "fields"), [("assign", {}), ("move", {}), ("move", {"to_office": "x"}), ("x", {})]
)
def test_several_without_what_is_needed_is_said_and_what_was_picked_stays(clerk, act, fields):
    one = due(1)

    answer = several(clerk, act, one, **fields)

    assert answer.status_code == 422
    assert f'value="{one.reference}.1" checked' in answer.text
    assert state(one) == ("received", None, "091")
    assert several(clerk, "mine").status_code == 422


def test_what_is_of_another_office_is_not_touched_with_others(clerk):
    theirs = due(1, office="093")

    several(clerk, "start", theirs)

    assert state(theirs) == ("received", None, "093")


def find(client, query):
    answer = client.submit(QUEUE, f"{QUEUE}search", query=query)
    assert query not in answer.location
    return client.get(answer.location)


def test_a_complaint_is_found_by_number_telephone_customer_number_and_words(clerk, app):
    home = make.premises(office="091")
    one = due(1, premises=home, place="보기로 12 앞")
    other = due(2, phone="+821099998888")
    with app.app_context():
        words.index(one.id, one.body, one.place)
        words.index(other.id, "수압이 낮습니다")

    for query in (one.reference, one.reference.lower(), "010-1234-5678", home.number, "솟습"):
        assert find(clerk, query).location == f"{QUEUE}{one.reference}", query
    assert numbers(find(clerk, "고래").text) == []


def test_several_that_fit_are_a_list_and_those_of_other_offices_are_not_in_it(clerk):
    one, two = due(1), due(2, closed_at=clock.now(), state="done")
    due(3, office="093")

    page = find(clerk, "010-1234-5678")

    assert numbers(page.text) == [two.reference, one.reference]
    assert numbers(clerk.get(f"{QUEUE}of/999999999").text) == []


def test_all_complaints_of_a_home_stand_together(clerk):
    home = make.premises(office="091")
    one = due(1, premises=home)
    due(2)

    address = f"{QUEUE}of/{home.number}"
    assert f'href="{address}"' in clerk.get(f"/staff/customers/{home.number}").text
    assert numbers(clerk.get(address).text) == [one.reference]


def test_an_empty_search_leads_back(clerk):
    assert clerk.submit(QUEUE, f"{QUEUE}search", query=" ").location == QUEUE
    assert clerk.get(f"{QUEUE}found/{'S' * 20}").location == QUEUE


def test_the_start_page_says_how_many_wait_and_are_late(clerk):
    due(-1)
    due(5)

    text = clerk.get("/staff/").text

    card = text[text.index('href="/staff/complaints/"><b>') :].split("</li>")[0]
    assert "<b>2</b> 민원" in card
    assert "늦음 1" in card
