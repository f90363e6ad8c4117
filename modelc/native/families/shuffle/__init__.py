"""The order of a batch."""
