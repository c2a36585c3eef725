"""The schema of a pool: standard and custom attributes, and errors."""

from __future__ import annotations

import pytest
from support.pool_env import refused
from support.pool_settings import described, made

STANDARD = [
    "sub", "name", "given_name", "family_name", "middle_name", "nickname", "preferred_username", "profile",
    "picture", "website", "email", "email_verified", "gender", "birthdate", "zoneinfo", "locale",
    "phone_number", "phone_number_verified", "address", "updated_at",
]  # fmt: skip


def schema_of(pool):
    return {attribute["Name"]: attribute for attribute in pool["SchemaAttributes"]}


class TestSchemas:
    def test_the_standard_attributes_stand_in_the_order_of_aws(self, idp):
        assert [attribute["Name"] for attribute in made(idp)["SchemaAttributes"]] == STANDARD

    def test_the_standard_attributes_are_bounded_as_on_aws(self, idp):
        schema = schema_of(made(idp))
        assert schema["sub"] == {
            "Name": "sub",
            "AttributeDataType": "String",
            "DeveloperOnlyAttribute": False,
            "Mutable": False,
            "Required": True,
            "StringAttributeConstraints": {"MinLength": "1", "MaxLength": "2048"},
        }
        assert schema["updated_at"]["NumberAttributeConstraints"] == {"MinValue": "0"}
        assert schema["birthdate"]["StringAttributeConstraints"] == {"MinLength": "10", "MaxLength": "10"}
        for name in ("email_verified", "phone_number_verified"):
            assert schema[name] == {
                "Name": name,
                "AttributeDataType": "Boolean",
                "DeveloperOnlyAttribute": False,
                "Mutable": True,
                "Required": False,
            }
        texts = set(STANDARD) - {"sub", "birthdate", "updated_at", "email_verified", "phone_number_verified"}
        for name in texts:
            assert schema[name]["StringAttributeConstraints"] == {"MinLength": "0", "MaxLength": "2048"}
            assert (schema[name]["Mutable"], schema[name]["Required"]) == (True, False)

    def test_an_entry_named_like_a_standard_attribute_edits_it(self, idp):
        entry = {"Name": "email", "AttributeDataType": "String", "Required": True, "Mutable": False}
        pool = made(idp, Schema=[entry])
        email = schema_of(pool)["email"]
        assert (email["Required"], email["Mutable"]) == (True, False)
        assert email["StringAttributeConstraints"] == {"MinLength": "0", "MaxLength": "2048"}
        assert len(pool["SchemaAttributes"]) == len(STANDARD)
        assert schema_of(made(idp))["email"]["Required"] is False, "the edit is that pool's alone"

    def test_what_such_an_entry_leaves_out_has_its_default(self, idp):
        entries = [{"Name": "email", "Required": True}, {"Name": "name", "Mutable": False}]
        schema = schema_of(made(idp, Schema=entries))
        assert (schema["email"]["Required"], schema["email"]["Mutable"]) == (True, True)
        assert (schema["name"]["Required"], schema["name"]["Mutable"]) == (False, False)
        for name in ("email", "name"):
            assert (schema[name]["AttributeDataType"], schema[name]["DeveloperOnlyAttribute"]) == (
                "String",
                False,
            )

    def test_an_entry_named_sub_changes_nothing(self, idp):
        pool = made(idp, Schema=[{"Name": "sub", "Mutable": True, "Required": False}])
        assert pool["SchemaAttributes"] == made(idp)["SchemaAttributes"]

    def test_any_other_entry_is_a_custom_attribute_after_the_standard_ones(self, idp):
        pool = made(idp, Schema=[{"Name": "shop", "AttributeDataType": "String"}])
        assert pool["SchemaAttributes"][-1] == {
            "Name": "custom:shop",
            "AttributeDataType": "String",
            "DeveloperOnlyAttribute": False,
            "Mutable": True,
            "Required": False,
            "StringAttributeConstraints": {},
        }

    def test_a_developers_attribute_has_another_prefix(self, idp):
        entry = {"Name": "rank", "AttributeDataType": "Number", "DeveloperOnlyAttribute": True}
        own = made(idp, Schema=[entry])["SchemaAttributes"][-1]
        assert own["Name"] == "dev:custom:rank"
        assert own["DeveloperOnlyAttribute"] is True

    def test_a_number_without_bounds_shows_none(self, idp):
        own = made(idp, Schema=[{"Name": "age", "AttributeDataType": "Number"}])["SchemaAttributes"][-1]
        assert "NumberAttributeConstraints" not in own
        assert "StringAttributeConstraints" not in own

    def test_bounds_stay_as_partial_as_they_were_given(self, idp):
        schema = schema_of(
            made(
                idp,
                Schema=[
                    {
                        "Name": "a",
                        "AttributeDataType": "String",
                        "StringAttributeConstraints": {"MaxLength": "9"},
                    },
                    {
                        "Name": "b",
                        "AttributeDataType": "Number",
                        "NumberAttributeConstraints": {"MinValue": "18"},
                    },
                ],
            )
        )
        assert schema["custom:a"]["StringAttributeConstraints"] == {"MaxLength": "9"}
        assert schema["custom:b"]["NumberAttributeConstraints"] == {"MinValue": "18"}

    def test_bounds_of_another_type_are_dropped(self, idp):
        entry = {
            "Name": "flag",
            "AttributeDataType": "Boolean",
            "StringAttributeConstraints": {"MaxLength": "9"},
            "NumberAttributeConstraints": {"MinValue": "1"},
        }
        own = made(idp, Schema=[entry])["SchemaAttributes"][-1]
        assert {"StringAttributeConstraints", "NumberAttributeConstraints"}.isdisjoint(own)

    def test_an_entry_named_like_a_verified_flag_is_custom(self, idp):
        pool = made(idp, Schema=[{"Name": "email_verified", "AttributeDataType": "Boolean"}])
        assert "custom:email_verified" in schema_of(pool)
        with refused("InvalidParameterException"):  # 21 characters, and custom names have 20
            made(idp, Schema=[{"Name": "phone_number_verified", "AttributeDataType": "Boolean"}])

    @pytest.mark.parametrize(
        "entry",
        [
            {"Name": "email", "AttributeDataType": "Number"},
            {"Name": "email", "AttributeDataType": "String", "DeveloperOnlyAttribute": True},
        ],
    )
    def test_the_type_of_a_standard_attribute_stays(self, idp, entry):
        with refused(
            "InvalidParameterException",
            "You can not change AttributeDataType or set developerOnlyAttribute for standard schema attribute email",
        ):
            made(idp, Schema=[entry])

    def test_a_custom_attribute_needs_a_type(self, idp):
        with refused(
            "InvalidParameterException",
            "Invalid AttributeDataType input, consider using the provided AttributeDataType enum.",
        ):
            made(idp, Schema=[{"Name": "shop"}])

    def test_an_attribute_needs_a_name(self, idp):
        with refused("InvalidParameterException"):
            made(idp, Schema=[{"AttributeDataType": "String"}])

    def test_a_custom_attribute_can_not_be_required(self, idp):
        with refused("InvalidParameterException", "Required custom attributes are not supported currently."):
            made(idp, Schema=[{"Name": "shop", "AttributeDataType": "String", "Required": True}])

    @pytest.mark.parametrize("bound", ["-1", "many", "1e3", "9" * 400])
    def test_bounds_are_numbers_from_zero(self, idp, bound):
        for kind, bounds, member in (
            ("String", "StringAttributeConstraints", "MinLength"),
            ("Number", "NumberAttributeConstraints", "MaxValue"),
        ):
            with refused("InvalidParameterException", f"Invalid {bounds} for schema attribute custom:x"):
                made(idp, Schema=[{"Name": "x", "AttributeDataType": kind, bounds: {member: bound}}])

    def test_texts_have_at_most_2048_characters(self, idp):
        with refused(
            "InvalidParameterException",
            "user.custom:x: String attributes cannot have a length of more than 2048",
        ):
            bounds = {"MaxLength": "2049"}
            made(
                idp,
                Schema=[{"Name": "x", "AttributeDataType": "String", "StringAttributeConstraints": bounds}],
            )

    def test_bounds_must_not_cross(self, idp):
        with refused(
            "InvalidParameterException", "user.custom:x: Max length cannot be less than min length."
        ):
            bounds = {"MinLength": "5", "MaxLength": "4"}
            made(
                idp,
                Schema=[{"Name": "x", "AttributeDataType": "String", "StringAttributeConstraints": bounds}],
            )
        with refused("InvalidParameterException", "user.custom:x: Max value cannot be less than min value."):
            bounds = {"MinValue": "5", "MaxValue": "4"}
            made(
                idp,
                Schema=[{"Name": "x", "AttributeDataType": "Number", "NumberAttributeConstraints": bounds}],
            )

    def test_a_preferred_username_is_required_or_an_alias_not_both(self, idp):
        required = {"Name": "preferred_username", "AttributeDataType": "String", "Required": True}
        with refused("InvalidParameterException"):
            made(idp, Schema=[required], AliasAttributes=["preferred_username"])
        assert made(idp, Schema=[required], AliasAttributes=["email"])


class TestAddCustomAttributes:
    def test_appends_to_the_schema(self, idp):
        pool = made(idp, Schema=[{"Name": "shop", "AttributeDataType": "String"}])
        idp.add_custom_attributes(
            UserPoolId=pool["Id"],
            CustomAttributes=[
                {"Name": "age", "AttributeDataType": "Number", "Mutable": False},
                {"Name": "email", "AttributeDataType": "String"},
            ],
        )
        names = [attribute["Name"] for attribute in described(idp, pool)["SchemaAttributes"]]
        assert names == [*STANDARD, "custom:shop", "custom:age", "custom:email"]
        assert schema_of(described(idp, pool))["custom:age"]["Mutable"] is False

    @pytest.mark.parametrize(("developers", "name"), [(False, "custom:shop"), (True, "dev:custom:shop")])
    def test_refuses_a_name_that_is_taken(self, idp, developers, name):
        own = {"Name": "shop", "AttributeDataType": "String", "DeveloperOnlyAttribute": developers}
        pool = made(idp, Schema=[own])
        with refused(
            "InvalidParameterException", f"custom:shop: Existing attribute already has name {name}."
        ):
            idp.add_custom_attributes(UserPoolId=pool["Id"], CustomAttributes=[own])

    def test_adds_all_or_none(self, idp):
        pool = made(idp)
        with refused("InvalidParameterException", "Required custom attributes are not supported currently."):
            idp.add_custom_attributes(
                UserPoolId=pool["Id"],
                CustomAttributes=[
                    {"Name": "a", "AttributeDataType": "String"},
                    {"Name": "b", "AttributeDataType": "String", "Required": True},
                ],
            )
        assert described(idp, pool)["SchemaAttributes"] == pool["SchemaAttributes"]

    def test_takes_25_a_call_and_50_in_all(self, idp):
        pool = made(idp)

        def add(start, count):
            idp.add_custom_attributes(
                UserPoolId=pool["Id"],
                CustomAttributes=[
                    {"Name": f"a{n}", "AttributeDataType": "String"} for n in range(start, start + count)
                ],
            )

        with refused("InvalidParameterException"):
            add(0, 26)
        add(0, 25)
        add(25, 25)
        with refused("InvalidParameterException"):
            add(50, 1)
        assert len(described(idp, pool)["SchemaAttributes"]) == len(STANDARD) + 50

    def test_refuses_names_of_more_than_20_characters(self, idp):
        with refused("InvalidParameterException"):
            idp.add_custom_attributes(
                UserPoolId=made(idp)["Id"],
                CustomAttributes=[{"Name": "x" * 21, "AttributeDataType": "String"}],
            )
