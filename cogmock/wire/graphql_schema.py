"""GraphQL schemas as AppSync takes them: with its scalars and directives, which a schema does not declare itself."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from graphql import GraphQLSchema

SCALARS = (
    *("AWSDate", "AWSTime", "AWSDateTime", "AWSTimestamp", "AWSEmail"),
    *("AWSJSON", "AWSURL", "AWSPhone", "AWSIPAddress"),
)
DIRECTIVES = {
    "aws_auth": "directive @aws_auth(cognito_groups: [String!]) on OBJECT | INTERFACE | FIELD_DEFINITION",
    "aws_cognito_user_pools": (
        "directive @aws_cognito_user_pools(cognito_groups: [String!]) on OBJECT | INTERFACE | FIELD_DEFINITION"
    ),
    "aws_iam": "directive @aws_iam on OBJECT | INTERFACE | FIELD_DEFINITION",
    "aws_api_key": "directive @aws_api_key on OBJECT | INTERFACE | FIELD_DEFINITION",
    "aws_oidc": "directive @aws_oidc on OBJECT | INTERFACE | FIELD_DEFINITION",
    "aws_lambda": "directive @aws_lambda on OBJECT | INTERFACE | FIELD_DEFINITION",
    "aws_subscribe": "directive @aws_subscribe(mutations: [String!]!) on FIELD_DEFINITION",
    "aws_publish": "directive @aws_publish(subscriptions: [String]) on FIELD_DEFINITION",
}
"""Name → declaration (AppSync developer guide: authorization use cases, scalar types)."""
LONGEST = 1024 * 1024
"""Characters of a schema document (AppSync quotas)."""


class InvalidSchema(ValueError):
    """A schema that cannot be used. The message says why, and where."""


@lru_cache(maxsize=64)
def built(text: str) -> GraphQLSchema:
    """The schema of a text in GraphQL's schema language. Raises InvalidSchema. Cached: a request cannot wait for it."""
    if len(text) > LONGEST:
        raise InvalidSchema(f"a schema may have {LONGEST} characters, not {len(text)}")
    try:
        import graphql
    except ImportError:
        raise InvalidSchema(
            "an AppSync API needs the library graphql-core: pip install 'cogmock[appsync]'"
        ) from None
    try:
        document = graphql.parse(text)
        stated = {of.name.value for of in document.definitions if hasattr(of, "name") and of.name}
        added = [f"scalar {name}" for name in SCALARS if name not in stated]
        added += [declared for name, declared in DIRECTIVES.items() if name not in stated]
        whole = graphql.concat_ast([document, graphql.parse("\n".join(added))])
        schema = graphql.build_ast_schema(whole)
        faults = graphql.validate_schema(schema)
    except graphql.GraphQLError as fault:
        raise InvalidSchema(_message(fault)) from None
    except (RecursionError, TypeError) as fault:
        raise InvalidSchema(f"the schema cannot be used: {str(fault)[:300]}") from None
    if faults:
        raise InvalidSchema(_message(faults[0]))
    return schema


def _message(fault: object) -> str:
    places = getattr(fault, "locations", None) or ()
    at = f"line {places[0].line} of the schema: " if places else "the schema: "
    return f"{at}{getattr(fault, 'message', fault)}"
