"""docs/cogmock.schema.json: it takes what is applied, and rejects what is not."""

from __future__ import annotations

import json
import re
from pathlib import Path

import jsonschema
import pytest
import yaml
from support import npm
from support.shop_document import SHOP

from cogmock.definitions import blocks
from cogmock.definitions.exporting.document import export
from scripts import config_schema

ROOT = Path(__file__).resolve().parents[2]
SCHEMA = json.loads((ROOT / "docs" / "cogmock.schema.json").read_text(encoding="utf-8"))
VALIDATOR = jsonschema.Draft7Validator(SCHEMA)
PAGES = ["seeding.md", "federation-offline.md", "getting-started.md", "protect.md"]


def faults(document):
    return [f"{error.json_path}: {error.message}" for error in VALIDATOR.iter_errors(document)]


def shown_documents():
    """All documents that the pages and examples show."""
    for name in PAGES:
        path = ROOT / "docs" / name
        for block in re.findall(r"```yaml\n(.*?)```", path.read_text(encoding="utf-8"), re.DOTALL):
            yield pytest.param(block, id=name)
    for path in sorted((ROOT / "examples").rglob("cogmock.yaml")):
        yield pytest.param(path.read_text(encoding="utf-8"), id=str(path.relative_to(ROOT)))
    yield pytest.param(SHOP, id="the document of the tests")


def test_it_is_a_schema():
    jsonschema.Draft7Validator.check_schema(SCHEMA)


@pytest.mark.parametrize("text", [*shown_documents()])
def test_it_takes_the_documents_that_are_shown(text):
    document = yaml.safe_load(text)
    if isinstance(document, dict) and document.keys() <= blocks.TOP.ours.keys():
        assert faults(document) == []


@pytest.mark.parametrize("secrets", [True, False])
def test_it_takes_what_an_export_writes(documents, secrets):
    documents.apply(SHOP)
    assert faults(export(documents.world, secrets=secrets)) == []


def test_it_takes_what_describe_answers(documents):
    documents.apply(SHOP)
    described = json.loads(json.dumps(documents.pool(), default=str))
    assert faults({"pools": [described]}) == []


@pytest.mark.parametrize(
    "text",
    [
        "pools: [{PoolName: shop, MfaConfiguration: OFF}]",
        "pools: [{PoolName: '${NAME}', MfaConfiguration: '${MFA:-OFF}', UserPoolTier: '${TIER}'}]",
        "pools: [{PoolName: shop, Policies: {PasswordPolicy: {MinimumLength: '12'}}}]",
        "pools: [{PoolName: shop, users: [{Username: 007, password: 12345678}]}]",
        "accounts: {'210987654321': {pools: [{PoolName: shop}]}}",
        "server: {issuer: aws, port: 4600}",
        "personas: [{email: ada@example.com}]",
    ],
)
def test_it_takes(text, documents):
    assert faults(yaml.safe_load(text)) == []


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("pool: []", "$"),
        ("pools: {}", "$.pools"),
        ("pools: [{}]", "$.pools[0]"),
        ("pools: [{PoolName: shop, MfaConfiguration: MAYBE}]", "$.pools[0].MfaConfiguration"),
        ("pools: [{PoolName: shop, passwords: 1}]", "$.pools[0]"),
        ("pools: [{PoolName: shop, clients: [{}]}]", "$.pools[0].clients[0]"),
        (
            "pools: [{PoolName: shop, Policies: {PasswordPolicy: {MinimumLength: 3}}}]",
            "$.pools[0].Policies.PasswordPolicy.MinimumLength",
        ),
        ("pools: [{PoolName: shop, users: [{Username: ada, status: GONE}]}]", "$.pools[0].users[0].status"),
        (
            "pools: [{PoolName: shop, users: [{Username: ada, disabled: maybe}]}]",
            "$.pools[0].users[0].disabled",
        ),
        ("identity_pools: [{IdentityPoolName: shop, roles: {guest: x}}]", "$.identity_pools[0].roles"),
        ("roles: [{RoleName: r}]", "$.roles[0]"),
        ("accounts: {12: {}}", "$.accounts"),
        ("server: {isuer: aws}", "$.server"),
        ("personas: [{name: Ada}]", "$.personas[0]"),
    ],
)
def test_it_rejects_with_the_place(text, place):
    document = json.loads(json.dumps(yaml.safe_load(text)))
    assert place in [error.json_path for error in VALIDATOR.iter_errors(document)]


def test_every_key_says_what_it_is():
    for name in [*config_schema.OPERATIONS, *config_schema.PLAIN]:
        for key, of in SCHEMA["$defs"][name]["properties"].items():
            assert of.get("description"), (name, key)
    assert all(of.get("description") for of in SCHEMA["properties"].values())


@pytest.mark.node
class TestInAnEditor:
    """The language server that editors use for YAML completes keys and values, and marks faults."""

    @pytest.fixture
    def asked(self):
        modules = npm.installed()

        def ask(text, line, character):
            given = {"schema": SCHEMA, "text": text, "line": line, "character": character}
            return npm.answered(modules, "yaml_completion.js", given)

        return ask

    def test_keys_are_completed(self, asked):
        labels = asked("pools:\n  - PoolName: shop\n    \n", 2, 4)["labels"]
        assert {"AliasAttributes", "clients", "users", "domain"} <= set(labels)

    def test_values_are_completed(self, asked):
        labels = asked("pools:\n  - PoolName: shop\n    UserPoolTier: \n", 2, 18)["labels"]
        assert {"LITE", "ESSENTIALS", "PLUS"} <= set(labels)

    def test_faults_are_marked(self, asked):
        [fault, *_] = asked("pools:\n  - PoolName: shop\n    passwords: 1\n", 0, 0)["faults"]
        assert fault["line"] == 2
