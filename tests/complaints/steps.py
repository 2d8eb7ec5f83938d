"""Filing a complaint through the pages, step by step."""

import io

from PIL import Image

from app import clock
from tests import make
from tests.markup import Page

PHONE = "010-1234-5678"
HERE = (37_566_300, 126_977_900)
WORDS = "버스 정류장 앞에서 물이 흐릅니다."
PLACE = {"district": "성동구", "dong": "가상1동", "place": "12번지 앞"}
LEAK = {"q_amount": "flows", "q_danger": "no", "body": "길에서 물이 솟습니다."}


def jpeg(colour="navy", size=(80, 60)):
    """A photo's bytes; another colour is another photo."""
    file = io.BytesIO()
    Image.new("RGB", size, colour).save(file, "JPEG")
    return file.getvalue()


def upload(content, name="photo.jpg"):
    """A file as a form sends it."""
    return io.BytesIO(content), name


def begin(client, matter="leak_street"):
    path = f"/complaints/new/{matter}"
    return client.submit(path, path)


def to_photos(client):
    begin(client)
    client.submit("/complaints/place", **PLACE)
    return client.submit("/complaints/details", **LEAK)


def to_check(client, **contact):
    to_photos(client)
    client.submit("/complaints/photos")
    return client.submit("/complaints/contact", **{"phone": PHONE, **contact})


def send(client):
    return client.submit("/complaints/check")


def file_leak(client, **contact):
    """The number of a leak that was filed."""
    to_check(client, **contact)
    return send(client).location.split("/")[2]


def token(client, path="/complaints/photos"):
    return Page(client.get(path).text).form()["csrf_token"]


def released(at=HERE, **values):
    """A leak that a person has let be shown."""
    latitude, longitude = at or (None, None)
    shown = {"released_at": clock.now(), "public_text": WORDS, **values}
    return make.complaint(latitude=latitude, longitude=longitude, **shown)
