"""Calls of AWS's APIs by their models: parameters that mostly fit, with faults put in."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote_plus

from cogmock import services
from cogmock.wire import model
from scripts.fuzzer.values import Values, mutated

REGIONS = ("us-east-1",) * 12 + ("eu-west-1", "cn-north-1", "us-gov-west-1", "local", "x" * 40, "../..")
FORM = "application/x-www-form-urlencoded"
JSON_SERVICES = (services.COGNITO_IDP, services.COGNITO_IDENTITY)
QUERY_SERVICES = (services.STS, services.IAM)
DEEPEST = 5
TORN = (b"", b"\x00", b"\xff\xfe", b"{", b"]", b'"', b"NaN", b"%", b"&=&", b"\xed\xa0\x80", b"[" * 3000)


def json_call(values: Values) -> tuple[str, str, dict[str, str], bytes]:
    """Method, path, headers and body of a call of user pools or identity pools."""
    chance = values.chance
    service = chance.choice((*JSON_SERVICES, services.COGNITO_IDP))
    offered = model.load(service.name)
    name = chance.choice(list(offered.operations))
    operation = offered.operations[name]
    params = shaped(values, operation.input, offered.shapes)
    for _ in range(chance.choice((0, 0, 1, 1, 2))):
        params = mutated(chance, params, values.odd())
    body = json.dumps(params).encode("utf-8", "surrogatepass")
    draw = chance.random()
    if draw < 0.03:
        body = torn(values, body)
    elif draw < 0.04:
        name = values.odd_text().encode("ascii", "replace").decode().translate(_CONTROLS) or "x"
    headers = {"X-Amz-Target": f"{service.target}.{name}", "Content-Type": "application/x-amz-json-1.1"}
    if chance.random() < 0.9:
        headers["Authorization"] = signature(values, service.name)
    return "POST", "/", headers, body


def query_call(values: Values) -> tuple[str, str, dict[str, str], bytes]:
    """Method, path, headers and body of a call of IAM or STS."""
    chance = values.chance
    service = chance.choice(QUERY_SERVICES)
    offered = model.load(service.name)
    name = chance.choice(list(offered.operations))
    params = shaped(values, offered.operations[name].input, offered.shapes)
    if chance.random() < 0.5:
        params = mutated(chance, params, values.odd())
    fields = [("Action", name), ("Version", service.version)]
    if isinstance(params, dict):
        for key, value in params.items():
            fields.extend(flat(key, value))
    if chance.random() < 0.05:
        fields.append((values.odd_text(), values.odd_text()))
    form = "&".join(f"{_quoted(key)}={_quoted(value)}" for key, value in fields)
    body = torn(values, form.encode()) if chance.random() < 0.03 else form.encode()
    headers = {"Authorization": signature(values, service.name)} if chance.random() < 0.95 else {}
    if chance.random() < 0.1 and len(body) < 4000:
        return "GET", f"/?{form}", headers, b""
    return "POST", "/", headers | {"Content-Type": FORM}, body


def shaped(values: Values, name: str | None, shapes: dict[str, Any], member: str = "", depth: int = 0) -> Any:
    """A value for a shape: all that is required, some of the rest."""
    if name is None:
        return {}
    shape, chance = shapes[name], values.chance
    match shape["type"]:
        case "structure" if not shape.get("document"):
            required = shape.get("required", ())
            rest = 0.3 if depth < 2 else 0.1
            return {
                key: shaped(values, of["shape"], shapes, key, depth + 1)
                for key, of in shape.get("members", {}).items()
                if key in required or (depth < DEEPEST and chance.random() < rest)
            }
        case "list":
            count = chance.choice((0, 1, 1, 2, 3))
            return [shaped(values, shape["member"]["shape"], shapes, member, depth + 1) for _ in range(count)]
        case "map":
            count = chance.choice((0, 1, 2))
            key, of = shape["key"]["shape"], shape["value"]["shape"]
            made = [
                (str(shaped(values, key, shapes, "key")), shaped(values, of, shapes, member, depth + 1))
                for _ in range(count)
            ]
            return dict(made)
        case kind:
            return _scalar(values, kind, shape, member)


def _scalar(values: Values, kind: str, shape: dict[str, Any], member: str) -> Any:
    chance = values.chance
    if kind == "string":
        return (
            chance.choice(shape["enum"])
            if "enum" in shape and chance.random() < 0.95
            else values.text(member)
        )
    if kind == "boolean":
        return chance.random() < 0.5
    if kind in {"integer", "long"}:
        least = shape.get("min", 0)
        return chance.randint(least, min(shape.get("max", least + 100), least + 10_000))
    if kind in {"float", "double", "timestamp"}:
        return chance.choice((0, 1.5, 1_790_000_000, -1, 1e12))
    if kind == "blob":
        return base64.b64encode(values.odd_text().encode("utf-8", "replace")).decode()
    return {"a": [1, "b", None]}


def flat(name: str, value: Any) -> Iterator[tuple[str, str]]:
    """The fields of a value, as the query protocol writes them."""
    if isinstance(value, dict):
        for key, of in list(value.items())[:20]:
            yield from flat(f"{name}.{key}", of)
    elif isinstance(value, list):
        for index, of in enumerate(value[:20], 1):
            yield from flat(f"{name}.member.{index}", of)
    elif value is not None:
        yield name, value if isinstance(value, str) else json.dumps(value)


def torn(values: Values, body: bytes) -> bytes:
    """Bytes with a fault: cut off, with others put in, or with one changed."""
    chance = values.chance
    at = chance.randrange(len(body) + 1)
    odd = chance.choice(TORN)
    return body[:at] + odd + (b"" if chance.random() < 0.3 else body[at + chance.randint(0, 1) :])


def signature(values: Values, service: str) -> str:
    chance = values.chance
    if chance.random() < 0.03:
        return values.odd_text().translate(_CONTROLS).encode("ascii", "replace").decode()
    key = chance.choice(("testing",) * 9 + ("123456789012", "ASIAAAAAAAAAAAAAAAAA", "210987654321"))
    scope = f"{key}/20260101/{chance.choice(REGIONS)}/{service}/aws4_request"
    return f"AWS4-HMAC-SHA256 Credential={scope}, SignedHeaders=host, Signature=00"


def _quoted(text: str) -> str:
    return quote_plus(text.encode("utf-8", "surrogatepass"))


_CONTROLS = dict.fromkeys([*range(32), 127], "_")
