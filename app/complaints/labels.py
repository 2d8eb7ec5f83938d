"""The words for states, outcomes, and what can happen to a complaint."""

from app.complaints.models import Channel, Outcome, State, What
from app.language import later

STATES = {
    State.RECEIVED: later("접수"),
    State.ASSIGNED: later("담당자 지정"),
    State.WORKING: later("처리중"),
    State.WAITING: later("보완요구"),
    State.DONE: later("처리완료"),
    State.TRANSFERRED: later("이송"),
    State.WITHDRAWN: later("취하"),
    State.RETURNED: later("반려"),
    State.MERGED: later("병합"),
}
OUTCOMES = {
    Outcome.SOLVED: later("해결했습니다"),
    Outcome.ANSWERED: later("답변했습니다"),
    Outcome.REFUSED: later("받아들이지 못했습니다"),
    Outcome.NOT_OURS: later("다른 기관의 일입니다"),
}
CHANNELS = {
    Channel.WEB: later("누리집"),
    Channel.PHONE: later("전화"),
    Channel.COUNTER: later("창구"),
    Channel.KIOSK: later("무인 단말"),
    Channel.OPEN311: later("다른 앱"),
}
HAPPENED = {
    What.RECEIVED: later("접수했습니다"),
    What.ASSIGNED: later("담당자가 정해졌습니다"),
    What.MOVED: later("맡은 사업소가 바뀌었습니다"),
    What.STARTED: later("처리를 시작했습니다"),
    What.ASKED: later("더 필요한 것이 있습니다"),
    What.GIVEN: later("보완하신 것을 받았습니다"),
    What.EXTENDED: later("처리 기한을 늘렸습니다"),
    What.SAID: later("메시지가 있습니다"),
    What.NOTE: later("내부 메모"),
    What.PHOTO: later("사진을 더했습니다"),
    What.CLOSED: later("처리를 마쳤습니다"),
    What.TRANSFERRED: later("다른 기관으로 보냈습니다"),
    What.RETURNED: later("필요한 것을 받지 못해 끝냈습니다"),
    What.REOPENED: later("다시 접수했습니다"),
    What.WITHDRAWN: later("취하하셨습니다"),
    What.MERGED: later("먼저 접수된 같은 민원과 함께 처리합니다"),
    What.SPLIT: later("민원을 둘로 나누었습니다"),
    What.REDACTED: later("적힌 글이나 사진의 일부를 지웠습니다"),
    What.RELEASED: later("공개를 정했습니다"),
    What.RATED: later("만족도를 주셨습니다"),
    What.OBJECTED: later("답변에 이의를 제기하셨습니다"),
}
"""What people read on a complaint's time line."""
