"""A step of filing: this browser's draft, the page of a step, and where it goes on."""

from dataclasses import replace
from typing import Any

from flask import Response, redirect, request, session, url_for
from flask.typing import ResponseReturnValue

from app import clock
from app.complaints.drafts import Draft
from app.complaints.visitors import whose
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


def here() -> Draft | None:
    """This browser's draft, whoever may see it."""
    return Draft.of(session.get("browser", ""), clock.now())


def is_locked(draft: Draft) -> bool:
    """Whether it is of somebody who was signed in here and is not any more."""
    return not draft.is_of(whose())


def known(step: str) -> Draft | Response:
    """This browser's draft; where to go when the step cannot be shown (S-69).

    What was typed while the session ran out is kept, and shown after the sign-in: only a page of
    the draft has its key.
    """
    draft = here()
    if draft is None:
        return redirect(url_for(".index"), 303)  # type: ignore[return-value]
    if is_locked(draft) and request.form.get("form_key") != draft.form_key:
        return to_sign_in_again()
    if not draft.reaches(step):
        return redirect(url_for(f".{draft.first_open}"), 303)  # type: ignore[return-value]
    return draft


def to_sign_in_again() -> Response:
    """Back to the step that was asked for, once somebody has signed in."""
    return redirect(url_for("accounts.login", next=request.path), 303)  # type: ignore[return-value]


def shown(step: str, draft: Draft, form: Form, **context: Any) -> ResponseReturnValue:
    """The page of a step."""
    if is_locked(draft):
        return to_sign_in_again()
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
    theirs = draft.account if draft.account is not None else whose()
    done = tuple(dict.fromkeys((*draft.done, step)))
    found = replace(draft, **answers, account=theirs, done=done)
    found.keep(browser(), clock.now())
    return redirect(url_for(f".{found.first_open}"), 303)


def set_aside(draft: Draft, step: str, answers: dict[str, Any]) -> None:
    """Keep answers with mistakes of somebody who must sign in again before they see them."""
    if request.method == "POST" and is_locked(draft):
        done = tuple(other for other in draft.done if other != step)
        replace(draft, **answers, done=done).keep(browser(), clock.now())
