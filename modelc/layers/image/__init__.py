"""Image resizing.

Images brought to a size, and their contrast.
"""
