"""Classes that a spec can name are registered by being there: the index of their package is made from them."""

from __future__ import annotations

import inspect
import subprocess
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

import modelc
from modelc.callbacks import CALLBACKS
from modelc.config.base import Config
from modelc.config.registry import Registry
from modelc.constraints import CONSTRAINTS
from modelc.data.sources import SOURCES
from modelc.initializers import INITIALIZERS
from modelc.layers import ACTIVATION_LAYERS, CELLS, LAYERS, WRAPPED
from modelc.losses import LOSSES
from modelc.metrics import METRICS
from modelc.optimizers import OPTIMIZERS
from modelc.optimizers.schedules import SCHEDULES
from modelc.regularizers import REGULARIZERS

ROOT = Path(modelc.__file__).parents[1]
REGISTRIES: dict[str, Registry[Any]] = {
    "layers": LAYERS, "losses": LOSSES, "metrics": METRICS, "optimizers": OPTIMIZERS, "callbacks": CALLBACKS,
    "optimizers/schedules": SCHEDULES, "initializers": INITIALIZERS, "regularizers": REGULARIZERS,
    "constraints": CONSTRAINTS, "data": SOURCES,
}  # fmt: skip


@pytest.mark.parametrize("registry", [*REGISTRIES.values(), CELLS, ACTIVATION_LAYERS, WRAPPED], ids=lambda r: r.kind)
def test_a_name_gives_the_class_of_that_name(registry: Registry[Any]) -> None:
    for name in registry.names:
        assert registry[name].type_name() == name
    for alias in registry.aliases:
        assert alias in registry[alias].other_names()


def test_every_class_is_registered() -> None:
    """Each file is imported by its path, so that no index, nor what makes it, says where to look."""
    registered = {registry[name] for registry in REGISTRIES.values() for name in registry.names}
    found: set[type[Config]] = set()
    packages = tuple(f"modelc.{package.replace('/', '.')}." for package in REGISTRIES)
    for package in REGISTRIES:
        for path in (ROOT / "modelc" / package).rglob("*.py"):
            module = import_module(".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"))
            classes = (value for value in vars(module).values() if inspect.isclass(value))
            found |= {cls for cls in classes if issubclass(cls, Config) and cls.__module__.startswith(packages)}
    assert registered <= found
    bases = {base for cls in found for base in cls.__mro__[1:]}
    # What is the base of none, and can be made, is to be registered; but for two initializers that layers derive.
    left_out = {cls.__name__ for cls in found - registered - bases if not inspect.isabstract(cls)}
    assert left_out == {"ForgetBias", "_SquareRoot"}


def test_flags_are_those_of_the_classes() -> None:
    assert set(CELLS.names) == {name for name in LAYERS.names if LAYERS[name].is_cell}
    assert set(ACTIVATION_LAYERS.names) == {name for name in LAYERS.names if LAYERS[name].is_activation}


def test_a_base_is_not_registered_and_does_not_hand_down_its_aliases() -> None:
    assert "Monitor" not in CALLBACKS and "MeanOf" not in METRICS
    assert LOSSES["mse"].other_names() == ["mean_squared_error", "mse", "MSE"]
    assert type("Sub", (LOSSES["mse"],), {}).other_names() == ["sub"]


def test_a_name_imports_one_module() -> None:
    code = (
        "import sys\nfrom modelc.layers import LAYERS\nloaded = set(sys.modules)\nLAYERS['Flatten']\n"
        "more = {m for m in set(sys.modules) - loaded if m.startswith('modelc.layers.')}\n"
        "assert 'modelc.layers.reshaping.shape' in more, more\n"
        "assert not any(m.startswith(('modelc.layers.recurrent', 'modelc.layers.attention')) for m in more), more"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)
