"""Questions and reports of another program."""

import json

import pytest

from app.open311.models import digest
from tests import make

BASE = "/open311/v2"
LEAK = {
    "service_code": "leak_street",
    "address_string": "성북구 가상1동 보기로 12 앞",
    "lat": "37.5663",
    "long": "126.9779",
    "attribute[amount]": "flows",
    "attribute[danger]": "no",
    "description": "길에서 물이 솟습니다.",
}


@pytest.fixture
def key(db):
    make.report_key(key_hash=digest("k3y"))
    return "k3y"


@pytest.fixture
def ask(client):
    """The answer to a question as data; `ask.error(...)` is status and texts."""

    def got(path, expected=200, /, **given):
        response = client.get(f"{BASE}/{path}", query_string=given)
        assert response.status_code == expected, response.text
        assert response.content_type == "application/json; charset=utf-8"
        assert response.headers["Access-Control-Allow-Origin"] == "*"
        return json.loads(response.data)

    return got


@pytest.fixture
def send(client, key):
    """Report a leak, with some fields changed; what is None is left out."""

    def sent(status=200, form="json", **changes):
        given = {**LEAK, "api_key": key, **changes}
        given = {name: value for name, value in given.items() if value is not None}
        response = client.post(
            f"{BASE}/requests.{form}", data=given, content_type="multipart/form-data"
        )
        assert response.status_code == status, response.text
        return json.loads(response.data) if form == "json" else response

    return sent
