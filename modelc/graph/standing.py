"""`Standing`: where in a model a trace stands: in which layer, in which part of it, and whether that is frozen."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from modelc.system.slots import setters


@dataclass(frozen=True, slots=True)
class _Freezing:
    """What is known of a layer and of those that it wraps."""

    applied: bool = False
    """Whether a layer is applied already, so that the next one is in it."""
    frozen: bool = False
    held: bool = False
    """Whether the layers inside of this one are named by paths of their own, and still frozen with it."""
    inside: bool = False
    """Whether a layer in another one is frozen by itself: no training of the other one changes its weights."""


@cache
def _freezing(applied: bool, frozen: bool, held: bool, inside: bool) -> _Freezing:
    """Each of the few that there are is made once, as each layer of a model asks for two."""
    return _Freezing(applied, frozen, held, inside)


_FREE = _freezing(False, False, False, False)


@dataclass(frozen=True, slots=True, init=False)
class Standing:
    """The layer that is being traced and the part of it; outside of all layers at first."""

    path: str = ""
    """The path of the layer."""
    part: str = ""
    """What the names of its weights begin with: `lstm_cell/`."""
    _freezing: _Freezing = _FREE

    def __init__(self, path: str = "", part: str = "", freezing: _Freezing = _FREE) -> None:
        _set_path(self, path)
        _set_part(self, part)
        _set_freezing(self, freezing)

    @property
    def frozen(self) -> bool:
        """Whether the layer is frozen, by itself or by the wrapper that it is in."""
        return self._freezing.frozen

    @property
    def frozen_inside(self) -> bool:
        """Whether the layer, or one around it, is frozen by itself in another layer, which may be trained."""
        return self._freezing.inside

    def weight_path(self, name: str) -> str:
        """The path of a weight that is declared here: `lstm/lstm_cell/kernel`."""
        return f"{self.path}/{self.part}{name}"

    def in_layer(self, path: str) -> Standing:
        """In the layer at `path`."""
        return Standing(path, "", self._freezing if self._freezing.held else _FREE)

    def in_part(self, name: str) -> Standing:
        """In the part `name` of the layer."""
        return Standing(self.path, f"{self.part}{name}/", self._freezing)

    def in_model(self, name: str) -> Standing:
        """In the model `name` that the layer wraps; its layers have paths of their own, and are frozen with it."""
        now = self._freezing
        held = _freezing(now.applied, now.frozen, True, now.inside)
        return Standing(f"{self.path}/{self.part}{name}", "", held)

    def in_applied(self, *, trainable: bool) -> Standing:
        """In the computation of a layer that is trained or not; of one in a wrapper, if one is applied already."""
        outer = self._freezing
        frozen, inside = outer.frozen or not trainable, outer.inside or (outer.applied and not trainable)
        return Standing(self.path, self.part, _freezing(True, frozen, outer.held, inside))


_set_path, _set_part, _set_freezing = setters(Standing)
