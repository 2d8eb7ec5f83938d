"""A real mail server on loopback that does what a test says."""

import asyncio
from contextlib import contextmanager
from email import message_from_bytes
from email.policy import default
from queue import Queue
from threading import Event

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult


class Drop(Exception):
    """The server hangs up after it has taken the mail."""


class Sink:
    """`mails` are the mails that were taken; `answers` are what the next ones are told.

    `arrived` gets each recipient before its mail is answered, which waits while `go_on` is clear.
    """

    def __init__(self):
        self.mails, self.envelopes, self.answers, self.recipients = [], [], [], []
        self.connections = 0
        self.arrived, self.go_on = Queue(), Event()
        self.go_on.set()

    async def handle_RCPT(self, server, session, envelope, address, options):
        if self.recipients and (answer := self.recipients.pop(0)):
            return answer
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        answer = self.answers.pop(0) if self.answers else "250 OK"
        self.arrived.put(envelope.rcpt_tos[0])
        await asyncio.to_thread(self.go_on.wait, 30)
        if answer == "drop before":
            server.transport.abort()
            return "250 OK"
        if not answer.startswith("250") and answer != "drop":
            return answer
        self.envelopes.append(envelope)
        self.mails.append(message_from_bytes(envelope.content, policy=default))
        if answer == "drop":
            server.transport.abort()
        return "250 OK"


class Server(Controller):
    """Listens on a port that the system has chosen."""

    spoken = ()

    def _trigger_server(self):
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()

    def factory(self):
        self.handler.connections += 1
        self.spoken.append(SMTP(self.handler, **self.SMTP_kwargs))
        return self.spoken[-1]

    async def hang_up(self):
        """End the connections that clients have left open."""
        for one in self.spoken:
            for transport in (one.transport, getattr(one, "_original_transport", None)):
                if transport:
                    transport.abort()


@contextmanager
def serving(**options):
    """A sink that listens, and the settings that lead to it."""
    sink = Sink()
    server = Server(sink, hostname="127.0.0.1", port=0, ready_timeout=10, **options)
    server.spoken = []
    server.start()
    try:
        sink.connections = 0  # the controller itself has looked in
        sink.settings = {
            "SMTP_HOST": "127.0.0.1",
            "SMTP_PORT": server.port,
            "SMTP_SECURITY": "none",
            "SMTP_USER": "",
            "SMTP_PASSWORD": "",
        }
        yield sink
    finally:
        asyncio.run_coroutine_threadsafe(server.hang_up(), server.loop).result(10)
        server.stop()


def password_check(password):
    """An authenticator for one password."""

    def check(server, session, envelope, mechanism, given):
        return AuthResult(success=given.password == password.encode(), handled=False)

    return check
