from datetime import UTC, datetime

import pytest
from support.identity_env import ACCOUNT
from support.pool_env import refused

ISSUER = "https://issuer.example.com/path"
ARN = f"arn:aws:iam::{ACCOUNT}:oidc-provider/issuer.example.com/path"
SAML = f"arn:aws:iam::{ACCOUNT}:saml-provider/corp"


@pytest.fixture
def iam(cognito_clients):
    return cognito_clients.iam


def metadata(role="IDPSSODescriptor", attributes="", before=""):
    padding = "x" * 1000
    return (
        f"{before}<EntityDescriptor xmlns='urn:oasis:names:tc:SAML:2.0:metadata' entityID='https://idp' {attributes}>"
        f"<{role} protocolSupportEnumeration='urn:oasis:names:tc:SAML:2.0:protocol'><!-- {padding} --></{role}>"
        "</EntityDescriptor>"
    )


class TestCreateOpenIDConnectProvider:
    def test_its_arn_has_host_and_path(self, iam):
        made = iam.create_open_id_connect_provider(Url=ISSUER, Tags=[{"Key": "a", "Value": "1"}])
        assert made["OpenIDConnectProviderArn"] == ARN
        assert made["Tags"] == [{"Key": "a", "Value": "1"}]

    @pytest.mark.parametrize(
        "url",
        [
            "http://issuer.example.com",
            "issuer.example.com",
            "ftp://localhost",
            "https://",
            "https://a?b=c",
            "https://[",
        ],
    )
    def test_the_url_must_be_https(self, iam, url):
        with refused("ValidationError", "Invalid Open ID Connect Provider URL"):
            iam.create_open_id_connect_provider(Url=url)

    @pytest.mark.parametrize("url", ["https://a b.example", "https://a.example/x y", "https://a.example/\tx"])
    def test_a_url_with_a_blank_is_refused(self, iam, url):
        with refused("ValidationError", "Invalid Open ID Connect Provider URL"):
            iam.create_open_id_connect_provider(Url=url)
        assert iam.list_open_id_connect_providers()["OpenIDConnectProviderList"] == []

    @pytest.mark.parametrize("host", ["localhost:4577", "127.0.0.1", "auth.localhost"])
    def test_this_machine_needs_no_certificate(self, iam, host):
        made = iam.create_open_id_connect_provider(Url=f"http://{host}/us-east-1_abc")
        assert made["OpenIDConnectProviderArn"].endswith(f":oidc-provider/{host}/us-east-1_abc")

    def test_the_same_again_is_refused(self, iam):
        iam.create_open_id_connect_provider(Url=ISSUER)
        with refused("EntityAlreadyExists", f"Provider with url {ISSUER} already exists."):
            iam.create_open_id_connect_provider(Url=ISSUER)

    def test_a_hundred_clients_are_the_most(self, iam):
        clients = [str(number) for number in range(101)]
        with refused("LimitExceeded", "Cannot exceed quota for ClientIdsPerOpenIdConnectProvider: 100"):
            iam.create_open_id_connect_provider(Url=ISSUER, ClientIDList=clients)
        assert iam.list_open_id_connect_providers()["OpenIDConnectProviderList"] == []


class TestGetOpenIDConnectProvider:
    def test_the_url_has_no_scheme(self, iam):
        iam.create_open_id_connect_provider(Url=ISSUER, ClientIDList=["a"], ThumbprintList=["0" * 40])
        found = iam.get_open_id_connect_provider(OpenIDConnectProviderArn=ARN)
        assert found["Url"] == "issuer.example.com/path"
        assert (found["ClientIDList"], found["ThumbprintList"], found["Tags"]) == (["a"], ["0" * 40], [])
        assert found["CreateDate"]

    def test_none_such_is_not_found(self, iam):
        with refused("NoSuchEntity", f"OpenIDConnect Provider not found for arn {ARN}"):
            iam.get_open_id_connect_provider(OpenIDConnectProviderArn=ARN)


class TestListOpenIDConnectProviders:
    def test_by_arn(self, iam):
        iam.create_open_id_connect_provider(Url=ISSUER)
        assert iam.list_open_id_connect_providers()["OpenIDConnectProviderList"] == [
            {"Arn": ARN, "IsTrustedIdentityPropagationEnabled": False}
        ]


class TestDeleteOpenIDConnectProvider:
    def test_twice_is_refused(self, iam):
        """Recorded at AWS, though the API reference calls the operation idempotent."""
        iam.create_open_id_connect_provider(Url=ISSUER)
        iam.delete_open_id_connect_provider(OpenIDConnectProviderArn=ARN)
        with refused("NoSuchEntity", f"OpenId connect Provider {ARN} cannot be found."):
            iam.delete_open_id_connect_provider(OpenIDConnectProviderArn=ARN)
        assert iam.list_open_id_connect_providers()["OpenIDConnectProviderList"] == []


class TestAddClientIDToOpenIDConnectProvider:
    def test_each_once(self, iam):
        iam.create_open_id_connect_provider(Url=ISSUER, ClientIDList=["a"])
        for client in ("b", "a"):
            iam.add_client_id_to_open_id_connect_provider(OpenIDConnectProviderArn=ARN, ClientID=client)
        assert iam.get_open_id_connect_provider(OpenIDConnectProviderArn=ARN)["ClientIDList"] == ["a", "b"]

    def test_a_hundred_are_the_most(self, iam):
        clients = [str(number) for number in range(100)]
        iam.create_open_id_connect_provider(Url=ISSUER, ClientIDList=clients)
        with refused("LimitExceeded"):
            iam.add_client_id_to_open_id_connect_provider(OpenIDConnectProviderArn=ARN, ClientID="x")


class TestRemoveClientIDFromOpenIDConnectProvider:
    def test_twice_is_no_error(self, iam):
        iam.create_open_id_connect_provider(Url=ISSUER, ClientIDList=["a", "b"])
        for _ in range(2):
            iam.remove_client_id_from_open_id_connect_provider(OpenIDConnectProviderArn=ARN, ClientID="a")
        assert iam.get_open_id_connect_provider(OpenIDConnectProviderArn=ARN)["ClientIDList"] == ["b"]


class TestUpdateOpenIDConnectProviderThumbprint:
    def test_it_replaces_all(self, iam):
        iam.create_open_id_connect_provider(Url=ISSUER, ThumbprintList=["0" * 40])
        iam.update_open_id_connect_provider_thumbprint(
            OpenIDConnectProviderArn=ARN, ThumbprintList=["1" * 40]
        )
        assert iam.get_open_id_connect_provider(OpenIDConnectProviderArn=ARN)["ThumbprintList"] == ["1" * 40]

    def test_five_are_the_most(self, iam):
        iam.create_open_id_connect_provider(Url=ISSUER)
        with refused("InvalidInput"):
            iam.update_open_id_connect_provider_thumbprint(
                OpenIDConnectProviderArn=ARN, ThumbprintList=["1" * 40] * 6
            )


class TestTagOpenIDConnectProvider:
    def test_tags_are_added_and_shown_by_key(self, iam):
        iam.create_open_id_connect_provider(Url=ISSUER, Tags=[{"Key": "b", "Value": "1"}])
        iam.tag_open_id_connect_provider(
            OpenIDConnectProviderArn=ARN, Tags=[{"Key": "a", "Value": "1"}, {"Key": "B", "Value": "2"}]
        )
        assert tags(iam) == [{"Key": "B", "Value": "2"}, {"Key": "a", "Value": "1"}]

    def test_fifty_are_the_most(self, iam):
        iam.create_open_id_connect_provider(Url=ISSUER, Tags=[{"Key": "a", "Value": "1"}])
        more = [{"Key": f"k{n}", "Value": ""} for n in range(50)]
        with refused("LimitExceeded"):
            iam.tag_open_id_connect_provider(OpenIDConnectProviderArn=ARN, Tags=more)
        assert len(tags(iam)) == 1


class TestUntagOpenIDConnectProvider:
    def test_keys_have_no_case_and_missing_ones_change_nothing(self, iam):
        given = [{"Key": "a", "Value": "1"}, {"Key": "b", "Value": "2"}]
        iam.create_open_id_connect_provider(Url=ISSUER, Tags=given)
        iam.untag_open_id_connect_provider(OpenIDConnectProviderArn=ARN, TagKeys=["A", "c"])
        assert tags(iam) == [{"Key": "b", "Value": "2"}]

    def test_none_such_is_not_found(self, iam):
        with refused("NoSuchEntity"):
            iam.untag_open_id_connect_provider(OpenIDConnectProviderArn=ARN, TagKeys=["a"])


def tags(iam):
    return iam.get_open_id_connect_provider(OpenIDConnectProviderArn=ARN)["Tags"]


class TestCreateSAMLProvider:
    def test_it_is_kept(self, iam):
        made = iam.create_saml_provider(Name="corp", SAMLMetadataDocument=metadata())
        assert made["SAMLProviderArn"] == SAML

    @pytest.mark.parametrize(
        "text",
        [
            "x" * 1000,
            metadata("SPSSODescriptor"),
            metadata(before="<!DOCTYPE a [<!ENTITY b 'c'>]>"),
            metadata(attributes="validUntil='soon'"),
        ],
    )
    def test_what_is_no_identity_provider_could_not_be_parsed(self, iam, text):
        with refused("InvalidInput", "Could not parse metadata"):
            iam.create_saml_provider(Name="corp", SAMLMetadataDocument=text)
        assert iam.list_saml_providers()["SAMLProviderList"] == []

    def test_a_taken_name_is_refused(self, iam):
        iam.create_saml_provider(Name="corp", SAMLMetadataDocument=metadata())
        with refused("EntityAlreadyExists"):
            iam.create_saml_provider(Name="corp", SAMLMetadataDocument=metadata())


class TestGetSAMLProvider:
    def test_it_ends_when_its_metadata_ends(self, iam):
        text = metadata(attributes="validUntil='2031-02-03T04:05:06Z'")
        iam.create_saml_provider(Name="corp", SAMLMetadataDocument=text)
        found = iam.get_saml_provider(SAMLProviderArn=SAML)
        assert found["SAMLMetadataDocument"] == text
        assert found["ValidUntil"].isoformat() == "2031-02-03T04:05:06+00:00"

    def test_none_such_is_not_found(self, iam):
        with refused("NoSuchEntity"):
            iam.get_saml_provider(SAMLProviderArn=SAML)


class TestListSAMLProviders:
    def test_with_their_dates(self, iam):
        iam.create_saml_provider(Name="corp", SAMLMetadataDocument=metadata())
        (found,) = iam.list_saml_providers()["SAMLProviderList"]
        assert found["Arn"] == SAML
        assert found["ValidUntil"].year > found["CreateDate"].year + 90

    def test_near_the_end_of_the_calendar_the_date_is_its_last_second(self, iam, cognito):
        iam.create_saml_provider(Name="before", SAMLMetadataDocument=metadata())
        cognito.clock.set(datetime(9999, 12, 31, 23, 30, tzinfo=UTC))
        iam.create_saml_provider(Name="after", SAMLMetadataDocument=metadata())
        found = iam.list_saml_providers()["SAMLProviderList"]
        assert found[1]["ValidUntil"] == datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)


class TestUpdateSAMLProvider:
    def test_faulty_metadata_changes_nothing(self, iam):
        iam.create_saml_provider(Name="corp", SAMLMetadataDocument=metadata())
        iam.update_saml_provider(SAMLProviderArn=SAML, SAMLMetadataDocument=metadata(attributes="ID='x'"))
        with refused("InvalidInput"):
            iam.update_saml_provider(SAMLProviderArn=SAML, SAMLMetadataDocument="x" * 1000)
        assert "ID='x'" in iam.get_saml_provider(SAMLProviderArn=SAML)["SAMLMetadataDocument"]


class TestDeleteSAMLProvider:
    def test_it_is_gone(self, iam):
        iam.create_saml_provider(Name="corp", SAMLMetadataDocument=metadata())
        iam.delete_saml_provider(SAMLProviderArn=SAML)
        with refused("NoSuchEntity"):
            iam.delete_saml_provider(SAMLProviderArn=SAML)
