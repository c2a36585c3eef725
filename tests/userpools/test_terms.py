"""Terms of use and privacy policies."""

from __future__ import annotations

import pytest
from support.pool_env import refused

LINKS = {"cognito:default": "https://example.com/terms", "cognito:german": "https://example.com/agb"}

LANGUAGES = [
    *(
        "default",
        "dutch",
        "english",
        "french",
        "spanish",
        "german",
        "bahasa-indonesia",
        "italian",
        "japanese",
    ),
    *("korean", "portuguese-brazil", "chinese-simplified", "chinese-traditional"),
]


def made(env, name="terms-of-use", **more):
    given = {"TermsName": name, "TermsSource": "LINK", "Enforcement": "NONE", "Links": LINKS, **more}
    return env.idp.create_terms(UserPoolId=env.pool_id, ClientId=env.client_id, **given)["Terms"]


def named(env, terms):
    return {"UserPoolId": env.pool_id, "TermsId": terms["TermsId"]}


class TestCreateTerms:
    def test_answers_all_of_it(self, env):
        terms = made(env)
        assert len(terms.pop("TermsId")) == 36
        assert terms.pop("CreationDate") == terms.pop("LastModifiedDate")
        assert terms == {
            "UserPoolId": env.pool_id,
            "ClientId": env.client_id,
            "TermsName": "terms-of-use",
            "TermsSource": "LINK",
            "Enforcement": "NONE",
            "Links": LINKS,
        }

    def test_a_name_is_good_once_for_a_client(self, env):
        made(env)
        with refused("TermsExistsException"):
            made(env)
        made(env, "privacy-policy")
        env.client_of()
        made(env)

    @pytest.mark.parametrize(
        "links", [{"cognito:german": "https://a.example"}, {"cognito:default": "javascript:alert(1)"}]
    )
    def test_refuses_links_that_a_page_cannot_bear(self, env, links):
        with refused("InvalidParameterException"):
            made(env, Links=links)

    def test_every_language_that_aws_names_may_have_its_link(self, env):
        links = {f"cognito:{name}": f"https://example.com/{name}" for name in LANGUAGES}
        assert len(links) == 13
        assert made(env, Links=links)["Links"] == links

    @pytest.mark.parametrize(
        "more",
        [
            {"Links": {"cognito:default": "https://a.example", "cognito:klingon": "https://b.example"}},
            {"TermsName": "cookies"},
            {"TermsSource": "FILE"},
            {"Enforcement": "ALWAYS"},
        ],
    )
    def test_refuses_what_aws_does_not_name(self, env, more):
        with refused("InvalidParameterException"):
            made(env, **more)

    def test_refuses_a_client_that_is_not_there(self, env):
        with refused("ResourceNotFoundException"):
            env.idp.create_terms(
                UserPoolId=env.pool_id,
                ClientId="nobody",
                TermsName="terms-of-use",
                TermsSource="LINK",
                Enforcement="NONE",
            )


class TestDescribeTerms:
    def test_tells_what_was_made(self, env):
        terms = made(env)
        assert env.idp.describe_terms(**named(env, terms))["Terms"] == terms

    def test_refuses_what_is_not_there(self, env):
        with refused("ResourceNotFoundException"):
            env.idp.describe_terms(UserPoolId=env.pool_id, TermsId="00000000-0000-4000-8000-000000000000")


class TestDescribeTermsByClient:
    def test_finds_them_by_client_and_name(self, env):
        terms = made(env)
        question = {"UserPoolId": env.pool_id, "ClientId": env.client_id}
        assert env.idp.describe_terms_by_client(**question, TermsName="terms-of-use")["Terms"] == terms
        with refused("ResourceNotFoundException"):
            env.idp.describe_terms_by_client(**question, TermsName="privacy-policy")


class TestUpdateTerms:
    def test_changes_what_is_given(self, env):
        terms = made(env)
        links = {"cognito:default": "https://example.com/new"}
        changed = env.idp.update_terms(**named(env, terms), Links=links)["Terms"]
        assert (changed["Links"], changed["TermsName"]) == (links, "terms-of-use")

    def test_refuses_a_name_that_is_taken(self, env):
        terms = made(env)
        made(env, "privacy-policy")
        with refused("TermsExistsException"):
            env.idp.update_terms(**named(env, terms), TermsName="privacy-policy")


class TestDeleteTerms:
    def test_they_are_gone(self, env):
        terms = made(env)
        env.idp.delete_terms(**named(env, terms))
        with refused("ResourceNotFoundException"):
            env.idp.describe_terms(**named(env, terms))

    def test_so_are_those_of_a_client_that_goes(self, env):
        terms = made(env)
        env.idp.delete_user_pool_client(UserPoolId=env.pool_id, ClientId=env.client_id)
        with refused("ResourceNotFoundException"):
            env.idp.describe_terms(**named(env, terms))


class TestListTerms:
    def test_in_pages_without_links(self, env):
        first, second = made(env), made(env, "privacy-policy")
        page = env.idp.list_terms(UserPoolId=env.pool_id, MaxResults=1)
        assert [of["TermsId"] for of in page["Terms"]] == [first["TermsId"]]
        assert "Links" not in page["Terms"][0]
        rest = env.idp.list_terms(UserPoolId=env.pool_id, NextToken=page["NextToken"])
        assert [of["TermsId"] for of in rest["Terms"]] == [second["TermsId"]]
        assert "NextToken" not in rest
