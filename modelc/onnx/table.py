"""The table of ops: for each op of the graph the ONNX operators that say it, and how they are written.

A rule is declared where it is written (`@writes(Conv, "Conv", "Pad")`); the page docs/onnx.md is generated from them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from modelc.graph.graph import Node
from modelc.ops.base import Op

if TYPE_CHECKING:
    from modelc.onnx.export.writer import OnnxWriter

Write = Callable[["OnnxWriter", Node, Any], None]
"""Writes a node, whose op is the third argument, and places its outputs."""
F = TypeVar("F", bound=Write)


@dataclass(frozen=True, slots=True)
class OnnxRule:
    """How one op is written."""

    op: type[Op]
    write: Write
    operators: tuple[str, ...]
    """The ONNX operators that it is said with."""
    note: str
    """What of it is refused or said otherwise; for the page."""


RULES: dict[type[Op], OnnxRule] = {}
"""By op. What is not here is refused."""


def writes(op: type[Op], *operators: str, note: str = "") -> Callable[[F], F]:
    """Declare how an op is written."""

    def declare(write: F) -> F:
        assert op not in RULES, f"{op.__name__} has two rules"
        RULES[op] = OnnxRule(op, write, operators, note)
        return write

    return declare


class CannotSayError(Exception):
    """An op of the graph that ONNX has no operators for, or not with these attributes. The export tells its layer."""

    def __init__(self, reason: str, help: str | None = None) -> None:
        super().__init__(reason)
        self.reason, self.help = reason, help
