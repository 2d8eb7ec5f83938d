"""Reads a page strictly and says what is wrong with its markup."""

from html.parser import HTMLParser

VOID = set(
    [
        "area",
        "base",
        "br",
        "col",
        "embed",
        "hr",
        "img",
        "input",
        "link",
        "meta",
        "source",
        "track",
        "wbr",
    ]
)
CONTROLS = {"input", "select", "textarea"}
HTMX_MAY_STAND_ON = {"a", "button", "form", "input"}
POINTS_TO_IDS = ("for", "aria-describedby", "aria-labelledby", "aria-controls")


class Element:
    """A start tag, where it begins and ends in the text, and what it stands in."""

    def __init__(self, tag, attributes, parent, start):
        self.tag = tag
        self.get = dict(attributes).get
        self.attributes = attributes
        self.parent = parent
        self.start = start
        self.end = None
        self.words = ""

    def inside(self, tag):
        """The nearest element of this tag around it, or None."""
        found = self.parent
        while found is not None and found.tag != tag:
            found = found.parent
        return found


class Page(HTMLParser):
    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.text = text
        self.lines = [0]
        for line in text.split("\n"):
            self.lines.append(self.lines[-1] + len(line) + 1)
        self.elements = []
        self.open = []
        self.faults = []
        self.feed(text)
        self.close()
        self.faults += [f"<{element.tag}> is never closed" for element in self.open]
        self.ids = {element.get("id") for element in self.elements} - {None}

    def here(self):
        line, column = self.getpos()
        return self.lines[line - 1] + column

    def handle_starttag(self, tag, attributes):
        parent = self.open[-1] if self.open else None
        element = Element(tag, attributes, parent, self.here())
        self.elements.append(element)
        if tag in VOID:
            element.end = element.start + len(self.get_starttag_text())
        else:
            self.open.append(element)

    def handle_startendtag(self, tag, attributes):
        self.handle_starttag(tag, attributes)
        if tag not in VOID:
            self.open.pop().end = self.here() + len(self.get_starttag_text())

    def handle_endtag(self, tag):
        if not self.open or self.open[-1].tag != tag:
            self.faults.append(f"</{tag}> at {self.getpos()} does not close the open element")
            return
        self.open.pop().end = self.here() + len(tag) + 3

    def handle_data(self, text):
        for element in self.open:
            element.words += text

    def tagged(self, *tags):
        return [element for element in self.elements if element.tag in tags]

    def element(self, name):
        """The source text of the element with this id."""
        found = next(element for element in self.elements if element.get("id") == name)
        return self.text[found.start : found.end]

    def form(self, action=None):
        """The hidden fields of the POST form with this action; None when there is none."""
        for form in self.tagged("form"):
            if form.get("method") == "post" and form.get("action") == action:
                own = [field for field in self.tagged("input") if field.inside("form") is form]
                hidden = [field for field in own if field.get("type") == "hidden"]
                return {field.get("name"): field.get("value") for field in hidden}
        return None

    def problems(self, whole=True):
        """Sentences, empty when all is well; `whole` adds what only a page must have."""
        found = list(self.faults)
        found += frame_problems(self) if whole else []
        found += id_problems(self)
        for element in self.elements:
            found += attribute_problems(element)
            found += htmx_problems(element)
        found += label_problems(self)
        return found


def frame_problems(page):
    if not page.text.lower().startswith("<!doctype html>"):
        yield "the page does not begin with <!doctype html>"
    if [element.get("lang") for element in page.tagged("html")] not in (["ko"], ["en"]):
        yield "<html> does not name its language"
    for tag in ("title", "h1", "main"):
        found = page.tagged(tag)
        if tag == "title":
            found = [element for element in found if element.inside("head")]
        if len(found) != 1 or not found[0].words.strip():
            yield f"there must be one <{tag}> with words, not {len(found)}"


def id_problems(page):
    every = [element.get("id") for element in page.elements if element.get("id") is not None]
    for name in {name for name in every if every.count(name) > 1}:
        yield f'id="{name}" occurs more than once'
    for element in page.elements:
        for attribute in POINTS_TO_IDS:
            for name in (element.get(attribute) or "").split():
                if name not in page.ids:
                    yield f'{attribute}="{name}" points to nothing'
        target = element.get("href") or ""
        if target.startswith("#") and target[1:] not in page.ids:
            yield f"the link {target} leads to nothing"


def attribute_problems(element):
    names = [name for name, _ in element.attributes]
    for name in names:
        if name == "style" or name.startswith("on"):
            yield f"<{element.tag} {name}=…>: no style or script in attributes"
    if len(set(names)) < len(names):
        yield f"<{element.tag}> repeats an attribute"
    if element.tag == "img" and element.get("alt") is None:
        yield f"<img src={element.get('src')}> has no alt"
    if element.tag == "script" and not element.get("src"):
        yield "a script stands in the page"
    if element.tag == "a" and element.get("target") == "_blank" and "새 창" not in element.words:
        yield f"{element.get('href')} opens a window without saying so"


def htmx_problems(element):
    used = [name for name, _ in element.attributes if name.startswith("hx-")]
    if not used:
        return
    if element.tag not in HTMX_MAY_STAND_ON:
        yield f"<{element.tag} {used[0]}>: htmx only on links, buttons, forms and inputs"
    form = element if element.tag == "form" else element.inside("form")
    action = form.get("action") if form else None
    twin = element.get("href") if element.tag == "a" else element.get("formaction") or action
    if "hx-get" in used and (element.get("hx-get") != twin or not twin):
        yield f'hx-get="{element.get("hx-get")}" has no plain twin'
    if "hx-post" in used and not (form and form.get("method") == "post"):
        yield f'hx-post="{element.get("hx-post")}" stands outside a form with method="post"'
    if "hx-post" in used and (element.get("hx-post") != action or not action):
        yield f'hx-post="{element.get("hx-post")}" has no plain twin'
    if {"hx-get", "hx-post"} & set(used) and not {"hx-target", "hx-swap"} <= set(used):
        yield f"<{element.tag} {used[0]}> needs its own hx-target and hx-swap"


def label_problems(page):
    labelled = {label.get("for") for label in page.tagged("label")}
    for control in page.tagged(*CONTROLS):
        if control.get("type") in ("hidden", "submit"):
            continue
        named = control.get("aria-label") or control.get("aria-labelledby")
        if not (named or control.inside("label") or control.get("id") in labelled):
            yield f"<{control.tag} name={control.get('name')}> has no label"
    for element in page.tagged("button", "a", "h1", "h2", "h3", "h4", "summary", "label"):
        if not (element.words.strip() or element.get("aria-label")):
            yield f"<{element.tag}> has no words"
