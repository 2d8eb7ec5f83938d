"""What a mail looks like: subjects, its parts, headers and addresses."""

import re
from email import message_from_bytes
from email.policy import default

import pytest

from app import clock
from app.messages import kinds
from app.messages.mail import AddressRefusedError, angled, ascii_address, build, encoded
from app.messages.render import in_language, render
from app.messages.samples import FOLDER, preview
from tests.markup import Page
from tests.messages.conftest import VALUES

AT = clock.now()
SUBJECT = {"ko": "{{ name }}\n\n본문\n", "en": "{{ name }}\n\nBody\n"}


@pytest.fixture
def mail(app, kind):
    """mail(kind, **values) is the mail as a receiver reads it."""

    def make(of=None, to="person@example.com", language="ko", **values):
        built = build(app, of or kind(), language, {**VALUES, **values}, to, "REF7", AT)
        found = message_from_bytes(built.content, policy=default)
        assert not found.defects
        return found

    return make


def part(mail, kind):
    return mail.get_body((kind,)).get_content()


@pytest.mark.parametrize(
    "text",
    [
        "짧은 제목",
        "2026년 11월 수도요금 고지서가 나왔습니다 납부 기한은 11월 30일입니다 " * 5,
        "가 " * 80,
        "가나다라마바사아자차카타파하" * 12,
        "Your bill for November 2026 is 31,680 won " * 8,
        "mixed 섞인 글 with 영어 and 한글 " * 8,
        "다나아다도라다 사사 31,680원 바나라도바가가가 요수바아사 나바 ok. 금수금자 ok. 다자라마라",
    ],
)
def test_a_subject_comes_out_as_it_went_in(kind, mail, text):
    found = mail(kind(texts=SUBJECT), name=text)

    assert found["Subject"] == text.strip()


def test_no_line_of_a_mail_is_longer_than_servers_take(app, kind):
    long = {**VALUES, "name": "수도 요금 " * 60, "unsubscribe": f"https://a.kr/{'x' * 300}"}
    built = build(app, kind(topic="bill"), "ko", long, "a@b.kr", "REF7", AT)

    assert max(map(len, built.content.split(b"\r\n"))) < 998
    assert built.content.isascii()


def test_the_headers_that_a_mail_from_a_machine_has(mail):
    found = mail()

    assert found["Message-ID"] == "<REF7@arisu.invalid>"
    assert found["Auto-Submitted"] == "auto-generated"
    assert found["From"].addresses[0].display_name == "아리수 사이버고객센터"
    assert found["From"].addresses[0].addr_spec == "no-reply@arisu.invalid"
    assert found["Date"].datetime == AT.replace(microsecond=0)


def test_an_english_mail_comes_from_the_english_name(mail):
    assert mail(language="en")["From"].addresses[0].display_name == "Arisu customer centre"


def test_a_repeated_mail_has_the_same_id(mail):
    assert mail()["Message-ID"] == mail()["Message-ID"]


def test_a_korean_domain_is_written_in_punycode(mail):
    assert mail(to="kim@한글.kr")["To"] == "kim@xn--bj0bj06e.kr"


@pytest.mark.parametrize(
    "wrong",
    [
        "a@b.kr\r\nBcc: c@d.kr",
        "a@b.kr\n",
        "a\0@b.kr",
        "a b@c.kr",
        "<a@b.kr>, c@d.kr",
        "",
        "김@b.kr",
    ],
)
def test_an_address_that_is_none_is_refused(wrong):
    with pytest.raises(AddressRefusedError):
        ascii_address(wrong)


def test_the_addresses_of_the_demo_are_addresses():
    assert ascii_address("resident@demo.invalid") == "resident@demo.invalid"


@pytest.mark.parametrize("wrong", ["\r\nBcc: c@d.kr", "a\nX-Evil: 1", "a\0b"])
def test_a_header_takes_no_line_break(wrong):
    with pytest.raises(ValueError, match="control character"):
        encoded(wrong, "Subject")


@pytest.mark.parametrize("sign", ["\r", "\n", "\r\n", "\r\n\r\n", "\u2028", "\x0b", "\x85"])
def test_a_line_break_in_a_name_adds_no_header(kind, mail, sign):
    found = mail(kind(texts=SUBJECT), name=f"김{sign}Bcc: thief@evil.kr{sign}{sign}Hello")

    assert found["Bcc"] is None
    assert "X-Evil" not in found
    assert found["To"] == "person@example.com"
    assert set(found.keys()) == set(mail().keys())


@pytest.mark.parametrize("wrong", ["https://a.kr/> , <mailto:x", "https://a.kr/\r\nBcc: x", "한글"])
def test_a_link_for_unsubscribing_takes_nothing_else(wrong):
    with pytest.raises(ValueError, match="unsubscribing"):
        angled(wrong)


def test_only_mails_of_a_topic_can_be_unsubscribed_from(kind, mail):
    link = f"https://arisu.example/unsubscribe/{'t' * 120}"

    of_topic = mail(kind("bill", topic="bill"), unsubscribe=link)
    without_link = mail(kind("bill", topic="bill"))
    needed = mail(kind("reset"), unsubscribe=link)

    assert of_topic["List-Unsubscribe"] == f"<{link}>"
    assert of_topic["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert link in part(of_topic, "plain")
    for other in (without_link, needed):
        assert other["List-Unsubscribe"] is None
        assert other["List-Unsubscribe-Post"] is None
        assert link not in part(other, "plain")


def test_the_link_for_unsubscribing_is_one_piece(app, kind):
    link = f"https://arisu.example/unsubscribe/{'t' * 200}"
    values = {**VALUES, "unsubscribe": link}

    built = build(app, kind(topic="bill"), "ko", values, "a@b.kr", "REF7", AT)

    assert f"\r\nList-Unsubscribe: <{link}>\r\n".encode() in built.content


@pytest.mark.parametrize("language", ["ko", "en"])
def test_both_parts_say_the_same(mail, language):
    found = mail(language=language, name='<script>"&김보기 31,680원')

    body = Page(part(found, "html")).tagged("body")[0].words
    text = re.sub(r"-{5,}", "", part(found, "plain"))
    assert body.split() == text.split()


def test_the_html_part_shows_signs_of_html_as_signs(mail):
    html = part(mail(name="<img src=x onerror=alert(1)>"), "html")

    assert "<img" not in html
    assert "&lt;img src=x" in html


def test_our_link_can_be_clicked_and_no_other(mail):
    html = part(mail(name="https://evil.example/"), "html")

    assert re.findall(r'href="([^"]*)"', html) == [VALUES["link"]]


def test_links_of_an_english_mail_open_in_english(app):
    assert in_language("http://127.0.0.1:8000/a/b\nsee /a", "en", app.config["BASE_URL"]) == (
        "http://127.0.0.1:8000/a/b?lang=en\nsee /a"
    )
    korean = "http://127.0.0.1:8000/a/b"
    assert in_language(korean, "ko", app.config["BASE_URL"]) == korean


def test_a_name_alone_on_its_line_becomes_no_link(kind, mail):
    texts = dict.fromkeys(("ko", "en"), "제목\n\n{{ name }}\n")

    evil = ["https://evil.example/", "http://127.0.0.1:8000.evil.example/", "javascript:alert(1)"]
    parts = [part(mail(kind(texts=texts), name=name), "html") for name in evil]

    assert "href" not in str(parts)


def test_a_letter_ends_without_words_about_mail(app, kind):
    said = render(app, kind(), "ko", VALUES, "letter").text

    assert "답장" not in said
    assert "120" in said


@pytest.mark.parametrize("language", ["ko", "en"])
def test_every_kind_has_its_texts_and_a_sample_in_both_languages(app, language):
    by_mail = [kind for kind in kinds.known().values() if "mail" in kind.channels]
    assert len(by_mail) > 20
    for kind in by_mail:
        said = preview(app, kind, language)

        assert said.subject, kind.name
        assert len(said.text) > 100, kind.name
        assert language == "en" or re.search("[가-힣]", said.subject), kind.name


def test_english_texts_are_english():
    texts = {path.name: path.read_text("utf-8") for path in FOLDER.glob("*.en.txt")}
    texts = {name: text.removeprefix("(광고)") for name, text in texts.items()}  # by law

    assert [name for name, text in texts.items() if re.search("[가-힣]", text)] == []


def test_every_text_belongs_to_a_kind():
    texts = {path.name.rsplit(".", 2)[0] for path in FOLDER.glob("*.txt")} - {"_footer"}
    texts = {name.removesuffix(".sms").removesuffix(".push") for name in texts}
    samples = {path.stem for path in FOLDER.glob("*.yaml")}

    assert texts == samples == set(kinds.known())
