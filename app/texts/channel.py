"""Text messages as a channel: what a lane of the worker hands to the provider."""

from datetime import datetime
from time import monotonic

from flask import Flask

from app import clock, phones
from app.messages import channels
from app.messages.channels import Envelope, Outcome, RefusedError, Result
from app.messages.models import Channel
from app.texts import settings, spending
from app.texts.provider import Asked, Text, open_provider
from app.texts.render import previewed, purpose_of, rendered, subject_of

NOT_SENT = (Result.AGAIN, Result.REFUSED, Result.OURS, Result.HELD)
LONGEST_READ = 10.0


class Texts:
    """A lane's connection to the provider."""

    def __init__(self, app: Flask, lease_seconds: float) -> None:
        self.config = app.config
        self.provider = open_provider(app.config, min(LONGEST_READ, lease_seconds / 6))

    def prepare(self, app: Flask, envelope: Envelope, now: datetime) -> Text:
        one, kind = envelope.one, envelope.kind
        if not phones.is_mobile(one.to):
            raise RefusedError("not a number that gets text messages")
        found = rendered(app, kind, envelope.language, one.values)
        if found.type is None:
            raise RefusedError("; ".join(found.problems))
        return Text(
            reference=envelope.reference,
            to=phones.dialled(one.to),
            sender=settings.sender(app.config),
            text=found.text,
            type=found.type,
            subject=subject_of(app, kind, envelope.language, found),
            purpose=purpose_of(kind),
        )

    def send(self, finished: Text, deadline: float) -> Outcome:
        now = clock.now()
        if held := spending.reserve(self.config, finished, now):
            return held
        if monotonic() > deadline:
            outcome = Outcome(Result.AGAIN, "too slow")
        else:
            outcome = self.provider.send(finished, now, deadline)
        if outcome.result in NOT_SENT:
            spending.give_back(self.config, finished, now)
        return outcome

    def look_up(self, envelope: Envelope, now: datetime) -> Outcome:
        purpose = purpose_of(envelope.kind)
        to = phones.dialled(envelope.one.to)
        since, not_id = envelope.queued_at, envelope.provider_id
        asked = Asked(envelope.reference, to, since, purpose, not_id)
        return self.provider.look_up(asked, clock.now())

    def rest(self) -> None:
        self.provider.close()


channels.register(
    channels.Way(
        Channel.SMS,
        is_on=lambda app: settings.is_on(app.config),
        open=Texts,
        complaint=lambda app: settings.complaint(app.config),
        preview=previewed,
    )
)
