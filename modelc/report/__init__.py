"""Reports about a model without running it: summaries, limits, diagnostics."""
