"""modelc: a compiler for model definitions.

Names are imported on first use, so that `import modelc` is fast.
"""

from __future__ import annotations

from importlib import import_module

TYPE_CHECKING = False  # that of `typing`, whose import takes half of the time that this file takes
if TYPE_CHECKING:
    from typing import Any

    from modelc import applications as applications
    from modelc import callbacks as callbacks
    from modelc import constraints as constraints
    from modelc import data as data
    from modelc import initializers as initializers
    from modelc import layers as layers
    from modelc import losses as losses
    from modelc import metrics as metrics
    from modelc import optimizers as optimizers
    from modelc import regularizers as regularizers
    from modelc import utils as utils
    from modelc.bulk.predict_files import predict_files as predict_files
    from modelc.errors import CompileError as CompileError
    from modelc.errors import Diagnostic as Diagnostic
    from modelc.errors import DownloadError as DownloadError
    from modelc.errors import FileFormatError as FileFormatError
    from modelc.errors import InputError as InputError
    from modelc.errors import ModelcError as ModelcError
    from modelc.errors import NotBuiltError as NotBuiltError
    from modelc.errors import OverwriteError as OverwriteError
    from modelc.errors import ResourceError as ResourceError
    from modelc.errors import ShapeError as ShapeError
    from modelc.errors import SpecError as SpecError
    from modelc.errors import StorageError as StorageError
    from modelc.errors import UnsupportedError as UnsupportedError
    from modelc.errors import WeightsError as WeightsError
    from modelc.model.cloning import clone_model as clone_model
    from modelc.model.cloning import model_from_json as model_from_json
    from modelc.model.imported import import_weights as import_weights
    from modelc.model.loading import load_spec as load_spec
    from modelc.model.looking import view as view
    from modelc.model.model import Model as Model
    from modelc.model.opening import load as load
    from modelc.model.sequential import Input as Input
    from modelc.model.sequential import Sequential as Sequential
    from modelc.model.spec import Spec as Spec
    from modelc.sweeps.sweep import sweep as sweep

__version__ = "0.1.0"

_HOMES = {
    "load": "model.opening",
    "load_spec": "model.loading",
    "import_weights": "model.imported",
    "model_from_json": "model.cloning",
    "clone_model": "model.cloning",
    "predict_files": "bulk.predict_files",
    "view": "model.looking",
    "sweep": "sweeps.sweep",
    "Spec": "model.spec",
    "Model": "model.model",
    "Sequential": "model.sequential",
    "Input": "model.sequential",
    **dict.fromkeys(
        (
            "CompileError", "Diagnostic", "DownloadError", "FileFormatError", "InputError", "ModelcError",
            "NotBuiltError", "OverwriteError", "ResourceError", "ShapeError", "SpecError", "StorageError",
            "UnsupportedError", "WeightsError",
        ),
        "errors",
    ),
}  # fmt: skip
_MODULES = (
    "layers", "applications", "initializers", "regularizers", "constraints", "losses", "metrics", "optimizers",
    "callbacks", "data", "utils",
)  # fmt: skip

__all__ = [*_HOMES, *_MODULES]  # pyright: ignore[reportUnsupportedDunderAll]


if not TYPE_CHECKING:  # a type checker knows the names above, and finds what is none of them

    def __getattr__(name: str) -> Any:
        if name in _HOMES:
            return getattr(import_module(f"modelc.{_HOMES[name]}"), name)
        if name in _MODULES:
            return import_module(f"modelc.{name}")
        raise AttributeError(f"module 'modelc' has no attribute '{name}'")


def __dir__() -> list[str]:
    return sorted([*__all__, "__version__"])
