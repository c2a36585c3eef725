"""`make drift`: what it prints when AWS's service models change, with wheels made here."""

import copy
import gzip
import json
import zipfile

import botocore.loaders
import pytest

from scripts import drift
from scripts.models import SERVICES


@pytest.fixture
def wheel(tmp_path):
    """Makes a wheel of botocore 9.9.9 whose model of user pools is changed by a function."""
    loader = botocore.loaders.Loader()

    def make(change):
        path = tmp_path / "botocore-9.9.9-py3-none-any.whl"
        with zipfile.ZipFile(path, "w") as archive:
            for service in SERVICES:
                model = copy.deepcopy(loader.load_service_model(service, "service-2"))
                if service == "cognito-idp":
                    change(model)
                content = gzip.compress(json.dumps(model).encode(), compresslevel=1)
                archive.writestr(f"botocore/data/{service}/2016-04-18/service-2.json.gz", content)
        return path

    return make


def changed(model):
    operations, shapes = model["operations"], model["shapes"]
    operations["CreateMoon"] = operations["CreateGroup"] | {"name": "CreateMoon"}
    del operations["CreateTerms"]
    operations["GetUser"]["errors"].append({"shape": "LimitExceededException"})
    shapes["CreateGroupRequest"]["members"]["Colour"] = {"shape": "StringType"}
    shapes["CreateGroupRequest"]["required"].append("Description")
    shapes["GroupNameType"]["max"] = 64
    shapes["UserStatusType"]["enum"].append("ASLEEP")
    shapes["CreateGroupRequest"]["members"]["Precedence"]["shape"] = "StringType"


class TestDrift:
    def test_each_change_has_its_line(self, wheel):
        first, *lines = drift.report(wheel(changed))
        assert first.startswith("cognito-idp: ")
        assert first.endswith(" → 9.9.9")
        assert {line.strip() for line in lines} == {
            "+ operation CreateMoon",
            "- operation CreateTerms",
            "+ GetUser: error LimitExceededException",
            "+ CreateGroupRequest: member Colour",
            "+ CreateGroupRequest: required Description",
            "~ GroupNameType: max was 128, is 64",
            "+ UserStatusType: enum ASLEEP",
            '~ CreateGroupRequest.Precedence: shape was "PrecedenceType", is "StringType"',
        }

    def test_it_prints_nothing_where_nothing_changed(self, wheel, monkeypatch, capsys):
        monkeypatch.setattr("sys.argv", ["drift", str(wheel(lambda _: None))])
        assert drift.main() == 0
        assert capsys.readouterr().out == ""

    def test_a_change_is_no_failure_and_leads_to_the_page_that_says_what_to_do(
        self, wheel, monkeypatch, capsys
    ):
        monkeypatch.setattr("sys.argv", ["drift", str(wheel(changed))])
        assert drift.main() == 0
        assert "CONTRIBUTING.md" in capsys.readouterr().out

    def test_prose_is_no_change(self, wheel):
        def reworded(model):
            model["operations"]["GetUser"]["documentation"] = "new words"

        assert list(drift.report(wheel(reworded))) == []
