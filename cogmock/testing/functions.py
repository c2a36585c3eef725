"""Lambda functions in the hands of a test: registered by name, and looked at after they ran."""

from __future__ import annotations

from collections.abc import Callable, Iterator, MutableMapping
from typing import TYPE_CHECKING, Any

from cogmock.wire import arns

if TYPE_CHECKING:
    from cogmock.core.journal import Invocation
    from cogmock.core.world import World

Function = Callable[[dict[str, Any], Any], Any]


class Functions(MutableMapping[str, Function]):
    """Function name, or ARN → a Python callable that stands in for it."""

    def __init__(self, world: World) -> None:
        self._world = world

    @property
    def calls(self) -> list[Invocation]:
        """The runs of triggers so far, oldest first: each with its source, event, response and outcome."""
        return list(self._world.journal.invocations)

    def calls_of(self, source: str) -> list[Invocation]:
        """The runs with this trigger source, or of this trigger: "PreSignUp_SignUp", "PreSignUp"."""
        from cogmock.core.triggers.events import trigger_of

        return [of for of in self.calls if source in (of.source, trigger_of(of.source))]

    def decrypt(self, code: str) -> str:
        """The code in the event of a custom sender."""
        import base64

        from cogmock.core.messages import code_encryption

        return code_encryption.decrypt(self._world, base64.b64decode(code))

    def arn(self, name: str, region: str = "us-east-1", account: str = "123456789012") -> str:
        """An ARN for LambdaConfig, by which the function of this name is found."""
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
