"""What a CustomMessage function answers: its texts are held to the rules of a pool's own templates."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import Any, NamedTuple

from cogmock.core.messages.letter import Letter
from cogmock.errors import InvalidParameterException
from cogmock.wire import constraints, model

CODE = "{####}"
USERNAME = "{username}"
LINK = re.compile(r"\{##(?!##\})(.*?)##\}", re.DOTALL)


class Text(NamedTuple):
    """A message before its placeholders are filled in."""

    subject: str | None
    body: str


def checked(answer: Mapping[str, Any], letter: Letter, own: Text | None) -> Text | None:
    """The text to send; `own` is the pool's, for what the function leaves out. Raises InvalidParameterException."""
    mail = letter.medium == "EMAIL"
    # An empty text is none: in languages without null, a function that words nothing answers with it.
    body = answer.get("emailMessage" if mail else "smsMessage") or None
    subject = (mail and answer.get("emailSubject")) or None
    problems: list[str] = []
    if body is not None:
        # The names in the refusal: AWS's own for mails. # inferred: for text messages and subjects.
        _shape(_body_shape(body, mail=mail))(body, "emailBody" if mail else "smsMessage", problems)
    if subject is not None:
        _shape("EmailVerificationSubjectType")(subject, "emailSubject", problems)
    if problems:
        raise InvalidParameterException(
            constraints.text(problems),
            reason="the text that the CustomMessage function answered cannot be sent",
        )
    if body is None or (letter.source == "AdminCreateUser" and USERNAME not in body):
        return own and Text(subject or own.subject, own.body)
    return Text(subject or (own and own.subject), body)


def _body_shape(body: str, *, mail: bool) -> str:
    if not mail:
        return "SmsVerificationMessageType"
    linked = CODE not in body and LINK.search(body)
    return "EmailVerificationMessageByLinkType" if linked else "EmailVerificationMessageType"


@cache
def _shape(name: str) -> constraints.Check:
    return constraints.compile_shape(name, model.load("cognito-idp").shapes)
