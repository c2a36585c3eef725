"""Registering passkeys: each refusal with its own error."""

from __future__ import annotations

import pyotp
import pytest
from support.authenticator import ES384, RS256, UP, Authenticator, b64
from support.pool_env import refused

PARTY = "example.com"


@pytest.fixture
def open_env(found):
    def open_env(**webauthn):
        env = found(
            client={"ExplicitAuthFlows": ["ALLOW_USER_AUTH", "ALLOW_USER_PASSWORD_AUTH"]},
            Policies={"SignInPolicy": {"AllowedFirstAuthFactors": ["PASSWORD", "WEB_AUTHN"]}},
        )
        if webauthn:
            env.idp.set_user_pool_mfa_config(
                UserPoolId=env.pool_id, MfaConfiguration="OFF", WebAuthnConfiguration=webauthn
            )
        env.add_user()
        return env

    return open_env


@pytest.fixture
def env(open_env):
    return open_env(RelyingPartyId=PARTY)


@pytest.fixture
def token(env):
    return env.token()


def start(env, token):
    return env.idp.start_web_authn_registration(AccessToken=token)["CredentialCreationOptions"]


def complete(env, token, credential):
    return env.idp.complete_web_authn_registration(AccessToken=token, Credential=credential)


def register(env, token, authenticator=None, **bent):
    authenticator = authenticator or Authenticator()
    complete(env, token, authenticator.register(start(env, token), **bent))
    return authenticator


def listed(env, token, **more):
    return env.idp.list_web_authn_credentials(AccessToken=token, **more)


class TestStartWebAuthnRegistration:
    def test_the_options(self, env, token):
        options = start(env, token)
        assert len(options.pop("challenge")) == 43
        user = options.pop("user")
        assert options == {
            "authenticatorSelection": {
                "requireResidentKey": True,
                "residentKey": "required",
                "userVerification": "preferred",
            },
            "excludeCredentials": [],
            "pubKeyCredParams": [{"alg": -7, "type": "public-key"}, {"alg": -257, "type": "public-key"}],
            "rp": {"id": PARTY, "name": PARTY},
            "timeout": 60000,
        }
        assert (user["name"], user["displayName"]) == ("ada", "ada")
        assert start(env, token)["user"] == user

    def test_passkeys_that_are_there_are_excluded(self, env, token):
        authenticator = register(env, token)
        assert start(env, token)["excludeCredentials"] == [
            {"id": b64(authenticator.id), "type": "public-key"}
        ]

    def test_a_pool_that_takes_none(self, found):
        env = found()
        env.add_user()
        with refused("WebAuthnNotEnabledException"):
            start(env, env.token())

    def test_a_pool_without_a_relying_party(self, open_env):
        env = open_env()
        with refused("WebAuthnConfigurationMissingException"):
            start(env, env.token())

    def test_the_domain_of_the_pool_stands_in_for_a_relying_party(self, open_env):
        env = open_env()
        token = env.token()
        env.idp.create_user_pool_domain(UserPoolId=env.pool_id, Domain="shop")
        assert start(env, token)["rp"]["id"] == "shop.auth.us-east-1.amazoncognito.com"
        env.idp.create_user_pool_domain(
            UserPoolId=env.pool_id,
            Domain="auth.example.org",
            CustomDomainConfig={"CertificateArn": "arn:aws:acm:us-east-1:123456789012:certificate/c"},
        )
        assert start(env, token)["rp"]["id"] == "auth.example.org"

    def test_twenty_are_the_most(self, env, token):
        for _ in range(20):
            register(env, token)
        with refused("LimitExceededException"):
            start(env, token)

    def test_bad_tokens(self, env, token):
        with refused("NotAuthorizedException", "Invalid Access Token"):
            start(env, "x")
        env.idp.admin_delete_user(UserPoolId=env.pool_id, Username="ada")
        with refused("NotAuthorizedException"):
            start(env, token)


class TestCompleteWebAuthnRegistration:
    @pytest.mark.parametrize("algorithm", [-7, RS256])
    def test_it_answers_nothing_and_keeps_the_passkey(self, env, token, algorithm):
        authenticator = Authenticator(algorithm=algorithm)
        answer = complete(env, token, authenticator.register(start(env, token)))
        answer.pop("ResponseMetadata")
        assert answer == {}
        assert [of["CredentialId"] for of in listed(env, token)["Credentials"]] == [b64(authenticator.id)]

    def test_pages_below_the_party_and_on_this_machine(self, env, token):
        for origin in ("https://example.com", "https://login.example.com", "http://localhost:3000"):
            register(env, token, Authenticator(origin))

    def test_nothing_was_started_or_it_was_used_or_it_is_long_ago(self, env, token):
        options = {"challenge": b64(bytes(32)), "rp": {"id": PARTY}, "user": {"id": "AA"}}
        with refused("WebAuthnChallengeNotFoundException"):
            complete(env, token, Authenticator().register(options))
        options = start(env, token)
        complete(env, token, Authenticator().register(options))
        with refused("WebAuthnChallengeNotFoundException"):
            complete(env, token, Authenticator().register(options))
        options = start(env, token)
        env.cognito.clock.advance(minutes=6)
        with refused("WebAuthnChallengeNotFoundException"):
            complete(env, token, Authenticator().register(options))

    @pytest.mark.parametrize(
        ("bent", "error"),
        [
            ({"challenge": b64(bytes(32))}, "WebAuthnChallengeNotFoundException"),
            ({"origin": "https://evil.org"}, "WebAuthnOriginNotAllowedException"),
            ({"origin": "http://example.com"}, "WebAuthnOriginNotAllowedException"),
            ({"rp_id": "evil.org"}, "WebAuthnRelyingPartyMismatchException"),
            ({"fmt": "magic"}, "WebAuthnCredentialNotSupportedException"),
            ({"type": "webauthn.get"}, "InvalidParameterException"),
            ({"flags": 0}, "InvalidParameterException"),
        ],
    )
    def test_what_is_bent_is_refused_and_the_challenge_stays(self, env, token, bent, error):
        options = start(env, token)
        with refused(error):
            complete(env, token, Authenticator().register(options, **bent))
        complete(env, token, Authenticator().register(options))

    @pytest.mark.parametrize(
        "fmt", ["none", "packed", "fido-u2f", "tpm", "android-key", "android-safetynet", "apple"]
    )
    def test_attestation_is_not_enforced_whatever_its_format(self, env, token, fmt):
        """The statement is empty, which proves nothing in any format but `none`."""
        register(env, token, fmt=fmt)
        assert len(listed(env, token)["Credentials"]) == 1

    def test_an_algorithm_that_was_not_offered(self, env, token):
        with refused("WebAuthnCredentialNotSupportedException"):
            register(env, token, Authenticator(algorithm=ES384))

    def test_a_token_of_another_client(self, env, token):
        options = start(env, token)
        env.client_of()
        with refused("WebAuthnClientMismatchException"):
            complete(env, env.token(), Authenticator().register(options))

    def test_verification_where_it_is_required(self, open_env):
        env = open_env(RelyingPartyId=PARTY, UserVerification="required")
        token = env.token()
        assert start(env, token)["authenticatorSelection"]["userVerification"] == "required"
        with refused("InvalidParameterException"):
            register(env, token, flags=UP)
        register(env, token)

    @pytest.mark.parametrize(
        "credential", [{}, {"id": "x"}, {"id": "x", "response": {"clientDataJSON": "x"}}]
    )
    def test_garbage(self, env, token, credential):
        start(env, token)
        with refused("InvalidParameterException"):
            complete(env, token, credential)

    def test_the_same_passkey_twice(self, env, token):
        authenticator = register(env, token)
        with refused("InvalidParameterException"):
            register(env, token, authenticator)


class TestGetUserAuthFactorsWithPasskey:
    def test_it_stands_between_codes_and_the_app(self, env, token):
        env.admin_update(email="ada@example.com", email_verified="true")
        env.admin_update(phone_number="+15550001111", phone_number_verified="true")
        register(env, token)
        env.idp.set_user_pool_mfa_config(
            UserPoolId=env.pool_id,
            MfaConfiguration="OPTIONAL",
            SoftwareTokenMfaConfiguration={"Enabled": True},
            WebAuthnConfiguration={"RelyingPartyId": PARTY},
        )
        secret = env.idp.associate_software_token(AccessToken=token)["SecretCode"]
        code = pyotp.TOTP(secret).at(int(env.cognito.clock.now().timestamp()))
        env.idp.verify_software_token(AccessToken=token, UserCode=code)
        factors = env.idp.get_user_auth_factors(AccessToken=token)["ConfiguredUserAuthFactors"]
        assert factors == ["PASSWORD", "EMAIL_OTP", "SMS_OTP", "WEB_AUTHN", "SOFTWARE_TOKEN"]


class TestListWebAuthnCredentials:
    def test_what_it_shows_in_pages(self, env, token):
        authenticators = []
        for _ in range(3):  # in the order of their creation, by a clock that may be set back
            authenticators.append(register(env, token))
            env.cognito.clock.advance(seconds=1)
        first = listed(env, token, MaxResults=2)
        second = listed(env, token, MaxResults=2, NextToken=first["NextToken"])
        assert "NextToken" not in second
        shown = first["Credentials"] + second["Credentials"]
        assert [of["CredentialId"] for of in shown] == [b64(of.id) for of in authenticators]
        assert shown[0].pop("CreatedAt")
        assert shown[0] == {
            "CredentialId": b64(authenticators[0].id),
            "FriendlyCredentialName": "Passkey",
            "RelyingPartyId": PARTY,
            "AuthenticatorAttachment": "platform",
            "AuthenticatorTransports": ["internal", "hybrid"],
        }

    def test_no_limit_and_nought_show_all(self, env, token):
        register(env, token)
        for more in ({}, {"MaxResults": 0}, {"MaxResults": 20}):
            assert len(listed(env, token, **more)["Credentials"]) == 1

    def test_a_bad_page(self, env, token):
        with refused("InvalidParameterException"):
            listed(env, token, NextToken="x")
        with refused("InvalidParameterException"):
            listed(env, token, MaxResults=21)


class TestDeleteWebAuthnCredential:
    def test_it_is_gone(self, env, token):
        key = b64(register(env, token).id)
        env.idp.delete_web_authn_credential(AccessToken=token, CredentialId=key)
        assert listed(env, token)["Credentials"] == []
        with refused("ResourceNotFoundException"):
            env.idp.delete_web_authn_credential(AccessToken=token, CredentialId=key)
