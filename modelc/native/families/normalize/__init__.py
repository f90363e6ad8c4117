"""Values divided by their own statistics."""
