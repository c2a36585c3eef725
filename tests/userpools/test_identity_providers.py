"""Identity providers: the eight operations, and what AWS fills in."""

from __future__ import annotations

import base64
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from botocore.exceptions import ClientError
from cryptography import x509
from support import outside_providers
from support.pool_env import refused

GOOGLE = {"client_id": "g-app", "client_secret": "g-secret", "authorize_scopes": "email profile openid"}
AMAZON = {"client_id": "a-app", "client_secret": "a-secret", "authorize_scopes": "profile postal_code"}
FACEBOOK = {
    "client_id": "f-app",
    "client_secret": "f-secret",
    "authorize_scopes": "public_profile, email",
    "api_version": "v17.0",
}
APPLE = {
    "client_id": "com.example.app",
    "team_id": "TEAM",
    "key_id": "KEY",
    "private_key": "MIGTAgEA",
    "authorize_scopes": "email name",
}
BY_HAND = {
    "client_id": "app",
    "client_secret": "secret",
    "authorize_scopes": "openid email",
    "oidc_issuer": "https://auth.example.com",
    "attributes_request_method": "GET",
    "authorize_url": "https://auth.example.com/authorize",
    "token_url": "https://auth.example.com/token",
    "attributes_url": "https://auth.example.com/userInfo",
    "jwks_uri": "https://auth.example.com/keys",
}


@pytest.fixture(scope="module")
def metadata():
    return outside_providers.metadata()


@pytest.fixture
def saml(metadata):
    return {"MetadataFile": metadata, "IDPSignout": "true"}


@pytest.fixture
def upstream():
    with outside_providers.issuer() as issuer:
        found = {
            "issuer": issuer.url,
            "authorization_endpoint": f"{issuer.url}/authorize",
            "token_endpoint": f"{issuer.url}/token",
            "userinfo_endpoint": f"{issuer.url}/userinfo",
            "jwks_uri": f"{issuer.url}/keys",
        }
        issuer.answers["/.well-known/openid-configuration"] = lambda _: found
        issuer.document = found
        yield issuer


@pytest.fixture
def make(env):
    def make(name="Google", kind=None, details=None, **more):
        return env.idp.create_identity_provider(
            UserPoolId=env.pool_id,
            ProviderName=name,
            ProviderType=kind or name,
            ProviderDetails=GOOGLE if details is None else details,
            **more,
        )["IdentityProvider"]

    return make


def described(env, name="Google"):
    return env.idp.describe_identity_provider(UserPoolId=env.pool_id, ProviderName=name)["IdentityProvider"]


def oidc(upstream, **more):
    details = {"client_id": "app", "client_secret": "s", "authorize_scopes": "openid email"}
    return {**details, "oidc_issuer": upstream.url, "attributes_request_method": "GET", **more}


class TestCreateIdentityProvider:
    @pytest.mark.parametrize(
        ("kind", "given", "added"),
        [
            (
                "Google",
                GOOGLE,
                {
                    "attributes_url": "https://people.googleapis.com/v1/people/me?personFields=",
                    "attributes_url_add_attributes": "true",
                    "authorize_url": "https://accounts.google.com/o/oauth2/v2/auth",
                    "oidc_issuer": "https://accounts.google.com",
                    "token_request_method": "POST",
                    "token_url": "https://www.googleapis.com/oauth2/v4/token",
                },
            ),
            (
                "Facebook",
                FACEBOOK,
                {
                    "attributes_url": "https://graph.facebook.com/v17.0/me?fields=",
                    "attributes_url_add_attributes": "true",
                    "authorize_url": "https://www.facebook.com/v17.0/dialog/oauth",
                    "token_request_method": "GET",
                    "token_url": "https://graph.facebook.com/v17.0/oauth/access_token",
                },
            ),
            (
                "LoginWithAmazon",
                AMAZON,
                {
                    "attributes_url": "https://api.amazon.com/user/profile",
                    "attributes_url_add_attributes": "false",
                    "authorize_url": "https://www.amazon.com/ap/oa",
                    "token_request_method": "POST",
                    "token_url": "https://api.amazon.com/auth/o2/token",
                },
            ),
        ],
    )
    def test_of_a_social_provider_are_filled_in_as_aws_does(self, env, make, kind, given, added):
        assert make(kind, details=given)["ProviderDetails"] == given | added
        assert described(env, kind)["ProviderDetails"] == given | added

    def test_of_apple_never_show_the_private_key(self, env, make):
        shown = make("SignInWithApple", details=APPLE)["ProviderDetails"]
        assert "private_key" not in shown
        assert shown == {name: value for name, value in APPLE.items() if name != "private_key"} | {
            "attributes_url_add_attributes": "false",
            "authorize_url": "https://appleid.apple.com/auth/authorize",
            "oidc_issuer": "https://appleid.apple.com",
            "token_request_method": "POST",
            "token_url": "https://appleid.apple.com/auth/token",
        }

    def test_of_facebook_without_a_version_have_one_all_the_same(self, make):
        given = {name: value for name, value in FACEBOOK.items() if name != "api_version"}
        shown = make("Facebook", details=given)["ProviderDetails"]
        assert shown["attributes_url"] == "https://graph.facebook.com/me?fields="
        assert "/v" in shown["authorize_url"]

    def test_given_by_hand_need_no_discovery(self, make):
        shown = make("Corp", "OIDC", BY_HAND)["ProviderDetails"]
        assert shown == BY_HAND | {"attributes_url_add_attributes": "false"}

    def test_are_discovered_from_the_issuer(self, make, upstream):
        shown = make("Corp", "OIDC", oidc(upstream))["ProviderDetails"]
        assert shown["authorize_url"] == f"{upstream.url}/authorize"
        assert shown["token_url"] == f"{upstream.url}/token"
        assert shown["attributes_url"] == f"{upstream.url}/userinfo"
        assert shown["jwks_uri"] == f"{upstream.url}/keys"
        assert shown["attributes_url_add_attributes"] == "false"
        assert upstream.asked == ["/.well-known/openid-configuration"]

    def test_given_by_hand_win_over_discovery(self, make, upstream):
        shown = make("Corp", "OIDC", oidc(upstream, token_url="https://x.example/t"))["ProviderDetails"]
        assert shown["token_url"] == "https://x.example/t"
        assert shown["jwks_uri"] == f"{upstream.url}/keys"

    def test_of_saml_get_the_addresses_of_the_metadata(self, make, saml):
        shown = make("Corp", "SAML", saml)["ProviderDetails"]
        assert shown == saml | {"SSORedirectBindingURI": outside_providers.ENTITY}

    def test_of_saml_get_an_encryption_certificate(self, env, make, saml):
        shown = make("Corp", "SAML", saml | {"EncryptedResponses": "true"})["ProviderDetails"]
        found = x509.load_der_x509_certificate(base64.b64decode(shown["ActiveEncryptionCertificate"]))
        assert found.not_valid_after_utc > found.not_valid_before_utc
        assert described(env, "Corp")["ProviderDetails"] == shown

    def test_of_saml_by_url(self, make, upstream, metadata):
        upstream.answers["/metadata"] = lambda _: metadata.encode()
        shown = make("Corp", "SAML", {"MetadataURL": f"{upstream.url}/metadata"})["ProviderDetails"]
        assert shown == {
            "MetadataURL": f"{upstream.url}/metadata",
            "SSORedirectBindingURI": outside_providers.ENTITY,
        }


class TestDescribeIdentityProvider:
    """What Terraform does: create, read, and send what was read."""

    @pytest.mark.parametrize(
        ("name", "kind", "details"),
        [
            ("Google", "Google", GOOGLE),
            ("Facebook", "Facebook", FACEBOOK),
            ("LoginWithAmazon", "LoginWithAmazon", AMAZON),
            ("SignInWithApple", "SignInWithApple", APPLE),
            ("Corp", "OIDC", BY_HAND),
            ("Corp", "SAML", None),
        ],
    )
    def test_changes_nothing_the_second_time(self, env, make, saml, name, kind, details):
        details = {**saml, "EncryptedResponses": "true"} if details is None else details
        make(name, kind, details, AttributeMapping={"email": "email"}, IdpIdentifiers=["example.com"])
        before = described(env, name)
        for given in (before["ProviderDetails"], before["ProviderDetails"] | details):
            env.idp.update_identity_provider(
                UserPoolId=env.pool_id,
                ProviderName=name,
                ProviderDetails=given,
                AttributeMapping=before["AttributeMapping"],
                IdpIdentifiers=before["IdpIdentifiers"],
            )
            after = described(env, name)
            assert {**after, "LastModifiedDate": None} == {**before, "LastModifiedDate": None}


class TestUpdateIdentityProvider:
    def test_replaces_what_is_sent_and_keeps_the_rest(self, env, make):
        make(AttributeMapping={"email": "email"}, IdpIdentifiers=["a"])
        answer = env.idp.update_identity_provider(
            UserPoolId=env.pool_id, ProviderName="Google", ProviderDetails=GOOGLE | {"client_id": "other"}
        )["IdentityProvider"]
        assert "IdpIdentifiers" not in answer
        shown = described(env)
        assert shown["ProviderDetails"]["client_id"] == "other"
        assert shown["AttributeMapping"] == {"email": "email", "username": "sub"}
        assert shown["IdpIdentifiers"] == ["a"]

    def test_an_empty_list_clears_and_is_answered(self, env, make):
        make(AttributeMapping={"email": "email"}, IdpIdentifiers=["a"])
        answer = env.idp.update_identity_provider(
            UserPoolId=env.pool_id, ProviderName="Google", AttributeMapping={}, IdpIdentifiers=[]
        )["IdentityProvider"]
        assert (answer["AttributeMapping"], answer["IdpIdentifiers"]) == ({"username": "sub"}, [])
        assert described(env)["IdpIdentifiers"] == []

    def test_of_apple_keeps_the_key_that_is_not_sent(self, env, make):
        make("SignInWithApple", details=APPLE)
        given = {name: value for name, value in APPLE.items() if name != "private_key"}
        env.idp.update_identity_provider(
            UserPoolId=env.pool_id, ProviderName="SignInWithApple", ProviderDetails=given | {"key_id": "B"}
        )
        assert described(env, "SignInWithApple")["ProviderDetails"]["key_id"] == "B"

    def test_of_an_unknown_one(self, env):
        with refused("ResourceNotFoundException", "Identity provider Google does not exist."):
            env.idp.update_identity_provider(UserPoolId=env.pool_id, ProviderName="Google")

    def test_a_refused_update_changes_nothing(self, env, make):
        make()
        before = described(env)
        with refused("InvalidParameterException"):
            env.idp.update_identity_provider(
                UserPoolId=env.pool_id, ProviderName="Google", ProviderDetails={"client_id": "x"}
            )
        assert described(env) == before


class TestMapping:
    @pytest.mark.parametrize(
        ("kind", "details", "claim"),
        [
            ("Google", GOOGLE, "sub"),
            ("Facebook", FACEBOOK, "id"),
            ("LoginWithAmazon", AMAZON, "user_id"),
            ("SignInWithApple", APPLE, "sub"),
            ("OIDC", BY_HAND, "sub"),
        ],
    )
    def test_aws_adds_the_claim_of_the_username(self, env, make, kind, details, claim):
        name = "Corp" if kind == "OIDC" else kind
        shown = make(name, kind, details, AttributeMapping={"email": "email"})
        assert shown["AttributeMapping"] == {"email": "email", "username": claim}
        assert described(env, name)["AttributeMapping"] == shown["AttributeMapping"]

    def test_saml_gets_none(self, make, saml):
        assert make("Corp", "SAML", saml)["AttributeMapping"] == {}

    def test_to_an_attribute_that_the_pool_lacks(self, make):
        with refused(
            "InvalidParameterException", "AttributeMapping contains invalid mapping: [custom:zen_groups]"
        ):
            make(AttributeMapping={"email": "email", "custom:zen_groups": "groups"})


class TestNames:
    def test_a_social_provider_is_named_like_its_type(self, make):
        with refused("InvalidParameterException", "Provider NameOfGP cannot be of type Google."):
            make("NameOfGP", "Google")

    def test_one_of_a_name(self, make):
        make()
        with refused("DuplicateProviderException"):
            make()

    @pytest.mark.parametrize("name", ["Cognito", "COGNITO"])
    def test_the_pools_own_name_is_taken(self, make, saml, name):
        with refused("InvalidParameterException"):
            make(name, "SAML", saml)

    @pytest.mark.parametrize("name", ["_corp", " corp", "a" * 33])
    def test_the_model_says_what_a_name_is(self, make, saml, name):
        with refused("InvalidParameterException"):
            make(name, "SAML", saml)

    def test_at_most_three_hundred(self, env, make, monkeypatch):
        from cogmock.userpools.operations import providers

        assert providers.MOST == 300
        monkeypatch.setattr(providers, "MOST", 1)
        make()
        with refused("LimitExceededException"):
            make("Facebook", details=FACEBOOK)


class TestGetIdentityProviderByIdentifier:
    def test_find_a_provider(self, env, make, saml):
        make("Corp", "SAML", saml, IdpIdentifiers=["corp.example", "corp"])
        found = env.idp.get_identity_provider_by_identifier(UserPoolId=env.pool_id, IdpIdentifier="corp")
        assert found["IdentityProvider"] == described(env, "Corp")

    def test_an_unknown_one(self, env):
        with refused("ResourceNotFoundException"):
            env.idp.get_identity_provider_by_identifier(UserPoolId=env.pool_id, IdpIdentifier="corp")

    def test_are_unique_in_the_pool(self, env, make, saml):
        make("Corp", "SAML", saml, IdpIdentifiers=["corp.example"])
        with refused("InvalidParameterException"):
            make(IdpIdentifiers=["corp.example"])
        make()
        with refused("InvalidParameterException"):
            env.idp.update_identity_provider(
                UserPoolId=env.pool_id, ProviderName="Google", IdpIdentifiers=["corp.example"]
            )

    def test_one_is_not_given_twice(self, make):
        with refused("InvalidParameterException"):
            make(IdpIdentifiers=["corp", "corp"])

    def test_may_be_sent_again_for_their_own_provider(self, env, make):
        make(IdpIdentifiers=["a"])
        env.idp.update_identity_provider(
            UserPoolId=env.pool_id, ProviderName="Google", IdpIdentifiers=["a", "b"]
        )
        assert described(env)["IdpIdentifiers"] == ["a", "b"]

    def test_stand_in_the_answer_only_where_they_were_sent(self, env, make):
        assert "IdpIdentifiers" not in make()
        assert described(env)["IdpIdentifiers"] == []
        assert make("Facebook", details=FACEBOOK, IdpIdentifiers=[])["IdpIdentifiers"] == []


class TestLevels:
    def test_of_an_oidc_provider(self, env, make):
        make("Corp", "OIDC", BY_HAND, AcrMapping={"Level1": "low", "Level4": "high"})
        assert described(env, "Corp")["AcrMapping"] == {"Level1": "low", "Level4": "high"}

    def test_of_others_are_refused(self, make):
        with refused("InvalidParameterException"):
            make(AcrMapping={"Level1": "low"})


class TestListIdentityProviders:
    def test_shows_names_types_and_dates_in_pages(self, env, make, saml):
        make()
        make("Corp", "SAML", saml)
        make("Facebook", details=FACEBOOK)
        ask = env.idp.list_identity_providers
        first = ask(UserPoolId=env.pool_id, MaxResults=2)
        assert [of["ProviderName"] for of in first["Providers"]] == ["Google", "Corp"]
        assert set(first["Providers"][0]) == {
            "ProviderName",
            "ProviderType",
            "CreationDate",
            "LastModifiedDate",
        }
        rest = ask(UserPoolId=env.pool_id, MaxResults=2, NextToken=first["NextToken"])
        assert [of["ProviderType"] for of in rest["Providers"]] == ["Facebook"]
        assert "NextToken" not in rest


class TestDeleteIdentityProvider:
    def test_makes_it_unknown(self, env, make):
        make()
        env.idp.delete_identity_provider(UserPoolId=env.pool_id, ProviderName="Google")
        with refused("ResourceNotFoundException"):
            described(env)
        with refused("ResourceNotFoundException"):
            env.idp.delete_identity_provider(UserPoolId=env.pool_id, ProviderName="Google")

    def test_clients_keep_its_name_until_their_next_update(self, env, make):
        make()
        update = {
            "UserPoolId": env.pool_id,
            "ClientId": env.client_id,
            "SupportedIdentityProviders": ["COGNITO", "Google"],
        }
        env.idp.update_user_pool_client(**update)
        env.idp.delete_identity_provider(UserPoolId=env.pool_id, ProviderName="Google")
        client = env.idp.describe_user_pool_client(UserPoolId=env.pool_id, ClientId=env.client_id)
        assert client["UserPoolClient"]["SupportedIdentityProviders"] == ["COGNITO", "Google"]
        message = f"The provider Google does not exist for User Pool {env.pool_id}."
        with refused("InvalidParameterException", message):
            env.idp.update_user_pool_client(**update)


class TestClients:
    def test_list_providers_of_their_pool(self, env, make):
        make()
        env.client_of(SupportedIdentityProviders=["Google"])
        with refused("InvalidParameterException"):
            env.client_of(SupportedIdentityProviders=["Google", "Facebook"])

    def test_with_idp_initiated_sign_in_have_saml_alone(self, env, make, saml):
        make()
        make("Corp", "SAML", saml | {"IDPInit": "true"})
        make("Plain", "SAML", saml)
        for others in (["COGNITO"], ["Google"]):
            with refused("InvalidParameterException"):
                env.client_of(SupportedIdentityProviders=["Corp", *others])
        env.client_of(SupportedIdentityProviders=["Corp", "Plain"])


class TestSchema:
    def test_no_client_may_write_identities(self, env, make):
        make()
        with refused(
            "InvalidParameterException", "Invalid write attributes specified while creating a client"
        ):
            env.client_of(WriteAttributes=["identities"])

    def test_gains_identities_with_the_first_provider(self, env, make):
        def names():
            pool = env.idp.describe_user_pool(UserPoolId=env.pool_id)["UserPool"]
            return [of["Name"] for of in pool["SchemaAttributes"]]

        assert "identities" not in names()
        make()
        assert names()[-1] == "identities"


class TestRefusals:
    @pytest.mark.parametrize("missing", ["client_id", "client_secret", "authorize_scopes"])
    def test_what_a_social_provider_needs(self, make, missing):
        with refused("InvalidParameterException"):
            make(details={name: value for name, value in GOOGLE.items() if name != missing})

    @pytest.mark.parametrize(
        "wrong",
        [
            {"authorize_scopes": "email profile"},
            {"oidc_issuer": "https://auth.example.com/"},
            {"oidc_issuer": "http://auth.example.com"},
            {"token_url": "https://auth.example.com:8443/token"},
            {"token_url": "ftp://auth.example.com/token"},
            {"jwks_uri": "file:///etc/passwd"},
            {"attributes_url": "https://[::1/userInfo"},
            {"attributes_request_method": "PUT"},
        ],
    )
    def test_of_an_oidc_provider(self, make, wrong):
        with refused("InvalidParameterException"):
            make("Corp", "OIDC", BY_HAND | wrong)

    @pytest.mark.parametrize(
        "url", ["http://localhost:8080", "http://keycloak:8080/realms/x", "http://host.docker.internal:90"]
    )
    def test_hosts_of_this_machine_may_use_http_and_any_port(self, make, url):
        given = {name: url if value.startswith("https") else value for name, value in BY_HAND.items()}
        assert make("Corp", "OIDC", given)["ProviderDetails"]["token_url"] == url

    @pytest.mark.parametrize(
        "answer",
        [
            lambda _: None,
            lambda _: b"<html>",
            lambda _: [1],
            lambda _: {"issuer": "x"},
            lambda _: {"authorization_endpoint": 5, "token_endpoint": {}},
            lambda _: b"{" * 100_000,
            lambda _: b" " * (2 * 1024 * 1024),
            lambda _: {"authorization_endpoint": "https://a.example"},
        ],
        ids=["404", "html", "list", "empty", "types", "nested", "large", "part"],
    )
    def test_a_discovery_document_that_is_none(self, make, upstream, answer):
        upstream.answers["/.well-known/openid-configuration"] = answer
        with refused("InvalidParameterException", "Unable to contact well-known endpoint"):
            make("Corp", "OIDC", oidc(upstream))

    def test_an_issuer_that_is_not_there(self, make):
        details = {**BY_HAND, "oidc_issuer": "http://127.0.0.1:9", "jwks_uri": ""}
        with refused("InvalidParameterException", "Unable to contact well-known endpoint"):
            make("Corp", "OIDC", details)

    def test_an_endpoint_of_a_document_must_be_allowed_too(self, make, upstream):
        upstream.document["token_endpoint"] = "http://auth.example.com/token"
        with refused("InvalidParameterException"):
            make("Corp", "OIDC", oidc(upstream))


class TestMetadata:
    @pytest.mark.parametrize(
        "document",
        [
            "",
            "not xml",
            "<a/>",
            '<EntityDescriptor xmlns="urn:oasis:names:tc:SAML:2.0:metadata" entityID="x"/>',
            '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>',
            '<!DOCTYPE a [<!ENTITY b "bbbb"><!ENTITY c "&b;&b;">]><a>&c;</a>',
        ],
    )
    def test_that_is_none(self, make, document):
        with refused("InvalidParameterException"):
            make("Corp", "SAML", {"MetadataFile": document})

    @pytest.mark.parametrize(
        ("old", "new"),
        [
            ("HTTP-Redirect", "HTTP-POST"),
            ("SingleSignOnService", "Other"),
            ("X509Certificate>", "Nothing>"),
            ("MII", "!!!"),
            (f'Location="{outside_providers.ENTITY}"', 'Location="javascript:alert(1)"'),
        ],
    )
    def test_that_no_sign_in_could_work_with(self, make, metadata, old, new):
        with refused("InvalidParameterException"):
            make("Corp", "SAML", {"MetadataFile": metadata.replace(old, new)})

    def test_with_a_certificate_that_is_too_long(self, make, metadata):
        start, _, rest = metadata.partition("<X509Certificate>")
        long = (
            f"{start}<X509Certificate>{'A' * 4097}</X509Certificate>{rest.partition('</X509Certificate>')[2]}"
        )
        with refused("InvalidParameterException"):
            make("Corp", "SAML", {"MetadataFile": long})

    def test_with_an_expired_certificate(self, make, metadata, cognito):
        cognito.clock.advance(days=366)
        with refused("InvalidParameterException"):
            make("Corp", "SAML", {"MetadataFile": metadata})

    @pytest.mark.parametrize(
        "more",
        [{"IDPSignout": "maybe"}, {"RequestSigningAlgorithm": "rsa-sha1"}, {"EncryptedResponses": "1"}],
    )
    def test_other_details(self, make, saml, more):
        with refused("InvalidParameterException"):
            make("Corp", "SAML", saml | more)

    def test_neither_file_nor_url(self, make):
        with refused("InvalidParameterException"):
            make("Corp", "SAML", {"IDPSignout": "true"})

    @pytest.mark.parametrize(
        "url", ["http://127.0.0.1:9/m", "https://idp.example.com:8443/m", "file:///etc/x"]
    )
    def test_that_cannot_be_had(self, make, url):
        with refused("InvalidParameterException", f"Error retrieving metadata from {url}"):
            make("Corp", "SAML", {"MetadataURL": url})

    def test_redirects_are_followed_and_counted(self, make, metadata):
        with redirecting(metadata, 20) as url:
            assert make("Corp", "SAML", {"MetadataURL": f"{url}/0"})["ProviderName"] == "Corp"
        with redirecting(metadata, 22) as url, refused("InvalidParameterException"):
            make("Other", "SAML", {"MetadataURL": f"{url}/0"})

    def test_a_redirect_to_a_file_is_not_followed(self, make, metadata, tmp_path):
        (tmp_path / "m.xml").write_text(metadata)
        target = (tmp_path / "m.xml").as_uri()
        with redirecting(metadata, 1, target) as url, refused("InvalidParameterException"):
            make("Corp", "SAML", {"MetadataURL": f"{url}/0"})


class redirecting:  # noqa: N801 - used as a context manager
    """A server that redirects so many times before it answers."""

    def __init__(self, metadata, times, target=None):
        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                count = int(self.path.strip("/"))
                if count < times:
                    self.send_response(302)
                    self.send_header("Location", target or f"/{count + 1}")
                    self.send_header("Content-Length", "0")
                    self.end_headers()
                    return
                body = metadata.encode()
                self.send_response(200)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.02})

    def __enter__(self):
        self.thread.start()
        return f"http://127.0.0.1:{self.server.server_address[1]}"

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()


def test_a_pool_that_goes_while_the_document_is_fetched(env, make, upstream):
    def gone(_):
        env.idp.delete_user_pool(UserPoolId=env.pool_id)
        return upstream.document

    upstream.answers["/.well-known/openid-configuration"] = gone
    with pytest.raises(ClientError) as caught:
        make("Corp", "OIDC", oidc(upstream))
    assert caught.value.response["Error"]["Code"] == "ResourceNotFoundException"
