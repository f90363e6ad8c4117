"""The outputs that `training` names: losses, their weights, and metrics are for outputs of the model."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from modelc.config.by_output import is_by_output
from modelc.errors import Diagnostic
from modelc.text.unknown import unknown

if TYPE_CHECKING:
    from modelc.language.definition import Definition

_BY_OUTPUT: Final = ("loss", "loss_weights", "metrics", "weighted_metrics")


def check_outputs(spec: Definition) -> list[Diagnostic]:
    """Every name in `training` that is that of no output (E304), where it is written.

    Not part of validation, since the outputs are known once the spec is traced. Raises `SpecError` where that fails.
    """
    training = spec.place("training")
    if training is None or not isinstance(training.value, dict):
        return []
    found: list[Diagnostic] = []
    for option in _BY_OUTPUT:
        node = training.get(option)
        table = node.value if node is not None else None
        if not isinstance(table, dict) or not is_by_output({key: child.value for key, child in table.items()}):
            continue
        for name, child in table.items():
            problem = output_problem(option, name, spec.graph.output_labels)
            if problem is not None:
                found.append((child.key or child).diagnostic("E304", *problem))
    return found


def output_problem(option: str, name: str, outputs: Sequence[str]) -> tuple[str, str] | None:
    """The message and the help for a name that is not among the outputs; None where it is."""
    if name in outputs:
        return None
    return unknown("output", name, outputs, where=f"in `{option}`")
