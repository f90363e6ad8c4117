"""`TracedLoop`: the step of a loop while it is traced, see `modelc.graph.scan`; and what cannot be such a step."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from modelc.graph.assignments import Assigned
from modelc.graph.graph import Node, Value
from modelc.graph.tensor import Tensor

if TYPE_CHECKING:
    from modelc.regularizers.classes import Regularizer


class NotOneStepError(Exception):
    """What is done in a step cannot be told once for all steps."""


@dataclass(slots=True)
class TracedLoop:
    """A step of a loop that is being traced, or has been."""

    steps: int
    number: Value
    """The number of the step."""
    around: list[Node]
    """The nodes that the loop is among."""
    nodes: list[Node] = field(default_factory=list[Node])
    """Those of the step."""
    assigned: dict[str, Assigned] = field(default_factory=dict[str, Assigned])
    """What was assigned to weights in the step, by path."""
    penalized: list[tuple[Regularizer, Tensor]] = field(default_factory=list[Any])
    """What layers in it gave that is penalized."""
