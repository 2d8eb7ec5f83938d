"""Runs a function in a fresh process, so that its memory and its database are its own."""

import multiprocessing
import traceback
from collections.abc import Callable
from multiprocessing.connection import Connection
from typing import Any


def _answer(end: Connection, function: Callable[..., Any], arguments: tuple[Any, ...]) -> None:
    try:
        end.send((function(*arguments), ""))
    except BaseException:
        end.send((None, traceback.format_exc()))


def apart(function: Callable[..., Any], *arguments: Any) -> Any:
    """What `function(*arguments)` returns in a process of its own."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_answer, args=(theirs, function, arguments))
    process.start()
    theirs.close()
    try:
        found, error = ours.recv()
    except EOFError:
        found, error = None, "the process ended without an answer"
    process.join()
    if error:
        raise RuntimeError(f"{function.__module__}.{function.__name__} failed:\n{error}")
    return found
