"""Size limits of the texts that are read."""

from typing import Final

MAX_SPEC_BYTES: Final = 16 * 1024 * 1024
"""The longest text of a spec."""
