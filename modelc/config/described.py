"""What a class of options says of itself: its docstring, its options with their types, defaults and meaning.

`help(Conv2D)`, an editor's stubs, the JSON Schema and the pages of docs/ all take it from here. The texts of options
are the docstrings below the fields, read from the source when they are wanted: pydantic can collect them while a class
is made, but then every start of every command pays for it.
"""

from __future__ import annotations

import ast
import inspect
import sys
import textwrap
import types
from collections.abc import Iterable, Iterator
from functools import cache
from typing import TYPE_CHECKING, Annotated, Any, Literal, Union, cast, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from modelc.config.plain import plain_value

if TYPE_CHECKING:
    from modelc.config.base import Config

_WIDTH = 79


def docs_of(cls: type[Config]) -> str:
    """The docstring of a class; where it has none of its own, that of the base which holds its equation."""
    bases = (base for base in cls.__mro__ if _is_config(base))
    return next((inspect.cleandoc(text) for base in bases if (text := vars(base).get("__doc__"))), "")


def _is_config(cls: type) -> bool:
    return issubclass(cls, BaseModel) and cls is not BaseModel


def help_of(cls: type[Config]) -> str:
    """The docstring of a class, and below it every option: type, default, meaning."""
    docs = field_docs(cls)
    options = [_option(name, field, docs.get(name, "")) for name, field, _ in in_order(cls)]
    return "\n\n".join([docs_of(cls), *(["Options:\n" + "\n".join(options)] if options else [])])


def _option(name: str, field: FieldInfo, text: str) -> str:
    default = "required" if field.is_required() else f"default {shown_default(field)}"
    head = f"{name}: {shown_type(field.annotation)}, {default}"
    return "\n".join([_wrapped(head, " " * 4, " " * 12), *([_wrapped(text, " " * 8, " " * 8)] if text else [])])


def _wrapped(text: str, first: str, following: str) -> str:
    return textwrap.fill(
        text, _WIDTH, initial_indent=first, subsequent_indent=following, break_long_words=False, break_on_hyphens=False
    )


def signature_of(cls: type[Config]) -> inspect.Signature:
    """The call of a class in Python: options in Keras's order, then those by keyword only."""
    parameters = [
        inspect.Parameter(
            name,
            inspect.Parameter.KEYWORD_ONLY if by_keyword else inspect.Parameter.POSITIONAL_OR_KEYWORD,
            default=inspect.Parameter.empty if field.is_required() else _Shown(shown_default(field)),
        )
        for name, field, by_keyword in in_order(cls)
    ]
    return inspect.Signature(parameters)


class _Shown(str):
    """A default in a signature, as it is written."""

    __slots__ = ()

    def __repr__(self) -> str:
        return str(self)


def in_order(cls: type[Config]) -> Iterator[tuple[str, FieldInfo, bool]]:
    """The options by the names that a call in Python takes; those that it takes by keyword only are at the end.

    What is required after an option that is not can be given by keyword only, too.
    """
    optional = False
    fields = sorted(cls.model_fields.items(), key=lambda item: item[0] in cls.keyword_only)
    late: list[tuple[str, FieldInfo, bool]] = []
    for name, field in fields:
        by_keyword = name in cls.keyword_only or (optional and field.is_required())
        optional |= not field.is_required()
        if by_keyword:
            late.append((field.alias or name, field, True))
        else:
            yield field.alias or name, field, False
    yield from late


def shown_default(field: FieldInfo) -> str:
    """A default as Python has it, a config of a registry by its name."""
    return repr(plain_value(field.default, tuple))


def shown_type(annotation: Any) -> str:
    """The type of an option's value, in the words of Python."""
    origin, arguments = get_origin(annotation), get_args(annotation)
    if annotation is None or annotation is types.NoneType:
        return "None"
    if annotation is Any:
        return "Any"
    if origin is Annotated:
        return shown_type(arguments[0])
    if origin is Literal:
        return f"Literal[{', '.join(map(repr, arguments))}]"
    if origin in (Union, types.UnionType):
        return " | ".join(dict.fromkeys(map(shown_type, arguments)))
    if origin is None:
        return str(getattr(annotation, "__name__", annotation))
    name = str(getattr(origin, "__name__", origin))
    return f"{name}[{', '.join('...' if a is ... else shown_type(a) for a in cast('Iterable[Any]', arguments))}]"


def field_docs(cls: type[Config]) -> dict[str, str]:
    """The docstring of every documented option of the class, its bases' included."""
    docs: dict[str, str] = {}
    for base in reversed(cls.__mro__):
        # The class that pydantic makes of `Base[X]` has no text of its own; `Base` stands behind it in the order.
        if _is_config(base) and base.__module__ in sys.modules:
            docs.update(_documented(base.__module__).get(base.__qualname__, {}))
    return {name: doc for name, doc in docs.items() if name in cls.model_fields}


@cache
def _documented(module: str) -> dict[str, dict[str, str]]:
    tree = ast.parse(inspect.getsource(sys.modules[module]))
    return {node.name: dict(_fields(node)) for node in tree.body if isinstance(node, ast.ClassDef)}


def _fields(node: ast.ClassDef) -> Iterator[tuple[str, str]]:
    for statement, following in zip(node.body, node.body[1:], strict=False):
        if (
            isinstance(statement, ast.AnnAssign)
            and isinstance(statement.target, ast.Name)
            and isinstance(following, ast.Expr)
            and isinstance(following.value, ast.Constant)
            and isinstance(following.value.value, str)
        ):
            yield statement.target.id, inspect.cleandoc(following.value.value)
