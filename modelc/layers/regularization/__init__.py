"""Layers that disturb training only."""
