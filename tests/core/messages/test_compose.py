"""Messages to users, from the pool's templates and AWS's defaults."""

import pytest
from support.pool_env import PASSWORD, PoolEnv
from support.sign_in import enable_mfa

MAIL = {"email": "ada@example.com"}
PROVEN = MAIL | {"email_verified": "true"}
PHONE = {"phone_number": "+15555550134"}


@pytest.fixture
def found(cognito):
    def found(**settings):
        return PoolEnv(cognito, **{"AutoVerifiedAttributes": ["email"], **settings})

    return found


def last(env):
    return env.cognito.messages.last()


def each_occasion(env):
    """The messages of each occasion on which one template serves."""
    env.sign_up(attributes=MAIL)
    yield last(env)
    env.idp.resend_confirmation_code(ClientId=env.client_id, Username="ada")
    yield last(env)
    env.confirm()
    env.forgot()
    yield last(env)
    token = env.token()
    env.update(token, email="new@example.com")
    yield last(env)
    env.idp.get_user_attribute_verification_code(AccessToken=token, AttributeName="email")
    yield last(env)


SOURCES = [
    "CustomMessage_SignUp",
    "CustomMessage_ResendCode",
    "CustomMessage_ForgotPassword",
    "CustomMessage_UpdateUserAttribute",
    "CustomMessage_VerifyUserAttribute",
]


class TestDefaults:
    def test_each_occasion_has_a_subject_a_code_and_its_source(self, found):
        messages = list(each_occasion(found()))
        assert [message.trigger_source for message in messages] == SOURCES
        assert [message.subject for message in messages] == [
            "Your verification code",
            "Your verification code",
            "Your password reset code",
            "Your verification code",
            "Your verification code",
        ]
        assert [message.body for message in messages] == [
            f"Your confirmation code is {messages[0].code}",
            f"Your confirmation code is {messages[1].code}",
            f"Your password reset code is {messages[2].code}",
            f"Your verification code is {messages[3].code}",
            f"Your verification code is {messages[4].code}",
        ]

    def test_an_sms_has_no_subject(self, found):
        env = found(AutoVerifiedAttributes=["phone_number"])
        env.sign_up(attributes=PHONE)
        assert last(env).medium == "SMS"
        assert last(env).subject is None
        assert last(env).body == f"Your verification code is {last(env).code}. "

    def test_a_code_that_signs_in_has_a_text_of_its_own(self, found):
        """AWS CLI, the example of describe-user-pool."""
        env = found()
        enable_mfa(env, totp=False, sms=True)
        env.add_user(**PHONE)
        assert env.challenge() == "SMS_MFA"
        assert last(env).body == f"Your authentication code is {last(env).code}. "

    def test_the_invitation_by_mail(self, found):
        env = found()
        env.create(attributes=MAIL, TemporaryPassword=PASSWORD)
        assert last(env).subject == "Your temporary password"
        assert last(env).body == f"Your username is ada and temporary password is {PASSWORD}. "

    def test_the_invitation_by_sms(self, found):
        env = found()
        env.create(attributes=PHONE, TemporaryPassword=PASSWORD)
        assert last(env).body == f"Your username is ada and temporary password is {PASSWORD}. "


class TestTemplates:
    TEMPLATE = {
        "EmailSubject": "Hello from the shop",
        "EmailMessage": "<b>{####}</b> opens the shop",
        "SmsMessage": "shop {####}",
    }

    def test_one_serves_all_verifications(self, found):
        for message in each_occasion(found(VerificationMessageTemplate=self.TEMPLATE)):
            assert message.subject == "Hello from the shop"
            assert message.body == f"<b>{message.code}</b> opens the shop"

    def test_the_older_members_set_it_too(self, found):
        env = found(EmailVerificationSubject="Old subject", EmailVerificationMessage="old {####}")
        env.sign_up(attributes=MAIL)
        assert last(env).subject == "Old subject"
        assert last(env).body == f"old {last(env).code}"

    @pytest.mark.parametrize(
        "settings",
        [{"VerificationMessageTemplate": TEMPLATE}, {"SmsVerificationMessage": "shop {####}"}],
    )
    def test_sms_have_their_own(self, found, settings):
        env = found(AutoVerifiedAttributes=["phone_number"], **settings)
        env.sign_up(attributes=PHONE)
        assert last(env).body == f"shop {last(env).code}"

    def test_the_username_has_no_place_in_verifications(self, found):
        env = found(VerificationMessageTemplate={"EmailMessage": "{username} {####}"})
        env.sign_up(attributes=MAIL)
        assert last(env).body == "{username} " + last(env).code

    def test_invitations_have_theirs(self, found):
        template = {
            "EmailSubject": "Come in",
            "EmailMessage": "<p>{username}: {####}</p>",
            "SMSMessage": "{username} {####}",
        }
        env = found(AdminCreateUserConfig={"InviteMessageTemplate": template})
        env.create(
            attributes=MAIL | PHONE,
            TemporaryPassword="Te&p0rary",
            DesiredDeliveryMediums=["EMAIL", "SMS"],
        )
        by_medium = {message.medium: message for message in env.cognito.messages}
        assert by_medium["EMAIL"].subject == "Come in"
        assert by_medium["EMAIL"].body == "<p>ada: Te&amp;p0rary</p>"
        assert by_medium["EMAIL"].code == "Te&p0rary"
        assert by_medium["SMS"].body == "ada Te&p0rary"

    def test_an_invitation_without_a_place_for_the_password_is_not_sent(self, found):
        template = {"EmailMessage": "Welcome, {username}"}
        env = found(AdminCreateUserConfig={"InviteMessageTemplate": template})
        env.create(attributes=MAIL)
        assert len(env.cognito.messages) == 0
        assert env.status() == "FORCE_CHANGE_PASSWORD"

    def test_invitations_name_the_address_where_it_is_the_name(self, found):
        env = found(UsernameAttributes=["email"])
        env.create("ada@example.com", TemporaryPassword=PASSWORD)
        assert "Your username is ada@example.com " in last(env).body

    def test_names_are_escaped_in_mails(self, found):
        env = found()
        env.create("<b>ada</b>", attributes=MAIL)
        assert "<b>" not in last(env).body

    @pytest.mark.parametrize("medium", ["EMAIL", "SMS"])
    @pytest.mark.parametrize(
        ("username", "password"),
        [("{####}", "Te-p0rary"), ("ada", "A1-{username}"), ("{####}", "A1-{username}")],
    )
    def test_placeholders_in_a_name_or_password_are_not_filled_in(self, found, medium, username, password):
        template = {"EmailMessage": "{username} has {####}", "SMSMessage": "{username} has {####}"}
        env = found(AdminCreateUserConfig={"InviteMessageTemplate": template})
        env.create(
            username, attributes=MAIL | PHONE, TemporaryPassword=password, DesiredDeliveryMediums=[medium]
        )
        assert last(env).body == f"{username} has {password}"


class TestLinks:
    def test_the_text_between_the_marks_is_what_is_clicked(self, found):
        template = {
            "DefaultEmailOption": "CONFIRM_WITH_LINK",
            "EmailSubjectByLink": "Click",
            "EmailMessageByLink": "Please {##click here##}!",
        }
        env = found(VerificationMessageTemplate=template)
        env.sign_up(attributes=MAIL)
        message = last(env)
        assert message.subject == "Click"
        link = message.link.replace("&", "&amp;")
        assert message.body == f'Please <a href="{link}">click here</a>!'

    def test_sms_have_codes_all_the_same(self, found):
        template = {"DefaultEmailOption": "CONFIRM_WITH_LINK"}
        env = found(AutoVerifiedAttributes=["phone_number"], VerificationMessageTemplate=template)
        env.sign_up(attributes=PHONE)
        assert last(env).link is None
        assert last(env).code in last(env).body


class TestSenders:
    @pytest.mark.parametrize(
        ("configuration", "sender", "reply_to"),
        [
            ({}, "no-reply@verificationemail.com", None),
            (
                {"ReplyToEmailAddress": "help@example.com"},
                "no-reply@verificationemail.com",
                "help@example.com",
            ),
            (
                {
                    "EmailSendingAccount": "DEVELOPER",
                    "SourceArn": "arn:aws:ses:us-east-1:123456789012:identity/shop@example.com",
                },
                "shop@example.com",
                None,
            ),
            (
                {
                    "EmailSendingAccount": "DEVELOPER",
                    "SourceArn": "arn:aws:ses:us-east-1:123456789012:identity/example.com",
                    "From": "The Shop <shop@example.com>",
                },
                "The Shop <shop@example.com>",
                None,
            ),
        ],
    )
    def test_they_are_as_the_pool_says(self, found, configuration, sender, reply_to):
        env = found(EmailConfiguration=configuration)
        env.sign_up(attributes=MAIL)
        assert last(env).sender == sender
        assert last(env).reply_to == reply_to
