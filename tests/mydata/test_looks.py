"""Who looked: when, from which office, in which role, what and why; never by name (S-54, S-57)."""

from datetime import date, timedelta

from app import clock
from app.audit import trail
from app.audit.trail import About
from app.mydata.looks import looks
from app.staff.models import Grant
from tests import make
from tests.mydata.conftest import looked

PAGE = "/profile/data/looks"


def test_a_look_shows_time_office_role_deed_and_reason_but_no_name(me, clerk):
    looked(clerk, "customer.unmasked", account_id=me.account.id, reason="요금 문의 전화")

    page = me.get(PAGE).text

    for shown in ("2026. 11. 26. 12:00", "동부수도사업소", "창구 담당", "요금 문의 전화"):
        assert shown in page
    assert "가린 정보를 펼쳐 봄" in page
    assert "박비밀" not in page
    assert clerk.email not in page


def test_the_download_names_nobody_either(me, clerk):
    looked(clerk, account_id=me.account.id, reason="확인")

    answer = me.submit("/profile/data/download", "/profile/data/download/json")

    (look,) = answer.json["topics"]["looks"]["looks"]
    assert look == {
        "at": "2026-11-26T12:00:00+09:00",
        "office": "093",
        "role": "창구 담당",
        "action": "customer.seen",
        "reason": "확인",
    }
    assert "박비밀" not in answer.text


def test_looks_at_ones_home_count_within_ones_own_time(me, clerk, clock_at):
    home = me.home
    home.since_on, home.until_on = date(2026, 11, 10), date(2026, 11, 20)
    home.save()
    for day in (10, 11, 20, 21):
        clock_at(f"2026-11-{day} 12:00")
        looked(clerk, premises_id=me.place.id)

    found = [one.at.astimezone(clock.SEOUL).day for one in looks(me.account)]

    assert found == [20, 11]


def test_a_look_at_another_is_no_look_at_oneself(me, clerk):
    looked(clerk, account_id=make.account().id)
    looked(clerk, premises_id=make.premises().id)
    looked(clerk, premises_id=me.place.id, account_id=make.account().id)

    assert looks(me.account) == []


def test_who_only_looks_on_does_not_see_the_looks_at_the_home(me, clerk):
    viewer = make.account()
    make.home(account=viewer, premises=me.place, role="viewer")
    looked(clerk, premises_id=me.place.id)

    assert looks(viewer) == []
    assert len(looks(me.account)) == 1


def test_a_look_at_account_and_home_is_one_look(me, clerk):
    looked(clerk, account_id=me.account.id, premises_id=me.place.id)

    assert len(looks(me.account)) == 1


def test_what_the_program_does_is_no_look(me):
    trail.record(trail.system("tests"), "test", About(me.account.id), now=clock.now())

    assert looks(me.account) == []


def test_the_role_is_the_one_that_was_held_at_that_time(me, clerk, clock_at):
    looked(clerk, account_id=me.account.id)
    Grant.get(Grant.member == clerk).end("tests", clock.now() + timedelta(minutes=1))
    clock_at("2026-11-26 13:00")
    make.grant(member=clerk, role="auditor", office="", granted_at=clock.now())
    looked(clerk, account_id=me.account.id)

    roles = [one.role for one in looks(me.account)]

    assert roles == ["감사", "창구 담당"]


def test_a_look_of_the_desk_itself_is_there_at_once(me, at_desk):
    """The whole way: somebody opens the page of the home, and the resident sees it."""
    staff = at_desk("clerk", office="091")
    assert staff.get(f"/staff/customers/{me.place.number}").status_code == 200

    page = me.get(PAGE).text

    assert "고객 정보를 봄" in page
    assert "중부수도사업소" in page
    assert staff.member.name not in page


def test_the_page_speaks_english(me, clerk):
    looked(clerk, account_id=me.account.id)

    page = me.get(f"{PAGE}?lang=en").text

    assert "Dongbu office" in page
    assert "Who looked at your data" in page
