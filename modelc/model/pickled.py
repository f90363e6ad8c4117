"""What the pickle of a model holds: the bytes of the file that `save` would write, and their digest.

A pickle names one function of modelc, which reads these bytes as a file is read: nothing in them is executed, and every
size and digest is held against what is there. `copy.deepcopy` goes the same way.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from modelc.files.digested import PICKLE, checked, with_digest
from modelc.model.artifact import read_bytes, to_bytes
from modelc.weights.assign import OwnArrays

if TYPE_CHECKING:
    from modelc.language.definition import Definition
    from modelc.model.model import Model


def pickled(model: Model) -> tuple[str, bytes]:
    """The digest and the bytes of the artifact of a model. Raises as `save` does."""
    return with_digest(to_bytes(model))


def read_pickled(digest: Any, data: Any) -> tuple[Definition, OwnArrays]:
    """The definition and the weights by path of a model that was pickled.

    Raises `FileFormatError` where the bytes are not those that were pickled, or of another version of the format.
    """
    definition, weights = read_bytes(checked(digest, data), PICKLE)
    return definition, OwnArrays(weights)
