"""What a reader of foreign models raises for what modelc does not have."""

from __future__ import annotations

from modelc.errors import ModelcError


class UnsupportedError(ModelcError):
    """A Keras model uses something that modelc does not have."""

    exit_code = 2
