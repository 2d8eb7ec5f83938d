"""The program's entry: a WSGI server serves `app`."""

import os
import sys

url = os.environ.get("DATABASE_URL") or os.environ.get("WATER_DATABASE_URL", "")
if not url.startswith("postgres"):
    # Peewee imports the PostgreSQL driver wherever it is installed: a quarter of the start and
    # 10 MiB a process that SQLite has no use for.
    sys.modules["psycopg"] = None  # type: ignore[assignment]

from app import create_app  # noqa: E402

# A thread that computes lets the others of its worker go on ten times sooner than usual: content
# pages wait less for a sign-in.
sys.setswitchinterval(0.0005)
app = create_app()
