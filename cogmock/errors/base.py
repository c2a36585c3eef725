"""The base of all errors that a caller sees."""

from __future__ import annotations

from typing import Self


class AwsError(Exception):
    """An error of AWS. `message` is what the caller reads; `reason` is what AWS hides, and only the log tells."""

    code = "InternalErrorException"
    status = 400
    message = ""

    def __init_subclass__(cls) -> None:
        if "code" not in vars(cls):
            cls.code = cls.__name__

    def __init__(self, message: str | None = None, *, reason: str | None = None) -> None:
        if message is not None:
            self.message = message
        self.reason = reason
        super().__init__(self.message)

    def detached(self) -> Self:
        """The error without traceback and causes, to be stored: they keep all frames of a request, and its body, alive.

        An error that a frame stores and that leads back to this frame is a reference cycle.
        """
        self.__traceback__ = self.__cause__ = self.__context__ = None
        return self


class NotBuilt(AwsError):
    """An operation that cogmock does not offer yet. AWS has no such error, so nobody takes it for AWS's."""

    code = "NotImplementedException"
    status = 501
