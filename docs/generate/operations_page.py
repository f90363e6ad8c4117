"""docs/keras-ops.md: all of `keras.ops` against modelc."""

from __future__ import annotations

from keras_page import operands_and_arguments

from modelc.layers.operations.coverage import NOT_OF_KERAS, REFUSED
from modelc.layers.operations.table import OPERATIONS


def keras_ops_page() -> str:
    """The page."""
    imported = set(OPERATIONS) - NOT_OF_KERAS
    rows = [
        f"| `{name}` | refused: {REFUSED[name]} | |"
        if name in REFUSED
        else f"| `{name}` | {' | '.join(operands_and_arguments(OPERATIONS[name]))} |"
        for name in sorted(imported | set(REFUSED))
    ]
    return "\n".join(
        [
            "# The functions of Keras\n",
            f"`keras.ops` of Keras 3.15, with `keras.ops.image`, `linalg`, `nn` and `numpy`, has "
            f"{len(imported) + len(REFUSED)} functions. Of those in a functional model saved by Keras, modelc imports "
            f"{len(imported)}, each as an [`Operation`](layers.md#operation) of the same name, and refuses "
            f"{len(REFUSED)} for the reasons below. For imported functions, the second column lists the operands "
            "(tensors or constants) and the third the arguments. The batch must stay the first axis: a call that "
            "moves, slices or mixes samples is refused.\n",
            "TensorFlow functions in models of tf.keras (`tf.reshape`, `tf.math.…`, `tf.nn.…`, `tf.image.…`) are "
            "imported as one or several of the same operations.\n",
            "| function | operands, or the reason for refusal | arguments |",
            "|---|---|---|",
            *rows,
            "",
        ]
    )
