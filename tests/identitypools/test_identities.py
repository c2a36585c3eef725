import re
from datetime import datetime

import pytest
from botocore import UNSIGNED
from botocore.config import Config
from support.identity_env import IdentityPoolEnv
from support.pool_env import refused

UNKNOWN = "us-east-1:00000000-0000-4000-8000-000000000000"
MISMATCH = "Logins don't match. Please include at least one valid login for this identity or identity pool."


@pytest.fixture
def identity_env(cognito):
    identity_env = IdentityPoolEnv(cognito)
    identity_env.add_user()
    return identity_env


class TestGetId:
    def test_every_guest_is_a_new_one(self, identity_env):
        first, second = identity_env.id_of(), identity_env.id_of()
        assert first != second
        assert re.fullmatch(r"us-east-1:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", first)

    def test_guests_may_be_unwelcome(self, identity_env):
        identity_env.pool_id = identity_env.pool(AllowUnauthenticatedIdentities=False)
        with refused(
            "NotAuthorizedException", "Unauthenticated access is not supported for this identity pool."
        ):
            identity_env.id_of()
        assert identity_env.id_of(identity_env.logins())
        assert identity_env.count() == 1

    def test_a_login_has_one_identity(self, identity_env):
        identity_env.add_user("bob")
        assert identity_env.id_of(identity_env.logins()) == identity_env.id_of(identity_env.logins())
        assert identity_env.id_of(identity_env.logins("bob")) != identity_env.id_of(
            identity_env.logins("ada")
        )

    def test_two_clients_of_a_user_pool_share_it(self, identity_env):
        other = identity_env.client("other")
        identity_env.identity.update_identity_pool(
            IdentityPoolId=identity_env.pool_id,
            IdentityPoolName="shop",
            AllowUnauthenticatedIdentities=True,
            CognitoIdentityProviders=[
                {"ProviderName": identity_env.provider, "ClientId": of}
                for of in (identity_env.client_id, other)
            ],
        )
        assert identity_env.id_of(identity_env.logins()) == identity_env.id_of(
            identity_env.logins(client_id=other)
        )

    def test_another_pool_has_another(self, identity_env):
        first = identity_env.id_of(identity_env.logins())
        identity_env.pool_id = identity_env.pool()
        assert identity_env.id_of(identity_env.logins()) != first

    def test_two_user_pools_in_one_call_share_an_identity(self, identity_env, cognito):
        other = IdentityPoolEnv(cognito)
        other.add_user("bob")
        identity_env.pool_id = identity_env.pool(
            CognitoIdentityProviders=[
                {"ProviderName": of.provider, "ClientId": of.client_id} for of in (identity_env, other)
            ]
        )
        both = identity_env.logins() | other.logins("bob")
        identity_id = identity_env.id_of(both)
        assert identity_env.id_of(identity_env.logins()) == identity_id
        assert identity_env.id_of(other.logins("bob")) == identity_id
        described = identity_env.identity.describe_identity(IdentityId=identity_id)
        assert sorted(described["Logins"]) == sorted([identity_env.provider, other.provider])

    def test_a_second_login_of_the_same_provider_is_a_conflict(self, cognito):
        cognito.settings.issuer, cognito.settings.public_url = "server", "http://localhost:4577"
        identity_env = IdentityPoolEnv(cognito)
        identity_env.add_user("ada")
        identity_env.add_user("bob")
        before = identity_env.count()
        with refused("ResourceConflictException"):
            identity_env.id_of(
                {
                    identity_env.provider: identity_env.tokens("ada").id,
                    f"localhost:4577/{identity_env.user_pool_id}": identity_env.tokens("bob").id,
                }
            )
        assert identity_env.count() == before

    def test_the_account_is_not_asked(self, identity_env):
        assert identity_env.id_of(AccountId="000000000000")

    def test_it_needs_no_signature_and_finds_the_region_by_the_id(self, cognito):
        import boto3

        identity_env = IdentityPoolEnv(cognito, "eu-west-1")
        unsigned = boto3.client(
            "cognito-identity", region_name="eu-west-1", config=Config(signature_version=UNSIGNED)
        )
        assert unsigned.get_id(IdentityPoolId=identity_env.pool_id)["IdentityId"].startswith("eu-west-1:")

    def test_an_unknown_pool_is_not_found(self, identity_env):
        with refused("ResourceNotFoundException", f"IdentityPool '{UNKNOWN}' not found."):
            identity_env.identity.get_id(IdentityPoolId=UNKNOWN)


class TestDescribeIdentity:
    def test_a_guest_has_no_logins(self, identity_env):
        identity_id = identity_env.id_of()
        described = identity_env.identity.describe_identity(IdentityId=identity_id)
        assert described["IdentityId"] == identity_id
        assert "Logins" not in described
        assert isinstance(described["CreationDate"], datetime)
        assert described["CreationDate"] == described["LastModifiedDate"]

    def test_a_member_has_the_names_of_providers(self, identity_env):
        identity_id = identity_env.id_of(identity_env.logins())
        assert identity_env.identity.describe_identity(IdentityId=identity_id)["Logins"] == [
            identity_env.provider
        ]

    def test_an_unknown_one_is_not_found(self, identity_env):
        with refused("ResourceNotFoundException", f"Identity '{UNKNOWN}' not found."):
            identity_env.identity.describe_identity(IdentityId=UNKNOWN)


class TestListIdentities:
    def test_pages_cover_all(self, identity_env):
        ids = [identity_env.id_of() for _ in range(3)]
        listed = identity_env.identity.list_identities
        first = listed(IdentityPoolId=identity_env.pool_id, MaxResults=2)
        assert first["IdentityPoolId"] == identity_env.pool_id
        rest = listed(IdentityPoolId=identity_env.pool_id, MaxResults=2, NextToken=first["NextToken"])
        assert [of["IdentityId"] for of in first["Identities"] + rest["Identities"]] == ids
        assert "NextToken" not in rest

    def test_disabled_ones_are_shown_unless_hidden(self, identity_env):
        identity_env.roles()
        member, guest = identity_env.id_of(identity_env.logins()), identity_env.id_of()
        identity_env.credentials(logins=identity_env.logins(), identity_id=guest)
        listed = identity_env.identity.list_identities

        def ids(**more):
            found = listed(IdentityPoolId=identity_env.pool_id, MaxResults=60, **more)["Identities"]
            return [of["IdentityId"] for of in found]

        assert ids() == [member, guest]
        assert ids(HideDisabled=False) == [member, guest]
        assert ids(HideDisabled=True) == [member]

    def test_pages_are_full_though_many_are_hidden(self, identity_env):
        identity_env.roles()
        for _ in range(4):
            identity_env.credentials(logins=identity_env.logins(), identity_id=identity_env.id_of())
        guests = [identity_env.id_of() for _ in range(2)]
        about = {"IdentityPoolId": identity_env.pool_id, "MaxResults": 2, "HideDisabled": True}
        first = identity_env.identity.list_identities(**about)
        rest = identity_env.identity.list_identities(**about, NextToken=first["NextToken"])
        found = [of["IdentityId"] for of in first["Identities"] + rest["Identities"]]
        assert found == [identity_env.id_of(identity_env.logins()), *guests]
        assert "NextToken" not in rest

    def test_a_made_up_token_is_refused(self, identity_env):
        with refused("InvalidParameterException"):
            identity_env.identity.list_identities(
                IdentityPoolId=identity_env.pool_id, MaxResults=2, NextToken="x"
            )


class TestDeleteIdentities:
    def test_all_that_are_there_go(self, identity_env):
        ids = [identity_env.id_of(), identity_env.id_of(identity_env.logins())]
        answer = identity_env.identity.delete_identities(IdentityIdsToDelete=ids)
        assert answer["UnprocessedIdentityIds"] == []
        assert identity_env.count() == 0
        assert identity_env.id_of(identity_env.logins()) not in ids

    def test_one_that_is_not_there_is_told(self, identity_env):
        identity_id = identity_env.id_of()
        answer = identity_env.identity.delete_identities(IdentityIdsToDelete=[UNKNOWN, identity_id])
        assert answer["UnprocessedIdentityIds"] == [{"IdentityId": UNKNOWN, "ErrorCode": "AccessDenied"}]
        assert identity_env.count() == 0

    def test_sixty_at_most(self, identity_env):
        with refused("ValidationException"):
            identity_env.identity.delete_identities(IdentityIdsToDelete=[UNKNOWN] * 61)


class TestUnlinkIdentity:
    def unlink(self, identity_env, identity_id, logins, *remove):
        identity_env.identity.unlink_identity(
            IdentityId=identity_id, Logins=logins, LoginsToRemove=list(remove) or [identity_env.provider]
        )

    def test_the_login_is_a_new_identity_next_time(self, identity_env):
        identity_env.roles()
        logins = identity_env.logins()
        identity_id = identity_env.id_of(logins)
        self.unlink(identity_env, identity_id, logins)
        assert identity_env.id_of(logins) != identity_id
        assert "Logins" not in identity_env.identity.describe_identity(IdentityId=identity_id)
        with refused("NotAuthorizedException", f"Access to Identity '{identity_id}' is forbidden."):
            identity_env.credentials(identity_id=identity_id)

    def test_it_needs_a_login_of_that_identity(self, identity_env):
        identity_env.add_user("bob")
        identity_id = identity_env.id_of(identity_env.logins())
        with refused("NotAuthorizedException", MISMATCH):
            self.unlink(identity_env, identity_id, identity_env.logins("bob"))
        with refused("NotAuthorizedException"):
            self.unlink(identity_env, identity_id, {identity_env.provider: "x"})
        assert identity_env.id_of(identity_env.logins()) == identity_id

    def test_a_guest_has_none(self, identity_env):
        guest = identity_env.id_of()
        with refused("NotAuthorizedException", MISMATCH):
            self.unlink(identity_env, guest, identity_env.logins())
