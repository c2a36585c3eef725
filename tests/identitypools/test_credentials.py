import json
import re

import pytest
from people import refused
from society import ACCOUNT, COGNITO, Society, allow, client, document, trust

from cogmock.iam.authorize import authorize

BROKEN = "Invalid identity pool configuration. Check assigned IAM roles for this pool."


def decision(society, credentials, action="s3:GetObject", resource="arn:aws:s3:::b/k", **more):
    answer = authorize(
        society.world,
        access_key_id=credentials["AccessKeyId"],
        secret_access_key=credentials["SecretKey"],
        session_token=credentials["SessionToken"],
        action=action,
        resource=resource,
        **more,
    )
    return answer["decision"]


class TestGetCredentialsForIdentity:
    def test_a_member_gets_the_role_of_members(self, society):
        society.roles()
        society.resident()
        who = society.caller(society.credentials("ada"))
        assert who["Arn"] == f"arn:aws:sts::{ACCOUNT}:assumed-role/member/CognitoIdentityCredentials"
        assert who["Account"] == ACCOUNT
        assert re.fullmatch(r"AROA[A-Z0-9]{17}:CognitoIdentityCredentials", who["UserId"])

    def test_a_guest_gets_the_role_of_guests(self, society):
        society.roles()
        assert "/guest/" in society.caller(society.credentials())["Arn"]

    def test_their_form_is_as_aws_has_it(self, society):
        society.roles()
        identity_id = society.id_of()
        answer = society.identity.get_credentials_for_identity(IdentityId=identity_id)
        assert answer["IdentityId"] == identity_id
        credentials = answer["Credentials"]
        assert set(credentials) == {"AccessKeyId", "SecretKey", "SessionToken", "Expiration"}
        assert re.fullmatch(r"ASIA[A-Z0-9]{16}", credentials["AccessKeyId"])
        assert re.fullmatch(r"[A-Za-z0-9+/]{40}", credentials["SecretKey"])
        assert 300 < len(credentials["SessionToken"]) < 2000
        left = credentials["Expiration"].timestamp() - society.world.clock.now()
        assert 3590 < left <= 3600

    def test_they_end_after_an_hour(self, society):
        society.roles()
        credentials = society.credentials()
        society.cognito.clock.advance(minutes=59)
        society.caller(credentials)
        society.cognito.clock.advance(minutes=1)
        with refused("ExpiredToken", "The security token included in the request is expired"):
            society.caller(credentials)

    def test_they_come_whatever_the_classic_flow(self, society):
        society.roles()
        pool_id = society.pool(AllowClassicFlow=False)
        society.identity.set_identity_pool_roles(
            IdentityPoolId=pool_id, Roles={"unauthenticated": f"arn:aws:iam::{ACCOUNT}:role/guest"}
        )
        identity_id = society.identity.get_id(IdentityPoolId=pool_id)["IdentityId"]
        assert society.identity.get_credentials_for_identity(IdentityId=identity_id)["Credentials"]

    def test_the_role_is_reached_over_its_path(self, society):
        made = society.iam.create_role(
            RoleName="deep", Path="/a/b/", AssumeRolePolicyDocument=trust(society.pool_id)
        )["Role"]
        society.identity.set_identity_pool_roles(
            IdentityPoolId=society.pool_id, Roles={"unauthenticated": made["Arn"]}
        )
        assert society.caller(society.credentials())["Arn"].endswith("/deep/CognitoIdentityCredentials")

    def test_the_pool_works_in_another_region(self, cognito):
        society = Society(cognito, "eu-central-1")
        society.roles()
        society.resident()
        identity_id = society.id_of(society.logins())
        assert identity_id.startswith("eu-central-1:")
        assert society.caller(society.credentials("ada"))["Account"] == ACCOUNT

    def test_a_login_by_the_issuer_of_the_token_is_taken(self, cognito):
        cognito.settings.issuer = "server"
        cognito.settings.public_url = "http://localhost:4577"
        society = Society(cognito)
        society.roles()
        society.resident()
        token = society.tokens().id
        logins = {f"localhost:4577/{society.user_pool_id}": token}
        identity_id = society.id_of(logins)
        assert identity_id == society.id_of({society.provider: token})
        assert society.credentials(logins=logins, identity_id=identity_id)
        described = society.identity.describe_identity(IdentityId=identity_id)
        assert described["Logins"] == [society.provider]

    def test_without_a_role_the_pool_is_not_set_up(self, society):
        with refused("InvalidIdentityPoolConfigurationException", BROKEN):
            society.credentials()

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
    def test_a_role_that_does_not_trust_the_caller_is_refused(self, society, trusts):
        role = society.role("guest", trusts=trusts)
        society.identity.set_identity_pool_roles(
            IdentityPoolId=society.pool_id, Roles={"unauthenticated": role}
        )
        identity_id = society.id_of()
        with refused("InvalidIdentityPoolConfigurationException", BROKEN):
            society.credentials(identity_id=identity_id)
        assert "trust policy" in [*society.world.journal][-1].reason

    @pytest.mark.parametrize("role", ["role/absent", "role/other/guest"])
    def test_a_role_that_is_not_there_is_refused(self, society, role):
        society.roles()
        society.identity.set_identity_pool_roles(
            IdentityPoolId=society.pool_id, Roles={"unauthenticated": f"arn:aws:iam::{ACCOUNT}:{role}"}
        )
        with refused("InvalidIdentityPoolConfigurationException", BROKEN):
            society.credentials()

    def test_a_linked_identity_wants_a_login(self, society):
        society.roles()
        society.resident()
        identity_id = society.id_of(society.logins())
        with refused("NotAuthorizedException", f"Access to Identity '{identity_id}' is forbidden."):
            society.credentials(identity_id=identity_id)

    def test_somebody_elses_login_does_not_match(self, society):
        society.roles()
        society.resident("ada")
        society.resident("bob")
        identity_id = society.id_of(society.logins("ada"))
        before = society.count()
        with refused(
            "NotAuthorizedException",
            "Logins don't match. Please include at least one valid login for this identity or identity pool.",
        ):
            society.credentials(logins=society.logins("bob"), identity_id=identity_id)
        assert society.count() == before

    def test_an_unknown_identity_is_not_found(self, society):
        identity_id = "us-east-1:00000000-0000-4000-8000-000000000000"
        with refused("ResourceNotFoundException", f"Identity '{identity_id}' not found."):
            society.credentials(identity_id=identity_id)

    def test_a_new_login_makes_a_member_of_the_guest(self, society):
        society.roles()
        society.resident()
        guest = society.id_of()
        logins = society.logins()
        answer = society.identity.get_credentials_for_identity(IdentityId=guest, Logins=logins)
        assert answer["IdentityId"] == guest == society.id_of(logins)
        assert "/member/" in society.caller(answer["Credentials"])["Arn"]

    def test_a_login_with_an_identity_takes_the_guest_over(self, society):
        society.roles()
        society.resident()
        logins = society.logins()
        member, guest = society.id_of(logins), society.id_of()
        answer = society.identity.get_credentials_for_identity(IdentityId=guest, Logins=logins)
        assert answer["IdentityId"] == member
        with refused("NotAuthorizedException", f"Access to Identity '{guest}' is forbidden."):
            society.credentials(identity_id=guest)

    def test_a_refused_call_links_nothing(self, society):
        society.resident()
        guest = society.id_of()
        with refused("InvalidIdentityPoolConfigurationException"):
            society.credentials(logins=society.logins(), identity_id=guest)
        assert "Logins" not in society.identity.describe_identity(IdentityId=guest)


class TestWhatTheyMay:
    def test_the_role_decides(self, society):
        society.role("member", allow("s3:GetObject", "arn:aws:s3:::premium/*"))
        society.identity.set_identity_pool_roles(
            IdentityPoolId=society.pool_id, Roles={"authenticated": f"arn:aws:iam::{ACCOUNT}:role/member"}
        )
        society.resident()
        credentials = society.credentials("ada")
        assert decision(society, credentials, resource="arn:aws:s3:::premium/a.txt") == "allowed"
        assert decision(society, credentials, resource="arn:aws:s3:::other/a.txt") == "implicitDeny"

    def test_an_edit_of_the_role_acts_on_credentials_that_are_out(self, society):
        society.roles()
        society.resident()
        credentials = society.credentials("ada")
        assert decision(society, credentials) == "implicitDeny"
        society.iam.put_role_policy(RoleName="member", PolicyName="p", PolicyDocument=document(allow()))
        assert decision(society, credentials) == "allowed"
        deny = document({"Effect": "Deny", "Action": "*", "Resource": "*", "Sid": "No"})
        society.iam.put_role_policy(RoleName="member", PolicyName="q", PolicyDocument=deny)
        assert decision(society, credentials) == "explicitDeny"

    def test_an_edit_of_the_trust_policy_leaves_them_alone(self, society):
        society.roles()
        identity_id = society.id_of()
        credentials = society.credentials(identity_id=identity_id)
        society.iam.update_assume_role_policy(RoleName="guest", PolicyDocument=trust(amr=["authenticated"]))
        society.caller(credentials)
        with refused("InvalidIdentityPoolConfigurationException"):
            society.credentials(identity_id=identity_id)

    def test_the_identity_is_a_policy_variable(self, society):
        society.roles()
        society.resident()
        own = f"arn:aws:s3:::home/${{{COGNITO}:sub}}/*"
        for name in ("member", "guest"):
            society.iam.put_role_policy(
                RoleName=name, PolicyName="p", PolicyDocument=document(allow(resource=own))
            )
        for logins in (society.logins(), None):
            identity_id = society.id_of(logins)
            credentials = society.credentials(logins=logins, identity_id=identity_id)
            assert decision(society, credentials, resource=f"arn:aws:s3:::home/{identity_id}/x") == "allowed"
            assert decision(society, credentials, resource="arn:aws:s3:::home/y/x") == "implicitDeny"

    def test_a_guest_is_held_back_by_session_policies(self, society):
        society.roles()
        society.iam.put_role_policy(RoleName="guest", PolicyName="all", PolicyDocument=document(allow("*")))
        credentials = society.credentials()
        for action in ("s3:GetObject", "dynamodb:Query", "kms:Decrypt", "rum:PutRumEvents", "polly:X"):
            assert decision(society, credentials, action) == "allowed", action
        for action in (
            "ec2:RunInstances",
            "iam:CreateRole",
            "secretsmanager:GetSecretValue",
            "sts:AssumeRole",
        ):
            assert decision(society, credentials, action) == "implicitDeny", action

    def test_a_member_is_not_held_back(self, society):
        society.roles()
        society.iam.put_role_policy(RoleName="member", PolicyName="all", PolicyDocument=document(allow("*")))
        society.resident()
        assert decision(society, society.credentials("ada"), "ec2:RunInstances") == "allowed"

    def test_iam_itself_asks_the_role(self, society):
        society.roles()
        society.resident()
        iam = client("iam", society.credentials("ada"))
        with refused("AccessDenied") as caught:
            iam.get_role(RoleName="member")
        assert "is not authorized to perform: iam:GetRole" in str(caught.value)
        society.iam.put_role_policy(
            RoleName="member", PolicyName="p", PolicyDocument=document(allow("iam:GetRole"))
        )
        assert iam.get_role(RoleName="member")["Role"]["RoleName"] == "member"


class TestTokenMapping:
    @pytest.fixture
    def mapped(self, society):
        society.roles(RoleMappings=self.mapping(society))
        for name in ("gold", "silver", "basic"):
            society.role(name)
        return society

    @staticmethod
    def mapping(society, ambiguous="Deny"):
        return {
            f"{society.provider}:{society.client_id}": {
                "Type": "Token",
                "AmbiguousRoleResolution": ambiguous,
            }
        }

    @staticmethod
    def arn(name):
        return f"arn:aws:iam::{ACCOUNT}:role/{name}"

    def denied(self, society):
        return refused(
            "NotAuthorizedException",
            f"The ambiguous role mapping rules for: {society.provider}:{society.client_id} denied this request.",
        )

    def test_the_only_role_is_preferred(self, mapped):
        mapped.group("gold", self.arn("gold"))
        mapped.resident("ada", ["gold"])
        assert "/gold/" in mapped.caller(mapped.credentials("ada"))["Arn"]

    def test_the_group_of_best_precedence_gives_the_role(self, mapped):
        mapped.group("silver", self.arn("silver"), 5)
        mapped.group("gold", self.arn("gold"), 1)
        mapped.resident("ada", ["silver", "gold"])
        assert "/gold/" in mapped.caller(mapped.credentials("ada"))["Arn"]

    def test_two_best_groups_are_ambiguous(self, mapped):
        mapped.group("silver", self.arn("silver"), 1)
        mapped.group("gold", self.arn("gold"), 1)
        mapped.resident("ada", ["silver", "gold"])
        with self.denied(mapped):
            mapped.credentials("ada")

    def test_no_group_with_a_role_is_ambiguous_too(self, mapped):
        mapped.resident()
        with self.denied(mapped):
            mapped.credentials("ada")

    def test_ambiguity_may_end_in_the_role_of_members(self, mapped):
        mapped.identity.set_identity_pool_roles(
            IdentityPoolId=mapped.pool_id,
            Roles={"authenticated": self.arn("member")},
            RoleMappings=self.mapping(mapped, "AuthenticatedRole"),
        )
        mapped.resident()
        assert "/member/" in mapped.caller(mapped.credentials("ada"))["Arn"]

    def test_a_custom_role_must_be_among_the_groups(self, mapped):
        mapped.group("silver", self.arn("silver"), 5)
        mapped.group("gold", self.arn("gold"), 1)
        mapped.resident("ada", ["silver", "gold"])
        credentials = mapped.credentials("ada", CustomRoleArn=self.arn("silver"))
        assert "/silver/" in mapped.caller(credentials)["Arn"]
        with self.denied(mapped):
            mapped.credentials("ada", CustomRoleArn=self.arn("basic"))

    def test_a_groups_role_means_nothing_without_the_mapping(self, mapped):
        mapped.identity.set_identity_pool_roles(
            IdentityPoolId=mapped.pool_id, Roles={"authenticated": self.arn("member")}
        )
        mapped.group("gold", self.arn("gold"))
        mapped.resident("ada", ["gold"])
        assert "/member/" in mapped.caller(mapped.credentials("ada"))["Arn"]

    def test_a_mapping_of_another_client_is_not_asked(self, mapped):
        other = mapped.client("other")
        mapped.identity.update_identity_pool(
            IdentityPoolId=mapped.pool_id,
            IdentityPoolName="town",
            AllowUnauthenticatedIdentities=True,
            CognitoIdentityProviders=[
                {"ProviderName": mapped.provider, "ClientId": of} for of in (mapped.client_id, other)
            ],
        )
        mapped.group("gold", self.arn("gold"))
        mapped.resident("ada", ["gold"])
        logins = mapped.logins(client_id=other)
        assert "/member/" in mapped.caller(mapped.credentials(logins=logins))["Arn"]

    def test_a_custom_role_is_ignored_for_guests(self, mapped):
        credentials = mapped.credentials(CustomRoleArn=self.arn("gold"))
        assert "/guest/" in mapped.caller(credentials)["Arn"]

    def test_roles_and_preferred_role_are_claims(self, mapped):
        mapped.group("gold", self.arn("gold"), 1)
        mapped.group("silver", self.arn("silver"), 2)
        mapped.resident("ada", ["gold", "silver"])
        claims = json.loads(_decoded(mapped.tokens().id.split(".")[1]))
        assert claims["cognito:roles"] == [self.arn("gold"), self.arn("silver")]
        assert claims["cognito:preferred_role"] == self.arn("gold")


def _decoded(part):
    import base64

    return base64.urlsafe_b64decode(part + "==")
