"""How an invocation of a function can fail."""

from __future__ import annotations


class Failure(Exception):
    """An invocation without an answer. The text is for the log."""


class FunctionFailed(Failure):
    """The function ran and raised an exception with this message."""

    def __init__(self, message: str, detail: str = "") -> None:
        self.message = message
        super().__init__(detail or message)


class NotInvocable(Failure):
    """The function did not run. `code` is the error of the Lambda API."""

    def __init__(self, code: str, detail: str = "") -> None:
        self.code = code
        super().__init__(f"{code}: {detail}" if detail else code)


class TimedOut(Failure):
    """The function did not answer in time."""

    def __init__(self) -> None:
        super().__init__("no answer in time")
