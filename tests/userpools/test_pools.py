"""User pools: AWS's defaults, what is kept, what an update resets, and what is refused."""

from __future__ import annotations

import base64

import boto3
import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import padding
from support.pool_env import PoolEnv, connect, refused
from support.pool_settings import FUNCTION, ROLE, SES, SMS, described, impatient, made, updated

from cogmock.userpools.backend import UserPoolsBackend


def members_of(shape):
    """The names of the parameters in a shape of the service model."""
    return set(UserPoolsBackend.model().shapes[shape]["members"])


class TestCreateUserPool:
    def test_answers_what_describe_answers(self, idp):
        pool = made(idp, Policies={"PasswordPolicy": {"MinimumLength": 12}}, UserPoolTags={"team": "blue"})
        assert described(idp, pool) == pool

    def test_the_id_is_the_region_and_nine_letters_and_digits(self, idp):
        region, _, own = made(idp)["Id"].partition("_")
        assert region == "us-east-1"
        assert len(own) == 9
        assert own.isalnum()

    def test_the_arn_names_region_account_and_pool(self, idp):
        pool = made(idp)
        assert pool["Arn"] == f"arn:aws:cognito-idp:us-east-1:123456789012:userpool/{pool['Id']}"

    def test_a_pool_with_a_name_alone_has_the_defaults_of_aws(self, idp):
        pool = made(idp)
        for member in ("Id", "Arn", "CreationDate", "LastModifiedDate", "SchemaAttributes"):
            assert pool.pop(member)
        assert pool == {
            "Name": "shop",
            "Policies": {
                "PasswordPolicy": {
                    "MinimumLength": 8,
                    "RequireUppercase": True,
                    "RequireLowercase": True,
                    "RequireNumbers": True,
                    "RequireSymbols": True,
                    "TemporaryPasswordValidityDays": 7,
                },
                "SignInPolicy": {"AllowedFirstAuthFactors": ["PASSWORD"]},
            },
            "DeletionProtection": "INACTIVE",
            "LambdaConfig": {},
            "MfaConfiguration": "OFF",
            "EstimatedNumberOfUsers": 0,
            "EmailConfiguration": {"EmailSendingAccount": "COGNITO_DEFAULT"},
            "VerificationMessageTemplate": {"DefaultEmailOption": "CONFIRM_WITH_CODE"},
            "AdminCreateUserConfig": {"AllowAdminCreateUserOnly": False, "UnusedAccountValidityDays": 7},
            "UserPoolTier": "ESSENTIALS",
            "UserPoolTags": {},
            "AccountRecoverySetting": {
                "RecoveryMechanisms": [
                    {"Priority": 1, "Name": "verified_email"},
                    {"Priority": 2, "Name": "verified_phone_number"},
                ]
            },
            "AcrConfiguration": {f"Level{n}": {"AcrValue": f"urn:cognito:loa:{n}"} for n in (1, 2, 3, 4)},
        }

    def test_two_pools_may_have_one_name(self, idp):
        assert made(idp)["Id"] != made(idp)["Id"]

    @pytest.mark.parametrize(
        ("member", "value"),
        [
            ("DeletionProtection", "ACTIVE"),
            ("AutoVerifiedAttributes", ["email"]),
            ("AliasAttributes", ["email", "preferred_username"]),
            ("UsernameAttributes", ["email"]),
            ("UsernameConfiguration", {"CaseSensitive": False}),
            ("SmsConfiguration", SMS),
            ("SmsAuthenticationMessage", "Sign in with {####}"),
            ("EmailConfiguration", SES),
            (
                "DeviceConfiguration",
                {"ChallengeRequiredOnNewDevice": True, "DeviceOnlyRememberedOnUserPrompt": True},
            ),
            ("UserPoolTags", {"team": "blue"}),
            ("KeyConfiguration", {"KeyType": "AWS_OWNED_KEY"}),
            ("IssuerConfiguration", {"Type": "UPDATED"}),
            ("LambdaConfig", {"PreSignUp": f"{FUNCTION}check"}),
            ("AccountRecoverySetting", {"RecoveryMechanisms": [{"Priority": 1, "Name": "admin_only"}]}),
        ],
    )
    def test_keeps_and_shows_what_is_set(self, idp, member, value):
        assert described(idp, made(idp, **{member: value}))[member] == value

    def test_keeps_which_attributes_wait_for_their_proof(self, idp):
        wait = {"AttributesRequireVerificationBeforeUpdate": ["email"]}
        pool = made(idp, AutoVerifiedAttributes=["email"], UserAttributeUpdateSettings=wait)
        assert pool["UserAttributeUpdateSettings"] == wait

    def test_they_stay_until_an_update_gives_them(self, idp):
        wait = {"AttributesRequireVerificationBeforeUpdate": ["email"]}
        pool = made(idp, AutoVerifiedAttributes=["email"], UserAttributeUpdateSettings=wait)
        idp.update_user_pool(UserPoolId=pool["Id"], AutoVerifiedAttributes=["email"])
        assert described(idp, pool)["UserAttributeUpdateSettings"] == wait
        none = {"AttributesRequireVerificationBeforeUpdate": []}
        idp.update_user_pool(
            UserPoolId=pool["Id"], AutoVerifiedAttributes=["email"], UserAttributeUpdateSettings=none
        )
        assert "UserAttributeUpdateSettings" not in described(idp, pool)

    def test_a_password_policy_without_its_booleans_demands_nothing_more(self, idp):
        policy = made(idp, Policies={"PasswordPolicy": {"MinimumLength": 6}})["Policies"]["PasswordPolicy"]
        assert policy == {
            "MinimumLength": 6,
            "RequireUppercase": False,
            "RequireLowercase": False,
            "RequireNumbers": False,
            "RequireSymbols": False,
            "TemporaryPasswordValidityDays": 7,
        }

    def test_a_sign_in_policy_alone_leaves_the_password_policy_at_its_default(self, idp):
        policies = made(
            idp, Policies={"SignInPolicy": {"AllowedFirstAuthFactors": ["PASSWORD", "EMAIL_OTP"]}}
        )["Policies"]
        assert policies["SignInPolicy"] == {"AllowedFirstAuthFactors": ["PASSWORD", "EMAIL_OTP"]}
        assert policies["PasswordPolicy"]["RequireSymbols"] is True

    @pytest.mark.parametrize(
        ("settings", "days"),
        [
            ({"Policies": {"PasswordPolicy": {"TemporaryPasswordValidityDays": 3}}}, 3),
            ({"AdminCreateUserConfig": {"UnusedAccountValidityDays": 30}}, 30),
            ({"Policies": {"PasswordPolicy": {"TemporaryPasswordValidityDays": 0}}}, 7),
        ],
    )
    def test_both_numbers_of_days_are_the_same(self, idp, settings, days):
        pool = made(idp, **settings)
        assert pool["Policies"]["PasswordPolicy"]["TemporaryPasswordValidityDays"] == days
        assert pool["AdminCreateUserConfig"]["UnusedAccountValidityDays"] == days

    def test_the_two_numbers_of_days_exclude_each_other(self, idp):
        with refused(
            "InvalidParameterException",
            "Please use TemporaryPasswordValidityDays in PasswordPolicy instead of UnusedAccountValidityDays",
        ):
            made(
                idp,
                Policies={"PasswordPolicy": {"TemporaryPasswordValidityDays": 3}},
                AdminCreateUserConfig={"UnusedAccountValidityDays": 3},
            )

    def test_the_template_shows_in_the_older_members_too(self, idp):
        pool = made(
            idp,
            VerificationMessageTemplate={
                "EmailMessage": "Take {####}",
                "EmailSubject": "Hello",
                "SmsMessage": "{####} it is",
                "EmailMessageByLink": "Click {##here##}",
                "EmailSubjectByLink": "Link",
            },
        )
        assert pool["EmailVerificationMessage"] == "Take {####}"
        assert pool["EmailVerificationSubject"] == "Hello"
        assert pool["SmsVerificationMessage"] == "{####} it is"
        assert pool["VerificationMessageTemplate"] == {
            "EmailMessage": "Take {####}",
            "EmailSubject": "Hello",
            "SmsMessage": "{####} it is",
            "EmailMessageByLink": "Click {##here##}",
            "EmailSubjectByLink": "Link",
            "DefaultEmailOption": "CONFIRM_WITH_CODE",
        }

    def test_the_older_members_show_in_the_template_too(self, idp):
        pool = made(
            idp,
            EmailVerificationMessage="Take {####}",
            EmailVerificationSubject="Hello",
            SmsVerificationMessage="{####} it is",
        )
        assert pool["VerificationMessageTemplate"] == {
            "EmailMessage": "Take {####}",
            "EmailSubject": "Hello",
            "SmsMessage": "{####} it is",
            "DefaultEmailOption": "CONFIRM_WITH_CODE",
        }

    def test_any_member_of_the_device_configuration_turns_it_on(self, idp):
        pool = made(idp, DeviceConfiguration={"ChallengeRequiredOnNewDevice": True})
        assert pool["DeviceConfiguration"] == {
            "ChallengeRequiredOnNewDevice": True,
            "DeviceOnlyRememberedOnUserPrompt": False,
        }
        assert "DeviceConfiguration" not in made(idp, DeviceConfiguration={})

    def test_empty_lists_are_as_good_as_absent(self, idp):
        pool = made(idp, AutoVerifiedAttributes=[], AliasAttributes=[], UsernameAttributes=[])
        assert {"AutoVerifiedAttributes", "AliasAttributes", "UsernameAttributes"}.isdisjoint(pool)

    def test_acr_levels_without_a_name_of_their_own_keep_the_default(self, idp):
        pool = made(idp, AcrConfiguration={"Level2": {"AcrValue": "https://example.com/two"}})
        assert {level: of["AcrValue"] for level, of in pool["AcrConfiguration"].items()} == {
            "Level1": "urn:cognito:loa:1",
            "Level2": "https://example.com/two",
            "Level3": "urn:cognito:loa:3",
            "Level4": "urn:cognito:loa:4",
        }

    def test_acr_names_must_differ_from_each_other_and_from_the_defaults(self, idp):
        with refused("InvalidParameterException"):
            made(idp, AcrConfiguration={"Level2": {"AcrValue": "urn:cognito:loa:1"}})

    def test_client_registration_is_on_unless_it_says_otherwise(self, idp):
        pool = made(idp, DcrConfiguration={"AllowedScopes": ["openid"]})
        assert pool["DcrConfiguration"] == {
            "EnableStatus": "Enabled",
            "OpenDcrEnabled": False,
            "AllowedScopes": ["openid"],
        }

    def test_the_members_for_the_token_trigger_name_the_same_function(self, idp):
        config = {"LambdaVersion": "V2_0", "LambdaArn": f"{FUNCTION}claims"}
        triggers = made(idp, LambdaConfig={"PreTokenGenerationConfig": config})["LambdaConfig"]
        assert triggers == {"PreTokenGenerationConfig": config, "PreTokenGeneration": f"{FUNCTION}claims"}
        triggers = made(idp, LambdaConfig={"PreTokenGeneration": f"{FUNCTION}claims"})["LambdaConfig"]
        assert triggers["PreTokenGenerationConfig"] == {
            "LambdaVersion": "V1_0",
            "LambdaArn": f"{FUNCTION}claims",
        }
        with refused("InvalidParameterException"):
            made(
                idp,
                LambdaConfig={"PreTokenGenerationConfig": config, "PreTokenGeneration": f"{FUNCTION}other"},
            )

    def test_a_custom_sender_needs_a_key(self, idp):
        sender = {"LambdaVersion": "V1_0", "LambdaArn": f"{FUNCTION}mail"}
        with refused("InvalidParameterException"):
            made(idp, LambdaConfig={"CustomEmailSender": sender})
        key = "arn:aws:kms:us-east-1:123456789012:key/k"
        assert made(idp, LambdaConfig={"CustomEmailSender": sender, "KMSKeyID": key})

    def test_texts_go_by_sns_or_by_end_user_messaging(self, idp):
        with refused("InvalidParameterException"):
            made(idp, SmsConfiguration={"SnsCallerArn": ROLE, "EumsSms": {"CallerArn": ROLE}})
        with refused("InvalidParameterException"):
            made(idp, SmsConfiguration={"EumsSms": {"CallerArn": ROLE, "Region": "eu-west-1"}})
        sms = {"EumsSms": {"CallerArn": ROLE, "Region": "us-east-1"}}
        assert made(idp, SmsConfiguration=sms)["SmsConfiguration"] == sms

    def test_mail_by_ones_own_ses_needs_its_identity(self, idp):
        with refused("InvalidParameterException"):
            made(idp, EmailConfiguration={"EmailSendingAccount": "DEVELOPER"})

    def test_a_customers_key_needs_its_arn(self, idp):
        with refused("InvalidParameterException"):
            made(idp, KeyConfiguration={"KeyType": "CUSTOMER_MANAGED_KEY"})

    @pytest.mark.parametrize("mfa", ["ON", "OPTIONAL"])
    def test_mfa_needs_a_way_to_send_texts(self, idp, mfa):
        with refused(
            "InvalidParameterException",
            "SMS configuration and Auto verification for phone_number are required when MFA is required/optional",
        ):
            made(idp, MfaConfiguration=mfa)
        assert made(idp, MfaConfiguration=mfa, SmsConfiguration=SMS)["MfaConfiguration"] == mfa

    def test_sign_in_names_are_attributes_or_aliases_not_both(self, idp):
        with refused(
            "InvalidParameterException",
            "Only one of the aliasAttributes or usernameAttributes can be set in a user pool.",
        ):
            made(idp, AliasAttributes=["email"], UsernameAttributes=["email"])

    def test_only_auto_verified_attributes_wait_for_their_proof(self, idp):
        with refused("InvalidParameterException"):
            made(
                idp,
                AutoVerifiedAttributes=["phone_number"],
                UserAttributeUpdateSettings={"AttributesRequireVerificationBeforeUpdate": ["email"]},
            )

    @pytest.mark.parametrize(
        "mechanisms",
        [
            [{"Priority": 1, "Name": "admin_only"}, {"Priority": 2, "Name": "verified_email"}],
            [{"Priority": 1, "Name": "verified_email"}, {"Priority": 1, "Name": "verified_phone_number"}],
            [{"Priority": 1, "Name": "verified_email"}, {"Priority": 2, "Name": "verified_email"}],
        ],
    )
    def test_recovery_mechanisms_must_agree(self, idp, mechanisms):
        with refused("InvalidParameterException"):
            made(idp, AccountRecoverySetting={"RecoveryMechanisms": mechanisms})

    def test_recovery_without_mechanisms_has_the_default_ones(self, idp):
        assert (
            made(idp, AccountRecoverySetting={})["AccountRecoverySetting"]
            == made(idp)["AccountRecoverySetting"]
        )

    def test_a_totp_code_is_no_first_factor(self, idp):
        with refused("InvalidParameterException"):
            made(idp, Policies={"SignInPolicy": {"AllowedFirstAuthFactors": ["PASSWORD", "SOFTWARE_TOKEN"]}})

    @pytest.mark.parametrize("factors", [["EMAIL_OTP"], ["WEB_AUTHN"], ["EMAIL_OTP", "SMS_OTP", "WEB_AUTHN"]])
    def test_other_first_factors_are_additions_to_the_password(self, idp, factors):
        policies = {"SignInPolicy": {"AllowedFirstAuthFactors": factors}}
        pool = made(idp)
        for call in (
            lambda: made(idp, Policies=policies),
            lambda: idp.update_user_pool(UserPoolId=pool["Id"], Policies=policies),
        ):
            with refused("InvalidParameterException"):
                call()
        policies["SignInPolicy"]["AllowedFirstAuthFactors"].append("PASSWORD")
        assert made(idp, Policies=policies)["Policies"]["SignInPolicy"] == policies["SignInPolicy"]

    def test_tags_that_aws_would_not_keep_are_a_tagging_error(self, idp):
        for tags in ({"aws:own": "x"}, {"a*b": "x"}, {f"key{n}": "x" for n in range(51)}):
            with refused("UserPoolTaggingException"):
                made(idp, UserPoolTags=tags)

    def test_an_account_has_at_most_1000_in_a_region(self, idp, monkeypatch):
        # A thousand calls would say no more than five do.
        from cogmock.userpools.operations import pools

        assert pools.MOST == 1000
        monkeypatch.setattr(pools, "MOST", 5)
        for _ in range(5):
            made(idp)
        with refused("LimitExceededException"):
            made(impatient())
        assert made(connect("eu-west-1")), "the limit is each Region's own"

    def test_a_pool_is_nowhere_but_in_its_region(self, idp):
        pool = made(idp)
        elsewhere = connect("eu-west-1")
        with refused("ResourceNotFoundException", f"User pool {pool['Id']} does not exist."):
            elsewhere.describe_user_pool(UserPoolId=pool["Id"])

    def test_a_pool_is_nowhere_but_in_its_account(self, idp):
        pool = made(idp)
        other = boto3.client(
            "cognito-idp",
            region_name="us-east-1",
            aws_access_key_id="210987654321",
            aws_secret_access_key="x",
        )
        with refused("ResourceNotFoundException"):
            other.describe_user_pool(UserPoolId=pool["Id"])
        assert made(other)["Arn"].startswith("arn:aws:cognito-idp:us-east-1:210987654321:")


class TestDescribeUserPool:
    def test_refuses_a_pool_that_is_not_there(self, idp):
        with refused("ResourceNotFoundException", "User pool us-east-1_Nowhere does not exist."):
            idp.describe_user_pool(UserPoolId="us-east-1_Nowhere")

    def test_counts_the_users(self, cognito):
        env = PoolEnv(cognito)
        env.create("ada")
        env.create("bob")
        assert described(env.idp, {"Id": env.pool_id})["EstimatedNumberOfUsers"] == 2


class TestListUserPools:
    def test_shows_id_name_triggers_and_dates(self, idp):
        pool = made(idp, LambdaConfig={"PreSignUp": f"{FUNCTION}check"})
        assert idp.list_user_pools(MaxResults=60)["UserPools"] == [
            {key: pool[key] for key in ("Id", "Name", "LambdaConfig", "LastModifiedDate", "CreationDate")}
        ]

    def test_pages(self, idp):
        ids = [made(idp)["Id"] for _ in range(5)]
        pages = list(idp.get_paginator("list_user_pools").paginate(PaginationConfig={"PageSize": 2}))
        assert [len(page["UserPools"]) for page in pages] == [2, 2, 1]
        assert [pool["Id"] for page in pages for pool in page["UserPools"]] == ids
        assert "NextToken" not in pages[-1]

    def test_pages_stay_where_they_are_while_pools_go(self, idp):
        ids = [made(idp)["Id"] for _ in range(4)]
        first = idp.list_user_pools(MaxResults=2)
        idp.delete_user_pool(UserPoolId=ids[0])
        rest = idp.list_user_pools(MaxResults=2, NextToken=first["NextToken"])
        assert [pool["Id"] for pool in rest["UserPools"]] == ids[2:]

    def test_refuses_a_token_that_is_not_its_own(self, idp):
        with refused("InvalidParameterException"):
            idp.list_user_pools(MaxResults=2, NextToken="made-up")

    def test_refuses_more_than_sixty(self, idp):
        with refused("InvalidParameterException"):
            idp.list_user_pools(MaxResults=61)


class TestUpdateUserPool:
    def test_answers_nothing(self, idp):
        answer = idp.update_user_pool(UserPoolId=made(idp)["Id"])
        assert set(answer) == {"ResponseMetadata"}

    def test_what_is_not_sent_returns_to_its_default(self, idp):
        bare = made(idp)
        given = {
            "Policies": {"PasswordPolicy": {"MinimumLength": 20}},
            "VerificationMessageTemplate": {
                "EmailMessage": "Take {####}",
                "EmailSubject": "Yours",
                "SmsMessage": "Type {####}",
                "DefaultEmailOption": "CONFIRM_WITH_CODE",
            },
            "SmsAuthenticationMessage": "Enter {####}",
            "AutoVerifiedAttributes": ["email"],
            "LambdaConfig": {"PreSignUp": f"{FUNCTION}check"},
            "MfaConfiguration": "ON",
            "SmsConfiguration": SMS,
            "EmailConfiguration": SES,
            "AccountRecoverySetting": {"RecoveryMechanisms": [{"Priority": 1, "Name": "admin_only"}]},
            "AdminCreateUserConfig": {"AllowAdminCreateUserOnly": True},
            "UserPoolTags": {"team": "blue"},
            "DeletionProtection": "ACTIVE",
            "DeviceConfiguration": {"ChallengeRequiredOnNewDevice": True},
            "UserPoolAddOns": {"AdvancedSecurityMode": "AUDIT"},
            "KeyConfiguration": {"KeyType": "AWS_OWNED_KEY"},
            "IssuerConfiguration": {"Type": "UPDATED"},
            "UserPoolTier": "PLUS",
            "AcrConfiguration": {"Level1": {"AcrValue": "own"}},
        }
        texts = {
            "SmsVerificationMessage",
            "EmailVerificationMessage",
            "EmailVerificationSubject",
        }  # the template's
        stay = {"UserPoolId", "PoolName", "UserAttributeUpdateSettings", "DcrConfiguration"}
        assert members_of("UpdateUserPoolRequest") == {*given, *texts, *stay}
        pool = made(idp, **given)
        own = {"Id", "Arn", "CreationDate", "LastModifiedDate"}
        after = updated(idp, pool)
        assert {key: of for key, of in after.items() if key not in own} == {
            key: of for key, of in bare.items() if key not in own
        }

    def test_schema_and_sign_in_names_stay(self, idp):
        pool = made(
            idp,
            UsernameAttributes=["email"],
            UsernameConfiguration={"CaseSensitive": False},
            Schema=[{"Name": "shop", "AttributeDataType": "String"}],
        )
        after = updated(idp, pool)
        for member in ("UsernameAttributes", "UsernameConfiguration", "SchemaAttributes"):
            assert after[member] == pool[member]
        aliased = made(idp, AliasAttributes=["email"])
        assert updated(idp, aliased)["AliasAttributes"] == ["email"]

    def test_renames_the_pool(self, idp):
        assert updated(idp, made(idp), PoolName="village")["Name"] == "village"

    def test_keeps_the_name_where_none_is_sent(self, idp):
        assert updated(idp, made(idp))["Name"] == "shop"

    def test_moves_the_date_of_modification_alone(self, idp, cognito):
        pool = made(idp)
        cognito.clock.advance(hours=1)
        after = updated(idp, pool)
        assert after["CreationDate"] == pool["CreationDate"]
        assert (after["LastModifiedDate"] - pool["LastModifiedDate"]).total_seconds() >= 3600

    @pytest.mark.parametrize(
        ("member", "value"),
        [
            ("LambdaConfig", {"PostConfirmation": f"{FUNCTION}welcome"}),
            ("UserPoolTags", {"team": "red"}),
            ("KeyConfiguration", {"KeyType": "AWS_OWNED_KEY"}),
            ("IssuerConfiguration", {"Type": "ORIGINAL"}),
            ("SmsConfiguration", SMS),
        ],
    )
    def test_keeps_and_shows_what_is_set(self, idp, member, value):
        assert updated(idp, made(idp), **{member: value})[member] == value

    def test_registration_of_clients_stays_unless_it_is_sent(self, idp):
        pool = made(idp, DcrConfiguration={"OpenDcrEnabled": True})
        assert updated(idp, pool)["DcrConfiguration"] == pool["DcrConfiguration"]
        assert updated(idp, pool, DcrConfiguration={})["DcrConfiguration"]["OpenDcrEnabled"] is False

    def test_checks_as_creation_does(self, idp):
        pool = made(idp)
        with refused("InvalidParameterException"):
            idp.update_user_pool(UserPoolId=pool["Id"], MfaConfiguration="ON")
        with refused("UserPoolTaggingException"):
            idp.update_user_pool(UserPoolId=pool["Id"], UserPoolTags={"aws:x": "y"})
        assert described(idp, pool) == pool

    def test_refuses_a_pool_that_is_not_there(self, idp):
        with refused("ResourceNotFoundException", "User pool us-east-1_Nowhere does not exist."):
            idp.update_user_pool(UserPoolId="us-east-1_Nowhere")


class TestDeleteUserPool:
    def test_the_pool_is_gone_with_its_clients(self, idp):
        pool = made(idp)
        client = idp.create_user_pool_client(UserPoolId=pool["Id"], ClientName="web")["UserPoolClient"]
        idp.delete_user_pool(UserPoolId=pool["Id"])
        assert idp.list_user_pools(MaxResults=10)["UserPools"] == []
        with refused("ResourceNotFoundException"):
            idp.describe_user_pool(UserPoolId=pool["Id"])
        with refused("ResourceNotFoundException", f"User pool client {client['ClientId']} does not exist."):
            idp.sign_up(ClientId=client["ClientId"], Username="ada", Password="Corr3ct-Horse!")

    def test_its_users_are_freed_in_portions(self, idp, monkeypatch):
        monkeypatch.setattr("cogmock.userpools.operations.pools.PORTION", 10)
        moments = []
        monkeypatch.setattr("cogmock.core.call.Call.give_way", lambda call: moments.append(call.id))
        pool = made(idp)
        for number in range(25):
            idp.admin_create_user(UserPoolId=pool["Id"], Username=f"u{number}", MessageAction="SUPPRESS")
        idp.delete_user_pool(UserPoolId=pool["Id"])
        assert len(moments) >= 3
        with refused("ResourceNotFoundException"):
            idp.describe_user_pool(UserPoolId=pool["Id"])

    def test_protection_must_go_first(self, idp):
        pool = made(idp, DeletionProtection="ACTIVE")
        with refused(
            "InvalidParameterException",
            "The user pool cannot be deleted because deletion protection is activated. "
            "Deletion protection must be inactivated first.",
        ):
            idp.delete_user_pool(UserPoolId=pool["Id"])
        idp.update_user_pool(UserPoolId=pool["Id"], DeletionProtection="INACTIVE")
        idp.delete_user_pool(UserPoolId=pool["Id"])

    def test_refuses_a_pool_that_is_not_there(self, idp):
        with refused("ResourceNotFoundException", "User pool us-east-1_Nowhere does not exist."):
            idp.delete_user_pool(UserPoolId="us-east-1_Nowhere")


class TestGetSigningCertificate:
    def test_is_a_certificate_that_vouches_for_itself_for_ten_years(self, idp):
        text = idp.get_signing_certificate(UserPoolId=made(idp)["Id"])["Certificate"]
        certificate = x509.load_der_x509_certificate(base64.b64decode(text, validate=True))
        certificate.public_key().verify(
            certificate.signature,
            certificate.tbs_certificate_bytes,
            padding.PKCS1v15(),
            certificate.signature_hash_algorithm,
        )
        lifetime = certificate.not_valid_after_utc - certificate.not_valid_before_utc
        assert 3649 <= lifetime.days <= 3653

    def test_stays_the_same(self, idp):
        pool = made(idp)
        first = idp.get_signing_certificate(UserPoolId=pool["Id"])["Certificate"]
        idp.update_user_pool(UserPoolId=pool["Id"])
        assert idp.get_signing_certificate(UserPoolId=pool["Id"])["Certificate"] == first

    def test_is_renewed_every_year_over_the_same_key(self, idp, cognito):
        pool = made(idp)

        def shown():
            text = idp.get_signing_certificate(UserPoolId=pool["Id"])["Certificate"]
            return text, x509.load_der_x509_certificate(base64.b64decode(text))

        first, old = shown()
        cognito.clock.advance(days=364)
        assert shown()[0] == first
        cognito.clock.advance(days=2)
        second, new = shown()
        assert second != first
        assert new.public_key() == old.public_key()
        assert new.not_valid_before_utc > old.not_valid_before_utc
        assert shown()[0] == second

    def test_no_two_pools_share_one(self, idp):
        certificates = {
            idp.get_signing_certificate(UserPoolId=made(idp)["Id"])["Certificate"] for _ in range(2)
        }
        assert len(certificates) == 2

    def test_refuses_a_pool_that_is_not_there(self, idp):
        with refused("ResourceNotFoundException", "User pool us-east-1_Nowhere does not exist."):
            idp.get_signing_certificate(UserPoolId="us-east-1_Nowhere")
