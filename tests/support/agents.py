"""An OAuth client that names itself by the URL of a metadata document, and a pool that admits it."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import UTC, datetime

import boto3
from botocore.config import Config

from cogmock.state.entries import Entries
from support.browser import CALLBACK, Browser, challenge, where
from support.domain_env import Domain
from support.pool_env import PASSWORD

AGENT = "https://agent.example.com/client.json"
PATTERN = "https://agent.example.com/*"
VERIFIER = "v" * 43


def metadata(url=AGENT, **more):
    """A document that AWS accepts. Members that are given as None are left out."""
    document = {
        "client_id": url,
        "client_name": "Example Agent",
        "redirect_uris": [CALLBACK],
        "grant_types": ["authorization_code", "refresh_token"],
        "response_types": ["code"],
        "token_endpoint_auth_method": "none",
        **more,
    }
    return {name: value for name, value in document.items() if value is not None}


class AgentEnv(Domain):
    """A pool with a policy for AGENT, whose document is registered. `client_id` is the agent's URL."""

    def __init__(self, cognito, *, client=None, **pool):
        super().__init__(cognito, client=client, **pool)
        # boto3 would refuse some values itself.
        unchecked = Config(parameter_validation=False)
        self.idp = boto3.client("cognito-idp", region_name="us-east-1", config=unchecked)
        self.app_client_id = self.client_id
        self.add_user(email="ada@example.com", email_verified="true", name="Ada")
        self.policy_id = self.policy()["CIMDPolicyId"]
        self.client_id = AGENT
        self.serve()

    def policy(self, *patterns, **more):
        given = {"ClientId": self.app_client_id, "PolicyName": "agents", **more}
        answer = self.idp.create_cimd_policy(
            UserPoolId=self.pool_id, URLPatterns=list(patterns or (PATTERN,)), **given
        )
        return answer["CIMDPolicy"]

    def serve(self, url=AGENT, *, status=200, headers=None, body=None, **more):
        """Registers a document; `body` in its place is sent as it is."""
        content = metadata(url, **more) if body is None else body
        self.cognito.document(url, content, status=status, headers=headers)

    def urls(self):
        """URL → its entry in the list of the policy."""
        answer = self.idp.list_client_metadata_urls(UserPoolId=self.pool_id, CIMDPolicyId=self.policy_id)
        return {entry["URL"]: entry for entry in answer["ClientMetadataURLs"]}

    def cache(self, action, url=AGENT):
        self.idp.update_client_metadata_url_state(
            UserPoolId=self.pool_id, CIMDPolicyId=self.policy_id, URL=url, Action=action
        )

    def authorize(self, **parameters):
        """The answer to an authorization request of a new browser."""
        return self.browser().go(self.url(**parameters), follow=False)

    def opened(self, **parameters):
        """Whether an authorization request leads to the sign-in page."""
        return where(self.authorize(**parameters))[0] == "/login"

    def reason(self):
        """Why the last request was refused, as the journal tells."""
        return self.cognito.requests[-1].reason

    def agent_tokens(self, **parameters):
        """The tokens of a sign-in with PKCE, as agents do it."""
        proof = {"code_challenge": challenge(VERIFIER), "code_challenge_method": "S256"}
        _, (_, answer) = self.signed_in("ada", PASSWORD, Browser(self.application), **proof, **parameters)
        redirect = {"redirect_uri": parameters["redirect_uri"]} if "redirect_uri" in parameters else {}
        return self.redeem(answer["code"], code_verifier=VERIFIER, **redirect)

    def refresh(self, token, **more):
        return self.token(
            {"grant_type": "refresh_token", "client_id": self.client_id, "refresh_token": token, **more}
        )

    def now(self):
        return datetime.fromtimestamp(self.cognito.world.clock.now(), UTC)


@contextmanager
def fetches(cognito):
    """Counts how often documents are fetched while the block runs."""

    class Counting(Entries):
        count = 0

        def get(self, url, default=None):
            Counting.count += 1
            return super().get(url, default)

    before = cognito.world.documents
    cognito.world.documents = Counting(before)
    try:
        yield lambda: Counting.count
    finally:
        cognito.world.documents = before
