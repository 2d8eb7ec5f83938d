"""The program's entry: a WSGI server serves `app`."""

from app import create_app

app = create_app()
