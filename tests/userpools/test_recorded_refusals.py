"""Refusals of settings in the words that AWS used in September 2026, recorded where templates were deployed."""

from __future__ import annotations

import boto3
import pytest
from botocore.config import Config
from support.pool_env import refused
from support.pool_settings import FUNCTION, SES, SMS

LOOSE = Config(parameter_validation=False, retries={"total_max_attempts": 1})
IN_JAPAN = {**SES, "SourceArn": SES["SourceArn"].replace("us-east-1", "ap-northeast-1")}
KEY = "arn:aws:kms:us-east-1:123456789012:key/11111111-1111-1111-1111-111111111111"
SENDER = {"LambdaVersion": "V1_0", "LambdaArn": f"{FUNCTION}send"}
OAUTH = {
    "AllowedOAuthFlowsUserPoolClient": True,
    "AllowedOAuthFlows": ["code"],
    "AllowedOAuthScopes": ["openid"],
    "CallbackURLs": ["https://app.example.com/in"],
}
ISSUER = "https://idp.example.com"
OIDC = {
    "client_id": "a",
    "client_secret": "b",
    "authorize_scopes": "openid",
    "attributes_request_method": "GET",
    "oidc_issuer": ISSUER,
    "authorize_url": f"{ISSUER}/a",
    "token_url": f"{ISSUER}/t",
    "attributes_url": f"{ISSUER}/u",
    "jwks_uri": f"{ISSUER}/j",
}
VALIDATION = "1 validation error detected: Value "
PATTERN = "failed to satisfy constraint: Member must satisfy regular expression pattern:"


def recovering(*mechanisms):
    return {
        "AccountRecoverySetting": {
            "RecoveryMechanisms": [{"Priority": place, "Name": name} for place, name in mechanisms]
        }
    }


def schema(*entries):
    return {"Schema": list(entries)}


OF_POOLS = [
    (
        {"AliasAttributes": ["email"], "UsernameAttributes": ["email"]},
        "Only one of the aliasAttributes or usernameAttributes can be set in a user pool.",
    ),
    (
        {"LambdaConfig": {"CustomEmailSender": SENDER}},
        "KMSKeyId parameter is required when Custom SMS/Email Lambda trigger is used.",
    ),
    (
        {"LambdaConfig": {"CustomSMSSender": SENDER}},
        "KMSKeyId parameter is required when Custom SMS/Email Lambda trigger is used.",
    ),
    (
        {
            "LambdaConfig": {
                "CustomSMSSender": SENDER,
                "KMSKeyID": KEY.replace("us-east-1", "ap-northeast-1"),
            }
        },
        "Encountered error when CreateGrant was attempted on the input KMS key - Invalid arn ap-northeast-1",
    ),
    (
        {"LambdaConfig": {"PreSignUp": "arn:aws:lambda:us-west-2:123456789012:function:f"}},
        "Cross-region lambda functions are not supported",
    ),
    (
        {
            "LambdaConfig": {
                "PreTokenGeneration": f"{FUNCTION}one",
                "PreTokenGenerationConfig": {"LambdaVersion": "V2_0", "LambdaArn": f"{FUNCTION}two"},
            }
        },
        "Cannot use PreTokenGenerationLambda and PreTokenGeneration with different Lambda function ARN's",
    ),
    (
        {"EmailConfiguration": {"EmailSendingAccount": "DEVELOPER"}},
        "Source ARN is required to use DEVELOPER email sending owner",
    ),
    (
        {"EmailConfiguration": {**SES, "From": "not an address"}},
        "Provided From email address is invalid",
    ),
    (
        {"EmailConfiguration": IN_JAPAN},
        "Invalid EmailConfiguration.SourceArn. Provided SourceArn must be in one of the following SES regions: "
        "eu-west-1, us-east-1, us-west-2.",
    ),
    (
        {"EmailConfiguration": {"ReplyToEmailAddress": "not an address"}},
        f"{VALIDATION}'not an address' at 'emailConfiguration.replyToEmailAddress' {PATTERN} "
        r"[\p{L}\p{M}\p{S}\p{N}\p{P}]+@[\p{L}\p{M}\p{S}\p{N}\p{P}]+",
    ),
    (
        {"MfaConfiguration": "OPTIONAL"},
        "SMS configuration and Auto verification for phone_number are required when MFA is required/optional",
    ),
    (
        {"Policies": {"SignInPolicy": {"AllowedFirstAuthFactors": ["EMAIL_OTP"]}}},
        "Password should be configured as one of the allowed first auth factors.",
    ),
    (
        {"Policies": {"PasswordPolicy": {"PasswordHistorySize": 25}}},
        f"{VALIDATION}'25' at 'policies.passwordPolicy.passwordHistorySize' failed to satisfy constraint: "
        "Member must have value less than or equal to 24",
    ),
    (
        recovering((1, "admin_only"), (2, "verified_email")),
        "Invalid account recovery setting parameter. "
        "Account Recovery Setting cannot use admin_only setting with any other recovery mechanisms.",
    ),
    (
        recovering((1, "verified_email"), (1, "verified_phone_number")),
        "Invalid account recovery setting parameter. "
        "Account Recovery Setting cannot have duplicate priorities or recovery mechanisms.",
    ),
    (
        recovering((1, "verified_email"), (2, "verified_phone_number"), (3, "admin_only")),
        "2 validation errors detected: Value '[RecoveryOptionType(priority=1, name=verified_email), "
        "RecoveryOptionType(priority=2, name=verified_phone_number), "
        "RecoveryOptionType(priority=3, name=admin_only)]' at 'accountRecoverySetting.recoveryMechanisms' "
        "failed to satisfy constraint: Member must have length less than or equal to 2; "
        "Value '3' at 'accountRecoverySetting.recoveryMechanisms.3.member.priority' "
        "failed to satisfy constraint: Member must have value less than or equal to 2",
    ),
    (
        schema({"Name": "a" * 21, "AttributeDataType": "String"}),
        f"{VALIDATION}'{'a' * 21}' at 'schema.1.member.name' failed to satisfy constraint: "
        "Member must have length less than or equal to 20",
    ),
    (
        schema({"Name": "n2", "AttributeDataType": "Number", "Required": True}),
        "Required custom attributes are not supported currently.",
    ),
    (
        schema(*[{"Name": "dept", "AttributeDataType": "String"}] * 2),
        "Duplicate custom attribute names custom:dept are not allowed in a user pool schema.",
    ),
    (
        schema({"Name": "email", "AttributeDataType": "Number"}),
        "You can not change AttributeDataType or set developerOnlyAttribute for standard schema attribute email",
    ),
    (
        {
            "AdminCreateUserConfig": {"UnusedAccountValidityDays": 3},
            "Policies": {"PasswordPolicy": {"TemporaryPasswordValidityDays": 3}},
        },
        "Please use TemporaryPasswordValidityDays in PasswordPolicy instead of UnusedAccountValidityDays",
    ),
    (
        {"UserAttributeUpdateSettings": {"AttributesRequireVerificationBeforeUpdate": ["email"]}},
        "All attributes in AttributesRequireVerificationBeforeUpdate must exist in AutoVerifiedAttributes",
    ),
    (
        {"UserAttributeUpdateSettings": {"AttributesRequireVerificationBeforeUpdate": ["given_name"]}},
        f"{VALIDATION}'[given_name]' at 'userAttributeUpdateSettings.attributesRequireVerificationBeforeUpdate' "
        "failed to satisfy constraint: Member must satisfy constraint: "
        "[Member must satisfy enum value set: [phone_number, email]]",
    ),
    (
        {"VerificationMessageTemplate": {"SmsMessage": "Your code."}},
        f"{VALIDATION}'Your code.' at 'verificationMessageTemplate.smsMessage' {PATTERN} "
        r"(?s).*\{####\}(?s).*",
    ),
    (
        {
            "AdminCreateUserConfig": {
                "InviteMessageTemplate": {"SMSMessage": "short", "EmailMessage": "brief"}
            }
        },
        "2 validation errors detected: Value 'brief' at 'adminCreateUserConfig.inviteMessage.emailMessage' failed to "
        "satisfy constraint: Member must have length greater than or equal to 6; "
        "Value 'short' at 'adminCreateUserConfig.inviteMessage.smsMessage' failed to satisfy constraint: "
        "Member must have length greater than or equal to 6",
    ),
]
OF_CLIENTS = [
    (
        {"AnalyticsConfiguration": {"ApplicationId": "0123456789abcdef0123456789abcdef"}},
        "Invalid analytics configuration given, either <application arn> or "
        "<application id, role arn, external id> are valid",
    ),
    (
        {**OAUTH, "CallbackURLs": ["https://example.com/cb#frag"]},
        "https://example.com/cb#frag cannot use fragment",
    ),
    (
        {**OAUTH, "LogoutURLs": ["http://example.com/out"]},
        "http://example.com/out cannot use the HTTP protocol.",
    ),
    (
        {**OAUTH, "DefaultRedirectURI": "https://other.example.com/cb"},
        "The default redirect URI https://other.example.com/cb is not in the callback URIs list.",
    ),
    (
        {
            "AccessTokenValidity": 12,
            "RefreshTokenValidity": 2,
            "TokenValidityUnits": {"RefreshToken": "hours"},
        },
        "Access and Id Token expiration times must be less than or equal to refresh token expiration times.",
    ),
    (
        {"IdTokenValidity": 2, "RefreshTokenValidity": 60, "TokenValidityUnits": {"RefreshToken": "minutes"}},
        "Access and Id Token expiration times must be less than or equal to refresh token expiration times.",
    ),
    ({"AccessTokenValidity": 25}, "Invalid range for token validity."),
    (
        {"EnablePropagateAdditionalUserContextData": True},
        "Client Secret is required to set EnablePropagateAdditionalUserContextData as true",
    ),
    (
        {"ExplicitAuthFlows": ["ADMIN_NO_SRP_AUTH", "ALLOW_USER_SRP_AUTH"]},
        "Auth flow name with prefix 'ALLOW' cannot be used with legacy auth flow names.",
    ),
    (
        {
            "ExplicitAuthFlows": ["ALLOW_REFRESH_TOKEN_AUTH"],
            "RefreshTokenRotation": {"Feature": "ENABLED"},
        },
        "ALLOW_REFRESH_TOKEN_AUTH is not a permitted ExplicitAuthFlow when refresh token rotation is enabled.",
    ),
    ({"ReadAttributes": ["custom:x"]}, "Invalid read attributes specified while creating a client"),
    ({"WriteAttributes": ["email_verified"]}, "Invalid write attributes specified while creating a client"),
]
OF_PROVIDERS = [
    (
        "OIDC",
        "Firm",
        {"client_id": "a"},
        "clientId, authorizeScopes, oidcIssuer and attributesRequestMethod are all required idp details.",
    ),
    (
        "Google",
        "Google",
        {"client_id": "a"},
        "clientId, clientSecret and authorizeScopes are all required idp details.",
    ),
    (
        "SignInWithApple",
        "SignInWithApple",
        {"client_id": "a"},
        "clientId, privateKey, teamId, and keyId are all required idp details.",
    ),
    ("Google", "MyGoogle", {"client_id": "a"}, "Provider MyGoogle cannot be of type Google."),
    (
        "SAML",
        "Firm",
        {"MetadataURL": "https://idp.example.com/m", "MetadataFile": "<a/>"},
        "Only one of the MetadataURL or MetadataFile should be provided.",
    ),
    (
        "SAML",
        "Firm",
        {"IDPSignout": "true"},
        "At least one of the MetadataURL or MetadataFile should be provided.",
    ),
    (
        "OIDC",
        "Firm",
        {**OIDC, "attributes_request_method": "PUT"},
        f"{VALIDATION}'PUT' at 'providerConfiguration.oidcConfig.attributesRequestMethod' "
        "failed to satisfy constraint: Member must satisfy enum value set: [POST, GET]",
    ),
    (
        "OIDC",
        "Firm",
        {**OIDC, "oidc_issuer": "http://idp.example.com"},
        "OIDC endpoint must start with https://",
    ),
]
LONG = "a" * 64
OF_DOMAINS = [
    (
        {"Domain": LONG},
        f"{VALIDATION}'{LONG}' at 'domain' failed to satisfy constraint: "
        "Member must have length less than or equal to 63",
    ),
    (
        {"Domain": "PF_Probe_Domain"},
        "The domain name contains an invalid character. Domain names can only contain lower-case letters, numbers, "
        r"and hyphens. Please enter a different name that follows this format: ^[a-z0-9](?:[a-z0-9\-]{0,61}[a-z0-9])?$",
    ),
    (
        {
            "Domain": "auth",
            "CustomDomainConfig": {"CertificateArn": "arn:aws:acm:us-east-1:123456789012:certificate/1"},
        },
        "Custom domain is not a valid subdomain: Was not able to resolve a DNS A record for the parent domain or "
        "domain parent is a top-level domain.",
    ),
]


@pytest.fixture
def loose(idp):
    return boto3.client("cognito-idp", region_name="us-east-1", config=LOOSE)


@pytest.fixture
def pool_id(idp):
    return idp.create_user_pool(PoolName="shop")["UserPool"]["Id"]


@pytest.mark.parametrize(("settings", "message"), OF_POOLS, ids=range(len(OF_POOLS)))
def test_of_a_pool(loose, settings, message):
    with refused("InvalidParameterException", message):
        loose.create_user_pool(PoolName="shop", **settings)


@pytest.mark.parametrize(("settings", "message"), OF_CLIENTS, ids=range(len(OF_CLIENTS)))
def test_of_a_client(loose, pool_id, settings, message):
    with refused("InvalidParameterException", message):
        loose.create_user_pool_client(UserPoolId=pool_id, ClientName="web", **settings)


@pytest.mark.parametrize(("kind", "name", "details", "message"), OF_PROVIDERS, ids=range(len(OF_PROVIDERS)))
def test_of_an_identity_provider(loose, pool_id, kind, name, details, message):
    with refused("InvalidParameterException", message):
        loose.create_identity_provider(
            UserPoolId=pool_id, ProviderName=name, ProviderType=kind, ProviderDetails=details
        )


@pytest.mark.parametrize(("settings", "message"), OF_DOMAINS, ids=range(len(OF_DOMAINS)))
def test_of_a_domain(loose, pool_id, settings, message):
    with refused("InvalidParameterException", message):
        loose.create_user_pool_domain(UserPoolId=pool_id, **settings)


def test_a_mail_may_come_from_a_name_with_an_address_and_the_ses_of_the_own_region(idp):
    mail = {**SES, "From": "The Shop <shop@example.com>"}
    assert (
        idp.create_user_pool(PoolName="shop", EmailConfiguration=mail)["UserPool"]["EmailConfiguration"]
        == mail
    )
    there = boto3.client("cognito-idp", region_name="ap-northeast-1")
    assert there.create_user_pool(PoolName="shop", EmailConfiguration=IN_JAPAN)


def test_a_text_for_phones_may_have_several_lines(idp):
    template = {"SmsMessage": "Your code:\n{####}\n"}
    pool = idp.create_user_pool(PoolName="shop", VerificationMessageTemplate=template)["UserPool"]
    assert pool["VerificationMessageTemplate"]["SmsMessage"] == template["SmsMessage"]


def test_the_tier_lite_names_the_version_of_the_trigger_for_tokens(idp):
    trigger = {"PreTokenGenerationConfig": {"LambdaVersion": "V3_0", "LambdaArn": f"{FUNCTION}tokens"}}
    with refused(
        "FeatureUnavailableInTierException",
        "The following features need to be disabled for the LITE pricing tier configured: "
        "Token Customization with Pre-Token Generation Lambda V3_0",
    ):
        idp.create_user_pool(PoolName="shop", UserPoolTier="LITE", LambdaConfig=trigger)


def test_the_tier_lite_has_no_managed_login(idp):
    pool_id = idp.create_user_pool(PoolName="shop", UserPoolTier="LITE")["UserPool"]["Id"]
    with refused(
        "FeatureUnavailableInTierException",
        "The following feature is not available for the LITE pricing tier configured: Managed Login Version 2",
    ):
        idp.create_user_pool_domain(UserPoolId=pool_id, Domain="shop", ManagedLoginVersion=2)


def test_of_second_factors(loose, pool_id):
    with refused("InvalidParameterException", "RelyingPartyId contains invalid characters"):
        loose.set_user_pool_mfa_config(
            UserPoolId=pool_id, WebAuthnConfiguration={"RelyingPartyId": "https://example.com"}
        )
    with refused(
        "InvalidParameterException",
        "Cannot set EmailMfaConfiguration when user pool EmailConfiguration contains an EmailSendingAccount of "
        "COGNITO_DEFAULT. Update the value of EmailSendingAccount.",
    ):
        loose.set_user_pool_mfa_config(
            UserPoolId=pool_id, MfaConfiguration="OPTIONAL", EmailMfaConfiguration={}
        )


def test_of_log_delivery(idp, pool_id):
    def delivered(source, level, group):
        place = {"LogGroupArn": group}
        wish = {"EventSource": source, "LogLevel": level, "CloudWatchLogsConfiguration": place}
        idp.set_log_delivery_configuration(UserPoolId=pool_id, LogConfigurations=[wish])

    group = "arn:aws:logs:ap-northeast-1:123456789012:log-group:/shop"
    with refused(
        "InvalidParameterException",
        f"Request validation Failed. [CloudWatch log group arn {group} failed with the following validation errors: "
        "ARN does not belong to current region. ]",
    ):
        delivered("userNotification", "ERROR", group)
    with refused(
        "FeatureUnavailableInTierException",
        "The following feature is not available for the ESSENTIALS pricing tier configured: Log Streaming",
    ):
        delivered("userAuthEvents", "INFO", group.replace("ap-northeast-1", "us-east-1"))


def test_of_threat_protection(loose):
    protected = {"UserPoolTier": "PLUS", "UserPoolAddOns": {"AdvancedSecurityMode": "ENFORCED"}}
    pool_id = loose.create_user_pool(PoolName="shop", **protected)["UserPool"]["Id"]

    def answered(action, **more):
        takeover = {"Actions": {"LowAction": {"Notify": False, "EventAction": action}}, **more}
        loose.set_risk_configuration(UserPoolId=pool_id, AccountTakeoverRiskConfiguration=takeover)

    with refused("InvalidParameterException", "Incorrect CIDR format"):
        loose.set_risk_configuration(
            UserPoolId=pool_id, RiskExceptionConfiguration={"BlockedIPRangeList": ["10.0.0.0"]}
        )
    with refused(
        "InvalidParameterException",
        f"{VALIDATION}'X' at 'accountTakeoverRiskConfiguration.actions.lowAction.eventAction' failed to satisfy "
        "constraint: Member must satisfy enum value set: [MFA_IF_CONFIGURED, BLOCK, NO_ACTION, MFA_REQUIRED]",
    ):
        answered("X")
    with refused(
        "InvalidParameterException",
        "Invalid NotifyConfiguration.SourceArn. Provided SourceArn must be in one of the following SES regions: "
        "eu-west-1, us-east-1, us-west-2.",
    ):
        answered("BLOCK", NotifyConfiguration={"SourceArn": IN_JAPAN["SourceArn"]})


def test_of_the_looks_of_pages(idp, pool_id):
    style = {"UserPoolId": pool_id, "CSS": "body {color: red}"}
    with refused(
        "InvalidParameterException", "There has to be an existing domain associated with this user pool"
    ):
        idp.set_ui_customization(**style)
    idp.create_user_pool_domain(UserPoolId=pool_id, Domain="shop")
    with refused("InvalidParameterException", "The CSS class body is not in the list of allowed classes."):
        idp.set_ui_customization(**style)


def test_images_may_stand_beside_cognitos_own_values(idp, pool_id):
    client = idp.create_user_pool_client(UserPoolId=pool_id, ClientName="web")["UserPoolClient"]
    image = {"Category": "PAGE_BACKGROUND", "ColorMode": "LIGHT", "Extension": "ICO", "Bytes": b"\0\0\1\0"}
    style = {"UserPoolId": pool_id, "ClientId": client["ClientId"], "UseCognitoProvidedValues": True}
    with refused("InvalidParameterException") as caught:
        idp.create_managed_login_branding(**style, Assets=[image])
    begin = "Invalid assets provided. Validation errors: [{category: PAGE_BACKGROUND, extension: ICO, colorMode: LIGHT,"
    assert caught.value.response["Error"]["Message"].startswith(begin)
    image |= {"Extension": "PNG", "Bytes": b"\x89PNG\r\n\x1a\n"}
    made = idp.create_managed_login_branding(**style, Assets=[image])["ManagedLoginBranding"]
    assert [asset["Extension"] for asset in made["Assets"]] == ["PNG"]


def test_a_phone_is_asked_for_where_the_pool_sends_texts(idp):
    wish = {"AutoVerifiedAttributes": ["phone_number"], "SmsConfiguration": SMS}
    assert idp.create_user_pool(PoolName="shop", **wish)["UserPool"]["AutoVerifiedAttributes"] == [
        "phone_number"
    ]
