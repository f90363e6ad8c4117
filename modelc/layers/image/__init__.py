"""Images brought to a size."""
