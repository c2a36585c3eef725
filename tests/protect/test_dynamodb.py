import json
import urllib.error
import urllib.request

import boto3
import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from support.identity_env import ACCOUNT, allow, client
from support.pool_env import refused

TABLE = f"arn:aws:dynamodb:us-east-1:{ACCOUNT}:table/notes"
SUB = "${cognito-identity.amazonaws.com:sub}"
OWN = {"ForAllValues:StringEquals": {"dynamodb:LeadingKeys": [SUB]}}
ALL = allow("dynamodb:*", "*")


@pytest.fixture
def table(behind):
    """A table of notes by owner and day, with an index by kind and one item for each of two users."""
    db = behind("dynamodb")
    db.create_table(
        TableName="notes",
        KeySchema=[
            {"AttributeName": "owner", "KeyType": "HASH"},
            {"AttributeName": "day", "KeyType": "RANGE"},
        ],
        AttributeDefinitions=[
            {"AttributeName": name, "AttributeType": "S"} for name in ("owner", "day", "kind")
        ],
        GlobalSecondaryIndexes=[
            {
                "IndexName": "by-kind",
                "KeySchema": [{"AttributeName": "kind", "KeyType": "HASH"}],
                "Projection": {"ProjectionType": "ALL"},
            }
        ],
        BillingMode="PAY_PER_REQUEST",
    )
    db.put_item(TableName="notes", Item=note("other"))
    return db


def note(owner, day="1", **more):
    item = {"owner": owner, "day": day, "kind": "plain", **more}
    return {name: {"S": value} for name, value in item.items()}


def key(owner, day="1"):
    return {"owner": {"S": owner}, "day": {"S": day}}


@pytest.fixture
def me(identity_env):
    return identity_env.id_of(identity_env.logins("ada"))


class TestActions:
    def test_ada_may_what_her_role_lets_her_and_the_guest_may_not(self, table, ask):
        ada = ask("dynamodb", allow("dynamodb:GetItem", TABLE))
        assert ada.get_item(TableName="notes", Key=key("other"))["Item"] == note("other")
        guest = ask("dynamodb", allow("dynamodb:ListTables"), name=None)
        with refused("AccessDeniedException") as caught:
            guest.get_item(TableName="notes", Key=key("other"))
        assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 400
        assert caught.value.response["Error"]["Message"] == (
            f"User: arn:aws:sts::{ACCOUNT}:assumed-role/guest/CognitoIdentityCredentials is not authorized to "
            f"perform: dynamodb:GetItem on resource: {TABLE} because no identity-based policy allows the "
            "dynamodb:GetItem action"
        )
        assert guest.list_tables()["TableNames"] == ["notes"]

    def test_an_index_is_a_resource_of_its_own(self, table, ask):
        ada = ask("dynamodb", allow("dynamodb:Query", TABLE))
        asked = {
            "TableName": "notes",
            "IndexName": "by-kind",
            "KeyConditionExpression": "kind = :k",
            "ExpressionAttributeValues": {":k": {"S": "plain"}},
        }
        with refused("AccessDeniedException") as caught:
            ada.query(**asked)
        assert f"on resource: {TABLE}/index/by-kind because" in str(caught.value)
        ask("dynamodb", allow("dynamodb:Query", f"{TABLE}/index/*"))
        assert ada.query(**asked)["Count"] == 1

    def test_each_table_of_a_batch_and_each_item_of_a_transaction_counts(self, table, ask):
        ada = ask("dynamodb", allow(["dynamodb:BatchGetItem", "dynamodb:PutItem"], TABLE))
        ada.batch_get_item(RequestItems={"notes": {"Keys": [key("other")]}})
        with refused("AccessDeniedException") as caught:
            ada.batch_get_item(RequestItems={"notes": {"Keys": [key("other")]}, "more": {"Keys": [key("a")]}})
        assert "table/more" in str(caught.value)
        put = {"Put": {"TableName": "notes", "Item": note("ada")}}
        ada.transact_write_items(TransactItems=[put])
        with refused("AccessDeniedException") as caught:
            delete = {"Delete": {"TableName": "notes", "Key": key("other")}}
            ada.transact_write_items(TransactItems=[put, delete])
        assert "dynamodb:DeleteItem" in str(caught.value)
        with refused("AccessDeniedException") as caught:
            ada.batch_write_item(RequestItems={"notes": [{"PutRequest": {"Item": note("x")}}]})
        assert "dynamodb:BatchWriteItem" in str(caught.value)

    def test_partiql_is_told_by_its_verb(self, table, ask):
        ada = ask("dynamodb", allow("dynamodb:PartiQLSelect", TABLE))
        asked = "SELECT * FROM \"notes\" WHERE owner = 'other'"
        assert len(ada.execute_statement(Statement=asked)["Items"]) == 1
        with refused("AccessDeniedException") as caught:
            ada.execute_statement(Statement="DELETE FROM notes WHERE owner='other' AND day='1'")
        assert f"dynamodb:PartiQLDelete on resource: {TABLE}" in str(caught.value)


class TestLeadingKeys:
    """The policy of AWS's examples: each identity may access the items whose key is its id."""

    @pytest.fixture
    def ada(self, table, ask):
        return ask("dynamodb", allow("dynamodb:*", [TABLE, f"{TABLE}/index/*"], Condition=OWN))

    def test_own_items_can_be_read_and_written(self, ada, me):
        ada.put_item(TableName="notes", Item=note(me))
        assert ada.get_item(TableName="notes", Key=key(me))["Item"] == note(me)
        ada.update_item(
            TableName="notes",
            Key=key(me),
            UpdateExpression="SET kind = :k",
            ExpressionAttributeValues={":k": {"S": "x"}},
        )
        ada.batch_write_item(RequestItems={"notes": [{"PutRequest": {"Item": note(me, "2")}}]})
        ada.transact_write_items(TransactItems=[{"Delete": {"TableName": "notes", "Key": key(me, "2")}}])

    @pytest.mark.parametrize(
        "call",
        [
            lambda db: db.get_item(TableName="notes", Key=key("other")),
            lambda db: db.put_item(TableName="notes", Item=note("other")),
            lambda db: db.delete_item(TableName="notes", Key=key("other")),
            lambda db: db.batch_write_item(
                RequestItems={"notes": [{"DeleteRequest": {"Key": key("other")}}]}
            ),
            lambda db: db.batch_get_item(RequestItems={"notes": {"Keys": [key("other")]}}),
            lambda db: db.transact_get_items(
                TransactItems=[{"Get": {"TableName": "notes", "Key": key("other")}}]
            ),
            lambda db: db.execute_statement(Statement="SELECT * FROM notes WHERE owner='other'"),
        ],
    )
    def test_those_of_others_cannot(self, ada, table, call):
        with refused("AccessDeniedException"):
            call(ada)
        assert table.get_item(TableName="notes", Key=key("other"))["Item"] == note("other")

    @pytest.mark.parametrize(
        ("expression", "names"),
        [("owner = :o", {}), ("#o=:o AND begins_with(#d, :d)", {"#o": "owner", "#d": "day"})],
    )
    def test_a_query_tells_its_key(self, ada, me, expression, names):
        def ask_for(owner):
            values = {":o": {"S": owner}, ":d": {"S": "1"}}
            values = {name: value for name, value in values.items() if name in expression}
            more = {"ExpressionAttributeNames": names} if names else {}
            return ada.query(
                TableName="notes",
                KeyConditionExpression=expression,
                ExpressionAttributeValues=values,
                **more,
            )["Count"]

        ada.put_item(TableName="notes", Item=note(me))
        assert ask_for(me) == 1
        with refused("AccessDeniedException"):
            ask_for("other")

    def test_a_query_in_the_old_form_tells_it_too(self, ada, me):
        def ask_for(owner):
            condition = {"owner": {"AttributeValueList": [{"S": owner}], "ComparisonOperator": "EQ"}}
            return ada.query(TableName="notes", KeyConditions=condition)["Count"]

        assert ask_for(me) == 0
        with refused("AccessDeniedException"):
            ask_for("other")

    def test_a_query_that_hides_its_key_is_refused(self, ada):
        with refused("AccessDeniedException"):
            ada.query(
                TableName="notes",
                KeyConditionExpression=":o = owner",
                ExpressionAttributeValues={":o": {"S": "other"}},
            )

    def test_a_name_that_stands_twice_deceives_nobody(self, ada, table, me, identity_env):
        body = json.dumps({"TableName": "notes", "Key": key(me)})
        body = body.replace('"Key"', f'"Key": {json.dumps(key("other"))}, "Key"', 1)
        status, answer = posted(identity_env, "GetItem", body)
        assert (status, "other" in answer) == (200, False)


class TestAttributes:
    def test_only_those_that_are_allowed(self, table, ask):
        some = {"ForAllValues:StringEquals": {"dynamodb:Attributes": ["owner", "day", "kind"]}}
        wants = {**some, "StringEqualsIfExists": {"dynamodb:Select": "SPECIFIC_ATTRIBUTES"}}
        ada = ask("dynamodb", allow("dynamodb:GetItem", TABLE, Condition=wants))
        found = ada.get_item(
            TableName="notes",
            Key=key("other"),
            ProjectionExpression="#k.a, kind",
            ExpressionAttributeNames={"#k": "day"},
        )
        assert found["Item"]
        for more in ({}, {"ProjectionExpression": "secret"}, {"AttributesToGet": ["secret"]}):
            with refused("AccessDeniedException"):
                ada.get_item(TableName="notes", Key=key("other"), **more)


class TestCredentials:
    def test_those_that_are_not_ours_are_not_recognized(self, table, identity_env):
        with refused("UnrecognizedClientException", "The security token included in the request is invalid."):
            boto3.client("dynamodb", region_name="us-east-1").list_tables()

    def test_a_wrong_secret_does_not_sign(self, table, identity_env):
        with refused("InvalidSignatureException"):
            client("dynamodb", {**identity_env.credentials("ada"), "SecretKey": "x"}).list_tables()

    def test_they_expire_with_the_world_s_clock(self, table, ask, identity_env):
        ada = ask("dynamodb", ALL)
        identity_env.cognito.clock.advance(hours=2)
        with refused("ExpiredTokenException"):
            ada.list_tables()

    def test_nobody_is_refused(self, table, identity_env):
        status, answer = posted(identity_env, "ListTables", "{}", signed=False)
        assert (status, "MissingAuthenticationTokenException" in answer) == (400, True)


class TestOddRequests:
    @pytest.mark.parametrize(
        ("operation", "body"),
        [
            ("GetItem", "{"),
            ("GetItem", "[]"),
            ("BatchGetItem", "{}"),
            ("BatchGetItem", '{"RequestItems": [1]}'),
            ("BatchWriteItem", '{"RequestItems": {"notes": [{"Other": {}}]}}'),
            ("TransactWriteItems", '{"TransactItems": [{"Put": {}, "Delete": {}}]}'),
            ("ExecuteStatement", '{"Statement": "drop everything"}'),
            ("GetItem", '{"TableName": "notes", "Key": 1}'),
            ("GetItem", '{"a":' * 5000 + "1" + "}" * 5000),
            ("Query", json.dumps({"TableName": "notes", "KeyConditionExpression": "a" * 100_000})),
            ("ExecuteStatement", json.dumps({"Statement": "select from " * 10_000})),
        ],
    )
    def test_a_body_that_is_not_understood_is_not_passed_on(self, table, ask, identity_env, operation, body):
        ask("dynamodb", ALL)
        status, answer = posted(identity_env, operation, body)
        assert (status, "SerializationException" in answer) == (400, True)

    def test_the_errors_of_the_server_behind_come_as_they_are(self, table, ask):
        with refused("ResourceNotFoundException"):
            ask("dynamodb", ALL).get_item(TableName="absent", Key=key("a"))


def posted(identity_env, operation, body, *, signed=True):
    """Status and body of a request that no SDK sends."""
    request = AWSRequest("POST", f"{identity_env.cognito.url}/", data=body, headers={
        "X-Amz-Target": f"DynamoDB_20120810.{operation}", "Content-Type": "application/x-amz-json-1.0",
    })  # fmt: skip
    if signed:
        given = identity_env.credentials("ada")
        keys = Credentials(given["AccessKeyId"], given["SecretKey"], given["SessionToken"])
        SigV4Auth(keys, "dynamodb", "us-east-1").add_auth(request)
    sent = urllib.request.Request(request.url, data=body.encode(), headers=dict(request.headers.items()))
    try:
        with urllib.request.urlopen(sent, timeout=30) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()
