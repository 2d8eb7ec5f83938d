"""The pages that editors wrote: in time, in the right language, not broken by one bad file."""

import json
import shutil
from pathlib import Path

import pytest

from app.pages.schema import KINDS
from tests import make

ARTICLE = """---
title: {title}
summary: 시험에 쓰는 글이며 스무 자보다 긴 요약을 갖고 있습니다.
owner: headquarters
review_by: 2027-05-31
status: {status}
publish_at: {publish_at}
topic: water
{more}---

{body}
"""


@pytest.fixture
def folder(tmp_path):
    """An empty content folder."""
    for kind in KINDS:
        (tmp_path / kind).mkdir()
    return tmp_path


@pytest.fixture
def write(folder):
    """write("learn", "slug") puts an article into the folder."""

    def start(kind, slug, language="ko", **values):
        fields = {
            "title": f"시험 글 {slug} {language}",
            "status": "publish",
            "publish_at": "2026-11-01T09:00:00+09:00",
            "more": "",
            "body": "글입니다.",
            **values,
        }
        path = folder / kind / f"{slug}.{language}.md"
        path.write_text(ARTICLE.format(**fields), "utf-8")
        return path

    return start


@pytest.fixture
def browse(make_app, folder, clock_at):
    """browse() is a visitor of a site with the content of `folder`."""
    clock_at("2026-11-20 10:00")
    return lambda: make_app(CONTENT_DIR=str(folder), CONTENT_CHECK_SECONDS=0).test_client()


def text_of(client, path):
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def test_every_article_of_the_site_opens_in_both_languages(client):
    paths = [
        f"/{path.parent.name}/{path.name.split('.')[0]}" for path in Path("content").glob("*/*.md")
    ]
    future = {"/notices/year-end-due-dates"}

    for path in sorted(set(paths) - future):
        assert client.get(path).status_code == 200, path
        assert client.get(f"{path}?lang=en").status_code == 200, path


def test_the_site_has_the_articles_it_promises():
    def count(kind, language):
        return len(list(Path("content", kind).glob(f"*.{language}.md")))

    assert count("learn", "ko") >= 12
    assert count("faq", "ko") >= 15
    assert count("notices", "ko") >= 6
    assert count("learn", "en") >= 6


@pytest.mark.parametrize("path", ["/learn/", "/faq/", "/notices/", "/display", "/"])
def test_every_list_opens_in_both_languages(client, path):
    assert client.get(path).status_code == 200
    assert 'lang="en"' in text_of(client, f"{path}?lang=en")


@pytest.mark.slow
def test_an_article_shows_its_text_its_sources_and_its_day(write, browse):
    write("learn", "tap", body="## 소제목\n\n**물**은 좋습니다.", more="sources: [수도 조례 1조]\n")

    text = text_of(browse(), "/learn/tap")

    assert "<strong>물</strong>은 좋습니다." in text
    assert "수도 조례 1조" in text
    assert "2026. 11. 1." in text


@pytest.mark.slow
def test_an_english_reader_gets_the_translation_or_a_word_that_there_is_none(write, browse):
    write("learn", "both")
    write("learn", "both", "en", title="Water for all of us")
    write("learn", "korean")
    client = browse()

    assert "Water for all of us" in text_of(client, "/learn/both?lang=en")
    assert "This page is only in Korean." in text_of(client, "/learn/korean")
    listed = text_of(client, "/learn/")
    assert listed.index("Water for all of us") < listed.index("시험 글 korean")
    assert "시험 글 both ko" not in listed


@pytest.mark.slow
def test_a_page_appears_and_ends_at_its_time(write, browse, clock_at):
    write("notices", "soon", publish_at="2026-11-20T10:01:00+09:00")
    ends = "expires_at: 2026-11-20T10:01:00+09:00\n"
    write("notices", "kept", more=f"{ends}after: archive\n")
    write("notices", "gone", more=f"{ends}after: remove\n")
    write("notices", "moved", more=f"{ends}after: redirect:/notices/kept\n")
    client = browse()
    assert "시험 글 soon" not in text_of(client, "/notices/")
    assert "시험 글 gone" in text_of(client, "/notices/")
    assert client.get("/notices/soon").status_code == 404

    clock_at("2026-11-20 10:01")

    listed = text_of(client, "/notices/")
    assert "시험 글 soon" in listed
    assert all(f"시험 글 {name}" not in listed for name in ("kept", "gone", "moved"))
    assert "기간이 지난 글입니다." in text_of(client, "/notices/kept")
    assert client.get("/notices/gone").status_code == 404
    assert client.get("/notices/moved").location == "/notices/kept"


def test_an_old_address_leads_to_the_new_one(write, browse):
    write("learn", "new", more="redirect_from: [/learn/old]\n")

    answer = browse().get("/learn/old")

    assert (answer.status_code, answer.location) == (301, "/learn/new")


def test_a_draft_is_not_shown(write, browse):
    write("learn", "draft", status="draft")

    assert browse().get("/learn/draft").status_code == 404


@pytest.mark.slow
@pytest.mark.parametrize(
    "raw",
    [
        b"\xff\xfe not utf-8",
        b"\t---\n",
        b"---\ntitle: [\n---\n\nx\n",
        b"---\ntitle: x\n---\n\nx\n",
        b"---\n- a\n- b\n---\n\nx\n",
        b"---\npublish_at: 2026-13-40\n---\n\nx\n",
        b"",
    ],
)
def test_a_broken_file_is_left_out_and_the_others_stay(write, browse, folder, raw, caplog):
    write("learn", "good")
    (folder / "learn" / "bad.ko.md").write_bytes(raw)

    client = browse()

    assert "시험 글 good" in text_of(client, "/learn/")
    assert client.get("/learn/bad").status_code == 404
    named = [record.fields["file"] for record in caplog.records if hasattr(record, "fields")]
    assert any(name.startswith("learn/bad.ko.md:") for name in named if name)


@pytest.mark.slow
def test_a_change_of_the_folder_is_seen_without_a_restart(write, browse):
    path = write("learn", "tap")
    client = browse()
    assert "글입니다." in text_of(client, "/learn/tap")

    path.write_text(path.read_text("utf-8").replace("글입니다.", "고친 글입니다."), "utf-8")

    assert "고친 글입니다." in text_of(client, "/learn/tap")


@pytest.mark.slow
def test_markdown_cannot_carry_script_or_style(write, browse):
    body = '<b onclick="x()">굵게</b> <a href="javascript:x()">a</a> <p style="color:red">p</p>\n'
    write("learn", "tap", body=body)

    text = text_of(browse(), "/learn/tap")

    assert "onclick" not in text
    assert "javascript:" not in text
    assert "color:red" not in text


@pytest.mark.slow
def test_finished_pages_are_kept_until_the_content_changes(write, browse):
    path = write("learn", "tap")
    client = browse()
    client.get("/learn/tap")  # the first page of a visit carries the style in it
    first = client.get("/learn/tap")
    again = client.get("/learn/tap", headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304
    assert again.get_data() == b""

    path.write_text(path.read_text("utf-8").replace("글입니다.", "새 글입니다."), "utf-8")

    changed = client.get("/learn/tap", headers={"If-None-Match": first.headers["ETag"]})
    assert changed.status_code == 200


def test_kept_pages_are_not_given_to_those_who_signed_in(sign_in):
    client = sign_in(make.account())
    client.get("/learn/")

    answer = client.get("/learn/")

    assert "로그아웃" in answer.get_data(as_text=True)
    assert answer.headers["Cache-Control"] == "private, no-store"


@pytest.mark.slow
def test_a_browser_keeps_a_page_no_longer_than_until_the_next_change(write, browse, clock_at):
    write("notices", "soon", publish_at="2026-11-20T10:00:20+09:00")

    answer = browse().get("/notices/")

    assert answer.headers["Cache-Control"] == "public, max-age=20"


def test_the_sitemap_and_robots_name_public_pages_only(client):
    sitemap = client.get("/sitemap.xml").get_data(as_text=True)
    robots = client.get("/robots.txt").get_data(as_text=True)

    assert "/learn/save-water</loc>" in sitemap
    assert "/bills" not in sitemap
    assert "Disallow: /bills/" in robots


def test_display_settings_are_remembered(client):
    client.get("/display?size=200&contrast=m")

    text = text_of(client, "/learn/")

    assert 'class="size-200 contrast"' in text
    assert 'class="size-200 contrast"' in text_of(client, "/display?size=3000&contrast=<x>")


def test_content_check_is_clean_for_the_site(runner):
    found = runner.invoke(args=["content", "check"])

    assert found.exit_code == 0, found.output


def test_content_new_writes_a_page_that_passes_the_check(make_app, folder, clock_at, tmp_path):
    clock_at("2026-11-20 10:00")
    runner = make_app(CONTENT_DIR=str(folder), DATA_DIR=str(tmp_path)).test_cli_runner()

    made = runner.invoke(args=["content", "new", "learn", "first-page"])
    checked = runner.invoke(args=["content", "check", "--json"])

    assert made.exit_code == 0
    assert checked.exit_code == 0, checked.output
    assert json.loads(checked.output)["problems"] == []
    assert runner.invoke(args=["content", "new", "learn", "first-page"]).exit_code == 2
    assert runner.invoke(args=["content", "new", "palace", "x"]).exit_code == 2
    shutil.rmtree(folder / "learn")
