"""`Registry`: the classes that a spec can name, by their names; and the indexes that the registries look them up in.

A class is registered by being there: a public class below the base of its package, which no other file lists. `python
docs/generate` writes the index of each package from its classes, and a test holds it to them. An index is data: to
look up a name imports one module, not the package.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any, Generic, TypeVar, cast

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import PydanticCustomError, core_schema

from modelc.config.base import Config
from modelc.text.unknown import listed, unknown
from modelc.words.values import other_value

C = TypeVar("C", bound=Config)


@dataclass(frozen=True)
class Index:
    """What is known of the classes of a package without importing them."""

    modules: Mapping[str, str]
    """The module that defines each class, by the class's name in a spec; `module:Name` where Python's name differs."""
    aliases: Mapping[str, str] = field(default_factory=dict[str, str])
    """The name in a spec of each other spelling that it accepts: `mse`, `he_normal`."""
    flags: Mapping[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])
    """The classes of which each of the flags holds that their base lists in `indexed`."""

    former: Mapping[str, str] = field(default_factory=dict[str, str])
    """The name in a spec of each other name that Keras's files may have for a class: `MaxPool2D`, `LSTMV1`."""

    def flagged(self, flag: str) -> Index:
        """The part of the index of which a flag holds."""
        return Index({name: self.modules[name] for name in self.flags[flag]})

    def plus(self, **modules: str) -> Index:
        """The index with further classes."""
        return Index({**self.modules, **modules}, self.aliases, self.flags, self.former)


class Registry(Generic[C]):
    """A closed table of config classes by name: the only way from a word in a file to a class.

    The table is an index, so that only the modules of what a spec uses are imported.
    """

    def __init__(self, kind: str, index: Index) -> None:
        self.kind = kind
        self._modules = dict(index.modules)
        self._aliases = dict(index.aliases)
        self._former = index.former
        self._classes: dict[str, type[C]] = {}

    def __contains__(self, name: object) -> bool:
        return name in self._modules or name in self._aliases

    @property
    def names(self) -> list[str]:
        """The class names, in the order of the table."""
        return list(self._modules)

    @property
    def aliases(self) -> list[str]:
        """The other accepted spellings."""
        return list(self._aliases)

    def __getitem__(self, name: str) -> type[C]:
        known = self._classes.get(name)
        if known is None:
            listed = self._aliases.get(name, name)
            module, _, class_name = self._modules[listed].partition(":")
            known = self._classes[name] = cast("type[C]", getattr(import_module(module), class_name or listed))
        return known

    def current(self, name: str) -> str:
        """The name in a spec of a class that one of Keras's files calls `name`; `name` itself where it knows none."""
        return self._former.get(name, name)

    def unknown(self, name: str) -> tuple[str, str]:
        """The message and the help for a name that is not in the table."""
        words = [*self._modules, *self._aliases]
        otherwise = listed(self.kind, names := self._listed(), len(names))
        message, help = unknown(self.kind, name, words, otherwise=otherwise)
        return message, other_value(self.kind, name, words) or help

    def _listed(self) -> list[str]:
        """One spelling of each, the one that a spec would use: the shortest alias, else the name."""
        shortest = {name: name for name in self._modules}
        for alias, name in self._aliases.items():
            if alias.islower() and (shortest[name] == name or len(alias) < len(shortest[name])):
                shortest[name] = alias
        return list(shortest.values())

    def coerce(self, value: Any) -> C:
        """A config from a config, a name or a mapping with `type`. Raises `PydanticCustomError` or `SpecError`."""
        if isinstance(value, Config) and value.type_name() in self._modules:
            return cast(C, value)
        if isinstance(value, type) and issubclass(value, Config):
            value = value.type_name()
        if isinstance(value, str):
            value = {"type": value}
        if not isinstance(value, Mapping) or not isinstance(cast("Mapping[str, Any]", value).get("type"), str):
            raise PydanticCustomError(
                "config_type",
                "expected the name of {kind}, or a mapping with `type`",
                {"kind": with_article(self.kind)},
            )
        options = dict(cast("Mapping[str, Any]", value))
        name = options.pop("type")
        if name not in self:
            message, help = self.unknown(name)
            raise PydanticCustomError("config_name", "{text}", {"text": message, "help": help})
        return self[name](**options)

    def module_names(
        self, package: str, more: Mapping[str, str] | None = None
    ) -> tuple[Callable[[str], Any], Callable[[], list[str]]]:
        """`__getattr__` and `__dir__` of a package whose names are these classes, imported on first use.

        `more` are further names by their modules.
        """
        others = dict(more or {})

        def get(name: str) -> Any:
            if name in self._modules:
                return self[name]
            if name in others:
                return getattr(import_module(others[name]), name)
            raise AttributeError(f"module '{package}' has no attribute '{name}'")

        return get, lambda: [*self._modules, *others]

    def field(self) -> RegistryField:
        """The annotation that makes a pydantic field hold one of these configs: `Annotated[X, registry.field()]`."""
        return RegistryField(self)


def with_article(kind: str) -> str:
    """`an optimizer`, `a loss`."""
    return f"{'an' if kind[0] in 'aeiou' else 'a'} {kind}"


REGISTRY_MARK = "x-modelc-registry"


class RegistryField:
    """Pydantic's view of a registry: how a value is validated, and its JSON Schema."""

    def __init__(self, registry: Registry[Any]) -> None:
        self.registry = registry

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> core_schema.CoreSchema:
        return core_schema.no_info_plain_validator_function(self.registry.coerce)

    def __get_pydantic_json_schema__(
        self, schema: core_schema.CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        # A mark, which modelc/language/schema/schema.py replaces by a reference: pydantic follows references itself.
        return {REGISTRY_MARK: self.registry.kind}
