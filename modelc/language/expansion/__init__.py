"""Expansion of a spec as written: bases, settings, variables, blocks and repeats."""
