"""The demo's outages: always of today, and files like any other."""

from datetime import UTC, datetime, timedelta

from app.demo import outages
from app.outages.record import Phase
from app.outages.shelf import examine

NOW = datetime(2026, 12, 31, 23, 30, tzinfo=UTC)


def test_the_demo_shows_what_goes_on_today_and_writes_it_anew_tomorrow(tmp_path):
    def phases(now):
        outages.write(tmp_path, now)
        found = [examine(p.name, p.read_bytes(), now, 1) for p in sorted(tmp_path.glob("*.md"))]
        assert [one.problems for one in found] == [[], [], []]
        return [one.outage.phase(now) for one in found]

    assert phases(NOW) == [Phase.NOW, Phase.NOW, Phase.PLANNED]
    assert phases(NOW + timedelta(days=40)) == [Phase.NOW, Phase.NOW, Phase.PLANNED]
