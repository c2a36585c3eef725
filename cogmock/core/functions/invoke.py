"""Finds Lambda functions and invokes them. Has no knowledge of Cognito and its events."""

from __future__ import annotations

import contextvars
import json
import logging
import queue
import threading
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from cogmock import foreign_json
from cogmock.core.function_targets import is_url
from cogmock.core.functions import http_api
from cogmock.core.functions.failures import Failure, FunctionFailed, NotInvocable, TimedOut
from cogmock.core.functions.job import Arn, Job, parsed
from cogmock.core.world import World

Function = Callable[[dict[str, Any], Any], Any]
"""A Python callable in the place of a Lambda function: event and context → the answer."""
LIMIT = 5.0
"""Seconds of real time that Cognito waits for a function (dev guide)."""
TRIES = 3
LONGEST = 900.0
"""Seconds that an asynchronous invocation may run (Lambda's limit)."""
THROTTLED = "TooManyRequestsException"
MISSING = "ResourceNotFoundException"

log = logging.getLogger("cogmock.lambda")


class Found(NamedTuple):
    """A function that was found, and the place where it was."""

    arn: Arn
    place: str
    run: Callable[[Job], bytes]


def find(world: World, text: str) -> Found:
    """Finds the function of an ARN. Raises NotInvocable with a list of the places that were searched."""
    arn = parsed(text)
    if arn is None:
        raise NotInvocable(MISSING, f"{text} is the ARN of no function")
    names = (arn.text, f"{arn.name}:{arn.qualifier}", arn.name)
    for name in names:
        if name in world.functions:
            return Found(arn, "a Python callable", _python(world.functions[name]))
    targets = world.function_targets
    for name in names:
        if name in targets:
            return Found(arn, targets[name], _target(targets[name], world.callables))
    endpoint = world.settings.lambda_endpoint
    if endpoint:
        return Found(arn, endpoint, lambda job: http_api.invoke(endpoint, job))
    looked = [
        f"the callables registered in process ({', '.join(world.functions) or 'none'})",
        f"--lambda ({', '.join(targets) or 'none given'})",
        "--lambda-endpoint (not given)",
    ]
    raise NotInvocable(MISSING, f"{arn.name} is nowhere. Looked in {'; '.join(looked)}")


def invoke(found: Found, event: bytes, request_id: str) -> bytes:
    """Invokes a function and returns its answer. Call it without the world's lock. Raises Failure.

    A timeout or a throttling error is retried, as Cognito does; other errors are not.
    """
    job = Job(found.arn, event, request_id, LIMIT, asynchronous=False)
    for left in reversed(range(TRIES)):
        try:
            return _within(found, job)
        except (TimedOut, NotInvocable) as failure:
            again = isinstance(failure, TimedOut) or failure.code == THROTTLED
            if not left or not again:
                raise
            log.info("%s: %s; it is tried again", found.arn.name, failure)
    raise AssertionError


def send(found: Found, event: bytes, request_id: str, done: Callable[[Failure | None], None]) -> None:
    """Invokes a function asynchronously. `done` is called with its failure, or with None."""
    job = Job(found.arn, event, request_id, LONGEST, asynchronous=True)

    def run() -> None:
        try:
            found.run(job)
        except Failure as failure:
            done(failure)
        else:
            done(None)

    _start(run, found.arn)


def _within(found: Found, job: Job) -> bytes:
    ended: queue.SimpleQueue[bytes | BaseException] = queue.SimpleQueue()

    def run() -> None:
        try:
            ended.put(found.run(job))
        except BaseException as error:  # noqa: BLE001 - whatever it is, it is raised again where the answer is awaited
            ended.put(error)

    _start(run, job.arn)
    try:
        outcome = ended.get(timeout=job.seconds)
    except queue.Empty:
        raise TimedOut from None
    if isinstance(outcome, BaseException):
        try:
            raise outcome
        finally:
            del outcome  # it leads to this frame by its traceback: a reference cycle
    return outcome


def _start(run: Callable[[], None], arn: Arn) -> None:
    """Runs in a daemon thread with a copy of the current context, so that an active mock is active there too."""
    context = contextvars.copy_context()
    threading.Thread(target=context.run, args=(run,), name=f"lambda-{arn.name}", daemon=True).start()


def _python(function: Function) -> Callable[[Job], bytes]:
    def run(job: Job) -> bytes:
        from cogmock.core.functions.context import Context

        context = Context(job.arn, job.id, job.seconds)
        try:
            answer = function(json.loads(job.event), context)
        except BaseException as error:
            raise FunctionFailed(_said(error), _where(error)) from error
        try:
            return json.dumps(answer, allow_nan=False).encode()
        except (TypeError, ValueError, RecursionError) as error:
            raise FunctionFailed(f"Unable to marshal response: {error}") from error

    return run


def _where(error: BaseException) -> str:
    """Exception, file and line, for the log; the caller gets only the text."""
    trace = error.__traceback__
    while trace and trace.tb_next:
        trace = trace.tb_next
    place = f" ({trace.tb_frame.f_code.co_filename}:{trace.tb_lineno})" if trace else ""
    return f"{type(error).__name__}: {_said(error)}{place}"


def _said(error: BaseException) -> str:
    """The text of an exception. Its class is not ours, so asking for the text may raise as well."""
    try:
        return foreign_json.encodable(str(error))
    except Exception:  # noqa: BLE001 - whatever it is, the function has failed already
        return type(error).__name__


def _target(target: str, kept: Mapping[str, Function]) -> Callable[[Job], bytes]:
    if is_url(target):
        return lambda job: http_api.post(target, job)
    if target in kept:
        return _python(kept[target])
    return lambda job: _python(imported(target))(job)


def imported(target: str) -> Function:
    """A callable by its path. Raises FunctionFailed in the words of Lambda's runtime."""
    import sys
    from importlib import import_module
    from pathlib import Path

    module, _, name = target.partition(":")
    if str(Path.cwd()) not in sys.path:
        sys.path.append(str(Path.cwd()))  # a console script does not look where it was started
    try:
        found: Any = import_module(module)
    except BaseException as error:
        raise FunctionFailed(f"Unable to import module '{module}': {_said(error)}", _where(error)) from error
    for part in name.split("."):
        found = getattr(found, part, None)
    if not callable(found):
        raise FunctionFailed(f"Handler '{name}' missing on module '{module}'")
    function: Function = found
    return function
