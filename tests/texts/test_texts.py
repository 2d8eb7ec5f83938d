"""The texts themselves: every kind that goes by text message or push has short ones."""

import re

import pytest

from app.messages import kinds
from app.messages.kinds import CODE_LIFETIME
from app.messages.models import Channel
from app.messages.render import environment
from app.messages.samples import FOLDER, sample
from app.push.channel import payload
from app.texts.length import SMS_BYTES, Type
from app.texts.render import AD, rendered

BASE = "http://127.0.0.1:8000"
LANGUAGES = ("ko", "en")
REFUSAL = "0808880000"
CHANNELS = (Channel.SMS, Channel.PUSH)
AMOUNT = re.compile(r"\d,\d{3}")


def going_by(channel):
    return [kind for kind in kinds.known().values() if channel in kind.channels]


@pytest.fixture
def texts(app, monkeypatch):
    """texts(kind) are its text messages with sample values, by language."""
    monkeypatch.setitem(app.config, "SMS_REFUSAL", REFUSAL)

    def render(kind):
        values = sample(kind, BASE)
        return {language: rendered(app, kind, language, values) for language in LANGUAGES}

    return render


def test_these_kinds_go_by_text_message(app):
    names = {kind.name for kind in going_by(Channel.SMS)}

    assert {"bill_ready", "bill_due", "bill_part", "bill_corrected", "news"} <= names
    assert {"phone_code", "new_device", "password_changed"} <= names


def test_every_kind_has_a_text_that_can_be_sent(texts):
    for kind in going_by(Channel.SMS):
        for language, found in texts(kind).items():
            assert found.problems == [], (kind.name, language)
            assert found.rare == "", (kind.name, language)
            assert found.type in Type, (kind.name, language)


@pytest.mark.parametrize(
    "name", ["bill_ready", "bill_due", "bill_part", "new_device", "password_changed", "phone_code"]
)
def test_the_usual_texts_are_short_ones(texts, name):
    found = texts(kinds.find(name))["ko"]

    assert found.bytes <= SMS_BYTES, found


def test_a_code_begins_with_the_service_says_to_keep_it_and_leads_nowhere(texts):
    codes = [kind for kind in going_by(Channel.SMS) if kind.lifetime <= CODE_LIFETIME]
    assert [kind.name for kind in codes] == ["phone_code"]
    for kind in codes:
        korean, english = (texts(kind)[language].text for language in LANGUAGES)
        assert korean.startswith("[아리수 사이버고객센터] 휴대전화 확인번호 012345")
        assert "알려 주지 마십시오" in korean
        assert english.startswith("[Arisu customer centre]")
        assert "nobody" in english
        for text in (korean, english):
            assert not re.search(r"https?:|www\.|/", text)
            assert len(text.encode("cp949")) <= SMS_BYTES


def test_no_text_holds_a_name_an_address_or_a_secret_link(texts):
    for kind in going_by(Channel.SMS):
        values = sample(kind, BASE)
        for found in texts(kind).values():
            stops = () if kind.topic == "outages" else ("unsubscribe",)  # opens and tells nothing
            for name in ("name", "home", "address", "agent", "recovery", *stops):
                if value := str(values.get(name, "")):
                    assert value not in found.text, (kind.name, name)
            assert not re.search(r"\d{3}-\d{3}-\d{3}|token|/recovery/|/login", found.text)
            assert set(re.findall(r"https?://[^/\s]+", found.text)) <= {BASE}


def test_notifications_hold_neither_names_nor_amounts(app):
    for kind in going_by(Channel.PUSH):
        values = sample(kind, BASE)
        for language in LANGUAGES:
            said = payload(app, kind, language, values, "tag").decode()
            for name in ("name", "home", "number", "total", "amount", "due"):
                if value := str(values.get(name, "")):
                    assert value not in said, (kind.name, name)
            assert not AMOUNT.search(said)
            assert len(said) < 500


def sources(channel=""):
    """Templates of a channel by name, and whether their kind is advertising."""
    for path in sorted(FOLDER.glob("*.txt")):
        name = path.name.rsplit(".", 2)[0].removesuffix(".sms").removesuffix(".push")
        if kind := kinds.find(name):
            yield path, kind


def test_the_mark_stands_where_the_law_wants_it_and_nowhere_else(app):
    found = list(sources())
    assert len(found) > 60
    for path, kind in found:
        text = path.read_text("utf-8")
        assert text.startswith(AD) == kind.advertising, path.name
        assert text.count(AD) == kind.advertising, path.name


def test_advertising_by_text_says_who_sends_it_and_ends_with_the_free_number(texts):
    for found in texts(kinds.find("news")).values():
        assert found.text.endswith(REFUSAL)
        assert "120" in found.text


def test_short_texts_are_in_both_languages_and_english_ones_are_english(app):
    for channel in CHANNELS:
        for kind in going_by(channel):
            for language in LANGUAGES:
                assert environment(app).get_template(
                    f"messages/{kind.name}.{channel}.{language}.txt"
                )
    for path in FOLDER.glob("*.en.txt"):
        assert not re.search("[가-힣]", path.read_text("utf-8").removeprefix(AD)), path.name


def run(runner, *arguments):
    return runner.invoke(args=["messages", "preview", *arguments])


def test_a_preview_says_type_and_bytes(runner):
    answer = run(runner, "phone_code", "--channel", "sms")

    assert answer.exit_code == 0
    text, count = answer.stdout.split("\n\n")
    assert count == f"SMS, {len(text.encode('cp949'))} bytes\n"


def test_a_preview_refuses_an_emoji_and_flags_a_rare_syllable(runner, text_kind, monkeypatch):
    monkeypatch.setattr("app.texts.render.sample", lambda kind, base: {"name": "뷁"})
    text_kind("odd", sms="{{ name }} 🐟")
    text_kind("rare", sms="{{ name }}")

    odd, rare = run(runner, "odd", "--channel", "sms"), run(runner, "rare", "--channel", "sms")

    assert (odd.exit_code, "🐟" in odd.stderr) == (1, True)
    assert (rare.exit_code, "may refuse: 뷁" in rare.stdout) == (0, True)


def test_a_preview_of_a_notification_shows_its_page(runner):
    answer = run(runner, "bill_ready", "--channel", "push", "--lang", "en")

    assert answer.stdout.startswith("A new bill is out\n")
    assert "/bills/abc/2026-11\n" in answer.stdout


@pytest.mark.parametrize("channel", ["sms", "push", "letter", "pigeon"])
def test_a_preview_of_a_channel_that_a_kind_does_not_take_names_those_it_takes(runner, channel):
    answer = run(runner, "reset", "--channel", channel)

    assert answer.exit_code == 2
    assert "mail" in answer.stderr
