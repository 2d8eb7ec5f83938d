"""Taking everything away: as JSON and as tables, a few times a day, told by mail (S-32, S-57)."""

import csv
import io
import json
import zipfile
from datetime import UTC, date, datetime

import pytest

from app.money import Money
from app.mydata import export
from app.mydata.export import Gathered
from app.mydata.topics import TOPICS
from app.mydata.values import Word
from app.privacy.register import blocks, models
from tests import make
from tests.outbox import queued

PATH = "/profile/data/download"
NOW = datetime(2026, 11, 26, 3, tzinfo=UTC)
BEHIND_HASHES = {"password_hash", "answers"}
"""What is not there as it is stored: answers are written as people read them."""
ELSEWHERE = {"content", "actor"}
"""Which are taken apart: what a mail said, through whom and by what proof a home was linked."""


def take(client, kind, language=""):
    return client.submit(PATH, f"{PATH}/{kind}", headers={"Accept-Language": language})


def tables(answer):
    """File names of the archive with their rows."""
    with zipfile.ZipFile(io.BytesIO(answer.data)) as archive:
        found = {name: archive.read(name).decode() for name in archive.namelist()}
    assert all(text.startswith("\ufeff") for text in found.values())
    return {
        name: list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))
        for name, text in found.items()
    }


def test_json_holds_every_table_with_names_for_programs(me):
    answer = take(me, "json")

    assert answer.headers["Content-Disposition"] == (
        'attachment; filename="my-data-2026-11-26.json"'
    )
    assert "no-store" in answer.headers["Cache-Control"]
    found = answer.json
    assert found["made_at"] == "2026-11-26T12:00:00+09:00"
    assert {code: set(part) for code, part in found["topics"].items()} == {
        topic.code: {table.code for table in topic.tables} for topic in TOPICS
    }
    (account,) = found["topics"]["account"]["account"]
    assert (account["email"], account["language"]) == ("narae@example.com", "ko")
    (bill,) = found["topics"]["bills"]["bills"]
    assert (bill["month"], bill["usage_m3"], bill["number"]) == ("2026-11", 31, "012345678")
    assert found["topics"]["documents"]["documents"][0]["content"]["name"] == "김보기"


def marked(block, model, row):
    """The texts and days in the personal columns of a row."""
    for name in block.personal:
        value = getattr(row, model._meta.columns[name].name)
        if name not in BEHIND_HASHES and not (block.table == "messages" and name in ELSEWHERE):
            yield name, value


@pytest.mark.parametrize(
    "block",
    [b for b in blocks().values() if b.person and b.topic not in ("", "looks")],
    ids=lambda block: block.table,
)
def test_every_personal_column_of_an_account_is_in_the_download(me, block):
    """What the register calls personal is what people get; a forgotten column fails here."""
    model = models()[block.table]
    rows = list(model.select().where(model._meta.columns[block.person] == me.account.id))
    text = json.dumps(take(me, "json").json["topics"][block.topic], ensure_ascii=False)

    for row in rows:
        for name, value in marked(block, model, row):
            assert expected(name, value, text), (block.table, name, value)


def test_what_a_mail_said_is_in_it_but_no_link_that_somebody_could_use(me):
    values = '{"time": "14:05"}'
    make.message(account_id=me.account.id, kind="test", priority=1, content=values)
    link = '{"name": "한나래", "link": "https://arisu.example/recovery/SECRET"}'
    make.message(account_id=me.account.id, kind="reset", priority=0, content=link, state="failed")

    found = take(me, "json").json["topics"]["messages"]["messages"]

    assert "14:05" in found[1]["said"]
    assert found[0]["said"] is None
    assert "SECRET" not in json.dumps(found)


def expected(name, value, text):
    """Whether a value of the database is in the download, in the form that it has there."""
    if value in (None, "") or name in ELSEWHERE:
        return True
    if isinstance(value, datetime):
        return value.astimezone(export.SEOUL).isoformat() in text
    if isinstance(value, Money):
        return str(int(value)) in text
    if name == "phone":
        return value[-4:] in text
    if name == "shown":
        return json.loads(value)["name"] in text
    if name == "since_on":
        return date.fromordinal(value.toordinal() + 1).isoformat() in text
    return str(value) in text or json.dumps(str(value))[1:-1] in text


def test_tables_have_a_file_each_with_names_for_people(me):
    found = tables(take(me, "csv"))

    assert len(found) == sum(len(topic.tables) for topic in TOPICS)
    names = [name.split("-", 1)[1] for name in found]
    assert names[:2] == ["account.csv", "sessions.csv"]
    header, row = found["01-account.csv"]
    assert header[:2] == ["이름", "이메일"]
    assert row[:2] == ["한나래", "narae@example.com"]


def test_tables_speak_english(me):
    me.get("/display?lang=en")

    header, _row = tables(take(me, "csv"))["01-account.csv"]

    assert header[:2] == ["Name", "E-mail"]


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\t", "\r", "＝"])
def test_no_cell_is_a_formula(sign):
    row = {"name": f"{sign}HYPERLINK(1)"}

    text = export.table(Gathered("x", "x", "x", {"name": "이름"}, [row]))

    assert f"'{sign}HYPERLINK(1)" in text


def test_packing_needs_no_database():
    """There is none in this test: what is slow happens after the last question."""
    found = [
        Gathered("t", "rows", "x", {"a": "A", "b": "B"}, [{"a": NOW, "b": Word("code", "말")}]),
        Gathered("t", "none", "x", {"a": "A"}, [{"a": None}]),
    ]

    packed = json.loads(export.as_json(found, "여기", NOW))

    assert packed["topics"] == {
        "t": {"rows": [{"a": "2026-11-26T12:00:00+09:00", "b": "code"}], "none": [{"a": None}]}
    }
    with zipfile.ZipFile(io.BytesIO(export.as_zip(found, NOW))) as archive:
        assert "2026-11-26 12:00,말" in archive.read("01-rows.csv").decode()


def test_gathering_holds_no_transaction(me, app, monkeypatch):
    """Between its questions others may write: no question is asked within a write."""
    from app.mydata import person

    asked = []
    monkeypatch.setattr(
        "app.db.writing", lambda: asked.append("a write") or pytest.fail("gathering writes")
    )
    with app.test_request_context():
        found = export.gather(me.account, NOW)

    assert asked == []
    assert {one.code for one in found} >= {"account", "bills", "uses"}
    assert person.account(me.account, NOW)[0]["email"] == "narae@example.com"


def test_each_download_is_told_by_mail(me):
    take(me, "json")

    (mail,) = queued("data_downloaded")
    assert (mail.to, mail.values["name"]) == ("narae@example.com", "한나래")


def test_there_is_a_limit_for_a_day(me, clock_at):
    answers = []
    for minute in range(6):
        clock_at(f"2026-11-26 12:0{minute // 2}:{minute % 2 * 30:02d}")
        answers.append(take(me, "json").status_code)

    refused = take(me, "csv")
    assert answers == [200] * 5 + [429]
    assert (refused.status_code, "718분 뒤에" in refused.text) == (429, True)
    assert len(queued("data_downloaded")) == 5


def test_it_wants_a_strong_proof_and_nothing_is_downloaded_by_a_password_alone(sign_in, now):
    client = sign_in(make.account())

    assert client.get(PATH).location == f"/login/again?next={PATH}&how=strong"
    token = client.get("/profile/").text.split('name="csrf_token" value="')[1].split('"')[0]
    answer = client.post(f"{PATH}/json", data={"csrf_token": token})
    assert answer.location.startswith("/login/again?")
    assert not queued("data_downloaded")


def test_a_format_that_there_is_not_is_not_found(me):
    token = me.get(PATH).text.split('name="csrf_token" value="')[1].split('"')[0]

    assert me.post(f"{PATH}/exe", data={"csrf_token": token}).status_code == 404
