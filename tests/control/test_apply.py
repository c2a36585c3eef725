"""POST /_cogmock/apply, and a reset that applies the document of --config again."""

from __future__ import annotations

import pytest
from support.http import ask

from cogmock.core.world import World
from cogmock.settings import Settings
from cogmock.web.app import Application

SHOP = "pools:\n  - id: us-east-1_Shop\n    PoolName: shop\n    users: [{Username: ada, password: Corr3ct-Horse!}]\n"


def post(control, body, query="", content_type="application/yaml"):
    return control("POST", f"/apply{query}", body.encode(), content_type=content_type)


class TestApply:
    def test_answers_with_what_was_changed(self, control, aws):
        answer = post(control, SHOP)
        assert answer.status == 200
        assert answer.json["changes"][0] == {
            "kind": "user_pool", "id": "us-east-1_Shop", "name": "shop", "change": "created", "fields": [],
        }  # fmt: skip
        assert answer.json["summary"] == {"created": 2, "updated": 0, "unchanged": 0, "deleted": 0}
        assert aws("DescribeUserPool", UserPoolId="us-east-1_Shop")["UserPool"]["Name"] == "shop"

    @pytest.mark.parametrize(
        ("content_type", "body"),
        [
            ("application/json", '{"pools": [{"PoolName": "shop"}]}'),
            ("application/json", "pools: [{PoolName: shop}]"),
            ("text/plain", "pools: [{PoolName: shop}]"),
            ("application/toml", '[[pools]]\nPoolName = "shop"'),
        ],
    )
    def test_takes_json_yaml_and_toml(self, control, content_type, body):
        assert post(control, body, content_type=content_type).json["summary"]["created"] == 1

    def test_faults_have_path_and_line_and_change_nothing(self, control, world):
        answer = post(control, SHOP + "    colour: red\n")
        assert (answer.status, answer.json["error"]) == (400, "InvalidConfig")
        (fault,) = answer.json["faults"]
        assert (fault["path"], fault["line"]) == ("pools[0].colour", 5)
        assert fault["message"].startswith("unknown key 'colour'")
        assert not len(world.region().user_pools)

    def test_a_dry_run_and_pruning(self, control, aws, world):
        assert post(control, SHOP, "?dry_run=true").json["summary"]["created"] == 2
        assert not len(world.region().user_pools)
        aws("CreateUserPool", PoolName="other")
        assert post(control, SHOP, "?prune=true").json["summary"]["deleted"] == 1

    @pytest.mark.parametrize(
        ("query", "body", "error"),
        [
            ("?prun=true", SHOP, "InvalidRequest"),
            ("?prune=perhaps", SHOP, "InvalidRequest"),
            ("", "pools: [", "InvalidConfig"),
            ("", "[" * 5000, "InvalidConfig"),
        ],
    )
    def test_what_is_wrong_is_told(self, control, query, body, error):
        answer = post(control, body, query)
        assert (answer.status, answer.json["error"]) == (400, error)

    def test_a_body_that_is_no_text(self, control):
        answer = control("POST", "/apply", b"\xff\xfe", content_type="application/yaml")
        assert (answer.status, answer.json["message"]) == (400, "The body is not a text in UTF-8.")

    def test_an_empty_body_changes_nothing(self, control):
        assert post(control, "").json == {
            "changes": [],
            "summary": {"created": 0, "updated": 0, "unchanged": 0, "deleted": 0},
        }


class TestReset:
    @pytest.fixture
    def config(self, tmp_path):
        file = tmp_path / "cogmock.yaml"
        file.write_text(SHOP)
        return file

    @pytest.fixture
    def configured(self, config):
        world = World(Settings(config=str(config)))
        return world, lambda body: ask(Application(world), "POST", "/_cogmock/reset", body)

    def test_drops_all_and_applies_the_document_again(self, configured):
        world, reset = configured
        assert reset({"apply": True}).status == 200
        assert [pool.name for pool in world.region().user_pools] == ["shop"]
        assert reset({}).status == 200
        assert not len(world.region().user_pools)

    def test_a_fault_is_told_before_anything_is_dropped(self, configured, config):
        world, reset = configured
        reset({"apply": True})
        config.write_text("pools: [{PoolNam: shop}]")
        answer = reset({"apply": True})
        assert (answer.status, answer.json["error"]) == (400, "InvalidConfig")
        assert [pool.name for pool in world.region().user_pools] == ["shop"]

    def test_without_a_document_there_is_nothing_to_apply(self, control):
        answer = control("POST", "/reset", {"apply": True})
        assert (answer.status, answer.json["error"]) == (400, "InvalidRequest")
        assert "started without --config" in answer.json["message"]
