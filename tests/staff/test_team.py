"""Two persons for each role, invitations that work once, and nothing left of who has gone."""

import pytest

from app import clock
from app.audit.models import Entry
from app.staff import totp
from app.staff.approvals import Proposal
from app.staff.keys import StaffLink, StaffPasskey
from app.staff.models import Grant, Member
from tests import make, outbox
from tests.make.staff import SECRET
from tests.markup import Page

NEW = {"email": "new@example.com", "name": "새직원", "unit": "", "phone": ""}
WISH = {"role": "clerk", "office": "091", "reason": "창구 근무"}
PHRASE = "seven quiet rivers meet at noon"


@pytest.fixture
def admin(at_desk):
    return at_desk("administrator", office="")


@pytest.fixture
def manager(at_desk):
    return at_desk("manager", office="")


def invite(admin):
    assert admin.submit("/staff/team/invite", **NEW, **WISH).status_code == 303
    return Member.get(Member.email == NEW["email"])


def decide(client, decision="approved", proposal=None, answer=""):
    one = proposal or Proposal.select().order_by(Proposal.id.desc()).get()
    token = Page(client.get("/staff/").text).form("/staff/logout")["csrf_token"]
    path = f"/staff/approvals/{one.reference}/{decision}"
    return client.post(path, data={"csrf_token": token, "answer": answer})


def roles_of(member):
    running = Grant.of(member.id).where(Grant.ended_at.is_null())
    return [(one.role, one.office) for one in running]


def test_a_role_is_there_when_a_second_person_agrees(admin, manager):
    member = invite(admin)
    assert roles_of(member) == []

    assert decide(manager).status_code == 303

    assert roles_of(member) == [("clerk", "091")]
    grant = Grant.get(Grant.member == member)
    assert grant.granted_by == f"{admin.member.name} / {manager.member.name}"


def test_nobody_approves_their_own_proposal(admin):
    member = invite(admin)

    assert decide(admin).status_code == 403
    assert roles_of(member) == []


def test_only_who_may_for_this_office_decides(admin, at_desk):
    member = invite(admin)

    assert decide(at_desk("clerk")).status_code == 404
    assert decide(at_desk("manager", office="093")).status_code == 404
    assert decide(at_desk("manager", office="091")).status_code == 303
    assert roles_of(member) == [("clerk", "091")]


def test_a_role_in_all_offices_is_decided_by_who_may_in_all(admin, at_desk):
    admin.submit("/staff/team/invite", **NEW, **{**WISH, "office": ""})

    assert decide(at_desk("manager", office="091")).status_code == 404
    assert decide(at_desk("manager", office="")).status_code == 303


def test_a_manager_of_one_office_asks_for_no_role_elsewhere(at_desk):
    member = make.member("clerk")
    manager = at_desk("manager", office="091")

    path = f"/staff/team/{member.reference}/role"
    assert manager.submit(path, **{**WISH, "role": "billing", "office": "093"}).status_code == 403
    assert manager.submit(path, **{**WISH, "role": "billing"}).status_code == 303


@pytest.mark.parametrize("decision", ["refused", "withdrawn"])
def test_what_was_refused_or_taken_back_never_happens(admin, manager, decision):
    member = invite(admin)
    decide(manager if decision == "refused" else admin, decision)

    answer = decide(manager)

    assert answer.status_code == 422
    assert roles_of(member) == []
    assert Proposal.get().decision == decision


def test_a_proposal_of_last_week_is_over(admin, manager, clock_at, at_desk):
    clock_at("2026-11-01 12:00")
    admin, manager = at_desk("administrator", office=""), at_desk("manager", office="")
    member = invite(admin)
    clock_at("2026-11-08 12:01")
    manager = at_desk(member=manager.member)

    assert decide(manager).status_code == 422
    assert roles_of(member) == []


def test_the_same_thing_is_asked_for_once(admin):
    member = invite(admin)

    answer = admin.submit(f"/staff/team/{member.reference}/role", **WISH)

    assert answer.status_code == 422
    assert Proposal.select().count() == 1


def test_a_role_is_taken_away_by_one_person_at_once(admin, at_desk):
    clerk = at_desk("clerk")
    grant = Grant.get(Grant.member == clerk.member)
    path = f"/staff/team/{clerk.member.reference}"

    admin.submit(path, f"{path}/role/{grant.reference}/end")

    assert clerk.get("/staff/customers/").status_code == 403
    assert Grant.get_by_id(grant.id).ended_by == admin.member.name


def test_an_invitation_leads_to_password_and_second_factor(admin, app):
    invite(admin)
    link = outbox.path("staff_invited")
    browser = app.test_client()

    assert browser.get(link).status_code == 200
    assert browser.submit(link, password=PHRASE).location == "/staff/me/app"
    secret = Page(browser.get("/staff/me/app").text)
    shown = secret.text.split('class="typed">')[1].split("<")[0].replace(" ", "")
    answer = browser.submit("/staff/me/app", code=totp.code(shown, clock.now()))

    assert answer.location == "/staff/me/?done=app"
    assert browser.get("/staff/").status_code == 200
    assert browser.get("/staff/customers/").status_code == 403


def test_an_invitation_works_once_and_for_two_days(admin, app, clock_at, at_desk):
    clock_at("2026-11-01 12:00")
    invite(at_desk("administrator", office=""))
    link = outbox.path("staff_invited")
    clock_at("2026-11-03 11:59")
    app.test_client().get(link)
    assert app.test_client().submit(link, password=PHRASE).status_code == 303
    assert app.test_client().get(link).status_code == 404

    member = make.member()
    link = f"/staff/join/{StaffLink.make(member, clock.now())}"
    clock_at("2026-11-05 12:00")
    assert app.test_client().get(link).status_code == 404


def test_the_database_does_not_know_an_invitations_token(db):
    token = StaffLink.make(make.member(), clock.now())

    assert token not in str(list(StaffLink.select().dicts()))


def test_who_has_a_second_factor_adds_none_with_the_password_alone(client, clock_at):
    clock_at("2026-11-26 12:00")
    member = make.member("clerk")
    client.submit("/staff/login", email=member.email, password=make.PASSPHRASE)

    for path in ("/staff/me/app", "/staff/passkeys/add"):
        assert client.get(path).location == f"/staff/second?next={path}"
    assert client.get("/staff/").location.startswith("/staff/second")


def test_recovery_is_anothers_and_takes_everything_away(admin, at_desk, app):
    lost = at_desk("administrator", office="")
    make.staff_passkey(member=lost.member)
    path = f"/staff/team/{lost.member.reference}/recovery"

    assert lost.submit(path, reason="잃어버림").status_code == 422
    assert admin.submit(path, reason="전화로 본인 확인").status_code == 303

    member = Member.get_by_id(lost.member.id)
    assert (member.password_hash, member.totp_secret, member.joined_at) == ("-", "", None)
    assert StaffPasskey.of(member.id).count() == 0
    assert lost.get("/staff/").status_code == 303
    assert Entry.get(Entry.action == "team.recovered").actor_id == admin.member.id
    assert "staff_invited" in [one.kind for one in outbox.queued()]


def test_who_has_gone_has_nothing_left(admin, at_desk):
    gone = at_desk("clerk")
    path = f"/staff/team/{gone.member.reference}"

    admin.submit(path, f"{path}/closure")

    assert gone.get("/staff/").status_code == 303
    assert roles_of(gone.member) == []
    assert Grant.of(gone.member.id).count() == 1


def test_nobody_closes_their_own_account(admin):
    path = f"/staff/team/{admin.member.reference}/closure"
    token = Page(admin.get("/staff/").text).form("/staff/logout")["csrf_token"]

    assert admin.post(path, data={"csrf_token": token}).status_code == 403
    assert admin.get("/staff/").status_code == 200


def test_a_manager_sees_who_may_do_what_since_when_in_the_own_office(at_desk):
    near, far = make.member("clerk", name="가까운"), make.member("clerk", office="093", name="먼")
    manager = at_desk("manager", office="091")

    page = manager.get("/staff/team/").text

    assert near.reference in page
    assert "2024. 1. 2." in page
    assert far.reference not in page
    assert manager.get(f"/staff/team/{far.reference}").status_code == 404


def test_the_command_invites_two_administrators_and_no_third(runner):
    for number, code in ((1, 0), (2, 0), (3, 1)):
        email = f"first{number}@example.com"
        result = runner.invoke(args=["staff", "first-admin", email, "이름", "--by", "설치"])
        assert result.exit_code == code, result.output

    assert [one.to for one in outbox.queued("staff_invited")] == [
        "first1@example.com",
        "first2@example.com",
    ]
    assert Entry.select().where(Entry.action == "team.first_admin").count() == 2


def test_when_the_log_cannot_be_written_nothing_is_done(admin, monkeypatch):
    def broken(*arguments, **options):
        raise ArithmeticError("fault injected by a test")

    monkeypatch.setattr("app.audit.trail.record", broken)
    answer = admin.submit("/staff/team/invite", **NEW, **WISH)

    assert answer.status_code == 500
    assert Member.get_or_none(Member.email == NEW["email"]) is None


def test_a_code_secret_is_sealed_in_the_database(db):
    member = make.member()

    (kept,) = db.execute_sql("SELECT totp_secret FROM staff").fetchone()
    assert SECRET not in kept
    assert Member.get_by_id(member.id).totp_secret == SECRET
