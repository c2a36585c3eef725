"""What a pool and an account have around them: tags, where logs go, limits."""

from __future__ import annotations

from collections import Counter
from copy import deepcopy
from typing import TYPE_CHECKING, Any

from cogmock.core.call import Call
from cogmock.core.operation import operation
from cogmock.errors import InvalidParameterException, ServiceQuotaExceededException
from cogmock.state.user_pool import UserPool
from cogmock.userpools.rules import lookup
from cogmock.userpools.rules.settings import tags, tiers

if TYPE_CHECKING:
    from cogmock.aws import cognito_idp as aws

FREE = {
    "UserAuthentication": 120,
    "UserCreation": 50,
    "UserFederation": 25,
    "UserAccountRecovery": 30,
    "UserRead": 120,
    "UserUpdate": 25,
    "UserToken": 120,
    "UserResourceRead": 50,
    "UserResourceUpdate": 25,
    "UserList": 30,
    "UserPoolRead": 15,
    "UserPoolUpdate": 15,
    "UserPoolResourceRead": 20,
    "UserPoolResourceUpdate": 15,
    "UserPoolClientRead": 15,
    "UserPoolClientUpdate": 15,
    "ClientAuthentication": 150,
}
"""Category of operations → the requests a second that cost nothing (dev guide: quotas)."""
HIGHEST = 10
"""How many times its free limit a category can get. AWS has a number for each account; this one is ours."""
DESTINATIONS = ("CloudWatchLogsConfiguration", "FirehoseConfiguration", "S3Configuration")
LEVELS = {"userNotification": "ERROR", "userAuthEvents": "INFO"}


@operation
def tag_resource(call: Call, params: aws.TagResourceRequest) -> None:
    """The same tags as the pool's UserPoolTags."""
    pool = lookup.pool_of_arn(call, params["ResourceArn"])
    merged = pool.tags | params["Tags"]
    tags.check(merged)
    pool.tags = merged


@operation
def untag_resource(call: Call, params: aws.UntagResourceRequest) -> None:
    """Keys that the pool does not have are ignored."""
    pool = lookup.pool_of_arn(call, params["ResourceArn"])
    pool.tags = {key: value for key, value in pool.tags.items() if key not in params["TagKeys"]}


@operation
def list_tags_for_resource(
    call: Call, params: aws.ListTagsForResourceRequest
) -> aws.ListTagsForResourceResponse:
    return {"Tags": lookup.pool_of_arn(call, params["ResourceArn"]).tags}


@operation
def get_log_delivery_configuration(
    call: Call, params: aws.GetLogDeliveryConfigurationRequest
) -> aws.GetLogDeliveryConfigurationResponse:
    return {"LogDeliveryConfiguration": _delivery(lookup.pool(call, params["UserPoolId"]))}


@operation(fidelity="stored")
def set_log_delivery_configuration(
    call: Call, params: aws.SetLogDeliveryConfigurationRequest
) -> aws.SetLogDeliveryConfigurationResponse:
    """Replaces the list. Nothing is delivered."""
    pool = lookup.pool(call, params["UserPoolId"])
    configurations = params["LogConfigurations"]
    _check_sources(configurations)
    for configuration in configurations:
        _check_destination(pool, configuration)
    pool.log_configurations = deepcopy(configurations)  # type: ignore[arg-type]  # a typed dict is a dict
    return {"LogDeliveryConfiguration": _delivery(pool)}


@operation
def get_provisioned_limit(
    call: Call, params: aws.GetProvisionedLimitRequest
) -> aws.GetProvisionedLimitResponse:
    return {"Limit": _limit(call, _category(params["LimitDefinition"]))}


@operation(fidelity="stored")
def update_provisioned_limit(
    call: Call, params: aws.UpdateProvisionedLimitRequest
) -> aws.UpdateProvisionedLimitResponse:
    """Kept for account and Region. Nobody is throttled."""
    category = _category(params["LimitDefinition"])
    wanted, free = params["RequestedLimitValue"], FREE[category]
    if wanted < free:
        raise InvalidParameterException(f"The limit of {category} can not be lower than its default, {free}.")
    if wanted > HIGHEST * free:
        raise ServiceQuotaExceededException(
            f"The limit of {category} can not be higher than the maximum of the account, {HIGHEST * free}."
        )
    call.region.limits[category] = wanted
    return {"Limit": _limit(call, category)}


def _check_sources(configurations: list[aws.LogConfigurationType]) -> None:
    """Both complaints stand in one text, the missing destination first. The spelling is AWS's."""
    homeless = {
        of["EventSource"]: None for of in configurations if not any(of.get(place) for place in DESTINATIONS)
    }
    counted = Counter(of["EventSource"] for of in configurations)
    repeated = [source for source, count in counted.items() if count > 1]
    complaints = ""
    if homeless:
        complaints += f" Following event sources in request have no destination: [{', '.join(homeless)}]."
    if repeated:
        complaints += f" Following event sources appear more then once in a request: [{', '.join(repeated)}]."
    if complaints:
        raise InvalidParameterException(f"Request validation Failed.{complaints}")


def _check_destination(pool: UserPool, configuration: aws.LogConfigurationType) -> None:
    source = configuration["EventSource"]
    places = [place for place in DESTINATIONS if configuration.get(place)]
    if configuration["LogLevel"] != LEVELS[source]:
        raise InvalidParameterException(f"The log level of {source} must be {LEVELS[source]}.")
    if len(places) > 1:
        raise InvalidParameterException(f"{source} can have one destination.")
    if source == "userNotification" and places != ["CloudWatchLogsConfiguration"]:
        raise InvalidParameterException("userNotification can be delivered to CloudWatch Logs only.")
    if source == "userAuthEvents":
        tiers.demand(pool.tier, "PLUS", ["User Activity Log Export"])


def _delivery(pool: UserPool) -> aws.LogDeliveryConfigurationType:
    delivery: Any = {"UserPoolId": pool.id, "LogConfigurations": pool.log_configurations}
    return delivery  # type: ignore[no-any-return]  # kept in AWS's words, as it was given


def _category(definition: aws.LimitDefinitionType) -> str:
    category = definition["Attributes"].get("Category", "")
    if category not in FREE:
        raise InvalidParameterException(
            f"Attributes must name a Category, one of {', '.join(FREE)}; it is '{category}'."
        )
    return category


def _limit(call: Call, category: str) -> aws.LimitType:
    return {
        "LimitDefinition": {"LimitClass": "API_CATEGORY", "Attributes": {"Category": category}},
        "ProvisionedLimitValue": call.region.limits.get(category, FREE[category]),
        "FreeLimitValue": FREE[category],
    }
