"""The docstrings of options: the texts below the fields of a class, read from its source when they are wanted.

Pydantic can collect them while a class is made, but then every start of every command pays for it.
"""

from __future__ import annotations

import ast
import inspect
import sys
from collections.abc import Iterator
from functools import cache

from modelc.config import Config


def field_docs(cls: type[Config]) -> dict[str, str]:
    """The docstring of every documented option of the class, its bases' included."""
    docs: dict[str, str] = {}
    for base in reversed(cls.__mro__):
        # The class that pydantic makes of `Base[X]` has no text of its own; `Base` stands behind it in the order.
        if issubclass(base, Config) and base.__module__ in sys.modules:
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
