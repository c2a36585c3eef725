"""A document becomes pools, users, roles: whole or not at all, and the second time nothing changes."""

from __future__ import annotations

import base64
import json

import boto3
import pytest
from botocore.exceptions import ClientError
from support.shop_document import POOL, SHOP


class TestCreates:
    def test_users_with_the_status_that_their_password_says(self, documents):
        documents.apply(SHOP)
        states = {name: documents.user(name)["UserStatus"] for name in ("ada", "grace", "eve", "bob", "joe")}
        assert states == {
            "ada": "CONFIRMED",
            "grace": "FORCE_CHANGE_PASSWORD",
            "eve": "UNCONFIRMED",
            "bob": "CONFIRMED",
            "joe": "FORCE_CHANGE_PASSWORD",
        }

    def test_a_user_who_can_sign_in_by_alias(self, documents):
        documents.apply(SHOP)
        answer = documents.idp.initiate_auth(
            ClientId="webwebweb",
            AuthFlow="USER_PASSWORD_AUTH",
            AuthParameters={"USERNAME": "ada@example.com", "PASSWORD": "Corr3ct-Horse!"},
        )
        claims = json.loads(
            base64.urlsafe_b64decode(answer["AuthenticationResult"]["IdToken"].split(".")[1] + "==")
        )
        assert claims["cognito:groups"] == ["admins"]
        assert claims["custom:tenant"] == "t1"

    def test_totp_that_is_preferred_and_a_disabled_user(self, documents):
        documents.apply(SHOP)
        bob = documents.user("bob")
        assert bob["PreferredMfaSetting"] == "SOFTWARE_TOKEN_MFA"
        assert bob["Enabled"] is False

    def test_clients_with_pinned_ids_and_secrets_and_their_own_names(self, documents):
        documents.apply(SHOP)
        listed = documents.idp.list_user_pool_clients(UserPoolId=POOL)["UserPoolClients"]
        ids = {client["ClientName"]: client["ClientId"] for client in listed}
        assert ids["web"] == "webwebweb"
        jobs = documents.idp.describe_user_pool_client(UserPoolId=POOL, ClientId=ids["jobs"])[
            "UserPoolClient"
        ]
        assert jobs["ClientSecret"] == "notasecret0123456789abcdef"

    def test_a_domain_with_managed_login_where_there_is_a_branding(self, documents):
        documents.apply(SHOP)
        domain = documents.idp.describe_user_pool_domain(Domain="shop")["DomainDescription"]
        assert domain["ManagedLoginVersion"] == 2
        style = documents.idp.describe_managed_login_branding_by_client(UserPoolId=POOL, ClientId="webwebweb")
        assert style["ManagedLoginBranding"]["UseCognitoProvidedValues"] is True

    def test_triggers_by_bare_names(self, documents):
        documents.apply(SHOP)
        arn = "arn:aws:lambda:us-east-1:123456789012:function:welcome"
        assert documents.pool()["LambdaConfig"] == {"PostConfirmation": arn}

    def test_an_identity_pool_whose_role_trusts_it_and_opens_what_its_policy_says(self, documents, cognito):
        documents.apply(SHOP)
        tokens = documents.idp.initiate_auth(
            ClientId="webwebweb",
            AuthFlow="USER_PASSWORD_AUTH",
            AuthParameters={"USERNAME": "ada", "PASSWORD": "Corr3ct-Horse!"},
        )["AuthenticationResult"]
        logins = {f"cognito-idp.us-east-1.amazonaws.com/{POOL}": tokens["IdToken"]}
        pool_id = "us-east-1:00000000-0000-4000-8000-000000000001"
        identity = documents.identity.get_id(IdentityPoolId=pool_id, Logins=logins)["IdentityId"]
        credentials = documents.identity.get_credentials_for_identity(IdentityId=identity, Logins=logins)[
            "Credentials"
        ]
        assert cognito.authorize(credentials, "s3:GetObject", "arn:aws:s3:::a/b").allowed
        assert not cognito.authorize(credentials, "s3:PutObject", "arn:aws:s3:::a/b").allowed

    def test_nothing_is_mailed(self, documents, cognito):
        documents.apply(SHOP)
        assert not list(cognito.messages)

    def test_in_another_account_and_region(self, documents):
        documents.apply("accounts: {'210987654321': {pools: [{PoolName: far, region: eu-west-1}]}}")
        assert documents.pools() == []
        far = boto3.client(
            "cognito-idp",
            region_name="eu-west-1",
            aws_access_key_id="210987654321",
            aws_secret_access_key="x",
        )
        assert [pool["Name"] for pool in far.list_user_pools(MaxResults=1)["UserPools"]] == ["far"]


class TestAgain:
    def test_changes_nothing(self, documents):
        first = documents.apply(SHOP)
        dates = documents.pool()["LastModifiedDate"], documents.user("ada")["UserLastModifiedDate"]
        second = documents.apply(SHOP)
        assert first.summary["created"] == len(first.changes)
        assert second.summary == {"created": 0, "updated": 0, "unchanged": len(first.changes), "deleted": 0}
        assert (documents.pool()["LastModifiedDate"], documents.user("ada")["UserLastModifiedDate"]) == dates

    def test_says_which_fields_are_changed(self, documents):
        documents.apply(SHOP)
        changed = SHOP.replace("AutoVerifiedAttributes: [email]", "AutoVerifiedAttributes: [phone_number]")
        changed = changed.replace('tenant": t1', 'tenant": t2').replace("Precedence: 1", "Precedence: 2")
        report = documents.apply(changed)
        updated = {(one.kind, one.name): one.fields for one in report.changes if one.change == "updated"}
        assert updated == {
            ("user_pool", "shop"): ["AutoVerifiedAttributes"],
            ("group", "admins"): ["Precedence"],
            ("user", "ada"): ["attributes.custom:tenant"],
        }
        assert documents.user("ada")["attributes"]["custom:tenant"] == "t2"

    def test_a_password_is_set_only_where_it_differs(self, documents):
        documents.apply(SHOP)
        report = documents.apply(
            SHOP.replace("Username: ada, password: Corr3ct-Horse!", "Username: ada, password: An0ther-Horse!")
        )
        assert [one.fields for one in report.changes if one.change == "updated"] == [["password"]]

    def test_a_temporary_password_that_was_changed_since_stays_changed(self, documents):
        documents.apply(SHOP)
        documents.idp.admin_set_user_password(
            UserPoolId=POOL, Username="grace", Password="An0ther-Horse!", Permanent=True
        )
        assert documents.apply(SHOP).summary["updated"] == 0
        assert documents.user("grace")["UserStatus"] == "CONFIRMED"

    def test_what_is_not_named_stays(self, documents):
        documents.apply(SHOP)
        documents.idp.admin_create_user(UserPoolId=POOL, Username="zoe")
        documents.apply("pools: [{id: us-east-1_Shop, PoolName: shop, groups: [], users: []}]")
        assert documents.user("zoe")
        assert documents.user("ada")
        assert documents.pool()["LambdaConfig"]

    def test_new_custom_attributes_are_added(self, documents):
        documents.apply(SHOP)
        report = documents.apply(
            SHOP.replace("Schema: [", "Schema: [{Name: age, AttributeDataType: Number}, ")
        )
        assert [one.fields for one in report.changes if one.change == "updated"] == [["Schema"]]

    def test_another_name_of_a_pool_is_told_by_the_key_of_the_document(self, documents):
        documents.apply("pools: [{id: us-east-1_Shop, PoolName: shop}]")
        report = documents.apply("pools: [{id: us-east-1_Shop, PoolName: store}]")
        assert [(one.name, one.fields) for one in report.changes] == [("store", ["PoolName"])]

    def test_what_aws_cannot_change_is_a_fault(self, documents):
        documents.apply(SHOP)
        ((path, _, message),) = documents.faults(
            SHOP.replace("AliasAttributes: [email]", "UsernameAttributes: [email]")
        )
        assert path == "pools[0].UsernameAttributes"
        assert message == "AWS cannot change UsernameAttributes of a user pool that is there"

    def test_a_pinned_secret_takes_the_place_of_the_former(self, documents):
        documents.apply(SHOP)
        documents.apply(SHOP.replace("notasecret0123456789abcdef", "anothersecret0123456789abc"))
        clients = documents.idp.list_user_pool_clients(UserPoolId=POOL)["UserPoolClients"]
        (jobs,) = [client["ClientId"] for client in clients if client["ClientName"] == "jobs"]
        described = documents.idp.describe_user_pool_client(UserPoolId=POOL, ClientId=jobs)["UserPoolClient"]
        assert described["ClientSecret"] == "anothersecret0123456789abc"


class TestAllOrNothing:
    BROKEN = SHOP.replace("{Username: joe}", "{Username: joe}\n      - {Username: max, password: short}")

    def test_nothing_is_there_after_a_fault(self, documents):
        documents.faults(self.BROKEN)
        assert documents.pools() == []
        assert documents.iam.list_roles()["Roles"] == []
        assert documents.identity.list_identity_pools(MaxResults=1)["IdentityPools"] == []
        assert documents.idp.describe_user_pool_domain(Domain="shop")["DomainDescription"] == {}
        assert documents.apply(SHOP).summary["created"] > 0

    def test_all_is_as_it_was_after_a_fault_in_an_update(self, documents):
        documents.apply(SHOP)
        before = self._shown(documents)
        changed = self.BROKEN.replace('tenant": t1', 'tenant": t2').replace("Precedence: 1", "Precedence: 2")
        changed = changed.replace("domain: shop", "domain: other").replace("groups: [admins]", "groups: []")
        changed = changed.replace("AutoVerifiedAttributes: [email]", "AutoVerifiedAttributes: [phone_number]")
        changed = changed.replace("disabled: true", "disabled: false").replace(
            "Identifier: articles", "Identifier: more"
        )
        assert documents.faults(changed)
        assert self._shown(documents) == before

    def test_a_dry_run_tells_all_and_changes_nothing(self, documents):
        report = documents.apply(SHOP, dry_run=True)
        assert report.summary["created"] == len(report.changes) > 10
        assert documents.pools() == []
        assert documents.apply(SHOP).summary["created"] == len(report.changes)

    @staticmethod
    def _shown(documents):
        users = documents.idp.list_users(UserPoolId=POOL)["Users"]
        group = documents.idp.get_group(UserPoolId=POOL, GroupName="admins")["Group"]
        members = documents.idp.list_users_in_group(UserPoolId=POOL, GroupName="admins")["Users"]
        servers = documents.idp.list_resource_servers(UserPoolId=POOL, MaxResults=9)["ResourceServers"]
        return [documents.pool(), users, group, members, servers, documents.iam.list_roles()["Roles"]]


class TestPrune:
    def test_takes_away_what_is_not_named(self, documents):
        documents.apply(SHOP)
        documents.idp.create_user_pool(PoolName="other")
        documents.idp.create_user_pool_client(UserPoolId=POOL, ClientName="old")
        documents.idp.admin_create_user(UserPoolId=POOL, Username="zoe")
        documents.idp.create_group(UserPoolId=POOL, GroupName="guests")
        report = documents.apply(SHOP, prune=True)
        gone = {(one.kind, one.name) for one in report.changes if one.change == "deleted"}
        assert gone == {
            ("user_pool", "other"),
            ("user_pool_client", "old"),
            ("user", "zoe"),
            ("group", "guests"),
        }
        assert documents.pools() == [POOL]
        with pytest.raises(ClientError, match="UserNotFoundException"):
            documents.user("zoe")

    def test_a_dry_run_names_what_would_go(self, documents):
        documents.apply(SHOP)
        documents.idp.create_user_pool(PoolName="other")
        report = documents.apply(SHOP, prune=True, dry_run=True)
        assert [one.name for one in report.changes if one.change == "deleted"] == ["other"]
        assert len(documents.pools()) == 2

    def test_a_protected_pool_is_a_fault_and_nothing_goes(self, documents):
        documents.apply(SHOP)
        documents.idp.create_user_pool(PoolName="kept", DeletionProtection="ACTIVE")
        documents.idp.create_group(UserPoolId=POOL, GroupName="guests")
        ((path, _, message),) = documents.faults(SHOP, prune=True)
        assert path == "pools"
        assert "its deletion protection is active" in message
        assert documents.idp.get_group(UserPoolId=POOL, GroupName="guests")


class TestFromDescribe:
    def test_the_answer_of_describe_can_be_pasted(self, documents):
        documents.apply(SHOP)
        described = json.loads(json.dumps(documents.pool(), default=str))
        described["mfa"] = documents.idp.get_user_pool_mfa_config(UserPoolId=POOL)
        del described["mfa"]["ResponseMetadata"]
        documents.idp.delete_user_pool_domain(UserPoolId=POOL, Domain="shop")
        documents.idp.delete_user_pool(UserPoolId=POOL)
        documents.apply(json.dumps({"pools": [described]}), kind="json")
        again = json.loads(json.dumps(documents.pool(), default=str))
        volatile = {"CreationDate", "LastModifiedDate", "EstimatedNumberOfUsers", "mfa"}
        assert {k: v for k, v in again.items() if k not in volatile} == {
            k: v for k, v in described.items() if k not in volatile
        }

    def test_factors_are_stated_under_mfa(self, documents):
        text = "pools: [{PoolName: shop, MfaConfiguration: OPTIONAL}]"
        assert documents.faults(text)[0][2].endswith(
            "state SetUserPoolMfaConfig's parameters under the key mfa"
        )


class TestRolesOfIdentityPools:
    def test_a_role_with_a_path_is_found_by_its_name(self, documents):
        role = "{RoleName: member, Path: /app/, AssumeRolePolicyDocument: {Version: '2012-10-17', Statement: [{%s}]}}"
        role %= "Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: 'sts:AssumeRole'"
        pool = "{IdentityPoolName: x, AllowUnauthenticatedIdentities: true, roles: {authenticated: member}}"
        report = documents.apply(f"roles: [{role}]\nidentity_pools: [{pool}]")
        (pool_id,) = [one.id for one in report.changes if one.id.count(":") == 1]
        identity = boto3.client("cognito-identity")
        found = identity.get_identity_pool_roles(IdentityPoolId=pool_id)["Roles"]
        assert found == {"authenticated": "arn:aws:iam::123456789012:role/app/member"}


class TestFiles:
    def test_policies_and_users_from_files(self, documents, tmp_path):
        (tmp_path / "member.json").write_text(
            '{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "s3:*", "Resource": "*"}}'
        )
        (tmp_path / "users.csv").write_text(
            "cognito:username,email,email_verified,cognito:mfa_enabled\nann,ann@example.com,TRUE,FALSE\n"
        )
        text = """
        pools: [{id: us-east-1_Shop, PoolName: shop, import: users.csv}]
        identity_pools: [{IdentityPoolName: x, roles: {authenticated: {policy: member.json}}}]
        """
        documents.apply(text, folder=tmp_path)
        ann = documents.user("ann")
        assert (ann["UserStatus"], ann["attributes"]["email"]) == ("RESET_REQUIRED", "ann@example.com")
        assert documents.iam.get_role_policy(RoleName="x-authenticated", PolicyName="cogmock")[
            "PolicyDocument"
        ]

    def test_a_file_that_is_not_there(self, documents, tmp_path):
        ((path, line, message),) = documents.faults(
            "pools:\n- {PoolName: shop, import: no.csv}\n", folder=tmp_path
        )
        assert (path, line) == ("pools[0].import", 2)
        assert "cannot be read: No such file or directory" in message

    def test_a_function_of_the_documents_folder(self, documents, tmp_path, cognito):
        (tmp_path / "triggers_of_shop.py").write_text(
            "def confirm(event, context):\n    event['response']['autoConfirmUser'] = True\n    return event\n"
        )
        documents.apply(
            """
            functions: {confirm: "triggers_of_shop:confirm"}
            pools: [{id: us-east-1_Shop, PoolName: shop, LambdaConfig: {PreSignUp: confirm},
                     clients: [{id: web, ClientName: web}]}]
            """,
            folder=tmp_path,
        )
        documents.idp.sign_up(ClientId="web", Username="ada", Password="Corr3ct-Horse!")
        assert documents.user("ada")["UserStatus"] == "CONFIRMED"

    def test_a_function_that_cannot_be_imported(self, documents):
        ((path, _, message),) = documents.faults("functions: {a: 'nosuch.module:handler'}")
        assert path == "functions.a"
        assert message.startswith("nosuch.module:handler cannot be imported: ModuleNotFoundError")


class TestDuringARecovery:
    def test_a_document_that_changes_users_is_refused(self, documents, cognito):
        shop = (
            "pools: [{id: us-east-1_Shop, PoolName: shop, users: [{Username: ada, attributes: {name: %s}}]}]"
        )
        documents.apply(shop % "Ada")
        point = int(cognito.clock.now().timestamp()) + 60
        cognito.clock.advance(3600)
        documents.idp.initiate_point_in_time_recovery(UserPoolId=POOL, RestoreTimestamp=point)
        documents.apply(shop % "Ada")
        ((path, _, message),) = documents.faults(shop % "Countess")
        assert path == "pools[0].users[0]"
        assert "paused" in message
        assert documents.user("ada")["attributes"]["name"] == "Ada"


class TestWhatGoesOn:
    """Sign-ins in progress, sessions and codes of a pool that a document leaves as it is."""

    @staticmethod
    def sign_in(documents):
        asked = documents.idp.initiate_auth(
            ClientId="webwebweb",
            AuthFlow="USER_PASSWORD_AUTH",
            AuthParameters={"USERNAME": "grace", "PASSWORD": "Temp-0rary!"},
        )
        assert asked["ChallengeName"] == "NEW_PASSWORD_REQUIRED"
        return asked["Session"]

    @staticmethod
    def go_on(documents, session):
        documents.idp.respond_to_auth_challenge(
            ClientId="webwebweb",
            ChallengeName="NEW_PASSWORD_REQUIRED",
            Session=session,
            ChallengeResponses={"USERNAME": "grace", "NEW_PASSWORD": "An0ther-Horse!"},
        )

    @pytest.mark.parametrize("how", ["again", "dry run", "refused"])
    def test_a_sign_in_that_began_before_an_application_is_finished_after_it(self, documents, how):
        documents.apply(SHOP)
        session = self.sign_in(documents)
        if how == "again":
            documents.apply(SHOP)
        elif how == "dry run":
            documents.apply(SHOP, dry_run=True)
        else:
            documents.faults(f"{SHOP}\nnothing: 1\n")
        self.go_on(documents, session)

    @pytest.mark.parametrize("how", ["again", "dry run"])
    def test_a_sign_in_begins_after_an_application(self, documents, how):
        documents.apply(SHOP)
        documents.apply(SHOP, dry_run=how == "dry run")
        self.go_on(documents, self.sign_in(documents))


def test_cimd_policies_are_updated_by_name_and_pruned(documents):
    stated = "pools: [{id: us-east-1_A, PoolName: a, clients: [{id: webwebweb, ClientName: web}], cimd_policies: [%s]}]"
    one = "{client: web, PolicyName: one, URLPatterns: ['https://one.example/*']}"
    documents.apply(
        stated % f"{one}, {{client: web, PolicyName: two, URLPatterns: ['https://two.example/*']}}"
    )
    assert documents.apply(stated % one.replace("one.example", "1.example")).summary["updated"] == 1
    assert (
        documents.apply(stated % one.replace("one.example", "1.example"), prune=True).summary["deleted"] == 1
    )
    [policy] = documents.idp.list_cimd_policies(UserPoolId="us-east-1_A")["CIMDPolicies"]
    about = {"UserPoolId": "us-east-1_A", "CIMDPolicyId": policy["CIMDPolicyId"]}
    assert documents.idp.describe_cimd_policy(**about)["CIMDPolicy"]["URLPatterns"] == ["https://1.example/*"]
    assert documents.faults(stated % "{PolicyName: three, URLPatterns: ['https://3.example/*']}") == [
        ("pools[0].cimd_policies[0].client", 1, "this key is required")
    ]
