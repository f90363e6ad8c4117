"""`Config`: the base of everything that a spec can name: layers, initializers, regularizers, constraints.

A config is a frozen pydantic model with strict types. It is made in two ways that share one set of rules: by a
call in Python, `Dense(32, activation="relu")`, and from a mapping of a spec, `{type: Dense, units: 32}`.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from inspect import Signature
from typing import Any, ClassVar, Self, cast

from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic.fields import FieldInfo, ModelPrivateAttr
from pydantic_core import PydanticUndefined

from modelc.config.described import help_of, signature_of
from modelc.config.plain import plain_value
from modelc.config.validation import explain, one_per_mistake, without_misspelt
from modelc.errors import Diagnostic, SpecError
from modelc.system.forks import cached_property


class _ConfigClass(type(BaseModel)):
    """The class of configs, whose help shows what they are to their users: options and methods, and not pydantic's."""

    def __init__(cls, *args: Any, **settings: Any) -> None:
        super().__init__(*args, **settings)
        # For each class, pydantic evaluates the annotations of all its bases again, except those of fields. It has
        # noted by now which names are class variables and private attributes: their annotations have served.
        annotations = cast("dict[str, Any]", vars(cls).get("__annotations__", {}))
        fields = cast("type[Config]", cls).model_fields
        for name in [name for name in annotations if name not in fields]:
            del annotations[name]
        # Pydantic sets the private attributes one by one, each default copied, and once more for each base class.
        private = cast("type[Config]", cls).__private_attributes__
        inherited = cast("type[Config]", super(cls, cast("type[Config]", cls))).model_post_init
        if private and "model_post_init" not in args[2] and inherited in (BaseModel.model_post_init, _set_private):
            type.__setattr__(cls, "model_post_init", _set_private)  # as pydantic sets its own

    @property
    def __doc__(cls) -> str | None:  # pyright: ignore[reportIncompatibleVariableOverride]
        return help_of(cast("type[Config]", cls))

    @property
    def __signature__(cls) -> Signature:
        return signature_of(cast("type[Config]", cls))

    @__signature__.setter
    def __signature__(cls, _: object) -> None:
        """Pydantic's own shows `*args` and `**options`."""

    def __dir__(cls) -> list[str]:
        own = set(super().__dir__()) - set(dir(BaseModel))
        return sorted(name for name in own if not name.startswith("_") or name == "__call__")


def _set_private(self: BaseModel, context: Any, /) -> None:
    """Set the private attributes of a new config to their defaults, as pydantic's `model_post_init` does."""
    if getattr(self, "__pydantic_private__", None) is not None:
        return
    plain, others = _private_defaults(type(self))
    private = plain.copy()
    for name, attribute in others:
        private[name] = attribute.get_default(call_default_factory=True)
    object.__setattr__(self, "__pydantic_private__", private)


@cache
def _private_defaults(cls: type[BaseModel]) -> tuple[dict[str, Any], tuple[tuple[str, ModelPrivateAttr], ...]]:
    """The defaults of private attributes that all configs of a class can share; and the attributes with other ones."""
    plain: dict[str, Any] = {}
    others: list[tuple[str, ModelPrivateAttr]] = []
    for name, attribute in cls.__private_attributes__.items():
        default = attribute.default
        if attribute.default_factory is not None:
            others.append((name, attribute))
        elif default == () or isinstance(default, bool | int | float | str | None):
            plain[name] = default
        elif default is not PydanticUndefined:
            others.append((name, attribute))
    return plain, tuple(others)


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
    is_base: ClassVar[bool] = False
    """Whether it is only the base of others, so that no spec names it; said by the class itself, not inherited."""
    indexed: ClassVar[tuple[str, ...]] = ()
    """The flags of the classes of a kind, such as `is_cell`, that the index of their package lists."""
    aliases: ClassVar[tuple[str, ...]] = ()
    """Other names that a spec may use for the class; said by the class itself, not inherited."""

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
        """The name in a spec: the class's own, unless it says another."""
        return cls.__name__

    @classmethod
    def lower_case_name(cls) -> str | None:
        """The spelling in lower case that a spec may use for the name, where Keras has one for classes of the kind."""
        return None

    @classmethod
    def other_names(cls) -> list[str]:
        """All other spellings of the name."""
        lower = cls.lower_case_name()
        return list(dict.fromkeys([*([] if lower is None else [lower]), *vars(cls).get("aliases", ())]))

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

    def __copy__(self) -> Self:
        # As pydantic's, without its calls for what a config has none of: large specs have many layers.
        private = self.__pydantic_private__
        new = type(self).__new__(type(self))
        object.__setattr__(new, "__dict__", self.__dict__.copy())
        object.__setattr__(new, "__pydantic_extra__", None)
        object.__setattr__(new, "__pydantic_fields_set__", self.__pydantic_fields_set__.copy())
        object.__setattr__(new, "__pydantic_private__", None if private is None else private.copy())
        return new

    def __repr__(self) -> str:
        return f"{self.type_name()}({', '.join(f'{name}={value!r}' for name, value in self.options().items())})"

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


def _positional(cls: type[Config], args: tuple[Any, ...], options: Mapping[str, Any]) -> dict[str, Any]:
    names = [name for name in cls.model_fields if name not in cls.keyword_only]
    if len(args) > len(names):
        message = f"{cls.type_name()} takes at most {len(names)} positional arguments, found {len(args)}"
        raise SpecError(Diagnostic("E203", message, f"they are: {', '.join(names)}", cls.type_name()))
    given = dict(zip(names, args, strict=False))
    for name in given:
        if name in options:
            raise SpecError(
                Diagnostic("E207", f"`{name}` is given twice, by position and by keyword", None, cls.type_name())
            )
    return given


def _python_diagnostics(cls: type[Config], error: ValidationError) -> list[Diagnostic]:
    found: list[Diagnostic] = []
    known = list(cls.mentioned())
    for details in without_misspelt(one_per_mistake(error.errors(include_url=False)), cls.type_name(), known):
        code, message, help = explain(details, cls.type_name(), known)
        where = ".".join([cls.type_name(), *map(str, details["loc"][:1])])
        found.append(Diagnostic(code, message, help, where))
    return found
