"""What users are told, by the pool's own templates and by AWS's."""

import pytest
from people import PASSWORD, Town

MAIL = {"email": "ada@example.com"}
PROVEN = MAIL | {"email_verified": "true"}
PHONE = {"phone_number": "+15555550134"}


@pytest.fixture
def found(cognito):
    def found(**settings):
        return Town(cognito, **{"AutoVerifiedAttributes": ["email"], **settings})

    return found


def last(town):
    return town.cognito.messages.last()


def each_occasion(town):
    """The messages of each occasion on which one template serves."""
    town.sign_up(attributes=MAIL)
    yield last(town)
    town.idp.resend_confirmation_code(ClientId=town.client_id, Username="ada")
    yield last(town)
    town.confirm()
    town.forgot()
    yield last(town)
    token = town.token()
    town.update(token, email="new@example.com")
    yield last(town)
    town.idp.get_user_attribute_verification_code(AccessToken=token, AttributeName="email")
    yield last(town)


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
        town = found(AutoVerifiedAttributes=["phone_number"])
        town.sign_up(attributes=PHONE)
        assert last(town).medium == "SMS"
        assert last(town).subject is None
        assert last(town).body == f"Your verification code is {last(town).code}. "

    def test_the_invitation_by_mail(self, found):
        town = found()
        town.create(attributes=MAIL, TemporaryPassword=PASSWORD)
        assert last(town).subject == "Your temporary password"
        assert last(town).body == f"Your username is ada and temporary password is {PASSWORD}. "

    def test_the_invitation_by_sms(self, found):
        town = found()
        town.create(attributes=PHONE, TemporaryPassword=PASSWORD)
        assert last(town).body == f"Your username is ada and temporary password is {PASSWORD}. "


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
        town = found(EmailVerificationSubject="Old subject", EmailVerificationMessage="old {####}")
        town.sign_up(attributes=MAIL)
        assert last(town).subject == "Old subject"
        assert last(town).body == f"old {last(town).code}"

    @pytest.mark.parametrize(
        "settings",
        [{"VerificationMessageTemplate": TEMPLATE}, {"SmsVerificationMessage": "shop {####}"}],
    )
    def test_sms_have_their_own(self, found, settings):
        town = found(AutoVerifiedAttributes=["phone_number"], **settings)
        town.sign_up(attributes=PHONE)
        assert last(town).body == f"shop {last(town).code}"

    def test_the_username_has_no_place_in_verifications(self, found):
        town = found(VerificationMessageTemplate={"EmailMessage": "{username} {####}"})
        town.sign_up(attributes=MAIL)
        assert last(town).body == "{username} " + last(town).code

    def test_invitations_have_theirs(self, found):
        template = {
            "EmailSubject": "Come in",
            "EmailMessage": "<p>{username}: {####}</p>",
            "SMSMessage": "{username} {####}",
        }
        town = found(AdminCreateUserConfig={"InviteMessageTemplate": template})
        town.create(
            attributes=MAIL | PHONE,
            TemporaryPassword="Te&p0rary",
            DesiredDeliveryMediums=["EMAIL", "SMS"],
        )
        by_medium = {message.medium: message for message in town.cognito.messages}
        assert by_medium["EMAIL"].subject == "Come in"
        assert by_medium["EMAIL"].body == "<p>ada: Te&amp;p0rary</p>"
        assert by_medium["EMAIL"].code == "Te&p0rary"
        assert by_medium["SMS"].body == "ada Te&p0rary"

    def test_an_invitation_without_a_place_for_the_password_is_not_sent(self, found):
        template = {"EmailMessage": "Welcome, {username}"}
        town = found(AdminCreateUserConfig={"InviteMessageTemplate": template})
        town.create(attributes=MAIL)
        assert len(town.cognito.messages) == 0
        assert town.status() == "FORCE_CHANGE_PASSWORD"

    def test_invitations_name_the_address_where_it_is_the_name(self, found):
        town = found(UsernameAttributes=["email"])
        town.create("ada@example.com", TemporaryPassword=PASSWORD)
        assert "Your username is ada@example.com " in last(town).body

    def test_names_are_escaped_in_mails(self, found):
        town = found()
        town.create("<b>ada</b>", attributes=MAIL)
        assert "<b>" not in last(town).body


class TestLinks:
    def test_the_text_between_the_marks_is_what_is_clicked(self, found):
        template = {
            "DefaultEmailOption": "CONFIRM_WITH_LINK",
            "EmailSubjectByLink": "Click",
            "EmailMessageByLink": "Please {##click here##}!",
        }
        town = found(VerificationMessageTemplate=template)
        town.sign_up(attributes=MAIL)
        message = last(town)
        assert message.subject == "Click"
        link = message.link.replace("&", "&amp;")
        assert message.body == f'Please <a href="{link}">click here</a>!'

    def test_sms_have_codes_all_the_same(self, found):
        template = {"DefaultEmailOption": "CONFIRM_WITH_LINK"}
        town = found(AutoVerifiedAttributes=["phone_number"], VerificationMessageTemplate=template)
        town.sign_up(attributes=PHONE)
        assert last(town).link is None
        assert last(town).code in last(town).body


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
        town = found(EmailConfiguration=configuration)
        town.sign_up(attributes=MAIL)
        assert last(town).sender == sender
        assert last(town).reply_to == reply_to
