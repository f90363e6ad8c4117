"""A spec as it is written to the spec in full: bases, assignments, variables, blocks and repeats."""
