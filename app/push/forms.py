"""What a browser answers when somebody turns notifications on."""

from wtforms import HiddenField

from app.forms import Form


class SubscribeForm(Form):
    """The subscription that the browser has made, as JSON (static/push.js)."""

    answer = HiddenField()
