"""A report of another program: checked as a whole, then filed like everybody's, and once."""

import hashlib
import re
import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path

from werkzeug.datastructures import FileStorage, MultiDict

from app import addresses, phones
from app.complaints import album, kinds, photos
from app.complaints.acting import By
from app.complaints.album import Whose
from app.complaints.filing import Filing, file, filed
from app.complaints.kinds import Question, Type
from app.complaints.models import Channel, Complaint
from app.complaints.photos import RefusedError
from app.db import is_postgres, rows, writing
from app.language import _, current
from app.open311.models import ReportKey
from app.open311.services import offered
from app.open311.wrong import WrongError
from app.signs import has_resident_number

Given = MultiDict[str, str]

LONGEST = 4000
LONGEST_PLACE, LONGEST_NAME, LONGEST_EMAIL, LONGEST_URL = 200, 100, 250, 300
AGAIN = timedelta(minutes=1)
"""The same report of the same key within this time is the first one: programs try again."""
CITY = (37.413, 37.716), (126.733, 127.270)
"""Latitudes and longitudes between which the city lies."""
MILLION = 1_000_000
ADDRESS = re.compile(r"[^\s@,;:<>\"()\[\]\\]+@[^\s@,;:<>\"()\[\]\\]+")
"""One e-mail address and no list of them."""
LOCK = "SELECT pg_advisory_xact_lock(hashtext(?))"


def report(
    given: Given, files: Sequence[FileStorage], key: ReportKey, folder: Path, now: datetime
) -> Complaint:
    """File it, or find what was filed a moment ago; raises WrongError for everything at once."""
    kind = service(given)
    problems: list[str] = []
    latitude, longitude = coordinates(given, problems)
    address = one_line(given.get("address_string", ""))[:LONGEST_PLACE]
    number = one_line(given.get("address_id", ""))[:50]
    if not (address or number or latitude is not None):
        problems.append(_("lat와 long, address_string, address_id 가운데 하나가 필요합니다."))
    answers = answered(kind, given, problems)
    body = text_of(given, problems)
    if has_resident_number("\n".join([body, address, number, *answers.values()])):
        problems.append(_("주민등록번호는 받지 않습니다. 그 번호를 지워 주십시오."))
    if len(files) > photos.MOST:
        problems.append(_("사진은 %(most)s장까지입니다.", most=str(photos.MOST)))
    if problems:
        raise WrongError(400, *problems)
    contents = [read(one) for one in files]
    names = [form_key(given, contents, key, moment) for moment in (now, now - AGAIN)]
    if before := reported(names, now):
        return before
    mine = secrets.token_hex(32) if contents else ""
    keep(contents, mine, folder, now)
    district, dong = part_of_city(address)
    one = Filing(
        type=kind.code,
        form_key=names[0],
        body=body,
        answers=answers,
        name=one_line(f"{given.get('last_name', '')}{given.get('first_name', '')}")[:LONGEST_NAME],
        phone=phones.stored(given.get("phone", "")),
        email=email_of(given),
        language=current(),
        channel=Channel.OPEN311,
        district=district,
        dong=dong,
        place=address or number,
        latitude=latitude,
        longitude=longitude,
        draft_hash=mine,
    )
    with writing():  # the same one at the same moment waits here
        if is_postgres():
            rows(LOCK, (f"report {key.id}",))
        made = reported(names, now) or file(one, By("applicant", key.name), now)
    drop(mine, folder)
    return made


def reported(names: Sequence[str], now: datetime) -> Complaint | None:
    """What was filed under one of these names a moment ago."""
    known = (filed(name) for name in names)
    return next((one for one in known if one and now - one.received_at <= AGAIN), None)


def service(given: Given) -> Type:
    code = given.get("service_code", "")
    if not code:
        raise WrongError(400, _("service_code가 필요합니다."))
    if code not in offered():
        raise WrongError(404, _("이 service_code의 서비스가 없습니다."))
    return offered()[code]


def coordinates(given: Given, problems: list[str]) -> tuple[int | None, int | None]:
    """Millionths of a degree, both or none."""
    texts = [given.get(name, "").strip() for name in ("lat", "long")]
    if not any(texts):
        return None, None
    try:
        found = [float(text) for text in texts]
    except ValueError:
        problems.append(_("lat와 long은 함께, 도 단위의 수로 적어 주십시오."))
        return None, None
    if not all(low <= one <= high for one, (low, high) in zip(found, CITY, strict=True)):
        problems.append(_("서울 밖의 위치입니다. 그곳의 수도사업소에 알려 주십시오."))
        return None, None
    return round(found[0] * MILLION), round(found[1] * MILLION)


def answered(kind: Type, given: Given, problems: list[str]) -> dict[str, str]:
    """The answers to the kind's own questions; codes that it does not ask for are left out."""
    found = {}
    for question in kind.questions:
        name = f"attribute[{question.code}]"
        value = one_line(given.get(name) or given.get(f"{name}[]", ""))[:500]
        if question.kind == "date":
            value = value[:10]
        if question.wrong(value):
            problems.append(what_is_wrong(question, name, value))
        elif value:
            found[question.code] = value
    return found


def what_is_wrong(question: Question, name: str, value: str) -> str:
    label = kinds.said(question.label)
    if not value:
        return _("%(name)s가 필요합니다: %(label)s", name=name, label=label)
    return _("%(name)s의 값을 쓸 수 없습니다: %(label)s", name=name, label=label)


def text_of(given: Given, problems: list[str]) -> str:
    """What was written, and the address of a picture, which is never opened here."""
    body = given.get("description", "").replace("\0", "").replace("\r\n", "\n").strip()
    if len(body) > LONGEST:
        problems.append(_("description은 4,000자까지입니다."))
    url = one_line(given.get("media_url", ""))
    if url.startswith(("http://", "https://")) and len(url) <= LONGEST_URL:
        body = f"{body}\n{url}".strip()
    return body


def email_of(given: Given) -> str:
    found = one_line(given.get("email", ""))
    return found if ADDRESS.fullmatch(found) and len(found) <= LONGEST_EMAIL else ""


def one_line(text: str) -> str:
    return " ".join("".join(one if one.isprintable() else " " for one in text).split())


def part_of_city(address: str) -> tuple[str, str]:
    """The district and the dong that an address names; empty for none."""
    words = addresses.plain(address)
    for district in addresses.districts().values():
        if district.name in words:
            dongs = (name for name in district.names if name.endswith("동") and name in words)
            return district.name, max(dongs, key=len, default="")
    return "", ""


def read(one: FileStorage) -> bytes:
    try:
        return photos.read(one.stream)
    except RefusedError as error:
        raise WrongError(400, str(error.why)) from error


def form_key(
    given: Mapping[str, str], contents: Sequence[bytes], key: ReportKey, moment: datetime
) -> str:
    """The name of a report within a minute: who sent it, and all that it says."""
    said = hashlib.sha256(f"{key.id} {int(moment.timestamp() // 60)}".encode())
    for name in sorted(given):
        if name != "api_key":
            said.update(repr((name, given[name])).encode())
    for content in contents:
        said.update(hashlib.sha256(content).digest())
    return said.hexdigest()


def drop(mine: str, folder: Path) -> None:
    """Remove the photos of a sending that became no report."""
    for photo in album.of_draft(mine) if mine else ():
        album.drop(photo.name, mine, folder)


def keep(contents: Sequence[bytes], mine: str, folder: Path, now: datetime) -> None:
    """Keep the photos of this sending, each once; all of them or none. Raises WrongError."""
    try:
        for content in contents:
            album.add(content, folder, now, Whose(mine))
    except RefusedError as error:
        drop(mine, folder)
        raise WrongError(503 if error.why is photos.BUSY else 400, str(error.why)) from error
