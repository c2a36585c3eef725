"""The table of services agrees with AWS's own models, and names hosts as AWS does."""

from __future__ import annotations

import json
from importlib.resources import files

import pytest

from cogmock import services


@pytest.mark.parametrize("service", services.SERVICES, ids=lambda service: service.name)
class TestEach:
    def test_has_the_target_and_version_of_its_model(self, service):
        about = json.loads((files("cogmock.aws") / f"{service.name}.json").read_bytes())["metadata"]
        assert service.target == about.get("targetPrefix", "")
        assert service.version == about["apiVersion"]

    @pytest.mark.parametrize("fips", ["", "-fips"])
    def test_is_found_by_its_host(self, service, fips):
        found = services.of_host(f"{service.name}{fips}.us-gov-west-1.amazonaws.com")
        assert found == services.Host(service.name, "us-gov-west-1")


def test_other_hosts_are_nobodys():
    for host in ("s3.amazonaws.com", "cognito-idp.us-east-1.amazonaws.com.evil.example", "sts", ""):
        assert services.of_host(host) is None
