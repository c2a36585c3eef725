"""Operations on user import jobs."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from cogmock.core.call import Call
from cogmock.core.entropy import LETTERS
from cogmock.core.operation import operation
from cogmock.crypto import password_hashes
from cogmock.errors import InvalidParameterException, LimitExceededException
from cogmock.state.import_job import ImportJob
from cogmock.state.user_pool import UserPool
from cogmock.userpools.rules import lookup
from cogmock.userpools.rules.importing import csv_file, run, upload

if TYPE_CHECKING:
    from cogmock.aws import cognito_idp as aws

MOST_JOBS = 1000
ROLE = re.compile(r"arn:aws[a-z-]*:iam::\d{12}:role/.+", re.ASCII)


@operation
def get_csv_header(call: Call, params: aws.GetCSVHeaderRequest) -> aws.GetCSVHeaderResponse:
    """A file with password hashes has one more column, password_hash."""
    pool = lookup.pool(call, params["UserPoolId"])
    return {"UserPoolId": pool.id, "CSVHeader": csv_file.columns_of(pool)}


@operation
def create_user_import_job(
    call: Call, params: aws.CreateUserImportJobRequest
) -> aws.CreateUserImportJobResponse:
    """The presigned URL takes the file for 15 minutes. A job that is not started expires after a day."""
    pool = lookup.pool(call, params["UserPoolId"])
    role, algorithm = params["CloudWatchLogsRoleArn"], params.get("PasswordHashingAlgorithm")
    if not ROLE.fullmatch(role):
        # inferred: the wording
        raise InvalidParameterException(f"CloudWatchLogsRoleArn {role} is not the ARN of an IAM role.")
    _check_library(algorithm)
    if len(pool.import_jobs) >= MOST_JOBS:
        raise LimitExceededException(f"A user pool can have at most {MOST_JOBS} user import jobs.")
    job_id = f"import-{call.world.entropy.text(10, LETTERS)}"
    signature = call.world.entropy.bytes(32).hex()
    job = ImportJob(
        id=job_id,
        name=params["JobName"],
        role_arn=role,
        url=upload.url(call, pool, job_id, signature),
        signature=signature,
        created=call.now,
        algorithm=algorithm,
    )
    pool.import_jobs.add(job)
    return {"UserImportJob": _described(pool, job)}


@operation
def describe_user_import_job(
    call: Call, params: aws.DescribeUserImportJobRequest
) -> aws.DescribeUserImportJobResponse:
    pool = lookup.pool(call, params["UserPoolId"])
    return {"UserImportJob": _described(pool, _found(call, pool, params["JobId"]))}


@operation
def list_user_import_jobs(
    call: Call, params: aws.ListUserImportJobsRequest
) -> aws.ListUserImportJobsResponse:
    """Newest first."""
    pool = lookup.pool(call, params["UserPoolId"])
    jobs = list(pool.import_jobs)[::-1]
    first = _start(pool, jobs, params.get("PaginationToken"))
    page = jobs[first : first + params["MaxResults"]]
    for job in page:
        run.settle(call, job)
        run.keep_running(call, pool, job)
    return {
        "UserImportJobs": [_described(pool, job) for job in page],
        "PaginationToken": _token(pool, page[-1]) if first + len(page) < len(jobs) else None,
    }


@operation
def start_user_import_job(
    call: Call, params: aws.StartUserImportJobRequest
) -> aws.StartUserImportJobResponse:
    """The job is Pending in the answer; users are imported from then on, in the order of the file."""
    pool = lookup.pool(call, params["UserPoolId"])
    job = _found(call, pool, params["JobId"])
    run.start(call, pool, job)
    started = _described(pool, job)
    run.keep_running(call, pool, job)
    return {"UserImportJob": started}


@operation
def stop_user_import_job(call: Call, params: aws.StopUserImportJobRequest) -> aws.StopUserImportJobResponse:
    """Users who were imported before the stop stay. A stopped job cannot be started again."""
    pool = lookup.pool(call, params["UserPoolId"])
    job = _found(call, pool, params["JobId"])
    run.stop(call, job)
    return {"UserImportJob": _described(pool, job)}


def _found(call: Call, pool: UserPool, job_id: str) -> ImportJob:
    job = lookup.import_job(pool, job_id)
    run.settle(call, job)
    run.keep_running(call, pool, job)
    return job


def _check_library(algorithm: str | None) -> None:
    library = password_hashes.lacking(algorithm) if algorithm else None
    if library:
        raise InvalidParameterException(
            f"cogmock checks {algorithm} hashes with {library}, which is not installed: "
            "pip install 'cogmock[hashes]'"
        )


def _token(pool: UserPool, job: ImportJob) -> str:
    """In the form of AWS's own (AWS CLI's example of list-user-import-jobs)."""
    return f"{pool.id}#{job.id}#{int(job.created * 1000)}"


def _start(pool: UserPool, jobs: list[ImportJob], token: str | None) -> int:
    if token is None:
        return 0
    for place, job in enumerate(jobs):
        if token == _token(pool, job):
            return place + 1
    raise InvalidParameterException("Invalid pagination token given.")


def _described(pool: UserPool, job: ImportJob) -> aws.UserImportJobType:
    return {
        "JobName": job.name,
        "JobId": job.id,
        "UserPoolId": pool.id,
        "PreSignedUrl": job.url,
        "CreationDate": job.created,
        "StartDate": job.started,
        "CompletionDate": job.completed,
        "Status": job.status,
        "CloudWatchLogsRoleArn": job.role_arn,
        "ImportedUsers": job.imported,
        "SkippedUsers": job.skipped,
        "FailedUsers": job.failed,
        "CompletionMessage": job.message,
        "PasswordHashingAlgorithm": job.algorithm,
    }
