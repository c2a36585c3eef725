import json

import pytest
from support.identity_env import ACCOUNT, allow, document, trust
from support.pool_env import refused
from support.waiting import cheaply

READ = "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"
FILE = "arn:aws:s3:::premium/a.txt"
DENY = {"Effect": "Deny", "Action": "s3:Get*", "Resource": "arn:aws:s3:::premium/*"}


@pytest.fixture
def iam(cognito_clients):
    return cognito_clients.iam


@pytest.fixture
def reader(iam):
    made = iam.create_role(RoleName="reader", AssumeRolePolicyDocument=trust())["Role"]
    iam.put_role_policy(RoleName="reader", PolicyName="own", PolicyDocument=document(allow()))
    return made["Arn"]


def simulate(iam, *policies, actions=("s3:GetObject",), resources=None, **more):
    if resources:
        more["ResourceArns"] = resources
    return iam.simulate_custom_policy(
        PolicyInputList=[each if isinstance(each, str) else document(each) for each in policies],
        ActionNames=list(actions),
        **more,
    )["EvaluationResults"]


def entry(name, *values, kind="string"):
    return {"ContextKeyName": name, "ContextKeyValues": list(values), "ContextKeyType": kind}


class TestSimulateCustomPolicy:
    def test_one_result_for_each_action(self, iam):
        found = simulate(iam, allow(), actions=["s3:GetObject", "s3:PutObject"])
        assert [(each["EvalActionName"], each["EvalDecision"]) for each in found] == [
            ("s3:GetObject", "allowed"),
            ("s3:PutObject", "implicitDeny"),
        ]
        assert [each["EvalResourceName"] for each in found] == ["*", "*"]
        assert found[1]["MatchedStatements"] == []
        assert not {
            "EvalDecisionDetails",
            "ResourceSpecificResults",
            "PermissionsBoundaryDecisionDetail",
        } & set(found[0])

    def test_a_matched_statement_has_its_place(self, iam):
        text = '{"Version":"2012-10-17","Statement":[  {"Effect":"Allow","Action":"s3:GetObject","Resource":"*"}]}'
        (found,) = simulate(iam, text)
        assert text[39] == "{"
        assert found["MatchedStatements"] == [
            {
                "SourcePolicyId": "PolicyInputList.1",
                "SourcePolicyType": "IAM Policy",
                "StartPosition": {"Line": 1, "Column": 41},
                "EndPosition": {"Line": 1, "Column": text.rindex("}]}") + 2},
            }
        ]

    def test_the_most_restrictive_of_the_resources_decides(self, iam):
        resources = ["arn:aws:s3:::free/a.txt", FILE]
        (found,) = simulate(iam, allow(), DENY, resources=resources)
        assert found["EvalDecision"] == "explicitDeny"
        assert [each["SourcePolicyId"] for each in found["MatchedStatements"]] == ["PolicyInputList.2"]
        assert found["EvalResourceName"] == "arn:${Partition}:s3:::${BucketName}/${ObjectName}"
        assert found["EvalDecisionDetails"] == {}
        assert all("EvalDecisionDetails" not in each for each in found["ResourceSpecificResults"])
        specific = found["ResourceSpecificResults"]
        assert [(each["EvalResourceName"], each["EvalResourceDecision"]) for each in specific] == [
            (resources[0], "allowed"),
            (FILE, "explicitDeny"),
        ]
        assert specific[0]["MatchedStatements"][0]["SourcePolicyId"] == "PolicyInputList.1"

    def test_context_entries_count_and_missing_ones_are_told(self, iam):
        mine = allow(Condition={"StringEquals": {"aws:PrincipalTag/team": "red", "s3:prefix": "a"}})
        (found,) = simulate(iam, mine, ContextEntries=[entry("aws:principaltag/TEAM", "red")])
        assert (found["EvalDecision"], found["MissingContextValues"]) == ("implicitDeny", ["s3:prefix"])
        given = [entry("aws:principaltag/TEAM", "red"), entry("s3:prefix", "a")]
        (found,) = simulate(iam, mine, ContextEntries=given)
        assert (found["EvalDecision"], found["MissingContextValues"]) == ("allowed", [])

    def test_missing_ones_are_told_for_each_resource(self, iam):
        mine = allow(resource="arn:aws:s3:::premium/${aws:userid}")
        (found,) = simulate(iam, mine, resources=[FILE])
        assert found["MissingContextValues"] == []
        assert found["ResourceSpecificResults"][0]["MissingContextValues"] == ["aws:userid"]

    def test_a_list_has_several_values_and_another_type_has_one(self, iam):
        mine = allow(Condition={"ForAnyValue:StringEquals": {"aws:TagKeys": "b"}})
        many = [entry("aws:TagKeys", "a", "b", kind="stringList")]
        assert simulate(iam, mine, ContextEntries=many)[0]["EvalDecision"] == "allowed"
        with refused("InvalidInput"):
            simulate(iam, mine, ContextEntries=[entry("aws:TagKeys", "a", "b")])

    def test_a_boundary_limits(self, iam):
        bound = document(allow("s3:ListBucket"))
        (found,) = simulate(iam, allow(), PermissionsBoundaryPolicyInputList=[bound])
        assert found["EvalDecision"] == "implicitDeny"
        assert found["PermissionsBoundaryDecisionDetail"] == {"AllowedByPermissionsBoundary": False}
        (found,) = simulate(iam, allow(), PermissionsBoundaryPolicyInputList=[document(allow())])
        assert found["PermissionsBoundaryDecisionDetail"] == {"AllowedByPermissionsBoundary": True}

    def test_a_resource_policy_needs_a_caller(self, iam):
        caller = f"arn:aws:iam::{ACCOUNT}:user/ada"
        own = document({**allow(), "Principal": {"AWS": caller}})
        with refused("InvalidInput"):
            simulate(iam, allow("s3:ListBucket"), ResourcePolicy=own, resources=[FILE])
        (found,) = simulate(
            iam, allow("s3:ListBucket"), ResourcePolicy=own, resources=[FILE], CallerArn=caller
        )
        assert found["EvalDecision"] == "allowed"

    def test_across_accounts_both_sides_must_allow(self, iam):
        caller = f"arn:aws:iam::{ACCOUNT}:user/ada"
        own = document({**allow(), "Principal": {"AWS": caller}})
        given = {
            "ResourcePolicy": own,
            "CallerArn": caller,
            "ResourceOwner": "arn:aws:iam::210987654321:root",
        }
        (found,) = simulate(iam, allow("s3:ListBucket"), resources=[FILE], **given)
        assert found["EvalDecision"] == "implicitDeny"
        (found,) = simulate(iam, allow(), resources=[FILE], **given)
        assert found["EvalDecision"] == "allowed"

    def test_actions_come_in_pages(self, iam):
        actions = [f"s3:Get{number}" for number in range(5)]
        pages = iam.get_paginator("simulate_custom_policy").paginate(
            PolicyInputList=[document(allow())], ActionNames=actions, PaginationConfig={"PageSize": 2}
        )
        found = [each["EvalActionName"] for page in pages for each in page["EvaluationResults"]]
        assert found == actions

    @pytest.mark.parametrize("action", ["s3:*", "s3:Get?bject", "GetObject", "s3:"])
    def test_an_action_is_named_in_full(self, iam, action):
        with refused("InvalidInput"):
            simulate(iam, allow(), actions=[action])

    def test_a_faulty_policy_is_refused(self, iam):
        with refused("InvalidInput", "PolicyInputList.2: Syntax errors in policy."):
            simulate(iam, allow(), "{")

    def test_too_many_values_are_refused(self, iam):
        values = [str(number) for number in range(201)]
        with refused("InvalidInput"):
            simulate(iam, allow(), ContextEntries=[entry("aws:TagKeys", *values, kind="stringList")])

    def test_what_would_take_too_long_is_refused_and_the_dearest_that_is_not_ends_soon(self, iam):
        patterns = [f"{number:05}*?*b" for number in range(9000)]
        mine = document(allow(Condition={"ForAnyValue:StringLike": {"aws:TagKeys": patterns}}))
        values = [entry("aws:TagKeys", *["a" * 200] * 35, kind="stringList")]
        with cheaply(10):
            simulate(iam, mine, ContextEntries=values)
        with refused("InvalidInput"):
            simulate(iam, mine, ContextEntries=values, actions=["s3:GetObject", "s3:PutObject"])


class TestSimulatePrincipalPolicy:
    def test_a_role_s_own_attached_and_given_policies(self, iam, reader):
        iam.attach_role_policy(RoleName="reader", PolicyArn=READ)
        found = iam.simulate_principal_policy(
            PolicySourceArn=reader,
            PolicyInputList=[document(allow("s3:PutObject"))],
            ActionNames=["s3:GetObject", "s3:ListBucket", "s3:PutObject", "s3:DeleteObject"],
        )["EvaluationResults"]
        assert [[each["SourcePolicyId"] for each in one["MatchedStatements"]] for one in found] == [
            ["own", "AmazonS3ReadOnlyAccess"],
            ["AmazonS3ReadOnlyAccess"],
            ["PolicyInputList.1"],
            [],
        ]

    def test_a_user_has_what_his_groups_have(self, iam):
        arn = iam.create_user(UserName="ada")["User"]["Arn"]
        iam.create_group(GroupName="team")
        iam.put_group_policy(GroupName="team", PolicyName="p", PolicyDocument=document(allow()))

        def decision():
            found = iam.simulate_principal_policy(PolicySourceArn=arn, ActionNames=["s3:GetObject"])
            return found["EvaluationResults"][0]["EvalDecision"]

        assert decision() == "implicitDeny"
        iam.add_user_to_group(GroupName="team", UserName="ada")
        assert decision() == "allowed"

    def test_a_given_boundary_stands_in_for_the_attached_one(self, iam, reader):
        arn = iam.create_policy(PolicyName="none", PolicyDocument=document(allow("sqs:*")))["Policy"]["Arn"]
        iam.put_role_permissions_boundary(RoleName="reader", PermissionsBoundary=arn)

        def found(**more):
            return iam.simulate_principal_policy(
                PolicySourceArn=reader, ActionNames=["s3:GetObject"], **more
            )["EvaluationResults"][0]

        assert found()["EvalDecision"] == "implicitDeny"
        assert found()["PermissionsBoundaryDecisionDetail"] == {"AllowedByPermissionsBoundary": False}
        given = found(PermissionsBoundaryPolicyInputList=[document(allow())])
        assert given["EvalDecision"] == "allowed"

    def test_policies_may_be_left_out(self, iam, reader):
        iam.attach_role_policy(RoleName="reader", PolicyArn=READ)
        inline = {"PolicyName": "own", "AttachmentType": "role", "AttachmentName": "reader"}

        def decision(*excluded):
            return iam.simulate_principal_policy(
                PolicySourceArn=reader, ActionNames=["s3:GetObject"], PolicyExclusionList=list(excluded)
            )["EvaluationResults"][0]["EvalDecision"]

        managed, own = {"PolicyArn": READ}, {"InlinePolicyIdentifier": inline}
        assert [decision(managed), decision(own), decision(managed, own)] == [
            "allowed",
            "allowed",
            "implicitDeny",
        ]
        kinds = [{"PolicyType": kind} for kind in ("inline", "aws-managed", "user-managed")]
        assert decision(*kinds[1:]) == "allowed"
        assert decision(*kinds[:2]) == "implicitDeny"

    def test_the_boundary_may_be_left_out(self, iam, reader):
        arn = iam.create_policy(PolicyName="none", PolicyDocument=document(allow("sqs:*")))["Policy"]["Arn"]
        iam.put_role_permissions_boundary(RoleName="reader", PermissionsBoundary=arn)
        found = iam.simulate_principal_policy(
            PolicySourceArn=reader,
            ActionNames=["s3:GetObject"],
            PolicyExclusionList=[{"PolicyType": "permission-boundary"}],
        )["EvaluationResults"][0]
        assert found["EvalDecision"] == "allowed"

    def test_a_source_that_is_not_there_is_refused(self, iam, reader):
        with refused("NoSuchEntity", "The user with name reader cannot be found."):
            iam.simulate_principal_policy(
                PolicySourceArn=reader.replace(":role/", ":user/"), ActionNames=["s3:GetObject"]
            )
        with refused("ValidationError"):
            iam.simulate_principal_policy(
                PolicySourceArn="arn:aws:sqs:us-east-1:1:queue", ActionNames=["s3:GetObject"]
            )

    def test_a_resource_policy_needs_a_user(self, iam, reader):
        own = document({**allow(), "Principal": "*"})
        with refused("InvalidInput"):
            iam.simulate_principal_policy(
                PolicySourceArn=reader, ActionNames=["s3:GetObject"], ResourcePolicy=own, ResourceArns=[FILE]
            )


class TestGetContextKeysForCustomPolicy:
    def test_of_conditions_and_variables_each_once(self, iam):
        one = allow(
            resource="arn:aws:s3:::a/${aws:userid}", Condition={"Bool": {"aws:SecureTransport": "true"}}
        )
        two = allow(Condition={"Bool": {"AWS:securetransport": "true"}})
        found = iam.get_context_keys_for_custom_policy(PolicyInputList=[document(one), document(two)])
        assert found["ContextKeyNames"] == ["aws:userid", "aws:SecureTransport"]

    def test_a_faulty_policy_is_refused(self, iam):
        with refused("InvalidInput"):
            iam.get_context_keys_for_custom_policy(PolicyInputList=[json.dumps({"Statement": 1})])


class TestGetContextKeysForPrincipalPolicy:
    def test_of_what_the_source_carries_and_what_is_given(self, iam, reader):
        mine = document(allow(Condition={"StringEquals": {"s3:prefix": "a"}}))
        iam.put_role_policy(RoleName="reader", PolicyName="own", PolicyDocument=mine)
        more = document(allow(resource="arn:aws:s3:::a/${aws:userid}"))
        found = iam.get_context_keys_for_principal_policy(PolicySourceArn=reader, PolicyInputList=[more])
        assert found["ContextKeyNames"] == ["s3:prefix", "aws:userid"]
