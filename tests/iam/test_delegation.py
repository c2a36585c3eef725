"""Temporary delegation: a party asks, an identity of another account grants, and STS trades the token in."""

import json

import boto3
import pytest
from support.identity_env import ACCOUNT, IdentityPoolEnv, allow, client, document
from support.pool_env import refused

from cogmock.iam.sessions.authorize import authorize

PARTNER = "210987654321"
OTHER = "999999999999"
TOPIC = f"arn:aws:sns:us-east-1:{PARTNER}:delegations"
ROOT = f"arn:aws:iam::{ACCOUNT}:root"
BUCKET = "arn:aws:s3:::reports"


def of(account, service):
    return boto3.client(
        service, region_name="us-east-1", aws_access_key_id=account, aws_secret_access_key="x"
    )


class Delegation:
    """A partner that asks, and the customer whose account is ACCOUNT."""

    def __init__(self, cognito):
        self.cognito = cognito
        self.env = IdentityPoolEnv(cognito)
        self.partner, self.customer = of(PARTNER, "iam"), self.env.iam
        text = document(
            allow("s3:GetObject", "arn:aws:s3:::@{bucket-name}/*"), allow("s3:ListBucket", BUCKET)
        )
        self.template = self.partner.create_policy(PolicyName="template", PolicyDocument=text)["Policy"][
            "Arn"
        ]
        self.count = 0

    def ask(self, **more):
        self.count += 1
        parameters = [{"Name": "bucket-name", "Type": "string", "Values": ["reports"]}]
        given = {
            "Description": "to read reports",
            "Permissions": {"PolicyTemplateArn": self.template, "Parameters": parameters},
            "RequestorWorkflowId": f"workflow-{self.count}",
            "NotificationChannel": TOPIC,
            "SessionDuration": 3600,
            **more,
        }
        return self.partner.create_delegation_request(**given)["DelegationRequestId"]

    def to(self, state, **more):
        """A request in a state."""
        found = self.ask(**more)
        for operation in ("ASSIGNED", "PENDING_APPROVAL", "ACCEPTED", "FINALIZED"):
            self.step(operation, found)
            if operation == state:
                return found
        raise AssertionError(state)

    def step(self, state, found, iam=None):
        iam = iam or self.customer
        name = {
            "ASSIGNED": "associate_delegation_request",
            "PENDING_APPROVAL": "update_delegation_request",
            "ACCEPTED": "accept_delegation_request",
            "FINALIZED": "send_delegation_token",
            "REJECTED": "reject_delegation_request",
        }[state]
        getattr(iam, name)(DelegationRequestId=found)

    def get(self, found, iam=None, **more):
        return (iam or self.customer).get_delegation_request(DelegationRequestId=found, **more)

    def state(self, found):
        return self.get(found)["DelegationRequest"]["State"]

    def token(self):
        return json.loads(self.cognito.messages.last(destination=TOPIC).body)["exchangeToken"]

    def trade(self, token=None, account=PARTNER):
        return of(account, "sts").get_delegated_access_token(TradeInToken=token or self.token())

    def may(self, answer, action, resource="arn:aws:s3:::reports/a"):
        key = answer["Credentials"]["AccessKeyId"]
        return authorize(self.env.world, access_key_id=key, action=action, resource=resource)["decision"]


@pytest.fixture
def delegation(cognito):
    return Delegation(cognito)


def session(delegation, *statements):
    """Credentials of a role of the customer, which may handle requests and what the statements say."""
    trusts = document({"Effect": "Allow", "Principal": {"AWS": ACCOUNT}, "Action": "sts:AssumeRole"})
    delegation.env.role("clerk", allow("iam:*"), *statements, trusts=trusts)
    arn = f"arn:aws:iam::{ACCOUNT}:role/clerk"
    return delegation.env.sts().assume_role(RoleArn=arn, RoleSessionName="one")["Credentials"]


class TestGetDelegatedAccessToken:
    def test_the_partner_gets_what_it_asked_for_of_the_approvers_permissions(self, delegation):
        delegation.to("FINALIZED")
        answer = delegation.trade()
        assert answer["AssumedPrincipal"] == ROOT
        assert "PackedPolicySize" not in answer
        caller = client("sts", answer["Credentials"]).get_caller_identity()
        assert (caller["Account"], caller["Arn"]) == (ACCOUNT, ROOT)
        assert delegation.may(answer, "s3:GetObject") == "allowed"
        assert delegation.may(answer, "s3:PutObject") == "implicitDeny"
        assert delegation.may(answer, "s3:GetObject", "arn:aws:s3:::other/a") == "implicitDeny"

    def test_a_role_delegates_no_more_than_it_may(self, delegation):
        iam = client("iam", session(delegation, allow("s3:ListBucket")))
        found = delegation.ask()
        for state in ("ASSIGNED", "PENDING_APPROVAL", "ACCEPTED", "FINALIZED"):
            delegation.step(state, found, iam)
        answer = delegation.trade()
        assert answer["AssumedPrincipal"] == f"arn:aws:sts::{ACCOUNT}:assumed-role/clerk/one"
        assert delegation.may(answer, "s3:ListBucket", BUCKET) == "allowed"
        assert delegation.may(answer, "s3:GetObject") == "implicitDeny"

    def test_the_session_begins_with_the_token_and_ends_by_the_clock(self, still, delegation):
        delegation.to("FINALIZED", SessionDuration=300)
        sent = delegation.env.world.clock.now()
        delegation.cognito.clock.advance(200)
        answer = delegation.trade()
        assert abs(answer["Credentials"]["Expiration"].timestamp() - sent - 300) < 2
        token = delegation.token()
        delegation.cognito.clock.advance(101)
        with refused("ExpiredToken"):
            client("sts", answer["Credentials"]).get_caller_identity()
        with refused("ExpiredTradeInTokenException"):
            delegation.trade(token)

    @pytest.mark.parametrize("account", [ACCOUNT, OTHER])
    def test_only_who_asked_may_trade_it_in(self, delegation, account):
        delegation.to("FINALIZED")
        with refused("AccessDenied"):
            delegation.trade(account=account)

    def test_an_unknown_token_is_refused(self, delegation):
        with refused("AccessDenied"):
            delegation.trade("x" * 64)

    def test_a_role_that_was_deleted_delegates_nothing(self, delegation):
        iam = client("iam", session(delegation, allow("s3:*")))
        found = delegation.ask()
        for state in ("ASSIGNED", "PENDING_APPROVAL", "ACCEPTED", "FINALIZED"):
            delegation.step(state, found, iam)
        for policy in delegation.customer.list_role_policies(RoleName="clerk")["PolicyNames"]:
            delegation.customer.delete_role_policy(RoleName="clerk", PolicyName=policy)
        delegation.customer.delete_role(RoleName="clerk")
        with refused("AccessDenied"):
            delegation.trade()


class TestCreateDelegationRequest:
    def test_it_waits_for_an_owner(self, delegation):
        answer = delegation.get(delegation.ask(RequestMessage="please", RedirectUrl="https://p.example.com/"))
        found = answer["DelegationRequest"]
        assert (found["State"], found["RequestorId"], found["RequestMessage"]) == (
            "UNASSIGNED",
            PARTNER,
            "please",
        )
        assert json.loads(found["PermissionPolicy"])["Statement"][0]["Resource"] == "arn:aws:s3:::reports/*"
        assert "OwnerId" not in found

    def test_a_workflow_is_asked_for_once(self, delegation):
        delegation.ask(RequestorWorkflowId="workflow-x")
        with refused("EntityAlreadyExists"):
            delegation.ask(RequestorWorkflowId="workflow-x")

    def test_a_template_and_its_parameters_must_be_there(self, delegation):
        for permissions in (
            {"PolicyTemplateArn": f"arn:aws:iam::{PARTNER}:policy/absent"},
            {"PolicyTemplateArn": delegation.template},
            {"PolicyTemplateArn": delegation.template, "Parameters": [{"Name": "bucket-name", "Values": []}]},
        ):
            with refused("InvalidInput"):
                delegation.ask(Permissions=permissions)

    def test_a_parameter_may_have_several_values(self, delegation):
        text = document(allow("s3:GetObject", "arn:aws:s3:::@{buckets}/*"))
        arn = delegation.partner.create_policy(PolicyName="wide", PolicyDocument=text)["Policy"]["Arn"]
        parameters = [{"Name": "buckets", "Type": "stringList", "Values": ["one", "two"]}]
        found = delegation.ask(Permissions={"PolicyTemplateArn": arn, "Parameters": parameters})
        policy = json.loads(delegation.get(found)["DelegationRequest"]["PermissionPolicy"])
        assert policy["Statement"][0]["Resource"] == ["arn:aws:s3:::one/*", "arn:aws:s3:::two/*"]

    def test_values_are_not_multiplied_without_end(self, delegation):
        text = document(allow("s3:GetObject", "arn:aws:s3:::" + "@{parts}" * 500))
        arn = delegation.partner.create_policy(PolicyName="wide", PolicyDocument=text)["Policy"]["Arn"]
        parameters = [{"Name": "parts", "Type": "stringList", "Values": ["a", "b"]}]
        with refused("InvalidInput"):
            delegation.ask(Permissions={"PolicyTemplateArn": arn, "Parameters": parameters})

    @pytest.mark.parametrize("more", [{"SessionDuration": 43201}, {"NotificationChannel": "a b"}])
    def test_values_beyond_the_limits_are_refused(self, delegation, more):
        with refused("ValidationError"):
            delegation.ask(**more)


class TestGetDelegationRequest:
    def test_who_may_see_it(self, delegation):
        found = delegation.ask()
        other = of(OTHER, "iam")
        assert delegation.get(found, other)
        delegation.step("ASSIGNED", found)
        assert delegation.get(found, delegation.partner)
        with refused("NoSuchEntity"):
            delegation.get(found, other)
        with refused("NoSuchEntity"):
            delegation.get("0" * 16)

    def test_the_permission_check(self, delegation):
        found = delegation.ask()
        check = {"DelegationPermissionCheck": True}
        answer = delegation.get(found, **check)
        assert (answer["PermissionCheckStatus"], answer["PermissionCheckResult"]) == ("COMPLETE", "ALLOWED")
        assert "PermissionCheckStatus" not in delegation.get(found)
        clerk = client("iam", session(delegation))
        assert delegation.get(found, clerk, **check)["PermissionCheckResult"] == "DENIED"
        delegation.customer.put_role_policy(
            RoleName="clerk", PolicyName="more", PolicyDocument=document(allow("s3:*"))
        )
        assert delegation.get(found, clerk, **check)["PermissionCheckResult"] == "UNSURE"


class TestListDelegationRequests:
    def test_those_with_an_owner_in_the_account_in_pages(self, delegation):
        delegation.ask()
        owned = [delegation.to("ASSIGNED") for _ in range(3)]
        first = delegation.customer.list_delegation_requests(MaxItems=2)
        rest = delegation.customer.list_delegation_requests(MaxItems=2, Marker=first["Marker"])
        assert (first["isTruncated"], rest["isTruncated"]) == (True, False)
        found = [each["DelegationRequestId"] for page in (first, rest) for each in page["DelegationRequests"]]
        assert sorted(found) == sorted(owned)
        assert delegation.partner.list_delegation_requests()["DelegationRequests"] == []
        none = delegation.customer.list_delegation_requests(OwnerId=f"arn:aws:iam::{ACCOUNT}:user/x")
        assert none["DelegationRequests"] == []


class TestAssociateDelegationRequest:
    def test_the_caller_becomes_the_owner_once(self, delegation):
        found = delegation.to("ASSIGNED")
        request = delegation.get(found)["DelegationRequest"]
        assert (request["OwnerId"], request["OwnerAccountId"], request["State"]) == (
            ROOT,
            ACCOUNT,
            "ASSIGNED",
        )
        with refused("InvalidInput"):
            delegation.step("ASSIGNED", found)

    def test_one_for_another_account_is_not_there(self, delegation):
        found = delegation.ask(OwnerAccountId=OTHER)
        with refused("NoSuchEntity"):
            delegation.step("ASSIGNED", found)
        delegation.step("ASSIGNED", found, of(OTHER, "iam"))


class TestUpdateDelegationRequest:
    def test_it_waits_for_approval_with_notes(self, delegation):
        found = delegation.to("ASSIGNED")
        delegation.customer.update_delegation_request(DelegationRequestId=found, Notes="why not")
        request = delegation.get(found)["DelegationRequest"]
        assert (request["State"], request["Notes"]) == ("PENDING_APPROVAL", "why not")

    def test_not_before_it_has_an_owner(self, delegation):
        with refused("InvalidInput"):
            delegation.step("PENDING_APPROVAL", delegation.ask())


class TestAcceptDelegationRequest:
    def test_the_approver_is_recorded(self, delegation):
        request = delegation.get(delegation.to("ACCEPTED"))["DelegationRequest"]
        assert (request["State"], request["ApproverId"]) == ("ACCEPTED", ROOT)

    def test_by_the_owners_account_and_once(self, delegation):
        with refused("AccessDenied"):
            delegation.step("ACCEPTED", delegation.ask())
        with refused("AccessDenied"):
            delegation.step("ACCEPTED", delegation.to("ASSIGNED"), delegation.partner)
        with refused("ConcurrentModification"):
            delegation.step("ACCEPTED", delegation.to("ACCEPTED"))


class TestRejectDelegationRequest:
    @pytest.mark.parametrize("state", ["ASSIGNED", "PENDING_APPROVAL", "ACCEPTED"])
    def test_until_the_token_was_sent(self, delegation, state):
        found = delegation.to(state)
        delegation.customer.reject_delegation_request(DelegationRequestId=found, Notes="no")
        request = delegation.get(found)["DelegationRequest"]
        assert (request["State"], request["RejectionReason"]) == ("REJECTED", "no")
        with refused("InvalidInput"):
            delegation.step("PENDING_APPROVAL", found)

    def test_not_after_it(self, delegation):
        with refused("InvalidInput"):
            delegation.step("REJECTED", delegation.to("FINALIZED"))

    def test_it_expires_after_seven_days(self, delegation):
        found = delegation.to("ASSIGNED")
        delegation.step("REJECTED", found)
        delegation.cognito.clock.advance(days=7, seconds=-60)
        assert delegation.state(found) == "REJECTED"
        delegation.cognito.clock.advance(61)
        assert delegation.state(found) == "EXPIRED"


class TestSendDelegationToken:
    def test_the_topic_hears_each_change_and_the_token_in_the_end(self, delegation):
        found = delegation.to("FINALIZED")
        told = [json.loads(message.body) for message in delegation.cognito.messages]
        assert [each["state"] for each in told] == ["ASSIGNED", "PENDING_APPROVAL", "ACCEPTED", "FINALIZED"]
        assert [each["delegationRequestId"] for each in told] == [found] * 4
        assert ["exchangeToken" in each for each in told] == [False, False, False, True]
        assert {message.medium for message in delegation.cognito.messages} == {"SNS"}

    def test_only_an_accepted_one(self, delegation):
        with refused("InvalidInput"):
            delegation.step("FINALIZED", delegation.to("PENDING_APPROVAL"))
        found = delegation.to("FINALIZED")
        with refused("InvalidInput"):
            delegation.step("FINALIZED", found)

    def test_only_by_the_owner_where_the_partner_wants_it_so(self, delegation):
        found = delegation.to("ACCEPTED", OnlySendByOwner=True)
        with refused("AccessDenied"):
            delegation.step("FINALIZED", found, client("iam", session(delegation)))
        delegation.step("FINALIZED", found)

    def test_a_snapshot_keeps_the_request_and_its_token(self, delegation):
        delegation.to("FINALIZED")
        token = delegation.token()
        delegation.cognito.restore(json.loads(json.dumps(delegation.cognito.snapshot())))
        assert delegation.trade(token)["AssumedPrincipal"] == ROOT
