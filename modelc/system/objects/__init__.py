"""Compiled objects: their formats, what their code may call outside, and how they come into this process."""
