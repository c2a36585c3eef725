import pytest
from support.identity_env import ACCOUNT, IdentityPoolEnv
from support.pool_env import refused

ROLE = f"arn:aws:iam::{ACCOUNT}:role/anything"
SOCIAL = ["graph.facebook.com", "accounts.google.com", "www.amazon.com", "appleid.apple.com"]


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
    def put(self, identity_env, roles=None, **mappings):
        identity_env.identity.set_identity_pool_roles(
            IdentityPoolId=identity_env.pool_id, Roles=roles or {"authenticated": ROLE}, RoleMappings=mappings
        )

    def key(self, identity_env):
        return f"{identity_env.provider}:{identity_env.client_id}"

    def test_roles_and_mappings_are_kept_though_no_role_exists(self, identity_env):
        mappings = {self.key(identity_env): rules_mapping(25)}
        self.put(identity_env, **mappings)
        found = identity_env.identity.get_identity_pool_roles(IdentityPoolId=identity_env.pool_id)
        assert found["IdentityPoolId"] == identity_env.pool_id
        assert found["Roles"] == {"authenticated": ROLE}
        assert found["RoleMappings"] == mappings

    def test_they_replace_what_was_there(self, identity_env):
        self.put(identity_env, **{self.key(identity_env): token_mapping()})
        self.put(identity_env, {"unauthenticated": ROLE})
        found = identity_env.identity.get_identity_pool_roles(IdentityPoolId=identity_env.pool_id)
        assert found["Roles"] == {"unauthenticated": ROLE}
        assert "RoleMappings" not in found

    @pytest.mark.parametrize(
        "key", ["graph.facebook.com", "cognito-idp.us-east-1.amazonaws.com/us-east-1_Other00:x"]
    )
    def test_a_key_that_is_no_provider_is_refused(self, identity_env, key):
        with refused(
            "InvalidParameterException",
            f"({key}) is not a valid RoleMapping ProviderName or is not a configured provider.",
        ):
            self.put(identity_env, **{key: token_mapping()})
        assert "Roles" not in identity_env.identity.get_identity_pool_roles(
            IdentityPoolId=identity_env.pool_id
        )

    @pytest.mark.parametrize("role", ["NameOfARoleThatIsNoArn", f"arn:aws:iam::{ACCOUNT}:user/ada"])
    def test_what_is_no_role_is_forbidden(self, identity_env, role):
        with refused("NotAuthorizedException", f"Access to Role '{role}' is forbidden."):
            self.put(identity_env, {"authenticated": role})

    def test_rules_are_counted_before_all_else(self, identity_env):
        with refused("InvalidParameterException", "The number of rules in the request exceeded 25."):
            self.put(identity_env, unknown=rules_mapping(26))

    def test_the_kinds_of_matches_are_told_in_the_order_of_aws(self, identity_env):
        mapping = rules_mapping(1)
        mapping["RulesConfiguration"]["Rules"][0]["MatchType"] = "Matches"
        with refused(
            "ValidationException",
            "1 validation error detected: Value 'Matches' at "
            "'roleMappings.x.member.rulesConfiguration.rules.1.member.matchType' failed to satisfy constraint: "
            "Member must satisfy enum value set: [NotEqual, StartsWith, Contains, Equals]",
        ):
            self.put(identity_env, x=mapping)

    def test_keys_of_all_kinds_of_providers_are_taken(self, identity_env):
        oidc = f"arn:aws:iam::{ACCOUNT}:oidc-provider/example.com"
        saml = f"arn:aws:iam::{ACCOUNT}:saml-provider/example"
        identity_env.pool_id = identity_env.pool(
            SupportedLoginProviders=dict.fromkeys(SOCIAL, "1"),
            OpenIdConnectProviderARNs=[oidc],
            SamlProviderARNs=[saml],
        )
        keys = [self.key(identity_env), *SOCIAL, oidc, saml]
        self.put(identity_env, **{key: token_mapping() for key in keys})
        found = identity_env.identity.get_identity_pool_roles(IdentityPoolId=identity_env.pool_id)
        assert set(found["RoleMappings"]) == set(keys)

    def test_a_user_pool_may_be_named_by_its_issuer(self, cognito):
        cognito.settings.issuer, cognito.settings.public_url = "server", "http://localhost:4577"
        identity_env = IdentityPoolEnv(cognito)
        roles = identity_env.roles()
        gold = identity_env.role("gold")
        identity_env.group("gold", gold)
        identity_env.add_user("ada", ["gold"])
        key = f"localhost:4577/{identity_env.user_pool_id}:{identity_env.client_id}"
        self.put(identity_env, roles, **{key: token_mapping()})
        found = identity_env.identity.get_identity_pool_roles(IdentityPoolId=identity_env.pool_id)
        assert list(found["RoleMappings"]) == [key]
        assert "/gold/" in identity_env.caller(identity_env.credentials("ada"))["Arn"]

    @pytest.mark.parametrize(
        "mapping",
        [{"Type": "Token"}, {"Type": "Rules", "AmbiguousRoleResolution": "Deny"}, rules_mapping(26)],
        ids=["no resolution", "no rules", "26 rules"],
    )
    def test_an_incomplete_mapping_is_refused(self, identity_env, mapping):
        with refused("InvalidParameterException"):
            self.put(identity_env, **{self.key(identity_env): mapping})

    @pytest.mark.parametrize("kind", ["admin", "Authenticated"])
    def test_roles_are_of_members_and_guests_alone(self, identity_env, kind):
        with refused("ValidationException"):
            self.put(identity_env, {kind: ROLE})

    def test_an_unknown_pool_is_not_found(self, identity_env):
        with refused("ResourceNotFoundException"):
            identity_env.identity.set_identity_pool_roles(
                IdentityPoolId="us-east-1:00000000-0000-4000-8000-000000000000", Roles={}
            )


class TestGetIdentityPoolRoles:
    def test_a_fresh_pool_has_none(self, identity_env):
        found = identity_env.identity.get_identity_pool_roles(IdentityPoolId=identity_env.pool_id)
        assert {key for key in found if key != "ResponseMetadata"} == {"IdentityPoolId"}
