"""What Keras saved in an HDF5 file, told by its groups and attributes."""

from __future__ import annotations

from typing import BinaryIO, Literal

from modelc.files.hdf5.reader import Hdf5File, open_hdf5

KerasHdf5 = Literal["weights", "legacy-model", "legacy-weights"]


def keras_hdf5(file: Hdf5File) -> KerasHdf5 | None:
    """Whether it holds weights as Keras 3 saves them, or a model or weights as Keras 1 and 2 do; None for neither."""
    if file.strings("", "model_config") and "model_weights" in file.groups:
        return "legacy-model"
    if any(file.strings("", attribute) is not None for attribute in ("layer_names", "layer_names0")):
        return "legacy-weights"
    first = {group.partition("/")[0] for group in file.groups}
    return "weights" if first & {"layers", "_layer_checkpoint_dependencies"} else None


def kind_of_keras_hdf5(stream: BinaryIO, size: int, name: str) -> KerasHdf5 | None:
    """The same of a stream of `size` bytes, which is called `name`. Raises `FileFormatError` where it is damaged."""
    with open_hdf5(stream, size, name) as file:
        return keras_hdf5(file)
