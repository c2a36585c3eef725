"""Devices: announced by a sign-in, confirmed, remembered, and trusted in place of a second factor."""

from __future__ import annotations

import base64
import re

import pytest
from people import refused
from signing_in import FLOWS, begin, by_srp, enable_mfa, password_of, read, refresh, respond
from srp_client import Client, N, form, private
from triggering import answering, configured, sources

SECRET = "ZGV2aWNlIHNlY3JldA=="
SALT = bytes.fromhex("7f00ba12c3d4e5f60718293a4b5c6d7e")


@pytest.fixture
def town(found):
    """Devices are always remembered, and stand for MFA by SMS."""
    town = found(
        client={"ExplicitAuthFlows": FLOWS},
        DeviceConfiguration={"ChallengeRequiredOnNewDevice": True, "DeviceOnlyRememberedOnUserPrompt": False},
    )
    town.resident(phone_number="+15550001234")
    return town


@pytest.fixture
def asking(found):
    """The user decides which devices are remembered."""
    town = found(
        client={"ExplicitAuthFlows": FLOWS},
        DeviceConfiguration={"ChallengeRequiredOnNewDevice": True, "DeviceOnlyRememberedOnUserPrompt": True},
    )
    town.resident(phone_number="+15550001234")
    return town


def signed_in(town, username="ada"):
    return password_of(town, username)["AuthenticationResult"]


def verifier_of(device, salt=SALT, secret=SECRET):
    x = private(int.from_bytes(salt), device["DeviceGroupKey"], device["DeviceKey"], secret)
    return {
        "PasswordVerifier": base64.b64encode(form(pow(2, x, N))).decode(),
        "Salt": base64.b64encode(salt).decode(),
    }


def confirm(town, result, **more):
    device = result["NewDeviceMetadata"]
    return town.idp.confirm_device(
        AccessToken=result["AccessToken"],
        DeviceKey=device["DeviceKey"],
        DeviceSecretVerifierConfig=verifier_of(device),
        **more,
    )


@pytest.fixture
def device(town):
    """A confirmed device of Ada's, and a token."""
    result = signed_in(town)
    confirm(town, result, DeviceName="laptop")
    return result["NewDeviceMetadata"] | {"token": result["AccessToken"], "refresh": result["RefreshToken"]}


class TestNewDevices:
    def test_a_sign_in_names_a_new_device(self, town):
        result = signed_in(town)
        key, group = result["NewDeviceMetadata"]["DeviceKey"], result["NewDeviceMetadata"]["DeviceGroupKey"]
        assert re.fullmatch(
            r"us-east-1_[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}", key
        )
        assert re.fullmatch(r"-[\w-]{8}", group)
        assert read(result["AccessToken"])["device_key"] == key
        assert "device_key" not in read(result["IdToken"])
        assert signed_in(town)["NewDeviceMetadata"]["DeviceGroupKey"] == group

    def test_whatever_the_flow(self, town):
        _, claim = by_srp(town)
        result = respond(town, "PASSWORD_VERIFIER", USERNAME="ada", **claim)["AuthenticationResult"]
        assert result["NewDeviceMetadata"]["DeviceKey"]

    def test_one_that_is_known_gets_no_new_name(self, town, device):
        key = device["DeviceKey"]
        result = begin(town, USERNAME="ada", PASSWORD="Corr3ct-Horse!", DEVICE_KEY=key)[
            "AuthenticationResult"
        ]
        assert "NewDeviceMetadata" not in result
        assert read(result["AccessToken"])["device_key"] == key

    def test_one_that_was_never_confirmed_gets_a_new_name(self, town):
        key = signed_in(town)["NewDeviceMetadata"]["DeviceKey"]
        result = begin(town, USERNAME="ada", PASSWORD="Corr3ct-Horse!", DEVICE_KEY=key)[
            "AuthenticationResult"
        ]
        assert result["NewDeviceMetadata"]["DeviceKey"] != key

    def test_without_tracking_there_are_none(self, found):
        town = found(client={"ExplicitAuthFlows": FLOWS})
        town.resident()
        result = begin(town, USERNAME="ada", PASSWORD="Corr3ct-Horse!", DEVICE_KEY="x")[
            "AuthenticationResult"
        ]
        assert "NewDeviceMetadata" not in result
        assert "device_key" not in read(result["AccessToken"])

    def test_a_key_that_is_no_device_of_this_user_makes_the_client_start_anew(self, town, device):
        town.resident("bob")
        for name, key in (("ada", "us-east-1_4567"), ("bob", device["DeviceKey"])):
            with refused("ResourceNotFoundException", "Device does not exist."):
                begin(town, USERNAME=name, PASSWORD="Corr3ct-Horse!", DEVICE_KEY=key)
        _, claim = by_srp(town)
        with refused("ResourceNotFoundException", "Device does not exist."):
            respond(town, "PASSWORD_VERIFIER", USERNAME="ada", DEVICE_KEY="us-east-1_4567", **claim)

    def test_a_refresh_wants_the_key_that_the_token_came_with(self, town, device):
        result = refresh(town, device["refresh"], DEVICE_KEY=device["DeviceKey"])
        assert read(result["AccessToken"])["device_key"] == device["DeviceKey"]
        for more in ({}, {"DEVICE_KEY": "us-east-1_0123"}):
            with refused("NotAuthorizedException", "Invalid Refresh Token."):
                refresh(town, device["refresh"], **more)
        with refused("NotAuthorizedException", "Invalid Refresh Token."):
            town.idp.get_tokens_from_refresh_token(RefreshToken=device["refresh"], ClientId=town.client_id)
        assert town.idp.get_tokens_from_refresh_token(
            RefreshToken=device["refresh"], ClientId=town.client_id, DeviceKey=device["DeviceKey"]
        )


class TestDeviceSrp:
    """A remembered device answers in place of MFA."""

    @pytest.fixture(autouse=True)
    def mfa(self, town, device):
        enable_mfa(town, "ON", sms=True)

    def asked(self, town, device):
        return begin(town, USERNAME="ada", PASSWORD="Corr3ct-Horse!", DEVICE_KEY=device["DeviceKey"])

    def verifier(self, town, device, client):
        session = self.asked(town, device)["Session"]
        return respond(
            town,
            "DEVICE_SRP_AUTH",
            session,
            USERNAME="ada",
            DEVICE_KEY=device["DeviceKey"],
            SRP_A=client.srp_a,
        )

    def answer(self, town, device, asked, claim):
        return respond(
            town,
            "DEVICE_PASSWORD_VERIFIER",
            asked["Session"],
            USERNAME="ada",
            DEVICE_KEY=device["DeviceKey"],
            **claim,
        )

    def test_its_proof_gives_tokens(self, town, device):
        assert self.asked(town, device)["ChallengeName"] == "DEVICE_SRP_AUTH"
        client = Client()
        asked = self.verifier(town, device, client)
        assert asked["ChallengeName"] == "DEVICE_PASSWORD_VERIFIER"
        told = asked["ChallengeParameters"]
        assert sorted(told) == ["DEVICE_KEY", "SALT", "SECRET_BLOCK", "SRP_B", "USERNAME"]
        assert int(told["SALT"], 16) == int.from_bytes(SALT)
        claim = client.claim(told, device["DeviceGroupKey"], device["DeviceKey"], SECRET)
        result = self.answer(town, device, asked, claim)["AuthenticationResult"]
        assert read(result["AccessToken"])["device_key"] == device["DeviceKey"]
        assert "NewDeviceMetadata" not in result

    def test_its_triggers_are_told_of_a_known_device(self, town, device, cognito):
        town.idp.update_user_pool(
            UserPoolId=town.pool_id,
            DeviceConfiguration={"ChallengeRequiredOnNewDevice": True},
            LambdaConfig=configured(PostAuthentication="f", PreTokenGeneration="f"),
        )
        enable_mfa(town, "ON", sms=True)
        cognito.functions["f"] = answering()
        client = Client()
        asked = self.verifier(town, device, client)
        told = asked["ChallengeParameters"]
        self.answer(
            town,
            device,
            asked,
            client.claim(told, device["DeviceGroupKey"], device["DeviceKey"], SECRET),
        )
        assert sources(cognito) == [
            "PostAuthentication_Authentication",
            "TokenGeneration_AuthenticateDevice",
        ]
        assert cognito.functions.calls[0].event["request"]["newDeviceUsed"] is False

    def test_without_a_session_the_block_alone_will_do(self, town, device):
        client = Client()
        told = self.verifier(town, device, client)["ChallengeParameters"]
        claim = client.claim(told, device["DeviceGroupKey"], device["DeviceKey"], SECRET)
        assert respond(
            town, "DEVICE_PASSWORD_VERIFIER", USERNAME="ada", DEVICE_KEY=device["DeviceKey"], **claim
        )["AuthenticationResult"]

    def test_over_srp_with_the_same_public_value_and_the_key_in_the_answer(self, town, device):
        client = Client()
        told = begin(town, "USER_SRP_AUTH", USERNAME="ada", SRP_A=client.srp_a)["ChallengeParameters"]
        claim = client.claim(told, town.pool_id.partition("_")[2], "ada", "Corr3ct-Horse!")
        asked = respond(town, "PASSWORD_VERIFIER", USERNAME="ada", DEVICE_KEY=device["DeviceKey"], **claim)
        assert asked["ChallengeName"] == "DEVICE_SRP_AUTH"
        asked = respond(
            town,
            "DEVICE_SRP_AUTH",
            asked["Session"],
            USERNAME="ada",
            DEVICE_KEY=device["DeviceKey"],
            SRP_A=client.srp_a,
        )
        claim = client.claim(
            asked["ChallengeParameters"], device["DeviceGroupKey"], device["DeviceKey"], SECRET
        )
        assert self.answer(town, device, asked, claim)["AuthenticationResult"]

    def test_a_wrong_proof(self, town, device):
        client = Client()
        asked = self.verifier(town, device, client)
        claim = client.claim(
            asked["ChallengeParameters"], device["DeviceGroupKey"], device["DeviceKey"], "other"
        )
        with refused("NotAuthorizedException", "Incorrect username or password."):
            self.answer(town, device, asked, claim)

    @pytest.mark.parametrize("srp_a", ["0", f"{N:x}", f"{2 * N:x}", "zz"])
    def test_a_hostile_public_value(self, town, device, srp_a):
        session = self.asked(town, device)["Session"]
        with refused("InvalidParameterException"):
            respond(
                town,
                "DEVICE_SRP_AUTH",
                session,
                USERNAME="ada",
                DEVICE_KEY=device["DeviceKey"],
                SRP_A=srp_a,
            )

    def test_the_device_of_somebody_else_is_none(self, town, device):
        session = self.asked(town, device)["Session"]
        with refused("ResourceNotFoundException", "Device does not exist."):
            respond(
                town,
                "DEVICE_SRP_AUTH",
                session,
                USERNAME="ada",
                DEVICE_KEY="us-east-1_0123",
                SRP_A=Client().srp_a,
            )

    def test_a_forgotten_one_is_asked_for_no_more(self, town, device):
        town.idp.admin_forget_device(UserPoolId=town.pool_id, Username="ada", DeviceKey=device["DeviceKey"])
        with refused("ResourceNotFoundException", "Device does not exist."):
            self.asked(town, device)

    def test_a_new_one_gets_the_second_factor(self, town):
        assert password_of(town)["ChallengeName"] == "SMS_MFA"

    def test_without_mfa_it_is_not_asked(self, town, device):
        town.idp.set_user_pool_mfa_config(UserPoolId=town.pool_id, MfaConfiguration="OFF")
        assert self.asked(town, device)["AuthenticationResult"]

    def test_a_pool_that_wants_mfa_all_the_same(self, town, device):
        town.idp.update_user_pool(
            UserPoolId=town.pool_id,
            MfaConfiguration="ON",
            SmsConfiguration={"SnsCallerArn": "arn:aws:iam::1:role/sms"},
            DeviceConfiguration={"ChallengeRequiredOnNewDevice": False},
        )
        assert self.asked(town, device)["ChallengeName"] == "SMS_MFA"


class TestConfirmDevice:
    def test_where_devices_are_always_remembered(self, town):
        answer = confirm(town, signed_in(town), DeviceName="phone")
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

    def test_the_token_of_another_sign_in_will_do(self, town):
        first, second = signed_in(town), signed_in(town)
        assert confirm(town, first | {"AccessToken": second["AccessToken"]})

    def test_twice(self, town):
        result = signed_in(town)
        confirm(town, result)
        with refused("DeviceKeyExistsException"):
            confirm(town, result)

    def test_a_key_that_was_never_issued(self, town):
        result = signed_in(town)
        result["NewDeviceMetadata"]["DeviceKey"] = "us-east-1_0123"
        with refused("InvalidParameterException", "Invalid device key given."):
            confirm(town, result)

    def test_the_key_of_somebody_else(self, town):
        town.resident("bob")
        result = signed_in(town) | {"AccessToken": signed_in(town, "bob")["AccessToken"]}
        with refused("InvalidParameterException", "Invalid device key given."):
            confirm(town, result)

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
    def test_numbers_that_will_not_do(self, town, member, value):
        result = signed_in(town)
        config = verifier_of(result["NewDeviceMetadata"]) | {member: value}
        with refused("InvalidParameterException") as error:
            town.idp.confirm_device(
                AccessToken=result["AccessToken"],
                DeviceKey=result["NewDeviceMetadata"]["DeviceKey"],
                DeviceSecretVerifierConfig=config,
            )
        if value.startswith("gHJl"):
            assert "Negative value passed for salt" in str(error.value)

    def test_without_a_verifier(self, town):
        result = signed_in(town)
        with refused("InvalidParameterException"):
            town.idp.confirm_device(
                AccessToken=result["AccessToken"], DeviceKey=result["NewDeviceMetadata"]["DeviceKey"]
            )


def named(device):
    return {of["Name"]: of["Value"] for of in device["DeviceAttributes"]}


class TestGetDevice:
    def test_what_it_shows(self, town, device):
        shown = town.idp.get_device(AccessToken=device["token"], DeviceKey=device["DeviceKey"])["Device"]
        assert shown["DeviceKey"] == device["DeviceKey"]
        attributes = named(shown)
        assert attributes["device_status"] == "valid"
        assert attributes["device_name"] == "laptop"
        assert attributes["last_ip_used"] == "127.0.0.1"
        assert attributes["dev:device_remembered_status"] == "remembered"
        for date in ("DeviceCreateDate", "DeviceLastModifiedDate", "DeviceLastAuthenticatedDate"):
            assert shown[date]

    def test_a_later_sign_in_is_noted(self, town, device):
        town.cognito.clock.advance(hours=1)
        begin(town, USERNAME="ada", PASSWORD="Corr3ct-Horse!", DEVICE_KEY=device["DeviceKey"])
        shown = town.idp.admin_get_device(
            UserPoolId=town.pool_id, Username="ada", DeviceKey=device["DeviceKey"]
        )["Device"]
        assert (shown["DeviceLastAuthenticatedDate"] - shown["DeviceCreateDate"]).total_seconds() >= 3600

    def test_one_that_is_not_there_or_not_confirmed(self, town, device):
        pending = signed_in(town)["NewDeviceMetadata"]["DeviceKey"]
        for key in ("us-east-1_0123", pending):
            with refused("ResourceNotFoundException", "Device does not exist."):
                town.idp.get_device(AccessToken=device["token"], DeviceKey=key)

    def test_without_a_token(self, town, device):
        with refused("InvalidParameterException"):
            town.idp.get_device(DeviceKey=device["DeviceKey"])


class TestListDevices:
    def test_confirmed_ones_in_pages(self, town):
        keys = []
        for _ in range(3):
            result = signed_in(town)
            confirm(town, result)
            keys.append(result["NewDeviceMetadata"]["DeviceKey"])
        signed_in(town)
        token, seen, more = result["AccessToken"], [], {}
        while True:
            answer = town.idp.list_devices(AccessToken=token, Limit=2, **more)
            seen += [of["DeviceKey"] for of in answer["Devices"]]
            if "PaginationToken" not in answer:
                break
            more = {"PaginationToken": answer["PaginationToken"]}
        assert seen == keys

    def test_who_forgets_what_a_page_shows_misses_none(self, town):
        for _ in range(5):
            confirm(town, signed_in(town))
        user, more, seen = {"UserPoolId": town.pool_id, "Username": "ada"}, {}, 0
        while True:
            answer = town.idp.admin_list_devices(Limit=2, **user, **more)
            for device in answer["Devices"]:
                town.idp.admin_forget_device(DeviceKey=device["DeviceKey"], **user)
                seen += 1
            if "PaginationToken" not in answer:
                break
            more = {"PaginationToken": answer["PaginationToken"]}
        assert seen == 5

    def test_a_bad_page(self, town, device):
        with refused("InvalidParameterException"):
            town.idp.list_devices(AccessToken=device["token"], PaginationToken="x")
        with refused("InvalidParameterException"):
            town.idp.list_devices(AccessToken=device["token"], Limit=61)


class TestForgetDevice:
    def test_it_is_gone(self, town, device):
        town.idp.forget_device(AccessToken=device["token"], DeviceKey=device["DeviceKey"])
        assert town.idp.list_devices(AccessToken=device["token"])["Devices"] == []
        with refused("ResourceNotFoundException", "Device does not exist."):
            town.idp.forget_device(AccessToken=device["token"], DeviceKey=device["DeviceKey"])

    def test_without_a_token(self, town, device):
        with refused("InvalidParameterException"):
            town.idp.forget_device(DeviceKey=device["DeviceKey"])


class TestUpdateDeviceStatus:
    def test_it_shows(self, town, device):
        for status in ("not_remembered", "remembered"):
            town.idp.update_device_status(
                AccessToken=device["token"], DeviceKey=device["DeviceKey"], DeviceRememberedStatus=status
            )
            shown = town.idp.get_device(AccessToken=device["token"], DeviceKey=device["DeviceKey"])["Device"]
            assert named(shown)["dev:device_remembered_status"] == status

    def test_one_that_is_not_there(self, town, device):
        with refused("ResourceNotFoundException", "Device does not exist."):
            town.idp.update_device_status(AccessToken=device["token"], DeviceKey="us-east-1_0123")


class TestAdminGetDevice:
    def test_nobody(self, town, device):
        with refused("ResourceNotFoundException"):
            town.idp.admin_get_device(UserPoolId=town.pool_id, Username="bob", DeviceKey=device["DeviceKey"])


class TestAdminListDevices:
    def test_the_same_by_name(self, town, device):
        answer = town.idp.admin_list_devices(UserPoolId=town.pool_id, Username="ada")
        assert [of["DeviceKey"] for of in answer["Devices"]] == [device["DeviceKey"]]
        with refused("ResourceNotFoundException"):
            town.idp.admin_list_devices(UserPoolId=town.pool_id, Username="bob")


class TestAdminForgetDevice:
    def test_it_is_gone(self, town, device):
        town.idp.admin_forget_device(UserPoolId=town.pool_id, Username="ada", DeviceKey=device["DeviceKey"])
        assert town.idp.admin_list_devices(UserPoolId=town.pool_id, Username="ada")["Devices"] == []
        with refused("UserNotFoundException"):
            town.idp.admin_forget_device(UserPoolId=town.pool_id, Username="bob", DeviceKey="us-east-1_0")


class TestAdminUpdateDeviceStatus:
    def test_it_shows(self, town, device):
        town.idp.admin_update_device_status(
            UserPoolId=town.pool_id,
            Username="ada",
            DeviceKey=device["DeviceKey"],
            DeviceRememberedStatus="not_remembered",
        )
        shown = town.idp.get_device(AccessToken=device["token"], DeviceKey=device["DeviceKey"])["Device"]
        assert named(shown)["dev:device_remembered_status"] == "not_remembered"
