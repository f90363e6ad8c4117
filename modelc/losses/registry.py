"""The vocabulary of losses. Names, options and defaults are those of `keras.losses`."""

from __future__ import annotations

from modelc.config.config import Registry, modules_of, spellings
from modelc.graph.types import Shape
from modelc.losses.loss import Loss

_NAMES = modules_of(
    "modelc.losses",
    {
        "regression": "MeanSquaredError MeanAbsoluteError MeanAbsolutePercentageError MeanSquaredLogarithmicError "
        "CosineSimilarity Huber LogCosh",
        "margin": "Hinge SquaredHinge CategoricalHinge",
        "probability": "KLDivergence Poisson BinaryCrossentropy CategoricalCrossentropy "
        "SparseCategoricalCrossentropy CategoricalGeneralizedCrossEntropy",
        "focal": "BinaryFocalCrossentropy CategoricalFocalCrossentropy",
        "overlap": "Dice Tversky",
        "circle": "Circle",
        "ctc": "CTC",
    },
)

_SHORT = {
    "mse": "MeanSquaredError",
    "mae": "MeanAbsoluteError",
    "mape": "MeanAbsolutePercentageError",
    "msle": "MeanSquaredLogarithmicError",
    "bce": "BinaryCrossentropy",
    "kld": "KLDivergence",
}

LOSSES: Registry[Loss] = Registry("loss", _NAMES, spellings(_NAMES, _SHORT))


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
