"""The address for reports of delivery: its secret, its size, and what is no report."""

import json

import pytest

from app.config import SMS_HOOK_SECRET
from app.texts.models import MessageEvent

HOOK = f"/hooks/texts/{SMS_HOOK_SECRET}"
EVENT = {"eventDataId": "event-1", "data": {"messageId": "M4V", "statusCode": "4000"}}


@pytest.mark.parametrize(
    "path", ["/hooks/texts/wrong", f"{HOOK}x", "/hooks/texts/%00", "/hooks/texts/한글"]
)
def test_with_a_wrong_secret_there_is_no_such_address(client, path, log_lines):
    assert client.post(path, data=json.dumps([EVENT])).status_code == 404
    assert MessageEvent.select().count() == 0
    assert "wrong" not in str(log_lines())


def test_without_text_messages_there_is_no_such_address(make_app, db):
    client = make_app(SMS_URL="").test_client()

    assert client.post(HOOK, data="[]").status_code == 404


def test_an_empty_secret_opens_nothing(make_app, db):
    client = make_app(SMS_HOOK_SECRET="").test_client()

    assert client.post("/hooks/texts/", data="[]").status_code == 404


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{}",
        b"1",
        b"[1]",
        b"[{}]",
        b'[{"eventDataId": "a"}]',
        b'[{"eventDataId": "", "data": {"messageId": "M"}}]',
        b'[{"eventDataId": "a", "data": []}]',
        b'[{"eventDataId": "a\\u0000", "data": {"messageId": "M"}}]',
        b'[{"eventDataId": "a\\ud800", "data": {"messageId": "M"}}]',
        b'[{"eventDataId": "a", "data": {"messageId": "M", "customFields": 5}}]',
        b"\xff\xfe",
        b"[" * 100_000,
    ],
)
def test_what_is_no_report_is_refused_and_nothing_kept(client, body):
    assert client.post(HOOK, data=body).status_code == 400
    assert MessageEvent.select().count() == 0


def test_a_report_of_a_group_is_taken_and_says_nothing(client):
    body = json.dumps([{"eventDataId": "a", "data": {"groupId": "G4V"}}])

    assert client.post(HOOK, data=body).status_code == 204
    assert MessageEvent.select().count() == 0


def test_a_report_that_is_too_long_is_not_read(client):
    assert client.post(HOOK, data=b"[" + b" " * 600_000).status_code == 413


def test_with_the_right_one_a_report_is_kept(client):
    assert client.post(HOOK, data=json.dumps([EVENT])).status_code == 204
    assert MessageEvent.get().key == "hook:event-1"
