import pytest
from people import refused
from society import ACCOUNT, Society

ROLE = f"arn:aws:iam::{ACCOUNT}:role/anything"


def token_mapping(ambiguous="Deny"):
    return {"Type": "Token", "AmbiguousRoleResolution": ambiguous}


def rules_mapping(count=1):
    rule = {"Claim": "isAdmin", "MatchType": "Equals", "Value": "yes", "RoleARN": ROLE}
    return {
        "Type": "Rules",
        "AmbiguousRoleResolution": "Deny",
        "RulesConfiguration": {"Rules": [rule] * count},
    }


class TestSetIdentityPoolRoles:
    def put(self, society, roles=None, **mappings):
        society.identity.set_identity_pool_roles(
            IdentityPoolId=society.pool_id, Roles=roles or {"authenticated": ROLE}, RoleMappings=mappings
        )

    def key(self, society):
        return f"{society.provider}:{society.client_id}"

    def test_roles_and_mappings_are_kept_though_no_role_exists(self, society):
        mappings = {self.key(society): rules_mapping(25)}
        self.put(society, **mappings)
        found = society.identity.get_identity_pool_roles(IdentityPoolId=society.pool_id)
        assert found["IdentityPoolId"] == society.pool_id
        assert found["Roles"] == {"authenticated": ROLE}
        assert found["RoleMappings"] == mappings

    def test_they_replace_what_was_there(self, society):
        self.put(society, **{self.key(society): token_mapping()})
        self.put(society, {"unauthenticated": ROLE})
        found = society.identity.get_identity_pool_roles(IdentityPoolId=society.pool_id)
        assert found["Roles"] == {"unauthenticated": ROLE}
        assert "RoleMappings" not in found

    @pytest.mark.parametrize(
        "key", ["graph.facebook.com", "cognito-idp.us-east-1.amazonaws.com/us-east-1_Other00:x"]
    )
    def test_a_key_that_is_no_provider_is_refused(self, society, key):
        with refused(
            "InvalidParameterException",
            f"{key} is not a valid RoleMapping ProviderName or is not a configured provider.",
        ):
            self.put(society, **{key: token_mapping()})
        assert "Roles" not in society.identity.get_identity_pool_roles(IdentityPoolId=society.pool_id)

    def test_keys_of_all_kinds_of_providers_are_taken(self, society):
        oidc = f"arn:aws:iam::{ACCOUNT}:oidc-provider/example.com"
        saml = f"arn:aws:iam::{ACCOUNT}:saml-provider/example"
        society.pool_id = society.pool(
            SupportedLoginProviders={"graph.facebook.com": "1", "accounts.google.com": "2"},
            OpenIdConnectProviderARNs=[oidc],
            SamlProviderARNs=[saml],
        )
        keys = [self.key(society), "graph.facebook.com", "accounts.google.com", oidc, saml]
        self.put(society, **{key: token_mapping() for key in keys})
        found = society.identity.get_identity_pool_roles(IdentityPoolId=society.pool_id)
        assert set(found["RoleMappings"]) == set(keys)

    def test_a_user_pool_may_be_named_by_its_issuer(self, cognito):
        cognito.settings.issuer, cognito.settings.public_url = "server", "http://localhost:4577"
        society = Society(cognito)
        roles = society.roles()
        gold = society.role("gold")
        society.group("gold", gold)
        society.resident("ada", ["gold"])
        key = f"localhost:4577/{society.user_pool_id}:{society.client_id}"
        self.put(society, roles, **{key: token_mapping()})
        found = society.identity.get_identity_pool_roles(IdentityPoolId=society.pool_id)
        assert list(found["RoleMappings"]) == [key]
        assert "/gold/" in society.caller(society.credentials("ada"))["Arn"]

    @pytest.mark.parametrize(
        "mapping",
        [{"Type": "Token"}, {"Type": "Rules", "AmbiguousRoleResolution": "Deny"}, rules_mapping(26)],
        ids=["no resolution", "no rules", "26 rules"],
    )
    def test_an_incomplete_mapping_is_refused(self, society, mapping):
        with refused("InvalidParameterException"):
            self.put(society, **{self.key(society): mapping})

    @pytest.mark.parametrize("kind", ["admin", "Authenticated"])
    def test_roles_are_of_members_and_guests_alone(self, society, kind):
        with refused("ValidationException"):
            self.put(society, {kind: ROLE})

    def test_an_unknown_pool_is_not_found(self, society):
        with refused("ResourceNotFoundException"):
            society.identity.set_identity_pool_roles(
                IdentityPoolId="us-east-1:00000000-0000-4000-8000-000000000000", Roles={}
            )


class TestGetIdentityPoolRoles:
    def test_a_fresh_pool_has_none(self, society):
        found = society.identity.get_identity_pool_roles(IdentityPoolId=society.pool_id)
        assert {key for key in found if key != "ResponseMetadata"} == {"IdentityPoolId"}
