import jwt
import pytest
from people import refused
from society import COGNITO, Society, allow, document, trust

from cogmock.iam.authorize import authorize

BROKEN = "Invalid identity pool configuration. Check assigned IAM roles for this pool."


@pytest.fixture
def society(cognito):
    society = Society(cognito)
    society.roles()
    society.iam.update_assume_role_policy(
        RoleName="member",
        PolicyDocument=trust(action=["sts:AssumeRoleWithWebIdentity", "sts:TagSession"]),
    )
    society.resident(email="ada@example.com")
    return society


def tagged(society, **more):
    answer = society.identity.set_principal_tag_attribute_map(
        IdentityPoolId=society.pool_id, IdentityProviderName=society.provider, **more
    )
    answer.pop("ResponseMetadata")
    return answer


def found(society):
    credentials = society.credentials("ada")
    return authorize(society.world, access_key_id=credentials["AccessKeyId"], action="s3:GetObject")


class TestSetPrincipalTagAttributeMap:
    def test_claims_become_tags_of_the_session(self, society):
        tagged(society, PrincipalTags={"mail": "email", "id": "sub", "nothing": "absent"})
        sub = jwt.decode(society.tokens().id, options={"verify_signature": False})["sub"]
        assert found(society)["principal_tags"] == {"mail": "ada@example.com", "id": sub}

    def test_the_default_map_takes_client_and_sub(self, society):
        tagged(society, UseDefaults=True)
        sub = jwt.decode(society.tokens().id, options={"verify_signature": False})["sub"]
        assert found(society)["principal_tags"] == {"client": society.client_id, "username": sub}

    def test_policies_see_them(self, society):
        tagged(society, PrincipalTags={"mail": "email"})
        own = document(allow(resource="arn:aws:s3:::${aws:PrincipalTag/mail}/*"))
        society.iam.put_role_policy(RoleName="member", PolicyName="own", PolicyDocument=own)
        key = society.credentials("ada")["AccessKeyId"]
        for bucket, decision in (("ada@example.com", "allowed"), ("bob@example.com", "implicitDeny")):
            answer = authorize(
                society.world, access_key_id=key, action="s3:GetObject", resource=f"arn:aws:s3:::{bucket}/x"
            )
            assert answer["decision"] == decision

    def test_the_role_must_let_itself_be_tagged(self, society):
        tagged(society, PrincipalTags={"mail": "email"})
        society.iam.update_assume_role_policy(RoleName="member", PolicyDocument=trust())
        with refused("InvalidIdentityPoolConfigurationException", BROKEN):
            society.credentials("ada")
        tagged(society, PrincipalTags={"mail": "absent"})
        assert society.credentials("ada")

    def test_they_are_in_the_openid_token(self, society):
        tagged(society, PrincipalTags={"mail": "email"})
        logins = society.logins()
        token = society.identity.get_open_id_token(IdentityId=society.id_of(logins), Logins=logins)["Token"]
        said = jwt.decode(token, options={"verify_signature": False})
        assert said["https://aws.amazon.com/tags"] == {
            "principal_tags": {"mail": ["ada@example.com"]},
            "transitive_tag_keys": [],
        }

    def test_the_trust_policy_may_ask_for_them(self, society):
        tagged(society, PrincipalTags={"mail": "email"})
        statement = {
            "Effect": "Allow",
            "Principal": {"Federated": COGNITO},
            "Action": ["sts:AssumeRoleWithWebIdentity", "sts:TagSession"],
            "Condition": {"StringLike": {"aws:RequestTag/mail": "*@example.com"}},
        }
        society.iam.update_assume_role_policy(RoleName="member", PolicyDocument=document(statement))
        assert society.credentials("ada")
        statement["Condition"] = {"StringLike": {"aws:RequestTag/mail": "*@other.com"}}
        society.iam.update_assume_role_policy(RoleName="member", PolicyDocument=document(statement))
        with refused("InvalidIdentityPoolConfigurationException", BROKEN):
            society.credentials("ada")

    def test_tags_too_long_for_sts_are_refused(self, society):
        society.resident("bob", email="b" * 300 + "@example.com")
        tagged(society, PrincipalTags={"mail": "email"})
        with refused("InvalidIdentityPoolConfigurationException", BROKEN):
            society.credentials("bob")
        logins = society.logins("bob")
        with refused("InvalidParameterException"):
            society.identity.get_open_id_token(IdentityId=society.id_of(logins), Logins=logins)

    def test_fifty_at_most(self, society):
        with refused("ValidationException"):
            tagged(society, PrincipalTags={str(n): "sub" for n in range(51)})


class TestGetPrincipalTagAttributeMap:
    def got(self, society):
        answer = society.identity.get_principal_tag_attribute_map(
            IdentityPoolId=society.pool_id, IdentityProviderName=society.provider
        )
        answer.pop("ResponseMetadata")
        return answer

    def test_before_anything_is_set(self, society):
        assert self.got(society) == {
            "IdentityPoolId": society.pool_id,
            "IdentityProviderName": society.provider,
            "UseDefaults": False,
            "PrincipalTags": {},
        }

    def test_it_gives_back_what_was_set(self, society):
        answer = tagged(society, PrincipalTags={"mail": "email"})
        assert answer == self.got(society)
        assert answer["PrincipalTags"] == {"mail": "email"}
        assert tagged(society, UseDefaults=True)["UseDefaults"] is True

    def test_an_unknown_pool_is_not_found(self, society):
        society.pool_id = "us-east-1:00000000-0000-4000-8000-000000000000"
        with refused("ResourceNotFoundException"):
            self.got(society)
