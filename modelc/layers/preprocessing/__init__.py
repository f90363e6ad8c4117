"""Preprocessing.

Layers that turn raw data into what a model expects.
"""
