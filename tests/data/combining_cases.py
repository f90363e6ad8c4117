"""Layers of several inputs, and EinsumDense: what is recorded from Keras, and on which inputs."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

Array = np.ndarray[Any, Any]
Shape = tuple[int, ...]

BATCH = 3


@dataclass(frozen=True)
class Case:
    """One call of one layer."""

    config: Mapping[str, Any]
    shapes: tuple[Shape, ...]
    """Of one sample of every input."""
    masked: tuple[int, ...] = ()
    """The inputs that have a mask, over all axes but the last."""
    tensors: Mapping[str, Shape] = field(default_factory=dict[str, Shape])
    """Masks that are given by name, by the shape of one sample."""

    @property
    def id(self) -> str:
        masks = f" masked={self.masked}" if self.masked else ""
        options = ",".join(f"{k}={v}" for k, v in self.config.items() if k != "type")
        return f"{self.config['type']}({options}) {self.shapes}{masks} {'+'.join(self.tensors)}".strip()

    @property
    def key(self) -> str:
        """What its arrays are recorded under."""
        return hashlib.sha256(self.id.encode()).hexdigest()[:12]

    def arrays(self) -> tuple[list[Array], dict[int, Array], dict[str, Array]]:
        """The inputs, their masks, and the masks by name; the last sample of each mask leaves all out."""
        rng = np.random.default_rng(0)
        inputs = [rng.standard_normal((BATCH, *shape), np.float32) for shape in self.shapes]
        masks = {i: _mask(rng, (BATCH, *self.shapes[i][:-1])) for i in self.masked}
        return inputs, masks, {name: _mask(rng, (BATCH, *shape)) for name, shape in self.tensors.items()}


def _mask(rng: np.random.Generator, shape: Shape) -> Array:
    mask = rng.random(shape) < 0.6
    mask[-1] = False
    return mask


_ELEMENTWISE = ("Add", "Subtract", "Multiply", "Average", "Maximum", "Minimum")
_EINSUM = {"type": "EinsumDense"}
_HEADS = {"type": "MultiHeadAttention", "num_heads": 2, "key_dim": 3}
_GROUPS = {"type": "GroupQueryAttention", "head_dim": 3, "num_query_heads": 4, "num_key_value_heads": 2}
_SCORES = {"return_attention_scores": True}
_CAUSAL = {"use_causal_mask": True}
_THREE = ((5, 4), (7, 6), (7, 3))

MERGING = (
    *(Case({"type": name}, ((4, 5), (4, 5)), masked) for name in _ELEMENTWISE for masked in ((), (0,), (1,), (0, 1))),
    *(Case({"type": name}, ((4, 5), (1, 5)), (0, 1)) for name in _ELEMENTWISE),
    *(Case({"type": name}, ((4, 5), (4, 1), (4, 5)), (0, 2)) for name in ("Multiply", "Maximum", "Minimum")),
    *(Case({"type": name}, ((2, 4, 3), (3,))) for name in _ELEMENTWISE),
    *(Case({"type": "Concatenate", "axis": 1}, ((4, 5), (3, 5)), masked) for masked in ((), (0,), (1,), (0, 1))),
    Case({"type": "Concatenate"}, ((4, 5), (4, 3)), (0, 1)),
    Case({"type": "Concatenate", "axis": -2}, ((2, 4, 5), (2, 1, 5)), (1,)),
)

PRODUCTS = (
    Case({"type": "Dot", "axes": 1}, ((7,), (7,))),
    Case({"type": "Dot", "axes": -1, "normalize": True}, ((4, 7), (5, 7))),
    Case({"type": "Dot", "axes": [1, 2]}, ((4, 7), (5, 4))),
    Case({"type": "Dot", "axes": [2, 1], "normalize": True}, ((4, 7, 3), (7,))),
    Case({"type": "Dot", "axes": [1, 3]}, ((4,), (2, 3, 4))),
    *(
        Case({**_EINSUM, "equation": equation, "output_shape": output, "bias_axes": bias, **options}, (shape,))
        for equation, output, shape, bias, options in (
            ("ab,bc->ac", 7, (5,), "c", {"activation": "relu"}),
            ("abc,cd->abd", [None, 7], (4, 5), "d", {"activation": "softmax"}),
            ("abc,cd->abd", [4, 7], (4, 5), "b", {"activation": "gelu"}),
            ("...x,xy->...y", [7], (3, 4, 5), "y", {}),
            ("ab...,bc->ac...", [4], (2, 5), "c", {"activation": "tanh"}),
            ("bc...,cde->bde...", [3, 4], (5, 2, 3), "de", {"activation": "softmax"}),
            ("abc,cde->adbe", [3, 7, 4], (7, 2), "db", {}),
            ("abc,cde->aed", [4, 3], (7, 2), "e", {}),
            ("abc,bcd->abd", [7, 4], (7, 2), "d", {"activation": "relu"}),
            ("...bc,bcd->...bd", [7, 4], (3, 7, 2), "bd", {}),
            ("abc,bdc->abd", [7, 40], (7, 2), "b", {}),
            ("abc,c->abc", [7, 2], (7, 2), "c", {"activation": "relu"}),
            ("abc,de->abcde", [7, 2, 3, 4], (7, 2), None, {}),
            ("abcd,cde->abe", [None, 8], (3, 2, 5), "e", {"lora_rank": 2, "lora_alpha": 3}),
        )
    ),
)  # fmt: skip

ATTENTION = (
    *(
        Case({"type": kind, **options}, shapes, masked)
        for kind, options in (
            ("Attention", {}),
            ("Attention", {"use_scale": True}),
            ("Attention", {"use_scale": True, "score_mode": "concat"}),
            ("AdditiveAttention", {}),
            ("AdditiveAttention", {"use_scale": False}),
        )
        for shapes, masked in ((((5, 4), (7, 4)), ()), (((5, 4), (7, 6), (7, 4)), (0, 1)), (((5, 4), (7, 4)), (1,)))
    ),
    Case({"type": "Attention", **_CAUSAL, **_SCORES}, ((5, 4), (7, 4)), (1,)),
    Case({"type": "AdditiveAttention", **_CAUSAL, **_SCORES}, ((5, 4), (3, 4))),
    *(
        Case({**layer, **options}, _THREE, masked, tensors)
        for layer in (_HEADS, _GROUPS)
        for options, masked, tensors in (
            ({}, (), {}),
            ({"use_gate": True, "use_bias": False}, (), {}),
            (_SCORES, (), {}),
            (_CAUSAL, (), {}),
            ({**_CAUSAL, **_SCORES}, (0, 1, 2), {}),
            ({}, (0,), {}),
            ({}, (1, 2), {}),
            ({"dropout": 0.5}, (1,), {}),
            ({"sliding_window": 2, **_CAUSAL}, (), {}),
            ({"sliding_window": 2, "dropout": 0.5}, (), {}),
            ({}, (), {"attention_mask": (5, 7)}),
            (_SCORES, (1,), {"attention_mask": (5, 7)}),
            ({}, (), {"query_mask": (5,), "value_mask": (7,), "key_mask": (7,)}),
        )
    ),
    Case({**_HEADS, "num_heads": 5, "key_dim": 33}, ((19, 21), (70, 21))),
    Case({**_GROUPS, "num_key_value_heads": 1}, ((5, 4), (7, 4))),
    *(Case({**_HEADS, "output_shape": size}, _THREE) for size in (6, [2, 3])),
    Case({**_HEADS, "value_dim": 5, **_SCORES}, _THREE),
    *(
        Case({**_HEADS, "attention_axes": axes, **_SCORES}, shapes)
        for axes, shapes in (
            (None, ((2, 3, 4), (3, 4, 4))),
            ([1], ((5, 2, 4), (7, 2, 3))),
            ([-2], ((2, 5, 4), (2, 7, 3))),
            ([1, 3], ((2, 3, 4, 5), (3, 3, 2, 5))),
        )
    ),
    Case({**_HEADS, "attention_axes": [2]}, ((2, 5, 4), (2, 7, 3)), (), {"attention_mask": (2, 5, 7)}),
)

CASES = (*MERGING, *PRODUCTS, *ATTENTION)
