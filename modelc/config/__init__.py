"""`Config`, the base of all that a spec can name, and what follows from its fields: checks, help, documentation."""
