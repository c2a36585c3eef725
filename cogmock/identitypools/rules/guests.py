"""What narrows a guest's credentials in the enhanced flow, whatever the role allows."""

from __future__ import annotations

import json

from cogmock.iam.managed import guests

POLICIES = [
    (guests.INLINE_NAME, json.dumps(guests.INLINE)),
    (guests.MANAGED_NAME, json.dumps(guests.MANAGED)),
]
