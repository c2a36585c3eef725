"""State: documents and snapshots in and out, and dropping everything."""

import io

from support.http import ask
from werkzeug.test import EnvironBuilder

OWN = {"Origin": "http://localhost:4577"}
DOCUMENT = "pools:\n  - PoolName: shop\n    users: [{Username: ada, password: Corr3ct-Horse!}]\n"


def _upload(console, path, name, content):
    built = EnvironBuilder(method="POST", data={"file": (io.BytesIO(content), name)})
    environ = built.get_environ()
    body = environ["wsgi.input"].read()
    return ask(
        console.application,
        "POST",
        f"/_cogmock{path}",
        body,
        headers=OWN,
        content_type=environ["CONTENT_TYPE"],
    )


class TestDocuments:
    def test_are_applied_from_text(self, console, world):
        answer = console.post("/ui/state/apply", document=DOCUMENT)
        assert b"2 created" in answer.body or b"created" in answer.body
        [pool] = world.region().user_pools
        assert "ada" in pool.users

    def test_are_applied_from_files_of_each_kind(self, console, world):
        for name, content in (
            ("a.yaml", b"pools: [{PoolName: one}]"),
            ("b.json", b'{"pools": [{"PoolName": "two"}]}'),
            ("c.toml", b'[[pools]]\nPoolName = "three"'),
        ):
            assert _upload(console, "/ui/state/apply", name, content).status == 200
        assert {pool.name for pool in world.region().user_pools} == {"one", "two", "three"}

    def test_show_what_they_would_change(self, console, world):
        answer = console.post("/ui/state/apply", document=DOCUMENT, dry_run="true")
        assert b"created" in answer.body
        assert not world.region().user_pools

    def test_with_faults_change_nothing_and_say_the_line(self, console, world):
        answer = console.post("/ui/state/apply", document="pools:\n  - PoolNam: shop\n")
        assert answer.status == 400
        assert answer.body.count(b"Line 2: ") == 1
        assert b"PoolNam" in answer.body


class TestSnapshots:
    def test_go_out_and_in(self, console, shop, world):
        kept = console.get("/snapshot").body
        assert console.post("/ui/state/drop").status == 303
        assert world.find_pool(shop["pool"]) is None
        assert _upload(console, "/ui/state/restore", "snapshot.json", kept).status == 303
        assert "ada" in world.find_pool(shop["pool"])[1].users

    def test_that_are_none_change_nothing(self, console, shop, world):
        assert _upload(console, "/ui/state/restore", "snapshot.json", b"{}").status == 400
        assert world.find_pool(shop["pool"])


class TestDropping:
    def test_without_a_document_says_so(self, console, shop, world):
        answer = console.post("/ui/state/drop", apply="true")
        assert (answer.status, b"without --config" in answer.body) == (400, True)
        assert world.find_pool(shop["pool"])


class TestCode:
    def test_is_offered_for_one_region(self, console, aws, shop):
        page = console.get("/ui/state").body.decode()
        for form in ("cfn", "terraform"):
            assert f'href="/_cogmock/export?format={form}"' in page
            assert console.get(f"/export?format={form}").status == 200

    def test_of_several_regions_says_how_to_get_it(self, console, aws, shop):
        ask(
            console.application,
            "POST",
            "/",
            {"PoolName": "other"},
            headers={
                "X-Amz-Target": "AWSCognitoIdentityProviderService.CreateUserPool",
                "Authorization": "AWS4-HMAC-SHA256 Credential=test/20260101/eu-west-1/cognito-idp/aws4_request",
            },
        )
        page = console.get("/ui/state").body.decode()
        assert "format=cfn" not in page
        assert "hold one Region" in console.text("/ui/state")

    def test_of_users_is_a_form_that_names_the_pool(self, console, shop):
        page = console.get("/ui/state").body.decode()
        assert f'<option value="{shop["pool"]}">' in page
        answer = console.get(f"/export?format=csv&user_pool_id={shop['pool']}")
        assert answer.body.decode().splitlines()[1].endswith(",ada")
