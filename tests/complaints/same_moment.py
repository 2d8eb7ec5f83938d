"""The same forms sent by several processes at the same moment: each is one complaint.

`python -m tests.complaints.same_moment --url sqlite:////tmp/empty.db` prints the numbers and exits
1 when a form became two complaints, or somebody got no answer.
"""

import argparse
import json
import multiprocessing
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from app import clock, create_app, migration
from app.complaints import album, filing
from app.complaints.acting import APPLICANT
from app.complaints.album import Whose
from app.complaints.filing import Filing
from app.complaints.models import Complaint
from app.complaints.photos import MOST
from app.complaints.records import ComplaintPhoto
from app.db import database
from app.messages.models import Message
from tests.complaints.steps import jpeg

PROCESSES, FORMS = 4, 15
COLOURS = ("red", "green", "blue", "white", "black", "gray")


def send_all(app, folder, start, answers, photos):
    """Send every form, each together with the other processes; then the same photos, too."""
    database.connect()
    with app.app_context():
        for number in range(FORMS):
            form = Filing("praise", f"form {number}", name="김보기", email="a@example.com")
            start.wait()
            answers.put((number, filing.file(form, APPLICANT, clock.now()).reference))
        start.wait()
        for colour in COLOURS:
            try:
                album.add(jpeg(colour), folder, clock.now(), Whose(draft_hash="d" * 64))
            except album.RefusedError:
                photos.put(colour)
    database.close()


def run(url, folder):
    app = create_app({"DATABASE_URL": url, "DATA_DIR": folder, "SMS_URL": ""})
    migration.migrate()
    database.close()
    context = multiprocessing.get_context("fork")
    start, answers, refused = context.Barrier(PROCESSES), context.Queue(), context.Queue()
    path = Path(folder)
    processes = [
        context.Process(target=send_all, args=(app, path, start, answers, refused))
        for _ in range(PROCESSES)
    ]
    for process in processes:
        process.start()
    got = [answers.get(timeout=60) for _ in range(PROCESSES * FORMS)]
    for process in processes:
        process.join(60)
    found = {
        "forms": FORMS,
        "answers": len(got),
        "references": len(set(got)),
        "complaints": Complaint.select().count(),
        "mails": Message.select().count(),
        "photos": ComplaintPhoto.select().count(),
        "files": len(list(path.glob("photos/*/*.jpg"))),
    }
    database.close()
    return found


def is_good(found):
    ones = {found[name] for name in ("forms", "references", "complaints", "mails")}
    return ones == {FORMS} and found["photos"] == MOST and found["files"] == 2 * MOST


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--url", default="", help="an empty database; a new file without it")
    asked = parser.parse_args()
    with TemporaryDirectory(prefix="same-") as folder:
        found = run(asked.url or f"sqlite:///{folder}/same.db", folder)
    sys.stdout.write(f"{json.dumps(found)}\n")
    return 0 if is_good(found) else 1


if __name__ == "__main__":
    sys.exit(main())
