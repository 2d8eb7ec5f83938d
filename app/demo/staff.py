"""The demo's members of staff, each with the same one-time code app."""

from datetime import timedelta
from typing import Any

from app import clock
from app.accounts import passwords
from app.audit import trail
from app.db import writing
from app.demo.city import RESIDENT, City
from app.staff import team
from app.staff.models import ALL_OFFICES, Member
from app.supply.offices import offices

SECRET = "JBSWY3DPEHPK3PXP"  # noqa: S105 the demo's, in the contract of its users
STAFF = {
    "clerk": (
        "clerk@demo.invalid",
        "demo clerk passphrase",
        "박창구",
        ("clerk", "billing", "payments"),
    ),
    "manager": ("manager@demo.invalid", "demo manager passphrase", "최책임", ("manager",)),
    "admin": ("admin@demo.invalid", "demo admin passphrase", "정관리", ("administrator",)),
}


def open_staff(city: City, cost: tuple[int, int]) -> None:
    """Somebody for each desk: the clerk in the office of the resident's home, others everywhere."""
    office = offices()[city.dwelling(RESIDENT).office]
    hashes = {who: passwords.hashed(phrase, cost) for who, (_, phrase, _, _) in STAFF.items()}
    now = clock.now()
    with writing():
        for who, (email, _, name, roles) in STAFF.items():
            member: Member = Member.create(
                email=email, name=name, unit=f"{office.name}수도사업소", phone=office.phone,
                password_hash=hashes[who], totp_secret=SECRET, created_at=now, joined_at=now,
            )  # fmt: skip
            for role in roles:
                place = office.code if who == "clerk" else ALL_OFFICES
                team.grant(member, role, place, "demo", now - timedelta(days=30))
        trail.record(trail.system("demo"), "demo.loaded", now=now)


def staff_sign_ins() -> list[dict[str, Any]]:
    return [
        {"who": who, "email": email, "passphrase": passphrase, "one_time_secret": SECRET}
        for who, (email, passphrase, _, _) in STAFF.items()
    ]
