"""App clients: flows, pages, providers, addresses."""

from __future__ import annotations

from collections.abc import Iterator

from cogmock.control.doctor.finding import Finding, Patient
from cogmock.state.client import UserPoolClient

PAGES = {"code", "implicit"}
FLOWS = ["ALLOW_USER_SRP_AUTH", "ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"]


def findings(patient: Patient) -> Iterator[Finding]:
    if not patient.clients:
        made = {"UserPoolId": patient.pool.id, "ClientName": "web", "ExplicitAuthFlows": FLOWS}
        command = patient.command("CreateUserPoolClient", made)
        yield patient.finding("fault", "no_client", "nobody can sign in, since it has no app client", command)
    for client in patient.clients:
        if set(client.settings.get("AllowedOAuthFlows") or ()) & PAGES:
            yield from _of_pages(patient, client)
        yield from _of_flows(patient, client)


def _of_pages(patient: Patient, client: UserPoolClient) -> Iterator[Finding]:
    settings = client.settings
    if not settings.get("AllowedOAuthFlowsUserPoolClient"):
        command = patient.client_update(client, AllowedOAuthFlowsUserPoolClient=True)
        text = "its OAuth flows are off, since AllowedOAuthFlowsUserPoolClient is false"
        yield patient.finding("fault", "oauth_off", text, command, client)
    providers = list(settings.get("SupportedIdentityProviders") or ())
    if "COGNITO" not in providers:
        yield _without_directory(patient, client, providers)
    callback = f"{patient.origin}/_cogmock/callback"
    if not settings.get("CallbackURLs"):
        command = patient.client_update(client, CallbackURLs=[callback])
        text = "its sign-in page cannot send anybody back, since it has no CallbackURLs"
        yield patient.finding("fault", "no_callback", text, command, client)
    elif not settings.get("LogoutURLs"):
        command = patient.client_update(client, LogoutURLs=[callback])
        text = "sign-out with logout_uri is refused, since it has no LogoutURLs"
        yield patient.finding("note", "no_logout", text, command, client)
    yield from _of_style(patient, client)


def _without_directory(patient: Patient, client: UserPoolClient, providers: list[str]) -> Finding:
    command = patient.client_update(client, SupportedIdentityProviders=["COGNITO", *providers])
    if providers:
        text = f"the pool's own users cannot sign in on its page, only by {', '.join(providers)}: COGNITO is missing"
        return patient.finding("note", "cognito_missing", text, command, client)
    text = "its sign-in page offers nothing, since COGNITO is not among its SupportedIdentityProviders"
    return patient.finding("fault", "cognito_missing", text, command, client)


def _of_style(patient: Patient, client: UserPoolClient) -> Iterator[Finding]:
    pool = patient.pool
    domains = list(patient.region.domains.where("pool_id", pool.id))
    if any(domain.version == 2 for domain in domains) and client.id not in pool.brandings:
        made = {"UserPoolId": pool.id, "ClientId": client.id, "UseCognitoProvidedValues": True}
        command = patient.command("CreateManagedLoginBranding", made)
        text = 'its pages say "Login pages unavailable": managed login (domain version 2) needs a style for the client'
        yield patient.finding("fault", "no_style", text, command, client)


def _of_flows(patient: Patient, client: UserPoolClient) -> Iterator[Finding]:
    flows = list(client.settings.get("ExplicitAuthFlows") or ())
    if flows and not any("USER" in flow or "CUSTOM" in flow for flow in flows):
        if client.settings.get("AllowedOAuthFlows"):
            return
        command = patient.client_update(client, ExplicitAuthFlows=list(dict.fromkeys(flows + FLOWS)))
        text = f"nobody can sign in by it: its only flows are {', '.join(flows)}"
        yield patient.finding("fault", "flows_off", text, command, client)
    elif flows and not {"ALLOW_USER_PASSWORD_AUTH", "USER_PASSWORD_AUTH"} & set(flows):
        command = patient.client_update(client, ExplicitAuthFlows=[*flows, "ALLOW_USER_PASSWORD_AUTH"])
        text = f"USER_PASSWORD_AUTH is refused; its flows are {', '.join(flows)}"
        yield patient.finding("note", "password_flow_off", text, command, client)
