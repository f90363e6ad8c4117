"""`Notes`: what the reader of a model left out or read otherwise, for people to read."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

_NAMES_SHOWN = 3


@dataclass(slots=True)
class Notes:
    """Collects notes; those that are the same for several layers become one line."""

    _layers: dict[str, list[str]] = field(default_factory=dict[str, list[str]])

    def dropped(self, key: str, value: Any, layer: str) -> None:
        """An option that modelc does not have, at a value at which it changes nothing."""
        text = repr(value) if len(repr(value)) <= 40 else f"{repr(value)[:37]}..."
        self.add(f"dropped `{key}: {'null' if value is None else text}`, which changes nothing", layer)

    def add(self, text: str, layer: str = "") -> None:
        """Any other note about a layer, or about the model."""
        layers = self._layers.setdefault(text, [])
        if layer and layer not in layers:
            layers.append(layer)

    def lines(self) -> tuple[str, ...]:
        """All notes, each with the layers that it is about."""
        return tuple(f"{text}{_of(layers)}" for text, layers in self._layers.items())


def _of(layers: list[str]) -> str:
    if not layers:
        return ""
    shown = ", ".join(f"`{name}`" for name in layers[:_NAMES_SHOWN])
    more = len(layers) - _NAMES_SHOWN
    return f" ({shown} and {more} more)" if more > 0 else f" ({shown})"
