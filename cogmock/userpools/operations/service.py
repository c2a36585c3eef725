"""Operations on tags, log delivery and provisioned limits."""

from __future__ import annotations

from collections import Counter
from copy import deepcopy
from typing import TYPE_CHECKING, Any

from cogmock.core.call import Call
from cogmock.core.operation import operation
from cogmock.errors import InvalidParameterException, ServiceQuotaExceededException
from cogmock.state.user_pool import UserPool
from cogmock.userpools.rules import lookup
from cogmock.userpools.rules.admission import rates, replicas
from cogmock.userpools.rules.settings import tags, tiers
from cogmock.wire import arns

if TYPE_CHECKING:
    from cogmock.aws import cognito_idp as aws

DESTINATIONS = ("CloudWatchLogsConfiguration", "FirehoseConfiguration", "S3Configuration")
LEVELS = {"userNotification": "ERROR", "userAuthEvents": "INFO"}


@operation
def tag_resource(call: Call, params: aws.TagResourceRequest) -> None:
    """The tags are the same as UserPoolTags of the pool."""
    pool = lookup.pool_of_arn(call, params["ResourceArn"])
    merged = pool.tags | params["Tags"]
    tags.check(merged)
    replicas.own(call, pool).tags = merged


@operation
def untag_resource(call: Call, params: aws.UntagResourceRequest) -> None:
    """Tag keys that the pool does not have are ignored."""
    pool = lookup.pool_of_arn(call, params["ResourceArn"])
    kept = {key: value for key, value in pool.tags.items() if key not in params["TagKeys"]}
    replicas.own(call, pool).tags = kept


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


@operation
def set_log_delivery_configuration(
    call: Call, params: aws.SetLogDeliveryConfigurationRequest
) -> aws.SetLogDeliveryConfigurationResponse:
    """Replaces the list of log configurations. GET /_cogmock/logs has what goes to their destinations."""
    pool = lookup.pool(call, params["UserPoolId"])
    configurations = params["LogConfigurations"]
    _check_sources(configurations)
    for configuration in configurations:
        _check_destination(pool, configuration, call.local.name)
    kept: Any = deepcopy(configurations)
    replicas.own(call, pool).log_configurations = kept
    return {"LogDeliveryConfiguration": _delivery(lookup.pool(call, pool.id))}


@operation
def get_provisioned_limit(
    call: Call, params: aws.GetProvisionedLimitRequest
) -> aws.GetProvisionedLimitResponse:
    return {"Limit": _limit(call, _category(params["LimitDefinition"]))}


@operation
def update_provisioned_limit(
    call: Call, params: aws.UpdateProvisionedLimitRequest
) -> aws.UpdateProvisionedLimitResponse:
    """For each account and Region. Requests are refused above it only with the setting `throttle`."""
    category = _category(params["LimitDefinition"])
    wanted, free = params["RequestedLimitValue"], rates.FREE[category]
    if wanted < free:
        raise InvalidParameterException(f"The limit of {category} can not be lower than its default, {free}.")
    if wanted > rates.HIGHEST * free:
        raise ServiceQuotaExceededException(
            f"The limit of {category} can not be higher than the maximum of the account, {rates.HIGHEST * free}."
        )
    call.region.limits[category] = wanted
    return {"Limit": _limit(call, category)}


def _check_sources(configurations: list[aws.LogConfigurationType]) -> None:
    """AWS puts both complaints into one text, the missing destinations first; the spelling is AWS's."""
    homeless = {
        each["EventSource"]: None
        for each in configurations
        if not any(each.get(place) for place in DESTINATIONS)
    }
    counted = Counter(each["EventSource"] for each in configurations)
    repeated = [source for source, count in counted.items() if count > 1]
    complaints = ""
    if homeless:
        complaints += f" Following event sources in request have no destination: [{', '.join(homeless)}]."
    if repeated:
        complaints += f" Following event sources appear more then once in a request: [{', '.join(repeated)}]."
    if complaints:
        raise InvalidParameterException(f"Request validation Failed.{complaints}")


def _check_destination(pool: UserPool, configuration: aws.LogConfigurationType, region: str) -> None:
    source = configuration["EventSource"]
    places = [place for place in DESTINATIONS if configuration.get(place)]
    if configuration["LogLevel"] != LEVELS[source]:
        raise InvalidParameterException(f"The log level of {source} must be {LEVELS[source]}.")
    if len(places) > 1:
        raise InvalidParameterException(f"{source} can have one destination.")
    if source == "userNotification" and places != ["CloudWatchLogsConfiguration"]:
        raise InvalidParameterException("userNotification can be delivered to CloudWatch Logs only.")
    group = (configuration.get("CloudWatchLogsConfiguration") or {}).get("LogGroupArn") or ""
    if arns.region_of(group) not in ("", region):
        raise InvalidParameterException(
            f"Request validation Failed. [CloudWatch log group arn {group} failed with the following validation "
            "errors: ARN does not belong to current region. ]"
        )
    if source == "userAuthEvents":
        tiers.demand_one(pool.tier, "PLUS", "Log Streaming")


def _delivery(pool: UserPool) -> aws.LogDeliveryConfigurationType:
    delivery: Any = {"UserPoolId": pool.id, "LogConfigurations": pool.log_configurations}
    return delivery  # type: ignore[no-any-return]  # kept in AWS's words, as it was given


def _category(definition: aws.LimitDefinitionType) -> str:
    category = definition["Attributes"].get("Category", "")
    if category not in rates.FREE:
        raise InvalidParameterException(
            f"Attributes must name a Category, one of {', '.join(rates.FREE)}; it is '{category}'."
        )
    return category


def _limit(call: Call, category: str) -> aws.LimitType:
    return {
        "LimitDefinition": {"LimitClass": "API_CATEGORY", "Attributes": {"Category": category}},
        "ProvisionedLimitValue": rates.limit(call, category),
        "FreeLimitValue": rates.FREE[category],
    }
