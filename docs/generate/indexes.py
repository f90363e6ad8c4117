"""The indexes of the packages whose classes a spec can name: `modelc/layers/index.py` and the like.

A class is in the index of its package where it is public and concrete and below the base of the package, unless it
says that it `is_base` itself. The index says where it is, what else it is called in specs and in Keras's files, and
which flags it has, so that `modelc` imports only the modules that a spec needs.
"""

from __future__ import annotations

import inspect
import pkgutil
from collections.abc import Iterator
from importlib import import_module
from typing import Any, cast

from modelc.config.base import Config

BASES = {
    "layers": "base.Layer",
    "losses": "loss.Loss",
    "metrics": "metric.Metric",
    "optimizers": "optimizer.Optimizer",
    "optimizers/schedules": "classes.Schedule",
    "callbacks": "callback.ConfigCallback",
    "initializers": "classes.Initializer",
    "regularizers": "classes.Regularizer",
    "constraints": "classes.Constraint",
    "data": "sources.Source",
}
"""The base of the classes of each package."""

_NOTE = "Made by `python docs/generate` from the classes themselves: change those, then run that again."


def index(package: str) -> str:
    """The text of the package's `index.py`."""
    name = f"modelc.{package.replace('/', '.')}"
    classes = sorted(_classes(name, BASES[package]), key=lambda cls: (_folder(cls, name), cls.type_name()))
    modules = {cls.type_name(): _place(cls) for cls in classes}
    aliases = {word: cls.type_name() for cls in classes for word in cls.other_names()}
    flags = dict.fromkeys(flag for cls in classes for flag in cls.indexed)
    former = {word: cls.type_name() for cls in classes for word in vars(cls).get("keras_names", ())}
    parts = [f"    modules={{\n{_rows(modules)}    }},\n"]
    if aliases:
        parts.append(f"    aliases={{\n{_rows(aliases)}    }},\n")
    if flags:
        rows = "".join(_tuple(flag, [cls.type_name() for cls in classes if getattr(cls, flag)]) for flag in flags)
        parts.append(f"    flags={{\n{rows}    }},\n")
    if former:
        parts.append(f"    former={{\n{_rows(former)}    }},\n")
    return (
        f'"""Where each class of `{name}` is.\n\n{_NOTE}\n"""\n\n'
        "from modelc.config.registry import Index\n\n"
        f"INDEX = Index(\n{''.join(parts)})\n"
    )


def _rows(table: dict[str, str]) -> str:
    return "".join(f'        "{key}": "{value}",\n' for key, value in table.items())


def _tuple(flag: str, names: list[str]) -> str:
    return f'        "{flag}": (\n' + "".join(f'            "{name}",\n' for name in names) + "        ),\n"


def _place(cls: type[Config]) -> str:
    module = cls.__module__
    return module if cls.__name__ == cls.type_name() else f"{module}:{cls.__name__}"


def _folder(cls: type[Config], package: str) -> str:
    """The folder inside of the package, by which the classes are sorted; then they are sorted by name."""
    return cls.__module__.removeprefix(f"{package}.").rpartition(".")[0]


def _classes(package: str, base: str) -> Iterator[type[Config]]:
    path, _, name = base.rpartition(".")
    above = getattr(import_module(f"{package}.{path}"), name)
    for module in _modules(package):
        for cls in vars(import_module(module)).values():
            if inspect.isclass(cls) and cls.__module__ == module and issubclass(cls, above) and _is_public(cls, above):
                yield cast("type[Config]", cls)


def _is_public(cls: type[Any], base: type[Any]) -> bool:
    is_base = cls is base or vars(cls).get("is_base", False) or inspect.isabstract(cls)
    return not is_base and cls.__name__.isidentifier() and not cls.__name__.startswith("_")


def _modules(package: str) -> Iterator[str]:
    """The modules of a package, those of packages below it included that have no index of their own."""
    names = {f"modelc.{name.replace('/', '.')}" for name in BASES}
    others = {name for name in names if name.startswith(f"{package}.")}
    for module in pkgutil.walk_packages(import_module(package).__path__, f"{package}."):
        if not any(module.name == other or module.name.startswith(f"{other}.") for other in others):
            yield module.name
