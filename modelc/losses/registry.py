"""The vocabulary of losses. Names, options and defaults are those of `keras.losses`."""

from __future__ import annotations

from typing import Annotated

from modelc.config import Registry
from modelc.graph.types import Shape
from modelc.losses.loss import Loss
from modelc.naming import snake_case

_MODULES = {
    "regression": "MeanSquaredError MeanAbsoluteError MeanAbsolutePercentageError MeanSquaredLogarithmicError "
    "CosineSimilarity Huber LogCosh",
    "margin": "Hinge SquaredHinge CategoricalHinge",
    "probability": "KLDivergence Poisson BinaryCrossentropy CategoricalCrossentropy "
    "SparseCategoricalCrossentropy CategoricalGeneralizedCrossEntropy",
    "focal": "BinaryFocalCrossentropy CategoricalFocalCrossentropy",
    "overlap": "Dice Tversky",
    "circle": "Circle",
    "ctc": "CTC",
}
_NAMES = {name: f"modelc.losses.{module}" for module, names in _MODULES.items() for name in names.split()}

_SHORT = {
    "mse": "MeanSquaredError",
    "mae": "MeanAbsoluteError",
    "mape": "MeanAbsolutePercentageError",
    "msle": "MeanSquaredLogarithmicError",
    "bce": "BinaryCrossentropy",
    "kld": "KLDivergence",
}

LOSSES: Registry[Loss] = Registry(
    "loss",
    _NAMES,
    {
        **{snake_case(name): name for name in _NAMES},
        **_SHORT,
        **{short.upper(): name for short, name in _SHORT.items()},
    },
)

LossField = Annotated[Loss, LOSSES.field()]


def crossentropy_for(y_true: Shape, y_pred: Shape) -> str:
    """What `crossentropy`, or `ce`, means for labels and predictions of these shapes."""
    return {
        "binary": "BinaryCrossentropy", "sparse": "SparseCategoricalCrossentropy",
        "categorical": "CategoricalCrossentropy",
    }[kind_of_labels(y_true, y_pred)]  # fmt: skip


def kind_of_labels(y_true: Shape, y_pred: Shape) -> str:
    """Keras's guess: `binary` for one prediction, `sparse` for labels without the classes' axis, else `categorical`."""
    if y_pred[-1] == 1:
        return "binary"
    return "sparse" if len(y_true) < len(y_pred) or y_true[-1] == 1 else "categorical"
