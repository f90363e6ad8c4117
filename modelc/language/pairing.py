"""The layers of a model and the records that tracing made of them, side by side."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from modelc.graph.graph import LayerTrace
from modelc.layers.base import Layer


def paired(
    layers: Iterable[Layer], records: Iterable[LayerTrace], below: str = ""
) -> Iterator[tuple[Layer, LayerTrace]]:
    """Every record with its layer; `below` is the path of the model that the layers are in, with a slash: `base/`.

    The name of a record is the path of its layer: that of the model, and the layer's name, which may have slashes
    itself (`block/conv`).
    """
    named = {f"{below}{layer.name}": layer for layer in layers}
    for record in records:
        yield named[record.name], record
