"""One row of the table of layers: what `test_table.py` checks every layer for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

Shape = tuple[int, ...]


@dataclass(frozen=True)
class Row:
    """A layer as a spec writes it, with what Keras 3 makes of it."""

    config: Mapping[str, Any]
    """`{"type": "Dense", "units": 3}`."""
    input: Shape
    """The shape of one sample, channels last."""
    output: Shape
    """The shape of one sample of Keras's output."""
    weights: tuple[tuple[str, Shape], ...] = ()
    """Keras's weights in order."""
    vary: Mapping[str, tuple[Any, ...]] = field(default_factory=dict[str, tuple[Any, ...]])
    """Other values for options, each tried by itself: it must be accepted and interpret to the inferred shape."""
    dtype: str = "float32"
    """The dtype of the inputs."""
    others: tuple[Shape, ...] = ()
    """The shapes of further inputs; where there are none, a layer of several inputs takes the first one for all."""

    @property
    def id(self) -> str:
        """For pytest."""
        options = ",".join(f"{k}={v}" for k, v in self.config.items() if k != "type")
        return f"{self.config['type']}({options})"
