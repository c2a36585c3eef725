"""The calls of Terraform's AWS provider: create, read, update, read. A second plan is empty where what was read says
what was configured, and nothing else moves.

The provider itself is not run: each test sends what a resource of it sends, every attribute of its state in each update.
"""

from __future__ import annotations

import boto3
import pytest

REGION = "us-east-1"
LAMBDA = "arn:aws:lambda:us-east-1:123456789012:function:check"
ROLE = "arn:aws:iam::123456789012:role/member"
VOLATILE = {"LastModifiedDate", "UserLastModifiedDate", "ResponseMetadata", "Version"}
SETS = {
    "ExplicitAuthFlows",
    "CallbackURLs",
    "AllowedOAuthScopes",
    "AutoVerifiedAttributes",
    "ReadAttributes",
    "Scopes",
}
"""Members that the provider keeps as sets: their order makes no plan."""


def settled(value, key=""):
    """What a state holds of an answer."""
    if isinstance(value, dict):
        return {name: settled(of, name) for name, of in value.items() if name not in VOLATILE}
    if isinstance(value, list):
        kept = [settled(each) for each in value]
        return sorted(kept, key=str) if key in SETS else kept
    return value


def differences(configured, read, path=""):
    """Where a plan would show a change: what is configured and is read otherwise."""
    if isinstance(configured, dict) and isinstance(read, dict):
        return [
            found
            for key, of in configured.items()
            for found in differences(of, read.get(key), f"{path}.{key}")
        ]
    if isinstance(configured, list) and isinstance(read, list) and len(configured) == len(read):
        pairs = zip(configured, read, strict=True)
        return [
            found for i, (one, other) in enumerate(pairs) for found in differences(one, other, f"{path}[{i}]")
        ]
    if configured in ({}, []) and not read:
        return []  # Terraform knows no difference between empty and absent
    return [] if configured == read else [f"{path}: {configured!r} is read as {read!r}"]


@pytest.fixture
def idp(cognito):
    return boto3.client("cognito-idp", region_name=REGION)


@pytest.fixture
def identity(cognito):
    return boto3.client("cognito-identity", region_name=REGION)


@pytest.fixture
def pool(idp):
    return idp.create_user_pool(PoolName="shop")["UserPool"]["Id"]


@pytest.fixture
def client(idp, pool):
    return idp.create_user_pool_client(UserPoolId=pool, ClientName="web")["UserPoolClient"]["ClientId"]


class Applied:
    """A resource under Terraform: applies configurations, and looks for what a plan would change."""

    def __init__(self, create, read, update):
        self._create, self._read, self._update = create, read, update
        self._exists = False

    def apply(self, configured):
        (self._update if self._exists else self._create)(configured)
        self._exists = True
        first = settled(self._read())
        assert differences(settled(configured), first) == []
        # A plan that refreshes reads again; an apply that has nothing to do but is forced sends the same again.
        assert settled(self._read()) == first
        self._update(configured)
        assert settled(self._read()) == first
        return first


class TestUserPool:
    MFA = (
        "MfaConfiguration",
        "SoftwareTokenMfaConfiguration",
        "EmailMfaConfiguration",
        "WebAuthnConfiguration",
    )
    BASE = {
        "AdminCreateUserConfig": {
            "AllowAdminCreateUserOnly": True,
            "InviteMessageTemplate": {
                "EmailMessage": "{username} {####}",
                "EmailSubject": "Hello",
                "SMSMessage": "{username} {####}",
            },
        },
        "AutoVerifiedAttributes": ["email"],
        "DeletionProtection": "INACTIVE",
        "DeviceConfiguration": {
            "ChallengeRequiredOnNewDevice": True,
            "DeviceOnlyRememberedOnUserPrompt": False,
        },
        "EmailConfiguration": {"EmailSendingAccount": "COGNITO_DEFAULT"},
        "LambdaConfig": {"PreSignUp": LAMBDA},
        "Policies": {
            "PasswordPolicy": {
                "MinimumLength": 12,
                "RequireLowercase": True,
                "RequireNumbers": True,
                "RequireSymbols": False,
                "RequireUppercase": True,
                "TemporaryPasswordValidityDays": 3,
            },
            "SignInPolicy": {"AllowedFirstAuthFactors": ["PASSWORD"]},
        },
        "UserAttributeUpdateSettings": {"AttributesRequireVerificationBeforeUpdate": ["email"]},
        "UserPoolTags": {"team": "shop"},
        "UserPoolTier": "ESSENTIALS",
        "VerificationMessageTemplate": {"DefaultEmailOption": "CONFIRM_WITH_CODE"},
        "AccountRecoverySetting": {"RecoveryMechanisms": [{"Name": "verified_email", "Priority": 1}]},
    }

    @pytest.fixture
    def applied(self, idp):
        made = {}

        def mfa(configured):
            # The provider sends the factors by themselves, whenever one is configured.
            factors = {key: of for key, of in configured.items() if key in self.MFA}
            if factors:
                idp.set_user_pool_mfa_config(UserPoolId=made["id"], **factors)

        def create(configured):
            given = {key: of for key, of in configured.items() if key not in self.MFA}
            pool = idp.create_user_pool(
                PoolName="shop",
                Schema=[
                    {"Name": "email", "AttributeDataType": "String", "Required": True, "Mutable": True},
                    {
                        "Name": "tenant",
                        "AttributeDataType": "String",
                        "StringAttributeConstraints": {"MaxLength": "20"},
                    },
                ],
                AliasAttributes=["preferred_username"],
                UsernameConfiguration={"CaseSensitive": False},
                **given,
            )
            made["id"] = pool["UserPool"]["Id"]
            mfa(configured)

        def read():
            pool = idp.describe_user_pool(UserPoolId=made["id"])["UserPool"]
            return pool | idp.get_user_pool_mfa_config(UserPoolId=made["id"])

        def update(configured):
            mfa(configured)
            given = {key: of for key, of in configured.items() if key not in self.MFA}
            mode = {"MfaConfiguration": configured.get("MfaConfiguration", "OFF")}
            idp.update_user_pool(UserPoolId=made["id"], PoolName="shop", **mode, **given)

        return Applied(create, read, update)

    def test_the_second_plan_is_empty(self, applied):
        applied.apply(self.BASE)

    def test_a_change_is_read_and_nothing_else_moves(self, applied):
        before = applied.apply(self.BASE)
        policy = self.BASE["Policies"]["PasswordPolicy"] | {"MinimumLength": 14}
        after = applied.apply(self.BASE | {"Policies": self.BASE["Policies"] | {"PasswordPolicy": policy}})
        assert differences(before, after) == [".Policies.PasswordPolicy.MinimumLength: 12 is read as 14"]

    def test_factors_are_switched_on_and_off(self, applied):
        before = applied.apply(self.BASE | {"MfaConfiguration": "OFF"})
        factor = {"SoftwareTokenMfaConfiguration": {"Enabled": True}}
        applied.apply(self.BASE | {"MfaConfiguration": "OPTIONAL"} | factor)
        after = applied.apply(self.BASE | {"MfaConfiguration": "OFF"})
        assert after["MfaConfiguration"] == before["MfaConfiguration"] == "OFF"

    def test_both_forms_of_messages_may_be_sent_with_the_same_text(self, applied):
        """`email_verification_message` and the template are both in a state, and are sent back together."""
        text = {"EmailVerificationMessage": "Your code is {####}", "EmailVerificationSubject": "Code"}
        template = {
            "DefaultEmailOption": "CONFIRM_WITH_CODE",
            "EmailMessage": "Your code is {####}",
            "EmailSubject": "Code",
        }
        applied.apply(self.BASE | text | {"VerificationMessageTemplate": template})


class TestUserPoolClient:
    def test_the_second_plan_is_empty(self, idp, pool):
        made = {}

        def create(configured):
            found = idp.create_user_pool_client(UserPoolId=pool, GenerateSecret=True, **configured)
            made["id"] = found["UserPoolClient"]["ClientId"]

        def read():
            return idp.describe_user_pool_client(UserPoolId=pool, ClientId=made["id"])["UserPoolClient"]

        def update(configured):
            idp.update_user_pool_client(UserPoolId=pool, ClientId=made["id"], **configured)

        applied = Applied(create, read, update)
        base = {
            "ClientName": "web",
            "AccessTokenValidity": 10,
            "IdTokenValidity": 10,
            "RefreshTokenValidity": 30,
            "TokenValidityUnits": {"AccessToken": "minutes", "IdToken": "minutes", "RefreshToken": "days"},
            "AllowedOAuthFlows": ["code"],
            "AllowedOAuthFlowsUserPoolClient": True,
            "AllowedOAuthScopes": ["openid", "email"],
            "AuthSessionValidity": 3,
            "CallbackURLs": ["https://b.example/cb", "https://a.example/cb"],
            "DefaultRedirectURI": "https://a.example/cb",
            "EnableTokenRevocation": True,
            "EnablePropagateAdditionalUserContextData": False,
            "ExplicitAuthFlows": ["ALLOW_USER_SRP_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"],
            "LogoutURLs": ["https://a.example/"],
            "PreventUserExistenceErrors": "ENABLED",
            "ReadAttributes": ["name", "email"],
            "SupportedIdentityProviders": ["COGNITO"],
            "WriteAttributes": ["email"],
        }
        before = applied.apply(base)
        assert before["ClientSecret"]
        after = applied.apply(base | {"AccessTokenValidity": 20})
        assert differences(before, after) == [".AccessTokenValidity: 10 is read as 20"]


class TestPartsOfAPool:
    def test_domain(self, idp, pool):
        applied = Applied(
            lambda of: idp.create_user_pool_domain(UserPoolId=pool, **of),
            lambda: idp.describe_user_pool_domain(Domain="shop")["DomainDescription"],
            lambda of: idp.update_user_pool_domain(UserPoolId=pool, **of),
        )
        first = applied.apply({"Domain": "shop", "ManagedLoginVersion": 1})
        assert (first["Status"], first["UserPoolId"]) == ("ACTIVE", pool)
        applied.apply({"Domain": "shop", "ManagedLoginVersion": 2})
        # After the deletion the provider waits until a read says that there is none.
        idp.delete_user_pool_domain(UserPoolId=pool, Domain="shop")
        assert idp.describe_user_pool_domain(Domain="shop")["DomainDescription"] == {}

    def test_identity_provider(self, idp, pool):
        about = {"UserPoolId": pool, "ProviderName": "Google"}
        applied = Applied(
            lambda of: idp.create_identity_provider(**about, ProviderType="Google", **of),
            lambda: idp.describe_identity_provider(**about)["IdentityProvider"],
            lambda of: idp.update_identity_provider(**about, **of),
        )
        base = {
            "ProviderDetails": {"client_id": "id", "client_secret": "secret", "authorize_scopes": "email"},
            "AttributeMapping": {"email": "email", "username": "sub"},
            "IdpIdentifiers": ["google"],
        }
        first = applied.apply(base)
        # The state then has the details that AWS added, and the next update sends them back.
        applied.apply(base | {"ProviderDetails": first["ProviderDetails"]})
        applied.apply(base | {"AttributeMapping": {"email": "email", "username": "sub", "name": "name"}})

    def test_resource_server(self, idp, pool):
        about = {"UserPoolId": pool, "Identifier": "articles"}
        applied = Applied(
            lambda of: idp.create_resource_server(**about, **of),
            lambda: idp.describe_resource_server(**about)["ResourceServer"],
            lambda of: idp.update_resource_server(**about, **of),
        )
        scopes = [{"ScopeName": name, "ScopeDescription": name} for name in ("read", "write")]
        applied.apply({"Name": "Articles", "Scopes": scopes})
        applied.apply({"Name": "Articles", "Scopes": scopes[:1]})

    def test_group(self, idp, pool):
        about = {"UserPoolId": pool, "GroupName": "admins"}
        applied = Applied(
            lambda of: idp.create_group(**about, **of),
            lambda: idp.get_group(**about)["Group"],
            lambda of: idp.update_group(**about, **of),
        )
        applied.apply({"Description": "Those who may", "Precedence": 1, "RoleArn": ROLE})
        applied.apply({"Description": "Those who may", "Precedence": 0, "RoleArn": ROLE})

    def test_user(self, idp, pool):
        about = {"UserPoolId": pool, "Username": "ada"}

        def attributes(of):
            return [{"Name": name, "Value": value} for name, value in of.items()]

        def create(of):
            idp.admin_create_user(**about, UserAttributes=attributes(of), MessageAction="SUPPRESS")
            idp.admin_set_user_password(**about, Password="Corr3ct-Horse!", Permanent=True)

        def read():
            found = idp.admin_get_user(**about)
            return {one["Name"]: one["Value"] for one in found["UserAttributes"]} | {
                "status": found["UserStatus"],
                "enabled": found["Enabled"],
            }

        applied = Applied(
            create, read, lambda of: idp.admin_update_user_attributes(**about, UserAttributes=attributes(of))
        )
        first = applied.apply({"email": "ada@example.com", "email_verified": "true"})
        assert (first["status"], first["enabled"]) == ("CONFIRMED", True)
        applied.apply({"email": "ada@example.org", "email_verified": "true"})
        idp.admin_disable_user(**about)
        assert read()["enabled"] is False

    def test_user_in_group(self, idp, pool):
        """The provider finds the membership by listing the user's groups."""
        idp.admin_create_user(UserPoolId=pool, Username="ada", MessageAction="SUPPRESS")
        idp.create_group(UserPoolId=pool, GroupName="admins")
        about = {"UserPoolId": pool, "Username": "ada"}
        for _ in range(2):
            idp.admin_add_user_to_group(**about, GroupName="admins")
            listed = idp.admin_list_groups_for_user(**about)["Groups"]
            assert [one["GroupName"] for one in listed] == ["admins"]

    def test_managed_login_branding(self, idp, pool, client):
        made = {}

        def create(of):
            found = idp.create_managed_login_branding(UserPoolId=pool, ClientId=client, **of)
            made["id"] = found["ManagedLoginBranding"]["ManagedLoginBrandingId"]

        def read():
            return idp.describe_managed_login_branding(
                UserPoolId=pool, ManagedLoginBrandingId=made["id"], ReturnMergedResources=False
            )["ManagedLoginBranding"]

        applied = Applied(
            create,
            read,
            lambda of: idp.update_managed_login_branding(
                UserPoolId=pool, ManagedLoginBrandingId=made["id"], **of
            ),
        )
        applied.apply({"UseCognitoProvidedValues": True})
        settings = {"categories": {"global": {"colorSchemeMode": "DARK"}}}
        applied.apply({"UseCognitoProvidedValues": False, "Settings": settings})

    def test_ui_customization(self, idp, pool):
        idp.create_user_pool_domain(UserPoolId=pool, Domain="shop")
        about = {"UserPoolId": pool, "ClientId": "ALL"}

        def write(of):
            idp.set_ui_customization(**about, **of)

        applied = Applied(
            write,
            lambda: {
                key: of
                for key, of in idp.get_ui_customization(**about)["UICustomization"].items()
                if key != "CSSVersion"
            },
            write,
        )
        applied.apply({"CSS": ".label-customizable {font-weight: 400;}"})

    def test_risk_configuration(self, idp, pool):
        add_ons = {"AdvancedSecurityMode": "ENFORCED"}
        idp.update_user_pool(UserPoolId=pool, PoolName="shop", UserPoolTier="PLUS", UserPoolAddOns=add_ons)

        def write(of):
            idp.set_risk_configuration(UserPoolId=pool, **of)

        applied = Applied(
            write, lambda: idp.describe_risk_configuration(UserPoolId=pool)["RiskConfiguration"], write
        )
        actions = {"EventFilter": ["SIGN_IN"], "Actions": {"EventAction": "BLOCK"}}
        applied.apply({"CompromisedCredentialsRiskConfiguration": actions})
        applied.apply({"RiskExceptionConfiguration": {"BlockedIPRangeList": ["10.10.10.10/32"]}})

    def test_log_delivery(self, idp, pool):
        def write(of):
            idp.set_log_delivery_configuration(UserPoolId=pool, **of)

        applied = Applied(
            write,
            lambda: idp.get_log_delivery_configuration(UserPoolId=pool)["LogDeliveryConfiguration"],
            write,
        )
        group = {"LogGroupArn": "arn:aws:logs:us-east-1:123456789012:log-group:shop"}
        configured = {
            "LogLevel": "ERROR",
            "EventSource": "userNotification",
            "CloudWatchLogsConfiguration": group,
        }
        applied.apply({"LogConfigurations": [configured]})
        # Deletion sends an empty list; the read after it must find none.
        applied.apply({"LogConfigurations": []})


class TestIdentityPools:
    def test_identity_pool(self, identity, pool, client):
        made = {}
        provider = {
            "ClientId": client,
            "ProviderName": f"cognito-idp.us-east-1.amazonaws.com/{pool}",
            "ServerSideTokenCheck": False,
        }

        def create(of):
            made["id"] = identity.create_identity_pool(**of)["IdentityPoolId"]

        applied = Applied(
            create,
            lambda: identity.describe_identity_pool(IdentityPoolId=made["id"]),
            lambda of: identity.update_identity_pool(IdentityPoolId=made["id"], **of),
        )
        base = {
            "IdentityPoolName": "shop",
            "AllowUnauthenticatedIdentities": False,
            "AllowClassicFlow": False,
            "CognitoIdentityProviders": [provider],
            "SupportedLoginProviders": {"graph.facebook.com": "7346241598935552"},
            "IdentityPoolTags": {"team": "shop"},
        }
        applied.apply(base)
        applied.apply(base | {"AllowUnauthenticatedIdentities": True})

    def test_roles_attachment(self, identity):
        providers = {"graph.facebook.com": "7346241598935552"}
        pool_id = identity.create_identity_pool(
            IdentityPoolName="shop", AllowUnauthenticatedIdentities=False, SupportedLoginProviders=providers
        )["IdentityPoolId"]

        def write(of):
            identity.set_identity_pool_roles(IdentityPoolId=pool_id, **of)

        applied = Applied(write, lambda: identity.get_identity_pool_roles(IdentityPoolId=pool_id), write)
        rule = {"Claim": "isAdmin", "MatchType": "Equals", "Value": "paid", "RoleARN": ROLE}
        mapping = {
            "Type": "Rules",
            "AmbiguousRoleResolution": "AuthenticatedRole",
            "RulesConfiguration": {"Rules": [rule]},
        }
        applied.apply({"Roles": {"authenticated": ROLE}, "RoleMappings": {"graph.facebook.com": mapping}})
        # Deletion sends empty maps.
        after = applied.apply({"Roles": {}, "RoleMappings": {}})
        assert not after.get("Roles")

    def test_principal_tags(self, identity):
        pool_id = identity.create_identity_pool(
            IdentityPoolName="shop", AllowUnauthenticatedIdentities=False
        )["IdentityPoolId"]
        about = {"IdentityPoolId": pool_id, "IdentityProviderName": "graph.facebook.com"}

        def write(of):
            identity.set_principal_tag_attribute_map(**about, **of)

        applied = Applied(write, lambda: identity.get_principal_tag_attribute_map(**about), write)
        applied.apply({"UseDefaults": False, "PrincipalTags": {"tenant": "custom:tenant"}})
