"""`flask reminders queue` and `flask reminders news`."""

import click
from flask import current_app

from app import clock
from app.messages.outbox import refuse_controls
from app.reminders import mails
from app.reminders.views import bp
from app.web import absolute

bp.cli.help = "Mails that customers have chosen."


@bp.cli.command("queue")
def queue_command() -> None:
    """Queue the mails about new and due bills; the worker does this every hour, by day."""
    click.echo(f"queued: {sum(mails.queue_due(clock.now()))}")


@bp.cli.command("news")
@click.argument("path")
@click.option("--title", required=True, help="The subject, in Korean.")
@click.option("--summary", required=True, help="One or two sentences, in Korean.")
@click.option("--title-en", default="", help="The subject in English; Korean when empty.")
@click.option("--summary-en", default="", help="The sentences in English.")
def news_command(path: str, title: str, summary: str, title_en: str, summary_en: str) -> None:
    """Tell everybody who agreed to news of the page at PATH, such as /notices/winter.

    The mail begins with (광고), as the law wants it. Nobody gets the same page twice.
    """
    if not path.startswith("/"):
        raise click.UsageError("PATH begins with a slash, such as /notices/winter.")
    link = absolute(path)
    texts = {"ko": {"title": title, "summary": summary, "link": link}}
    if title_en:
        texts["en"] = {"title": title_en, "summary": summary_en or summary, "link": link}
    try:
        for text in (title, summary, title_en, summary_en, link):
            refuse_controls(text)
    except ValueError as error:
        raise click.UsageError(str(error)) from error
    sent = mails.news(path[:100], texts, clock.now())
    click.echo(f"queued: {sent} from {current_app.config['MAIL_FROM']}")
