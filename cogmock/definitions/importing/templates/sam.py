"""SAM: what its transform makes of functions as far as Cognito is concerned.

SAM specification: AWS::Serverless::Function, event source Cognito. The event sets the trigger of a user pool.
"""

from __future__ import annotations

from cogmock.definitions.faults import Fault
from cogmock.definitions.importing.trees import grown, member, text_of
from cogmock.definitions.nodes import Node

TRANSFORM = "AWS::Serverless-2016-10-31"


def settle(root: Node, faults: list[Fault]) -> None:
    """Writes the triggers of Cognito events into the user pools of a template, in place."""
    resources = root.mapping.get("Resources")
    if resources is None or not _is_sam(root):
        return
    for logical, node in list(resources.mapping.items()):
        if text_of(node.mapping.get("Type")) != "AWS::Serverless::Function":
            continue
        _role(resources, logical, node)
        # What is left of events is permissions to call the function, which do not need the function's turn.
        properties = node.mapping.get("Properties")
        events = properties.mapping.pop("Events", None) if properties else None
        for event in events.mapping.values() if events else ():
            if text_of(event.mapping.get("Type")) == "Cognito":
                _trigger(resources, logical, event, faults)


def _is_sam(root: Node) -> bool:
    stated = root.mapping.get("Transform")
    named = [text_of(item) for item in stated.items] if stated and stated.items else [text_of(stated)]
    return TRANSFORM in named


def _role(resources: Node, logical: str, node: Node) -> None:
    """A function without a role gets one of its own. Nothing here assumes it; policies may name it."""
    if member(node, "Properties", "Role") is None and f"{logical}Role" not in resources.mapping:
        made = grown({"Type": "AWS::Serverless::FunctionRole"}, node)
        resources.mapping[f"{logical}Role"] = made


def _trigger(resources: Node, logical: str, event: Node, faults: list[Fault]) -> None:
    pool = text_of(member(event, "Properties", "UserPool", "Ref"))
    triggers = member(event, "Properties", "Trigger")
    if pool is None or pool not in resources.mapping:
        faults.append(event.fault("UserPool must be a Ref to a user pool of this template"))
        return
    if triggers is None:
        faults.append(event.fault("Trigger is required"))
        return
    settings = resources.mapping[pool].mapping.setdefault("Properties", grown({}, event))
    config = settings.mapping.setdefault("LambdaConfig", grown({}, event))
    for name in triggers.items or [triggers]:
        if name.text:
            config.mapping.setdefault(name.text, grown({"Fn::GetAtt": [logical, "Arn"]}, event))
