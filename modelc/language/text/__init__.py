"""YAML and JSON text to nodes that know where they are written, and back."""
