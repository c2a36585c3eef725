"""The life of an import job: started, run in a thread, stopped, expired, ended."""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from weakref import WeakSet

from cogmock.core.call import Call
from cogmock.core.world import World
from cogmock.errors import PreconditionNotMetException
from cogmock.state.import_job import ImportJob
from cogmock.state.region import Region
from cogmock.state.user_pool import UserPool
from cogmock.userpools.rules.importing import csv_file, record
from cogmock.userpools.rules.importing.csv_file import Unreadable

BATCH = 100
"""Rows that are imported before other calls get their turn."""
LIFETIME = 86400.0
"""Seconds until a job that was not started expires. Service model: 24 to 48 hours."""
SUCCEEDED = "Import Job Completed Successfully."
TOO_MANY = "Too many users have failed or been skipped during the import."
STOPPED = "The Import Job was stopped by the developer."
EXPIRED = "The user import job has expired."
LONGEST_MESSAGE = 128
PRINCIPAL = "cognito-idp.amazonaws.com"

log = logging.getLogger("cogmock.imports")
_running: WeakSet[ImportJob] = WeakSet()
"""The jobs that have a thread in this process."""


def start(call: Call, pool: UserPool, job: ImportJob) -> None:
    """Starts a job. Raises PreconditionNotMetException."""
    if job.status != "Created":
        # inferred: the wording of this refusal and of the others but "No csv file"
        raise PreconditionNotMetException(f"User import job {job.id} is {job.status} and cannot be started.")
    if not pool.settings.get("AutoVerifiedAttributes"):
        raise PreconditionNotMetException(
            "The user pool has no auto verified attributes. Set AutoVerifiedAttributes before you import users."
        )
    if job.file is None:
        raise PreconditionNotMetException(f"No csv file was uploaded for {job.id}")
    if any(other.is_importing for other in call.region.user_pools):
        raise PreconditionNotMetException("Another user import job is in progress in this account.")
    job.status, job.started = "Pending", call.now


def keep_running(call: Call, pool: UserPool, job: ImportJob) -> None:
    """Gives an active job its thread if it has none, as after its start or when state was restored."""
    if job.is_active and job not in _running:
        _running.add(job)
        threading.Thread(
            target=_run, args=(call.world, call.region, pool, job), name="cogmock-import", daemon=True
        ).start()


def stop(call: Call, job: ImportJob) -> None:
    """Stops a job that runs; users imported so far stay. Raises PreconditionNotMetException."""
    if not job.is_active:
        raise PreconditionNotMetException(f"User import job {job.id} is {job.status} and cannot be stopped.")
    _end(call, job, "Stopped", STOPPED)


def settle(call: Call, job: ImportJob) -> None:
    """Expires a job that was not started in time."""
    if job.status == "Created" and call.now >= job.created + LIFETIME:
        _end(call, job, "Expired", EXPIRED)


def is_assumable(call: Call, role_arn: str) -> bool:
    """Whether Cognito may assume the role of a job. A role that this account's IAM does not have counts as one."""
    role = call.account.iam.roles.get(role_arn.rpartition("/")[2])
    if role is None or role.arn != role_arn:
        return True
    statements = json.loads(role.trust_policy).get("Statement", [])
    return any(
        each.get("Effect") == "Allow" and PRINCIPAL in _services(each)
        for each in (statements if isinstance(statements, list) else [statements])
    )


def _services(statement: dict[str, object]) -> list[object]:
    principal = statement.get("Principal")
    named = principal.get("Service", []) if isinstance(principal, dict) else []
    return named if isinstance(named, list) else [named]


def _run(world: World, region: Region, pool: UserPool, job: ImportJob) -> None:
    try:
        _work(world, region, pool, job)
    except Exception:  # nobody waits for this thread: the log has the trace, the job its end
        log.exception("the user import job %s failed inside cogmock; please report it", job.id)
        with _call(world, region, pool, job) as call:
            if job.is_active:
                _end(call, job, "Failed", "The import job failed because of an internal error.")
    finally:
        _running.discard(job)


def _work(world: World, region: Region, pool: UserPool, job: ImportJob) -> None:
    """Imports the file batch by batch, from the row on where the job was left off."""
    with _call(world, region, pool, job) as call:
        content = _begin(call, pool, job)
    if content is None:
        return
    try:
        file = csv_file.read(content, pool, hashes=job.algorithm is not None)  # a large one takes a second
    except Unreadable as fault:
        with _call(world, region, pool, job) as call:
            _fail(call, pool, job, str(fault))
        return
    rows = file.rows(job.rows_done)
    while True:
        with _call(world, region, pool, job) as call:
            if not job.is_active or _is_gone(world, pool):
                return
            batch = list(islice(rows, BATCH))
            for row in batch:
                _write(call, pool, job, record.take(call, pool, job, file.columns, row))
                job.rows_done = row.number - 1
            if len(batch) < BATCH:
                _finish(call, job)
                return


def _begin(call: Call, pool: UserPool, job: ImportJob) -> bytes | None:
    """The file of the job, which is InProgress now; None if it has ended."""
    if not job.is_active or job.file is None:
        return None
    if not is_assumable(call, job.role_arn):
        _fail(call, pool, job, "The CloudWatch Logs role cannot be assumed by Amazon Cognito.")
        return None
    job.status = "InProgress"
    return job.file


def _fail(call: Call, pool: UserPool, job: ImportJob, why: str) -> None:
    # inferred: the texts; AWS names these causes in its guide, without messages
    if not job.is_active:  # stopped meanwhile
        return
    _write(call, pool, job, f"[FAILED] {why}")
    _end(call, job, "Failed", why[:LONGEST_MESSAGE])


def _finish(call: Call, job: ImportJob) -> None:
    # inferred: the threshold
    if job.failed + job.skipped > job.imported:
        _end(call, job, "Failed", TOO_MANY)
    else:
        _end(call, job, "Succeeded", SUCCEEDED)


def _end(call: Call, job: ImportJob, status: str, message: str) -> None:
    job.status, job.message, job.completed, job.file = status, message, call.now, None
    log.info(
        "user import job %s %s: %s (%s imported, %s skipped, %s failed)",
        job.id,
        status,
        message,
        job.imported,
        job.skipped,
        job.failed,
    )


def _write(call: Call, pool: UserPool, job: ImportJob, line: str) -> None:
    """Where AWS writes it (dev guide: Viewing the user pool import results in the CloudWatch console)."""
    group = f"/aws/cognito/userpools/{pool.id}/{pool.name}"
    call.world.cloudwatch.write(group, f"{job.id}/{job.name}", call.now, line)


@contextmanager
def _call(world: World, region: Region, pool: UserPool, job: ImportJob) -> Iterator[Call]:
    """A call that changes the job. It looks it up, so that the change is stored where state is kept."""
    with Call(world, region, world.entropy.uuid()) as call:
        pool.import_jobs.get(job.id)
        yield call


def _is_gone(world: World, pool: UserPool) -> bool:
    found = world.find_pool(pool.id)
    return found is None or found[1] is not pool
