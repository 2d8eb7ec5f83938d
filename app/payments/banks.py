"""Banks by the codes that the gateway uses."""

from app.language import _, later

NAMES = {
    "02": later("산업은행"),
    "03": later("기업은행"),
    "06": later("국민은행"),
    "07": later("수협은행"),
    "11": later("농협은행"),
    "20": later("우리은행"),
    "23": later("SC제일은행"),
    "27": later("씨티은행"),
    "31": later("대구은행"),
    "32": later("부산은행"),
    "34": later("광주은행"),
    "39": later("경남은행"),
    "45": later("새마을금고"),
    "48": later("신협"),
    "71": later("우체국"),
    "81": later("하나은행"),
    "88": later("신한은행"),
    "89": later("케이뱅크"),
    "90": later("카카오뱅크"),
    "92": later("토스뱅크"),
}
"""Where a refund can be sent to."""


def bank_name(code: str) -> str:
    return str(NAMES[code]) if code in NAMES else _("%(code)s번 은행", code=code)
