"""`Config`: the base of everything that a spec can name: layers, initializers, regularizers, constraints.

A config is a frozen pydantic model with strict types. It is made in two ways that share one set of rules: by a
call in Python, `Dense(32, activation="relu")`, and from a mapping of a spec, `{type: Dense, units: 32}`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Any, ClassVar, Generic, Self, TypeVar, cast

from pydantic import BaseModel, ConfigDict, GetCoreSchemaHandler, GetJsonSchemaHandler, ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import PydanticCustomError, core_schema

from modelc.config.validation import explain, one_per_mistake, without_misspelt
from modelc.errors import Diagnostic, SpecError
from modelc.system.forks import cached_property
from modelc.text.naming import snake_case
from modelc.text.suggest import did_you_mean
from modelc.words.values import other_value

if TYPE_CHECKING:
    from inspect import Signature


class _ConfigClass(type(BaseModel)):
    """The class of configs, whose help shows what they are to their users: options and methods, and not pydantic's."""

    @property
    def __doc__(cls) -> str | None:  # pyright: ignore[reportIncompatibleVariableOverride]
        from modelc.config.described import help_of

        return help_of(cast("type[Config]", cls))

    @property
    def __signature__(cls) -> Signature:
        from modelc.config.described import signature_of

        return signature_of(cast("type[Config]", cls))

    @__signature__.setter
    def __signature__(cls, _: object) -> None:
        """Pydantic's own shows `*args` and `**options`."""

    def __dir__(cls) -> list[str]:
        own = set(super().__dir__()) - set(dir(BaseModel))
        return sorted(name for name in own if not name.startswith("_") or name == "__call__")


class Config(BaseModel, metaclass=_ConfigClass):
    """A named thing with typed options. `Sub(1, 2)` fills the options in the order in which Keras declares them."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        strict=True,
        validate_default=True,
        ignored_types=(cached_property,),
        # Building a validator takes a millisecond or two: only the classes that a spec uses pay for it.
        defer_build=True,
    )

    keyword_only: ClassVar[frozenset[str]] = frozenset()
    """Options that a call in Python takes by keyword only."""

    def __init__(self, *args: Any, **options: Any) -> None:
        if args:
            options = {**_positional(type(self), args, options), **options}
        try:
            super().__init__(**options)
        except ValidationError as error:
            raise SpecError(_python_diagnostics(type(self), error)) from None

    @classmethod
    def validate_options(cls, options: Mapping[str, Any]) -> Self:
        """The config with these options. Raises pydantic's `ValidationError`, for a caller that can locate it."""
        new = cls.__new__(cls)
        cls.__pydantic_validator__.validate_python(dict(options), self_instance=new)
        return new

    @classmethod
    def type_name(cls) -> str:
        """The name in a spec: the class's own."""
        return cls.__name__

    @classmethod
    def mentioned(cls) -> dict[str, FieldInfo]:
        """The options that lists of them name."""
        return cls.model_fields

    def options(self) -> dict[str, Any]:
        """The options that differ from their defaults, as plain data."""
        return self._options_but()

    def _options_but(self, *left_out: str) -> dict[str, Any]:
        fields = type(self).model_fields
        return {
            fields[name].alias or name: plain_value(value)
            for name, value in self.__dict__.items()
            if name in fields
            and name not in left_out
            and (fields[name].is_required() or not _is_default(value, fields[name].default))
        }

    def __repr__(self) -> str:
        return f"{type(self).__name__}({', '.join(f'{name}={value!r}' for name, value in self.options().items())})"

    def __str__(self) -> str:
        return repr(self)

    def plain(self) -> dict[str, Any]:
        """What a spec would hold: `{"type": "Dense", "units": 32}`."""
        return {"type": self.type_name(), **self.options()}

    def shortest(self) -> Any:
        """The shortest that a spec would hold where an option is a config: `"Zeros"` where no option is given."""
        plain = self.plain()
        return plain if len(plain) > 1 else plain["type"]


def _is_default(value: Any, default: Any) -> bool:
    """Whether `value` is what `default` is validated to: `(1, 1)` for a default of 1 per axis."""
    if isinstance(value, tuple) and isinstance(default, int):
        return all(item == default for item in cast(tuple[Any, ...], value))
    return value == default


def plain_value(value: Any, sequence: type[list[Any]] | type[tuple[Any, ...]] = list) -> Any:
    """A value as plain data: a config as a spec holds it, by its name alone where it has no options.

    Tuples become a `sequence`: lists, as YAML and JSON have them, or tuples, as Python shows them.
    """
    if isinstance(value, Config):
        return value.shortest()
    if isinstance(value, tuple):
        return sequence(plain_value(item, sequence) for item in cast(tuple[Any, ...], value))
    if isinstance(value, Mapping):
        return {str(key): plain_value(item, sequence) for key, item in cast("Mapping[Any, Any]", value).items()}
    return value


def _positional(cls: type[Config], args: tuple[Any, ...], options: Mapping[str, Any]) -> dict[str, Any]:
    names = [name for name in cls.model_fields if name not in cls.keyword_only]
    if len(args) > len(names):
        message = f"{cls.__name__} takes at most {len(names)} positional arguments, found {len(args)}"
        raise SpecError(Diagnostic("E203", message, f"they are: {', '.join(names)}", cls.__name__))
    given = dict(zip(names, args, strict=False))
    for name in given:
        if name in options:
            raise SpecError(
                Diagnostic("E207", f"`{name}` is given twice, by position and by keyword", None, cls.__name__)
            )
    return given


def _python_diagnostics(cls: type[Config], error: ValidationError) -> list[Diagnostic]:
    found: list[Diagnostic] = []
    known = list(cls.mentioned())
    for details in without_misspelt(one_per_mistake(error.errors(include_url=False)), cls.__name__, known):
        code, message, help = explain(details, cls.__name__, known)
        where = ".".join([cls.__name__, *map(str, details["loc"][:1])])
        found.append(Diagnostic(code, message, help, where))
    return found


C = TypeVar("C", bound=Config)


def modules_of(package: str, names: Mapping[str, str]) -> dict[str, str]:
    """Where each class is, by its name, of a package whose modules hold these: `{"margin": "Hinge SquaredHinge"}`."""
    return {name: f"{package}.{module}" for module, words in names.items() for name in words.split()}


def spellings(names: Iterable[str], short: Mapping[str, str]) -> dict[str, str]:
    """The other spellings of classes by Keras's habits: `log_cosh`, and of those with a short one `mse` and `MSE`."""
    upper = {word.upper(): name for word, name in short.items()}
    return {snake_case(name): name for name in names} | dict(short) | upper


class Registry(Generic[C]):
    """A closed table of config classes by name: the only way from a word in a file to a class.

    `modules` maps a class's name to the module that defines it, so that only what a spec uses is imported;
    `aliases` maps other accepted spellings (`glorot_uniform`) to class names.
    """

    def __init__(self, kind: str, modules: Mapping[str, str], aliases: Mapping[str, str] | None = None) -> None:
        self.kind = kind
        self._modules = dict(modules)
        self._aliases = dict(aliases or {})

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
        name = self._aliases.get(name, name)
        return cast("type[C]", getattr(import_module(self._modules[name]), name))

    def unknown(self, name: str) -> tuple[str, str]:
        """The message and the help for a name that is not in the table."""
        words = [*self._modules, *self._aliases]
        help = other_value(self.kind, name, words)
        if help is None:
            near = did_you_mean(name, words)
            help = f"did you mean `{near}`?" if near else f"one of: {', '.join(self._listed())}"
        return f"unknown {self.kind} `{name}`", help

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
            value = value.__name__
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

    def field(self) -> RegistryField:
        """The annotation that makes a pydantic field hold one of these configs: `Annotated[X, registry.field()]`."""
        return RegistryField(self)


def with_article(kind: str) -> str:
    """`an optimizer`, `a loss`."""
    return f"{'an' if kind[0] in 'aeiou' else 'a'} {kind}"


@dataclass(frozen=True, slots=True)
class ByOutput:
    """Marks a field that holds a config of a registry, or several by the names of outputs."""

    registry: Registry[Any]
    words: frozenset[str] = frozenset()
    """What a text may be besides, whose meaning is found out later."""
    many: bool = False
    """Whether there may be a list."""


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
