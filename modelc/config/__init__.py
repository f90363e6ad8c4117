"""`Config`, the base of everything that a spec can name, and what is derived from its fields: validation, help,
documentation."""
