"""Issuing documents and checking them, as people do it."""

import re

from app.documents.models import Document


def issue_bill(client, home, month="2026-11"):
    action = f"/documents/bills/{home.reference}/{month}"
    return client.submit(f"/bills/{home.reference}/{month}", action)


def issue(client, kind, first="2026-09", last="2026-11", home="HOME234567"):
    fields = {"kind": kind, "first": first, "last": last, "home": home}
    return client.submit("/documents/", "/documents/", **fields)


def words(answer):
    """The words of a page's content, blanks made single."""
    text = answer.text
    main = re.sub(r"<[^>]+>", " ", text[text.index("<main") : text.index("</main>")])
    return " ".join(main.split())


def token_of(client, path):
    return re.search(r'name="csrf_token" value="([^"]+)"', client.get(path).text)[1]


def verify(client, document, code=None, number=None, address="192.0.2.1"):
    token = token_of(client, "/verify/")
    data = {"csrf_token": token, "number": number or document.number, "code": code or document.code}
    return client.post("/verify/", data=data, environ_base={"REMOTE_ADDR": address})


def only_document():
    (found,) = Document.select()
    return found
