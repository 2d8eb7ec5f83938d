"""What a viewer, a payer and a holder see: every page and every fragment of it (S-03)."""

import pytest

from app.documents import contents
from app.documents.contents import Asked
from app.documents.models import Document
from app.supply.models import Home
from tests import make, routes
from tests.client import fragment_names
from tests.markup import Page

NUMBER, CODE = "345678901", "SDPZDS2345"
GROUPED, PRINTED = "345-678-901", "SDPZD-S2345"
OTHER = "876-543-210"
STREET = "보기로 77"
ROLES = {
    # full address, customer number, printed code, number of a joined meter, names of others
    "viewer": (False, False, False, False, False),
    "payer": (True, True, True, True, False),
    "holder": (True, True, True, True, True),
}
FIELDS = (STREET, GROUPED, PRINTED, OTHER, "이*님")
NEVER = (NUMBER, CODE, "user@example.com", "010-1234-5678", "박주인", "김보기", "이손님")
"""Of the holder on file and of others nobody sees these; numbers and codes are shown in groups."""


@pytest.fixture
def home(sign_in, clock_at):
    """home(role) is the client of somebody with this role; another account sees the home too."""
    place = make.premises(number=NUMBER, road_address=f"서울특별시 성북구 {STREET}, 101호")
    make.occupancy(premises=place, role="owner", name="박주인")
    make.occupancy(premises=place, name="김보기", email="user@example.com", phone="010-1234-5678")
    lines = '[["water","base",2,1080,1,1,2160,"15"],["joined","tap",30,0,1,1,0,"876543210"]]'
    make.bill(premises=place, month="2026-09", paid=True)
    make.bill(premises=place, month="2026-11", code=CODE, lines=lines)
    make.bill(premises=place, month="2026-11", code=CODE, revision=1, lines=lines)
    make.daily_use(premises=place)
    make.home(account=make.account(name="이손님"), premises=place, role="payer")

    def start(role):
        client = sign_in(make.account(name="최나의"))
        client.home = make.home(
            account=client.account, premises=place, role=role, level=3
        ).reference
        return client

    return start


def texts(app, client):
    """Every page of the home, whole and in each fragment that may be asked for."""
    paths = [
        p for p in routes.addresses(app, home=client.home, mark="customer") if "/2" * 9 not in p
    ]
    found = {}
    for path in paths:
        answer = client.get(path)
        if answer.status_code != 200 or answer.mimetype not in ("text/html", "text/csv"):
            continue
        found[path, ""] = answer.text
        for name in Page(answer.text).ids & fragment_names(app):
            headers = {"HX-Request": "true", "HX-Target": name}
            found[path, name] = client.get(path, headers=headers).text
    return found


@pytest.mark.parametrize("role", ROLES)
def test_each_role_sees_its_fields_and_no_others(app, home, role):
    client = home(role)

    shown = texts(app, client)

    assert len(shown) > 12
    for field, may in zip(FIELDS, ROLES[role], strict=True):
        assert (field, any(field in text for text in shown.values())) == (field, may)
    for field in NEVER:
        assert (field, [place for place, text in shown.items() if field in text]) == (field, [])


def test_a_viewer_sees_the_district_and_the_last_digits(home):
    client = home("viewer")

    page = client.get(f"/homes/{client.home}").text
    assert "서울특별시 성북구 ******" in page
    assert "***-***-901" in page


def test_a_viewer_sees_amounts_and_use(home):
    client = home("viewer")

    assert "31,680원" in client.get(f"/bills/{client.home}/2026-11").text
    assert "420L" in client.get(f"/patterns/{client.home}").text


def issue(client, role):
    """Ask for a bill's document and for a statement with forms that another role's page has."""
    token = Page(client.get(f"/homes/{client.home}/ending").text)
    token = token.form(f"/homes/{client.home}/ending")["csrf_token"]
    wish = {"kind": "usage", "home": client.home, "first": "2026-09", "last": "2026-11"}
    return [
        client.post(f"/documents/bills/{client.home}/2026-11", data={"csrf_token": token}),
        client.post("/documents/", data={"csrf_token": token, **wish}),
    ]


@pytest.mark.parametrize(("role", "made"), [("viewer", 0), ("payer", 2), ("holder", 2)])
def test_a_viewer_gets_no_document_however_it_is_asked_for(home, role, made):
    client = home(role)

    answers = issue(client, role)

    assert Document.select().count() == made
    assert (answers[0].status_code == 404) == (role == "viewer")
    shown = client.get(f"/bills/{client.home}/2026-11").text
    assert ("문서로 받기" in shown) == (role != "viewer")


@pytest.mark.parametrize("statement", [contents.payment, contents.usage])
def test_no_statement_is_worked_out_for_a_viewer(home, statement):
    for role, is_made in (("viewer", False), ("payer", True)):
        client = home(role)
        asked = Asked(client.home, "2026-09", "2026-11")
        assert bool(statement(client.account, asked)) is is_made


def test_who_becomes_a_viewer_gets_nothing_new_at_the_next_request(home):
    client = home("payer")
    assert STREET in client.get(f"/bills/{client.home}/2026-11/paper").text

    Home.update(role="viewer").where(Home.reference == client.home).execute()

    assert STREET not in client.get(f"/bills/{client.home}/2026-11/paper").text
    assert issue(client, "viewer")[0].status_code == 404


@pytest.mark.parametrize("target", ["main", "bill_summary", "by_day", "people", "notice_text"])
def test_forged_htmx_headers_show_a_stranger_nothing(app, home, client, sign_in, target):
    """S-06: without a sign-in, and with that of somebody else."""
    reference = home("holder").home
    stranger = sign_in(make.account())
    headers = {"HX-Request": "true", "HX-Target": target}

    for path in routes.addresses(app, mark="customer", home=reference):
        if f"/{reference}" not in path:
            continue
        nobody, other = client.get(path, headers=headers), stranger.get(path, headers=headers)
        assert (nobody.status_code, nobody.data) in ((401, b""), (405, nobody.data)), path
        assert other.status_code in (404, 405), path
        assert STREET not in other.text


def test_a_form_of_another_page_does_not_rename_what_one_may_not_see(home, sign_in):
    reference = home("holder").home
    stranger = sign_in(make.account())
    token = Page(stranger.get("/homes/new/paper").text).form("/homes/new/paper")["csrf_token"]

    answer = stranger.post(f"/homes/{reference}", data={"csrf_token": token, "name": "내 것"})

    assert answer.status_code == 404
    assert Home.select().where(Home.name == "내 것").count() == 0
