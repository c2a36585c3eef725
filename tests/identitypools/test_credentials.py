import json
import re

import boto3
import pytest
from support.identity_env import ACCOUNT, COGNITO, IdentityPoolEnv, allow, client, document, trust
from support.pool_env import refused

from cogmock.iam.sessions.authorize import authorize

WHOLE = [
    *("s3", "dynamodb", "sdb", "sqs", "sns", "ses", "lambda", "execute-api", "appsync", "iot", "geo"),
    *("gamelift", "firehose", "kinesisanalytics", "cloudwatch", "logs", "cognito-identity", "cognito-idp"),
    *("cognito-sync", "mobileanalytics", "comprehend", "lex", "machinelearning", "personalize", "polly"),
    *("rekognition", "transcribe", "translate", "codewhisperer", "mobiletargeting"),
]
"""Services whose every action the session policies of guests have."""
PARTS = [
    *("kms:Encrypt", "kms:Decrypt", "kms:ReEncryptTo", "kms:GenerateDataKey", "sagemaker:InvokeEndpoint"),
    *("textract:DetectDocumentText", "textract:AnalyzeDocument", "sumerian:View", "rum:PutRumEvents"),
]
BEYOND = [
    *("kms:CreateKey", "kms:Sign", "sagemaker:CreateModel", "textract:StartDocumentAnalysis"),
    *(
        "sumerian:PublishScene",
        "rum:GetAppMonitor",
        "kinesis:PutRecord",
        "bedrock:InvokeModel",
        "ec2:StopInstances",
    ),
]
BROKEN = "Invalid identity pool configuration. Check assigned IAM roles for this pool."


def decision(identity_env, credentials, action="s3:GetObject", resource="arn:aws:s3:::b/k", **more):
    answer = authorize(
        identity_env.world,
        access_key_id=credentials["AccessKeyId"],
        secret_access_key=credentials["SecretKey"],
        session_token=credentials["SessionToken"],
        action=action,
        resource=resource,
        **more,
    )
    return answer["decision"]


class TestGetCredentialsForIdentity:
    def test_a_member_gets_the_role_of_members(self, identity_env):
        identity_env.roles()
        identity_env.add_user()
        who = identity_env.caller(identity_env.credentials("ada"))
        assert who["Arn"] == f"arn:aws:sts::{ACCOUNT}:assumed-role/member/CognitoIdentityCredentials"
        assert who["Account"] == ACCOUNT
        assert re.fullmatch(r"AROA[A-Z0-9]{17}:CognitoIdentityCredentials", who["UserId"])

    def test_a_guest_gets_the_role_of_guests(self, identity_env):
        identity_env.roles()
        assert "/guest/" in identity_env.caller(identity_env.credentials())["Arn"]

    def test_their_form_is_as_aws_has_it(self, identity_env):
        identity_env.roles()
        identity_id = identity_env.id_of()
        answer = identity_env.identity.get_credentials_for_identity(IdentityId=identity_id)
        assert answer["IdentityId"] == identity_id
        credentials = answer["Credentials"]
        assert set(credentials) == {"AccessKeyId", "SecretKey", "SessionToken", "Expiration"}
        assert re.fullmatch(r"ASIA[A-Z0-9]{16}", credentials["AccessKeyId"])
        assert re.fullmatch(r"[A-Za-z0-9+/]{40}", credentials["SecretKey"])
        assert 300 < len(credentials["SessionToken"]) < 2000
        left = credentials["Expiration"].timestamp() - identity_env.world.clock.now()
        assert 3590 < left <= 3600

    def test_they_end_after_an_hour(self, identity_env):
        identity_env.roles()
        credentials = identity_env.credentials()
        identity_env.cognito.clock.advance(minutes=59)
        identity_env.caller(credentials)
        identity_env.cognito.clock.advance(minutes=1)
        with refused("ExpiredToken", "The security token included in the request is expired"):
            identity_env.caller(credentials)

    def test_they_come_whatever_the_classic_flow(self, identity_env):
        identity_env.roles()
        pool_id = identity_env.pool(AllowClassicFlow=False)
        identity_env.identity.set_identity_pool_roles(
            IdentityPoolId=pool_id, Roles={"unauthenticated": f"arn:aws:iam::{ACCOUNT}:role/guest"}
        )
        identity_id = identity_env.identity.get_id(IdentityPoolId=pool_id)["IdentityId"]
        assert identity_env.identity.get_credentials_for_identity(IdentityId=identity_id)["Credentials"]

    def test_the_role_is_reached_over_its_path(self, identity_env):
        made = identity_env.iam.create_role(
            RoleName="deep", Path="/a/b/", AssumeRolePolicyDocument=trust(identity_env.pool_id)
        )["Role"]
        identity_env.identity.set_identity_pool_roles(
            IdentityPoolId=identity_env.pool_id, Roles={"unauthenticated": made["Arn"]}
        )
        assert identity_env.caller(identity_env.credentials())["Arn"].endswith(
            "/deep/CognitoIdentityCredentials"
        )

    def test_the_pool_works_in_another_region(self, cognito):
        identity_env = IdentityPoolEnv(cognito, "eu-central-1")
        identity_env.roles()
        identity_env.add_user()
        identity_id = identity_env.id_of(identity_env.logins())
        assert identity_id.startswith("eu-central-1:")
        assert identity_env.caller(identity_env.credentials("ada"))["Account"] == ACCOUNT

    def test_a_login_by_the_issuer_of_the_token_is_taken(self, cognito):
        cognito.settings.issuer = "server"
        cognito.settings.public_url = "http://localhost:4577"
        identity_env = IdentityPoolEnv(cognito)
        identity_env.roles()
        identity_env.add_user()
        token = identity_env.tokens().id
        logins = {f"localhost:4577/{identity_env.user_pool_id}": token}
        identity_id = identity_env.id_of(logins)
        assert identity_id == identity_env.id_of({identity_env.provider: token})
        assert identity_env.credentials(logins=logins, identity_id=identity_id)
        described = identity_env.identity.describe_identity(IdentityId=identity_id)
        assert described["Logins"] == [identity_env.provider]

    def test_without_a_role_the_pool_is_not_set_up(self, identity_env):
        with refused("InvalidIdentityPoolConfigurationException", BROKEN):
            identity_env.credentials()

    @pytest.mark.parametrize(
        "trusts",
        [
            trust("us-east-1:00000000-0000-4000-8000-000000000000"),
            trust(amr=["authenticated"]),
            trust(action="sts:AssumeRole"),
            document(
                {
                    "Effect": "Allow",
                    "Principal": {"Federated": "accounts.google.com"},
                    "Action": "sts:AssumeRoleWithWebIdentity",
                }
            ),
        ],
        ids=["another pool", "members alone", "another action", "another principal"],
    )
    def test_a_role_that_does_not_trust_the_caller_is_refused(self, identity_env, trusts):
        role = identity_env.role("guest", trusts=trusts)
        identity_env.identity.set_identity_pool_roles(
            IdentityPoolId=identity_env.pool_id, Roles={"unauthenticated": role}
        )
        identity_id = identity_env.id_of()
        with refused("InvalidIdentityPoolConfigurationException", BROKEN):
            identity_env.credentials(identity_id=identity_id)
        assert "trust policy" in [*identity_env.world.journal][-1].reason

    def test_a_role_of_another_account_is_refused_though_it_trusts_the_pool(self, identity_env):
        elsewhere = boto3.client(
            "iam", region_name="us-east-1", aws_access_key_id="999999999999", aws_secret_access_key="x"
        )
        role = elsewhere.create_role(RoleName="guest", AssumeRolePolicyDocument=trust(identity_env.pool_id))[
            "Role"
        ]["Arn"]
        assert ":999999999999:" in role
        identity_env.identity.set_identity_pool_roles(
            IdentityPoolId=identity_env.pool_id, Roles={"unauthenticated": role}
        )
        identity_id = identity_env.id_of()
        with refused("InvalidIdentityPoolConfigurationException", BROKEN):
            identity_env.credentials(identity_id=identity_id)
        # The role's own trust policy would allow it: the classic flow works across accounts.
        token = identity_env.identity.get_open_id_token(IdentityId=identity_id)["Token"]
        assert boto3.client("sts", region_name="us-east-1").assume_role_with_web_identity(
            RoleArn=role, RoleSessionName="classic", WebIdentityToken=token
        )["Credentials"]

    @pytest.mark.parametrize("role", ["role/absent", "role/other/guest"])
    def test_a_role_that_is_not_there_is_refused(self, identity_env, role):
        identity_env.roles()
        identity_env.identity.set_identity_pool_roles(
            IdentityPoolId=identity_env.pool_id, Roles={"unauthenticated": f"arn:aws:iam::{ACCOUNT}:{role}"}
        )
        with refused("InvalidIdentityPoolConfigurationException", BROKEN):
            identity_env.credentials()

    def test_a_linked_identity_wants_a_login(self, identity_env):
        identity_env.roles()
        identity_env.add_user()
        identity_id = identity_env.id_of(identity_env.logins())
        with refused("NotAuthorizedException", f"Access to Identity '{identity_id}' is forbidden."):
            identity_env.credentials(identity_id=identity_id)

    def test_somebody_elses_login_does_not_match(self, identity_env):
        identity_env.roles()
        identity_env.add_user("ada")
        identity_env.add_user("bob")
        identity_id = identity_env.id_of(identity_env.logins("ada"))
        before = identity_env.count()
        with refused(
            "NotAuthorizedException",
            "Logins don't match. Please include at least one valid login for this identity or identity pool.",
        ):
            identity_env.credentials(logins=identity_env.logins("bob"), identity_id=identity_id)
        assert identity_env.count() == before

    def test_an_unknown_identity_is_not_found(self, identity_env):
        identity_id = "us-east-1:00000000-0000-4000-8000-000000000000"
        with refused("ResourceNotFoundException", f"Identity '{identity_id}' not found."):
            identity_env.credentials(identity_id=identity_id)

    def test_guests_who_were_let_in_before_are_unwelcome_too(self, identity_env):
        identity_env.roles()
        guest = identity_env.id_of()
        identity_env.identity.update_identity_pool(
            IdentityPoolId=identity_env.pool_id, IdentityPoolName="shop", AllowUnauthenticatedIdentities=False
        )
        for ask in (
            identity_env.identity.get_credentials_for_identity,
            identity_env.identity.get_open_id_token,
        ):
            with refused(
                "NotAuthorizedException", "Unauthenticated access is not supported for this identity pool."
            ):
                ask(IdentityId=guest)

    def test_a_new_login_makes_a_member_of_the_guest(self, identity_env):
        identity_env.roles()
        identity_env.add_user()
        guest = identity_env.id_of()
        logins = identity_env.logins()
        answer = identity_env.identity.get_credentials_for_identity(IdentityId=guest, Logins=logins)
        assert answer["IdentityId"] == guest == identity_env.id_of(logins)
        assert "/member/" in identity_env.caller(answer["Credentials"])["Arn"]

    def test_a_login_with_an_identity_takes_the_guest_over(self, identity_env):
        identity_env.roles()
        identity_env.add_user()
        logins = identity_env.logins()
        member, guest = identity_env.id_of(logins), identity_env.id_of()
        answer = identity_env.identity.get_credentials_for_identity(IdentityId=guest, Logins=logins)
        assert answer["IdentityId"] == member
        with refused("NotAuthorizedException", f"Access to Identity '{guest}' is forbidden."):
            identity_env.credentials(identity_id=guest)

    def test_a_refused_call_links_nothing(self, identity_env):
        identity_env.add_user()
        guest = identity_env.id_of()
        with refused("InvalidIdentityPoolConfigurationException"):
            identity_env.credentials(logins=identity_env.logins(), identity_id=guest)
        assert "Logins" not in identity_env.identity.describe_identity(IdentityId=guest)


class TestPermissions:
    def test_the_role_decides(self, identity_env):
        identity_env.role("member", allow("s3:GetObject", "arn:aws:s3:::premium/*"))
        identity_env.identity.set_identity_pool_roles(
            IdentityPoolId=identity_env.pool_id,
            Roles={"authenticated": f"arn:aws:iam::{ACCOUNT}:role/member"},
        )
        identity_env.add_user()
        credentials = identity_env.credentials("ada")
        assert decision(identity_env, credentials, resource="arn:aws:s3:::premium/a.txt") == "allowed"
        assert decision(identity_env, credentials, resource="arn:aws:s3:::other/a.txt") == "implicitDeny"

    def test_an_edit_of_the_role_acts_on_credentials_that_are_out(self, identity_env):
        identity_env.roles()
        identity_env.add_user()
        credentials = identity_env.credentials("ada")
        assert decision(identity_env, credentials) == "implicitDeny"
        identity_env.iam.put_role_policy(RoleName="member", PolicyName="p", PolicyDocument=document(allow()))
        assert decision(identity_env, credentials) == "allowed"
        deny = document({"Effect": "Deny", "Action": "*", "Resource": "*", "Sid": "No"})
        identity_env.iam.put_role_policy(RoleName="member", PolicyName="q", PolicyDocument=deny)
        assert decision(identity_env, credentials) == "explicitDeny"

    def test_an_edit_of_the_trust_policy_leaves_them_alone(self, identity_env):
        identity_env.roles()
        identity_id = identity_env.id_of()
        credentials = identity_env.credentials(identity_id=identity_id)
        identity_env.iam.update_assume_role_policy(
            RoleName="guest", PolicyDocument=trust(amr=["authenticated"])
        )
        identity_env.caller(credentials)
        with refused("InvalidIdentityPoolConfigurationException"):
            identity_env.credentials(identity_id=identity_id)

    def test_the_identity_is_a_policy_variable(self, identity_env):
        identity_env.roles()
        identity_env.add_user()
        own = f"arn:aws:s3:::home/${{{COGNITO}:sub}}/*"
        for name in ("member", "guest"):
            identity_env.iam.put_role_policy(
                RoleName=name, PolicyName="p", PolicyDocument=document(allow(resource=own))
            )
        for logins in (identity_env.logins(), None):
            identity_id = identity_env.id_of(logins)
            credentials = identity_env.credentials(logins=logins, identity_id=identity_id)
            assert (
                decision(identity_env, credentials, resource=f"arn:aws:s3:::home/{identity_id}/x")
                == "allowed"
            )
            assert decision(identity_env, credentials, resource="arn:aws:s3:::home/y/x") == "implicitDeny"

    def test_a_guest_is_held_back_by_session_policies(self, identity_env):
        identity_env.roles()
        identity_env.iam.put_role_policy(
            RoleName="guest", PolicyName="all", PolicyDocument=document(allow("*"))
        )
        credentials = identity_env.credentials()
        for action in ("s3:GetObject", "dynamodb:Query", "kms:Decrypt", "rum:PutRumEvents", "polly:X"):
            assert decision(identity_env, credentials, action) == "allowed", action
        for action in (
            "ec2:RunInstances",
            "iam:CreateRole",
            "secretsmanager:GetSecretValue",
            "sts:AssumeRole",
        ):
            assert decision(identity_env, credentials, action) == "implicitDeny", action

    def test_a_guest_has_the_services_that_aws_names_and_no_others(self, identity_env):
        identity_env.roles()
        identity_env.iam.put_role_policy(
            RoleName="guest", PolicyName="all", PolicyDocument=document(allow("*"))
        )
        credentials = identity_env.credentials()
        for service in WHOLE:
            assert decision(identity_env, credentials, f"{service}:Anything", "*") == "allowed", service
        for action in PARTS:
            assert decision(identity_env, credentials, action, "*") == "allowed", action
        for action in BEYOND:
            assert decision(identity_env, credentials, action, "*") == "implicitDeny", action

    def test_a_member_is_not_held_back(self, identity_env):
        identity_env.roles()
        identity_env.iam.put_role_policy(
            RoleName="member", PolicyName="all", PolicyDocument=document(allow("*"))
        )
        identity_env.add_user()
        assert decision(identity_env, identity_env.credentials("ada"), "ec2:RunInstances") == "allowed"

    def test_iam_itself_asks_the_role(self, identity_env):
        identity_env.roles()
        identity_env.add_user()
        iam = client("iam", identity_env.credentials("ada"))
        with refused("AccessDenied") as caught:
            iam.get_role(RoleName="member")
        assert "is not authorized to perform: iam:GetRole" in str(caught.value)
        identity_env.iam.put_role_policy(
            RoleName="member", PolicyName="p", PolicyDocument=document(allow("iam:GetRole"))
        )
        assert iam.get_role(RoleName="member")["Role"]["RoleName"] == "member"


class TestTokenMapping:
    @pytest.fixture
    def mapped(self, identity_env):
        identity_env.roles(RoleMappings=self.mapping(identity_env))
        for name in ("gold", "silver", "basic"):
            identity_env.role(name)
        return identity_env

    @staticmethod
    def mapping(identity_env, ambiguous="Deny"):
        return {
            f"{identity_env.provider}:{identity_env.client_id}": {
                "Type": "Token",
                "AmbiguousRoleResolution": ambiguous,
            }
        }

    @staticmethod
    def arn(name):
        return f"arn:aws:iam::{ACCOUNT}:role/{name}"

    def denied(self, identity_env):
        return refused(
            "NotAuthorizedException",
            f"The ambiguous role mapping rules for: {identity_env.provider}:{identity_env.client_id} denied this request.",
        )

    def test_the_only_role_is_preferred(self, mapped):
        mapped.group("gold", self.arn("gold"))
        mapped.add_user("ada", ["gold"])
        assert "/gold/" in mapped.caller(mapped.credentials("ada"))["Arn"]

    def test_the_group_of_best_precedence_gives_the_role(self, mapped):
        mapped.group("silver", self.arn("silver"), 5)
        mapped.group("gold", self.arn("gold"), 1)
        mapped.add_user("ada", ["silver", "gold"])
        assert "/gold/" in mapped.caller(mapped.credentials("ada"))["Arn"]

    def test_two_best_groups_are_ambiguous(self, mapped):
        mapped.group("silver", self.arn("silver"), 1)
        mapped.group("gold", self.arn("gold"), 1)
        mapped.add_user("ada", ["silver", "gold"])
        with self.denied(mapped):
            mapped.credentials("ada")

    def test_no_group_with_a_role_is_ambiguous_too(self, mapped):
        mapped.add_user()
        with self.denied(mapped):
            mapped.credentials("ada")

    def test_ambiguity_may_end_in_the_role_of_members(self, mapped):
        mapped.identity.set_identity_pool_roles(
            IdentityPoolId=mapped.pool_id,
            Roles={"authenticated": self.arn("member")},
            RoleMappings=self.mapping(mapped, "AuthenticatedRole"),
        )
        mapped.add_user()
        assert "/member/" in mapped.caller(mapped.credentials("ada"))["Arn"]

    def test_a_custom_role_must_be_among_the_groups(self, mapped):
        mapped.group("silver", self.arn("silver"), 5)
        mapped.group("gold", self.arn("gold"), 1)
        mapped.add_user("ada", ["silver", "gold"])
        credentials = mapped.credentials("ada", CustomRoleArn=self.arn("silver"))
        assert "/silver/" in mapped.caller(credentials)["Arn"]
        with self.denied(mapped):
            mapped.credentials("ada", CustomRoleArn=self.arn("basic"))

    def test_a_groups_role_means_nothing_without_the_mapping(self, mapped):
        mapped.identity.set_identity_pool_roles(
            IdentityPoolId=mapped.pool_id, Roles={"authenticated": self.arn("member")}
        )
        mapped.group("gold", self.arn("gold"))
        mapped.add_user("ada", ["gold"])
        assert "/member/" in mapped.caller(mapped.credentials("ada"))["Arn"]

    def test_without_a_mapping_only_the_role_of_members_can_be_asked_for(self, mapped):
        mapped.identity.set_identity_pool_roles(
            IdentityPoolId=mapped.pool_id, Roles={"authenticated": self.arn("member")}
        )
        mapped.group("gold", self.arn("gold"))
        mapped.add_user("ada", ["gold"])
        credentials = mapped.credentials("ada", CustomRoleArn=self.arn("member"))
        assert "/member/" in mapped.caller(credentials)["Arn"]
        with self.denied(mapped):
            mapped.credentials("ada", CustomRoleArn=self.arn("gold"))

    def test_a_mapping_of_another_client_is_not_asked(self, mapped):
        other = mapped.client("other")
        mapped.identity.update_identity_pool(
            IdentityPoolId=mapped.pool_id,
            IdentityPoolName="shop",
            AllowUnauthenticatedIdentities=True,
            CognitoIdentityProviders=[
                {"ProviderName": mapped.provider, "ClientId": of} for of in (mapped.client_id, other)
            ],
        )
        mapped.group("gold", self.arn("gold"))
        mapped.add_user("ada", ["gold"])
        logins = mapped.logins(client_id=other)
        assert "/member/" in mapped.caller(mapped.credentials(logins=logins))["Arn"]

    def test_a_custom_role_is_ignored_for_guests(self, mapped):
        credentials = mapped.credentials(CustomRoleArn=self.arn("gold"))
        assert "/guest/" in mapped.caller(credentials)["Arn"]

    def test_roles_and_preferred_role_are_claims(self, mapped):
        mapped.group("gold", self.arn("gold"), 1)
        mapped.group("silver", self.arn("silver"), 2)
        mapped.add_user("ada", ["gold", "silver"])
        claims = json.loads(_decoded(mapped.tokens().id.split(".")[1]))
        assert claims["cognito:roles"] == [self.arn("gold"), self.arn("silver")]
        assert claims["cognito:preferred_role"] == self.arn("gold")


def _decoded(part):
    import base64

    return base64.urlsafe_b64decode(part + "==")
