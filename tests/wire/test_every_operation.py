"""Validation errors of each operation of user pools and identity pools, generated from the model."""

from __future__ import annotations

import pytest

from cogmock.identitypools.backend import IdentityPoolsBackend
from cogmock.userpools.backend import UserPoolsBackend

BACKENDS = {backend.service: backend for backend in (UserPoolsBackend, IdentityPoolsBackend)}
OPERATIONS = [(service, name) for service, backend in BACKENDS.items() for name in backend.model().operations]
REFUSALS = {"cognito-idp": "InvalidParameterException", "cognito-identity": "ValidationException"}


def shape_of(service, operation):
    model = BACKENDS[service].model().operations[operation]
    return model.shapes[model.input] if model.input else {"members": {}}, model.shapes


def members_of(service, operation, *kinds):
    shape, shapes = shape_of(service, operation)
    return [name for name, of in shape["members"].items() if shapes[of["shape"]]["type"] in kinds]


def with_member(kinds):
    return [(service, name) for service, name in OPERATIONS if members_of(service, name, *kinds)]


def camel(name):
    return name[0].lower() + name[1:]


def valid(name, shapes):
    """A value that a shape takes, as far as the model tells."""
    shape = shapes[name]
    match shape["type"]:
        case "structure":
            return {key: valid(shape["members"][key]["shape"], shapes) for key in shape.get("required", ())}
        case "list":
            return [valid(shape["member"]["shape"], shapes)] * shape.get("min", 0)
        case "map":
            return {valid(shape["key"]["shape"], shapes): "https://example.com"} if shape.get("min") else {}
        case "boolean":
            return True
        case "string":
            return (
                shape["enum"][0] if "enum" in shape else EXAMPLES.get(name, "a" * max(shape.get("min", 1), 1))
            )
        case _:
            return shape.get("min", 1)


EXAMPLES = {
    "UserPoolIdType": "us-east-1_Abcdefghi",
    "IdentityPoolId": "us-east-1:00000000-0000-4000-8000-000000000000",
    "IdentityId": "us-east-1:00000000-0000-4000-8000-000000000000",
    "ARNString": "arn:aws:cognito-identity:us-east-1:123456789012:identitypool/x",
    "ArnType": "arn:aws:cognito-idp:us-east-1:123456789012:userpool/us-east-1_Abcdefghi",
    "PasswordType": "Passw0rd!",
    "ManagedLoginBrandingIdType": "00000000-0000-4000-8000-000000000000",
    "TermsIdType": "00000000-0000-4000-8000-000000000000",
    "UserImportJobIdType": "import-0123456789",
    "RegionCodeType": "us-east-1",
    "ReplicaRegionType": "us-west-2",
    "SessionIdType": "tkn0123456789012345678901234",
    "EmailMfaMessageType": "{####} is it",
    "S3BucketType": "bucket",
    "DeviceKeyType": "us-east-1_00000000-0000-4000-8000-000000000000",
    "ProviderNameTypeV2": "Example",
    "TermsNameType": "terms-of-use",
    "LanguageIdType": "cognito:default",
    "SoftwareTokenMFAUserCodeType": "123456",
    "MetadataURLType": "https://agent.example.com/client.json",
    "RestoreIdType": "00000000-0000-4000-8000-000000000000",
    "URLPatternType": "https://agent.example.com/*",
}


def request_for(service, operation):
    shape, shapes = shape_of(service, operation)
    return {key: valid(shape["members"][key]["shape"], shapes) for key in shape.get("required", ())}


@pytest.mark.parametrize(("service", "operation"), OPERATIONS)
class TestEveryOperation:
    def test_it_has_a_subject(self, service, operation):
        assert operation in BACKENDS[service]._subject_of

    def test_without_a_signature_it_says_so_or_goes_on(self, api, service, operation):
        status, headers, body = api.ask(service, operation, request_for(service, operation), signed=False)
        unsigned = BACKENDS[service].model().operations[operation].unsigned
        if unsigned or operation in BACKENDS[service].unsigned_too:
            assert body is None or body.get("__type") != "MissingAuthenticationTokenException"
        else:
            assert body == {
                "__type": "MissingAuthenticationTokenException",
                "message": "Missing Authentication Token",
            }
            assert status == 400
            assert headers["x-amzn-errortype"] == "MissingAuthenticationTokenException:"

    def test_each_required_member_is_missed_by_its_path(self, api, service, operation):
        shape, _ = shape_of(service, operation)
        required = shape.get("required", [])
        if not required:
            assert api.ask(service, operation, {})[0] in {200, 400, 501}
            return
        status, headers, body = api.ask(service, operation, {})
        assert status == 400
        assert body["__type"] == REFUSALS[service]
        plural = "s" if len(required) > 1 else ""
        assert body["message"].startswith(f"{len(required)} validation error{plural} detected: ")
        for name in required:
            assert (
                f"Value null at '{camel(name)}' failed to satisfy constraint: Member must not be null"
                in body["message"]
            )
        assert headers["x-amzn-errormessage"] == body["message"]

    def test_broken_json_is_a_serialization_exception(self, api, service, operation):
        status, _, body = api.ask(service, operation, raw=b'{"a": ')
        assert status == 400
        assert body["__type"] == "SerializationException"

    def test_a_list_for_a_body_is_a_serialization_exception(self, api, service, operation):
        status, _, body = api.ask(service, operation, raw=b"[1, 2]")
        assert (status, body["__type"]) == (400, "SerializationException")

    def test_a_well_formed_request_is_never_a_fault_of_ours(self, api, service, operation):
        status, headers, body = api.ask(service, operation, request_for(service, operation))
        assert status in {200, 400, 501}, body
        assert len(headers["x-amzn-requestid"]) == 36

    def test_it_answers_or_says_plainly_that_it_is_not_built(self, api, service, operation):
        status, _, body = api.ask(service, operation, request_for(service, operation))
        if BACKENDS[service].function(operation) is None:
            assert status == 501, body
            assert "docs/operations.md" in body["message"]
        else:
            assert status != 501


@pytest.mark.parametrize(("service", "operation"), with_member({"string"}))
def test_a_structure_in_place_of_a_text_is_a_serialization_exception(api, service, operation):
    name = members_of(service, operation, "string")[0]
    status, _, body = api.ask(service, operation, request_for(service, operation) | {name: {"a": 1}})
    assert (status, body["__type"]) == (400, "SerializationException")
    assert body["message"] == "Start of structure or map found where not expected."


@pytest.mark.parametrize(("service", "operation"), with_member({"string"}))
def test_a_number_in_place_of_a_text_is_a_serialization_exception(api, service, operation):
    name = members_of(service, operation, "string")[0]
    _, _, body = api.ask(service, operation, request_for(service, operation) | {name: 5})
    assert body == {
        "__type": "SerializationException",
        "message": "NUMBER_VALUE can not be converted to a String",
    }


@pytest.mark.parametrize(("service", "operation"), with_member({"string"}))
def test_a_text_that_is_too_long_is_refused_by_its_length(api, service, operation):
    shape, shapes = shape_of(service, operation)
    for name in members_of(service, operation, "string"):
        of = shapes[shape["members"][name]["shape"]]
        if "max" not in of or "enum" in of:
            continue
        value = "a" * (of["max"] + 1)
        _, _, body = api.ask(service, operation, request_for(service, operation) | {name: value})
        assert body["__type"] == REFUSALS[service]
        assert f"Member must have length less than or equal to {of['max']}" in body["message"]
        assert (value in body["message"]) != bool(of.get("sensitive"))


@pytest.mark.parametrize(("service", "operation"), with_member({"boolean"}))
def test_a_number_in_place_of_a_boolean_is_a_serialization_exception(api, service, operation):
    name = members_of(service, operation, "boolean")[0]
    _, _, body = api.ask(service, operation, request_for(service, operation) | {name: 1})
    assert body["__type"] == "SerializationException"


@pytest.mark.parametrize(("service", "operation"), with_member({"string"}))
def test_values_outside_an_enum_are_refused_with_the_set(api, service, operation):
    shape, shapes = shape_of(service, operation)
    for name in members_of(service, operation, "string"):
        of = shapes[shape["members"][name]["shape"]]
        if "enum" in of:
            _, _, body = api.ask(service, operation, request_for(service, operation) | {name: "NOPE"})
            assert (
                f"Value 'NOPE' at '{camel(name)}' failed to satisfy constraint: Member must satisfy enum value set: ["
                in body["message"]
            )


@pytest.mark.parametrize(("service", "operation"), OPERATIONS)
def test_nulls_and_unknown_members_count_for_nothing(api, service, operation):
    shape, _ = shape_of(service, operation)
    request = request_for(service, operation)
    refused = shape.get("nulls", ())  # of AWS's newer operations: tests/wire/test_json11.py
    nulls = {name: None for name in shape["members"] if name not in request and name not in refused}
    status, _, body = api.ask(service, operation, request | nulls | {"NoSuchMember": {"x": 1}})
    plain_status, _, plain = api.ask(service, operation, request)
    assert status == plain_status
    assert (body or {}).get("__type") == (plain or {}).get("__type")


def requiring(service, *names):
    return [
        name for of, name in OPERATIONS if of == service and set(names) <= set(request_for(service, name))
    ]


@pytest.mark.parametrize("operation", requiring("cognito-idp", "UserPoolId"))
def test_a_pool_that_is_not_there_is_told_by_its_id(api, operation):
    request = request_for("cognito-idp", operation) | {"UserPoolId": EXAMPLES["UserPoolIdType"]}
    status, _, body = api.ask("cognito-idp", operation, request)
    text = f"User pool {EXAMPLES['UserPoolIdType']} does not exist."
    assert (status, body) == (400, {"__type": "ResourceNotFoundException", "message": text})


OTHERWISE_WITHOUT_CLIENT = {"RevokeToken"}  # UnauthorizedException: tests/userpools/authentication


@pytest.mark.parametrize(
    "operation",
    sorted(
        set(requiring("cognito-idp", "ClientId"))
        - set(requiring("cognito-idp", "UserPoolId"))
        - OTHERWISE_WITHOUT_CLIENT
    ),
)
def test_a_client_that_is_not_there_is_told_by_its_id(api, operation):
    request = request_for("cognito-idp", operation) | {"ClientId": "nobody"}
    status, _, body = api.ask("cognito-idp", operation, request)
    text = "User pool client nobody does not exist."
    assert (status, body) == (400, {"__type": "ResourceNotFoundException", "message": text})


OTHERWISE_WITHOUT_USER = {
    "AdminCreateUser",  # it makes the user
    "AdminGetDevice",  # these two declare no UserNotFoundException
    "AdminListDevices",
    "AdminUpdateAuthEventFeedback",  # "Incorrect username or password.": tests/userpools/test_threat_protection.py
    "UpdateAuthEventFeedback",
}


@pytest.mark.parametrize(
    "operation",
    sorted(set(requiring("cognito-idp", "UserPoolId", "Username")) - OTHERWISE_WITHOUT_USER),
)
def test_a_user_who_is_not_there_is_told_so(api, operation):
    settings = {
        "PoolName": "shop",
        "UserPoolTier": "PLUS",
        "UserPoolAddOns": {"AdvancedSecurityMode": "AUDIT"},
    }
    pool = api.ask("cognito-idp", "CreateUserPool", settings)[2]["UserPool"]["Id"]
    tracking = {"UserSessionTracking": "ENABLED", "TokenSession": {"MaxPerUser": 1}}
    api.ask("cognito-idp", "SetUserPoolSessionConfiguration", {"UserPoolId": pool, **tracking})
    request = request_for("cognito-idp", operation) | {"UserPoolId": pool, "Username": "nobody"}
    status, _, body = api.ask("cognito-idp", operation, request)
    assert (status, body) == (
        400,
        {"__type": "UserNotFoundException", "message": "User does not exist."},
    )


@pytest.mark.parametrize("operation", requiring("cognito-identity", "IdentityPoolId"))
def test_an_identity_pool_that_is_not_there_is_told_by_its_id(api, operation):
    status, _, body = api.ask("cognito-identity", operation, request_for("cognito-identity", operation))
    text = f"IdentityPool '{EXAMPLES['IdentityPoolId']}' not found."
    assert (status, body) == (400, {"__type": "ResourceNotFoundException", "message": text})
