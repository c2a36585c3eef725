"""The types of resources: how a resource's physical id comes about, and what its attributes are.

CloudFormation template reference: "Return values" of each type.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from cogmock.core.entropy import LETTERS, LOWER, UPPER
from cogmock.definitions.importing.draft import Surroundings
from cogmock.definitions.importing.templates.scope import Place
from cogmock.userpools.rules.settings.pins import CLIENT_PREFIXES, POOL_TAGS

POOL = "AWS::Cognito::UserPool"
CLIENT = "AWS::Cognito::UserPoolClient"
IDENTITY_POOL = "AWS::Cognito::IdentityPool"
GROUP = "AWS::Cognito::UserPoolGroup"
USER = "AWS::Cognito::UserPoolUser"
ROLE = "AWS::IAM::Role"
POLICY = "AWS::IAM::ManagedPolicy"
IAM_USER = "AWS::IAM::User"
IAM_GROUP = "AWS::IAM::Group"
OIDC_PROVIDER = "AWS::IAM::OIDCProvider"
SAML_PROVIDER = "AWS::IAM::SAMLProvider"
ACCESS_KEY = "AWS::IAM::AccessKey"
FUNCTION = "AWS::Lambda::Function"
SAM_FUNCTION = "AWS::Serverless::Function"
STACK = "AWS::CloudFormation::Stack"


@dataclass(frozen=True, slots=True)
class Kind:
    """`name` is the property that names a resource. `service` and `resource` make its ARN; `ref` is what Ref gives."""

    name: str = ""
    service: str = ""
    resource: str = "{name}"
    ref: str = "{name}"
    made: Callable[[Surroundings, Place, str], str] | None = None
    """The name of one that has none, by its logical id; None: stack and logical id."""


def _drawn(around: Surroundings, _place: Place, logical: str) -> str:
    return f"{logical}-{around.text(12, UPPER)}"


def _role(around: Surroundings, place: Place, logical: str) -> str:
    """IAM's names have 64 characters at most; CloudFormation shortens stack and logical id."""
    return f"{place.stack[:24]}-{logical[:24]}-{around.text(12, UPPER)}"


KINDS: dict[str, Kind] = {
    POOL: Kind("", "cognito-idp", "userpool/{name}", made=lambda a, p, _: f"{p.region}_{a.text(9, LETTERS)}"),
    CLIENT: Kind(made=lambda around, _place, _logical: around.text(26, LOWER)),
    IDENTITY_POOL: Kind(
        "",
        "cognito-identity",
        "identitypool/{name}",
        made=lambda around, place, _: f"{place.region}:{around.uuid()}",
    ),
    GROUP: Kind("GroupName", made=_drawn),
    USER: Kind("Username", made=_drawn),
    "AWS::Cognito::UserPoolDomain": Kind("Domain"),
    "AWS::Cognito::UserPoolResourceServer": Kind("Identifier"),
    "AWS::Cognito::UserPoolIdentityProvider": Kind("ProviderName"),
    ROLE: Kind("RoleName", "iam", "role{path}{name}", made=_role),
    POLICY: Kind("ManagedPolicyName", "iam", "policy{path}{name}", "{arn}", made=_role),
    IAM_USER: Kind("UserName", "iam", "user{path}{name}", made=_role),
    IAM_GROUP: Kind("GroupName", "iam", "group{path}{name}", made=_role),
    OIDC_PROVIDER: Kind("Url", "iam", "oidc-provider/{name}", "{arn}"),
    SAML_PROVIDER: Kind("Name", "iam", "saml-provider/{name}", "{arn}", made=_role),
    # Functions are known by their logical id where they have no name, so that `functions` can name a stand-in.
    FUNCTION: Kind("FunctionName", "lambda", "function:{name}", made=lambda _a, _p, logical: logical),
    SAM_FUNCTION: Kind("FunctionName", "lambda", "function:{name}", made=lambda _a, _p, logical: logical),
    "AWS::Lambda::Alias": Kind("", "lambda", "function:{function}:{alias}", "{arn}"),
    "AWS::Lambda::Version": Kind("", "lambda", "function:{function}:1", "{arn}"),
    "AWS::S3::Bucket": Kind("BucketName", "s3"),
    "AWS::DynamoDB::Table": Kind("TableName", "dynamodb", "table/{name}"),
    "AWS::Serverless::SimpleTable": Kind("TableName", "dynamodb", "table/{name}"),
    "AWS::SQS::Queue": Kind("QueueName", "sqs"),
    "AWS::SNS::Topic": Kind("TopicName", "sns", ref="{arn}"),
    "AWS::KMS::Key": Kind("", "kms", "key/{name}"),
    "AWS::SecretsManager::Secret": Kind("Name", "secretsmanager", "secret:{name}", "{arn}"),
    "AWS::CertificateManager::Certificate": Kind("", "acm", "certificate/{name}", "{arn}"),
    "AWS::Kinesis::Stream": Kind("Name", "kinesis", "stream/{name}"),
    "AWS::Logs::LogGroup": Kind("LogGroupName", "logs", "log-group:{name}:*"),
    "AWS::WAFv2::WebACL": Kind("Name", "wafv2", "regional/webacl/{name}"),
    "AWS::SES::EmailIdentity": Kind("EmailIdentity", "ses", "identity/{name}"),
    STACK: Kind("", "cloudformation", "stack/{name}", "{arn}"),
}
"""Those that cogmock does not make are here for the ids and ARNs that policies and settings name."""


def pinned_tag(tags: dict[str, str]) -> str | None:
    """The id that the tags of a pool set."""
    return next((tags[tag] for tag in POOL_TAGS if tag in tags), None)


def pinned_client(name: str) -> str | None:
    """The id that the name of a client sets."""
    prefix = next((prefix for prefix in CLIENT_PREFIXES if name.startswith(prefix)), None)
    return name.removeprefix(prefix) if prefix else None
