"""The JSON Schema of specs."""
