"""One structure as XML and as JSON."""

import json

from app.open311.spark import written


def test_what_xml_cannot_say_is_left_out():
    found = written("xml", "errors", [{"code": 400, "description": "a\x00\x0b\ud800<b>\n"}])

    assert found.endswith(
        b"<errors><error><code>400</code><description>a&lt;b&gt;\n</description></error></errors>"
    )


def test_nothing_is_an_empty_list_in_both():
    assert written("json", "services", []) == b"[]"
    assert written("xml", "services", []).endswith(b"<services />")


def test_truth_and_emptiness_are_bare_in_json_and_words_in_xml():
    value = [{"metadata": True, "group": None}]

    assert json.loads(written("json", "services", value)) == value
    assert b"<metadata>true</metadata><group />" in written("xml", "services", value)
