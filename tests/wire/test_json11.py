"""The wire of the JSON protocol: texts and paths of refusals, answers, headers."""

from __future__ import annotations

import sys

import pytest

from cogmock.userpools.backend import UserPoolsBackend
from cogmock.wire import constraints, json11

POOL = "us-east-1_Abcdefghi"


def problems(body):
    head, _, rest = body["message"].partition(" detected: ")
    return head, sorted(rest.split("; "))


class TestRefusals:
    def test_several_are_counted_and_joined(self, api):
        _, _, body = api.ask("cognito-idp", "SignUp", {"ClientId": "!", "Username": "a b", "Password": " x"})
        assert body["__type"] == "InvalidParameterException"
        assert problems(body) == (
            "3 validation errors",
            sorted(
                [
                    "Value '!' at 'clientId' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\w+]+",
                    "Value at 'username' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\p{L}\\p{M}\\p{S}\\p{N}\\p{P}]+",
                    "Value at 'password' failed to satisfy constraint: Member must satisfy regular expression pattern: ^[\\S]+.*[\\S]+$",
                ]
            ),
        )

    def test_identity_pools_count_and_join_them_too(self, api):
        request = {
            "IdentityPoolName": "a/b",
            "AllowUnauthenticatedIdentities": True,
            "DeveloperProviderName": "a b",
        }
        _, _, body = api.ask("cognito-identity", "CreateIdentityPool", request)
        assert body["__type"] == "ValidationException"
        pattern = "failed to satisfy constraint: Member must satisfy regular expression pattern:"
        assert problems(body) == (
            "2 validation errors",
            [
                f"Value 'a b' at 'developerProviderName' {pattern} [\\w._-]+",
                f"Value 'a/b' at 'identityPoolName' {pattern} [\\w\\s+=,.@-]+",
            ],
        )

    def test_sensitive_values_are_not_shown_but_client_ids_are(self, api):
        _, _, body = api.ask("cognito-idp", "GetUser", {"AccessToken": "Bearer xyz"})
        assert (
            body["message"]
            == "1 validation error detected: Value at 'accessToken' failed to satisfy constraint: Member must satisfy regular expression pattern: [A-Za-z0-9-_=.]+"
        )

    def test_nested_members_are_named_by_their_path(self, api):
        request = {"PoolName": "p", "Policies": {"PasswordPolicy": {"MinimumLength": 3}}}
        _, _, body = api.ask("cognito-idp", "CreateUserPool", request)
        assert (
            body["message"]
            == "1 validation error detected: Value '3' at 'policies.passwordPolicy.minimumLength' failed to satisfy constraint: Member must have value greater than or equal to 6"
        )

    @pytest.mark.parametrize(
        ("operation", "request_", "path"),
        [
            ("ListUsers", {"Limit": -1}, "limit"),
            ("CreateGroup", {"GroupName": "g", "Precedence": -1}, "precedence"),
            ("CreateUserPoolClient", {"ClientName": "c", "RefreshTokenValidity": -1}, "refreshTokenValidity"),
        ],
    )
    def test_a_least_value_of_0_is_one_too(self, api, operation, request_, path):
        """Clients other than boto3 send what is below it."""
        _, _, body = api.ask("cognito-idp", operation, {"UserPoolId": POOL, **request_})
        assert body == {
            "__type": "InvalidParameterException",
            "message": f"1 validation error detected: Value '-1' at '{path}' failed to satisfy constraint: "
            "Member must have value greater than or equal to 0",
        }

    def test_structures_in_lists_are_counted_from_one(self, api):
        request = {"PoolName": "p", "Schema": [{"Name": "ok"}, {"Name": "x" * 21}]}
        _, _, body = api.ask("cognito-idp", "CreateUserPool", request)
        assert (
            body["message"]
            == f"1 validation error detected: Value '{'x' * 21}' at 'schema.2.member.name' failed to satisfy constraint: Member must have length less than or equal to 20"
        )

    def test_plain_members_of_a_list_are_told_at_the_list(self, api):
        request = {"UserPoolId": POOL, "ClientName": "c", "AllowedOAuthFlows": ["code", "magic"]}
        _, _, body = api.ask("cognito-idp", "CreateUserPoolClient", request)
        assert (
            body["message"]
            == "1 validation error detected: Value '[code, magic]' at 'allowedOAuthFlows' failed to satisfy constraint: Member must satisfy constraint: [Member must satisfy enum value set: [code, implicit, client_credentials]]"
        )

    def test_plain_values_of_a_map_are_told_at_the_map(self, api):
        request = {
            "IdentityPoolName": "p",
            "AllowUnauthenticatedIdentities": True,
            "SupportedLoginProviders": {"accounts.google.com": "id with blank"},
        }
        _, _, body = api.ask("cognito-identity", "CreateIdentityPool", request)
        assert body["__type"] == "ValidationException"
        assert (
            body["message"]
            == "1 validation error detected: Value '{accounts.google.com=id with blank}' at 'supportedLoginProviders' failed to satisfy constraint: Map value must satisfy constraint: [Member must have length less than or equal to 128, Member must have length greater than or equal to 1, Member must satisfy regular expression pattern: [\\w.;_/-]+]"
        )

    def test_enums_are_shown_in_the_order_of_aws(self, api):
        _, _, body = api.ask("cognito-idp", "CreateUserPool", {"PoolName": "p", "MfaConfiguration": "MAYBE"})
        assert body["message"].endswith("Member must satisfy enum value set: [OPTIONAL, OFF, ON]")

    def test_an_ill_formed_member_wins_over_an_unknown_pool(self, api):
        _, _, body = api.ask("cognito-idp", "CreateGroup", {"UserPoolId": POOL, "GroupName": "a b"})
        assert body["__type"] == "InvalidParameterException"
        _, _, body = api.ask("cognito-idp", "CreateGroup", {"UserPoolId": POOL, "GroupName": "ab"})
        assert body == {
            "__type": "ResourceNotFoundException",
            "message": f"User pool {POOL} does not exist.",
        }

    def test_letters_of_all_scripts_are_taken_where_the_model_takes_them(self, api):
        status, _, body = api.ask(
            "cognito-idp", "CreateGroup", {"UserPoolId": POOL, "GroupName": "Füße-日本"}
        )
        assert body["__type"] == "ResourceNotFoundException"
        assert status == 400


class TestSerialization:
    @pytest.mark.parametrize(
        "raw",
        [
            b"{",
            b"nul",
            b'"text"',
            b"\xff\xfe",
            b"[" * 100_000,
            b'{"MaxResults": NaN}',
            b'{"MaxResults": ' + b"9" * 10_000 + b"}",
            b'{"MaxResults": 1e999}',
            b'{"MaxResults": 1.5}',
            b'{"MaxResults": "10"}',
            b'{"MaxResults": true}',
            b'{"MaxResults": [1]}',
        ],
    )
    def test_whatever_is_not_the_right_json_is_refused_before_anything_else(self, api, raw):
        status, headers, body = api.ask("cognito-idp", "ListUserPools", raw=raw)
        assert (status, body["__type"]) == (400, "SerializationException")
        assert headers["x-amzn-errortype"] == "SerializationException:"

    @pytest.mark.parametrize("number", [2**31, -(2**31) - 1, 1e300, 1.5])
    def test_a_number_that_no_integer_holds(self, api, number):
        request = {"UserPoolId": POOL, "GroupName": "g", "Precedence": number}
        status, _, body = api.ask("cognito-idp", "CreateGroup", request)
        assert (status, body["__type"]) == (400, "SerializationException")

    @pytest.mark.parametrize(
        ("value", "text"),
        [
            ('"10"', "STRING_VALUE can not be converted to an Integer"),
            ("true", "TRUE_VALUE can not be converted to an Integer"),
            ("{}", "Start of structure or map found where not expected."),
            ("[]", "Start of list found where not expected."),
        ],
    )
    def test_what_is_no_integer_is_named(self, api, value, text):
        _, _, body = api.ask("cognito-idp", "ListUserPools", raw=f'{{"MaxResults": {value}}}'.encode())
        assert body == {"__type": "SerializationException", "message": text}

    @pytest.mark.parametrize(
        ("member", "value", "text"),
        [
            ("UserAttributes", {}, "Start of structure or map found where not expected."),
            ("UserAttributes", "x", "STRING_VALUE can not be converted to a List"),
            ("UserAttributes", [[]], "Start of list found where not expected."),
            ("ClientMetadata", [], "Start of list found where not expected."),
            ("ClientMetadata", 1, "NUMBER_VALUE can not be converted to a Map"),
            ("UserContextData", "x", "STRING_VALUE can not be converted to a Structure"),
        ],
    )
    def test_what_is_no_list_map_or_structure_is_named(self, api, member, value, text):
        request = {"ClientId": "c", "Username": "ada", "Password": "p", member: value}
        _, _, body = api.ask("cognito-idp", "SignUp", request)
        assert body == {"__type": "SerializationException", "message": text}

    @pytest.mark.parametrize("image", ["%%%", "abc", 1, [], {}])
    def test_what_is_no_base64_is_refused(self, api, image):
        status, _, body = api.ask(
            "cognito-idp", "SetUICustomization", {"UserPoolId": POOL, "ImageFile": image}
        )
        assert (status, body["__type"]) == (400, "SerializationException")

    def test_types_come_before_constraints(self, api):
        _, _, body = api.ask("cognito-idp", "CreateGroup", {"UserPoolId": "bad id", "GroupName": 7})
        assert body["__type"] == "SerializationException"

    def test_text_is_taken_for_a_boolean(self, api):
        request = {"UserPoolId": POOL, "ClientName": "c", "GenerateSecret": "true"}
        assert (
            api.ask("cognito-idp", "CreateUserPoolClient", request)[2]["__type"]
            == "ResourceNotFoundException"
        )

    def test_an_empty_body_is_an_empty_structure(self, api):
        _, _, body = api.ask("cognito-idp", "ListUserPools", raw=b"")
        assert "Value null at 'maxResults'" in body["message"]

    def test_nulls_in_a_list_are_dropped(self, api):
        request = {"UserPoolId": POOL, "ClientName": "c", "CallbackURLs": [None, "https://a.example"]}
        assert (
            api.ask("cognito-idp", "CreateUserPoolClient", request)[2]["__type"]
            == "ResourceNotFoundException"
        )

    @pytest.mark.parametrize("value", ["null", "1", "{}", "[]"])
    @pytest.mark.parametrize(
        ("operation", "member"),
        [
            ("CreateManagedLoginBranding", "UseCognitoProvidedValues"),
            ("UpdateManagedLoginBranding", "UseCognitoProvidedValues"),
            ("DescribeManagedLoginBranding", "ReturnMergedResources"),
            ("DescribeManagedLoginBrandingByClient", "ReturnMergedResources"),
        ],
    )
    def test_a_boolean_of_a_newer_operation_is_not_null(self, api, operation, member, value):
        raw = f'{{"UserPoolId": "{POOL}", "{member}": {value}}}'.encode()
        status, _, body = api.ask("cognito-idp", operation, raw=raw)
        assert (status, body["__type"]) == (400, "SerializationException")

    def test_text_is_taken_for_a_boolean_by_newer_operations_too(self, api):
        request = {"UserPoolId": POOL, "ClientId": "c", "UseCognitoProvidedValues": "yes"}
        _, _, body = api.ask("cognito-idp", "CreateManagedLoginBranding", request)
        assert body["__type"] == "ResourceNotFoundException"

    def test_a_null_among_assets_is_refused(self, api):
        request = {"UserPoolId": POOL, "ClientId": "c", "Assets": [None]}
        _, _, body = api.ask("cognito-idp", "CreateManagedLoginBranding", request)
        assert body == {
            "__type": "InvalidParameterException",
            "message": "1 validation error detected: Value '[null]' at 'assets' failed to satisfy constraint: "
            "Member must satisfy constraint: [Member must not be null]",
        }

    def test_a_null_among_log_configurations_is_dropped(self, api):
        request = {"UserPoolId": POOL, "LogConfigurations": [None]}
        _, _, body = api.ask("cognito-idp", "SetLogDeliveryConfiguration", request)
        assert body["__type"] == "ResourceNotFoundException"


class TestAnswers:
    def test_unset_members_are_left_out_and_times_are_numbers(self, api):
        _, headers, body = api.ask("cognito-idp", "CreateUserPool", {"PoolName": "p"})
        assert headers["content-type"] == "application/x-amz-json-1.1"
        pool = body["UserPool"]
        assert "AliasAttributes" not in pool
        assert isinstance(pool["CreationDate"], float)

    def test_an_operation_without_output_answers_an_empty_body(self, api):
        pool = api.ask("cognito-idp", "CreateUserPool", {"PoolName": "p"})[2]["UserPool"]
        status, headers, body = api.ask("cognito-idp", "DeleteUserPool", {"UserPoolId": pool["Id"]})
        assert (status, body, headers["content-length"]) == (200, None, "0")

    def test_an_operation_with_an_empty_output_answers_an_empty_object(self, api):
        pool = api.ask("cognito-idp", "CreateUserPool", {"PoolName": "p"})[2]["UserPool"]
        assert api.ask("cognito-idp", "UpdateUserPool", {"UserPoolId": pool["Id"]})[2] == {}

    def test_these_operations_and_no_others_have_no_output(self):
        assert {name for name, of in UserPoolsBackend.model().operations.items() if of.output is None} == {
            *("AdminAddUserToGroup", "AdminDeleteUser", "AdminForgetDevice", "AdminRemoveUserFromGroup"),
            *("DeleteGroup", "DeleteIdentityProvider", "DeleteManagedLoginBranding", "DeleteResourceServer"),
            *("DeleteTerms", "DeleteUser", "DeleteUserPool", "DeleteUserPoolClient", "ForgetDevice"),
        }

    def test_times_have_three_decimals(self, api, monkeypatch):
        monkeypatch.setattr("cogmock.core.clock.Clock.real", lambda _: 1_800_000_000.4567891)
        pool = api.ask("cognito-idp", "CreateUserPool", {"PoolName": "p"})[2]["UserPool"]
        assert pool["CreationDate"] == pool["LastModifiedDate"] == 1800000000.457

    @pytest.mark.parametrize(
        ("operation", "code"),
        [
            ("AddUserPoolClientSecret", "InternalServerException"),
            ("ListUserPoolClientSecrets", "InternalServerException"),
            ("DeleteUserPoolClientSecret", "InternalServerException"),
            ("DescribeUserPoolClient", "InternalErrorException"),
        ],
    )
    def test_a_fault_of_ours_has_the_name_that_the_operation_declares(
        self, api, monkeypatch, operation, code
    ):
        monkeypatch.setattr("cogmock.web.place.of_signed", lambda *_: 1 / 0)
        request = {"UserPoolId": POOL, "ClientId": "c", "ClientSecretId": "c--1"}
        status, headers, body = api.ask("cognito-idp", operation, request)
        assert (status, body["__type"]) == (500, code)
        assert headers["x-amzn-errortype"] == f"{code}:"

    def test_every_answer_bears_a_request_id_and_lets_browsers_read_it(self, api):
        for operation in ("ListUserPools", "NoSuchOperation"):
            _, headers, _ = api.ask("cognito-idp", operation, {"MaxResults": 1})
            assert len(headers["x-amzn-requestid"]) == 36
            assert headers["access-control-allow-origin"] == "*"
            assert "x-amzn-ErrorType" in headers["access-control-expose-headers"]

    def test_an_unknown_operation_or_service_says_so(self, api):
        for service in ("cognito-idp", "NoSuchService"):
            status, headers, body = api.ask(service, "NoSuchOperation")
            assert (status, body["__type"]) == (400, "UnknownOperationException")
            assert headers["x-amzn-errortype"] == "UnknownOperationException:"

    def test_a_fault_of_ours_is_answered_and_logged(self, api, monkeypatch, caplog):
        monkeypatch.setattr("cogmock.web.place.of_signed", lambda *_: 1 / 0)
        status, _, body = api.ask("cognito-idp", "ListUserPools", {"MaxResults": 1})
        assert (status, body["__type"]) == (500, "InternalErrorException")
        assert "ZeroDivisionError" in caplog.text

    def test_a_body_that_is_too_large_is_refused(self, api):
        status, _, body = api.ask("cognito-idp", "ListUserPools", CONTENT_LENGTH=str(10**9))
        assert (status, body["__type"]) == (413, "RequestEntityTooLargeException")


class TestRegionOfACall:
    def test_a_pool_does_not_exist_in_another_region(self, api):
        pool = api.ask("cognito-idp", "CreateUserPool", {"PoolName": "p"})[2]["UserPool"]
        elsewhere = api_signed("eu-west-1")
        _, _, body = api.ask(
            "cognito-idp", "DescribeUserPool", {"UserPoolId": pool["Id"]}, HTTP_AUTHORIZATION=elsewhere
        )
        assert body["__type"] == "ResourceNotFoundException"

    def test_an_access_key_of_twelve_digits_is_the_account(self, api):
        other = api_signed("us-east-1", "210987654321")
        pool = api.ask("cognito-idp", "CreateUserPool", {"PoolName": "p"}, HTTP_AUTHORIZATION=other)[2][
            "UserPool"
        ]
        assert pool["Arn"].startswith("arn:aws:cognito-idp:us-east-1:210987654321:userpool/")
        _, _, body = api.ask("cognito-idp", "DescribeUserPool", {"UserPoolId": pool["Id"]})
        assert body["__type"] == "ResourceNotFoundException"

    def test_the_region_of_the_signature_is_that_of_the_pool(self, api):
        pool = api.ask(
            "cognito-idp", "CreateUserPool", {"PoolName": "p"}, HTTP_AUTHORIZATION=api_signed("ap-south-1")
        )[2]["UserPool"]
        assert pool["Id"].startswith("ap-south-1_")


def api_signed(region, key="AKIDEXAMPLE"):
    return (
        f"AWS4-HMAC-SHA256 Credential={key}/20260101/{region}/cognito-idp/aws4_request, "
        "SignedHeaders=host, Signature=00"
    )


class TestUnpairedSurrogates:
    @pytest.mark.parametrize("half", ["\\ud800", "\\uDFFF", "\\ud83dx"])
    def test_each_is_a_question_mark(self, half):
        value = constraints.parsed(f'{{"Name": "a{half}"}}'.encode())
        assert value["Name"].startswith("a?")

    def test_whole_pairs_are_characters(self):
        assert constraints.parsed(b'{"Name": "\\ud83d\\ude00"}') == {"Name": "\U0001f600"}


class TestJsonWriters:
    @pytest.mark.parametrize(
        "value",
        [
            {"Users": [{"Username": "äda \U0001f511", "UserCreateDate": 1795717792.627, "Enabled": True}]},
            {"Text": '\x00\x1f\x7f\u2028"\\/<é', "Number": -(2**63), "Small": 1e-7, "Whole": 3.0},
            {"Image": b"\x00\xff", "Map": {}, "List": [], "Nothing": None},
        ],
        ids=range(3),
    )
    def test_the_quick_one_writes_what_the_standard_library_writes(self, value):
        assert json11.quickest_writer()(value).replace(b"1e-7", b"1e-07") == json11.write(value)

    def test_what_is_no_member_of_an_answer_is_refused_by_both(self):
        for writer in (json11.quickest_writer(), json11.write):
            with pytest.raises(TypeError):
                writer({"Odd": {1, 2}})

    def test_orjson_need_not_be_there(self, monkeypatch):
        assert json11.quickest_writer.__wrapped__() is not json11.write
        monkeypatch.setitem(sys.modules, "orjson", None)
        assert json11.quickest_writer.__wrapped__() is json11.write
