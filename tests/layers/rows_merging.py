"""Rows for layers of several inputs, and EinsumDense. Shapes and weights are Keras's; `test_merging`, `test_attention`
and `test_einsum_dense` have the values.
"""

from __future__ import annotations

from typing import Any

from row import Row, Shape

_CALL: dict[str, tuple[Any, ...]] = {"return_attention_scores": (True,), "use_causal_mask": (True,)}
_DROPPED: dict[str, tuple[Any, ...]] = {"dropout": (0.5,), "seed": (1,)}
_DRAWN: dict[str, tuple[Any, ...]] = {
    "kernel_initializer": ("he_normal", "zeros"),
    "bias_initializer": ("ones",),
    "kernel_regularizer": ("l2",),
    "bias_regularizer": ("l1",),
    "kernel_constraint": ("non_neg",),
    "bias_constraint": ("non_neg",),
}
_PROJECTED: dict[str, tuple[Any, ...]] = {
    **_CALL,
    **_DROPPED,
    **_DRAWN,
    "use_bias": (False,),
    "use_gate": (True,),
    "sliding_window": (2, 100),
    "flash_attention": (True, False),
    "activity_regularizer": ("l2",),
}


def _projections(*shapes: tuple[Shape, Shape]) -> tuple[tuple[str, Shape], ...]:
    pairs = ((("kernel", (*inputs, *outputs)), ("bias", outputs)) for inputs, outputs in shapes)
    return tuple(weight for pair in pairs for weight in pair)


_HEADS = {"type": "MultiHeadAttention", "num_heads": 2, "key_dim": 3}
_GROUPS = {"type": "GroupQueryAttention", "head_dim": 3, "num_query_heads": 4, "num_key_value_heads": 2}

ROWS = (
    *(Row({"type": name}, (4, 5), (4, 5), others=((4, 5), (4, 1))) for name in ("Add", "Multiply", "Average")),
    *(Row({"type": name}, (4, 1), (4, 5), others=((5,), (4, 5))) for name in ("Maximum", "Minimum")),
    Row({"type": "Add"}, (3,), (2, 4, 3), others=((2, 4, 3),)),
    Row({"type": "Subtract"}, (4, 5), (4, 5), others=((1, 5),)),
    Row({"type": "Concatenate"}, (4, 5), (4, 8), (), {"axis": (2,)}, others=((4, 3),)),
    Row({"type": "Concatenate", "axis": 1}, (4, 5), (7, 5), (), {"axis": (-2,)}, others=((2, 5), (1, 5))),
    Row({"type": "Concatenate"}, (4,), (6,), dtype="int32", others=((2,),)),
    Row({"type": "Dot", "axes": 1}, (4,), (1,), (), {"axes": (-1, [1, 1]), "normalize": (True,)}, others=((4,),)),
    Row({"type": "Dot", "axes": [2, 1]}, (5, 4), (5, 3), (), {"normalize": (True,)}, others=((4, 3),)),
    Row({"type": "Dot", "axes": [1, 3]}, (5, 4), (4, 2, 3), others=((2, 3, 5),)),
    Row(
        {"type": "EinsumDense", "equation": "abc,cd->abd", "output_shape": [None, 6], "bias_axes": "d"},
        (4, 5),
        (4, 6),
        (("kernel", (5, 6)), ("bias", (6,))),
        {
            **_DRAWN,
            "activation": ("relu", "softmax", None),
            "bias_axes": ("b", "bd", "db", None),
            "output_shape": ([4, 6],),
            "lora_rank": (2,),
            "lora_alpha": (4.0,),
            "activity_regularizer": ("l2",),
            "equation": ("abc,dc->abd", "...bc,cd->...bd"),
        },
    ),
    Row(
        {"type": "EinsumDense", "equation": "...x,xy->...y", "output_shape": 6, "lora_rank": 2},
        (2, 3, 5),
        (2, 3, 6),
        (("kernel", (5, 6)), ("lora_kernel_a", (5, 2)), ("lora_kernel_b", (2, 6))),
    ),
    Row(
        {"type": "EinsumDense", "equation": "bc...,cde->bde...", "output_shape": [3, 4], "bias_axes": "d"},
        (5, 2),
        (3, 4, 2),
        (("kernel", (5, 3, 4)), ("bias", (3, 1, 1))),
    ),
    Row(
        {"type": "EinsumDense", "equation": "abc,bcd->abd", "output_shape": [None, 3]},
        (4, 2),
        (4, 3),
        (("kernel", (4, 2, 3)),),
    ),
    Row(
        {"type": "Attention"},
        (4, 5),
        (4, 3),
        (),
        {**_CALL, **_DROPPED, "use_scale": (True,), "score_mode": ("concat",)},
        others=((6, 3), (6, 5)),
    ),
    Row(
        {"type": "Attention", "use_scale": True, "score_mode": "concat"},
        (4, 5),
        (4, 5),
        (("scale", ()), ("concat_score_weight", ())),
        others=((6, 5),),
    ),
    Row({"type": "Attention"}, (2, 4, 5), (2, 4, 5), (), _CALL, others=((2, 6, 5),)),
    Row(
        {"type": "AdditiveAttention"},
        (4, 5),
        (4, 5),
        (("scale", (5,)),),
        {**_CALL, **_DROPPED, "use_scale": (False,)},
        others=((6, 5),),
    ),
    Row(
        _HEADS,
        (4, 5),
        (4, 5),
        _projections(((5,), (2, 3)), ((7,), (2, 3)), ((6,), (2, 3)), ((2, 3), (5,))),
        {**_PROJECTED, "value_dim": (4,), "output_shape": (8, [2, 3]), "attention_axes": (1, [1]), "num_heads": (1,)},
        others=((3, 6), (3, 7)),
    ),
    Row(
        {**_HEADS, "use_gate": True, "value_dim": 4},
        (4, 5),
        (4, 5),
        _projections(((5,), (2, 3)), ((5,), (2, 3)), ((5,), (2, 4)), ((5,), (2, 4)), ((2, 4), (5,))),
    ),
    Row(
        {**_HEADS, "use_bias": False},
        (2, 4, 5),
        (2, 4, 5),
        (*(("kernel", (5, 2, 3)),) * 3, ("kernel", (2, 3, 5))),
        {"attention_axes": (2, -2, 1), "return_attention_scores": (True,)},
    ),
    Row(
        _GROUPS,
        (4, 5),
        (4, 5),
        _projections(((5,), (4, 3)), ((7,), (2, 3)), ((5,), (2, 3)), ((4, 3), (5,))),
        {**_PROJECTED, "num_key_value_heads": (1, 4)},
        others=((3, 5), (3, 7)),
    ),
)
