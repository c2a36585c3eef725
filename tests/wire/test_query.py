"""The query protocol: forms in, XML out, over the bare application."""

from urllib.parse import urlencode

import pytest
import xmltodict
from support.http import ask

from cogmock.core.world import World
from cogmock.errors import MalformedInput
from cogmock.version import DOCS
from cogmock.web.app import Application
from cogmock.wire import model, query

KEY = "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20260101/us-east-1/sts/aws4_request, SignedHeaders=host, Signature=00"
FORM = "application/x-www-form-urlencoded; charset=utf-8"
STS, IAM = "2011-06-15", "2010-05-08"


@pytest.fixture
def application():
    return Application(World())


def call(application, action, version=STS, *, key=KEY, raw=None, **fields):
    body = urlencode({"Action": action, "Version": version, **fields}).encode() if raw is None else raw
    headers = {"Authorization": key} if key else {}
    return _answer(ask(application, "POST", "/", body, headers=headers, content_type=FORM))


def _answer(answer):
    assert answer.headers["content-type"].startswith("text/xml")
    return answer.status, xmltodict.parse(answer.body), answer.headers


class TestAnswers:
    def test_an_answer_has_its_result_and_the_request_id(self, application):
        status, body, headers = call(application, "GetCallerIdentity")
        assert status == 200
        answer = body["GetCallerIdentityResponse"]
        assert answer["@xmlns"] == "https://sts.amazonaws.com/doc/2011-06-15/"
        assert answer["GetCallerIdentityResult"]["Account"] == "123456789012"
        assert answer["ResponseMetadata"]["RequestId"] == headers["x-amzn-requestid"]

    def test_iam_has_a_namespace_of_its_own(self, application):
        _, body, _ = call(application, "GetRole", IAM, RoleName="nobody")
        assert body["ErrorResponse"]["@xmlns"] == "https://iam.amazonaws.com/doc/2010-05-08/"

    def test_a_get_asks_as_well(self, application):
        url = f"/?Action=GetCallerIdentity&Version={STS}"
        answer = ask(application, "GET", url, headers={"Authorization": KEY})
        assert _answer(answer)[1]["GetCallerIdentityResponse"]

    def test_an_answer_without_content_is_still_one(self, application):
        trust = (
            '{"Statement":{"Effect":"Allow","Principal":{"AWS":"123456789012"},"Action":"sts:AssumeRole"}}'
        )
        call(application, "CreateRole", IAM, RoleName="r", AssumeRolePolicyDocument=trust)
        _, body, _ = call(application, "DeleteRole", IAM, RoleName="r")
        assert set(body["DeleteRoleResponse"]) == {"@xmlns", "ResponseMetadata"}

    def test_browsers_may_read_it(self, application):
        assert call(application, "GetCallerIdentity")[2]["access-control-allow-origin"] == "*"


class TestErrors:
    def refusal(self, *asked, **more):
        status, body, _ = call(*asked, **more)
        error = body["ErrorResponse"]["Error"]
        assert body["ErrorResponse"]["RequestId"]
        return status, error["Type"], error["Code"], error["Message"]

    def test_an_error_has_type_code_and_message(self, application):
        told = self.refusal(application, "GetRole", IAM, RoleName="nobody")
        assert told == (404, "Sender", "NoSuchEntity", "The role with name nobody cannot be found.")

    @pytest.mark.parametrize(
        ("action", "version"), [("Nothing", STS), ("GetRole", STS), ("GetRole", ""), ("", "")]
    )
    def test_an_operation_that_is_not_there(self, application, action, version):
        status, _, code, message = self.refusal(application, action, version)
        assert (status, code) == (400, "InvalidAction")
        assert message.startswith(f"Could not find operation {action} for version ")

    def test_an_operation_of_aws_that_is_not_offered_is_named(self, application):
        told = self.refusal(application, "CreateInstanceProfile", IAM, InstanceProfileName="web")
        assert told == (
            501,
            "Receiver",
            "NotImplementedException",
            "cogmock does not offer CreateInstanceProfile yet. "
            f"{DOCS}/operations.md lists the operations that are there.",
        )
        assert [*application.world.journal][-1].operation == "CreateInstanceProfile"

    def test_without_a_signature(self, application):
        told = self.refusal(application, "GetCallerIdentity", key=None)
        assert told[0] == 403
        assert told[2:] == ("MissingAuthenticationToken", "Request is missing Authentication Token")

    def test_with_half_a_signature(self, application):
        told = self.refusal(application, "GetCallerIdentity", key="AWS4-HMAC-SHA256 x")
        assert told[0::2][:2] == (400, "IncompleteSignature")

    def test_constraints_are_the_models(self, application):
        told = self.refusal(application, "GetRole", IAM)
        assert told[2] == "ValidationError"
        assert told[3] == (
            "1 validation error detected: Value null at 'roleName' failed to satisfy constraint: "
            "Member must not be null"
        )

    def test_a_value_that_xml_cannot_bear_is_shown_all_the_same(self, application):
        asked = {"RoleArn": "arn:aws:iam::123456789012:role/r", "RoleSessionName": "a\x00<b>"}
        told = self.refusal(application, "AssumeRole", STS, **asked)
        assert "Value 'a\ufffd<b>' at 'roleSessionName'" in told[3]

    def test_keys_of_tags_are_told_one_demand_more(self, application):
        told = self.refusal(application, "UntagRole", IAM, RoleName="r", **{"TagKeys.member.1": "a!"})
        assert told[3].startswith("1 validation error detected: Value at 'tagKeys' failed")
        assert told[3].endswith("@]+, Member must not be null]")

    @pytest.mark.parametrize(
        "fields",
        [
            {"RoleName.x": "1"},
            {"Tags": "1"},
            {"Tags.member": "1"},
            {"Tags.member.x.Key": "1"},
            {"Tags.member.1": "1"},
            {"Tags.member.1.Key.x": "1"},
            {"Tags.member.1": "1", "Tags.member.1.Key": "1"},
            {"Tags.member.1.Key": "1", "Tags.member.1": "1"},
            {"MaxSessionDuration": "many"},
            {"MaxSessionDuration": "9" * 5000, "RoleName": "r"},
            {".".join("a" * 50): "1"},
        ],
        ids=lambda fields: ",".join(fields)[:40],
    )
    def test_a_form_that_means_nothing_is_malformed(self, application, fields):
        assert self.refusal(application, "CreateRole", IAM, **fields)[2] == "MalformedInput"

    @pytest.mark.parametrize("raw", [b"", b"\xff\xfe", b"&&&&", b"Action=%ff", b"a=" * 3000, b"a&" * 9000])
    def test_bytes_that_are_no_form_get_an_answer(self, application, raw):
        status, body, _ = call(application, "", raw=raw)
        assert status == 400
        assert body["ErrorResponse"]["Error"]["Code"] in {"InvalidAction", "MalformedInput"}

    def test_a_fault_of_ours_says_so_and_tells_nothing(self, application, monkeypatch, caplog):
        from cogmock.iam.backend import StsBackend

        def broken(*_):
            raise RuntimeError("secret")

        monkeypatch.setattr(StsBackend, "function", classmethod(lambda *_: broken))
        told = self.refusal(application, "GetCallerIdentity")
        assert told[:3] == (500, "Receiver", "InternalFailure")
        assert "secret" not in told[3]
        assert "please report it" in caplog.text


class TestJournal:
    def test_a_call_is_told(self, application):
        call(application, "GetRole", IAM, RoleName="nobody")
        entry = [*application.world.journal][-1]
        assert (entry.service, entry.operation, entry.status, entry.error) == (
            "iam",
            "GetRole",
            404,
            "NoSuchEntity",
        )
        assert entry.parameters == {"RoleName": "nobody"}


class TestShapes:
    """What no operation that is built asks of the codec yet, by the models' own shapes."""

    def decoded(self, service, operation, **fields):
        return query.decode(model.load(service).operations[operation], fields)[0]

    def test_lists_are_numbered_and_may_have_gaps(self):
        fields = {f"ActionNames.member.{n}": f"s3:{n}" for n in (10, 2, 1)}
        found = self.decoded("iam", "SimulateCustomPolicy", **fields)
        assert found["ActionNames"] == ["s3:1", "s3:2", "s3:10"]

    def test_lists_of_structures_of_lists(self):
        found = self.decoded(
            "iam",
            "SimulateCustomPolicy",
            **{
                "ContextEntries.member.1.ContextKeyName": "aws:x",
                "ContextEntries.member.1.ContextKeyValues.member.1": "a",
                "ContextEntries.member.1.ContextKeyValues.member.2": "b",
            },
        )
        assert found["ContextEntries"] == [{"ContextKeyName": "aws:x", "ContextKeyValues": ["a", "b"]}]

    def test_an_empty_list_is_one(self):
        assert self.decoded("iam", "SimulateCustomPolicy", ActionNames="")["ActionNames"] == []

    @pytest.mark.parametrize(("text", "value"), [("true", True), ("FALSE", False), ("1", True)])
    def test_booleans(self, text, value):
        assert self.decoded("iam", "CreatePolicyVersion", SetAsDefault=text)["SetAsDefault"] is value

    def test_a_boolean_that_is_none_is_malformed(self):
        with pytest.raises(MalformedInput):
            self.decoded("iam", "CreatePolicyVersion", SetAsDefault="perhaps")

    def test_unknown_members_are_dropped(self):
        assert self.decoded("iam", "GetRole", RoleName="r", Colour="red") == {"RoleName": "r"}

    def test_maps_come_back_as_entries(self):
        operation = model.load("iam").operations["SimulateCustomPolicy"]
        result = {
            "EvalActionName": "s3:x",
            "EvalDecision": "allowed",
            "EvalDecisionDetails": {"a": "allowed"},
        }
        written = query.encode(model.load("iam"), operation, {"EvaluationResults": [result]}, "id")
        found = xmltodict.parse(written)["SimulateCustomPolicyResponse"]["SimulateCustomPolicyResult"]
        details = found["EvaluationResults"]["member"]["EvalDecisionDetails"]
        assert details == {"entry": {"key": "a", "value": "allowed"}}

    def test_times_are_iso_with_a_z(self):
        operation = model.load("sts").operations["GetSessionToken"]
        answer = {"Credentials": {"AccessKeyId": "A", "Expiration": 1700000000.9, "SessionToken": None}}
        written = query.encode(model.load("sts"), operation, answer, "id").decode()
        assert "<Expiration>2023-11-14T22:13:20Z</Expiration>" in written
        assert "<SessionToken" not in written
