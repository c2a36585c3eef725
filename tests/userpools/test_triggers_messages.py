"""Messages in a function's own words, and functions that deliver messages themselves."""

from __future__ import annotations

import base64
import builtins
import threading

import boto3
import pytest
import requests
from support.pool_env import PASSWORD, listed, refused
from support.pool_settings import FUNCTION
from support.triggers import KEY, answering, configured, error_of, refusing, sources
from support.waiting import LONG, promptly, until

from cogmock.core.messages import custom_senders
from cogmock.testing.server import CognitoServer

EMAIL, PHONE = "ada@example.com", "+15550100"
_ANY = r"[\p{L}\p{M}\p{S}\p{N}\p{P}\s*]*"
PATTERN = (
    "'emailBody' failed to satisfy constraint: Member must satisfy regular expression pattern: "
    rf"{_ANY}\{{####\}}{_ANY}"
)


@pytest.fixture
def worded(found, cognito):
    """A pool whose messages a function words."""
    cognito.functions["words"] = answering()

    def worded(**settings):
        settings = {"AutoVerifiedAttributes": ["email"], **settings}
        return found(LambdaConfig=configured(CustomMessage="words"), **settings)

    return worded


def last(cognito):
    return cognito.functions.calls[-1].event


class TestCustomMessage:
    def test_gets_the_event_that_aws_sends(self, worded, cognito):
        env = worded()
        sub = env.sign_up(attributes={"email": EMAIL}, ClientMetadata={"from": "web"})["UserSub"]
        (call,) = cognito.functions.calls
        assert call.event["triggerSource"] == "CustomMessage_SignUp"
        assert call.event["callerContext"]["clientId"] == env.client_id
        assert call.event["request"] == {
            "userAttributes": {
                "sub": sub,
                "cognito:user_status": "UNCONFIRMED",
                "email": EMAIL,
                "email_verified": "false",
            },
            "codeParameter": "{####}",
            "linkParameter": "{##Click Here##}",
            "usernameParameter": None,
            "clientMetadata": {"from": "web"},
        }
        assert call.event["response"] == {"smsMessage": None, "emailMessage": None, "emailSubject": None}

    def test_puts_code_and_subject_in_its_own_words(self, worded, cognito):
        cognito.functions["words"] = answering(emailMessage="Tap {####}", emailSubject="Welcome")
        worded().sign_up(attributes={"email": EMAIL})
        message = cognito.messages.last()
        assert (message.subject, message.body) == ("Welcome", f"Tap {message.code}")

    def test_what_it_leaves_null_is_the_pools(self, worded, cognito):
        worded(EmailVerificationSubject="Ours", EmailVerificationMessage="Ours {####}").sign_up(
            attributes={"email": EMAIL}
        )
        message = cognito.messages.last()
        assert (message.subject, message.body) == ("Ours", f"Ours {message.code}")

    def test_a_subject_alone_goes_with_the_pools_text(self, worded, cognito):
        cognito.functions["words"] = answering(emailSubject="Welcome")
        worded(EmailVerificationMessage="Ours {####}").sign_up(attributes={"email": EMAIL})
        message = cognito.messages.last()
        assert (message.subject, message.body) == ("Welcome", f"Ours {message.code}")

    def test_texts_have_words_of_their_own(self, worded, cognito):
        cognito.functions["words"] = answering(smsMessage="Text {####}", emailMessage="Mail {####}")
        worded(AutoVerifiedAttributes=["phone_number"]).sign_up(attributes={"phone_number": PHONE})
        message = cognito.messages.last()
        assert message.body == f"Text {message.code}"

    def test_a_link_may_stand_for_the_code(self, worded, cognito):
        def function(event, _context):
            event["response"]["emailMessage"] = f"Follow {event['request']['linkParameter']}"
            return event

        cognito.functions["words"] = function
        worded(VerificationMessageTemplate={"DefaultEmailOption": "CONFIRM_WITH_LINK"}).sign_up(
            attributes={"email": EMAIL}
        )
        message = cognito.messages.last()
        assert message.link
        assert message.body.endswith(">Click Here</a>")

    @pytest.mark.parametrize(
        "text", ["No code", "Your code\u00a0is {####}", "Zero\u200bwidth {####}", "{## #}"]
    )
    def test_a_text_that_no_template_could_be_is_refused_in_awss_words(self, worded, cognito, text):
        cognito.functions["words"] = answering(emailMessage=text)
        env = worded()
        with refused(
            "InvalidParameterException", f"1 validation error detected: Value '{text}' at {PATTERN}"
        ):
            env.sign_up(attributes={"email": EMAIL})
        assert not cognito.messages

    @pytest.mark.parametrize("text", ["A\tb\n\x0b\f\r {####}", "Größe ¥ {####} 🙂", "<b>{####}</b>"])
    def test_javas_blanks_and_every_letter_and_symbol_are_taken(self, worded, cognito, text):
        cognito.functions["words"] = answering(emailMessage=text)
        worded().sign_up(attributes={"email": EMAIL})
        message = cognito.messages.last()
        assert message.body == text.replace("{####}", message.code)

    @pytest.mark.parametrize(
        ("response", "told"),
        [
            ({"emailMessage": "x" * 20_000 + "{####}"}, "have length less than or equal to 20000"),
            ({"emailSubject": "x" * 141}, "have length less than or equal to 140"),
            (
                {"emailSubject": "Your\u00a0code"},
                "satisfy regular expression pattern: [\\p{L}\\p{M}\\p{S}\\p{N}\\p{P}\\s]+",
            ),
        ],
    )
    def test_lengths_and_subjects_are_those_of_templates(self, worded, cognito, response, told):
        cognito.functions["words"] = answering(**response)
        code, message = error_of(worded().sign_up, attributes={"email": EMAIL})
        assert code == "InvalidParameterException"
        assert message.endswith(f"failed to satisfy constraint: Member must {told}")
        assert not cognito.messages

    def test_a_text_of_another_type_is_no_answer(self, worded, cognito):
        cognito.functions["words"] = answering(emailMessage=["{####}"])
        code, _ = error_of(worded().sign_up, attributes={"email": EMAIL})
        assert code == "InvalidLambdaResponseException"

    def test_an_empty_text_is_the_pools(self, worded, cognito):
        cognito.functions["words"] = answering(emailMessage="", smsMessage="", emailSubject="")
        worded(EmailVerificationMessage="Ours {####}").sign_up(attributes={"email": EMAIL})
        assert cognito.messages.last().body.startswith("Ours ")

    def test_a_text_message_has_140_characters_and_the_code(self, worded, cognito):
        env = worded(AutoVerifiedAttributes=["phone_number"])
        cognito.functions["words"] = answering(smsMessage="{####}" + "x" * 134)
        env.sign_up("ada", attributes={"phone_number": PHONE})
        for name, text in (("ben", "{####}" + "x" * 135), ("cyd", "no code")):
            cognito.functions["words"] = answering(smsMessage=text)
            code, _ = error_of(env.sign_up, name, attributes={"phone_number": PHONE})
            assert code == "InvalidParameterException"

    def test_only_the_text_of_the_medium_is_looked_at(self, worded, cognito):
        cognito.functions["words"] = answering(smsMessage="no code", emailMessage="Mail {####}")
        worded().sign_up(attributes={"email": EMAIL})
        assert cognito.messages.last().body.startswith("Mail ")

    def test_an_invitation_names_the_user_too(self, worded, cognito):
        def function(event, _context):
            request = event["request"]
            text = f"{request['usernameParameter']} / {request['codeParameter']}"
            event["response"]["emailMessage"] = text
            return event

        cognito.functions["words"] = function
        env = worded()
        env.create(attributes={"email": EMAIL}, TemporaryPassword=PASSWORD, ClientMetadata={"by": "admin"})
        assert cognito.messages.last().body == f"ada / {PASSWORD}"
        event = last(cognito)
        assert event["triggerSource"] == "CustomMessage_AdminCreateUser"
        assert event["callerContext"]["clientId"] == "CLIENT_ID_NOT_APPLICABLE"
        assert event["request"]["clientMetadata"] == {"by": "admin"}

    def test_an_invitation_without_the_name_gives_way_to_the_default_one(self, worded, cognito):
        cognito.functions["words"] = answering(emailMessage="Only {####}", emailSubject="Welcome")
        worded().create(attributes={"email": EMAIL}, TemporaryPassword=PASSWORD)
        message = cognito.messages.last()
        assert (message.subject, message.body) == (
            "Welcome",
            f"Your username is ada and temporary password is {PASSWORD}. ",
        )

    def test_an_invitation_without_the_code_is_refused(self, worded, cognito):
        cognito.functions["words"] = answering(emailMessage="Only {username}")
        assert error_of(worded().create, attributes={"email": EMAIL})[0] == "InvalidParameterException"

    def test_is_asked_when_an_invitation_is_sent_again(self, worded, cognito):
        env = worded()
        env.create(attributes={"email": EMAIL}, MessageAction="SUPPRESS")
        assert sources(cognito) == []
        env.create(MessageAction="RESEND")
        assert sources(cognito) == ["CustomMessage_AdminCreateUser"]

    def test_every_occasion_has_its_source(self, worded, cognito):
        env = worded()
        env.sign_up(attributes={"email": EMAIL})
        metadata = {"ClientMetadata": {"k": "v"}}
        env.idp.resend_confirmation_code(ClientId=env.client_id, Username="ada", **metadata)
        env.confirm()
        env.idp.forgot_password(ClientId=env.client_id, Username="ada", **metadata)
        token = env.token()
        env.idp.update_user_attributes(
            AccessToken=token, UserAttributes=listed({"email": "new@example.com"}), **metadata
        )
        env.idp.get_user_attribute_verification_code(AccessToken=token, AttributeName="email", **metadata)
        env.idp.admin_update_user_attributes(
            UserPoolId=env.pool_id,
            Username="ada",
            UserAttributes=listed({"email": EMAIL, "email_verified": "true"}),
        )
        env.idp.admin_reset_user_password(UserPoolId=env.pool_id, Username="ada", **metadata)
        assert [source.removeprefix("CustomMessage_") for source in sources(cognito)] == [
            "SignUp",
            "ResendCode",
            "ForgotPassword",
            "UpdateUserAttribute",
            "VerifyUserAttribute",
            "ForgotPassword",
        ]
        assert all(
            call.event["request"]["clientMetadata"] == {"k": "v"} for call in cognito.functions.calls[1:]
        )

    def test_an_administrators_new_address_is_told(self, worded, cognito):
        env = worded()
        env.add_user(email=EMAIL, email_verified="true")
        env.idp.admin_update_user_attributes(
            UserPoolId=env.pool_id,
            Username="ada",
            UserAttributes=listed({"email": "new@example.com"}),
            ClientMetadata={"k": "v"},
        )
        assert last(cognito)["triggerSource"] == "CustomMessage_UpdateUserAttribute"
        assert last(cognito)["request"]["userAttributes"]["email"] == "new@example.com"
        assert last(cognito)["request"]["clientMetadata"] == {"k": "v"}

    def test_its_failure_fails_the_call(self, worded, cognito):
        cognito.functions["words"] = refusing("No words")
        env = worded()
        with refused("UserLambdaValidationException", "CustomMessage failed with error No words."):
            env.sign_up(attributes={"email": EMAIL})
        assert not cognito.messages

    def test_is_not_asked_where_nothing_would_be_sent(self, worded, cognito):
        worded(AutoVerifiedAttributes=[]).sign_up(attributes={"email": EMAIL})
        assert sources(cognito) == []


def sender(name="send"):
    return {"LambdaVersion": "V1_0", "LambdaArn": FUNCTION + name}


@pytest.fixture
def sent(cognito):
    """The events that the sender got."""
    events = []
    cognito.functions["send"] = lambda event, _context: events.append(event)
    return events


class TestCustomSenders:
    def test_a_mail_is_the_functions_business(self, found, cognito, sent):
        env = found(
            AutoVerifiedAttributes=["email"],
            LambdaConfig={
                "CustomEmailSender": sender(),
                "KMSKeyID": KEY,
                **configured(CustomMessage="never"),
            },
        )
        sub = env.sign_up(attributes={"email": EMAIL})["UserSub"]
        assert not cognito.messages
        assert sources(cognito) == ["CustomEmailSender_SignUp"]
        (event,) = sent
        code = cognito.functions.decrypt(event["request"].pop("code"))
        assert event == {
            "version": "1",
            "triggerSource": "CustomEmailSender_SignUp",
            "region": "us-east-1",
            "userPoolId": env.pool_id,
            "userName": "ada",
            "callerContext": {"awsSdkVersion": "aws-sdk-unknown-unknown", "clientId": env.client_id},
            "request": {
                "type": "customEmailSenderRequestV1",
                "clientMetadata": None,
                "userAttributes": {
                    "sub": sub,
                    "cognito:user_status": "UNCONFIRMED",
                    "email": EMAIL,
                    "email_verified": "false",
                },
            },
        }
        env.confirm(code=code)
        assert env.user()["UserStatus"] == "CONFIRMED"

    def test_so_is_a_text(self, found, cognito, sent):
        env = found(
            AutoVerifiedAttributes=["phone_number"],
            LambdaConfig={"CustomSMSSender": sender(), "KMSKeyID": KEY},
        )
        env.sign_up(attributes={"phone_number": PHONE}, ClientMetadata={"from": "web"})
        (event,) = sent
        assert event["triggerSource"] == "CustomSMSSender_SignUp"
        assert event["request"]["type"] == "customSMSSenderRequestV1"
        assert event["request"]["clientMetadata"] == {"from": "web"}
        env.confirm(code=cognito.functions.decrypt(event["request"]["code"]))

    def test_the_other_medium_goes_as_before(self, found, cognito, sent):
        env = found(
            AutoVerifiedAttributes=["email"], LambdaConfig={"CustomSMSSender": sender(), "KMSKeyID": KEY}
        )
        env.sign_up(attributes={"email": EMAIL})
        assert not sent
        assert cognito.messages.last().destination == EMAIL

    def test_a_temporary_password_is_escaped(self, found, cognito, sent):
        env = found(LambdaConfig={"CustomEmailSender": sender(), "KMSKeyID": KEY})
        env.create(attributes={"email": EMAIL}, TemporaryPassword="Aa1<&>x-long")
        (event,) = sent
        assert event["triggerSource"] == "CustomEmailSender_AdminCreateUser"
        assert cognito.functions.decrypt(event["request"]["code"]) == "Aa1&lt;&amp;&gt;x-long"

    def test_every_occasion_has_its_source(self, found, cognito, sent):
        env = found(
            AutoVerifiedAttributes=["email"],
            LambdaConfig={"CustomEmailSender": sender(), "KMSKeyID": KEY},
        )
        env.sign_up(attributes={"email": EMAIL})
        env.idp.resend_confirmation_code(ClientId=env.client_id, Username="ada")
        env.confirm(code=cognito.functions.decrypt(sent[-1]["request"]["code"]))
        env.idp.forgot_password(ClientId=env.client_id, Username="ada")
        token = env.token()
        env.idp.update_user_attributes(AccessToken=token, UserAttributes=listed({"email": "new@example.com"}))
        assert sent[-1]["request"]["userAttributes"]["email"] == "new@example.com"
        env.idp.get_user_attribute_verification_code(AccessToken=token, AttributeName="email")
        assert [source.removeprefix("CustomEmailSender_") for source in sources(cognito)] == [
            "SignUp",
            "ResendCode",
            "ForgotPassword",
            "UpdateUserAttribute",
            "VerifyUserAttribute",
        ]

    def test_every_occasion_of_a_text_has_its_source(self, found, cognito, sent):
        env = found(
            AutoVerifiedAttributes=["phone_number"],
            AccountRecoverySetting={"RecoveryMechanisms": [{"Priority": 1, "Name": "verified_phone_number"}]},
            LambdaConfig={"CustomSMSSender": sender(), "KMSKeyID": KEY},
        )
        env.sign_up(attributes={"phone_number": PHONE})
        env.idp.resend_confirmation_code(ClientId=env.client_id, Username="ada")
        env.confirm(code=cognito.functions.decrypt(sent[-1]["request"]["code"]))
        env.idp.forgot_password(ClientId=env.client_id, Username="ada")
        token = env.token()
        env.update(token, phone_number="+15550199")
        env.idp.get_user_attribute_verification_code(AccessToken=token, AttributeName="phone_number")
        env.create("bob", attributes={"phone_number": "+15550142"})
        assert [source.removeprefix("CustomSMSSender_") for source in sources(cognito)] == [
            "SignUp",
            "ResendCode",
            "ForgotPassword",
            "UpdateUserAttribute",
            "VerifyUserAttribute",
            "AdminCreateUser",
        ]
        assert {event["request"]["type"] for event in sent} == {"customSMSSenderRequestV1"}

    def test_nobody_waits_for_it(self, found, cognito, grace, monkeypatch):
        monkeypatch.setattr(custom_senders, "GRACE", grace)
        go = threading.Event()
        cognito.functions["send"] = lambda _event, _context: go.wait(LONG)
        env = found(
            AutoVerifiedAttributes=["email"], LambdaConfig={"CustomEmailSender": sender(), "KMSKeyID": KEY}
        )
        with promptly():
            env.sign_up(attributes={"email": EMAIL})
        assert cognito.functions.calls[-1].outcome == "running"
        go.set()
        until(lambda: cognito.functions.calls[-1].outcome == "ok")

    @pytest.mark.parametrize("function", [refusing("Mail is down"), None])
    def test_its_failure_is_not_seen(self, found, cognito, function):
        if function:
            cognito.functions["send"] = function
        env = found(
            AutoVerifiedAttributes=["email"], LambdaConfig={"CustomEmailSender": sender(), "KMSKeyID": KEY}
        )
        assert env.sign_up(attributes={"email": EMAIL})["CodeDeliveryDetails"]
        assert cognito.functions.calls[-1].outcome == ("FunctionFailed" if function else "NotInvocable")

    def test_it_may_call_back(self, found, cognito):
        def function(event, _context):
            env.admin_update(event["userName"], nickname="told")

        cognito.functions["send"] = function
        env = found(
            AutoVerifiedAttributes=["email"], LambdaConfig={"CustomEmailSender": sender(), "KMSKeyID": KEY}
        )
        env.sign_up(attributes={"email": EMAIL})
        until(lambda: env.attributes().get("nickname") == "told")

    def test_without_the_library_the_error_says_what_to_install(self, found, cognito, sent, monkeypatch):
        real = builtins.__import__

        def without(name, *args, **kwargs):
            if name == "aws_encryption_sdk":
                raise ImportError(name)
            return real(name, *args, **kwargs)

        env = found(
            AutoVerifiedAttributes=["email"], LambdaConfig={"CustomEmailSender": sender(), "KMSKeyID": KEY}
        )
        monkeypatch.setattr(builtins, "__import__", without)
        code, message = error_of(env.sign_up, attributes={"email": EMAIL})
        assert code == "CodeDeliveryFailureException"
        assert "cogmock[kms]" in message


class TestEncryptedCode:
    @pytest.fixture
    def code(self, found, cognito, sent):
        self.env = found(
            AutoVerifiedAttributes=["email"], LambdaConfig={"CustomEmailSender": sender(), "KMSKeyID": KEY}
        )
        self.env.sign_up(attributes={"email": EMAIL})
        return base64.b64decode(sent[0]["request"]["code"])

    def test_is_a_message_as_awss_are(self, code):
        assert code[:4] == b"\x01\x80\x03\x78"
        at = 4 + 16
        size = int.from_bytes(code[at : at + 2], "big")
        context, at = code[at + 2 : at + 2 + size], at + 2 + size
        assert int.from_bytes(context[:2], "big") == 2
        assert b"aws-crypto-public-key" in context
        assert b"userpool-id" in context
        assert self.env.pool_id.encode() in context
        assert int.from_bytes(code[at : at + 2], "big") == 1
        at += 2
        fields = []
        for _ in range(3):
            size = int.from_bytes(code[at : at + 2], "big")
            fields.append(code[at + 2 : at + 2 + size])
            at += 2 + size
        assert fields[:2] == [b"aws-kms", KEY.encode()]
        assert len(fields[2]) == 184
        assert code[at] == 2  # framed
        assert int.from_bytes(code[at + 6 : at + 10], "big") == 4096

    def test_is_another_each_time(self, code, sent, cognito):
        self.env.idp.resend_confirmation_code(ClientId=self.env.client_id, Username="ada")
        assert base64.b64decode(sent[1]["request"]["code"]) != code

    def test_a_function_reads_it_by_the_sdk_and_the_kms_of_the_server(self, monkeypatch):
        import aws_encryption_sdk
        import botocore.session

        read = []
        with CognitoServer() as server:
            session = botocore.session.Session()
            session.set_credentials("a", "b")
            monkeypatch.setenv("AWS_ENDPOINT_URL_KMS", server.url)
            idp = boto3.client(
                "cognito-idp",
                endpoint_url=server.url,
                region_name="us-east-1",
                aws_access_key_id="a",
                aws_secret_access_key="b",
            )

            def function(event, _context):
                client = aws_encryption_sdk.EncryptionSDKClient(
                    commitment_policy=aws_encryption_sdk.CommitmentPolicy.FORBID_ENCRYPT_ALLOW_DECRYPT
                )
                provider = aws_encryption_sdk.StrictAwsKmsMasterKeyProvider(
                    key_ids=[KEY], botocore_session=session
                )
                code = base64.b64decode(event["request"]["code"])
                text, _ = client.decrypt(source=code, key_provider=provider)
                read.append(text.decode())

            server.functions["send"] = function
            pool = idp.create_user_pool(
                PoolName="shop",
                AutoVerifiedAttributes=["email"],
                LambdaConfig={"CustomEmailSender": sender(), "KMSKeyID": KEY},
            )["UserPool"]
            client = idp.create_user_pool_client(UserPoolId=pool["Id"], ClientName="web")["UserPoolClient"]
            idp.sign_up(
                ClientId=client["ClientId"],
                Username="ada",
                Password=PASSWORD,
                UserAttributes=listed({"email": EMAIL}),
            )
            until(lambda: read)
            idp.confirm_sign_up(ClientId=client["ClientId"], Username="ada", ConfirmationCode=read[0])

    def test_the_kms_refuses_what_it_did_not_seal(self):
        with CognitoServer() as server:
            kms = boto3.client(
                "kms",
                endpoint_url=server.url,
                region_name="us-east-1",
                aws_access_key_id="a",
                aws_secret_access_key="b",
            )
            idp = boto3.client(
                "cognito-idp",
                endpoint_url=server.url,
                region_name="us-east-1",
                aws_access_key_id="a",
                aws_secret_access_key="b",
            )
            pool_id = idp.create_user_pool(PoolName="shop")["UserPool"]["Id"]
            for context in ({}, {"userpool-id": "us-east-1_Nowhere00"}, {"userpool-id": pool_id}):
                code, _ = error_of(kms.decrypt, CiphertextBlob=b"x" * 184, EncryptionContext=context)
                assert code == "InvalidCiphertextException"
            assert error_of(kms.list_keys)[0] == "UnknownOperationException"

    def test_the_kms_refuses_another_key_and_what_is_no_request(self, cognito, code, sent):
        message = base64.b64decode(sent[0]["request"]["code"])
        blob, context = edk_of(message), context_of(message)
        kms = boto3.client(
            "kms", endpoint_url="https://cognito-idp.us-east-1.amazonaws.com", region_name="us-east-1"
        )
        opened = kms.decrypt(CiphertextBlob=blob, EncryptionContext=context)
        assert opened["KeyId"] == KEY
        assert len(opened["Plaintext"]) == 32
        other = KEY.replace("0d9f", "1d9f")
        code, _ = error_of(kms.decrypt, CiphertextBlob=blob, EncryptionContext=context, KeyId=other)
        assert code == "IncorrectKeyException"
        answer = requests.post(
            "https://cognito-idp.us-east-1.amazonaws.com/",
            data="no JSON",
            headers={"X-Amz-Target": "TrentService.Decrypt"},
            timeout=30,
        )
        assert answer.status_code == 400
        assert answer.json()["__type"] == "SerializationException"


def context_of(message):
    """The encryption context in the header of a message of the AWS Encryption SDK."""
    at, context = 24, {}
    for _ in range(int.from_bytes(message[22:24], "big")):
        pair = []
        for _ in range(2):
            size = int.from_bytes(message[at : at + 2], "big")
            pair.append(message[at + 2 : at + 2 + size].decode())
            at += 2 + size
        context[pair[0]] = pair[1]
    return context


def edk_of(message):
    """Its encrypted data key: the last of three fields after the context and a count."""
    at = 22 + int.from_bytes(message[20:22], "big") + 2
    for _ in range(3):
        size = int.from_bytes(message[at : at + 2], "big")
        field, at = message[at + 2 : at + 2 + size], at + 2 + size
    return field
