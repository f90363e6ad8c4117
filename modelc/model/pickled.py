"""What the pickle of a model holds: the bytes of the file that `save` would write, and their digest.

A pickle names one function of modelc, which reads these bytes as a file is read: nothing in them is executed, and every
size and digest is held against what is there. `copy.deepcopy` goes the same way.
"""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from typing import TYPE_CHECKING

from modelc.files.artifacts import digests
from modelc.files.digested import PICKLE, with_digest
from modelc.model.artifact import read_bytes, to_bytes
from modelc.model.kept import Kept, plan_name
from modelc.native.compiler.private_cache import default_directory
from modelc.native.engine.fingerprint import fingerprint
from modelc.native.engine.plan_cache import PlanCache, plans_limit
from modelc.weights.assign import OwnArrays

if TYPE_CHECKING:
    from modelc.language.definition import Definition
    from modelc.model.built import BuiltGraph
    from modelc.model.model import Model


def pickled(model: Model) -> tuple[str, bytes]:
    """The digest and the bytes of the artifact of a model. Raises as `save` does."""
    return with_digest(model.archive() or to_bytes(model))


def kept_for(data: bytes, build: Callable[[], BuiltGraph]) -> Kept | None:
    """The plan of a model that was pickled, if a file of the same content was loaded before; None if not.

    `build` makes the rest of the model. Raises `FileFormatError` for bytes that are no artifact.
    """
    made_by = fingerprint()
    if made_by is None or not plans_limit():
        return None
    plans = PlanCache(default_directory(), plans_limit())

    def named(verified: bool) -> str:
        return plan_name(made_by, None, *digests(BytesIO(data), PICKLE, verified=verified))

    found = plans.read(named(verified=True)) if plans.has(named(verified=False)) else None
    return None if found is None else Kept(found.face, found.plan, build, lambda: data)


def read_pickled(data: bytes) -> tuple[Definition, OwnArrays]:
    """The definition and the weights by path in the artifact of a model that was pickled.

    Raises `FileFormatError` where the bytes are none, or of another version of the format.
    """
    definition, weights = read_bytes(data, PICKLE)
    return definition, OwnArrays(weights)
