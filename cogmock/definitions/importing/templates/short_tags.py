"""The short forms of CloudFormation's functions in YAML. CloudFormation user guide: Intrinsic function reference."""

from __future__ import annotations

NAMES = (
    *(
        "And",
        "Base64",
        "Cidr",
        "Equals",
        "FindInMap",
        "GetAZs",
        "GetAtt",
        "If",
        "ImportValue",
        "Join",
        "Length",
    ),
    *("Not", "Or", "Select", "Split", "Sub", "ToJsonString", "Transform", "Contains", "EachMemberIn"),
    *("EachMemberEquals", "RefAll", "ValueOf", "ValueOfAll"),
)
TAGS = {f"!{name}": f"Fn::{name}" for name in NAMES} | {"!Ref": "Ref", "!Condition": "Condition"}
"""Tag → the key of its long form."""
