"""Topics about the person's homes: what each shows, under which names."""

from app.language import later
from app.mydata import supply
from app.mydata.values import Table, Topic

HOME = later("집")
KIND = later("종류")
WAY = later("방법")
AT = later("때")
ADDRESS = later("주소")
NAME = later("이름")
NUMBER = later("고객번호")
FIRST, LAST = later("첫날"), later("마지막 날")

HOMES = Topic(
    "homes",
    later("내 집"),
    later("연결한 집, 사업소에 등록된 사용자와 소유자, 함께 보는 사람"),
    (
        Table(
            "homes",
            later("연결한 집"),
            {
                "home": HOME,
                "number": NUMBER,
                "address": ADDRESS,
                "role": later("맡은 일"),
                "side": later("어느 쪽"),
                "first_on": FIRST,
                "last_on": LAST,
                "proof": WAY,
            },
            supply.homes,
        ),
        Table(
            "premises",
            later("집에 대해 사업소가 아는 것"),
            {
                "home": HOME,
                "number": NUMBER,
                "lot_address": later("지번 주소"),
                "households": later("세대 수"),
                "meter_place": later("계량기가 있는 곳"),
            },
            supply.premises,
        ),
        Table(
            "on_file",
            later("사업소에 등록된 사용자와 소유자"),
            {
                "home": HOME,
                "side": later("어느 쪽"),
                "name": NAME,
                "billing_address": later("청구지"),
                "email": later("등록한 이메일"),
                "phone": later("등록한 전화번호"),
                "started_on": later("들어온 날"),
                "ended_on": later("나간 날"),
            },
            supply.on_file,
        ),
        Table(
            "people",
            later("함께 보는 사람"),
            {"home": HOME, "name": NAME, "role": later("맡은 일"), "linked_at": AT},
            supply.people,
        ),
    ),
    (
        ("/homes/", later("집 보기와 바꾸기")),
        ("/profile/data/requests/new", later("등록된 내용을 고쳐 달라고 하기")),
    ),
)
HOME_RECORD = Topic(
    "home_record",
    later("집을 연결한 기록"),
    later("언제 누구를 통해 연결하고 끊었는지. 연결할 때마다 명의자와 등록된 연락처에 알립니다."),
    (
        Table(
            "home_record",
            later("집을 연결한 기록"),
            {
                "at": AT,
                "number": NUMBER,
                "what": later("한 일"),
                "by": later("누가"),
                "proof": WAY,
            },
            supply.home_record,
        ),
    ),
)
BILLS = Topic(
    "bills",
    later("고지서와 검침"),
    later("살던 기간의 요금, 납부, 검침, 감면"),
    (
        Table(
            "bills",
            later("고지서"),
            {
                "home": HOME,
                "number": NUMBER,
                "month": later("달"),
                "revision": later("고친 횟수"),
                "from_on": later("시작"),
                "to_on": later("끝"),
                "usage_m3": later("사용량(㎥)"),
                "water": later("상수도(원)"),
                "sewer": later("하수도(원)"),
                "levy": later("물이용부담금(원)"),
                "discount": later("감면(원)"),
                "late_fee": later("연체금(원)"),
                "total": later("금액(원)"),
                "arrears": later("밀린 금액(원)"),
                "due_on": later("납부 기한"),
                "issued_on": later("나온 날"),
                "paid_at": later("낸 때"),
                "standing": later("납부"),
            },
            supply.bills,
            ("month", "home", "total", "standing"),
        ),
        Table(
            "readings",
            later("검침"),
            {
                "home": HOME,
                "read_on": later("날"),
                "reading_m3": later("지침(㎥)"),
                "kind": KIND,
            },
            supply.readings,
            ("read_on", "home", "reading_m3", "kind"),
        ),
        Table(
            "reductions",
            later("감면"),
            {"home": HOME, "reduction": KIND, "started_on": FIRST, "ended_on": LAST},
            supply.reductions,
        ),
    ),
    (("/bills/", later("요금조회")),),
)
USES = Topic(
    "uses",
    later("하루 사용량"),
    later("원격 계량기가 잰 하루 사용량과 밤 사용량"),
    (
        Table(
            "uses",
            later("하루 사용량"),
            {
                "home": HOME,
                "day": later("날"),
                "litres": later("사용량(L)"),
                "night": later("밤 최소(L/시간)"),
            },
            supply.uses,
            ("day", "home", "litres", "night"),
        ),
    ),
)
DOCUMENTS = Topic(
    "documents",
    later("발급한 문서"),
    later("만든 고지서와 확인서"),
    (
        Table(
            "documents",
            later("발급한 문서"),
            {
                "kind": KIND,
                "number": later("문서 번호"),
                "issued_at": later("발급한 때"),
                "content": later("내용"),
            },
            supply.documents,
            ("kind", "number", "issued_at"),
        ),
    ),
    (("/documents/", later("문서 보기")),),
)
