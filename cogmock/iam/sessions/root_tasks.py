"""AssumeRoot: short sessions of another account's root user, each for one task (IAM guide: privileged tasks)."""

from __future__ import annotations

import re

from cogmock import services
from cogmock.core.call import Call
from cogmock.errors import AccessDenied, InvalidAction, ValidationError
from cogmock.iam.managed import catalogue
from cogmock.iam.sessions import authorize, temporary_credentials
from cogmock.state.credentials import Credentials
from cogmock.wire import arns

LONGEST = 900
TASKS = f"{catalogue.OWNER}/root-task/"
"""The path of the managed policies that AssumeRoot accepts."""

_TARGET = re.compile(r"(?:arn:[\w-]+:iam::)?(\d{12})(?::root)?", re.ASCII)


def assume(call: Call, target: str, task_arn: str, seconds: int, least: int | None) -> Credentials:
    """Root credentials of the target account, limited by the task's policy.

    Raises AccessDenied, InvalidAction, ValidationError.
    """
    check_regional(call, "AssumeRoot")
    found = _TARGET.fullmatch(target)
    if found is None:
        raise ValidationError(f"{target} is invalid")
    task = catalogue.find(task_arn) if task_arn.startswith(TASKS) else None
    if task is None:
        # inferred: code and text. AWS documents only that one of the five policies must be given.
        raise ValidationError(f"{task_arn} is not a policy for root tasks")
    root = arns.arn("iam", call.region.name, found[1], "root")
    if found[1] == call.account.id:
        # inferred: a management account is not a member account.
        raise AccessDenied(
            f"Not authorized to perform sts:AssumeRoot on resource: {root}",
            reason="the target is the caller's own account, not a member account",
        )
    authorize.check(call, "sts:AssumeRoot", root, {"sts:TaskPolicyArn": task_arn})
    caller = temporary_credentials.find(call)
    source = caller.context.get("aws:SourceIdentity") if caller else None
    return temporary_credentials.issue(
        call,
        call.world.account(found[1]),
        None,
        "",
        seconds,
        least,
        context={"aws:SourceIdentity": source} if source else {},
        # The policies of root tasks only deny, so the session needs a policy that allows besides them.
        session_policies=[(authorize.EVERYTHING_NAME, authorize.EVERYTHING_TEXT), (task.name, task.document)],
    )


def check_regional(call: Call, name: str) -> None:
    """Some operations are not offered at the global endpoint of STS (STS API reference: AssumeRoot)."""
    host = services.of_host(call.origin.rpartition("://")[2])
    if host is not None and host.service == "sts" and host.region is None:
        raise InvalidAction(
            f"Could not find operation {name} for version 2011-06-15",
            reason="the global endpoint of STS does not offer it: use a Regional one",
        )
