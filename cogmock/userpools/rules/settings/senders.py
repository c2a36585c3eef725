"""Who sends e-mail for a pool: Amazon SES identities, and the addresses that messages come from."""

from __future__ import annotations

from email.utils import parseaddr
from typing import TYPE_CHECKING

from cogmock.errors import InvalidParameterException
from cogmock.wire import arns

if TYPE_CHECKING:
    from cogmock.aws import cognito_idp as aws

EVERYWHERE = ("eu-west-1", "us-east-1", "us-west-2")
"""Regions of SES that pools of each Region can use. AWS names them in its refusal."""


def check(email: aws.EmailConfigurationType, region: str) -> None:
    """Raises InvalidParameterException for an EmailConfiguration that AWS refuses."""
    identity, sender = email.get("SourceArn"), email.get("From")
    if email.get("EmailSendingAccount") == "DEVELOPER" and not identity:
        raise InvalidParameterException("Source ARN is required to use DEVELOPER email sending owner")
    if identity:
        check_region(identity, region, "EmailConfiguration")
    if sender:
        _, at, host = parseaddr(sender)[1].rpartition("@")
        if not at or not host:
            raise InvalidParameterException("Provided From email address is invalid")


def check_region(identity: str, region: str, member: str) -> None:
    """Refuses an SES identity of a Region that the pool cannot use. `member` holds the SourceArn, for the message.

    inferred: that a pool may use the SES of its own Region as well, as the developer guide lists it for newer ones.
    """
    if arns.region_of(identity) not in ("", *EVERYWHERE, region):
        raise InvalidParameterException(
            f"Invalid {member}.SourceArn. "
            f"Provided SourceArn must be in one of the following SES regions: {', '.join(EVERYWHERE)}."
        )
