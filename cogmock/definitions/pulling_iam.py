"""The IAM of an account as blocks of a document, read through AWS's API: get and list calls only."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from cogmock.definitions.pulled import stated
from cogmock.iam.managed import catalogue

Data = dict[str, Any]
OF_AWS = ("/aws-service-role/", "/aws-reserved/")
"""Paths of roles that AWS's services make for themselves."""
MOST_CHARACTERS = {"Role": 10240, "User": 2048, "Group": 5120}
"""Of all inline policies of one principal together (IAM guide: quotas)."""


@dataclass(slots=True)
class Puller:
    """Reads with a client of IAM. `warnings` tells what is otherwise than in AWS."""

    client: Any
    warnings: list[str] = field(default_factory=list)

    def pull(self) -> Data:
        """The lists that are about IAM. Raises ClientError of botocore."""
        policies = [*self._policies()]
        found = {
            "oidc_providers": [*self._oidc_providers()],
            "saml_providers": [*self._saml_providers()],
            "iam_policies": policies,
            "iam_groups": [self._principal("Group", one) for one in self._pages("list_groups", "Groups")],
            "iam_users": [self._user(one) for one in self._pages("list_users", "Users")],
            "roles": [
                self._role(one)
                for one in self._pages("list_roles", "Roles")
                if not one["Path"].startswith(OF_AWS)
            ],
        }
        return stated(found)

    def _pages(self, call: str, member: str, **about: Any) -> Iterator[Any]:
        for page in self.client.get_paginator(call).paginate(**about):
            yield from page[member]

    def _policies(self) -> Iterator[Data]:
        for listed in self._pages("list_policies", "Policies", Scope="Local"):
            about = {"PolicyArn": listed["Arn"]}
            policy = self.client.get_policy(**about)["Policy"]
            versions = {
                one["VersionId"]: self._document(listed["Arn"], one["VersionId"])
                for one in self._pages("list_policy_versions", "Versions", **about)
            }
            found = {"PolicyName": policy["PolicyName"], "id": policy["PolicyId"], **_common(policy)}
            found["Description"] = policy.get("Description")
            if [*versions] == ["v1"]:
                yield stated(found | {"PolicyDocument": versions["v1"]})
            else:
                default = policy["DefaultVersionId"]
                yield stated(found | {"versions": dict(reversed(versions.items())), "default": default})

    def _document(self, arn: str, version: str) -> Any:
        answer = self.client.get_policy_version(PolicyArn=arn, VersionId=version)
        return answer["PolicyVersion"]["Document"]

    def _role(self, listed: Data) -> Data:
        role = self.client.get_role(RoleName=listed["RoleName"])["Role"]
        longest = role.get("MaxSessionDuration")
        return self._principal("Role", role) | stated(
            {
                "AssumeRolePolicyDocument": role["AssumeRolePolicyDocument"],
                "Description": role.get("Description"),
                "MaxSessionDuration": None if longest == 3600 else longest,
                "MaxSigninSessionDuration": role.get("MaxSigninSessionDuration"),
            }
        )

    def _user(self, listed: Data) -> Data:
        about = {"UserName": listed["UserName"]}
        user = self.client.get_user(**about)["User"]
        groups = [one["GroupName"] for one in self._pages("list_groups_for_user", "Groups", **about)]
        return self._principal("User", user) | ({"groups": groups} if groups else {})

    def _principal(self, noun: str, row: Data) -> Data:
        name = row[f"{noun}Name"]
        about, kind = {f"{noun}Name": name}, noun.lower()
        policies = {
            policy: getattr(self.client, f"get_{kind}_policy")(**about, PolicyName=policy)["PolicyDocument"]
            for policy in self._pages(f"list_{kind}_policies", "PolicyNames", **about)
        }
        attached = []
        for one in self._pages(f"list_attached_{kind}_policies", "AttachedPolicies", **about):
            if catalogue.is_one(one["PolicyArn"]) and catalogue.find(one["PolicyArn"]) is None:
                policies[one["PolicyName"]] = self._written_out(noun, name, one)
            else:
                attached.append(one["PolicyArn"])
        found = {f"{noun}Name": name, "id": row[f"{noun}Id"], **_common(row)}
        return stated(found | {"managed_policies": attached, "policies": policies})

    def _written_out(self, noun: str, name: str, policy: Data) -> Any:
        """The document of a policy of AWS that cogmock has no copy of."""
        told = f"the policy {policy['PolicyName']} of AWS is written as an inline policy of the {noun.lower()} {name}"
        self.warnings.append(f"{told}, which may be at most {MOST_CHARACTERS[noun]} characters long")
        arn = policy["PolicyArn"]
        return self._document(arn, self.client.get_policy(PolicyArn=arn)["Policy"]["DefaultVersionId"])

    def _oidc_providers(self) -> Iterator[Data]:
        for listed in self.client.list_open_id_connect_providers()["OpenIDConnectProviderList"]:
            answer = self.client.get_open_id_connect_provider(OpenIDConnectProviderArn=listed["Arn"])
            kept = ("ClientIDList", "ThumbprintList", "Tags", *PROPAGATION)
            yield stated({"Url": f"https://{answer['Url']}"} | {key: answer.get(key) for key in kept})

    def _saml_providers(self) -> Iterator[Data]:
        for listed in self.client.list_saml_providers()["SAMLProviderList"]:
            answer = self.client.get_saml_provider(SAMLProviderArn=listed["Arn"])
            found = {"Name": listed["Arn"].rpartition("/")[2], "id": answer.get("SAMLProviderUUID")}
            yield stated(
                found | {key: answer.get(key) for key in ("SAMLMetadataDocument", "Tags", *PROPAGATION)}
            )


PROPAGATION = ("ContextProvider", "IdentityCenterInstanceArn")


def _common(row: Data) -> Data:
    limit = row.get("PermissionsBoundary", {}).get("PermissionsBoundaryArn")
    path = row.get("Path")
    return {"Path": None if path == "/" else path, "PermissionsBoundary": limit, "Tags": row.get("Tags")}
