"""Warnings: what a spec may say, and is probably not what was meant."""
