"""Who may announce an urgent outage of several districts by the staff's form: it wakes very many.

What an editor commits to git is not asked about: there the reviewers of the repository decide.
"""

from app.db import rows
from app.language import _
from app.outages.record import Outage, State
from app.staff.models import ALL_OFFICES
from app.staff.roles import giving
from app.staff.sign_ins import SignedIn
from app.supply.offices import offices

MAY = "outages.city"
MOST = 5
"""Names that are told at once."""
HOLDERS = """
SELECT m.id, m.name, g.role, g.office FROM staff_grants g JOIN staff m ON m.id = g.member_id
WHERE g.ended_at IS NULL AND m.disabled_at IS NULL AND m.joined_at IS NOT NULL ORDER BY m.name, m.id
"""


def is_wide(one: Outage | None) -> bool:
    """Whether it is told to several districts at any hour; a draft is told to nobody."""
    if one is None or one.state is State.DRAFT or not one.is_urgent:
        return False
    return one.area.city or len(one.area.named()) > 1


def served(one: Outage) -> set[str]:
    """The offices that serve a district of it."""
    return {
        code
        for code, office in offices().items()
        if any(one.area.touches(district) for district in office.districts)
    }


def holders(needed: set[str]) -> list[str]:
    """The names of who has the right for all of these offices."""
    names, held = dict[int, str](), dict[int, set[str]]()
    for member, name, role, office in rows(HOLDERS):
        if role in giving(MAY):
            codes = offices() if office == ALL_OFFICES else (office,)
            names[member] = name
            held.setdefault(member, set()).update(codes)
    return [names[member] for member, codes in held.items() if needed <= codes]


def whom_to_ask(member: SignedIn, *versions: Outage | None) -> str:
    """Empty when the member may go from one version to another; else who may, and what can be
    done meanwhile.
    """
    needed = set[str]().union(*(served(one) for one in versions if one and is_wide(one)))
    if needed <= {*member.offices(MAY)}:
        return ""
    names = holders(needed)
    if not names:
        return _(
            "여러 구나 서울 전체의 긴급 안내는 그곳을 모두 맡은 관리 책임만 저장할 수 있는데, "
            "지금은 아무도 없습니다. 상태를 「쓰는 중」으로 저장하고 "
            "시스템 관리 담당에게 알리십시오."
        )
    return _(
        "여러 구나 서울 전체의 긴급 안내는 그곳을 모두 맡은 관리 책임만 저장할 수 있습니다. "
        "상태를 「쓰는 중」으로 저장하고 부탁하십시오: %(names)s",
        names=", ".join(names[:MOST]),
    )
