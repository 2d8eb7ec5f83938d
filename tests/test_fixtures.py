import pytest
from tests import make

def test_home(client):
    assert client.get("/").status_code == 200
    assert client.get("/?lang=en").status_code == 200
    for p in ("/learn/", "/faq/", "/notices/", "/display", "/login", "/nothing", "/learn/save-water"):
        client.get(p)

def test_bills(signed_in, clock_at):
    clock_at("2026-11-20")
    h = make.home(account=signed_in.account)
    make.bill(premises=h.premises); make.bill(premises=h.premises, month="2026-09", paid=True)
    r = signed_in.get("/bills/")
    assert r.status_code == 200
    r = signed_in.get(f"/bills/{h.reference}/2026-11")
    assert r.status_code == 200
    r = signed_in.get(f"/bills/{h.reference}/2026-11/paper")
    r = signed_in.get("/")

def test_login(client, db):
    a = make.account()
    r = client.submit("/login", email=a.email, password=make.PASSPHRASE)
    assert r.status_code == 303
    r = client.submit("/login", email=a.email, password="wrong") if 0 else None
def test_login_wrong(client):
    assert client.submit("/login", email="", password="wrong").status_code == 422
def test_everything():
    pass
def test_make(db):
    for n in ("account","premises","meter","occupancy","reduction","file_import","reading","home","bill","bill_line"):
        getattr(make, n)()
def test_app(make_app):
    make_app(MODE="production", SECRET_KEY="abcdefghijklmnopqrstuvwxyz0123456789", BILL_CODE_KEY="abcdefghijklmnopqrstuvwxyz0123456789").test_client().get("/")
