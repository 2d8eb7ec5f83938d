"""The privacy notice's tables, made from the register: what is stored, why, for how long (S-48)."""

from typing import Any

from app.language import later
from app.privacy.register import Basis, Block, blocks

BASES = {
    Basis.CONSENT: later("동의 (개인정보 보호법 제15조 제1항 제1호)"),
    Basis.LAW: later("법에 따른 의무 (개인정보 보호법 제15조 제1항 제2호)"),
    Basis.DUTY: later("수도법과 수도 조례에 따른 업무 (개인정보 보호법 제15조 제1항 제3호)"),
    Basis.CONTRACT: later("신청하신 서비스 제공 (개인정보 보호법 제15조 제1항 제4호)"),
    Basis.SAFETY: later("안전하게 지킬 의무 (개인정보 보호법 제29조)"),
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
    """Whether a table says something about people."""
    return block.basis is not Basis.NONE and bool(block.personal)


def entry(block: Block) -> dict[str, Any]:
    """A block in the language of the request."""
    return {
        "title": block.said(block.title),
        "items": [block.said(words) for words in block.personal.values()],
        "purpose": block.said(block.purpose),
        "basis": str(BASES[block.basis]),
        "periods": [keep.said for keep in block.keep],
        "seen_by": ", ".join(str(SEEN_BY[who]) for who in block.seen_by),
        "sealed": bool(block.sealed),
        "hashed": bool(set(block.hashed) & set(block.personal)),
    }


def sections() -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """What needs consent, and what does not, which the law wants to be told apart (PIPA 22)."""
    personal = [block for block in blocks().values() if is_personal(block)]
    agreed = [entry(block) for block in personal if block.basis is Basis.CONSENT]
    other = [entry(block) for block in personal if block.basis is not Basis.CONSENT]
    return agreed, other
