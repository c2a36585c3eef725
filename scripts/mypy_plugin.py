"""A mypy plugin: `.get` with a key that a TypedDict does not have is an error.

mypy itself reports only `settings["UsernameAttribute"]`; for `settings.get("UsernameAttribute")` it infers `object`,
so a misspelled key that is only tested for truth would never be found.
"""

from __future__ import annotations

from collections.abc import Callable

from mypy.plugin import MethodContext, Plugin
from mypy.plugins.common import try_getting_str_literals
from mypy.plugins.default import typed_dict_get_callback
from mypy.types import Type, TypedDictType


class KnownKeys(Plugin):
    def get_method_hook(self, fullname: str) -> Callable[[MethodContext], Type] | None:
        return _get if fullname == "typing.Mapping.get" else None


def _get(context: MethodContext) -> Type:
    shape = context.type
    if isinstance(shape, TypedDictType):
        for key in try_getting_str_literals(context.args[0][0], context.arg_types[0][0]) or ():
            if key not in shape.items:
                name = shape.fallback.type.name
                context.api.fail(f'TypedDict "{name}" has no key "{key}"', context.context)
    return typed_dict_get_callback(context)


def plugin(_version: str) -> type[Plugin]:
    return KnownKeys
