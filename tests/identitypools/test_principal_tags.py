import jwt
import pytest
from support.identity_env import COGNITO, IdentityPoolEnv, allow, document, trust
from support.pool_env import refused

from cogmock.iam.sessions.authorize import authorize

BROKEN = "Invalid identity pool configuration. Check assigned IAM roles for this pool."


@pytest.fixture
def identity_env(cognito):
    identity_env = IdentityPoolEnv(cognito)
    identity_env.roles()
    identity_env.iam.update_assume_role_policy(
        RoleName="member",
        PolicyDocument=trust(action=["sts:AssumeRoleWithWebIdentity", "sts:TagSession"]),
    )
    identity_env.add_user(email="ada@example.com")
    return identity_env


def tagged(identity_env, **more):
    answer = identity_env.identity.set_principal_tag_attribute_map(
        IdentityPoolId=identity_env.pool_id, IdentityProviderName=identity_env.provider, **more
    )
    answer.pop("ResponseMetadata")
    return answer


def found(identity_env):
    credentials = identity_env.credentials("ada")
    return authorize(identity_env.world, access_key_id=credentials["AccessKeyId"], action="s3:GetObject")


class TestSetPrincipalTagAttributeMap:
    def test_claims_become_tags_of_the_session(self, identity_env):
        tagged(identity_env, PrincipalTags={"mail": "email", "id": "sub", "nothing": "absent"})
        sub = jwt.decode(identity_env.tokens().id, options={"verify_signature": False})["sub"]
        assert found(identity_env)["principal_tags"] == {"mail": "ada@example.com", "id": sub}

    def test_the_default_map_takes_client_and_sub(self, identity_env):
        tagged(identity_env, UseDefaults=True)
        sub = jwt.decode(identity_env.tokens().id, options={"verify_signature": False})["sub"]
        assert found(identity_env)["principal_tags"] == {"client": identity_env.client_id, "username": sub}

    def test_policies_see_them(self, identity_env):
        tagged(identity_env, PrincipalTags={"mail": "email"})
        own = document(allow(resource="arn:aws:s3:::${aws:PrincipalTag/mail}/*"))
        identity_env.iam.put_role_policy(RoleName="member", PolicyName="own", PolicyDocument=own)
        key = identity_env.credentials("ada")["AccessKeyId"]
        for bucket, decision in (("ada@example.com", "allowed"), ("bob@example.com", "implicitDeny")):
            answer = authorize(
                identity_env.world,
                access_key_id=key,
                action="s3:GetObject",
                resource=f"arn:aws:s3:::{bucket}/x",
            )
            assert answer["decision"] == decision

    def test_the_role_must_let_itself_be_tagged(self, identity_env):
        tagged(identity_env, PrincipalTags={"mail": "email"})
        identity_env.iam.update_assume_role_policy(RoleName="member", PolicyDocument=trust())
        with refused("InvalidIdentityPoolConfigurationException", BROKEN):
            identity_env.credentials("ada")
        tagged(identity_env, PrincipalTags={"mail": "absent"})
        assert identity_env.credentials("ada")

    def test_they_are_in_the_openid_token(self, identity_env):
        tagged(identity_env, PrincipalTags={"mail": "email"})
        logins = identity_env.logins()
        token = identity_env.identity.get_open_id_token(IdentityId=identity_env.id_of(logins), Logins=logins)[
            "Token"
        ]
        said = jwt.decode(token, options={"verify_signature": False})
        assert said["https://aws.amazon.com/tags"] == {
            "principal_tags": {"mail": ["ada@example.com"]},
            "transitive_tag_keys": [],
        }

    def test_the_trust_policy_may_ask_for_them(self, identity_env):
        tagged(identity_env, PrincipalTags={"mail": "email"})
        statement = {
            "Effect": "Allow",
            "Principal": {"Federated": COGNITO},
            "Action": ["sts:AssumeRoleWithWebIdentity", "sts:TagSession"],
            "Condition": {"StringLike": {"aws:RequestTag/mail": "*@example.com"}},
        }
        identity_env.iam.update_assume_role_policy(RoleName="member", PolicyDocument=document(statement))
        assert identity_env.credentials("ada")
        statement["Condition"] = {"StringLike": {"aws:RequestTag/mail": "*@other.com"}}
        identity_env.iam.update_assume_role_policy(RoleName="member", PolicyDocument=document(statement))
        with refused("InvalidIdentityPoolConfigurationException", BROKEN):
            identity_env.credentials("ada")

    def test_tags_too_long_for_sts_are_refused(self, identity_env):
        identity_env.add_user("bob", email="b" * 300 + "@example.com")
        tagged(identity_env, PrincipalTags={"mail": "email"})
        with refused("InvalidIdentityPoolConfigurationException", BROKEN):
            identity_env.credentials("bob")
        logins = identity_env.logins("bob")
        with refused("InvalidParameterException"):
            identity_env.identity.get_open_id_token(IdentityId=identity_env.id_of(logins), Logins=logins)

    def test_fifty_at_most(self, identity_env):
        with refused("ValidationException"):
            tagged(identity_env, PrincipalTags={str(n): "sub" for n in range(51)})


class TestGetPrincipalTagAttributeMap:
    def got(self, identity_env):
        answer = identity_env.identity.get_principal_tag_attribute_map(
            IdentityPoolId=identity_env.pool_id, IdentityProviderName=identity_env.provider
        )
        answer.pop("ResponseMetadata")
        return answer

    def test_before_anything_is_set(self, identity_env):
        assert self.got(identity_env) == {
            "IdentityPoolId": identity_env.pool_id,
            "IdentityProviderName": identity_env.provider,
            "UseDefaults": False,
            "PrincipalTags": {},
        }

    def test_it_gives_back_what_was_set(self, identity_env):
        answer = tagged(identity_env, PrincipalTags={"mail": "email"})
        assert answer == self.got(identity_env)
        assert answer["PrincipalTags"] == {"mail": "email"}
        assert tagged(identity_env, UseDefaults=True)["UseDefaults"] is True

    def test_with_defaults_and_no_tags_it_shows_the_default_map(self, identity_env):
        answer = tagged(identity_env, UseDefaults=True)
        assert answer["PrincipalTags"] == {"client": "aud", "username": "sub"}
        assert answer == self.got(identity_env)

    def test_an_unknown_pool_is_not_found(self, identity_env):
        identity_env.pool_id = "us-east-1:00000000-0000-4000-8000-000000000000"
        with refused("ResourceNotFoundException"):
            self.got(identity_env)
