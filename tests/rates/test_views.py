"""New rates: proposed by one, compared, and put into force by another (S-08)."""

from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
from yaml import safe_dump, safe_load

from app import clock
from app.audit.models import Entry
from app.staff.approvals import Proposal
from app.tariff import active
from app.tariff import table as tables
from tests.markup import Page

DAY = timedelta(days=1)
SEOUL = Path(tables.__file__).with_name("seoul.yaml").read_text("utf-8")


@pytest.fixture
def folder(app, monkeypatch, tmp_path):
    """The tariff in force is this test's own."""
    monkeypatch.setitem(app.config, "DATA_DIR", str(tmp_path))
    own = active.InForce(tmp_path / "tariff.yaml", 0)
    monkeypatch.setitem(app.extensions, "tariff", own)
    return tmp_path


def send(client, text, warned=True, reason="2027년 요금"):
    form = Page(client.get("/staff/rates/new").text).form()
    data = {**form, "file": (BytesIO(text.encode()), "new.yaml"), "reason": reason}
    if warned:
        data["despite_warnings"] = "y"
    return client.post("/staff/rates/new", data=data, content_type="multipart/form-data")


def decide(client, decision="approved"):
    token = Page(client.get("/staff/").text).form("/staff/logout")["csrf_token"]
    path = f"/staff/approvals/{Proposal.get().reference}/{decision}"
    return client.post(path, data={"csrf_token": token, "answer": ""})


def test_two_persons_put_rates_into_force(at_desk, folder):
    proposer, approver = at_desk("billing", office=""), at_desk("manager", office="")

    shown = send(proposer, SEOUL).location
    assert not (folder / "tariff.yaml").exists()
    assert approver.get(shown).status_code == 200
    assert decide(approver).status_code == 303

    assert (folder / "tariff.yaml").read_text("utf-8") == SEOUL
    assert f"{proposer.member.name} / {approver.member.name}" in (folder / "tariff.log").read_text()
    assert Entry.select().where(Entry.action == "rates.activated").count() == 1


def test_the_proposer_does_not_decide(at_desk, folder):
    both = at_desk("billing", "manager", office="")
    send(both, SEOUL)

    assert decide(both).status_code == 403
    assert not (folder / "tariff.yaml").exists()


def test_rates_of_the_whole_city_are_not_for_one_office(at_desk, folder):
    assert at_desk("billing", office="091").get("/staff/rates/new").status_code == 403
    send(at_desk("billing", office=""), SEOUL)

    assert decide(at_desk("manager", office="091")).status_code == 404


@pytest.mark.parametrize(
    ("text", "said"),
    [("", "골라"), ("rates: [", "고칠 것"), ("\x00\x01", "고칠 것")],
)
def test_a_file_with_errors_is_not_proposed(at_desk, folder, text, said):
    answer = send(at_desk("billing", office=""), text)

    assert answer.status_code == 422
    assert said in answer.text
    assert Proposal.select().count() == 0


def test_a_refused_table_changes_nothing(at_desk, folder):
    send(at_desk("billing", office=""), SEOUL)

    assert decide(at_desk("manager", office=""), "refused").status_code == 303
    assert not (folder / "tariff.yaml").exists()


def test_the_command_leaves_it_to_the_two_where_there_are_two(at_desk, runner, tmp_path, folder):
    path = tmp_path / "new.yaml"
    path.write_text(SEOUL, "utf-8")
    command = ["tariff", "activate", str(path), "--by", "x", "--despite-warnings"]
    at_desk("billing", office="")
    assert runner.invoke(args=command).exit_code == 0
    at_desk("manager", office="")

    result = runner.invoke(args=command)

    assert result.exit_code == 1
    assert "/staff/rates/" in result.output


def test_rates_of_next_year_are_shown_as_coming_and_not_as_those_in_force(at_desk, folder):
    today = clock.today()
    now_in_force, to_come = "777,771원", "777,772원"
    own = safe_load(SEOUL)
    row = {"part": "levy", "class": "all", "confidence": "sample", "source": "x"}
    own["rates"] += [
        row | {"key": "now", "from": today - DAY, "tiers": [[None, 777771]]},
        row | {"key": "then", "from": today + DAY, "tiers": [[None, 777772]]},
    ]
    (folder / "tariff.yaml").write_text(safe_dump(own, allow_unicode=True), "utf-8")

    page = at_desk("billing", office="").get("/staff/rates/").text

    in_force, coming = page.split("앞으로 바뀔 요금")
    assert (now_in_force in in_force, to_come in in_force) == (True, False)
    assert (now_in_force in coming, to_come in coming) == (False, True)


def test_without_rates_to_come_there_is_no_list_of_them(at_desk, folder, clock_at):
    clock_at("2040-01-01 12:00")

    page = at_desk("billing", office="").get("/staff/rates/").text

    assert "지금 적용하는 요금" in page
    assert "앞으로 바뀔 요금" not in page
