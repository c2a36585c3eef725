"""Triggers while a sign-in asks: custom challenges among the others, and codes in a function's own words."""

from __future__ import annotations

import threading

import pytest
from support.pool_env import PASSWORD
from support.pool_settings import FUNCTION
from support.sign_in import FLOWS, begin, enable_mfa, read, respond
from support.triggers import KEY, answering, configured, error_of, refusing, sources

SENDER = {"LambdaVersion": "V1_0", "LambdaArn": FUNCTION + "send"}
SES = "arn:aws:ses:us-east-1:123456789012:identity/a@example.com"
MAILING = {"EmailSendingAccount": "DEVELOPER", "SourceArn": SES}
BY_CODE = {"SignInPolicy": {"AllowedFirstAuthFactors": ["PASSWORD", "EMAIL_OTP"]}}


def define(event, _context):
    session, response = event["request"]["session"], event["response"]
    if session and session[-1]["challengeResult"]:
        response["issueTokens"] = True
    else:
        response["challengeName"] = "CUSTOM_CHALLENGE"
    return event


def create(event, _context):
    event["response"] = {
        "publicChallengeParameters": {"question": "1+1"},
        "privateChallengeParameters": {"answer": "2"},
    }
    return event


def verify(event, _context):
    request = event["request"]
    event["response"]["answerCorrect"] = (
        request["challengeAnswer"] == request["privateChallengeParameters"]["answer"]
    )
    return event


class TestCustomChallenges:
    @pytest.fixture
    def env(self, found, cognito):
        cognito.functions.update(
            define=define,
            create=create,
            verify=verify,
            before=answering(),
            after=answering(),
            claims=answering(),
        )
        env = found(
            client={"ExplicitAuthFlows": FLOWS},
            LambdaConfig=configured(
                DefineAuthChallenge="define",
                CreateAuthChallenge="create",
                VerifyAuthChallengeResponse="verify",
                PreAuthentication="before",
                PostAuthentication="after",
                PreTokenGeneration="claims",
            ),
        )
        env.add_user()
        return env

    def answer(self, env, asked, text, **more):
        return env.idp.respond_to_auth_challenge(
            ClientId=env.client_id,
            ChallengeName="CUSTOM_CHALLENGE",
            Session=asked["Session"],
            ChallengeResponses={"USERNAME": "ada", "ANSWER": text},
            **more,
        )

    def test_all_triggers_have_their_turn(self, env, cognito):
        asked = begin(env, "CUSTOM_AUTH", USERNAME="ada")
        self.answer(env, asked, "2", ClientMetadata={"k": "v"})
        assert sources(cognito) == [
            "PreAuthentication_Authentication",
            "DefineAuthChallenge_Authentication",
            "CreateAuthChallenge_Authentication",
            "VerifyAuthChallengeResponse_Authentication",
            "DefineAuthChallenge_Authentication",
            "PostAuthentication_Authentication",
            "TokenGeneration_Authentication",
        ]
        told = [call.event["request"].get("clientMetadata") for call in cognito.functions.calls]
        assert told == [None] * 3 + [{"k": "v"}] * 4

    def test_the_fields_of_their_responses_are_there_to_be_set(self, env, cognito):
        self.answer(env, begin(env, "CUSTOM_AUTH", USERNAME="ada"), "2")
        sent = {call.source.partition("_")[0]: call.event["response"] for call in cognito.functions.calls}
        assert sent["DefineAuthChallenge"] == {
            "challengeName": None,
            "issueTokens": None,
            "failAuthentication": None,
        }
        assert sent["CreateAuthChallenge"] == {
            "publicChallengeParameters": None,
            "privateChallengeParameters": None,
            "challengeMetadata": None,
        }
        assert sent["VerifyAuthChallengeResponse"] == {"answerCorrect": None}

    @pytest.mark.parametrize(
        ("name", "trigger"), [("define", "DefineAuthChallenge"), ("create", "CreateAuthChallenge")]
    )
    def test_a_failure_at_the_beginning(self, env, cognito, name, trigger):
        cognito.functions[name] = refusing("No")
        assert error_of(begin, env, "CUSTOM_AUTH", USERNAME="ada") == (
            "UserLambdaValidationException",
            f"{trigger} failed with error No.",
        )

    def test_a_failure_to_judge_leaves_the_question_open(self, env, cognito):
        asked = begin(env, "CUSTOM_AUTH", USERNAME="ada")
        cognito.functions["verify"] = refusing("No")
        assert error_of(self.answer, env, asked, "2") == (
            "UserLambdaValidationException",
            "VerifyAuthChallengeResponse failed with error No.",
        )
        cognito.functions["verify"] = verify
        assert self.answer(env, asked, "2")["AuthenticationResult"]

    def test_two_answers_at_once_count_as_one(self, env, cognito):
        both = threading.Barrier(2, timeout=30)

        def together(event, context):
            both.wait()
            return verify(event, context)

        cognito.functions["verify"] = together
        asked = begin(env, "CUSTOM_AUTH", USERNAME="ada")
        outcomes = []

        def answer():
            try:
                outcomes.append(self.answer(env, asked, "2")["AuthenticationResult"] and "in")
            except env.idp.exceptions.NotAuthorizedException:
                outcomes.append("out")

        threads = [threading.Thread(target=answer) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted(outcomes) == ["in", "out"]


class TestCodesThatSignIn:
    """One-time codes and second factors are messages too: CustomMessage words them, senders deliver them."""

    def by_code(self, env, **more):
        return begin(env, "USER_AUTH", USERNAME="ada", PREFERRED_CHALLENGE="EMAIL_OTP", **more)

    def make(self, found, **config):
        env = found(
            client={"ExplicitAuthFlows": ["ALLOW_USER_AUTH"]},
            Policies=BY_CODE,
            EmailConfiguration=MAILING,
            LambdaConfig=config,
        )
        env.add_user(email="ada@example.com", email_verified="true")
        return env

    def test_a_function_words_them(self, found, cognito):
        cognito.functions["words"] = answering(emailMessage="Type {####}")
        env = self.make(found, **configured(CustomMessage="words"))
        asked = self.by_code(env)
        (call,) = cognito.functions.calls
        assert call.source == "CustomMessage_Authentication"
        assert call.event["callerContext"]["clientId"] == env.client_id
        message = cognito.messages.last()
        assert message.body == f"Type {message.code}"
        result = respond(env, "EMAIL_OTP", asked["Session"], USERNAME="ada", EMAIL_OTP_CODE=message.code)[
            "AuthenticationResult"
        ]
        assert read(result["IdToken"])["cognito:username"] == "ada"

    def test_metadata_of_an_answer_reaches_the_function_and_that_of_the_beginning_does_not(
        self, found, cognito
    ):
        cognito.functions["words"] = answering()
        env = self.make(found, **configured(CustomMessage="words"))
        metadata = {"ClientMetadata": {"k": "v"}}
        asked = env.idp.initiate_auth(
            ClientId=env.client_id, AuthFlow="USER_AUTH", AuthParameters={"USERNAME": "ada"}, **metadata
        )
        env.idp.respond_to_auth_challenge(
            ClientId=env.client_id,
            ChallengeName="SELECT_CHALLENGE",
            Session=asked["Session"],
            ChallengeResponses={"USERNAME": "ada", "ANSWER": "EMAIL_OTP"},
            **metadata,
        )
        env.idp.initiate_auth(
            ClientId=env.client_id,
            AuthFlow="USER_AUTH",
            AuthParameters={"USERNAME": "ada", "PREFERRED_CHALLENGE": "EMAIL_OTP"},
            **metadata,
        )
        told = [call.event["request"].get("clientMetadata") for call in cognito.functions.calls]
        assert told == [{"k": "v"}, None]

    def test_metadata_of_an_answer_reaches_the_function_that_delivers(self, found, cognito):
        events = []
        cognito.functions["send"] = lambda event, _context: events.append(event)
        env = self.make(found, CustomEmailSender=SENDER, KMSKeyID=KEY)
        asked = begin(env, "USER_AUTH", USERNAME="ada")
        env.idp.respond_to_auth_challenge(
            ClientId=env.client_id,
            ChallengeName="SELECT_CHALLENGE",
            Session=asked["Session"],
            ChallengeResponses={"USERNAME": "ada", "ANSWER": "EMAIL_OTP"},
            ClientMetadata={"k": "v"},
        )
        self.by_code(env)
        assert [event["request"]["clientMetadata"] for event in events] == [{"k": "v"}, None]

    def test_its_failure_fails_the_sign_in(self, found, cognito):
        cognito.functions["words"] = refusing("No words")
        env = self.make(found, **configured(CustomMessage="words"))
        assert error_of(self.by_code, env) == (
            "UserLambdaValidationException",
            "CustomMessage failed with error No words.",
        )

    def test_a_function_delivers_them(self, found, cognito):
        events = []
        cognito.functions["send"] = lambda event, _context: events.append(event)
        env = self.make(found, CustomEmailSender=SENDER, KMSKeyID=KEY)
        asked = self.by_code(env)
        assert not cognito.messages
        assert events[0]["triggerSource"] == "CustomEmailSender_Authentication"
        code = cognito.functions.decrypt(events[0]["request"]["code"])
        assert respond(env, "EMAIL_OTP", asked["Session"], USERNAME="ada", EMAIL_OTP_CODE=code)[
            "AuthenticationResult"
        ]

    def test_second_factors_by_text_are_such_codes(self, found, cognito):
        events = []
        cognito.functions["send"] = lambda event, _context: events.append(event)
        cognito.functions["f"] = answering()
        env = found(
            LambdaConfig={
                "CustomSMSSender": SENDER,
                "KMSKeyID": KEY,
                **configured(PreAuthentication="f", PostAuthentication="f"),
            }
        )
        enable_mfa(env, "ON", sms=True, totp=False)
        env.add_user(phone_number="+15550100")
        asked = begin(env, USERNAME="ada", PASSWORD=PASSWORD)
        assert sources(cognito) == ["PreAuthentication_Authentication", "CustomSMSSender_Authentication"]
        code = cognito.functions.decrypt(events[0]["request"]["code"])
        respond(env, "SMS_MFA", asked["Session"], USERNAME="ada", SMS_MFA_CODE=code)
        assert sources(cognito)[2:] == ["PostAuthentication_Authentication"]


def test_a_chosen_password_migrates_whom_nobody_knows(found, cognito):
    cognito.functions["old"] = answering(
        userAttributes={"email": "ada@example.com"}, finalUserStatus="CONFIRMED", messageAction="SUPPRESS"
    )
    env = found(
        client={"ExplicitAuthFlows": ["ALLOW_USER_AUTH"]}, LambdaConfig=configured(UserMigration="old")
    )
    given = {"USERNAME": "ada", "PREFERRED_CHALLENGE": "PASSWORD", "PASSWORD": PASSWORD}
    assert begin(env, "USER_AUTH", **given)["AuthenticationResult"]


@pytest.mark.parametrize("at_once", [True, False])
def test_so_does_one_that_comes_with_an_answer(found, cognito, at_once):
    cognito.functions["old"] = answering(
        userAttributes={"email": "ada@example.com"}, finalUserStatus="CONFIRMED", messageAction="SUPPRESS"
    )
    env = found(
        client={"ExplicitAuthFlows": ["ALLOW_USER_AUTH"], "PreventUserExistenceErrors": "ENABLED"},
        Policies=BY_CODE,
        LambdaConfig=configured(UserMigration="old"),
    )

    def respond_with(name, asked, **responses):
        return env.idp.respond_to_auth_challenge(
            ClientId=env.client_id,
            ChallengeName=name,
            Session=asked["Session"],
            ChallengeResponses={"USERNAME": "ada", **responses},
            ClientMetadata={"k": "v"},
        )

    asked = begin(env, "USER_AUTH", USERNAME="ada")
    assert asked["ChallengeName"] == "SELECT_CHALLENGE"
    if at_once:
        answer = respond_with("SELECT_CHALLENGE", asked, ANSWER="PASSWORD", PASSWORD=PASSWORD)
    else:
        asked = respond_with("SELECT_CHALLENGE", asked, ANSWER="PASSWORD")
        answer = respond_with("PASSWORD", asked, PASSWORD=PASSWORD)
    assert read(answer["AuthenticationResult"]["AccessToken"])["username"] == "ada"
    (call,) = cognito.functions.calls
    assert call.event["request"] == {
        "password": PASSWORD,
        "validationData": None,
        "clientMetadata": {"k": "v"},
    }


def test_a_derived_token_has_the_claims_of_the_function(found, cognito):
    details = {"accessTokenGeneration": {"claimsToAddOrOverride": {"plan": "gold"}}}
    cognito.functions["claims"] = answering(claimsAndScopeOverrideDetails=details)
    config = {"PreTokenGenerationConfig": {"LambdaVersion": "V2_0", "LambdaArn": FUNCTION + "claims"}}
    env = found(LambdaConfig=config)
    env.add_user()
    token = env.token()
    env.client_of(
        ExplicitAuthFlows=["ALLOW_TOKEN_EXCHANGE_IMPERSONATION"],
        GenerateSecret=True,
    )
    answer = env.idp.get_derived_token(
        ClientId=env.client_id,
        ClientSecret=env.secret,
        SubjectToken=token,
        SubjectTokenType="ACCESS_TOKEN",
    )
    assert read(answer["IssuedToken"])["plan"] == "gold"
    cognito.functions["claims"] = refusing("No")
    assert error_of(
        env.idp.get_derived_token,
        ClientId=env.client_id,
        ClientSecret=env.secret,
        SubjectToken=token,
        SubjectTokenType="ACCESS_TOKEN",
    ) == ("UserLambdaValidationException", "PreTokenGeneration failed with error No.")
