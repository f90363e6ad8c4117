"""Passes: each a function from a graph to a graph."""
