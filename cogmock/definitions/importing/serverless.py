"""serverless.yml as the CloudFormation template that the Serverless Framework makes of it, as far as Cognito goes.

Serverless Framework documentation: AWS Infrastructure Resources (logical ids), Cognito User Pool events.
"""

from __future__ import annotations

from collections.abc import Iterator

from cogmock.definitions.faults import Fault, InvalidConfig
from cogmock.definitions.importing.draft import Draft
from cogmock.definitions.importing.serverless_variables import Variables
from cogmock.definitions.importing.sources import Source, tree
from cogmock.definitions.importing.trees import grown, member, text_of
from cogmock.definitions.nodes import Node

NAMES = ("serverless.yml", "serverless.yaml")


def template(draft: Draft, source: Source, account: str) -> tuple[str, str, Node]:
    """The name of the stack, its Region, and its template."""
    main = source.main or next((name for name in NAMES if name in source.files), "")
    if main not in source.files:
        raise InvalidConfig([Fault("", None, f"there is no {NAMES[0]} among the files")])
    root = tree(source.files[main])
    variables = Variables(
        root, draft.faults, source.parameters, draft.around.environ, source.files, source.region, account
    )
    filled = variables.filled(root)
    named = filled.mapping.get("service")
    service = text_of(named) or text_of(member(filled, "service", "name")) or "service"
    stack = text_of(member(filled, "provider", "stackName")) or f"{service}-{variables.stage}"
    region = source.parameters.get("region") or text_of(member(filled, "provider", "region")) or source.region
    made = _sections(filled)
    _functions(draft, filled, made, f"{service}-{variables.stage}")
    return source.stack or stack, region, made


def _sections(root: Node) -> Node:
    """The `resources` of the file: one mapping, or several that are merged."""
    stated = root.mapping.get("resources")
    made = grown({"Resources": {}}, root)
    for part in (stated.items or [stated]) if stated else ():
        for section, child in part.mapping.items():
            if section != "extensions":
                made.mapping.setdefault(section, Node({}, child.path, child.line)).mapping.update(
                    child.mapping
                )
    return made


def _functions(draft: Draft, root: Node, made: Node, prefix: str) -> None:
    resources = made.mapping["Resources"].mapping
    for key, function in _named(root.mapping.get("functions")):
        logical = f"{_normalized(key)}LambdaFunction"
        name = text_of(function.mapping.get("name")) or f"{prefix}-{key}"
        properties = {"FunctionName": name}
        resources[logical] = grown({"Type": "AWS::Lambda::Function", "Properties": properties}, function)
        events = function.mapping.get("events")
        for event in events.items if events else ():
            if "cognitoUserPool" in event.mapping:
                _trigger(draft, resources, logical, event.mapping["cognitoUserPool"])


def _named(section: Node | None) -> Iterator[tuple[str, Node]]:
    """Functions stand in a mapping, or in a list of mappings."""
    for part in (section.items or [section]) if section else ():
        yield from part.mapping.items()


def _trigger(draft: Draft, resources: dict[str, Node], function: str, event: Node) -> None:
    pool, trigger = (text_of(event.mapping.get(key)) for key in ("pool", "trigger"))
    if not pool or not trigger:
        draft.faults.append(event.fault("pool and trigger are required"))
        return
    if text_of(event.mapping.get("existing")) == "true":
        draft.skip(pool, f"cognitoUserPool {trigger}", "the pool is not this stack's: set its trigger there")
        return
    logical = f"CognitoUserPool{_normalized(pool)}"
    made = grown({"Type": "AWS::Cognito::UserPool", "Properties": {"UserPoolName": pool}}, event)
    properties = resources.setdefault(logical, made).mapping.setdefault("Properties", grown({}, event))
    config = properties.mapping.setdefault("LambdaConfig", grown({}, event))
    config.mapping.setdefault(trigger, grown({"Fn::GetAtt": [function, "Arn"]}, event))


def _normalized(name: str) -> str:
    """A name as part of a logical id."""
    plain = name.replace("-", "Dash").replace("_", "Underscore")
    return plain[:1].upper() + "".join(character for character in plain[1:] if character.isalnum())
