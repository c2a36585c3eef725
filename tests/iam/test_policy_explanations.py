"""Explanations of decisions: the deciding statements, and why others did not match."""

import json

import pytest
from iam.decisions.writing import ACCOUNT, ADA, SESSION, allow, deny, policy

from cogmock.iam.managed import guests
from cogmock.iam.policy import AccessRequest, Caller, Position, evaluate, parse

FILE = "arn:aws:s3:::articles/premium/b.txt"


def named(*statements, name="reader", kind="identity"):
    return name, parse(json.dumps(policy(*statements)), kind)


def ask(*policies, action="s3:GetObject", on=FILE, context=None, **layers):
    return evaluate(
        AccessRequest(action, on, context or {}, Caller(arn=ADA, account=ACCOUNT)), policies, **layers
    )


class TestMatched:
    def test_an_allowance_names_the_statements_that_allow(self):
        decision = ask(
            named(allow(), allow("s3:*") | {"Sid": "All"}, allow("s3:Put*"), name="first"),
            named(allow(), name="second"),
        )
        assert [(match.policy, match.sid, match.effect) for match in decision.matched] == [
            ("first", None, "Allow"),
            ("first", "All", "Allow"),
            ("second", None, "Allow"),
        ]
        assert decision.allowed
        assert decision.denied_by is None

    def test_an_explicit_denial_names_only_the_denial(self):
        decision = ask(named(allow("s3:*"), deny("s3:*") | {"Sid": "Never"}))
        assert [(match.sid, match.effect) for match in decision.matched] == [("Never", "Deny")]

    def test_an_implicit_denial_names_nothing(self):
        assert ask(named(allow("s3:Put*"))).matched == ()

    def test_each_match_has_its_place(self):
        [match] = ask(named(allow())).matched
        assert match.start == Position(1, 42)
        assert match.end.column > match.start.column

    def test_a_boundary_is_told_of_by_itself(self):
        reads, writes = named(allow("s3:Get*")), named(allow("s3:Put*"), name="limit")
        assert ask(reads).allowed_by_boundary is None
        assert ask(reads, boundary=writes).allowed_by_boundary is False
        assert ask(reads, boundary=reads).allowed_by_boundary is True
        assert ask(boundary=reads).allowed_by_boundary is True


class TestNearMisses:
    def test_the_resource(self):
        [miss] = ask(named(allow("s3:*", "arn:aws:s3:::articles/free/*") | {"Sid": "Free"})).near_misses()
        assert str(miss) == (
            "identity-based policy reader, Allow Free at line 1: "
            f"the resource 'arn:aws:s3:::articles/free/*' does not match {FILE}"
        )

    def test_a_value(self):
        [miss] = ask(
            named(allow(condition={"StringEquals": {"aws:PrincipalTag/plan": ["gold", "silver"]}})),
            context={"aws:PrincipalTag/Plan": "free"},
        ).near_misses()
        assert miss.reasons == (
            "StringEquals aws:PrincipalTag/plan wants 'gold', 'silver', the request has 'free'",
        )

    def test_a_key_that_is_missing(self):
        decision = ask(named(allow(condition={"StringEquals": {"aws:PrincipalTag/plan": "gold"}})))
        assert decision.near_misses()[0].reasons == (
            "StringEquals aws:PrincipalTag/plan wants 'gold', the request has no such key",
        )
        assert decision.missing_context() == ["aws:PrincipalTag/plan"]

    def test_several_values_without_a_set_operator(self):
        decision = ask(
            named(allow(condition={"StringEquals": {"aws:TagKeys": "a"}})), context={"aws:TagKeys": ["a"]}
        )
        assert "that needs ForAnyValue or ForAllValues" in str(decision)

    def test_a_variable_without_value(self):
        assert "(no single value for aws:username)" in str(
            ask(named(allow(resource="arn:aws:s3:::x/${aws:username}")))
        )

    def test_the_principal(self):
        grant = allow(resource=FILE) | {"Principal": {"AWS": SESSION}}
        assert "its principals do not include the caller" in str(
            ask(resource=named(grant, name="bucket", kind="resource"))
        )

    def test_statements_on_other_actions_are_passed_over_and_the_closest_come_first(self):
        decision = ask(
            named(
                allow("dynamodb:*") | {"Sid": "Far"},
                allow("s3:*", "arn:aws:s3:::x", {"Bool": {"a": "true"}}) | {"Sid": "Two"},
                allow("s3:*", "*", {"Bool": {"a": "true"}}) | {"Sid": "One"},
            )
        )
        assert [miss.statement.sid for miss in decision.near_misses()] == ["One", "Two"]

    def test_the_whole_reads_well(self):
        decision = ask(
            named(allow("s3:*", "arn:aws:s3:::articles/free/*")),
            named(deny("s3:Put*"), name="guard"),
            boundary=named(allow("*"), name="limit"),
        )
        assert str(decision).splitlines() == [
            f"implicitDeny: s3:GetObject on {FILE}",
            "  no identity-based policy allows it",
            "  close: identity-based policy reader, Allow at line 1: "
            f"the resource 'arn:aws:s3:::articles/free/*' does not match {FILE}",
        ]
        assert (
            str(ask(named(allow()))).splitlines()[1]
            == "  allowed by identity-based policy reader, Allow at line 1"
        )
        assert (
            str(ask(named(deny()))).splitlines()[1]
            == "  denied by identity-based policy reader, Deny at line 1"
        )

    def test_a_failing_assert_tells_it(self):
        decision = ask()
        assert repr(decision) == str(decision)

    def test_the_variables_that_have_a_value(self):
        reader = named(
            allow("s3:*", "arn:aws:s3:::${aws:username}/${aws:PrincipalTag/Team}/${aws:TagKeys}"),
            allow("s3:*", "*", {"StringLike": {"s3:prefix": "${aws:userid}*"}}),
        )
        context = {"aws:UserName": "ada", "aws:TagKeys": ["a"], "s3:prefix": "x", "aws:userid": "AROA:y"}
        assert ask(reader, context=context).variables() == {"aws:username": "ada", "aws:userid": "AROA:y"}

    def test_a_hundred_values_are_not_all_told(self):
        wanted = [f"team-{number}" for number in range(100)]
        told = str(ask(named(allow(condition={"StringEquals": {"aws:PrincipalTag/team": wanted}}))))
        assert "and 95 more" in told
        assert "team-50" not in told


ALLOWING, DENYING, SILENT = allow("*"), deny("*"), allow("s3:Put*")
TOLD = f"User: {ADA} is not authorized to perform: s3:GetObject on resource: {FILE}"


@pytest.mark.parametrize(
    ("identity", "layers", "reason"),
    [
        (SILENT, {}, "because no identity-based policy allows the s3:GetObject action"),
        (DENYING, {}, "with an explicit deny in an identity-based policy"),
        (
            ALLOWING,
            {"boundary": named(SILENT)},
            "because no permissions boundary allows the s3:GetObject action",
        ),
        (ALLOWING, {"boundary": named(DENYING)}, "with an explicit deny in a permissions boundary"),
        (ALLOWING, {"session": [named(SILENT)]}, "because no session policy allows the s3:GetObject action"),
        (ALLOWING, {"session": [named(DENYING)]}, "with an explicit deny in a session policy"),
        (
            ALLOWING,
            {"resource": named(DENYING | {"Principal": "*"}, kind="resource")},
            "with an explicit deny in a resource-based policy",
        ),
    ],
)
def test_a_service_refuses_in_the_words_of_aws(identity, layers, reason):
    assert ask(named(identity), **layers).refusal() == f"{TOLD} {reason}"


def test_a_trust_policy_refuses_in_the_words_of_aws():
    trust = named(
        {"Effect": "Allow", "Principal": {"AWS": SESSION}, "Action": "sts:AssumeRole"},
        name="trust",
        kind="trust",
    )
    refusal = ask(named(ALLOWING), action="sts:AssumeRole", resource=trust).refusal()
    assert refusal.endswith("because no role trust policy allows the sts:AssumeRole action")


class TestPoliciesThatMustGrantThemselves:
    def test_a_trust_policy_that_names_only_the_account_leaves_it_to_identity_policies(self):
        trust = named(
            {"Effect": "Allow", "Principal": {"AWS": ACCOUNT}, "Action": "sts:AssumeRole"}, kind="trust"
        )
        assert not ask(action="sts:AssumeRole", resource=trust).allowed
        assert ask(named(ALLOWING), action="sts:AssumeRole", resource=trust).allowed

    def test_an_identity_policy_alone_opens_no_key_of_kms(self):
        key = named(allow("kms:*") | {"Principal": {"AWS": SESSION}}, kind="resource")
        decision = ask(named(ALLOWING), action="kms:Decrypt", resource=key)
        assert (decision.decision, decision.denied_by) == ("implicitDeny", "resource")


@pytest.mark.parametrize(
    ("service", "allowed"), [("lambda.amazonaws.com", True), ("ec2.amazonaws.com", False), ("", False)]
)
def test_a_service_is_trusted_by_its_name(service, allowed):
    trust = named(
        {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"},
        kind="trust",
    )
    assert (
        evaluate(AccessRequest("sts:AssumeRole", caller=Caller(service=service)), resource=trust).allowed
        is allowed
    )


class TestGuests:
    limits = [
        (guests.INLINE_NAME, parse(json.dumps(guests.INLINE), "session")),
        (guests.MANAGED_NAME, parse(json.dumps(guests.MANAGED), "session")),
    ]

    @pytest.mark.parametrize(
        "action",
        ["s3:GetObject", "dynamodb:Query", "lambda:InvokeFunction", "kms:Decrypt", "rum:PutRumEvents", "mobiletargeting:PutEvents",
         "geo:GetMapTile", "sagemaker:InvokeEndpoint", "textract:AnalyzeDocument", "kms:ReEncryptTo", "logs:PutLogEvents"],
    )  # fmt: skip
    def test_may_do_what_the_role_and_either_session_policy_allow(self, action):
        assert ask(named(ALLOWING), action=action, session=self.limits).allowed
        assert not ask(named(SILENT), action=action, session=self.limits).allowed

    @pytest.mark.parametrize(
        "action",
        ["ec2:RunInstances", "iam:CreateUser", "secretsmanager:GetSecretValue", "sts:AssumeRole", "kms:CreateKey",
         "sagemaker:CreateModel", "textract:StartDocumentAnalysis", "bedrock:InvokeModel"],
    )  # fmt: skip
    def test_may_not_do_the_rest_though_the_role_allows_everything(self, action):
        decision = ask(named(ALLOWING), action=action, session=self.limits)
        assert (decision.decision, decision.denied_by) == ("implicitDeny", "session")


def test_key_names_ignore_case_and_values_do_not():
    reader = named(allow(condition={"StringEquals": {"AWS:principaltag/PLAN": "Gold"}}))
    assert ask(reader, context={"aws:PrincipalTag/plan": "Gold"}).allowed
    assert not ask(reader, context={"aws:PrincipalTag/plan": "gold"}).allowed


@pytest.mark.parametrize(
    ("operator", "value", "given"),
    [
        ("NumericEquals", "ten", "ten"),
        ("DateEquals", "2024-13", "2024-13"),
        ("IpAddress", "10.0.0.0/40", "10.0.0.1"),
        ("IpAddress", "10.0.0.0/8", "10.0.0"),
        ("Bool", "yes", "yes"),
        ("BinaryEquals", "***", "***"),
        ("ArnLike", "articles", "articles"),
        ("ArnLike", "*", FILE),
    ],
)
def test_a_value_that_does_not_parse_matches_nothing(operator, value, given):
    if operator == "DateEquals":
        given = "1e5"
        value = "-292275054"  # a valid date for IAM's parser, but outside the range that can be compared
    assert not ask(named(allow(condition={operator: {"a": value}})), context={"a": given}).allowed


def test_string_not_equals_to_a_variable_without_value_holds():
    reader = named(allow(condition={"StringNotEquals": {"s3:prefix": "${aws:username}"}}))
    assert ask(reader, context={"s3:prefix": "ada"}).allowed
    assert not ask(reader, context={"s3:prefix": "ada", "aws:username": "ada"}).allowed


def test_dates_are_compared_across_zones_and_with_epoch_seconds():
    before = named(allow(condition={"DateLessThan": {"aws:CurrentTime": "2024-05-01T02:00:00+02:00"}}))
    assert ask(before, context={"aws:CurrentTime": "2024-04-30T23:59:59Z"}).allowed
    assert not ask(before, context={"aws:CurrentTime": "2024-05-01T00:00:00Z"}).allowed
    assert ask(before, context={"aws:CurrentTime": "1714521599"}).allowed
    assert not ask(before, context={"aws:CurrentTime": "1714521600"}).allowed
