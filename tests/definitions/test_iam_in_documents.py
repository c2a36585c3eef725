"""What an account has in IAM, in documents: policies, users, groups, roles, and providers of identities."""

from __future__ import annotations

import json

import pytest
from support.another_server import another_server
from support.shop_document import IAM, METADATA
from support.shown_state import shown

from cogmock.definitions.applying.document import apply
from cogmock.definitions.exporting.document import export
from cogmock.definitions.load import load_data

ISSUER = "arn:aws:iam::123456789012:oidc-provider/issuer.example.com/shop"
CORP = "arn:aws:iam::123456789012:saml-provider/corp"
LIMITS = "arn:aws:iam::123456789012:policy/limits"
READING = "arn:aws:iam::123456789012:policy/shop/reading"
READ = '{Version: "2012-10-17", Statement: [{Effect: Allow, Action: "s3:GetObject", Resource: "*"}]}'
WRITE = READ.replace("GetObject", "PutObject")
TRUST = '{Version: "2012-10-17", Statement: [{Effect: Allow, Principal: "*", Action: "sts:AssumeRole"}]}'
REFUSED = "pools: [{PoolName: x, MfaConfiguration: 'ON'}]\n"


def told(report):
    return {(one.kind, one.name): one.fields for one in report.changes if one.change == "updated"}


def kinds(report):
    return {(one.kind, one.name) for one in report.changes}


class TestRoundTrip:
    def test_an_export_gives_the_same_again_with_ids(self, documents):
        documents.apply(IAM)
        before, document = shown(), export(documents.world)
        with another_server() as other:
            apply(other.world, load_data(document))
            assert shown() == before
            again = apply(other.world, load_data(document)).summary
        assert (again["created"], again["updated"]) == (0, 0)
        ids = [
            one["id"] for key in ("roles", "iam_users", "iam_groups", "iam_policies") for one in document[key]
        ]
        assert all(one[:4] in {"AROA", "AIDA", "AGPA", "ANPA"} for one in ids)

    def test_in_another_account(self, documents):
        documents.apply(
            f"accounts: {{'210987654321': {{iam_groups: [{{GroupName: far, policies: {{own: {READ}}}}}]}}}}"
        )
        assert documents.iam.list_groups()["Groups"] == []
        [group] = export(documents.world)["accounts"]["210987654321"]["iam_groups"]
        assert group["GroupName"] == "far"

    def test_what_get_answers_can_be_pasted(self, documents):
        documents.apply(IAM)
        found = {
            "oidc_providers": [documents.iam.get_open_id_connect_provider(OpenIDConnectProviderArn=ISSUER)],
            "saml_providers": [{"Name": "corp", **documents.iam.get_saml_provider(SAMLProviderArn=CORP)}],
            "roles": [documents.iam.get_role(RoleName="reader")["Role"]],
            "iam_users": [documents.iam.get_user(UserName="dora")["User"]],
            "iam_groups": [documents.iam.get_group(GroupName="staff")["Group"]],
        }
        for listed in found.values():
            listed[0].pop("ResponseMetadata", None)
        document = json.loads(json.dumps(found, default=str))
        assert apply(documents.world, load_data(document)).summary["unchanged"] == 5


class TestEffect:
    def test_a_user_may_what_its_policies_and_those_of_its_groups_allow(self, documents):
        documents.apply(
            f"iam_policies: [{{PolicyName: p, PolicyDocument: {READ}}}]\n"
            "iam_groups: [{GroupName: g, managed_policies: [p]}]\n"
            f"iam_users: [{{UserName: u, groups: [g], policies: {{own: {WRITE}}}}}]\n"
        )
        answer = documents.iam.simulate_principal_policy(
            PolicySourceArn="arn:aws:iam::123456789012:user/u",
            ActionNames=["s3:GetObject", "s3:PutObject", "s3:DeleteObject"],
        )
        decisions = [one["EvalDecision"] for one in answer["EvaluationResults"]]
        assert decisions == ["allowed", "allowed", "implicitDeny"]

    def test_the_metadata_of_a_provider_from_a_file(self, documents, tmp_path):
        (tmp_path / "corp.xml").write_text(METADATA)
        documents.apply("saml_providers: [{Name: corp, SAMLMetadataDocument: corp.xml}]", folder=tmp_path)
        assert documents.iam.get_saml_provider(SAMLProviderArn=CORP)["SAMLMetadataDocument"] == METADATA


CHANGES = {
    "client ids": ("ClientIDList: [app, web]", "ClientIDList: [web, jobs]", "oidc_provider", "ClientIDList"),
    "thumbprints": ("990f4193", "000f4193", "oidc_provider", "ThumbprintList"),
    "a context": ("SubjectSourceKey: sub", "SubjectSourceKey: email", "oidc_provider", "ContextProvider"),
    "metadata": ("idp.example.com", "new.example.com", "saml_provider", "SAMLMetadataDocument"),
    "a description": (
        "MaxSigninSessionDuration: 7200",
        "MaxSigninSessionDuration: 3600",
        "role",
        "MaxSigninSessionDuration",
    ),
    "a default version": ("default: v2", "default: v4", "iam_policy", "default"),
    "groups": ("groups: [staff]", "groups: [staff, guests]", "iam_user", "groups"),
    "attached": (
        "{GroupName: staff, managed_policies: [reading]",
        "{GroupName: staff, managed_policies: [limits]",
        "iam_group",
        "managed_policies",
    ),
    "tags": (
        "- {PolicyName: reading, Path: /shop/, Description: reads, Tags: [{Key: team, Value: shop}]",
        "- {PolicyName: reading, Path: /shop/, Description: reads, Tags: [{Key: team, Value: b}]",
        "iam_policy",
        "Tags",
    ),
}


@pytest.mark.parametrize(("old", "new", "kind", "field"), CHANGES.values(), ids=CHANGES)
class TestAgain:
    def test_a_change_is_told_once(self, documents, old, new, kind, field):
        documents.apply(IAM)
        assert documents.apply(IAM).summary["updated"] == 0
        assert old in IAM
        changed = IAM.replace(old, new)
        fields = [
            of for (changed_kind, _), of in told(documents.apply(changed)).items() if changed_kind == kind
        ]
        assert field in fields[0]
        assert documents.apply(changed).summary["updated"] == 0

    def test_it_is_taken_back_with_a_refused_document(self, documents, old, new, kind, field):
        documents.apply(IAM)
        before = shown()
        assert documents.faults(IAM.replace(old, new) + REFUSED)
        documents.apply(IAM.replace(old, new), dry_run=True)
        assert shown() == before


def test_nothing_is_there_after_a_refused_document(documents):
    before = shown()
    assert documents.faults(IAM + REFUSED)
    assert shown() == before == []


class TestVersionsOfPolicies:
    def policy(self, document):
        return f"iam_policies: [{{PolicyName: p, PolicyDocument: {document}}}]"

    def versions(self, documents, arn="arn:aws:iam::123456789012:policy/p"):
        listed = documents.iam.list_policy_versions(PolicyArn=arn)["Versions"]
        return {one["VersionId"]: one["IsDefaultVersion"] for one in listed}

    def test_another_document_is_another_version(self, documents):
        for action in "ABCDEFG":
            documents.apply(self.policy(READ.replace("GetObject", f"Get{action}")))
        assert self.versions(documents) == {"v7": True, "v6": False, "v5": False, "v4": False, "v3": False}

    def test_stated_versions_are_then_those_that_there_are(self, documents):
        documents.apply(self.policy(READ))
        documents.apply(f"iam_policies: [{{PolicyName: p, versions: {{v1: {READ}, v3: {WRITE}}}}}]")
        assert self.versions(documents) == {"v1": False, "v3": True}


class TestPrune:
    def test_what_the_lists_do_not_name_goes(self, documents):
        documents.apply(IAM)
        report = documents.apply(
            "iam_users: []\niam_groups: []\nroles: []\niam_policies: []\noidc_providers: []\nsaml_providers: []",
            prune=True,
        )
        assert {one.change for one in report.changes} == {"deleted"}
        assert ("oidc_provider", "issuer.example.com/shop") in kinds(report)
        assert shown() == []

    def test_a_dry_run_names_what_would_go(self, documents):
        documents.apply(IAM)
        before = shown()
        assert ("iam_user", "dora") in kinds(documents.apply("iam_users: []", prune=True, dry_run=True))
        assert shown() == before

    def test_lists_that_are_not_there_are_left_alone(self, documents):
        documents.apply(IAM)
        before = shown()
        documents.apply("pools: []", prune=True)
        assert shown() == before

    def test_a_policy_that_something_has_is_a_fault(self, documents):
        documents.apply(IAM)
        before = shown()
        faults = [fault[2] for fault in documents.faults("iam_policies: []", prune=True)]
        assert "the managed policy limits is not named, and dora has it" in faults
        assert shown() == before

    def test_the_roles_of_identity_pools_stay(self, documents):
        made = f"identity_pools: [{{IdentityPoolName: a, roles: {{authenticated: {{policy: {READ}}}}}}}]\n"
        documents.apply(made)
        documents.apply(made + "roles: []", prune=True)
        assert [role["RoleName"] for role in documents.iam.list_roles()["Roles"]] == ["a-authenticated"]

    def test_a_user_leaves_groups_and_loses_policies_that_its_block_does_not_name(self, documents):
        documents.apply(IAM.replace("groups: [staff]", "groups: [staff, guests]"))
        documents.apply(IAM, prune=True)
        groups = documents.iam.list_groups_for_user(UserName="dora")["Groups"]
        assert [group["GroupName"] for group in groups] == ["staff"]


FAULTS = {
    "an id of another kind": (
        "iam_users: [{UserName: u, id: AROAEXAMPLE0123456789}]",
        "iam_users[0].id",
        "an id is AIDA and capital letters and digits, for example AIDAEXAMPLE0123456789",
    ),
    "a policy that is not there": (
        f"iam_policies: [{{PolicyName: reading, PolicyDocument: {READ}}}]\niam_groups: [{{GroupName: g, managed_policies: [readings]}}]",
        "iam_groups[0].managed_policies[0]",
        "there is no managed policy readings in the document or on the server; did you mean 'reading'?",
    ),
    "a group that is not there": (
        "iam_groups: [{GroupName: staff}]\niam_users: [{UserName: u, groups: [staf]}]",
        "iam_users[0].groups[0]",
        "there is no IAM group staf in the document or on the server; did you mean 'staff'?",
    ),
    "two documents": (
        f"iam_policies: [{{PolicyName: p, PolicyDocument: {READ}, versions: {{v1: {READ}}}}}]",
        "iam_policies[0].PolicyDocument",
        "a policy has PolicyDocument, or versions, not both",
    ),
    "no document": (
        "iam_policies: [{PolicyName: p}]",
        "iam_policies[0].PolicyDocument",
        "this key is required",
    ),
    "no version": (
        "iam_policies: [{PolicyName: p, versions: {}}]",
        "iam_policies[0].versions",
        "a policy has at least one version",
    ),
    "a version of another name": (
        f"iam_policies: [{{PolicyName: p, versions: {{one: {READ}}}}}]",
        "iam_policies[0].versions.one",
        "a version is named v1, v2 and so on, not one",
    ),
    "a default that is not there": (
        f"iam_policies: [{{PolicyName: p, versions: {{v1: {READ}}}, default: v2}}]",
        "iam_policies[0].default",
        "the policy has no version v2 under versions; it has v1",
    ),
    "a key that is not there": (
        "iam_users: [{UserName: u, group: [a]}]",
        "iam_users[0].group",
        "unknown key 'group'; did you mean 'groups'?",
    ),
    "a URL that is none": (
        "oidc_providers: [{Url: 'http://issuer.example.com'}]",
        "oidc_providers[0]",
        "Invalid Open ID Connect Provider URL",
    ),
    "metadata that is not there": (
        "saml_providers: [{Name: corp, SAMLMetadataDocument: nowhere.xml}]",
        "saml_providers[0].SAMLMetadataDocument",
        "the file nowhere.xml cannot be read: No such file or directory",
    ),
    "metadata of another kind": (
        f"saml_providers: [{{Name: corp, SAMLMetadataDocument: '<a>{'x' * 1000}</a>'}}]",
        "saml_providers[0]",
        "Could not parse metadata",
    ),
    "the same user twice": (
        "iam_users: [{UserName: u}, {UserName: U}]",
        "iam_users[1].UserName",
        "the IAM user U is taken by iam_users[0]",
    ),
    "a list in place of documents": (
        "iam_groups: [{GroupName: g, policies: [a]}]",
        "iam_groups[0].policies",
        "must be a mapping of names to documents or files, not a list",
    ),
}


@pytest.mark.parametrize(("text", "path", "message"), FAULTS.values(), ids=FAULTS)
def test_a_fault_names_place_and_what_is_allowed(documents, text, path, message):
    assert (path, message) in [(fault[0], fault[2]) for fault in documents.faults(text)]


FINAL = {
    "id of a user": ("iam_users: [{UserName: dora, id: AIDAEXAMPLE0123456789}]", "iam_users[0].id"),
    "path of a user": ("iam_users: [{UserName: dora, Path: /other/}]", "iam_users[0].Path"),
    "id of a policy": (
        f"iam_policies: [{{PolicyName: limits, id: ANPAEXAMPLE0123456789, PolicyDocument: {READ}}}]",
        "iam_policies[0].id",
    ),
    "description of a policy": (
        f"iam_policies: [{{PolicyName: limits, Description: new, PolicyDocument: {READ}}}]",
        "iam_policies[0].Description",
    ),
    "id of a provider": (
        f"saml_providers: [{{Name: corp, id: other, SAMLMetadataDocument: '{METADATA}'}}]",
        "saml_providers[0].id",
    ),
}


@pytest.mark.parametrize(("text", "path"), FINAL.values(), ids=FINAL)
def test_what_cannot_change_is_a_fault_that_says_what_there_is(documents, text, path):
    documents.apply(IAM)
    [(place, _, message)] = documents.faults(text)
    assert place == path
    assert "is there with the" in message


class TestRolesOfIdentityPools:
    ROLE = f"roles: [{{RoleName: guest, AssumeRolePolicyDocument: {TRUST}}}]\n"

    def test_a_name_that_no_role_has_is_a_fault(self, documents):
        text = self.ROLE + "identity_pools: [{IdentityPoolName: a, roles: {unauthenticated: gust}}]"
        [(path, line, message)] = documents.faults(text)
        assert (path, line) == ("identity_pools[0].roles.unauthenticated", 2)
        assert message == "there is no role gust in the document or on the server; did you mean 'guest'?"

    def test_a_role_of_the_server_is_found(self, documents):
        documents.apply(self.ROLE)
        documents.apply("identity_pools: [{IdentityPoolName: a, roles: {unauthenticated: guest}}]")
        [pool] = documents.identity.list_identity_pools(MaxResults=60)["IdentityPools"]
        given = documents.identity.get_identity_pool_roles(IdentityPoolId=pool["IdentityPoolId"])["Roles"]
        assert given == {"unauthenticated": "arn:aws:iam::123456789012:role/guest"}
