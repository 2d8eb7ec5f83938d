"""Rights that end, grow or fall into one hand: who may decide on whom."""

from datetime import timedelta

import pytest

from app import clock
from app.audit.trail import Actor
from app.staff import team
from app.staff.approvals import ApprovalError, Decision, decide
from app.staff.models import Grant, Member
from tests import make
from tests.markup import Page


def actor(member):
    return Actor("staff", member.id, member.name, "")


def ask(author, member, role="clerk", office="091"):
    return team.ask_for_role(member, role, office, "창구 근무", actor(author), clock.now())


def approve(proposal, by):
    decide(proposal, Decision.APPROVED, "", who=actor(by), now=clock.now())


@pytest.fixture
def newcomer(db):
    return make.member()


def test_what_somebody_asked_for_who_has_lost_the_right_is_not_approved(db, newcomer):
    author, second = make.member("manager"), make.member("manager")
    proposal = ask(author, newcomer)
    team.disable(Member.get_by_id(author.id), actor(second), clock.now())

    with pytest.raises(ApprovalError, match="이제 그 권한이 없습니다"):
        approve(proposal, second)
    assert list(Grant.of(newcomer.id)) == []


def test_who_has_lost_the_right_meanwhile_approves_nothing(db, newcomer):
    author, second = make.member("manager"), make.member("manager")
    proposal = ask(author, newcomer)
    Grant.update(ended_at=clock.now(), ended_by="x").where(Grant.member == second).execute()

    with pytest.raises(ApprovalError, match="결정할 권한"):
        approve(proposal, second)


def test_nobody_is_second_person_for_their_own_role(db):
    author, gains = make.member("manager"), make.member("manager")

    with pytest.raises(ApprovalError, match="자기에게"):
        approve(ask(author, gains), gains)


def test_a_role_that_can_take_over_others_is_decided_by_who_may_everywhere(db, newcomer):
    author, near = make.member("manager"), make.member("manager")
    proposal = ask(author, newcomer, role="administrator")

    assert proposal.office == ""
    with pytest.raises(ApprovalError):
        approve(proposal, near)


@pytest.mark.parametrize("action", ["closure", "recovery"])
def test_a_local_administrator_takes_over_nobody_of_the_whole_city(at_desk, action):
    chief = make.member("administrator", office="")
    make.grant(member=chief, role="clerk", office="091", ended_at=clock.now(), ended_by="x")
    client = at_desk("administrator", office="091")
    token = Page(client.get("/staff/").text).form("/staff/logout")["csrf_token"]

    data = {"csrf_token": token, "reason": "휴대전화를 잃어버림"}
    answer = client.post(f"/staff/team/{chief.reference}/{action}", data=data)

    assert answer.status_code == 403
    assert Member.get_by_id(chief.id).disabled_at is None
    assert Member.get_by_id(chief.id).joined_at is not None


def test_the_last_administrator_of_the_city_stays(db):
    first, second = make.member("administrator", office=""), make.member("manager", office="")

    with pytest.raises(ApprovalError, match="마지막"):
        team.disable(Member.get_by_id(first.id), actor(second), clock.now())
    make.member("administrator", office="")
    team.disable(Member.get_by_id(first.id), actor(second), clock.now())


def test_the_password_alone_sets_up_no_factor_an_hour_later(at_desk):
    member = make.member("clerk", totp_secret="", joined_at=clock.now())
    client = at_desk("clerk", member=member, factor="")
    assert client.get("/staff/me/app").status_code == 200
    Member.update(joined_at=clock.now() - timedelta(hours=1, seconds=1)).execute()

    late = client.get("/staff/me/app")

    assert (late.status_code, "다시 초대해" in late.text) == (403, True)
