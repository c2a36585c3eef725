"""Passwords that users forget and change."""

import pytest
from support.pool_env import OTHER, PASSWORD, refused

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


def change(env, token, previous=PASSWORD, proposed=OTHER):
    given = {} if previous is None else {"PreviousPassword": previous}
    return env.idp.change_password(AccessToken=token, ProposedPassword=proposed, **given)


class TestForgotPassword:
    def test_a_code_goes_to_the_proven_address(self, env):
        env.add_user(**MAIL)
        assert env.forgot() == {
            "Destination": "a***@e***",
            "DeliveryMedium": "EMAIL",
            "AttributeName": "email",
        }
        message = env.cognito.messages.last()
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
        env = found(**recovery(*names))
        env.add_user(**MAIL, **PHONE)
        assert env.forgot()["AttributeName"] == attribute

    def test_a_pool_has_an_order_though_none_was_given(self, env):
        shown = env.idp.describe_user_pool(UserPoolId=env.pool_id)["UserPool"]
        assert shown["AccountRecoverySetting"] == {
            "RecoveryMechanisms": [
                {"Priority": 1, "Name": "verified_email"},
                {"Priority": 2, "Name": "verified_phone_number"},
            ]
        }
        env.add_user(**MAIL, **PHONE)
        env.add_user("bea", email="bea@example.com", **PHONE)
        assert env.forgot()["AttributeName"] == "email"
        assert env.forgot("bea")["AttributeName"] == "phone_number"

    def test_only_to_verified_addresses(self, found):
        env = found(**recovery("verified_email", "verified_phone_number"))
        env.add_user(email="ada@example.com", **PHONE)
        assert env.forgot()["AttributeName"] == "phone_number"

    def test_it_may_be_the_administrators_business(self, found):
        env = found(**recovery("admin_only"))
        env.add_user(**MAIL)
        with refused("NotAuthorizedException", "Contact administrator to reset password."):
            env.forgot()

    def test_who_must_reset_may_ask_again(self, env):
        env.add_user(**MAIL)
        env.idp.admin_reset_user_password(UserPoolId=env.pool_id, Username="ada")
        assert env.forgot()["AttributeName"] == "email"

    def test_who_has_nothing_verified_gets_none(self, env):
        env.sign_up(attributes={"email": "ada@example.com"})
        with refused(*NOWHERE):
            env.forgot()
        env.add_user("bea", email="bea@example.com")
        with refused(*NOWHERE):
            env.forgot("bea")

    def test_a_temporary_password_cannot_be_reset(self, env):
        env.create(attributes=MAIL)
        with refused("NotAuthorizedException", "User password cannot be reset in the current state."):
            env.forgot()

    def test_disabled_users_get_none(self, env):
        env.add_user(**MAIL)
        env.idp.admin_disable_user(UserPoolId=env.pool_id, Username="ada")
        with refused("NotAuthorizedException", "User is disabled."):
            env.forgot()

    def test_unknown_users_do_not_exist(self, env):
        with refused(*UNKNOWN):
            env.forgot("nobody")

    def test_there_is_a_limit_by_the_hour(self, env):
        env.add_user(**MAIL)
        for _ in range(20):
            env.forgot()
        with refused(*LIMIT):
            env.forgot()
        env.cognito.clock.advance(minutes=61)
        env.forgot()

    def test_the_old_password_is_good_until_the_new_one_is_set(self, env):
        env.add_user(**MAIL)
        env.forgot()
        assert env.status() == "CONFIRMED"
        assert env.sign_in()


class TestMfaChannels:
    """A way to recover that is the user's way to sign in, too, would be no second factor."""

    @pytest.mark.parametrize(
        ("preferred", "attribute"), [("EMAIL_OTP", "phone_number"), ("SMS_MFA", "email")]
    )
    def test_the_preferred_one_is_skipped(self, found, preferred, attribute):
        env = found(**recovery("verified_email", "verified_phone_number"))
        env.add_user(**MAIL, **PHONE)
        world = env.cognito.world
        world.find_pool(env.pool_id)[1].users["ada"].mfa = Mfa(enabled=(preferred,), preferred=preferred)
        assert env.forgot()["AttributeName"] == attribute


class TestForgotPasswordOfUnknownUsers:
    @pytest.fixture
    def env(self, found):
        return found(client=HIDING)

    @pytest.mark.parametrize(
        ("name", "medium", "attribute"),
        [
            ("nobody", "EMAIL", "email"),
            ("nobody@example.com", "EMAIL", "email"),
            ("+15555550199", "SMS", "phone_number"),
        ],
    )
    def test_unknown_users_seem_to_get_a_code(self, env, name, medium, attribute):
        details = env.forgot(name)
        assert details["DeliveryMedium"] == medium
        assert details["AttributeName"] == attribute
        assert details == env.forgot(name)
        assert len(env.cognito.messages) == 0

    def test_by_sms_where_the_pool_prefers_it(self, found):
        env = found(client=HIDING, **recovery("verified_phone_number"))
        assert env.forgot("nobody")["DeliveryMedium"] == "SMS"

    def test_a_name_that_looks_like_an_address_is_masked_as_one(self, env):
        assert env.forgot("nobody@example.com")["Destination"] == "n***@e***"

    def test_disabled_users_seem_to_get_one(self, env):
        env.add_user(**MAIL)
        env.idp.admin_disable_user(UserPoolId=env.pool_id, Username="ada")
        assert "Destination" in env.forgot()
        assert len(env.cognito.messages) == 0

    def test_so_do_users_without_a_verified_address(self, env):
        env.add_user(email="ada@example.com")
        assert "Destination" in env.forgot()
        assert len(env.cognito.messages) == 0

    def test_the_log_tells_why_nothing_was_sent(self, env):
        env.forgot("nobody")
        assert "nobody" in env.cognito.requests[-1].reason

    @pytest.mark.parametrize("make", [None, "disabled", "unproven"])
    def test_a_code_is_wrong_once_one_was_asked_for_and_expired_before(self, env, make):
        if make:
            env.add_user(email="ada@example.com", email_verified=str(make == "disabled").lower())
        if make == "disabled":
            env.idp.admin_disable_user(UserPoolId=env.pool_id, Username="ada")
        with refused(*EXPIRED):
            env.confirm_forgot(code="123456")
        env.forgot()
        with refused(*MISMATCH):
            env.confirm_forgot(code="123456")
        env.cognito.clock.advance(hours=1)
        with refused(*EXPIRED):
            env.confirm_forgot(code="123456")


class TestConfirmForgotPassword:
    @pytest.fixture
    def env(self, env):
        env.add_user(**MAIL)
        env.forgot()
        return env

    def test_it_sets_the_password(self, env):
        env.confirm_forgot(password=OTHER)
        assert env.status() == "CONFIRMED"
        assert env.sign_in(password=OTHER)
        with refused("NotAuthorizedException", "Incorrect username or password."):
            env.sign_in(password=PASSWORD)

    def test_who_had_to_reset_is_confirmed(self, env):
        env.idp.admin_reset_user_password(UserPoolId=env.pool_id, Username="ada")
        env.confirm_forgot()
        assert env.status() == "CONFIRMED"

    def test_a_code_works_once(self, env):
        code = env.code()
        env.confirm_forgot(code=code)
        with refused(*EXPIRED):
            env.confirm_forgot(code=code)

    def test_it_lives_an_hour(self, env):
        env.cognito.clock.advance(minutes=59)
        with refused(*MISMATCH):
            env.confirm_forgot(code=wrong(env.code()))
        env.cognito.clock.advance(minutes=1)
        with refused(*EXPIRED):
            env.confirm_forgot()

    def test_where_none_was_asked_for_none_is_right(self, env):
        env.add_user("bea")
        with refused(*EXPIRED):
            env.confirm_forgot("bea", code="123456")

    def test_a_wrong_code_leaves_the_right_one_good(self, env):
        with refused(*MISMATCH):
            env.confirm_forgot(code=wrong(env.code()))
        env.confirm_forgot()

    def test_too_many_wrong_codes_in_an_hour_are_refused(self, env):
        for _ in range(20):
            with refused(*MISMATCH):
                env.confirm_forgot(code=wrong(env.code()))
        with refused(*LIMIT):
            env.confirm_forgot()

    def test_the_policy_is_kept_and_the_code_stays_good(self, env):
        with refused(
            "InvalidPasswordException",
            "Password does not conform to policy: Password must have uppercase characters",
        ):
            env.confirm_forgot(password="lowercase-0nly")
        env.confirm_forgot()

    def test_disabled_users_are_refused(self, env):
        env.idp.admin_disable_user(UserPoolId=env.pool_id, Username="ada")
        with refused("NotAuthorizedException", "User is disabled."):
            env.confirm_forgot()

    def test_unknown_users_do_not_exist(self, env):
        with refused(*UNKNOWN):
            env.confirm_forgot("nobody", code="123456")

    def test_only_the_newest_code_works(self, env):
        old = env.code()
        env.forgot()
        newest = env.code()
        if old != newest:
            with refused(*MISMATCH):
                env.confirm_forgot(code=old)
        env.confirm_forgot(code=newest)


class TestChangePassword:
    def test_the_new_one_takes_the_place_of_the_old(self, env):
        env.add_user()
        token = env.token()
        change(env, token)
        with refused("NotAuthorizedException", "Incorrect username or password."):
            change(env, token)
        change(env, token, previous=OTHER, proposed=PASSWORD)

    def test_tokens_stay_good(self, env):
        env.add_user()
        token = env.token()
        change(env, token)
        assert env.idp.get_user(AccessToken=token)["Username"] == "ada"

    @pytest.mark.parametrize("previous", ["Wr0ng-Horse!", None])
    def test_who_has_a_password_must_know_it(self, env, previous):
        env.add_user()
        with refused("NotAuthorizedException", "Incorrect username or password."):
            change(env, env.token(), previous=previous)

    def test_who_has_none_sets_the_first(self, found):
        policy = {"AllowedFirstAuthFactors": ["PASSWORD", "EMAIL_OTP"]}
        env = found(Policies={"SignInPolicy": policy})
        env.create(attributes=MAIL)
        token = env.token_of()
        change(env, token, previous=None, proposed=PASSWORD)
        change(env, token)

    def test_the_policy_is_kept(self, env):
        env.add_user()
        with refused(
            "InvalidPasswordException", "Password does not conform to policy: Password not long enough"
        ):
            change(env, env.token(), proposed="Sh0rt!")

    def test_too_many_wrong_passwords_in_an_hour_are_refused(self, env):
        env.add_user()
        token = env.token()
        for _ in range(20):
            with refused("NotAuthorizedException"):
                change(env, token, previous="Wr0ng-Horse!")
        with refused(*LIMIT):
            change(env, token)

    def test_who_must_reset_cannot_go_around_it(self, env):
        """After an administrator reset the password, a holder of a token must not set a new one without the code."""
        env.add_user(email="ada@example.com", email_verified="true")
        token = env.token()
        env.idp.admin_reset_user_password(UserPoolId=env.pool_id, Username="ada")
        with refused("PasswordResetRequiredException", "Password reset required for the user"):
            env.idp.change_password(AccessToken=token, ProposedPassword=OTHER)

    def test_a_token_is_needed(self, env):
        with refused("NotAuthorizedException", "Invalid Access Token"):
            change(env, "abc")


class TestPasswordHistory:
    """A size of 3 bars the present password and the two before it."""

    @pytest.fixture
    def env(self, found):
        env = found(Policies={"PasswordPolicy": HISTORY})
        env.add_user(password="Passw0rd-1", **MAIL)
        self.set(env, "Passw0rd-2")
        self.set(env, "Passw0rd-3")
        self.set(env, "Passw0rd-4")
        return env

    def set(self, env, password):
        env.idp.admin_set_user_password(
            UserPoolId=env.pool_id, Username="ada", Password=password, Permanent=True
        )

    @pytest.mark.parametrize("password", ["Passw0rd-4", "Passw0rd-3", "Passw0rd-2"])
    def test_late_ones_are_barred_to_administrators(self, env, password):
        with refused("PasswordHistoryPolicyViolationException"):
            self.set(env, password)

    @pytest.mark.parametrize("password", ["Passw0rd-4", "Passw0rd-2"])
    def test_and_to_users(self, env, password):
        with refused("PasswordHistoryPolicyViolationException"):
            change(env, env.token(password="Passw0rd-4"), previous="Passw0rd-4", proposed=password)

    def test_and_to_who_forgot_it(self, env):
        env.forgot()
        with refused("PasswordHistoryPolicyViolationException"):
            env.confirm_forgot(password="Passw0rd-3")
        env.confirm_forgot(password="Passw0rd-5")

    def test_older_ones_are_free_again(self, env):
        self.set(env, "Passw0rd-1")

    def test_a_pool_without_a_history_bars_nothing(self, found):
        env = found()
        env.add_user()
        change(env, env.token(), proposed=PASSWORD)
