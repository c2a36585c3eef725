"""Composes messages to users from the pool's templates and delivers them to the outbox."""

from __future__ import annotations

import logging
import re
from html import escape
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from cogmock.core import log_delivery
from cogmock.core.call import Call
from cogmock.core.messages import custom_senders, custom_texts
from cogmock.core.messages.custom_texts import CODE, LINK, USERNAME, Text
from cogmock.core.messages.letter import Letter
from cogmock.core.outbox import Message
from cogmock.core.throttle import MAILS_A_DAY
from cogmock.core.triggers import events
from cogmock.errors import (
    CodeDeliveryFailureException,
    InvalidParameterException,
    LimitExceededException,
)
from cogmock.state.user import User
from cogmock.state.user_pool import UserPool
from cogmock.wire import arns

if TYPE_CHECKING:
    from cogmock.aws import cognito_idp as aws

PLACES = re.compile(r"\{####\}|\{username\}")
SENDER = "no-reply@verificationemail.com"
SOURCES = {
    "SignUp": "confirmation",
    "ResendCode": "confirmation",
    "ForgotPassword": "reset",
    "AdminCreateUser": "invitation",
    "UpdateUserAttribute": "verification",
    "VerifyUserAttribute": "verification",
    "Authentication": "authentication",
}
"""The last part of a trigger source → the kind of message."""
DEFAULTS = {
    "confirmation": ("Your verification code", "Your confirmation code is {####}"),
    "reset": ("Your password reset code", "Your password reset code is {####}"),
    "verification": ("Your verification code", "Your verification code is {####}"),
    "authentication": ("Your authentication code", "Your authentication code is {####}"),
    "invitation": (
        "Your temporary password",
        "Your username is {username} and temporary password is {####}. ",
    ),
    "link": (
        "Your verification link",
        "Please click the link below to verify your email address. {##Verify Email##} ",
    ),
}
"""Subject and text where the pool has none of its own. Subjects of mails with codes: AWS's own CLI examples."""
SMS = {"invitation": DEFAULTS["invitation"][1], "authentication": "Your authentication code is {####}. "}
ATTRIBUTES = {"EMAIL": "email", "SMS": "phone_number"}
SMS_CODE = "Your verification code is {####}. "

NO_SMS = "User pool does not have SMS configuration to send messages."
ADD_SMS = (
    "add SmsConfiguration={'SnsCallerArn': 'arn:aws:iam::123456789012:role/sms'} to CreateUserPool or "
    "UpdateUserPool (any role ARN will do) so that SMS can be sent"
)

TOO_MANY_MAILS = (
    "Exceeded daily email limit for the operation or the account. If a higher limit is required, please configure your "
    "user pool to use your own Amazon SES configuration for sending email."
)

log = logging.getLogger("cogmock.messages")


def send(call: Call, pool: UserPool, user: User, letter: Letter) -> None:
    """Composes and delivers a message. May release the lock: look everything up again afterwards.

    A pool's own function may write the text, or deliver the message itself.
    Raises CodeDeliveryFailureException, InvalidParameterException where the pool sends no SMS, LimitExceededException
    where it has sent its mails of the day, and what `triggers.fire` raises.
    """
    attributes = events.user_attributes(pool, user) | {ATTRIBUTES[letter.medium]: letter.destination}
    if custom_senders.takes(pool, letter.medium):
        custom_senders.send(call, pool, user, letter, attributes)
        return
    if letter.medium == "SMS" and not pool.settings.get("SmsConfiguration"):
        log_delivery.message_failed(call.world, pool, f"{user.name}: {NO_SMS}")
        raise InvalidParameterException(NO_SMS, reason=f"user pool {pool.id}: {ADD_SMS}")
    link = link_of(call, pool, user, letter)
    text = template(pool, letter.source, letter.medium, linked=link is not None)
    if events.has(pool, "CustomMessage"):
        text = _customized(call, pool, user, letter, attributes, text)
        link = link if text and LINK.search(text.body) else None
    if text is None:
        call.reason = "nothing was sent: the template has no place for the code"
        return
    deliver(call, pool, user, letter, text, link)


def _customized(
    call: Call, pool: UserPool, user: User, letter: Letter, attributes: dict[str, str], text: Text | None
) -> Text | None:
    """The text as the pool's function wants it. Raises InvalidParameterException, and what `events.fire` raises."""
    request = {
        "userAttributes": attributes,
        "codeParameter": CODE,
        "linkParameter": "{##Click Here##}",
        "usernameParameter": USERNAME if letter.source == "AdminCreateUser" else None,
    }
    source = f"CustomMessage_{letter.source}"
    answer = events.fire(
        call, pool, source, user.name, request, client_id=letter.client_id, metadata=letter.metadata
    )
    return custom_texts.checked(answer or {}, letter, text)


def deliver(call: Call, pool: UserPool, user: User, letter: Letter, text: Text, link: str | None) -> None:
    """Fills in the placeholders and delivers the message. Raises LimitExceededException."""
    html = letter.medium == "EMAIL"
    if html:
        _count_mail(call, pool, user)
    # Of the names only the invitation's is filled in (dev guide).
    username = pool.sign_in_name(user) if SOURCES[letter.source] == "invitation" else None
    sender = pool.settings.get("EmailConfiguration") or {}
    message = Message(
        user_pool_id=pool.id,
        username=user.name,
        medium=letter.medium,
        destination=letter.destination,
        subject=text.subject if html else None,
        body=filled(text.body, letter.code, username, link, html=html),
        code=letter.code,
        link=link,
        trigger_source=f"CustomMessage_{letter.source}",
        sent_at=call.now,
        sender=sender_of(sender) if html else None,
        reply_to=sender.get("ReplyToEmailAddress") if html else None,
    )
    hand_over(call, pool, message)


def _count_mail(call: Call, pool: UserPool, user: User) -> None:
    """With the setting `throttle`: Cognito itself sends few mails a day, and as many as one likes by SES."""
    configuration = pool.settings.get("EmailConfiguration") or {}
    if not call.is_throttled or configuration.get("EmailSendingAccount") == "DEVELOPER":
        return
    if not call.world.throttle.admits_mail((call.region.account, call.local.name), call.now):
        log_delivery.message_failed(call.world, pool, f"{user.name}: {TOO_MANY_MAILS}")
        raise LimitExceededException(
            TOO_MANY_MAILS,
            reason=f"--throttle is on, and the account had its {MAILS_A_DAY} mails of this day in {call.local.name}",
        )


def hand_over(call: Call, pool: UserPool, message: Message) -> None:
    """Delivers a message; releases the world's lock where a sink may be slow. Raises CodeDeliveryFailureException."""
    outbox = call.world.outbox
    if not outbox.sinks:
        outbox.deliver(message)
        return
    try:
        with call.outside():
            outbox.deliver(message)
    except (OSError, ValueError) as error:  # ValueError: text that no mail can bear
        log_delivery.message_failed(call.world, pool, f"{message.username}, {message.destination}: {error}")
        log.warning("a message to %s could not be delivered: %s", message.destination, error)
        raise CodeDeliveryFailureException(
            "Unable to deliver message", reason=f"{message.destination}: {error}"
        ) from error


def template(pool: UserPool, source: str, medium: str, *, linked: bool = False) -> Text | None:
    """The text of an occasion. None where it has no place for the code: AWS does not send such an invitation."""
    kind = SOURCES[source]
    if kind == "invitation":
        text = _invitation(pool, medium)
        return text if CODE in text.body else None
    if medium == "SMS":
        return Text(None, _sms(pool, kind))
    return _link(pool) if linked else _mail(pool, kind)


def _invitation(pool: UserPool, medium: str) -> Text:
    own = (pool.settings.get("AdminCreateUserConfig") or {}).get("InviteMessageTemplate") or {}
    subject, body = DEFAULTS["invitation"]
    if medium == "SMS":
        return Text(None, own.get("SMSMessage") or body)
    return Text(own.get("EmailSubject") or subject, own.get("EmailMessage") or body)


def _sms(pool: UserPool, kind: str) -> str:
    if kind == "authentication":
        return str(pool.settings.get("SmsAuthenticationMessage") or SMS[kind])
    own = pool.settings.get("VerificationMessageTemplate") or {}
    return str(own.get("SmsMessage") or pool.settings.get("SmsVerificationMessage") or SMS_CODE)


def _mail(pool: UserPool, kind: str) -> Text:
    subject, body = DEFAULTS[kind]
    if kind == "authentication":
        mfa = pool.settings.get("EmailMfaConfiguration") or {}
        return Text(mfa.get("Subject") or subject, mfa.get("Message") or body)
    own = pool.settings.get("VerificationMessageTemplate") or {}
    return Text(
        own.get("EmailSubject") or pool.settings.get("EmailVerificationSubject") or subject,
        own.get("EmailMessage") or pool.settings.get("EmailVerificationMessage") or body,
    )


def _link(pool: UserPool) -> Text:
    own = pool.settings.get("VerificationMessageTemplate") or {}
    subject, body = DEFAULTS["link"]
    return Text(own.get("EmailSubjectByLink") or subject, own.get("EmailMessageByLink") or body)


def filled(body: str, code: str, username: str | None, link: str | None, *, html: bool) -> str:
    """A text with code, name and link in their places. In mails, which are HTML, they are escaped."""
    if html:
        code, username = escape(code), username and escape(username)
    if link is not None:
        anchor = f'<a href="{escape(link)}">'
        body = LINK.sub(lambda found: f"{anchor}{found[1]}</a>" if html else link, body)
    # In one pass: a password may read {username}.
    return PLACES.sub(lambda found: (username or found[0]) if found[0] == USERNAME else code, body)


def link_of(call: Call, pool: UserPool, user: User, letter: Letter) -> str | None:
    """The link that confirms a sign-up, where the pool sends links. Only sign-up and resend have one."""
    own = pool.settings.get("VerificationMessageTemplate") or {}
    if SOURCES[letter.source] != "confirmation" or letter.medium != "EMAIL":
        return None
    if own.get("DefaultEmailOption") != "CONFIRM_WITH_LINK":
        return None
    query = {"client_id": letter.client_id or "", "user_name": user.name, "confirmation_code": letter.code}
    return f"{domain_url(call, pool)}/confirmUser?{urlencode(query)}"


def domain_url(call: Call, pool: UserPool) -> str:
    """Where the pool's pages are. Without a domain they are at this server's own URL; AWS then has none."""
    if call.world.settings.issuer != "aws":
        return call.world.settings.url
    custom, prefix = pool.settings.get("CustomDomain"), pool.settings.get("Domain")
    if custom:
        return f"https://{custom}"
    return f"https://{arns.domain_host(prefix or pool.id.lower().replace('_', '-'), call.local.name)}"


def sender_of(configuration: aws.EmailConfigurationType) -> str:
    """The From address: the pool's own, else that of its SES identity, else Cognito's default."""
    identity = str(configuration.get("SourceArn") or "").rpartition("identity/")[2]
    if configuration.get("From"):
        return str(configuration["From"])
    if "@" in identity:
        return identity
    return f"no-reply@{identity}" if identity else SENDER
