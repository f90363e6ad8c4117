"""The losses, by Keras's names: `modelc.losses.Huber(delta=2.0)`, or `{type: Huber, delta: 2.0}` in a spec."""

from __future__ import annotations

from typing import TYPE_CHECKING

from modelc.config.registry import Registry
from modelc.losses.index import INDEX

if TYPE_CHECKING:
    from modelc.losses.loss import Loss

LOSSES: Registry[Loss] = Registry("loss", INDEX)

__getattr__, __dir__ = LOSSES.module_names(__name__)
