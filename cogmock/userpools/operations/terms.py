"""Operations on terms of use and privacy policies of app clients."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cogmock.core.call import Call
from cogmock.core.operation import operation
from cogmock.core.paging import page
from cogmock.errors import InvalidParameterException, TermsExistsException
from cogmock.state.terms import Terms
from cogmock.state.user_pool import UserPool
from cogmock.userpools.rules import lookup

if TYPE_CHECKING:
    from cogmock.aws import cognito_idp as aws

PAGE = 60
DEFAULT = "cognito:default"


@operation
def create_terms(call: Call, params: aws.CreateTermsRequest) -> aws.CreateTermsResponse:
    """A client can have one document of each name. The sign-up page links to them if it has both."""
    pool = lookup.pool(call, params["UserPoolId"])
    client = lookup.client(call, pool.id, params["ClientId"])
    _check_free(pool, client.id, params["TermsName"])
    _check_links(params.get("Links"))
    terms = Terms(
        id=call.world.entropy.uuid(),
        client_id=client.id,
        name=params["TermsName"],
        source=params["TermsSource"],
        enforcement=params["Enforcement"],
        links=dict(params.get("Links") or {}),
        created=call.now,
        modified=call.now,
    )
    pool.terms.add(terms)
    return {"Terms": _described(pool, terms)}


@operation
def describe_terms(call: Call, params: aws.DescribeTermsRequest) -> aws.DescribeTermsResponse:
    pool = lookup.pool(call, params["UserPoolId"])
    return {"Terms": _described(pool, lookup.terms(pool, params["TermsId"]))}


@operation
def describe_terms_by_client(
    call: Call, params: aws.DescribeTermsByClientRequest
) -> aws.DescribeTermsByClientResponse:
    pool = lookup.pool(call, params["UserPoolId"])
    client = lookup.client(call, pool.id, params["ClientId"])
    return {"Terms": _described(pool, lookup.terms_of_client(pool, client.id, params["TermsName"]))}


@operation
def update_terms(call: Call, params: aws.UpdateTermsRequest) -> aws.UpdateTermsResponse:
    """Members that are not given are kept; Links are replaced as a whole."""
    pool = lookup.pool(call, params["UserPoolId"])
    terms = lookup.terms(pool, params["TermsId"])
    name = params.get("TermsName") or terms.name
    if name != terms.name:
        _check_free(pool, terms.client_id, name)
    if params.get("Links") is not None:
        _check_links(params.get("Links"))
        terms.links = dict(params.get("Links") or {})
    terms.name = name
    terms.source = params.get("TermsSource") or terms.source
    terms.enforcement = params.get("Enforcement") or terms.enforcement
    terms.modified = call.now
    return {"Terms": _described(pool, terms)}


@operation
def delete_terms(call: Call, params: aws.DeleteTermsRequest) -> None:
    pool = lookup.pool(call, params["UserPoolId"])
    pool.terms.remove(lookup.terms(pool, params["TermsId"]))


@operation
def list_terms(call: Call, params: aws.ListTermsRequest) -> aws.ListTermsResponse:
    """The entries have no Links; DescribeTerms shows them."""
    pool = lookup.pool(call, params["UserPoolId"])
    rows, token = page(
        pool.terms, params.get("MaxResults") or PAGE, params.get("NextToken"), ["ListTerms", pool.id]
    )
    return {
        "Terms": [
            {
                "TermsId": terms.id,
                "TermsName": terms.name,
                "Enforcement": terms.enforcement,
                "CreationDate": terms.created,
                "LastModifiedDate": terms.modified,
            }
            for terms in rows
        ],
        "NextToken": token,
    }


def _described(pool: UserPool, terms: Terms) -> Any:
    return {
        "TermsId": terms.id,
        "UserPoolId": pool.id,
        "ClientId": terms.client_id,
        "TermsName": terms.name,
        "TermsSource": terms.source,
        "Enforcement": terms.enforcement,
        "Links": terms.links,
        "CreationDate": terms.created,
        "LastModifiedDate": terms.modified,
    }


def _check_free(pool: UserPool, client_id: str, name: str) -> None:
    if any(terms.client_id == client_id and terms.name == name for terms in pool.terms):
        raise TermsExistsException(f"Terms {name} already exist for client {client_id}.")


def _check_links(links: dict[str, str] | None) -> None:
    """Only http(s) URLs, because the links are put into a page. inferred: that cognito:default is required."""
    if not links:
        return
    if DEFAULT not in links:
        raise InvalidParameterException(f"Links must have one for {DEFAULT}.")
    for url in links.values():
        if not url.lower().startswith(("https://", "http://")):
            raise InvalidParameterException(f"{url} is not a URL that a page can link to.")
