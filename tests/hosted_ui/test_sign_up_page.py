"""The fields of the sign-up page, and what it says of what the directory refuses."""

from __future__ import annotations

import html
import re

import pytest
from support.browser import where
from support.pool_env import PASSWORD
from support.sign_in import read


def opened(env, path="/signup", **parameters):
    browser = env.browser()
    browser.go(env.url(path, **parameters))
    return browser


def field(browser, name):
    """The attributes of an input."""
    (found,) = re.findall(rf'<input[^>]* name="{re.escape(name)}"[^>]*>', browser.text)
    return {
        key: html.unescape(value or "yes") for key, value in re.findall(r' ([\w-]+)(?:="([^"]*)")?', found)
    }


def label(browser, name):
    (found,) = re.findall(
        rf'<label[^>]* for="{field(browser, name)["id"]}">(.*?)</label>', browser.text, re.DOTALL
    )
    return found


def hint(browser, name):
    by = field(browser, name)["aria-describedby"]
    return " ".join(
        re.sub(
            r"<[^>]*>", " ", re.search(rf'id="{by}">(.*?)</(?:p|div)>', browser.text, re.DOTALL)[1]
        ).split()
    )


def required(name, kind="String", **more):
    return {"Name": name, "Required": True, "AttributeDataType": kind, **more}


class TestName:
    @pytest.mark.parametrize(
        ("kinds", "type", "said"),
        [
            (["email"], "email", "Email"),
            (["phone_number"], "tel", "Phone number"),
            (["email", "phone_number"], "text", "Email or phone number"),
            ([], "text", "Username"),
        ],
    )
    def test_is_what_people_sign_in_with(self, domain_of, kinds, type, said):  # noqa: A002 - HTML's word
        env = domain_of({"UsernameAttributes": kinds, "AutoVerifiedAttributes": ["email"]})
        browser = opened(env)
        given = field(browser, "username")
        assert (given["type"], given["autocomplete"]) == (type, "username")
        assert label(browser, "username") == said
        assert ("requiredAttributes[email]" in browser.text) == (kinds == [])
        if "phone_number" in kinds:
            assert hint(browser, "username") == "With the country code, for example +14155550123"

    def test_an_address_is_asked_for_once_and_proven(self, domain_of):
        env = domain_of(
            {
                "UsernameAttributes": ["email"],
                "AutoVerifiedAttributes": ["email"],
                "Schema": [required("email")],
            }
        )
        browser = opened(env)
        browser.submit(username="eve@example.com", password=PASSWORD)
        user = env.idp.list_users(UserPoolId=env.pool_id)["Users"][0]["Username"]
        _, given = where(browser.submit(code=env.code(user)))
        claims = read(env.redeem(given["code"]).json["id_token"])
        assert (claims["email"], claims["email_verified"]) == ("eve@example.com", True)

    def test_of_two_kinds_the_other_is_asked_for_where_it_is_required(self, domain_of):
        env = domain_of(
            {
                "UsernameAttributes": ["email", "phone_number"],
                "AutoVerifiedAttributes": ["email", "phone_number"],
                "Schema": [required("email")],
            }
        )
        browser = opened(env)
        assert "required" not in field(browser, "requiredAttributes[email]")
        browser.submit(username="+14155550123", password=PASSWORD)
        assert "email: The attribute is required" in browser.error
        browser.submit(
            {"requiredAttributes[email]": "eve@example.com"}, username="+14155550123", password=PASSWORD
        )
        assert browser.path == "/confirm"

    def test_what_is_no_address_is_told_so(self, domain_of):
        env = domain_of({"UsernameAttributes": ["email"], "AutoVerifiedAttributes": ["email"]})
        browser = opened(env)
        browser.submit(username="eve", password=PASSWORD)
        assert browser.error == "Username should be an email."
        assert field(browser, "username")["value"] == "eve"

    def test_an_alias_is_no_username(self, domain_of):
        env = domain_of({"AliasAttributes": ["email"], "AutoVerifiedAttributes": ["email"]})
        browser = opened(env)
        given = {"requiredAttributes[email]": "eve@example.com", "password": PASSWORD}
        browser.submit(given, username="eve@example.com")
        assert browser.error.startswith("Username cannot be of email format")
        browser.submit(given, username="eve")
        assert "code" in where(browser.submit(code=env.code("eve")))[1]
        assert "code" in env.signed_in("eve@example.com")[1][1]


class TestAttributes:
    @pytest.mark.parametrize(
        ("name", "type", "autocomplete", "said"),
        [
            ("email", "email", "email", "Email"),
            ("phone_number", "tel", "tel", "Phone number"),
            ("birthdate", "date", "bday", "Date of birth"),
            ("gender", "text", "sex", "Gender"),
            ("address", "text", "street-address", "Address"),
            ("given_name", "text", "given-name", "First name"),
            ("website", "url", "url", "Website"),
            ("zoneinfo", "text", None, "Time zone"),
            ("preferred_username", "text", None, "Preferred username"),
        ],
    )
    def test_have_types_and_labels(self, domain_of, name, type, autocomplete, said):  # noqa: A002 - HTML's word
        browser = opened(domain_of({"Schema": [required(name)]}))
        given = field(browser, f"requiredAttributes[{name}]")
        assert (given["type"], given.get("autocomplete"), given["required"]) == (type, autocomplete, "yes")
        assert label(browser, f"requiredAttributes[{name}]") == said

    def test_are_labelled_in_the_language_of_the_page(self, domain_of):
        browser = opened(domain_of({"Schema": [required("birthdate")]}), lang="de")
        assert label(browser, "requiredAttributes[birthdate]") == "Geburtsdatum"

    def test_formats_are_hinted_at(self, domain_of):
        env = domain_of({"Schema": [required("phone_number"), required("zoneinfo"), required("locale")]})
        browser = opened(env)
        assert hint(browser, "requiredAttributes[phone_number]") == (
            "With the country code, for example +14155550123"
        )
        assert hint(browser, "requiredAttributes[zoneinfo]") == "For example Europe/Berlin"
        assert hint(browser, "requiredAttributes[locale]") == "For example en-US"

    def test_bounds_are_the_schemas(self, domain_of):
        lengths = {"StringAttributeConstraints": {"MinLength": "3", "MaxLength": "9"}}
        env = domain_of({"Schema": [required("nickname", **lengths), required("birthdate")]})
        given = field(opened(env), "requiredAttributes[nickname]")
        assert (given["minlength"], given["maxlength"]) == ("3", "9")
        assert field(opened(env), "requiredAttributes[birthdate]")["maxlength"] == "10"

    @pytest.mark.parametrize(
        ("bounds", "said"),
        [
            ({"MinValue": "1", "MaxValue": "9"}, "A number from 1 to 9"),
            ({"MinValue": "1"}, "A number, 1 or more"),
            ({"MaxValue": "9"}, "A number, 9 or less"),
        ],
    )
    def test_a_number_has_its_own_input(self, domain_of, bounds, said):
        env = domain_of({"Schema": [required("updated_at", "Number", NumberAttributeConstraints=bounds)]})
        browser = opened(env)
        given = field(browser, "requiredAttributes[updated_at]")
        assert given["type"] == "number"
        assert (given.get("min"), given.get("max")) == (bounds.get("MinValue"), bounds.get("MaxValue"))
        assert hint(browser, "requiredAttributes[updated_at]") == said

    def test_optional_and_custom_ones_are_not_asked_for(self, domain_of):
        custom = {"Name": "team", "AttributeDataType": "String"}
        env = domain_of({"Schema": [required("email"), custom], "AutoVerifiedAttributes": ["email"]})
        assert re.findall(r"requiredAttributes\[([^]]*)\]", opened(env).text) == ["email"]

    def test_all_of_them_arrive(self, domain_of):
        values = {
            "email": "eve@example.com",
            "birthdate": "1990-02-28",
            "gender": "x",
            "zoneinfo": "Asia/Tokyo",
        }
        env = domain_of({"Schema": [*map(required, values)], "AutoVerifiedAttributes": ["email"]})
        browser = opened(env)
        fields = {f"requiredAttributes[{name}]": value for name, value in values.items()}
        browser.submit(fields, username="eve", password=PASSWORD)
        assert values.items() <= env.attributes("eve").items()

    def test_what_was_typed_stays_when_the_directory_refuses(self, domain_of):
        env = domain_of({"Schema": [required("email")], "AutoVerifiedAttributes": ["email"]})
        browser = opened(env)
        browser.submit({"requiredAttributes[email]": "eve@example.com"}, username="eve", password="short")
        assert field(browser, "requiredAttributes[email]")["value"] == "eve@example.com"
        assert "value" not in field(browser, "password")


class TestPassword:
    def test_its_rules_are_listed(self, domain_of):
        policy = {"MinimumLength": 11, "RequireNumbers": True, "RequireUppercase": True}
        env = domain_of({"Policies": {"PasswordPolicy": policy}, "AutoVerifiedAttributes": ["email"]})
        said = "Your password must have at least 11 characters an upper-case letter a number"
        assert hint(opened(env), "password") == said
        env.add_user(email="ada@example.com", email_verified="true", password="Abcdefgh1234")
        browser = opened(env, "/forgotPassword")
        browser.submit(username="ada")
        assert hint(browser, "password") == said

    def test_so_are_those_of_a_new_one(self, domain_of):
        env = domain_of()
        env.create("ada", TemporaryPassword=PASSWORD, MessageAction="SUPPRESS")
        browser = opened(env, "/login")
        browser.submit(username="ada", password=PASSWORD)
        assert "a symbol" in hint(browser, "password")


class TestRefusals:
    @pytest.fixture
    def env(self, domain_of):
        return domain_of({"AutoVerifiedAttributes": ["email"]})

    def fill(self, env, browser=None, **more):
        browser = browser or opened(env)
        fields = {"username": "eve", "requiredAttributes[email]": "eve@example.com", "password": PASSWORD}
        browser.submit({**fields, **more})
        return browser

    def test_of_a_trigger_are_shown(self, env):
        def refuse(event, context):
            raise ValueError("No <b>eves</b> here")

        arn = "arn:aws:lambda:us-east-1:123456789012:function:gate"
        env.cognito.functions["gate"] = refuse
        env.idp.update_user_pool(
            UserPoolId=env.pool_id, AutoVerifiedAttributes=["email"], LambdaConfig={"PreSignUp": arn}
        )
        browser = self.fill(env)
        assert browser.error == "PreSignUp failed with error No <b>eves</b> here."
        assert "<b>" not in browser.text

    def test_a_phone_number_without_its_country(self, domain_of):
        env = domain_of({"AutoVerifiedAttributes": ["phone_number"]})
        browser = opened(env)
        browser.submit({"requiredAttributes[phone_number]": "0155 50100"}, username="eve", password=PASSWORD)
        assert browser.error == "Invalid phone number format."

    def test_the_error_takes_the_focus(self, env):
        browser = self.fill(env, password="short")
        assert re.search(r'role="alert" tabindex="-1" autofocus', browser.text)

    def test_a_post_where_only_administrators_make_users(self, env):
        browser = opened(env)
        env.idp.update_user_pool(
            UserPoolId=env.pool_id,
            AutoVerifiedAttributes=["email"],
            AdminCreateUserConfig={"AllowAdminCreateUserOnly": True},
        )
        self.fill(env, browser)
        assert (browser.page.status, browser.error) == (400, "SignUp is not permitted for this user pool")
        assert env.idp.list_users(UserPoolId=env.pool_id)["Users"] == []

    def test_a_client_with_a_secret_signs_up_and_confirms(self, domain_of):
        env = domain_of({"AutoVerifiedAttributes": ["email"]}, GenerateSecret=True)
        browser = self.fill(env)
        browser.submit({"resend": "1"}, form=1)
        assert "A new code is on its way." in browser.text
        _, given = where(browser.submit(code=env.code("eve")))
        assert env.redeem(given["code"], client_secret=env.secret).status == 200
