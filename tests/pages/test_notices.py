"""공지사항 by kind, office and year."""

import json

import pytest

HEAD = """---
title: {title}
summary: 목록에 보이는 한 문장입니다. 스무 자가 넘게 씁니다.
owner: {owner}
review_by: 2027-05-31
status: publish
category: {category}
publish_at: {at}T09:00:00+09:00
{more}---

본문입니다.
"""
ENDED = "expires_at: 2025-12-31T00:00:00+09:00\nafter: {after}\n"


NOTICES = (
    ("rates", "headquarters", "policy", "2026-11-01", ""),
    ("pipes", '"091"', "works", "2026-11-02", ""),
    ("old", '"091"', "works", "2025-11-02", ENDED.format(after="archive")),
    ("gone", '"091"', "works", "2025-11-03", ENDED.format(after="remove")),
    ("later", '"091"', "works", "2026-12-01", ""),
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Content with nothing but some notices."""
    found = tmp_path_factory.mktemp("content")
    (found / "notices").mkdir()
    for name, owner, category, at, more in NOTICES:
        text = HEAD.format(title=f"공지 {name}", owner=owner, category=category, at=at, more=more)
        (found / "notices" / f"{name}.ko.md").write_text(text, "utf-8")
    return found


@pytest.fixture
def site(make_app, folder, clock_at):
    """A visitor of that content."""
    clock_at("2026-11-26 12:00")
    return make_app(CONTENT_DIR=str(folder)).test_client()


@pytest.fixture
def notices(site):
    """notices(**query) are those that the page shows."""

    def shown(**query):
        text = site.get("/notices/", query_string=query).text
        return {name for name, *_ in NOTICES if f"/notices/{name}" in text}

    return shown


@pytest.fixture
def write_one(site, folder):
    """Write a notice beside the others, with some more fields; it is gone after the test."""
    path = folder / "notices" / "one.ko.md"

    def write(more=""):
        fields = {"title": "공지 하나", "owner": "headquarters", "category": "works"}
        path.write_text(HEAD.format(**fields, at="2026-11-02", more=more), "utf-8")
        site.application.extensions["shelf"].reload()

    yield write
    path.unlink()
    site.application.extensions["shelf"].reload()


def entries(client):
    answer = client.get("/notices/feed.json")
    found = {one["title"]: one["date_modified"] for one in json.loads(answer.data)["items"]}
    return found, answer.headers["ETag"]


def test_a_notice_that_was_changed_is_new_in_the_feed_from_then_on(site, write_one, clock_at):
    write_one()
    before = entries(site)
    assert "고친 날" not in site.get("/notices/one").text

    write_one("updated_at: 2026-11-26T13:00:00+09:00\n")
    assert entries(site) == before, "not before its time"
    clock_at("2026-11-26 13:00")
    after = entries(site)

    assert before[0]["공지 하나"] == "2026-11-02T00:00:00Z"
    assert after[0]["공지 하나"] == "2026-11-26T04:00:00Z"
    assert after[1] != before[1]
    assert "고친 날 2026. 11. 26." in site.get("/notices/one").text
    atom = site.get("/notices/feed.atom").text
    assert atom.count("<updated>2026-11-26T04:00:00Z</updated>") == 2, "the feed's own, too"


def test_what_counts_now_is_shown_without_being_asked_for(notices):
    assert notices() == {"rates", "pipes"}


def test_a_kind_and_an_office_narrow_the_list(notices):
    assert notices(category="works") == {"pipes"}
    assert notices(office="091") == {"rates", "pipes"}
    assert notices(office="100") == {"rates"}
    assert notices(category="works", office="100") == set()


def test_a_year_shows_what_has_ended_too_but_not_what_was_taken_down(notices):
    assert notices(year="2025") == {"old"}


@pytest.mark.parametrize(
    "query", [{"category": "x"}, {"office": "999"}, {"year": "x"}, {"year": ""}]
)
def test_what_is_no_choice_counts_as_nothing(notices, query):
    assert notices(**query) == {"rates", "pipes"}
