import jwt
import pytest
from support.identity_env import COGNITO, IdentityPoolEnv
from support.pool_env import refused

DEVELOPER = "login.example"
UNKNOWN = "us-east-1:00000000-0000-4000-8000-000000000000"
MISMATCH = "Logins don't match. Please include at least one valid login for this identity or identity pool."
OWN_TOKEN = "Invalid login token. Can't pass in a Cognito token."
NO_SUCH_PROVIDER = "This identity pool does not support the specified developer provider"


class Backend(IdentityPoolEnv):
    """An identity pool with a developer provider, and the calls of the developer's backend."""

    def token(self, user="ada", **more):
        logins = {DEVELOPER: user} | more.pop("Logins", {})
        return self.identity.get_open_id_token_for_developer_identity(
            IdentityPoolId=self.pool_id, Logins=logins, **more
        )

    def lookup(self, **more):
        found = self.identity.lookup_developer_identity(IdentityPoolId=self.pool_id, **more)
        return found["IdentityId"], found["DeveloperUserIdentifierList"]

    def merge(self, source, destination, name=DEVELOPER):
        return self.identity.merge_developer_identities(
            IdentityPoolId=self.pool_id,
            DeveloperProviderName=name,
            SourceUserIdentifier=source,
            DestinationUserIdentifier=destination,
        )["IdentityId"]

    def unlink(self, identity_id, user="ada", name=DEVELOPER):
        self.identity.unlink_developer_identity(
            IdentityPoolId=self.pool_id,
            IdentityId=identity_id,
            DeveloperProviderName=name,
            DeveloperUserIdentifier=user,
        )


@pytest.fixture
def backend(cognito):
    backend = Backend(cognito, DeveloperProviderName=DEVELOPER)
    backend.add_user("ada")
    return backend


def claims(token):
    return jwt.decode(token, options={"verify_signature": False})


class TestGetOpenIdTokenForDeveloperIdentity:
    def test_a_user_has_one_identity(self, backend):
        first = backend.token()
        assert backend.token()["IdentityId"] == first["IdentityId"]
        assert backend.token("bob")["IdentityId"] != first["IdentityId"]

    def test_the_token_names_provider_pool_and_user(self, backend):
        answer = backend.token()
        said = claims(answer["Token"])
        assert said["sub"] == answer["IdentityId"]
        assert said["aud"] == backend.pool_id
        assert said["amr"] == ["authenticated", DEVELOPER, f"{DEVELOPER}:{backend.pool_id}:ada"]
        assert said["exp"] - said["iat"] == 900

    def test_its_time_can_be_chosen(self, backend):
        said = claims(backend.token(TokenDuration=86400)["Token"])
        assert said["exp"] - said["iat"] == 86400
        with refused("ValidationException"):
            backend.token(TokenDuration=86401)

    def test_principal_tags_are_in_the_token(self, backend):
        said = claims(backend.token(PrincipalTags={"team": "x"})["Token"])
        assert said["https://aws.amazon.com/tags"] == {
            "principal_tags": {"team": ["x"]},
            "transitive_tag_keys": [],
        }
        with refused("InvalidParameterException"):
            backend.token(PrincipalTags={"a": "x" * 256, "b": "x" * 256})

    def test_other_logins_are_tied_to_the_same_identity(self, backend):
        identity_id = backend.token(Logins=backend.logins())["IdentityId"]
        assert backend.id_of(backend.logins()) == identity_id
        described = backend.identity.describe_identity(IdentityId=identity_id)
        assert sorted(described["Logins"]) == sorted([backend.provider, DEVELOPER])

    def test_it_finds_the_identity_of_a_login(self, backend):
        identity_id = backend.id_of(backend.logins())
        assert backend.token(Logins=backend.logins())["IdentityId"] == identity_id
        assert backend.token()["IdentityId"] == identity_id

    def test_an_identity_that_is_given_gets_the_user(self, backend):
        guest = backend.id_of()
        assert backend.token(IdentityId=guest)["IdentityId"] == guest
        assert backend.token()["IdentityId"] == guest

    def test_a_user_of_another_identity_is_registered_already(self, backend):
        backend.token()
        guest = backend.id_of()
        with refused("DeveloperUserAlreadyRegisteredException"):
            backend.token(IdentityId=guest)

    def test_an_identity_with_public_logins_wants_one_of_them(self, backend):
        identity_id = backend.id_of(backend.logins())
        with refused("NotAuthorizedException", MISMATCH):
            backend.token(IdentityId=identity_id)
        assert backend.token(IdentityId=identity_id, Logins=backend.logins())["IdentityId"] == identity_id
        assert backend.token(IdentityId=identity_id)["IdentityId"] == identity_id

    def test_an_unknown_identity_is_not_found(self, backend):
        before = backend.count()
        with refused("ResourceNotFoundException"):
            backend.token(IdentityId=UNKNOWN)
        assert backend.count() == before

    def test_an_identity_that_was_merged_into_another_is_closed(self, backend):
        backend.token("ada")
        merged = backend.token("bob")["IdentityId"]
        backend.merge("bob", "ada")
        with refused("NotAuthorizedException", f"Access to Identity '{merged}' is forbidden."):
            backend.token("eve", IdentityId=merged)

    def test_another_provider_is_not_supported(self, backend):
        for logins in ({"other": "ada"}, backend.logins()):
            with refused("InvalidParameterException", NO_SUCH_PROVIDER):
                backend.identity.get_open_id_token_for_developer_identity(
                    IdentityPoolId=backend.pool_id, Logins=logins
                )

    def test_a_bad_login_beside_it_refuses_all(self, backend):
        before = backend.count()
        with refused("NotAuthorizedException"):
            backend.token(Logins={backend.provider: "x"})
        assert backend.count() == before

    def test_a_user_name_has_its_length(self, backend):
        with refused("InvalidParameterException"):
            backend.token("x" * 1025)


class TestTheTokenAsLogin:
    def test_it_opens_its_own_identity(self, backend):
        backend.roles()
        answer = backend.token()
        logins = {COGNITO: answer["Token"]}
        credentials = backend.credentials(logins=logins, identity_id=answer["IdentityId"])
        assert "/member/" in backend.caller(credentials)["Arn"]

    def test_it_opens_no_other(self, backend):
        backend.roles()
        token = backend.token()["Token"]
        for identity_id in (backend.token("bob")["IdentityId"], backend.id_of()):
            with refused("NotAuthorizedException", MISMATCH):
                backend.credentials(logins={COGNITO: token}, identity_id=identity_id)

    def test_it_opens_no_other_pool(self, backend):
        token = backend.token()["Token"]
        backend.pool_id = backend.pool(DeveloperProviderName=DEVELOPER)
        with refused("NotAuthorizedException", "Invalid login token. Not a Cognito token."):
            backend.credentials(logins={COGNITO: token}, identity_id=backend.id_of())

    @pytest.mark.parametrize("key", ["", DEVELOPER, COGNITO, "accounts.google.com"])
    def test_get_id_takes_no_token_of_an_identity_pool(self, backend, key):
        guest = backend.identity.get_open_id_token(IdentityId=backend.id_of())["Token"]
        for token in (backend.token()["Token"], guest):
            with refused("NotAuthorizedException", OWN_TOKEN):
                backend.id_of({key or backend.provider: token})

    def test_credentials_take_it_under_no_other_key(self, backend):
        backend.roles()
        answer = backend.token()
        for key in (backend.provider, DEVELOPER):
            with refused("NotAuthorizedException", OWN_TOKEN):
                backend.credentials(logins={key: answer["Token"]}, identity_id=answer["IdentityId"])

    def test_an_identity_that_was_deleted_stays_so(self, backend):
        answer = backend.token()
        backend.identity.delete_identities(IdentityIdsToDelete=[answer["IdentityId"]])
        with refused("NotAuthorizedException", "Invalid login token. Not a Cognito token."):
            backend.credentials(logins={COGNITO: answer["Token"]}, identity_id=backend.id_of())
        assert backend.token()["IdentityId"] != answer["IdentityId"]

    def test_without_it_the_identity_is_closed(self, backend):
        backend.roles()
        identity_id = backend.token()["IdentityId"]
        with refused("NotAuthorizedException", f"Access to Identity '{identity_id}' is forbidden."):
            backend.credentials(identity_id=identity_id)

    def test_a_guests_token_is_no_login(self, backend):
        guest = backend.id_of()
        token = backend.identity.get_open_id_token(IdentityId=guest)["Token"]
        with refused("NotAuthorizedException", "Invalid login token. Not a Cognito token."):
            backend.credentials(logins={COGNITO: token}, identity_id=guest)

    def test_it_ends(self, backend):
        answer = backend.token(TokenDuration=1)
        backend.cognito.clock.advance(minutes=6)
        with refused("NotAuthorizedException") as caught:
            backend.credentials(logins={COGNITO: answer["Token"]}, identity_id=answer["IdentityId"])
        assert "Invalid login token. Token expired: " in str(caught.value)

    def test_its_tags_become_those_of_the_session(self, backend):
        from support.identity_env import trust

        from cogmock.iam.sessions.authorize import authorize

        backend.roles()
        backend.iam.update_assume_role_policy(RoleName="member", PolicyDocument=trust(action="sts:*"))
        answer = backend.token(PrincipalTags={"team": "x"})
        credentials = backend.credentials(logins={COGNITO: answer["Token"]}, identity_id=answer["IdentityId"])
        found = authorize(
            backend.world, access_key_id=credentials["AccessKeyId"], action="s3:GetObject", resource="*"
        )
        assert found["principal_tags"] == {"team": "x"}


class TestLookupDeveloperIdentity:
    def test_by_user_or_by_identity(self, backend):
        identity_id = backend.token()["IdentityId"]
        backend.token("bob", IdentityId=identity_id)
        both = (identity_id, ["ada", "bob"])
        assert backend.lookup(DeveloperUserIdentifier="bob") == both
        assert backend.lookup(IdentityId=identity_id) == both
        assert backend.lookup(IdentityId=identity_id, DeveloperUserIdentifier="ada") == both

    def test_pages_cover_all_users(self, backend):
        identity_id = backend.token()["IdentityId"]
        for user in ("bob", "cy"):
            backend.token(user, IdentityId=identity_id)
        about = {"IdentityPoolId": backend.pool_id, "IdentityId": identity_id, "MaxResults": 2}
        first = backend.identity.lookup_developer_identity(**about)
        rest = backend.identity.lookup_developer_identity(**about, NextToken=first["NextToken"])
        assert first["DeveloperUserIdentifierList"] + rest["DeveloperUserIdentifierList"] == [
            "ada",
            "bob",
            "cy",
        ]
        assert "NextToken" not in rest

    def test_what_does_not_belong_together_is_a_conflict(self, backend):
        backend.token()
        other = backend.token("bob")["IdentityId"]
        with refused("ResourceConflictException"):
            backend.lookup(IdentityId=other, DeveloperUserIdentifier="ada")

    def test_neither_is_no_question(self, backend):
        with refused("InvalidParameterException"):
            backend.lookup()

    def test_what_is_not_there_is_not_found(self, backend):
        for about in ({"DeveloperUserIdentifier": "nobody"}, {"IdentityId": UNKNOWN}):
            with refused("ResourceNotFoundException"):
                backend.lookup(**about)


class TestMergeDeveloperIdentities:
    def test_the_destination_lives_on(self, backend):
        source, destination = backend.token("ada")["IdentityId"], backend.token("bob")["IdentityId"]
        assert backend.merge("ada", "bob") == destination
        assert backend.token("ada")["IdentityId"] == backend.token("bob")["IdentityId"] == destination
        assert backend.lookup(IdentityId=destination) == (destination, ["bob", "ada"])
        listed = backend.identity.list_identities(
            IdentityPoolId=backend.pool_id, MaxResults=60, HideDisabled=True
        )
        assert source not in [of["IdentityId"] for of in listed["Identities"]]

    def test_public_logins_come_along(self, backend):
        backend.token("ada", Logins=backend.logins())
        destination = backend.token("bob")["IdentityId"]
        backend.merge("ada", "bob")
        assert backend.id_of(backend.logins()) == destination

    def test_logins_of_one_provider_are_a_conflict(self, backend):
        backend.add_user("bob")
        backend.token("ada", Logins=backend.logins("ada"))
        backend.token("bob", Logins=backend.logins("bob"))
        with refused("ResourceConflictException"):
            backend.merge("ada", "bob")
        assert backend.token("ada")["IdentityId"] != backend.token("bob")["IdentityId"]

    def test_twenty_links_at_most(self, backend):
        def filled(names):
            first = backend.token(names[0])["IdentityId"]
            for name in names[1:]:
                backend.token(name, IdentityId=first)
            return first

        filled([f"a{n}" for n in range(11)])
        destination = filled([f"b{n}" for n in range(10)])
        with refused("ResourceConflictException"):
            backend.merge("a0", "b0")
        backend.unlink(destination, "b9")
        assert backend.merge("a0", "b0") == destination
        assert len(backend.lookup(IdentityId=destination)[1]) == 20
        with refused("ResourceConflictException"):
            backend.token("one-more", IdentityId=destination)

    def test_a_user_with_itself_changes_nothing(self, backend):
        identity_id = backend.token("ada")["IdentityId"]
        assert backend.merge("ada", "ada") == identity_id
        assert backend.token("ada")["IdentityId"] == identity_id

    def test_unknown_users_and_providers(self, backend):
        backend.token("ada")
        with refused("ResourceNotFoundException"):
            backend.merge("ada", "nobody")
        with refused("InvalidParameterException", NO_SUCH_PROVIDER):
            backend.merge("ada", "ada", "other")


class TestUnlinkDeveloperIdentity:
    def test_the_user_is_a_new_one_next_time(self, backend):
        identity_id = backend.token()["IdentityId"]
        backend.unlink(identity_id)
        assert backend.token()["IdentityId"] != identity_id

    def test_it_must_be_that_identitys(self, backend):
        backend.token()
        other = backend.token("bob")["IdentityId"]
        with refused("ResourceConflictException"):
            backend.unlink(other)
        with refused("ResourceNotFoundException"):
            backend.unlink(other, "nobody")
        with refused("ResourceNotFoundException"):
            backend.unlink(UNKNOWN, "bob")
        with refused("InvalidParameterException", NO_SUCH_PROVIDER):
            backend.unlink(other, "bob", "other")
