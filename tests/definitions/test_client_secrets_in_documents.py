"""App clients with two secrets, and the sessions of pools and clients, in documents."""

from __future__ import annotations

import pytest
from support.another_server import another_server
from support.shown_state import shown

from cogmock.definitions.applying.document import apply
from cogmock.definitions.exporting.document import export
from cogmock.definitions.load import load_data

OLD, NEW, OTHER = "oldsecret0123456789abcdef", "newsecret0123456789abcdef", "othersecret0123456789abcd"


def document(client="", pool=""):
    """A pool with one client."""
    return f"""
pools:
  - id: us-east-1_Shop
    PoolName: shop
    {pool}
    clients:
      - id: jobsjobs
        ClientName: jobs
        {client}
"""


def held(world):
    return [secret.value for secret in world.region("us-east-1").clients["jobsjobs"].secrets]


BOTH = f"{{ClientSecret: {OLD}, second_secret: {NEW}}}"[1:-1].replace(", ", "\n        ")


class TestSecondSecret:
    def test_both_are_there_and_the_first_is_described(self, documents):
        documents.apply(document(BOTH))
        about = {"UserPoolId": "us-east-1_Shop", "ClientId": "jobsjobs"}
        listed = documents.idp.list_user_pool_client_secrets(**about)["ClientSecrets"]
        assert len(listed) == 2
        assert documents.idp.describe_user_pool_client(**about)["UserPoolClient"]["ClientSecret"] == OLD
        assert held(documents.world) == [OLD, NEW]

    @pytest.mark.parametrize(
        ("before", "stated", "after"),
        [
            (BOTH, BOTH, [OLD, NEW]),
            (f"ClientSecret: {OLD}", BOTH, [OLD, NEW]),
            (f"ClientSecret: {NEW}", BOTH, [OLD, NEW]),
            (f"ClientSecret: {OTHER}", BOTH, [OLD, NEW]),
            (BOTH, BOTH.replace(OLD, OTHER), [OTHER, NEW]),
            (BOTH, BOTH.replace(NEW, OTHER), [OLD, OTHER]),
            (BOTH, f"ClientSecret: {NEW}", [NEW]),
            (BOTH, BOTH.replace(NEW, "true"), [OLD, NEW]),
            (BOTH, f"GenerateSecret: true\n        second_secret: {OTHER}", [OLD, OTHER]),
            (BOTH, "GenerateSecret: true\n        second_secret: true", [OLD, NEW]),
            (BOTH, "", [OLD, NEW]),
        ],
    )
    def test_what_is_stated_is_then_there_and_the_next_time_unchanged(self, documents, before, stated, after):
        documents.apply(document(before))
        documents.apply(document(stated))
        assert held(documents.world) == after
        again = documents.apply(document(stated)).summary
        assert (again["updated"], again["created"]) == (0, 0)
        assert held(documents.world) == after

    def test_one_is_drawn_where_a_document_says_so(self, documents):
        stated = "GenerateSecret: true\n        second_secret: true"
        documents.apply(document(stated))
        first, second = held(documents.world)
        assert first != second
        documents.apply(document(stated))
        assert held(documents.world) == [first, second]

    def test_a_change_is_told_and_taken_back_with_a_refused_document(self, documents):
        documents.apply(document(f"ClientSecret: {OLD}"))
        assert documents.faults(document(BOTH) + "  - {PoolName: x, MfaConfiguration: 'ON'}\n")
        assert held(documents.world) == [OLD]
        documents.apply(document(BOTH), dry_run=True)
        assert held(documents.world) == [OLD]
        [change] = [one for one in documents.apply(document(BOTH)).changes if one.change == "updated"]
        assert (change.kind, change.fields) == ("user_pool_client", ["second_secret"])

    def test_an_export_with_secrets_has_both_and_one_without_asks_for_new_ones(self, documents):
        documents.apply(document(BOTH))
        [client] = export(documents.world, secrets=True)["pools"][0]["clients"]
        assert (client["ClientSecret"], client["second_secret"]) == (OLD, NEW)
        bare = export(documents.world)
        [client] = bare["pools"][0]["clients"]
        assert (client["GenerateSecret"], client["second_secret"]) == (True, True)
        with another_server() as other:
            apply(other.world, load_data(bare))
            assert len(held(other.world)) == 2

    @pytest.mark.parametrize(
        ("client", "message"),
        [
            (
                f"second_secret: {NEW}",
                "a client with a second secret has a first one: state ClientSecret or GenerateSecret",
            ),
            (BOTH.replace(NEW, OLD), "the second secret is the same as ClientSecret"),
            (BOTH.replace(NEW, "[a]"), "must be a secret, or true for one that is drawn, not a list"),
            (BOTH.replace(NEW, "short"), "must have length greater than or equal to 24"),
            (
                f"GenerateSecret: true\n        PublishSecretsInAWSSecretsManager: true\n        second_secret: {NEW}",
                "the second secret of a client that publishes its secrets is made by their rotation",
            ),
        ],
    )
    def test_faults(self, documents, client, message):
        [(path, line, told)] = documents.faults(document(client))
        assert path == "pools[0].clients[0].second_secret"
        assert line == document(client).split("second_secret")[0].count("\n") + 1
        assert message in told

    def test_a_client_that_was_made_without_a_secret_gets_none(self, documents):
        documents.apply(document())
        [(path, _, message)] = documents.faults(document("GenerateSecret: true\n        second_secret: true"))
        assert path == "pools[0].clients[0].second_secret"
        assert message == "AWS cannot give a secret to a client that was made without one"


class TestSessions:
    POOL = "sessions: {UserSessionTracking: ENABLED, TokenSession: {MaxPerUser: 3}}"
    CLIENT = "sessions: {SSOSession: {MaxValidityMinutes: 15}}"

    def test_they_are_set_and_come_again(self, documents):
        documents.apply(document(self.CLIENT, self.POOL))
        about = {"UserPoolId": "us-east-1_Shop"}
        found = documents.idp.get_user_pool_session_configuration(**about)
        assert (found["UserSessionTracking"], found["TokenSession"]) == ("ENABLED", {"MaxPerUser": 3})
        found = documents.idp.get_user_pool_client_session_configuration(**about, ClientId="jobsjobs")
        assert found["SSOSession"] == {"MaxValidityMinutes": 15}
        before, exported = shown(), export(documents.world)
        with another_server() as other:
            apply(other.world, load_data(exported))
            assert shown() == before

    def test_changes_are_told_and_the_next_time_there_is_none(self, documents):
        documents.apply(document())
        changes = documents.apply(document(self.CLIENT, self.POOL)).changes
        told = {one.kind: one.fields for one in changes if one.change == "updated"}
        assert told == {"user_pool": ["sessions"], "user_pool_client": ["sessions"]}
        assert documents.apply(document(self.CLIENT, self.POOL)).summary["updated"] == 0

    def test_faults(self, documents):
        faults = documents.faults(
            document(self.CLIENT.replace("15", "x"), self.POOL.replace("ENABLED", "MAYBE"))
        )
        assert [fault[0] for fault in faults] == [
            "pools[0].sessions.UserSessionTracking",
            "pools[0].clients[0].sessions.SSOSession.MaxValidityMinutes",
        ]

    def test_a_client_of_a_pool_that_does_not_track_sessions(self, documents):
        [(path, _, message)] = documents.faults(document(self.CLIENT))
        assert path == "pools[0].clients[0].sessions"
        assert message == "Session tracking is not enabled for this user pool."


def test_the_sessions_of_an_export_are_those_of_its_plan(documents):
    """A pool that went to a plan without session tracking takes no such settings."""
    documents.apply(document(TestSessions.CLIENT, TestSessions.POOL))
    documents.world.find_pool("us-east-1_Shop")[1].settings["UserPoolTier"] = "LITE"
    [pool] = export(documents.world)["pools"]
    assert "sessions" not in pool
    assert "sessions" not in pool["clients"][0]
