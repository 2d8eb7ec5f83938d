"""Baseline: a Flask view that returns the same 8 KB."""

from flask import Flask, Response

from bench.bare_wsgi import BODY

app = Flask("bare")


@app.get("/")
def index() -> Response:
    return Response(BODY, mimetype="text/html")
