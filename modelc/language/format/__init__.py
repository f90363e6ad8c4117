"""Formatting of specs: one layout for each meaning, comments kept."""
