"""Tags of users and providers. The rules are the same for all, so each kind has the same tests."""

import pytest
from support.identity_env import ACCOUNT
from support.pool_env import refused

METADATA = (
    '<EntityDescriptor xmlns="urn:oasis:names:tc:SAML:2.0:metadata" entityID="idp">'
    '<IDPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol"/></EntityDescriptor>'
)
FORMS = {
    "user": ("create_user", {"UserName": "ada"}, {"UserName": "ada"}),
    "saml_provider": (
        "create_saml_provider",
        {"Name": "corp", "SAMLMetadataDocument": METADATA + " " * 1000},
        {"SAMLProviderArn": f"arn:aws:iam::{ACCOUNT}:saml-provider/corp"},
    ),
    "open_id_connect_provider": (
        "create_open_id_connect_provider",
        {"Url": "https://issuer.example"},
        {"OpenIDConnectProviderArn": f"arn:aws:iam::{ACCOUNT}:oidc-provider/issuer.example"},
    ),
}


class Resource:
    """One resource, and its tag operations under one name."""

    def __init__(self, iam, noun):
        self.iam, self.noun = iam, noun
        self.create, self.parameters, self.key = FORMS[noun]

    def make(self, **tags):
        getattr(self.iam, self.create)(**self.parameters, Tags=listed(tags))

    def tag(self, **tags):
        getattr(self.iam, f"tag_{self.noun}")(**self.key, Tags=listed(tags))

    def untag(self, *keys):
        getattr(self.iam, f"untag_{self.noun}")(**self.key, TagKeys=list(keys))

    def list(self, **more):
        return getattr(self.iam, f"list_{self.noun}_tags")(**self.key, **more)

    def tags(self):
        return {tag["Key"]: tag["Value"] for tag in self.list()["Tags"]}


def listed(tags):
    return [{"Key": key, "Value": value} for key, value in tags.items()]


@pytest.fixture
def resource(cognito_clients, request):
    return Resource(cognito_clients.iam, request.cls.noun)


class Tag:
    def test_tags_are_added_and_replaced_without_regard_to_case(self, resource):
        resource.make(team="1", stage="dev")
        resource.tag(TEAM="2", cost="3")
        assert resource.tags() == {"TEAM": "2", "stage": "dev", "cost": "3"}

    def test_fifty_are_the_most(self, resource):
        resource.make(a="1")
        with refused("LimitExceeded", "The number of tags has reached the maximum limit."):
            resource.tag(**{f"k{number}": "" for number in range(50)})
        assert resource.tags() == {"a": "1"}

    def test_keys_must_differ(self, resource):
        resource.make()
        with refused("InvalidInput"):
            resource.tag(a="1", A="2")


class Untag:
    def test_keys_have_no_case_and_missing_ones_change_nothing(self, resource):
        resource.make(a="1", b="2")
        resource.untag("A", "c")
        assert resource.tags() == {"b": "2"}


class ListTags:
    def test_by_key_in_pages(self, resource):
        resource.make(c="3", a="1", b="2")
        first = resource.list(MaxItems=2)
        assert [tag["Key"] for tag in first["Tags"]] == ["a", "b"]
        assert first["IsTruncated"] is True
        rest = resource.list(Marker=first["Marker"])
        assert (rest["Tags"], rest["IsTruncated"]) == ([{"Key": "c", "Value": "3"}], False)

    def test_a_missing_resource(self, resource):
        with refused("NoSuchEntity"):
            resource.list()


class TestTagUser(Tag):
    noun = "user"


class TestUntagUser(Untag):
    noun = "user"


class TestListUserTags(ListTags):
    noun = "user"


class TestTagSAMLProvider(Tag):
    noun = "saml_provider"


class TestUntagSAMLProvider(Untag):
    noun = "saml_provider"


class TestListSAMLProviderTags(ListTags):
    noun = "saml_provider"


class TestTagsOfOIDCProviders(Tag):
    noun = "open_id_connect_provider"


class TestListOpenIDConnectProviderTags(ListTags):
    noun = "open_id_connect_provider"
