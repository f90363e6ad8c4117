"""`Configured`: a model as Keras's configuration and JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from modelc.model.spec import Spec


class Configured:
    """A model's architecture in Keras's form: without weights, and without what Keras has no place for, such as
    labels."""

    if TYPE_CHECKING:

        def to_spec(self) -> Spec:
            """The spec of the model."""
            ...

    def get_config(self) -> dict[str, Any]:
        """The configuration that Keras's own model of this architecture gives, and that its `from_config` takes.

        It is that of a Sequential for a chain of layers, else of a Functional model. Raises `UnsupportedError` for what
        Keras does not have.
        """
        return dict(self._serialized()["config"])

    def to_json(self, **kwargs: Any) -> str:
        """The architecture as the JSON that `keras.models.model_from_json` and `modelc.model_from_json` read.

        `kwargs` are those of `json.dumps`. `to_spec().to_json()` is the spec. Raises `UnsupportedError` for what Keras
        does not have.
        """
        return json.dumps(self._serialized(), **kwargs)

    def _serialized(self) -> Mapping[str, Any]:
        from modelc.keras.export.export import model_config  # which models that run do without

        return model_config(self.to_spec())
