"""Whether the ledger, the payments and the bills say the same; what does not, row by row."""

from collections.abc import Iterator
from typing import NamedTuple

from app.db import rows


class Check(NamedTuple):
    """A question whose answers are rows that must not be, and the sentence about each."""

    sql: str
    sentence: str


CHECKS = (
    Check(
        """
SELECT o.id, o.key, count(e.line), coalesce(sum(e.amount), 0)
FROM ledger_operations o LEFT JOIN ledger_entries e ON e.operation_id = o.id
GROUP BY o.id, o.key HAVING count(e.line) < 2 OR sum(e.amount) <> 0 ORDER BY o.id
""",
        "ledger_operations {0} ({1}): {2} entries add up to {3}",
    ),
    Check(
        """
SELECT DISTINCT e.premises_id, e.month, e.revision FROM ledger_entries e
WHERE e.account = 'receivable' AND NOT EXISTS (SELECT 1 FROM bills b
    WHERE b.premises_id = e.premises_id AND b.month = e.month AND b.revision = e.revision)
ORDER BY e.premises_id, e.month
""",
        "ledger_entries of bill {0} {1} {2}: there is no such bill",
    ),
    Check(
        """
SELECT premises_id, month, revision, state, wanted, paid FROM (
    SELECT x.premises_id, x.month, x.revision, x.paid,
        CASE WHEN b.paid_at IS NULL THEN 'open' ELSE 'paid' END AS state,
        CASE WHEN b.paid_at IS NOT NULL THEN b.total - b.paid_before
            WHEN i.parts IS NOT NULL THEN i.parts
            WHEN b.paid_before > b.total AND NOT EXISTS (SELECT 1 FROM bills n
                WHERE n.premises_id = b.premises_id AND n.month = b.month
                AND n.revision > b.revision) THEN b.total - b.paid_before
            ELSE 0 END AS wanted
    FROM (SELECT premises_id, month, revision, -sum(amount) AS paid FROM ledger_entries
        WHERE account = 'receivable' GROUP BY premises_id, month, revision) x
    JOIN bills b ON b.premises_id = x.premises_id AND b.month = x.month
        AND b.revision = x.revision
    LEFT JOIN (SELECT premises_id, month,
            sum(CASE WHEN paid_at IS NULL THEN 0 ELSE amount END) AS parts
        FROM instalments GROUP BY premises_id, month) i
        ON i.premises_id = x.premises_id AND i.month = x.month) y
WHERE paid <> wanted AND NOT EXISTS (SELECT 1 FROM ledger_entries e
    WHERE e.premises_id = y.premises_id AND e.month = y.month AND e.revision = y.revision
        AND (SELECT sum(s.amount) FROM ledger_entries s
            WHERE s.operation_id = e.operation_id) <> 0)
ORDER BY premises_id, month, revision
""",
        "bills {0} {1} {2}: it is {3}, for which the ledger should have {4} won, and has {5}",
    ),
    Check(
        """
SELECT id, amount, side, wanted FROM (
    SELECT p.id, p.amount, coalesce(-s.side, 0) AS side,
        CASE WHEN p.reversed_at IS NULL THEN p.amount - coalesce(r.back, 0)
            ELSE -coalesce(r.by_bank, 0) END AS wanted
    FROM payments p
    LEFT JOIN (SELECT o.payment_id, sum(e.amount) AS side FROM ledger_operations o
        JOIN ledger_entries e ON e.operation_id = o.id
        WHERE e.account = 'receivable' OR e.account = 'credit' OR e.account = 'refund'
            OR e.account = 'suspense'
        GROUP BY o.payment_id) s ON s.payment_id = p.id
    LEFT JOIN (SELECT payment_id, sum(amount) AS back,
            sum(CASE WHEN way = 'bank' THEN amount ELSE 0 END) AS by_bank
        FROM refunds WHERE state = 'done' GROUP BY payment_id) r ON r.payment_id = p.id) y
WHERE side <> wanted AND NOT EXISTS (SELECT 1 FROM ledger_operations o
    WHERE o.payment_id = y.id AND (SELECT coalesce(sum(e.amount), 1) FROM ledger_entries e
        WHERE e.operation_id = o.id) <> 0)
ORDER BY id
""",
        "payments {0} ({1} won): the ledger has {2} won instead of {3}",
    ),
    Check(
        """
SELECT id, reference, state, aside, wanted FROM (
    SELECT r.id, r.reference, r.state, coalesce(-s.side, 0) AS aside,
        CASE WHEN r.state = 'approved' OR r.state = 'sending' OR r.state = 'unknown'
            THEN coalesce(c.credit, 0) ELSE 0 END AS wanted
    FROM refunds r
    LEFT JOIN (SELECT o.refund_id, sum(e.amount) AS side FROM ledger_operations o
        JOIN ledger_entries e ON e.operation_id = o.id WHERE e.account = 'refund'
        GROUP BY o.refund_id) s ON s.refund_id = r.id
    LEFT JOIN (SELECT refund_id, sum(amount) AS credit FROM refund_parts WHERE month = ''
        GROUP BY refund_id) c ON c.refund_id = r.id) y
WHERE aside <> wanted AND NOT EXISTS (SELECT 1 FROM ledger_operations o
    WHERE o.refund_id = y.id AND (SELECT coalesce(sum(e.amount), 1) FROM ledger_entries e
        WHERE e.operation_id = o.id) <> 0)
ORDER BY id
""",
        "refunds {0} ({1}, {2}): {3} won set aside instead of {4}",
    ),
    Check(
        """
SELECT a.id, a.order_id, a.state, CASE WHEN p.id IS NULL THEN 'no payment'
    WHEN p.reversed_at IS NULL THEN 'a payment' ELSE 'an undone payment' END
FROM attempts a LEFT JOIN payments p ON p.attempt_id = a.id
WHERE CASE
    WHEN a.state = 'paid' OR a.state = 'refunded' THEN p.id IS NULL OR p.reversed_at IS NOT NULL
    WHEN a.state = 'reversed' THEN p.id IS NULL OR p.reversed_at IS NULL
    ELSE p.id IS NOT NULL AND p.reversed_at IS NULL END
ORDER BY a.id
""",
        "attempts {0} ({1}): it is {2} and has {3}",
    ),
    Check(
        """
SELECT a.id, a.order_id, a.amount, sum(b.amount) FROM attempts a
JOIN attempt_bills b ON b.attempt_id = a.id
GROUP BY a.id, a.order_id, a.amount HAVING sum(b.amount) <> a.amount ORDER BY a.id
""",
        "attempts {0} ({1}): {2} won, its bills {3}",
    ),
    Check(
        """
SELECT b.attempt_id, b.premises_id, b.month, a.state FROM attempt_bills b
JOIN attempts a ON a.id = b.attempt_id
WHERE b.closed_at IS NULL AND a.state <> 'created' AND a.state <> 'opened'
    AND a.state <> 'confirming' AND a.state <> 'waiting' AND a.state <> 'unknown'
ORDER BY b.attempt_id, b.premises_id, b.month
""",
        "attempt_bills {0} {1} {2}: held by an attempt that is {3}",
    ),
)


def problems() -> Iterator[str]:
    """Each row that does not agree with the others, in a sentence; nothing when all is well.

    What follows only from an operation that does not add up is not told again.
    """
    for check in CHECKS:
        for row in rows(check.sql):
            yield check.sentence.format(*row)
