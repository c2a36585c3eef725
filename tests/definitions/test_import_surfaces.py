"""Imports over HTTP and by the command line."""

from __future__ import annotations

import json
from urllib.parse import urlencode

import pytest
from support.http import ask
from support.templates import SHOP

from cogmock import cli
from cogmock.web.app import Application

TEMPLATE = json.dumps({"Resources": {"Pool": {"Type": "AWS::Cognito::UserPool"}}})

BOMB = "a: &a [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{name}: &{name} [{', '.join(['*' + before] * 10)}]\n"
    for before, name in zip("abcdefgh", "bcdefghi", strict=True)
)


@pytest.fixture
def post(documents):
    application = Application(documents.world)

    def send(body, **query):
        target = f"/_cogmock/import?{urlencode(query)}"
        return ask(application, "POST", target, body.encode() if isinstance(body, str) else body)

    return send


class TestOverHttp:
    def test_the_answer(self, post, documents):
        answer = post(SHOP, stack="shop", parameters='{"Google": "yes"}')
        assert answer.status == 200
        assert answer.json["outputs"]["PoolId"] == answer.json["resources"]["Pool"] == documents.pools()[0]
        assert answer.json["skipped"][0]["logical_id"] == "Files"
        assert answer.json["summary"]["created"] > 5

    def test_a_fault_has_its_place(self, post, documents):
        answer = post("Resources:\n  Pool:\n    Type: AWS::Cognito::UserPool\n    Properties: {Nope: 1}\n")
        assert (answer.status, answer.json["error"]) == (400, "InvalidConfig")
        assert answer.json["faults"][0]["path"] == "Resources.Pool.Properties.Nope"
        assert answer.json["faults"][0]["line"] == 4
        assert documents.pools() == []

    @pytest.mark.parametrize(
        ("query", "message"),
        [
            ({"kind": "pulumi"}, "'kind' must be one of cloudformation, cdk,"),
            ({"stack": "a b"}, "'stack' must match"),
            ({"region": "../"}, "'region' must match"),
            ({"parameters": "[1]"}, "'parameters' must be a JSON object"),
            ({"pool": "x"}, "There is no parameter 'pool' here"),
        ],
    )
    def test_a_parameter_that_is_wrong(self, post, query, message):
        answer = post(TEMPLATE, **query)
        assert answer.status == 400
        assert message in answer.json["message"]

    def test_a_body_that_is_no_text(self, post):
        answer = post(b"\xff\xfe\x00")
        assert (answer.status, answer.json["message"]) == (400, "The body is not a text in UTF-8.")

    @pytest.mark.parametrize(
        "kind", ["cloudformation", "cdk", "sam", "serverless", "terraform", "csv", "cognito-local"]
    )
    @pytest.mark.parametrize(
        "body",
        [
            "",
            "[]",
            "3",
            "{}",
            '{"files": {}}',
            "a: b",
            '{"files": {"manifest.json": "[]"}}',
            '{"Resources": 3}',
        ],
    )
    def test_a_wrong_file_is_never_an_error_of_the_server(self, post, kind, body):
        assert post(body, kind=kind).status in {200, 400}


class TestHostileFiles:
    @pytest.mark.parametrize(
        ("body", "message"),
        [
            (BOMB, "the aliases of the document stand for more than"),
            ("Resources: {A: {Type: " + "[" * 5000 + "]" * 5000 + "}}", "maximum nesting depth"),
            ('{"Resources": ' + '{"a":' * 5000 + "1" + "}" * 5001, "nested deeper"),
            ("Resources: {A: {Type: X}, A: {Type: Y}}", "the key stands twice"),
            ('{"Resources": {}, "Resources": {}}', "stands twice"),
            ("service: a\nprovider: {name: aws}\ncustom: {a: '" + "${self:" * 3000 + "'}", ""),
            ("cognito:username\n" + '"' + "x" * 200_000, ""),
        ],
        ids=["bomb", "deep yaml", "deep json", "twice", "twice in json", "open variables", "open quote"],
    )
    def test_they_are_refused_at_once(self, post, documents, body, message):
        documents.apply("pools: [{id: us-east-1_Shop, PoolName: shop}]")
        answer = post(body)
        assert answer.status in {200, 400}
        assert message in json.dumps(answer.json)
        assert documents.pools() == ["us-east-1_Shop"]

    def test_a_template_with_very_many_references_is_read_in_time(self, post):
        parts = [{"Ref": "Pool"}] * 5_000
        document = {
            "Resources": {"Pool": {"Type": "AWS::Cognito::UserPool"}},
            "Outputs": {"Value": {"Value": {"Fn::Join": [",", parts]}}},
        }
        answer = post(json.dumps(document))
        assert answer.json["outputs"]["Value"].count("us-east-1_") == 5_000


class TestCommandLine:
    @pytest.fixture
    def run(self, cognito_server, capsys):
        def given(*arguments):
            status = cli.main(["import", "--url", cognito_server.url, *map(str, arguments)])
            return status, capsys.readouterr()

        return given

    def test_it_prints_what_was_imported(self, run, tmp_path, cognito_server):
        file = tmp_path / "shop.yaml"
        file.write_text(SHOP)
        status, printed = run(file, "--parameter", "Google=yes")
        assert status == 0
        assert "- Files (AWS::S3::Bucket): cogmock has no such resource" in printed.out
        assert printed.out.splitlines()[-1].endswith("created, 0 updated, 0 unchanged, 0 deleted")
        status, printed = run(file, "--parameter", "Google=yes", "--json")
        assert json.loads(printed.out)["summary"]["created"] == 0

    def test_faults_are_printed_with_file_and_line(self, run, tmp_path):
        file = tmp_path / "shop.yaml"
        file.write_text("Resources:\n  Pool: {Type: AWS::Cognito::UserPool, Properties: {Nope: 1}}\n")
        status, printed = run(file)
        assert status == 2
        assert printed.err.startswith("shop.yaml:2: Resources.Pool.Properties.Nope: unknown key 'Nope'")

    def test_a_serverless_file_with_the_files_and_variables_that_it_names(self, run, tmp_path, monkeypatch):
        monkeypatch.setenv("SHOP_NAME", "shop")
        (tmp_path / "serverless.yml").write_text(
            "service: shop\nprovider: {name: aws}\nresources: ${file(./resources.yml)}\n"
        )
        (tmp_path / "resources.yml").write_text(
            "Resources: {Pool: {Type: AWS::Cognito::UserPool, Properties: {UserPoolName: '${env:SHOP_NAME}'}}}"
        )
        status, printed = run(tmp_path, "--json")
        assert status == 0, printed.err
        assert json.loads(printed.out)["changes"][0]["name"] == "shop"

    def test_the_folder_of_cognito_local(self, run, tmp_path):
        folder = tmp_path / ".cognito" / "db"
        folder.mkdir(parents=True)
        (folder / "us-east-1_Local.json").write_text(
            json.dumps({"Options": {"Id": "us-east-1_Local", "Name": "local"}, "Users": {}})
        )
        (folder / "clients.json").write_text(json.dumps({"Clients": {}}))
        status, printed = run(tmp_path, "--json")
        assert status == 0, printed.err
        assert json.loads(printed.out)["resources"] == {"us-east-1_Local": "us-east-1_Local"}

    @pytest.mark.parametrize("arguments", [["nope.yaml"], ["/dev/zero"]])
    def test_a_file_that_cannot_be_read(self, run, arguments):
        status, printed = run(*arguments)
        assert status == 2
        assert "cannot be read" in printed.err

    def test_a_parameter_without_a_value(self, run):
        with pytest.raises(SystemExit) as ended:
            run("x.yaml", "--parameter", "Stage")
        assert ended.value.code == 2
