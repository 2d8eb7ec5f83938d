"""Staff sign in with two factors, or not at all (S-07, S-14, S-18, S-19)."""

from datetime import timedelta

import pytest

from app import clock
from app.audit.models import Entry
from app.staff import totp
from app.staff.models import Member
from app.staff.sign_ins import StaffSession
from tests import make, outbox
from tests.make.staff import SECRET
from tests.markup import Page

NOON = "2026-11-26 12:00"


def code(offset=0):
    return totp.code(SECRET, clock.now() + timedelta(seconds=30 * offset))


def password(client, member, phrase=make.PASSPHRASE):
    return client.submit("/staff/login", email=member.email, password=phrase)


def test_password_and_code_open_the_desk(client, clock_at):
    clock_at(NOON)
    member = make.member("clerk")

    assert password(client, member).location == "/staff/second?next=/staff/"
    answer = client.submit("/staff/second", code=code())

    assert answer.location == "/staff/"
    assert client.get("/staff/").status_code == 200


def test_the_password_alone_opens_nothing_but_the_second_factor(app, client, clock_at):
    clock_at(NOON)
    password(client, make.member("clerk"))

    for path in ("/staff/", "/staff/me/", "/staff/team/", "/staff/approvals/"):
        assert client.get(path).location.startswith("/staff/second?next=/staff/"), path


def test_a_code_works_once(client, app, clock_at):
    clock_at(NOON)
    member = make.member("clerk")
    password(client, member)
    client.submit("/staff/second", code=code())
    other = app.test_client()
    password(other, member)

    assert other.submit("/staff/second", code=code()).status_code == 422
    assert other.submit("/staff/second", code=code(1)).status_code == 303


@pytest.mark.parametrize(("offset", "status"), [(-2, 422), (-1, 303), (1, 303), (2, 422)])
def test_a_code_of_a_neighbouring_step_works(client, clock_at, offset, status):
    clock_at(NOON)
    password(client, make.member("clerk"))

    assert client.submit("/staff/second", code=code(offset)).status_code == status


def test_codes_cannot_be_guessed_at_will(client, clock_at):
    clock_at(NOON)
    password(client, make.member("clerk"))

    answers = [client.submit("/staff/second", code="000000").status_code for _ in range(7)]

    assert answers[:5] == [422] * 5
    assert 429 in answers


def test_wrong_passwords_and_unknown_addresses_get_the_same_answer(client, clock_at):
    clock_at(NOON)
    member = make.member("clerk")
    wrong = password(client, member, "another long passphrase")
    unknown = client.submit("/staff/login", email="nobody@example.com", password="x" * 20)

    assert wrong.status_code == unknown.status_code == 422
    assert [one.action for one in Entry.select()] == ["staff.refused"] * 2


@pytest.mark.parametrize("state", ["disabled", "invited", "left"])
def test_who_does_not_work_here_cannot_sign_in(client, clock_at, state):
    clock_at(NOON)
    changes = {"disabled": {"disabled_at": make.LONG_AGO}, "invited": {"joined_at": None}}
    member = make.member("clerk", **changes.get(state, {}))
    if state == "left":
        member.delete_instance(recursive=True)

    assert password(client, member).status_code == 422


@pytest.mark.parametrize(("minutes", "status"), [(14, 200), (16, 303)])
def test_a_quiet_session_ends(at_desk, clock_at, minutes, status):
    clock_at(NOON)
    client = at_desk("clerk")
    clock_at(f"2026-11-26 12:{minutes}")

    assert client.get("/staff/").status_code == status


def test_a_session_ends_after_eight_hours_of_work(at_desk, clock_at):
    clock_at("2026-11-26 09:00")
    client = at_desk("clerk")
    for minutes in range(9 * 60, 17 * 60, 10):
        clock_at(f"2026-11-26 {minutes // 60:02d}:{minutes % 60:02d}")
        assert client.get("/staff/").status_code == 200
    clock_at("2026-11-26 17:00")

    assert client.get("/staff/").status_code == 303


def test_a_clock_that_was_set_back_opens_no_old_session(at_desk, clock_at):
    clock_at("2026-11-27 12:00")
    client = at_desk("clerk")
    clock_at("2026-11-26 12:00")

    assert client.get("/staff/").status_code == 303


def test_the_staff_have_a_cookie_of_their_own(client, signed_in, at_desk):
    desk = at_desk("clerk")

    assert {"sid", "sid-staff"} - {c.key for c in desk._cookies.values()} == {"sid"}
    assert signed_in.get("/staff/").location.startswith("/staff/login")
    assert desk.get("/bills/").location.startswith("/login")


def test_a_customers_cookie_is_nothing_to_the_staff(signed_in):
    signed_in.set_cookie("sid-staff", signed_in.get_cookie("sid").value)

    assert signed_in.get("/staff/").location.startswith("/staff/login")


def test_signing_out_ends_the_session_on_the_server(at_desk):
    client = at_desk("clerk")
    cookie = client.get_cookie("sid-staff").value
    client.submit("/staff/", "/staff/logout")
    client.set_cookie("sid-staff", cookie)

    assert client.get("/staff/").status_code == 303


def test_elsewhere_the_area_is_not_there(make_app, db):
    client = make_app(STAFF_NETWORKS="192.0.2.0/24 2001:db8::/32").test_client()
    forged = {"X-Forwarded-For": "192.0.2.7"}

    assert client.get("/staff/login").status_code == 404
    assert client.get("/staff/login", headers=forged).status_code == 404
    assert client.get("/login").status_code == 200
    near = {"REMOTE_ADDR": "192.0.2.7"}
    assert client.get("/staff/login", environ_overrides=near).status_code == 200


def test_a_network_that_is_none_stops_the_start(make_app):
    with pytest.raises(RuntimeError, match="STAFF_NETWORKS"):
        make_app(STAFF_NETWORKS="here")


def test_what_is_important_wants_the_second_factor_again(at_desk, clock_at):
    clock_at(NOON)
    client = at_desk("administrator", office="")
    assert client.get("/staff/team/invite").status_code == 200
    clock_at("2026-11-26 12:06")

    answer = client.get("/staff/team/invite")

    assert answer.location == "/staff/again?next=/staff/team/invite"
    assert client.submit(answer.location, code=code()).location == "/staff/team/invite"
    assert client.get("/staff/team/invite").status_code == 200


def test_the_session_has_a_new_token_after_each_factor(client, clock_at):
    clock_at(NOON)
    member = make.member("clerk")
    password(client, member)
    before = client.get_cookie("sid-staff").value
    client.submit("/staff/second", code=code())
    client.set_cookie("sid-staff", before)

    assert client.get("/staff/").location.startswith("/staff/login")


def test_a_new_kind_of_browser_is_told_once(client, app, clock_at):
    clock_at(NOON)
    member = make.member("clerk")
    password(client, member)
    client.submit("/staff/second", code=code())
    clock_at("2026-11-26 12:10")
    again = app.test_client()
    password(again, member)
    again.submit("/staff/second", code=code())

    assert [one.kind for one in outbox.queued()] == ["staff_new_browser"]
    assert Entry.select().where(Entry.action == "staff.signed_in").count() == 2


def test_a_member_ends_other_sessions(at_desk):
    member = make.member("clerk")
    mine, other = at_desk(member=member), at_desk(member=member)
    reference = StaffSession.select().order_by(StaffSession.id.desc()).get().reference

    mine.submit("/staff/me/", f"/staff/me/sessions/{reference}/end")

    assert other.get("/staff/").status_code == 303
    assert mine.get("/staff/").status_code == 200


def test_another_members_session_is_not_there_to_end(at_desk):
    mine, other = at_desk("clerk"), at_desk("clerk")
    reference = StaffSession.select().order_by(StaffSession.id.desc()).get().reference
    token = Page(mine.get("/staff/").text).form("/staff/logout")["csrf_token"]

    answer = mine.post(f"/staff/me/sessions/{reference}/end", data={"csrf_token": token})

    assert answer.status_code == 404
    assert other.get("/staff/").status_code == 200


def test_a_new_password_ends_the_other_sessions(at_desk):
    member = make.member("clerk")
    mine, other = at_desk(member=member), at_desk(member=member)

    answer = mine.submit("/staff/me/password", password="seven quiet rivers meet at noon")

    assert answer.location == "/staff/me/?done=password"
    assert other.get("/staff/").status_code == 303
    assert Member.get_by_id(member.id).password_hash != member.password_hash
    assert [one.kind for one in outbox.queued()] == ["staff_changed"]


def test_wrong_codes_of_many_members_reach_the_alarm(make_app, log_lines, clock_at):
    clock_at(NOON)
    client = make_app(FAILURE_ALARM=3).test_client()

    for _ in range(4):
        password(client, make.member("clerk"))
        client.submit("/staff/second", code="000000")

    lines = [line for line in log_lines() if line["event"] == "many failures"]
    assert [(line["door"], line["failures"]) for line in lines] == [("sign in", 3)]
