"""The privacy notice's tables, made from the register: what is stored, why, for how long (S-48)."""

from typing import Any

from app.language import later
from app.privacy.register import Basis, Block, blocks

BASES = {
    Basis.CONSENT: later("동의를 받아 다루는 정보"),
    Basis.DUTY: later("수도를 공급하고 요금을 받는 데 필요한 정보"),
    Basis.CONTRACT: later("신청하신 서비스에 필요한 정보"),
    Basis.SAFETY: later("정보를 안전하게 지키는 데 필요한 정보"),
    Basis.LAW: later("법이 기록하라고 정한 정보"),
}
LAWS = {
    Basis.CONSENT: later("개인정보 보호법 제15조 제1항 제1호"),
    Basis.DUTY: later("개인정보 보호법 제15조 제1항 제3호, 수도법, 서울특별시 수도 조례"),
    Basis.CONTRACT: later("개인정보 보호법 제15조 제1항 제4호"),
    Basis.SAFETY: later("개인정보 보호법 제29조"),
    Basis.LAW: later("개인정보 보호법 제15조 제1항 제2호"),
}
SEEN_BY = {
    "self": later("본인"),
    "home": later("같은 집을 연결한 사람"),
    "office": later("맡은 담당자"),
    "operator": later("전산 운영자"),
    "public": later("문서를 받아 확인하는 사람"),
    "nobody": later("아무도 보지 않음"),
}


def is_personal(block: Block) -> bool:
    """Whether a table says something about residents."""
    return block.basis is not Basis.NONE and bool(block.personal) and not block.staff


def entry(block: Block) -> dict[str, Any]:
    """A block in the language of the request."""
    return {
        "title": block.said(block.title),
        "items": [block.said(words) for words in block.personal.values()],
        "purpose": block.said(block.purpose),
        "periods": [keep.said for keep in block.keep],
        "seen_by": ", ".join(str(SEEN_BY[who]) for who in block.seen_by),
        "sealed": bool(block.sealed),
        "hashed": bool(set(block.hashed) & set(block.personal)),
    }


def sections() -> list[dict[str, Any]]:
    """What is stored, by basis: with consent first, as the law wants it told apart (PIPA 22)."""
    personal = [block for block in blocks().values() if is_personal(block)]
    return [
        {
            "id": basis.value,
            "title": str(title),
            "law": str(LAWS[basis]),
            "agreed": basis is Basis.CONSENT,
            "entries": [entry(block) for block in personal if block.basis is basis],
        }
        for basis, title in BASES.items()
    ]
