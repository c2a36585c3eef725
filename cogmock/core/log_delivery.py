"""What a pool exports to its log destinations (SetLogDeliveryConfiguration), and the log lines of failed triggers.

AWS dev guide: Exporting logs from Amazon Cognito user pools.
"""

from __future__ import annotations

import json
from typing import Any

from cogmock.core.journal import Invocation
from cogmock.core.world import World
from cogmock.state.user_pool import UserPool

NOTIFICATIONS, ACTIVITY = "userNotification", "userAuthEvents"
SOURCES = {NOTIFICATIONS: "USER_NOTIFICATION", ACTIVITY: "USER_ACTIVITY"}
"""EventSource of the configuration → that of the exported events."""


def message_failed(world: World, pool: UserPool, details: str) -> None:
    """A message could not be sent: written where the pool exports userNotification."""
    _export(world, pool, NOTIFICATIONS, {"details": details})


def activity(world: World, pool: UserPool, event: dict[str, Any]) -> None:
    """An event of threat protection: written where the pool exports userAuthEvents."""
    _export(world, pool, ACTIVITY, event)


def trigger_failed(world: World, pool: UserPool, record: Invocation) -> None:
    """A line in the log group of the function. The function itself may have run elsewhere, or nowhere."""
    name = record.function.rpartition("function:")[2].partition(":")[0]
    line = (
        f"[ERROR] {record.source} {record.outcome}: {record.detail or 'an answer that Cognito does not take'}"
    )
    # inferred: the stream and the line; on AWS it is Lambda that writes them
    world.cloudwatch.write(f"/aws/lambda/{name}", pool.id, world.clock.now(), line)


def _export(world: World, pool: UserPool, source: str, message: dict[str, Any]) -> None:
    for configuration in pool.log_configurations:
        if configuration["EventSource"] != source:
            continue
        now = world.clock.now()
        event = {
            "eventTimestamp": str(int(now * 1000)),
            "eventSource": SOURCES[source],
            "logLevel": configuration["LogLevel"],
            "message": message,
            "logSourceId": {"userPoolId": pool.id},
        }
        # inferred: the name of the stream
        world.cloudwatch.write(_destination(configuration), pool.id, now, json.dumps(event))


def _destination(configuration: dict[str, Any]) -> str:
    """The name of the log group, or the ARN of a Firehose stream or bucket."""
    group = (configuration.get("CloudWatchLogsConfiguration") or {}).get("LogGroupArn")
    if group:
        return str(group).partition(":log-group:")[2] or str(group)
    stream = (configuration.get("FirehoseConfiguration") or {}).get("StreamArn")
    return str(stream or (configuration.get("S3Configuration") or {}).get("BucketArn"))
