"""Styles of managed login: validation, storage, and deletion with pool or client."""

from __future__ import annotations

import json
import re
from uuid import UUID

import pytest
from support.pool_env import refused

PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 20
SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>'
RADIUS = {"componentClasses": {"buttons": {"borderRadius": 2.0}}}
DARK = {"categories": {"global": {"colorSchemeMode": "DARK"}}}


def asset(category="FORM_LOGO", mode="LIGHT", extension="PNG", content=PNG, **more):
    return {"Category": category, "ColorMode": mode, "Extension": extension, "Bytes": content, **more}


NEITHER_OR_BOTH = "useCognitoProvidedValues or settings should be specified (but not both)"


def chosen(more):
    """Either the values of Cognito or settings: AWS wants one of them, on create and update alike."""
    if more.keys() & {"UseCognitoProvidedValues", "Settings"}:
        return more
    return {"Settings": {}, **more} if "Assets" in more else {"UseCognitoProvidedValues": True, **more}


def create(env, **more):
    given = {"UserPoolId": env.pool_id, "ClientId": env.client_id, **chosen(more)}
    return env.idp.create_managed_login_branding(**given)["ManagedLoginBranding"]


def update(env, made, **more):
    about = {"UserPoolId": env.pool_id, "ManagedLoginBrandingId": made["ManagedLoginBrandingId"]}
    given = about | chosen(more)
    return env.idp.update_managed_login_branding(**given)["ManagedLoginBranding"]


def described(env, made, **more):
    given = {"UserPoolId": env.pool_id, "ManagedLoginBrandingId": made["ManagedLoginBrandingId"], **more}
    return env.idp.describe_managed_login_branding(**given)["ManagedLoginBranding"]


def of_client(env, **more):
    given = {"UserPoolId": env.pool_id, "ClientId": env.client_id, **more}
    return env.idp.describe_managed_login_branding_by_client(**given)["ManagedLoginBranding"]


def leaves(tree):
    for value in tree.values() if isinstance(tree, dict) else [tree]:
        if isinstance(value, dict):
            yield from leaves(value)
        else:
            yield value


class TestCreateManagedLoginBranding:
    def test_with_the_defaults(self, env):
        made = create(env, UseCognitoProvidedValues=True)
        assert UUID(made["ManagedLoginBrandingId"]).version == 4
        assert made["UserPoolId"] == env.pool_id
        assert made["UseCognitoProvidedValues"] is True
        assert made["Assets"] == []
        assert "Settings" not in made
        assert made["CreationDate"] == made["LastModifiedDate"]

    def test_with_settings_and_assets(self, env):
        made = create(env, Settings=RADIUS, Assets=[asset(ResourceId="logo 1")])
        assert made["Settings"] == RADIUS
        assert made["Assets"] == [asset(ResourceId="logo 1")]
        assert made["UseCognitoProvidedValues"] is False

    @pytest.mark.parametrize(
        ("category", "extension", "content"),
        [
            ("FAVICON_ICO", "ICO", b"\x00\x00\x01\x00" + b"0" * 20),
            ("FAVICON_SVG", "SVG", SVG),
            ("PAGE_BACKGROUND", "JPEG", b"\xff\xd8\xff\xe0"),
            ("FORM_BACKGROUND", "WEBP", b"RIFF0000WEBPVP8 "),
            ("PAGE_FOOTER_LOGO", "PNG", PNG),
        ],
    )
    @pytest.mark.parametrize("mode", ["LIGHT", "DARK", "DYNAMIC"])
    def test_every_kind_of_image(self, env, category, extension, content, mode):
        given = asset(category, mode, extension, content)
        assert create(env, Assets=[given])["Assets"] == [given]

    def test_one_for_each_client(self, env):
        create(env)
        with refused("ManagedLoginBrandingExistsException"):
            create(env)
        env.client_of()
        create(env)

    @pytest.mark.parametrize(
        "more",
        [
            {},
            {"Assets": [asset()]},
            {"UseCognitoProvidedValues": False},
            {"UseCognitoProvidedValues": True, "Settings": RADIUS},
        ],
    )
    def test_refuses_neither_and_both_in_awss_words(self, env, more):
        about = {"UserPoolId": env.pool_id, "ClientId": env.client_id}
        with refused("InvalidParameterException", NEITHER_OR_BOTH):
            env.idp.create_managed_login_branding(**about, **more)
        branding_id = create(env)["ManagedLoginBrandingId"]
        with refused("InvalidParameterException", NEITHER_OR_BOTH):
            env.idp.update_managed_login_branding(
                UserPoolId=env.pool_id, ManagedLoginBrandingId=branding_id, **more
            )

    def test_images_may_stand_beside_the_defaults(self, env):
        made = create(env, UseCognitoProvidedValues=True, Assets=[asset()])
        assert made["UseCognitoProvidedValues"]
        assert len(made["Assets"]) == 1

    def test_settings_are_shown_only_where_they_were_given(self, env):
        made = create(env)
        assert "Settings" not in made
        assert made["Assets"] == []

    @pytest.mark.parametrize(
        "settings",
        [
            {"colours": {}},
            {"components": {"form": {"lightMode": {"backgroundColour": "ffffffff"}}}},
            {"components": {"form": {"lightMode": {"backgroundColor": "#ffffff"}}}},
            {"components": {"form": {"lightMode": {"backgroundColor": "ffffff"}}}},
            {"components": {"form": {"lightMode": {"backgroundColor": "ffffffff\n"}}}},
            {"components": {"form": {"lightMode": {"backgroundColor": 12345678}}}},
            {"components": {"form": {"lightMode": "ffffffff"}}},
            {"components": {"form": {"borderRadius": "8px"}}},
            {"components": {"form": {"borderRadius": -1}}},
            {"components": {"form": {"borderRadius": True}}},
            {"components": {"favicon": {"enabledTypes": ["GIF"]}}},
            {"components": {"favicon": {"enabledTypes": "ICO"}}},
            {"components": {"pageBackground": {"image": {"enabled": "yes"}}}},
            {
                "components": {
                    "idpButton": {"custom": {"Google": {"lightMode": {"hover": {"color": "0" * 8}}}}}
                }
            },
            {"categories": {"global": {"colorSchemeMode": "SEPIA"}}},
            {"categories": {"global": {"spacingDensity": "}body{"}}},
            {"categories": {"global": None}},
            {"categories": {"form": {"location": {"horizontal": "MIDDLE"}}}},
            {"categories": {"auth": {"authMethodOrder": [[[[["BUTTON"]]]]]}}},
            {"categories": {"auth": {"authMethodOrder": {}}}},
            {"a" * 5000: 1},
            ["categories"],
        ],
    )
    def test_refuses_settings_that_no_page_has(self, env, settings):
        with refused("InvalidParameterException"):
            create(env, Settings=settings)

    @pytest.mark.parametrize(
        "image",
        [
            asset(content=b"just text"),
            asset(content=SVG),
            asset(extension="SVG", content=PNG),
            asset(extension="WEBP", content=b"RIFF0000WAVE"),
            asset(extension="ICO", content=b"\x00\x00\x01\x00"),
            asset("FAVICON_ICO"),
            asset("FAVICON_SVG", extension="ICO", content=b"\x00\x00\x01\x00"),
            asset(content=b""),
            asset(ResourceId="../up"),
            asset(ResourceId="x" * 41),
            asset("BANNER"),
            asset(mode="BROWSER_ADAPTIVE"),
            asset(extension="GIF"),
            asset(content=PNG + b"0" * 1_000_000),
            {"Category": "FORM_LOGO", "ColorMode": "LIGHT", "Extension": "PNG"},
        ],
    )
    def test_refuses_what_is_no_image_of_its_kind(self, env, image):
        with refused("InvalidParameterException"):
            create(env, Assets=[image])

    def test_refuses_more_than_two_megabytes_or_forty_assets(self, env):
        large = [
            asset(name, content=PNG + b"0" * 600_000)
            for name in ("FORM_LOGO", "EMAIL_GRAPHIC", "SMS_GRAPHIC")
        ]
        with refused("InvalidParameterException", "The request is larger than 2 MB."):
            create(env, Assets=large)
        create(env, Assets=large[:2])
        with refused("InvalidParameterException"):
            create(env, Assets=[asset("IDP_BUTTON_ICON", ResourceId=f"icon {n}") for n in range(41)])

    def test_refuses_pools_and_clients_that_are_not_there(self, env, found):
        elsewhere = found()
        with refused("ResourceNotFoundException"):
            create(env, UserPoolId="us-east-1_nowhere")
        with refused("ResourceNotFoundException"):
            create(env, ClientId=elsewhere.client_id)


class TestDescribeManagedLoginBranding:
    def test_what_was_set_and_nothing_else(self, env):
        made = create(env, Settings=RADIUS, Assets=[asset()])
        assert described(env, made) == made
        assert described(env, made, ReturnMergedResources=False)["Settings"] == RADIUS

    def test_merged_with_the_defaults(self, env):
        given = {"components": {"form": {"lightMode": {"backgroundColor": "11223344"}}}}
        made = create(env, Settings=given, Assets=[asset()])
        whole = described(env, made, ReturnMergedResources=True)
        form = whole["Settings"]["components"]["form"]
        assert form["lightMode"]["backgroundColor"] == "11223344"
        assert re.fullmatch("[0-9a-f]{8}", form["darkMode"]["backgroundColor"])
        assert asset() in whole["Assets"]
        assert {(of["Category"], of["ColorMode"]) for of in whole["Assets"]} > {("PAGE_BACKGROUND", "DARK")}
        assert described(env, made)["Settings"] == given

    def test_the_whole_document_has_the_parts_that_aws_documents(self, env):
        whole = described(env, create(env), ReturnMergedResources=True)["Settings"]
        assert {name: set(of) for name, of in whole.items()} == {
            "categories": {"auth", "form", "global", "signUp"},
            "componentClasses": {
                *("buttons", "divider", "dropDown", "focusState", "idpButtons", "input", "inputDescription"),
                *("inputLabel", "link", "optionControls", "statusIndicator"),
            },
            "components": {
                *("alert", "favicon", "form", "idpButton", "pageBackground", "pageFooter", "pageHeader"),
                *("pageText", "phoneNumberSelector", "primaryButton", "secondaryButton"),
            },
        }
        assert sum(bool(re.fullmatch("[0-9a-f]{8}", str(of))) for of in leaves(whole)) > 100

    def test_the_merged_document_may_be_sent_back(self, env):
        made = create(env)
        whole = described(env, made, ReturnMergedResources=True)
        assert update(env, made, Settings=whole["Settings"])["Settings"] == whole["Settings"]

    def test_refuses_one_that_is_not_there_or_another_pools(self, env, found):
        made = create(env)
        with refused("ResourceNotFoundException", "ManagedLoginBranding does not exist."):
            described(env, {"ManagedLoginBrandingId": "63f30090-6b1f-4278-b885-2bbb81f8e545"})
        with refused("InvalidParameterException"):  # no UUID of version 4
            described(env, {"ManagedLoginBrandingId": "00000000-0000-0000-0000-000000000000"})
        with refused("ResourceNotFoundException"):
            described(found(), made)
        with refused("InvalidParameterException"):
            described(env, {"ManagedLoginBrandingId": "63f30090"})


class TestDescribeManagedLoginBrandingByClient:
    def test_is_the_same(self, env):
        made = create(env, Settings=RADIUS)
        assert of_client(env) == made
        assert of_client(env, ReturnMergedResources=True) == described(env, made, ReturnMergedResources=True)

    def test_refuses_clients_without_one_and_clients_that_are_not_there(self, env):
        with refused(
            "ResourceNotFoundException", f"ManagedLoginBranding for client {env.client_id} does not exist."
        ):
            of_client(env)
        with refused("ResourceNotFoundException"):
            of_client(env, ClientId="nobody")


class TestUpdateManagedLoginBranding:
    def test_what_is_not_sent_stays(self, env):
        made = create(env, Settings=RADIUS, Assets=[asset()])
        env.cognito.clock.advance(60)
        after = update(env, made, Settings=DARK)
        assert after["Settings"] == RADIUS | DARK
        assert after["Assets"] == [asset()]
        assert after["CreationDate"] == made["CreationDate"] < after["LastModifiedDate"]
        after = update(env, made, Assets=[asset(mode="DARK"), asset(extension="SVG", content=SVG)])
        assert after["Settings"] == RADIUS | DARK
        assert after["Assets"] == [asset(extension="SVG", content=SVG), asset(mode="DARK")]

    def test_lists_are_replaced_whole(self, env):
        made = create(env, Settings={"components": {"favicon": {"enabledTypes": ["ICO", "SVG"]}}})
        after = update(env, made, Settings={"components": {"favicon": {"enabledTypes": ["SVG"]}}})
        assert after["Settings"]["components"]["favicon"]["enabledTypes"] == ["SVG"]

    def test_each_provider_has_an_icon_of_its_own(self, env):
        icons = [asset("IDP_BUTTON_ICON", ResourceId=name) for name in ("one", "two")]
        assert create(env, Assets=icons)["Assets"] == icons

    def test_back_to_the_defaults(self, env):
        made = create(env, Settings=RADIUS, Assets=[asset()])
        after = update(env, made, UseCognitoProvidedValues=True)
        assert (after["UseCognitoProvidedValues"], after["Assets"]) == (True, [])
        assert "Settings" not in after
        assert update(env, made, Settings=DARK)["UseCognitoProvidedValues"] is False

    def test_a_refused_update_changes_nothing(self, env):
        made = create(env, Settings=RADIUS)
        with refused("InvalidParameterException"):
            update(env, made, Settings=DARK, Assets=[asset(content=b"text")])
        with refused("InvalidParameterException"):
            update(env, made, UseCognitoProvidedValues=True, Settings=DARK)
        assert described(env, made) == made

    def test_more_than_forty_assets_do_not_come_together_either(self, env):
        made = create(env, Assets=[asset("IDP_BUTTON_ICON", ResourceId=f"icon {n}") for n in range(40)])
        with refused("InvalidParameterException"):
            update(env, made, Assets=[asset()])

    def test_refuses_when_it_is_not_said_which(self, env):
        made = create(env)
        with refused("InvalidParameterException"):
            env.idp.update_managed_login_branding(UserPoolId=env.pool_id)
        with refused("ResourceNotFoundException"):
            update(env, made | {"ManagedLoginBrandingId": "63f30090-6b1f-4278-b885-2bbb81f8e545"})


class TestDeleteManagedLoginBranding:
    def test_the_client_may_have_another(self, env):
        made = create(env)
        gone = {"UserPoolId": env.pool_id, "ManagedLoginBrandingId": made["ManagedLoginBrandingId"]}
        env.idp.delete_managed_login_branding(**gone)
        with refused("ResourceNotFoundException"):
            of_client(env)
        with refused("ResourceNotFoundException"):
            env.idp.delete_managed_login_branding(**gone)
        create(env)

    def test_goes_with_its_client(self, env):
        made = create(env)
        env.idp.delete_user_pool_client(UserPoolId=env.pool_id, ClientId=env.client_id)
        with refused("ResourceNotFoundException"):
            described(env, made)

    def test_goes_with_its_pool(self, env):
        made = create(env)
        env.idp.delete_user_pool(UserPoolId=env.pool_id)
        with refused("ResourceNotFoundException"):
            described(env, made)

    def test_settings_of_any_depth_are_refused_and_nothing_breaks(self, env):
        deep = json.loads("[" * 500 + "]" * 500)
        with refused("InvalidParameterException"):
            create(env, Settings={"categories": {"auth": {"authMethodOrder": deep}}})
