"""Custom challenges: functions decide, ask and judge."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from support.pool_env import OTHER, PASSWORD, refused
from support.pool_settings import FUNCTION
from support.sign_in import FLOWS, begin, enable_mfa, read, respond
from support.srp_client import Client

WRONG = "Incorrect username or password."


class Riddle:
    """The three functions of a custom challenge: up to three attempts, after the password if that comes first."""

    def __init__(self):
        self.events = []

    def define(self, event, _context):
        self.events.append(("define", event))
        session, response = event["request"]["session"], event["response"]
        names = [of["challengeName"] for of in session]
        if names == ["SRP_A"]:
            response["challengeName"] = "PASSWORD_VERIFIER"
        elif session and names[-1] == "CUSTOM_CHALLENGE" and session[-1]["challengeResult"]:
            response["issueTokens"] = True
        elif names.count("CUSTOM_CHALLENGE") >= 3:
            response["failAuthentication"] = True
        else:
            response["challengeName"] = "CUSTOM_CHALLENGE"
        return event

    def create(self, event, _context):
        self.events.append(("create", event))
        event["response"] = {
            "publicChallengeParameters": {"question": "1+1", "tries": 3},
            "privateChallengeParameters": {"answer": "2"},
            "challengeMetadata": "SUM",
        }
        return event

    def verify(self, event, _context):
        self.events.append(("verify", event))
        request = event["request"]
        right = request["privateChallengeParameters"]["answer"] == request["challengeAnswer"]
        event["response"]["answerCorrect"] = right
        return event

    def seen(self, kind):
        return [event["request"] for name, event in self.events if name == kind]


TRIGGERS = {
    "DefineAuthChallenge": "define",
    "CreateAuthChallenge": "create",
    "VerifyAuthChallengeResponse": "verify",
}


@pytest.fixture
def riddle(cognito):
    riddle = Riddle()
    for name in TRIGGERS.values():
        cognito.functions[name] = getattr(riddle, name)
    return riddle


@pytest.fixture
def open_env(found, riddle):
    def open_env(**settings):
        config = {trigger: FUNCTION + name for trigger, name in TRIGGERS.items()}
        client = {"ExplicitAuthFlows": FLOWS, **settings.pop("client", {})}
        env = found(client=client, LambdaConfig=config, **settings)
        env.add_user(email="ada@example.com", phone_number="+15550001234")
        return env

    return open_env


@pytest.fixture
def env(open_env):
    return open_env()


def start(env, username="ada", **more):
    return begin(env, "CUSTOM_AUTH", USERNAME=username, **more)


def answer(env, question, text, username="ada", **more):
    return respond(env, "CUSTOM_CHALLENGE", question["Session"], USERNAME=username, ANSWER=text, **more)


class TestWithoutAPassword:
    def test_the_question_is_the_functions_and_its_private_half_stays(self, env):
        question = start(env)
        assert question["ChallengeName"] == "CUSTOM_CHALLENGE"
        assert question["ChallengeParameters"] == {"question": "1+1", "tries": "3", "USERNAME": "ada"}

    def test_a_right_answer_gives_tokens(self, env):
        result = answer(env, start(env), "2")["AuthenticationResult"]
        assert read(result["AccessToken"])["username"] == "ada"
        assert result["RefreshToken"]

    def test_a_wrong_one_is_asked_again_in_a_new_session(self, env):
        first = start(env)
        second = answer(env, first, "3")
        assert second["ChallengeName"] == "CUSTOM_CHALLENGE"
        assert second["Session"] != first["Session"]
        with refused("NotAuthorizedException"):
            answer(env, first, "2")
        assert answer(env, second, "2")["AuthenticationResult"]

    def test_the_function_counts_and_fails_it(self, env):
        question = start(env)
        for _ in range(2):
            question = answer(env, question, "3")
        with refused("NotAuthorizedException", WRONG):
            answer(env, question, "3")

    def test_what_the_functions_are_told(self, env, riddle):
        question = answer(env, start(env), "3")
        answer(env, question, "2")
        round_ = {"challengeName": "CUSTOM_CHALLENGE", "challengeMetadata": "SUM"}
        assert [of["session"] for of in riddle.seen("define")] == [
            [],
            [round_ | {"challengeResult": False}],
            [round_ | {"challengeResult": False}, round_ | {"challengeResult": True}],
        ]
        assert [of["challengeName"] for of in riddle.seen("create")] == ["CUSTOM_CHALLENGE"] * 2
        assert [of["session"] for of in riddle.seen("create")] == [
            of["session"] for of in riddle.seen("define")[:2]
        ]
        assert [
            (of["privateChallengeParameters"], of["challengeAnswer"]) for of in riddle.seen("verify")
        ] == [({"answer": "2"}, "3"), ({"answer": "2"}, "2")]
        assert riddle.seen("define")[0]["userAttributes"]["email"] == "ada@example.com"
        assert {event["triggerSource"] for _, event in riddle.events} == {
            f"{trigger}_Authentication" for trigger in TRIGGERS
        }

    def test_metadata_of_answers_reaches_them_and_that_of_the_beginning_does_not(self, env, riddle):
        question = env.idp.initiate_auth(
            ClientId=env.client_id,
            AuthFlow="CUSTOM_AUTH",
            AuthParameters={"USERNAME": "ada"},
            ClientMetadata={"from": "start"},
        )
        env.idp.respond_to_auth_challenge(
            ClientId=env.client_id,
            ChallengeName="CUSTOM_CHALLENGE",
            Session=question["Session"],
            ChallengeResponses={"USERNAME": "ada", "ANSWER": "2"},
            ClientMetadata={"from": "answer"},
        )
        assert [of.get("clientMetadata") for of in riddle.seen("define")] == [None, {"from": "answer"}]
        assert riddle.seen("verify")[0]["clientMetadata"] == {"from": "answer"}

    def test_without_metadata_of_its_own_a_round_has_null(self, env, riddle, cognito):
        def create(event, context):
            event = riddle.create(event, context)
            del event["response"]["challengeMetadata"]
            return event

        cognito.functions["create"] = create
        answer(env, start(env), "2")
        assert riddle.seen("define")[-1]["session"] == [
            {"challengeName": "CUSTOM_CHALLENGE", "challengeResult": True, "challengeMetadata": None}
        ]

    def test_they_are_told_whether_there_is_such_a_user_where_that_is_hidden(self, open_env, riddle):
        env = open_env(client={"PreventUserExistenceErrors": "ENABLED"})
        for name in ("ada", "bob"):
            start(env, name)
        for kind in ("define", "create"):
            assert [of["userNotFound"] for of in riddle.seen(kind)] == [False, True]

    def test_a_temporary_password_is_left_alone(self, env):
        env.create("bob", TemporaryPassword=PASSWORD)
        assert answer(env, start(env, "bob"), "2", "bob")["AuthenticationResult"]
        assert env.status("bob") == "FORCE_CHANGE_PASSWORD"

    def test_who_is_unconfirmed_or_disabled(self, env):
        env.sign_up("bob")
        with refused("UserNotConfirmedException"):
            start(env, "bob")
        env.idp.admin_disable_user(UserPoolId=env.pool_id, Username="ada")
        with refused("NotAuthorizedException", "User is disabled."):
            start(env)

    def test_a_second_factor_follows(self, env):
        enable_mfa(env, "OPTIONAL", sms=True)
        env.idp.admin_set_user_mfa_preference(
            UserPoolId=env.pool_id, Username="ada", SMSMfaSettings={"Enabled": True}
        )
        question = answer(env, start(env), "2")
        assert question["ChallengeName"] == "SMS_MFA"
        assert respond(env, "SMS_MFA", question["Session"], USERNAME="ada", SMS_MFA_CODE=env.code())[
            "AuthenticationResult"
        ]

    def test_a_remembered_device_follows_in_place_of_it(self, open_env):
        env = open_env(DeviceConfiguration={"ChallengeRequiredOnNewDevice": True})
        result = answer(env, start(env), "2")["AuthenticationResult"]
        device = result["NewDeviceMetadata"]
        env.idp.confirm_device(
            AccessToken=result["AccessToken"],
            DeviceKey=device["DeviceKey"],
            DeviceSecretVerifierConfig={"PasswordVerifier": "Ag==", "Salt": "Ag=="},
        )
        enable_mfa(env, "ON", sms=True)
        question = start(env, DEVICE_KEY=device["DeviceKey"])
        assert question["ChallengeName"] == "CUSTOM_CHALLENGE"
        assert answer(env, question, "2")["ChallengeName"] == "DEVICE_SRP_AUTH"
        assert answer(env, start(env), "2")["ChallengeName"] == "SMS_MFA"

    def test_no_answer(self, env):
        with refused("InvalidParameterException", "Missing required parameter ANSWER"):
            respond(env, "CUSTOM_CHALLENGE", start(env)["Session"], USERNAME="ada")


class TestPasswordFirst:
    def begun(self, env, password=PASSWORD):
        client = Client()
        question = start(env, SRP_A=client.srp_a, CHALLENGE_NAME="SRP_A")
        assert question["ChallengeName"] == "PASSWORD_VERIFIER"
        told = question["ChallengeParameters"]
        claim = client.claim(told, env.pool_id.partition("_")[2], "ada", password)
        return respond(env, "PASSWORD_VERIFIER", question["Session"], USERNAME="ada", **claim)

    def test_the_challenge_follows_and_the_functions_know(self, env, riddle):
        question = self.begun(env)
        assert question["ChallengeName"] == "CUSTOM_CHALLENGE"
        assert answer(env, question, "2")["AuthenticationResult"]
        assert [
            [(of["challengeName"], of["challengeResult"]) for of in request["session"]]
            for request in riddle.seen("define")
        ] == [
            [("SRP_A", True)],
            [("SRP_A", True), ("PASSWORD_VERIFIER", True)],
            [("SRP_A", True), ("PASSWORD_VERIFIER", True), ("CUSTOM_CHALLENGE", True)],
        ]

    def test_a_wrong_password_ends_it(self, env, riddle):
        with refused("NotAuthorizedException", WRONG):
            self.begun(env, OTHER)
        assert len(riddle.seen("define")) == 1

    def test_a_hostile_public_value(self, env):
        with refused("InvalidParameterException"):
            start(env, SRP_A="0", CHALLENGE_NAME="SRP_A")


class TestUnknownUsers:
    def test_legacy_asks_no_function(self, env, riddle):
        with refused("UserNotFoundException"):
            start(env, "bob")
        assert riddle.events == []

    def test_hidden_ones_are_asked_and_never_get_tokens(self, open_env, riddle):
        env = open_env(client={"PreventUserExistenceErrors": "ENABLED"})
        question = start(env, "bob")
        assert question["ChallengeName"] == "CUSTOM_CHALLENGE"
        assert riddle.seen("define")[0]["userNotFound"] is True
        with refused("NotAuthorizedException", WRONG):
            answer(env, question, "2", "bob")


class TestFunctionsThatDoNotFit:
    def test_a_pool_without_them(self, found):
        env = found(client={"ExplicitAuthFlows": FLOWS})
        env.add_user()
        with refused(
            "InvalidParameterException", "Custom auth lambda trigger is not configured for the user pool."
        ):
            start(env)

    @pytest.mark.parametrize("name", [None, "MAGIC", "PASSWORD_VERIFIER", "NEW_PASSWORD_REQUIRED"])
    def test_a_decision_that_is_none(self, env, cognito, name):
        def define(event, _context):
            event["response"]["challengeName"] = name
            return event

        cognito.functions["define"] = define
        with refused("InvalidLambdaResponseException"):
            start(env)

    @pytest.mark.parametrize("name", list(TRIGGERS.values()))
    def test_one_that_fails(self, env, cognito, name):
        def failing(_event, _context):
            raise RuntimeError("out of riddles")

        cognito.functions[name] = failing
        trigger = next(trigger for trigger, of in TRIGGERS.items() if of == name)
        with refused("UserLambdaValidationException", f"{trigger} failed with error out of riddles."):
            answer(env, start(env), "2")

    def test_tokens_at_once(self, env, cognito):
        def define(event, _context):
            event["response"]["issueTokens"] = True
            return event

        cognito.functions["define"] = define
        assert start(env)["AuthenticationResult"]


class TestTwoAnswersAtOnce:
    def test_one_session_gives_tokens_once(self, env, cognito, riddle):
        both = threading.Barrier(2, timeout=30)

        def verify(event, _context):
            both.wait()
            return riddle.verify(event, None)

        cognito.functions["verify"] = verify
        question = start(env)
        with ThreadPoolExecutor(2) as pool:
            answers = [pool.submit(answer, env, question, "2") for _ in range(2)]
        outcomes = sorted("AuthenticationResult" if of.exception() is None else "refused" for of in answers)
        assert outcomes == ["AuthenticationResult", "refused"]
