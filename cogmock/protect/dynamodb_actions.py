"""Which actions of IAM a request of DynamoDB needs, on which tables, and what conditions may ask of it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from cogmock.protect.request import Ask, ProxyRequest, Refusal

Body = dict[str, Any]
Schema = Callable[[str, str], str | None]
"""(table, index) → the name of its partition key; None where there is no such table."""

LONGEST = 8192
"""Characters that an expression or a statement may have (DynamoDB: quotas)."""
NO_KEY = [""]
"""Where keys are hidden in an expression that is not read: no key is empty, so this equals none."""

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
    """How ARNs are made for a caller."""

    region: str
    account: str

    def table(self, name: str, index: str = "") -> str:
        arn = (
            name if name.startswith("arn:") else f"arn:aws:dynamodb:{self.region}:{self.account}:table/{name}"
        )
        return f"{arn}/index/{index}" if index else arn


def asks(request: ProxyRequest, operation: str, body: Body, schema: Schema) -> list[Ask]:
    """All that must be allowed. Raises Refusal where the body is not what the operation takes."""
    names = Names(request.region, request.account)
    if any(len(text) > LONGEST for text in _expressions(body)):
        raise Refusal("body")
    try:
        return list(_asks(names, operation, body, schema))
    except (TypeError, AttributeError, KeyError, ValueError):
        raise Refusal("body") from None


def _expressions(value: Any) -> Iterator[str]:
    """All expressions and statements of a request, however deep."""
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


def _asks(names: Names, operation: str, body: Body, schema: Schema) -> Iterator[Ask]:
    match operation:
        case "BatchGetItem":
            for table, part in body["RequestItems"].items():
                yield _ask(names, operation, table, part, part["Keys"], schema)
        case "BatchWriteItem":
            for table, writes in body["RequestItems"].items():
                items = [item for write in writes for item in _written(write)]
                yield _ask(names, operation, table, {}, items, schema)
        case "TransactGetItems" | "TransactWriteItems":
            for each in body["TransactItems"]:
                yield _transacted(names, operation, each, schema)
        case "ExecuteStatement" | "BatchExecuteStatement" | "ExecuteTransaction":
            for each in body.get("Statements") or body.get("TransactStatements") or [body]:
                yield _statement(names, each["Statement"])
        case "ListTables":
            yield Ask("dynamodb:ListTables", names.table("*"))
        case _:
            yield _single(names, operation, body, schema)


def _written(write: Body) -> Iterator[Body]:
    for kind, inner in write.items():
        yield inner[{"PutRequest": "Item", "DeleteRequest": "Key"}[kind]]


def _transacted(names: Names, operation: str, each: Body, schema: Schema) -> Ask:
    ((kind, part),) = each.items()
    items = [part[key] for key in ("Key", "Item") if key in part]
    ask = _ask(names, _WRITES[kind], part["TableName"], part, items, schema)
    return replace(ask, context={**ask.context, "dynamodb:EnclosingOperation": operation})


def _single(names: Names, operation: str, body: Body, schema: Schema) -> Ask:
    if "TableName" not in body:
        resource = next(
            (body[key] for key in ("ResourceArn", "StreamArn", "BackupArn", "ExportArn") if key in body), "*"
        )
        return Ask(f"dynamodb:{operation}", str(resource))
    items = [body[key] for key in ("Key", "Item") if key in body]
    if operation == "Query":
        items = list(_queried(body, schema(str(body["TableName"]), str(body.get("IndexName") or ""))))
    return _ask(names, operation, str(body["TableName"]), body, items, schema)


def _ask(names: Names, action: str, table: str, part: Body, items: list[Body], schema: Schema) -> Ask:
    """A question about one table or index."""
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
    return Ask(f"dynamodb:{action}", names.table(table, index), context)


def _select(part: Body) -> str:
    if isinstance(part.get("Select"), str):
        return str(part["Select"])
    some = part.get("ProjectionExpression") or part.get("AttributesToGet")
    return "SPECIFIC_ATTRIBUTES" if some else "ALL_ATTRIBUTES"


def _queried(body: Body, key: str | None) -> Iterator[Body]:
    """The partition keys that a query asks for. One that hides them asks for none that can be."""
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


def _statement(names: Names, text: str) -> Ask:
    """PartiQL: its table is told; its keys are not read, so a condition on keys never allows it."""
    found = _PARTIQL.match(text)
    if found is None:
        raise Refusal("body")
    verb = next(word for word in found.groups()[:4] if word)
    context = {"dynamodb:LeadingKeys": NO_KEY, "dynamodb:Attributes": NO_KEY}
    return Ask(f"dynamodb:PartiQL{verb.title()}", names.table(found[5], found[6] or ""), context)


def _attributes(part: Body) -> Iterator[str]:
    """The attributes that a request names, each by what it begins with."""
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
    """A key's value as conditions compare it; binary ones in base64."""
    if isinstance(value, dict) and len(value) == 1:
        (of,) = value.values()
        return of if isinstance(of, str) else NO_KEY[0]
    return NO_KEY[0]
