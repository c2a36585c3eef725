"""Policy documents: validation, error texts, and the positions of statements."""

import json

import pytest
from iam.decisions.writing import COGNITO, allow, policy
from support.waiting import cheaply

from cogmock.iam.policy import PolicyError, Position, context_keys, parse

SYNTAX = "Syntax errors in policy."
LEGACY = "The policy failed legacy parsing"
VERSION = "Policy document must be version 2012-10-17 or greater."
NO_ACTIONS = "Policy statement must contain actions."
NO_RESOURCES = "Policy statement must contain resources."
VENDOR = "Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc."
COLON = "Actions/Condition can contain only one colon."
IAM_PATH = (
    'IAM resource path must either be "*", root, or start with user/, federated-user/, role/, group/, instance-profile/, mfa/, '
    "server-certificate/, policy/, sms-mfa/, saml-provider/, oidc-provider/, report/, access-report/."
)
SID = "Statement IDs (SID) must be alpha-numeric. Check that your input satisfies the regular expression [0-9A-Za-z]*"


def one(**statement):
    """A policy with one valid statement, changed by the arguments; None removes a member."""
    return policy(
        {name: value for name, value in (allow("s3:GetObject", "*") | statement).items() if value is not None}
    )


def resource(*arns):
    return one(Resource=list(arns))


def dated(value):
    return one(Condition={"DateLessThan": {"aws:CurrentTime": value}})


REFUSED = [
    ("not JSON", "no json", SYNTAX),
    ("a list", "[]", SYNTAX),
    ("a number without end", '{"Version": NaN}', SYNTAX),
    ("too deep", "[" * 200_000, SYNTAX),
    ("empty", {}, SYNTAX),
    ("no statements", {"Version": "2012-10-17"}, SYNTAX),
    ("an empty list of statements", {"Version": "2012-10-17", "Statement": []}, SYNTAX),
    ("a statement that is text", {"Version": "2012-10-17", "Statement": ["Allow"]}, SYNTAX),
    ("a version to come", one() | {"Version": "2031-01-01"}, SYNTAX),
    ("a version that is a list", one() | {"Version": ["2012-10-17"]}, SYNTAX),
    ("an element unknown", one() | {"Author": "ada"}, SYNTAX),
    ("an id that is a list", one() | {"Id": ["x"]}, SYNTAX),
    ("a statement's element unknown", one(Author="ada"), SYNTAX),
    ("no effect", one(Effect=None), SYNTAX),
    ("an effect unknown", one(Effect="Maybe"), SYNTAX),
    ("Action and NotAction", one(NotAction="s3:PutObject"), SYNTAX),
    ("Resource and NotResource", one(NotResource=[]), SYNTAX),
    ("Principal and NotPrincipal", one(Principal="*", NotPrincipal="*"), SYNTAX),
    ("an action that is an object", one(Action={}), SYNTAX),
    ("a list of lists", one(Action=[[]]), SYNTAX),
    ("a resource that is a number", one(Resource=[7]), SYNTAX),
    ("a Sid that is an object", one(Sid={}), SYNTAX),
    ("a principal that is text", one(Principal="ada"), SYNTAX),
    ("a kind of principal unknown", one(Principal={"Robot": "x"}), SYNTAX),
    ("a condition that is a list", one(Condition=[]), SYNTAX),
    ("a condition without key", one(Condition={"StringEquals": "x"}), SYNTAX),
    ("a condition's value an object", one(Condition={"StringEquals": {"a": {}}}), SYNTAX),
    ("an operator unknown", one(Condition={"StringResembles": {"a": "b"}}), SYNTAX),
    ("a negation unknown", one(Condition={"NotBool": {"a": "true"}}), SYNTAX),
    ("two colons after a set operator", one(Condition={"ForAnyValue::StringLike": {"a": "b"}}), SYNTAX),
    ("a set operator unknown", one(Condition={"ForSomeValues:StringLike": {"a": "b"}}), SYNTAX),
    ("no version", {"Statement": [allow()]}, VERSION),
    ("the old version", policy(allow(), version="2008-10-17"), VERSION),
    ("no version tells before legacy parsing", {"Statement": [allow() | {"Effect": "allow"}]}, VERSION),
    ("an effect in other letters", one(Effect="allow"), LEGACY),
    ("no date", dated("tomorrow"), LEGACY),
    ("a thirteenth month", dated("2024-13"), LEGACY),
    ("a zone of one figure", dated("2024-12-13t2:00:00.5+1"), LEGACY),
    ("too fine a fraction", dated("2024-12-13t2:00:00.1999999999+10:59"), LEGACY),
    ("too many seconds", dated("9223372036854775808"), LEGACY),
    ("seconds without end", dated("9" * 10_000), LEGACY),
    ("a date tells before the partition", dated("x") | {"Statement": [resource("arn:x:s3:::b")["Statement"][0] | {"Condition": {"DateEquals": {"a": "x"}}}]}, LEGACY),
    ("an ARN of five parts with a gap", resource("arn:aws:s3::articles"), LEGACY),
    ("an ARN without service", resource("arn:aws::::articles"), LEGACY),
    ("a NotResource alike", one(Resource=None, NotResource="arn:aws:s3::articles"), LEGACY),
    ("legacy parsing tells before missing actions", one(Action=None, Resource="arn:aws:s3::articles"), LEGACY),
    ("equal Sids", policy(allow() | {"Sid": "A"}, allow() | {"Sid": "A"}), "Statement IDs (SID) in a single policy must be unique."),
    ("a Sid with a blank", one(Sid="read it"), SID),
    ("no action", one(Action=None), NO_ACTIONS),
    ("an empty list of actions", one(Action=[]), NO_ACTIONS),
    ("neither action nor resource", policy({"Effect": "Deny"}), NO_ACTIONS),
    ("no ARN", resource("articles"), 'Resource articles must be in ARN format or "*".'),
    ("no text", resource(""), 'Resource  must be in ARN format or "*".'),
    ("the resource tells before the action", one(Action="s:3:x", Resource="articles"), 'Resource articles must be in ARN format or "*".'),
    ("the first of two", resource("arn:x:s3:::b", "articles"), 'Partition "x" is not valid for resource "arn:x:s3:::b".'),
    ("a partition alone", resource("arn:x"), 'Partition "x" is not valid for resource "arn:x:*:*:*:*".'),
    ("a partition and a service", resource("arn:x:s3"), 'Partition "x" is not valid for resource "arn:x:s3:*:*:*".'),
    ("an ARN without its first part", resource("aws:s3:::b"), 'Partition "s3" is not valid for resource "arn:s3:::b:*".'),
    ("a long one", resource("a:b:c:d:e:f:g:h"), 'Partition "b" is not valid for resource "arn:b:c:d:e:f:g:h".'),
    ("no service", resource("arn:aws"), "Resource vendor must be fully qualified and cannot contain regexes."),
    ("no path of IAM", resource("arn:aws:iam:::articles"), IAM_PATH),
    ("IAM has no regions", resource("arn:aws:iam:us-east-1::user/x"), "IAM resource arn:aws:iam:us-east-1::user/x cannot contain region information."),
    ("S3 has no regions", resource("arn:aws:s3:us-east-1::b"), "Resource arn:aws:s3:us-east-1::b can not contain region information."),
    ("an action without service", one(Action="GetObject"), VENDOR),
    ("a NotAction alike", one(Action=None, NotAction=""), VENDOR),
    ("an action tells before a missing resource", one(Action="GetObject", Resource=None), VENDOR),
    ("two colons", one(Action="s3:Get:Object"), COLON),
    ("a blank in the service", one(Action="s 3:GetObject"), "Vendor s 3 is not valid"),
    ("a wildcard in the service", one(Action="s*:GetObject"), "Vendor s* is not valid"),
    ("no resource", one(Resource=None), NO_RESOURCES),
    ("an empty list of resources", one(Resource=[]), NO_RESOURCES),
    ("a principal", one(Principal="*"), "Policy document should not specify a principal."),
]  # fmt: skip

ACCEPTED = [
    one(),
    one(Resource=["arn:aws:s3:::b", "*"]),
    one(Action="*"),
    one(Action="service-x.y:AnyName"),
    one(Action=["s3:GetObject", None]),
    one(Condition={}),
    one(Condition={"NoOperator": {}}),
    one(Condition={"NumericLessThan": {"s3:max-keys": 10}, "Bool": {"aws:SecureTransport": True}}),
    one(Condition={"StringEquals": {"a": []}}),
    one(Condition={"stringEquals": {"a": "b"}, "ForAnyValue:StringNotLikeIfExists": {"a": "b"}}),
    one(Resource=None, NotResource="*"),
    one(Resource="arn:aws:iam::123456789012:role/*"),
    one(Resource="arn:aws:iam::*:*"),
    one(Resource="arn:aws:s3:us-east-1:123456789012:accesspoint/mine"),
    one(Resource="arn:aws:fdsasf"),
    one(Resource="arn:aws-cn:s3:::b"),
    one() | {"Id": "mine"},
    dated("2017-07-01T00:00:00Z"),
    dated("2016-12-13T21:20:37.593194+00:00"),
    dated("2016-12-13t2:00:00.593194+23"),
    dated("-292275054"),
    dated("1500000000"),
    policy(allow() | {"Sid": ""}, allow() | {"Sid": ""}, allow()),
]


def refusal(document, kind):
    with pytest.raises(PolicyError) as refused:
        parse(document if isinstance(document, str) else json.dumps(document), kind)
    return refused.value.message


@pytest.mark.parametrize(
    ("document", "message"), [row[1:] for row in REFUSED], ids=[row[0] for row in REFUSED]
)
def test_a_faulty_policy_is_refused_in_the_words_of_iam(document, message):
    assert refusal(document, "managed") == message


@pytest.mark.parametrize("document", ACCEPTED, ids=range(len(ACCEPTED)))
def test_a_good_policy_is_read(document):
    assert parse(json.dumps(document), "managed").statements


def test_only_a_managed_policy_must_bear_its_version():
    assert parse(json.dumps({"Statement": [allow()]}), "identity").version == "2008-10-17"


class TestTrustPolicies:
    trust = {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
    web = {"Effect": "Allow", "Principal": {"Federated": COGNITO}, "Action": "sts:AssumeRoleWithWebIdentity"}

    def test_what_is_not_json(self):
        assert refusal("{'Version': 1}", "trust") == "This policy contains invalid Json"

    @pytest.mark.parametrize("element", ["Resource", "NotResource"])
    def test_no_resource(self, element):
        assert refusal(policy(self.trust | {element: "*"}), "trust") == "Has prohibited field Resource"

    def test_a_principal_there_must_be(self):
        nobody = {name: value for name, value in self.trust.items() if name != "Principal"}
        assert refusal(policy(nobody), "trust") == "Missing required field Principal"

    @pytest.mark.parametrize("name", ["ada", "arn:aws:iam::123456789012:role/*", "12345", ""])
    def test_a_principal_is_named_in_full(self, name):
        document = policy(self.trust | {"Principal": {"AWS": name}})
        assert refusal(document, "trust") == f'Invalid principal in policy: "AWS":"{name}"'

    @pytest.mark.parametrize(
        "name",
        [
            "*",
            "123456789012",
            "arn:aws:iam::123456789012:root",
            "arn:aws:iam::123456789012:user/x/ada",
            "AROA1234567890EXAMPLE",
        ],
    )
    def test_principals_of_every_form(self, name):
        assert parse(json.dumps(policy(self.trust | {"Principal": {"AWS": [name]}})), "trust").statements

    def test_only_actions_of_sts(self):
        document = policy(self.trust | {"Action": ["sts:AssumeRole", "s3:GetObject"]})
        assert refusal(document, "trust") == "AssumeRole policy may only specify STS AssumeRole actions."

    def test_neither_version_nor_simple_sids_are_demanded(self):
        assert parse(json.dumps(policy(self.trust | {"Sid": "let it in"}, version=None)), "trust").statements

    @pytest.mark.parametrize("condition", [{}, {"StringEquals": {}}])
    def test_identity_pools_are_trusted_on_a_condition_only(self, condition):
        assert "must have a condition" in refusal(policy(self.web | {"Condition": condition}), "trust")
        assert "must have a condition" in refusal(policy(self.web), "trust")

    def test_identity_pools_with_a_condition_and_denials_without_one(self):
        condition = {"StringEquals": {f"{COGNITO}:aud": "us-east-1:1"}}
        document = policy(self.web | {"Condition": condition}, self.web | {"Effect": "Deny"})
        assert parse(json.dumps(document), "trust").statements


class TestPositions:
    def test_on_one_line_columns_count_from_one_and_point_behind_the_brace(self):
        text = '{"Version":"2012-10-17","Statement":   {"Sid":"AnIdOfTheStatement","Effect":"Allow","Action":"s3:*","Resource":"*"}}'
        statement = parse(text).statements[0]
        assert (text.index('{"Sid"'), text.index("}}")) == (39, 114)
        assert (statement.start, statement.end) == (Position(1, 41), Position(1, 116))

    def test_over_several_lines(self):
        text = json.dumps(policy(allow(), allow("s3:PutObject")), indent=2)
        lines = text.splitlines()
        opens = [number for number, line in enumerate(lines, 1) if line == "    {"]
        closes = [number for number, line in enumerate(lines, 1) if line.startswith("    }")]
        found = parse(text).statements
        assert [statement.start for statement in found] == [Position(line, 6) for line in opens]
        assert [statement.end for statement in found] == [Position(line, 6) for line in closes]

    def test_braces_and_names_within_texts_do_not_mislead(self):
        text = '{"Id":"\\"Statement\\":[{}]","Statement":[ {"Effect":"Allow","Action":"s3:*","Resource":"arn:aws:s3:::{}"} ]}'
        assert parse(text).statements[0].start == Position(1, text.index(' {"Effect') + 3)


class TestContextKeys:
    def test_keys_of_conditions_and_variables_each_once_as_first_written(self):
        document = policy(
            allow("s3:*", "arn:aws:s3:::b/${aws:username}/${aws:PrincipalTag/team, 'x'}"),
            allow(
                "s3:*",
                "*",
                {"StringEquals": {"AWS:UserName": "${s3:prefix}"}, "Null": {"aws:TagKeys": "true"}},
            ),
            allow(
                "s3:*",
                "*",
                {"ArnLike": {"aws:SourceArn": "arn:aws:s3:::${aws:userid}"}, "Bool": {"s3:x": "${no}"}},
            ),
        )
        assert context_keys(parse(json.dumps(document))) == [
            "aws:username",
            "aws:PrincipalTag/team",
            "s3:prefix",
            "aws:TagKeys",
            "aws:SourceArn",
            "aws:userid",
            "s3:x",
        ]

    def test_literal_signs_are_no_keys(self):
        assert context_keys(parse(json.dumps(policy(allow("s3:*", "arn:aws:s3:::b/${*}${?}${$}"))))) == []


def test_a_document_of_a_hundred_kilobytes_is_read_in_no_time():
    document = json.dumps(
        policy(*(allow("s3:Get*", f"arn:aws:s3:::bucket-{number}/*") for number in range(1300)))
    )
    assert len(document) > 100_000
    with cheaply(2):
        parse(document, "managed")


@pytest.mark.parametrize(
    "text", ["${" * 50_000, "${" + " " * 100_000 + ",}", "${a,'" + "' " * 50_000 + "}", "?a" * 50_000]
)
def test_the_worst_texts_are_read_in_no_time(text):
    with cheaply(3):
        parse(json.dumps(one(Resource=f"arn:aws:s3:::{text}")))
