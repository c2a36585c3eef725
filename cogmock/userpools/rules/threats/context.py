"""What a request says of its caller: address, device and time zone."""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from cogmock import foreign_json
from cogmock.core.call import Call
from cogmock.state.client import UserPoolClient
from cogmock.state.user_pool import UserPool
from cogmock.userpools.rules.threats import configuration

LONGEST = 131_072
BROWSERS = (
    ("Edge", re.compile(r"Edg/(\d+)", re.ASCII)),
    ("Opera", re.compile(r"OPR/(\d+)", re.ASCII)),
    ("Chrome", re.compile(r"Chrome/(\d+)", re.ASCII)),
    ("Firefox", re.compile(r"Firefox/(\d+)", re.ASCII)),
    ("Safari", re.compile(r"Version/(\d+).* Safari/", re.ASCII)),
)
SYSTEMS = (
    ("Windows 10", "Windows NT 10"),
    ("Windows", "Windows"),
    ("iOS", "iPhone"),
    ("iOS", "iPad"),
    ("Android", "Android"),
    ("Mac OS X", "Mac OS X"),
    ("Linux", "Linux"),
)
OTHER = "Other"


class Context(NamedTuple):
    """`is_given` says whether the request had context data of its own."""

    ip: str | None = None
    device: str | None = None
    device_id: str | None = None
    """By what a device is known again."""
    timezone: str | None = None
    is_given: bool = False


def of_app(call: Call, pool: UserPool, client: UserPoolClient, given: Mapping[str, Any] | None) -> Context:
    """UserContextData of a public operation.

    AWS dev guide: Adding user device and session data to API requests: its IpAddress counts only for a client with a
    secret and EnablePropagateAdditionalUserContextData; else the address of the caller does.
    """
    trusted = bool(client.secrets) and client.settings.get("EnablePropagateAdditionalUserContextData")
    given = given or {}
    ip = given.get("IpAddress") if trusted and configuration.mode(pool) != configuration.OFF else None
    return _read(ip or call.source_ip, given)


def of_server(given: Mapping[str, Any] | None) -> Context:
    """ContextData of an operation for administrators. Without it nothing is known: the caller is not the user."""
    if not given:
        return Context()
    headers = {
        str(each.get("headerName", "")).lower(): str(each.get("headerValue", ""))
        for each in given.get("HttpHeaders") or ()
    }
    found = _read(given.get("IpAddress"), given)
    if found.device is None and headers.get("user-agent"):
        name = device_name(headers["user-agent"])
        return found._replace(device=name, device_id=name)
    return found


def of_page(call: Call) -> Context:
    """A browser at the sign-in pages, which tell AWS the device."""
    name = device_name(call.user_agent)
    return Context(call.source_ip, name, name, None, is_given=True)


def device_name(user_agent: str) -> str:
    """As AWS writes it: `Chrome 126, Windows 10`."""
    browser = next(
        (f"{name} {found[1]}" for name, sign in BROWSERS if (found := sign.search(user_agent))), OTHER
    )
    return f"{browser}, {next((name for name, sign in SYSTEMS if sign in user_agent), OTHER)}"


def _read(ip: str | None, given: Mapping[str, Any]) -> Context:
    data = _fingerprint(given.get("EncodedData"))
    agent, device_id = data.get("UserAgent"), data.get("DeviceId")
    name = device_name(str(agent)) if agent else None
    zone = data.get("ClientTimezone")
    return Context(
        ip,
        name,
        str(device_id) if device_id else name,
        str(zone) if zone else None,
        is_given=bool(given),
    )


def _fingerprint(encoded: str | None) -> dict[str, Any]:
    """`contextData` of the text that AWS's libraries make; empty where it is not such a text."""
    if not encoded:
        return {}
    try:
        outer = foreign_json.read(base64.b64decode(encoded[:LONGEST]))
        inner = foreign_json.read(outer["payload"])
        found = inner["contextData"]
    except (ValueError, TypeError, KeyError):
        return {}
    return found if isinstance(found, dict) else {}
