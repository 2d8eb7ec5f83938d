"""Open311 for other programs: what they may know, report, and are told when it is wrong."""

import json
from datetime import timedelta
from xml.etree import ElementTree

import pytest

from app import clock
from tests import make

BASE = "/open311/v2"


def test_a_program_finds_its_way_from_the_discovery(ask):
    found = ask("discovery.json")

    (endpoint,) = found["endpoints"]
    assert endpoint["url"].endswith(BASE)
    assert endpoint["specification"] == "http://wiki.open311.org/GeoReport_v2"
    assert found["key_service"].endswith("/open311/")


def test_only_problems_of_the_street_are_offered(ask):
    codes = {one["service_code"] for one in ask("services.json")}

    assert "leak_street" in codes
    assert "bill" not in codes


def test_a_definition_tells_the_questions_of_a_service(ask):
    found = ask("services/leak_street.json")

    amount = found["attributes"][0]
    assert (amount["code"], amount["datatype"], amount["required"]) == (
        "amount",
        "singlevaluelist",
        True,
    )
    assert {one["key"] for one in amount["values"]} == {"wet", "flows", "gushes"}


def test_xml_says_the_same_as_json(client, ask):
    make.complaint(received_at=clock.now())

    response = client.get(f"{BASE}/requests.xml")

    (record,) = ask("requests.json")
    (found,) = ElementTree.fromstring(response.data)
    assert response.content_type == "text/xml; charset=utf-8"
    assert response.data.startswith(b'<?xml version="1.0" encoding="utf-8"?>')
    assert {child.tag: child.text for child in found} == {
        name: value if value is None else str(value) for name, value in record.items()
    }


def test_nothing_about_a_person_is_told_before_somebody_has_released_it(ask):
    make.complaint(received_at=clock.now(), latitude=37566300, longitude=126977900)

    (found,) = ask("requests.json", extensions="true")

    text = json.dumps(found, ensure_ascii=False)
    assert (found["description"], found["lat"], found["address"]) == (
        None,
        None,
        "서울특별시 성북구 가상1동",
    )
    assert not [one for one in ("김보기", "보기로", "길에서", make.complaints.PHONE) if one in text]
    assert found["extended_attributes"] == {"detailed_status": "RECEIVED"}


def test_what_was_released_is_told_with_its_place(ask):
    now = clock.now()
    released = {"released_at": now, "public_text": "도로 누수"}
    make.complaint(received_at=now, latitude=37566300, longitude=126977900, **released)

    (found,) = ask("requests.json")

    assert (found["description"], found["lat"], found["long"]) == ("도로 누수", 37.5663, 126.9779)


def test_what_is_not_about_the_street_does_not_exist_here(ask):
    one = make.complaint(type="bill", received_at=clock.now())

    assert ask("requests.json") == []
    assert ask(f"requests/{one.reference}.json", 404)[0]["code"] == 404
    assert ask("requests.json", service_request_id=one.reference) == []


def test_requests_are_narrowed_by_number_kind_state_and_time(ask):
    now = clock.now()
    old = make.complaint(received_at=now - timedelta(days=60))
    done = make.complaint(received_at=now, state="done", closed_at=now, outcome="solved")
    paved = make.complaint(received_at=now - timedelta(days=1), type="pavement")

    def numbers(**given):
        return [one["service_request_id"] for one in ask("requests.json", **given)]

    assert numbers() == [done.reference, paved.reference, old.reference]
    assert numbers(status="open") == [paved.reference, old.reference]
    assert numbers(status="closed") == [done.reference]
    assert numbers(service_code="pavement,unknown") == [paved.reference]
    assert numbers(service_request_id=f"{old.reference},none") == [old.reference]
    assert numbers(page_size="1", page="2") == [paved.reference]
    week = (now - timedelta(days=7)).isoformat()
    assert numbers(start_date=week) == [done.reference, paved.reference]
    assert numbers(end_date=week) == [old.reference]


def test_a_plus_sign_that_became_a_blank_is_understood(client):
    response = client.get(f"{BASE}/requests.json?start_date=2026-11-23T10:00:00+09:00")

    assert response.status_code == 200


@pytest.mark.parametrize(
    "given",
    [
        {"start_date": "yesterday"},
        {"start_date": "2026-11-23T10:00:00"},
        {"start_date": "2026-01-01T00:00:00Z", "end_date": "2026-06-01T00:00:00Z"},
        {"start_date": "2026-06-01T00:00:00Z", "end_date": "2026-01-01T00:00:00Z"},
        {"status": "fixed"},
        {"page_size": "0"},
        {"page_size": "1001"},
        {"page": "x"},
        {"updated_after": "0001-01-01T00:00:00Z"},
    ],
)
def test_a_question_that_cannot_be_is_told_what_is_wrong(ask, given):
    (error,) = ask("requests.json", 400, **given)

    assert error["code"] == 400
    assert error["description"]


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "nothing.json", 404),
        ("GET", "services.yaml", 404),
        ("GET", "services/none.json", 404),
        ("GET", "requests/none.json", 404),
        ("GET", "tokens/x.json", 404),
        ("DELETE", "requests.json", 405),
        ("POST", "services.json", 404),
    ],
)
def test_errors_speak_the_format_of_the_address(client, method, path, status):
    response = client.open(f"{BASE}/{path}", method=method)

    assert response.status_code == status
    if path.endswith(".json"):
        assert json.loads(response.data)[0]["code"] == status
    else:
        assert ElementTree.fromstring(response.data).find("error/code").text == str(status)
