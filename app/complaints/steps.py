"""A step of filing: this browser's draft, the page of a step, and where it goes on."""

from dataclasses import replace
from typing import Any

from flask import Response, redirect, session, url_for
from flask.typing import ResponseReturnValue

from app import clock
from app.accounts.models import digest
from app.complaints import drafts, photos, seeing, uploads
from app.complaints.drafts import Draft
from app.forms import Form
from app.language import later
from app.sessions import browser
from app.web import page

TITLES = {
    "place": later("어디입니까?"),
    "details": later("무슨 일입니까?"),
    "photos": later("사진 붙이기"),
    "contact": later("연락처"),
    "check": later("접수할 내용 확인"),
}


def known(step: str) -> Draft | Response:
    """This browser's draft; where to go when the step cannot be shown (S-69)."""
    draft = Draft.of(session.get("browser", ""), clock.now())
    if draft is None:
        return redirect(url_for(".index"), 303)  # type: ignore[return-value]
    if not draft.reaches(step):
        return redirect(url_for(f".{draft.first_open}"), 303)  # type: ignore[return-value]
    return draft


def shown(step: str, draft: Draft, form: Form, **context: Any) -> ResponseReturnValue:
    """The page of a step."""
    steps = draft.steps
    at = steps.index(step)
    ready = draft.first_open == "check" != step
    before = "check" if ready else steps[max(at - 1, 0)]
    frame = {
        "title": str(TITLES[step]),
        "number": at + 1,
        "count": len(steps),
        "back": url_for(f".{before}") if at or ready else url_for(".begin", matter=draft.type),
        "ready": ready,
        "draft": draft,
    }
    return page(f"complaints/{step}.html", form=form, **frame, **context), form.status


def go_on(draft: Draft, step: str, answers: dict[str, Any]) -> ResponseReturnValue:
    """Keep the answers and lead to the first step that is open."""
    found = replace(draft, **answers, done=tuple(dict.fromkeys((*draft.done, step))))
    found.keep(browser(), clock.now())
    return redirect(url_for(f".{found.first_open}"), 303)


def start_anew() -> None:
    """Nothing that was begun in this browser is left: no draft, no photo, no half of one."""
    for name in drafts.forget(browser()):
        photos.remove(seeing.folder(), name)
    uploads.remove_all(seeing.folder(), digest(browser()))
