"""The emulated provider keeps the real one's rules, and misbehaves when it is told to."""

import hmac
import secrets
from datetime import UTC, datetime, timedelta
from hashlib import sha256

import pytest

from app.sandbox import reports, texts
from app.sandbox.store import Store

KEY, SECRET = "development-only-sms-key", "development-only-sms-secret"
TEXT = {"to": "01012345678", "from": "0200000000", "text": "안내", "type": "SMS"}


@pytest.fixture
def emulator():
    return texts.create(None)


@pytest.fixture
def client(emulator):
    return emulator.test_client()


def signed(date=None, salt=None, key=KEY, secret=SECRET, late=timedelta(0)):
    """The provider's header, made as its documents say."""
    date = date or (datetime.now(UTC) - late).isoformat()
    salt = salt or secrets.token_hex(16)
    made = hmac.new(secret.encode(), (date + salt).encode(), sha256).hexdigest()
    value = f"HMAC-SHA256 apiKey={key}, date={date}, salt={salt}, signature={made}"
    return {"Authorization": value}


def send(client, headers=None, **changes):
    message = {**TEXT, **changes}
    return client.post("/messages/v4/send", json={"message": message}, headers=headers or signed())


def listed(client, **query):
    return client.get("/messages/v4/list", query_string=query, headers=signed()).json


def code(answer):
    return answer.status_code, answer.json.get("errorCode", answer.json.get("statusCode"))


def test_a_signed_message_is_accepted_and_listed(client):
    answer = send(client, customFields={"reference": "REF"})

    assert code(answer) == (200, "2000")
    (found,) = listed(client, to=TEXT["to"])["messageList"].values()
    assert (found["messageId"], found["customFields"]) == (
        answer.json["messageId"],
        {"reference": "REF"},
    )
    assert found["statusCode"] == "3000"


@pytest.mark.parametrize(
    ("headers", "found"),
    [
        (lambda: {"X": "y"}, (401, "Unauthorized")),
        (lambda: {"Authorization": "Bearer x"}, (401, "Unauthorized")),
        (lambda: signed(key="another"), (403, "InvalidAPIKey")),
        (lambda: signed(secret="another"), (403, "SignatureDoesNotMatch")),
        (lambda: signed(late=timedelta(minutes=16)), (403, "RequestTimeTooSkewed")),
        (lambda: signed(late=-timedelta(minutes=16)), (403, "RequestTimeTooSkewed")),
        (lambda: signed(date="yesterday"), (400, "ValidationError")),
        (lambda: signed(date="2026-11-20T10:00:00"), (400, "ValidationError")),
        (lambda: signed(salt="short"), (400, "ValidationError")),
    ],
)
def test_what_is_not_signed_well_is_refused(client, headers, found):
    assert code(send(client, headers())) == found


def test_a_signature_is_taken_once(client):
    same = signed()

    assert code(send(client, same)) == (200, "2000")
    assert code(send(client, same)) == (400, "DuplicatedSignature")


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({"from": "0299999999"}, "UnregisteredSender"),
        ({"to": "+821012345678"}, "ValidationError"),
        ({"to": "0212345678"}, "ValidationError"),
        ({"text": ""}, "ValidationError"),
        ({"text": "가" * 46}, "ValidationError"),
        ({"text": "가" * 1001, "type": "LMS"}, "ValidationError"),
        ({"text": "🐟"}, "ValidationError"),
        ({"type": "FAX"}, "ValidationError"),
        ({"subject": "가" * 21, "type": "LMS"}, "ValidationError"),
        ({"customFields": {"x" * 31: "y"}}, "ValidationError"),
        ({"customFields": {"x": "y" * 101}}, "ValidationError"),
        ({"country": "1"}, "ValidationError"),
    ],
)
def test_what_is_no_message_is_refused(client, changes, found):
    assert code(send(client, **changes)) == (400, found)


def test_without_money_nothing_is_taken(client):
    client.post("/control/switches", json={"money": 30})

    first, second = send(client), send(client)
    left = client.get("/cash/v1/balance", headers=signed()).json

    assert (code(first), code(second)) == ((200, "2000"), (402, "NotEnoughBalance"))
    assert left == {"balance": 12, "point": 0}


def many(client, messages, **more):
    body = {"messages": messages, **more}
    return client.post("/messages/v4/send-many/detail", json=body, headers=signed())


def test_many_are_taken_at_once_each_once_or_refused_as_a_whole(client):
    twice = many(client, [TEXT, TEXT, {**TEXT, "to": "x"}], showMessageList=True).json
    both = many(client, [TEXT, TEXT], allowDuplicates=True).json
    whole = many(client, [TEXT, {**TEXT, "from": "0299999999"}])
    large = many(client, [TEXT] * 10_001)

    assert (len(twice["messageList"]), len(twice["failedMessageList"])) == (1, 1)
    assert both["groupInfo"]["count"]["total"] == 2
    assert code(whole) == (400, "UnregisteredSender")
    assert len(client.get("/control/messages").json) == 3
    assert code(large) == (413, "RecipientsTooMany")


def test_the_list_comes_in_pages(client):
    for _ in range(5):
        send(client)

    first = listed(client, limit=3)
    second = listed(client, limit=3, startKey=first["nextKey"])

    assert (len(first["messageList"]), len(second["messageList"])) == (3, 2)
    assert second["nextKey"] is None
    assert set(first["messageList"]).isdisjoint(second["messageList"])


@pytest.mark.parametrize(
    ("mode", "status"),
    [("500", 500), ("503", 503), ("429", 429), ("402", 402), ("413", 413), ("redirect", 302)],
)
def test_it_fails_before_it_takes_a_message_when_it_is_told_to(client, mode, status):
    client.post("/control/next", json={"door": "send", "mode": mode, "times": 2})

    answers = [send(client).status_code for _ in range(3)]

    assert answers == [status, status, 200]
    assert len(client.get("/control/messages").json) == 1


def test_it_fails_after_it_has_taken_a_message(client):
    client.post("/control/next", json={"door": "send", "mode": "500 after"})

    assert send(client).status_code == 500
    assert len(client.get("/control/messages").json) == 1


@pytest.mark.parametrize(
    ("how", "codes"),
    [
        ("once", ["4000"]),
        ("never", []),
        ("twice", ["4000", "4000"]),
        ("reversed", ["4000", "3000"]),
        ("late failure", ["4000", "3104"]),
        ("false", ["3104"]),
    ],
)
def test_reports_come_as_they_are_asked_for(client, how, codes):
    client.post("/control/switches", json={"reports": how})
    send(client, customFields={"reference": "REF"})

    events = client.get("/control/events").json

    assert [one["data"]["statusCode"] for one in events] == codes
    assert all(one["data"]["customFields"] == {"reference": "REF"} for one in events)
    keys = {one["eventDataId"] for one in events}
    assert len(keys) == (1 if how == "twice" else len(codes))


def test_a_message_is_final_after_a_while(client):
    client.post("/control/switches", json={"final_after": 60, "result": "3104"})
    send(client)
    before = listed(client)
    client.post("/control/switches", json={"skew": 61})
    late = client.get("/messages/v4/list", headers=signed(late=-timedelta(seconds=61))).json

    assert [one["statusCode"] for one in before["messageList"].values()] == ["3000"]
    assert [one["statusCode"] for one in late["messageList"].values()] == ["3104"]


def test_the_inbox_shows_each_message_with_its_bytes_and_counts_each_phone(client):
    for _ in range(2):
        send(client, text="가나 <b>")

    page = client.get("/").text

    assert page.count("SMS, 8 bytes, from 0200000000") == 2
    assert "가나 &lt;b&gt;" in page
    assert "01012345678: 2" in page


def test_a_reset_forgets_all(client):
    send(client)
    client.post("/control/switches", json={"money": 0})

    client.post("/control/reset")

    assert client.get("/control/messages").json == []
    assert client.get("/control/switches").json["money"] == 1_000_000


@pytest.mark.parametrize("wrong", [{"colour": 1}, {"money": "much"}])
def test_a_switch_that_is_not_there_is_refused(client, wrong):
    assert client.post("/control/switches", json=wrong).status_code == 400
    assert client.post("/control/next", json={"door": "window"}).status_code == 400


def test_a_store_in_a_file_is_there_after_a_restart(tmp_path):
    app = texts.create(tmp_path)
    send(app.test_client())
    again = texts.create(tmp_path).test_client()

    assert len(again.get("/control/messages").json) == 1
    assert Store(tmp_path / "texts.db").switch("price") == 18


def test_a_push_without_its_headers_is_refused(client):
    given = client.post("/control/browsers").json
    path = given["endpoint"].removeprefix("http://localhost")

    assert client.post(path, data=b"x").status_code == 401
    assert client.post("/push/nobody", data=b"x").status_code == 404
    client.post("/control/next", json={"door": "push", "mode": "gone"})
    assert client.post(path, data=b"x").status_code == 410
    assert client.post(path, data=b"x").status_code == 410


def test_reports_are_posted_to_the_service_until_it_takes_them(monkeypatch):
    """The first try meets a service that is away."""
    monkeypatch.setattr(reports, "AGAIN_AFTER", 0.01)
    tries, reporter = [], reports.Reporter("")
    reporter.hook = "http://127.0.0.1:1"
    monkeypatch.setattr(
        reporter, "posted", lambda event: tries.append(event["retryCount"]) or len(tries) > 1
    )
    reporter.put({"eventDataId": "x", "retryCount": 0, "data": {}}, 0.0, 0)

    for _ in range(2):
        reporter.step()

    assert tries == [0, 1]
