"""What every page must be like in a browser (accessibility 1–4, 7; design 1)."""

import re

from axe_playwright_python.base import AXE_SCRIPT

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "wcag2aaa", "best-practice"]
OPTIONS = {"runOnly": TAGS, "preload": False, "iframes": False, "resultTypes": ["violations"]}
HARMLESS = re.compile(r"status of (404|422)")

RUN_AXE = """async ([options, theme]) => {
  const root = document.documentElement, before = root.className;
  root.classList.add(theme);
  const results = await axe.run(document, options);
  root.className = before;
  return results.violations;
}"""

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
  .filter(it => {
    const group = it.type === 'radio' ? [...document.getElementsByName(it.name)] : [it];
    return it.checkVisibility() && it === (group.find(one => one.checked) || group[0]);
  })
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

TO_THE_START = """() => {
  const start = document.createElement('i');
  start.tabIndex = -1;
  document.body.prepend(start);
  start.focus();
  start.remove();
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
    .filter(it => it.getBoundingClientRect().right > window.innerWidth + 0.5)
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
    page.set_default_timeout(8000)
    return page


def nothing(found, page, what):
    """Fail with the things that were found, a line each."""
    assert not found, "\n".join([f"{page.url}: {what}", *map(str, found)])


def check_page(page):
    """All checks of the page that is open; it stays as it was."""
    check_axe(page)
    check_narrow(page)
    nothing(page.evaluate(TARGETS), page, "targets below 44 x 44")
    nothing(page.complaints, page, "the console complains")


def check_axe(page):
    """No complaint of the rule engine, in the theme of the page and in the contrast theme."""
    page.evaluate(AXE_SCRIPT)
    for theme in ("chosen", "contrast"):
        violations = page.evaluate(RUN_AXE, [OPTIONS, theme])
        found = [
            f"{one['id']}: {one['help']}: {[node['html'][:160] for node in one['nodes']]}"
            for one in violations
        ]
        nothing(found, page, f"axe, {theme} theme")


def check_narrow(page):
    """At 320 px nothing is wider than the screen, with usual and with wide text spacing."""
    before = page.viewport_size
    page.set_viewport_size({"width": 320, "height": 740})
    nothing(page.evaluate(TOO_WIDE), page, "wider than 320 px")
    page.evaluate(SPACING)
    nothing(page.evaluate(TOO_WIDE), page, "wider than 320 px with text spacing")
    nothing(page.evaluate(CUT), page, "text is cut with text spacing")
    page.evaluate("document.adoptedStyleSheets = []")
    page.set_viewport_size(before)


def check_tab_walk(page):
    """Tab meets every control once, beginning with the skip link, and the ring is always seen."""
    page.evaluate(TO_THE_START)
    met = []
    for _ in range(page.evaluate(FOCUSABLE)):
        page.keyboard.press("Tab")
        met.append(page.evaluate(FOCUSED))
    assert met[0]["target"] == "#main", f"{page.url}: the first Tab is not the skip link"
    nothing([one for one in met if one["tag"] == "BODY"], page, "focus is lost")
    numbers = [one["number"] for one in met]
    assert numbers == sorted(set(numbers)), f"{page.url}: met twice or trapped: {met}"
    nothing([one for one in met if not one["ring"]], page, "no focus ring")
    nothing([one for one in met if one["covered"]], page, "the focus is covered")
