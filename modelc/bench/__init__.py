"""Measuring models: latency, throughput and memory, where the time goes, and other runtimes beside it."""
