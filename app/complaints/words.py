"""Finding complaints by words: pairs of syllables, so that any part of a word is found."""

import re
import unicodedata
from datetime import datetime

from app.db import database, instant, is_postgres, rows, statement, writing

RUN = re.compile(r"[0-9a-z]+|[가-힣]+")
MOST = 20_000
"""Signs of a text that are indexed."""


def runs(text: str) -> list[str]:
    return RUN.findall(unicodedata.normalize("NFC", text[:MOST]).lower())


def pairs(text: str) -> list[str]:
    """`옥내누수` as `옥내 내누 누수`; Latin words and numbers as they are."""
    found: list[str] = []
    for run in runs(text):
        if run[0] < "가" or len(run) == 1:
            found.append(run)
        else:
            found += [run[at : at + 2] for at in range(len(run) - 1)]
    return found


ADD_POSTGRES = """
INSERT INTO complaint_words (rowid, words) VALUES (?, to_tsvector('simple', ?))
ON CONFLICT (rowid) DO UPDATE SET words = excluded.words RETURNING rowid
"""
FORGET = """
DELETE FROM complaint_words WHERE rowid IN (SELECT id FROM complaints WHERE closed_at <= ?)
"""
FIND = "SELECT rowid FROM complaint_words WHERE words MATCH ? ORDER BY rowid DESC LIMIT ?"
FIND_POSTGRES = """
SELECT rowid FROM complaint_words WHERE words @@ to_tsquery('simple', ?)
ORDER BY rowid DESC LIMIT ?
"""


def index(complaint_id: int, *texts: str) -> None:
    """Make a complaint be found by these texts, and by no earlier ones; in its transaction."""
    said = " ".join(pairs(" ".join(texts)))
    if is_postgres():
        rows(ADD_POSTGRES, (complaint_id, said))
        return
    database.execute_sql("DELETE FROM complaint_words WHERE rowid = ?", (complaint_id,))
    database.execute_sql(
        "INSERT INTO complaint_words (rowid, words) VALUES (?, ?)", (complaint_id, said)
    )


def find(query: str, most: int) -> list[int]:
    """The ids of complaints with all these words, newest first; none for a query without words."""
    asked = []
    for word in runs(query):
        parts = pairs(word)
        if is_postgres():
            joined = " <-> ".join(f"'{part}'" for part in parts)
            asked.append(f"({joined})" if len(parts) > 1 else f"{joined}:*")
        else:
            star = "" if len(word) > 1 and word[0] >= "가" else "*"
            asked.append(f'"{" ".join(parts)}"{star}')
    if not asked:
        return []
    if is_postgres():
        return [row[0] for row in rows(FIND_POSTGRES, (" & ".join(asked), most))]
    return [row[0] for row in rows(FIND, (" AND ".join(asked), most))]


def forget(before: datetime) -> None:
    """Let nothing that ended before a moment be found by its words any more."""
    with writing():
        database.execute_sql(statement(FORGET), (instant(before),))
