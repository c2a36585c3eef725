"""Operations that the installed botocore knows, and the models that ship with cogmock do not."""

from __future__ import annotations

from functools import cache

from cogmock.errors import NotBuilt
from cogmock.wire.model import Model


def refuse_newer(model: Model, name: str) -> None:
    """Raises NotBuilt for an operation that a newer model has, so that nobody looks for a misspelt name."""
    version, operations = _installed(model.service)
    if name in operations:
        raise NotBuilt(
            f"cogmock does not know {name} yet: it is in the service model of botocore {version}, and cogmock has the "
            f"model of botocore {model.botocore}. Look for a newer release of cogmock."
        )


@cache
def _installed(service: str) -> tuple[str, frozenset[str]]:
    """The version of the botocore that is installed, and the operations of its model of a service."""
    import botocore
    import botocore.loaders

    model = botocore.loaders.Loader().load_service_model(service, "service-2")
    return botocore.__version__, frozenset(model["operations"])
