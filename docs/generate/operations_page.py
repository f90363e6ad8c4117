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
            f"`keras.ops` of Keras 3.15, `keras.ops.image`, `linalg`, `nn` and `numpy` included, has "
            f"{len(imported) + len(REFUSED)} functions. In a functional model that Keras saved, modelc imports "
            f"{len(imported)} of them, each as an [`Operation`](layers.md#operation) of the same name, and refuses "
            f"{len(REFUSED)} by name, each for the reason below. Of those that it imports, the second column names the "
            "operands, tensors or constants, and the third the arguments. The batch stays the first axis, whatever an "
            "operation does to the others: where a call would move, cut or mix samples, it is refused at its place.\n",
            "The functions of TensorFlow in models of tf.keras (`tf.reshape`, `tf.math.…`, `tf.nn.…`, `tf.image.…`) "
            "become the same operations, one or several for each.\n",
            "| function | operands, or why not | arguments |",
            "|---|---|---|",
            *rows,
            "",
        ]
    )
