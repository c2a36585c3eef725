"""Threat protection: settings, risks and what follows from them, compromised passwords, events and feedback."""

from __future__ import annotations

import base64
import json
import re

import pytest
from support.pool_env import OTHER, PASSWORD, refused
from support.sign_in import FLOWS, begin, begin_as_admin, by_srp, enable_mfa, read, refresh, respond
from support.triggers import answering, configured

KNOWN = "P@ssw0rd1!"
"""A password of the built-in list."""
SECURITY = ("NotAuthorizedException", "Unable to login because of security reasons.")
NOTIFY = {"SourceArn": "arn:aws:ses:us-east-1:123456789012:identity/shop.example"}
CHROME = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36"
GROUP = "arn:aws:logs:us-east-1:123456789012:log-group:shop-activity"


@pytest.fixture
def protected(found):
    """Makes a pool with threat protection; ada is a user of it."""

    def protected(mode="ENFORCED", *, client=None, more=None, **settings):
        add_ons = {"AdvancedSecurityMode": mode, **(more or {})}
        flows = {"ExplicitAuthFlows": [*FLOWS, "ALLOW_USER_AUTH"]}
        env = found(
            client={**flows, **(client or {})}, UserPoolTier="PLUS", UserPoolAddOns=add_ons, **settings
        )
        env.add_user(email="ada@example.com", email_verified="true")
        return env

    return protected


@pytest.fixture
def env(protected):
    return protected()


def put(env, client=None, **settings):
    about = {"ClientId": client} if client else {}
    return env.idp.set_risk_configuration(UserPoolId=env.pool_id, **about, **settings)["RiskConfiguration"]


def described(env, client=None):
    about = {"ClientId": client} if client else {}
    return env.idp.describe_risk_configuration(UserPoolId=env.pool_id, **about)["RiskConfiguration"]


def takeover(notify=False, templates=None, **actions):
    """AccountTakeoverRiskConfiguration: High="BLOCK" and so on."""
    made = {f"{level}Action": {"EventAction": action, "Notify": notify} for level, action in actions.items()}
    more = {"NotifyConfiguration": {**NOTIFY, **(templates or {})}} if notify else {}
    return {"AccountTakeoverRiskConfiguration": {"Actions": made, **more}}


def events(env, username="ada", **more):
    answer = env.idp.admin_list_user_auth_events(UserPoolId=env.pool_id, Username=username, **more)
    return answer["AuthEvents"]


def last(env):
    return events(env)[0]


def risk(env, level, **more):
    env.cognito.risk(env.pool_id, level=level, **more)


def server(ip="192.0.2.1", agent=None, encoded=None):
    """ContextData of an administrator's operation."""
    headers = [{"headerName": "User-Agent", "headerValue": agent}] if agent else []
    return {
        "IpAddress": ip,
        "ServerName": "shop.example",
        "ServerPath": "/login",
        "HttpHeaders": headers,
        **({"EncodedData": encoded} if encoded else {}),
    }


def at(env, ip="192.0.2.1", agent=None, password=PASSWORD, encoded=None):
    """A sign-in by a server that says where the user is."""
    return env.idp.admin_initiate_auth(
        UserPoolId=env.pool_id,
        ClientId=env.client_id,
        AuthFlow="ADMIN_USER_PASSWORD_AUTH",
        AuthParameters={"USERNAME": "ada", "PASSWORD": password},
        ContextData=server(ip, agent, encoded),
    )


def fingerprint(**data):
    """As AWS's library makes it."""
    payload = json.dumps({"contextData": data, "username": "ada", "timestamp": "1"})
    outer = json.dumps({"payload": payload, "signature": "x", "version": "JS20171115"})
    return base64.b64encode(outer.encode()).decode()


class TestSetRiskConfiguration:
    def test_of_a_pool(self, env):
        compromised = {"Actions": {"EventAction": "NO_ACTION"}, "EventFilter": ["SIGN_IN"]}
        exceptions = {"BlockedIPRangeList": ["192.0.2.0/24", "2001:db8::/32"]}
        given = {
            "CompromisedCredentialsRiskConfiguration": compromised,
            "RiskExceptionConfiguration": exceptions,
            **takeover(notify=True, Low="NO_ACTION", Medium="MFA_IF_CONFIGURED", High="BLOCK"),
        }
        made = put(env, **given)
        assert made.pop("LastModifiedDate")
        assert made == {"UserPoolId": env.pool_id, **given}
        assert described(env) | {"LastModifiedDate": None} == made | {"LastModifiedDate": None}

    def test_of_a_client_stands_before_the_pools(self, env):
        put(env, **takeover(High="BLOCK"))
        own = put(env, env.client_id, **takeover(High="NO_ACTION"))
        assert own["ClientId"] == env.client_id
        assert described(env, env.client_id) == own
        risk(env, "HIGH")
        assert env.sign_in()
        put(env, env.client_id)  # back to the pool's
        assert "ClientId" not in described(env, env.client_id)
        with refused(*SECURITY):
            env.sign_in()

    def test_without_settings_the_defaults_hold_again(self, env):
        put(env, **takeover(High="NO_ACTION"))
        assert put(env) == {"UserPoolId": env.pool_id} == described(env)
        risk(env, "LOW")
        with refused(*SECURITY):
            env.sign_in()

    @pytest.mark.parametrize("level", ["LOW", "MEDIUM", "HIGH"])
    def test_by_default_every_level_is_blocked_without_a_notice(self, env, level):
        risk(env, level)
        with refused(*SECURITY):
            env.sign_in()
        assert len(env.cognito.messages) == 0

    def test_a_deleted_client_leaves_none_behind(self, env):
        put(env, env.client_id, **takeover(High="NO_ACTION"))
        env.idp.delete_user_pool_client(UserPoolId=env.pool_id, ClientId=env.client_id)
        assert env.cognito.world.find_pool(env.pool_id)[1].risk_configurations == {}

    @pytest.mark.parametrize(
        "settings",
        [
            takeover(Low="BLOCK", High="MFA_REQUIRED"),
            takeover(Medium="MFA_REQUIRED", High="MFA_IF_CONFIGURED"),
            takeover(Low="MFA_IF_CONFIGURED", Medium="NO_ACTION"),
            {
                "AccountTakeoverRiskConfiguration": {
                    "Actions": {"LowAction": {"EventAction": "BLOCK", "Notify": True}}
                }
            },
            {"RiskExceptionConfiguration": {"BlockedIPRangeList": ["192.0.2.1"]}},
            {"RiskExceptionConfiguration": {"SkippedIPRangeList": ["nowhere/8"]}},
            {"RiskExceptionConfiguration": {"SkippedIPRangeList": ["192.0.2.0/99"]}},
            {"RiskExceptionConfiguration": {"SkippedIPRangeList": ["192.0.2.0/24"] * 201}},
        ],
    )
    def test_what_it_refuses(self, env, settings):
        with refused("InvalidParameterException"):
            put(env, **settings)
        assert described(env) == {"UserPoolId": env.pool_id}

    def test_pools_without_the_add_on(self, protected):
        env = protected("OFF")
        text = "This is an add on feature. Please update AdvancedSecurityMode for your user pool to access this API."
        about = {"UserPoolId": env.pool_id, "Username": "nobody"}
        feedback = {**about, "EventId": "x", "FeedbackValue": "Valid"}
        for ask in (
            lambda: put(env),
            lambda: described(env),
            lambda: events(env, "nobody"),
            lambda: env.idp.admin_update_auth_event_feedback(**feedback),
            lambda: env.idp.update_auth_event_feedback(**feedback, FeedbackToken="x"),
        ):
            with refused("UserPoolAddOnNotEnabledException", text):
                ask()

    def test_an_unknown_client(self, env):
        with refused("ResourceNotFoundException"):
            put(env, "nobody")


class TestDescribeRiskConfiguration:
    def test_unknown_pools_and_clients(self, env):
        with refused("ResourceNotFoundException"):
            described(env, "nobody")
        with refused("ResourceNotFoundException"):
            env.idp.describe_risk_configuration(UserPoolId="us-east-1_nope")

    def test_a_client_without_its_own_shows_the_pools(self, env):
        put(env, **takeover(High="BLOCK"))
        assert described(env, env.client_id) == described(env)


class TestLevels:
    @pytest.mark.parametrize(("level", "shown"), [("LOW", "Low"), ("MEDIUM", "Medium"), ("HIGH", "High")])
    def test_each_has_its_action(self, env, level, shown):
        put(
            env,
            **takeover(**{shown: "BLOCK"})
            if shown == "High"
            else takeover(**{shown: "BLOCK", "High": "BLOCK"}),
        )
        risk(env, level)
        with refused(*SECURITY):
            env.sign_in()
        assert last(env)["EventRisk"] == {
            "RiskDecision": "Block",
            "RiskLevel": shown,
            "CompromisedCredentialsDetected": False,
        }
        assert last(env)["EventResponse"] == "Fail"

    def test_a_level_without_an_action_goes_through(self, env):
        put(env, **takeover(High="BLOCK"))
        risk(env, "LOW")
        assert env.sign_in()
        assert last(env)["EventRisk"]["RiskDecision"] == "AccountTakeover"

    def test_audit_only_records(self, protected):
        env = protected("AUDIT")
        risk(env, "HIGH")
        assert env.sign_in()
        assert last(env)["EventResponse"] == "Pass"
        assert last(env)["EventRisk"]["RiskDecision"] == "AccountTakeover"

    def test_off_records_nothing(self, protected):
        env = protected("OFF")
        risk(env, "HIGH")
        assert env.sign_in()
        env.idp.update_user_pool(
            UserPoolId=env.pool_id, UserPoolTier="PLUS", UserPoolAddOns={"AdvancedSecurityMode": "AUDIT"}
        )
        assert events(env) == []

    def test_of_one_user_alone(self, env):
        env.add_user("grace")
        risk(env, "HIGH", username="ada")
        assert env.sign_in("grace")
        with refused(*SECURITY):
            env.sign_in()
        risk(env, None, username="ada")
        assert env.sign_in()

    def test_over_srp(self, env):
        risk(env, "HIGH")
        told, claim = by_srp(env)
        with refused(*SECURITY):
            respond(env, "PASSWORD_VERIFIER", USERNAME="ada", **claim)
        risk(env, None)
        told, claim = by_srp(env)
        assert respond(env, "PASSWORD_VERIFIER", USERNAME="ada", **claim)["AuthenticationResult"]
        assert [event["EventResponse"] for event in events(env)] == ["Pass", "Fail"]
        assert told["USER_ID_FOR_SRP"] == "ada"

    def test_of_a_choice_based_sign_in_with_a_password(self, env):
        risk(env, "HIGH")
        with refused(*SECURITY):
            begin(env, "USER_AUTH", USERNAME="ada", PREFERRED_CHALLENGE="PASSWORD", PASSWORD=PASSWORD)

    def test_custom_challenges_only_where_the_pool_says_so(self, protected):
        functions = configured(
            DefineAuthChallenge="define", CreateAuthChallenge="create", VerifyAuthChallengeResponse="verify"
        )
        for more, blocked in (
            ({}, False),
            ({"AdvancedSecurityAdditionalFlows": {"CustomAuthMode": "AUDIT"}}, False),
            ({"AdvancedSecurityAdditionalFlows": {"CustomAuthMode": "ENFORCED"}}, True),
        ):
            env = protected(more=more, LambdaConfig=functions)
            env.cognito.functions["define"] = answering(issueTokens=True, failAuthentication=False)
            risk(env, "HIGH")
            if blocked:
                with refused(*SECURITY):
                    begin(env, "CUSTOM_AUTH", USERNAME="ada")
            else:
                assert begin(env, "CUSTOM_AUTH", USERNAME="ada")["AuthenticationResult"]
            assert len(events(env)) == bool(more)

    def test_sign_ins_by_code_are_not_judged(self, protected):
        policies = {"SignInPolicy": {"AllowedFirstAuthFactors": ["PASSWORD", "EMAIL_OTP"]}}
        env = protected(Policies=policies)
        risk(env, "HIGH")
        asked = begin(env, "USER_AUTH", USERNAME="ada", PREFERRED_CHALLENGE="EMAIL_OTP")
        assert respond(env, "EMAIL_OTP", asked["Session"], USERNAME="ada", EMAIL_OTP_CODE=env.code())
        assert events(env) == []


class TestSecondFactor:
    @pytest.fixture
    def env(self, protected):
        env = protected()
        env.admin_update(phone_number="+15550001111")
        enable_mfa(env, "OPTIONAL", totp=True, sms=True)
        return env

    @pytest.mark.parametrize("action", ["MFA_REQUIRED", "MFA_IF_CONFIGURED"])
    def test_it_is_asked_for_although_the_user_enabled_none(self, env, action):
        put(env, **takeover(High=action))
        assert "AuthenticationResult" in begin(env, USERNAME="ada", PASSWORD=PASSWORD)
        risk(env, "HIGH")
        asked = begin(env, USERNAME="ada", PASSWORD=PASSWORD)
        assert asked["ChallengeName"] == "SMS_MFA"
        assert last(env)["EventResponse"] == "InProgress"
        with refused("CodeMismatchException"):
            respond(env, "SMS_MFA", asked["Session"], USERNAME="ada", SMS_MFA_CODE="wrong1")
        assert last(env)["ChallengeResponses"][1] == {"ChallengeName": "Mfa", "ChallengeResponse": "Failure"}
        respond(env, "SMS_MFA", asked["Session"], USERNAME="ada", SMS_MFA_CODE=env.code())
        assert last(env)["EventResponse"] == "Pass"
        assert last(env)["ChallengeResponses"] == [
            {"ChallengeName": "Password", "ChallengeResponse": "Success"},
            {"ChallengeName": "Mfa", "ChallengeResponse": "Success"},
        ]
        assert last(env)["EventRisk"]["RiskDecision"] == "AccountTakeover"

    def test_a_user_without_one_is_blocked_where_it_is_required(self, env):
        put(env, **takeover(Medium="MFA_IF_CONFIGURED", High="MFA_REQUIRED"))
        env.idp.admin_delete_user_attributes(
            UserPoolId=env.pool_id, Username="ada", UserAttributeNames=["phone_number"]
        )
        risk(env, "MEDIUM")
        assert env.sign_in()
        risk(env, "HIGH")
        with refused(*SECURITY):
            env.sign_in()

    @pytest.mark.parametrize(("action", "blocked"), [("MFA_REQUIRED", True), ("MFA_IF_CONFIGURED", False)])
    def test_in_a_pool_without_mfa(self, protected, action, blocked):
        env = protected()
        env.admin_update(phone_number="+15550001111")
        put(env, **takeover(High=action))
        risk(env, "HIGH")
        if blocked:
            with refused(*SECURITY):
                env.sign_in()
        else:
            assert env.sign_in()

    def test_a_remembered_device_does_not_stand_in(self, protected):
        env = protected(
            DeviceConfiguration={
                "ChallengeRequiredOnNewDevice": True,
                "DeviceOnlyRememberedOnUserPrompt": False,
            }
        )
        env.admin_update(phone_number="+15550001111")
        enable_mfa(env, "OPTIONAL", totp=False, sms=True)
        env.idp.admin_set_user_mfa_preference(
            UserPoolId=env.pool_id, Username="ada", SMSMfaSettings={"Enabled": True, "PreferredMfa": True}
        )
        key = remembered_device(env)
        asked = begin(env, USERNAME="ada", PASSWORD=PASSWORD, DEVICE_KEY=key)
        assert asked["ChallengeName"] == "DEVICE_SRP_AUTH"
        put(env, **takeover(High="MFA_REQUIRED"))
        risk(env, "HIGH")
        asked = begin(env, USERNAME="ada", PASSWORD=PASSWORD, DEVICE_KEY=key)
        assert asked["ChallengeName"] == "SMS_MFA"


def remembered_device(env):
    asked = begin(env, USERNAME="ada", PASSWORD=PASSWORD)
    answer = respond(env, "SMS_MFA", asked["Session"], USERNAME="ada", SMS_MFA_CODE=env.code())
    result = answer["AuthenticationResult"]
    key = result["NewDeviceMetadata"]["DeviceKey"]
    env.idp.confirm_device(
        AccessToken=result["AccessToken"],
        DeviceKey=key,
        DeviceSecretVerifierConfig={
            "PasswordVerifier": base64.b64encode(b"\x01" * 384).decode(),
            "Salt": base64.b64encode(b"\x01" * 16).decode(),
        },
    )
    return key


class TestRules:
    """By which a sign-in is judged where nobody steers it."""

    @pytest.fixture
    def env(self, protected):
        env = protected("AUDIT")
        at(env, agent=CHROME)
        return env

    def level(self, env):
        return last(env)["EventRisk"].get("RiskLevel")

    @pytest.mark.parametrize(
        ("ip", "agent", "level"),
        [
            ("192.0.2.1", CHROME, None),
            ("192.0.2.2", CHROME, "Low"),
            ("192.0.2.1", "curl/8", "Low"),
            ("192.0.2.2", "curl/8", "Medium"),
        ],
    )
    def test_new_addresses_and_new_devices(self, env, ip, agent, level):
        assert self.level(env) is None  # the first one
        at(env, ip, agent)
        assert self.level(env) == level
        at(env, ip, agent)
        assert self.level(env) is None  # known by now

    def test_wrong_passwords_before_make_it_riskier(self, env):
        for _ in range(3):
            with refused("NotAuthorizedException"):
                at(env, agent=CHROME, password=OTHER)
        at(env, "192.0.2.2", CHROME)
        assert self.level(env) == "Medium"
        env.cognito.clock.advance(hours=1)
        at(env, "192.0.2.3", CHROME)
        assert self.level(env) == "Low"

    def test_a_sign_in_called_invalid_makes_its_address_and_device_risky(self, env):
        at(env, "198.51.100.7", "curl/8")
        give(env, last(env)["EventId"], "Invalid")
        for ip, agent in (("198.51.100.7", CHROME), ("192.0.2.1", "curl/8")):
            at(env, ip, agent)
            assert self.level(env) == "High"
        at(env, "192.0.2.1", CHROME)
        assert self.level(env) is None

    def test_a_blocked_sign_in_called_valid_counts_as_known(self, protected):
        env = protected()
        at(env, agent=CHROME)
        with refused(*SECURITY):
            at(env, "192.0.2.2", CHROME)
        give(env, last(env)["EventId"], "Valid")
        assert at(env, "192.0.2.2", CHROME)["AuthenticationResult"]

    def test_without_context_nothing_is_new(self, env):
        begin_as_admin(env, USERNAME="ada", PASSWORD=PASSWORD)
        assert self.level(env) is None
        assert "IpAddress" not in last(env)["EventContextData"]


class TestAddressLists:
    def test_blocked_ones(self, env):
        put(env, RiskExceptionConfiguration={"BlockedIPRangeList": ["192.0.2.0/24"]})
        with refused(*SECURITY):
            at(env, "192.0.2.77")
        event = last(env)
        assert (event["EventRisk"]["RiskDecision"], event["EventResponse"]) == ("Block", "Fail")
        assert event["ChallengeResponses"] == []
        assert at(env, "198.51.100.1")["AuthenticationResult"]

    def test_they_come_before_password_and_triggers(self, protected):
        env = protected(LambdaConfig=configured(PreAuthentication="pre"))
        put(env, RiskExceptionConfiguration={"BlockedIPRangeList": ["192.0.2.0/24"]})
        with refused(*SECURITY):
            at(env, password=OTHER)
        assert list(env.cognito.functions.calls) == []

    def test_audit_does_not_block(self, protected):
        env = protected("AUDIT")
        put(env, RiskExceptionConfiguration={"BlockedIPRangeList": ["192.0.2.0/24"]})
        assert at(env)["AuthenticationResult"]

    def test_skipped_ones_are_no_risk(self, env):
        put(env, RiskExceptionConfiguration={"SkippedIPRangeList": ["2001:db8::/32"]})
        risk(env, "HIGH")
        assert at(env, "2001:db8::1")["AuthenticationResult"]
        assert last(env)["EventRisk"]["RiskDecision"] == "NoRisk"
        with refused(*SECURITY):
            at(env, "192.0.2.1")

    def test_other_requests(self, protected):
        env = protected(AutoVerifiedAttributes=["email"])
        env.sign_up("grace", attributes={"email": "grace@example.com"})
        code = env.code("grace")
        put(env, RiskExceptionConfiguration={"BlockedIPRangeList": ["127.0.0.0/8"]})
        other = ("NotAuthorizedException", "Request not allowed due to security reasons.")
        for ask in (
            lambda: env.sign_up("hedy", attributes={"email": "hedy@example.com"}),
            lambda: env.confirm("grace", code),
            lambda: env.idp.resend_confirmation_code(ClientId=env.client_id, Username="grace"),
            lambda: env.forgot("ada"),
            lambda: env.confirm_forgot("ada", "123456"),
        ):
            with refused(*other):
                ask()
        assert [event["EventType"] for event in events(env, "grace")] == ["ResendCode", "SignUp", "SignUp"]
        assert {event["EventRisk"]["RiskDecision"] for event in events(env, "grace")[:2]} == {"Block"}


class TestCompromised:
    @pytest.fixture
    def env(self, protected):
        env = protected(AutoVerifiedAttributes=["email"])
        env.idp.admin_set_user_password(
            UserPoolId=env.pool_id, Username="ada", Password=KNOWN, Permanent=True
        )
        return env

    REFUSED = ("InvalidPasswordException", "Provided password cannot be used for security reasons.")

    def test_a_sign_in_is_blocked_and_the_user_has_to_reset(self, env):
        with refused("PasswordResetRequiredException"):
            env.sign_in(password=KNOWN)
        assert env.status() == "RESET_REQUIRED"
        assert last(env)["EventRisk"] == {"RiskDecision": "Block", "CompromisedCredentialsDetected": True}
        env.forgot()
        with refused(*self.REFUSED):
            env.confirm_forgot(password=KNOWN)
        env.confirm_forgot(password=OTHER)
        assert env.sign_in(password=OTHER)

    def test_a_wrong_password_is_not_looked_up(self, env):
        with refused("NotAuthorizedException", "Incorrect username or password."):
            env.sign_in(password="P@ssw0rd123!")
        assert env.status() == "CONFIRMED"

    def test_over_srp_it_is_not_seen(self, env):
        _, claim = by_srp(env, password=KNOWN)
        assert respond(env, "PASSWORD_VERIFIER", USERNAME="ada", **claim)["AuthenticationResult"]

    def test_new_passwords(self, env):
        with refused(*self.REFUSED):
            env.sign_up("grace", KNOWN)
        with refused("UserNotFoundException"):
            env.user("grace")
        token = env.token_of("ada")
        with refused(*self.REFUSED):
            env.idp.change_password(AccessToken=token, PreviousPassword=KNOWN, ProposedPassword="Welcome123!")
        env.idp.admin_set_user_password(
            UserPoolId=env.pool_id, Username="ada", Password=PASSWORD, Permanent=False
        )
        asked = begin(env, USERNAME="ada", PASSWORD=PASSWORD)
        with refused(*self.REFUSED):
            respond(env, "NEW_PASSWORD_REQUIRED", asked["Session"], USERNAME="ada", NEW_PASSWORD=KNOWN)
        respond(env, "NEW_PASSWORD_REQUIRED", asked["Session"], USERNAME="ada", NEW_PASSWORD=OTHER)

    @pytest.mark.parametrize(
        "section",
        [
            {"Actions": {"EventAction": "NO_ACTION"}},
            {"Actions": {"EventAction": "BLOCK"}, "EventFilter": ["PASSWORD_CHANGE"]},
        ],
    )
    def test_what_the_settings_let_through(self, env, section):
        put(env, CompromisedCredentialsRiskConfiguration=section)
        assert env.sign_in(password=KNOWN)
        assert last(env)["EventRisk"]["CompromisedCredentialsDetected"] == ("EventFilter" not in section)
        env.sign_up("grace", KNOWN, attributes={"email": "grace@example.com"})
        assert events(env, "grace")[0]["EventRisk"]["CompromisedCredentialsDetected"] == (
            "EventFilter" not in section
        )

    def test_audit_lets_it_through(self, protected):
        env = protected("AUDIT")
        env.idp.admin_set_user_password(
            UserPoolId=env.pool_id, Username="ada", Password=KNOWN, Permanent=True
        )
        assert env.sign_in(password=KNOWN)
        assert last(env)["EventRisk"]["CompromisedCredentialsDetected"] is True
        env.idp.change_password(
            AccessToken=env.token_of("ada"), PreviousPassword=KNOWN, ProposedPassword="Welcome123!"
        )
        assert last(env)["EventRisk"]["CompromisedCredentialsDetected"] is True

    def test_any_password_by_request(self, protected):
        env = protected()
        env.cognito.risk(env.pool_id, compromised=True)
        with refused("PasswordResetRequiredException"):
            env.sign_in()
        env.cognito.risk(env.pool_id)
        env.cognito.risk(env.pool_id, username="ada", compromised=True)
        env.idp.admin_set_user_password(
            UserPoolId=env.pool_id, Username="ada", Password=OTHER, Permanent=True
        )
        with refused("PasswordResetRequiredException"):
            env.sign_in(password=OTHER)

    def test_those_of_a_file(self, tmp_path):
        from cogmock import mock_cognito

        listed = tmp_path / "leaked.txt"
        listed.write_bytes(f"first\r\n\r\n{PASSWORD}\r\n".encode())
        with mock_cognito(compromised=str(listed)) as cognito:
            from support.pool_env import PoolEnv

            add_ons = {"AdvancedSecurityMode": "ENFORCED"}
            env = PoolEnv(cognito, UserPoolTier="PLUS", UserPoolAddOns=add_ons)
            with refused(*self.REFUSED):
                env.sign_up()
            env.sign_up("grace", OTHER)

    @pytest.mark.parametrize("content", [None, b"\xff\xfe\x00"])
    def test_a_file_that_cannot_be_read_is_a_fault_at_the_start(self, tmp_path, content):
        from cogmock import mock_cognito

        listed = tmp_path / "leaked.txt"
        if content:
            listed.write_bytes(content)
        with (
            mock_cognito(compromised=str(listed)) as cognito,
            pytest.raises(ValueError, match=r"leaked\.txt' is no list of passwords"),
        ):
            cognito.world.clock.now()


class TestContext:
    def test_the_address_in_the_request_counts_for_trusted_clients_alone(self, protected):
        trusted = {"GenerateSecret": True, "EnablePropagateAdditionalUserContextData": True}
        for client, shown in (
            ({}, "127.0.0.1"),
            ({"GenerateSecret": True}, "127.0.0.1"),
            (trusted, "192.0.2.9"),
        ):
            env = protected(client=client)
            given = {"USERNAME": "ada", "PASSWORD": PASSWORD}
            if env.secret:
                given["SECRET_HASH"] = env.hash("ada")
            env.idp.initiate_auth(
                ClientId=env.client_id,
                AuthFlow="USER_PASSWORD_AUTH",
                AuthParameters=given,
                UserContextData={"IpAddress": "192.0.2.9"},
            )
            assert last(env)["EventContextData"]["IpAddress"] == shown

    def test_the_address_of_a_trusted_client_can_be_blocked(self, protected):
        env = protected(client={"GenerateSecret": True, "EnablePropagateAdditionalUserContextData": True})
        put(env, RiskExceptionConfiguration={"BlockedIPRangeList": ["192.0.2.0/24"]})
        with refused("NotAuthorizedException", "Request not allowed due to security reasons."):
            env.forgot(SecretHash=env.hash("ada"), UserContextData={"IpAddress": "192.0.2.9"})

    def test_a_fingerprint_tells_device_and_time_zone(self, env):
        data = fingerprint(UserAgent=CHROME, DeviceId="d1", ClientTimezone="-07:00")
        at(env, encoded=data)
        shown = last(env)["EventContextData"]
        assert shown == {
            "IpAddress": "192.0.2.1",
            "DeviceName": "Chrome 126, Windows 10",
            "Timezone": "-07:00",
            "City": "null",
            "Country": "null",
        }

    @pytest.mark.parametrize(
        "encoded", ["", "nonsense", "e30=", base64.b64encode(b'{"payload": "[1]"}').decode(), "W10=", "\x00"]
    )
    def test_what_is_no_fingerprint_tells_nothing(self, env, encoded):
        at(env, encoded=encoded)
        assert "DeviceName" not in last(env)["EventContextData"]

    @pytest.mark.parametrize(
        ("agent", "name"),
        [
            (CHROME, "Chrome 126, Windows 10"),
            (f"{CHROME} Edg/125.0", "Edge 125, Windows 10"),
            (
                "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605 (KHTML) Version/17.4 Safari/605",
                "Safari 17, Mac OS X",
            ),
            ("Mozilla/5.0 (X11; Linux x86_64; rv:127.0) Gecko/20100101 Firefox/127.0", "Firefox 127, Linux"),
            ("curl/8.0", "Other, Other"),
        ],
    )
    def test_devices_are_named_by_their_user_agents(self, env, agent, name):
        at(env, agent=agent)
        assert last(env)["EventContextData"]["DeviceName"] == name


class TestAdminListUserAuthEvents:
    def test_a_sign_in(self, env):
        tokens = env.sign_in()
        event = last(env)
        assert event.pop("CreationDate")
        assert event == {
            "EventId": read(tokens["IdToken"])["event_id"],
            "EventType": "SignIn",
            "EventResponse": "Pass",
            "EventRisk": {"RiskDecision": "NoRisk", "CompromisedCredentialsDetected": False},
            "ChallengeResponses": [{"ChallengeName": "Password", "ChallengeResponse": "Success"}],
            "EventContextData": {"IpAddress": "127.0.0.1", "City": "null", "Country": "null"},
        }

    def test_refreshed_tokens_keep_its_id(self, env):
        tokens = env.sign_in()
        env.cognito.clock.advance(minutes=5)
        fresh = refresh(env, tokens["RefreshToken"])
        for kind in ("IdToken", "AccessToken"):
            assert read(fresh[kind])["event_id"] == read(tokens[kind])["event_id"] == last(env)["EventId"]
        assert len(events(env)) == 1

    def test_a_wrong_password(self, env):
        with refused("NotAuthorizedException"):
            env.sign_in(password=OTHER)
        assert last(env)["EventResponse"] == "Fail"
        assert last(env)["ChallengeResponses"] == [
            {"ChallengeName": "Password", "ChallengeResponse": "Failure"}
        ]

    def test_everything_else_that_is_recorded(self, protected):
        env = protected(AutoVerifiedAttributes=["email"])
        env.sign_up("grace", attributes={"email": "grace@example.com"})
        assert events(env, "grace")[0]["EventResponse"] == "InProgress"
        env.idp.resend_confirmation_code(ClientId=env.client_id, Username="grace")
        env.confirm("grace")
        env.forgot("grace")
        assert events(env, "grace")[0]["EventResponse"] == "InProgress"
        env.confirm_forgot("grace")
        env.idp.change_password(
            AccessToken=env.token_of("grace"), PreviousPassword=OTHER, ProposedPassword=PASSWORD
        )
        kinds = [(event["EventType"], event["EventResponse"]) for event in events(env, "grace")]
        assert kinds == [
            ("PasswordChange", "Pass"),
            ("ForgotPassword", "Pass"),
            ("ResendCode", "Pass"),
            ("SignUp", "Pass"),
        ]

    def test_newest_first_in_pages(self, env):
        for _ in range(61):
            env.sign_in()
        about = {"UserPoolId": env.pool_id, "Username": "ada"}
        answer = env.idp.admin_list_user_auth_events(**about)
        assert len(answer["AuthEvents"]) == 60 == len(events(env, MaxResults=0))
        edge = answer["AuthEvents"][-1]
        event_id, _, at = answer["NextToken"].partition("#")
        assert event_id == edge["EventId"]
        assert at == edge["CreationDate"].isoformat(timespec="milliseconds").replace("+00:00", "Z")
        env.sign_in()
        rest = env.idp.admin_list_user_auth_events(**about, NextToken=answer["NextToken"])
        assert len(rest["AuthEvents"]) == 1
        assert "NextToken" not in rest
        pages = env.idp.get_paginator("admin_list_user_auth_events").paginate(
            **about, PaginationConfig={"PageSize": 7}
        )
        seen = [event["EventId"] for page in pages for event in page["AuthEvents"]]
        assert len(seen) == len(set(seen)) == 62

    def test_a_token_of_nothing(self, env):
        with refused("InvalidParameterException"):
            events(env, NextToken="nope")

    def test_they_are_kept_for_two_years(self, env):
        env.sign_in()
        env.cognito.clock.advance(days=729)
        assert len(events(env)) == 1
        env.cognito.clock.advance(days=2)
        assert events(env) == []

    def test_the_last_thousand_are_kept(self, env, monkeypatch):
        monkeypatch.setattr("cogmock.userpools.rules.threats.history.MOST", 3)
        for _ in range(5):
            env.sign_in()
        assert len(events(env)) == 3

    def test_unknown_users(self, env):
        with refused("UserNotFoundException", "User does not exist."):
            events(env, "nobody")

    def test_a_sign_in_that_ends_later(self, protected):
        env = protected()
        enable_mfa(env, "ON", totp=False, sms=True)
        env.admin_update(phone_number="+15550001111")
        asked = begin(env, USERNAME="ada", PASSWORD=PASSWORD)
        assert last(env)["EventResponse"] == "InProgress"
        tokens = respond(env, "SMS_MFA", asked["Session"], USERNAME="ada", SMS_MFA_CODE=env.code())
        assert last(env)["EventResponse"] == "Pass"
        assert len(events(env)) == 1
        assert read(tokens["AuthenticationResult"]["AccessToken"])["event_id"] == last(env)["EventId"]


def give(env, event_id, value="Valid", username="ada"):
    env.idp.admin_update_auth_event_feedback(
        UserPoolId=env.pool_id, Username=username, EventId=event_id, FeedbackValue=value
    )


class TestAdminUpdateAuthEventFeedback:
    def test_it_is_shown_with_the_event(self, env):
        env.sign_in()
        give(env, last(env)["EventId"], "Invalid")
        shown = last(env)["EventFeedback"]
        assert shown.pop("FeedbackDate")
        assert shown == {"FeedbackValue": "Invalid", "Provider": "Admin"}
        give(env, last(env)["EventId"], "Valid")
        assert last(env)["EventFeedback"]["FeedbackValue"] == "Valid"

    def test_unknown_events_and_users(self, env):
        with refused("InvalidParameterException", "EventId is invalid"):
            give(env, "nope")
        with refused("NotAuthorizedException", "Incorrect username or password."):
            give(env, "nope", username="nobody")


class TestUpdateAuthEventFeedback:
    @pytest.fixture
    def blocked(self, env):
        """The mail about a blocked sign-in, and its event."""
        put(env, **takeover(notify=True, High="BLOCK"))
        risk(env, "HIGH")
        with refused(*SECURITY):
            env.sign_in()
        return env.cognito.messages.last(username="ada"), last(env)["EventId"]

    def give(self, env, event_id, token, username="ada"):
        env.idp.update_auth_event_feedback(
            UserPoolId=env.pool_id,
            Username=username,
            EventId=event_id,
            FeedbackToken=token,
            FeedbackValue="Invalid",
        )

    def test_by_the_token_of_the_mail(self, env, blocked):
        mail, event_id = blocked
        self.give(env, event_id, mail.code)
        shown = last(env)["EventFeedback"]
        assert (shown["FeedbackValue"], shown["Provider"]) == ("Invalid", "User")

    def test_what_it_refuses(self, env, blocked):
        mail, event_id = blocked
        with refused("NotAuthorizedException", "Invalid session provided"):
            self.give(env, event_id, "another")
        with refused("InvalidParameterException", "EventId is invalid"):
            self.give(env, "nope", mail.code)
        with refused("NotAuthorizedException", "Incorrect username or password."):
            self.give(env, event_id, mail.code, "nobody")
        with refused("NotAuthorizedException", "Invalid session provided"):
            self.give(env, event_without_mail(env), mail.code)
        assert "EventFeedback" not in last(env)


def event_without_mail(env):
    risk(env, None)
    env.sign_in()
    return last(env)["EventId"]


class TestMails:
    EVERYTHING = (
        "{username}|{ip-address}|{city}|{country}|{device-name}|{event-id}|{feedback-token}|"
        "{one-click-link-valid}|{one-click-link-invalid}|{login-time}|{unknown}"
    )

    @pytest.mark.parametrize(
        ("action", "template"),
        [("BLOCK", "BlockEmail"), ("MFA_REQUIRED", "MfaEmail"), ("NO_ACTION", "NoActionEmail")],
    )
    def test_each_action_has_its_template(self, protected, action, template):
        env = protected()
        env.admin_update(phone_number="+15550001111")
        enable_mfa(env, "OPTIONAL", totp=False, sms=True)
        templates = {
            name: {"Subject": f"{name} for {{username}}", "HtmlBody": self.EVERYTHING}
            for name in ("BlockEmail", "MfaEmail", "NoActionEmail")
        }
        more = {**templates, "From": "Shop <security@shop.example>", "ReplyTo": "help@shop.example"}
        put(env, **takeover(notify=True, templates=more, High=action))
        risk(env, "HIGH")
        try:
            at(env, agent=CHROME)
        except env.idp.exceptions.NotAuthorizedException:
            assert action == "BLOCK"
        (mail,) = [each for each in env.cognito.messages if each.medium == "EMAIL"]
        assert mail.subject == f"{template} for ada"
        assert (mail.sender, mail.reply_to) == ("Shop <security@shop.example>", "help@shop.example")
        assert mail.trigger_source == "AccountTakeOverNotification"
        parts = mail.body.split("|")
        assert parts[:6] == ["ada", "192.0.2.1", "", "", "Chrome 126, Windows 10", last(env)["EventId"]]
        assert parts[6] == mail.code
        assert parts[7].endswith("feedback_value=Valid")
        assert parts[8].replace("&amp;", "&") == mail.link
        assert parts[10] == "{unknown}"

    def test_a_text_stays_a_text_in_html(self, env):
        templates = {"BlockEmail": {"Subject": "No", "TextBody": "a < b\n{ip-address}"}}
        put(env, **takeover(notify=True, templates=templates, High="BLOCK"))
        risk(env, "HIGH")
        with refused(*SECURITY):
            env.sign_in()
        assert env.cognito.messages[-1].body == "<pre>a &lt; b\n127.0.0.1</pre>"

    def test_without_a_template_or_without_notify(self, env):
        put(env, **takeover(notify=True, High="BLOCK"))
        risk(env, "HIGH")
        with refused(*SECURITY):
            env.sign_in()
        mail = env.cognito.messages[-1]
        assert mail.subject == "Blocked sign-in attempt"
        assert mail.sender == "no-reply@shop.example"
        put(env, **takeover(High="BLOCK"))
        with refused(*SECURITY):
            env.sign_in()
        assert len(env.cognito.messages) == 1

    def test_a_user_without_an_address_gets_none(self, env):
        put(env, **takeover(notify=True, High="BLOCK"))
        env.add_user("grace")
        risk(env, "HIGH")
        with refused(*SECURITY):
            env.sign_in("grace")
        assert len(env.cognito.messages) == 0

    def test_a_mail_that_cannot_go_out_changes_nothing(self, env, caplog):
        def fail(_message):
            raise OSError("away")

        put(env, **takeover(notify=True, High="NO_ACTION"))
        risk(env, "HIGH")
        env.cognito.world.outbox.sinks.append(fail)
        assert env.sign_in()
        assert "the notice of a risky sign-in was not sent" in caplog.text

    def test_a_custom_sender_gets_it(self, protected):
        sender = {"LambdaArn": configured(x="send")["x"], "LambdaVersion": "V1_0"}
        key = "arn:aws:kms:us-east-1:123456789012:key/0d9f2a1c-3b1e-4a52-9c1d-2f6f0a7b8c9d"
        env = protected(LambdaConfig={"CustomEmailSender": sender, "KMSKeyID": key})
        got = []
        env.cognito.functions["send"] = lambda event, _context: got.append(event)
        put(env, **takeover(notify=True, High="BLOCK"))
        risk(env, "HIGH")
        with refused(*SECURITY):
            env.sign_in()
        assert [event["triggerSource"] for event in got] == ["CustomEmailSender_AccountTakeOverNotification"]
        assert got[0]["request"]["userAttributes"]["email"] == "ada@example.com"
        assert len(env.cognito.messages) == 0


class TestExportedEvents:
    @pytest.mark.parametrize(
        ("destination", "name"),
        [
            ({"CloudWatchLogsConfiguration": {"LogGroupArn": GROUP}}, "shop-activity"),
            (
                {
                    "FirehoseConfiguration": {
                        "StreamArn": "arn:aws:firehose:us-east-1:123456789012:deliverystream/x"
                    }
                },
                "arn:aws:firehose:us-east-1:123456789012:deliverystream/x",
            ),
            ({"S3Configuration": {"BucketArn": "arn:aws:s3:::activity"}}, "arn:aws:s3:::activity"),
        ],
    )
    def test_they_go_to_the_pools_destination(self, env, destination, name):
        activity = {"EventSource": "userAuthEvents", "LogLevel": "INFO", **destination}
        env.idp.set_log_delivery_configuration(UserPoolId=env.pool_id, LogConfigurations=[activity])
        at(env, agent=CHROME)
        began, ended = (json.loads(event.message) for event in env.cognito.logs(log_group=name))
        assert (began["eventSource"], began["logLevel"]) == ("USER_ACTIVITY", "INFO")
        assert began["message"]["eventResponse"] == "InProgress"
        message = ended["message"]
        assert re.fullmatch(r"\w{3} \w{3} \d\d [\d:]{8} UTC \d{4}", message.pop("creationDate"))
        assert message.pop("requestId")
        assert message == {
            "version": "1",
            "eventId": last(env)["EventId"],
            "eventType": "SignIn",
            "userSub": env.attributes()["sub"],
            "userName": "ada",
            "userPoolId": env.pool_id,
            "clientId": env.client_id,
            "eventResponse": "Pass",
            "riskLevel": "",
            "riskDecision": "PASS",
            "challenges": ["Password:Success"],
            "deviceName": "Chrome 126, Windows 10",
            "ipAddress": "192.0.2.1",
            "idpName": "",
            "compromisedCredentialDetected": "false",
            "city": "",
            "country": "",
            "eventFeedbackValue": "",
            "eventFeedbackDate": "",
            "eventFeedbackProvider": "",
            "hasContextData": "true",
        }
        give(env, last(env)["EventId"], "Valid")
        told = json.loads(env.cognito.logs(log_group=name)[-1].message)["message"]
        assert (told["eventFeedbackValue"], told["eventFeedbackProvider"]) == ("Valid", "Admin")
