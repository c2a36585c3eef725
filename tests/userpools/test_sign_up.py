"""Signing up, and confirming it by code and by link."""

import re
import urllib.error
import urllib.request

import pytest
from support.pool_env import OTHER, PASSWORD, refused
from support.pool_settings import impatient

MAIL = {"email": "ada@example.com"}
PHONE = {"phone_number": "+15555550134"}
EXPIRED = ("ExpiredCodeException", "Invalid code provided, please request a code again.")
MISMATCH = ("CodeMismatchException", "Invalid verification code provided, please try again.")
UNKNOWN = ("UserNotFoundException", "Username/client id combination not found.")
HIDING = {"PreventUserExistenceErrors": "ENABLED"}


def wrong(code):
    return f"{(int(code) + 1) % 10**6:06}"


class TestSignUp:
    def test_a_user_is_made_who_must_confirm(self, mail_env):
        answer = mail_env.sign_up(attributes=MAIL)
        assert answer["UserConfirmed"] is False
        assert answer["UserSub"] == mail_env.attributes()["sub"]
        assert mail_env.status() == "UNCONFIRMED"

    def test_the_code_goes_to_the_address(self, mail_env):
        answer = mail_env.sign_up(attributes=MAIL)
        assert answer["CodeDeliveryDetails"] == {
            "Destination": "a***@e***",
            "DeliveryMedium": "EMAIL",
            "AttributeName": "email",
        }
        message = mail_env.cognito.messages.last(username="ada")
        assert message.destination == "ada@example.com"
        assert message.trigger_source == "CustomMessage_SignUp"
        assert re.fullmatch(r"\d{6}", message.code)
        assert message.code in message.body

    def test_where_nothing_is_verified_no_code_goes_out(self, env):
        answer = env.sign_up(attributes=MAIL)
        assert "CodeDeliveryDetails" not in answer
        assert env.status() == "UNCONFIRMED"
        assert len(env.cognito.messages) == 0

    def test_nor_does_one_where_the_address_is_not_given(self, mail_env):
        answer = mail_env.sign_up(attributes=PHONE)
        assert "CodeDeliveryDetails" not in answer
        assert mail_env.status() == "UNCONFIRMED"

    def test_where_both_could_be_verified_the_code_goes_by_sms(self, found):
        env = found(AutoVerifiedAttributes=["email", "phone_number"])
        answer = env.sign_up(attributes=MAIL | {"phone_number": "+12345679934"})
        assert answer["CodeDeliveryDetails"] == {
            "Destination": "+*******9934",
            "DeliveryMedium": "SMS",
            "AttributeName": "phone_number",
        }
        assert env.cognito.messages.last().medium == "SMS"

    def test_every_code_is_the_one_that_is_set(self, cognito, mail_env):
        cognito.settings.code = "123456"
        mail_env.sign_up(attributes=MAIL)
        assert mail_env.code() == "123456"
        mail_env.confirm(code="123456")

    def test_a_taken_name_is_refused_to_every_client(self, env):
        env.sign_up()
        with refused("UsernameExistsException", "User already exists"):
            env.sign_up()
        env.client_of(**HIDING)
        with refused("UsernameExistsException", "User already exists"):
            env.sign_up()

    def test_it_may_be_for_administrators_alone(self, found):
        env = found(AdminCreateUserConfig={"AllowAdminCreateUserOnly": True})
        with refused("NotAuthorizedException", "SignUp is not permitted for this user pool"):
            env.sign_up()

    def test_unknown_clients_do_not_exist(self, env):
        env.client_id = "0" * 26
        with refused("ResourceNotFoundException", f"User pool client {'0' * 26} does not exist."):
            env.sign_up()

    @pytest.mark.parametrize(
        ("password", "rule"),
        [
            ("Sh0rt!", "Password not long enough"),
            ("l0wercase-only", "Password must have uppercase characters"),
            ("UPP3RCASE-ONLY", "Password must have lowercase characters"),
            ("No-Digits-Here", "Password must have numeric characters"),
            ("N0SymbolsHere", "Password must have symbol characters"),
            ("nosymbols", "Password must have uppercase characters"),
        ],
    )
    def test_the_first_rule_that_a_password_breaks_is_named(self, env, password, rule):
        with refused("InvalidPasswordException", f"Password did not conform with policy: {rule}"):
            env.sign_up(password=password)

    def test_the_policy_is_the_pools(self, found):
        policy = {
            "MinimumLength": 6,
            "RequireUppercase": False,
            "RequireLowercase": False,
            "RequireNumbers": False,
            "RequireSymbols": False,
        }
        found(Policies={"PasswordPolicy": policy}).sign_up(password="simple")

    def test_parameters_are_checked_before_the_password(self, env):
        with refused("InvalidParameterException", "Invalid email address format."):
            env.sign_up(password="short", attributes={"email": "nowhere"})

    def test_names_have_no_blanks(self, env):
        with refused("InvalidParameterException"):
            env.sign_up("ada lovelace")


class TestAttributesOfASignUp:
    def test_each_unknown_one_has_a_line(self, env):
        with refused(
            "InvalidParameterException",
            "Attributes did not conform to the schema: custom:a: Attribute does not exist in the schema.\n"
            "custom:b: Attribute does not exist in the schema.\n",
        ):
            env.sign_up(attributes={"custom:a": "1", "custom:b": "2"})

    def test_required_ones_must_be_there(self, found):
        env = found(Schema=[{"Name": "email", "Required": True}, {"Name": "name", "Required": True}])
        with refused(
            "InvalidParameterException",
            "Attributes did not conform to the schema: name: The attribute is required\n"
            "email: The attribute is required\n",
        ):
            env.sign_up()
        env.sign_up(attributes=MAIL | {"name": "Ada"})

    def test_required_ones_can_always_be_written(self, found):
        env = found(Schema=[{"Name": "email", "Required": True}], client={"WriteAttributes": ["nickname"]})
        env.sign_up(attributes=MAIL)
        with refused("NotAuthorizedException", "A client attempted to write unauthorized attribute"):
            env.sign_up("bea", attributes=MAIL | {"name": "Bea"})
        env.confirm_by_admin()
        env.update(env.token(), email="countess@example.com")
        assert env.attributes()["email"] == "countess@example.com"

    def test_a_client_writes_what_it_may(self, found):
        env = found(client={"WriteAttributes": ["email"]})
        with refused("NotAuthorizedException", "A client attempted to write unauthorized attribute"):
            env.sign_up(attributes={"name": "Ada"})

    @pytest.mark.parametrize("attributes", [{"email_verified": "true"}, {"phone_number_verified": "true"}])
    def test_no_client_writes_the_verified_flags(self, env, attributes):
        with refused("NotAuthorizedException", "A client attempted to write unauthorized attribute"):
            env.sign_up(attributes=MAIL | PHONE | attributes)

    def test_nor_what_is_the_developers_alone(self, found):
        env = found(Schema=[{"Name": "rank", "AttributeDataType": "String", "DeveloperOnlyAttribute": True}])
        with refused("NotAuthorizedException", "A client attempted to write unauthorized attribute"):
            env.sign_up(attributes={"dev:custom:rank": "1"})

    def test_custom_ones_are_writable_where_the_client_says_nothing(self, found):
        env = found(Schema=[{"Name": "role", "AttributeDataType": "String"}])
        env.sign_up(attributes={"custom:role": "x"})
        assert env.attributes()["custom:role"] == "x"

    def test_what_is_not_mutable_can_be_set_at_first(self, found):
        env = found(Schema=[{"Name": "tenant", "AttributeDataType": "String", "Mutable": False}])
        env.sign_up(attributes={"custom:tenant": "t1"})
        assert env.attributes()["custom:tenant"] == "t1"

    @pytest.mark.parametrize(
        ("attributes", "message"),
        [
            ({"email": "ada"}, "Invalid email address format."),
            ({"phone_number": "0134"}, "Invalid phone number format."),
        ],
    )
    def test_addresses_have_their_form(self, env, attributes, message):
        with refused("InvalidParameterException", message):
            env.sign_up(attributes=attributes)

    @pytest.mark.parametrize(
        "attributes", [{"birthdate": "1815"}, {"updated_at": "soon"}, {"updated_at": "-1"}]
    )
    def test_others_have_theirs(self, env, attributes):
        with refused("InvalidParameterException"):
            env.sign_up(attributes=attributes)

    @pytest.mark.parametrize(
        ("definition", "good", "bad"),
        [
            (
                {
                    "AttributeDataType": "String",
                    "StringAttributeConstraints": {"MinLength": "2", "MaxLength": "3"},
                },
                ["ab", "abc"],
                ["a", "abcd"],
            ),
            (
                {
                    "AttributeDataType": "Number",
                    "NumberAttributeConstraints": {"MinValue": "1", "MaxValue": "9"},
                },
                ["1", "9"],
                ["0", "10", "x"],
            ),
            (
                {
                    "AttributeDataType": "Number",
                    "NumberAttributeConstraints": {"MinValue": "", "MaxValue": "9"},
                },
                ["-1", "9"],
                ["10"],
            ),
            ({"AttributeDataType": "Boolean"}, ["true", "False"], ["yes", "1"]),
            ({"AttributeDataType": "DateTime"}, ["2026-01-31T10:00:00Z"], ["tomorrow"]),
        ],
    )
    def test_custom_ones_are_of_their_type_and_range(self, found, definition, good, bad):
        env = found(Schema=[{"Name": "x", **definition}])
        for number, value in enumerate(good):
            env.sign_up(f"user{number}", attributes={"custom:x": value})
        for value in bad:
            with refused("InvalidParameterException") as caught:
                env.sign_up("nobody", attributes={"custom:x": value})
            message = caught.value.response["Error"]["Message"]
            assert message.startswith("Attributes did not conform to the schema: custom:x: ")


class TestUsernames:
    def test_one_that_is_an_address_meets_the_bounds_of_that_attribute(self, found):
        bounds = {"StringAttributeConstraints": {"MaxLength": "16"}}
        schema = [{"Name": "email", "AttributeDataType": "String", **bounds}]
        env = found(UsernameAttributes=["email"], Schema=schema)
        assert env.sign_up("ada@example.com")["UserSub"]
        with refused("InvalidParameterException"):
            env.sign_up("countess@example.com")

    @pytest.mark.parametrize(
        ("kinds", "message"),
        [
            (["email"], "Username should be an email."),
            (["phone_number"], "Username should be a phone number."),
            (["email", "phone_number"], "Username should be either an email or a phone number."),
        ],
    )
    def test_where_addresses_are_the_names_nothing_else_is(self, found, kinds, message):
        env = found(UsernameAttributes=kinds)
        with refused("InvalidParameterException", message):
            env.sign_up("ada")
        with refused("InvalidParameterException", message):
            env.create("ada")

    def test_the_stored_name_is_then_the_sub_and_the_address_an_attribute(self, found):
        env = found(UsernameAttributes=["email"], AutoVerifiedAttributes=["email"])
        sub = env.sign_up("ada@example.com")["UserSub"]
        user = env.user("ada@example.com")
        assert user["Username"] == sub
        assert env.attributes(sub)["email"] == "ada@example.com"
        env.confirm("ada@example.com")
        assert env.status(sub) == "CONFIRMED"

    def test_they_are_found_before_they_are_verified(self, found):
        env = found(UsernameAttributes=["phone_number"])
        env.create("+15555550134")
        assert env.attributes("+15555550134")["phone_number"] == "+15555550134"

    @pytest.mark.parametrize(
        ("kind", "name", "word"),
        [("email", "ada@example.com", "email"), ("phone_number", "+15555550134", "phone_number")],
    )
    def test_each_is_unique_verified_or_not(self, found, kind, name, word):
        env = found(UsernameAttributes=[kind])
        env.sign_up(name)
        message = f"An account with the given {word} already exists."
        with refused("UsernameExistsException", message):
            env.sign_up(name)
        with refused("UsernameExistsException", message):
            env.create(name)

    @pytest.mark.parametrize(
        ("alias", "name", "message"),
        [
            (
                "email",
                "ada@example.com",
                "Username cannot be of email format, since user pool is configured for email alias.",
            ),
            (
                "phone_number",
                "+15555550134",
                "Username cannot be of phone number format, "
                "since user pool is configured for phone number alias.",
            ),
        ],
    )
    def test_where_an_address_is_an_alias_no_name_looks_like_one(self, found, alias, name, message):
        env = found(AliasAttributes=[alias])
        with refused("InvalidParameterException", message):
            env.sign_up(name)
        with refused("InvalidParameterException", message):
            env.create(name)

    def test_an_alias_finds_a_user_once_it_is_verified(self, found):
        env = found(AliasAttributes=["email"], AutoVerifiedAttributes=["email"])
        env.sign_up(attributes=MAIL)
        with refused("UserNotFoundException"):
            env.user("ada@example.com")
        env.confirm()
        assert env.user("ada@example.com")["Username"] == "ada"

    def test_a_preferred_username_is_no_alias_at_sign_up(self, found):
        env = found(AliasAttributes=["preferred_username"])
        text = (
            "Preferred username cannot be provided for unconfirmed account, "
            "since user pool is configured for preferred username alias."
        )
        with refused("InvalidParameterException", text):
            env.sign_up(attributes={"preferred_username": "countess"})
        env.sign_up("bea")
        with refused("InvalidParameterException", text):
            env.admin_update("bea", preferred_username="countess")
        env.add_user()
        env.admin_update(preferred_username="countess")
        assert env.user("countess")["Username"] == "ada"

    def test_where_case_does_not_count_addresses_compare_without_it(self, found):
        env = found(UsernameAttributes=["email"], UsernameConfiguration={"CaseSensitive": False})
        env.sign_up("Ada@Example.com")
        assert env.attributes("ada@example.COM")["email"] == "Ada@Example.com"
        with refused("UsernameExistsException"):
            env.sign_up("ada@example.com")

    def test_where_case_does_not_count_aliases_compare_without_it_too(self, found):
        env = found(
            AliasAttributes=["email", "preferred_username"], UsernameConfiguration={"CaseSensitive": False}
        )
        env.add_user("ada", email="Ada@Example.com", email_verified="true")
        env.admin_update("ada", preferred_username="Countess")
        for name in ("ada@example.com", "COUNTESS"):
            assert env.user(name)["Username"] == "ada"
        assert env.attributes("ada")["preferred_username"] == "Countess"
        env.add_user("bea")
        with refused("AliasExistsException", "An account with the email already exists."):
            env.admin_update("bea", email="ADA@example.com", email_verified="true")
        with refused("AliasExistsException", "An account with the preferred_username already exists."):
            env.admin_update("bea", preferred_username="countess")

    def test_where_case_counts_aliases_compare_with_it(self, found):
        env = found(AliasAttributes=["email"])
        env.add_user("ada", email="Ada@Example.com", email_verified="true")
        assert env.user("Ada@Example.com")["Username"] == "ada"
        with refused("UserNotFoundException"):
            env.user("ada@example.com")


class TestSharedAliases:
    TAKEN = "An account with the email already exists."

    @pytest.fixture
    def env(self, found):
        env = found(AliasAttributes=["email"], AutoVerifiedAttributes=["email"])
        env.sign_up("ada", attributes=MAIL)
        env.confirm("ada")
        return env

    def test_a_second_sign_up_with_the_address_succeeds(self, env):
        env.sign_up("bea", attributes=MAIL)
        assert env.status("bea") == "UNCONFIRMED"

    def test_its_confirmation_fails(self, env):
        env.sign_up("bea", attributes=MAIL)
        with refused("AliasExistsException", self.TAKEN):
            env.confirm("bea")
        assert env.status("bea") == "UNCONFIRMED"
        assert env.user("ada@example.com")["Username"] == "ada"

    def test_force_moves_the_alias_to_the_newcomer(self, env):
        env.sign_up("bea", attributes=MAIL)
        with refused("AliasExistsException"):
            env.confirm("bea")
        env.confirm("bea", ForceAliasCreation=True)
        assert env.user("ada@example.com")["Username"] == "bea"
        assert env.attributes("ada")["email_verified"] == "false"
        assert env.attributes("ada")["email"] == "ada@example.com"

    def test_that_changes_the_old_holder_too(self, env):
        before = env.user("ada")["UserLastModifiedDate"]
        env.sign_up("bea", attributes=MAIL)
        env.cognito.clock.advance(minutes=1)
        env.confirm("bea", ForceAliasCreation=True)
        assert env.user("ada")["UserLastModifiedDate"] > before

    def test_an_administrator_is_refused_a_taken_alias(self, env):
        with refused("UsernameExistsException", self.TAKEN):
            env.create("bea", attributes=MAIL | {"email_verified": "true"})

    def test_and_may_take_it_by_force(self, env):
        env.create("bea", attributes=MAIL | {"email_verified": "true"}, ForceAliasCreation=True)
        assert env.user("ada@example.com")["Username"] == "bea"
        assert env.attributes("ada")["email_verified"] == "false"

    def test_force_means_nothing_without_the_verified_flag(self, env):
        env.create("bea", attributes=MAIL, ForceAliasCreation=True)
        assert env.user("ada@example.com")["Username"] == "ada"
        assert env.attributes("ada")["email_verified"] == "true"


class TestConfirmSignUp:
    @pytest.fixture
    def env(self, mail_env):
        mail_env.sign_up(attributes=MAIL)
        return mail_env

    def test_the_code_confirms_user_and_address(self, env):
        env.confirm()
        assert env.status() == "CONFIRMED"
        assert env.attributes()["email_verified"] == "true"

    def test_a_code_by_sms_verifies_the_phone_number_alone(self, found):
        env = found(AutoVerifiedAttributes=["email", "phone_number"])
        env.sign_up(attributes=MAIL | PHONE)
        env.confirm()
        attributes = env.attributes()
        assert attributes["phone_number_verified"] == "true"
        assert attributes["email_verified"] == "false"

    def test_a_wrong_code_leaves_the_right_one_good(self, env):
        for _ in range(6):
            with refused(*MISMATCH):
                env.confirm(code=wrong(env.code()))
        env.confirm()

    def test_too_many_wrong_codes_in_an_hour_are_refused(self, env):
        for _ in range(20):
            with refused(*MISMATCH):
                env.confirm(code=wrong(env.code()))
        limit = ("LimitExceededException", "Attempt limit exceeded, please try after some time.")
        with refused(*limit):
            env.confirm()
        env.cognito.clock.advance(minutes=61)
        env.confirm()

    def test_a_code_lives_24_hours(self, env):
        code = env.code()
        env.cognito.clock.advance(hours=24)
        with refused(*EXPIRED):
            env.confirm(code=code)

    def test_it_is_good_until_then(self, env):
        env.cognito.clock.advance(hours=23, minutes=59)
        env.confirm()

    def test_where_no_code_was_sent_none_is_right(self, found):
        env = found()
        env.sign_up()
        with refused(*EXPIRED):
            env.confirm(code="123456")

    def test_a_confirmed_user_cannot_be_confirmed_again(self, env):
        env.confirm()
        with refused("NotAuthorizedException", "User cannot be confirmed. Current status is CONFIRMED"):
            env.confirm()

    def test_disabled_users_are_refused(self, env):
        env.idp.admin_disable_user(UserPoolId=env.pool_id, Username="ada")
        with refused("NotAuthorizedException", "User is disabled."):
            env.confirm()

    def test_unknown_users_do_not_exist(self, env):
        with refused(*UNKNOWN):
            env.confirm("nobody", code="123456")

    def test_a_client_that_may_not_know_is_told_of_the_code(self, env):
        env.client_of(**HIDING)
        with refused(*EXPIRED):
            env.confirm("nobody", code="123456")
        env.idp.resend_confirmation_code(ClientId=env.client_id, Username="nobody")
        with refused(*MISMATCH):
            env.confirm("nobody", code="123456")

    def test_another_pools_users_are_unknown(self, env, found):
        with refused(*UNKNOWN):
            found(AutoVerifiedAttributes=["email"]).confirm("ada", code=env.code())


class TestResendConfirmationCode:
    def resend(self, env, username="ada", **more):
        answer = env.idp.resend_confirmation_code(ClientId=env.client_id, Username=username, **more)
        return answer["CodeDeliveryDetails"]

    def test_it_delivers_as_the_sign_up_did_and_at_once(self, mail_env):
        first = mail_env.sign_up(attributes=MAIL)["CodeDeliveryDetails"]
        assert self.resend(mail_env) == first
        message = mail_env.cognito.messages.last()
        assert message.trigger_source == "CustomMessage_ResendCode"

    def test_only_the_newest_code_works(self, mail_env):
        mail_env.sign_up(attributes=MAIL)
        old = mail_env.code()
        self.resend(mail_env)
        with refused(*MISMATCH):
            mail_env.confirm(code=old)
        mail_env.confirm()

    def test_it_revives_a_sign_up_whose_code_ran_out(self, mail_env):
        mail_env.sign_up(attributes=MAIL)
        mail_env.cognito.clock.advance(days=2)
        self.resend(mail_env)
        mail_env.confirm()

    def test_its_code_lives_24_hours_too(self, mail_env):
        mail_env.sign_up(attributes=MAIL)
        mail_env.cognito.clock.advance(hours=12)
        self.resend(mail_env)
        mail_env.cognito.clock.advance(hours=24)
        with refused(*EXPIRED):
            mail_env.confirm()

    def test_there_is_a_limit_by_the_hour(self, mail_env):
        mail_env.sign_up(attributes=MAIL)
        mail_env.idp = impatient()
        for _ in range(20):
            self.resend(mail_env)
        with refused("LimitExceededException", "Attempt limit exceeded, please try after some time."):
            self.resend(mail_env)
        mail_env.cognito.clock.advance(minutes=61)
        self.resend(mail_env)

    def test_confirmed_users_need_none(self, mail_env):
        mail_env.add_user(**MAIL)
        with refused("InvalidParameterException", "User is already confirmed."):
            self.resend(mail_env)

    def test_a_pool_that_verifies_nothing_sends_none(self, env):
        env.sign_up(attributes=MAIL)
        with refused("NotAuthorizedException", "Cannot resend codes. Auto verification not turned on."):
            self.resend(env)

    def test_unknown_users_do_not_exist(self, mail_env):
        with refused(*UNKNOWN):
            self.resend(mail_env, "nobody")

    def test_disabled_users_get_none(self, mail_env):
        mail_env.sign_up(attributes=MAIL)
        mail_env.idp.admin_disable_user(UserPoolId=mail_env.pool_id, Username="ada")
        sent = len(mail_env.cognito.messages)
        with refused("NotAuthorizedException", "User is disabled."):
            self.resend(mail_env)
        mail_env.client_of(**HIDING)
        assert self.resend(mail_env)["DeliveryMedium"] == "EMAIL"
        assert len(mail_env.cognito.messages) == sent

    def test_a_client_that_may_not_know_is_told_of_a_delivery(self, mail_env):
        mail_env.client_of(**HIDING)
        details = self.resend(mail_env, "nobody")
        assert set(details) == {"Destination", "DeliveryMedium", "AttributeName"}
        assert details == self.resend(mail_env, "nobody")
        assert len(mail_env.cognito.messages) == 0


class TestConfirmationByLink:
    @pytest.fixture
    def env(self, found):
        return found(
            AutoVerifiedAttributes=["email"],
            VerificationMessageTemplate={"DefaultEmailOption": "CONFIRM_WITH_LINK"},
        )

    def follow(self, link, method="GET"):
        try:
            with urllib.request.urlopen(urllib.request.Request(link, method=method)) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as refusal:
            with refusal:
                return refusal.code, refusal.read().decode()

    def test_the_mail_has_a_link_and_its_code(self, env):
        env.sign_up(attributes=MAIL)
        message = env.cognito.messages.last()
        assert message.subject == "Your verification link"
        assert message.link.startswith("https://")
        assert message.link.endswith(
            f"/confirmUser?client_id={env.client_id}&user_name=ada&confirmation_code={message.code}"
        )
        link = message.link.replace("&", "&amp;")
        assert message.body == (
            f'Please click the link below to verify your email address. <a href="{link}">Verify Email</a> '
        )

    def test_the_code_in_it_works_by_itself(self, env):
        env.sign_up(attributes=MAIL)
        env.confirm()
        assert env.status() == "CONFIRMED"

    def test_following_the_link_confirms_user_and_address(self, env):
        env.sign_up(attributes=MAIL)
        status, _ = self.follow(env.cognito.messages.last().link)
        assert status == 200
        assert env.status() == "CONFIRMED"
        assert env.attributes()["email_verified"] == "true"

    def test_it_works_once(self, env):
        env.sign_up(attributes=MAIL)
        link = env.cognito.messages.last().link
        self.follow(link)
        status, page = self.follow(link)
        assert status == 400
        assert "Current status is CONFIRMED" in page

    def test_it_lives_24_hours(self, env):
        env.sign_up(attributes=MAIL)
        env.cognito.clock.advance(hours=24)
        status, _ = self.follow(env.cognito.messages.last().link)
        assert status == 400
        assert env.status() == "UNCONFIRMED"

    @pytest.mark.parametrize(
        ("old", "new"),
        [
            ("confirmation_code=", "confirmation_code=1"),
            ("user_name=ada", "user_name=%3Cb%3E"),
            ("client_id=", "client_id=x"),
            ("client_id=", "id="),
        ],
    )
    def test_a_mangled_one_is_refused_and_shows_no_markup_of_others(self, env, old, new):
        env.sign_up(attributes=MAIL)
        status, page = self.follow(env.cognito.messages.last().link.replace(old, new))
        assert status == 400
        assert "<b>" not in page
        assert env.status() == "UNCONFIRMED"

    def test_a_checker_of_links_confirms_nobody(self, env):
        env.sign_up(attributes=MAIL)
        status, _ = self.follow(env.cognito.messages.last().link, method="HEAD")
        assert status == 200
        assert env.status() == "UNCONFIRMED"

    def test_names_that_need_it_are_quoted(self, env):
        env.sign_up("a&b=c+d/é", attributes=MAIL)
        self.follow(env.cognito.messages.last().link)
        assert env.status("a&b=c+d/é") == "CONFIRMED"

    def test_a_resent_one_has_a_link_too(self, env):
        env.sign_up(attributes=MAIL)
        env.idp.resend_confirmation_code(ClientId=env.client_id, Username="ada")
        assert env.cognito.messages.last().link

    def test_other_occasions_have_codes(self, env):
        env.add_user(email="ada@example.com", email_verified="true")
        env.forgot()
        message = env.cognito.messages.last()
        assert message.link is None
        assert message.code in message.body


class TestStraightToTokens:
    """A client that allows USER_AUTH signs a user in with what the sign-up proved."""

    @pytest.fixture
    def env(self, found):
        return found(
            AutoVerifiedAttributes=["email"],
            client={"ExplicitAuthFlows": ["ALLOW_USER_AUTH", "ALLOW_USER_PASSWORD_AUTH"]},
        )

    def sign_in(self, env, session, username="ada"):
        return env.idp.initiate_auth(
            ClientId=env.client_id,
            AuthFlow="USER_AUTH",
            AuthParameters={"USERNAME": username},
            Session=session,
        )

    def test_the_session_of_the_confirmation_is_worth_tokens(self, env):
        first = env.sign_up(attributes=MAIL)["Session"]
        with refused(*MISMATCH):
            env.confirm(code=wrong(env.code()), Session=first)
        session = env.confirm(Session=first)["Session"]
        answer = self.sign_in(env, session)
        token = answer["AuthenticationResult"]["AccessToken"]
        assert env.idp.get_user(AccessToken=token)["Username"] == "ada"

    def test_it_is_good_once(self, env):
        env.sign_up(attributes=MAIL)
        session = env.confirm()["Session"]
        self.sign_in(env, session)
        with refused(
            "NotAuthorizedException", "Invalid session for the user, session can only be used once."
        ):
            self.sign_in(env, session)

    def test_and_as_long_as_sessions_are(self, env):
        env.sign_up(attributes=MAIL)
        session = env.confirm()["Session"]
        env.cognito.clock.advance(minutes=3)
        with refused("NotAuthorizedException", "Invalid session for the user, session is expired."):
            self.sign_in(env, session)

    def test_the_session_of_the_sign_up_is_worth_none(self, env):
        session = env.sign_up(attributes=MAIL)["Session"]
        with refused("NotAuthorizedException", "Invalid session for the user."):
            self.sign_in(env, session)

    def test_other_clients_get_none(self, mail_env):
        assert "Session" not in mail_env.sign_up(attributes=MAIL)
        assert "Session" not in mail_env.confirm()


class TestSecretHash:
    @pytest.fixture
    def env(self, found):
        return found(AutoVerifiedAttributes=["email"], client={"GenerateSecret": True})

    def calls(self, env, **more):
        client = {"ClientId": env.client_id, "Username": "ada", **more}
        idp = env.idp
        yield lambda: idp.sign_up(Password=PASSWORD, **client)
        yield lambda: idp.confirm_sign_up(ConfirmationCode="1", **client)
        yield lambda: idp.resend_confirmation_code(**client)
        yield lambda: idp.forgot_password(**client)
        yield lambda: idp.confirm_forgot_password(ConfirmationCode="1", Password=OTHER, **client)

    def test_without_it_each_call_is_refused(self, env):
        for call in self.calls(env):
            with refused(
                "NotAuthorizedException",
                f"Client {env.client_id} is configured for secret but secret was not received",
            ):
                call()

    def test_a_wrong_one_is_refused(self, env):
        for call in self.calls(env, SecretHash=env.hash("bea")):
            with refused(
                "NotAuthorizedException", f"Unable to verify secret hash for client {env.client_id}"
            ):
                call()

    def test_the_right_one_is_over_the_name_that_is_sent(self, env):
        env.sign_up(attributes=MAIL, SecretHash=env.hash("ada"))
        env.confirm(SecretHash=env.hash("ada"))
        assert env.status() == "CONFIRMED"

    def test_a_client_without_a_secret_takes_none(self, env):
        hashed = env.hash("ada")
        env.client_of()
        message = f"App client {env.client_id} is not configured for secret but secret hash was received"
        for call in self.calls(env, SecretHash=hashed):
            with refused("InvalidParameterException", message):
                call()
