"""What a first pool costs, counted in modules rather than in seconds."""

import subprocess
import sys
import textwrap

import pytest

FORBIDDEN = {
    "werkzeug", "jinja2", "jwt", "cattrs", "regex", "xmltodict", "asyncio", "requests", "httpx", "aiohttp", "h11",
    "http.server", "yaml", "rich", "fido2", "lxml", "signxml", "segno", "moto", "pytest", "sqlite3",
}  # fmt: skip

NEEDLESS = (
    "cogmock.core.functions", "cogmock.core.triggers", "cogmock.core.tokens", "cogmock.core.document_fetch",
    "cogmock.standin", "cogmock.userpools.rules.cimd.documents", "cogmock.userpools.rules.admission.rates",
    "cogmock.userpools.rules.restoring", "cogmock.persistence", "cogmock.federation", "cogmock.iam",
)  # fmt: skip
"""What begin names of our modules that a first pool does not need."""


def modules_after(script, before="import boto3"):
    """The modules that a script imports, beyond those of boto3 and its first client."""
    whole = f"""
import os, sys
os.environ |= {{"AWS_ACCESS_KEY_ID": "a", "AWS_SECRET_ACCESS_KEY": "b", "AWS_DEFAULT_REGION": "us-east-1"}}
{before}
before = set(sys.modules)
{textwrap.dedent(script)}
print(*sorted(set(sys.modules) - before))
"""
    ran = subprocess.run([sys.executable, "-c", whole], capture_output=True, text=True, check=False)
    assert ran.stderr == ""
    return set(ran.stdout.split())


class TestImports:
    def test_cogmock_alone_imports_itself(self):
        assert modules_after("import cogmock", before="import typing, __future__") == {"cogmock"}

    def test_all_that_is_exported_is_there(self):
        import cogmock

        assert {name: getattr(cogmock, name).__name__ for name in cogmock.__all__} == {
            name: name for name in cogmock.__all__
        }
        assert set(cogmock.__all__) <= set(dir(cogmock))
        with pytest.raises(AttributeError, match="nothing"):
            _ = cogmock.nothing

    def test_mock_cognito_imports_no_world(self):
        loaded = modules_after("from cogmock import mock_cognito")
        assert not FORBIDDEN & loaded
        assert not [
            name for name in loaded if name.startswith(("cogmock.core", "cogmock.web", "cogmock.userpools"))
        ]

    def test_an_empty_mock_makes_no_world(self):
        loaded = modules_after("""
            from cogmock import mock_cognito
            with mock_cognito():
                pass
        """)
        assert not FORBIDDEN & loaded
        assert "cogmock.core.world" not in loaded

    def test_the_first_pool_imports_only_what_it_needs(self):
        loaded = modules_after(
            """
            from cogmock import mock_cognito
            with mock_cognito():
                boto3.client("cognito-idp").create_user_pool(PoolName="x")
            """,
            before="import boto3; boto3.client('cognito-idp')",
        )
        assert "cogmock.userpools.operations.pools" in loaded
        assert not FORBIDDEN & loaded
        ours = {name for name in loaded if name.startswith("cogmock")}
        assert not {name for name in ours if name.startswith(NEEDLESS)}
        assert len(ours) <= 132

    def test_the_first_pool_writes_few_constructors_and_compiles_few_patterns(self):
        found = modules_after(
            """
            import dataclasses, re
            written, compiled = [], set()
            process, compile_ = dataclasses._process_class, re._compile
            dataclasses._process_class = lambda cls, *more: written.append(cls) or process(cls, *more)
            re._compile = lambda *args: compiled.add(args) or compile_(*args)
            from cogmock import mock_cognito
            with mock_cognito():
                boto3.client("cognito-idp").create_user_pool(PoolName="x")
            sys.modules |= dict.fromkeys((f"written-{len(written)}", f"compiled-{len(compiled)}"))
            """,
            before="import boto3; boto3.client('cognito-idp')",
        )
        counts = dict(name.split("-") for name in found if name.startswith(("written-", "compiled-")))
        assert int(counts["written"]) <= 14
        assert int(counts["compiled"]) <= 45

    def test_a_user_with_attributes_needs_no_library_for_scripts_beyond_ascii(self):
        loaded = modules_after(
            """
            from cogmock import mock_cognito
            with mock_cognito():
                idp = boto3.client("cognito-idp")
                pool = idp.create_user_pool(PoolName="x")["UserPool"]["Id"]
                attributes = [{"Name": "name", "Value": "Ada Lovelace"}, {"Name": "email", "Value": "a@b.c"}]
                idp.admin_create_user(UserPoolId=pool, Username="ada", UserAttributes=attributes)
            """,
            before="import boto3; boto3.client('cognito-idp')",
        )
        assert "cogmock.userpools.operations.users" in loaded
        assert not FORBIDDEN & loaded

    def test_keys_tokens_and_sts_need_no_web_framework(self):
        loaded = modules_after(
            """
            from cogmock import mock_cognito
            import json, urllib.request
            with mock_cognito():
                pool = boto3.client("cognito-idp").create_user_pool(PoolName="x")["UserPool"]["Id"]
                url = f"https://cognito-idp.us-east-1.amazonaws.com/{pool}/.well-known/"
                for name in ("jwks.json", "openid-configuration"):
                    json.load(urllib.request.urlopen(url + name))
                boto3.client("sts").get_caller_identity()
            """,
            before="import boto3; boto3.client('cognito-idp'); boto3.client('sts')",
        )
        assert "cogmock.web.documents" in loaded
        assert "cogmock.web.query_api" in loaded
        assert not {name for name in FORBIDDEN & loaded if name != "xmltodict"}

    def test_only_the_doors_of_what_is_loaded_are_loaded(self):
        loaded = modules_after("""
            from cogmock import mock_cognito
            with mock_cognito():
                pass
        """)
        assert (
            not {f"cogmock.testing.doors.{name}" for name in ("requests", "httpx", "aiohttp", "moto")}
            & loaded
        )
