"""Attributes: changed, deleted, and proven by code."""

import pytest
from support.pool_env import listed, refused
from support.pool_settings import impatient

MAIL = {"email": "ada@example.com"}
PROVEN = {"email": "ada@example.com", "email_verified": "true"}
PHONE = {"phone_number": "+15555550134", "phone_number_verified": "true"}
NEW = "countess@example.com"
EXPIRED = ("ExpiredCodeException", "Invalid code provided, please request a code again.")
MISMATCH = ("CodeMismatchException", "Invalid verification code provided, please try again.")
BEFORE = {"UserAttributeUpdateSettings": {"AttributesRequireVerificationBeforeUpdate": ["email"]}}
SCHEMA = [
    {"Name": "role", "AttributeDataType": "String"},
    {"Name": "tenant", "AttributeDataType": "String", "Mutable": False},
    {"Name": "rank", "AttributeDataType": "String", "DeveloperOnlyAttribute": True},
    {"Name": "level", "AttributeDataType": "Number", "NumberAttributeConstraints": {"MaxValue": "9"}},
]


@pytest.fixture
def env(found):
    env = found(Schema=SCHEMA, AutoVerifiedAttributes=["email"])
    env.add_user(name="Ada", **PROVEN, **PHONE)
    return env


@pytest.fixture
def careful(found):
    """A pool where an address is proven before it counts."""
    env = found(AutoVerifiedAttributes=["email"], **BEFORE)
    env.add_user(**PROVEN)
    return env


def verify(env, token, code, attribute="email"):
    return env.idp.verify_user_attribute(AccessToken=token, AttributeName=attribute, Code=code)


class TestUpdateUserAttributes:
    def test_attributes_are_written_and_the_date_moves(self, env):
        before = env.user()["UserLastModifiedDate"]
        env.cognito.clock.advance(10)
        answer = env.update(env.token(), name="Countess", **{"custom:role": "x"})
        assert not answer.get("CodeDeliveryDetailsList")
        assert env.attributes()["name"] == "Countess"
        assert env.attributes()["custom:role"] == "x"
        assert env.user()["UserLastModifiedDate"] > before

    def test_a_new_address_counts_at_once_and_is_unproven(self, env):
        answer = env.update(env.token(), email=NEW)
        assert answer["CodeDeliveryDetailsList"] == [
            {"Destination": "c***@e***", "DeliveryMedium": "EMAIL", "AttributeName": "email"}
        ]
        assert env.attributes()["email"] == NEW
        assert env.attributes()["email_verified"] == "false"

    def test_the_code_goes_to_the_new_address(self, env):
        env.update(env.token(), email=NEW)
        message = env.cognito.messages.last()
        assert message.destination == NEW
        assert message.trigger_source == "CustomMessage_UpdateUserAttribute"

    def test_where_it_is_not_verified_automatically_no_code_goes_out(self, env):
        answer = env.update(env.token(), phone_number="+15555550199")
        assert not answer.get("CodeDeliveryDetailsList")
        assert env.attributes()["phone_number_verified"] == "false"

    def test_each_code_that_was_sent_is_named(self, found):
        env = found(AutoVerifiedAttributes=["email", "phone_number"])
        env.add_user(**PROVEN, **PHONE)
        answer = env.update(env.token(), email=NEW, phone_number="+15555550199")
        named = {details["AttributeName"] for details in answer["CodeDeliveryDetailsList"]}
        assert named == {"email", "phone_number"}

    def test_the_address_that_the_user_has_already_changes_nothing(self, env):
        answer = env.update(env.token(), **MAIL)
        assert not answer.get("CodeDeliveryDetailsList")
        assert env.attributes()["email_verified"] == "true"

    def test_a_blank_value_deletes(self, env):
        env.update(env.token(), name="")
        assert "name" not in env.attributes()

    def test_deleting_an_address_deletes_its_proof(self, env):
        env.update(env.token(), phone_number="")
        assert "phone_number_verified" not in env.attributes()

    @pytest.mark.parametrize("name", ["custom:tenant", "sub"])
    def test_what_is_not_mutable_cannot_be_updated_even_if_it_was_never_set(self, env, name):
        with refused("InvalidParameterException", f"user.{name}: Attribute cannot be updated.\n"):
            env.admin_update(**{name: "x"})

    def test_nor_by_the_user(self, env):
        with refused("InvalidParameterException", "user.custom:tenant: Attribute cannot be updated.\n"):
            env.update(env.token(), **{"custom:tenant": "x"})

    def test_unknown_ones_are_refused(self, env):
        with refused("InvalidParameterException", "user.custom:x: Attribute does not exist in the schema.\n"):
            env.update(env.token(), **{"custom:x": "1"})

    @pytest.mark.parametrize("name", ["email_verified", "dev:custom:rank", "sub"])
    def test_what_no_client_may_write_is_refused(self, env, name):
        with refused("NotAuthorizedException", "A client attempted to write unauthorized attribute"):
            env.update(env.token(), **{name: "true"})

    def test_a_client_writes_what_it_may(self, env):
        env.client_of(WriteAttributes=["nickname"])
        token = env.token()
        env.update(token, nickname="A")
        with refused("NotAuthorizedException", "A client attempted to write unauthorized attribute"):
            env.update(token, name="B")

    @pytest.mark.parametrize(
        ("values", "message"),
        [
            ({"email": "nowhere"}, "Invalid email address format."),
            ({"phone_number": "12"}, "Invalid phone number format."),
        ],
    )
    def test_values_have_their_form(self, env, values, message):
        with refused("InvalidParameterException", message):
            env.update(env.token(), **values)

    def test_nothing_is_written_where_one_value_is_refused(self, env):
        with refused("InvalidParameterException"):
            env.update(env.token(), name="Changed", **{"custom:level": "10"})
        assert env.attributes()["name"] == "Ada"

    def test_values_end_at_2048_characters(self, env):
        with refused("InvalidParameterException"):
            env.update(env.token(), name="x" * 2049)

    def test_a_sign_in_name_may_be_changed_to_a_free_one(self, found):
        env = found(UsernameAttributes=["email"])
        env.add_user("ada@example.com")
        env.add_user("bea@example.com")
        token = env.token("ada@example.com")
        with refused("AliasExistsException", "An account with the given email already exists."):
            env.update(token, email="bea@example.com")
        env.update(token, email=NEW)
        assert env.user(NEW)["Username"] == env.attributes(NEW)["sub"]
        with refused("UserNotFoundException"):
            env.user("ada@example.com")

    def test_a_taken_preferred_username_is_refused(self, found):
        env = found(AliasAttributes=["preferred_username"])
        env.add_user("ada", preferred_username="countess")
        env.add_user("bea")
        with refused("AliasExistsException", "An account with the preferred_username already exists."):
            env.update(env.token("bea"), preferred_username="countess")

    def test_a_token_is_needed(self, env):
        with refused("NotAuthorizedException", "Invalid Access Token"):
            env.update("abc", name="x")


class TestVerificationBeforeUpdate:
    def test_the_old_address_stays_in_force(self, careful):
        answer = careful.update(careful.token(), email=NEW)
        assert answer["CodeDeliveryDetailsList"][0]["Destination"] == "c***@e***"
        assert careful.cognito.messages.last().destination == NEW
        assert careful.attributes()["email"] == "ada@example.com"
        assert careful.attributes()["email_verified"] == "true"

    def test_the_proof_puts_the_new_one_in_its_place(self, careful):
        token = careful.token()
        careful.update(token, email=NEW)
        verify(careful, token, careful.cognito.messages.last().code)
        assert careful.attributes()["email"] == NEW
        assert careful.attributes()["email_verified"] == "true"

    def test_the_old_one_still_names_the_user(self, found):
        env = found(UsernameAttributes=["email"], AutoVerifiedAttributes=["email"], **BEFORE)
        env.add_user("ada@example.com", email_verified="true")
        token = env.token("ada@example.com")
        env.update(token, email=NEW)
        assert env.user("ada@example.com")
        with refused("UserNotFoundException"):
            env.user(NEW)
        verify(env, token, env.cognito.messages.last().code)
        assert env.user(NEW)
        with refused("UserNotFoundException"):
            env.user("ada@example.com")

    def test_another_value_replaces_the_one_that_waits(self, careful):
        token = careful.token()
        careful.update(token, email="first@example.com")
        first = careful.cognito.messages.last().code
        careful.update(token, email=NEW)
        with refused(*MISMATCH):
            verify(careful, token, f"{(int(first) + 1) % 10**6:06}")
        verify(careful, token, careful.cognito.messages.last().code)
        assert careful.attributes()["email"] == NEW

    def test_a_new_code_goes_to_the_address_that_waits(self, careful):
        token = careful.token()
        careful.update(token, email=NEW)
        careful.idp.get_user_attribute_verification_code(AccessToken=token, AttributeName="email")
        assert careful.cognito.messages.last().destination == NEW

    def test_administrators_are_bound_by_it_too(self, careful):
        careful.admin_update(email=NEW)
        assert careful.attributes()["email"] == "ada@example.com"
        assert careful.cognito.messages.last().destination == NEW

    def test_unless_they_vouch_for_the_address(self, careful):
        careful.admin_update(email=NEW, email_verified="true")
        assert careful.attributes()["email"] == NEW
        assert careful.attributes()["email_verified"] == "true"
        assert len(careful.cognito.messages) == 0

    def test_an_address_that_is_taken_meanwhile_is_refused(self, found):
        env = found(UsernameAttributes=["email"], AutoVerifiedAttributes=["email"], **BEFORE)
        env.add_user("ada@example.com", email_verified="true")
        token = env.token("ada@example.com")
        env.update(token, email=NEW)
        code = env.cognito.messages.last().code
        env.add_user(NEW)
        with refused("AliasExistsException", "An account with the given email already exists."):
            verify(env, token, code)


class TestAdminUpdateUserAttributes:
    def test_it_writes_what_no_client_may(self, env):
        env.admin_update(**{"dev:custom:rank": "1", "email_verified": "false"})
        assert env.attributes()["dev:custom:rank"] == "1"
        assert env.attributes()["email_verified"] == "false"

    def test_a_new_address_is_unproven_and_gets_a_code(self, env):
        env.admin_update(email=NEW)
        assert env.attributes()["email_verified"] == "false"
        message = env.cognito.messages.last()
        assert message.destination == NEW
        assert message.trigger_source == "CustomMessage_UpdateUserAttribute"

    def test_an_administrator_may_vouch_for_it(self, env):
        env.admin_update(email=NEW, email_verified="True")
        assert env.attributes()["email_verified"] == "true"
        assert len(env.cognito.messages) == 0

    def test_a_blank_value_deletes(self, env):
        env.admin_update(name="")
        assert "name" not in env.attributes()

    def test_unknown_ones_are_refused(self, env):
        with refused("InvalidParameterException", "user.custom:x: Attribute does not exist in the schema.\n"):
            env.admin_update(**{"custom:x": "1"})

    @pytest.mark.parametrize(
        ("name", "message"),
        [
            ("email_verified", "Email is required to verify/un-verify an email"),
            ("phone_number_verified", "Phone Number is required to verify/un-verify a phone number"),
        ],
    )
    def test_a_flag_needs_its_address(self, env, name, message):
        env.create("bea")
        with refused("InvalidParameterException", message):
            env.admin_update("bea", **{name: "true"})

    def test_an_alias_of_another_cannot_be_verified(self, found):
        env = found(AliasAttributes=["email"])
        env.add_user("ada", **PROVEN)
        env.add_user("bea", **MAIL)
        with refused("AliasExistsException", "An account with the email already exists."):
            env.admin_update("bea", email_verified="true")

    def test_a_sign_in_name_of_another_cannot_be_taken(self, found):
        env = found(UsernameAttributes=["email"])
        env.add_user("ada@example.com")
        env.add_user("bea@example.com")
        with refused("AliasExistsException", "An account with the given email already exists."):
            env.admin_update("bea@example.com", email="ada@example.com")

    def test_unknown_users_do_not_exist(self, env):
        with refused("UserNotFoundException", "User does not exist."):
            env.admin_update("nobody", name="x")


class TestAdminDeleteUserAttributes:
    def delete(self, env, *names, username="ada"):
        return env.idp.admin_delete_user_attributes(
            UserPoolId=env.pool_id, Username=username, UserAttributeNames=list(names)
        )

    def test_they_go(self, env):
        self.delete(env, "name", "email")
        assert set(env.attributes()) == {"sub", "phone_number", "phone_number_verified"}

    def test_what_is_not_there_can_be_deleted(self, env):
        self.delete(env, "nickname")

    def test_unknown_ones_are_refused(self, env):
        with refused(
            "InvalidParameterException",
            "Invalid user attributes: user.custom:x: Attribute does not exist in the schema.\n",
        ):
            self.delete(env, "custom:x")

    @pytest.mark.parametrize(
        "settings", [{"UsernameAttributes": ["email"]}, {"Schema": [{"Name": "email", "Required": True}]}]
    )
    def test_required_ones_and_sign_in_names_stay(self, found, settings):
        env = found(**settings)
        env.create("ada@example.com", attributes=MAIL)
        with refused("InvalidParameterException"):
            self.delete(env, "email", username="ada@example.com")

    def test_unknown_users_do_not_exist(self, env):
        with refused("UserNotFoundException", "User does not exist."):
            self.delete(env, "name", username="nobody")


class TestDeleteUserAttributes:
    def delete(self, env, *names):
        return env.idp.delete_user_attributes(AccessToken=env.token(), UserAttributeNames=list(names))

    def test_they_go(self, env):
        self.delete(env, "name")
        assert "name" not in env.attributes()

    def test_unknown_ones_are_refused(self, env):
        with refused("InvalidParameterException"):
            self.delete(env, "custom:x")

    def test_a_client_deletes_what_it_may_write(self, env):
        env.client_of(WriteAttributes=["nickname"])
        with refused("NotAuthorizedException", "A client attempted to write unauthorized attribute"):
            self.delete(env, "name")


class TestGetUserAttributeVerificationCode:
    def ask(self, env, attribute="email"):
        answer = env.idp.get_user_attribute_verification_code(
            AccessToken=env.token(), AttributeName=attribute
        )
        return answer["CodeDeliveryDetails"]

    def test_a_code_goes_to_the_address(self, env):
        assert self.ask(env) == {
            "Destination": "a***@e***",
            "DeliveryMedium": "EMAIL",
            "AttributeName": "email",
        }
        message = env.cognito.messages.last()
        assert message.destination == "ada@example.com"
        assert message.trigger_source == "CustomMessage_VerifyUserAttribute"

    def test_phone_numbers_get_theirs_by_sms(self, env):
        assert self.ask(env, "phone_number")["DeliveryMedium"] == "SMS"

    @pytest.mark.parametrize("attribute", ["name", "custom:role"])
    def test_nothing_else_can_be_proven(self, env, attribute):
        text = "Invalid attribute name. Only phone_number and email can be verified."
        with refused("InvalidParameterException", text):
            self.ask(env, attribute)
        with refused("InvalidParameterException", text):
            env.idp.verify_user_attribute(AccessToken=env.token(), AttributeName=attribute, Code="123456")

    def test_its_code_lives_24_hours(self, env):
        self.ask(env)
        code = env.cognito.messages.last().code
        env.cognito.clock.advance(hours=24)
        with refused(*EXPIRED):
            verify(env, env.token(), code)

    def test_what_is_not_there_cannot_be_proven(self, found):
        env = found()
        env.add_user()
        with refused("InvalidParameterException"):
            self.ask(env)

    def test_there_is_a_limit(self, env):
        for _ in range(20):
            self.ask(env)
        with refused("LimitExceededException", "Attempt limit exceeded, please try after some time."):
            self.ask(env)


class TestVerifyUserAttribute:
    @pytest.fixture
    def token(self, env):
        env.update(env.token(), email=NEW)
        return env.token()

    def test_the_code_proves_the_address(self, env, token):
        verify(env, token, env.cognito.messages.last().code)
        assert env.attributes()["email_verified"] == "true"

    def test_a_wrong_code_leaves_the_right_one_good(self, env, token):
        code = env.cognito.messages.last().code
        with refused(*MISMATCH):
            verify(env, token, f"{(int(code) + 1) % 10**6:06}")
        verify(env, token, code)

    def test_too_many_wrong_codes_in_an_hour_are_refused(self, env, token):
        code = env.cognito.messages.last().code
        env.idp = impatient()
        for _ in range(20):
            with refused(*MISMATCH):
                verify(env, token, f"{(int(code) + 1) % 10**6:06}")
        with refused("LimitExceededException", "Attempt limit exceeded, please try after some time."):
            verify(env, token, code)

    def test_it_works_once(self, env, token):
        code = env.cognito.messages.last().code
        verify(env, token, code)
        with refused(*EXPIRED):
            verify(env, token, code)

    def test_it_lives_24_hours(self, env, token):
        code = env.cognito.messages.last().code
        env.cognito.clock.advance(hours=24)
        with refused(*EXPIRED):
            verify(env, env.token(), code)

    def test_where_none_was_sent_none_is_right(self, env):
        with refused(*EXPIRED):
            verify(env, env.token(), "123456", "phone_number")

    def test_nothing_else_can_be_proven(self, env, token):
        with refused("InvalidParameterException"):
            verify(env, token, "123456", "name")

    def test_an_alias_of_another_cannot_be_proven(self, found):
        env = found(AliasAttributes=["email"], AutoVerifiedAttributes=["email"])
        env.add_user("ada", **PROVEN)
        env.add_user("bea", email="bea@example.com")
        token = env.token("bea")
        env.update(token, **MAIL)
        with refused("AliasExistsException", "An account with the email already exists."):
            verify(env, token, env.cognito.messages.last().code)
        assert env.user("ada@example.com")["Username"] == "ada"

    def test_a_code_for_an_address_that_was_changed_since_is_void(self, env, token):
        code = env.cognito.messages.last().code
        env.idp.update_user_attributes(
            AccessToken=token, UserAttributes=listed({"email": "third@example.com"})
        )
        newest = env.cognito.messages.last().code
        if newest != code:
            with refused(*MISMATCH):
                verify(env, token, code)
        verify(env, token, newest)
        assert env.attributes()["email"] == "third@example.com"
