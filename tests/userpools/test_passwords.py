"""Passwords that users forget and change."""

import pytest
from people import OTHER, PASSWORD, refused

from cogmock.state.user import Mfa

MAIL = {"email": "ada@example.com", "email_verified": "true"}
PHONE = {"phone_number": "+15555550134", "phone_number_verified": "true"}
EXPIRED = ("ExpiredCodeException", "Invalid code provided, please request a code again.")
MISMATCH = ("CodeMismatchException", "Invalid verification code provided, please try again.")
UNKNOWN = ("UserNotFoundException", "Username/client id combination not found.")
LIMIT = ("LimitExceededException", "Attempt limit exceeded, please try after some time.")
NOWHERE = (
    "InvalidParameterException",
    "Cannot reset password for the user as there is no registered/verified email or phone_number",
)
HIDING = {"PreventUserExistenceErrors": "ENABLED"}
HISTORY = {"MinimumLength": 8, "PasswordHistorySize": 3}


def recovery(*names):
    mechanisms = [{"Name": name, "Priority": place} for place, name in enumerate(names, 1)]
    return {"AccountRecoverySetting": {"RecoveryMechanisms": mechanisms}}


def wrong(code):
    return f"{(int(code) + 1) % 10**6:06}"


def change(town, token, previous=PASSWORD, proposed=OTHER):
    given = {} if previous is None else {"PreviousPassword": previous}
    return town.idp.change_password(AccessToken=token, ProposedPassword=proposed, **given)


class TestForgotPassword:
    def test_a_code_goes_to_the_proven_address(self, town):
        town.resident(**MAIL)
        assert town.forgot() == {
            "Destination": "a***@e***",
            "DeliveryMedium": "EMAIL",
            "AttributeName": "email",
        }
        message = town.cognito.messages.last()
        assert message.destination == "ada@example.com"
        assert message.trigger_source == "CustomMessage_ForgotPassword"

    @pytest.mark.parametrize(
        ("names", "attribute"),
        [
            (("verified_email", "verified_phone_number"), "email"),
            (("verified_phone_number", "verified_email"), "phone_number"),
            (("verified_phone_number",), "phone_number"),
        ],
    )
    def test_it_goes_by_the_pools_order_of_recovery(self, found, names, attribute):
        town = found(**recovery(*names))
        town.resident(**MAIL, **PHONE)
        assert town.forgot()["AttributeName"] == attribute

    def test_only_to_verified_addresses(self, found):
        town = found(**recovery("verified_email", "verified_phone_number"))
        town.resident(email="ada@example.com", **PHONE)
        assert town.forgot()["AttributeName"] == "phone_number"

    def test_it_may_be_the_administrators_business(self, found):
        town = found(**recovery("admin_only"))
        town.resident(**MAIL)
        with refused("NotAuthorizedException", "Contact administrator to reset password."):
            town.forgot()

    def test_who_must_reset_may_ask_again(self, town):
        town.resident(**MAIL)
        town.idp.admin_reset_user_password(UserPoolId=town.pool_id, Username="ada")
        assert town.forgot()["AttributeName"] == "email"

    def test_who_has_nothing_verified_gets_none(self, town):
        town.sign_up(attributes={"email": "ada@example.com"})
        with refused(*NOWHERE):
            town.forgot()
        town.resident("bea", email="bea@example.com")
        with refused(*NOWHERE):
            town.forgot("bea")

    def test_a_temporary_password_cannot_be_reset(self, town):
        town.create(attributes=MAIL)
        with refused("NotAuthorizedException", "User password cannot be reset in the current state."):
            town.forgot()

    def test_disabled_users_get_none(self, town):
        town.resident(**MAIL)
        town.idp.admin_disable_user(UserPoolId=town.pool_id, Username="ada")
        with refused("NotAuthorizedException", "User is disabled."):
            town.forgot()

    def test_unknown_users_do_not_exist(self, town):
        with refused(*UNKNOWN):
            town.forgot("nobody")

    def test_there_is_a_limit_by_the_hour(self, town):
        town.resident(**MAIL)
        for _ in range(20):
            town.forgot()
        with refused(*LIMIT):
            town.forgot()
        town.cognito.clock.advance(minutes=61)
        town.forgot()

    def test_the_old_password_is_good_until_the_new_one_is_set(self, town):
        town.resident(**MAIL)
        town.forgot()
        assert town.status() == "CONFIRMED"
        assert town.sign_in()


class TestMfaChannels:
    """A way to recover that is the user's way to sign in, too, would be no second factor."""

    @pytest.mark.parametrize(
        ("preferred", "attribute"), [("EMAIL_OTP", "phone_number"), ("SMS_MFA", "email")]
    )
    def test_the_preferred_one_is_skipped(self, found, preferred, attribute):
        town = found(**recovery("verified_email", "verified_phone_number"))
        town.resident(**MAIL, **PHONE)
        world = town.cognito.world
        world.find_pool(town.pool_id)[1].users["ada"].mfa = Mfa(enabled=(preferred,), preferred=preferred)
        assert town.forgot()["AttributeName"] == attribute


class TestForgottenByWhoMayNotExist:
    @pytest.fixture
    def town(self, found):
        return found(client=HIDING)

    @pytest.mark.parametrize(
        ("name", "medium", "attribute"),
        [
            ("nobody", "EMAIL", "email"),
            ("nobody@example.com", "EMAIL", "email"),
            ("+15555550199", "SMS", "phone_number"),
        ],
    )
    def test_unknown_users_seem_to_get_a_code(self, town, name, medium, attribute):
        details = town.forgot(name)
        assert details["DeliveryMedium"] == medium
        assert details["AttributeName"] == attribute
        assert details == town.forgot(name)
        assert len(town.cognito.messages) == 0

    def test_by_sms_where_the_pool_prefers_it(self, found):
        town = found(client=HIDING, **recovery("verified_phone_number"))
        assert town.forgot("nobody")["DeliveryMedium"] == "SMS"

    def test_a_name_that_looks_like_an_address_is_masked_as_one(self, town):
        assert town.forgot("nobody@example.com")["Destination"] == "n***@e***"

    def test_disabled_users_seem_to_get_one(self, town):
        town.resident(**MAIL)
        town.idp.admin_disable_user(UserPoolId=town.pool_id, Username="ada")
        assert "Destination" in town.forgot()
        assert len(town.cognito.messages) == 0

    def test_so_do_users_without_a_verified_address(self, town):
        town.resident(email="ada@example.com")
        assert "Destination" in town.forgot()
        assert len(town.cognito.messages) == 0

    def test_the_log_tells_why_nothing_was_sent(self, town):
        town.forgot("nobody")
        assert "nobody" in town.cognito.requests[-1].reason

    @pytest.mark.parametrize("make", [None, "disabled", "unproven"])
    def test_a_code_is_wrong_once_one_was_asked_for_and_expired_before(self, town, make):
        if make:
            town.resident(email="ada@example.com", email_verified=str(make == "disabled").lower())
        if make == "disabled":
            town.idp.admin_disable_user(UserPoolId=town.pool_id, Username="ada")
        with refused(*EXPIRED):
            town.confirm_forgot(code="123456")
        town.forgot()
        with refused(*MISMATCH):
            town.confirm_forgot(code="123456")
        town.cognito.clock.advance(hours=1)
        with refused(*EXPIRED):
            town.confirm_forgot(code="123456")


class TestConfirmForgotPassword:
    @pytest.fixture
    def town(self, town):
        town.resident(**MAIL)
        town.forgot()
        return town

    def test_it_sets_the_password(self, town):
        town.confirm_forgot(password=OTHER)
        assert town.status() == "CONFIRMED"
        assert town.sign_in(password=OTHER)
        with refused("NotAuthorizedException", "Incorrect username or password."):
            town.sign_in(password=PASSWORD)

    def test_who_had_to_reset_is_confirmed(self, town):
        town.idp.admin_reset_user_password(UserPoolId=town.pool_id, Username="ada")
        town.confirm_forgot()
        assert town.status() == "CONFIRMED"

    def test_a_code_works_once(self, town):
        code = town.code()
        town.confirm_forgot(code=code)
        with refused(*EXPIRED):
            town.confirm_forgot(code=code)

    def test_it_lives_an_hour(self, town):
        town.cognito.clock.advance(minutes=59)
        with refused(*MISMATCH):
            town.confirm_forgot(code=wrong(town.code()))
        town.cognito.clock.advance(minutes=1)
        with refused(*EXPIRED):
            town.confirm_forgot()

    def test_where_none_was_asked_for_none_is_right(self, town):
        town.resident("bea")
        with refused(*EXPIRED):
            town.confirm_forgot("bea", code="123456")

    def test_a_wrong_code_leaves_the_right_one_good(self, town):
        with refused(*MISMATCH):
            town.confirm_forgot(code=wrong(town.code()))
        town.confirm_forgot()

    def test_too_many_wrong_codes_in_an_hour_are_refused(self, town):
        for _ in range(20):
            with refused(*MISMATCH):
                town.confirm_forgot(code=wrong(town.code()))
        with refused(*LIMIT):
            town.confirm_forgot()

    def test_the_policy_is_kept_and_the_code_stays_good(self, town):
        with refused(
            "InvalidPasswordException",
            "Password does not conform to policy: Password must have uppercase characters",
        ):
            town.confirm_forgot(password="lowercase-0nly")
        town.confirm_forgot()

    def test_disabled_users_are_refused(self, town):
        town.idp.admin_disable_user(UserPoolId=town.pool_id, Username="ada")
        with refused("NotAuthorizedException", "User is disabled."):
            town.confirm_forgot()

    def test_unknown_users_do_not_exist(self, town):
        with refused(*UNKNOWN):
            town.confirm_forgot("nobody", code="123456")

    def test_only_the_newest_code_works(self, town):
        old = town.code()
        town.forgot()
        newest = town.code()
        if old != newest:
            with refused(*MISMATCH):
                town.confirm_forgot(code=old)
        town.confirm_forgot(code=newest)


class TestChangePassword:
    def test_the_new_one_takes_the_place_of_the_old(self, town):
        town.resident()
        token = town.token()
        change(town, token)
        with refused("NotAuthorizedException", "Incorrect username or password."):
            change(town, token)
        change(town, token, previous=OTHER, proposed=PASSWORD)

    def test_tokens_stay_good(self, town):
        town.resident()
        token = town.token()
        change(town, token)
        assert town.idp.get_user(AccessToken=token)["Username"] == "ada"

    @pytest.mark.parametrize("previous", ["Wr0ng-Horse!", None])
    def test_who_has_a_password_must_know_it(self, town, previous):
        town.resident()
        with refused("NotAuthorizedException", "Incorrect username or password."):
            change(town, town.token(), previous=previous)

    def test_who_has_none_sets_the_first(self, found):
        policy = {"AllowedFirstAuthFactors": ["PASSWORD", "EMAIL_OTP"]}
        town = found(Policies={"SignInPolicy": policy})
        town.create(attributes=MAIL)
        token = town.token_of()
        change(town, token, previous=None, proposed=PASSWORD)
        change(town, token)

    def test_the_policy_is_kept(self, town):
        town.resident()
        with refused(
            "InvalidPasswordException", "Password does not conform to policy: Password not long enough"
        ):
            change(town, town.token(), proposed="Sh0rt!")

    def test_too_many_wrong_passwords_in_an_hour_are_refused(self, town):
        town.resident()
        token = town.token()
        for _ in range(20):
            with refused("NotAuthorizedException"):
                change(town, token, previous="Wr0ng-Horse!")
        with refused(*LIMIT):
            change(town, token)

    def test_who_must_reset_cannot_go_around_it(self, town):
        """An administrator voided the password: whoever holds a token must not set one without the code."""
        town.resident(email="ada@example.com", email_verified="true")
        token = town.token()
        town.idp.admin_reset_user_password(UserPoolId=town.pool_id, Username="ada")
        with refused("PasswordResetRequiredException", "Password reset required for the user"):
            town.idp.change_password(AccessToken=token, ProposedPassword=OTHER)

    def test_a_token_is_needed(self, town):
        with refused("NotAuthorizedException", "Invalid Access Token"):
            change(town, "abc")


class TestPasswordHistory:
    """A size of 3 bars the present password and the two before it."""

    @pytest.fixture
    def town(self, found):
        town = found(Policies={"PasswordPolicy": HISTORY})
        town.resident(password="Passw0rd-1", **MAIL)
        self.set(town, "Passw0rd-2")
        self.set(town, "Passw0rd-3")
        self.set(town, "Passw0rd-4")
        return town

    def set(self, town, password):
        town.idp.admin_set_user_password(
            UserPoolId=town.pool_id, Username="ada", Password=password, Permanent=True
        )

    @pytest.mark.parametrize("password", ["Passw0rd-4", "Passw0rd-3", "Passw0rd-2"])
    def test_late_ones_are_barred_to_administrators(self, town, password):
        with refused("PasswordHistoryPolicyViolationException"):
            self.set(town, password)

    @pytest.mark.parametrize("password", ["Passw0rd-4", "Passw0rd-2"])
    def test_and_to_users(self, town, password):
        with refused("PasswordHistoryPolicyViolationException"):
            change(town, town.token(password="Passw0rd-4"), previous="Passw0rd-4", proposed=password)

    def test_and_to_who_forgot_it(self, town):
        town.forgot()
        with refused("PasswordHistoryPolicyViolationException"):
            town.confirm_forgot(password="Passw0rd-3")
        town.confirm_forgot(password="Passw0rd-5")

    def test_older_ones_are_free_again(self, town):
        self.set(town, "Passw0rd-1")

    def test_a_pool_without_a_history_bars_nothing(self, found):
        town = found()
        town.resident()
        change(town, town.token(), proposed=PASSWORD)
