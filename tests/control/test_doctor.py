"""GET /_cogmock/doctor: mistakes, and commands that mend them."""

import json
import shlex
from datetime import UTC, datetime, timedelta

import pytest
from support.http import ask

from cogmock.core.call import Call
from cogmock.iam.backend import IamBackend
from cogmock.identitypools.backend import IdentityPoolsBackend
from cogmock.settings import Settings
from cogmock.state.api import ApiRoute, GuardedApi
from cogmock.web.app import Application

CALLBACK = "http://localhost:3000/callback"
PAGES = {
    "AllowedOAuthFlowsUserPoolClient": True,
    "AllowedOAuthFlows": ["code"],
    "AllowedOAuthScopes": ["openid"],
    "CallbackURLs": [CALLBACK],
    "LogoutURLs": [CALLBACK],
    "SupportedIdentityProviders": ["COGNITO"],
    "ExplicitAuthFlows": ["ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"],
}
HOST = "cognito-identity.amazonaws.com"


@pytest.fixture
def pool(aws):
    return aws("CreateUserPool", PoolName="shop", AutoVerifiedAttributes=["email"])["UserPool"]["Id"]


@pytest.fixture
def client(aws, pool):
    """Makes a client with pages; changes replace its settings, None leaves one out."""

    def made(**changes):
        settings = {name: value for name, value in (PAGES | changes).items() if value is not None}
        answer = aws("CreateUserPoolClient", UserPoolId=pool, ClientName="web", **settings)
        return answer["UserPoolClient"]["ClientId"]

    return made


@pytest.fixture
def codes(control):
    """The findings that are not ok, by their codes."""

    def found(pool_id=None):
        query = f"?user_pool_id={pool_id}" if pool_id else ""
        findings = control("GET", f"/doctor{query}").json["findings"]
        return {each["code"]: each for each in findings if each["level"] != "ok"}

    return found


@pytest.fixture
def mend(world):
    """Runs a mending command as the AWS CLI would send it."""

    def run(command):
        words = shlex.split(command)
        at = words.index("aws")
        service, operation = words[at + 1], words[at + 2]
        given = json.loads(words[words.index("--cli-input-json") + 1])
        backend = {"iam": IamBackend, "cognito-identity": IdentityPoolsBackend}.get(service)
        if backend is None:
            from cogmock.userpools.backend import UserPoolsBackend as backend  # noqa: N813
        name = next(each for each in backend.model().operations if each.lower() == operation.replace("-", ""))
        checked, problems = backend.model().operations[name].checked(given)
        assert not problems
        with Call(world, world.region(), world.entropy.uuid()) as call:
            return backend.answer(call, name, checked)

    return run


class TestSound:
    def test_a_sound_pool_has_no_findings(self, client, codes, control, pool):
        client()
        assert codes() == {}
        [told] = control("GET", f"/doctor?user_pool_id={pool}").json["findings"]
        assert (told["level"], told["subject"], told["user_pool_id"]) == ("ok", "shop", pool)

    def test_user_pools_may_be_left_out(self, control, pool, world):
        assert control("GET", "/doctor?user_pools=false").json["findings"] == []
        world.clock.advance(7200)
        [told] = control("GET", "/doctor?user_pools=false").json["findings"]
        assert told["code"] == "clock"
        assert control("GET", "/doctor?user_pools=no").status == 400

    def test_an_unknown_pool_and_parameter_are_refused(self, control):
        assert control("GET", "/doctor?user_pool_id=us-east-1_nowhere00").status == 400
        assert control("GET", "/doctor?pool=x").status == 400


class TestApis:
    @pytest.fixture
    def api(self, world, pool, client):
        """An API for tokens of two clients, one of whose routes is for those of the first alone."""
        clients = [client(), client()]
        api = GuardedApi("shop", "http", "us-east-1", "123456789012", "http://127.0.0.1:1", pool_id=pool)
        api.audience = clients
        api.routes = [ApiRoute("/admin", "GET", "jwt", audience=clients[:1])]
        world.region().apis.add(api)
        return api

    def test_with_their_pool_and_clients_are_sound(self, api, codes):
        assert codes() == {}

    def test_whose_pool_is_gone(self, aws, api, pool, control):
        aws("DeleteUserPool", UserPoolId=pool)
        [told] = control("GET", "/doctor").json["findings"]
        assert (told["level"], told["code"], told["subject"]) == ("fault", "issuer_missing", "shop")
        assert pool in told["text"]

    def test_whose_client_is_gone(self, aws, api, pool, control):
        aws("DeleteUserPoolClient", UserPoolId=pool, ClientId=api.audience[0])
        told = control("GET", "/doctor?user_pools=false").json["findings"]
        assert [(each["level"], each["code"], each["subject"]) for each in told] == [
            ("fault", "audience_missing", "shop, GET /admin"),
            ("note", "audience_missing", "shop"),
        ]
        assert all(api.audience[0] in each["text"] for each in told)


class TestClients:
    @pytest.mark.parametrize(
        ("changes", "code", "level"),
        [
            ({"SupportedIdentityProviders": None}, "cognito_missing", "fault"),
            ({"LogoutURLs": None}, "no_logout", "note"),
            ({"ExplicitAuthFlows": ["ALLOW_USER_SRP_AUTH"]}, "password_flow_off", "note"),
            (
                {
                    "ExplicitAuthFlows": ["ALLOW_REFRESH_TOKEN_AUTH"],
                    **dict.fromkeys(PAGES.keys() - {"ExplicitAuthFlows"}),
                },
                "flows_off",
                "fault",
            ),
            ({"AllowedOAuthFlowsUserPoolClient": False}, "oauth_off", "fault"),
        ],
    )
    def test_mistakes_are_found_and_mended(self, client, codes, mend, changes, code, level):
        client(**changes)
        found = codes()[code]
        assert (found["level"], found["subject"]) == (level, "shop, client web")
        mend(found["command"])
        assert code not in codes()

    def test_a_pool_without_a_client(self, pool, codes, mend):
        mend(codes(pool)["no_client"]["command"])
        assert "no_client" not in codes(pool)

    def test_a_version_2_domain_without_a_style(self, aws, pool, client, codes, mend):
        client()
        aws("CreateUserPoolDomain", UserPoolId=pool, Domain="shop", ManagedLoginVersion=2)
        mend(codes()["no_style"]["command"])
        assert codes() == {}

    def test_mending_one_setting_keeps_the_others(self, aws, client, codes, mend, pool):
        made = client(SupportedIdentityProviders=None, IdTokenValidity=5)
        mend(codes()["cognito_missing"]["command"])
        told = aws("DescribeUserPoolClient", UserPoolId=pool, ClientId=made)["UserPoolClient"]
        assert (told["IdTokenValidity"], told["CallbackURLs"]) == (5, [CALLBACK])


class TestRefusals:
    def test_a_refused_redirect_is_mended_by_its_command(self, world, client, codes, mend):
        asked = "http://localhost:5173/"
        url = f"/oauth2/authorize?client_id={client()}&response_type=code&redirect_uri={asked}"
        application = Application(world)
        assert ask(application, "GET", url).headers["location"].startswith("/error")
        found = codes()["redirect_mismatch"]
        assert asked in found["text"]
        assert CALLBACK in found["text"]
        mend(found["command"])
        assert ask(application, "GET", url).headers["location"].startswith("/login")
        assert codes() == {}

    def test_a_refused_flow(self, world, client, codes, mend):
        made = client(ExplicitAuthFlows=["ALLOW_USER_SRP_AUTH"])
        given = {
            "AuthFlow": "USER_PASSWORD_AUTH",
            "ClientId": made,
            "AuthParameters": {"USERNAME": "ada", "PASSWORD": "x"},
        }
        headers = {"X-Amz-Target": "AWSCognitoIdentityProviderService.InitiateAuth"}
        ask(Application(world), "POST", "/", given, headers=headers)
        mend(codes()["flow_refused"]["command"])
        assert codes() == {}


class TestPools:
    def test_no_sms_configuration(self, aws, codes, client, mend):
        client()
        assert "no_sms" not in codes()
        aws("CreateUserPool", PoolName="phones", UsernameAttributes=["phone_number"])
        found = codes()["no_sms"]
        mend(found["command"])
        assert "no_sms" not in codes()

    def test_a_trigger_that_points_nowhere(self, aws, pool, codes, client, world):
        client()
        arn = "arn:aws:lambda:us-east-1:123456789012:function:greet"
        aws(
            "UpdateUserPool",
            UserPoolId=pool,
            AutoVerifiedAttributes=["email"],
            LambdaConfig={"PreSignUp": arn},
        )
        found = codes()["no_function"]
        assert found["command"] == "cogmock serve --lambda greet=module:callable"
        assert "greet is nowhere" in found["text"]
        world.functions["greet"] = lambda event, _: event
        assert codes() == {}

    def test_a_certificate_that_expires(self, aws, pool, codes, client, world):
        client()
        now = datetime.fromtimestamp(world.clock.now(), UTC)
        aws(
            "CreateIdentityProvider",
            UserPoolId=pool,
            ProviderName="Corp",
            ProviderType="SAML",
            ProviderDetails={"MetadataFile": _metadata(now, now + timedelta(days=60))},
        )
        assert codes() == {}
        world.clock.advance(40 * 86400)
        assert codes()["certificate"]["level"] == "note"
        world.clock.advance(40 * 86400)
        found = codes()["certificate"]
        assert (found["level"], "Corp expired on" in found["text"]) == ("fault", True)


class TestServer:
    def test_an_issuer_that_the_caller_cannot_reach(self, control, world):
        world.settings = Settings(allow_host=("cogmock",), host="0.0.0.0")
        [found] = control("GET", "/doctor", host="cogmock:4577").json["findings"]
        assert (found["code"], found["level"]) == ("issuer", "fault")
        assert found["command"] == "cogmock serve --public-url http://cogmock:4577"
        assert control("GET", "/doctor").json["findings"] == []

    def test_the_issuer_of_aws(self, codes, world):
        world.settings = Settings(issuer="aws")
        assert codes()["issuer"]["level"] == "note"

    def test_a_moved_clock(self, codes, world):
        world.clock.advance(7200)
        assert codes()["clock"]["command"] == "cogmock clock reset"


class TestIdentityPools:
    @pytest.fixture
    def identity_pool(self, world):
        with Call(world, world.region(), world.entropy.uuid()) as call:
            return IdentityPoolsBackend.answer(
                call,
                "CreateIdentityPool",
                {"IdentityPoolName": "shop", "AllowUnauthenticatedIdentities": False},
            )["IdentityPoolId"]

    def test_roles_are_missing_made_and_trusted_step_by_step(self, identity_pool, codes, mend, world):
        found = codes()["no_role"]
        assert found["identity_pool_id"] == identity_pool
        mend(found["command"])
        mend(codes()["role_missing"]["command"])
        assert codes() == {}
        role = world.account().iam.roles["authenticated"]
        role.trust_policy = role.trust_policy.replace(identity_pool, "us-east-1:other")
        found = codes()["trust_refuses"]
        assert "us-east-1:other" in found["text"]
        mend(found["command"])
        assert codes() == {}


def _metadata(begins, ends):
    """SAML metadata with a certificate that is valid between two times."""
    import base64

    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "idp")])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(begins - timedelta(days=1))
        .not_valid_after(ends)
        .sign(key, hashes.SHA256())
    )
    text = base64.b64encode(made.public_bytes(serialization.Encoding.DER)).decode()
    return (
        '<EntityDescriptor xmlns="urn:oasis:names:tc:SAML:2.0:metadata" entityID="https://idp.example">'
        '<IDPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol">'
        '<KeyDescriptor use="signing"><KeyInfo xmlns="http://www.w3.org/2000/09/xmldsig#"><X509Data>'
        f"<X509Certificate>{text}</X509Certificate></X509Data></KeyInfo></KeyDescriptor>"
        '<SingleSignOnService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect" '
        'Location="https://idp.example/sso"/></IDPSSODescriptor></EntityDescriptor>'
    )
