"""Ops that only this target has: what its passes make of portable ones."""
