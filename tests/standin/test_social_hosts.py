"""Where the hosts of the social providers are found."""

import pytest

from cogmock.core.world import World
from cogmock.settings import Settings
from cogmock.standin.hosts import HOSTS, where

IDP = "http://localhost:4577/_cogmock/idp"


@pytest.mark.parametrize(("name", "host"), [(name, host) for name, hosts in HOSTS.items() for host in hosts])
class TestWhere:
    def test_by_default_it_is_the_stand_in(self, name, host):
        assert where(Settings(), host) == f"{IDP}/{name}"
        public = Settings(public_url="https://cognito.example/")
        assert where(public, host) == f"https://cognito.example/_cogmock/idp/{name}"

    def test_without_pretence_it_is_the_provider(self, name, host):
        assert where(Settings(pretend="off"), host) == f"https://{host}"

    @pytest.mark.parametrize("pretend", ["social", "off"])
    def test_a_url_of_the_settings_counts_first(self, name, host, pretend):
        other = Settings(pretend=pretend, social=(f"{host}=http://127.0.0.1:9/x/",))
        assert where(other, host) == "http://127.0.0.1:9/x"

    def test_a_url_for_the_first_host_covers_all_hosts_of_a_provider(self, name, host):
        assert where(Settings(social=(f"{HOSTS[name][0]}=http://127.0.0.1:9",)), host) == "http://127.0.0.1:9"


def test_other_hosts_are_left_as_they_are():
    assert where(Settings(), "login.example") == "https://login.example"


@pytest.mark.parametrize(
    ("entry", "words"),
    [
        ("accounts.google.com", "give HOST=URL"),
        ("accounts.google.com=127.0.0.1:9", "give HOST=URL"),
        ("accounts.gogle.com=http://127.0.0.1:9", "'accounts.gogle.com' is no host of a social provider"),
    ],
)
def test_an_entry_that_leads_nothing_anywhere_is_refused_at_the_start(entry, words):
    with pytest.raises(ValueError, match=words):
        World(Settings(social=(entry,)))
