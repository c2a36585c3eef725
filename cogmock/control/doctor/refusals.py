"""What the last requests were refused for, as far as settings would mend it and have not done so since."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from cogmock.control.doctor.finding import Finding, Patient
from cogmock.core import subject
from cogmock.core.journal import Entry
from cogmock.state.client import UserPoolClient

SHOWN = 3
"""Registered addresses that a finding names."""
FLOW = {
    "USER_PASSWORD_AUTH": "ALLOW_USER_PASSWORD_AUTH",
    "ADMIN_USER_PASSWORD_AUTH": "ALLOW_ADMIN_USER_PASSWORD_AUTH",
    "ADMIN_NO_SRP_AUTH": "ALLOW_ADMIN_USER_PASSWORD_AUTH",
    "USER_SRP_AUTH": "ALLOW_USER_SRP_AUTH",
    "CUSTOM_AUTH": "ALLOW_CUSTOM_AUTH",
    "USER_AUTH": "ALLOW_USER_AUTH",
    "REFRESH_TOKEN_AUTH": "ALLOW_REFRESH_TOKEN_AUTH",
    "REFRESH_TOKEN": "ALLOW_REFRESH_TOKEN_AUTH",
}
"""AuthFlow → the ExplicitAuthFlow that permits it."""


def findings(patient: Patient) -> Iterator[Finding]:
    clients = {client.id: client for client in patient.clients}
    told: set[tuple[str, str, str]] = set()
    for entry in reversed(list(patient.world.journal)):
        if not entry.is_refused or subject.user_pool_id(patient.world, entry) != patient.pool.id:
            continue
        given = entry.parameters if isinstance(entry.parameters, dict) else {}
        client = clients.get(str(given.get("client_id") or given.get("ClientId") or ""))
        if client is None:
            continue
        for finding, key in _of(patient, client, entry, given):
            if (client.id, finding.code, key) not in told:
                told.add((client.id, finding.code, key))
                yield finding


def _of(
    patient: Patient, client: UserPoolClient, entry: Entry, given: dict[str, Any]
) -> Iterator[tuple[Finding, str]]:
    """The findings of one request, each with what tells it from others of its kind."""
    if entry.kind == "api":
        yield from _flow(patient, client, entry, given)
        return
    addresses = (
        ("redirect_uri", "CallbackURLs", "redirect_mismatch"),
        ("logout_uri", "LogoutURLs", "logout_mismatch"),
    )
    for parameter, setting, code in addresses:
        asked = given.get(parameter)
        registered = list(dict(client.settings).get(setting) or ())  # type: ignore[call-overload]
        if isinstance(asked, str) and asked and asked not in registered and asked in (entry.reason or ""):
            command = patient.client_update(client, **{setting: [*registered, asked]})
            has = _shortened(registered)
            text = f"{parameter} {asked} was refused: it is not among the {setting} of the client ({has})"
            yield patient.finding("fault", code, text, command, client), asked


def _shortened(addresses: list[str]) -> str:
    more = len(addresses) - SHOWN
    return (", ".join(addresses[:SHOWN]) or "none") + (f" and {more} more" if more > 0 else "")


def _flow(
    patient: Patient, client: UserPoolClient, entry: Entry, given: dict[str, Any]
) -> Iterator[tuple[Finding, str]]:
    flow = str(given.get("AuthFlow", ""))
    wanted, flows = FLOW.get(flow), list(client.settings.get("ExplicitAuthFlows") or ())
    if wanted is None or wanted in flows or "not enabled" not in (entry.message or ""):
        return
    command = patient.client_update(client, ExplicitAuthFlows=[*flows, wanted])
    text = f"{entry.operation} with {flow} was refused: the client does not have {wanted}"
    yield patient.finding("fault", "flow_refused", text, command, client), flow
