"""The weights of one model that can be loaded into another, by path and shape."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from modelc.graph.graph import Graph, Weight
from modelc.report.parts import Names


@dataclass(frozen=True, slots=True)
class WeightMatch:
    """The weights of a model B by what a file with the weights of A holds for them."""

    loaded: tuple[Weight, ...]
    """Those of B for which A has a tensor of that path and shape."""
    elsewhere: tuple[Weight, ...]
    """Those of `loaded` whose path means another layer in A: the tensors fit, and are not those of this layer."""
    missing: tuple[Weight, ...]
    """Those of B whose path A does not have."""
    wrong_shape: tuple[tuple[Weight, Weight], ...]
    """Those whose path both have, with other shapes; A's first."""
    unexpected: tuple[Weight, ...]
    """Those of A whose path B does not have."""

    @property
    def total(self) -> int:
        """The number of B's weights."""
        return len(self.loaded) + len(self.missing) + len(self.wrong_shape)

    @property
    def loaded_elements(self) -> int:
        """The number of parameters that would load."""
        return sum(w.size for w in self.loaded)

    def to_dict(self) -> dict[str, Any]:
        """The documented JSON form."""
        return {
            "total": self.total,
            "loaded": len(self.loaded),
            "loaded_params": self.loaded_elements,
            "elsewhere": [w.path for w in self.elsewhere],
            "missing": [_plain(w) for w in self.missing],
            "wrong_shape": [
                {"path": after.path, "from": list(before.shape), "to": list(after.shape)}
                for before, after in self.wrong_shape
            ],
            "unexpected": [_plain(w) for w in self.unexpected],
        }


def match_weights(a: Graph, b: Graph, names: Names) -> WeightMatch:
    """How the weights of `a` would load into `b`; `names` says which layer of `b` each of `a` is."""
    of_a, of_b = {w.path: w for w in a.stored}, {w.path: w for w in b.stored}
    loaded = [w for path, w in of_b.items() if path in of_a and of_a[path].shape == w.shape]
    return WeightMatch(
        loaded=tuple(loaded),
        elsewhere=tuple(w for w in loaded if names.of(w.layer) != w.layer),
        missing=tuple(w for path, w in of_b.items() if path not in of_a),
        wrong_shape=tuple((of_a[path], w) for path, w in of_b.items() if path in of_a and of_a[path].shape != w.shape),
        unexpected=tuple(w for path, w in of_a.items() if path not in of_b),
    )


def _plain(weight: Weight) -> dict[str, Any]:
    return {"path": weight.path, "shape": list(weight.shape)}
