"""The loss that `crossentropy` means for labels and predictions of given shapes."""

from __future__ import annotations

from modelc.graph.types import Shape


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
