"""What an action of the log is called."""

from app.language import later

ACTIONS = {
    "account.closed": later("계정을 없앰"),
    "alarm.looks": later("눈에 띄는 열람 경보"),
    "approval.approved": later("승인함"),
    "approval.proposed": later("승인을 신청함"),
    "approval.refused": later("승인을 거절함"),
    "approval.withdrawn": later("승인 신청을 거둠"),
    "audit.erased": later("오래된 기록을 지움"),
    "audit.exported": later("기록을 내려받음"),
    "audit.seen": later("기록을 봄"),
    "customer.searched": later("고객을 찾음"),
    "customer.seen": later("고객 정보를 봄"),
    "customer.unmasked": later("가린 정보를 펼쳐 봄"),
    "data.answered": later("개인정보 요청에 답함"),
    "data.request_seen": later("개인정보 요청을 봄"),
    "demo.loaded": later("데모를 만듦"),
    "home.granted": later("집 연결을 승인함"),
    "home.refused": later("집 연결을 거절함"),
    "home.request_seen": later("집 연결 신청을 봄"),
    "incident.closed": later("유출 사고를 마침"),
    "incident.confirmed": later("유출을 확인함"),
    "incident.listed": later("유출 사고의 대상을 뽑음"),
    "incident.notified": later("유출을 알림"),
    "incident.opened": later("유출 사고를 등록함"),
    "incident.reported": later("유출을 신고함"),
    "messages.resent": later("메시지를 다시 보냄"),
    "rates.activated": later("요금표를 적용함"),
    "staff.app_added": later("인증 앱을 등록함"),
    "staff.joined": later("직원 계정을 시작함"),
    "staff.passkey_added": later("패스키를 등록함"),
    "staff.passkey_removed": later("패스키를 지움"),
    "staff.password_changed": later("비밀번호를 바꿈"),
    "staff.refused": later("로그인을 거절함"),
    "staff.signed_in": later("로그인함"),
    "team.disabled": later("직원 계정을 닫음"),
    "team.first_admin": later("첫 관리자를 초대함"),
    "team.invited": later("직원을 초대함"),
    "team.recovered": later("2차 인증을 다시 엶"),
    "team.refused": later("직원 관리 거절"),
    "team.role_ended": later("역할을 거둠"),
}


def action(code: str) -> str:
    """An action in the reader's language; a code that is not known, as it is."""
    return str(ACTIONS.get(code, code))
