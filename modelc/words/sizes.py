"""How sizes without a number are written, here and in other frameworks."""

from __future__ import annotations

FREE = (None, "None", "null", "?")
"""A size that stays free and has no name."""
BATCH = ("batch", "batch_size", "N", -1)
"""The size of the batch, which a shape leaves out."""
