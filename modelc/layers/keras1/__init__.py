"""Layers of Keras 1 that Keras 2 left out."""

from __future__ import annotations
