"""Amplify 5 on Node.js, unmodified, with what `cogmock env --format aws-exports` prints."""

from pathlib import Path

import pytest
from support import npm

from cogmock import cli

HERE = Path(__file__).parent / "amplify5"


@pytest.mark.node
@pytest.mark.slow
def test_signs_in_with_the_printed_file_alone(cognito_server, capsys):
    modules = npm.installed("amplify5", npm.NODE.parent / "node-amplify5")
    users = {"ada": {"email": "ada@example.com"}}
    pool = cognito_server.make_pool(users=users, client={"ExplicitAuthFlows": ["ALLOW_USER_SRP_AUTH"]})
    assert cli.main(["env", "--format", "aws-exports", "--url", cognito_server.url]) == 0
    asked = {
        "exports": capsys.readouterr().out,
        "username": "ada",
        "password": pool.user("ada").password,
    }
    answer = npm.answered(modules, HERE / "sign_in.cjs", asked)
    assert answer["claims"]["iss"] == f"{cognito_server.url}/{pool.id}"
    assert answer["attributes"]["email"] == "ada@example.com"
    assert answer["configured"]["userPoolWebClientId"] == pool.client_id
