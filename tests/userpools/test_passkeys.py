"""Registering passkeys: each refusal with its own error."""

from __future__ import annotations

import pytest
from authenticator import ES384, RS256, UP, Authenticator, b64
from people import refused

PARTY = "example.com"


@pytest.fixture
def open_town(found):
    def open_town(**webauthn):
        town = found(
            client={"ExplicitAuthFlows": ["ALLOW_USER_AUTH", "ALLOW_USER_PASSWORD_AUTH"]},
            Policies={"SignInPolicy": {"AllowedFirstAuthFactors": ["PASSWORD", "WEB_AUTHN"]}},
        )
        if webauthn:
            town.idp.set_user_pool_mfa_config(
                UserPoolId=town.pool_id, MfaConfiguration="OFF", WebAuthnConfiguration=webauthn
            )
        town.resident()
        return town

    return open_town


@pytest.fixture
def town(open_town):
    return open_town(RelyingPartyId=PARTY)


@pytest.fixture
def token(town):
    return town.token()


def start(town, token):
    return town.idp.start_web_authn_registration(AccessToken=token)["CredentialCreationOptions"]


def complete(town, token, credential):
    return town.idp.complete_web_authn_registration(AccessToken=token, Credential=credential)


def register(town, token, authenticator=None, **bent):
    authenticator = authenticator or Authenticator()
    complete(town, token, authenticator.register(start(town, token), **bent))
    return authenticator


def listed(town, token, **more):
    return town.idp.list_web_authn_credentials(AccessToken=token, **more)


class TestStartWebAuthnRegistration:
    def test_the_options(self, town, token):
        options = start(town, token)
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
        assert start(town, token)["user"] == user

    def test_passkeys_that_are_there_are_excluded(self, town, token):
        authenticator = register(town, token)
        assert start(town, token)["excludeCredentials"] == [
            {"id": b64(authenticator.id), "type": "public-key"}
        ]

    def test_a_pool_that_takes_none(self, found):
        town = found()
        town.resident()
        with refused("WebAuthnNotEnabledException"):
            start(town, town.token())

    def test_a_pool_without_a_relying_party(self, open_town):
        town = open_town()
        with refused("WebAuthnConfigurationMissingException"):
            start(town, town.token())

    def test_the_domain_of_the_pool_stands_in_for_a_relying_party(self, open_town):
        town = open_town()
        token = town.token()
        town.idp.create_user_pool_domain(UserPoolId=town.pool_id, Domain="town")
        assert start(town, token)["rp"]["id"] == "town.auth.us-east-1.amazoncognito.com"
        town.idp.create_user_pool_domain(
            UserPoolId=town.pool_id,
            Domain="auth.example.org",
            CustomDomainConfig={"CertificateArn": "arn:aws:acm:us-east-1:123456789012:certificate/c"},
        )
        assert start(town, token)["rp"]["id"] == "auth.example.org"

    def test_twenty_are_the_most(self, town, token):
        for _ in range(20):
            register(town, token)
        with refused("LimitExceededException"):
            start(town, token)

    def test_bad_tokens(self, town, token):
        with refused("NotAuthorizedException", "Invalid Access Token"):
            start(town, "x")
        town.idp.admin_delete_user(UserPoolId=town.pool_id, Username="ada")
        with refused("NotAuthorizedException"):
            start(town, token)


class TestCompleteWebAuthnRegistration:
    @pytest.mark.parametrize("algorithm", [-7, RS256])
    def test_it_answers_nothing_and_keeps_the_passkey(self, town, token, algorithm):
        authenticator = Authenticator(algorithm=algorithm)
        answer = complete(town, token, authenticator.register(start(town, token)))
        answer.pop("ResponseMetadata")
        assert answer == {}
        assert [of["CredentialId"] for of in listed(town, token)["Credentials"]] == [b64(authenticator.id)]

    def test_pages_below_the_party_and_on_this_machine(self, town, token):
        for origin in ("https://example.com", "https://login.example.com", "http://localhost:3000"):
            register(town, token, Authenticator(origin))

    def test_nothing_was_started_or_it_was_used_or_it_is_long_ago(self, town, token):
        options = {"challenge": b64(bytes(32)), "rp": {"id": PARTY}, "user": {"id": "AA"}}
        with refused("WebAuthnChallengeNotFoundException"):
            complete(town, token, Authenticator().register(options))
        options = start(town, token)
        complete(town, token, Authenticator().register(options))
        with refused("WebAuthnChallengeNotFoundException"):
            complete(town, token, Authenticator().register(options))
        options = start(town, token)
        town.cognito.clock.advance(minutes=6)
        with refused("WebAuthnChallengeNotFoundException"):
            complete(town, token, Authenticator().register(options))

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
    def test_what_is_bent_is_refused_and_the_challenge_stays(self, town, token, bent, error):
        options = start(town, token)
        with refused(error):
            complete(town, token, Authenticator().register(options, **bent))
        complete(town, token, Authenticator().register(options))

    def test_an_algorithm_that_was_not_offered(self, town, token):
        with refused("WebAuthnCredentialNotSupportedException"):
            register(town, token, Authenticator(algorithm=ES384))

    def test_a_token_of_another_client(self, town, token):
        options = start(town, token)
        town.client_of()
        with refused("WebAuthnClientMismatchException"):
            complete(town, town.token(), Authenticator().register(options))

    def test_verification_where_it_is_required(self, open_town):
        town = open_town(RelyingPartyId=PARTY, UserVerification="required")
        token = town.token()
        assert start(town, token)["authenticatorSelection"]["userVerification"] == "required"
        with refused("InvalidParameterException"):
            register(town, token, flags=UP)
        register(town, token)

    @pytest.mark.parametrize(
        "credential", [{}, {"id": "x"}, {"id": "x", "response": {"clientDataJSON": "x"}}]
    )
    def test_garbage(self, town, token, credential):
        start(town, token)
        with refused("InvalidParameterException"):
            complete(town, token, credential)

    def test_the_same_passkey_twice(self, town, token):
        authenticator = register(town, token)
        with refused("InvalidParameterException"):
            register(town, token, authenticator)


class TestListWebAuthnCredentials:
    def test_what_it_shows_in_pages(self, town, token):
        authenticators = [register(town, token) for _ in range(3)]
        first = listed(town, token, MaxResults=2)
        second = listed(town, token, MaxResults=2, NextToken=first["NextToken"])
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

    def test_a_bad_page(self, town, token):
        with refused("InvalidParameterException"):
            listed(town, token, NextToken="x")
        with refused("InvalidParameterException"):
            listed(town, token, MaxResults=21)


class TestDeleteWebAuthnCredential:
    def test_it_is_gone(self, town, token):
        key = b64(register(town, token).id)
        town.idp.delete_web_authn_credential(AccessToken=token, CredentialId=key)
        assert listed(town, token)["Credentials"] == []
        with refused("ResourceNotFoundException"):
            town.idp.delete_web_authn_credential(AccessToken=token, CredentialId=key)
