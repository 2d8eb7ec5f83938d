"""Baseline: the least that 8 KB cost on this server, without any framework."""

BODY = b"<p>" + b"water " * 1364 + b"</p>"
HEADERS = [("Content-Type", "text/html; charset=utf-8"), ("Content-Length", str(len(BODY)))]


def app(environ, start_response):
    start_response("200 OK", HEADERS)
    return [BODY]
