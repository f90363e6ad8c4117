"""`Bound`: the state of a layer in Python: its weights, its place in a model, and whether it is trained."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from pydantic import PrivateAttr

from modelc.config.arguments import require_bool
from modelc.config.base import Config
from modelc.errors import Diagnostic, NotBuiltError, SpecError
from modelc.layers.inside import freezes, hand_down
from modelc.weights.assign import assign_all
from modelc.weights.lists import WeightLists

if TYPE_CHECKING:
    from modelc.layers.base import Layer
    from modelc.ops.base import Array
    from modelc.weights.variable import Variable


class Bound(WeightLists, Config):
    """The state that a layer has after it was called or added to a model. A layer of a spec has none."""

    wrapped: ClassVar[tuple[str, ...]] = ()
    """The options that hold layers or cells, single or in a tuple."""

    name: str | None = None
    """The name of the layer, unique within its model. By default derived from its type: `conv2d`, `conv2d_1`."""
    trainable: bool = True
    """Whether training updates the layer's weights; false freezes them."""

    _variables: tuple[Variable, ...] | None = PrivateAttr(None)
    _weight_paths: tuple[str, ...] = PrivateAttr(())
    _thawed: bool = PrivateAttr(False)
    _input: Any = PrivateAttr(None)
    _output: Any = PrivateAttr(None)
    _frozen_by_spec: bool = PrivateAttr(False)

    @property
    def label(self) -> str:
        """The name of the layer in messages: its name, or its type if it has none."""
        return self.name or self.type_name()

    @property
    def inside(self) -> tuple[Layer, ...]:
        """The layers and cells inside this one."""
        if not self.wrapped:
            return ()
        found: list[Layer] = []
        for value in map(vars(self).__getitem__, self.wrapped):
            found += value if isinstance(value, tuple) else () if value is None else (value,)
        return tuple(found)

    def parts(self) -> Iterable[tuple[str, Layer]]:
        """The layers and cells inside a wrapper, each with the name that prefixes its weights."""
        return ()

    @property
    def frozen_by_spec(self) -> bool:
        """Whether the layer belongs to a spec and is immutable."""
        return self._frozen_by_spec

    def give_name(self, name: str | None) -> None:
        """Set or take back an automatic name."""
        vars(self)["name"] = name

    def bind(
        self,
        variables: tuple[Variable, ...] | None,
        input: Any = None,
        output: Any = None,
        paths: tuple[str, ...] | None = None,
    ) -> None:
        """Give the layer its weights (None: take them back) and, in a model, its symbolic input and output.

        `paths` are those of the weights below the layer; they stay as they are unless said.
        """
        self._variables, self._input, self._output = variables, input, output
        self._weight_paths = self._weight_paths if paths is None else paths

    @property
    def thawed(self) -> bool:
        """Whether `trainable` was set to true after it was last set for what the layer is in."""
        return self._thawed

    def follow(self, trainable: bool) -> None:
        """Take over the `trainable` that was set for what the layer is in."""
        vars(self)["trainable"], self._thawed = trainable, False

    def __setattr__(self, name: str, value: Any) -> None:
        if name == "trainable" and not self._frozen_by_spec:
            require_bool(value, self.type_name())
            vars(self)["trainable"], self._thawed = value, value
            hand_down(self, value)
        elif name in type(self).model_fields:
            how = "spec.freeze(…) gives a new spec" if self._frozen_by_spec else "make a new layer with it"
            raise SpecError(Diagnostic("E207", f"`{name}` of a layer cannot be changed", how, self.type_name()))
        else:
            super().__setattr__(name, value)

    @property
    def built(self) -> bool:
        """Whether the layer has its weights."""
        return self._variables is not None

    @property
    def in_model(self) -> bool:
        """Whether the layer has an input and an output, as part of a model with a known input shape."""
        return self._output is not None

    @property
    def variables(self) -> list[Variable]:
        """The layer's weights, and its states if it is stateful; empty before the first call."""
        return list(self._variables or ())

    @property
    def weights(self) -> list[Variable]:
        """The layer's weights in Keras's order, without states; empty before the first call."""
        return [variable for variable in self.variables if not variable.state]

    @property
    def trainable_weights(self) -> list[Variable]:
        """The weights that training updates."""
        paths = self._weight_paths or ("",) * len(self.variables)
        return [
            v
            for v, path in zip(self.variables, paths, strict=True)
            if self.trainable and v.trainable and not self.freezes(path)
        ]

    def freezes(self, path: str) -> bool:
        """Whether a layer inside that is frozen by itself has the weight at this path below the layer."""
        return freezes(self, path)

    def get_weights(self) -> list[Array]:
        """Copies of the weight arrays."""
        return [v.value.copy() for v in self.weights]

    def set_weights(self, weights: Sequence[Array]) -> None:
        """Assign all weights, in order. Raises `WeightsError`, without assigning any, if they do not match."""
        assign_all(self.weights, weights, f"the layer `{self.label}`")

    def count_params(self) -> int:
        """The number of elements of the weights. Raises `NotBuiltError` before they exist."""
        if self._variables is None:
            raise NotBuiltError(f"`{self.label}` has no weights yet: call it on an input first")
        return sum(int(v.value.size) for v in self.weights)

    @property
    def input(self) -> Any:
        """The symbolic input of the layer in its model. Raises `NotBuiltError` outside a built model."""
        return self._symbol(self._input, "input")

    @property
    def output(self) -> Any:
        """The symbolic output of the layer in its model. Raises `NotBuiltError` outside a built model."""
        return self._symbol(self._output, "output")

    def _symbol(self, symbol: Any, which: str) -> Any:
        if symbol is None:
            raise NotBuiltError(f"`{self.label}` has no {which} yet: it is not in a model whose input shape is known")
        return symbol
