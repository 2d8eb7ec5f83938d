"""An outage in words: what it is called, where it stands, when, where, and what to do."""

from datetime import datetime
from typing import NamedTuple

from app import addresses, words
from app.language import _, current
from app.outages.area import Area
from app.outages.record import DRY, Kind, Outage, Phase, State


class Badge(NamedTuple):
    """A word with a shape, so that no colour is needed to tell."""

    word: str
    css: str
    shape: str


def kind_name(kind: Kind) -> str:
    names = {
        Kind.PLANNED: _("계획 단수"),
        Kind.EMERGENCY: _("긴급 단수"),
        Kind.TURBID: _("흐린 물 우려"),
        Kind.LOW_PRESSURE: _("수압 낮아짐"),
        Kind.QUALITY: _("수질 기준 넘음"),
        Kind.WORKS: _("공사 안내"),
    }
    return names[kind]


def state_name(state: State) -> str:
    names = {
        State.DRAFT: _("쓰는 중"),
        State.ANNOUNCED: _("알림"),
        State.IN_PROGRESS: _("진행 중"),
        State.EXTENDED: _("길어짐"),
        State.RESTORED: _("다시 나옴"),
        State.CLOSED: _("마침"),
        State.CANCELLED: _("취소"),
    }
    return names[state]


def badge(one: Outage, now: datetime) -> Badge:
    """Where it stands, in a word or two."""
    phase = one.phase(now)
    if one.state is State.CANCELLED:
        return Badge(_("취소했습니다"), "paid", "✓")
    if one.state in (State.RESTORED, State.CLOSED):
        return Badge(_("끝났습니다"), "paid", "✓")
    if phase is Phase.PAST:
        return Badge(_("끝난 것으로 봅니다"), "paid", "✓")
    if phase is Phase.PLANNED:
        return Badge(_("예정"), "open", "○")
    if one.kind in DRY:
        return Badge(_("지금 물이 안 나옵니다"), "late", "●")
    return Badge(_("지금 살펴야 합니다"), "late", "▲")


def moment(value: datetime) -> str:
    """`11월 30일(월) 23:00`."""
    return f"{words.day_in_sentence(words.local_day(value))} {words.clock_time(value)}"


def when(one: Outage) -> str:
    """`11월 30일(월) 23:00부터 12월 1일(화) 05:00까지`; the end only when there is one."""
    first, last = one.begins_at, one.ends_at
    if words.local_day(first) == words.local_day(last):
        end = words.clock_time(last)
    else:
        end = moment(last)
    return _("%(first)s부터 %(last)s까지", first=moment(first), last=end)


def district_name(name: str) -> str:
    known = addresses.districts().get(name)
    return known.name_en if known and current() == "en" else name


def where(area: Area) -> list[str]:
    """The area as lines that can be read out."""
    if area.city:
        found = [_("서울 전체")]
    else:
        found = [_("%(district)s 전체", district=district_name(one)) for one in area.districts]
        for district in area.named():
            dongs = [one.dong for one in area.dongs if one.district == district]
            if dongs:
                found.append(f"{district_name(district)} {', '.join(dongs)}")
    found += [road(area, at) for at in range(len(area.roads))]
    found += [
        _(
            "%(district)s %(dong)s 일부(급수 블록 %(block)s)",
            district=district_name(one.district),
            dong=one.dong,
            block=one.block,
        )
        for one in area.blocks
    ]
    return [*found, area.note] if area.note else found


def road(area: Area, at: int) -> str:
    one = area.roads[at]
    place = f"{district_name(one.district)} {one.dong} {one.road}"
    if one.first == one.last:
        return _("%(place)s %(first)s번", place=place, first=one.first)
    names = {
        None: _("%(place)s %(first)s~%(last)s번", place=place, first=one.first, last=one.last),
        1: _("%(place)s %(first)s~%(last)s번 홀수 쪽", place=place, first=one.first, last=one.last),
        0: _("%(place)s %(first)s~%(last)s번 짝수 쪽", place=place, first=one.first, last=one.last),
    }
    return names[one.side]


def short_where(area: Area) -> str:
    """The area in a few words, for lists and messages: the districts with some of their dongs."""
    if area.city:
        return _("서울 전체")
    found = []
    for district in area.named():
        dongs = area.parts_of(district)
        if district in area.districts or not dongs:
            found.append(district_name(district))
        elif len(dongs) <= 2:
            found.append(f"{district_name(district)} {', '.join(dongs)}")
        else:
            more = len(dongs) - 1
            found.append(
                _("%(place)s 밖 %(more)s개 동", place=f"{district_name(district)} {dongs[0]}",
                  more=more)
            )  # fmt: skip
    return ", ".join(found)


def title(one: Outage) -> str:
    return one.title_en if current() == "en" and one.title_en else one.title


def cause(one: Outage) -> str:
    return one.cause_en if current() == "en" and one.cause_en else one.cause


def advice(kind: Kind, phase: Phase) -> list[str]:
    """What to do before, during and after, one step each."""
    if phase is Phase.PAST:
        return [
            _("찬물을 먼저 틀어 맑아질 때까지 흘려보내십시오."),
            _("수도꼭지의 거름망을 씻고 정수기와 세탁기를 쓰십시오."),
            _("오래 흐리면 120 다산콜(24시간)에 알려 주십시오."),
        ]
    if kind in (Kind.TURBID, Kind.QUALITY):
        return [
            _("물이 맑아질 때까지 마시거나 요리하지 마십시오."),
            _("세탁기와 식기세척기를 쓰지 마십시오."),
            _("저수조가 있는 건물은 들어오는 밸브를 잠그십시오."),
        ]
    if kind is Kind.LOW_PRESSURE:
        return [_("물이 약하게 나옵니다. 높은 층은 물을 미리 받아 두십시오.")]
    if kind is Kind.WORKS:
        return [_("물은 나옵니다. 공사하는 길을 지날 때 살펴 주십시오.")]
    if phase is Phase.PLANNED:
        return [
            _("마실 물을 깨끗한 병에, 쓸 물을 큰 통에 받아 두십시오."),
            _("저수조가 있는 건물은 시작하기 전에 들어오는 밸브를 잠그십시오."),
            _("세탁기와 식기세척기의 예약, 보일러를 끄십시오."),
        ]
    return [
        _("수도꼭지를 모두 잠그십시오. 물이 갑자기 나올 수 있습니다."),
        _("정수기, 세탁기, 보일러를 끄십시오."),
        _("마실 물은 물 받는 곳에서 받으십시오."),
    ]
