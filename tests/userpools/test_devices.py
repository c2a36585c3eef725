"""Devices: announced by a sign-in, confirmed, remembered, and trusted in place of a second factor."""

from __future__ import annotations

import base64
import re

import pytest
from support.pool_env import refused
from support.sign_in import FLOWS, begin, by_srp, enable_mfa, password_of, read, refresh, respond
from support.srp_client import Client, N, form, private
from support.triggers import answering, configured, sources

SECRET = "ZGV2aWNlIHNlY3JldA=="
SALT = bytes.fromhex("7f00ba12c3d4e5f60718293a4b5c6d7e")


@pytest.fixture
def env(found):
    """A pool that always remembers devices, which replace SMS MFA."""
    env = found(
        client={"ExplicitAuthFlows": FLOWS},
        DeviceConfiguration={"ChallengeRequiredOnNewDevice": True, "DeviceOnlyRememberedOnUserPrompt": False},
    )
    env.add_user(phone_number="+15550001234")
    return env


@pytest.fixture
def asking(found):
    """The user decides which devices are remembered."""
    env = found(
        client={"ExplicitAuthFlows": FLOWS},
        DeviceConfiguration={"ChallengeRequiredOnNewDevice": True, "DeviceOnlyRememberedOnUserPrompt": True},
    )
    env.add_user(phone_number="+15550001234")
    return env


def signed_in(env, username="ada"):
    return password_of(env, username)["AuthenticationResult"]


def verifier_of(device, salt=SALT, secret=SECRET):
    x = private(int.from_bytes(salt), device["DeviceGroupKey"], device["DeviceKey"], secret)
    return {
        "PasswordVerifier": base64.b64encode(form(pow(2, x, N))).decode(),
        "Salt": base64.b64encode(salt).decode(),
    }


def confirm(env, result, **more):
    device = result["NewDeviceMetadata"]
    return env.idp.confirm_device(
        AccessToken=result["AccessToken"],
        DeviceKey=device["DeviceKey"],
        DeviceSecretVerifierConfig=verifier_of(device),
        **more,
    )


@pytest.fixture
def device(env):
    """A confirmed device of Ada's, and a token."""
    result = signed_in(env)
    confirm(env, result, DeviceName="laptop")
    return result["NewDeviceMetadata"] | {"token": result["AccessToken"], "refresh": result["RefreshToken"]}


class TestNewDevices:
    def test_a_sign_in_names_a_new_device(self, env):
        result = signed_in(env)
        key, group = result["NewDeviceMetadata"]["DeviceKey"], result["NewDeviceMetadata"]["DeviceGroupKey"]
        assert re.fullmatch(
            r"us-east-1_[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}", key
        )
        assert re.fullmatch(r"-[\w-]{8}", group)
        assert read(result["AccessToken"])["device_key"] == key
        assert "device_key" not in read(result["IdToken"])
        assert signed_in(env)["NewDeviceMetadata"]["DeviceGroupKey"] == group

    def test_whatever_the_flow(self, env):
        _, claim = by_srp(env)
        result = respond(env, "PASSWORD_VERIFIER", USERNAME="ada", **claim)["AuthenticationResult"]
        assert result["NewDeviceMetadata"]["DeviceKey"]

    def test_one_that_is_known_gets_no_new_name(self, env, device):
        key = device["DeviceKey"]
        result = begin(env, USERNAME="ada", PASSWORD="Corr3ct-Horse!", DEVICE_KEY=key)["AuthenticationResult"]
        assert "NewDeviceMetadata" not in result
        assert read(result["AccessToken"])["device_key"] == key

    def test_one_that_was_never_confirmed_gets_a_new_name(self, env):
        key = signed_in(env)["NewDeviceMetadata"]["DeviceKey"]
        result = begin(env, USERNAME="ada", PASSWORD="Corr3ct-Horse!", DEVICE_KEY=key)["AuthenticationResult"]
        assert result["NewDeviceMetadata"]["DeviceKey"] != key

    def test_without_tracking_there_are_none(self, found):
        env = found(client={"ExplicitAuthFlows": FLOWS})
        env.add_user()
        result = begin(env, USERNAME="ada", PASSWORD="Corr3ct-Horse!", DEVICE_KEY="x")["AuthenticationResult"]
        assert "NewDeviceMetadata" not in result
        assert "device_key" not in read(result["AccessToken"])

    @pytest.mark.parametrize("member", ["ChallengeRequiredOnNewDevice", "DeviceOnlyRememberedOnUserPrompt"])
    @pytest.mark.parametrize("value", [True, False])
    def test_one_member_of_the_configuration_is_enough_to_track_them(self, found, member, value):
        env = found(client={"ExplicitAuthFlows": FLOWS}, DeviceConfiguration={member: value})
        env.add_user()
        result = signed_in(env)
        assert result["NewDeviceMetadata"]["DeviceKey"]
        asks_user = member == "DeviceOnlyRememberedOnUserPrompt" and value
        assert confirm(env, result)["UserConfirmationNecessary"] is asks_user

    def test_a_key_that_is_no_device_of_this_user_makes_the_client_start_anew(self, env, device):
        env.add_user("bob")
        for name, key in (("ada", "us-east-1_4567"), ("bob", device["DeviceKey"])):
            with refused("ResourceNotFoundException", "Device does not exist."):
                begin(env, USERNAME=name, PASSWORD="Corr3ct-Horse!", DEVICE_KEY=key)
        _, claim = by_srp(env)
        with refused("ResourceNotFoundException", "Device does not exist."):
            respond(env, "PASSWORD_VERIFIER", USERNAME="ada", DEVICE_KEY="us-east-1_4567", **claim)


def by_operation(env, token, key=None):
    more = {"DeviceKey": key} if key else {}
    return env.idp.get_tokens_from_refresh_token(RefreshToken=token, ClientId=env.client_id, **more)


def by_flow(env, token, key=None):
    return refresh(env, token, **({"DEVICE_KEY": key} if key else {}))


INVALID_REFRESH = ("NotAuthorizedException", "Invalid Refresh Token")


@pytest.mark.parametrize("ask", [by_flow, by_operation])
class TestRefreshTokens:
    """They are bound to the device of their sign-in."""

    def test_they_want_the_key_that_they_came_with(self, env, device, ask):
        assert ask(env, device["refresh"], device["DeviceKey"])
        for key in (None, "us-east-1_0123"):
            with refused(*INVALID_REFRESH):
                ask(env, device["refresh"], key)

    def test_the_access_token_keeps_the_device(self, env, device, ask):
        answer = ask(env, device["refresh"], device["DeviceKey"])
        token = (answer.get("AuthenticationResult") or answer)["AccessToken"]
        assert read(token)["device_key"] == device["DeviceKey"]

    def test_they_are_refused_while_the_device_is_not_confirmed(self, env, ask):
        result = signed_in(env)
        key = result["NewDeviceMetadata"]["DeviceKey"]
        for given in (key, None):
            with refused(*INVALID_REFRESH):
                ask(env, result["RefreshToken"], given)
        confirm(env, result)
        assert ask(env, result["RefreshToken"], key)

    def test_they_are_refused_once_the_user_forgot_the_device(self, env, device, ask):
        env.idp.forget_device(AccessToken=device["token"], DeviceKey=device["DeviceKey"])
        for given in (device["DeviceKey"], None):
            with refused(*INVALID_REFRESH):
                ask(env, device["refresh"], given)

    def test_and_once_an_administrator_did(self, env, device, ask):
        env.idp.admin_forget_device(UserPoolId=env.pool_id, Username="ada", DeviceKey=device["DeviceKey"])
        with refused(*INVALID_REFRESH):
            ask(env, device["refresh"], device["DeviceKey"])

    def test_those_of_a_sign_in_by_a_known_device_are_bound_to_it_as_well(self, env, device, ask):
        key = device["DeviceKey"]
        result = begin(env, USERNAME="ada", PASSWORD="Corr3ct-Horse!", DEVICE_KEY=key)["AuthenticationResult"]
        assert ask(env, result["RefreshToken"], key)
        with refused(*INVALID_REFRESH):
            ask(env, result["RefreshToken"])
        env.idp.forget_device(AccessToken=device["token"], DeviceKey=key)
        with refused(*INVALID_REFRESH):
            ask(env, result["RefreshToken"], key)

    def test_a_pool_that_stopped_to_track_devices_asks_for_none(self, env, device, ask):
        env.idp.update_user_pool(UserPoolId=env.pool_id)
        assert ask(env, device["refresh"])


class TestDeviceSrp:
    """A remembered device answers in place of MFA."""

    @pytest.fixture(autouse=True)
    def mfa(self, env, device):
        enable_mfa(env, "ON", sms=True)

    def asked(self, env, device):
        return begin(env, USERNAME="ada", PASSWORD="Corr3ct-Horse!", DEVICE_KEY=device["DeviceKey"])

    def verifier(self, env, device, client):
        session = self.asked(env, device)["Session"]
        return respond(
            env,
            "DEVICE_SRP_AUTH",
            session,
            USERNAME="ada",
            DEVICE_KEY=device["DeviceKey"],
            SRP_A=client.srp_a,
        )

    def answer(self, env, device, asked, claim):
        return respond(
            env,
            "DEVICE_PASSWORD_VERIFIER",
            asked["Session"],
            USERNAME="ada",
            DEVICE_KEY=device["DeviceKey"],
            **claim,
        )

    def test_its_proof_gives_tokens(self, env, device):
        assert self.asked(env, device)["ChallengeName"] == "DEVICE_SRP_AUTH"
        client = Client()
        asked = self.verifier(env, device, client)
        assert asked["ChallengeName"] == "DEVICE_PASSWORD_VERIFIER"
        told = asked["ChallengeParameters"]
        assert sorted(told) == ["DEVICE_KEY", "SALT", "SECRET_BLOCK", "SRP_B", "USERNAME"]
        assert int(told["SALT"], 16) == int.from_bytes(SALT)
        claim = client.claim(told, device["DeviceGroupKey"], device["DeviceKey"], SECRET)
        result = self.answer(env, device, asked, claim)["AuthenticationResult"]
        assert read(result["AccessToken"])["device_key"] == device["DeviceKey"]
        assert "NewDeviceMetadata" not in result

    def test_its_triggers_are_told_of_a_known_device(self, env, device, cognito):
        env.idp.update_user_pool(
            UserPoolId=env.pool_id,
            DeviceConfiguration={"ChallengeRequiredOnNewDevice": True},
            LambdaConfig=configured(PostAuthentication="f", PreTokenGeneration="f"),
        )
        enable_mfa(env, "ON", sms=True)
        cognito.functions["f"] = answering()
        client = Client()
        asked = self.verifier(env, device, client)
        told = asked["ChallengeParameters"]
        self.answer(
            env,
            device,
            asked,
            client.claim(told, device["DeviceGroupKey"], device["DeviceKey"], SECRET),
        )
        assert sources(cognito) == [
            "PostAuthentication_Authentication",
            "TokenGeneration_AuthenticateDevice",
        ]
        assert cognito.functions.calls[0].event["request"]["newDeviceUsed"] is False

    def test_without_a_session_the_block_alone_will_do(self, env, device):
        client = Client()
        told = self.verifier(env, device, client)["ChallengeParameters"]
        claim = client.claim(told, device["DeviceGroupKey"], device["DeviceKey"], SECRET)
        assert respond(
            env, "DEVICE_PASSWORD_VERIFIER", USERNAME="ada", DEVICE_KEY=device["DeviceKey"], **claim
        )["AuthenticationResult"]

    def test_over_srp_with_the_same_public_value_and_the_key_in_the_answer(self, env, device):
        client = Client()
        told = begin(env, "USER_SRP_AUTH", USERNAME="ada", SRP_A=client.srp_a)["ChallengeParameters"]
        claim = client.claim(told, env.pool_id.partition("_")[2], "ada", "Corr3ct-Horse!")
        asked = respond(env, "PASSWORD_VERIFIER", USERNAME="ada", DEVICE_KEY=device["DeviceKey"], **claim)
        assert asked["ChallengeName"] == "DEVICE_SRP_AUTH"
        asked = respond(
            env,
            "DEVICE_SRP_AUTH",
            asked["Session"],
            USERNAME="ada",
            DEVICE_KEY=device["DeviceKey"],
            SRP_A=client.srp_a,
        )
        claim = client.claim(
            asked["ChallengeParameters"], device["DeviceGroupKey"], device["DeviceKey"], SECRET
        )
        assert self.answer(env, device, asked, claim)["AuthenticationResult"]

    def test_a_wrong_proof(self, env, device):
        client = Client()
        asked = self.verifier(env, device, client)
        claim = client.claim(
            asked["ChallengeParameters"], device["DeviceGroupKey"], device["DeviceKey"], "other"
        )
        with refused("NotAuthorizedException", "Incorrect username or password."):
            self.answer(env, device, asked, claim)

    @pytest.mark.parametrize("srp_a", ["0", f"{N:x}", f"{2 * N:x}", "zz"])
    def test_a_hostile_public_value(self, env, device, srp_a):
        session = self.asked(env, device)["Session"]
        with refused("InvalidParameterException"):
            respond(
                env,
                "DEVICE_SRP_AUTH",
                session,
                USERNAME="ada",
                DEVICE_KEY=device["DeviceKey"],
                SRP_A=srp_a,
            )

    def test_the_device_of_somebody_else_is_none(self, env, device):
        session = self.asked(env, device)["Session"]
        with refused("ResourceNotFoundException", "Device does not exist."):
            respond(
                env,
                "DEVICE_SRP_AUTH",
                session,
                USERNAME="ada",
                DEVICE_KEY="us-east-1_0123",
                SRP_A=Client().srp_a,
            )

    def test_a_forgotten_one_is_asked_for_no_more(self, env, device):
        env.idp.admin_forget_device(UserPoolId=env.pool_id, Username="ada", DeviceKey=device["DeviceKey"])
        with refused("ResourceNotFoundException", "Device does not exist."):
            self.asked(env, device)

    def test_a_new_one_gets_the_second_factor(self, env):
        assert password_of(env)["ChallengeName"] == "SMS_MFA"

    def test_without_mfa_it_is_not_asked(self, env, device):
        env.idp.set_user_pool_mfa_config(UserPoolId=env.pool_id, MfaConfiguration="OFF")
        assert self.asked(env, device)["AuthenticationResult"]

    def test_who_enabled_no_factor_is_not_asked_for_it(self, env, device):
        enable_mfa(env, "OPTIONAL", sms=True)
        assert self.asked(env, device)["AuthenticationResult"]

    def test_a_pool_that_wants_mfa_all_the_same(self, env, device):
        env.idp.update_user_pool(
            UserPoolId=env.pool_id,
            MfaConfiguration="ON",
            SmsConfiguration={"SnsCallerArn": "arn:aws:iam::1:role/sms"},
            DeviceConfiguration={"ChallengeRequiredOnNewDevice": False},
        )
        assert self.asked(env, device)["ChallengeName"] == "SMS_MFA"


class TestConfirmDevice:
    def test_where_devices_are_always_remembered(self, env):
        answer = confirm(env, signed_in(env), DeviceName="phone")
        assert answer["UserConfirmationNecessary"] is False

    def test_where_the_user_decides_it_does_not_replace_mfa_until_remembered(self, asking):
        result = signed_in(asking)
        assert confirm(asking, result)["UserConfirmationNecessary"] is True
        enable_mfa(asking, "ON", sms=True)
        key, token = result["NewDeviceMetadata"]["DeviceKey"], result["AccessToken"]
        given = {"USERNAME": "ada", "PASSWORD": "Corr3ct-Horse!", "DEVICE_KEY": key}
        assert begin(asking, **given)["ChallengeName"] == "SMS_MFA"
        asking.idp.update_device_status(AccessToken=token, DeviceKey=key, DeviceRememberedStatus="remembered")
        assert begin(asking, **given)["ChallengeName"] == "DEVICE_SRP_AUTH"
        asking.idp.update_device_status(
            AccessToken=token, DeviceKey=key, DeviceRememberedStatus="not_remembered"
        )
        assert begin(asking, **given)["ChallengeName"] == "SMS_MFA"

    def test_the_token_of_another_sign_in_will_do(self, env):
        first, second = signed_in(env), signed_in(env)
        assert confirm(env, first | {"AccessToken": second["AccessToken"]})

    def test_twice(self, env):
        result = signed_in(env)
        confirm(env, result)
        with refused("DeviceKeyExistsException"):
            confirm(env, result)

    def test_a_key_that_was_never_issued(self, env):
        result = signed_in(env)
        result["NewDeviceMetadata"]["DeviceKey"] = "us-east-1_0123"
        with refused("InvalidParameterException", "Invalid device key given."):
            confirm(env, result)

    def test_the_key_of_somebody_else(self, env):
        env.add_user("bob")
        result = signed_in(env) | {"AccessToken": signed_in(env, "bob")["AccessToken"]}
        with refused("InvalidParameterException", "Invalid device key given."):
            confirm(env, result)

    @pytest.mark.parametrize(
        ("member", "value"),
        [
            ("Salt", base64.b64encode(b"\x80rest").decode()),
            ("PasswordVerifier", base64.b64encode(b"\xffrest").decode()),
            ("Salt", "not base64!"),
            ("PasswordVerifier", base64.b64encode(b"\0").decode()),
            ("PasswordVerifier", base64.b64encode(form(N)).decode()),
            ("PasswordVerifier", base64.b64encode(b"\x01" * 5000).decode()),
        ],
    )
    def test_numbers_that_will_not_do(self, env, member, value):
        result = signed_in(env)
        config = verifier_of(result["NewDeviceMetadata"]) | {member: value}
        with refused("InvalidParameterException") as error:
            env.idp.confirm_device(
                AccessToken=result["AccessToken"],
                DeviceKey=result["NewDeviceMetadata"]["DeviceKey"],
                DeviceSecretVerifierConfig=config,
            )
        if value.startswith("gHJl"):
            assert "Negative value passed for salt" in str(error.value)

    def test_without_a_verifier(self, env):
        result = signed_in(env)
        with refused("InvalidParameterException"):
            env.idp.confirm_device(
                AccessToken=result["AccessToken"], DeviceKey=result["NewDeviceMetadata"]["DeviceKey"]
            )


def named(device):
    return {of["Name"]: of["Value"] for of in device["DeviceAttributes"]}


class TestGetDevice:
    def test_what_it_shows(self, env, device):
        shown = env.idp.get_device(AccessToken=device["token"], DeviceKey=device["DeviceKey"])["Device"]
        assert shown["DeviceKey"] == device["DeviceKey"]
        attributes = named(shown)
        assert attributes["device_status"] == "valid"
        assert attributes["device_name"] == "laptop"
        assert attributes["last_ip_used"] == "127.0.0.1"
        assert attributes["dev:device_remembered_status"] == "remembered"
        for date in ("DeviceCreateDate", "DeviceLastModifiedDate", "DeviceLastAuthenticatedDate"):
            assert shown[date]

    def test_a_later_sign_in_is_noted(self, env, device):
        env.cognito.clock.advance(hours=1)
        begin(env, USERNAME="ada", PASSWORD="Corr3ct-Horse!", DEVICE_KEY=device["DeviceKey"])
        shown = env.idp.admin_get_device(
            UserPoolId=env.pool_id, Username="ada", DeviceKey=device["DeviceKey"]
        )["Device"]
        assert (shown["DeviceLastAuthenticatedDate"] - shown["DeviceCreateDate"]).total_seconds() >= 3600

    def test_one_that_is_not_there_or_not_confirmed(self, env, device):
        pending = signed_in(env)["NewDeviceMetadata"]["DeviceKey"]
        for key in ("us-east-1_0123", pending):
            with refused("ResourceNotFoundException", "Device does not exist."):
                env.idp.get_device(AccessToken=device["token"], DeviceKey=key)

    def test_without_a_token(self, env, device):
        with refused("InvalidParameterException"):
            env.idp.get_device(DeviceKey=device["DeviceKey"])


class TestListDevices:
    def test_confirmed_ones_in_pages(self, env):
        keys = []
        for _ in range(3):
            result = signed_in(env)
            confirm(env, result)
            keys.append(result["NewDeviceMetadata"]["DeviceKey"])
        signed_in(env)
        token, seen, more = result["AccessToken"], [], {}
        while True:
            answer = env.idp.list_devices(AccessToken=token, Limit=2, **more)
            seen += [of["DeviceKey"] for of in answer["Devices"]]
            if "PaginationToken" not in answer:
                break
            more = {"PaginationToken": answer["PaginationToken"]}
        assert seen == keys

    def test_who_forgets_what_a_page_shows_misses_none(self, env):
        for _ in range(5):
            confirm(env, signed_in(env))
        user, more, seen = {"UserPoolId": env.pool_id, "Username": "ada"}, {}, 0
        while True:
            answer = env.idp.admin_list_devices(Limit=2, **user, **more)
            for device in answer["Devices"]:
                env.idp.admin_forget_device(DeviceKey=device["DeviceKey"], **user)
                seen += 1
            if "PaginationToken" not in answer:
                break
            more = {"PaginationToken": answer["PaginationToken"]}
        assert seen == 5

    def test_no_limit_and_nought_show_all(self, env, device):
        for more in ({}, {"Limit": 0}, {"Limit": 60}):
            assert len(env.idp.list_devices(AccessToken=device["token"], **more)["Devices"]) == 1

    def test_a_bad_page(self, env, device):
        with refused("InvalidParameterException"):
            env.idp.list_devices(AccessToken=device["token"], PaginationToken="x")
        with refused("InvalidParameterException"):
            env.idp.list_devices(AccessToken=device["token"], Limit=61)


class TestForgetDevice:
    def test_it_is_gone(self, env, device):
        env.idp.forget_device(AccessToken=device["token"], DeviceKey=device["DeviceKey"])
        assert env.idp.list_devices(AccessToken=device["token"])["Devices"] == []
        with refused("ResourceNotFoundException", "Device does not exist."):
            env.idp.forget_device(AccessToken=device["token"], DeviceKey=device["DeviceKey"])

    def test_without_a_token(self, env, device):
        with refused("InvalidParameterException"):
            env.idp.forget_device(DeviceKey=device["DeviceKey"])


class TestUpdateDeviceStatus:
    def test_it_shows(self, env, device):
        for status in ("not_remembered", "remembered"):
            env.idp.update_device_status(
                AccessToken=device["token"], DeviceKey=device["DeviceKey"], DeviceRememberedStatus=status
            )
            shown = env.idp.get_device(AccessToken=device["token"], DeviceKey=device["DeviceKey"])["Device"]
            assert named(shown)["dev:device_remembered_status"] == status

    def test_one_that_is_not_there(self, env, device):
        with refused("ResourceNotFoundException", "Device does not exist."):
            env.idp.update_device_status(AccessToken=device["token"], DeviceKey="us-east-1_0123")


class TestAdminGetDevice:
    def test_nobody(self, env, device):
        with refused("ResourceNotFoundException"):
            env.idp.admin_get_device(UserPoolId=env.pool_id, Username="bob", DeviceKey=device["DeviceKey"])


class TestAdminListDevices:
    def test_the_same_by_name(self, env, device):
        answer = env.idp.admin_list_devices(UserPoolId=env.pool_id, Username="ada")
        assert [of["DeviceKey"] for of in answer["Devices"]] == [device["DeviceKey"]]
        with refused("ResourceNotFoundException"):
            env.idp.admin_list_devices(UserPoolId=env.pool_id, Username="bob")


class TestAdminForgetDevice:
    def test_it_is_gone(self, env, device):
        env.idp.admin_forget_device(UserPoolId=env.pool_id, Username="ada", DeviceKey=device["DeviceKey"])
        assert env.idp.admin_list_devices(UserPoolId=env.pool_id, Username="ada")["Devices"] == []
        with refused("UserNotFoundException"):
            env.idp.admin_forget_device(UserPoolId=env.pool_id, Username="bob", DeviceKey="us-east-1_0")


class TestAdminUpdateDeviceStatus:
    def test_it_shows(self, env, device):
        env.idp.admin_update_device_status(
            UserPoolId=env.pool_id,
            Username="ada",
            DeviceKey=device["DeviceKey"],
            DeviceRememberedStatus="not_remembered",
        )
        shown = env.idp.get_device(AccessToken=device["token"], DeviceKey=device["DeviceKey"])["Device"]
        assert named(shown)["dev:device_remembered_status"] == "not_remembered"
