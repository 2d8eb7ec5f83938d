"""What a program is told when something is wrong: status and words, in the format it asked for."""


class WrongError(Exception):
    """An answer with this status; `texts` are for people."""

    def __init__(self, status: int, *texts: str) -> None:
        super().__init__(*texts)
        self.status, self.texts = status, texts
