"""OpenID Connect and SAML providers of IAM."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from cogmock.core.call import Call
from cogmock.definitions.applying.run import Refused, Run
from cogmock.definitions.definition import ProviderDefinition
from cogmock.iam.backend import IamBackend
from cogmock.state.iam import OidcProvider, SamlProvider

UNCOMPARED = ("CreateDate", "ValidUntil")
"""Members of answers about a provider that follow from when something was created."""


def oidc(run: Run, stated: ProviderDefinition, region: str) -> None:
    """Creates or updates an OpenID Connect provider. It is found by its URL."""
    call = run.call(region, stated.account)
    table = call.account.iam.oidc_providers
    url = stated.params["Url"].partition("://")[2].rstrip("/")
    row = next((one for one in table if one.url == url), None)
    with suppress(Refused):
        if row is None:
            answer = run.ask(call, IamBackend, "CreateOpenIDConnectProvider", stated.params, stated.node)
            made = table[answer["OpenIDConnectProviderArn"]]
            run.undo.step(lambda: table.remove(made))
            run.created("oidc_provider", made.arn, made.url)
            return
        there, about = row, {"OpenIDConnectProviderArn": row.arn}
        changed = run.compare(
            there,
            lambda: _described(call, "GetOpenIDConnectProvider", about),
            lambda: _update_oidc(run, call, stated, there),
        )
        run.settled("oidc_provider", there.arn, there.url, changed)


def saml(run: Run, stated: ProviderDefinition, region: str) -> None:
    """Creates or updates a SAML provider. It is found by its name."""
    call = run.call(region, stated.account)
    table = call.account.iam.saml_providers
    row = next((one for one in table if one.name == stated.params["Name"]), None)
    with suppress(Refused):
        if row is None:
            answer = run.ask(call, IamBackend, "CreateSAMLProvider", stated.params, stated.node)
            made = table[answer["SAMLProviderArn"]]
            made.uuid = stated.id or made.uuid
            run.undo.step(lambda: table.remove(made))
            run.created("saml_provider", made.arn, made.name)
            return
        there, about = row, {"SAMLProviderArn": row.arn}
        if stated.id and stated.id != there.uuid:
            message = f"the SAML provider {there.name} is there with the id {there.uuid}"
            run.refuse(stated.node, message, "id")
        changed = run.compare(
            there,
            lambda: _described(call, "GetSAMLProvider", about),
            lambda: _update_saml(run, call, stated, there),
        )
        run.settled("saml_provider", there.arn, there.name, changed)


def _update_oidc(run: Run, call: Call, stated: ProviderDefinition, row: OidcProvider) -> None:
    about, params = {"OpenIDConnectProviderArn": row.arn}, stated.params

    def ask(operation: str, **given: Any) -> None:
        run.ask(call, IamBackend, operation, about | given, stated.node)

    if "ClientIDList" in params:
        for client in [held for held in row.client_ids if held not in params["ClientIDList"]]:
            ask("RemoveClientIDFromOpenIDConnectProvider", ClientID=client)
        for client in params["ClientIDList"]:
            ask("AddClientIDToOpenIDConnectProvider", ClientID=client)
    if "ThumbprintList" in params:
        ask("UpdateOpenIDConnectProviderThumbprint", ThumbprintList=params["ThumbprintList"])
    if params.get("Tags"):
        ask("TagOpenIDConnectProvider", Tags=params["Tags"])
    for key in PROPAGATION:
        if key in params:
            ask("UpdateOpenIDConnectProvider", **{key: params[key]})


def _update_saml(run: Run, call: Call, stated: ProviderDefinition, row: SamlProvider) -> None:
    about, params = {"SAMLProviderArn": row.arn}, stated.params
    known = {"Name", "Tags", "SAMLMetadataDocument", *PROPAGATION}
    plain = {key: value for key, value in params.items() if key not in known}
    if params["SAMLMetadataDocument"] != row.metadata:
        plain["SAMLMetadataDocument"] = params["SAMLMetadataDocument"]
    changes = [plain, *({key: params[key]} for key in PROPAGATION if key in params)]
    for given in filter(None, changes):
        run.ask(call, IamBackend, "UpdateSAMLProvider", about | given, stated.node)
    if params.get("Tags"):
        run.ask(call, IamBackend, "TagSAMLProvider", about | {"Tags": params["Tags"]}, stated.node)


PROPAGATION = ("ContextProvider", "IdentityCenterInstanceArn")
"""AWS changes one of them in a request."""


def _described(call: Call, operation: str, about: dict[str, str]) -> dict[str, Any]:
    answer = IamBackend.answer(call, operation, about)
    return {key: value for key, value in answer.items() if key not in UNCOMPARED}
