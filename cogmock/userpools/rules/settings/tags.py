"""Tags of a user pool."""

from __future__ import annotations

import re

from cogmock.errors import AwsError, InvalidParameterException

MOST = 50

# AWS dev guide: Tagging Amazon Cognito resources.
_TEXT = r"[\w\s.:/=+@-]*"


def check(tags: dict[str, str], error: type[AwsError] = InvalidParameterException) -> None:
    """Refuses tags that AWS does not accept."""
    for key, value in tags.items():
        if key.lower().startswith("aws:"):
            raise error(f"The tag key {key} has the prefix aws:, which is reserved.")
        if not re.fullmatch(_TEXT, key) or not re.fullmatch(_TEXT, value):
            raise error(f"The tag {key} has characters that tags can not have.")
    if len(tags) > MOST:
        raise error(f"A user pool can have at most {MOST} tags.")
