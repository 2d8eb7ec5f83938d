"""Texts of outages' files."""

import yaml

FIELDS = {
    "title": "예시동 배수관 교체로 물이 끊깁니다",
    "kind": "planned",
    "state": "announced",
    "from": "2026-11-30T23:00:00+09:00",
    "to": "2026-12-01T05:00:00+09:00",
    "area": {"dongs": ["강남구 역삼동"]},
    "cause": "낡은 배수관을 바꿉니다.",
    "office": "100",
    "updates": [("2026-11-23T10:00:00+09:00", "announced", "관을 바꾸느라 물이 끊깁니다.")],
}
TIMES = ("from", "to", "actual_from", "actual_to")


def text(**fields):
    """A file with these fields; `None` leaves one out, `start` is `from`."""
    if "start" in fields:
        fields["from"] = fields.pop("start")
    found = {**FIELDS, **fields}
    lines = []
    for name, value in found.items():
        if value is None:
            continue
        if name == "updates" and isinstance(value, list):
            rows = [
                f'  - {{at: {at}, state: {state}, text: "{said}"}}' for at, state, said in value
            ]
            lines += ["updates:", *rows]
        elif name in TIMES:
            lines.append(f"{name}: {value}")
        else:
            dumped = yaml.safe_dump({name: value}, allow_unicode=True, width=500)
            lines.append(dumped.rstrip())
    return "\n".join(["---", *lines, "---", ""])
