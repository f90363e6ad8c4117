"""Low-rank changes of kernels in the files of Keras: a kernel is saved with its change added, the change is not.

So a file that is read gives a change of zero, and one that is written has ``kernel + alpha/rank · a @ b``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from modelc.layers.base import Layer

Array = NDArray[Any]

_PREFIX = "lora_"


def is_change(path: str) -> bool:
    """Whether a weight is part of a low-rank change: `dense/lora_kernel_a`."""
    return path.rpartition("/")[2].startswith(_PREFIX)


def merged(arrays: Mapping[str, Array], layers: Iterable[Layer]) -> dict[str, Array]:
    """The arrays that a file of Keras holds, by path; `layers` are those of the model."""
    if not any(map(is_change, arrays)):
        return dict(arrays)
    factors = dict(_factors(layers, ""))
    found = {path: array for path, array in arrays.items() if not is_change(path)}
    for path, a in arrays.items():
        folder, _, name = path.rpartition("/")
        if is_change(path) and name.endswith("_a"):
            kind = name.removeprefix(_PREFIX).removesuffix("_a")
            b = arrays[f"{folder}/{_PREFIX}{kind}_b"]
            alpha = factors.get(folder)
            scale = 1.0 if alpha is None else alpha / b.shape[0]
            kernel = found[f"{folder}/{kind}"]
            found[f"{folder}/{kind}"] = kernel + np.float32(scale) * np.matmul(a, b).reshape(kernel.shape)
    return found


def _factors(layers: Iterable[Layer], prefix: str) -> Iterable[tuple[str, float]]:
    """The `lora_alpha` of every layer that says it, by the layer's path."""
    for layer in layers:
        path = f"{prefix}{layer.name or layer.auto_name()}"
        alpha = getattr(layer, "lora_alpha", None)
        if alpha is not None:
            yield path, alpha
        for inner in ("layer", "forward_layer", "backward_layer", "cell"):
            one = getattr(layer, inner, None)
            if isinstance(one, Layer):
                yield from _factors([one], f"{path}/")
        several = getattr(layer, "layers", None)
        if isinstance(several, tuple):
            yield from _factors((one for one in several if isinstance(one, Layer)), f"{path}/")  # pyright: ignore[reportUnknownVariableType]
