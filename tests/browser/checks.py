"""What every page must be like in a browser (accessibility 1–4, 7; design 1)."""

import re

from axe_playwright_python.sync_playwright import Axe

TAGS = (
    "wcag2a wcag2aa wcag21a wcag21aa wcag22aa wcag2aaa best-practice".split()
)  # 7:1 contrast is in wcag2aaa
OPTIONS = {"runOnly": TAGS, "preload": False, "resultTypes": ["violations"]}
HARMLESS = re.compile(r"status of (404|422)")

TARGETS = """() => {
  const inSentence = link => {
    if (getComputedStyle(link).display !== 'inline') return false;
    let block = link.parentElement;
    while (getComputedStyle(block).display === 'inline') block = block.parentElement;
    return block.matches('p, li, td, th, dd') && block.closest('main, footer');
  };
  const small = [];
  for (const it of document.querySelectorAll('a[href], button, input, select, textarea, summary')) {
    const box = it.getBoundingClientRect();
    if (it.matches('.skip, [type=hidden]') || !box.width || (it.tagName === 'A' && inSentence(it)))
      continue;
    const label = it.matches('[type=radio], [type=checkbox]') && it.labels[0];
    const height = label ? label.getBoundingClientRect().height : box.height;
    const width = label ? label.getBoundingClientRect().width : box.width;
    if (height < 43.9 || width < 43.9)
      small.push(`${it.tagName} ${it.textContent.trim() || it.name}: ${width} x ${height}`);
  }
  return small;
}"""

FOCUSABLE = """() => [...document.querySelectorAll(
  'a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex="0"]')]
  .filter(it => it.checkVisibility() &&
    (it.type !== 'radio' || it.checked || ![...document.getElementsByName(it.name)].some(o => o.checked)))
  .length"""

FOCUSED = """() => {
  const it = document.activeElement, style = getComputedStyle(it);
  const box = it.getBoundingClientRect();
  document.__order = document.__order || new Map();
  if (!document.__order.has(it)) document.__order.set(it, document.__order.size);
  const top = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
  return {tag: it.tagName, number: document.__order.get(it),
    words: (it.textContent || it.name || '').trim(), target: it.getAttribute('href'),
    ring: style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2,
    covered: !(top && (it.contains(top) || top.contains(it)))};
}"""

SPACING = """() => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`* { line-height: 1.5 !important; letter-spacing: .12em !important;
    word-spacing: .16em !important } p { margin-bottom: 2em !important }`);
  document.adoptedStyleSheets = [sheet];
}"""

CUT = """() => [...document.querySelectorAll('body *:not(svg *)')].filter(it => {
    const style = getComputedStyle(it);
    if (!it.checkVisibility() || it.closest('.unseen, .skip')) return false;
    const hides = /hidden|clip/.test(style.overflowX + style.overflowY);
    return hides && (it.scrollWidth > it.clientWidth + 1 || it.scrollHeight > it.clientHeight + 1);
  }).map(it => it.outerHTML.slice(0, 120))"""

TOO_WIDE = """() => {
  const root = document.documentElement;
  if (root.scrollWidth <= window.innerWidth) return [];
  return [...document.querySelectorAll('body *')]
    .filter(it => it.getBoundingClientRect().right > window.innerWidth + 0.5 && !it.closest('.wrap'))
    .map(it => it.outerHTML.slice(0, 120));
}"""


def watch(page):
    """Note what the console complains about: errors, and everything that the CSP refused."""
    page.complaints = []

    def note(message):
        if message.type in ("error", "warning") and not HARMLESS.search(message.text):
            page.complaints.append(message.text)

    page.on("console", note)
    page.on("pageerror", lambda error: page.complaints.append(str(error)))


def check_page(page):
    """All checks of the page that is open; it stays as it was."""
    check_axe(page)
    check_narrow(page)
    assert page.evaluate(TARGETS) == [], f"{page.url}: targets below 44 x 44"
    assert page.complaints == [], page.url


def check_axe(page):
    """No rule engine complaint in the light and in the contrast theme."""
    found = []
    for theme in ("light", "contrast"):
        page.evaluate(f"document.documentElement.classList.toggle('contrast', {theme == 'contrast'!s})".replace("True", "true").replace("False", "false"))
        for violation in Axe().run(page, options=OPTIONS).response["violations"]:
            nodes = [node["html"][:160] for node in violation["nodes"]]
            found.append((theme, violation["id"], violation["help"], nodes))
    page.evaluate("document.documentElement.classList.remove('contrast')")
    assert found == [], page.url


def check_narrow(page):
    """At 320 px nothing is wider than the screen, with usual and with wide text spacing."""
    before = page.viewport_size
    page.set_viewport_size({"width": 320, "height": 740})
    assert page.evaluate(TOO_WIDE) == [], f"{page.url} at 320 px"
    page.evaluate(SPACING)
    assert page.evaluate(TOO_WIDE) == [], f"{page.url} at 320 px with wide spacing"
    assert page.evaluate(CUT) == [], f"{page.url}: text is cut with wide spacing"
    page.evaluate("document.adoptedStyleSheets = []")
    page.set_viewport_size(before)


def check_tab_walk(page):
    """Tab meets every control once, beginning with the skip link, and the ring is always seen."""
    page.evaluate("document.activeElement.blur()")
    expected = page.evaluate(FOCUSABLE)
    met = []
    for _ in range(expected):
        page.keyboard.press("Tab")
        met.append(page.evaluate(FOCUSED))
    assert met[0]["target"] == "#main", f"{page.url}: the first Tab is not the skip link"
    assert [one for one in met if one["tag"] == "BODY"] == [], f"{page.url}: focus lost"
    assert [one["number"] for one in met] == sorted({one["number"] for one in met}), page.url
    assert [one for one in met if not one["ring"]] == [], f"{page.url}: no ring"
    assert [one for one in met if one["covered"]] == [], f"{page.url}: focus is covered"
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.tagName") in ("BODY", "A"), f"{page.url}: a trap"
