"""Members of staff and what belongs to them."""

from app.audit import trail
from app.audit.models import Entry
from app.staff.approvals import Proposal
from app.staff.keys import StaffLink, StaffPasskey
from app.staff.models import Grant, Member, Unmasking
from app.staff.sign_ins import StaffSession
from tests.make.base import LONG_AGO, create, numbers
from tests.make.supply import PASSPHRASE, password_hash

SECRET = "JBSWY3DPEHPK3PXP"


def member(*roles, office="091", password=PASSPHRASE, **values):
    """A member of staff with these roles in an office (`""` is all), with a one-time code app."""
    found = create(
        Member,
        values,
        email=f"staff{next(numbers)}@example.com",
        name="박담당",
        unit="중부수도사업소",
        password_hash=password_hash(password),
        totp_secret=SECRET,
        created_at=LONG_AGO,
        joined_at=LONG_AGO,
    )
    for role in roles:
        grant(member=found, role=role, office=office)
    return found


def grant(**values):
    return create(
        Grant,
        values,
        member=member,
        role="clerk",
        office="091",
        granted_at=LONG_AGO,
        granted_by="tests",
    )


def staff_session(**values):
    number = next(numbers)
    return create(
        StaffSession,
        values,
        member=member,
        token_hash=f"{number:064d}",
        agent="Chrome · Windows",
        factor="totp",
        created_at=LONG_AGO,
        seen_at=LONG_AGO,
        proved_at=LONG_AGO,
    )


def staff_link(**values):
    return create(
        StaffLink,
        values,
        member=member,
        token_hash=f"{next(numbers):064d}",
        created_at=LONG_AGO,
        expires_at=LONG_AGO,
    )


def staff_passkey(**values):
    number = next(numbers)
    return create(
        StaffPasskey,
        values,
        member=member,
        credential_id=f"staff-{number}",
        public_key="x",
        sign_count=0,
        name="보안키",
        created_at=LONG_AGO,
    )


def unmasking(**values):
    return create(Unmasking, values, member=member, subject="account 1", expires_at=LONG_AGO)


def proposal(**values):
    return create(
        Proposal,
        values,
        kind="grant",
        subject=f"subject {next(numbers)}",
        office="",
        content='{"member": "x", "name": "Somebody", "role": "clerk", "office": "091"}',
        reason="시험",
        proposed_by=member,
        proposed_at=LONG_AGO,
        expires_at=LONG_AGO,
        decision="",
        decided_by=None,
        answer="",
    )


def own_approval(**values):
    """A proposal that its own author approves: there is none."""
    author = member()
    return proposal(proposed_by=author, decided_by=author, decided_at=LONG_AGO, **values)


def audit_row(**values):
    """A row of the audit log that was put there without the chain."""
    return create(
        Entry,
        values,
        id=10**9 + next(numbers),
        at=LONG_AGO,
        actor_kind="system",
        actor_id=None,
        actor_name="tests",
        office="",
        action="test",
        details="{}",
        source="",
        mac="0" * 64,
    )


def audit_head(**values):
    from app.audit.models import Head

    return create(Head, values, id=1, key="x", last_id=0, last_mac="", erased_id=0, erased_mac="")


def recorded(action="test", about=trail.NOBODY, **details):
    """A row of the audit log that belongs to the chain; its number."""
    return trail.record(trail.system("tests"), action, about, now=LONG_AGO, details=details)
