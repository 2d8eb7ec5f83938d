"""One bill in plain lines for an operator: what was used, what it costs and why, what is open."""

from collections.abc import Iterator

from app.billing.models import Correction, Instalment
from app.bills.models import Bill
from app.clock import SEOUL
from app.money import Money
from app.tariff.lines import Line
from app.tariff.reduce import VOLUMES
from app.tariff.table import Table

NAMES = {
    "base": "base charge",
    "usage": "use",
    "late": "late fee",
    "cut": "cut to 10 won",
    "tap": "joined meter",
    "ground": "ground water to the sewer",
    "drained": "ground water pumped out",
    "main": "billed with another number",
}


def explained(number: str, bill: Bill, table: Table) -> list[str]:
    """The bill line by line; samples are marked."""
    found = [
        f"{number} {bill.month}: {bill.usage_m3:,} m3 from {bill.from_on} to {bill.to_on}",
        f"readings {bill.previous_m3:,} and {bill.current_m3:,} m3, {bill.reading_kind}",
        *document(bill),
    ]
    for line in bill.read_lines():
        source, verified = table.source(line.kind, line.key)
        name = name_of(line, table)
        found.append(f"{line.part:6} {name:34} {counted(line, table):>28} {line.amount:>13,}")
        if source:
            found.append(f"       {source}{'' if verified else '  SAMPLE, not a verified rate'}")
    found.append(f"total {Money(bill.total)} won, due {bill.due_on}, {paid(bill)}")
    if bill.arrears:
        found.append(f"unpaid of earlier bills when it was made: {Money(bill.arrears)} won")
    return found


def name_of(line: Line, table: Table) -> str:
    """What a line is called; reductions by their name in the tariff."""
    if line.kind != "discount":
        return NAMES[line.kind]
    rule = table.reductions.get(line.key)
    return rule.name["en"] if rule else line.key


def counted(line: Line, table: Table) -> str:
    """What the amount was computed from; nothing for amounts in won."""
    days = f" x {line.days}/{line.of_days} days" if line.days != line.of_days else ""
    if line.kind == "discount":
        rule = table.reductions.get(line.key)
        return taken(line, rule.kind if rule else "")
    if line.kind == "usage":
        return f"{line.quantity / 10:,.1f} m3 x {line.rate:,} won{days}"
    if line.kind == "base":
        return f"{line.quantity} months x {line.rate:,} won{days}"
    if line.kind == "late":
        return f"{line.rate} % of {line.quantity:,} won{days}"
    return f"{line.quantity / 10:,.1f} m3" if line.part == "joined" else ""


def taken(line: Line, kind: str) -> str:
    if kind in VOLUMES:
        return f"{line.quantity / 10:,.1f} m3"
    return f"{line.rate} % of {line.quantity:,} won" if kind == "share" else ""


def document(bill: Bill) -> Iterator[str]:
    """Which document of the month it is, and why it took the place of another."""
    key = (Correction.premises == bill.premises_id) & (Correction.month == bill.month)
    for one in Correction.select().where(key & (Correction.revision == bill.revision)):
        yield (
            f"document {bill.revision}, corrected by {one.made_by} on"
            f" {one.made_at.astimezone(SEOUL):%Y-%m-%d}: {one.reason}"
            f" (difference {one.difference:+,} won)"
        )


def paid(bill: Bill) -> str:
    """Whether it was paid, or what is left."""
    if bill.paid_at is not None:
        return f"paid on {bill.paid_at.astimezone(SEOUL):%Y-%m-%d}"
    left = max(bill.total - bill.paid_before, 0)
    key = (Instalment.premises == bill.premises_id) & (Instalment.month == bill.month)
    more = ", in instalments" if Instalment.select().where(key).exists() else ""
    if bill.paid_before:
        more += f", {Money(bill.paid_before)} won were paid on the document before"
    return f"not paid: {Money(left)} won left{more}" if left else f"nothing left to pay{more}"
