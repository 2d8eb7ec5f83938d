"""Two complaints about one thing are merged; two things in one complaint are split."""

import json

from app.complaint_desk.alike import like
from app.complaints.models import Complaint, ComplaintEvent
from tests import make
from tests.complaint_desk.conftest import MONDAY
from tests.outbox import queued

SPOT = (37_566_000, 126_978_000)
NEAR = (37_567_500, 126_978_000)
EDGE = (37_568_600, 126_978_000)
"""Some steps more than 250 m from the first."""
FAR = (37_570_000, 126_978_000)


def path(one):
    return f"/staff/complaints/{one.reference}"


def fresh(one):
    return Complaint.get_by_id(one.id)


def at(spot, **values):
    return make.complaint(latitude=spot[0], longitude=spot[1], dong="먼동", **values)


def test_near_ones_and_those_of_the_dong_are_offered_and_no_others(db, leak):
    here = at(SPOT)
    near, far = at(NEAR), at(FAR, district="중구")
    edge = at(EDGE, district="중구")
    closed = at(NEAR, closed_at=MONDAY, state="done")
    bill = at(NEAR, type="bill")

    offered = [one.reference for one in like(fresh(here), ["091"])]

    assert offered == [near.reference]
    others = {one.reference for one in (far, edge, closed, bill)}
    assert others.isdisjoint(offered)
    assert like(fresh(leak), ["091"]) == []
    same = make.complaint()
    assert [one.reference for one in like(fresh(leak), ["091"])] == [same.reference]
    assert like(fresh(here), ["093"]) == []


def test_a_complaint_is_merged_into_the_first_and_follows_it(do, leak, clerk):
    first = make.complaint(received_at=MONDAY)
    assert first.reference in clerk.get(path(leak)).text

    do(leak, "merge", number=f" {first.reference.lower()} ")

    one = fresh(leak)
    assert (one.state, one.merged_into_id) == ("merged", first.id)
    shown = clerk.get(path(first)).text
    assert "여기에 합쳐짐" in shown
    assert leak.reference in shown
    assert "이 민원과 합쳐짐" in clerk.get(path(leak)).text


def test_a_complaint_is_not_merged_into_itself_a_closed_one_or_another_offices(do, leak):
    closed = make.complaint(closed_at=MONDAY, state="done")
    theirs = make.complaint(office="093")

    for number in (leak.reference, closed.reference, theirs.reference, "2222222222"):
        assert do(leak, "merge", number=number).status_code == 409, number
    assert do(leak, "merge", number="x").status_code == 422
    assert fresh(leak).version == 1


def test_a_part_of_a_complaint_becomes_one_of_its_own_whose_clock_began_with_the_first(do, leak):
    answer = do(leak, "split", matter="bill", text="요금도 많이 나왔습니다.")

    assert answer.status_code == 303
    new = Complaint.get(Complaint.id != leak.id)
    assert (new.type, new.body, new.office) == ("bill", "요금도 많이 나왔습니다.", "091")
    assert (new.name, new.phone, new.email) == (leak.name, leak.phone, leak.email)
    assert (new.begun_at, new.state) == (leak.begun_at, "received")
    (into,) = [json.loads(e.data) for e in ComplaintEvent.of(leak.id) if e.kind == "split"]
    (since,) = [json.loads(e.data) for e in ComplaintEvent.of(new.id) if e.kind == "split"]
    assert (into, since) == ({"into": new.reference}, {"from": leak.reference})
    assert [one.kind for one in queued()] == ["complaint_received", "complaint_step"]
    assert new.reference in queued("complaint_step")[0].values["text"]


def test_a_split_that_is_sent_twice_is_one(do, leak):
    do(leak, "split", matter="bill", text="요금도 많이 나왔습니다.")

    again = do(leak, "split", version=1, matter="bill", text="요금도 많이 나왔습니다.")

    assert again.status_code == 409
    assert Complaint.select().count() == 2


def test_a_part_stays_in_the_office_of_the_first(do, at_desk, leak):
    Complaint.update(office="093").execute()
    client = at_desk("clerk", office="093")

    do(leak, "split", client=client, matter="other", text="다른 일")

    assert Complaint.get(Complaint.id != leak.id).office == "093"
