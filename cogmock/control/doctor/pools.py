"""User pools: messages, triggers, certificates of SAML providers."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from cogmock.control.doctor.finding import Finding, Patient
from cogmock.core.functions import invoke
from cogmock.core.functions.failures import NotInvocable
from cogmock.state.identity_provider import IdentityProvider

SOON = 30 * 86400
"""Seconds before its end at which a certificate is worth a fault."""
ROLE = "arn:aws:iam::{}:role/sms"


def findings(patient: Patient) -> Iterator[Finding]:
    yield from _messages(patient)
    yield from _triggers(patient)
    for provider in list(patient.pool.identity_providers):
        if provider.metadata:
            yield from _certificates(patient, provider)


def _messages(patient: Patient) -> Iterator[Finding]:
    settings: Any = patient.pool.settings
    verified = settings.get("AutoVerifiedAttributes") or ()
    if not verified:
        command = patient.pool_update(AutoVerifiedAttributes=["email"])
        text = "sign-ups send no code, since AutoVerifiedAttributes is empty"
        yield patient.finding("note", "nothing_verified", text, command)
    wants_texts = "phone_number" in verified or "phone_number" in (settings.get("UsernameAttributes") or ())
    if wants_texts and not settings.get("SmsConfiguration"):
        sms = {"SnsCallerArn": ROLE.format(patient.region.account), "ExternalId": patient.pool.name}
        command = patient.pool_update(SmsConfiguration=sms)
        text = "no text can be sent, since it has no SmsConfiguration"
        yield patient.finding("fault", "no_sms", text, command)


def _triggers(patient: Patient) -> Iterator[Finding]:
    triggers: dict[str, Any] = dict(patient.pool.settings.get("LambdaConfig") or {})
    for trigger, configured in triggers.items():
        arn = configured.get("LambdaArn") if isinstance(configured, dict) else configured
        if not isinstance(arn, str) or not arn.startswith("arn:") or ":lambda:" not in arn:
            continue
        try:
            invoke.find(patient.world, arn)
        except NotInvocable as missing:
            name = arn.split(":function:")[-1].partition(":")[0]
            text = f"its trigger {trigger} fails: {missing}"
            command = f"cogmock serve --lambda {name}=module:callable"
            yield patient.finding("fault", "no_function", text, command)


def _certificates(patient: Patient, provider: IdentityProvider) -> Iterator[Finding]:
    now = patient.world.clock.now()
    for ends in _ends(provider.metadata):
        if ends > now + SOON:
            continue
        shown = datetime.fromtimestamp(ends, UTC).date().isoformat()
        verb = "expired" if ends <= now else "expires"
        text = f"a certificate of the SAML provider {provider.name} {verb} on {shown}"
        details = (
            {"MetadataURL": provider.details["MetadataURL"]} if provider.details.get("MetadataURL") else {}
        )
        given = {"UserPoolId": patient.pool.id, "ProviderName": provider.name}
        details = details or {"MetadataFile": "PASTE THE NEW METADATA"}
        command = patient.command("UpdateIdentityProvider", given | {"ProviderDetails": details})
        yield patient.finding("fault" if ends <= now else "note", "certificate", text, command)


def _ends(metadata: str) -> Iterator[float]:
    """When the signing certificates end; none where the metadata cannot be read."""
    from cryptography import x509

    from cogmock.federation import saml_metadata
    from cogmock.federation.safe_xml import Unverified

    try:
        found = saml_metadata.read(metadata).certificates
    except Unverified:
        return
    for each in found:
        try:
            yield x509.load_pem_x509_certificate(each.encode()).not_valid_after_utc.timestamp()
        except ValueError:
            continue
