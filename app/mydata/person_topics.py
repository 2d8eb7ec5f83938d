"""Topics about the person: what each shows, under which names."""

from app.language import later
from app.mydata import looks, person
from app.mydata.values import Table, Topic

ASKED = later("요청한 때")
ANSWERED = later("답한 때")
ANSWER = later("답")
DECISION = later("결과")
KIND = later("종류")
WAY = later("방법")
AT = later("때")
ADDRESS = later("주소")
NAME = later("이름")
NUMBER = later("고객번호")

ACCOUNT = Topic(
    "account",
    later("계정"),
    later("이름, 연락처, 가입한 때"),
    (
        Table(
            "account",
            later("계정"),
            {
                "name": NAME,
                "email": later("이메일"),
                "phone": later("전화번호"),
                "phone_verified_at": later("전화번호를 확인한 때"),
                "address": ADDRESS,
                "language": later("메일을 받을 언어"),
                "created_at": later("가입한 때"),
            },
            person.account,
        ),
    ),
    (
        ("/profile/person", later("이름과 전화번호 바꾸기")),
        ("/profile/address", later("주소 바꾸기")),
        ("/profile/email", later("이메일 바꾸기")),
    ),
)
SIGN_IN = Topic(
    "sign_in",
    later("로그인한 곳"),
    later("로그인된 곳, 로그인한 적이 있는 브라우저, 패스키"),
    (
        Table(
            "sessions",
            later("로그인된 곳"),
            {
                "browser": later("브라우저"),
                "created_at": later("로그인한 때"),
                "seen_at": later("마지막으로 쓴 때"),
            },
            person.sessions,
        ),
        Table(
            "browsers",
            later("로그인한 적이 있는 브라우저"),
            {
                "created_at": later("처음 로그인한 때"),
                "seen_at": later("마지막으로 로그인한 때"),
            },
            person.browsers,
        ),
        Table(
            "passkeys",
            later("패스키"),
            {
                "name": NAME,
                "created_at": later("등록한 때"),
                "used_at": later("마지막으로 쓴 때"),
            },
            person.passkeys,
        ),
    ),
    (
        ("/profile/sessions", later("로그인된 곳 끝내기")),
        ("/passkeys/", later("패스키 바꾸기")),
        ("/profile/password", later("비밀번호 바꾸기")),
    ),
)
CONSENTS = Topic(
    "consents",
    later("동의"),
    later("무엇에 언제 어떻게 동의했는지, 언제 거두었는지"),
    (
        Table(
            "consents",
            later("동의한 기록"),
            {
                "consent": later("항목"),
                "decision": DECISION,
                "version": later("글의 판"),
                "decided_at": AT,
                "channel": WAY,
            },
            person.agreed,
        ),
    ),
    (("/profile/consents", later("동의한 내용 보기와 거두기")),),
)
MESSAGES = Topic(
    "messages",
    later("받은 알림"),
    later("보낸 메일, 문자, 기기 알림, 편지. 내용은 90일 뒤에 지웁니다."),
    (
        Table(
            "messages",
            later("받은 알림"),
            {
                "created_at": AT,
                "about": KIND,
                "channel": WAY,
                "to": later("받는 곳"),
                "finished_at": later("보낸 때"),
                "state": DECISION,
                "said": later("내용"),
            },
            person.messages,
            ("created_at", "about", "channel", "state"),
        ),
    ),
)
NOTICES = Topic(
    "notices",
    later("받기로 한 알림"),
    later("어떤 알림을 어떻게 받기로 했는지"),
    (
        Table(
            "notices",
            later("받기로 한 알림"),
            {"topic": KIND, "channel": WAY, "chosen_at": later("고른 때")},
            person.notices,
        ),
        Table(
            "browsers_notified",
            later("알림을 받는 브라우저"),
            {
                "browser": later("브라우저"),
                "created_at": later("켠 때"),
                "address": later("알림을 보낼 주소와 열쇠"),
            },
            person.notified,
            ("browser", "created_at"),
        ),
        Table(
            "outage_alerts",
            later("단수 알림을 받는 곳"),
            {
                "place": later("곳"),
                "channel": WAY,
                "created_at": later("신청한 때"),
                "confirmed_at": later("확인한 때"),
            },
            person.outage_alerts,
        ),
    ),
    (
        ("/reminders/", later("알림 바꾸기")),
        ("/outages/alerts/mine", later("단수 알림 바꾸기")),
    ),
)
REQUESTS = Topic(
    "asked",
    later("신청과 요청"),
    later("집을 연결해 달라는 신청, 개인정보에 관한 요청"),
    (
        Table(
            "home_requests",
            later("집을 연결해 달라는 신청"),
            {
                "reference": later("접수 번호"),
                "asked_at": later("신청한 때"),
                "number": NUMBER,
                "address": ADDRESS,
                "role": later("맡은 일"),
                "reason": later("까닭"),
                "decision": DECISION,
                "decided_at": ANSWERED,
                "answer": ANSWER,
            },
            person.home_requests,
        ),
        Table(
            "rights_requests",
            later("개인정보에 관한 요청"),
            {
                "reference": later("접수 번호"),
                "kind": KIND,
                "about": later("요청한 내용"),
                "asked_at": ASKED,
                "due_on": later("답할 기한"),
                "decision": DECISION,
                "decided_at": ANSWERED,
                "answer": ANSWER,
            },
            person.rights_requests,
        ),
    ),
    (("/profile/data/requests", later("요청 보기와 새로 하기")),),
)
LOOKS = Topic(
    "looks",
    later("누가 내 정보를 보았나"),
    later("직원이 내 정보를 본 때, 사업소와 역할, 까닭"),
    (
        Table(
            "looks",
            later("누가 내 정보를 보았나"),
            {
                "at": AT,
                "office": later("사업소"),
                "role": later("역할"),
                "action": later("한 일"),
                "reason": later("까닭"),
            },
            looks.table,
        ),
    ),
    (("/profile/data/requests/new?kind=object", later("까닭을 묻거나 이의 제기하기")),),
)
