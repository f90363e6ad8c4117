"""The functions of TensorFlow in functional models of tf.keras, as operations of a spec.

Keras 2 makes a layer of every function that is called on its tensors: `TFOpLambda` and `SlicingOpLambda` from tf.keras
2.4 on, `TensorFlowOpLayer` before. A file only ever selects from a closed table.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, cast

from modelc.errors import UnsupportedError
from modelc.keras.config.layers import config_of
from modelc.keras.tensorflow.raw import function_of
from modelc.keras.tensorflow.steps import Steps
from modelc.keras.tensorflow.table import FUNCTIONS, reason_against
from modelc.sources.shapes import Shapes

_RAW = "TensorFlowOpLayer"
_CLASSES = ("TFOpLambda", "SlicingOpLambda", _RAW)


def is_tf_function(entry: Mapping[str, Any]) -> bool:
    """Whether a serialized layer of tf.keras is a bare function."""
    return entry.get("class_name") in _CLASSES


def steps_of_tf(
    entry: Mapping[str, Any], name: str, args: Sequence[Any], kwargs: Mapping[str, Any], shapes: Shapes
) -> tuple[Steps, Any]:
    """The operations that such a layer is for these arguments, and what it gives: a tensor, data, or a list of both.

    Tensors among the arguments are `Ref`s. Raises `UnsupportedError` for a function or an argument that modelc does
    not have, `SpecError` for a wrong value.
    """
    class_name = str(entry.get("class_name"))
    options = config_of(entry, class_name)
    if class_name == _RAW:
        function, args, kwargs = function_of(options, _flat(args))
    else:
        function = str(options.get("function", "__operators__.getitem"))
    if function not in FUNCTIONS:
        raise UnsupportedError(
            f"the TensorFlow function `{function[:60]}` in a Keras model is not supported: {reason_against(function)}"
        )
    s = Steps(function, name, shapes)
    return s, FUNCTIONS[function].apply(s, args, kwargs)


def _flat(args: Sequence[Any]) -> list[Any]:
    """The tensors that a layer is called on, one by one or as one list."""
    if len(args) == 1 and isinstance(args[0], list | tuple):
        return list(cast("Sequence[Any]", args[0]))
    return list(args)
