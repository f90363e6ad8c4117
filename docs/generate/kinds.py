"""modelc/functions/kinds.py: the names of the table of functions, as types that editors and type checkers know."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable

from modelc.functions.table import ACTIVATION_NAMES, BINARY, UNARY

_MARGIN = "    "


def kinds_module() -> str:
    """The module."""
    return "\n".join([
        '"""The names of the functions as types. Made by `python docs/generate` from the table of functions."""\n',
        "from __future__ import annotations\n",
        "from typing import Literal\n",
        _literal("UnaryKind", UNARY, "A function of one tensor."),
        _literal("BinaryKind", BINARY, "A function of two tensors."),
        _literal("ActivationName", ACTIVATION_NAMES, "A value of the option `activation`."),
    ])  # fmt: skip


def _literal(name: str, words: Iterable[str], says: str) -> str:
    listed = ", ".join(f'"{word}"' for word in sorted(words)) + ","
    lines = textwrap.wrap(listed, 120, initial_indent=_MARGIN, subsequent_indent=_MARGIN)
    return "\n".join([f"{name} = Literal[", *lines, "]  # fmt: skip", f'"""{says}"""', ""])
