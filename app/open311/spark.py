"""GeoReport answers as XML and as JSON: one structure, written in both ways.

In JSON the root element is left out, lists are lists also of one or none, what is empty is null.
"""

import json
import re
from collections.abc import Mapping, Sequence
from xml.etree.ElementTree import Element, SubElement, tostring

Value = Mapping[str, "Value"] | Sequence["Value"] | str | int | float | bool | None

CHILDREN = {
    "services": "service",
    "attributes": "attribute",
    "values": "value",
    "service_requests": "request",
    "errors": "error",
    "endpoints": "endpoint",
    "formats": "format",
    "notes": "note",
}
TYPES = {"xml": "text/xml; charset=utf-8", "json": "application/json; charset=utf-8"}
UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
"""What XML 1.0 cannot say."""


def written(form: str, root: str, value: Value) -> bytes:
    """`value` under the element `root`, as `xml` or `json`."""
    if form == "json":
        return json.dumps(value, ensure_ascii=False).encode()
    element = Element(root)
    fill(element, value)
    return b'<?xml version="1.0" encoding="utf-8"?>\n' + tostring(element, "unicode").encode()


def fill(element: Element, value: Value) -> None:
    if value is None:
        return
    if isinstance(value, str):
        element.text = UNWRITABLE.sub("", value)
    elif isinstance(value, Mapping):
        for name, one in value.items():
            fill(SubElement(element, name), one)
    elif isinstance(value, Sequence):
        for one in value:
            fill(SubElement(element, CHILDREN[element.tag]), one)
    else:
        element.text = str(value).lower()  # true, false, and numbers
