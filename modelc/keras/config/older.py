"""What earlier versions of Keras wrote otherwise, and options that never change an output.

What is so for one layer only, its class declares (`modelc.layers.keras_form.KerasForm`).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from modelc.layers import LAYERS

NO_EFFECT: Mapping[str, tuple[Any, ...]] = {
    "sparse": (False,),
    "ragged": (False,),
    "optional": (False,),
    "renorm": (False,),
    "synchronized": (False, True),
    "time_major": (False,),
    "zero_output_for_mask": (False,),
    "groups": (1,),
    "autocast": (True, False),
    "dynamic": (False,),
    "build_config": (),
    "num_constants": (0,),
    "force_generator": (False, True),
    "vocabulary_size": (None,),
    "input_dtype": ("float32",),
    "causal": (False,),
    "softmax_robust_masking": (False,),
    "rng_type": ("stateful", "stateless", "legacy_stateful"),
    "flash_attention": (False, True),
}
"""Options that modelc does not have, with the values (besides null) at which they change nothing."""


def current(class_name: str, config: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
    """A class and its options, spelled as Keras 3 does."""
    name = LAYERS.current(class_name)
    options = {key: _unwrapped(value) for key, value in config.items()}
    return name, LAYERS[name].keras_options(class_name, options) if name in LAYERS.names else options


def _unwrapped(value: Any) -> Any:
    """A number that was written as an array: `{"type": "ndarray", "value": 6.0}`."""
    if isinstance(value, Mapping):
        fields = cast("Mapping[str, Any]", value)
        return fields["value"] if fields.get("type") == "ndarray" and "value" in fields else fields
    return value
