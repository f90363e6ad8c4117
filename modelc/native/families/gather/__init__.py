"""Rows of tables, conversions of type, and what is counted."""
