"""Samples from files, in chunks: arrays, pictures, CSV, JSON lines, Parquet, and standard input."""
