"""CIMD policies and the cache of client ID metadata documents, through the API."""

from __future__ import annotations

import pytest
from support.agents import AGENT, PATTERN, AgentEnv, fetches, metadata
from support.domain_env import WEB
from support.pool_env import connect, refused
from support.waiting import promptly

DAY, YEAR = 86400, 31556952


@pytest.fixture
def env(cognito):
    return AgentEnv(cognito, client=WEB)


@pytest.fixture
def lite(env):
    """The same pool after a downgrade to the Lite plan."""
    env.idp.update_user_pool(UserPoolId=env.pool_id, UserPoolTier="LITE")
    return env


def described(env, policy_id=None):
    answer = env.idp.describe_cimd_policy(UserPoolId=env.pool_id, CIMDPolicyId=policy_id or env.policy_id)
    return answer["CIMDPolicy"]


def update(env, *patterns, policy_id=None, **more):
    given = {"ClientId": env.app_client_id, "URLPatterns": list(patterns or (PATTERN,)), **more}
    answer = env.idp.update_cimd_policy(
        UserPoolId=env.pool_id, CIMDPolicyId=policy_id or env.policy_id, **given
    )
    return answer["CIMDPolicy"]


class TestCreateCIMDPolicy:
    def test_it_answers_all_that_it_keeps(self, env):
        made = env.policy("https://a.example.com/*", "https://b.example.com/c", PolicyName="both")
        assert made.pop("CreationDate") == made.pop("LastModifiedDate")
        assert set(made.pop("CIMDPolicyId")) <= set("abcdefghijklmnopqrstuvwxyz0123456789")
        assert made == {
            "UserPoolId": env.pool_id,
            "ClientId": env.app_client_id,
            "PolicyName": "both",
            "CacheDuration": DAY,
            "URLPatterns": ["https://a.example.com/*", "https://b.example.com/c"],
        }

    @pytest.mark.parametrize("seconds", [DAY, YEAR])
    def test_documents_are_kept_for_a_day_to_a_year(self, env, seconds):
        assert env.policy(CacheDuration=seconds)["CacheDuration"] == seconds

    @pytest.mark.parametrize(
        ("more", "told"),
        [
            ({"CacheDuration": DAY - 1}, "at 'cacheDuration' failed to satisfy constraint"),
            ({"CacheDuration": YEAR + 1}, "at 'cacheDuration' failed to satisfy constraint"),
            ({"PolicyName": "x" * 33}, "at 'policyName' failed to satisfy constraint"),
        ],
    )
    def test_values_beyond_the_limits_are_refused(self, env, more, told):
        with refused("InvalidParameterException") as caught:
            env.policy(**more)
        assert told in str(caught.value)

    @pytest.mark.parametrize(
        "pattern",
        [
            "http://agent.example.com/c",
            "https://a.b",
            "https://agent.example.com/c?x=1",
            "https://agent.example.com/c#x",
            "https://agent.example.com/a b",
            "https://agent.example.com/\\c",
            "https://agent.example.com/ü",
            "https://agent.example.com/" + "c" * 232,
        ],
    )
    def test_patterns_have_no_query_no_fragment_and_no_other_alphabet(self, env, pattern):
        with refused("InvalidParameterException") as caught:
            env.policy(pattern)
        assert "uRLPatterns" in str(caught.value)

    def test_one_to_five_patterns_are_given(self, env):
        five = [f"https://{name}.example.com/*" for name in "abcde"]
        assert env.policy(*five)["URLPatterns"] == five
        with refused("InvalidParameterException"):
            env.policy(*five, PATTERN)
        with refused("InvalidParameterException"):
            env.idp.create_cimd_policy(
                UserPoolId=env.pool_id, ClientId=env.app_client_id, PolicyName="none", URLPatterns=[]
            )

    def test_a_name_and_a_pattern_may_be_used_again(self, env):
        assert env.policy()["CIMDPolicyId"] != env.policy_id

    def test_an_unknown_pool_or_client_does_not_exist(self, env):
        with refused("ResourceNotFoundException"):
            env.policy(ClientId="unknownclient")
        with refused("ResourceNotFoundException"):
            connect().create_cimd_policy(
                UserPoolId="us-east-1_Nobody123", ClientId="x", PolicyName="p", URLPatterns=[PATTERN]
            )

    def test_a_url_is_not_the_id_of_an_app_client(self, env):
        with refused("InvalidParameterException") as caught:
            env.policy(ClientId=AGENT)
        assert "[\\w+]+" in str(caught.value)

    def test_a_pool_has_a_hundred_at_most(self, env):
        for _ in range(99):
            env.policy()
        with refused("LimitExceededException"):
            env.policy()

    def test_the_lite_plan_has_none(self, lite):
        with refused("FeatureUnavailableInTierException"):
            lite.policy()


class TestDescribeCIMDPolicy:
    def test_it_tells_what_was_created(self, env):
        made = env.policy("https://other.example.com/*", CacheDuration=2 * DAY)
        assert described(env, made["CIMDPolicyId"]) == made

    def test_the_client_id_is_left_out_once_the_client_is_gone(self, env):
        assert described(env)["ClientId"] == env.app_client_id
        env.idp.delete_user_pool_client(UserPoolId=env.pool_id, ClientId=env.app_client_id)
        assert "ClientId" not in described(env)

    def test_an_unknown_one_does_not_exist(self, env):
        with refused("ResourceNotFoundException", "CIMD policy nosuchpolicy does not exist."):
            described(env, "nosuchpolicy")

    def test_it_works_in_the_lite_plan(self, lite):
        assert described(lite)["PolicyName"] == "agents"


class TestUpdateCIMDPolicy:
    def test_name_and_duration_are_kept_and_patterns_replaced(self, env):
        made = env.policy("https://a.example.com/*", "https://b.example.com/*", CacheDuration=3 * DAY)
        env.cognito.clock.advance(minutes=1)
        changed = update(env, "https://c.example.com/*", policy_id=made["CIMDPolicyId"])
        assert changed["URLPatterns"] == ["https://c.example.com/*"]
        assert (changed["PolicyName"], changed["CacheDuration"]) == ("agents", 3 * DAY)
        assert changed["LastModifiedDate"] > changed["CreationDate"] == made["CreationDate"]
        assert described(env, made["CIMDPolicyId"]) == changed

    def test_it_gives_the_policy_to_another_client(self, env):
        other = env.client_of(**WEB)
        assert update(env, ClientId=other, PolicyName="new", CacheDuration=2 * DAY)["ClientId"] == other
        found = described(env)
        assert (found["ClientId"], found["PolicyName"], found["CacheDuration"]) == (other, "new", 2 * DAY)

    def test_urls_that_no_pattern_covers_any_more_are_forgotten(self, env):
        assert env.opened()
        update(env, "https://other.example.com/*")
        assert env.urls() == {}

    def test_an_unknown_policy_or_client_does_not_exist(self, env):
        with refused("ResourceNotFoundException"):
            update(env, policy_id="nosuchpolicy")
        with refused("ResourceNotFoundException"):
            update(env, ClientId="unknownclient")

    def test_the_lite_plan_refuses_it(self, lite):
        with refused("FeatureUnavailableInTierException"):
            update(lite)


class TestDeleteCIMDPolicy:
    def test_it_is_gone_and_its_clients_are_unknown(self, env):
        answer = env.idp.delete_cimd_policy(UserPoolId=env.pool_id, CIMDPolicyId=env.policy_id)
        assert set(answer) == {"ResponseMetadata"}
        with refused("ResourceNotFoundException"):
            described(env)
        assert not env.opened()

    def test_an_unknown_one_does_not_exist(self, env):
        with refused("ResourceNotFoundException"):
            env.idp.delete_cimd_policy(UserPoolId=env.pool_id, CIMDPolicyId="nosuchpolicy")

    def test_it_works_in_the_lite_plan(self, lite):
        lite.idp.delete_cimd_policy(UserPoolId=lite.pool_id, CIMDPolicyId=lite.policy_id)
        assert lite.idp.list_cimd_policies(UserPoolId=lite.pool_id)["CIMDPolicies"] == []


class TestListCIMDPolicies:
    def test_entries_have_neither_pool_nor_patterns(self, env):
        [entry] = env.idp.list_cimd_policies(UserPoolId=env.pool_id)["CIMDPolicies"]
        whole = described(env)
        assert entry == {
            name: value for name, value in whole.items() if name not in {"UserPoolId", "URLPatterns"}
        }

    def test_pages_are_in_the_order_of_creation(self, env):
        made = [env.policy_id, *(env.policy()["CIMDPolicyId"] for _ in range(4))]
        pages = env.idp.get_paginator("list_cimd_policies").paginate(
            UserPoolId=env.pool_id, PaginationConfig={"PageSize": 2}
        )
        found = [[entry["CIMDPolicyId"] for entry in page["CIMDPolicies"]] for page in pages]
        assert found == [made[:2], made[2:4], made[4:]]

    def test_sixty_are_a_page(self, env):
        for _ in range(60):
            env.policy()
        answer = env.idp.list_cimd_policies(UserPoolId=env.pool_id)
        assert len(answer["CIMDPolicies"]) == 60
        assert answer["NextToken"]
        for number in (0, 61):
            with refused("InvalidParameterException"):
                env.idp.list_cimd_policies(UserPoolId=env.pool_id, MaxResults=number)

    def test_the_client_id_is_left_out_once_the_client_is_gone(self, env):
        env.idp.delete_user_pool_client(UserPoolId=env.pool_id, ClientId=env.app_client_id)
        [entry] = env.idp.list_cimd_policies(UserPoolId=env.pool_id)["CIMDPolicies"]
        assert "ClientId" not in entry


class TestListClientMetadataURLs:
    def test_it_has_no_url_before_a_sign_in(self, env):
        assert env.urls() == {}

    def test_a_fetched_document_has_its_two_dates(self, env):
        assert env.opened()
        entry = env.urls()[AGENT]
        assert abs((entry["CachedDate"] - env.now()).total_seconds()) < 5
        assert (entry["ExpirationDate"] - entry["CachedDate"]).total_seconds() == DAY

    def test_it_is_paged(self, env):
        urls = [f"https://agent.example.com/{number}" for number in range(5)]
        for url in urls:
            env.serve(url)
            assert env.opened(client_id=url)
        pages = env.idp.get_paginator("list_client_metadata_urls").paginate(
            UserPoolId=env.pool_id, CIMDPolicyId=env.policy_id, PaginationConfig={"PageSize": 2}
        )
        found = [[entry["URL"] for entry in page["ClientMetadataURLs"]] for page in pages]
        assert found == [urls[:2], urls[2:4], urls[4:]]

    def test_the_oldest_of_a_thousand_leaves_for_a_new_one(self, env, monkeypatch):
        monkeypatch.setattr("cogmock.userpools.rules.cimd.documents.MOST", 3)
        urls = [f"https://agent.example.com/{number}" for number in range(5)]
        for url in urls:
            env.serve(url)
            assert env.opened(client_id=url)
        assert list(env.urls()) == urls[2:]

    def test_an_expired_document_has_no_dates(self, env):
        assert env.opened()
        env.cognito.clock.advance(DAY + 1)
        assert env.urls() == {AGENT: {"URL": AGENT}}

    def test_an_unknown_policy_does_not_exist(self, env):
        with refused("ResourceNotFoundException"):
            env.idp.list_client_metadata_urls(UserPoolId=env.pool_id, CIMDPolicyId="nosuchpolicy")


class TestUpdateClientMetadataURLState:
    def test_refresh_fetches_once_and_renews_the_dates(self, env):
        assert env.opened()
        before = env.urls()[AGENT]
        env.cognito.clock.advance(hours=2)
        with fetches(env.cognito) as count:
            env.cache("REFRESH")
            assert count() == 1
            assert env.opened()
            assert count() == 1
        after = env.urls()[AGENT]
        assert (after["CachedDate"] - before["CachedDate"]).total_seconds() >= 7200
        assert (after["ExpirationDate"] - before["ExpirationDate"]).total_seconds() >= 7200

    def test_invalidate_leaves_the_url_and_the_next_sign_in_fetches(self, env):
        assert env.opened()
        env.cache("INVALIDATE")
        assert env.urls() == {AGENT: {"URL": AGENT}}
        with fetches(env.cognito) as count:
            assert env.opened()
            assert count() == 1
        assert "CachedDate" in env.urls()[AGENT]

    @pytest.mark.parametrize("action", ["REFRESH", "INVALIDATE"])
    def test_a_url_without_a_cached_document_is_refused(self, env, action):
        with refused("CachedCIMDURLDoesNotExistException"):
            env.cache(action)
        assert env.opened()
        env.cache("INVALIDATE")
        with refused("CachedCIMDURLDoesNotExistException"):
            env.cache(action)

    def test_an_expired_document_is_not_cached(self, env):
        assert env.opened()
        env.cognito.clock.advance(DAY + 1)
        with refused("CachedCIMDURLDoesNotExistException"):
            env.cache("REFRESH")

    def test_a_document_that_became_invalid_is_dropped(self, env):
        assert env.opened()
        env.serve(client_secret="geheim")
        with refused("InvalidParameterException"):
            env.cache("REFRESH")
        assert "client_secret" in env.reason()
        assert env.urls() == {AGENT: {"URL": AGENT}}

    def test_the_lite_plan_refuses_it(self, lite):
        with refused("FeatureUnavailableInTierException"):
            lite.cache("INVALIDATE")

    @pytest.mark.parametrize("url", ["http://agent.example.com/c", "https://a", "https://a b.example.com/"])
    def test_the_url_is_an_https_url(self, env, url):
        with refused("InvalidParameterException"):
            env.cache("REFRESH", url)

    def test_a_pool_that_is_deleted_meanwhile_is_no_fault(self, env, monkeypatch):
        """The document is fetched without the lock."""
        from cogmock.core import document_fetch

        assert env.opened()
        real = document_fetch.fetch

        def slow(world, url):
            connect().delete_user_pool(UserPoolId=env.pool_id)
            return real(world, url)

        monkeypatch.setattr(document_fetch, "fetch", slow)
        with refused("InvalidParameterException"):
            env.cache("REFRESH")
        assert "deleted" in env.reason()


class TestOtherOperations:
    def test_none_takes_a_url_as_client_id(self, env):
        for ask in (
            lambda: env.idp.initiate_auth(
                ClientId=AGENT, AuthFlow="USER_PASSWORD_AUTH", AuthParameters={"USERNAME": "ada"}
            ),
            lambda: env.idp.sign_up(ClientId=AGENT, Username="eve", Password="Passw0rd!"),
            lambda: env.idp.revoke_token(ClientId=AGENT, Token="x"),
            lambda: env.idp.get_tokens_from_refresh_token(ClientId=AGENT, RefreshToken="x"),
        ):
            with refused("InvalidParameterException") as caught:
                ask()
            assert "[\\w+]+" in str(caught.value)

    def test_many_patterns_of_stars_are_compared_at_once(self, env):
        """With regular expressions this would take hours."""
        env.policy("https://agent.example.com/" + "*a" * 114 + "b")
        url = "https://agent.example.com/" + "a" * 230
        env.serve(url)
        with promptly():
            assert env.opened(client_id=url)

    def test_deleting_a_client_keeps_its_policies(self, env):
        env.idp.delete_user_pool_client(UserPoolId=env.pool_id, ClientId=env.app_client_id)
        assert len(env.idp.list_cimd_policies(UserPoolId=env.pool_id)["CIMDPolicies"]) == 1
        assert not env.opened()
        assert "does not exist any more" in env.reason()

    def test_the_document_of_a_url_is_kept_for_each_policy(self, env):
        assert env.opened()
        narrow = env.policy(AGENT)["CIMDPolicyId"]
        env.serve(client_name="Renamed")
        assert env.opened()
        listed = env.idp.list_client_metadata_urls(UserPoolId=env.pool_id, CIMDPolicyId=narrow)
        assert [entry["URL"] for entry in listed["ClientMetadataURLs"]] == [AGENT]
        assert metadata()["client_id"] == AGENT
