"""`DeclaredWeights`: the weights that layers declared so far in a trace, by their paths, and what each may be."""

from __future__ import annotations

from collections.abc import Iterable

from modelc.errors import ShapeError
from modelc.graph.graph import Value, Weight
from modelc.graph.limits import require_bounded
from modelc.graph.sizes import free_in
from modelc.graph.standing import Standing
from modelc.graph.types import TensorType
from modelc.initializers.classes import Initializer
from modelc.text.listing import listing


class DeclaredWeights:
    """Weights in the order in which they were first declared."""

    def __init__(self, weights: Iterable[Weight] = ()) -> None:
        self._weights = list(weights)
        self._known: dict[str, Weight] = {}

    def __getitem__(self, path: str) -> Weight:
        """The weight at a path."""
        return self._known[path]

    def declare(
        self,
        here: Standing,
        name: str,
        shape: tuple[int, ...],
        initializer: Initializer,
        *,
        trainable: bool,
        state: bool,
    ) -> Weight:
        """The weight of the layer that is being traced; a layer that is used again has the same ones again.

        Raises `ShapeError` where the shape depends on a free size, where its initializer cannot fill it, or where a
        further use needs another one than the first.
        """
        _require_fixed(name, shape)
        path = here.weight_path(name)
        known = self._known.get(path)
        if known is None:
            value = Value(require_bounded(TensorType(shape)), here.path)
            _require_filled(initializer, name, shape)
            known = Weight(path, value, initializer, trainable, here.frozen_inside, state)
            self._known[path] = known
            self._weights.append(known)
        elif known.value.layer != here.path:
            raise ShapeError(
                f"its weight `{name}` would have the path `{path}`, which is one of the layer `{known.value.layer}`",
                "rename one of the two layers",
                "E206",
            )
        elif known.shape != shape:
            raise ShapeError(
                f"its weight `{name}` has the shape {known.shape} from its first use, here it would be {shape}",
                "a layer that is used several times takes inputs of one shape",
            )
        return known

    def mark(self) -> int:
        """How many there are, for `since` and `rewind`."""
        return len(self._weights)

    def since(self, mark: int) -> tuple[Weight, ...]:
        """Those that were first declared since `mark`."""
        return tuple(self._weights[mark:])

    def rewind(self, mark: int) -> None:
        """Forget those that were first declared since `mark`."""
        for weight in self._weights[mark:]:
            del self._known[weight.path]
        del self._weights[mark:]


_FIXED = frozenset({int})


def _require_fixed(name: str, shape: tuple[int, ...]) -> None:
    """Raise `ShapeError` where the weight of this name would have another shape for other sizes of the input."""
    if {size.__class__ for size in shape} <= _FIXED:
        return
    free = list(dict.fromkeys(symbol for size in shape for symbol in free_in(size)))
    if free:
        shown = f"({', '.join(map(repr, shape))}{',' if len(shape) == 1 else ''})"
        sizes = "a size that is" if len(free) == 1 else "sizes that are"
        names = listing([f"`{one}`" for one in free])
        message = f"its weight `{name}` would have the shape {shown}, which depends on {names}, {sizes} free"
        raise ShapeError(message, free=free)


def _require_filled(initializer: Initializer, name: str, shape: tuple[int, ...]) -> None:
    """Raise `ShapeError` where the initializer cannot fill the weight of this name."""
    try:
        initializer.require(shape)
    except ShapeError as error:
        raise ShapeError(f"its weight `{name}`: {error.message}", "choose another initializer for it") from None
