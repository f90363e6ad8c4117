"""The classes of `keras.layers` that modelc does not have, and why."""

from __future__ import annotations

from types import MappingProxyType

_CODE = "it contains code, which files must not: express it by layers such as Rescaling, Activation or Operation"
_FOREIGN = "it runs a module of another framework: express it by layers"
_STRINGS = (
    "it takes strings, and modelc's tensors are numeric: convert words to integers beforehand and begin with Embedding"
)
_HASHES = (
    "it hashes text, that of integers too, and such hashes are not among the ops: compute the numbers of the bins "
    "beforehand, and begin with CategoryEncoding or Embedding"
)
_BASE = "it is a base class: use one of its subclasses"

REFUSED: MappingProxyType[str, str] = MappingProxyType(
    {
        "ContrastLimitedAdaptiveHistogramEqualization": "histograms of tiles are not among the ops",
        "FlaxLayer": _FOREIGN,
        "HashedCrossing": _HASHES,
        "Hashing": _HASHES,
        "InputSpec": "it describes the inputs of a layer, and is none",
        "JaxLayer": _FOREIGN,
        "Lambda": _CODE,
        "Layer": _BASE,
        "MaxNumBoundingBoxes": "it works on dictionaries of bounding boxes",
        "StringLookup": _STRINGS,
        "TFSMLayer": "it loads a TensorFlow SavedModel, which holds code: save the model as .keras, and import that",
        "TextVectorization": _STRINGS,
        "TorchModuleWrapper": _FOREIGN,
        "Wrapper": _BASE,
    }
)
"""The classes that modelc does not have, and the reasons with the ways out, for files and for specs alike."""
