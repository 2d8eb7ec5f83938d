"""The demo's complaints: some of the resident's, some of the street, in different states."""

from datetime import timedelta
from typing import NamedTuple

from app import clock
from app.accounts.models import Account
from app.complaints import acts, filing
from app.complaints.acting import APPLICANT, By
from app.complaints.filing import Filing
from app.complaints.models import Complaint, Outcome
from app.demo.city import RESIDENT, City
from app.demo.staff import STAFF
from app.staff.models import Member
from app.supply.models import Premises

PHONE = "+821012345678"
WET = {"amount": "flows", "danger": "no"}
METRES = 9
"""So many millionths of a degree are about one."""


class Street(NamedTuple):
    """A problem in the street: how many metres north and east of the demo's middle."""

    type: str
    days: int
    north: int
    east: int
    said: str


STREET = (
    Street("leak_street", 0, 0, 0, "버스 정류장 앞 차도에서 물이 흐릅니다."),
    Street("leak_street", 1, 700, 400, "맨홀 옆에서 물이 솟습니다."),
    Street("pavement", 3, -500, 900, "공사한 자리가 꺼졌습니다."),
)
MIDDLE = (37_589_000, 127_017_000)


def open_complaints(city: City) -> None:
    """One that is being handled, one that is done, and released ones near each other."""
    now = clock.now()
    clerk = Member.active(STAFF["clerk"][0])
    resident: Account = Account.get(Account.email == "resident@demo.invalid")
    home = city.dwelling(RESIDENT)
    premises: Premises = Premises.numbered(home.number).get()
    if clerk is None:
        return
    by = By("staff", clerk.name)
    mine = {"name": resident.name, "phone": PHONE, "account": resident, "premises": premises}
    mine |= {"district": home.district, "dong": home.dong, "place": premises.road_address}

    def put(number: int, kind: str, days: int, **values: object) -> Complaint:
        filed = Filing(type=kind, form_key=f"demo:{number}", **values)  # type: ignore[arg-type]
        return filing.file(filed, APPLICANT, now - timedelta(days=days, hours=1))

    bill = put(1, "bill", 1, answers={"why": "use"}, body="지난달보다 두 배입니다.", **mine)
    acts.assign(bill, clerk, by, now - timedelta(hours=20))
    acts.start(bill, by, now - timedelta(hours=19))
    water = put(2, "cloudy", 6, answers={"colour": "red", "taps": "all"}, **mine)
    acts.assign(water, clerk, by, now - timedelta(days=6))
    answer = "관을 씻어 냈습니다. 지금은 맑은 물이 나옵니다."
    acts.close(water, Outcome.SOLVED, answer, by, now - timedelta(days=5))
    for number, one in enumerate(STREET, 3):
        place = {"district": home.district, "dong": home.dong, "place": "정류장 앞"}
        at = MIDDLE[0] + one.north * METRES, MIDDLE[1] + one.east * METRES
        street = put(
            number, one.type, one.days, phone=PHONE, body=one.said,
            answers=WET if one.type == "leak_street" else {"size": "step"},
            latitude=at[0], longitude=at[1], **place,
        )  # fmt: skip
        acts.release(street, one.said, by, now - timedelta(minutes=30), street.version)
        if one.days:
            acts.start(street, by, now - timedelta(minutes=20))
