"""How each op is written: one file for each family of ops, as in `modelc/ops`."""
