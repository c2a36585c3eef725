"""Clients made while a mock runs share what botocore otherwise builds anew for each, and what never changes.

These are the `ServiceModel`, with the shapes of each operation, and the functions that become a client's methods. They
are shared between the clients of one loader, which gives the very same data each time: a session with a loader, an
`AWS_DATA_PATH` or model extras of its own has its own models. What somebody altered is not given to others. Each client
has a class, events and settings of its own, as ever. A botocore that works otherwise shares nothing.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

from cogmock.testing.active import current
from cogmock.testing.doors import Patch

_ATTRIBUTE = "_shared_by_cogmock"
"""On a loader: the arguments that a model is asked with → what its clients share. So it goes when the session goes."""


def patches(client: Any) -> Iterator[Patch]:
    creator = getattr(client, "ClientCreator", None)
    if hasattr(creator, "_load_service_model"):
        yield "ClientCreator._load_service_model", _load
    if hasattr(creator, "_create_methods"):
        yield "ClientCreator._create_methods", _create


def _load(original: Any) -> Any:
    def _load_service_model(self: Any, *args: Any, **kwargs: Any) -> Any:
        shared = _shared(self)
        if shared is None:
            return original(self, *args, **kwargs)
        key = (args, *sorted(kwargs.items()))
        with suppress(Exception):
            found = shared.get(key)
            if found is not None and found.still_holds(self._loader, *args, **kwargs):
                return found.model
        model = original(self, *args, **kwargs)
        with suppress(Exception):
            new = _Shared(model)
            if new.still_holds(self._loader, *args, **kwargs):
                shared[key] = new
        return model

    return _load_service_model


def _create(original: Any) -> Any:
    def _create_methods(self: Any, *args: Any, **kwargs: Any) -> Any:
        found = _shared_with(self, *args) if not kwargs else None
        if found is None:
            return original(self, *args, **kwargs)
        # The documentation of a method is made by handlers of the session's events.
        made_for = type(self), self._event_emitter
        kept_for, methods = found.methods
        if kept_for != made_for or any(map(vars, methods.values())):
            methods = original(self, *args)
            found.methods = made_for, methods
        return dict(methods)

    return _create_methods


def _shared(creator: Any) -> dict[Any, _Shared] | None:
    """What clients of this session share; None where they share nothing."""
    run = current()
    loader = getattr(creator, "_loader", None)
    if run is None or not run.keep_sessions or not _is_botocores_own(loader):
        return None
    shared: dict[Any, _Shared] = vars(loader).setdefault(_ATTRIBUTE, {})
    return shared


def _is_botocores_own(loader: Any) -> bool:
    loader_class = getattr(sys.modules.get("botocore.loaders"), "Loader", None)
    return type(loader) is loader_class and "load_service_model" not in vars(loader)


def _shared_with(creator: Any, model: Any = None, *more: Any) -> _Shared | None:
    if more or not hasattr(creator, "_event_emitter"):
        return None
    return next((shared for shared in (_shared(creator) or {}).values() if shared.model is model), None)


class _Shared:
    """A model, and what tells whether somebody altered it or its data since it was made."""

    def __init__(self, model: Any) -> None:
        self.model = model
        self.methods: tuple[Any, dict[str, Any]] = None, {}
        self._new = {name: value for name, value in vars(model).items() if name != "_signature_version"}
        data = model._service_description
        self._tables = [data["operations"], data["shapes"], *data["shapes"].values()]
        self._tables += [shape["members"] for shape in data["shapes"].values() if "members" in shape]
        self._sizes = [*map(len, self._tables)]

    def still_holds(self, loader: Any, service_name: str, api_version: str | None = None) -> bool:
        """Whether a new model would be no different."""
        now = vars(self.model)
        data = loader.load_service_model(service_name, "service-2", api_version=api_version)
        return (
            data is self.model._service_description
            and all(now.get(name) is value for name, value in self._new.items())
            and all(name in self._new or _is_read_from_data(self.model, name) for name in now)
            and [*map(len, self._tables)] == self._sizes
        )


def _is_read_from_data(model: Any, name: str) -> bool:
    return name == "_signature_version" or type(vars(type(model)).get(name)).__name__ == "CachedProperty"
