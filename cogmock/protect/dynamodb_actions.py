"""The IAM actions that a DynamoDB request needs, with resources and condition keys."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from cogmock.protect.request import ProxyRequest, Refusal, RequiredAction
from cogmock.wire import arns

Body = dict[str, Any]
Schema = Callable[[str, str], str | None]
"""(table, index) → the name of its partition key; None where there is no such table."""

LONGEST = 8192
"""Characters of an expression or a statement (DynamoDB dev guide: quotas)."""
NO_KEY = [""]
"""Stands for keys that cannot be determined. No real key is empty, so a condition on keys never matches it."""

_WRITES = {
    "Put": "PutItem",
    "Update": "UpdateItem",
    "Delete": "DeleteItem",
    "ConditionCheck": "ConditionCheckItem",
    "Get": "GetItem",
}
_PARTIQL = re.compile(
    r"\s*(?:(select)\b.*?\bfrom|(insert)\s+into|(update)|(delete)\s+from)\s+\"?([\w.-]+)\"?(?:\s*\.\s*\"?([\w.-]+)\"?)?",
    re.IGNORECASE | re.DOTALL,
)
_NAMES = re.compile(r"(?<![\w.:#-])#?[A-Za-z_][\w-]*")
_EQUALITY = re.compile(r"(#?[A-Za-z_][\w.-]*)\s*=\s*(:\w+)")
_WORDS = frozenset(
    (
        *("and", "or", "not", "between", "in", "set", "remove", "add", "delete", "size", "contains"),
        *("attribute_exists", "attribute_not_exists", "attribute_type", "begins_with"),
        *("if_not_exists", "list_append"),
    )
)
_EXPRESSIONS = (
    *("ProjectionExpression", "FilterExpression", "ConditionExpression", "UpdateExpression"),
    "KeyConditionExpression",
)
_MAPS = ("Key", "Item", "Expected", "AttributeUpdates", "KeyConditions", "QueryFilter", "ScanFilter")


@dataclass(frozen=True, slots=True)
class Names:
    """Makes the ARNs of a caller's tables."""

    region: str
    account: str

    def table(self, name: str, index: str = "") -> str:
        own = arns.arn("dynamodb", self.region, self.account, f"table/{name}")
        arn = name if name.startswith("arn:") else own
        return f"{arn}/index/{index}" if index else arn


def required(request: ProxyRequest, operation: str, body: Body, schema: Schema) -> list[RequiredAction]:
    """All actions that must be allowed. Raises Refusal if the body does not have the operation's form."""
    names = Names(request.region, request.account)
    if any(len(text) > LONGEST for text in _expressions(body)):
        raise Refusal("body")
    try:
        return list(_required(names, operation, body, schema))
    except (TypeError, AttributeError, KeyError, ValueError):
        raise Refusal("body") from None


def _expressions(value: Any) -> Iterator[str]:
    """All expressions and statements of a request, at any depth."""
    waiting = [value]
    while waiting:
        each = waiting.pop()
        if isinstance(each, dict):
            yield from (
                each[name] for name in (*_EXPRESSIONS, "Statement") if isinstance(each.get(name), str)
            )
            waiting += each.values()
        elif isinstance(each, list):
            waiting += each


def _required(names: Names, operation: str, body: Body, schema: Schema) -> Iterator[RequiredAction]:
    match operation:
        case "BatchGetItem":
            for table, part in body["RequestItems"].items():
                yield _table_action(names, operation, table, part, part["Keys"], schema)
        case "BatchWriteItem":
            for table, writes in body["RequestItems"].items():
                items = [item for write in writes for item in _written(write)]
                yield _table_action(names, operation, table, {}, items, schema)
        case "TransactGetItems" | "TransactWriteItems":
            for each in body["TransactItems"]:
                yield _transacted(names, operation, each, schema)
        case "ExecuteStatement" | "BatchExecuteStatement" | "ExecuteTransaction":
            for each in body.get("Statements") or body.get("TransactStatements") or [body]:
                yield _statement(names, each["Statement"])
        case "ListTables":
            yield RequiredAction("dynamodb:ListTables", names.table("*"))
        case _:
            yield _single(names, operation, body, schema)


def _written(write: Body) -> Iterator[Body]:
    for kind, inner in write.items():
        yield inner[{"PutRequest": "Item", "DeleteRequest": "Key"}[kind]]


def _transacted(names: Names, operation: str, each: Body, schema: Schema) -> RequiredAction:
    ((kind, part),) = each.items()
    items = [part[key] for key in ("Key", "Item") if key in part]
    action = _table_action(names, _WRITES[kind], part["TableName"], part, items, schema)
    return replace(action, context={**action.context, "dynamodb:EnclosingOperation": operation})


def _single(names: Names, operation: str, body: Body, schema: Schema) -> RequiredAction:
    if "TableName" not in body:
        resource = next(
            (body[key] for key in ("ResourceArn", "StreamArn", "BackupArn", "ExportArn") if key in body), "*"
        )
        return RequiredAction(f"dynamodb:{operation}", str(resource))
    items = [body[key] for key in ("Key", "Item") if key in body]
    if operation == "Query":
        items = list(_queried(body, schema(str(body["TableName"]), str(body.get("IndexName") or ""))))
    return _table_action(names, operation, str(body["TableName"]), body, items, schema)


def _table_action(
    names: Names, action: str, table: str, part: Body, items: list[Body], schema: Schema
) -> RequiredAction:
    """The action on one table or index, with its condition keys."""
    index = str(part.get("IndexName") or "")
    context: dict[str, str | list[str]] = {}
    if items:
        key = schema(table, index)
        if key is not None:
            context["dynamodb:LeadingKeys"] = [_plain(item.get(key)) for item in items]
    attributes = dict.fromkeys([*_attributes(part), *(name for item in items for name in item)])
    if attributes:
        context["dynamodb:Attributes"] = list(attributes)
    if action in {"Query", "Scan", "GetItem", "BatchGetItem"}:
        context["dynamodb:Select"] = _select(part)
    for name in ("ReturnValues", "ReturnConsumedCapacity"):
        if isinstance(part.get(name), str):
            context[f"dynamodb:{name}"] = part[name]
    return RequiredAction(f"dynamodb:{action}", names.table(table, index), context)


def _select(part: Body) -> str:
    if isinstance(part.get("Select"), str):
        return str(part["Select"])
    some = part.get("ProjectionExpression") or part.get("AttributesToGet")
    return "SPECIFIC_ATTRIBUTES" if some else "ALL_ATTRIBUTES"


def _queried(body: Body, key: str | None) -> Iterator[Body]:
    """The partition keys that a query asks for; NO_KEY if they cannot be determined."""
    if key is None:
        return
    found = []
    aliases = body.get("ExpressionAttributeNames") or {}
    values = body.get("ExpressionAttributeValues") or {}
    for name, value in _EQUALITY.findall(str(body.get("KeyConditionExpression") or "")):
        if aliases.get(name, name) == key and value in values:
            found.append(values[value])
    condition = (body.get("KeyConditions") or {}).get(key) or {}
    found += condition.get("AttributeValueList") or []
    yield from ({key: value} for value in found or [{"S": NO_KEY[0]}])


def _statement(names: Names, text: str) -> RequiredAction:
    """The action of a PartiQL statement. Its keys are not parsed, so a condition on keys never allows it."""
    found = _PARTIQL.match(text)
    if found is None:
        raise Refusal("body")
    verb = next(word for word in found.groups()[:4] if word)
    context = {"dynamodb:LeadingKeys": NO_KEY, "dynamodb:Attributes": NO_KEY}
    return RequiredAction(f"dynamodb:PartiQL{verb.title()}", names.table(found[5], found[6] or ""), context)


def _attributes(part: Body) -> Iterator[str]:
    """The top-level attributes that a request names."""
    aliases = part.get("ExpressionAttributeNames") or {}
    for name in _EXPRESSIONS:
        for token in _NAMES.findall(str(part.get(name) or "")):
            if token.lower() not in _WORDS:
                yield str(aliases.get(token, token))
    for name in _MAPS:
        found = part.get(name) or {}
        yield from (str(key) for key in _iterated(found))
    yield from (str(name) for name in part.get("AttributesToGet") or ())


def _iterated(found: Any) -> Iterable[Any]:
    return found if isinstance(found, dict) else ()


def _plain(value: Any) -> str:
    """The value of a key as conditions compare it, binary values in base64; NO_KEY for other types."""
    if isinstance(value, dict) and len(value) == 1:
        (content,) = value.values()
        return content if isinstance(content, str) else NO_KEY[0]
    return NO_KEY[0]
