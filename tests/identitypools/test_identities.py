import re
from datetime import datetime

import pytest
from botocore import UNSIGNED
from botocore.config import Config
from people import refused
from society import Society

UNKNOWN = "us-east-1:00000000-0000-4000-8000-000000000000"
MISMATCH = "Logins don't match. Please include at least one valid login for this identity or identity pool."


@pytest.fixture
def society(cognito):
    society = Society(cognito)
    society.resident()
    return society


class TestGetId:
    def test_every_guest_is_a_new_one(self, society):
        first, second = society.id_of(), society.id_of()
        assert first != second
        assert re.fullmatch(r"us-east-1:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", first)

    def test_guests_may_be_unwelcome(self, society):
        society.pool_id = society.pool(AllowUnauthenticatedIdentities=False)
        with refused(
            "NotAuthorizedException", "Unauthenticated access is not supported for this identity pool."
        ):
            society.id_of()
        assert society.id_of(society.logins())
        assert society.count() == 1

    def test_a_login_has_one_identity(self, society):
        society.resident("bob")
        assert society.id_of(society.logins()) == society.id_of(society.logins())
        assert society.id_of(society.logins("bob")) != society.id_of(society.logins("ada"))

    def test_two_clients_of_a_user_pool_share_it(self, society):
        other = society.client("other")
        society.identity.update_identity_pool(
            IdentityPoolId=society.pool_id,
            IdentityPoolName="town",
            AllowUnauthenticatedIdentities=True,
            CognitoIdentityProviders=[
                {"ProviderName": society.provider, "ClientId": of} for of in (society.client_id, other)
            ],
        )
        assert society.id_of(society.logins()) == society.id_of(society.logins(client_id=other))

    def test_another_pool_has_another(self, society):
        first = society.id_of(society.logins())
        society.pool_id = society.pool()
        assert society.id_of(society.logins()) != first

    def test_two_user_pools_in_one_call_share_an_identity(self, society, cognito):
        other = Society(cognito)
        other.resident("bob")
        society.pool_id = society.pool(
            CognitoIdentityProviders=[
                {"ProviderName": of.provider, "ClientId": of.client_id} for of in (society, other)
            ]
        )
        both = society.logins() | other.logins("bob")
        identity_id = society.id_of(both)
        assert society.id_of(society.logins()) == identity_id
        assert society.id_of(other.logins("bob")) == identity_id
        described = society.identity.describe_identity(IdentityId=identity_id)
        assert sorted(described["Logins"]) == sorted([society.provider, other.provider])

    def test_a_second_login_of_the_same_provider_is_a_conflict(self, cognito):
        cognito.settings.issuer, cognito.settings.public_url = "server", "http://localhost:4577"
        society = Society(cognito)
        society.resident("ada")
        society.resident("bob")
        before = society.count()
        with refused("ResourceConflictException"):
            society.id_of(
                {
                    society.provider: society.tokens("ada").id,
                    f"localhost:4577/{society.user_pool_id}": society.tokens("bob").id,
                }
            )
        assert society.count() == before

    def test_the_account_is_not_asked(self, society):
        assert society.id_of(AccountId="000000000000")

    def test_it_needs_no_signature_and_finds_the_region_by_the_id(self, cognito):
        import boto3

        society = Society(cognito, "eu-west-1")
        unsigned = boto3.client(
            "cognito-identity", region_name="eu-west-1", config=Config(signature_version=UNSIGNED)
        )
        assert unsigned.get_id(IdentityPoolId=society.pool_id)["IdentityId"].startswith("eu-west-1:")

    def test_an_unknown_pool_is_not_found(self, society):
        with refused("ResourceNotFoundException", f"IdentityPool '{UNKNOWN}' not found."):
            society.identity.get_id(IdentityPoolId=UNKNOWN)


class TestDescribeIdentity:
    def test_a_guest_has_no_logins(self, society):
        identity_id = society.id_of()
        described = society.identity.describe_identity(IdentityId=identity_id)
        assert described["IdentityId"] == identity_id
        assert "Logins" not in described
        assert isinstance(described["CreationDate"], datetime)
        assert described["CreationDate"] == described["LastModifiedDate"]

    def test_a_member_has_the_names_of_providers(self, society):
        identity_id = society.id_of(society.logins())
        assert society.identity.describe_identity(IdentityId=identity_id)["Logins"] == [society.provider]

    def test_an_unknown_one_is_not_found(self, society):
        with refused("ResourceNotFoundException", f"Identity '{UNKNOWN}' not found."):
            society.identity.describe_identity(IdentityId=UNKNOWN)


class TestListIdentities:
    def test_pages_cover_all(self, society):
        ids = [society.id_of() for _ in range(3)]
        listed = society.identity.list_identities
        first = listed(IdentityPoolId=society.pool_id, MaxResults=2)
        assert first["IdentityPoolId"] == society.pool_id
        rest = listed(IdentityPoolId=society.pool_id, MaxResults=2, NextToken=first["NextToken"])
        assert [of["IdentityId"] for of in first["Identities"] + rest["Identities"]] == ids
        assert "NextToken" not in rest

    def test_disabled_ones_are_shown_unless_hidden(self, society):
        society.roles()
        member, guest = society.id_of(society.logins()), society.id_of()
        society.credentials(logins=society.logins(), identity_id=guest)
        listed = society.identity.list_identities

        def ids(**more):
            found = listed(IdentityPoolId=society.pool_id, MaxResults=60, **more)["Identities"]
            return [of["IdentityId"] for of in found]

        assert ids() == [member, guest]
        assert ids(HideDisabled=False) == [member, guest]
        assert ids(HideDisabled=True) == [member]

    def test_pages_are_full_though_many_are_hidden(self, society):
        society.roles()
        for _ in range(4):
            society.credentials(logins=society.logins(), identity_id=society.id_of())
        guests = [society.id_of() for _ in range(2)]
        about = {"IdentityPoolId": society.pool_id, "MaxResults": 2, "HideDisabled": True}
        first = society.identity.list_identities(**about)
        rest = society.identity.list_identities(**about, NextToken=first["NextToken"])
        found = [of["IdentityId"] for of in first["Identities"] + rest["Identities"]]
        assert found == [society.id_of(society.logins()), *guests]
        assert "NextToken" not in rest

    def test_a_made_up_token_is_refused(self, society):
        with refused("InvalidParameterException"):
            society.identity.list_identities(IdentityPoolId=society.pool_id, MaxResults=2, NextToken="x")


class TestDeleteIdentities:
    def test_all_that_are_there_go(self, society):
        ids = [society.id_of(), society.id_of(society.logins())]
        answer = society.identity.delete_identities(IdentityIdsToDelete=ids)
        assert answer["UnprocessedIdentityIds"] == []
        assert society.count() == 0
        assert society.id_of(society.logins()) not in ids

    def test_one_that_is_not_there_is_told(self, society):
        identity_id = society.id_of()
        answer = society.identity.delete_identities(IdentityIdsToDelete=[UNKNOWN, identity_id])
        assert answer["UnprocessedIdentityIds"] == [{"IdentityId": UNKNOWN, "ErrorCode": "AccessDenied"}]
        assert society.count() == 0

    def test_sixty_at_most(self, society):
        with refused("ValidationException"):
            society.identity.delete_identities(IdentityIdsToDelete=[UNKNOWN] * 61)


class TestUnlinkIdentity:
    def unlink(self, society, identity_id, logins, *remove):
        society.identity.unlink_identity(
            IdentityId=identity_id, Logins=logins, LoginsToRemove=list(remove) or [society.provider]
        )

    def test_the_login_is_a_new_identity_next_time(self, society):
        society.roles()
        logins = society.logins()
        identity_id = society.id_of(logins)
        self.unlink(society, identity_id, logins)
        assert society.id_of(logins) != identity_id
        assert "Logins" not in society.identity.describe_identity(IdentityId=identity_id)
        with refused("NotAuthorizedException", f"Access to Identity '{identity_id}' is forbidden."):
            society.credentials(identity_id=identity_id)

    def test_it_needs_a_login_of_that_identity(self, society):
        society.resident("bob")
        identity_id = society.id_of(society.logins())
        with refused("NotAuthorizedException", MISMATCH):
            self.unlink(society, identity_id, society.logins("bob"))
        with refused("NotAuthorizedException"):
            self.unlink(society, identity_id, {society.provider: "x"})
        assert society.id_of(society.logins()) == identity_id

    def test_a_guest_has_none(self, society):
        guest = society.id_of()
        with refused("NotAuthorizedException", MISMATCH):
            self.unlink(society, guest, society.logins())
