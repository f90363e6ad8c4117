"""Training data: arrays, streams, tables and folders of images → batches with the types and shapes of a model.

Files and folders are sources, by class: `model.fit(modelc.data.PicturesSource(path="flowers"))`. `pictures` gives
batches of a folder by Keras's options, whatever the model takes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from modelc.config.registry import Registry
from modelc.data.index import INDEX

if TYPE_CHECKING:
    from modelc.data.directory import pictures as pictures
    from modelc.data.sources import Source

SOURCES: Registry[Source] = Registry("source of data", INDEX)

__getattr__, __dir__ = SOURCES.module_names(__name__, {"pictures": "modelc.data.directory"})
