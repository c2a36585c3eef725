"""The session policies of guests in the enhanced flow."""

from __future__ import annotations

import json

from cogmock.iam.managed import guests

POLICIES = [
    (guests.INLINE_NAME, json.dumps(guests.INLINE)),
    (guests.MANAGED_NAME, json.dumps(guests.MANAGED)),
]
