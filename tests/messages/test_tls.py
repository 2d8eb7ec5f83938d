"""The connection to the mail server: encrypted, verified, signed in, or not used at all."""

import ssl

import pytest

from app import clock
from app.messages import smtp
from app.messages.models import Message, State
from tests import certificates
from tests.messages.conftest import deliver_due
from tests.messages.sink import password_check, serving

SECRET = {"SMTP_USER": "arisu", "SMTP_PASSWORD": "right"}


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    """A file with a certificate for 127.0.0.1 that lives for an hour, and its key."""
    return certificates.write(tmp_path_factory.mktemp("tls") / "server.pem")


def context(certificate):
    found = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    found.load_cert_chain(certificate)
    return found


@pytest.fixture
def guarded(certificate):
    """A server that takes mails only after STARTTLS and with the right password."""
    options = {"authenticator": password_check("right"), "auth_required": True}
    with serving(tls_context=context(certificate), require_starttls=True, **options) as found:
        found.settings |= {"SMTP_SECURITY": "starttls", **SECRET}
        yield found


@pytest.fixture
def trusted(certificate, monkeypatch):
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))


def tried(lane, settings, message):
    deliver_due(lane(settings), clock.now())
    return Message.get_by_id(message.id)


def test_a_mail_goes_over_verified_tls_with_the_password(queued, lane, guarded, trusted):
    assert tried(lane, guarded.settings, queued()).state == State.SENT
    assert len(guarded.mails) == 1


def test_a_server_that_cannot_be_verified_gets_nothing(queued, lane, guarded, log_lines):
    found = tried(lane, guarded.settings, queued())

    assert (found.state, found.attempts, guarded.mails) == (State.CREATED, 0, [])
    assert log_lines()[0]["event"] == "mail cannot be sent"
    assert "CERTIFICATE_VERIFY_FAILED" in log_lines()[0]["problem"]


def test_a_certificate_for_another_name_is_refused(queued, lane, guarded, trusted):
    found = tried(lane, {**guarded.settings, "SMTP_HOST": "localhost"}, queued())

    assert (found.state, found.attempts, guarded.mails) == (State.CREATED, 0, [])


def test_a_wrong_password_uses_up_no_try(queued, lane, guarded, trusted, log_lines):
    message = queued()
    for _ in range(60):
        found = tried(lane, {**guarded.settings, "SMTP_PASSWORD": "wrong"}, message)

    assert (found.state, found.attempts) == (State.CREATED, 0)
    assert log_lines()[0]["problem"].startswith("535")
    assert tried(lane, guarded.settings, message).state == State.SENT


def test_a_server_without_starttls_gets_nothing(queued, lane, sink):
    found = tried(lane, {**sink.settings, "SMTP_SECURITY": "starttls"}, queued())

    assert (found.state, found.attempts, sink.mails) == (State.CREATED, 0, [])


def test_a_server_that_asks_for_a_password_uses_up_no_try(queued, lane, guarded, trusted):
    found = tried(lane, {**guarded.settings, "SMTP_USER": ""}, queued())

    assert (found.state, found.attempts, guarded.mails) == (State.CREATED, 0, [])


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"MODE": "production"}, "Set WATER_SMTP_HOST"),
        ({"MODE": "production", "SMTP_HOST": "mail.example"}, "Set WATER_MAIL_FROM"),
        ({"SMTP_SECURITY": "maybe"}, "WATER_SMTP_SECURITY must be"),
        ({"SMTP_HOST": "x", "SMTP_SECURITY": "none", "SMTP_USER": "u"}, "not sent without TLS"),
    ],
)
def test_settings_with_which_no_mail_can_go_are_told(app, changes, sentence):
    assert sentence in smtp.complaint({**app.config, **changes})


def test_a_developers_settings_are_fine(app):
    assert smtp.complaint(app.config) is None
