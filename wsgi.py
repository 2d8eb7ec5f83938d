"""The program's entry: a WSGI server serves `app`."""

import multiprocessing
import os
import signal
import sys

is_worker = multiprocessing.parent_process() is not None
if is_worker:
    # A worker of the server inherits the handlers of its parent, which only make a note for the
    # parent: told to stop while it still starts, it would never hear of it, and run for ever.
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, signal.SIG_DFL)

url = os.environ.get("DATABASE_URL") or os.environ.get("WATER_DATABASE_URL", "")
if not url.startswith("postgres"):
    # Peewee imports the PostgreSQL driver wherever it is installed: a quarter of the start and
    # 10 MiB a process that SQLite has no use for.
    sys.modules["psycopg"] = None  # type: ignore[assignment]

from app import create_app  # noqa: E402
from app.ending import end_when_told  # noqa: E402

# A thread that computes lets the others of its worker go on ten times sooner than usual: content
# pages wait less for a sign-in.
sys.setswitchinterval(0.0005)
app = create_app()
if is_worker:
    app.wsgi_app = end_when_told(app.wsgi_app)  # type: ignore[assignment,method-assign]
