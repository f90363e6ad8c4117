"""Nodes to checked options, and every mistake located."""
