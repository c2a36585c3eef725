"""Administrators' operations on users, and users' own look at themselves."""

import re

import pytest
from support.pool_env import OTHER, PASSWORD, connect, refused
from support.sign_in import password_of, respond

MAIL = {"email": "ada@example.com"}
PROVEN = {"email": "ada@example.com", "email_verified": "true"}
PHONE = {"phone_number": "+15555550134"}


def temporary_password(message):
    return re.search(r"temporary password is (\S+)\. ", message.body)[1]


class TestAdminCreateUser:
    def test_it_answers_the_user_who_must_change_the_password(self, env):
        user = env.create(attributes=MAIL)
        assert user["Username"] == "ada"
        assert user["UserStatus"] == "FORCE_CHANGE_PASSWORD"
        assert user["Enabled"] is True
        assert [of["Name"] for of in user["Attributes"]] == ["sub", "email"]
        assert user["UserCreateDate"] == user["UserLastModifiedDate"]
        assert set(user) == {
            "Username",
            "Attributes",
            "UserCreateDate",
            "UserLastModifiedDate",
            "Enabled",
            "UserStatus",
        }

    def test_the_sub_is_a_lower_case_uuid(self, env):
        sub = env.create()["Attributes"][0]["Value"]
        assert re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", sub)

    def test_the_email_is_not_verified_unless_that_is_given(self, env):
        env.create("ada", attributes=MAIL)
        env.create("bea", attributes={"email": "bea@example.com", "email_verified": "True"})
        assert "email_verified" not in env.attributes("ada")
        assert env.attributes("bea")["email_verified"] == "true"

    def test_required_attributes_may_be_left_out(self, found):
        env = found(Schema=[{"Name": "email", "Required": True}])
        assert env.create()["UserStatus"] == "FORCE_CHANGE_PASSWORD"

    def test_an_administrator_may_write_what_no_client_may(self, found):
        schema = [{"Name": "rank", "AttributeDataType": "String", "DeveloperOnlyAttribute": True}]
        env = found(Schema=schema)
        env.create(attributes={"dev:custom:rank": "1"})
        assert env.attributes()["dev:custom:rank"] == "1"

    def test_a_deleted_name_can_be_used_again_with_a_new_sub(self, env):
        env.create()
        first = env.attributes()["sub"]
        env.idp.admin_delete_user(UserPoolId=env.pool_id, Username="ada")
        env.create()
        assert env.attributes()["sub"] != first

    def test_a_taken_name_is_refused(self, env):
        env.create()
        with refused("UsernameExistsException", "User account already exists"):
            env.create()

    def test_the_holder_of_a_name_need_not_be_confirmed(self, env):
        env.sign_up()
        with refused("UsernameExistsException"):
            env.create()

    def test_an_unknown_attribute_is_refused(self, env):
        with refused(
            "InvalidParameterException",
            "Attributes did not conform to the schema: Type for attribute {custom:role} could not be determined",
        ):
            env.create(attributes={"custom:role": "x"})

    @pytest.mark.parametrize(
        ("attributes", "message"),
        [
            ({"email": "ada"}, "Invalid email address format."),
            ({"email": "a da@example.com"}, "Invalid email address format."),
            ({"email": "a@b@example.com"}, "Invalid email address format."),
            ({"phone_number": "5550134"}, "Invalid phone number format."),
            ({"phone_number": "+1 555 0134"}, "Invalid phone number format."),
            ({"email_verified": "true"}, "Email is required to verify/un-verify an email"),
            (
                {"phone_number_verified": "true"},
                "Phone Number is required to verify/un-verify a phone number",
            ),
        ],
    )
    def test_values_of_the_wrong_form_are_refused(self, env, attributes, message):
        with refused("InvalidParameterException", message):
            env.create(attributes=attributes)

    def test_the_sub_cannot_be_given(self, env):
        with refused("InvalidParameterException"):
            env.create(attributes={"sub": "11111111-1111-4111-8111-111111111111"})

    def test_a_refused_user_is_not_made(self, env):
        with refused("InvalidPasswordException"):
            env.create(TemporaryPassword="short")
        with refused("UserNotFoundException"):
            env.user()

    @pytest.mark.parametrize(
        ("password", "rule"),
        [
            ("Sh0rt!", "Password not long enough"),
            ("l0wercase-only", "Password must have uppercase characters"),
            ("UPP3RCASE-ONLY", "Password must have lowercase characters"),
            ("No-Digits-Here", "Password must have numeric characters"),
            ("N0SymbolsHere", "Password must have symbol characters"),
            ("short", "Password not long enough"),
        ],
    )
    def test_temporary_passwords_obey_the_policy(self, env, password, rule):
        with refused("InvalidPasswordException", f"Password did not conform with password policy: {rule}"):
            env.create(TemporaryPassword=password)

    def test_unknown_pools_do_not_exist(self, env):
        env.pool_id = "us-east-1_Abc"
        with refused("ResourceNotFoundException", "User pool us-east-1_Abc does not exist."):
            env.create()


class TestInvitations:
    def test_one_bears_name_and_temporary_password(self, env):
        env.create(attributes=MAIL, DesiredDeliveryMediums=["EMAIL"], TemporaryPassword=PASSWORD)
        message = env.cognito.messages.last(username="ada")
        assert message.medium == "EMAIL"
        assert message.destination == "ada@example.com"
        assert message.subject == "Your temporary password"
        assert message.body == f"Your username is ada and temporary password is {PASSWORD}. "
        assert message.code == PASSWORD
        assert message.trigger_source == "CustomMessage_AdminCreateUser"

    def test_without_a_medium_it_goes_by_sms(self, env):
        env.create(attributes=MAIL | PHONE)
        assert [message.medium for message in env.cognito.messages] == ["SMS"]

    def test_who_has_an_email_address_alone_gets_a_mail(self, env):
        env.create(attributes=MAIL)
        assert [message.medium for message in env.cognito.messages] == ["EMAIL"]

    def test_it_goes_by_both_mediums_where_both_are_wanted(self, env):
        env.create(attributes=MAIL | PHONE, DesiredDeliveryMediums=["EMAIL", "SMS"])
        assert sorted(message.medium for message in env.cognito.messages) == ["EMAIL", "SMS"]

    def test_suppress_sends_none(self, env):
        env.create(attributes=MAIL, MessageAction="SUPPRESS")
        assert len(env.cognito.messages) == 0

    def test_the_password_that_is_made_fits_the_policy(self, found):
        policy = {
            "MinimumLength": 30,
            "RequireUppercase": True,
            "RequireLowercase": True,
            "RequireNumbers": True,
            "RequireSymbols": True,
        }
        env = found(Policies={"PasswordPolicy": policy})
        env.create(attributes=MAIL)
        password = env.code()
        assert len(password) == 30
        env.create("bea", TemporaryPassword=password)

    def test_resend_sets_a_new_password_and_answers_the_user(self, env):
        env.create(attributes=MAIL)
        first = env.code()
        user = env.create(MessageAction="RESEND")
        assert user["UserStatus"] == "FORCE_CHANGE_PASSWORD"
        assert env.code() != first
        assert len(env.cognito.messages) == 2

    def test_resend_takes_a_password_that_is_given(self, env):
        env.create(attributes=MAIL)
        env.create(MessageAction="RESEND", TemporaryPassword=OTHER)
        assert env.code() == OTHER

    def test_resend_wants_a_user(self, env):
        with refused("UserNotFoundException", "User does not exist."):
            env.create(MessageAction="RESEND")

    def test_resend_is_for_users_with_a_temporary_password(self, env):
        env.add_user(**MAIL)
        with refused(
            "UnsupportedUserStateException",
            "Resend not possible. ada status is not FORCE_CHANGE_PASSWORD",
        ):
            env.create(MessageAction="RESEND")


class TestTemporaryPasswords:
    """Good for the days of the pool's policy, from when they were set."""

    EXPIRED = "Temporary password has expired and must be reset by an administrator."

    @pytest.mark.parametrize(("days", "settings"), [(7, {}), (7, 0), (2, 2), (30, 30)])
    def test_they_run_out_after_the_policys_days(self, found, days, settings):
        policy = {"MinimumLength": 8, "TemporaryPasswordValidityDays": settings}
        env = found(**({} if settings == {} else {"Policies": {"PasswordPolicy": policy}}))
        env.create(TemporaryPassword=PASSWORD)
        env.cognito.clock.advance(days=days, seconds=-5)
        assert env.challenge() == "NEW_PASSWORD_REQUIRED"
        env.cognito.clock.advance(10)
        with refused("NotAuthorizedException", self.EXPIRED):
            env.challenge()

    @pytest.fixture
    def late(self, env):
        env.create(TemporaryPassword=PASSWORD, attributes=PROVEN)
        env.cognito.clock.advance(days=8)
        with refused("NotAuthorizedException", self.EXPIRED):
            env.challenge()
        return env

    def test_resend_revives_the_user(self, late):
        late.create(MessageAction="RESEND", TemporaryPassword=OTHER)
        assert late.challenge(password=OTHER) == "NEW_PASSWORD_REQUIRED"
        late.cognito.clock.advance(days=6)
        assert late.challenge(password=OTHER) == "NEW_PASSWORD_REQUIRED"

    @pytest.mark.parametrize("permanent", [True, False])
    def test_so_does_a_password_that_an_administrator_sets(self, late, permanent):
        late.idp.admin_set_user_password(
            UserPoolId=late.pool_id, Username="ada", Password=OTHER, Permanent=permanent
        )
        assert late.challenge(password=OTHER) == (None if permanent else "NEW_PASSWORD_REQUIRED")

    def test_so_does_a_reset(self, late):
        late.idp.admin_reset_user_password(UserPoolId=late.pool_id, Username="ada")
        late.confirm_forgot(password=OTHER)
        assert late.challenge(password=OTHER) is None


class TestUsersWithoutPasswords:
    @pytest.fixture
    def env(self, found):
        policy = {"AllowedFirstAuthFactors": ["PASSWORD", "EMAIL_OTP"]}
        return found(Policies={"SignInPolicy": policy})

    def test_one_with_a_proven_contact_is_confirmed_at_once(self, env):
        assert env.create(attributes=PROVEN)["UserStatus"] == "CONFIRMED"
        assert env.status() == "CONFIRMED"
        assert len(env.cognito.messages) == 0

    def test_so_is_one_whose_address_is_not_proven_yet(self, env):
        """Else there would be nothing to sign in with: no password, and no code while one is due."""
        assert env.create(attributes={"email": "ada@example.com"})["UserStatus"] == "CONFIRMED"
        env.client_of(ExplicitAuthFlows=["ALLOW_USER_AUTH"])
        given = {"USERNAME": "ada"}
        asked = env.idp.initiate_auth(ClientId=env.client_id, AuthFlow="USER_AUTH", AuthParameters=given)
        assert asked["ChallengeName"] == "EMAIL_OTP"

    def test_one_without_an_address_that_codes_go_to_is_not(self, env):
        assert env.create(attributes={"phone_number": "+15555550134"})["UserStatus"] == (
            "FORCE_CHANGE_PASSWORD"
        )

    def test_one_whose_password_is_given_must_change_it(self, env):
        user = env.create(attributes=PROVEN, TemporaryPassword=PASSWORD)
        assert user["UserStatus"] == "FORCE_CHANGE_PASSWORD"

    def test_a_sign_up_needs_none(self, env):
        env.idp.sign_up(ClientId=env.client_id, Username="ada")
        env.sign_up("bea", password="")
        assert env.status("ada") == env.status("bea") == "UNCONFIRMED"


class TestAdminGetUser:
    def test_it_finds_by_name_and_by_sub(self, env):
        sub = env.create()["Attributes"][0]["Value"]
        assert env.user("ada")["UserAttributes"] == env.user(sub)["UserAttributes"]
        assert env.user(sub)["Username"] == "ada"

    def test_nothing_is_said_of_mfa_where_nothing_is_set(self, env):
        env.create()
        assert set(env.user()) - {"ResponseMetadata"} == {
            "Username",
            "UserAttributes",
            "UserCreateDate",
            "UserLastModifiedDate",
            "Enabled",
            "UserStatus",
        }

    def test_unknown_users_do_not_exist(self, env):
        with refused("UserNotFoundException", "User does not exist."):
            env.user("nobody")

    def test_a_pool_of_another_region_does_not_exist(self, env):
        other = connect("eu-west-1")
        with refused("ResourceNotFoundException", f"User pool {env.pool_id} does not exist."):
            other.admin_get_user(UserPoolId=env.pool_id, Username="ada")

    def test_names_differ_by_case_unless_the_pool_says_otherwise(self, env, found):
        env.create("Ada")
        with refused("UserNotFoundException"):
            env.user("ada")
        lenient = found(UsernameConfiguration={"CaseSensitive": False})
        lenient.create("Ada")
        assert lenient.user("aDA")["Username"] == "Ada"
        with refused("UsernameExistsException"):
            lenient.create("ADA")


class TestAdminDeleteUser:
    @pytest.mark.parametrize("make", ["create", "sign_up", "add_user"])
    def test_it_works_in_any_state(self, env, make):
        getattr(env, make)()
        env.idp.admin_delete_user(UserPoolId=env.pool_id, Username="ada")
        with refused("UserNotFoundException"):
            env.user()

    def test_unknown_users_do_not_exist(self, env):
        with refused("UserNotFoundException", "User does not exist."):
            env.idp.admin_delete_user(UserPoolId=env.pool_id, Username="nobody")

    def test_groups_are_left(self, env):
        env.create()
        env.idp.create_group(UserPoolId=env.pool_id, GroupName="readers")
        env.idp.admin_add_user_to_group(UserPoolId=env.pool_id, Username="ada", GroupName="readers")
        env.idp.admin_delete_user(UserPoolId=env.pool_id, Username="ada")
        env.create()
        in_group = env.idp.list_users_in_group(UserPoolId=env.pool_id, GroupName="readers")
        assert in_group["Users"] == []

    def test_tokens_are_void(self, env):
        env.add_user()
        token = env.token()
        env.idp.admin_delete_user(UserPoolId=env.pool_id, Username="ada")
        with refused("UserNotFoundException", "User does not exist."):
            env.idp.get_user(AccessToken=token)


class TestAdminDisableUser:
    def disable(self, env, username="ada"):
        env.idp.admin_disable_user(UserPoolId=env.pool_id, Username=username)

    def test_it_keeps_the_status(self, env):
        env.add_user()
        self.disable(env)
        user = env.user()
        assert user["Enabled"] is False
        assert user["UserStatus"] == "CONFIRMED"

    def test_a_disabled_user_cannot_sign_in(self, env):
        env.add_user()
        self.disable(env)
        with refused("NotAuthorizedException", "User is disabled."):
            env.sign_in()

    def test_tokens_stay_revoked_when_the_user_is_enabled_again(self, env):
        env.add_user()
        token = env.token()
        self.disable(env)
        with refused("NotAuthorizedException"):
            env.idp.get_user(AccessToken=token)
        env.idp.admin_enable_user(UserPoolId=env.pool_id, Username="ada")
        with refused("NotAuthorizedException", "Access Token has been revoked"):
            env.idp.get_user(AccessToken=token)

    def test_refresh_tokens_do_not_come_back_either(self, env):
        env.add_user()
        given = {"REFRESH_TOKEN": env.sign_in()["RefreshToken"]}
        self.disable(env)
        for enabled in (False, True):
            if enabled:
                env.idp.admin_enable_user(UserPoolId=env.pool_id, Username="ada")
            with refused("NotAuthorizedException", "Refresh Token has been revoked"):
                env.idp.initiate_auth(
                    ClientId=env.client_id, AuthFlow="REFRESH_TOKEN_AUTH", AuthParameters=given
                )

    def test_unknown_users_do_not_exist(self, env):
        with refused("UserNotFoundException", "User does not exist."):
            self.disable(env, "nobody")


class TestAdminEnableUser:
    def test_a_disabled_user_is_enabled(self, env):
        env.add_user()
        env.idp.admin_disable_user(UserPoolId=env.pool_id, Username="ada")
        env.idp.admin_enable_user(UserPoolId=env.pool_id, Username="ada")
        assert env.user()["Enabled"] is True

    def test_unknown_users_do_not_exist(self, env):
        with refused("UserNotFoundException", "User does not exist."):
            env.idp.admin_enable_user(UserPoolId=env.pool_id, Username="nobody")


class TestAdminConfirmSignUp:
    def confirm(self, env, username="ada"):
        return env.idp.admin_confirm_sign_up(UserPoolId=env.pool_id, Username=username)

    def test_it_confirms_and_verifies_nothing(self, mail_env):
        mail_env.sign_up(attributes=MAIL)
        self.confirm(mail_env)
        assert mail_env.status() == "CONFIRMED"
        assert mail_env.attributes()["email_verified"] == "false"

    def test_a_code_that_is_out_does_no_more(self, mail_env):
        mail_env.sign_up(attributes=MAIL)
        self.confirm(mail_env)
        with refused("NotAuthorizedException", "User cannot be confirmed. Current status is CONFIRMED"):
            mail_env.confirm()

    @pytest.mark.parametrize(
        ("make", "status"), [("add_user", "CONFIRMED"), ("create", "FORCE_CHANGE_PASSWORD")]
    )
    def test_only_sign_ups_can_be_confirmed(self, env, make, status):
        getattr(env, make)()
        with refused("NotAuthorizedException", f"User cannot be confirmed. Current status is {status}"):
            self.confirm(env)

    def test_unknown_users_do_not_exist(self, env):
        with refused("UserNotFoundException", "User does not exist."):
            self.confirm(env)


class TestAdminSetUserPassword:
    def set(self, env, password=OTHER, **more):
        return env.idp.admin_set_user_password(
            UserPoolId=env.pool_id, Username="ada", Password=password, **more
        )

    @pytest.mark.parametrize("make", ["create", "sign_up", "add_user"])
    def test_a_permanent_one_confirms_the_user(self, env, make):
        getattr(env, make)()
        self.set(env, Permanent=True)
        assert env.status() == "CONFIRMED"

    @pytest.mark.parametrize("more", [{}, {"Permanent": False}])
    def test_a_temporary_one_must_be_changed(self, env, more):
        env.add_user()
        self.set(env, **more)
        assert env.status() == "FORCE_CHANGE_PASSWORD"
        assert env.challenge(password=OTHER) == "NEW_PASSWORD_REQUIRED"

    def test_the_user_signs_in_with_it(self, env):
        env.add_user()
        self.set(env, Permanent=True)
        env.sign_in(password=OTHER)
        with refused("NotAuthorizedException", "Incorrect username or password."):
            env.sign_in(password=PASSWORD)

    def test_it_sends_nothing(self, env):
        env.add_user(**PROVEN)
        self.set(env, Permanent=True)
        assert len(env.cognito.messages) == 0

    def test_the_policy_is_kept(self, env):
        env.add_user()
        with refused(
            "InvalidPasswordException",
            "Password does not conform to policy: Password must have numeric characters",
        ):
            self.set(env, "No-Digits-Here")

    @pytest.mark.parametrize("password", [" Lead1ng-Blank", "Tra1ling-Blank ", "x"])
    def test_blanks_at_the_ends_are_refused(self, env, password):
        env.add_user()
        with refused(
            "InvalidParameterException",
            "1 validation error detected: Value at 'password' failed to satisfy constraint: "
            "Member must satisfy regular expression pattern: ^[\\S]+.*[\\S]+$",
        ):
            self.set(env, password)

    def test_a_blank_within_counts_as_a_symbol(self, env):
        env.add_user()
        self.set(env, "Inner 8lank", Permanent=True)

    @pytest.mark.parametrize("symbol", "^$*.[]{}()?\"!@#%&/\\,><':;|_~`=+-")
    def test_every_symbol_of_the_guide_is_one(self, env, symbol):
        env.add_user()
        self.set(env, f"Letters1{symbol}x", Permanent=True)

    @pytest.mark.parametrize("letter", "äéΩ")
    def test_letters_of_other_scripts_are_no_symbols(self, env, letter):
        env.add_user()
        with refused("InvalidPasswordException"):
            self.set(env, f"Letters1{letter}x")

    def test_the_longest_has_256_characters(self, env):
        env.add_user()
        self.set(env, "Aa1!" * 64, Permanent=True)
        with refused("InvalidParameterException"):
            self.set(env, "Aa1!" * 64 + "x", Permanent=True)

    def test_unknown_users_do_not_exist(self, env):
        with refused("UserNotFoundException", "User does not exist."):
            self.set(env)


class TestAdminResetUserPassword:
    def reset(self, env, username="ada"):
        return env.idp.admin_reset_user_password(UserPoolId=env.pool_id, Username=username)

    def test_a_code_goes_out_and_the_password_is_void(self, env):
        env.add_user(**PROVEN)
        self.reset(env)
        assert env.status() == "RESET_REQUIRED"
        message = env.cognito.messages.last(username="ada")
        assert message.trigger_source == "CustomMessage_ForgotPassword"
        assert re.fullmatch(r"\d{6}", message.code)

    def test_the_old_password_is_void(self, env):
        env.add_user(**PROVEN)
        self.reset(env)
        with refused("PasswordResetRequiredException", "Password reset required for the user"):
            env.sign_in()

    def test_it_can_be_repeated(self, env):
        env.add_user(**PROVEN)
        self.reset(env)
        self.reset(env)
        assert len(env.cognito.messages) == 2

    def test_the_code_sets_a_new_password(self, env):
        env.add_user(**PROVEN)
        self.reset(env)
        env.confirm_forgot()
        assert env.status() == "CONFIRMED"

    def test_a_temporary_password_cannot_be_reset(self, env):
        env.create(attributes=PROVEN)
        with refused("NotAuthorizedException", "User password cannot be reset in the current state."):
            self.reset(env)

    def test_one_that_has_run_out_can(self, env):
        env.create(attributes=PROVEN)
        env.cognito.clock.advance(days=8)
        self.reset(env)
        assert env.status() == "RESET_REQUIRED"

    def test_who_has_nothing_verified_gets_no_code(self, env):
        env.add_user(**MAIL)
        with refused(
            "InvalidParameterException",
            "Cannot reset password for the user as there is no registered/verified email or phone_number",
        ):
            self.reset(env)
        assert env.status() == "CONFIRMED"

    def test_disabled_users_get_no_code(self, env):
        env.add_user(**PROVEN)
        env.idp.admin_disable_user(UserPoolId=env.pool_id, Username="ada")
        with refused("NotAuthorizedException"):
            self.reset(env)

    def test_unknown_users_do_not_exist(self, env):
        with refused("UserNotFoundException", "User does not exist."):
            self.reset(env, "nobody")


class TestLastModifiedDate:
    @pytest.mark.parametrize(
        ("operation", "more"),
        [
            ("admin_set_user_password", {"Password": OTHER}),
            ("admin_update_user_attributes", {"UserAttributes": [{"Name": "name", "Value": "x"}]}),
            ("admin_delete_user_attributes", {"UserAttributeNames": ["email"]}),
            ("admin_disable_user", {}),
            ("admin_enable_user", {}),
            ("admin_reset_user_password", {}),
        ],
    )
    def test_moves_with_what_administrators_change(self, env, operation, more):
        env.add_user(**PROVEN)
        self.moves(env, lambda: getattr(env.idp, operation)(UserPoolId=env.pool_id, Username="ada", **more))

    def test_moves_with_what_users_change(self, env):
        env.add_user(**PROVEN)
        token = env.token()
        self.moves(
            env,
            lambda: env.idp.change_password(
                AccessToken=token, PreviousPassword=PASSWORD, ProposedPassword=OTHER
            ),
        )
        self.moves(
            env,
            lambda: env.idp.delete_user_attributes(AccessToken=token, UserAttributeNames=["nickname"]),
        )
        env.forgot()
        self.moves(env, lambda: env.confirm_forgot(password=PASSWORD))

    def test_moves_when_an_address_is_proven_and_a_temporary_password_replaced(self, env):
        env.add_user(**MAIL)
        named = {"AccessToken": env.token(), "AttributeName": "email"}
        env.idp.get_user_attribute_verification_code(**named)
        code = env.cognito.messages.last().code
        self.moves(env, lambda: env.idp.verify_user_attribute(**named, Code=code))
        env.idp.admin_set_user_password(UserPoolId=env.pool_id, Username="ada", Password=OTHER)
        session = password_of(env, password=OTHER)["Session"]
        given = {"USERNAME": "ada", "NEW_PASSWORD": PASSWORD}
        self.moves(env, lambda: respond(env, "NEW_PASSWORD_REQUIRED", session, **given))

    def test_moves_with_a_confirmation_and_with_a_new_invitation(self, env):
        env.sign_up()
        self.moves(env, env.confirm_by_admin)
        env.create("bea", attributes=MAIL)
        self.moves(env, lambda: env.create("bea", MessageAction="RESEND"), "bea")

    def test_stays_at_a_sign_in(self, env):
        env.add_user()
        before = env.user()["UserLastModifiedDate"]
        env.cognito.clock.advance(10)
        env.sign_in()
        assert env.user()["UserLastModifiedDate"] == before

    def moves(self, env, change, username="ada"):
        before = env.user(username)["UserLastModifiedDate"]
        env.cognito.clock.advance(10)
        change()
        assert env.user(username)["UserLastModifiedDate"] > before


class TestGetUser:
    def test_it_has_neither_dates_nor_status(self, env):
        env.add_user(**MAIL)
        answer = env.idp.get_user(AccessToken=env.token())
        assert set(answer) - {"ResponseMetadata"} == {"Username", "UserAttributes"}
        assert answer["Username"] == "ada"
        assert answer["UserAttributes"][0]["Name"] == "sub"
        assert {"Name": "email", "Value": "ada@example.com"} in answer["UserAttributes"]

    def test_a_client_sees_what_it_may_read_and_the_sub(self, found):
        env = found(client={"ReadAttributes": ["name"]})
        env.add_user(name="Ada", nickname="A", **PROVEN)
        answer = env.idp.get_user(AccessToken=env.token())
        assert [of["Name"] for of in answer["UserAttributes"]] == ["sub", "name"]

    def test_a_client_without_read_attributes_sees_all(self, env):
        env.add_user(name="Ada", **PROVEN)
        answer = env.idp.get_user(AccessToken=env.token())
        assert {of["Name"] for of in answer["UserAttributes"]} == {"sub", "name", "email", "email_verified"}

    def test_bearer_is_no_part_of_a_token(self, env):
        with refused(
            "InvalidParameterException",
            "1 validation error detected: Value at 'accessToken' failed to satisfy constraint: "
            "Member must satisfy regular expression pattern: [A-Za-z0-9-_=.]+",
        ):
            env.idp.get_user(AccessToken="Bearer abc")

    @pytest.mark.parametrize(
        "token", ["abc", "a.b.c", "e30.e30.e30", f"e30.{'W1tb' * 30_000}.x"], ids=range(4)
    )
    def test_what_is_no_token_is_refused(self, env, token):
        with refused("NotAuthorizedException", "Invalid Access Token"):
            env.idp.get_user(AccessToken=token)

    def test_a_forged_token_is_refused(self, env):
        env.add_user()
        head, body, signature = env.token().split(".")
        forged = "A" * 10 + signature[10:]
        with refused("NotAuthorizedException", "Invalid Access Token"):
            env.idp.get_user(AccessToken=f"{head}.{body}.{forged}")

    def test_a_token_that_has_run_out_is_refused(self, env):
        env.add_user()
        token = env.token()
        env.cognito.clock.advance(hours=1)
        with refused("NotAuthorizedException", "Access Token has expired"):
            env.idp.get_user(AccessToken=token)

    def test_the_scope_of_users_own_things_is_needed(self, env):
        env.add_user()
        with refused("NotAuthorizedException", "Access Token does not have required scopes"):
            env.idp.get_user(AccessToken=env.token_of(scopes=["openid", "email"]))


class TestDeleteUser:
    def test_users_delete_themselves(self, env):
        env.add_user()
        token = env.token()
        env.idp.delete_user(AccessToken=token)
        with refused("UserNotFoundException"):
            env.user()
        with refused("UserNotFoundException"):
            env.idp.delete_user(AccessToken=token)
