"""Baseline "lean rows": session check, raw SQL and 24 rows formatted without a template.

The least code that answers the bill list on Flask: the same cookie, the same database, one
connection a thread, the same columns on the screen. No models, forms, filters or translations.
"""

import hashlib
import os
from datetime import UTC, date, datetime, timedelta
from html import escape
from threading import local

from flask import Flask, Response, redirect, session

from app import config
from app.db import PRAGMAS, sqlite3

FIND = """
SELECT a.id FROM sessions s JOIN accounts a ON a.id = s.account_id
WHERE s.token_hash = ? AND s.ended_at IS NULL AND a.disabled_at IS NULL
  AND s.seen_at > ? AND s.created_at > ?
"""
BILLS = """
SELECT h.reference, h.name, b.month, b.usage_m3, b.total, b.due_on, b.paid_at
FROM homes h
JOIN bills b ON b.premises_id = h.premises_id
    AND b.from_on >= h.since_on AND (h.until_on IS NULL OR b.to_on <= h.until_on)
WHERE h.account_id = ? ORDER BY b.month DESC, h.id, b.revision DESC LIMIT 400
"""

app = Flask("lean")
app.config.update(SECRET_KEY=config.SECRET_KEY, SESSION_COOKIE_NAME="sid")
own = local()


def connection():
    """This thread's connection to the bench's database."""
    if not hasattr(own, "found"):
        own.found = sqlite3.connect(f"{os.environ['DATA_DIR']}/arisu.db")
        for name, value in PRAGMAS.items():
            own.found.execute(f"PRAGMA {name}={value}")
    return own.found


def account() -> int | None:
    """The row id of the signed-in account."""
    digest = hashlib.sha256(session.get("_user_id", "").encode()).hexdigest()
    now = datetime.now(UTC).replace(tzinfo=None)
    idle, longest = now - timedelta(minutes=30), now - timedelta(hours=12)
    found = connection().execute(FIND, (digest, str(idle), str(longest))).fetchone()
    return found and found[0]


def row(values: tuple, today: str) -> str:
    """One bill as a table row."""
    home, name, month, usage, total, due_on, paid_at = values
    due = date.fromisoformat(due_on)
    if total <= 0:
        css, shape, word = "paid", "–", "낼 금액 없음"
    elif paid_at is None:
        late = due_on < today
        css, shape, word = ("late", "▲", "기한 지남") if late else ("open", "○", "납부 전")
    else:
        paid = (datetime.fromisoformat(paid_at) + timedelta(hours=9)).date()
        css, shape, word = ("paid", "◐", "늦게 납부") if due < paid else ("paid", "●", "납부 완료")
    return (
        f'<tr><th scope="row"><a href="/bills/{home}/{month}">{month[:4]}년 {int(month[5:])}월</a>'
        f'<small>{escape(name)}</small></th><td class="n">{usage:,}㎥</td>'
        f'<td class="n">{total:,}원</td>'
        f'<td class="wide">{due.year}. {due.month}. {due.day}.</td>'
        f'<td><span class="badge {css}"><span aria-hidden="true">{shape}</span>{word}</span></td>'
        "</tr>"
    )


@app.get("/")
def alive() -> str:
    """What the bench waits for."""
    return "up"


@app.get("/bills/")
def index():
    number = account()
    if number is None:
        return redirect("/login", 303)
    today = (datetime.now(UTC) + timedelta(hours=9)).date().isoformat()
    found = connection().execute(BILLS, (number,)).fetchall()
    newest = {(values[0], values[2]): values for values in reversed(found)}  # of each bill
    rows = [row(values, today) for values in reversed(newest.values())]
    text = (
        f'<section id="bill_list"><p class="quiet" role="status">고지서 {len(rows)}건</p>'
        f'<table class="rows"><tbody>{"".join(rows)}</tbody></table></section>'
    )
    headers = {"Cache-Control": "private, no-store", "Vary": "Cookie, HX-Request, HX-Target"}
    return Response(text, headers=headers, mimetype="text/html")
