"""Loops over steps."""
