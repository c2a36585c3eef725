"""The Lambda functions of a test: Python callables by name, and the record of their invocations."""

from __future__ import annotations

from collections.abc import Callable, Iterator, MutableMapping
from typing import TYPE_CHECKING, Any

from cogmock.wire import arns

if TYPE_CHECKING:
    from cogmock.core.journal import Invocation
    from cogmock.core.world import World

Function = Callable[[dict[str, Any], Any], Any]


class Functions(MutableMapping[str, Function]):
    """Function name or ARN → the Python callable that is called in its place, with event and context."""

    def __init__(self, world: World) -> None:
        self._world = world

    @property
    def calls(self) -> list[Invocation]:
        """The invocations of triggers so far, oldest first: each with source, event, response and outcome."""
        return list(self._world.journal.invocations)

    def calls_of(self, source: str) -> list[Invocation]:
        """The invocations of a trigger source ("PreSignUp_SignUp") or of a trigger ("PreSignUp")."""
        from cogmock.core.triggers.events import trigger_of

        return [each for each in self.calls if source in (each.source, trigger_of(each.source))]

    def decrypt(self, code: str) -> str:
        """The plain code of a custom sender's event."""
        import base64

        from cogmock.core.messages import code_encryption

        return code_encryption.decrypt(self._world, base64.b64decode(code))

    def arn(self, name: str, region: str = "us-east-1", account: str = "123456789012") -> str:
        """The ARN for LambdaConfig under which the function of this name is found."""
        return arns.arn("lambda", region, account, f"function:{name}")

    def __getitem__(self, name: str) -> Function:
        return self._world.functions[name]

    def __setitem__(self, name: str, function: Function) -> None:
        self._world.functions[name] = function

    def __delitem__(self, name: str) -> None:
        del self._world.functions[name]

    def __iter__(self) -> Iterator[str]:
        return iter(tuple(self._world.functions))

    def __len__(self) -> int:
        return len(self._world.functions)

    def __repr__(self) -> str:
        return f"<functions {', '.join(self) or 'none'}; {len(self.calls)} calls>"
