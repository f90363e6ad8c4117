"""Images read at coordinates."""
