"""All functions of TensorFlow that modelc has, by the names that Keras 2 writes."""

from __future__ import annotations

from types import MappingProxyType

from modelc.keras.tensorflow import arithmetic, arranging, image, linear, network
from modelc.keras.tensorflow.signature import Function

FUNCTIONS: MappingProxyType[str, Function] = MappingProxyType(
    {
        **arithmetic.TABLE,
        **arranging.TABLE,
        **linear.TABLE,
        **network.TABLE,
        **image.TABLE,
    }
)
"""The closed table: a file only ever selects from it."""

_REASONS = (
    (("random.", "compat.v1.random", "compat.v1.distributions"), "its values are random, and a prediction's are not"),
    (("strings.", "io.", "lookup."), "modelc has no text"),
    (("signal.",), "modelc has no complex numbers"),
    (("map_fn", "while_loop", "cond", "scan", "vectorized_map", "py_function", "numpy_function"),
     "it runs code, which a file does not hold"),
    (("unique", "boolean_mask", "dynamic_partition"), "how many elements it gives depends on the values"),
)  # fmt: skip


def reason_against(function: str) -> str:
    """Why a function is not in the table."""
    for names, reason in _REASONS:
        if function.startswith(names):
            return reason
    return "modelc has no operation for it"
