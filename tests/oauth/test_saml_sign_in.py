"""Sign-in through a SAML provider: the request, the response, and all that a response must not be."""

from __future__ import annotations

import base64
import json
import re
import zlib
from urllib.parse import urlencode, urlsplit

import jwt
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from lxml import etree
from support.browser import CALLBACK, where
from support.outside_providers import ENTITY, RSA
from support.pool_env import refused
from support.saml_upstream import (
    NS,
    OTHER,
    SLO,
    add_saml,
    idp_metadata,
    leave,
    post,
    request_in,
    respond,
    sign_in,
    signed,
)
from support.upstream import web_client

INVALID = "Invalid samlResponse or relayState from identity provider"
RELAY = "Invalid relayState from identity provider"
REFUSED = "Invalid SAML response received: "


@pytest.fixture
def env(domain_of):
    env = domain_of()
    add_saml(env)
    web_client(env, "COGNITO", "Corp")
    return env


@pytest.fixture
def made(domain_of):
    def made(*, pool=None, **provider):
        env = domain_of(pool=pool)
        env.details = add_saml(env, **provider)
        web_client(env, "Corp")
        return env

    return made


def refusal(env, description=None, error="server_error", **wrong):
    browser, (address, given) = sign_in(env, parameters={"state": "s"}, **wrong)
    assert address == CALLBACK
    assert given.get("error") == error, given
    assert given["state"] == "s"
    assert given["error_description"].startswith(REFUSED)
    if description is not None:
        assert given["error_description"] == REFUSED + description
    assert "cognito" not in browser.cookies
    assert env.idp.list_users(UserPoolId=env.pool_id)["Users"] == []
    return given["error_description"]


class TestRequest:
    def test_has_the_shape_of_awss(self, env):
        answer = env.browser().go(env.url(identity_provider="Corp"))
        url = answer.headers["location"]
        assert url.startswith(f"{ENTITY}?SAMLRequest=")
        root, given = request_in(url)
        assert list(given) == ["SAMLRequest", "RelayState"]
        assert etree.QName(root).localname == "AuthnRequest"
        assert set(root.attrib) == {
            "AssertionConsumerServiceURL",
            "Destination",
            "ID",
            "IssueInstant",
            "Version",
        }
        assert root.get("AssertionConsumerServiceURL") == "http://localhost:4577/saml2/idpresponse"
        assert (root.get("Destination"), root.get("Version")) == (ENTITY, "2.0")
        assert root.get("ID").startswith("_")
        assert len(root.get("ID")) == 37
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", root.get("IssueInstant"))
        (issuer,) = root
        assert issuer.text == f"urn:amazon:cognito:sp:{env.pool_id}"
        assert issuer.get("Format") == "urn:oasis:names:tc:SAML:2.0:nameid-format:entity"

    def test_is_signed_where_the_provider_wants_it(self, made):
        env = made(details={"RequestSigningAlgorithm": "rsa-sha256"})
        url = env.browser().go(env.url(identity_provider="Corp")).headers["location"]
        verify(env, url)

    def test_goes_to_the_address_of_metadata_that_was_read_again(self, domain_of, cognito):
        from support import outside_providers

        env = domain_of()
        with outside_providers.issuer() as issuer:
            document = [idp_metadata()]
            issuer.answers["/m"] = lambda _: document[0].encode()
            env.idp.create_identity_provider(
                UserPoolId=env.pool_id,
                ProviderName="Corp",
                ProviderType="SAML",
                ProviderDetails={"MetadataURL": f"{issuer.url}/m"},
            )
            web_client(env, "Corp")
            document[0] = document[0].replace(f'Location="{ENTITY}"', 'Location="https://new.example/sso"')
            place = [where(env.browser().go(env.url()))[0]]
            cognito.clock.advance(hours=6, seconds=1)
            place.append(where(env.browser().go(env.url()))[0])
            document[0] = "broken"
            cognito.clock.advance(hours=6, seconds=1)
            place.append(where(env.browser().go(env.url()))[0])
            assert place == [ENTITY, "https://new.example/sso", "https://new.example/sso"]
            assert issuer.asked == ["/m"] * 3
            shown = env.idp.describe_identity_provider(UserPoolId=env.pool_id, ProviderName="Corp")
            assert (
                shown["IdentityProvider"]["ProviderDetails"]["SSORedirectBindingURI"]
                == "https://new.example/sso"
            )


def verify(env, url):
    """Asserts that a redirect is signed with the pool's certificate."""
    signed_part, _, rest = urlsplit(url).query.partition("&Signature=")
    assert "SigAlg=http%3A%2F%2Fwww.w3.org%2F2001%2F04%2Fxmldsig-more%23rsa-sha256" in signed_part
    from urllib.parse import unquote

    shown = env.idp.get_signing_certificate(UserPoolId=env.pool_id)["Certificate"]
    key = x509.load_der_x509_certificate(base64.b64decode(shown)).public_key()
    key.verify(base64.b64decode(unquote(rest)), signed_part.encode(), padding.PKCS1v15(), hashes.SHA256())


class TestResponse:
    @pytest.mark.parametrize("sign", ["assertion", "response", "both"])
    def test_is_taken_however_it_is_signed(self, env, sign):
        browser, (address, given) = sign_in(env, sign=sign, parameters={"state": "x"})
        assert (address, set(given), given["state"]) == (CALLBACK, {"code", "state"}, "x")
        assert "csrf-state" not in browser.cookies

    def test_makes_a_user(self, env):
        _, (_, given) = sign_in(env)
        claims = jwt.decode(env.redeem(given["code"]).json["id_token"], options={"verify_signature": False})
        assert claims["cognito:username"] == "Corp_ada"
        assert claims["cognito:groups"] == [f"{env.pool_id}_Corp"]
        found = env.attributes("Corp_ada")
        assert (found["email"], found["name"]) == ("ada@corp.example", "Ada")
        entry = json.loads(found["identities"])[0]
        assert (entry["userId"], entry["providerType"], entry["issuer"]) == ("ada", "SAML", ENTITY)
        assert env.status("Corp_ada") == "EXTERNAL_PROVIDER"

    def test_by_any_certificate_of_the_metadata(self, made):
        env = made(document=idp_metadata(keys=(RSA, OTHER)))
        assert "code" in sign_in(env, key=OTHER)[1][1]
        assert "code" in sign_in(env, env.browser(), key=RSA, assertion_id="_a2")[1][1]

    def test_several_values_of_an_attribute(self, made):
        schema = [{"Name": "groups", "AttributeDataType": "String", "Mutable": True}]
        env = made(pool={"Schema": schema}, mapping={"custom:groups": "groups"})
        sign_in(env, attributes={"groups": ["a", "b c"]})
        assert env.attributes("Corp_ada")["custom:groups"] == "[a,b+c]"

    def test_clocks_may_differ_a_little(self, env):
        assert "code" in sign_in(env, begins=30)[1][1]

    def test_without_its_own_issuer_and_destination(self, env):
        assert "code" in sign_in(env, response_issuer=None, destination=None)[1][1]

    def test_the_inbound_function_sees_it(self, domain_of, cognito):
        from support.pool_settings import FUNCTION

        config = {"InboundFederation": {"LambdaVersion": "V1_0", "LambdaArn": FUNCTION + "inbound"}}
        env = domain_of(pool={"LambdaConfig": config})
        cognito.functions["inbound"] = lambda event, _: event
        add_saml(env)
        web_client(env, "Corp")
        sign_in(env)
        (call,) = cognito.functions.calls
        shown = call.event["request"]
        assert shown["providerType"] == "SAML"
        assert shown["attributes"]["samlResponse"]["email"] == "ada@corp.example"


class TestMustNotWork:
    """Each response that AWS refuses, as real XML sent to the endpoint."""

    def test_unsigned(self, env):
        refusal(env, "SAML Assertion signature is invalid. ", sign=None)

    @pytest.mark.parametrize("sign", ["assertion", "response"])
    def test_signed_by_another_key_whose_certificate_comes_along(self, env, sign):
        words = {"assertion": "Assertion", "response": "Response"}[sign]
        refusal(env, f"SAML {words} signature is invalid. ", sign=sign, key=OTHER)

    @pytest.mark.parametrize(
        ("old", "new"), [(b">ada<", b">eve<"), (b"ada@corp.example", b"eve@corp.example")]
    )
    @pytest.mark.parametrize("sign", ["assertion", "response"])
    def test_changed_after_it_was_signed(self, env, sign, old, new):
        refusal(env, sign=sign, change=lambda document: document.replace(old, new))

    def test_an_assertion_without_its_signature(self, env):
        refusal(env, change=without_signature)

    @pytest.mark.parametrize("name", ["xsw1", "xsw2", "xsw3", "xsw4", "xsw5", "xsw6", "xsw7", "xsw8"])
    def test_wrapped(self, env, name):
        sign = "response" if name in {"xsw1", "xsw2"} else "assertion"
        refusal(env, sign=sign, change=ATTACKS[name])

    def test_two_assertions(self, env):
        def twice(document):
            root = etree.fromstring(document)
            root.append(etree.fromstring(etree.tostring(root.find("saml:Assertion", NS))))
            return etree.tostring(root)

        refusal(env, change=twice)

    @pytest.mark.parametrize(
        "name_id",
        [
            "<saml:NameID>ada<!-- c -->.evil</saml:NameID>",
            "<saml:NameID><!-- c -->ada</saml:NameID>",
            "<saml:NameID>ada<?p x?></saml:NameID>",
            "<saml:NameID>ada<x/></saml:NameID>",
        ],
    )
    @pytest.mark.parametrize("sign", ["assertion", "response"])
    def test_something_in_the_name_id(self, env, sign, name_id):
        refusal(env, sign=sign, name_id=name_id)

    def test_a_comment_that_is_put_into_a_signed_name_id(self, env):
        refusal(
            env,
            subject="ada.evil",
            change=lambda document: document.replace(b">ada.evil<", b">ada<!---->.evil<"),
        )

    @pytest.mark.parametrize(
        "prefix",
        [
            b"<!DOCTYPE r>",
            b'<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
            b'<!DOCTYPE r [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>',
            b'<!DOCTYPE r SYSTEM "http://127.0.0.1:9/x.dtd">',
        ],
    )
    def test_a_document_type(self, env, prefix):
        refusal(env, "Response is not valid XML. ", change=lambda document: prefix + document)

    def test_an_entity_that_is_used(self, env):
        def bomb(document):
            entities = b"".join(
                b'<!ENTITY e%d "%s">' % (n, b"&e%d;" % (n - 1) * 10 if n else b"x") for n in range(9)
            )
            return b"<!DOCTYPE r [" + entities + b"]>" + document.replace(b">ada<", b">&e8;<")

        refusal(env, change=bomb)

    def test_a_foreign_issuer(self, env):
        refusal(env, issuer="https://evil.example")
        refusal(env, response_issuer="https://evil.example")

    @pytest.mark.parametrize("audience", ["urn:amazon:cognito:sp:us-east-1_Other", None, "urn"])
    def test_a_foreign_audience(self, env, audience):
        refusal(env, "Audience restriction was violated. ", audience=audience)

    @pytest.mark.parametrize("recipient", ["https://evil.example/saml2/idpresponse", None, ""])
    def test_a_foreign_recipient(self, env, recipient):
        refusal(env, recipient=recipient)

    def test_a_foreign_destination(self, env):
        refusal(env, destination="https://evil.example/saml2/idpresponse")

    @pytest.mark.parametrize("answered", ["_other", None])
    def test_an_answer_to_another_request(self, env, answered):
        refusal(env, answer_in_confirmation=answered)

    @pytest.mark.parametrize("answered", ["_other", None])
    def test_a_response_to_another_request(self, env, answered):
        browser = env.browser()
        request_id, state = leave(env, browser)
        message = respond(env, answered, answer_in_confirmation=request_id)
        given = where(post(browser, message, state))[1]
        assert given["error"] == "server_error"

    @pytest.mark.parametrize(
        "times",
        [
            {"ends": -61},
            {"confirmation_ends": -61},
            {"begins": 120},  # a minute of leeway, and a slow machine
            {"confirmation_ends": None},
        ],
    )
    def test_out_of_its_time(self, env, times):
        refusal(env, **times)

    @pytest.mark.parametrize(
        "status",
        [
            "urn:oasis:names:tc:SAML:2.0:status:Responder",
            "urn:oasis:names:tc:SAML:2.0:status:AuthnFailed",
            "",
        ],
    )
    def test_no_success(self, env, status):
        refusal(env, status=status)

    def test_another_confirmation_method(self, env):
        refusal(env, method="urn:oasis:names:tc:SAML:2.0:cm:sender-vouches")

    @pytest.mark.parametrize("name_id", ["", "<saml:NameID/>", "<saml:NameID> </saml:NameID>"])
    def test_no_name_id(self, env, name_id):
        refusal(env, name_id=name_id)

    def test_characters_of_four_bytes(self, env):
        refusal(env, attributes={"email": ["a@b.example"], "name": ["\U0001f600"]})

    def test_more_than_100000_characters(self, env):
        refusal(env, "Response is too large. ", attributes={"x": ["a" * 100_000]})

    def test_an_assertion_that_was_used_before(self, env):
        sign_in(env)
        _, (_, given) = sign_in(env, env.browser())
        assert given["error_description"] == f"{REFUSED}Assertion was used before. "

    @pytest.mark.parametrize(
        "message", ["", "%%%", "aGVsbG8=", base64.b64encode(b"<a/>").decode(), "\u00e9", "PGE+" * 30_000]
    )
    def test_no_response(self, env, message):
        browser = env.browser()
        _, state = leave(env, browser)
        answer = post(browser, message, state)
        _, given = where(answer)
        assert "code" not in given
        assert given["error"] in {"server_error", INVALID}

    def test_a_required_attribute_that_is_missing(self, made):
        env = made(pool={"Schema": [{"Name": "email", "Required": True, "Mutable": True}]})
        refusal(env, "Invalid user attributes: email: The attribute is required ", attributes={})

    def test_a_required_attribute_that_is_cleared(self, made):
        env = made(pool={"Schema": [{"Name": "email", "Required": True, "Mutable": True}]})
        sign_in(env)
        wrong = {"assertion_id": "_a2", "attributes": {"email": [""]}}
        _, (_, given) = sign_in(env, env.browser(), **wrong)
        words = f"{REFUSED}Invalid user attributes: email: Required attribute cannot be deleted "
        assert given["error_description"] == words

    @pytest.mark.parametrize("ignoring", [True, False])
    def test_a_name_id_in_other_letters(self, made, ignoring):
        env = made(pool={"UsernameConfiguration": {"CaseSensitive": not ignoring}})
        sign_in(env)
        _, (_, given) = sign_in(env, env.browser(), subject="Ada", assertion_id="_a2")
        assert given["error_description"] == "Invalid ProviderName/Username combination. "


class TestState:
    def lost(self, answer, error=RELAY):
        address, given = where(answer)
        assert (address, given["error"]) == ("/error", error)

    def test_works_once(self, env):
        browser = env.browser()
        request_id, state = leave(env, browser)
        post(browser, respond(env, request_id), state)
        self.lost(post(browser, respond(env, request_id, assertion_id="_a2"), state))

    def test_belongs_to_its_browser(self, env):
        request_id, state = leave(env, env.browser())
        self.lost(post(env.browser(), respond(env, request_id), state))

    def test_expires(self, env, cognito):
        browser = env.browser()
        request_id, state = leave(env, browser)
        cognito.clock.advance(seconds=301)
        self.lost(post(browser, respond(env, request_id), state))

    @pytest.mark.parametrize("state", ["x", "a.b", "identity_provider", "https://app.example/home"])
    def test_that_is_none(self, env, state):
        self.lost(post(env.browser(), respond(env, None), state))
        self.lost(post(env.browser(), "x", state, "/saml2/logout"))

    def test_without_one_either_parameter_may_be_at_fault(self, env):
        browser = env.browser()
        self.lost(post(browser, respond(env, None), ""), INVALID)
        self.lost(post(browser, "x", "", "/saml2/logout"), INVALID)
        _, state = leave(env, browser)
        self.lost(post(browser, "", state), INVALID)

    def test_of_an_openid_provider_is_none_here(self, env):
        from support.upstream import add_oidc, upstream
        from support.upstream import leave as leave_oidc

        with upstream(env) as corp:
            add_oidc(env, corp, "Open")
            web_client(env, "Open")
            browser = env.browser()
            _, asked = leave_oidc(env, corp, browser, "Open")
            self.lost(post(browser, respond(env, "_x"), asked["state"]))

    def test_of_a_sign_in_does_not_sign_out(self, env):
        browser = env.browser()
        _, state = leave(env, browser)
        self.lost(post(browser, respond(env, "_x"), state, "/saml2/logout"))
        answer = browser.go(f"/oauth2/idpresponse?code=c&state={state}", follow=False)
        assert where(answer) == ("/error", {"error": "Invalid state"})

    def test_a_get_is_refused(self, env):
        from support.http import ask

        for path in ("/saml2/idpresponse", "/saml2/logout"):
            assert ask(env.application, "GET", path).status == 405


class TestEncrypted:
    @pytest.fixture
    def env(self, made):
        return made(details={"EncryptedResponses": "true"})

    @pytest.mark.parametrize("by", ["aes128-gcm", "aes256-gcm", "aes128-cbc", "aes256-cbc"])
    def test_assertions_are_taken(self, env, by):
        to = env.details["ActiveEncryptionCertificate"]
        assert "code" in sign_in(env, encrypt_to=to, encrypt_by=by)[1][1]

    def test_with_the_signature_on_the_response(self, env):
        to = env.details["ActiveEncryptionCertificate"]
        assert "code" in sign_in(env, encrypt_to=to, sign="response")[1][1]

    def test_plain_ones_are_refused(self, env):
        refusal(env)

    def test_unsigned_ones_are_refused(self, env):
        refusal(env, encrypt_to=env.details["ActiveEncryptionCertificate"], sign=None)

    def test_for_another_key(self, env, made):
        other = made(details={"EncryptedResponses": "true"})
        refusal(env, encrypt_to=other.details["ActiveEncryptionCertificate"])

    def test_where_the_provider_does_not_encrypt(self, env, made):
        plain = made()
        refusal(plain, encrypt_to=env.details["ActiveEncryptionCertificate"])

    def test_broken_ones(self, env):
        def broken(document):
            root = etree.fromstring(document)
            for value in root.iter("{http://www.w3.org/2001/04/xmlenc#}CipherValue"):
                value.text = value.text[:-8] + "AAAAAAA="
            return etree.tostring(root)

        refusal(env, encrypt_to=env.details["ActiveEncryptionCertificate"], change=broken)


class TestBegunByTheProvider:
    @pytest.fixture
    def env(self, made):
        return made(details={"IDPInit": "true"})

    def relay(self, env, **more):
        given = {
            "identity_provider": "Corp",
            "client_id": env.client_id,
            "redirect_uri": CALLBACK,
            "response_type": "code",
            "scope": "openid email",
            **more,
        }
        return urlencode({name: value for name, value in given.items() if value is not None})

    def came(self, env, relay=None, **wrong):
        browser = env.browser()
        return post(browser, respond(env, None, **wrong), relay or self.relay(env))

    def test_ends_at_the_callback_with_a_code(self, env):
        address, given = where(self.came(env, self.relay(env, state="mine")))
        assert (address, given["state"]) == (CALLBACK, "mine")
        assert env.redeem(given["code"]).json["access_token"]
        assert env.status("Corp_ada") == "EXTERNAL_PROVIDER"

    @pytest.mark.parametrize(
        "wrong",
        [
            {"issued": -361},
            {"issued": 120},
            {"sign": None},
            {"key": OTHER},
            {"audience": "x"},
            {"answer_in_confirmation": "_x"},
        ],
    )
    def test_is_held_to_the_same_rules(self, env, wrong):
        address, given = where(self.came(env, **wrong))
        assert (address, given["error"]) == (CALLBACK, "server_error")

    def test_an_answer_to_a_request_is_none(self, env):
        message = respond(env, "_x")
        _, given = where(post(env.browser(), message, self.relay(env)))
        assert given["error"] == "server_error"

    def test_works_once(self, env):
        self.came(env)
        assert where(self.came(env))[1]["error"] == "server_error"

    def test_to_another_address(self, env):
        address, given = where(self.came(env, self.relay(env, redirect_uri="https://evil.example")))
        assert (address, given["error"]) == ("/error", "redirect_mismatch")

    @pytest.mark.parametrize("name", ["Other", "", None])
    def test_by_another_provider(self, env, name):
        address, given = where(self.came(env, self.relay(env, identity_provider=name)))
        assert (address, given["error"]) == ("/error", RELAY)

    def test_by_one_that_may_not(self, made):
        env = made()
        address, given = where(self.came(env))
        assert (address, given["error"]) == ("/error", RELAY)
        assert env.idp.list_users(UserPoolId=env.pool_id)["Users"] == []

    def test_scopes_that_the_client_does_not_have(self, env):
        assert where(self.came(env, self.relay(env, scope="openid other/x")))[1]["error"] != ""


class TestLogout:
    BYE = "http://localhost:3000/bye"

    @pytest.fixture
    def env(self, made):
        return made(details={"IDPSignout": "true"}, document=idp_metadata(slo=True))

    def left(self, env, browser):
        query = urlencode({"client_id": env.client_id, "logout_uri": self.BYE})
        return browser.go(f"/logout?{query}").headers["location"]

    def answer(self, request_id, *, key=None, issuer=ENTITY):
        document = etree.fromstring(
            f'<samlp:LogoutResponse xmlns:samlp="{NS["samlp"]}" xmlns:saml="{NS["saml"]}" ID="_l1" '
            f'Version="2.0" InResponseTo="{request_id}"><saml:Issuer>{issuer}</saml:Issuer></samlp:LogoutResponse>'
        )
        return base64.b64encode(etree.tostring(signed(document, "_l1", key))).decode()

    def test_goes_by_the_provider_and_back(self, env):
        browser, _ = sign_in(env)
        url = self.left(env, browser)
        assert url.startswith(f"{SLO}?SAMLRequest=")
        assert "cognito" not in browser.cookies
        verify(env, url)
        root, given = request_in(url)
        assert etree.QName(root).localname == "LogoutRequest"
        assert root.findtext("saml:NameID", namespaces=NS) == "ada"
        assert root.findtext("samlp:SessionIndex", namespaces=NS) == "s-1"
        answer = post(browser, self.answer(root.get("ID")), given["RelayState"], "/saml2/logout")
        assert where(answer)[0] == self.BYE

    def test_to_the_sign_in_page(self, env):
        browser, _ = sign_in(env)
        query = {"client_id": env.client_id, "redirect_uri": CALLBACK, "response_type": "code"}
        url = browser.go(f"/logout?{urlencode(query)}").headers["location"]
        root, given = request_in(url)
        answer = post(browser, self.answer(root.get("ID")), given["RelayState"], "/saml2/logout")
        assert where(answer)[0] == "/login"

    def test_names_the_first_of_several_sessions(self, env):
        two = f's-1"/><saml:AuthnStatement xmlns:saml="{NS["saml"]}" SessionIndex="s-2'
        browser, _ = sign_in(env, session_index=two)
        root, _ = request_in(self.left(env, browser))
        found = [of.text for of in root.findall("samlp:SessionIndex", NS)]
        assert found == ["s-1"]

    def test_without_a_session_needs_no_provider(self, env):
        assert self.left(env, env.browser()) == self.BYE

    def test_of_a_provider_that_does_not_want_to_hear_of_it(self, made):
        env = made(document=idp_metadata(slo=True))
        browser, _ = sign_in(env)
        assert self.left(env, browser) == self.BYE

    @pytest.mark.parametrize("wrong", [{"key": OTHER}, {"issuer": "https://evil.example"}])
    def test_a_wrong_answer_is_shown(self, env, wrong):
        browser, _ = sign_in(env)
        root, given = request_in(self.left(env, browser))
        answer = post(browser, self.answer(root.get("ID"), **wrong), given["RelayState"], "/saml2/logout")
        assert where(answer) == ("/error", {"error": INVALID})

    @pytest.mark.parametrize("message", ["", "%", "PGEvPg=="])
    def test_no_answer(self, env, message):
        browser, _ = sign_in(env)
        _, given = request_in(self.left(env, browser))
        answer = post(browser, message, given["RelayState"], "/saml2/logout")
        assert where(answer)[0] == "/error"

    def test_an_unknown_state(self, env):
        assert where(post(env.browser(), "x", "y", "/saml2/logout"))[0] == "/error"


class TestLinked:
    def link(self, env, attribute, value):
        env.add_user("bob")
        env.idp.admin_link_provider_for_user(
            UserPoolId=env.pool_id,
            DestinationUser={"ProviderName": "Cognito", "ProviderAttributeValue": "bob"},
            SourceUser={
                "ProviderName": "Corp",
                "ProviderAttributeName": attribute,
                "ProviderAttributeValue": value,
            },
        )

    def test_by_name_id(self, env):
        self.link(env, "Cognito_Subject", "ada")
        assert "code" in sign_in(env)[1][1]
        assert env.attributes("bob")["email"] == "ada@corp.example"
        with refused("UserNotFoundException"):
            env.user("Corp_ada")

    def test_by_name_id_in_other_letters(self, env):
        self.link(env, "Cognito_Subject", "Ada")
        _, (_, given) = sign_in(env)
        assert given["error_description"] == "Invalid ProviderName/Username combination. "

    def test_by_attribute(self, env):
        self.link(env, "email", "ada@corp.example")
        sign_in(env)
        assert json.loads(env.attributes("bob")["identities"])[0]["userId"] == "ada"


def without_signature(document):
    root = etree.fromstring(document)
    signature = root.find(".//ds:Signature", NS)
    signature.getparent().remove(signature)
    return etree.tostring(root)


def _evil(element):
    """A copy without signature that names somebody else."""
    copy = etree.fromstring(without_signature(etree.tostring(element)).replace(b">ada<", b">eve<"))
    copy.set("ID", "_evil")
    return copy


def _wrap_response(document, *, behind):
    """The signed response becomes a part of a forged one."""
    original = etree.fromstring(document)
    forged = _evil(original)
    signature = original.find("ds:Signature", NS)
    original.remove(signature)
    if behind:
        forged.append(original)
    else:
        signature.append(original)
    forged.insert(0, signature)
    return etree.tostring(forged)


def _wrap_assertion(document, place):
    """A forged assertion beside or around the signed one."""
    root = etree.fromstring(document)
    original = root.find("saml:Assertion", NS)
    forged = _evil(original)
    place(root, original, forged)
    return etree.tostring(root)


def _in_extensions(root, original, forged):
    root.remove(original)
    extensions = etree.SubElement(root, f"{{{NS['samlp']}}}Extensions")
    extensions.append(original)
    root.append(forged)


def _within(root, original, forged):
    root.replace(original, forged)
    forged.append(original)


def _in_object(root, original, forged):
    root.remove(original)
    signature = original.find("ds:Signature", NS)
    original.remove(signature)
    holder = etree.SubElement(signature, f"{{{NS['ds']}}}Object")
    holder.append(original)
    forged.insert(1, signature)
    root.append(forged)


def _same_id(root, original, forged):
    forged.set("ID", original.get("ID"))
    root.insert(0, forged)


ATTACKS = {
    "xsw1": lambda document: _wrap_response(document, behind=False),
    "xsw2": lambda document: _wrap_response(document, behind=True),
    "xsw3": lambda document: _wrap_assertion(document, lambda root, _, forged: root.insert(0, forged)),
    "xsw4": lambda document: _wrap_assertion(document, _within),
    "xsw5": lambda document: _wrap_assertion(document, lambda root, _, forged: root.append(forged)),
    "xsw6": lambda document: _wrap_assertion(document, _in_object),
    "xsw7": lambda document: _wrap_assertion(document, _in_extensions),
    "xsw8": lambda document: _wrap_assertion(document, _same_id),
}


def test_the_request_is_deflated_as_the_binding_says(env):
    url = env.browser().go(env.url(identity_provider="Corp")).headers["location"]
    _, given = request_in(url)
    assert zlib.decompress(base64.b64decode(given["SAMLRequest"]), -15).startswith(b"<saml2p:AuthnRequest")
