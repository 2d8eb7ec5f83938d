"""The log: a line for each request, and an answer also when no line can be written."""

import errno
import logging
from io import StringIO

import pytest

from app.observe import JsonLine, LogHandler, log


class FullDisk(StringIO):
    def write(self, text):
        raise OSError(errno.ENOSPC, "No space left on device")

    def flush(self):
        self.write("")


@pytest.fixture
def full_disk(caplog):
    caplog.set_level(logging.INFO, log.name)
    handler = LogHandler(FullDisk())
    handler.setFormatter(JsonLine())
    log.addHandler(handler)
    yield handler
    log.removeHandler(handler)


def test_requests_are_answered_when_the_log_cannot_be_written(client, full_disk):
    answer = client.get("/healthz")

    assert answer.status_code == 200
    assert answer.headers["X-Request-Id"]


def test_a_line_that_cannot_be_written_is_no_failure_of_its_own(full_disk, capsys):
    log.error("the tariff in force cannot be read")

    assert logging.raiseExceptions
    assert "Traceback" not in capsys.readouterr().err
