"""Keras itself, where it is installed, for tests that compare with it."""

from __future__ import annotations

import importlib
import os
from functools import wraps
from typing import Any

import numpy as np
import pytest


def live_keras() -> Any:
    """The package `keras`; the test is skipped where it is absent.

    The backend is that of `KERAS_BACKEND`, else JAX.
    """
    os.environ.setdefault("KERAS_BACKEND", "jax")
    keras = pytest.importorskip("keras")
    if keras.config.backend() == "numpy":
        _infer_shapes_silently(importlib.import_module("keras.src.backend"))
    return keras


def _infer_shapes_silently(backend: Any) -> None:
    """Keras on NumPy infers shapes by calling layers on uninitialized memory, whose sums overflow now and then."""
    infer = backend.compute_output_spec
    if hasattr(infer, "__wrapped__"):
        return

    @wraps(infer)
    def silently(*args: Any, **kwargs: Any) -> Any:
        with np.errstate(all="ignore"):
            return infer(*args, **kwargs)

    backend.compute_output_spec = silently
