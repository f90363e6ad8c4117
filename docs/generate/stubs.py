"""The stubs of the packages whose names are looked up in registries: how each class is called, and what it says.

What an option takes is said by its JSON Schema, as in a spec; what it then holds by the annotation of its field.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Any, cast

from modelc.callbacks import CALLBACKS
from modelc.config.base import Config
from modelc.config.described import docs_of, field_docs, in_order, shown_default, shown_type
from modelc.config.registry import REGISTRY_MARK, Registry
from modelc.constraints import CONSTRAINTS
from modelc.initializers import INITIALIZERS
from modelc.layers import LAYERS
from modelc.losses import LOSSES
from modelc.metrics import METRICS
from modelc.optimizers import OPTIMIZERS
from modelc.optimizers.schedules import SCHEDULES
from modelc.regularizers import REGULARIZERS

Schema = Mapping[str, Any]


@dataclass(frozen=True)
class Package:
    """A package with a stub."""

    title: str
    registry: Registry[Any]
    base: str
    """The class that all of them are, as `module.Name`."""
    more: Sequence[str] = ()
    """Other public names, as `module.Name`."""


PACKAGES: Mapping[str, Package] = {
    "layers": Package(
        "The layers",
        LAYERS,
        "modelc.layers.base.Layer",
        ["modelc.keras.layer_form.deserialize", "modelc.keras.layer_form.serialize"],
    ),
    "losses": Package("The losses", LOSSES, "modelc.losses.loss.Loss"),
    "metrics": Package("The metrics", METRICS, "modelc.metrics.metric.Metric"),
    "optimizers": Package(
        "The optimizers", OPTIMIZERS, "modelc.optimizers.optimizer.Optimizer", ["modelc.optimizers.schedules"]
    ),
    "optimizers/schedules": Package(
        "Schedules of the learning rate",
        SCHEDULES,
        "modelc.optimizers.schedules.classes.Schedule",
    ),
    "initializers": Package(
        "The initializers",
        INITIALIZERS,
        "modelc.initializers.classes.Initializer",
        [f"modelc.initializers.classes.{name}" for name in ("MAX_ORTHOGONAL", "InitializerField")],
    ),
    "regularizers": Package(
        "The regularizers",
        REGULARIZERS,
        "modelc.regularizers.classes.Regularizer",
        [f"modelc.regularizers.classes.{name}" for name in ("RegularizerField",)],
    ),
    "constraints": Package(
        "The constraints",
        CONSTRAINTS,
        "modelc.constraints.classes.Constraint",
        [f"modelc.constraints.classes.{name}" for name in ("ConstraintField",)],
    ),
    "callbacks": Package(
        "The callbacks",
        CALLBACKS,
        "modelc.callbacks.callback.ConfigCallback",
        [
            "modelc.callbacks.callback.Callback",
            "modelc.callbacks.log.History",
            "modelc.callbacks.progress.ProgbarLogger",
            "modelc.callbacks.simple.LambdaCallback",
            "modelc.callbacks.simple.LearningRateScheduler",
        ],
    ),
}
_BASES: Mapping[str, tuple[str, Registry[Any] | None]] = {
    "layer": ("modelc.layers.base.Layer", None),
    "cell": ("modelc.layers.base.Layer", None),
    "activation": ("modelc.layers.base.Layer", None),
    "initializer": ("modelc.initializers.classes.Initializer", INITIALIZERS),
    "regularizer": ("modelc.regularizers.classes.Regularizer", REGULARIZERS),
    "constraint": ("modelc.constraints.classes.Constraint", CONSTRAINTS),
    "learning-rate schedule": ("modelc.optimizers.schedules.classes.Schedule", None),
}
"""What the configs of a registry are, by its kind, and the registry whose names may stand for them."""
_NOTE = "# Made by `python docs/generate` from the classes themselves: change those, then run that again."


def stub(package: str) -> str:
    """The text of the package's `__init__.pyi`."""
    return _Stub(package).text()


class _Stub:
    def __init__(self, package: str) -> None:
        self._package = PACKAGES[package]
        self._module = import_module(f"modelc.{package.replace('/', '.')}")
        self._imports: dict[str, set[str]] = {}
        self._aliases: dict[str, str] = {}

    def text(self) -> str:
        package = self._package
        base = self._name(package.base)
        classes = [self._class(package.registry[name], base) for name in package.registry.names]
        public = [self._reexport(path) for path in package.more]
        self._name("modelc.config.registry.Registry")
        registries = [name for name, value in vars(self._module).items() if isinstance(value, Registry)]
        constants = [f"{name}: Registry[{base}]" for name in registries]
        aliases = [f"{name}: TypeAlias = {type}" for name, type in sorted(self._aliases.items())]
        body = "\n".join([*constants, "", *aliases, "", *classes])
        used = [
            f"from {module} import {', '.join(names)}"
            for module, known in _STANDARD.items()
            if (names := [name for name in known if re.search(rf"\b{name}\b", _code(body))])
        ]
        bases = [
            # `as` makes a name of the stub one of the package: only those that it has when it runs.
            f"from {module} import {name}" + (f" as {name}" if hasattr(self._module, name) else "")
            for module, names in sorted(self._imports.items())
            for name in sorted(names)
        ]
        docstring = f'"""{package.title}, by Keras\'s names."""\n'
        return "\n".join([_NOTE, docstring, *used, "", *bases, *public, "", body])

    def _name(self, path: str) -> str:
        module, _, name = path.rpartition(".")
        self._imports.setdefault(module, set()).add(name)
        return name

    def _reexport(self, path: str) -> str:
        module, _, name = path.rpartition(".")
        return f"from {module} import {name} as {name}"

    def _class(self, cls: type[Config], base: str) -> str:
        schemas: Schema = cls.model_json_schema(by_alias=True)["properties"]
        positional, by_keyword = [], []
        for name, field, is_by_keyword in in_order(cls):
            default = "" if field.is_required() else f" = {shown_default(field)}"
            taken = self._taken(schemas[name], name)
            if default == " = None" and "None" not in taken.split(" | "):
                taken += " | None"
            annotation = f"{taken}{default}"
            (by_keyword if is_by_keyword else positional).append(f"        {name}: {annotation},")
        stars = ["        *,"] if by_keyword else []
        lines = [
            f"class {cls.__name__}({base}):",
            textwrap.indent(f'r"""{self._docs(cls, base)}\n"""', "    "),
            "",
            "    def __init__(",
            "        self,",
            *positional,
            *stars,
            *by_keyword,
            "    ) -> None: ...",
            *self._properties(cls, base),
            # The class itself has what its base asks for; in a stub it would look as if it had not.
            *(f"    def {name}(self, *args: Any, **kwargs: Any) -> Any: ..." for name in _abstract(cls, base)),
            "",
        ]
        return "\n".join(lines)

    def _docs(self, cls: type[Config], base: str) -> str:
        """The docstring, and what every option means but for those of all classes of the package."""
        docs, shared = field_docs(cls), _shared(cls, base)
        options = [f"    {name}: {docs[name]}" for name in cls.model_fields if name in docs and name not in shared]
        wrapped = [textwrap.fill(line, 110, subsequent_indent=" " * 8, break_long_words=False) for line in options]
        return "\n".join([docs_of(cls), *(["", "Args:", *wrapped] if wrapped else [])])

    def _properties(self, cls: type[Config], base: str) -> Iterator[str]:
        """The options as attributes, but for those of every class of the package, which their base declares."""
        shared = _shared(cls, base)
        for name, field in cls.model_fields.items():
            if name not in shared:
                yield "    @property"
                yield f"    def {name}(self) -> {self._held(field.annotation)}: ..."

    # --- types

    def _taken(self, schema: Schema, option: str) -> str:
        """The type of what an option takes."""
        return " | ".join(dict.fromkeys(self._choices(schema, option)))

    def _choices(self, schema: Schema, option: str) -> Iterator[str]:
        if REGISTRY_MARK in schema:
            yield from self._of_registry(str(schema[REGISTRY_MARK]))
        elif "anyOf" in schema:
            for choice in cast("Sequence[Schema]", schema["anyOf"]):
                yield from self._choices(choice, option)
        elif "enum" in schema or "const" in schema:
            yield self._literal(cast("Sequence[Any]", schema.get("enum", [schema.get("const")])), option)
        else:
            kinds: Any = schema.get("type")
            for kind in [kinds] if isinstance(kinds, str) else kinds or [None]:
                yield self._plain(kind, schema, option)

    def _plain(self, kind: str | None, schema: Schema, option: str) -> str:
        match kind:
            case "array":
                items: Any = schema.get("items", {})
                return f"Sequence[{self._taken(items, option) if items else 'Any'}]"
            case "object":
                return "Mapping[str, Any]"
            case "string":
                return "str | PathLike[str]" if schema.get("format") == "path" else "str"
            case _:
                return {"integer": "int", "number": "float", "boolean": "bool", "null": "None"}.get(str(kind), "Any")

    def _literal(self, words: Sequence[Any], option: str) -> str:
        """The words that an option takes; many of them by a name that is made of the option's."""
        literal = f"Literal[{', '.join(map(repr, words))}]"
        if len(words) <= _FEW:
            return literal
        stem = "_" + "".join(part.capitalize() for part in option.split("_"))
        for name in (stem, *(f"{stem}{i}" for i in range(2, 100))):
            if self._aliases.setdefault(name, literal) == literal:
                return name
        raise AssertionError(option)

    def _of_registry(self, kind: str) -> Iterator[str]:
        base, registry = _BASES[kind]
        yield self._name(base)
        if registry is not None:
            yield self._literal([*registry.names, *registry.aliases], f"{kind}_name")
        yield "Mapping[str, Any]"

    def _held(self, annotation: Any) -> str:
        """The type of what an option holds, as far as a stub names it."""
        text = shown_type(annotation)
        words = set(text.replace("[", " ").replace("]", " ").replace(",", " ").replace("|", " ").split())
        return text if words <= _KNOWN or text.startswith("Literal[") else "Any"


def _code(text: str) -> str:
    """The text of a stub without its docstrings."""
    return re.sub(r'r""".*?"""', "", text, flags=re.DOTALL)


def _base(cls: type[Config], base: str) -> Any:
    return next(b for b in cls.__mro__ if b.__name__ == base)


def _shared(cls: type[Config], base: str) -> Mapping[str, Any]:
    """The options of every class of the package."""
    return _base(cls, base).model_fields


def _abstract(cls: type[Config], base: str) -> list[str]:
    """The methods that every class of the package defines."""
    return sorted(_base(cls, base).__abstractmethods__)


_STANDARD = {
    "collections.abc": ("Mapping", "Sequence"),
    "os": ("PathLike",),
    "typing": ("Any", "Literal", "TypeAlias"),
}
_FEW = 6
_KNOWN = {"int", "float", "str", "bool", "None", "tuple", "dict", "...", "Any"}
