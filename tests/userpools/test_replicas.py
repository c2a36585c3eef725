"""Replicas of user pools in other Regions."""

from __future__ import annotations

import boto3
import pytest
from support.pool_env import OTHER, PASSWORD, connect, refused

KEY = {
    "KeyType": "CUSTOMER_MANAGED_KEY",
    "KmsKeyArn": "arn:aws:kms:us-east-1:123456789012:key/mrk-1234abcd12ab34cd56ef1234567890ab",
}
REGION = "eu-west-1"
ELSEWHERE = "ap-southeast-2"


@pytest.fixture
def env(found):
    env = found(KeyConfiguration=KEY)
    env.add_user(email="ada@example.com", email_verified="true")
    return env


@pytest.fixture
def made(env, cognito):
    """Creates a replica, which then has this status."""

    def made(status="ACTIVE"):
        env.idp.create_user_pool_replica(UserPoolId=env.pool_id, RegionName=REGION)
        cognito.clock.advance(1)
        if status == "ACTIVE":
            env.idp.update_user_pool_replica(UserPoolId=env.pool_id, RegionName=REGION, Status="ACTIVE")
        return connect(REGION)

    return made


@pytest.fixture
def there(made):
    """A client of the Region of an ACTIVE replica."""
    return made()


def listed(env, idp=None):
    answer = (idp or env.idp).list_user_pool_replicas(UserPoolId=env.pool_id)
    return {each["RegionName"]: each["Status"] for each in answer["UserPoolReplicas"]}


def triggers(**names):
    prefix = f"arn:aws:lambda:{REGION}:123456789012:function:"
    return {trigger: prefix + name for trigger, name in names.items()}


def sign_in(env, idp, password=PASSWORD):
    return idp.initiate_auth(
        ClientId=env.client_id,
        AuthFlow="USER_PASSWORD_AUTH",
        AuthParameters={"USERNAME": "ada", "PASSWORD": password},
    )


class TestCreateUserPoolReplica:
    def test_is_creating_for_a_second_of_the_clock_and_then_inactive(self, env, cognito):
        there = connect(REGION)
        answer = env.idp.create_user_pool_replica(UserPoolId=env.pool_id, RegionName=REGION)
        assert answer["UserPoolReplica"] == {
            "RegionName": REGION,
            "Status": "CREATING",
            "Role": "SECONDARY",
            "UserPoolArn": f"arn:aws:cognito-idp:{REGION}:123456789012:userpool/{env.pool_id}",
        }
        with refused("ResourceNotFoundException"):
            there.describe_user_pool(UserPoolId=env.pool_id)
        cognito.clock.advance(1)
        assert listed(env)[REGION] == "INACTIVE"

    @pytest.mark.parametrize("region", ["us-east-1", "nowhere", "eu_west_1"])
    def test_refuses_its_own_region_and_what_is_none(self, env, region):
        with refused("InvalidParameterException"):
            env.idp.create_user_pool_replica(UserPoolId=env.pool_id, RegionName=region)

    def test_refuses_a_second_one_in_a_region(self, env, made):
        made()
        with refused("InvalidParameterException"):
            env.idp.create_user_pool_replica(UserPoolId=env.pool_id, RegionName=REGION)

    def test_a_pool_has_at_most_five(self, env):
        for number in range(1, 6):
            env.idp.create_user_pool_replica(UserPoolId=env.pool_id, RegionName=f"eu-west-{number}")
        with refused("LimitExceededException"):
            env.idp.create_user_pool_replica(UserPoolId=env.pool_id, RegionName=ELSEWHERE)

    def test_needs_a_multi_region_key(self, found):
        env = found()
        with refused("OperationNotEnabledException"):
            env.idp.create_user_pool_replica(UserPoolId=env.pool_id, RegionName=REGION)

    def test_needs_essentials(self, found):
        env = found(UserPoolTier="LITE", KeyConfiguration=KEY)
        with refused("FeatureUnavailableInTierException"):
            env.idp.create_user_pool_replica(UserPoolId=env.pool_id, RegionName=REGION)

    def test_refuses_tags_that_are_none(self, env):
        with refused("UserPoolTaggingException"):
            env.idp.create_user_pool_replica(
                UserPoolId=env.pool_id, RegionName=REGION, UserPoolTags={"aws:x": "y"}
            )

    def test_a_pool_with_replicas_stays_in_its_plan_and_is_not_deleted(self, env, there):
        with refused("TierChangeNotAllowedException"):
            env.idp.update_user_pool(UserPoolId=env.pool_id, UserPoolTier="LITE", KeyConfiguration=KEY)
        with refused("InvalidParameterException"):
            env.idp.delete_user_pool(UserPoolId=env.pool_id)


class TestListUserPoolReplicas:
    def test_has_the_primary_first_and_is_the_same_in_both_regions(self, env, there):
        answer = env.idp.list_user_pool_replicas(UserPoolId=env.pool_id)["UserPoolReplicas"]
        assert [(each["Role"], each["Status"]) for each in answer] == [
            ("PRIMARY", "ACTIVE"),
            ("SECONDARY", "ACTIVE"),
        ]
        assert there.list_user_pool_replicas(UserPoolId=env.pool_id)["UserPoolReplicas"] == answer

    def test_a_pool_without_replicas_has_its_primary(self, env):
        assert listed(env) == {"us-east-1": "ACTIVE"}


class TestUpdateUserPoolReplica:
    def test_only_an_active_replica_serves_end_users(self, env, made):
        there = made("INACTIVE")
        with refused("OperationNotEnabledException"):
            sign_in(env, there)
        assert there.describe_user_pool(UserPoolId=env.pool_id)["UserPool"]["Id"] == env.pool_id
        there.update_user_pool_replica(UserPoolId=env.pool_id, RegionName=REGION, Status="ACTIVE")
        assert sign_in(env, there)["AuthenticationResult"]
        env.idp.update_user_pool_replica(UserPoolId=env.pool_id, RegionName=REGION, Status="INACTIVE")
        with refused("OperationNotEnabledException"):
            sign_in(env, there)

    def test_refuses_what_is_no_secondary(self, env, there):
        with refused("InvalidParameterException"):
            env.idp.update_user_pool_replica(
                UserPoolId=env.pool_id, RegionName="us-east-1", Status="INACTIVE"
            )
        with refused("ResourceNotFoundException"):
            env.idp.update_user_pool_replica(UserPoolId=env.pool_id, RegionName=ELSEWHERE, Status="ACTIVE")

    def test_refuses_one_that_is_being_created(self, env):
        env.idp.create_user_pool_replica(UserPoolId=env.pool_id, RegionName=REGION)
        with refused("InvalidParameterException"):
            env.idp.update_user_pool_replica(UserPoolId=env.pool_id, RegionName=REGION, Status="ACTIVE")


class TestDeleteUserPoolReplica:
    def test_only_an_inactive_one_and_it_is_gone_after_a_second(self, env, there, cognito):
        with refused("InvalidParameterException"):
            env.idp.delete_user_pool_replica(UserPoolId=env.pool_id, RegionName=REGION)
        env.idp.update_user_pool_replica(UserPoolId=env.pool_id, RegionName=REGION, Status="INACTIVE")
        answer = env.idp.delete_user_pool_replica(UserPoolId=env.pool_id, RegionName=REGION)
        assert answer["UserPoolReplica"]["Status"] == "DELETING"
        cognito.clock.advance(1)
        assert listed(env) == {"us-east-1": "ACTIVE"}
        with refused("ResourceNotFoundException"):
            there.describe_user_pool(UserPoolId=env.pool_id)
        env.idp.delete_user_pool(UserPoolId=env.pool_id)

    def test_only_from_the_primary_region(self, env, made):
        there = made("INACTIVE")
        with refused("OperationNotEnabledException"):
            there.delete_user_pool_replica(UserPoolId=env.pool_id, RegionName=REGION)

    def test_another_can_follow_in_the_region(self, env, made, cognito):
        made("INACTIVE")
        env.idp.delete_user_pool_replica(UserPoolId=env.pool_id, RegionName=REGION)
        cognito.clock.advance(1)
        made("INACTIVE")
        assert listed(env)[REGION] == "INACTIVE"


class TestInTheRegionOfAReplica:
    def test_users_sign_in_and_tokens_are_good_in_both_regions(self, env, there):
        tokens = sign_in(env, there)["AuthenticationResult"]
        assert there.get_user(AccessToken=tokens["AccessToken"])["Username"] == "ada"
        assert env.idp.get_user(AccessToken=tokens["AccessToken"])["Username"] == "ada"
        refreshed = there.get_tokens_from_refresh_token(
            ClientId=env.client_id, RefreshToken=env.sign_in()["RefreshToken"]
        )
        assert refreshed["AuthenticationResult"]["AccessToken"]
        there.global_sign_out(AccessToken=tokens["AccessToken"])
        with refused("NotAuthorizedException"):
            env.idp.get_user(AccessToken=tokens["AccessToken"])

    def test_reads_see_what_the_primary_writes_at_once(self, env, there):
        env.add_user("bob")
        users = there.list_users(UserPoolId=env.pool_id)["Users"]
        assert {each["Username"] for each in users} == {"ada", "bob"}
        assert there.admin_get_user(UserPoolId=env.pool_id, Username="bob")["Enabled"]
        assert there.describe_user_pool_client(UserPoolId=env.pool_id, ClientId=env.client_id)

    def test_the_pool_has_the_arn_of_the_region_and_is_listed(self, env, there):
        pool = there.describe_user_pool(UserPoolId=env.pool_id)["UserPool"]
        assert pool["Arn"] == f"arn:aws:cognito-idp:{REGION}:123456789012:userpool/{env.pool_id}"
        own = there.create_user_pool(PoolName="own")["UserPool"]["Id"]
        assert [each["Id"] for each in there.list_user_pools(MaxResults=5)["UserPools"]] == [own, env.pool_id]
        first = there.list_user_pools(MaxResults=1)
        second = there.list_user_pools(MaxResults=1, NextToken=first["NextToken"])
        assert [each["Id"] for each in second["UserPools"]] == [env.pool_id]
        (listed,) = env.idp.list_user_pools(MaxResults=5)["UserPools"]
        assert listed["ReplicaRegions"] == [REGION]

    def test_other_accounts_and_regions_do_not_have_it(self, env, there):
        stranger = boto3.client(
            "cognito-idp",
            region_name=REGION,
            aws_access_key_id="210987654321",
            aws_secret_access_key="x",
        )
        for idp in (connect(ELSEWHERE), stranger):
            with refused("ResourceNotFoundException"):
                idp.describe_user_pool(UserPoolId=env.pool_id)

    @pytest.mark.parametrize(
        ("operation", "params"),
        [
            ("admin_create_user", {"Username": "bob"}),
            ("admin_set_user_password", {"Username": "ada", "Password": OTHER}),
            ("admin_delete_user", {"Username": "ada"}),
            ("create_group", {"GroupName": "staff"}),
            ("create_user_pool_client", {"ClientName": "more"}),
            ("set_user_pool_mfa_config", {"MfaConfiguration": "OFF"}),
            ("delete_user_pool", {}),
            ("create_user_pool_replica", {"RegionName": ELSEWHERE}),
        ],
    )
    def test_writes_of_administrators_are_refused(self, env, there, operation, params):
        with refused("OperationNotEnabledException"):
            getattr(there, operation)(UserPoolId=env.pool_id, **params)

    def test_writes_that_can_not_say_so_are_invalid_there(self, env, there):
        with refused("InvalidParameterException"):
            there.delete_identity_provider(UserPoolId=env.pool_id, ProviderName="Company")

    def test_writes_of_users_are_refused(self, env, there):
        token = sign_in(env, there)["AuthenticationResult"]["AccessToken"]
        with refused("OperationNotEnabledException"):
            there.sign_up(ClientId=env.client_id, Username="bob", Password=PASSWORD)
        with refused("OperationNotEnabledException"):
            there.change_password(AccessToken=token, PreviousPassword=PASSWORD, ProposedPassword=OTHER)
        with refused("OperationNotEnabledException"):
            there.update_user_attributes(
                AccessToken=token, UserAttributes=[{"Name": "nickname", "Value": "A"}]
            )

    def test_a_new_password_is_set_in_the_primary_region(self, env, there):
        env.create("bob", TemporaryPassword=PASSWORD)
        asked = {
            "ClientId": env.client_id,
            "AuthFlow": "USER_PASSWORD_AUTH",
            "AuthParameters": {"USERNAME": "bob", "PASSWORD": PASSWORD},
        }
        session = there.initiate_auth(**asked)["Session"]
        given = {
            "ClientId": env.client_id,
            "ChallengeName": "NEW_PASSWORD_REQUIRED",
            "Session": session,
            "ChallengeResponses": {"USERNAME": "bob", "NEW_PASSWORD": OTHER},
        }
        with refused("OperationNotEnabledException"):
            there.respond_to_auth_challenge(**given)
        assert env.idp.respond_to_auth_challenge(**given)["AuthenticationResult"]

    def test_nobody_is_migrated(self, env, there, cognito):
        there.update_user_pool(
            UserPoolId=env.pool_id, KeyConfiguration=KEY, LambdaConfig=triggers(UserMigration="migrate")
        )
        asked = {"USERNAME": "eve", "PASSWORD": PASSWORD}
        with refused("OperationNotEnabledException"):
            there.initiate_auth(ClientId=env.client_id, AuthFlow="USER_PASSWORD_AUTH", AuthParameters=asked)


class TestRegionalSettings:
    def test_triggers_are_those_of_the_region(self, env, there, cognito):
        events = []
        cognito.functions["here"] = lambda event, _: events.append(event) or event
        there.update_user_pool(
            UserPoolId=env.pool_id, KeyConfiguration=KEY, LambdaConfig=triggers(PreAuthentication="here")
        )
        env.sign_in()
        assert not events
        sign_in(env, there)
        assert [event["region"] for event in events] == [REGION]
        assert env.idp.describe_user_pool(UserPoolId=env.pool_id)["UserPool"]["LambdaConfig"] == {}

    def test_a_new_replica_sends_no_sms_and_has_the_default_mail(self, env, there):
        pool = there.describe_user_pool(UserPoolId=env.pool_id)["UserPool"]
        assert "SmsConfiguration" not in pool
        assert pool["EmailConfiguration"] == {"EmailSendingAccount": "COGNITO_DEFAULT"}

    def test_tags_are_those_of_the_region(self, env, there):
        arn_there = there.describe_user_pool(UserPoolId=env.pool_id)["UserPool"]["Arn"]
        there.tag_resource(ResourceArn=arn_there, Tags={"team": "blue", "a": "b"})
        there.untag_resource(ResourceArn=arn_there, TagKeys=["a"])
        assert there.list_tags_for_resource(ResourceArn=arn_there)["Tags"] == {"team": "blue"}
        assert env.idp.describe_user_pool(UserPoolId=env.pool_id)["UserPool"]["UserPoolTags"] == {}
        with refused("ResourceNotFoundException"):
            env.idp.list_tags_for_resource(ResourceArn=arn_there)

    def test_global_settings_must_be_given_as_they_are(self, env, there):
        with refused("InvalidParameterException"):
            there.update_user_pool(UserPoolId=env.pool_id, KeyConfiguration=KEY, MfaConfiguration="OPTIONAL")
        with refused("InvalidParameterException"):
            there.update_user_pool(UserPoolId=env.pool_id)
        with refused("InvalidParameterException"):
            there.update_user_pool(UserPoolId=env.pool_id, KeyConfiguration=KEY, PoolName="other")

    def test_log_delivery_is_that_of_the_region(self, env, there):
        group = {"LogGroupArn": "arn:aws:logs:eu-west-1:123456789012:log-group:env"}
        notices = {
            "LogLevel": "ERROR",
            "EventSource": "userNotification",
            "CloudWatchLogsConfiguration": group,
        }
        there.set_log_delivery_configuration(UserPoolId=env.pool_id, LogConfigurations=[notices])
        answer = env.idp.get_log_delivery_configuration(UserPoolId=env.pool_id)
        assert answer["LogDeliveryConfiguration"]["LogConfigurations"] == []
        answer = there.get_log_delivery_configuration(UserPoolId=env.pool_id)
        assert answer["LogDeliveryConfiguration"]["LogConfigurations"] == [notices]


class TestThreatProtection:
    @pytest.fixture
    def env(self, found):
        env = found(
            KeyConfiguration=KEY,
            UserPoolTier="PLUS",
            UserPoolAddOns={"AdvancedSecurityMode": "ENFORCED"},
        )
        env.add_user()
        self.set(env, env.idp, notice("us"))
        return env

    def set(self, env, idp, notify, action="BLOCK"):
        actions = {"HighAction": {"EventAction": action, "Notify": False}}
        section = {"Actions": actions} | ({"NotifyConfiguration": notify} if notify else {})
        answer = idp.set_risk_configuration(UserPoolId=env.pool_id, AccountTakeoverRiskConfiguration=section)
        return answer["RiskConfiguration"]["AccountTakeoverRiskConfiguration"]

    def shown(self, env, idp):
        answer = idp.describe_risk_configuration(UserPoolId=env.pool_id)["RiskConfiguration"]
        return answer["AccountTakeoverRiskConfiguration"]

    def test_each_region_has_its_own_notices(self, env, there):
        assert "NotifyConfiguration" not in self.shown(env, there)
        assert self.set(env, there, notice("eu"))["NotifyConfiguration"] == notice("eu")
        assert self.shown(env, there)["NotifyConfiguration"] == notice("eu")
        assert self.shown(env, env.idp)["NotifyConfiguration"] == notice("us")
        assert "NotifyConfiguration" not in self.set(env, there, None)

    def test_all_else_must_be_given_as_the_primary_has_it(self, env, there):
        with refused("InvalidParameterException"):
            self.set(env, there, notice("eu"), action="MFA_REQUIRED")
        with refused("InvalidParameterException"):
            there.set_risk_configuration(UserPoolId=env.pool_id)
        self.set(env, env.idp, notice("us"), action="MFA_REQUIRED")
        assert self.shown(env, there)["Actions"]["HighAction"]["EventAction"] == "MFA_REQUIRED"


def notice(place):
    region = {"us": "us-east-1", "eu": "eu-west-1"}[place]
    return {"SourceArn": f"arn:aws:ses:{region}:123456789012:identity/shop@example.com"}


class TestDomains:
    def test_a_prefix_is_of_one_region(self, env, there):
        there.create_user_pool_domain(UserPoolId=env.pool_id, Domain="shop-eu")
        assert there.describe_user_pool(UserPoolId=env.pool_id)["UserPool"]["Domain"] == "shop-eu"
        assert "Domain" not in env.idp.describe_user_pool(UserPoolId=env.pool_id)["UserPool"]
        assert env.idp.describe_user_pool_domain(Domain="shop-eu")["DomainDescription"] == {}
        assert there.describe_user_pool_domain(Domain="shop-eu")["DomainDescription"]["UserPoolId"]
        there.delete_user_pool_domain(UserPoolId=env.pool_id, Domain="shop-eu")
        assert "Domain" not in there.describe_user_pool(UserPoolId=env.pool_id)["UserPool"]

    def test_a_prefix_goes_with_its_replica(self, env, there, cognito):
        there.create_user_pool_domain(UserPoolId=env.pool_id, Domain="shop-eu")
        env.idp.update_user_pool_replica(UserPoolId=env.pool_id, RegionName=REGION, Status="INACTIVE")
        env.idp.delete_user_pool_replica(UserPoolId=env.pool_id, RegionName=REGION)
        assert there.describe_user_pool_domain(Domain="shop-eu")["DomainDescription"] == {}
        other = there.create_user_pool(PoolName="other")["UserPool"]["Id"]
        assert there.create_user_pool_domain(UserPoolId=other, Domain="shop-eu")

    def test_a_custom_domain_is_made_in_the_primary_region(self, env, there):
        certificate = {"CertificateArn": "arn:aws:acm:us-east-1:123456789012:certificate/1"}
        with refused("InvalidParameterException"):
            there.create_user_pool_domain(
                UserPoolId=env.pool_id, Domain="auth.example.com", CustomDomainConfig=certificate
            )

    def test_routing_names_an_active_replica(self, env, there):
        certificate = {"CertificateArn": "arn:aws:acm:us-east-1:123456789012:certificate/1"}

        def create(region):
            check = "11111111-2222-3333-4444-555555555555"
            return env.idp.create_user_pool_domain(
                UserPoolId=env.pool_id,
                Domain="auth.example.com",
                CustomDomainConfig=certificate,
                ManagedLoginVersion=2,
                Routing={"Failover": {"SecondaryRegion": region, "PrimaryRoute53HealthCheckId": check}},
            )

        with refused("InvalidParameterException", f"Region {ELSEWHERE} is not active for the user pool"):
            create(ELSEWHERE)
        assert create(REGION)["Routing"]["Failover"]["SecondaryRegion"] == REGION
