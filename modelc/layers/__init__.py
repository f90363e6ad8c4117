"""The layers, by Keras's names: `from modelc.layers import Conv2D`, or `{type: Conv2D, ...}` in a spec."""

from __future__ import annotations

from typing import TYPE_CHECKING

from modelc.config.registry import Registry
from modelc.layers.index import INDEX

if TYPE_CHECKING:
    from modelc.layers.base import Layer

LAYERS: Registry[Layer] = Registry("layer", INDEX)

WRAPPED: Registry[Layer] = Registry("layer", INDEX.plus(Model="modelc.language.nested:ModelLayer"))
"""What TimeDistributed applies to each step: a layer, or a model as one."""

CELLS: Registry[Layer] = Registry("cell", INDEX.flagged("is_cell"))
"""The layers that do one step of a sequence, for RNN and StackedRNNCells."""

ACTIVATION_LAYERS: Registry[Layer] = Registry("activation", INDEX.flagged("is_activation"))
"""The layers that may be the activation of another one: `activation: {type: LeakyReLU, negative_slope: 0.1}`."""

__getattr__, __dir__ = LAYERS.module_names(
    __name__, dict.fromkeys(("serialize", "deserialize"), "modelc.keras.layer_form")
)
