"""Serialized models and layers of Keras to specs."""
