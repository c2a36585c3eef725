"""What is wrong with a document is told with the place and with what would be right."""

from __future__ import annotations

import pytest
from support.waiting import cheaply

POOL = "pools:\n  - id: us-east-1_Shop\n    PoolName: shop\n"


class TestPlaces:
    def test_an_unknown_key_of_aws_has_its_line_and_a_suggestion(self, documents):
        text = POOL + "    AutoVerifiedAtributes: [email]\n"
        message = "unknown key 'AutoVerifiedAtributes'; did you mean 'AutoVerifiedAttributes'?"
        assert documents.faults(text) == [("pools[0].AutoVerifiedAtributes", 4, message)]

    def test_an_unknown_key_of_ours(self, documents):
        message = "unknown key 'client'; did you mean 'clients'?"
        assert documents.faults(POOL + "    client: []\n") == [("pools[0].client", 4, message)]

    def test_an_unknown_key_deep_inside(self, documents):
        text = POOL + "    Policies:\n      PasswordPolicy:\n        MinLength: 6\n"
        ((path, line, message),) = documents.faults(text)
        assert (path, line) == ("pools[0].Policies.PasswordPolicy.MinLength", 6)
        assert "did you mean 'MinimumLength'?" in message

    def test_a_broken_constraint_names_value_and_rule(self, documents):
        text = POOL + "    clients:\n      - ClientName: web\n        ExplicitAuthFlows: [ALLOW_MAGIC]\n"
        ((path, line, message),) = documents.faults(text)
        assert (path, line) == ("pools[0].clients[0].ExplicitAuthFlows", 6)
        assert "ALLOW_USER_SRP_AUTH" in message

    def test_a_missing_key_is_told_where_its_block_begins(self, documents):
        text = "pools:\n\n  - id: us-east-1_Shop\n    clients: []\n"
        assert documents.faults(text) == [("pools[0].PoolName", 3, "this key is required")]

    def test_a_duplicate_is_told_at_the_second(self, documents):
        text = POOL + "    PoolName: other\n"
        assert documents.faults(text) == [
            ("pools[0].PoolName", 4, "the key stands twice; it is first on line 3")
        ]

    def test_all_faults_come_together(self, documents):
        text = (
            POOL
            + "    Colour: red\n    users:\n      - {Username: ada, attributes: [1]}\n      - {password: x}\n"
        )
        assert [(path, line) for path, line, _ in documents.faults(text)] == [
            ("pools[0].Colour", 4),
            ("pools[0].users[0].attributes", 6),
            ("pools[0].users[1].Username", 7),
        ]

    def test_those_of_form_and_of_variables_come_with_the_others(self, documents):
        text = (
            POOL
            + "    PoolName: other\n    MfaConfiguration: ${COGMOCK_TEST_NOWHERE}\n    clients:\n"
            + "      - {ExplicitAuthFlows: [ALLOW_MAGIC], RefreshTokenValidity: long, Shade: 1}\n"
            + "      - {ClientNam: web}\n"
        )
        assert [(path, line) for path, line, _ in documents.faults(text)] == [
            ("pools[0].PoolName", 4),
            ("pools[0].MfaConfiguration", 5),
            ("pools[0].clients[0].ClientName", 7),
            ("pools[0].clients[0].ExplicitAuthFlows", 7),
            ("pools[0].clients[0].RefreshTokenValidity", 7),
            ("pools[0].clients[0].Shade", 7),
            ("pools[0].clients[1].ClientNam", 8),
        ]

    def test_a_refusal_of_aws_is_told_at_the_block(self, documents):
        text = POOL + "    users:\n      - {Username: ada, password: short}\n"
        assert documents.faults(text) == [
            (
                "pools[0].users[0]",
                5,
                "Password does not conform to policy: Password not long enough",
            )
        ]

    def test_a_duplicate_of_json_has_its_line_and_comes_with_the_others(self, documents):
        text = '{"pools": [\n\t{"PoolName": "shop",\n\t "PoolName": "other",\n\t "Colour": 1}]}'
        assert documents.faults(text, kind="json") == [
            ("pools[0].PoolName", 3, "the key stands twice; it is first on line 2"),
            ("pools[0].Colour", 4, "unknown key 'Colour'"),
        ]

    def test_lines_of_json_with_tabs(self, documents):
        text = '{\n\t"pools": [\n\t\t{"PoolName": "shop",\n\t\t "Colour": 1}\n\t]\n}'
        assert documents.faults(text, kind="json")[0][:2] == ("pools[0].Colour", 4)

    def test_lines_of_toml(self, documents):
        text = '[[pools]]\nPoolName = "a"\n\n[[pools]]\nPoolName = "b"\n[[pools.clients]]\nColour = "red"\n'
        assert [(path, line) for path, line, _ in documents.faults(text, kind="toml")] == [
            ("pools[1].clients[0].ClientName", 6),
            ("pools[1].clients[0].Colour", 7),
        ] or documents.faults(text, kind="toml")[0][:2] == ("pools[1].clients[0].Colour", 7)


class TestTypes:
    @pytest.mark.parametrize(
        ("line", "message"),
        [
            ("    Schema: tenant", "must be a list, not a text"),
            ("    Policies: [1]", "must be a mapping, not a list"),
            ("    DeletionProtection: {a: b}", "must be a text, not a mapping"),
            ("    clients: {ClientName: web}", "must be a list, not a mapping"),
            ("    users: [{Username: ada, groups: [[a]]}]", "must be a text, not a list"),
            ("functions: module:handler", "must be a mapping of names to functions, not a text"),
            ("accounts: ['210987654321']", "must be a mapping of ids to accounts, not a list"),
            (
                "identity_pools: [{IdentityPoolName: shop, roles: member}]",
                "must be a mapping of kinds to roles, not a text",
            ),
            (
                "identity_pools: [{IdentityPoolName: shop, principal_tags: [a]}]",
                "must be a mapping of providers to tags, not a list",
            ),
            (
                "    AdminCreateUserConfig: {AllowAdminCreateUserOnly: perhaps}",
                "must be true or false, not a text",
            ),
        ],
    )
    def test_are_told_in_words(self, documents, line, message):
        assert documents.faults(POOL + line + "\n")[0][2] == message

    def test_numbers_that_are_texts_for_aws_keep_their_digits(self, documents):
        text = POOL + "    users:\n      - {Username: 0123, attributes: {phone_number: +15550100}}\n"
        documents.apply(text)
        assert documents.user("0123")["attributes"]["phone_number"] == "+15550100"


class TestBadFiles:
    @pytest.mark.parametrize(
        ("text", "kind", "message"),
        [
            ("pools: [", "yaml", "not valid YAML"),
            ("pools: !!python/object:os.system {}", "yaml", "is not understood here"),
            ("pools: &a [*a]", "yaml", "an alias may not contain itself"),
            ("a\0b", "yaml", "the file is binary"),
            ("{", "json", "not valid JSON"),
            ('{"pools": [], "pools": []}', "json", "the key stands twice; it is first on line 1"),
            ('{"pools": NaN}', "json", "NaN"),
            ("pools = ", "toml", "not valid TOML"),
            ("- a", "yaml", "must be a mapping, not a list"),
            ("just a text", "yaml", "must be a mapping, not a text"),
            ("pools:\n" + "  - [" * 80, "yaml", "not valid YAML"),
            ("pools: " + "[" * 100 + "]" * 100, "yaml", "nested deeper than 64 levels"),
            ('{"pools": ' + "[" * 100 + "]" * 100 + "}", "json", "nested deeper than 64 levels"),
            ('{"pools": ' + "[" * 100_000 + "]" * 100_000 + "}", "json", "nested deeper than 64 levels"),
        ],
    )
    def test_are_told_what_they_are(self, documents, text, kind, message):
        assert message in documents.faults(text, kind=kind)[0][2]

    def test_a_bomb_of_aliases_is_no_feast(self, documents, monkeypatch):
        monkeypatch.setattr("cogmock.definitions.yaml_nodes.MOST_NODES", 10_000)
        lines = ["a: &a [x, x, x, x, x, x, x, x, x, x]"]
        lines += [
            f"{name}: &{name} [{', '.join([f'*{before}'] * 10)}]"
            for before, name in zip("abcdefgh", "bcdefghi", strict=True)
        ]
        assert "aliases of the document stand for more than" in documents.faults("\n".join(lines))[0][2]

    def test_the_same_id_twice(self, documents):
        text = POOL + "  - {id: us-east-1_Shop, PoolName: other}\n"
        message = "the id us-east-1_Shop is taken by pools[0]"
        assert documents.faults(text) == [("pools[1].id", 4, message)]

    def test_what_is_named_and_is_not_there(self, documents):
        text = (
            POOL
            + "    users:\n      - {Username: ada, groups: [nobody]}\nidentity_pools:\n  - {IdentityPoolName: x, clients: [web]}\n"
        )
        assert [message for _, _, message in documents.faults(text)] == [
            "the pool has no group nobody",
            "there is no client web in us-east-1",
        ]


class TestVariables:
    def test_are_filled_in(self, documents):
        text = "pools: [{id: '${POOL}', PoolName: '${NAME:-shop}', SmsAuthenticationMessage: 'in $${b}: {####}'}]"
        documents.apply(text, environ={"POOL": "us-east-1_Shop"})
        assert documents.pool()["Name"] == "shop"
        assert documents.pool()["SmsAuthenticationMessage"] == "in ${b}: {####}"

    def test_unset_ones_without_default_are_faults(self, documents):
        message = "the environment variable NAME is not set, and ${NAME} has no default"
        assert documents.faults("pools:\n- PoolName: ${NAME}\n") == [("pools[0].PoolName", 2, message)]


class TestHostile:
    """What would take the server's time or memory is refused at once."""

    @pytest.mark.parametrize("name", ["/dev/zero", "/dev/stdin", "."])
    def test_a_file_that_is_no_regular_one(self, documents, name):
        ((path, _, message),) = documents.faults(f"pools: [{{PoolName: shop, import: {name}}}]")
        assert path == "pools[0].import"
        assert message.endswith("cannot be read: not a regular file")

    def test_a_text_full_of_beginnings_of_variables(self, documents):
        with cheaply(10):
            documents.faults('pools: [{Colour: "' + "${" * 100_000 + '"}]')
            documents.faults('pools: [{Colour: "' + "${a:-" * 10_000 + '"}]')
