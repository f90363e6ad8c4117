"""SimpleRNN, LSTM and GRU: a cell run over a sequence."""

from __future__ import annotations

from abc import ABC
from collections.abc import Mapping
from typing import Any, ClassVar, Literal

from modelc.layers.base import Layer
from modelc.layers.recurrent.options import (
    Activated,
    Drawn,
    Dropping,
    Forgetting,
    Gated,
    Penalized,
    PenalizedOutput,
    Resetting,
    Seeded,
    Units,
)
from modelc.layers.recurrent.rnn import CellRecurrence
from modelc.layers.recurrent.rnn_cell import RNNCell
from modelc.layers.recurrent.rnn_cells import GRUCell, LSTMCell, SimpleRNNCell

CuDnn = Literal["auto"] | bool

_FIXED_BY_CUDNN = {"activation": "tanh", "recurrent_activation": "sigmoid"}
"""What cuDNN's LSTM and GRU compute, whose files do not say it."""


class _OwnCell(CellRecurrence, ABC):
    """A layer whose options are those of its cell."""

    keras_cell = True
    keyword_only: ClassVar[frozenset[str]] = Layer.keyword_only | {"zero_output_for_mask"}
    cell_type: ClassVar[type[RNNCell]]

    def running_cell(self) -> RNNCell:
        own = type(self).model_fields
        common = [name for name in self.cell_type.model_fields if name in own and name not in Layer.model_fields]
        return self.cell_type.model_construct(**{name: getattr(self, name) for name in common})


class SimpleRNN(Seeded, _OwnCell, Dropping, PenalizedOutput, Penalized, Drawn, Activated, Units):
    """Fully connected recurrent layer.

    ``h_t = f(x_t·kernel + h_{t-1}·recurrent_kernel + bias)`` (Elman, 1990).

    x: (N, T, C) → (N, units), or (N, T, units) with `return_sequences`; with `return_state` also h (N, units). Weights:
    simple_rnn_cell/kernel (C, units), recurrent_kernel (units, units), bias (units,).
    """

    cell_type = SimpleRNNCell


class LSTM(_OwnCell, Seeded, Dropping, PenalizedOutput, Penalized, Forgetting, Drawn, Gated, Units):
    """Long short-term memory layer.

    ``i, f, ĉ, o = x_t·kernel + h·recurrent_kernel + bias``, ``c' = g(f)∘c + g(i)∘a(ĉ)``, ``h' = g(o)∘a(c')``, with the
    activation a and the recurrent activation g (Hochreiter and Schmidhuber, 1997).

    x: (N, T, C) → (N, units), or (N, T, units) with `return_sequences`; with `return_state` also h and c, (N, units).
    Weights: lstm_cell/kernel (C, 4·units), recurrent_kernel (units, 4·units), bias (4·units,), parts in the order i, f,
    ĉ, o.
    """

    keras_names = ("LSTMV1", "LSTMV2", "CuDNNLSTM")

    use_cudnn: CuDnn = "auto"
    """No effect: in Keras it selects a GPU kernel, and modelc runs on the CPU."""

    cell_type = LSTMCell

    @classmethod
    def keras_options(cls, saved_as: str, options: Mapping[str, Any]) -> dict[str, Any]:
        made = super().keras_options(saved_as, options)
        return {**made, **_FIXED_BY_CUDNN} if saved_as == "CuDNNLSTM" else made


class GRU(Resetting, _OwnCell, Seeded, Dropping, PenalizedOutput, Penalized, Drawn, Gated, Units):
    """Gated recurrent unit layer.

    ``z, r = g(x_t·kernel + h·recurrent_kernel + biases)``, ``h' = z∘h + (1 - z)∘ĥ`` with ``ĥ = a(x_t·kernel + bias_0 +
    r∘(h·recurrent_kernel + bias_1))`` if `reset_after`, else ``ĥ = a(x_t·kernel + bias + (r∘h)·recurrent_kernel)`` (Cho
    et al., 2014).

    x: (N, T, C) → (N, units), or (N, T, units) with `return_sequences`; with `return_state` also h (N, units). Weights:
    gru_cell/kernel (C, 3·units), recurrent_kernel (units, 3·units), bias (2, 3·units), or (3·units,) without
    `reset_after`, parts in the order z, r, ĥ.
    """

    keras_names = ("GRUV1", "GRUV2", "CuDNNGRU")

    use_cudnn: CuDnn = "auto"
    """No effect: in Keras it selects a GPU kernel, and modelc runs on the CPU."""

    cell_type = GRUCell

    @classmethod
    def keras_options(cls, saved_as: str, options: Mapping[str, Any]) -> dict[str, Any]:
        made = super().keras_options(saved_as, options)
        if saved_as == "CuDNNGRU":
            return {**made, **_FIXED_BY_CUDNN, "reset_after": True}
        if "implementation" in made:
            made.setdefault("reset_after", False)  # as it was before Keras had the option
        return made
