"""Attributes: changed, deleted, and proven by code."""

import pytest
from people import listed, refused

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
def town(found):
    town = found(Schema=SCHEMA, AutoVerifiedAttributes=["email"])
    town.resident(name="Ada", **PROVEN, **PHONE)
    return town


@pytest.fixture
def careful(found):
    """A pool where an address is proven before it counts."""
    town = found(AutoVerifiedAttributes=["email"], **BEFORE)
    town.resident(**PROVEN)
    return town


def verify(town, token, code, attribute="email"):
    return town.idp.verify_user_attribute(AccessToken=token, AttributeName=attribute, Code=code)


class TestUpdateUserAttributes:
    def test_attributes_are_written_and_the_date_moves(self, town):
        before = town.user()["UserLastModifiedDate"]
        town.cognito.clock.advance(10)
        answer = town.update(town.token(), name="Countess", **{"custom:role": "x"})
        assert not answer.get("CodeDeliveryDetailsList")
        assert town.attributes()["name"] == "Countess"
        assert town.attributes()["custom:role"] == "x"
        assert town.user()["UserLastModifiedDate"] > before

    def test_a_new_address_counts_at_once_and_is_unproven(self, town):
        answer = town.update(town.token(), email=NEW)
        assert answer["CodeDeliveryDetailsList"] == [
            {"Destination": "c***@e***", "DeliveryMedium": "EMAIL", "AttributeName": "email"}
        ]
        assert town.attributes()["email"] == NEW
        assert town.attributes()["email_verified"] == "false"

    def test_the_code_goes_to_the_new_address(self, town):
        town.update(town.token(), email=NEW)
        message = town.cognito.messages.last()
        assert message.destination == NEW
        assert message.trigger_source == "CustomMessage_UpdateUserAttribute"

    def test_where_it_is_not_verified_automatically_no_code_goes_out(self, town):
        answer = town.update(town.token(), phone_number="+15555550199")
        assert not answer.get("CodeDeliveryDetailsList")
        assert town.attributes()["phone_number_verified"] == "false"

    def test_each_code_that_was_sent_is_named(self, found):
        town = found(AutoVerifiedAttributes=["email", "phone_number"])
        town.resident(**PROVEN, **PHONE)
        answer = town.update(town.token(), email=NEW, phone_number="+15555550199")
        named = {details["AttributeName"] for details in answer["CodeDeliveryDetailsList"]}
        assert named == {"email", "phone_number"}

    def test_the_address_that_the_user_has_already_changes_nothing(self, town):
        answer = town.update(town.token(), **MAIL)
        assert not answer.get("CodeDeliveryDetailsList")
        assert town.attributes()["email_verified"] == "true"

    def test_a_blank_value_deletes(self, town):
        town.update(town.token(), name="")
        assert "name" not in town.attributes()

    def test_deleting_an_address_deletes_its_proof(self, town):
        town.update(town.token(), phone_number="")
        assert "phone_number_verified" not in town.attributes()

    @pytest.mark.parametrize("name", ["custom:tenant", "sub"])
    def test_what_is_not_mutable_cannot_be_updated_even_if_it_was_never_set(self, town, name):
        with refused("InvalidParameterException", f"user.{name}: Attribute cannot be updated.\n"):
            town.admin_update(**{name: "x"})

    def test_nor_by_the_user(self, town):
        with refused("InvalidParameterException", "user.custom:tenant: Attribute cannot be updated.\n"):
            town.update(town.token(), **{"custom:tenant": "x"})

    def test_unknown_ones_are_refused(self, town):
        with refused("InvalidParameterException", "user.custom:x: Attribute does not exist in the schema.\n"):
            town.update(town.token(), **{"custom:x": "1"})

    @pytest.mark.parametrize("name", ["email_verified", "dev:custom:rank", "sub"])
    def test_what_no_client_may_write_is_refused(self, town, name):
        with refused("NotAuthorizedException", "A client attempted to write unauthorized attribute"):
            town.update(town.token(), **{name: "true"})

    def test_a_client_writes_what_it_may(self, town):
        town.client_of(WriteAttributes=["nickname"])
        token = town.token()
        town.update(token, nickname="A")
        with refused("NotAuthorizedException", "A client attempted to write unauthorized attribute"):
            town.update(token, name="B")

    @pytest.mark.parametrize(
        ("values", "message"),
        [
            ({"email": "nowhere"}, "Invalid email address format."),
            ({"phone_number": "12"}, "Invalid phone number format."),
        ],
    )
    def test_values_have_their_form(self, town, values, message):
        with refused("InvalidParameterException", message):
            town.update(town.token(), **values)

    def test_nothing_is_written_where_one_value_is_refused(self, town):
        with refused("InvalidParameterException"):
            town.update(town.token(), name="Changed", **{"custom:level": "10"})
        assert town.attributes()["name"] == "Ada"

    def test_values_end_at_2048_characters(self, town):
        with refused("InvalidParameterException"):
            town.update(town.token(), name="x" * 2049)

    def test_a_sign_in_name_may_be_changed_to_a_free_one(self, found):
        town = found(UsernameAttributes=["email"])
        town.resident("ada@example.com")
        town.resident("bea@example.com")
        token = town.token("ada@example.com")
        with refused("AliasExistsException", "An account with the given email already exists."):
            town.update(token, email="bea@example.com")
        town.update(token, email=NEW)
        assert town.user(NEW)["Username"] == town.attributes(NEW)["sub"]
        with refused("UserNotFoundException"):
            town.user("ada@example.com")

    def test_a_taken_preferred_username_is_refused(self, found):
        town = found(AliasAttributes=["preferred_username"])
        town.resident("ada", preferred_username="countess")
        town.resident("bea")
        with refused("AliasExistsException", "An account with the preferred_username already exists."):
            town.update(town.token("bea"), preferred_username="countess")

    def test_a_token_is_needed(self, town):
        with refused("NotAuthorizedException", "Invalid Access Token"):
            town.update("abc", name="x")


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
        town = found(UsernameAttributes=["email"], AutoVerifiedAttributes=["email"], **BEFORE)
        town.resident("ada@example.com", email_verified="true")
        token = town.token("ada@example.com")
        town.update(token, email=NEW)
        assert town.user("ada@example.com")
        with refused("UserNotFoundException"):
            town.user(NEW)
        verify(town, token, town.cognito.messages.last().code)
        assert town.user(NEW)
        with refused("UserNotFoundException"):
            town.user("ada@example.com")

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
        town = found(UsernameAttributes=["email"], AutoVerifiedAttributes=["email"], **BEFORE)
        town.resident("ada@example.com", email_verified="true")
        token = town.token("ada@example.com")
        town.update(token, email=NEW)
        code = town.cognito.messages.last().code
        town.resident(NEW)
        with refused("AliasExistsException", "An account with the given email already exists."):
            verify(town, token, code)


class TestAdminUpdateUserAttributes:
    def test_it_writes_what_no_client_may(self, town):
        town.admin_update(**{"dev:custom:rank": "1", "email_verified": "false"})
        assert town.attributes()["dev:custom:rank"] == "1"
        assert town.attributes()["email_verified"] == "false"

    def test_a_new_address_is_unproven_and_gets_a_code(self, town):
        town.admin_update(email=NEW)
        assert town.attributes()["email_verified"] == "false"
        message = town.cognito.messages.last()
        assert message.destination == NEW
        assert message.trigger_source == "CustomMessage_UpdateUserAttribute"

    def test_an_administrator_may_vouch_for_it(self, town):
        town.admin_update(email=NEW, email_verified="True")
        assert town.attributes()["email_verified"] == "true"
        assert len(town.cognito.messages) == 0

    def test_a_blank_value_deletes(self, town):
        town.admin_update(name="")
        assert "name" not in town.attributes()

    def test_unknown_ones_are_refused(self, town):
        with refused("InvalidParameterException", "user.custom:x: Attribute does not exist in the schema.\n"):
            town.admin_update(**{"custom:x": "1"})

    @pytest.mark.parametrize(
        ("name", "message"),
        [
            ("email_verified", "Email is required to verify/un-verify an email"),
            ("phone_number_verified", "Phone Number is required to verify/un-verify a phone number"),
        ],
    )
    def test_a_flag_needs_its_address(self, town, name, message):
        town.create("bea")
        with refused("InvalidParameterException", message):
            town.admin_update("bea", **{name: "true"})

    def test_an_alias_of_another_cannot_be_verified(self, found):
        town = found(AliasAttributes=["email"])
        town.resident("ada", **PROVEN)
        town.resident("bea", **MAIL)
        with refused("AliasExistsException", "An account with the email already exists."):
            town.admin_update("bea", email_verified="true")

    def test_a_sign_in_name_of_another_cannot_be_taken(self, found):
        town = found(UsernameAttributes=["email"])
        town.resident("ada@example.com")
        town.resident("bea@example.com")
        with refused("AliasExistsException", "An account with the given email already exists."):
            town.admin_update("bea@example.com", email="ada@example.com")

    def test_unknown_users_do_not_exist(self, town):
        with refused("UserNotFoundException", "User does not exist."):
            town.admin_update("nobody", name="x")


class TestAdminDeleteUserAttributes:
    def delete(self, town, *names, username="ada"):
        return town.idp.admin_delete_user_attributes(
            UserPoolId=town.pool_id, Username=username, UserAttributeNames=list(names)
        )

    def test_they_go(self, town):
        self.delete(town, "name", "email")
        assert set(town.attributes()) == {"sub", "phone_number", "phone_number_verified"}

    def test_what_is_not_there_can_be_deleted(self, town):
        self.delete(town, "nickname")

    def test_unknown_ones_are_refused(self, town):
        with refused(
            "InvalidParameterException",
            "Invalid user attributes: user.custom:x: Attribute does not exist in the schema.\n",
        ):
            self.delete(town, "custom:x")

    @pytest.mark.parametrize(
        "settings", [{"UsernameAttributes": ["email"]}, {"Schema": [{"Name": "email", "Required": True}]}]
    )
    def test_required_ones_and_sign_in_names_stay(self, found, settings):
        town = found(**settings)
        town.create("ada@example.com", attributes=MAIL)
        with refused("InvalidParameterException"):
            self.delete(town, "email", username="ada@example.com")

    def test_unknown_users_do_not_exist(self, town):
        with refused("UserNotFoundException", "User does not exist."):
            self.delete(town, "name", username="nobody")


class TestDeleteUserAttributes:
    def delete(self, town, *names):
        return town.idp.delete_user_attributes(AccessToken=town.token(), UserAttributeNames=list(names))

    def test_they_go(self, town):
        self.delete(town, "name")
        assert "name" not in town.attributes()

    def test_unknown_ones_are_refused(self, town):
        with refused("InvalidParameterException"):
            self.delete(town, "custom:x")

    def test_a_client_deletes_what_it_may_write(self, town):
        town.client_of(WriteAttributes=["nickname"])
        with refused("NotAuthorizedException", "A client attempted to write unauthorized attribute"):
            self.delete(town, "name")


class TestGetUserAttributeVerificationCode:
    def ask(self, town, attribute="email"):
        answer = town.idp.get_user_attribute_verification_code(
            AccessToken=town.token(), AttributeName=attribute
        )
        return answer["CodeDeliveryDetails"]

    def test_a_code_goes_to_the_address(self, town):
        assert self.ask(town) == {
            "Destination": "a***@e***",
            "DeliveryMedium": "EMAIL",
            "AttributeName": "email",
        }
        message = town.cognito.messages.last()
        assert message.destination == "ada@example.com"
        assert message.trigger_source == "CustomMessage_VerifyUserAttribute"

    def test_phone_numbers_get_theirs_by_sms(self, town):
        assert self.ask(town, "phone_number")["DeliveryMedium"] == "SMS"

    @pytest.mark.parametrize("attribute", ["name", "custom:role"])
    def test_nothing_else_can_be_proven(self, town, attribute):
        with refused("InvalidParameterException"):
            self.ask(town, attribute)

    def test_what_is_not_there_cannot_be_proven(self, found):
        town = found()
        town.resident()
        with refused("InvalidParameterException"):
            self.ask(town)

    def test_there_is_a_limit(self, town):
        for _ in range(20):
            self.ask(town)
        with refused("LimitExceededException", "Attempt limit exceeded, please try after some time."):
            self.ask(town)


class TestVerifyUserAttribute:
    @pytest.fixture
    def token(self, town):
        town.update(town.token(), email=NEW)
        return town.token()

    def test_the_code_proves_the_address(self, town, token):
        verify(town, token, town.cognito.messages.last().code)
        assert town.attributes()["email_verified"] == "true"

    def test_a_wrong_code_leaves_the_right_one_good(self, town, token):
        code = town.cognito.messages.last().code
        with refused(*MISMATCH):
            verify(town, token, f"{(int(code) + 1) % 10**6:06}")
        verify(town, token, code)

    def test_it_works_once(self, town, token):
        code = town.cognito.messages.last().code
        verify(town, token, code)
        with refused(*EXPIRED):
            verify(town, token, code)

    def test_it_lives_24_hours(self, town, token):
        code = town.cognito.messages.last().code
        town.cognito.clock.advance(hours=24)
        with refused(*EXPIRED):
            verify(town, town.token(), code)

    def test_where_none_was_sent_none_is_right(self, town):
        with refused(*EXPIRED):
            verify(town, town.token(), "123456", "phone_number")

    def test_nothing_else_can_be_proven(self, town, token):
        with refused("InvalidParameterException"):
            verify(town, token, "123456", "name")

    def test_an_alias_of_another_cannot_be_proven(self, found):
        town = found(AliasAttributes=["email"], AutoVerifiedAttributes=["email"])
        town.resident("ada", **PROVEN)
        town.resident("bea", email="bea@example.com")
        token = town.token("bea")
        town.update(token, **MAIL)
        with refused("AliasExistsException", "An account with the email already exists."):
            verify(town, token, town.cognito.messages.last().code)
        assert town.user("ada@example.com")["Username"] == "ada"

    def test_a_code_for_an_address_that_was_changed_since_is_void(self, town, token):
        code = town.cognito.messages.last().code
        town.idp.update_user_attributes(
            AccessToken=token, UserAttributes=listed({"email": "third@example.com"})
        )
        newest = town.cognito.messages.last().code
        if newest != code:
            with refused(*MISMATCH):
                verify(town, token, code)
        verify(town, token, newest)
        assert town.attributes()["email"] == "third@example.com"
