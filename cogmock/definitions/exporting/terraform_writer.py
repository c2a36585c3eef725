"""What all resources of a Terraform configuration need: names, references, and values in the form of the provider."""

from __future__ import annotations

import re
from typing import Any

from cogmock.definitions.exporting import hcl
from cogmock.definitions.exporting.hcl import Block, Expression, Json
from cogmock.definitions.exporting.names import Names, label

MAPS = frozenset(
    {"tags", "attributes", "provider_details", "attribute_mapping", "supported_login_providers"}
) | {
    "principal_tags",
    "roles",
    "links",
}
"""Attributes that are maps; other structures are blocks."""
NAMES = {"From": "from_email_address", "RecoveryMechanisms": "recovery_mechanism"}


class Writer:
    """Gathers the parts of a configuration."""

    def __init__(self) -> None:
        self.names = Names(label)
        self.parts: list[str] = []
        self.ids: dict[str, str] = {}
        """Id, or what an ARN of IAM ends in → the expression that gives it."""

    def add(self, kind: str, name: str, members: dict[str, Any], adopted: str | None = None) -> None:
        if adopted is not None:
            self.parts.append(hcl.adopted(f"{kind}.{name}", adopted))
        kept = {key: of for key, of in members.items() if of not in (None, "", [], {})}
        self.parts.append(hcl.resource(kind, name, kept))

    def members(self, given: dict[str, Any], renamed: dict[str, str]) -> dict[str, Any]:
        """AWS's members under the names of the provider."""
        found = {}
        for key, value in given.items():
            if key[:1].isupper():
                name = renamed.get(key) or NAMES.get(key) or snake(key)
                found[name] = self._member(name, value)
        return found

    def _member(self, name: str, value: Any) -> Any:
        if name in MAPS:
            return self.values(value)
        if name == "settings":
            return self.document_of(value)
        if isinstance(value, dict):
            return Block(self.members(value, {}))
        if isinstance(value, list) and value and isinstance(value[0], dict):
            return [Block(self.members(each, {})) for each in value]
        return self.values(value)

    def values(self, value: Any) -> Any:
        if isinstance(value, dict):
            return {key: self.values(of) for key, of in value.items()}
        if isinstance(value, list):
            return [self.values(each) for each in value]
        return self.scalar(value) if isinstance(value, str) else value

    def scalar(self, value: str) -> Any:
        """A text, or the reference to what it names."""
        role = re.fullmatch(r"arn:[\w-]+:iam::\d{12}:((?:role|policy|saml-provider)/)(?:.*/)?([^/]+)", value)
        place = role[1] + role[2] if role else value
        issuer = re.fullmatch(r"arn:[\w-]+:iam::\d{12}:(oidc-provider/.+)", value)
        expression = self.ids.get(issuer[1] if issuer else place)
        if expression:
            return Expression(expression)
        quoted = self._interpolated(hcl.text(value))
        return Expression(quoted) if quoted != hcl.text(value) else value

    def _interpolated(self, text: str) -> str:
        for known, expression in self.ids.items():
            if "/" not in known and known in text:
                text = re.sub(rf"(?<![\w-]){re.escape(known)}(?![\w-])", f"${{{expression}}}", text)
        return text

    def reference(self, known: str) -> Any:
        return Expression(self.ids[known]) if known in self.ids else known

    def document_of(self, document: Any) -> Json:
        return Json(self.values(document))


def snake(name: str) -> str:
    """AWS's member in the form of the provider: `CallbackURLs` is callback_urls."""
    for ours, plain in (("OAuth", "Oauth"), ("URLs", "Urls"), ("ARNs", "Arns"), ("OpenId", "Openid")):
        name = name.replace(ours, plain)
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", name).lower()
