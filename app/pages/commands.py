"""`flask content check`, `flask content new` and `flask content mail`."""

import json
import sys
from datetime import timedelta
from pathlib import Path

import click
from flask import current_app

from app import clock
from app.frontmatter import NAME, RECORD_NAME
from app.outages import shelf as shelf_of_outages
from app.pages import notices  # noqa: F401 more views of the pages
from app.pages.library import Checked, examine, files, link_problems, shelf
from app.pages.schema import KINDS
from app.pages.views import bp
from app.reminders import news
from app.web import absolute

NEW = """---
title: {name}
summary: 한 문장으로 무엇을 알 수 있는지 씁니다. 목록에 보입니다.
owner: headquarters
review_by: {review}
status: draft
publish_at: {today}T09:00:00+09:00
{topic}---

먼저 가장 중요한 것을 두세 문장으로 씁니다.

## 첫째 소제목

내용을 씁니다.
"""


OUTAGE = """---
title: {name}
# planned, emergency, turbid, low_pressure, quality, works
kind: planned
# draft, announced, in_progress, extended, restored, closed, cancelled
state: draft
from: {start}T23:00:00+09:00
to: {end}T05:00:00+09:00
area:
  dongs: [강남구 역삼동]
  # roads: [강남구 역삼동 테헤란로 101-159 홀수]
  # districts: [강남구]
  # blocks: [강남구 역삼동 GN-03]
cause: 까닭을 한 문장으로 씁니다.
office: "100"
households: 0
quality_after: 처음 나오는 물은 흐릴 수 있으니 맑아질 때까지 흘려보내십시오.
# relief: [{{where: 역삼1동 주민센터 앞, what: 급수차, when: 23시~5시}}]
# 바꿀 때마다 한 줄을 더합니다. 한 줄을 더해야 바뀐 것을 알려 드립니다.
updates:
  - at: {now}
    state: announced
    text: 처음 알리는 말을 한두 문장으로 씁니다.
---
"""


def everything(root: Path) -> list[Checked]:
    """All files with their problems, those of links and doubled titles included."""
    links = link_problems(root)
    pages = [
        Checked(path, sorted([*examine(kind, path).problems, *links.get(path, [])]))
        for kind, path in files(root)
    ]
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    outages = shelf_of_outages.read_all(app, clock.now())
    return [*pages, *(Checked(one.path, one.problems) for one in outages)]


def shown_path(path: Path, root: Path) -> Path:
    """A file as its editor knows it: below the folder of the content, or where else it is."""
    return path.relative_to(root.parent) if path.is_relative_to(root.parent) else path


@bp.cli.command("check")
@click.argument("paths", nargs=-1, type=click.Path(exists=True, path_type=Path))
@click.option("--json", "to_json", is_flag=True, help="Print JSON.")
def check_command(paths: tuple[Path, ...], to_json: bool) -> None:
    """Check the content files (all, or those under PATHS). Exits 1 when there are errors."""
    root = Path(current_app.config["CONTENT_DIR"]).absolute()
    asked = [path.absolute() for path in paths] or [Path("/")]
    found = [
        one for one in everything(root) if any(one.path.is_relative_to(path) for path in asked)
    ]
    errors = sum(problem.error for one in found for problem in one.problems)
    hints = sum(not problem.error for one in found for problem in one.problems)
    if to_json:
        rows = [
            {"file": str(shown_path(one.path, root)), **problem._asdict()}
            for one in found
            for problem in one.problems
        ]
        click.echo(
            json.dumps({"errors": errors, "warnings": hints, "problems": rows}, ensure_ascii=False)
        )
    else:
        for one in found:
            for problem in one.problems:
                show(shown_path(one.path, root), problem.line, problem.what, problem.mend)
        click.echo(f"파일 {len(found)}개, 오류 {errors}개, 주의 {hints}개.")
    if errors:
        sys.exit(1)


def show(path: Path, line: int, what: str, mend: str) -> None:
    click.echo(f"{path}, {line}번째 줄\n  {what}\n  → {mend}")


@bp.cli.command("new")
@click.argument("kind", type=click.Choice([*KINDS, "outage"]))
@click.argument("slug")
@click.option(
    "--lang", "language", type=click.Choice(["ko", "en"]), default="ko", show_default=True
)
def new_command(kind: str, slug: str, language: str) -> None:
    """Write an empty page or outage of a KIND under content/; SLUG ends its address."""
    today = clock.today()
    if kind == "outage":
        write_new(Path(current_app.config["CONTENT_DIR"]) / "outages" / f"{slug}.md", outage(slug))
        return
    if not NAME.fullmatch(f"{slug}.{language}.md"):
        raise click.UsageError("주소에는 영어 소문자, 숫자, - 만 쓸 수 있습니다. 예: save-water")
    path = Path(current_app.config["CONTENT_DIR"]) / kind / f"{slug}.{language}.md"
    topic = "topic: water\n" if kind in ("learn", "faq") else ""
    topic = "category: general\n" if kind == "notices" else topic
    text = NEW.format(
        name="새 글 제목", review=today + timedelta(days=180), today=today, topic=topic
    )
    write_new(path, text)


def write_new(path: Path, text: str) -> None:
    if path.exists():
        raise click.UsageError(f"{path} 파일이 이미 있습니다.")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
    click.echo(str(path))


def outage(slug: str) -> str:
    """An empty outage, a draft of works in a week."""
    if not RECORD_NAME.fullmatch(f"{slug}.md"):
        raise click.UsageError("주소에는 영어 소문자, 숫자, - 만 쓸 수 있습니다. 예: 2026-1130-1")
    start, now = clock.today() + timedelta(days=7), clock.now().astimezone(clock.SEOUL)
    return OUTAGE.format(
        name="새 단수 안내",
        start=start,
        end=start + timedelta(days=1),
        now=now.isoformat(timespec="seconds"),
    )


@bp.cli.command("mail")
@click.argument("address")
@click.option("--dry-run", is_flag=True, help="Only say to how many people it would go.")
def mail_command(address: str, dry_run: bool) -> None:
    """Tell everybody who agreed to news of the page at ADDRESS (/notices/…), by mail, text message
    or push as they agreed to.

    Title and summary are the page's. All begin with (광고), as the law wants it. Nobody gets the
    same page twice by the same channel.
    """
    kind, _, slug = address.strip("/").partition("/")
    now = clock.now()
    found = {
        language: page
        for language in ("ko", "en")
        if (page := shelf().find(kind, slug, language, now)) and page.is_current(now)
    }
    if "ko" not in found:
        raise click.UsageError(f"{address}: 지금 게시된 글이 아닙니다.")
    link = absolute(found["ko"].path)
    texts = {
        language: {"title": page.title, "summary": page.summary, "link": link}
        for language, page in found.items()
    }
    counts = {channel: news.agreed(channel) for channel in news.CODES}
    by = ", ".join(f"{channel.value} {count}명" for channel, count in counts.items())
    click.echo(f'"{found["ko"].title}": {by}이 동의했습니다.')
    if not dry_run:
        click.echo(f"queued: {news.news(found['ko'].path, texts, now)}")
