"""What tests of complaints share."""

import pytest


@pytest.fixture
def context(app, db):
    """As in a request or a command: notices need the settings."""
    with app.app_context():
        yield
